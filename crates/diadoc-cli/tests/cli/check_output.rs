//! What `diadoc check` prints of many bodies, and for tools.

use std::collections::HashSet;
use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use crate::{Ran, folder, run_in};

const GOOD: &str = r#"{"Ticks": 638884246403244956}"#;
/// A warning, a note.
const NEWS: &str = r#"{"HasMoreResults": true, "Documents": [], "New": 1}"#;
const PAGE: &str = r#"{"TotalCount": 0, "Documents": [], "HasMoreResults": false}"#;
const BAD: &str = "{\n  \"TotalCount\": \"a\",\n  \"HasMoreResults\": 7\n}";

/// Bodies in a folder, and a check of it as responses.
fn check(files: &[(&str, &str)], more: &[&str]) -> Ran {
    let folder = folder(files);
    let arguments = [&["check", "-d", "response", "-m", "DocumentList"], more].concat();
    run_in(folder.path(), &arguments)
}

fn many(count: usize) -> Vec<(String, &'static str)> {
    (0..count).map(|n| (format!("{n:03}.json"), NEWS)).collect()
}

/// A line for each body that passes; what there is to say of them stands once, at the end.
#[test]
fn a_body_that_passes_is_one_line() {
    let files = many(500);
    let files: Vec<_> = files
        .iter()
        .map(|(name, body)| (name.as_str(), *body))
        .collect();
    let ran = check(&files, &["."]);
    ran.ended(0);
    let lines: Vec<_> = ran.stdout().lines().collect();
    assert!(lines.len() < 530, "{}", lines.len());
    assert!(
        lines[..500]
            .iter()
            .all(|line| line.contains("  passes with "))
    );
    assert_snapshot!("output_folded", lines[500..].join("\n"));
    let noted = check(&files[..2], &[".", "--notes"]);
    noted.ended(0);
    assert_snapshot!("output_notes", noted.stdout());
}

#[test]
fn quiet() {
    let files = [
        ("a.json", NEWS),
        ("b.json", BAD),
        ("c.json", "{\"TotalCount\": 0}"),
    ];
    let ran = check(&files, &["-q", "."]);
    ran.ended(1);
    assert!(ran.stdout().starts_with("./b.json  "), "{}", ran.stdout());
    assert!(!ran.stdout().contains("a.json  ") && !ran.stdout().contains("c.json  "));
    ran.shows("3 bodies: 2 pass, 1 is refused\n");
    let fine = check(&files[..1], &["-q", "."]);
    fine.ended(0);
    assert_eq!(fine.stdout(), "");
}

const FILES: [(&str, &str); 3] = [
    ("a,b:c%.json", BAD),
    ("ж <&>\"'.json", NEWS),
    ("none.json", ""),
];

#[test]
fn annotations_of_github() {
    let ran = check(&FILES, &["--format", "github", "."]);
    assert_eq!(ran.code, Some(1));
    assert_snapshot!("output_github", ran.stdout());
    let command =
        |line: &str| line.starts_with("::error file=") || line.starts_with("::warning file=");
    assert!(ran.stdout().lines().all(command));
}

#[test]
fn code_quality_of_gitlab() {
    let ran = check(&FILES, &["--format", "gitlab", "--notes", "."]);
    assert_eq!(ran.code, Some(1));
    let issues = ran.json();
    let issues = issues.as_array().unwrap();
    let prints: HashSet<_> = issues
        .iter()
        .map(|issue| issue["fingerprint"].as_str())
        .collect();
    assert_eq!(prints.len(), issues.len());
    for issue in issues {
        assert!(
            issue["location"]["lines"]["begin"].as_u64() > Some(0),
            "{issue}"
        );
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with("./"), "{path}");
    }
    // The same again, whatever stands before it.
    let again = check(&FILES[..1], &["--format", "gitlab", "--notes", "."]).json();
    let again = again.as_array().unwrap();
    assert!(!again.is_empty() && again.iter().all(|issue| issues.contains(issue)));
}

#[test]
fn tests_of_junit() {
    let ran = check(&FILES, &["--format", "junit", ".", "absent.json"]);
    assert_eq!(ran.code, Some(2));
    assert_snapshot!("output_junit", ran.stdout());
}

/// What is wrong on purpose, as the manifest says, is no news to tools; what no entry names is.
#[test]
fn a_manifest_and_tools() {
    let manifest = r#"[{"file": "bad.json", "message": "Timestamp", "direction": "response", "refused_at": "Ticks"}]"#;
    let files = [
        ("manifest.json", manifest),
        ("bad.json", r#"{"Ticks": "a"}"#),
    ];
    for format in ["github", "gitlab", "junit"] {
        let folder = folder(&files);
        let ran = run_in(folder.path(), &["check", ".", "--format", format]);
        ran.ended(0);
        assert!(!ran.stdout().contains("json.type"), "{ran}");
        fs::write(folder.path().join("more.json"), GOOD).unwrap();
        let ran = run_in(folder.path(), &["check", ".", "--format", format]);
        assert_eq!(ran.code, Some(1));
        ran.shows("check.unnamed");
    }
}

/// Each rule of SARIF says what it is about; notes are for those who ask.
#[test]
fn sarif_explains_its_rules() {
    let log = check(&FILES, &["--format", "sarif", "."]).json();
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        assert!(rule["shortDescription"]["text"].is_string(), "{id}");
        if !id.starts_with("check.") {
            assert!(rule["help"]["text"].as_str().unwrap().contains(id), "{id}");
            assert!(rule["fullDescription"]["text"].is_string(), "{id}");
            let uri = rule["helpUri"].as_str().unwrap();
            assert!(
                uri.starts_with("https://docs.rs/") && uri.contains("#variant."),
                "{uri}"
            );
        }
    }
    let notes = |log: &Value| {
        let results = log["runs"][0]["results"].as_array().unwrap();
        results
            .iter()
            .filter(|result| result["level"] == "note")
            .count()
    };
    assert_eq!(notes(&log), 0);
    assert!(notes(&check(&FILES, &["--format", "sarif", "--notes", "."]).json()) > 0);
}

/// Folders have other things in them.
#[test]
fn what_is_passed_over() {
    let files = [
        ("a.json", PAGE),
        ("foreign.json", r#"{"compilerOptions": {"strict": true}}"#),
        (".hidden.json", "{"),
        (".git/x.json", "{"),
        ("node_modules/p/package.json", "{"),
        ("out/b.json", "{"),
        (".gitignore", "out/\n"),
    ];
    let folder = folder(&files);
    let check = |more: &[&str]| run_in(folder.path(), &[&["check"], more].concat());
    let ran = check(&["."]);
    ran.ended(0);
    ran.shows("./foreign.json  ?  skipped: no message fits\n");
    ran.shows("2 bodies: 1 passes, 1 is skipped");
    // A broken body is one, whatever it was to be.
    let ran = check(&[".", "--no-ignore"]);
    assert_eq!(ran.code, Some(1));
    ran.shows("6 bodies: ");
    let ran = check(&[
        ".",
        "--no-ignore",
        "--exclude",
        "node_modules",
        "--exclude",
        ".*",
        "--exclude",
        "/out",
    ]);
    ran.ended(0);
    ran.shows("2 bodies: ");
    let ran = check(&[
        "**/*.json",
        "--exclude",
        "out",
        "--exclude",
        "node_*",
        "--exclude",
        ".git",
        "--exclude",
        ".hidden*",
    ]);
    ran.ended(0);
    ran.shows("2 bodies: ");
    // What is named is checked.
    let ran = check(&["foreign.json", "--exclude", "foreign.json"]);
    assert_eq!(ran.code, Some(1));
    ran.shows("NO MESSAGE FITS");
    let json = check(&[".", "--format", "json"]).json();
    assert_eq!(json["summary"]["skipped"], 1);
    let none = check(&["out/nothing"]);
    assert_eq!(none.code, Some(2));
}

#[test]
fn colour_is_for_those_who_ask_here() {
    let has_colour = |more: &[&str]| {
        let ran = check(&FILES, &[more, &["."]].concat());
        ran.stdout().contains("\u{1b}[31m") || ran.stdout().contains("\u{1b}[1m\u{1b}[31m")
    };
    assert!(has_colour(&["--color", "always"]));
    assert!(!has_colour(&[]) && !has_colour(&["--color", "never"]));
    // What tools read has none.
    assert!(!has_colour(&["--color=always", "--format=github"]));
}

/// A body may be wrong as a request, as a response, or either way: tools are told which, and once.
#[test]
fn both_ways_for_tools() {
    let folder = folder(&[
        ("a.json", r#"{"MessageId": 1, "EntityID": "b"}"#),
        ("cut.json", "{\"MessageId\": "),
    ]);
    for format in ["github", "gitlab", "junit", "sarif"] {
        let arguments = [
            "check",
            "-m",
            "DocumentId",
            "--strict",
            "--format",
            format,
            ".",
        ];
        let ran = run_in(folder.path(), &arguments);
        assert_eq!(ran.code, Some(1));
        ran.shows("As a request, ");
        ran.shows("As a response, ");
        assert_eq!(
            ran.stdout().matches("the body ends too early").count(),
            1,
            "{ran}"
        );
    }
}

/// Lines are bodies, all of them; a file that nobody named may be something else.
#[test]
fn what_is_skipped_and_what_is_not() {
    let line = r#"{"MessageId": "", "EntityId": "b"}"#;
    let lines = format!("{line}\n{{\"wrong\": 1}}\n");
    let files = [("a.ndjson", lines.as_str()), ("b.json", r#"{"wrong": 1}"#)];
    let folder = folder(&files);
    let ran = run_in(folder.path(), &["check", "."]);
    assert_eq!(ran.code, Some(1));
    ran.shows("1 fits no message");
    ran.shows("1 is skipped");
    let ran = run_in(folder.path(), &["check", "--strict", "b*.json"]);
    assert_eq!(ran.code, Some(1));
    ran.shows("NO MESSAGE FITS");
    let ran = run_in(folder.path(), &["check", "--format", "junit", "b*.json"]);
    ran.ended(0);
    ran.shows("<skipped message=\"no message of the schema fits this\"/>");
}

#[test]
fn exclude_in_a_folder_with_a_manifest() {
    let manifest = r#"[{"file": "bad.json", "message": "Timestamp", "direction": "response"}]"#;
    let files = [
        ("manifest.json", manifest),
        ("bad.json", r#"{"Ticks": "a"}"#),
        ("more/else.json", GOOD),
        (".gitignore", "left/"),
        ("left/out.json", GOOD),
    ];
    let folder = folder(&files);
    let check = |more: &[&str]| run_in(folder.path(), &[&["check", "."], more].concat());
    let ran = check(&[]);
    ran.shows("more/else.json");
    assert!(!ran.stdout().contains("out.json"), "{ran}");
    check(&["--exclude", "more"]).shows("1 body: ");
    for pattern in ["./bad.json", "bad.*", "/bad.json"] {
        let ran = check(&["--exclude", "more/", "--exclude", pattern]);
        assert!(!ran.stdout().contains("bad.json"), "{ran}");
    }
    for pattern in ["", "!x", "#x", "a[b"] {
        check(&["--exclude", pattern]).failed(2, &["pattern"]);
    }
}

#[cfg(unix)]
#[test]
fn links_to_folders_do_not_multiply_bodies() {
    let folder = folder(&[("sub/a.json", PAGE)]);
    std::os::unix::fs::symlink("..", folder.path().join("sub/loop")).unwrap();
    let ran = run_in(folder.path(), &["check", "**/*.json"]);
    ran.ended(0);
    ran.shows("1 body: ");
}
