//! What of a JSON body a message explains.

use diadoc_core::base64;
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value};

use super::{Agreement, Fit};
use crate::json::range;

/// The number of keys at every depth; how deep that is, serde_json limits.
pub(super) fn members(object: &Map<String, Value>) -> usize {
    object.len() + object.values().map(members_in).sum::<usize>()
}

fn members_in(value: &Value) -> usize {
    match value {
        Value::Object(object) => members(object),
        Value::Array(elements) => elements.iter().map(members_in).sum(),
        _ => 0,
    }
}

/// Adds what the message explains of the object and of what is in it.
pub(super) fn object(message: &MessageDescriptor, object: &Map<String, Value>, fit: &mut Fit) {
    for (key, value) in object {
        let field = message
            .get_field_by_json_name(key)
            .or_else(|| message.get_field_by_name(key));
        if let Some(field) = field {
            let agreement = of_field(&field, value, fit);
            fit.add(agreement);
        }
    }
    fit.missing += message
        .fields()
        .filter(|field| field.cardinality() == Cardinality::Required)
        .filter(|field| {
            [field.json_name(), field.name()]
                .iter()
                .all(|name| object.get(*name).is_none_or(Value::is_null))
        })
        .count();
}

/// Whether the value is one of the field; the members in it are added to the fit.
fn of_field(field: &FieldDescriptor, value: &Value, fit: &mut Fit) -> Agreement {
    match value {
        Value::Null => Agreement::Doubtful,
        Value::Array(elements) if field.is_list() => elements
            .iter()
            .map(|element| of_kind(&field.kind(), element, fit))
            .min()
            .unwrap_or(Agreement::Sure),
        _ if field.cardinality() == Cardinality::Repeated => Agreement::None,
        value => of_kind(&field.kind(), value, fit),
    }
}

fn of_kind(kind: &Kind, value: &Value, fit: &mut Fit) -> Agreement {
    match (kind, value) {
        (Kind::Message(message), Value::Object(object)) => {
            self::object(message, object, fit);
            Agreement::Sure
        }
        (Kind::String, Value::String(_)) | (Kind::Bool, Value::Bool(_)) => Agreement::Sure,
        (Kind::Bytes, Value::String(text)) => Agreement::sure_if(is_base64(text)),
        (Kind::Enum(members), Value::String(name)) => {
            Agreement::sure_if(members.get_value_by_name(name).is_some())
        }
        (Kind::Enum(_), Value::Number(number)) if number.is_i64() => Agreement::Doubtful,
        (Kind::Double | Kind::Float, Value::Number(_)) => Agreement::Sure,
        (kind, Value::Number(number)) => match range(kind) {
            Some(range) => Agreement::sure_if(number.as_i128().is_some_and(|n| range.contains(&n))),
            None => Agreement::None,
        },
        // Integers may stand as strings, but the vendor writes numbers.
        (kind, Value::String(text)) => match (range(kind), text.parse()) {
            (Some(range), Ok(number)) if range.contains(&number) => Agreement::Doubtful,
            _ => Agreement::None,
        },
        _ => Agreement::None,
    }
}

fn is_base64(text: &str) -> bool {
    // The start of a document of many megabytes says enough.
    let start = text.get(..4096).unwrap_or(text);
    !base64::is_url_safe(start) && base64::decode(start.as_bytes()).is_some()
}
