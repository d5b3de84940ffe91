//! Programs in other languages exchange documents with `diadoc serve`.

use std::path::Path;
use std::process::{Command, Output};

use crate::serve::Served;
use crate::{folder, run};

/// A script beside this file.
fn script(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/foreign");
    folder.join(name).to_str().unwrap().to_owned()
}

/// Runs a program that may not be there; none where it is not.
fn output(program: &str, arguments: &[&str]) -> Option<Output> {
    Command::new(program).args(arguments).output().ok()
}

/// Whether the gate demands what this machine has not.
fn is_required() -> bool {
    std::env::var("DIADOC_INTEROP").is_ok_and(|value| value == "required")
}

fn said(output: &Output) -> String {
    let err = String::from_utf8_lossy(&output.stderr);
    format!("{}{err}", String::from_utf8_lossy(&output.stdout))
}

#[test]
fn python_in_protobuf() {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let has_protobuf = output(&python, &["-c", "import google.protobuf"]);
    if !has_protobuf.is_some_and(|output| output.status.success()) {
        assert!(!is_required(), "{python} has no protobuf");
        diadoc_testkit::skipped("there is no Python with protobuf");
        return;
    }
    let folder = folder(&[]);
    let descriptors = folder.path().join("diadoc.binpb");
    let descriptors = descriptors.to_str().unwrap();
    run(&["descriptor", "-o", descriptors]).ended(0);
    let served = Served::start(&[]);
    let ran = output(&python, &[&script("exchange.py"), &served.url, descriptors]).unwrap();
    assert!(ran.status.success(), "{}", said(&ran));
    assert_eq!(said(&ran).trim(), "exchanged in protobuf");
}

#[test]
fn javascript_in_json() {
    let Some(_) = output("node", &["--version"]) else {
        diadoc_testkit::skipped("there is no Node");
        return;
    };
    let served = Served::start(&[]);
    let ran = output("node", &[&script("exchange.mjs"), &served.url]).unwrap();
    assert!(ran.status.success(), "{}", said(&ran));
    assert_eq!(said(&ran).trim(), "exchanged in JSON");
}
