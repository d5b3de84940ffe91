use std::process::Stdio;

use crate::{Ran, diadoc, run};

#[test]
fn each_shell_gets_a_script_that_asks() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = run(&["completions", shell]);
        ran.ended(0);
        assert!(ran.stdout().contains("DIADOC_COMPLETE"), "{shell}");
        let ran = ask(shell, &["che"], "C");
        ran.ended(0);
        assert!(ran.stdout().contains("check"), "{shell}: {ran}");
    }
}

#[test]
fn wrong_usage() {
    run(&["completions", "bsh"]).failed(2, &["a similar value exists: 'bash'"]);
    run(&["completions"]).failed(2, &["<SHELL>"]);
}

/// Asks as the script of a shell does, with the last word not yet ended.
fn ask(shell: &str, words: &[&str], locale: &str) -> Ran {
    let mut command = diadoc();
    command
        .args(["--", "diadoc"])
        .args(words)
        .stdin(Stdio::null());
    command.env("DIADOC_COMPLETE", shell).env("LC_ALL", locale);
    command.env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    command.output().expect("the program starts").into()
}

/// The words that a shell shows.
fn completed(words: &[&str]) -> Vec<String> {
    let ran = ask("fish", words, "C");
    ran.ended(0);
    let lines = ran.stdout().lines();
    let words = lines.map(|line| line.split('\t').next().expect("a word").to_owned());
    words.collect()
}

#[test]
fn names_of_the_schema() {
    for (words, expected) in [
        (&["describe", "DocumentLis"][..], &["DocumentList"][..]),
        (&["describe", "documentlis"], &["DocumentList"]),
        (&["describe", "Document.IndexK"], &["Document.IndexKey"]),
        (
            &["describe", "DocumentDirection.Inb"],
            &["DocumentDirection.Inbound"],
        ),
        (&["describe", "json.dupl"], &["json.duplicate-key"]),
        (&["rules", "json.dupl"], &["json.duplicate-key"]),
        (&["check", "-m", "SearchDocflowsV5"], &["SearchDocflowsV5"]),
        (
            &[
                "check",
                "--message",
                "Diadoc.Api.Proto.Documents.DocumentLis",
            ],
            &["Diadoc.Api.Proto.Documents.DocumentList"],
        ),
        (&["convert", "-m", "DocumentLis"], &["DocumentList"]),
        (&["example", "PostMessageV"], &["PostMessageV3"]),
        (
            &["export", "json-schema", "MessageToPostP"],
            &["MessageToPostPrototype"],
        ),
        (&["call", "ShelfUploadPartI"], &["ShelfUploadPartInit"]),
        (
            &["call", "GetDocumentsV3", "-p", "filterC"],
            &["filterCategory="],
        ),
        (
            &["call", "GenerateDocumentZip", "-p", "fullDocflow="],
            &["fullDocflow=false", "fullDocflow=true"],
        ),
        (
            &["call", "GetDocumentsV3", "-p", "sortDirection=A"],
            &["sortDirection=Ascending"],
        ),
        (&["call", "-p", "filterC"], &[]),
        (&["describe", "Nothing.at.all"], &[]),
    ] {
        assert_eq!(completed(words), expected, "{words:?}");
    }
}

/// Shells that show what a word means get it, in the language of the locale.
#[test]
fn what_names_mean() {
    let ran = ask("fish", &["call", "PostMessageV"], "ru_RU.UTF-8");
    let (_, meaning) = ran.stdout().trim_end().split_once('\t').expect("a meaning");
    assert!(
        meaning.chars().any(|letter| ('а'..='я').contains(&letter)),
        "{ran}"
    );
    let ran = ask("fish", &["call", "PostMessageV"], "C");
    assert!(
        ran.stdout().is_ascii() && ran.stdout().contains('\t'),
        "{ran}"
    );
}

/// A variable that means nothing to it changes nothing.
#[test]
fn another_variable_of_that_name() {
    for value in ["", "0", "tcsh"] {
        let mut command = diadoc();
        command
            .args(["describe", "DocumentList"])
            .env("DIADOC_COMPLETE", value);
        let ran = Ran::from(command.output().expect("the program starts"));
        ran.shows("DocumentList");
    }
}

/// Bash takes words apart at each `=`, and puts what is completed behind the last one.
#[test]
fn bash_takes_words_apart() {
    for (words, completed) in [
        (&["call", "GetDocumentsV3", "-p", "boxI"][..], "boxId="),
        (
            &["call", "GetDocumentsV3", "-p", "sortDirection", "=", "A"],
            "Ascending",
        ),
        (
            &["call", "GenerateDocumentZip", "-p", "fullDocflow", "=", "t"],
            "true",
        ),
        (
            &["call", "GenerateDocumentZip", "-p", "fullDocflow", "="],
            "false\ntrue",
        ),
        (&["check", "--format", "=", "sar"], "sarif"),
        (&["check", "--message", "=", "DocumentLis"], "DocumentList"),
        (&["check", "--form"], "--format"),
        (
            &[
                "call",
                "GetDocumentsV3",
                "-p",
                "boxId",
                "=",
                "1",
                "-p",
                "afterI",
            ],
            "afterIndexKey=",
        ),
    ] {
        let ran = ask("bash", words, "C");
        ran.ended(0);
        assert_eq!(ran.stdout(), completed, "{words:?}");
    }
}

/// Whatever was typed, nothing panics.
#[test]
#[cfg(unix)]
fn words_that_are_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    for shell in ["bash", "fish", "zsh"] {
        let mut command = diadoc();
        command.args(["--", "diadoc", "call", "GetDocumentsV3", "-p"]);
        command.arg(OsStr::from_bytes(b"\xff"));
        command
            .env("DIADOC_COMPLETE", shell)
            .env("_CLAP_COMPLETE_INDEX", "4");
        let ran = Ran::from(command.output().expect("the program starts"));
        assert_eq!(ran.code, Some(0), "{shell}: {ran}");
    }
}
