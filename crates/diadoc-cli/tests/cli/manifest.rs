//! Manifests of folders: what is wrong with them, what they may say, and the command that writes them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{folder, names_in, run, run_in};

const TIMESTAMP: &str = r#"{"Ticks": 638884246403244956}"#;
const LIST: &str = r#"{"TotalCount": 0, "Documents": [], "HasMoreResults": false}"#;

/// Whether the manifest's own JSON Schema can know of a fault.
enum Seen {
    BySchema,
    Here,
}
use Seen::{BySchema, Here};

/// Manifests of a folder with `a.json` and `b.json`; all that is told of each, without what the lines
/// have in common.
const WRONG: &[(&str, Seen, &[&str])] = &[
    // What is no manifest.
    ("", BySchema, &["1:1: this is not JSON: EOF"]),
    ("[1,\n 2", BySchema, &["2:2: this is not JSON: EOF"]),
    (
        "3",
        BySchema,
        &[
            "1:1: a manifest is a list of bodies, or an object with the list under `bodies`, not a number",
        ],
    ),
    ("[]", BySchema, &["1:1: the manifest lists no bodies"]),
    ("{}", BySchema, &["1:1: `bodies` is missing"]),
    (
        r#"{"$schema": 1, "bodie": [], "bodies": {}}"#,
        BySchema,
        &[
            "1:13: `$schema` is a string, not a number",
            "1:16: there is no key `bodie`; did you mean `bodies`?",
            "1:39: `bodies` is a list, not an object",
        ],
    ),
    (
        r#"{"$schema": "s", "bodies": []}"#,
        BySchema,
        &["1:28: the manifest lists no bodies"],
    ),
    // Keys and types.
    (
        r#"["a.json"]"#,
        BySchema,
        &["1:2: an entry is an object, not a string"],
    ),
    (
        "[{\"file\": \"a.json\", \"message\": \"SignatureInfo\",\n  \"refused_att\": \"\"}]",
        BySchema,
        &["2:3: there is no key `refused_att`; did you mean `refused_at`?"],
    ),
    (
        r#"[{"file": "a.json", "message": "SignatureInfo", "é": 1, "x": 1}]"#,
        BySchema,
        &[
            "1:49: there is no key `é`; the keys are `file`, `form`, `message`, `direction`, `method`, `page`, `refused_at` and `fault`",
            "1:57: there is no key `x`; the keys are ",
        ],
    ),
    (
        r#"[{"file": "a.json", "message": "SignatureInfo", "direction": "reponse", "page": null, "form": "xml", "fault": ["f"]}]"#,
        BySchema,
        &[
            "1:62: `direction` is `request` or `response`, not `reponse`; did you mean `response`?",
            "1:81: `page` is a string, not null",
            "1:95: `form` is `json` or `protobuf`, not `xml`",
            "1:111: `fault` is a string, not a list",
        ],
    ),
    (
        r#"[{"message": "SignatureInfo"}, {"file": "", "message": "SignatureInfo"}, {"file": "a.json"}]"#,
        BySchema,
        &[
            "1:2: `file` is missing",
            "1:41: `file` is empty",
            "1:74: `message` is missing, and `method`, which it could follow from",
        ],
    ),
    (
        r#"[{"file": "a.json", "file": "b.json", "message": "SignatureInfo"}]"#,
        Here,
        &["1:21: the key `file` stands twice"],
    ),
    // Files.
    (
        r#"[{"file": "c.json", "message": "SignatureInfo"},
            {"file": "below", "message": "SignatureInfo"},
            {"file": "**/*.pb", "message": "SignatureInfo"},
            {"file": "***", "message": "SignatureInfo"}]"#,
        Here,
        &[
            "1:11: the file `c.json` is not there; did you mean `a.json` or `b.json`?",
            "2:22: `below` is a folder; `below/**/*.json` names the files in it",
            "3:22: no file matches `**/*.pb`",
            "4:22: `***` is not a pattern: ",
        ],
    ),
    (
        r#"[{"file": "a.json", "message": "SignatureInfo"},
            {"file": "./a.json", "message": "SignatureInfo"},
            {"file": "?.json", "message": "SignatureInfo"}]"#,
        Here,
        &[
            "2:22: `a.json` is named in line 1 already",
            "3:22: `a.json` is named in line 1 already",
        ],
    ),
    // Names.
    (
        r#"[{"file": "a.json", "message": "SignatureInf", "method": "GetSignatureInf"},
            {"file": "b.json", "message": "google.protobuf.FileOptions"}]"#,
        Here,
        &[
            "1:32: no message is called `SignatureInf`; did you mean `Diadoc.Api.Proto.SignatureInfo`",
            "1:58: no method is called `GetSignatureInf`; did you mean `GetSignatureInfo`?",
            "2:43: no message is called `google.protobuf.FileOptions`",
        ],
    ),
    // What contradicts itself.
    (
        r#"[{"file": "a.json", "message": "DocumentList", "method": "GetMessage (V6)", "direction": "response"},
            {"file": "b.json", "message": "SearchDocflowsRequest", "method": "SearchDocflowsV4", "direction": "response"}]"#,
        Here,
        &[
            "1:32: `GetMessageV6` answers with `Diadoc.Api.Proto.Events.Message`, not `Diadoc.Api.Proto.Documents.DocumentList`",
            "2:43: `SearchDocflowsV4` answers with `Diadoc.Api.Proto.Docflow.SearchDocflowsResponseV4`, not `Diadoc.Api.Proto.Docflow.SearchDocflowsRequest`; did you mean the direction `request`?",
        ],
    ),
    (
        r#"[{"file": "a.json", "method": "GetMessageV6", "direction": "request"},
            {"file": "b.json", "message": "DocumentList", "method": "SearchDocflowsV4"}]"#,
        Here,
        &[
            "1:60: `GetMessageV6` takes no message",
            "2:43: `SearchDocflowsV4` takes `Diadoc.Api.Proto.Docflow.SearchDocflowsRequest` and answers with `Diadoc.Api.Proto.Docflow.SearchDocflowsResponseV4`, not `Diadoc.Api.Proto.Documents.DocumentList`",
        ],
    ),
    // What does not follow.
    (
        r#"[{"file": "a.json", "method": "SearchDocflowsV4"}, {"file": "b.json", "method": "ShelfDownload"}]"#,
        Here,
        &[
            "1:31: `direction` is missing: `SearchDocflowsV4` takes `Diadoc.Api.Proto.Docflow.SearchDocflowsRequest` and answers with `Diadoc.Api.Proto.Docflow.SearchDocflowsResponseV4`",
            "1:81: `ShelfDownload` takes no message and answers with none",
        ],
    ),
    (
        r#"[{"file": "a.json", "message": "InvoiceInfo"}, {"file": "b.json", "message": "MessageToSend"}]"#,
        Here,
        &[
            "1:32: `direction` is missing: `Diadoc.Api.Proto.Invoicing.InvoiceInfo` is in requests of `GenerateInvoiceXml` and in responses of `ParseInvoiceXml`",
            "1:78: `direction` is missing, and no method has `Diadoc.Api.Proto.Events.MessageToSend`",
        ],
    ),
];

#[test]
fn all_that_is_wrong_is_told() {
    for (manifest, _, faults) in WRONG {
        let folder = folder(&[
            ("m/manifest.json", manifest),
            ("m/a.json", "{}"),
            ("m/b.json", "{}"),
            ("m/below/notes.txt", ""),
        ]);
        let ran = run_in(folder.path(), &["check", "m"]);
        ran.failed(2, &["Correct the manifest"]);
        let told = ran.stderr.trim_start_matches("error: ").lines();
        let told: Vec<_> = told
            .filter_map(|line| line.strip_prefix("m/manifest.json:"))
            .collect();
        assert_eq!(told.len(), faults.len(), "{manifest}\n{ran}");
        for (told, fault) in told.iter().zip(*faults) {
            // A fault that ends otherwise is written short here.
            assert!(told.starts_with(fault), "{told}\n{fault}\n{manifest}");
        }
    }
}

#[test]
fn the_json_schema_takes_and_refuses_the_same() {
    let ran = run(&["manifest", "schema"]);
    ran.ended(0);
    let schema = ran.json();
    jsonschema::meta::validate(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();

    let fixtures = std::fs::read(crate::repository().join("fixtures/manifest.json")).unwrap();
    let fixtures: Value = serde_json::from_slice(&fixtures).unwrap();
    for right in [
        json!({"bodies": fixtures.clone()}),
        json!({"$schema": "manifest.schema.json", "bodies": fixtures.clone()}),
        json!([{"file": "*.pb", "form": "protobuf", "method": "GetMessageV6", "refused_at": ""}]),
        fixtures,
    ] {
        assert!(schema.is_valid(&right), "{right}");
    }
    for (manifest, seen, _) in WRONG {
        // What is no JSON is no manifest for anybody.
        let valid = serde_json::from_str(manifest).is_ok_and(|value| schema.is_valid(&value));
        assert_eq!(valid, matches!(seen, Here), "{manifest}");
    }
}

#[test]
fn patterns_lines_protobuf_and_what_follows() {
    let lines = format!("{LIST}\n\n{LIST}\n");
    let manifest = r#"{"$schema": "manifest.schema.json", "bodies": [
        {"file": "captured/**/*.json", "method": "GetDocuments (V3)"},
        {"file": "log.ndjson", "message": "DocumentList"},
        {"file": "stamp.bin", "message": "Timestamp", "direction": "response"},
        {"file": "other", "form": "protobuf", "message": "Timestamp", "direction": "request"},
        {"file": "[x].json", "message": "SearchDocflowsRequest"}
    ]}"#;
    // Protobuf of `Ticks`: 1.
    let ticks = "\u{9}\u{1}\0\0\0\0\0\0\0";
    let folder = folder(&[
        ("manifest.json", manifest),
        ("manifest.schema.json", "{}"),
        ("captured/a.json", LIST),
        ("captured/below/b.json", LIST),
        ("captured/below/notes.txt", "no body"),
        ("log.ndjson", &lines),
        ("stamp.bin", ticks),
        ("other", ticks),
        ("[x].json", r#"{"QueryString": "x"}"#),
        (".editor/settings.json", "{}"),
        ("apart/manifest.json", "its own"),
        ("apart/c.json", LIST),
    ]);
    let ran = run_in(folder.path(), &["check", ".", "--format", "json"]);
    ran.ended(0);
    let document = ran.json();
    let bodies = document["bodies"].as_array().unwrap();
    let told = bodies.iter().map(|body| {
        let text = |key: &str| body[key].as_str().unwrap().replace('\\', "/");
        let message = text("message");
        let message = message.rsplit('.').next().unwrap_or_default();
        format!(
            "{} {message} {}",
            text("file").trim_start_matches("./"),
            text("direction")
        )
    });
    let told = told.collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            "captured/a.json DocumentList response",
            "captured/below/b.json DocumentList response",
            "log.ndjson DocumentList response",
            "log.ndjson DocumentList response",
            "stamp.bin Timestamp response",
            "other Timestamp request",
            "[x].json SearchDocflowsRequest request",
        ]
    );
}

#[test]
fn bodies_that_no_entry_names_are_findings() {
    let folder = folder(&[
        (
            "manifest.json",
            r#"[{"file": "a.json", "message": "SignatureInfo"}]"#,
        ),
        ("a.json", "{}"),
        ("below/b.pb", ""),
        ("c.ndjson", TIMESTAMP),
        ("notes.txt", "no body"),
    ]);
    let check = |format: &str| run_in(folder.path(), &["check", ".", "--format", format]);
    let text = check("text");
    assert_snapshot!("unnamed", text);
    text.ended(1);

    let document = check("json").json();
    assert_eq!(document["bodies"][1]["verdict"], "unnamed");
    assert_eq!(document["bodies"][1]["rule"], "check.unnamed");
    assert_eq!(document["summary"]["unnamed"], 2);
    let log = check("sarif").json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let unnamed = results
        .iter()
        .filter(|result| result["ruleId"] == "check.unnamed");
    assert_eq!(unnamed.count(), 2);
}

#[test]
fn init_writes_what_it_is_sure_of() {
    let folder = folder(&[
        ("list.json", LIST),
        (
            "below/search.json",
            r#"{"QueryString": "x", "SearchScope": "SearchScopeAny"}"#,
        ),
        ("log.jsonl", &format!("{LIST}\n\n{LIST}\n")),
        // Left out, each for a reason of its own.
        ("broken.json", "{"),
        (
            "foreign.json",
            r#"{"name": "x", "version": "1", "Ticks": 1}"#,
        ),
        (
            "mixed.ndjson",
            &format!(
                "{LIST}\n{}\n",
                r#"{"QueryString": "x", "SearchScope": "SearchScopeAny"}"#
            ),
        ),
        ("nothing.json", r#"{"name": "x"}"#),
        (
            "several.json",
            r#"{"Documents": [], "HaveMoreDocuments": false}"#,
        ),
        ("stamp.json", TIMESTAMP),
        ("void.pb", ""),
        ("notes.txt", "no body"),
    ]);
    let init = || run_in(folder.path(), &["manifest", "init"]);
    let ran = init();
    assert_eq!(ran.code, Some(1), "{ran}");
    assert_snapshot!("init", ran);
    let manifest = std::fs::read_to_string(folder.path().join("manifest.json")).unwrap();
    assert_snapshot!("init_manifest", manifest);
    // Nothing but the manifest is new, and it is used as it is.
    assert_eq!(names_in(folder.path()).len(), 12);
    let checked = run_in(folder.path(), &["check", ".", "--format", "json"]);
    assert_eq!(checked.json()["summary"]["unnamed"], 7);

    let again = init();
    again.failed(2, &["there is a manifest already", "it stays as it is"]);
    assert_eq!(
        std::fs::read_to_string(folder.path().join("manifest.json")).unwrap(),
        manifest
    );
}

#[test]
fn init_of_what_is_no_folder_of_bodies() {
    let folder = folder(&[("empty/notes.txt", ""), ("odd/a.json", r#"{"name": "x"}"#)]);
    let init = |name: &str| run_in(folder.path(), &["manifest", "init", name]);
    init("gone").failed(2, &["gone: ", "Name a folder"]);
    init("empty").failed(2, &["empty: there are no bodies in this folder"]);
    let odd = init("odd");
    assert_eq!((odd.code, odd.stdout()), (Some(1), ""), "{odd}");
    odd.says("left out: no message fits it");
    odd.says("error: odd/manifest.json: there is nothing to write");
    assert_eq!(names_in(&folder.path().join("odd")), ["a.json"]);
}
