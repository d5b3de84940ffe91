//! The generated code that is checked in is what `proto/` gives.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use diadoc_codegen::{DESCRIBED, FOLDERS, Output, changes, generate};

use crate::{folder, generate_from, repository};

static OUTPUT: LazyLock<Output> =
    LazyLock::new(|| generate(&repository()).expect("the schema generates"));

#[test]
fn is_what_the_schema_gives_byte_for_byte() {
    let root = repository();
    let mut differing = Vec::new();
    for (name, content) in &OUTPUT.files {
        if fs::read(root.join(name)).ok().as_ref() != Some(content) {
            differing.push(name.clone());
        }
    }
    let made: BTreeSet<PathBuf> = OUTPUT.files.keys().map(|name| root.join(name)).collect();
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
    let second = generate(&repository()).expect("the schema generates");
    assert!(OUTPUT.files == second.files, "two runs differ");
    assert_eq!(OUTPUT.log, second.log);
}

#[test]
fn a_change_is_shown_as_what_it_does_to_bodies() {
    let root = folder("changes", &[]);
    let set = format!("{DESCRIBED}/descriptor_set.bin");
    assert_eq!(changes(&root, &OUTPUT), None, "nothing is checked in");
    let message = |fields: &str| {
        format!("syntax = \"proto2\"; package Diadoc.Api.Proto; message A {{ {fields} }}")
    };
    let old = generate_from("changes/old", &message("optional int32 B = 1;")).unwrap();
    let new = generate_from(
        "changes/new",
        &message("optional int32 B = 1; optional string C = 2;"),
    );
    fs::create_dir_all(root.join(DESCRIBED)).unwrap();
    fs::write(root.join(&set), &old.files[&set]).unwrap();
    assert_eq!(changes(&root, &old), None);
    assert_eq!(
        changes(&root, &new.unwrap()).unwrap(),
        "Diadoc.Api.Proto.A\n  \
         C: field added, optional string = 2\n      \
         breaks nothing: readers of the old schema skip it\n\n\
         1 change: 1 breaks nothing."
    );
}

/// A tree without any generated code has a way to all of it: the generator builds without, and runs.
#[test]
fn can_be_made_from_nothing() {
    let copy = folder("from-nothing", &[]);
    copy_tree(&repository(), &copy);
    // A folder of its own: the program that is made here must not stand in for the checkout's.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("from-nothing");
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--package", "diadoc-codegen"])
        .current_dir(&copy)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .expect("cargo starts");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    for (name, content) in &OUTPUT.files {
        assert!(fs::read(copy.join(name)).unwrap() == *content, "{name}");
    }
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if [".git", "target", "generated"]
            .iter()
            .any(|skipped| name == *skipped)
        {
            continue;
        }
        match path.is_dir() {
            true => copy_tree(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
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
