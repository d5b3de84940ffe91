//! Turns the `.proto` files of diadoc-proto into its Rust code.
//!
//! The steps, each in a module of its own:
//!
//! 1. [`schema`]: compile `proto/` with protox, in process;
//! 2. [`rules`], [`docs`] and [`types`]: comments say the rules of their fields, names in comments
//!    become links, and prost-build writes the structs and enums;
//! 3. [`serde`]: pbjson-build writes the serde impls, and named steps adapt them to Diadoc's JSON;
//! 4. [`codec`]: the direct codec of Diadoc's JSON, a reader and a writer per message;
//! 5. [`registry`]: a table of all messages by name;
//! 6. [`descriptors`]: the schema as a FileDescriptorSet, with and without comments and rules;
//! 7. [`modules`]: one Rust file per package, formatted;
//! 8. [`api`]: the requests of diadoc-api, one Rust file per service;
//! 9. [`fixtures`]: the documented responses that diadoc-fake answers with;
//! 10. [`calls`]: a call of every method, for the tests of diadoc-fake.
//!
//! [`generate`] does all of it in memory; the program writes the result, and a test compares it
//! with what is checked in.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

pub mod api;
pub mod calls;
pub mod codec;
pub mod descriptors;
pub mod docs;
pub mod fixtures;
pub mod modules;
pub mod registry;
pub mod rules;
pub mod schema;
pub mod serde;
pub mod types;

pub use schema::Schema;

/// Where the Rust code goes, relative to the repository's root.
pub const GENERATED: &str = "src/generated";
/// Where the descriptor set with comments goes, for the programs that show them.
pub const DESCRIBED: &str = "crates/diadoc-schema/src/generated";

/// Where the requests of the methods go.
pub const API: &str = "crates/diadoc-api/src/generated";
/// Where the bodies that the fake answers with go.
pub const FAKE: &str = "crates/diadoc-fake/src/generated";
/// Where the calls of its tests go.
pub const CALLS: &str = "crates/diadoc-fake/tests/all/client/generated";
/// All folders that hold nothing but generated files.
pub const FOLDERS: [&str; 5] = [GENERATED, DESCRIBED, API, FAKE, CALLS];

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    /// A `.proto` file does not compile; the message shows where.
    #[error("{0:?}")]
    Proto(#[from] protox::Error),
    /// The compiled descriptors could not be read.
    #[error("the compiled descriptors cannot be read: {0}")]
    Descriptors(#[from] prost::DecodeError),
    /// The schema holds something that the generators have no rule for.
    #[error("{0}")]
    Schema(String),
    /// prost-build or pbjson-build failed.
    #[error("{generator} failed: {source}")]
    Generator {
        generator: &'static str,
        source: io::Error,
    },
    /// An adaptation of pbjson-build's code hit another number of places than the schema says.
    #[error("step `{step}` changed {found} places, but the schema has {expected}: {why}")]
    Step {
        step: &'static str,
        why: &'static str,
        expected: usize,
        found: usize,
    },
    /// The manifest of the documented bodies cannot be used.
    #[error(transparent)]
    Manifest(#[from] diadoc_fake::manifest::ManifestError),
    /// Generated code that is not Rust.
    #[error("the code for {module} does not parse: {source}")]
    Syntax { module: String, source: syn::Error },
}

impl Error {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

/// What a run made: files by path relative to the repository's root, and a line per step.
#[derive(Debug, Default)]
pub struct Output {
    pub files: BTreeMap<String, Vec<u8>>,
    pub log: Vec<String>,
}

/// Makes everything in memory from the schema below `root`.
pub fn generate(root: &Path) -> Result<Output, Error> {
    let mut output = Output::default();
    let schema = Schema::load(&root.join("proto"))?;
    output.log.push(format!(
        "schema: {} files, {} messages, {} enums",
        schema.files.file.len(),
        schema.messages().len(),
        schema.enums().len()
    ));

    let (commented, with_rules) = rules::commented(&schema);
    output
        .log
        .push(format!("docs: rules in {with_rules} comments"));
    let (linked, links) = docs::linked(&schema, commented);
    output.log.push(format!("docs: {links} names linked"));
    let mut types = types::generate(&schema, linked)?;
    let unescaped = rules::unescape(&mut types);
    output
        .log
        .push(format!("docs: patterns unescaped in {unescaped} rules"));
    output
        .log
        .push(format!("types: {} modules from prost-build", types.len()));

    let serde = serde::generate(&schema, &mut output.log)?;
    let codec = codec::generate(&schema, &mut output.log)?;
    let mut files = modules::assemble(&schema, &types, &serde, &codec)?;
    files.insert("registry.rs".into(), registry::generate(&schema)?);
    files.insert(
        diadoc_core::digest::DIGEST_FILE.into(),
        format!("{}\n", schema.digest).into(),
    );
    files.insert("descriptor_set.bin".into(), descriptors::plain(&schema));
    for (name, content) in files {
        output.files.insert(format!("{GENERATED}/{name}"), content);
    }
    let described = descriptors::described(&schema)?;
    for (name, content) in api::generate(&schema, &described, &mut output.log)? {
        output.files.insert(format!("{API}/{name}"), content);
    }
    for (name, content) in fixtures::generate(&root.join("fixtures"), &mut output.log)? {
        output.files.insert(format!("{FAKE}/{name}"), content);
    }
    let calls = calls::generate(&described, &mut output.log)?;
    output.files.insert(format!("{CALLS}/mod.rs"), calls);
    output
        .files
        .insert(format!("{DESCRIBED}/descriptor_set.bin"), described);
    output.log.push(format!(
        "output: {} files, {} bytes",
        output.files.len(),
        output.files.values().map(Vec::len).sum::<usize>()
    ));
    Ok(output)
}
