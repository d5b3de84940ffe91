use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::json;

use crate::{Ran, folder, repository, run, run_in, run_with_input};

const OLD: &str = r#"
syntax = "proto2";
package Diadoc.Api.Proto;
message Letter {
  required string Id = 1;
  optional int32 Size = 2;
  optional Kind Kind = 3;
  optional bytes Stamp = 4;
}
message Gone { optional string Id = 1; }
enum Kind { Unknown = 0; Paper = 1; Wax = 2; }
"#;

const NEW: &str = r#"
syntax = "proto2";
package Diadoc.Api.Proto;
message Letter {
  required string Id = 1;
  optional string Size = 2;
  optional Kind Kind = 3;
  optional bytes Stamp = 5;
  optional string Sender = 6 [deprecated = true];
}
enum Kind { Unknown = 0; Parchment = 1; Wax = 2 [deprecated = true]; }
"#;

const OPENAPI: &str = r##"{"openapi": "3.0.1", "components": {"schemas": {
    "Letter": {"type": "object", "properties": {
        "Id": {"type": "string"}, "Size": {"type": "string"}, "Kind": {"$ref": "#/components/schemas/Kind"},
        "Stamp": {"type": "string", "format": "byte"}}},
    "Gone": {"type": "object", "properties": {"Id": {"type": "string"}}},
    "Kind": {"type": "string", "enum": ["Unknown", "Paper", "Wax"]}}}}"##;

const IMPORTS: &str = "syntax = \"proto2\"; import \"gone.proto\";";

fn schemas() -> tempfile::TempDir {
    folder(&[
        ("old/letter.proto", OLD),
        ("new/any/where.proto", NEW),
        ("openapi.json", OPENAPI),
        ("broken/a.proto", "syntax = \"proto2\";\nmessage {"),
        ("imports/a.proto", IMPORTS),
        ("foreign/a.proto", "syntax = \"proto2\"; message A {}"),
        ("empty/readme.txt", ""),
        ("not.json", "{}"),
        ("not.binpb", "hello"),
        ("nothing.binpb", ""),
    ])
}

fn diff(folder: &Path, arguments: &[&str]) -> Ran {
    run_in(folder, &[&["diff"], arguments].concat())
}

#[test]
fn changes_stand_by_message_and_enum() {
    let folder = schemas();
    let ran = diff(folder.path(), &["old", "new"]);
    ran.ended(1);
    assert_snapshot!("diff", ran.stdout());
    let same = diff(folder.path(), &["old", "old"]);
    same.ended(0);
    assert_eq!(same.stdout(), "No changes.\n");
}

#[test]
fn only_what_breaks() {
    let folder = schemas();
    let breaking = |old, new, form| diff(folder.path(), &[old, new, "--breaking", form]);
    for form in ["json", "wire", "any"] {
        let ran = breaking("old", "new", form);
        ran.ended(1);
        assert_snapshot!(format!("diff_breaking_{form}"), ran.stdout());
    }
    let ran = breaking("old", "openapi.json", "wire");
    ran.ended(0);
    let start = "The one change does not break the wire.";
    assert!(ran.stdout().starts_with(start), "{ran}");
    let same = breaking("old", "old", "any");
    same.ended(0);
    assert_eq!(same.stdout(), "No changes.\n");
}

#[test]
fn against_an_openapi_document() {
    let folder = schemas();
    let ran = diff(folder.path(), &["old", "openapi.json"]);
    ran.ended(1);
    ran.shows("  Size: field retyped, int32 -> string\n");
    let end = "\n1 change: 1 breaks JSON.\n";
    assert!(ran.stdout().ends_with(end), "{ran}");
}

#[test]
fn the_code_of_an_sdk_stands_beside_its_messages() {
    let code = "class Api { Box Get(string id) { return Perform($\"/GetWeather?boxId={id}\"); } }";
    let folder = folder(&[("sdk/proto/letter.proto", OLD), ("sdk/src/Api.cs", code)]);
    let ran = diff(folder.path(), &["builtin", "sdk"]);
    ran.ended(1);
    ran.shows("/GetWeather\n  method added, /GetWeather\n");
    ran.shows("Diadoc.Api.Methods.Documents.GetDocumentV3\n  method removed, /V3/GetDocument\n");
    let document = r#"{"openapi": "3.0.1", "components": {"schemas": {}},
        "paths": {"/GetWeather": {"post": {"parameters": [{"name": "day", "in": "query"}]}}}}"#;
    fs::write(folder.path().join("openapi.json"), document).unwrap();
    let ran = diff(folder.path(), &["sdk", "openapi.json"]);
    ran.ended(1);
    ran.shows("/GetWeather\n");
    ran.shows("  boxId: parameter removed, boxId\n");
    ran.shows("  day: parameter added, day\n");
}

#[test]
fn as_json() {
    let folder = schemas();
    let changes = |arguments: &[&str]| {
        let ran = diff(folder.path(), &[arguments, &["--format", "json"]].concat());
        (ran.code, ran.json())
    };
    let (code, all) = changes(&["old", "new"]);
    assert_eq!(code, Some(1));
    let mut all = all.as_array().unwrap().iter();
    let retyped = all.find(|c| c["kind"] == "field-retyped").unwrap();
    assert_eq!(retyped["path"], "Diadoc.Api.Proto.Letter.Size");
    assert_eq!(retyped["breaks"], "both");
    assert_eq!(changes(&["old", "old"]), (Some(0), json!([])));
}

#[test]
fn our_own_schema_is_the_same_in_every_form() {
    let root = repository();
    let folder = folder(&[]);
    let set = folder.path().join("set.binpb");
    let bytes = run(&["descriptor"]).stdout;
    fs::write(&set, &bytes).unwrap();
    let set = set.to_str().unwrap();
    for (old, new) in [
        ("builtin", "proto"),
        (set, "builtin"),
        ("builtin", "builtin"),
    ] {
        diff(&root, &[old, new]).ended(0);
    }
    run_with_input(&["diff", "builtin", "-"], &bytes).ended(0);
}

#[test]
fn schemas_that_are_none() {
    let folder = schemas();
    let refused = |schema: &str, texts: &[&str]| {
        for arguments in [[schema, "builtin"], ["builtin", schema]] {
            diff(folder.path(), &arguments).failed(2, texts);
        }
    };
    refused("broken", &["a.proto", "2:9", "Correct that"]);
    let name = "name the folder that the imports start from";
    refused("imports", &["gone.proto", name]);
    refused("empty", &["there are no .proto files in this folder"]);
    let below = "there is no message below the package";
    refused("foreign", &[&format!("foreign: {below} Diadoc.Api.Proto")]);
    refused(
        "old/letter.proto",
        &["a single .proto file", "Name the folder"],
    );
    let none = "not.json: this is no OpenAPI document";
    refused("not.json", &[none, "an OpenAPI document in JSON"]);
    let none = "not.binpb: this is no FileDescriptorSet";
    refused("not.binpb", &[none, "diadoc descriptor"]);
    refused("nothing.binpb", &[&format!("nothing.binpb: {below}")]);
    refused("gone", &["gone: cannot be read", "Check the path."]);
}

#[test]
fn wrong_usage() {
    run(&["diff", "-", "-"]).failed(2, &["both schemas cannot come from standard input"]);
    run(&["diff", "builtin"]).failed(2, &["<NEW>"]);
    run(&["diff", "builtin", "proto", "--breaking", "all"]).failed(2, &["json, wire, any"]);
    run(&["diff", "builtin", "proto", "--format", "xml"]).failed(2, &["text, json"]);
}
