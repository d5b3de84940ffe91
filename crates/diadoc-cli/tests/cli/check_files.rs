//! What `diadoc check` reads, what it passes over, and what it says where it can read nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Ran, diadoc, folder, run_in, run_with_input};

const GOOD: &str = r#"{"Ticks": 1}"#;
const CHECK: [&str; 5] = ["check", "-m", "Timestamp", "-d", "response"];

fn check(folder: &Path, more: &[&str]) -> Ran {
    run_in(folder, &[&CHECK[..], more].concat())
}

/// A named pipe that nobody writes to; one that reads it waits for ever.
#[cfg(unix)]
fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

/// The files that a check printed a line of.
fn files(ran: &Ran) -> Vec<&str> {
    let lines = ran.stdout().lines();
    let files = lines.filter_map(|line| line.split_once("  ").map(|(file, _)| file.trim()));
    files.filter(|file| !file.is_empty()).collect()
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_passed_over_where_no_argument_names_it() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    let folder = folder(&[("a.json", GOOD), ("below/b.json", GOOD)]);
    let path = folder.path();
    pipe(&path.join("pipe.json"));
    pipe(&path.join("below/pipe.ndjson"));
    let _socket = UnixListener::bind(path.join("socket.json")).unwrap();
    symlink("/dev/zero", path.join("endless.json")).unwrap();
    symlink("pipe.json", path.join("link.json")).unwrap();
    symlink("a.json", path.join("to_a.json")).unwrap();

    let all = check(path, &["."]);
    all.ended(0);
    assert_eq!(files(&all), ["./a.json", "./below/b.json", "./to_a.json"]);
    let pattern = check(path, &["**/*.json"]);
    pattern.ended(0);
    assert_eq!(files(&pattern), ["a.json", "below/b.json", "to_a.json"]);
    check(path, &["pipe*"]).failed(2, &["pipe*: no file is there or matches"]);

    // With a manifest too, and where one is written.
    let manifest = path.join("manifest.json");
    let entry = |file: &str| {
        let text =
            format!(r#"[{{"file": "{file}", "message": "Timestamp", "direction": "response"}}]"#);
        fs::write(&manifest, text).unwrap();
        run_in(path, &["check", "."])
    };
    entry("**/*.*json").ended(0);
    entry("pipe.json").failed(2, &["1:11: `pipe.json` is no file, but a named pipe"]);
    fs::remove_file(&manifest).unwrap();
    let init = run_in(path, &["manifest", "init"]);
    assert!(!init.stderr.contains("pipe"), "{init}");
}

#[cfg(unix)]
#[test]
fn a_stream_that_is_named_is_read() {
    let folder = folder(&[]);
    let path = folder.path().join("pipe.json");
    pipe(&path);
    let writer = std::thread::spawn({
        let path = path.clone();
        move || fs::write(path, GOOD)
    });
    check(folder.path(), &["pipe.json"]).ended(0);
    writer.join().unwrap().unwrap();
}

/// Schemas and sources in a folder are looked for in the same way.
#[cfg(unix)]
#[test]
fn a_folder_of_a_schema_may_hold_pipes() {
    let proto =
        "syntax = \"proto2\"; package Diadoc.Api.Proto; message M { optional string A = 1; }";
    let folder = folder(&[("m.proto", proto)]);
    for name in ["pipe.proto", "pipe.cs"] {
        pipe(&folder.path().join(name));
    }
    run_in(folder.path(), &["diff", ".", "."]).ended(0);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_does_not_stop_the_rest() {
    let folder = folder(&[("a.json", GOOD), ("z/z.json", GOOD)]);
    std::os::unix::fs::symlink("gone", folder.path().join("lost.json")).unwrap();
    let ran = check(folder.path(), &["."]);
    assert_eq!(ran.code, Some(2), "{ran}");
    ran.says("error: ./lost.json: cannot be read");
    ran.shows("\n2 bodies: 2 pass; 1 could not be read: ./lost.json\n");
}

/// Runs a check as somebody who may not read all: permissions do not stop the superuser.
#[cfg(unix)]
fn check_as_other(folder: &Path, arguments: &[&str]) -> Ran {
    use std::os::unix::fs::MetadataExt as _;
    use std::os::unix::process::CommandExt as _;

    let mut command = diadoc();
    if fs::metadata(folder).unwrap().uid() == 0 {
        // Where others may start it, wherever it was built.
        let (built, program) = (env!("CARGO_BIN_EXE_diadoc"), folder.join("diadoc"));
        if !program.exists() {
            let linked = fs::hard_link(built, &program);
            linked
                .or_else(|_| fs::copy(built, &program).map(drop))
                .unwrap();
        }
        command = Command::new(program);
        command.uid(65_534);
    }
    command.current_dir(folder).args(arguments);
    command.output().expect("the program starts").into()
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_does_not_stop_the_rest() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder(&[
        ("plain/a.json", GOOD),
        ("plain/secret.json", GOOD),
        ("plain/locked/b.json", GOOD),
        ("plain/z/c.json", GOOD),
        (
            "listed/manifest.json",
            r#"[{"file": "**/*.json", "message": "Timestamp", "direction": "response"}]"#,
        ),
        ("listed/a.json", GOOD),
        ("listed/locked/b.json", GOOD),
    ]);
    let path = folder.path();
    let set = |name: &str, mode: u32| {
        fs::set_permissions(path.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("", 0o755);
    for name in ["plain/secret.json", "plain/locked", "listed/locked"] {
        set(name, 0);
    }
    let plain = [&CHECK[..], &["plain"]].concat();
    let pattern = [&CHECK[..], &["plain/**/*.json"]].concat();
    for (arguments, bodies, unreadable) in [
        (plain, 2, &["plain/locked", "plain/secret.json"][..]),
        (pattern, 2, &["plain/locked", "plain/secret.json"]),
        (vec!["check", "listed"], 1, &["listed/locked"]),
    ] {
        let text = check_as_other(path, &arguments);
        assert_eq!(text.code, Some(2), "{text}");
        for name in unreadable {
            text.says(&format!("error: {name}: cannot be read: "));
        }
        text.shows(" could not be read: ");

        let of = |format| {
            let arguments = [&arguments[..], &["--format", format]].concat();
            check_as_other(path, &arguments).json()
        };
        let document = of("json");
        assert_eq!(document["summary"]["bodies"], bodies, "{document:#}");
        let all = document["bodies"].as_array().unwrap().iter();
        let told = all.filter(|body| body["verdict"] == "unreadable");
        let mut told: Vec<_> = told.map(|body| body["file"].as_str().unwrap()).collect();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told, unreadable);
        let log = of("sarif");
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
        for name in unreadable {
            let named = |one: &&serde_json::Value| {
                let place = &one["locations"][0]["physicalLocation"];
                place["artifactLocation"]["uri"] == *name
            };
            let told = notifications.iter().find(named);
            let told = told.unwrap_or_else(|| panic!("{name} in\n{log:#}"));
            let text = told["message"]["text"].as_str().unwrap();
            assert!(text.starts_with(&format!("{name}: cannot be read: ")));
        }
    }
    for name in ["plain/locked", "listed/locked"] {
        set(name, 0o755);
    }
}

/// An argument without bodies is told, and the others are checked.
#[test]
fn an_argument_that_has_nothing_does_not_stop_the_rest() {
    let folder = folder(&[
        ("a.json", GOOD),
        ("empty/notes.txt", ""),
        ("wrong/manifest.json", "3"),
        ("z.json", GOOD),
    ]);
    let arguments = ["check", "a.json", "empty", "wrong", "gone*.json", "z.json"];
    let ran = run_in(folder.path(), &arguments);
    assert_eq!(ran.code, Some(2), "{ran}");
    ran.says("error: empty: there are no *.json");
    ran.says("error: wrong/manifest.json:1:1: a manifest is a list");
    ran.says("error: gone*.json: no file is there or matches");
    ran.shows("\n2 bodies: 2 pass; 3 could not be read: empty, wrong, gone*.json\n");
}

#[test]
fn lines_without_a_body_are_no_check() {
    let folder = folder(&[
        ("empty.ndjson", ""),
        ("blank.jsonl", "\n \r\n\n"),
        ("log.ndjson", GOOD),
        ("empty.txt", ""),
    ]);
    let check = |more: &[&str]| check(folder.path(), more);
    for arguments in [
        &["empty.ndjson"][..],
        &["blank.jsonl"],
        &["--ndjson", "empty.txt"],
    ] {
        check(arguments).failed(2, &[": there is no body in it"]);
    }
    let piped = [&CHECK[..], &["--ndjson", "-"]].concat();
    run_with_input(&piped, b"\n\n").failed(2, &["standard input: there is no body in it"]);

    let all = check(&["."]);
    assert_eq!(all.code, Some(2), "{all}");
    all.says("error: ./empty.ndjson: there is no body in it");
    all.shows("\n1 body: passes; 2 could not be read: ./blank.jsonl, ./empty.ndjson; ");
    let document = check(&[".", "--format", "json"]).json();
    assert_eq!(document["summary"]["unreadable"], 2);
}

#[test]
fn standard_input_is_read_once() {
    let ran = crate::run_with_input(&["check", "-m", "DocumentList", "-", "-"], b"{}");
    ran.failed(2, &["standard input is named twice"]);
}
