use std::collections::HashSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use prost::encoding::decode_varint;
use prost_reflect::DescriptorPool;

use crate::{folder, repository, run, run_in};

/// The one file that comes with the compiler: protoc and protox bring different ages of it.
const OF_THE_COMPILER: &str = "google/protobuf/descriptor.proto";

#[test]
fn other_tools_can_read_it_and_its_comments() {
    let ran = run(&["descriptor"]);
    ran.ended(0);
    let pool = DescriptorPool::decode(ran.stdout.as_slice()).unwrap();

    let names: Vec<_> = pool
        .all_messages()
        .map(|message| message.full_name().to_owned())
        .collect();
    let list = run(&["list"]);
    for name in list.stdout().lines() {
        assert!(names.iter().any(|known| known == name), "{name}");
    }

    let message = pool
        .get_message_by_name("Diadoc.Api.Proto.Documents.DocumentList")
        .unwrap();
    let file = message.parent_file_descriptor_proto();
    let locations = &file.source_code_info.as_ref().unwrap().location;
    let comment = locations
        .iter()
        .find(|location| location.path == message.path())
        .and_then(|location| location.leading_comments.as_deref())
        .unwrap_or_default();
    assert!(!comment.trim().is_empty());
}

#[test]
fn into_a_file() {
    let folder = folder(&[]);
    let ran = run_in(folder.path(), &["descriptor", "-o", "diadoc.binpb"]);
    ran.ended(0);
    assert!(ran.stdout.is_empty());
    let written = std::fs::read(folder.path().join("diadoc.binpb")).unwrap();
    assert_eq!(written, run(&["descriptor", "-o", "-"]).stdout);
}

/// Pools of protobuf's own libraries take one file at a time, and refuse one whose imports they do not
/// have.
#[test]
fn each_file_stands_after_those_that_it_imports() {
    let pool = DescriptorPool::decode(&*run(&["descriptor"]).stdout).unwrap();
    let (mut seen, mut imports) = (HashSet::new(), 0);
    for file in pool.files() {
        for import in file.dependencies() {
            assert!(
                seen.contains(import.name()),
                "{}: {}",
                file.name(),
                import.name()
            );
            imports += 1;
        }
        assert!(
            seen.insert(file.name().to_owned()),
            "{} is there twice",
            file.name()
        );
    }
    assert!(imports > seen.len() && seen.contains(OF_THE_COMPILER));
}

#[test]
fn pools_of_google_take_it_in_its_order() {
    let Some(python) = python_with("google.protobuf") else {
        return;
    };
    let set = run(&["descriptor"]).stdout;
    let pool = DescriptorPool::decode(&*set).unwrap();
    for implementation in ["upb", "python"] {
        let mut child = Command::new(&python)
            .arg(repository().join("crates/diadoc-cli/tests/cli/descriptor.py"))
            .env("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", implementation)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&set).unwrap();
        let output = child.wait_with_output().unwrap();
        let (files, messages) = (pool.files().len(), pool.all_messages().len());
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            format!("{implementation} {files} {messages}\n")
        );
    }
}

/// Byte for byte, comments and positions among it, of each file of ours.
#[test]
fn it_is_what_protoc_writes() {
    let Some(python) = python_with("grpc_tools.protoc") else {
        return;
    };
    let ours = run(&["descriptor"]).stdout;
    let mut names: Vec<_> = DescriptorPool::decode(&*ours)
        .unwrap()
        .files()
        .map(|file| file.name().to_owned())
        .filter(|name| name != OF_THE_COMPILER)
        .collect();
    names.sort();
    let folder = folder(&[]);
    let theirs = folder.path().join("protoc.binpb");
    let protoc = Command::new(python)
        .args([
            "-m",
            "grpc_tools.protoc",
            "--include_imports",
            "--include_source_info",
        ])
        .arg("-I")
        .arg(repository().join("proto"))
        .arg("-o")
        .arg(&theirs)
        .args(&names)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&protoc.stderr);
    assert!(protoc.status.success(), "{said}");
    let theirs = std::fs::read(theirs).unwrap();

    let (ours, theirs) = (files(&ours), files(&theirs));
    let names_of = |files: &[(String, &[u8])]| {
        files
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names_of(&ours), names_of(&theirs));
    let differing: Vec<_> = ours
        .iter()
        .zip(&theirs)
        .filter(|(our, their)| our.1 != their.1)
        .map(|(our, _)| our.0.as_str())
        .collect();
    assert_eq!(differing, [OF_THE_COMPILER]);
}

/// The files of a set by their names, as they are encoded.
fn files(set: &[u8]) -> Vec<(String, &[u8])> {
    /// A field of bytes with the number 1: a file of a set, and the name of a file.
    fn first<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
        assert_eq!(decode_varint(rest).unwrap(), 1 << 3 | 2);
        let length = decode_varint(rest).unwrap();
        let (content, after) = rest.split_at(length.try_into().unwrap());
        *rest = after;
        content
    }
    let mut rest = set;
    let mut files = Vec::new();
    while !rest.is_empty() {
        let file = first(&mut rest);
        let name = String::from_utf8(first(&mut &*file).to_vec()).unwrap();
        files.push((name, file));
    }
    files
}

/// The interpreter where it has that module; `DIADOC_INTEROP` asks for it to be there.
fn python_with(module: &str) -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let has_it = Command::new(&python)
        .args(["-c", &format!("import {module}")])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has_it {
        let is_asked_for = std::env::var_os("DIADOC_INTEROP").is_some();
        assert!(
            !is_asked_for,
            "DIADOC_INTEROP is set, but `{python}` has no {module}"
        );
        diadoc_testkit::skipped(&format!("`{python}` has no {module}"));
    }
    has_it.then_some(python)
}
