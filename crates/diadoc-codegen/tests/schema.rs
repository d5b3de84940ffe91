//! What the generator refuses, and the facts of the schema that its steps rest on.

use std::fs;
use std::path::Path;

use diadoc_codegen::schema::{aliases, unknown_member};
use diadoc_codegen::{Schema, generate};

/// Generates from a schema of one file.
fn generate_from(test: &str, proto: &str) -> Result<diadoc_codegen::Output, String> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(root.join("proto/diadoc")).unwrap();
    fs::write(root.join("proto/diadoc/test.proto"), proto).unwrap();
    generate(&root).map_err(|error| error.to_string())
}

const HEAD: &str = "syntax = \"proto2\";\npackage Diadoc.Api.Proto;\n";

#[test]
fn a_file_that_does_not_compile_is_shown_with_its_place() {
    let error = generate_from(
        "broken",
        &format!("{HEAD}message A {{ optional B b = 1; }}"),
    );
    let error = error.unwrap_err();
    assert!(error.contains("test.proto"), "{error}");
}

#[test]
fn a_kind_of_field_without_a_rule_is_refused() {
    let proto = format!("{HEAD}message A {{ optional double Sum = 1; }}");
    let error = generate_from("double", &proto).unwrap_err();
    assert_eq!(error, "Diadoc.Api.Proto.A.Sum: no JSON rule for Double");
    let proto = format!("{HEAD}message A {{ oneof X {{ int32 Y = 1; }} }}");
    let error = generate_from("oneof", &proto).unwrap_err();
    assert_eq!(error, "Diadoc.Api.Proto.A.Y: no JSON rule for oneof");
}

#[test]
fn a_package_outside_the_root_is_refused() {
    let error = generate_from("package", "syntax = \"proto2\";\npackage Other;\n").unwrap_err();
    assert_eq!(
        error,
        "diadoc/test.proto: package `Other` is not below `Diadoc.Api.Proto`"
    );
}

#[test]
fn names_in_comments_become_links() {
    let proto = format!(
        "{HEAD}\
         // Holds a `B` with its `B.Key`, see `Known`.\n\
         message A {{\n  // As `Other`, unlike `Nothing`.\n  optional string Name = 1;\n  \
         // Second.\n  optional string Other = 2;\n}}\n\
         message B {{ optional string Key = 1; }}\n\
         enum E {{ Known = 0; }}\n"
    );
    let output = generate_from("links", &proto).unwrap();
    let code = String::from_utf8(output.files["src/generated/mod.rs"].clone()).unwrap();
    for expected in [
        "/// Holds a [`B`](crate::B) with its [`B.Key`](crate::B::key), see [`Known`](crate::E::Known).",
        "/// As [`Other`](crate::A::other), unlike `Nothing`.",
    ] {
        assert!(code.contains(expected), "{code}");
    }
}

#[test]
fn the_unknown_member_never_means_something() {
    let schema = Schema::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto")).unwrap();
    let mut without = Vec::new();
    for item in schema.enums() {
        match unknown_member(item.descriptor) {
            Some(name) => assert!(name.contains("Unknown") || name.ends_with("Unspecified")),
            None => without.push(item.name.clone()),
        }
    }
    assert_eq!(without.len(), 17, "{without:?}");
    let aliased: Vec<_> = schema
        .enums()
        .iter()
        .flat_map(|item| {
            aliases(item.descriptor)
                .into_iter()
                .map(|(first, alias)| format!("{first} = {alias}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        aliased,
        [
            "SearchScopeInbound = SearchScopeIncoming",
            "SearchScopeOutbound = SearchScopeOutgoing",
            "RepresentativeLegalSubsidiaryEntity = RepresentativeLegalEntitySubsidiary",
            "RepresentativeForeignLegalSubsidiaryEntity = RepresentativeForeignLegalEntitySubsidiary",
        ]
    );
}
