//! Bodies that are small for what they ask.

use std::collections::BTreeSet;

use diadoc_schema::is_only_in_json;
use diadoc_testkit::descriptor;
use prost::encoding::{WireType, encode_key};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::{MessageType, registry};

pub(crate) struct Flood {
    pub name: String,
    pub message: &'static MessageType,
    pub body: Vec<u8>,
}

/// Bodies of about so many bytes: a list of the smallest elements for every list of the schema, lists of the same messages once; and
/// what grows where nothing is a list.
pub(crate) fn floods(length: usize) -> impl Iterator<Item = Flood> {
    let mut seen = BTreeSet::new();
    let lists = registry::messages().iter().flat_map(move |message| {
        let mut lists = lists_of(message.full_name());
        lists.retain(|field| seen.insert(kind_of(field)));
        lists
            .into_iter()
            .map(move |field| list(message, &field, length))
    });
    lists.chain(others(length))
}

fn lists_of(message: &str) -> Vec<FieldDescriptor> {
    let descriptor = descriptor(message).expect("a message of the schema");
    descriptor
        .fields()
        .filter(FieldDescriptor::is_list)
        .collect()
}

/// What the elements of a list are.
fn kind_of(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(_) => "enum".to_owned(),
        other => format!("{other:?}"),
    }
}

fn list(message: &'static MessageType, field: &FieldDescriptor, length: usize) -> Flood {
    let element = match field.kind() {
        Kind::Message(_) => "{}",
        Kind::String | Kind::Bytes => "\"\"",
        _ => "0",
    };
    let key = field.json_name();
    Flood {
        name: format!("{}.{key}", message.full_name()),
        message,
        body: format!("{{\"{key}\":[{}]}}", repeated(element, length)).into_bytes(),
    }
}

/// As [`floods`], in protobuf.
pub(crate) fn wire_floods(length: usize) -> impl Iterator<Item = Flood> {
    let mut seen = BTreeSet::new();
    let lists = registry::messages().iter().flat_map(move |message| {
        let mut lists = lists_of(message.full_name());
        lists.retain(|field| !is_only_in_json(field) && seen.insert(kind_of(field)));
        lists
            .into_iter()
            .map(move |field| wire_list(message, &field, length))
    });
    let list = registry::find("Diadoc.Api.Proto.Documents.DocumentList");
    let group = [
        1 << 3 | WireType::StartGroup as u8,
        1 << 3 | WireType::EndGroup as u8,
    ];
    let unknown = list.into_iter().flat_map(move |message| {
        let flood = |name: &str, record: &[u8]| Flood {
            name: name.to_owned(),
            message,
            body: record.repeat(length / record.len()),
        };
        let mut varint = Vec::new();
        encode_key(900, WireType::Varint, &mut varint);
        varint.push(1);
        [flood("unknown fields", &varint), flood("groups", &group)]
    });
    lists.chain(unknown)
}

fn wire_list(message: &'static MessageType, field: &FieldDescriptor, length: usize) -> Flood {
    let wire_type = match field.kind() {
        Kind::Message(_) | Kind::String | Kind::Bytes => WireType::LengthDelimited,
        Kind::Sfixed64 => WireType::SixtyFourBit,
        Kind::Sfixed32 => WireType::ThirtyTwoBit,
        _ => WireType::Varint,
    };
    let mut record = Vec::new();
    encode_key(field.number(), wire_type, &mut record);
    let value = match wire_type {
        WireType::SixtyFourBit => 8,
        WireType::ThirtyTwoBit => 4,
        _ => 1,
    };
    record.resize(record.len() + value, 0);
    Flood {
        name: field.full_name().to_owned(),
        message,
        body: record.repeat(length / record.len()),
    }
}

/// Elements of about so many bytes in all, with commas.
fn repeated(text: &str, length: usize) -> String {
    vec![text; length / (text.len() + 1)].join(",")
}

fn others(length: usize) -> Vec<Flood> {
    let find = |name: &str| registry::find(name).expect("a message of the schema");
    let list = find("Diadoc.Api.Proto.Documents.DocumentList");
    let id = find("Diadoc.Api.Proto.DocumentId");
    let flood = |name: &str, message, body: String| Flood {
        name: name.to_owned(),
        message,
        body: body.into_bytes(),
    };
    let mut floods = vec![
        flood(
            "unknown keys",
            id,
            format!("{{{}}}", repeated("\"a\":1", length)),
        ),
        flood(
            "a list of messages with an unknown key",
            list,
            format!("{{\"Documents\":[{}]}}", repeated("{\"a\":1}", length)),
        ),
        flood(
            "an unknown list of lists",
            id,
            format!("{{\"a\":[{}]}}", repeated("[]", length)),
        ),
        flood(
            "unknown brackets",
            id,
            format!(
                "{{\"a\":{}{}}}",
                "[".repeat(length / 2),
                "]".repeat(length / 2)
            ),
        ),
        flood(
            "open brackets",
            id,
            format!("{{\"a\":{}", "[".repeat(length)),
        ),
        flood(
            "a text of escapes",
            id,
            format!("{{\"MessageId\":\"{}\"}}", "\\u0416".repeat(length / 6)),
        ),
        flood(
            "a text",
            id,
            format!("{{\"MessageId\":\"{}\"}}", "ж".repeat(length / 2)),
        ),
        flood(
            "an unknown name among numbers",
            find("Diadoc.Api.Proto.Certificates.CertificateInfoV2"),
            format!("{{\"Usages\":[\"\",{}]}}", repeated("0", length)),
        ),
        flood("white space", id, " ".repeat(length) + "{}"),
        flood(
            "a list that is cut",
            list,
            format!("{{\"Documents\":[{}", repeated("{}", length)),
        ),
    ];
    floods.extend(nested("Diadoc.Api.Proto.Documents.DocumentList", length));
    floods
}

/// A list of objects that hold the first of their messages that are no lists, a few levels down.
fn nested(name: &str, length: usize) -> Option<Flood> {
    let message = registry::find(name)?;
    let list = lists_of(name)
        .into_iter()
        .find(|field| message_of(field).is_some())?;
    let element = deepest(&message_of(&list)?, 4);
    Some(Flood {
        name: format!("messages in the elements of {name}"),
        message,
        body: format!(
            "{{\"{}\":[{}]}}",
            list.json_name(),
            vec![element.as_str(); length / element.len()].join(",")
        )
        .into_bytes(),
    })
}

fn message_of(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    match field.kind() {
        Kind::Message(message) => Some(message),
        _ => None,
    }
}

fn deepest(message: &MessageDescriptor, levels: usize) -> String {
    let single = message.fields().filter(|field| !field.is_list());
    let members = single.filter_map(|field| {
        let inside = message_of(&field).filter(|_| levels > 0)?;
        Some(format!(
            "\"{}\":{}",
            field.json_name(),
            deepest(&inside, levels - 1)
        ))
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}
