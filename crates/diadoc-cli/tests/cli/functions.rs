//! What the modules of other languages are made of.

use diadoc_cli::functions::{
    Check, Convert, Read, Value, Write, check, convert, describe, detect, example, messages, read,
    report, search, write,
};
use serde_json::json;

use crate::run_with_input;

const PAGE: &str = r#"{"TotalCount": 1, "Nope": 0.5}"#;

fn value(body: &str, message: &str) -> Value {
    read(body.as_bytes(), message, &Read::default()).unwrap()
}

/// The member of a message.
fn member<'v>(value: &'v Value, key: &str) -> &'v Value {
    let Value::Message(fields) = value else {
        panic!("{value:?} is no message");
    };
    &fields.iter().find(|(name, _)| name == key).unwrap().1
}

#[test]
fn values_have_the_types_of_their_fields() {
    let ticks = value(r#"{"Ticks": 5}"#, "Timestamp");
    assert_eq!(*member(&ticks, "Ticks"), Value::Long(5));
    assert_eq!(
        *member(&value(PAGE, "DocumentList"), "TotalCount"),
        Value::Int(1)
    );
    let content = value(r#"{"Content": "cGRm"}"#, "SignedContent");
    assert_eq!(*member(&content, "Content"), Value::Bytes(b"pdf".to_vec()));
    let keep_unknown = Read {
        keep_unknown: true,
        ..Read::default()
    };
    let page = read(PAGE.as_bytes(), "DocumentList", &keep_unknown).unwrap();
    assert_eq!(*member(&page, "Nope"), Value::Double(0.5));
}

#[test]
fn every_message_has_an_example_that_is_read() {
    for message in messages() {
        for seed in [None, Some(7)] {
            let body = example(message, true, seed).unwrap();
            assert!(matches!(body, Value::Message(_)), "{message}");
        }
    }
}

#[test]
fn what_is_written_is_what_is_given() {
    let written = |value: serde_json::Value, to| {
        let asked = Write {
            to: Some(to),
            ..Write::default()
        };
        write(value.to_string().as_bytes(), "DocumentId", &asked)
    };
    let id = json!({"MessageId": "m", "EntityId": "e"});
    assert_eq!(
        written(id.clone(), "json").unwrap(),
        br#"{"MessageId":"m","EntityId":"e"}"#
    );
    assert_eq!(written(id, "protobuf").unwrap(), b"\n\x01m\x12\x01e");
    for (value, path, text) in [
        (
            json!({"MessageId": "m"}),
            "EntityId",
            "EntityId: required, and not there",
        ),
        (
            json!({"MessageId": "m", "EntityId": "e", "A": 1, "B": 1}),
            "A",
            "A: the message has no such key (1 more like it)",
        ),
        (
            json!({"MessageId": {}, "EntityId": "e"}),
            "MessageId",
            "MessageId: expected a string, found an object",
        ),
    ] {
        for to in ["json", "protobuf"] {
            let error = written(value.clone(), to).unwrap_err();
            assert_eq!(
                (error.path(), error.to_string().as_str()),
                (Some(path), text)
            );
        }
    }
}

#[test]
fn a_check_says_what_the_program_says() {
    let ran = run_with_input(
        &["check", "-m", "DocumentList", "--format", "json"],
        PAGE.as_bytes(),
    );
    let asked = Check {
        name: Some("-"),
        message: Some("DocumentList"),
        ..Check::default()
    };
    let checked = check(PAGE.as_bytes(), &asked).unwrap();
    assert_eq!(checked, ran.stdout());
    let russian = Check {
        lang: Some("ru"),
        ..asked
    };
    let told = report(PAGE.as_bytes(), &russian).unwrap();
    assert!(told.contains("проходит"), "{told}");
    let wrong = Check {
        direction: Some("up"),
        ..asked
    };
    assert!(check(PAGE.as_bytes(), &wrong).is_err());
}

#[test]
fn names_bodies_and_forms_that_are_not_there_are_errors() {
    assert!(read(b"{}", "Nope", &Read::default()).is_err());
    assert!(describe("Nope", None, false).is_err());
    assert!(describe("DocumentList", Some("de"), false).is_err());
    assert!(convert(b"{}", "DocumentList", "yaml", &Convert::default()).is_err());
    assert!(detect(b"", None, None).is_err());
    let error = read(b"", "DocumentList", &Read::default()).unwrap_err();
    assert!(!error.to_string().is_empty());
    // Some bytes are no file that was never written, where somebody says so.
    let protobuf = Read {
        form: Some("protobuf"),
        ..Read::default()
    };
    assert!(read(b"", "SignedContent", &protobuf).is_ok());
    assert!(read(b"", "DocumentList", &protobuf).is_err());
    let found: Vec<serde_json::Value> = serde_json::from_str(&search("полка").unwrap()).unwrap();
    assert!(!found.is_empty());
}
