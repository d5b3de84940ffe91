//! A body as the server would write it.
//!
//! The vendor's serializer shows more than it was given: empty lists, and scalars and enums that
//! are not set, with their defaults. Strings, bytes and messages that are not set it leaves out,
//! declared default or not. Keys stand in the order of the fields' numbers.

use diadoc_core::dialect::decimal;
use diadoc_core::{Limits, Ticks, base64};
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value as Default};
use serde_json::{Map, Value};

use crate::computed_keys::{Source, computed_keys};
use crate::enums::{first_name, unknown_member};

/// Whether a body gets the keys that the server computes from other fields, such as
/// `MessageIdGuid`; the schema does not have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComputedKeys {
    /// Leave them out.
    Without,
    /// Write them, in front of the keys of the schema as the server does.
    With,
}

/// The JSON of a body as the server would write it, for fakes and fixtures.
///
/// - Keys stand in the order of the fields; keys that the schema does not know are dropped.
/// - Lists that are not set are `[]`; booleans, integers and enums that are not set have their
///   default; strings, bytes and messages that are not set are absent, as is everything `null`.
/// - Enums are written by the first name of their number, integers as numbers, bytes as padded
///   standard base64.
/// - A name that an enum does not know becomes its unknown member, or counts as not set.
///
/// A value that does not fit its field stays as it is: validate the body first.
///
/// ```
/// use diadoc_schema::{ComputedKeys, Schema, render_like_server};
/// use serde_json::json;
///
/// let message = Schema::diadoc().message("Diadoc.Api.Proto.Forwarding.ForwardedDocumentId")?;
/// let body = json!({ "ForwardEventId": "075c7801-d925-4a62-8b8d-e2f75beb8ccf", "FromBoxId": null });
/// assert_eq!(
///     render_like_server(&message, &body, ComputedKeys::With),
///     json!({
///         "ForwardEventIdGuid": "075c7801-d925-4a62-8b8d-e2f75beb8ccf",
///         "ForwardEventId": "075c7801-d925-4a62-8b8d-e2f75beb8ccf",
///     }),
/// );
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn render_like_server(
    message: &MessageDescriptor,
    body: &Value,
    computed: ComputedKeys,
) -> Value {
    // Deeper than this a body is left as it stands; readers do not go deeper either.
    render_message(message, body, computed, Limits::DEPTH + 1)
}

fn render_message(
    message: &MessageDescriptor,
    body: &Value,
    computed: ComputedKeys,
    depth: usize,
) -> Value {
    let (Some(body), Some(depth)) = (body.as_object(), depth.checked_sub(1)) else {
        return body.clone();
    };
    let mut fields = Map::new();
    for field in message.fields() {
        let given = body
            .get(field.json_name())
            .or_else(|| body.get(field.name()))
            .filter(|value| !value.is_null());
        let value = match given {
            Some(Value::Array(items)) if field.is_list() => Some(Value::Array(
                items
                    .iter()
                    .filter_map(|item| render_value(&field, item, computed, depth))
                    .collect(),
            )),
            Some(value) => render_value(&field, value, computed, depth),
            None => None,
        };
        if let Some(value) = value.or_else(|| default(&field)) {
            fields.insert(field.json_name().to_owned(), value);
        }
    }
    if computed == ComputedKeys::Without {
        return Value::Object(fields);
    }
    let mut rendered = computed_values(message, &fields);
    rendered.append(&mut fields);
    Value::Object(rendered)
}

/// A value of a field or an element of a list; none where it counts as not set.
fn render_value(
    field: &FieldDescriptor,
    value: &Value,
    computed: ComputedKeys,
    depth: usize,
) -> Option<Value> {
    match field.kind() {
        Kind::Message(message) => Some(render_message(&message, value, computed, depth)),
        Kind::Enum(item) => render_enum(&item, value),
        Kind::Bytes => Some(render_bytes(value)),
        Kind::String | Kind::Bool | Kind::Float | Kind::Double => Some(value.clone()),
        _ => Some(render_integer(value)),
    }
}

fn render_enum(item: &EnumDescriptor, value: &Value) -> Option<Value> {
    if let Some(name) = value.as_str() {
        let known = item.get_value_by_name(name).map(|member| member.number());
        return match known {
            Some(number) => first_name(item, number),
            None => unknown_member(item),
        }
        .map(Value::from);
    }
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
    let name = number.and_then(|number| first_name(item, number));
    Some(name.map_or_else(|| value.clone(), Value::from))
}

fn render_integer(value: &Value) -> Value {
    let number = value.as_str().and_then(decimal);
    number.map_or_else(|| value.clone(), Value::from)
}

fn render_bytes(value: &Value) -> Value {
    let text = value.as_str();
    match text.and_then(|text| base64::decode(text.as_bytes())) {
        Some(bytes) => Value::String(base64::encode_to_string(&bytes)),
        None => value.clone(),
    }
}

/// What the server shows for a field that is not set.
fn default(field: &FieldDescriptor) -> Option<Value> {
    if field.is_list() {
        return Some(Value::Array(Vec::new()));
    }
    match (field.kind(), field.default_value()) {
        (Kind::Enum(item), Default::EnumNumber(number)) => {
            Some(first_name(&item, number).map_or_else(|| Value::from(number), Value::from))
        }
        (_, Default::Bool(flag)) => Some(Value::Bool(flag)),
        (_, Default::I32(number)) => Some(Value::from(number)),
        (_, Default::I64(number)) => Some(Value::from(number)),
        (_, Default::U32(number)) => Some(Value::from(number)),
        (_, Default::U64(number)) => Some(Value::from(number)),
        (_, Default::F32(number)) => Some(Value::from(number)),
        (_, Default::F64(number)) => Some(Value::from(number)),
        _ => None,
    }
}

/// The computed keys of a message with what the server writes there, in its order.
fn computed_values(message: &MessageDescriptor, fields: &Map<String, Value>) -> Map<String, Value> {
    let value = |source| match source {
        Source::Same(field) => fields.get(field).cloned(),
        Source::Ticks(field) => fields.get(field)?.get("Ticks").cloned(),
        Source::Moment(field) => fields
            .get(field)?
            .as_i64()
            .and_then(|ticks| Ticks::new(ticks).ok())
            .map(|moment| Value::String(moment.to_string())),
    };
    computed_keys(message)
        .filter_map(|computed| Some((computed.key.to_owned(), value(computed.source?)?)))
        .collect()
}
