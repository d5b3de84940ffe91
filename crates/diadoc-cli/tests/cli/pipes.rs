use std::io::{Read as _, Write as _};

use crate::{Ran, diadoc, spawn, to_convert};

/// Runs it with a reader that goes away before there is anything to read.
fn run_unread(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = spawn(arguments);
    drop(child.stdout.take());
    // The program writes after it has read its input to the end.
    let mut stdin = child.stdin.take().unwrap();
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_broken_pipe_ends_quietly() {
    let body = br#"{"Ticks": 1}"#;
    run_unread(&to_convert("Timestamp", "json", "json"), body).ended(0);
    run_unread(&["descriptor"], b"").ended(0);
    run_unread(&["list"], b"").ended(0);
    run_unread(&["export", "markdown"], b"").ended(0);
    run_unread(&["export", "json-schema"], b"").ended(0);
    run_unread(&["example", "DocumentList", "--full"], b"").ended(0);
    run_unread(&["describe", "Document"], b"").ended(0);
    run_unread(&["rules"], b"").ended(0);
    run_unread(&["completions", "bash"], b"").ended(0);
    run_unread(&["man"], b"").ended(0);
    run_unread(&["detect", "-"], br#"{"TotalCount": 1}"#).ended(0);
    run_unread(&["diff", "builtin", "builtin"], b"").ended(0);
    run_unread(&["--help"], b"").ended(0);
    run_unread(&["check", "-m", "Timestamp", "-"], body).ended(0);
    // The verdict is known, whether anybody reads it or not.
    run_unread(&["check", "-m", "Timestamp", "-"], b"[]").ended(1);
}

#[test]
fn a_reader_that_stops_in_the_middle() {
    for arguments in [
        &["export", "markdown"][..],
        &["export", "json-schema"],
        &["list"],
    ] {
        let mut child = spawn(arguments);
        // As `head` does: a little of it, then no more.
        let mut some = [0; 16];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut some).unwrap();
        drop(stdout);
        Ran::from(child.wait_with_output().unwrap()).ended(0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ran = Ran::from(diadoc().arg("list").stdout(full).output().unwrap());
    ran.failed(2, &["standard output: cannot be written: "]);
}

#[test]
fn a_closed_standard_error_is_no_panic() {
    let mut child = spawn(&["check", "-m", "Timestamp", "-"]);
    drop(child.stderr.take());
    drop(child.stdin.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(1));

    let mut child = spawn(&["list", "xyzzy"]);
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
