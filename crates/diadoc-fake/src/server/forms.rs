//! Messages in both forms.
//!
//! What the fake holds of a message is protobuf in which the fields that only JSON has stand under the
//! numbers that stand in for theirs. They are left out of an answer in protobuf.

use bytes::Bytes;
use diadoc_api::Form;
use diadoc_core::base64;
use diadoc_proto::json::{self, JsonMessage};
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{ComputedKeys, Schema, is_only_in_json, read_json, render_like_server};
use prost::Message as _;
use prost_reflect::{DynamicMessage, MessageDescriptor, ReflectMessage as _, Value as Reflected};
use serde_json::Value;

/// A message that is held, in that form, as the server writes it.
pub(super) fn write(form: Form, message: &MessageDescriptor, held: Bytes) -> Bytes {
    match form {
        Form::Protobuf => without_only_in_json(message, held),
        Form::Json => {
            let body = to_json(message, &held);
            let body = render_like_server(message, &body, ComputedKeys::With);
            body.to_string().into()
        }
    }
}

/// The media type of a form, as the server names it.
pub(super) fn media_type(form: Form) -> &'static str {
    match form {
        Form::Protobuf => form.media_type(),
        Form::Json => "application/json; charset=utf-8",
    }
}

/// What is held of a body in JSON.
pub(super) fn from_json(message: &MessageDescriptor, body: &[u8]) -> Result<Bytes, json::Error> {
    let read = message_type(message).from_json(body)?;
    Ok(held(message, read.encode_to_vec(), &read.to_json()?))
}

/// What is held of a message.
pub(super) fn from_message<M: JsonMessage>(message: &M) -> Bytes {
    let protobuf = message.encode_to_vec();
    let descriptor = Schema::diadoc().message(&M::full_name());
    match (descriptor, json::to_string(message)) {
        (Ok(descriptor), Ok(written)) => held(&descriptor, protobuf, &written),
        // JSON has no place for it, so that there are no fields that only JSON has.
        _ => protobuf.into(),
    }
}

/// The protobuf of a message with what its JSON has beyond that.
fn held(message: &MessageDescriptor, protobuf: Vec<u8>, written: &str) -> Bytes {
    let mut json = serde_json::Deserializer::from_str(written);
    let whole = DynamicMessage::deserialize(message.clone(), &mut json);
    // What is written is read by reflection too, which tests of diadoc-proto hold for all messages.
    whole.map_or(protobuf, |whole| whole.encode_to_vec()).into()
}

/// A message that is held, without what protobuf does not carry.
fn without_only_in_json(message: &MessageDescriptor, held: Bytes) -> Bytes {
    let Ok(mut whole) = DynamicMessage::decode(message.clone(), &*held) else {
        return held;
    };
    match clear_only_in_json(&mut whole) {
        true => whole.encode_to_vec().into(),
        false => held,
    }
}

/// Whether there was anything.
fn clear_only_in_json(message: &mut DynamicMessage) -> bool {
    let only_in_json: Vec<_> = message
        .fields()
        .map(|(field, _)| field)
        .filter(is_only_in_json)
        .collect();
    only_in_json
        .iter()
        .for_each(|field| message.clear_field(field));
    let mut found = !only_in_json.is_empty();
    for (_, value) in message.fields_mut() {
        match value {
            Reflected::Message(inner) => found |= clear_only_in_json(inner),
            Reflected::List(list) => {
                for inner in list.iter_mut().filter_map(Reflected::as_message_mut) {
                    found |= clear_only_in_json(inner);
                }
            }
            _ => {}
        }
    }
    found
}

/// A body in protobuf, where the bytes are of the message.
pub(super) fn protobuf(
    message: &MessageDescriptor,
    body: &[u8],
) -> Result<Bytes, prost::DecodeError> {
    message_type(message).decode(body)?;
    Ok(Bytes::copy_from_slice(body))
}

/// JSON of a message that is held; null where the bytes are not of the message.
pub(super) fn to_json(message: &MessageDescriptor, held: &[u8]) -> Value {
    let text = message_type(message)
        .decode(held)
        .ok()
        .and_then(|message| message.to_json().ok());
    let body = text.and_then(|text| read_json(text.as_bytes()).ok());
    let mut body = body.unwrap_or_default();
    if let Ok(whole) = DynamicMessage::decode(message.clone(), held) {
        add_only_in_json(&whole, &mut body);
    }
    body
}

fn add_only_in_json(message: &DynamicMessage, body: &mut Value) {
    let Value::Object(members) = body else {
        return;
    };
    for (field, value) in message.fields() {
        if is_only_in_json(&field) {
            members.insert(field.json_name().to_owned(), json_of(value));
            continue;
        }
        match (value, members.get_mut(field.json_name())) {
            (Reflected::Message(inner), Some(body)) => add_only_in_json(inner, body),
            (Reflected::List(list), Some(Value::Array(bodies))) => {
                let inner = list.iter().filter_map(Reflected::as_message);
                inner
                    .zip(bodies)
                    .for_each(|(inner, body)| add_only_in_json(inner, body));
            }
            _ => {}
        }
    }
}

/// A value as JSON; enums by number, of which the writer makes names.
#[allow(clippy::unreachable, reason = "the schema comes with this crate")]
fn json_of(value: &Reflected) -> Value {
    match value {
        Reflected::Message(inner) => to_json(&inner.descriptor(), &inner.encode_to_vec()),
        Reflected::List(list) => list.iter().map(json_of).collect(),
        Reflected::Bool(value) => (*value).into(),
        Reflected::I32(number) | Reflected::EnumNumber(number) => (*number).into(),
        Reflected::I64(number) => (*number).into(),
        Reflected::String(text) => text.as_str().into(),
        Reflected::Bytes(bytes) => base64::encode_to_string(bytes).into(),
        Reflected::U32(_)
        | Reflected::U64(_)
        | Reflected::F32(_)
        | Reflected::F64(_)
        | Reflected::Map(_) => {
            unreachable!("the generator refuses bodies with kinds that have no rule in JSON")
        }
    }
}

#[allow(
    clippy::expect_used,
    reason = "types and descriptors are of one schema"
)]
fn message_type(message: &MessageDescriptor) -> &'static MessageType {
    // Both come from the same schema.
    registry::find(message.full_name()).expect("every message of a method has a type")
}
