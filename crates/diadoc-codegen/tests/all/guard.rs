//! The digest that stops a build whose generated code is older than the schema.

use std::fs;
use std::path::{Path, PathBuf};

use diadoc_codegen::guard::{DIGEST_FILE, digest, proto_files};

fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("guard")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn ignores_line_endings_and_other_files() {
    let lf = folder("lf", &[("a/x.proto", "one\ntwo\n"), ("b.proto", "three\n")]);
    let crlf = folder(
        "crlf",
        &[
            ("a/x.proto", "one\r\ntwo\r\n"),
            ("b.proto", "three\n"),
            ("a/notes.txt", "not a schema"),
        ],
    );
    assert_eq!(proto_files(&crlf).unwrap(), ["a/x.proto", "b.proto"]);
    assert_eq!(digest(&lf).unwrap(), digest(&crlf).unwrap());
}

#[test]
fn sees_every_change_of_names_and_texts() {
    let variants: [&[(&str, &str)]; 5] = [
        &[("a.proto", "one"), ("b.proto", "two")],
        &[("a.proto", "two"), ("b.proto", "one")],
        &[("a.proto", "one two"), ("b.proto", "")],
        &[("a.proto", "one"), ("c.proto", "two")],
        &[("a.proto", "one")],
    ];
    let mut digests: Vec<_> = variants
        .iter()
        .enumerate()
        .map(|(i, files)| digest(&folder(&format!("variant{i}"), files)).unwrap())
        .collect();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), variants.len());
}

#[test]
fn is_recorded_beside_the_generated_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let recorded = fs::read_to_string(root.join("src/generated").join(DIGEST_FILE)).unwrap();
    assert_eq!(recorded.trim(), digest(&root.join("proto")).unwrap());
}
