//! Turns the `.proto` files of diadoc-proto into its Rust code.
//!
//! The steps, each in a module of its own:
//!
//! 1. [`schema`]: compile `proto/` with protox, in process, and [`checks`]: refuse what no later
//!    step reads;
//! 2. [`rules`], [`docs`], [`types`] and [`wire`]: comments say the rules of their fields, names in
//!    comments become links, prost-build writes the structs and enums, and prost's traits are
//!    implemented for them in the place of its derives, with the fields kept off the wire that only
//!    JSON has;
//! 3. [`serde`]: pbjson-build writes the serde impls, and named steps adapt them to Diadoc's JSON;
//! 4. [`codec`]: the direct codec of Diadoc's JSON, a reader and a writer per message;
//! 5. [`registry`]: a table of all messages by name;
//! 6. [`preserve`]: a table of the fields of each message, for keeping what is none of them;
//! 7. [`descriptors`]: the schema as a FileDescriptorSet, with and without comments and rules, and what
//!    validation has to know of its messages, which diadoc-schema itself writes down;
//! 8. [`modules`]: one Rust file per package, formatted;
//! 9. [`api`]: the requests of diadoc-api, one Rust file per service;
//! 10. [`fixtures`]: the documented responses that diadoc-fake answers with;
//! 11. [`calls`]: a call of every method, for the tests of diadoc-fake.
//!
//! [`ident`] has the names of Rust items, and [`steps`] the way in which the code of other generators
//! is adapted. [`generate`] does all of it in memory; the program writes the result, and a test
//! compares it with what is checked in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use diadoc_schema::{Shape, compare, list_changes, total_changes};

pub mod api;
pub mod calls;
pub mod checks;
pub mod codec;
pub mod descriptors;
pub mod docs;
pub mod fixtures;
pub mod ident;
pub mod modules;
pub mod preserve;
pub mod registry;
pub mod rules;
pub mod schema;
pub mod serde;
pub mod steps;
pub mod types;
pub mod wire;

pub use checks::SchemaFault;
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
/// Where the requests around each body go, for the tests of the requests.
pub const BODIES: &str = "crates/diadoc-api/tests/all/generated";
/// All folders that hold nothing but generated files.
pub const FOLDERS: [&str; 6] = [GENERATED, DESCRIBED, API, FAKE, CALLS, BODIES];

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
    /// The schema holds something that nothing reads, or that cannot be meant.
    #[error("the schema has faults:\n{}", .0.iter().map(SchemaFault::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<SchemaFault>),
    /// The manifest of the documented bodies cannot be used.
    #[error("fixtures: {0}")]
    Manifest(#[from] diadoc_fake::manifest::ManifestError),
    /// prost-build or pbjson-build failed.
    #[error("{generator} failed: {source}")]
    Generator {
        generator: &'static str,
        source: io::Error,
    },
    /// An adaptation of another generator's code hit another number of places than the schema says.
    #[error("step `{step}` changed {found} places, but the schema has {expected}: {why}")]
    Step {
        step: &'static str,
        why: &'static str,
        expected: usize,
        found: usize,
    },
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

    let compiled = diadoc_schema::Schema::from_descriptor_set(&schema.pool.encode_to_vec())
        .map_err(|error| Error::Schema(error.to_string()))?;
    checks::check(&compiled)?;
    let commented = rules::commented(&schema);
    let (linked, links) = docs::linked(&schema, commented.files);
    let (rules, mut types) = (commented.count, types::generate(&schema, linked)?);
    output.log.extend([
        format!("docs: rules in {rules} comments"),
        format!("docs: {links} names linked"),
        format!("types: {} modules from prost-build", types.len()),
    ]);
    steps::apply("types", &commented.steps, &mut types, &mut output.log)?;
    steps::apply("wire", &wire::steps(&schema), &mut types, &mut output.log)?;
    let wire = wire::generate(&schema, &mut output.log)?;

    let serde = serde::generate(&schema, &mut output.log)?;
    let codec = codec::generate(&schema, &mut output.log)?;
    let mut files = modules::assemble(&schema, &types, wire, serde, codec)?;
    files.insert("registry.rs".into(), registry::generate(&schema)?);
    files.insert("preserve.rs".into(), preserve::generate(&schema)?);
    files.insert(
        diadoc_core::digest::DIGEST_FILE.into(),
        format!("{}\n", schema.digest).into(),
    );
    files.insert("descriptor_set.bin".into(), descriptors::plain(&schema));
    for (name, content) in files {
        output.files.insert(format!("{GENERATED}/{name}"), content);
    }
    for (name, content) in api::generate(&schema, &compiled, &mut output.log)? {
        output.files.insert(format!("{API}/{name}"), content);
    }
    for (name, content) in fixtures::generate(&root.join("fixtures"), &compiled, &mut output.log)? {
        output.files.insert(format!("{FAKE}/{name}"), content);
    }
    let calls = calls::generate(&compiled, &mut output.log)?;
    output.files.insert(format!("{CALLS}/mod.rs"), calls);
    let bodies = calls::bodies(&compiled)?;
    output.files.insert(format!("{BODIES}/mod.rs"), bodies);
    let described = descriptors::described(&schema)?;
    output
        .files
        .insert(format!("{DESCRIBED}/descriptor_set.bin"), described);
    output.files.insert(
        format!("{DESCRIBED}/plans.rs"),
        diadoc_schema::plan_tables(&compiled).into_bytes(),
    );
    output.log.push(format!(
        "output: {} files, {} bytes",
        output.files.len(),
        output.files.values().map(Vec::len).sum::<usize>()
    ));
    Ok(output)
}

/// What the change of the schema does, as `diadoc diff` says it: from the set of descriptors that is
/// checked in below `root` to the one in `output`. None where no such set is there, and where no
/// message or enum changed.
pub fn changes(root: &Path, output: &Output) -> Option<String> {
    let name = format!("{DESCRIBED}/descriptor_set.bin");
    let (old, new) = (fs::read(root.join(&name)).ok()?, output.files.get(&name)?);
    let shape = |set: &[u8]| {
        let schema = diadoc_schema::Schema::from_descriptor_set(set).ok()?;
        Some(Shape::from(&schema))
    };
    let (old, new) = (shape(&old)?, shape(new)?);
    let changes = compare(&old, &new);
    let listed = || list_changes(&changes, &old, &new) + &total_changes(&changes);
    (!changes.is_empty()).then(listed)
}
