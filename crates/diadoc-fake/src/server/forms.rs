//! Messages in both forms.

use bytes::Bytes;
use diadoc_api::Form;
use diadoc_proto::json;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{ComputedKeys, render_like_server};
use prost_reflect::MessageDescriptor;
use serde_json::Value;

/// A message in that form, as the server writes it.
pub(super) fn write(form: Form, message: &MessageDescriptor, protobuf: Bytes) -> Bytes {
    match form {
        Form::Protobuf => protobuf,
        Form::Json => {
            let body = to_json(message, &protobuf);
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

/// Protobuf of a body in JSON.
pub(super) fn to_protobuf(message: &MessageDescriptor, body: &[u8]) -> Result<Bytes, json::Error> {
    Ok(message_type(message)
        .from_json(body)?
        .encode_to_vec()
        .into())
}

/// A body in protobuf, where the bytes are of the message.
pub(super) fn protobuf(
    message: &MessageDescriptor,
    body: &[u8],
) -> Result<Bytes, prost::DecodeError> {
    message_type(message).decode(body)?;
    Ok(Bytes::copy_from_slice(body))
}

/// JSON of a message in protobuf; null where the bytes are not of the message.
pub(super) fn to_json(message: &MessageDescriptor, protobuf: &[u8]) -> Value {
    let text = message_type(message)
        .decode(protobuf)
        .ok()
        .and_then(|message| message.to_json().ok());
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn message_type(message: &MessageDescriptor) -> &'static MessageType {
    // Both come from the same schema.
    registry::find(message.full_name()).expect("every message of a method has a type")
}
