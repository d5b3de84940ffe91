//! Every message type keeps what is unknown in it, wherever it stands. What is kept of protobuf is
//! held against prost-reflect; `interop.rs` holds it against Google's Python.

use diadoc_schema::unknown_member;
use proptest::prelude::*;
use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field,
};
use prost_reflect::prost::Message as _;
use prost_reflect::{
    Cardinality, DynamicMessage, EnumDescriptor, Kind, MessageDescriptor, ReflectMessage as _,
};
use serde_json::{Value, json};

use crate::hostile::nested;
use crate::properties::{fail, for_every_message};

#[test]
fn json_keeps_keys_and_names_at_every_place() {
    for_every_message(|message_type, message| {
        let typed = message_type
            .decode(&message.encode_to_vec())
            .map_err(fail)?;
        let body = typed.to_json().map_err(fail)?;
        let mut body: Value = serde_json::from_str(&body).map_err(fail)?;
        let mut count = 0;
        add_unknown(&message.descriptor(), &mut body, &mut count);
        let preserved = message_type
            .from_json_preserved(body.to_string().as_bytes())
            .map_err(fail)?;
        prop_assert_eq!(preserved.unknown().len(), count);
        let written = preserved.to_json().map_err(fail)?;
        prop_assert_eq!(written.lost, vec![]);
        let value: Value = serde_json::from_str(&written.body).map_err(fail)?;
        prop_assert_eq!(value, body);
        Ok(())
    });
}

/// Adds a key to every object, and to every name of an enum that has an even length.
fn add_unknown(message: &MessageDescriptor, body: &mut Value, count: &mut usize) {
    let Value::Object(members) = body else {
        return;
    };
    for (key, value) in members.iter_mut() {
        let field = message.get_field_by_json_name(key).expect("a known key");
        let may_be_unknown = |item: &EnumDescriptor| {
            field.cardinality() != Cardinality::Required || unknown_member(item).is_some()
        };
        let values = match value {
            Value::Array(list) => list.iter_mut().collect(),
            one => vec![one],
        };
        for value in values {
            match (field.kind(), value) {
                (Kind::Message(inner), value) => add_unknown(&inner, value, count),
                (Kind::Enum(item), Value::String(name))
                    if may_be_unknown(&item) && name.len() % 2 == 0 =>
                {
                    *count += 1;
                    name.push_str("FromTheFuture");
                }
                _ => {}
            }
        }
    }
    *count += 1;
    let key = format!("Key {count}");
    members.insert(key, json!([null, {"deep": [*count]}, "\u{1}\u{2028}\""]));
}

#[test]
fn protobuf_keeps_fields_at_every_place_as_prost_reflect_does() {
    for_every_message(|message_type, message| {
        let descriptor = message.descriptor();
        let bytes = with_unknown(&descriptor, &message.encode_to_vec(), &mut 0);
        let preserved = message_type.decode_preserved(&bytes).map_err(fail)?;
        let written = preserved.to_protobuf().map_err(fail)?;
        prop_assert_eq!(written.lost, vec![]);
        let decode = |bytes: &[u8]| DynamicMessage::decode(descriptor.clone(), bytes).map_err(fail);
        let (read, again) = (decode(&bytes)?, decode(&written.body)?);
        prop_assert!(read.unknown_fields().next().is_some());
        prop_assert_eq!(read.encode_to_vec(), again.encode_to_vec());
        prop_assert_eq!(read, again);
        Ok(())
    });
}

/// A message with fields that the schema does not know, in it and in those in it: before, between and
/// behind the fields that it knows. Every fourth message in it stands in two parts.
pub(crate) fn with_unknown(
    message: &MessageDescriptor,
    mut bytes: &[u8],
    count: &mut u32,
) -> Vec<u8> {
    let mut result = unknown_field(message, count);
    while !bytes.is_empty() {
        let start = bytes;
        let (number, wire_type) = decode_key(&mut bytes).expect("a key");
        let mut content = bytes;
        skip_field(wire_type, number, &mut bytes, DecodeContext::default()).expect("a field");
        let field = message.get_field(number).expect("a known field");
        match field.kind() {
            Kind::Message(inner) => {
                let length = decode_varint(&mut content).expect("a length") as usize;
                if !field.is_list() && count.is_multiple_of(4) {
                    result.extend(nested(number, &unknown_field(&inner, count)));
                }
                let inside = with_unknown(&inner, &content[..length], count);
                result.extend(nested(number, &inside));
            }
            _ => result.extend_from_slice(&start[..start.len() - bytes.len()]),
        }
        if count.is_multiple_of(5) {
            result.extend(unknown_field(message, count));
        }
    }
    result.extend(unknown_field(message, count));
    result
}

/// A field that the message does not have, of each wire type in turn.
fn unknown_field(message: &MessageDescriptor, count: &mut u32) -> Vec<u8> {
    *count += 1;
    let (first, others) = (1 + *count % 30, 20_000 + *count..);
    let mut numbers = (first..40).chain(others);
    let number = numbers.find(|number| message.get_field(*number).is_none());
    let number = number.expect("numbers without end");
    let mut bytes = Vec::new();
    match *count % 5 {
        0 => {
            encode_key(number, WireType::Varint, &mut bytes);
            encode_varint(u64::MAX / u64::from(*count), &mut bytes);
        }
        1 => {
            encode_key(number, WireType::SixtyFourBit, &mut bytes);
            bytes.extend(f64::from(*count).to_le_bytes());
        }
        2 => {
            encode_key(number, WireType::ThirtyTwoBit, &mut bytes);
            bytes.extend(count.to_le_bytes());
        }
        3 => bytes = nested(number, &vec![0xff; *count as usize % 200]),
        _ => {
            encode_key(number, WireType::StartGroup, &mut bytes);
            bytes.extend(nested(1, b"in a group"));
            encode_key(number, WireType::EndGroup, &mut bytes);
        }
    }
    bytes
}
