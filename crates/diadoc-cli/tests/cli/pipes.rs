use std::io::{BufRead as _, BufReader, Read as _, Write as _};

use crate::{Ran, diadoc, run_with_input, spawn, to_convert};

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

/// Who writes the lines may wait for what is said of one before the next.
#[test]
fn a_line_is_judged_before_the_next_one_comes() {
    let mut child = spawn(&["check", "-m", "Timestamp", "--ndjson", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for line in 1..=3 {
        stdin
            .write_all(b"{\"Ticks\": 638884246403244956}\n")
            .unwrap();
        stdin.flush().unwrap();
        let mut said = String::new();
        stdout.read_line(&mut said).unwrap();
        let place = format!("standard input, line {line} ");
        assert!(said.starts_with(&place), "{said}");
    }
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("3 bodies: 3 pass"), "{rest}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Lines go to the threads in batches, of any number and size.
#[test]
fn many_lines_stay_in_their_order() {
    let line = |number: usize| {
        // Some are longer than what is read at once.
        let space = match number % 97 {
            0 => 300_000,
            rest => rest,
        };
        format!("{{\"Ticks\": {number}{}}}\n", " ".repeat(space))
    };
    let lines: String = (1..=2000).map(line).collect();
    let ran = run_with_input(
        &["check", "-m", "Timestamp", "--ndjson", "-"],
        lines.as_bytes(),
    );
    let said = ran.stdout().lines().filter_map(|line| {
        let (number, _) = line
            .strip_prefix("standard input, line ")?
            .split_once(' ')?;
        number.parse().ok()
    });
    assert_eq!(said.collect::<Vec<usize>>(), (1..=2000).collect::<Vec<_>>());
}

/// A body that is sent to it needs no name: in a pipe, or in a file.
#[test]
fn what_is_sent_to_it_is_read() {
    let body = br#"{"Ticks": 1}"#;
    for arguments in [&["check", "-m", "Timestamp"][..], &["detect"]] {
        run_with_input(arguments, body).ended(0);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("body");
    std::fs::write(&path, body).unwrap();
    for arguments in [&["check"][..], &["check", "-m", "Timestamp"]] {
        let mut command = diadoc();
        command
            .args(arguments)
            .stdin(std::fs::File::open(&path).unwrap());
        let ran = Ran::from(command.output().unwrap());
        ran.ended(0);
        ran.shows("standard input");
    }
    // Where a manifest is at hand, a pipe without a word is no body.
    let ran = run_with_input(&["check"], body);
    ran.ended(0);
    assert!(!ran.stdout().contains("standard input"), "{ran}");
}
