//! The tests of the generator, in one binary.

mod checked_in;
mod checks;
mod comments;
mod obsolete;
mod prose;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};

use diadoc_codegen::{Output, Schema, generate};

const RULES: &str = include_str!("../../../../proto/diadoc/rules.proto");
const HTTP: &str = include_str!("../../../../proto/diadoc/http.proto");
const JSON: &str = include_str!("../../../../proto/diadoc/json.proto");

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The schema as it is.
fn schema() -> Schema {
    Schema::load(&repository().join("proto")).expect("the schema compiles")
}

/// A folder of these files, and of no others.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Generates from a schema of one file beside those that define the options.
fn generate_from(test: &str, proto: &str) -> Result<Output, String> {
    generate_with(test, proto, RULES)
}

fn generate_with(test: &str, proto: &str, rules: &str) -> Result<Output, String> {
    let root = folder(
        test,
        &[
            ("proto/diadoc/test.proto", proto),
            ("proto/diadoc/rules.proto", rules),
            ("proto/diadoc/http.proto", HTTP),
            ("proto/diadoc/json.proto", JSON),
        ],
    );
    generate(&root).map_err(|error| error.to_string())
}
