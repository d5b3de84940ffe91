//! Google's Python protobuf reads what we write, and we read what it writes, for every message; and
//! it keeps what is unknown as [`Preserved`](diadoc_proto::preserve::Preserved) does.
//!
//! `interop.py` does the Python side. Where Python or its package `protobuf` is absent the test
//! says so and passes; with `DIADOC_INTEROP=required` it fails.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use diadoc_proto::registry::{self, MessageType};
use diadoc_testkit::strategies::messages;
use diadoc_testkit::{descriptor, seeds};
use proptest::strategy::{Strategy as _, ValueTree as _};
use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, ReflectMessage as _};
use serde_json::{Value, json};

use crate::preserve::properties::with_unknown;
use crate::support::repository;

/// Random messages of each type.
const CASES: usize = 4;

#[test]
fn python_reads_what_we_write_and_we_read_what_it_writes() {
    let Some(python) = python() else {
        return;
    };
    let ours = bodies(|message_type, message| {
        let typed = message_type.decode(&message.encode_to_vec()).unwrap();
        json!({
            "message": message_type.full_name(),
            "protobuf": hex(&typed.encode_to_vec()),
            "json": typed.to_json().unwrap(),
        })
    });
    let theirs = answers(&python, "interop", &ours);
    for (theirs, ours) in theirs.iter().zip(&ours) {
        let name = ours["message"].as_str().unwrap();
        assert_eq!(theirs["protobuf"], ours["protobuf"], "{name}: binary");
        assert_eq!(
            theirs["protobuf_from_json"], ours["protobuf"],
            "{name}: our JSON read there"
        );
        let json = theirs["json"].as_str().unwrap();
        let read = registry::find(name)
            .unwrap()
            .from_json(json.as_bytes())
            .unwrap();
        assert_eq!(
            hex(&read.encode_to_vec()),
            ours["protobuf"],
            "{name}: their JSON read here"
        );
    }
}

#[test]
fn python_keeps_what_is_unknown_as_we_do() {
    let Some(python) = python() else {
        return;
    };
    let ours = bodies(|message_type, message| {
        let bytes = with_unknown(&message.descriptor(), &message.encode_to_vec(), &mut 0);
        let preserved = message_type.decode_preserved(&bytes).unwrap();
        json!({
            "message": message_type.full_name(),
            "protobuf": hex(&bytes),
            "written": hex(&preserved.to_protobuf().unwrap().body),
        })
    });
    let theirs = answers(&python, "interop-preserve", &ours);
    for (theirs, ours) in theirs.iter().zip(&ours) {
        let name = &ours["message"];
        assert_eq!(theirs["protobuf"], ours["written"], "{name}: {ours}");
    }
}

/// The interpreter, where it has the package `protobuf`.
fn python() -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let has_protobuf = Command::new(&python)
        .args(["-c", "import google.protobuf"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has_protobuf {
        assert!(
            std::env::var_os("DIADOC_INTEROP").is_none(),
            "DIADOC_INTEROP is set, but `{python}` has no package protobuf"
        );
        diadoc_testkit::skipped(&format!("`{python}` has no package protobuf"));
    }
    has_protobuf.then_some(python)
}

/// What `body` makes of some random messages of each type.
fn bodies(body: impl Fn(&MessageType, DynamicMessage) -> Value) -> Vec<Value> {
    // Python's enums are closed: numbers that the schema does not know become unknown fields there.
    let mut runner = seeds::runner("interop");
    let mut bodies = Vec::new();
    for message_type in registry::messages() {
        let strategy = messages(descriptor(message_type.full_name()).unwrap()).known_enum_numbers();
        for _ in 0..CASES {
            let message = strategy.new_tree(&mut runner).unwrap().current();
            bodies.push(body(message_type, message));
        }
    }
    bodies
}

/// What Python makes of bodies; `test` names a folder.
fn answers(python: &str, test: &str, ours: &[Value]) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&folder).unwrap();
    let descriptors = folder.join("descriptor_set.bin");
    std::fs::write(&descriptors, diadoc_proto::FILE_DESCRIPTOR_SET).unwrap();
    let mut child = Command::new(python)
        .arg(repository().join("tests/all/interop.py"))
        .arg(&descriptors)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<String> = ours.iter().map(|line| format!("{line}\n")).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            stdin.write_all(line.as_bytes()).unwrap();
        }
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "interop.py failed");

    let lines = String::from_utf8(output.stdout).unwrap();
    let theirs: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(theirs.len(), ours.len());
    for (theirs, ours) in theirs.iter().zip(ours) {
        assert_eq!(theirs["error"], Value::Null, "{ours}");
        assert_eq!(theirs["message"], ours["message"]);
    }
    println!(
        "{} messages of {} types exchanged with Python",
        ours.len(),
        registry::messages().len()
    );
    theirs
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
