//! What changed between two schemas.

use diadoc_schema::{
    Breaks, Change, ChangeKind, ChangeReport, Schema, SchemaError, Shape, changes_markdown,
    compare, kinds_markdown, not_compared, report_markdown, verdicts_json,
};
use prost::Message as _;

fn lines(changes: &[Change]) -> String {
    changes.iter().map(|change| format!("{change}\n")).collect()
}

#[test]
fn the_schema_against_itself_has_no_changes() {
    let shape = Shape::from(Schema::diadoc());
    assert_eq!(lines(&compare(&shape, &shape)), "");
}

/// Readers of descriptors take an escape on trust, and keep each part of a name.
#[test]
fn sets_that_no_compiler_writes_are_refused() {
    let set = |package: &str, default: &str| {
        let mut file = protox::file::File::from_source(
            "a.proto",
            "syntax = \"proto2\"; message A { message B { optional bytes F = 1 [default = \"x\"]; } }",
        )
        .unwrap()
        .file_descriptor_proto()
        .clone();
        file.package = Some(package.to_owned());
        file.message_type[0].nested_type[0].field[0].default_value = Some(default.to_owned());
        let set = prost_types::FileDescriptorSet { file: vec![file] };
        Schema::from_descriptor_set(&set.encode_to_vec()).map(drop)
    };
    set("a.b", "\\377\\x0f\\n a").unwrap();
    for wrong in ["\\400", "\\x1", "\u{44b}", "\\"] {
        let error = set("a", wrong).unwrap_err().to_string();
        assert!(
            error.contains("a.proto: the default value of the bytes field F"),
            "{error}"
        );
    }
    let error = set(&vec!["a"; 101].join("."), "").unwrap_err().to_string();
    assert!(
        error.contains("a.proto: the package has more than 100 parts"),
        "{error}"
    );
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
    for (item, leads) in [
        (r##"{"$ref": "other.json#/a"}"##, "other.json#/a"),
        (r##"{"get": {"parameters": [{"$ref": "#/b"}]}}"##, "#/b"),
        (r##"{"put": {"requestBody": {"$ref": "#/b"}}}"##, "#/b"),
    ] {
        let text = format!(r##"{{"paths": {{"/A": {item}}}, "components": {{"schemas": {{}}}}}}"##);
        assert_eq!(
            error(&text),
            format!("the `$ref` {leads:?} leads to nothing in the document")
        );
    }
}

#[test]
fn references_lead_to_the_end_of_a_chain_that_is_no_circle_and_not_long() {
    let read = |first: &str, steps: usize| {
        let chain = (0..steps).map(|step| format!(r##""{step}": {{"$ref": "#/{}"}}"##, step + 1));
        let chain = chain.collect::<Vec<_>>().join(", ");
        let text = format!(
            r##"{{"paths": {{"/A": {{"put": {{"responses": {{"200": {{"$ref": "#/{first}"}}}}}}}}}},
                "components": {{"schemas": {{}}}}, "circle": {{"$ref": "#/circle"}},
                "{steps}": {{}}, {chain}}}"##
        );
        Shape::from_openapi(text.as_bytes()).map(drop)
    };
    read("0", 99).unwrap();
    for (first, steps) in [("0", 101), ("circle", 1)] {
        let error = read(first, steps).unwrap_err().to_string();
        assert!(
            error.contains("in a circle, or through more than 100 others"),
            "{error}"
        );
    }
}

/// A document whose parts stand elsewhere, or are put together of others.
const COMPOSED: &str = r##"{
  "paths": {
    "/Part": {"$ref": "#/components/pathItems/Part"},
    "/Gone": {
      "parameters": [{"$ref": "#/components/parameters/Id"}],
      "put": {}, "patch": {}, "x-note": {}}
  },
  "components": {
    "pathItems": {"Part": {"post": {
      "parameters": [{"$ref": "#/components/parameters/Id"}],
      "requestBody": {"$ref": "#/components/requestBodies/Whole"},
      "responses": {"200": {"$ref": "#/components/responses/Whole"}}}}},
    "parameters": {"Id": {"in": "query", "name": "id", "required": true}},
    "requestBodies": {"Whole": {"content": {"a": {"schema": {"$ref": "#/components/schemas/Whole"}}}}},
    "responses": {"Whole": {"content": {"a": {"schema": {"$ref": "#/components/schemas/Base"}}}}},
    "schemas": {
      "Base": {"type": "object", "properties": {"Id": {"type": "string"}, "Names": {"$ref": "#/components/schemas/Names"}}},
      "Whole": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"Level": {"$ref": "#/components/schemas/Level"}}}]},
      "Names": {"type": "array", "items": {"$ref": "#/components/schemas/Title"}},
      "Title": {"type": "string"},
      "Level": {"type": "integer", "enum": [1, 2]},
      "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]}
    }
  }
}"##;

#[test]
fn no_part_of_a_document_is_passed_over() {
    let shape = |text: &str| Shape::from_openapi(text.as_bytes()).unwrap();
    let whole = shape(COMPOSED);
    let against = |text: &str| lines(&compare(&whole, &shape(text)));
    assert_eq!(against(COMPOSED), "");
    // All that it has, against a document that has nothing.
    let nothing = r#"{"paths": {"/Other": {"get": {}}}, "components": {"schemas": {}}}"#;
    let mut found = vec![against(nothing)];
    for (from, to) in [
        (r#""put": {}, "#, ""),
        (r#""required": true"#, r#""required": false"#),
        (
            r#""in": "query", "name": "id""#,
            r#""in": "query", "name": "key""#,
        ),
        (r#""in": "query""#, r#""in": "header""#),
        (
            r#""Title": {"type": "string"}"#,
            r#""Title": {"type": "boolean"}"#,
        ),
        (
            r#""Id": {"type": "string"}"#,
            r#""Id": {"type": "boolean"}"#,
        ),
        (
            r#""type": "array", "items""#,
            r#""type": "object", "items""#,
        ),
        ("[1, 2]", "[1, 3]"),
        (
            r##"{"$ref": "#/components/schemas/Base"}}}}},"##,
            r##"{"$ref": "#/components/schemas/Whole"}}}}},"##,
        ),
    ] {
        assert_eq!(COMPOSED.matches(from).count(), 1, "{from}");
        let changes = against(&COMPOSED.replace(from, to));
        assert!(!changes.is_empty(), "{from}");
        found.push(format!("{from} -> {to}\n{changes}"));
    }
    // A parameter that comes to it, required or not.
    for required in [true, false] {
        let more = format!(r#"{{"in": "query", "name": "more", "required": {required}}}, "#);
        let text = COMPOSED.replace(r#""parameters": ["#, &format!(r#""parameters": [{more}"#));
        found.push(against(&text));
    }
    insta::assert_snapshot!("openapi_composed", found.join("\n\n"));
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
    assert_eq!(change.breaks, Breaks::NOTHING);
    assert_eq!(
        serde_json::to_string(change).unwrap(),
        r#"{"path":"Parameter","kind":"enum-removed","breaks":[],"why":"an enum stands in bodies only through fields, which are told apart"}"#
    );
}

/// The changes of a small table of what the server takes.
fn deviations() -> Vec<Change> {
    let table = |text: &str| Shape::from_deviations(text.as_bytes()).unwrap();
    let old = table(
        r#"[{"deviation": "a", "request": "refused", "sources": ["x"], "later": 1},
            {"deviation": "gone", "request": "refused"}]"#,
    );
    let new = table(
        r#"[{"deviation": "new", "request": "refused"},
            {"deviation": "a", "request": "dropped", "sources": ["y"], "later": 2}]"#,
    );
    compare(&old, &new)
}

#[test]
fn what_the_server_takes_is_compared() {
    insta::assert_snapshot!("deviations", lines(&deviations()));
    // With a schema it shares nothing but the table that comes with it.
    let table = Shape::from_deviations(verdicts_json().as_bytes()).unwrap();
    let builtin = Shape::diadoc();
    assert_eq!(lines(&compare(&table, &builtin)), "");
    assert_eq!(not_compared(&table, &builtin).len(), 1);
    let schema = Shape::from(Schema::diadoc());
    assert_eq!(lines(&compare(&schema, &builtin)), "");
    assert_eq!(not_compared(&schema, &builtin).len(), 1);
    assert!(not_compared(&schema, &schema).is_empty());

    let error = |text: &str| match Shape::from_deviations(text.as_bytes()) {
        Err(SchemaError::Deviations(text)) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(error("[{}]"), "row 0 has no `deviation`");
    assert_eq!(
        error(r#"[{"deviation": "a"}, {"deviation": "a"}]"#),
        "`a` stands there twice"
    );
    assert!(error("{}").contains("invalid type"), "{}", error("{}"));
}

#[test]
fn changes_as_pages() {
    let (old, new) = (
        Shape::from_openapi(OPENAPI.as_bytes()).unwrap(),
        Shape::diadoc(),
    );
    let mut changes = compare(&old, &new);
    changes.retain(|change| change.path.contains("TimeBasedFilter") || change.path == "Direction");
    insta::assert_snapshot!(
        "changes_as_markdown",
        changes_markdown(&changes, &old, &new)
    );
    let report = ChangeReport {
        old: "a|document.json",
        new: "builtin",
        date: Some("2026-11-29"),
    };
    let page = report_markdown(&report, &changes, &old, &new);
    insta::assert_snapshot!("report", page);
    assert_eq!(page, report_markdown(&report, &changes, &old, &new));
}

#[test]
fn foreign_names_are_no_markdown() {
    let document = |name: &str, size: &str, values: &str| {
        let text = serde_json::json!({"openapi": "3.0.1", "components": {"schemas": {
            name: {"type": "object", "properties": {size: {"type": "integer", "format": "int32"}}},
            "Kind": {"type": "string", "enum": [values]}}}});
        Shape::from_openapi(text.to_string().as_bytes()).unwrap()
    };
    let (old, new) = (
        document("A|<b>`@c", "One`|<i>Two", "P|`<u>"),
        document("A|<b>`@c", "One`|<i>Tvo", "Q"),
    );
    let changes = compare(&old, &new);
    let page = changes_markdown(&changes, &old, &new);
    // A bar ends a cell even in backquotes, and is itself in a heading.
    for row in [
        "### `A|<b>'@c`\n",
        "| `One'\\|<i>Two` | field removed, `int32` | JSON | readers of the new schema do not know \
         the key; did it become `One'\\|<i>Tvo`? |\n",
        "| `P\\|'<u>` | value removed |",
    ] {
        assert!(page.contains(row), "{row}\n{page}");
    }
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
# values removed, the number or the name reserved
- enum E { Z = 0; A = 1; B = 2; }
+ enum E { reserved 1; reserved "B"; Z = 0; }
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
# fields added under what was reserved
- message A { reserved 1, 3; reserved "G", "H"; }
+ message A { optional string F = 1; optional string G = 2; optional string H = 3; }
# reserved: added, removed, and a part of a range
- message A { reserved 1 to 5; reserved "F"; } enum E { reserved 3; Z = 0; }
+ message A { reserved 2 to 9; } enum E { reserved "X"; Z = 0; }
# group and message
- message A { optional group B = 1 { optional int32 N = 1; } }
+ message A { optional B b = 1; message B { optional int32 N = 1; } }
# value added where a required field has the enum, which has no unknown member
- enum E { Z = 0; A = 1; } message M { required E F = 1; }
+ enum E { Z = 0; A = 1; B = 2; } message M { required E F = 1; }
# value added where it has one, and where the fields are optional
- import "diadoc/json.proto"; enum E { option (Json.names).unknown = "Else"; Else = 0; } enum G { Z = 0; }
  message M { required E F = 1; repeated G H = 2; }
+ import "diadoc/json.proto"; enum E { option (Json.names).unknown = "Else"; Else = 0; A = 1; } enum G { Z = 0; B = 1; }
  message M { required E F = 1; repeated G H = 2; }
# another unknown member
- import "diadoc/json.proto"; enum E { option (Json.names).unknown = "Else"; Else = 0; A = 1; }
+ import "diadoc/json.proto"; enum E { option (Json.names).no_unknown = true; Else = 0; A = 1; }
# fields that only JSON has: one gets a number, one stands for another, one changes, one is new
- import "diadoc/json.proto"; message A { optional string F = 536870001 [(Json.field).only = true];
  optional string G = 536870002 [(Json.field).only = true]; optional string H = 536870003 [(Json.field).only = true]; }
+ import "diadoc/json.proto"; message A { optional string F = 7;
  optional string G = 536870004 [(Json.field).only = true]; optional int32 H = 536870003 [(Json.field).only = true];
  optional string I = 536870005 [(Json.field).only = true]; }
# reserved value removed where a required field has the enum
- enum E { Z = 0; A = 1; } message M { required E F = 1; }
+ enum E { reserved 1; reserved "A"; Z = 0; } message M { required E F = 1; }
# another enum with further values, in a required field and in an optional one
- message X { enum E { Z = 0; } } message Y { enum E { Z = 0; B = 1; } }
  message A { required X.E F = 1; optional X.E G = 2; }
+ message X { enum E { Z = 0; } } message Y { enum E { Z = 0; B = 1; } }
  message A { required Y.E F = 1; optional Y.E G = 2; }
# default changed beside the type
- message A { optional int32 F = 1 [default = 5]; optional string G = 2 [default = "a"]; optional int32 H = 3; }
+ message A { optional int64 F = 1; optional A G = 2; optional int64 H = 3; }
# oneof renamed
- message A { oneof Choice { string F = 1; string G = 2; } }
+ message A { oneof Other { string F = 1; string G = 2; } }
# another syntax
- message A { optional string F = 1; repeated int32 G = 2; } enum E { Z = 0; }
+ syntax = "proto3"; message A { string F = 1; repeated int32 G = 2; } enum E { Z = 0; }
# ranges of extensions
- message A { extensions 100 to 199; }
+ message A { extensions 100 to 299; }
# message set
- message A { extensions 4 to max; }
+ message A { option message_set_wire_format = true; extensions 4 to max; }
# no aliases any more
- enum E { option allow_alias = true; Z = 0; A = 1; B = 1; }
+ enum E { Z = 0; A = 1; B = 2; }
# an option for generators
- message A { optional string F = 1; }
+ message A { optional string F = 1 [ctype = CORD]; }
# an option that nobody judges
- import "google/protobuf/descriptor.proto";
  extend google.protobuf.FieldOptions { optional string note = 50000; }
  message A { optional string F = 1 [(note) = "x"]; }
+ import "google/protobuf/descriptor.proto";
  extend google.protobuf.FieldOptions { optional string note = 50000; }
  message A { optional string F = 1 [(note) = "y"]; }
# rules of fields
- import "diadoc/rules.proto"; message A {
  optional string F = 1 [(Rules.field).max_len = 5]; optional string G = 2;
  optional string H = 3 [(Rules.field) = {max_len: 5 min_len: 2}];
  optional string I = 4 [(Rules.field).format = DATE];
  required string J = 5 [(Rules.field).may_be_empty = true]; required string K = 6; }
+ import "diadoc/rules.proto"; message A {
  optional string F = 1; optional string G = 2 [(Rules.field).max_len = 5];
  optional string H = 3 [(Rules.field) = {max_len: 4 min_len: 1}];
  optional string I = 4 [(Rules.field).format = INN];
  required string J = 5; required string K = 6 [(Rules.field).may_be_empty = true]; }
# titles
- import "diadoc/title.proto"; message A { option (Title.message) = "Письмо"; optional string F = 1; }
+ import "diadoc/title.proto"; message A { option (Title.message) = "Сообщение"; optional string F = 1 [(Title.field) = "Поле"]; }
# secrets
- import "diadoc/rules.proto"; message A {
  optional string F = 1; optional string G = 2 [(Rules.field).secret = true]; }
+ import "diadoc/rules.proto"; message A {
  optional string F = 1 [(Rules.field).secret = true]; optional string G = 2; }
# rules of a message
- import "diadoc/rules.proto"; message A {
  option (Rules.message).any_of = {fields: ["F", "G"] sources: "a"};
  option (Rules.message).one_of = {fields: ["F", "G"]};
  optional string F = 1; optional string G = 2; }
+ import "diadoc/rules.proto"; message A {
  option (Rules.message).any_of = {fields: ["F"] sources: "b" when: "G"};
  option (Rules.message).excludes = {fields: ["F", "G"]};
  optional string F = 1; optional string G = 2; }
# fields that rules of a message speak of: one has another name, one is gone
- import "diadoc/rules.proto"; message A { option (Rules.message).any_of = {fields: ["F", "G"]};
  optional string F = 1; optional string G = 2; optional string H = 3; }
+ import "diadoc/rules.proto"; message A { option (Rules.message).any_of = {fields: ["F", "G"]}; reserved 2; reserved "G";
  optional string E = 1 [json_name = "F"]; optional string I = 3 [json_name = "H"]; }
# the numbers that a field may have
- import "diadoc/rules.proto"; enum E { Z = 0; A = 1; }
  message M { optional int32 F = 1 [(Rules.field).values = "Diadoc.Api.Proto.E"]; }
+ import "diadoc/rules.proto"; enum E { Z = 0; B = 2; }
  message M { optional int32 F = 1 [(Rules.field).values = "Diadoc.Api.Proto.E"]; }
# another message of the same shape, but for a rule, for a rule inside, for the name that a rule knows, for a oneof
- import "diadoc/rules.proto"; message B { optional string F = 1 [(Rules.field).max_len = 5]; } message C { optional string F = 1; }
  message InB { optional B F = 1; } message InC { optional C F = 1; }
  message N { option (Rules.message).any_of = {fields: "F"}; optional string F = 1; }
  message O { option (Rules.message).any_of = {fields: "F"}; optional string G = 1 [json_name = "F"]; }
  message P { optional string F = 1; optional string G = 2; } message Q { oneof Choice { string F = 1; string G = 2; } }
  message A { optional B F = 1; optional InB G = 2; optional N H = 3; optional P I = 4; }
+ import "diadoc/rules.proto"; message B { optional string F = 1 [(Rules.field).max_len = 5]; } message C { optional string F = 1; }
  message InB { optional B F = 1; } message InC { optional C F = 1; }
  message N { option (Rules.message).any_of = {fields: "F"}; optional string F = 1; }
  message O { option (Rules.message).any_of = {fields: "F"}; optional string G = 1 [json_name = "F"]; }
  message P { optional string F = 1; optional string G = 2; } message Q { oneof Choice { string F = 1; string G = 2; } }
  message A { optional C F = 1; optional InC G = 2; optional O H = 3; optional Q I = 4; }
# another message of the same shape, in which a field that is given can be told
- syntax = "proto3"; message B { string F = 1; } message C { optional string F = 1; } message A { B F = 1; }
+ syntax = "proto3"; message B { string F = 1; } message C { optional string F = 1; } message A { C F = 1; }
# message and enum nested elsewhere, with other options and reserved numbers
- import "diadoc/rules.proto"; message X { message B { reserved 4; optional string F = 1 [(Rules.field).max_len = 5]; }
  enum E { reserved 4; Z = 0; } }
+ import "diadoc/rules.proto"; message Y { message B { option deprecated = true; optional string F = 1 [(Rules.field).max_len = 4]; }
  enum E { Z = 0; C = 1; } }
# another enum with another first member, with other names for JSON, with another unknown member
- import "diadoc/json.proto"; enum E { Z = 0; A = 1; } enum N { O = 0; } enum U { option (Json.names).unknown = "P"; P = 0; Q = 1; }
  message M { enum E { A = 1; Z = 0; } enum N { option allow_alias = true; B = 0; O = 0; }
  enum U { option (Json.names).unknown = "Q"; P = 0; Q = 1; } }
  message T { optional E F = 1; optional N G = 2; optional U H = 3; }
+ import "diadoc/json.proto"; enum E { Z = 0; A = 1; } enum N { O = 0; } enum U { option (Json.names).unknown = "P"; P = 0; Q = 1; }
  message M { enum E { A = 1; Z = 0; } enum N { option allow_alias = true; B = 0; O = 0; }
  enum U { option (Json.names).unknown = "Q"; P = 0; Q = 1; } }
  message T { optional M.E F = 1; optional M.N G = 2; optional M.U H = 3; }
# a field that only JSON had gets a number that was reserved
- import "diadoc/json.proto"; message A { reserved 7; optional string F = 536870001 [(Json.field).only = true]; }
+ import "diadoc/json.proto"; message A { optional string F = 7; }
# what is anyhow so, written out
- message A { optional string F = 1; } enum E { Z = 0; }
+ message A { option deprecated = false; optional string F = 1 [deprecated = false, ctype = STRING]; } enum E { Z = 0 [deprecated = false]; }
# an option of a vendor's is none of our own
- import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { optional string note = 50000; }
  message A { optional string F = 1 [(note) = "x"]; }
+ import "diadoc/rules.proto"; message A { optional string F = 1 [(Rules.field).max_len = 5]; }
"#;

    /// Cases in the package of methods.
    const METHODS: &str = r#"
# methods, services and what else stands there: removed, added
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R {}
  message Old {} enum OldE { Z = 0; }
+ service T { rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/N"}; } } message R {}
  message New { optional string F = 1; }
# the language of the schema
- message D { optional string F = 1; reserved 4; }
+ message D { optional string F = 2; reserved 5; }
# method renamed, in another service
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R {}
+ service T { rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R {}
# verb, path
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; }
  rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/N"}; } } message R {}
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M"}; }
  rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/V2/N"}; } } message R {}
# answers of the same and of another shape
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; }
  rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/N"}; } } message R {}
+ service S { rpc M(R) returns (Proto.B) { option (Http.method) = {get: "/M"}; }
  rpc N(R) returns (Http.Text) { option (Http.method) = {get: "/N"}; } } message R {}
# request renamed; and another request
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional string p = 1; }
+ service S { rpc M(Q) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message Q { optional string q = 1; }
# another request for one of two methods
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; }
  rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/N"}; } } message R { optional string p = 1; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; }
  rpc N(Q) returns (Proto.A) { option (Http.method) = {get: "/N"}; } } message R { optional string p = 1; } message Q {}
# a message of bodies for a request
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional string F = 1; }
+ service S { rpc M(Proto.A) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional string F = 1; }
# body and answer of the same shape, with other rules
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M" body: "a"}; } } message R { optional Proto.A a = 1; }
+ service S { rpc M(R) returns (Proto.D) { option (Http.method) = {post: "/M" body: "a"}; } } message R { optional Proto.D a = 1; }
# values of parameters: renamed, removed, renumbered, added; those of bodies
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M" body: "b"}; } }
  message R { optional E a = 1; repeated F b = 2; } enum E { Z = 0; A = 1; B = 2; C = 3; } enum F { Y = 0; G = 1; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M" body: "b"}; } }
  message R { optional E a = 1; repeated F b = 2; } enum E { Z = 0; D = 1; C = 4; N = 5; } enum F { Y = 0; }
# body
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M" body: "a"}; } }
  message R { optional Proto.A a = 1; optional Proto.C c = 2; optional Proto.A d = 3; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M" body: "a" body: "d"}; } }
  message R { optional Proto.C a = 1; optional Proto.C c = 2; optional Proto.A d = 3; }
# body renamed, of the same shape and of none
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M" body: ["a", "b", "c"]}; } }
  message R { optional Proto.A a = 1; optional Proto.A b = 2; optional Proto.A c = 3; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {post: "/M" body: ["x", "b", "c"]}; } }
  message R { optional Proto.A x = 1; optional Proto.B b = 2; optional bytes c = 3; }
# pending, absent, polling
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M" pending: {status: 204} absent: 404}; } } message R {}
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M" pending: {status: 202} pending: {status: 203} poll_with: "N"}; } } message R {}
# paging
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M" paging: {page: "p" items: "F"}}; } } message R { optional int32 p = 1; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M" paging: {cursor: "p" items: "F"}}; } } message R { optional int32 p = 1; }
# token, idempotency, streams
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M" anonymous: true}; option idempotency_level = NO_SIDE_EFFECTS; } } message R {}
+ service S { rpc M(stream R) returns (stream Proto.A) { option (Http.method) = {get: "/M"}; option idempotency_level = IDEMPOTENT; } } message R {}
# life of a method
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M" removal_after: "2027-04-03"}; } } message R {}
+ service S { option deprecated = true; rpc M(R) returns (Proto.A) { option deprecated = true; option (Http.method) = {get: "/M" successor: "N"}; } } message R {}
# how far the vendor is with giving up
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/N" stage: TO_BE_REMOVED}; } } message R {}
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M" stage: TO_BE_REMOVED}; } rpc N(R) returns (Proto.A) { option (Http.method) = {get: "/N" stage: GONE}; } } message R {}
# parameters: added, removed
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional string p = 1; reserved 9; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional string q = 2; required string r = 3; reserved "x"; }
# parameters: name, number, key
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional string p = 1; optional string q = 2; optional string r = 3; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional string other = 1; optional string q = 4; optional string r = 3 [json_name = "key"]; }
# parameters: type, label, default, oneof
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional int32 p = 1; optional int32 q = 2; optional string r = 3; optional string s = 4; optional string t = 5; oneof Choice { string u = 6; string v = 7; } }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { optional sfixed32 p = 1; optional bool q = 2; required string r = 3; optional string s = 4 [default = "x"]; oneof Choice { string t = 5; } oneof Renamed { string u = 6; string v = 7; } }
# parameters: how they are sent, and rules
- service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { repeated string p = 1; optional string q = 2 [(Rules.field).max_len = 4]; }
+ service S { rpc M(R) returns (Proto.A) { option (Http.method) = {get: "/M"}; } } message R { repeated string p = 1 [(Http.parameter).comma = true]; optional string q = 2 [(Http.parameter).header = "X-Q"]; }
"#;

    /// What the methods of [`METHODS`] answer with.
    const ANSWERS: &str = "package Diadoc.Api.Proto; import \"diadoc/rules.proto\";
        message A { optional string F = 1; } message D { optional string F = 1 [(Rules.field).max_len = 5]; }
        message B { optional string F = 1; } message C { optional string G = 2; }";

    /// The changes of each case, as a table; the kinds and reasons among them go to `seen`.
    fn table(
        cases: &str,
        seen: &mut BTreeSet<(ChangeKind, &'static str)>,
        shape: impl Fn(&str, &str) -> Shape,
    ) -> String {
        let mut table = String::new();
        for case in cases.split("\n# ").skip(1) {
            let (title, schemas) = case.split_once("\n- ").unwrap();
            let (old, new) = schemas.trim_end().split_once("\n+ ").unwrap();
            let changes = compare(&shape("old", old), &shape("new", new));
            seen.extend(changes.iter().map(|change| (change.kind, change.why)));
            writeln!(table, "# {title}\n- {old}\n+ {new}").unwrap();
            table += &(lines(&changes) + "\n");
        }
        table
            .replace("Diadoc.Api.Proto.", "")
            .replace("Diadoc.Api.Methods.", "")
    }

    /// The files of options that a text imports, and the text itself.
    fn with_options(name: &str, text: &str, more: &[(&str, &str)]) -> Shape {
        let options = ["rules", "http", "json", "title"].map(|name| format!("diadoc/{name}.proto"));
        let options = options
            .into_iter()
            .filter(|path| text.contains(path.as_str()));
        let options: Vec<_> = options
            .map(|path| {
                let file = crate::repository().join("proto").join(&path);
                (path, fs::read_to_string(file).unwrap())
            })
            .collect();
        let mut files = vec![("a.proto", text)];
        files.extend(options.iter().map(|(path, text)| (&**path, &**text)));
        files.extend(more);
        shape(name, &files)
    }

    fn of_bodies(name: &str, body: &str) -> Shape {
        let (syntax, body) = match body.strip_prefix("syntax") {
            Some(rest) => rest.split_once(';').unwrap(),
            None => (" = \"proto2\"", body),
        };
        let text = format!("syntax{syntax};\npackage Diadoc.Api.Proto;\n{body}\n");
        with_options(name, &text, &[])
    }

    fn of_methods(name: &str, body: &str) -> Shape {
        let text = format!(
            "package Diadoc.Api.Methods; import \"answers.proto\"; import \"diadoc/http.proto\";\n\
             import \"diadoc/rules.proto\";\n{body}\n"
        );
        with_options(name, &text, &[("answers.proto", ANSWERS)])
    }

    /// Against a document of a made-up vendor.
    fn of_document(name: &str, text: &str) -> Shape {
        match text.strip_prefix('{') {
            Some(_) => Shape::from_openapi(text.as_bytes()).unwrap(),
            None => of_bodies(name, text),
        }
    }

    const DOCUMENT: &str = r##"
# a document without numbers
- {"components": {"schemas": {"A": {"type": "object", "properties": {
  "Size": {"type": "integer", "format": "int32"}, "Text": {"type": "boolean"}, "Gone": {"type": "string"},
  "One": {"type": "array", "items": {"type": "string"}}, "Inner": {"$ref": "#/components/schemas/Other"},
  "Kind": {"$ref": "#/components/schemas/Sort"}}},
  "Other": {"type": "object", "properties": {"X": {"type": "string"}}},
  "Sort": {"type": "string", "enum": ["P", "Q"]}, "E": {"type": "string", "enum": ["B", "Lost"]}}}}
+ message A { optional int64 Size = 1; optional string Text = 2; optional string One = 3; optional string New = 4;
  optional I Inner = 5; optional K Kind = 6; } message I { optional string Y = 1; } enum K { R = 0; }
  enum E { option allow_alias = true; First = 0; B = 0; C = 1; }
  message Other { optional string X = 1; } enum Sort { P = 0; Q = 1; }
"##;

    #[test]
    fn every_kind_of_change() {
        let mut seen = BTreeSet::new();
        insta::assert_snapshot!("kinds_of_change", table(CASES, &mut seen, of_bodies));
        insta::assert_snapshot!(
            "kinds_of_change_of_methods",
            table(METHODS, &mut seen, of_methods)
        );
        insta::assert_snapshot!(
            "kinds_of_change_in_a_document",
            table(DOCUMENT, &mut seen, of_document)
        );
        let changes = deviations();
        seen.extend(changes.iter().map(|change| (change.kind, change.why)));

        // Each row of the table of kinds, and no more.
        let rows = kinds_markdown();
        let rows = rows.lines().skip(2).take_while(|line| !line.is_empty());
        let mut kind = None;
        let rows: BTreeSet<_> = rows
            .map(|row| {
                let cells: Vec<_> = row.split('|').map(str::trim).collect();
                let named = ChangeKind::ALL
                    .iter()
                    .find(|kind| cells[1] == format!("`{}`", kind.id()));
                kind = named.or(kind);
                (*kind.unwrap(), cells[4].to_owned())
            })
            .collect();
        let seen: BTreeSet<_> = seen
            .into_iter()
            .map(|(kind, why)| (kind, why.to_owned()))
            .collect();
        assert_eq!(seen.difference(&rows).collect::<Vec<_>>(), [] as [&_; 0]);
        assert_eq!(rows.difference(&seen).collect::<Vec<_>>(), [] as [&_; 0]);
    }

    #[test]
    fn a_move_to_another_package_has_a_hint() {
        let body = "message A { required B B = 1; } message B { optional string F = 1; }";
        let [old, new] = ["X", "Y"].map(|package| {
            let text = format!("package Diadoc.Api.Proto.{package};{body}");
            shape("move", &[("a.proto", &text)])
        });
        let changes = compare(&old, &new);
        assert!(changes.iter().all(|one| one.breaks.is_nothing()));
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
