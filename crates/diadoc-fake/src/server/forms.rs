//! Messages in both forms.

use bytes::Bytes;
use diadoc_proto::json;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{ComputedKeys, render_like_server};
use prost_reflect::MessageDescriptor;
use serde_json::Value;

/// The form in which messages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Protobuf,
    Json,
}

impl Form {
    /// The form that a media type names, if it names one.
    pub(super) fn named(media_type: &str) -> Option<Self> {
        let media_type = media_type.to_ascii_lowercase();
        if media_type.contains("json") {
            Some(Self::Json)
        } else if media_type.contains("protobuf") {
            Some(Self::Protobuf)
        } else {
            None
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// A message in this form, as the server writes it.
    pub(super) fn write(self, message: &MessageDescriptor, protobuf: Bytes) -> Bytes {
        match self {
            Self::Protobuf => protobuf,
            Self::Json => {
                let body = to_json(message, &protobuf);
                let body = render_like_server(message, &body, ComputedKeys::With);
                body.to_string().into()
            }
        }
    }
}

/// Protobuf of a body in JSON.
pub(super) fn to_protobuf(message: &MessageDescriptor, body: &[u8]) -> Result<Bytes, json::Error> {
    Ok(message_type(message)
        .from_json(body)?
        .encode_to_vec()
        .into())
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
