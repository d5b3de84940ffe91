//! `diadoc check`: one body a line, JSON and SARIF out, guesses, patterns, and what goes wrong on the
//! way.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};

use insta::assert_snapshot;
use serde_json::Value;

use crate::{Ran, folder, run, run_in, run_with_input, spawn};

/// A request with a value of the wrong type and a key that is not in the schema.
const REQUEST: &str = r#"{
  "FromBoxId": "8f2c1d2e000040008000000000000001@diadoc.ru",
  "ToBoxId": "8f2c1d2e000040008000000000000002@diadoc.ru",
  "DocumentAttachments": [
    {
      "SignedContent": { "Content": "PD94bWw=", "SignWithTestSignature": "yes" },
      "TypeNamedId": "Nonformalized",
      "MetadataItem": [{ "Key": "FileName", "Value": "a.pdf" }]
    }
  ]
}
"#;

const LINES: &str = "{\"Ticks\": 1}\n\n{\"Ticks\": true}\r\n{\"Ж\": 1, \"Ticks\": 2.5}\n{\"Tic";

fn list<'a>(value: &'a Value, pointer: &str) -> &'a Vec<Value> {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.unwrap_or_else(|| panic!("no list at {pointer} in {value:#}"))
}

#[test]
fn a_stranger_finds_the_fault_in_one_run() {
    let folder = folder(&[("body.json", REQUEST)]);
    let arguments = ["check", "body.json", "--direction", "request"];
    let ran = run_in(folder.path(), &arguments);
    assert_snapshot!("stranger", ran);
    assert_eq!(ran.code, Some(1));
}

#[test]
fn notes_name_the_key_that_was_meant() {
    let folder = folder(&[("body.json", REQUEST)]);
    let arguments = [
        "check",
        "body.json",
        "-m",
        "MessageToPost",
        "-d",
        "response",
        "--notes",
    ];
    let ran = run_in(folder.path(), &arguments);
    let note = "drift[json.unknown-key]: DocumentAttachments[0].MetadataItem: `DocumentAttachment` has no key \
                `MetadataItem` in the schema; it is the name of a type, which `Metadata` has\n";
    ran.shows(note);
}

#[test]
fn broken_json_has_its_message_guessed_from_its_keys() {
    let broken = REQUEST.replace("0002@diadoc.ru\",", "0002@diadoc.ru\"");
    let folder = folder(&[("body.json", &broken)]);
    let ran = run_in(folder.path(), &["check", "body.json", "-d", "request"]);
    assert_snapshot!("stranger_broken", ran);
    assert_eq!(ran.code, Some(1));
}

#[test]
fn a_guess_names_close_rivals() {
    let ran = run_with_input(&["check", "-"], br#"{"MessageId": "x", "EntityId": "y"}"#);
    ran.shows("    taken for Diadoc.Api.Proto.");
    ran.shows("    or is it Diadoc.Api.Proto.");
    ran.shows("    --message NAME says which it is\n");

    let ran = run_with_input(&["check", "-"], br#"{"Nothing": "known"}"#);
    ran.ended(1);
    ran.shows("NO MESSAGE FITS\n");
    let end = "\n1 body: fits no message; no message of the schema fits this\n";
    assert!(ran.stdout().ends_with(end));
}

fn check_timestamp(body: &[u8], more: &[&str]) -> Ran {
    let arguments = [&["check", "-m", "Timestamp", "-"], more].concat();
    run_with_input(&arguments, body)
}

#[test]
fn the_direction_weighs_findings() {
    let body = br#"{"Ticks": 1, "Extra": 2}"#;
    let check = |more: &[&str]| check_timestamp(body, more);
    // A moment goes both ways, and a body has to be right in both.
    let both = check(&[]);
    both.ended(1);
    both.shows("as a request (--direction says which it is):\n");
    both.shows("as a response (--direction says which it is):\n");
    check(&["--direction", "response"]).ended(0);
    let request = check(&["--direction", "request"]);
    request.ended(1);
    request.shows("PARTLY DROPPED\n");
    let end = "\n1 body: is partly dropped; the server would take this, and ignore what is marked \
               `dropped`\n";
    assert!(request.stdout().ends_with(end));

    // What its manifest says can be overruled.
    let manifest = r#"[{"file": "a.json", "message": "Timestamp", "direction": "request"}]"#;
    let a = r#"{"Ticks": 1, "Extra": 2}"#;
    let folder = folder(&[("manifest.json", manifest), ("a.json", a)]);
    run_in(folder.path(), &["check", "."]).ended(1);
    run_in(folder.path(), &["check", ".", "-d", "response"]).ended(0);
}

#[test]
fn strict_counts_all() {
    // A note alone.
    let body = br#"{"Ticks": 1, "Extra": 2}"#;
    let tolerant = check_timestamp(body, &["-d", "response"]);
    tolerant.ended(0);
    tolerant.shows("  passes\n");
    let strict = check_timestamp(body, &["-d", "response", "--strict"]);
    strict.ended(1);
    strict.shows("  HAS 1 FINDING\n");

    let fixtures = run(&["check", "--strict"]);
    fixtures.ended(1);
    let end = "are not as the manifest says\n";
    assert!(fixtures.stdout().ends_with(end));
}

#[test]
fn one_body_a_line() {
    let folder = folder(&["log.ndjson", "log.JSONL", "log.txt"].map(|name| (name, LINES)));
    let check = |arguments: &[&str]| {
        let arguments = [&["check", "-m", "Timestamp", "-d=response"], arguments].concat();
        run_in(folder.path(), &arguments)
    };
    let ran = check(&["log.ndjson"]);
    assert_snapshot!("lines", ran);
    assert_eq!(ran.code, Some(1));

    let named = check(&["log.txt", "--ndjson"]);
    let renamed = named.stdout().replace("log.txt", "log.ndjson");
    assert_eq!(renamed, ran.stdout());
    assert!(check(&["log.JSONL"]).stdout().contains("log.JSONL:3  "));
    assert!(check(&["log.txt"]).stdout().contains("\n1 body: "));

    let arguments = ["check", "-m", "Timestamp", "--ndjson", "-"];
    let piped = run_with_input(&arguments, LINES.as_bytes());
    piped.ended(1);
    piped.shows("standard input, line 3  Timestamp");
    let none = run_with_input(&arguments, b"\n\n");
    none.failed(2, &["standard input: there is no body in it"]);
}

#[test]
fn lines_are_guessed_one_by_one() {
    let lines =
        b"{\"Ticks\": 1}\n{\"TotalCount\": 0, \"Documents\": [], \"HasMoreResults\": false}\n";
    let ran = run_with_input(&["check", "--ndjson", "-", "--format", "json"], lines);
    ran.ended(0);
    let document = ran.json();
    let bodies = list(&document, "/bodies");
    assert_eq!(bodies.len(), 2);
    assert_eq!(
        bodies[1]["message"],
        "Diadoc.Api.Proto.Documents.DocumentList"
    );
}

#[test]
fn results_stand_in_the_order_of_the_bodies() {
    let mut lines = String::new();
    for number in 0..2_000 {
        // Some take longer than others.
        let extra = "x".repeat(if number % 97 == 0 { 50_000 } else { 1 });
        let _ = writeln!(lines, "{{\"Ticks\": {number}, \"{extra}\": 1}}");
    }
    let arguments = [
        "check",
        "-m=Timestamp",
        "-d=response",
        "--ndjson",
        "-",
        "--format=json",
    ];
    let ran = run_with_input(&arguments, lines.as_bytes());
    ran.ended(0);
    let document = ran.json();
    let numbers = list(&document, "/bodies").iter();
    let numbers = numbers.map(|body| body["line"].as_u64().unwrap_or_default());
    assert!(numbers.eq(1..=2_000));
}

#[test]
fn patterns_name_files() {
    let good = r#"{"Ticks": 1}"#;
    let folder = folder(&[
        ("a/1.json", good),
        ("a/b/2.json", good),
        ("a/manifest.json", "not a body"),
        ("a/[x].json", good),
        ("a/3.txt", good),
    ]);
    let check = |pattern: &str| run_in(folder.path(), &["check", "-m", "Timestamp", pattern]);
    let files = |ran: &Ran| {
        ran.ended(0);
        let lines = ran.stdout().lines();
        let files = lines.filter_map(|line| line.split_once("  ").map(|(file, _)| file.to_owned()));
        let files = files.filter(|file| !file.is_empty());
        let files = files.map(|file| file.trim().replace('\\', "/"));
        files.collect::<Vec<_>>()
    };
    assert_eq!(files(&check("a/?.json")), ["a/1.json"]);
    let all = files(&check("**/*.json"));
    assert_eq!(all, ["a/1.json", "a/[x].json", "a/b/2.json"]);
    // A file that is there is no pattern.
    assert_eq!(files(&check("a/[x].json")), ["a/[x].json"]);
    check("b/*.json").failed(2, &["b/*.json: no file is there or matches"]);
    check("***").failed(2, &["***: this is not a pattern"]);
}

#[test]
fn what_cannot_be_read_does_not_stop_the_rest() {
    let (good, bad) = (r#"{"Ticks": 1}"#, r#"{"Ticks": true}"#);
    let folder = folder(&[("a.json", good), ("z.json", bad)]);
    let check = |format: &str| {
        let files = ["a.json", "gone.json", "z.json", "gone.ndjson"];
        let arguments = ["check", "-m", "Timestamp", "--format", format];
        run_in(folder.path(), &[&arguments[..], &files[..]].concat())
    };
    let text = check("text");
    assert_eq!(text.code, Some(2), "{text}");
    text.says("error: gone.json: cannot be read");
    text.says("error: gone.ndjson: cannot be read");
    text.shows("\nz.json       Timestamp  REFUSED, as a request and as a response\n");
    let end = "\n2 bodies: 1 passes, 1 is refused; 2 could not be read: gone.json, gone.ndjson\n";
    assert!(text.stdout().ends_with(end), "{text}");

    let document = check("json").json();
    assert_eq!(document["bodies"][1]["file"], "gone.json");
    assert_eq!(document["bodies"][1]["verdict"], "unreadable");
    assert_eq!(document["summary"]["unreadable"], 2);
    let log = check("sarif").json();
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let told = list(invocation, "/toolExecutionNotifications");
    assert_eq!(told.len(), 2);
}

#[test]
fn json_has_everything() {
    let folder = folder(&[("log.ndjson", LINES), ("body.json", REQUEST)]);
    let arguments = ["check", "--format", "json", "-d", "request"];
    let check = |more: &[&str]| {
        let ran = run_in(folder.path(), &[&arguments[..], more].concat());
        ran.ended(1);
        ran.json()
    };
    let guessed = &check(&["body.json"])["bodies"][0];
    assert_eq!(guessed["message"], "Diadoc.Api.Proto.Events.MessageToPost");
    assert!(guessed["guess"]["reason"].is_string(), "{guessed:#}");
    assert!(guessed["guess"]["rivals"].is_array(), "{guessed:#}");

    let document = check(&["-m", "Timestamp", "log.ndjson"]);
    let bodies = list(&document, "/bodies");
    assert_eq!(bodies.len(), 4);
    assert_eq!(document["summary"]["bodies"], 4);
    assert_eq!(document["summary"]["refused"], 2);
    assert_eq!(document["summary"]["dropped"], 1);
    for body in bodies {
        assert_eq!(body["file"], "log.ndjson");
        assert!(body["round_trip"].is_object());
        assert!(body.get("guess").is_none());
        assert!(body.get("as_manifest_says").is_none());
    }
    // Places count from the start of the file.
    let finding = &bodies[1]["report"]["findings"][0];
    assert_eq!(bodies[1]["line"], 3);
    assert_eq!(finding["line"], 3);
    assert_eq!(finding["column"], 11);
    let start = finding["span"]["start"].as_u64().unwrap() as usize;
    assert!(LINES[start..].starts_with("true}"));
    // What the report says is not said again.
    let notes = |body: &Value| body["round_trip"]["notes"].clone();
    assert!(
        bodies
            .iter()
            .all(|body| notes(body) == serde_json::json!([]))
    );

    let fixtures = run(&["check", "--format", "json"]).json();
    assert_eq!(fixtures["summary"]["passes"], 12);
    assert_eq!(fixtures["summary"]["not_as_manifest_says"], 0);
    let bodies = list(&fixtures, "/bodies");
    assert!(bodies.iter().all(|body| body["as_manifest_says"] == true));
}

#[test]
fn sarif_has_the_shape_of_its_specification() {
    let folder = folder(&[("a b/log.ndjson", LINES), ("body.json", REQUEST)]);
    let arguments = ["check", "--format=sarif", "a b", "body.json", "-d=request"];
    let ran = run_in(folder.path(), &arguments);
    ran.ended(1);
    let log = ran.json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = list(run, "/tool/driver/rules");
    let ids = rules.iter().filter_map(|rule| rule["id"].as_str());
    let ids: HashSet<_> = ids.collect();
    assert_eq!(ids.len(), rules.len(), "each rule stands once");
    for rule in rules {
        assert!(rule["shortDescription"]["text"].is_string());
    }

    let results = list(run, "/results");
    assert!(results.len() >= 5);
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let level = result["level"].as_str().unwrap();
        assert!(["error", "warning", "note"].contains(&level));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let text = match uri {
            "a%20b/log.ndjson" => LINES,
            "body.json" => REQUEST,
            other => panic!("{other}"),
        };
        // Lines and columns and bytes name the same place.
        let region = &place["region"];
        if result["ruleId"] == "check.unknown" {
            assert!(region["startLine"].is_u64());
            continue;
        }
        let number = |name: &str| region[name].as_u64().unwrap() as usize;
        let (start, length) = (number("byteOffset"), number("byteLength"));
        for (line, column, at) in [
            ("startLine", "startColumn", start),
            ("endLine", "endColumn", start + length),
        ] {
            let before = &text[..at];
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            let characters = before[line_start..].chars().count();
            assert_eq!(number(line), before.matches('\n').count() + 1, "{result:#}");
            assert_eq!(number(column), characters + 1, "{result:#}");
        }
    }

    // What is wrong on purpose is no news.
    let fixtures = crate::run(&["check", "--format", "sarif"]).json();
    let mut errors = list(&fixtures, "/runs/0/results").clone();
    errors.retain(|result| result["level"] == "error");
    assert!(!errors.is_empty());
    for error in errors {
        assert_eq!(error["suppressions"][0]["kind"], "external");
    }
}

#[test]
fn protobuf_bodies() {
    // Ticks is a varint; then one of the wrong wire type.
    let (good, bad) = (("good.bin", "\u{8}\u{1}"), ("bad.pb", "\n\u{1}x"));
    let folder = folder(&[good, bad, ("a.json", "{}")]);
    let check = |message: &str| {
        let arguments = ["check", "--from", "protobuf", "-m", message, "."];
        run_in(folder.path(), &arguments)
    };
    check("DocumentsWithECMInfo").failed(2, &["no message and no method is called"]);
    let ran = check("Documents.DocumentList");
    assert_snapshot!("protobuf", ran);
    assert_eq!(ran.code, Some(1));

    let arguments = ["check", "--from", "protobuf", "--ndjson", "-"];
    run_with_input(&arguments, b"").failed(2, &["--ndjson is for JSON"]);
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let mut child = spawn(&["check", "-m", "Timestamp", "--ndjson", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    // It prints what it knows while it waits for more.
    stdin.write_all(b"{\"Ticks\": 1}\n").unwrap();
    stdin.flush().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let passes = "standard input, line 1  Timestamp  passes, as a request and as a response\n";
    assert_eq!(line, passes);
    drop(stdout);
    // Standard input stays open; the next result finds nobody.
    while stdin.write_all(b"{\"Ticks\": 1}\n").is_ok() {}
    let ran = Ran::from(child.wait_with_output().unwrap());
    ran.ended(0);
}
