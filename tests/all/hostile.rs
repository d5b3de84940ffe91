//! Bodies that are cut, flipped, of the wrong type or nested without end: a value or an error, never
//! a panic.

use diadoc_proto::docflow::{DocflowV4, GetDocflowRequest};
use diadoc_proto::documents::{Document, DocumentList};
use diadoc_proto::json::{ErrorKind, from_str, from_str_within};
use diadoc_proto::preserve::Preserved;
use diadoc_proto::registry::{self, MessageType};
use diadoc_proto::{Content, DecodeWithin as _, Limits};
use diadoc_testkit::descriptor;
use proptest::prelude::*;
use prost::Message as _;
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{Kind, MessageDescriptor};
use serde_json::{Value, json};

use crate::support::{fixtures, message_type, name, read};

#[test]
fn every_prefix_of_every_body_is_an_error() {
    for fixture in fixtures() {
        let body = read(&fixture.file);
        let message_type = message_type(&fixture);
        for end in 0..body.len() {
            let error = message_type.from_json(&body[..end]);
            let error = error.expect_err("a cut body is no body");
            assert!(error.offset() <= end, "{} cut at {end}", name(&fixture));
        }
    }
}

#[test]
fn every_prefix_of_every_message_decodes_or_fails() {
    for fixture in fixtures().iter().filter(|f| f.refused_at.is_none()) {
        let message_type = message_type(fixture);
        let message = message_type.from_json(&read(&fixture.file));
        let message = message.expect("the manifest says that it reads");
        let bytes = message.encode_to_vec();
        for end in 0..bytes.len() {
            if let Ok(message) = message_type.decode(&bytes[..end]) {
                // A cut between two fields leaves a shorter message, which must still be one.
                assert!(message_type.decode(&message.encode_to_vec()).is_ok());
            }
        }
    }
}

proptest! {
    #![proptest_config(diadoc_testkit::seeds::config(module_path!()))]

    #[test]
    fn flipped_bytes_never_panic(
        which in 0..fixtures().len(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let fixture = &fixtures()[which];
        let message_type = message_type(fixture);
        let mut body = read(&fixture.file);
        let valid = message_type.from_json(&body);
        for (index, byte) in &flips {
            let at = index.index(body.len());
            body[at] = *byte;
        }
        if let Ok(message) = message_type.from_json(&body) {
            prop_assert!(message.to_json().is_ok());
        }
        if let Ok(valid) = valid {
            let mut bytes = valid.encode_to_vec();
            for (index, byte) in &flips {
                let at = index.index(bytes.len());
                bytes[at] = *byte;
            }
            if let Ok(message) = message_type.decode(&bytes) {
                prop_assert!(message.to_json().is_ok());
            }
        }
    }

    #[test]
    fn any_text_never_panics(text in any::<String>(), which in 0..registry::messages().len()) {
        let message_type = &registry::messages()[which];
        let _ = message_type.from_json(text.as_bytes());
        let _ = message_type.from_json(format!("{{{text:?}: {text}}}").as_bytes());
        let _ = message_type.decode(text.as_bytes());
    }
}

/// A value that fits no field of that place, put into every place of every body in turn, is refused
/// at just that place.
#[test]
fn a_wrong_type_is_refused_where_it_stands() {
    let mut places = 0;
    for fixture in fixtures().iter().filter(|f| f.refused_at.is_none()) {
        let message_type = message_type(fixture);
        let descriptor = descriptor(message_type.full_name()).expect("a message of the schema");
        let body: Value = serde_json::from_slice(&read(&fixture.file)).expect("JSON");
        let mut found = Vec::new();
        known_places(&descriptor, &body, "", "", &mut found);
        for place in found {
            let mut body = body.clone();
            *body
                .pointer_mut(&place.pointer)
                .expect("a place of the body") = place.wrong;
            assert_refused_at(message_type, &body, &place.path);
            places += 1;
        }
    }
    assert!(places > 1000, "only {places} places");
}

fn assert_refused_at(message_type: &MessageType, body: &Value, path: &str) {
    let text = serde_json::to_string_pretty(body).expect("JSON");
    let error = message_type.from_json(text.as_bytes());
    let error = error.expect_err("a wrong type is refused");
    assert_eq!(error.path(), path);
    assert_eq!(error.kind(), ErrorKind::Value);
    // The position is that of the value: it reads there what was found.
    let line = text.lines().nth(error.line() - 1).expect("a line");
    let rest: String = line.chars().skip(error.column() - 1).collect();
    let stands = rest.starts_with(['t', '"', '[', '{']);
    assert!(stands, "{path}: {error}: {rest}");
    assert_eq!(&text[error.offset()..][..1], &rest[..1]);
}

struct Place {
    path: String,
    pointer: String,
    wrong: Value,
}

/// Every place of a body that the schema knows, with values that do not fit there.
fn known_places(
    message: &MessageDescriptor,
    body: &Value,
    path: &str,
    pointer: &str,
    places: &mut Vec<Place>,
) {
    let Value::Object(members) = body else {
        return;
    };
    for (key, value) in members {
        let Some(field) = message.get_field_by_json_name(key) else {
            continue;
        };
        let path = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        let pointer = format!("{pointer}/{key}");
        let mut place = |path: &str, pointer: &str, wrong: Vec<Value>| {
            places.extend(wrong.into_iter().map(|wrong| Place {
                path: path.to_owned(),
                pointer: pointer.to_owned(),
                wrong,
            }));
        };
        let wrong_item = || match field.kind() {
            Kind::Bool => vec![json!("x"), json!([true])],
            Kind::Message(_) => vec![json!(true), json!([[]]), json!("x")],
            _ => vec![json!(true), json!([]), json!({"a": {}})],
        };
        if field.is_list() {
            let wrong_list = vec![json!(true), json!("x"), json!({"a": []})];
            place(&path, &pointer, wrong_list);
        }
        let items: Vec<(String, String, &Value)> = match value {
            Value::Array(list) => {
                let item = |(i, item)| (format!("{path}[{i}]"), format!("{pointer}/{i}"), item);
                list.iter().enumerate().map(item).collect()
            }
            value => vec![(path.clone(), pointer.clone(), value)],
        };
        for (path, pointer, _) in &items {
            place(path, pointer, wrong_item());
        }
        if let Kind::Message(inner) = field.kind() {
            for (path, pointer, item) in &items {
                known_places(&inner, item, path, pointer, places);
            }
        }
    }
}

#[test]
fn nesting_without_end_is_an_error() {
    const DEPTH: usize = 10_000;
    // Under an unknown key, under a known one, and through the recursion of two messages.
    let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
    let brackets = format!("{{\"Unknown\": {open}{close}}}");
    let known = format!("{{\"Documents\": {open}");
    let objects = format!("{{\"Unknown\": {}", "{\"a\":".repeat(DEPTH));
    for body in [&brackets, &known, &objects] {
        let _ = from_str::<DocumentList>(body);
    }
    assert!(from_str::<DocumentList>(&known).is_err());
    let inside = "{\"Receipt\": {\"Confirmation\": ".repeat(DEPTH);
    let recursive = format!("{{\"Confirmation\": {inside}");
    let error = from_str::<DocflowV4>(&recursive).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(error.expected(), "at most 100 levels of nesting");

    // The same in binary: `Receipt` is field 4 of ConfirmationDocflowV4, `Confirmation` field 5 of
    // ReceiptDocflowV4 and field 2 of DocflowV4.
    let mut bytes = Vec::new();
    for _ in 0..DEPTH / 2 {
        bytes = nested(4, &nested(5, &bytes));
    }
    bytes = nested(2, &bytes);
    assert!(DocflowV4::decode(&*bytes).is_err());
    for message_type in registry::messages() {
        let _ = message_type.decode(&bytes);
    }
}

/// `bytes` as a message in the field of that number.
pub(crate) fn nested(number: u32, bytes: &[u8]) -> Vec<u8> {
    let mut outer = Vec::with_capacity(bytes.len() + 8);
    encode_key(number, WireType::LengthDelimited, &mut outer);
    encode_varint(bytes.len() as u64, &mut outer);
    outer.extend_from_slice(bytes);
    outer
}

/// A list that has been read has no room for much more than its elements.
#[test]
fn lists_are_as_long_as_they_are() {
    let count = 5_000;
    let limits = Limits::new().memory(1 << 30);
    let body = format!(r#"{{"Documents":[{}]}}"#, vec!["{}"; count].join(","));
    let json: DocumentList = from_str_within(&body, &limits).expect("a list");
    let bytes = json.encode_to_vec();
    let protobuf = DocumentList::decode_within(&*bytes, &limits).expect("a list");
    for list in [json, protobuf] {
        assert_eq!(list.documents.len(), count);
        assert_eq!(list.documents.capacity(), count);
    }
}

/// What a message in a box takes is counted to the byte, and what is kept of one is counted.
#[test]
fn structs_count() {
    let body = r#"{"Content":{}}"#;
    let message: Document = from_str(body).expect("a document");
    let bytes = message.encode_to_vec();
    let size = size_of::<Content>();
    for (memory, fits) in [(size, true), (size - 1, false)] {
        let limits = Limits::new().memory(memory);
        let json = from_str_within::<Document>(body, &limits);
        assert_eq!(json.is_ok(), fits, "{json:?}");
        let protobuf = Document::decode_within(&*bytes, &limits);
        assert_eq!(protobuf.is_ok(), fits, "{protobuf:?}");
    }
    // A required message takes no more than what it is in.
    let none = Limits::new().memory(0);
    for (body, fits) in [
        (r#"{"DocumentId":{}}"#, true),
        (r#"{"DocumentId":{"X":1}}"#, false),
    ] {
        assert!(from_str_within::<GetDocflowRequest>(body, &none).is_ok());
        let kept = Preserved::<GetDocflowRequest>::from_json_within(body.as_bytes(), &none);
        assert_eq!(kept.is_ok(), fits, "{kept:?}");
    }
}
