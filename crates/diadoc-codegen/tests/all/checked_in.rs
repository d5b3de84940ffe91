//! The generated code that is checked in is what `proto/` gives.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use diadoc_codegen::{FOLDERS, generate};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn is_what_the_schema_gives_byte_for_byte() {
    let root = repository();
    let output = generate(&root).expect("the schema generates");
    let mut differing = Vec::new();
    for (name, content) in &output.files {
        if fs::read(root.join(name)).ok().as_ref() != Some(content) {
            differing.push(name.clone());
        }
    }
    let made: BTreeSet<PathBuf> = output.files.keys().map(|name| root.join(name)).collect();
    for folder in FOLDERS {
        for file in files_below(&root.join(folder)) {
            if !made.contains(&file) {
                differing.push(format!("{} (left over)", file.display()));
            }
        }
    }
    assert!(
        differing.is_empty(),
        "run `cargo run -p diadoc-codegen`; these differ: {differing:#?}"
    );
}

#[test]
fn is_the_same_each_time() {
    let root = repository();
    let first = generate(&root).expect("the schema generates");
    let second = generate(&root).expect("the schema generates");
    assert!(first.files == second.files, "two runs differ");
    assert_eq!(first.log, second.log);
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.append(&mut files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
