//! What the rules of Diadoc's JSON make of a body.
//!
//! [`normalise`] answers, from the schema alone, what a reader that keeps the rules must write for
//! a body that it has read; [`read_json`](diadoc_schema::read_json) reads one without loss. It shares no code
//! with the generated types, and so can be held against them.

use std::collections::HashMap;
use std::fmt;

use base64::Engine as _;
use base64::alphabet::{self, Alphabet};
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use diadoc_schema::{Report, Rewrites, Rewritten, is_only_in_json};
use prost_reflect::{
    Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value as Reflected,
};
use serde::Serialize;
use serde_json::{Map, Number, Value};

/// Something that reading and writing a body changes, by the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Where, as `Documents[0].MessageIdGuid`.
    pub path: String,
    /// What happens there.
    pub change: Change,
}

/// What reading and writing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Change {
    /// A key that the schema does not know is skipped.
    UnknownKey,
    /// A field of protobuf that the schema does not know is skipped.
    UnknownField,
    /// A required field that the body lacks is written with its default.
    RequiredAdded,
    /// An enum name that the schema does not know becomes the enum's member for unknown names.
    UnknownName,
    /// An enum name that the schema does not know is dropped.
    UnknownNameDropped,
    /// A field that only JSON has is left out of protobuf.
    OnlyInJson,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let change = match self.change {
            Change::UnknownKey => "unknown key, skipped",
            Change::UnknownField => "unknown field, skipped",
            Change::RequiredAdded => "required field missing, default taken",
            Change::UnknownName => "unknown enum name, read as the member for unknown names",
            Change::UnknownNameDropped => "unknown enum name, left unset",
            Change::OnlyInJson => "a field that only JSON has, not carried by protobuf",
        };
        write!(f, "{}: {change}", self.path)
    }
}

impl From<Rewritten> for Note {
    fn from(rewritten: Rewritten) -> Self {
        Self {
            path: rewritten.path,
            change: match rewritten.is_added {
                true => Change::RequiredAdded,
                false => Change::UnknownKey,
            },
        }
    }
}

/// Notes, of each change no more than [`Report::MOST_OF_A_RULE`].
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub notes: Vec<Note>,
    /// How many more there are.
    pub left_out: usize,
}

impl From<Vec<Note>> for Listed {
    fn from(mut notes: Vec<Note>) -> Self {
        let all = notes.len();
        let mut counts = HashMap::<Change, usize>::new();
        notes.retain(|note| {
            let count = counts.entry(note.change).or_default();
            *count += 1;
            *count <= Report::MOST_OF_A_RULE
        });
        let left_out = all - notes.len();
        Self { notes, left_out }
    }
}

impl From<Rewrites> for Listed {
    fn from(rewrites: Rewrites) -> Self {
        Self {
            notes: rewrites.changes.into_iter().map(Note::from).collect(),
            left_out: rewrites.left_out,
        }
    }
}

/// The JSON that must come out when `body` is read as `message` and written back, and the changes
/// on the way. Values that do not fit their field stay as they are: a reader refuses them.
pub fn normalise(message: &MessageDescriptor, body: &Value) -> (Value, Vec<Note>) {
    let mut notes = Vec::new();
    let value = normalise_message(message, body, "", &mut notes);
    (value, notes)
}

/// What is left of JSON that a reader has written when it goes over protobuf, which lacks the fields
/// that only JSON has; and those fields, each by the outermost.
pub fn over_protobuf(message: &MessageDescriptor, written: &Value) -> (Value, Vec<Note>) {
    let (mut value, mut notes) = (written.clone(), Vec::new());
    leave_out(message, &mut value, "", &mut notes);
    (value, notes)
}

fn leave_out(message: &MessageDescriptor, value: &mut Value, path: &str, notes: &mut Vec<Note>) {
    let Value::Object(members) = value else {
        return;
    };
    members.retain(|key, value| {
        let Some(field) = message.get_field_by_json_name(key) else {
            return true;
        };
        let path = join(path, key);
        if is_only_in_json(&field) {
            notes.push(Note {
                path,
                change: Change::OnlyInJson,
            });
            return false;
        }
        if let Kind::Message(inner) = field.kind() {
            match value {
                Value::Array(list) => {
                    for (index, item) in list.iter_mut().enumerate() {
                        leave_out(&inner, item, &format!("{path}[{index}]"), notes);
                    }
                }
                value => leave_out(&inner, value, &path, notes),
            }
        }
        true
    });
}

fn normalise_message(
    message: &MessageDescriptor,
    body: &Value,
    path: &str,
    notes: &mut Vec<Note>,
) -> Value {
    let Value::Object(body) = body else {
        return body.clone();
    };
    let mut result = Map::new();
    for (key, value) in body {
        let path = join(path, key);
        let field = message
            .fields()
            .find(|field| field.json_name() == key || field.name() == key);
        let Some(field) = field else {
            notes.push(Note {
                path,
                change: Change::UnknownKey,
            });
            continue;
        };
        let value = match value {
            Value::Null => None,
            Value::Array(list) if field.is_list() => {
                let list: Vec<_> = list
                    .iter()
                    .enumerate()
                    .filter_map(|(i, item)| {
                        normalise_value(&field, item, &format!("{path}[{i}]"), notes)
                    })
                    .collect();
                (!list.is_empty()).then_some(Value::Array(list))
            }
            value => normalise_value(&field, value, &path, notes),
        };
        if let Some(value) = value {
            result.insert(field.json_name().to_owned(), value);
        }
    }
    for field in message.fields() {
        if field.cardinality() == Cardinality::Required && !result.contains_key(field.json_name()) {
            notes.push(Note {
                path: join(path, field.json_name()),
                change: Change::RequiredAdded,
            });
            result.insert(field.json_name().to_owned(), default_value(&field));
        }
    }
    Value::Object(result)
}

/// One value of a field; none where the rules drop it.
fn normalise_value(
    field: &FieldDescriptor,
    value: &Value,
    path: &str,
    notes: &mut Vec<Note>,
) -> Option<Value> {
    Some(match (field.kind(), value) {
        (Kind::Message(message), value) => normalise_message(&message, value, path, notes),
        (Kind::Enum(item), Value::String(name)) => {
            let (change, value) = match item.get_value_by_name(name) {
                Some(known) => return Some(enum_name(&item, known.number())),
                None => match unknown_member(&item) {
                    Some(unknown) => (Change::UnknownName, Some(unknown.into())),
                    None => (Change::UnknownNameDropped, None),
                },
            };
            notes.push(Note {
                path: path.to_owned(),
                change,
            });
            return value;
        }
        (Kind::Enum(item), Value::Number(number)) => {
            let known = number.as_i64().and_then(|n| i32::try_from(n).ok());
            match known.or(is_minus_zero(number).then_some(0)) {
                Some(number) => enum_name(&item, number),
                None => value.clone(),
            }
        }
        (Kind::Bytes, Value::String(text)) => match decode_base64(text) {
            Some(bytes) => Value::String(STANDARD.encode(bytes)),
            None => value.clone(),
        },
        (Kind::Int32 | Kind::Sfixed32 | Kind::Int64 | Kind::Sfixed64, Value::String(text)) => {
            match text.parse::<i64>() {
                Ok(number) => Value::Number(number.into()),
                Err(_) => value.clone(),
            }
        }
        (Kind::Bool, Value::String(text)) => match text.to_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => value.clone(),
        },
        (Kind::Bool, Value::Number(number)) => match number.as_f64() {
            Some(1.0) => Value::Bool(true),
            Some(0.0) => Value::Bool(false),
            _ => value.clone(),
        },
        (Kind::String, Value::Number(number)) if is_minus_zero(number) => "-0".into(),
        (Kind::String, Value::Number(number)) => Value::String(number.to_string()),
        (Kind::Int32 | Kind::Sfixed32 | Kind::Int64 | Kind::Sfixed64, Value::Number(number))
            if is_minus_zero(number) =>
        {
            Value::Number(Number::from(0))
        }
        (_, value) => value.clone(),
    })
}

/// Whether it is the integer `-0`, which serde_json reads as a float.
fn is_minus_zero(number: &Number) -> bool {
    number.is_f64() && number.as_f64() == Some(0.0)
}

/// The default of a required field, as JSON.
fn default_value(field: &FieldDescriptor) -> Value {
    match (field.default_value(), field.kind()) {
        (Reflected::Bool(value), _) => Value::Bool(value),
        (Reflected::I32(value), _) => Value::Number(value.into()),
        (Reflected::I64(value), _) => Value::Number(value.into()),
        (Reflected::String(value), _) => Value::String(value),
        (Reflected::Bytes(value), _) => Value::String(STANDARD.encode(value)),
        (Reflected::EnumNumber(number), Kind::Enum(item)) => enum_name(&item, number),
        (_, Kind::Message(message)) => {
            normalise_message(&message, &Value::Object(Map::new()), "", &mut Vec::new())
        }
        _ => Value::Null,
    }
}

/// The member that the enum's option `(Json.names).unknown` names, which a name from the future is
/// read as.
fn unknown_member(item: &EnumDescriptor) -> Option<String> {
    let option = item
        .parent_pool()
        .get_extension_by_name("Diadoc.Json.names")?;
    let options = item.options();
    let names = options.get_extension(&option);
    let stated = names.as_message()?.get_field_by_name("unknown")?;
    let stated = stated.as_str()?;
    (!stated.is_empty()).then(|| stated.to_owned())
}

/// The name that JSON writes for a number: the first one of the schema, or the number itself.
fn enum_name(item: &EnumDescriptor, number: i32) -> Value {
    item.enum_descriptor_proto()
        .value
        .iter()
        .find(|value| value.number() == number)
        .map_or(Value::Number(number.into()), |value| {
            Value::String(value.name().to_owned())
        })
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_ascii_whitespace().collect();
    let decode = |alphabet: &Alphabet| {
        let config =
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        GeneralPurpose::new(alphabet, config).decode(&text).ok()
    };
    decode(&alphabet::STANDARD).or_else(|| decode(&alphabet::URL_SAFE))
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// The first few places where two JSON values differ, each as a path with what stands there.
pub fn differences(expected: &Value, found: &Value) -> Vec<String> {
    const MOST: usize = 20;
    let mut all = Vec::new();
    compare("", Some(expected), Some(found), &mut all);
    all.truncate(MOST);
    all
}

fn compare(path: &str, expected: Option<&Value>, found: Option<&Value>, all: &mut Vec<String>) {
    match (expected, found) {
        (Some(Value::Object(expected)), Some(Value::Object(found))) => {
            for (key, value) in expected {
                compare(&join(path, key), Some(value), found.get(key), all);
            }
            for (key, value) in found {
                if !expected.contains_key(key) {
                    compare(&join(path, key), None, Some(value), all);
                }
            }
        }
        (Some(Value::Array(expected)), Some(Value::Array(found))) => {
            for i in 0..expected.len().max(found.len()) {
                compare(&format!("{path}[{i}]"), expected.get(i), found.get(i), all);
            }
        }
        (expected, found) if expected == found => {}
        (expected, found) => {
            let show = |value: Option<&Value>| match value {
                Some(value) => value.to_string().chars().take(60).collect(),
                None => "nothing".to_owned(),
            };
            all.push(format!(
                "{path}: {} expected, {} written",
                show(expected),
                show(found)
            ));
        }
    }
}
