//! What changed between two schemas.

use diadoc_schema::{Breaks, Change, ChangeKind, Schema, SchemaError, Shape, compare};

fn lines(changes: &[Change]) -> String {
    changes.iter().map(|change| format!("{change}\n")).collect()
}

#[test]
fn the_schema_against_itself_has_no_changes() {
    let shape = Shape::from(Schema::diadoc());
    assert_eq!(lines(&compare(&shape, &shape)), "");
}

/// A made-up document about messages that the schema has.
const OPENAPI: &str = r##"{
  "openapi": "3.0.1",
  "info": {"title": "made up", "version": "1"},
  "paths": {
    "/GetBox": {"post": {"parameters": [{"name": "boxId", "in": "query"}]}},
    "/GetMyUser": {"get": {"responses": {"200": {"content": {
      "application/json": {"schema": {"$ref": "#/components/schemas/TimestampContract"}}}}}}},
    "/V4/GetDocuments": {
      "parameters": [{"name": "boxID", "in": "query"}, {"name": "Accept", "in": "header"}],
      "post": {
        "parameters": [{"name": "withEntities", "in": "query"}],
        "requestBody": {"content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/LoginPassword"}}}},
        "responses": {"200": {"description": "nothing"}, "400": {"content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/LoginPassword"}}}}}
      }
    },
    "/GetWeather": {"get": {}, "delete": {}}
  },
  "components": {"schemas": {
    "CustomDataItem": {"type": "object", "properties": {
      "Key": {"type": "string"},
      "Value": {"type": "string", "nullable": true},
      "Origin": {"type": "object"}
    }},
    "LoginPassword": {"type": "object", "properties": {
      "login": {"type": "string"},
      "Password": {"type": "string"}
    }},
    "TimestampContract": {"type": "object", "properties": {
      "Ticks": {"type": "string"}
    }},
    "TimeBasedFilter": {"type": "object", "properties": {
      "FromTimestamp": {"allOf": [{"$ref": "#/components/schemas/TimestampContract"}]},
      "ToTimestamp": {"type": "array", "items": {"$ref": "#/components/schemas/TimestampContract"}},
      "Order": {"$ref": "#/components/schemas/Direction"}
    }},
    "Direction": {"type": "string", "enum": ["Ascending", "Descending", null]},
    "SearchScope": {"type": "string", "enum": ["SearchScopeAny", "SearchScopeIncoming", "Later"]},
    "Parameter": {"type": "string", "enum": ["One"]}
  }}
}"##;

#[test]
fn an_openapi_document_against_the_schema() {
    let theirs = Shape::from_openapi(OPENAPI.as_bytes()).unwrap();
    let ours = Shape::from(Schema::diadoc());
    let mut changes = compare(&theirs, &ours);
    // The document has a handful of messages: what it lacks is not of interest here.
    use ChangeKind::{EnumAdded, MessageAdded, MethodAdded};
    let lacking = [MessageAdded, EnumAdded, MethodAdded];
    changes.retain(|change| !lacking.contains(&change.kind));
    insta::assert_snapshot!("openapi_to_schema", lines(&changes));

    let back = compare(&ours, &theirs);
    assert!(back.iter().all(|change| !change.breaks.wire()));
    let count = |changes: &[Change], kind| changes.iter().filter(|c| c.kind == kind).count();
    let added = count(&changes, ChangeKind::FieldAdded);
    assert_eq!(count(&back, ChangeKind::FieldRemoved), added);
    assert_eq!(lines(&compare(&theirs, &theirs)), "");
}

#[test]
fn what_is_no_openapi() {
    let error = |text: &str| match Shape::from_openapi(text.as_bytes()) {
        Err(SchemaError::OpenApi(text)) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(error("{"), "EOF while parsing an object at line 1 column 1");
    assert_eq!(
        error("{\"swagger\": \"2.0\"}"),
        "it has no object at `components.schemas`"
    );
    assert_eq!(
        error("{\"components\": {\"schemas\": {\"A\\u001b[2J\": {}}}}"),
        "the name \"A\\u{1b}[2J\" holds control characters"
    );
}

/// The vendor's document has nothing that the schema lacks, or has in another way, but what is known:
/// `DIADOC_OPENAPI=… cargo test -p diadoc-schema --test all -- --ignored --nocapture`.
#[test]
#[ignore = "needs the vendor's document in DIADOC_OPENAPI"]
fn the_vendors_document() {
    let Some(path) = std::env::var_os("DIADOC_OPENAPI") else {
        return;
    };
    let theirs = Shape::from_openapi(&std::fs::read(path).unwrap()).unwrap();
    let mut changes = compare(&theirs, &Shape::from(Schema::diadoc()));
    for kind in ChangeKind::ALL {
        let count = changes.iter().filter(|c| c.kind == *kind).count();
        println!("{count:5} {kind}");
    }
    let is_ours_alone = |kind: ChangeKind| {
        use ChangeKind::{
            EnumAdded, FieldAdded, MessageAdded, MethodAdded, ParameterAdded, ValueAdded,
        };
        matches!(
            kind,
            EnumAdded | FieldAdded | MessageAdded | MethodAdded | ParameterAdded | ValueAdded
        )
    };
    changes.retain(|change| !is_ours_alone(change.kind));
    assert_eq!(lines(&changes), "");
}

#[test]
fn a_change_serialises_without_what_it_lacks() {
    let theirs = Shape::from_openapi(OPENAPI.as_bytes()).unwrap();
    let changes = compare(&theirs, &Shape::from(Schema::diadoc()));
    let mut changes = changes.iter();
    let change = changes.find(|change| change.path == "Parameter").unwrap();
    assert_eq!(change.breaks, Breaks::Nothing);
    assert_eq!(
        serde_json::to_string(change).unwrap(),
        r#"{"path":"Parameter","kind":"enum-removed","breaks":"nothing","why":"an enum stands in bodies only through fields, which are told apart"}"#
    );
}

#[cfg(feature = "compile")]
mod folders {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::fs;

    use super::*;
    use std::path::Path;

    use crate::folder;

    fn shape(name: &str, files: &[(&str, &str)]) -> Shape {
        let schema = Schema::from_proto_folder(&folder(name, files)).unwrap();
        Shape::from(&schema)
    }

    /// A title behind `#`, and what stands in the old (`-`) and in the new schema (`+`).
    const CASES: &str = r#"
# message added
- message A {}
+ message A {} message B { optional A A = 1; }
# message removed
- message A {} message B { optional A A = 1; }
+ message A {}
# message nested elsewhere: removed and added, with a hint
- message A { optional B F = 1; message B { optional int32 N = 1; } }
+ message A { optional B F = 1; } message B { optional int32 N = 1; }
# message nested elsewhere, and changed
- message A { optional B F = 1; message B { optional int32 N = 1; } }
+ message A { optional B F = 1; } message B { optional int32 N = 2; }
# field added
- message A {}
+ message A { optional string F = 1; repeated bytes G = 2; }
# required field added
- message A {}
+ message A { required string F = 1; }
# field removed
- message A { optional string F = 1; }
+ message A {}
# field removed, number reserved
- message A { optional string F = 1; }
+ message A { reserved 1; }
# field removed, name reserved
- message A { optional string F = 1; }
+ message A { reserved "F"; }
# field removed, number and name reserved
- message A { optional string F = 1; }
+ message A { reserved 1 to 3; reserved "F"; }
# required field removed, number and name reserved
- message A { required string F = 1; }
+ message A { reserved 1; reserved "F"; }
# field removed, another added under a name much like it
- message A { optional string ReceiptDate = 1; }
+ message A { optional string ReciptDate = 2; }
# field renumbered
- message A { optional string F = 1; }
+ message A { optional string F = 2; }
# two fields swap their numbers
- message A { optional string F = 1; optional string G = 2; }
+ message A { optional string F = 2; optional string G = 1; }
# field renamed
- message A { optional string F = 1; }
+ message A { optional string G = 1; }
# field renamed, with the same key in JSON
- message A { optional string F = 1; }
+ message A { optional string G = 1 [json_name = "F"]; }
# field renamed, with a third key in JSON
- message A { optional string F = 1; }
+ message A { optional string G = 1 [json_name = "h"]; }
# field renamed in JSON
- message A { optional string Login = 1; }
+ message A { optional string Login = 1 [json_name = "login"]; }
# a name with an underscore is its own key
- message A { optional string snake_case = 1; }
+ message A { optional string snake_case = 1 [json_name = "snake_case"]; }
# types that the wire and JSON write alike
- message A { optional int32 F = 1; optional fixed64 G = 2; optional int32 H = 3; }
+ message A { optional uint32 F = 1; optional sfixed64 G = 2; optional int64 H = 3; }
# types that only the wire writes alike
- message A { optional int64 F = 1; optional bool G = 2; optional string H = 3; }
+ message A { optional int32 F = 1; optional int32 G = 2; optional bytes H = 3; }
# types that only JSON writes alike
- message A { optional int32 F = 1; optional int64 G = 2; optional float H = 3; }
+ message A { optional sint32 F = 1; optional sfixed64 G = 2; optional double H = 3; }
# types that nothing writes alike
- message A { optional bytes F = 1; optional string G = 2; optional A H = 3; }
+ message A { optional string F = 1; optional int32 G = 2; optional bytes H = 3; }
# enum and integer
- enum E { Z = 0; } message A { optional E F = 1; optional int32 G = 2; }
+ enum E { Z = 0; } message A { optional int32 F = 1; optional E G = 2; }
# another message of the same shape, and of another
- message B { optional int32 N = 1; } message C { optional int32 N = 1; } message D {}
  message A { optional B F = 1; optional B G = 2; }
+ message B { optional int32 N = 1; } message C { optional int32 N = 1; } message D {}
  message A { optional C F = 1; optional D G = 2; }
# messages that hold themselves compare in finite time
- message B { optional B Next = 1; } message C { optional C Next = 1; }
  message A { optional B F = 1; }
+ message B { optional B Next = 1; } message C { optional C Next = 1; }
  message A { optional C F = 1; }
# another enum with the same values, and with fewer
- enum E { Z = 0; } enum G { Z2 = 0; } message M { enum E { Z = 0; Y = 1; } }
  message A { optional E F = 1; optional M.E H = 2; }
+ enum E { Z = 0; } enum G { Z2 = 0; } message M { enum E { Z = 0; Y = 1; } }
  message A { optional M.E F = 1; optional E H = 2; }
# optional to required, required to optional
- message A { optional string F = 1; required string G = 2; }
+ message A { required string F = 1; optional string G = 2; }
# one to many
- message A { optional A F = 1; optional int32 G = 2; optional int32 H = 3; }
+ message A { repeated A F = 1; repeated int32 G = 2; repeated int32 H = 3 [packed = true]; }
# many to one
- message A { repeated string F = 1; repeated string G = 2; }
+ message A { optional string F = 1; required string G = 2; }
# default changed
- enum E { Z = 0; Y = 1; }
  message A { optional int32 F = 1 [default = 1]; optional string G = 2; optional E H = 3; }
+ enum E { Z = 0; Y = 1; }
  message A { optional int32 F = 1; optional string G = 2 [default = "new\n"]; optional E H = 3 [default = Y]; }
# the default spelt out is the same default
- enum E { Z = 0; } message A { optional bool F = 1; optional E G = 2; }
+ enum E { Z = 0; }
  message A { optional bool F = 1 [default = false]; optional E G = 2 [default = Z]; }
# field moved into a oneof
- message A { optional string F = 1; optional string G = 2; }
+ message A { oneof Choice { string F = 1; string G = 2; } }
# deprecated
- message A { optional string F = 1; optional string G = 2 [deprecated = true]; } enum E { Z = 0; }
+ message A { option deprecated = true; optional string F = 1 [deprecated = true];
  optional string G = 2; } enum E { option deprecated = true; Z = 0 [deprecated = true]; }
# enum added, enum removed
- enum E { Z = 0; }
+ enum F { Y = 0; }
# enum nested elsewhere
- message M { enum E { Z = 0; } optional E F = 1; }
+ message M { optional E F = 1; } enum E { Z = 0; Y = 1; }
# value added, value removed
- enum E { Z = 0; A = 1; }
+ enum E { Z = 0; B = 2; }
# value removed, number and name reserved
- enum E { Z = 0; A = 1; }
+ enum E { reserved 1; reserved "A"; Z = 0; }
# value renamed
- enum E { Z = 0; A = 1; }
+ enum E { Z = 0; B = 1; }
# value renumbered
- enum E { Z = 0; A = 1; }
+ enum E { Z = 0; A = 2; }
# a further name behind the first
- enum E { Z = 0; A = 1; }
+ enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }
# a further name before the first
- enum E { Z = 0; A = 1; }
+ enum E { option allow_alias = true; Z = 0; B = 1; A = 1; }
# two names change places
- enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }
+ enum E { option allow_alias = true; Z = 0; B = 1; A = 1; }
# one of two names removed
- enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }
+ enum E { Z = 0; A = 1; }
# order and comments are no change
- message A { optional string F = 1; optional int32 G = 2; } enum E { Z = 0; Y = 1; }
+ /* new */ enum E { Y = 1; Z = 0; }
  message A { /* new */ optional int32 G = 2; optional string F = 1; }
"#;

    #[test]
    fn every_kind_of_change() {
        let mut table = String::new();
        let mut seen = BTreeSet::new();
        for case in CASES.split("\n# ").skip(1) {
            let (title, schemas) = case.split_once("\n- ").unwrap();
            let (old, new) = schemas.trim_end().split_once("\n+ ").unwrap();
            let source = |body: &str| format!("package Diadoc.Api.Proto;\n{body}\n");
            let old_shape = shape("old", &[("a.proto", &source(old))]);
            let new_shape = shape("new", &[("a.proto", &source(new))]);
            let changes = compare(&old_shape, &new_shape);
            seen.extend(changes.iter().map(|change| change.kind));
            writeln!(table, "# {title}\n- {old}\n+ {new}").unwrap();
            table += &(lines(&changes) + "\n");
        }
        insta::assert_snapshot!("kinds_of_change", table.replace("Diadoc.Api.Proto.", ""));
        // Methods are told of by documents and by code alone.
        let of_methods = |kind: &&ChangeKind| {
            kind.id().starts_with("method-") || kind.id().starts_with("parameter-")
        };
        let others = ChangeKind::ALL.iter().filter(|kind| !of_methods(kind));
        assert!(seen.iter().eq(others), "{seen:?}");
    }

    #[test]
    fn a_move_to_another_package_has_a_hint() {
        let body = "message A { required B B = 1; } message B { optional string F = 1; }";
        let [old, new] = ["X", "Y"].map(|package| {
            let text = format!("package Diadoc.Api.Proto.{package};{body}");
            shape("move", &[("a.proto", &text)])
        });
        let changes = compare(&old, &new);
        assert!(changes.iter().all(|one| one.breaks == Breaks::Nothing));
        assert_eq!(
            changes[0].to_string(),
            "Diadoc.Api.Proto.X.A: message removed; breaks nothing: the name of a message is in \
             neither form (`Diadoc.Api.Proto.Y.A` has its name and shape: it moved)"
        );
    }

    #[test]
    fn the_schema_in_other_files_is_the_same() {
        let proto = crate::repository().join("proto");
        let ours = Schema::from_proto_folder(&proto).unwrap();
        let shape = Shape::from(&ours);
        assert_eq!(lines(&compare(&Shape::from(Schema::diadoc()), &shape)), "");

        // Neighbours of one package become one file, which imports all before it. As in a
        // vendor's checkout there is no syntax, and files lie below `proto`.
        let mut merged: Vec<(String, String)> = Vec::new();
        for file in ours.pool().files() {
            let Ok(text) = fs::read_to_string(proto.join(file.name())) else {
                continue; // a part of protobuf itself
            };
            let package = file.package_name().to_owned();
            if merged.last().is_none_or(|(last, _)| *last != package) {
                let mut head = format!("\u{feff}package {package};\r\n");
                for i in 0..merged.len() {
                    writeln!(head, "import \"Files/F{i}.proto\";").unwrap();
                }
                merged.push((package, head));
            }
            let (_, merged) = merged.last_mut().unwrap();
            for line in text.lines() {
                let ours = line.starts_with("import \"") && !line.contains("google/");
                if !(line.starts_with("syntax ") || line.starts_with("package ") || ours) {
                    writeln!(merged, "{line}\r").unwrap();
                }
            }
        }
        let names = (0..merged.len()).map(|i| format!("proto/Files/F{i}.proto"));
        let files: Vec<_> = names
            .zip(merged.into_iter().map(|(_, text)| text))
            .collect();
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        let theirs = Schema::from_proto_folder(&folder("laid-out", &files)).unwrap();
        assert!(theirs.pool().files().len() < ours.pool().files().len());
        assert_eq!(lines(&compare(&shape, &Shape::from(&theirs))), "");
    }

    #[test]
    fn imports_start_from_the_folder_or_its_proto() {
        let a = "package Diadoc.Api.Proto; message A {}";
        let b = "import \"X/A.proto\"; package Diadoc.Api.Proto; message B { optional A A = 1; }";
        for files in [
            [("X/A.proto", a), ("B.proto", b)],
            [("proto/X/A.proto", a), ("proto/B.proto", b)],
            [("proto/X/A.proto", a), ("tests/B.proto", b)],
        ] {
            let mut files = files.to_vec();
            files.push((".git/C.proto", "not a schema"));
            files.push(("proto/readme.md", "not a schema either"));
            let schema = Schema::from_proto_folder(&folder("imports", &files)).unwrap();
            assert_eq!(schema.messages().count(), 2, "{files:?}");
        }
    }

    #[test]
    fn folders_that_are_no_schema() {
        let error = |files: &[(&str, &str)]| {
            let folder = folder("broken", files);
            let error = Schema::from_proto_folder(&folder).unwrap_err();
            let place = folder.display().to_string();
            error.to_string().replace(&place, "FOLDER")
        };
        let errors = [
            error(&[("a.txt", "")]),
            error(&[("x/a.proto", "message A {\n  optional string F 1;\n}")]),
            error(&[("x/a.proto", "message A {\n  optional B F = 1;\n}")]),
            error(&[("x/a.proto", "\nimport \"b.proto\";")]),
            error(&[("a.proto", "import \"../imports/B.proto\";")]),
            error(&[("a.proto", "message A {}"), ("b.proto", "message A {}")]),
            error(&[
                ("a.proto", "import \"b.proto\";"),
                ("b.proto", "import \"a.proto\";"),
            ]),
        ];
        insta::assert_snapshot!("broken_folders", errors.join("\n"));

        let missing = Schema::from_proto_folder(Path::new("/no/such/folder")).unwrap_err();
        assert!(matches!(missing, SchemaError::Io { .. }), "{missing:?}");
        let folder = folder("bytes", &[]);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.proto"), b"\xff\xfe").unwrap();
        let error = Schema::from_proto_folder(&folder).unwrap_err().to_string();
        assert!(error.contains("a.proto: "), "{error}");
    }
}
