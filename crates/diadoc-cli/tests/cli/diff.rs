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
    let end = "\nThe one change does not break the wire.\n";
    assert!(ran.stdout().ends_with(end), "{ran}");
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
    assert_eq!(retyped["breaks"], json!(["wire", "json"]));
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

/// What changes in `proto/`, by file: a text, what stands in its place, and what is said of that.
const CHANGES: [(&str, &str, &str, &str); 7] = [
    (
        "methods/operators.proto",
        OPERATORS,
        "",
        "Diadoc.Api.Methods.Operators.GetRoamingOperators\n  \
         method removed, get \"/GetRoamingOperators\"\n      \
         breaks HTTP: clients of the old schema call it, and nobody says what they get\n",
    ),
    (
        "methods/operators.proto",
        "get: \"/GetRoamingOperators\"",
        "get: \"/V2/GetRoamingOperators\"",
        "  method path Diadoc.Http.method.get, \"/GetRoamingOperators\" -> \
         \"/V2/GetRoamingOperators\"\n      \
         breaks HTTP: requests of one schema do not reach the method of the other\n",
    ),
    (
        "methods/operators.proto",
        "returns (Diadoc.Api.Proto.RoamingOperatorList)",
        "returns (Diadoc.Api.Proto.RoamingOperator)",
        "  method answer, Diadoc.Api.Proto.RoamingOperatorList -> \
         Diadoc.Api.Proto.RoamingOperator\n      \
         breaks the wire, JSON and HTTP: the answer's body is of another message\n",
    ),
    (
        "methods/operators.proto",
        "required string boxId",
        "required string box",
        "Diadoc.Api.Methods.GetRoamingOperatorsRequest\n  \
         boxId: parameter renamed, boxId -> box\n      \
         breaks HTTP: the query has a parameter under its name\n      \
         of `GetRoamingOperators`\n",
    ),
    (
        "methods/operators.proto",
        "option idempotency_level = NO_SIDE_EFFECTS;",
        "",
        "  method idempotency idempotency_level, NO_SIDE_EFFECTS -> none\n      \
         breaks HTTP: clients decide by it whether a request that failed may be sent again\n",
    ),
    (
        "events/document_attachments_to_post.proto",
        "\"Комментарий\", (Rules.field).max_len = 5000];",
        "\"Комментарий\", (Rules.field).max_len = 100];",
        "  Comment: rule changed Diadoc.Rules.field.max_len, 5000 -> 100\n      \
         breaks validation: it asks for more: validators of the new schema may refuse what was \
         valid\n",
    ),
    (
        "methods/shelf.proto",
        "removal_after: \"2026-09-30\"",
        "removal_after: \"2026-12-31\"",
        "  method removal Diadoc.Http.method.removal_after, \"2026-09-30\" -> \"2026-12-31\"\n      \
         breaks nothing: requests work as before until then\n",
    ),
];

const OPERATORS: &str = "  rpc GetRoamingOperators(GetRoamingOperatorsRequest)
      returns (Diadoc.Api.Proto.RoamingOperatorList) {
    option (Title.method) = \"Получить список операторов роуминга\";
    option idempotency_level = NO_SIDE_EFFECTS;
    option (Http.method) = {get: \"/GetRoamingOperators\"};
  }
";

#[test]
fn methods_rules_and_lifecycle() {
    let schema = repository().join("proto");
    for (file, text, other, said) in CHANGES {
        let folder = folder(&[]);
        copy(&schema, folder.path());
        let path = folder.path().join("diadoc").join(file);
        let was = fs::read_to_string(&path).unwrap();
        let now = was.replacen(text, other, 1);
        assert_ne!(was, now, "{file} has no {text}");
        fs::write(&path, now).unwrap();
        let ran = diff(folder.path(), &["builtin", "."]);
        ran.ended(1);
        ran.shows(said);
        ran.shows("\n1 change: ");
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

#[test]
fn as_markdown_and_as_a_page() {
    let folder = schemas();
    let ran = diff(folder.path(), &["old", "new", "--format", "markdown"]);
    ran.ended(1);
    assert_snapshot!("diff_markdown", ran.stdout());
    let page = || {
        let arguments = ["old", "new", "--report", "--date", "2026-11-29"];
        diff(folder.path(), &arguments)
    };
    let ran = page();
    ran.ended(1);
    assert_snapshot!("diff_report", ran.stdout());
    assert_eq!(ran.stdout(), page().stdout());
    let same = diff(folder.path(), &["old", "old", "--report"]);
    same.ended(0);
    assert!(same.stdout().ends_with("\nNo changes.\n"), "{same}");
    let undated = diff(folder.path(), &["old", "new", "--report"]);
    undated.shows("# What changed at the vendor\n");
}

#[test]
fn what_is_not_compared_is_named() {
    let folder = schemas();
    let ran = diff(folder.path(), &["builtin", "old"]);
    ran.ended(1);
    ran.shows(
        "Not compared: methods, rules and other options of ours, which only one side states.",
    );
    ran.shows("Not compared: what the live server takes, of which only one side has the table.");
    let said = "Not compared: what the live server takes, of which only one side has the table.\n";
    let ran = diff(folder.path(), &["builtin", "old", "--format", "json"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.json().is_array(), "{ran}");
    assert!(ran.stderr.ends_with(said), "{ran}");
    let same = diff(folder.path(), &["old", "old", "--format", "json"]);
    same.ended(0);
    let table = run(&["rules", "--json"]).stdout;
    run_with_input(&["diff", "-", "builtin"], &table).ended(0);
    let text = String::from_utf8(table).unwrap();
    let other = text.replacen("\"request\": \"dropped\"", "\"request\": \"refused\"", 1);
    let ran = run_with_input(&["diff", "-", "builtin"], other.as_bytes());
    ran.ended(1);
    ran.shows("deviation changed deviation.request, refused -> dropped");
}

/// The page has the table that judges.
#[test]
fn the_page_of_kinds_is_the_table() {
    let page = fs::read_to_string(repository().join("docs/diff.md")).unwrap();
    let table = run(&["diff", "--kinds"]).stdout().to_owned();
    assert!(
        page.replace("\r\n", "\n").ends_with(&table),
        "docs/diff.md does not end with what `diadoc diff --kinds` prints"
    );
}

/// Fields that got other names and numbers: which became which is looked for where they are few.
#[test]
fn names_are_looked_for_among_few() {
    let side = |name: &str, first: usize, count: usize| {
        let field = |at| format!("optional string {name}{at}Value = {};\n", first + at);
        let fields: String = (0..count).map(field).collect();
        format!("syntax = \"proto2\"; package Diadoc.Api.Proto; message M {{\n{fields}}}\n")
    };
    let too_many = "too much came and went here to look for names that are written alike";
    for (removed, added, looked) in [(100, 100, true), (101, 100, false), (10_001, 1, false)] {
        let (old, new) = (side("Field", 1, removed), side("Feild", 20_001, added));
        let folder = folder(&[("old/m.proto", &old), ("new/m.proto", &new)]);
        let ran = diff(folder.path(), &["old", "new"]);
        ran.ended(1);
        let hints = ran.stdout().matches("did it become `").count();
        let hints = hints + ran.stdout().matches("was it `").count();
        assert_eq!(hints > 0, looked, "{removed} {added}");
        let said = ran.stdout().matches(too_many).count();
        assert_eq!(said, usize::from(!looked), "{removed} {added}");
    }
}

/// Whether a message moved is looked for among few of its name.
#[test]
fn moves_are_looked_for_among_few() {
    let message = |package: &str| {
        format!(
            "syntax = \"proto2\"; package Diadoc.Api.Proto.{package}; \
             message M {{ optional string A = 1; }}"
        )
    };
    for (count, said) in [
        (1, "it moved"),
        (16, ""),
        (17, "too many that came have its name"),
    ] {
        let old = message("Old");
        let new = (0..count).map(|at| (format!("new/{at}.proto"), message(&format!("P{at}"))));
        let new: Vec<_> = new.collect();
        let mut files = vec![("old/m.proto", old.as_str())];
        files.extend(
            new.iter()
                .map(|(name, text)| (name.as_str(), text.as_str())),
        );
        let folder = folder(&files);
        let ran = diff(folder.path(), &["old", "new"]);
        ran.ended(1);
        ran.shows(said);
        assert_eq!(ran.stdout().contains("it moved"), !said.is_empty(), "{ran}");
    }
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
    run(&["diff", "builtin", "proto", "--breaking", "all"])
        .failed(2, &["json, wire, http, validation, any"]);
    run(&["diff", "builtin", "proto", "--format", "xml"]).failed(2, &["text, json, markdown"]);
    run(&["diff", "builtin", "proto", "--date", "2026-11-29"]).failed(2, &["--report"]);
    for date in [
        "2026-02-29",
        "29.11.2026",
        "2026-1-1",
        "+2026-01-01",
        "today",
        "",
        "0000-01-01",
    ] {
        let wrong = ["diff", "builtin", "proto", "--report", "--date", date];
        run(&wrong).failed(2, &["--date", "2026-11-29"]);
    }
    run(&["diff", "builtin", "proto", "--report", "--format", "json"]).failed(2, &["--format"]);
    run(&["diff", "builtin", "proto", "--report", "--breaking", "any"]).failed(2, &["--breaking"]);
    run(&["diff", "--kinds", "builtin"]).failed(2, &["--kinds"]);
}

/// What would take a compiler's stack, or memory for each part of a name, is refused at its line.
#[test]
fn schemas_that_would_exhaust_a_compiler() {
    let nested = format!(
        "message A {{}} option (x) = {}{};",
        "{o".repeat(4_000),
        "}".repeat(4_000)
    );
    let long = format!("\npackage Diadoc.Api.Proto{};", ".a".repeat(40_000));
    for (text, said) in [
        (
            nested,
            "line 1: brackets lie more than 100 deep in each other",
        ),
        (long, "line 2: a name has more than 100 parts"),
    ] {
        let folder = folder(&[("a.proto", &text)]);
        diff(folder.path(), &[".", "builtin"]).failed(2, &[said]);
    }
}
