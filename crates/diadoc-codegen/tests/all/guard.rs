//! The digest that stops a build whose generated code is older than the schema.

use std::fs;

use diadoc_codegen::guard::{DIGEST_FILE, digest, proto_files};

use crate::{folder, repository};

#[test]
fn ignores_line_endings_and_other_files() {
    let lf = folder(
        "guard/lf",
        &[("a/x.proto", "one\ntwo\n"), ("b.proto", "three\n")],
    );
    let crlf = folder(
        "guard/crlf",
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
        .map(|(i, files)| digest(&folder(&format!("guard/variant{i}"), files)).unwrap())
        .collect();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), variants.len());
}

#[test]
fn is_recorded_beside_the_generated_code() {
    let root = repository();
    let recorded = fs::read_to_string(root.join("src/generated").join(DIGEST_FILE)).unwrap();
    assert_eq!(recorded.trim(), digest(&root.join("proto")).unwrap());
}
