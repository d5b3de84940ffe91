//! The program as people run it: arguments in; output, files and exit code out.

mod call;
mod call_answers;
mod check;
mod check_effects;
mod check_files;
mod check_forms;
mod check_output;
mod completions;
mod convert;
mod describe;
mod descriptor;
mod detect;
mod diff;
mod example;
mod export;
mod foreign;
mod functions;
mod help;
mod list;
mod login;
mod man;
mod manifest;
mod manifest_outside;
mod mcp;
mod merge;
mod names;
mod opening;
mod pipes;
mod readme;
mod rules;
mod russian;
mod secrets;
mod serve;
mod serve_proxy;
mod store;
#[cfg(unix)]
mod written;

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A box that there may be.
const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";

/// The folder that the repository's `fixtures` lie in.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What every secret of the tests has in it: nothing that the program prints ever has.
const CANARY: &str = "c4n4ry";

/// The program, in the repository's root, with secrets in its environment.
fn diadoc() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diadoc"));
    // Help is as wide as the terminal, or as this says.
    command.current_dir(repository()).env_remove("COLUMNS");
    // It speaks English, whatever the language of the one who tests.
    command.env("LC_ALL", "C");
    for name in login::VARIABLES {
        if ["TOKEN", "SECRET", "CLIENT_ID"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            command.env(name, format!("{CANARY}-{name}"));
        }
    }
    command
}

/// Asserts that a text has no secret of the tests in it, in whatever spelling.
#[track_caller]
fn shows_no_secret(text: &str) {
    let secrets = diadoc_api::Secrets::default().and([CANARY.into()]);
    assert_eq!(secrets.hide(text), text, "there is a secret in it");
}

/// What a run of the program left.
struct Ran {
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Ran {
    fn stdout(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the output is text")
    }

    #[track_caller]
    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// Asserts that its output has `text` in it.
    #[track_caller]
    fn shows(&self, text: &str) {
        assert!(self.stdout().contains(text), "{text} is not in\n{self}");
    }

    /// Asserts that its message has `text` in it.
    #[track_caller]
    fn says(&self, text: &str) {
        assert!(self.stderr.contains(text), "{text} is not in\n{self}");
    }

    /// Asserts that it failed with `code`, printed nothing, and said each of `texts`.
    #[track_caller]
    fn failed(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, Some(code), "{self}");
        assert!(self.stdout.is_empty(), "{self}");
        assert!(self.stderr.starts_with("error: "), "{self}");
        for text in texts {
            self.says(text);
        }
    }

    /// Asserts that it ended with `code` and had nothing to say but its output.
    #[track_caller]
    fn ended(&self, code: i32) {
        assert_eq!((self.code, &*self.stderr), (Some(code), ""), "{self}");
    }
}

impl From<Output> for Ran {
    /// Every run comes here: none shows a secret.
    #[track_caller]
    fn from(output: Output) -> Self {
        let ran = Self::with_secrets(output);
        shows_no_secret(&ran.to_string());
        ran
    }
}

impl Ran {
    /// A run that prints a token because it was asked for one.
    fn with_secrets(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("messages are text"),
        }
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        let Self { stderr, code, .. } = self;
        write!(
            f,
            "{stdout}--- standard error\n{stderr}--- exit code {code:?}"
        )
    }
}

/// Runs it in the repository's root with nothing on standard input.
fn run(arguments: &[&str]) -> Ran {
    run_in(&repository(), arguments)
}

/// Runs it in `folder` with nothing on standard input.
fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = diadoc();
    command.current_dir(folder).args(arguments);
    command.stdin(Stdio::null());
    command.output().expect("the program starts").into()
}

/// Starts it in the repository's root with pipes to all that it reads and writes.
fn spawn(arguments: &[&str]) -> Child {
    let mut command = diadoc();
    command.args(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// Runs it in the repository's root with `input` on standard input.
fn run_with_input(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = spawn(arguments);
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    std::thread::scope(|scope| {
        // A program that refuses its arguments does not read: that is no failure here.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().expect("the program ends").into()
    })
}

/// The arguments that convert a body of a message.
fn to_convert<'a>(message: &'a str, from: &'a str, to: &'a str) -> [&'a str; 7] {
    ["convert", "-m", message, "--from", from, "--to", to]
}

/// A folder with these files, gone at the end of the test.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// The names of what lies in a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("a text"))
        .collect();
    names.sort();
    names
}
