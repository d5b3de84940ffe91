//! Step 10: the documented responses that diadoc-fake answers with.
//!
//! A package holds what it includes, so the bodies are copied from `fixtures/` into the crate, byte
//! for byte, with a table of them. The manifest says which.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use diadoc_core::Form;
use diadoc_fake::manifest;
use diadoc_schema::{Direction, Schema};
use quote::quote;

use crate::{Error, modules};

/// The files below `crates/diadoc-fake/src/generated/`: of each method the first JSON response in the
/// manifest, which is the one that its own page shows. None where there is no manifest.
pub fn generate(
    folder: &Path,
    schema: &Schema,
    log: &mut Vec<String>,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut files = BTreeMap::new();
    if !folder.join(manifest::FILE_NAME).exists() {
        return Ok(files);
    }
    let mut methods = BTreeMap::new();
    for fixture in manifest::load(folder, schema)?.fixtures {
        let whole = fixture.form == Form::Json && !fixture.lines;
        if let (Direction::Response, Some(method), true) =
            (fixture.direction, fixture.method, whole)
        {
            methods.entry(method).or_insert(fixture.file);
        }
    }
    let mut entries = Vec::new();
    for (method, path) in &methods {
        let content = fs::read(path).map_err(|source| Error::io(path, source))?;
        let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
        entries.push(quote! { (#method, include_bytes!(#name)) });
        files.insert(name.into_owned(), content);
    }
    log.push(format!("fixtures: {} documented responses", files.len()));
    let code = quote! {
        /// Documented responses by the name of their method.
        pub(crate) const DOCUMENTED: &[(&str, &[u8])] = &[#(#entries),*];
    };
    let table = modules::format(manifest::FILE_NAME, code, "a line per response")?;
    files.insert("mod.rs".into(), table);
    Ok(files)
}
