//! What is left where a command writes: through links, and where a signal ends it before the end.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::login::VARIABLES;
use crate::{BOX, diadoc, folder, names_in, run_in, to_convert};

const SIGNALS: [(&str, i32); 2] = [("INT", 2), ("TERM", 15)];

fn has_unfinished(folder: &Path) -> bool {
    let names = names_in(folder);
    names.iter().any(|name| name.starts_with(".diadoc-"))
}

/// Waits for a file that is being written; whether there was one before the program ended.
fn waits_for_unfinished(child: &mut Child, folder: &Path) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        if has_unfinished(folder) {
            return true;
        }
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("the program neither writes nor ends");
}

/// Sends the signal, and gives the one that ended the program.
fn end(mut child: Child, signal: &str) -> Option<i32> {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &id]).status();
    assert!(sent.unwrap().success());
    child.wait().unwrap().signal()
}

/// Tokens are kept beside their place before they come; here they never do.
#[test]
fn a_file_that_waits_for_tokens_goes() {
    let identity = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", identity.local_addr().unwrap());
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in identity.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 16]);
            kept.push(stream);
        }
    });
    for (signal, number) in SIGNALS {
        let home = folder(&[("diadoc/notes.txt", "")]);
        let mut command = diadoc();
        for name in VARIABLES {
            command.env_remove(name);
        }
        let call = ["call", "GetDocumentsV3", "-p", &format!("boxId={BOX}")].map(str::to_owned);
        let mut child = command
            .args(call)
            .args(["-p", "filterCategory=Any.Inbound"])
            .env("XDG_CONFIG_HOME", home.path())
            .env("DIADOC_URL", &address)
            .env("DIADOC_IDENTITY_URL", &address)
            .env("DIADOC_OIDC_CLIENT_ID", "id")
            .env("DIADOC_OIDC_CLIENT_SECRET", "secret")
            .env("DIADOC_OIDC_REFRESH_TOKEN", "refresh")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let home = home.path().join("diadoc");
        assert!(waits_for_unfinished(&mut child, &home));
        assert_eq!(end(child, signal), Some(number));
        assert_eq!(names_in(&home), ["notes.txt", "tokens.lock"]);
    }
}

/// A result that is long enough that a signal comes before its end.
#[test]
fn a_result_that_is_not_whole_goes() {
    let content = "0JDQutGC".repeat(1_000_000);
    let body = format!(r#"{{"Size": 1, "Data": "{content}"}}"#);
    for (signal, number) in SIGNALS {
        let folder = folder(&[("in.json", &body), ("out.json", "old")]);
        let path = folder.path();
        let interrupted = (0..20).any(|_| {
            let mut command = diadoc();
            command.current_dir(path);
            command.args(["convert", "-m", "Content", "--from", "json", "--to", "json"]);
            command.args(["in.json", "-o", "out.json"]);
            command.stdin(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            if !waits_for_unfinished(&mut child, path) {
                return false;
            }
            let ended = end(child, signal);
            assert!(!has_unfinished(path), "{:?}", names_in(path));
            ended == Some(number)
        });
        assert!(interrupted, "no signal came in time");
        assert_eq!(names_in(path), ["in.json", "out.json"]);
        let text = fs::read(path.join("out.json")).unwrap();
        assert!(text == b"old" || text.len() > content.len());
    }
}

/// A link is followed, and stays; what it leads to is made where its folder is there.
#[test]
fn links_that_lead_nowhere_yet() {
    let folder = folder(&[("in.json", r#"{"Ticks": 1}"#), ("below/x", "")]);
    let path = folder.path();
    for (link, to) in [
        ("link", "new.json"),
        ("twice", "first"),
        ("first", "below/second"),
        ("below/second", "made.json"),
        ("lost", "gone/new.json"),
        ("circle", "round"),
        ("round", "circle"),
    ] {
        symlink(to, path.join(link)).unwrap();
    }
    let convert = |out| {
        let arguments = to_convert("Timestamp", "json", "json");
        run_in(path, &[&arguments[..], &["in.json", "-o", out]].concat())
    };
    for (link, made) in [("link", "new.json"), ("twice", "below/made.json")] {
        convert(link).ended(0);
        assert!(path.join(link).is_symlink());
        let file = path.join(made);
        assert!(!file.is_symlink());
        assert_eq!(fs::read_to_string(file).unwrap(), "{\"Ticks\":1}\n");
    }
    assert!(path.join("first").is_symlink() && path.join("below/second").is_symlink());
    convert("lost").failed(
        2,
        &["lost: cannot be written: it is a link to gone/new.json: "],
    );
    convert("circle").failed(2, &["circle: cannot be written: "]);
    for link in ["lost", "circle", "round"] {
        assert!(path.join(link).is_symlink());
    }
    assert_eq!(names_in(&path.join("below")), ["made.json", "second", "x"]);
}
