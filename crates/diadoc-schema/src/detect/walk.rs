//! What of a protobuf body a message explains.

use std::collections::BTreeSet;

use prost_reflect::{Cardinality, Kind, MessageDescriptor};

use super::{Agreement, Fit};
use crate::only_in_json::wire_field;
use crate::protobuf::wire::{MAX_DEPTH, Value, WireReader, WireType};
use crate::protobuf::{is_packable, wire_type_of};

/// How many fields of a protobuf body are read for each message: enough to tell messages apart, and
/// a bound for the time that a large body takes.
const MOST_FIELDS: usize = 3_000;

/// Reads a body as one message.
#[derive(Debug, Clone, Default)]
pub(super) struct Walk {
    pub fit: Fit,
    /// Fields read so far.
    fields: usize,
    /// Bytes of the values read so far, and of those that the message explains; a doubtful value
    /// counts half. Both are in half bytes.
    seen: usize,
    explained: usize,
    depth: usize,
}

impl Walk {
    /// Adds what the message explains; none if the bytes cannot be read.
    pub(super) fn body(&mut self, message: &MessageDescriptor, bytes: &[u8]) -> Option<()> {
        self.message(message, WireReader::new(bytes))
    }

    /// The share of the bytes that the message explains.
    pub(super) fn explained(&self) -> f64 {
        self.explained as f64 / self.seen.max(1) as f64
    }

    fn message(&mut self, message: &MessageDescriptor, mut reader: WireReader<'_>) -> Option<()> {
        let mut set = BTreeSet::new();
        while !reader.is_empty() {
            if self.fields >= MOST_FIELDS {
                return Some(());
            }
            self.fields += 1;
            let key = reader.key().ok()?;
            let key_length = reader.position() - key.start;
            let value = reader.skip(key, self.depth).ok()?;
            let length = reader.position() - key.start;
            let Some(field) = wire_field(message, key.number) else {
                self.seen += 2 * length;
                continue;
            };
            let first = set.insert(key.number);
            let repeated = field.cardinality() == Cardinality::Repeated;
            let agreement = match wire_type_of(&field) {
                // A field that is no list does not stand twice.
                _ if !first && !repeated => Agreement::None,
                expected if expected == key.wire_type => {
                    self.value(&field.kind(), &value, &reader, key_length)
                }
                expected
                    if repeated && is_packable(expected) && key.wire_type == WireType::Length =>
                {
                    packed(&field.kind(), expected, &value, &reader)
                }
                _ => Agreement::None,
            };
            self.fit.add(agreement);
            let is_message = matches!(field.kind(), Kind::Message(_));
            if is_message && agreement == Agreement::Sure {
                continue;
            }
            self.seen += 2 * length;
            self.explained += match agreement {
                Agreement::Sure => 2 * length,
                Agreement::Doubtful => length,
                Agreement::None => 0,
            };
        }
        self.fit.missing += message
            .fields()
            .filter(|field| field.cardinality() == Cardinality::Required)
            .filter(|field| !set.contains(&field.number()))
            .count();
        Some(())
    }

    fn value(
        &mut self,
        kind: &Kind,
        value: &Value,
        reader: &WireReader<'_>,
        key_length: usize,
    ) -> Agreement {
        match (kind, value) {
            (Kind::Message(message), Value::Length(range)) => {
                let before = self.clone();
                self.depth += 1;
                let read = match self.depth <= MAX_DEPTH {
                    true => self.message(message, reader.part(range.clone())),
                    false => None,
                };
                self.depth -= 1;
                if read.is_none() {
                    // The fields stay read, so that the bound on them holds.
                    let fields = self.fields;
                    *self = Self { fields, ..before };
                    return Agreement::None;
                }
                self.seen += 2 * key_length;
                self.explained += 2 * key_length;
                Agreement::Sure
            }
            (Kind::String, Value::Length(range)) => {
                match std::str::from_utf8(reader.content(range.clone())) {
                    Ok(text) => Agreement::sure_if(is_text(text)),
                    Err(_) => Agreement::None,
                }
            }
            (Kind::Bytes, Value::Length(range)) => {
                let text = std::str::from_utf8(reader.content(range.clone()));
                Agreement::sure_if(!text.is_ok_and(is_text))
            }
            (kind, value) => number(kind, value),
        }
    }
}

/// Whether the values of a packed list are ones of the kind.
fn packed(kind: &Kind, wire_type: WireType, value: &Value, reader: &WireReader<'_>) -> Agreement {
    let Value::Length(range) = value else {
        return Agreement::None;
    };
    let mut elements = reader.part(range.clone());
    let mut agreement = Agreement::Sure;
    while !elements.is_empty() && agreement != Agreement::None {
        agreement = match elements.value(wire_type) {
            Ok(value) => agreement.min(number(kind, &value)),
            Err(_) => Agreement::None,
        };
    }
    agreement
}

fn number(kind: &Kind, value: &Value) -> Agreement {
    match (kind, value) {
        (Kind::Bool, Value::Varint(number)) if *number > 1 => Agreement::None,
        (Kind::Enum(members), Value::Varint(number)) => match i32::try_from(*number as i64) {
            Ok(number) => Agreement::sure_if(members.get_value(number).is_some()),
            Err(_) => Agreement::None,
        },
        (Kind::Int32, Value::Varint(number)) if i32::try_from(*number as i64).is_err() => {
            Agreement::None
        }
        (Kind::Uint32 | Kind::Sint32, Value::Varint(number)) if u32::try_from(*number).is_err() => {
            Agreement::None
        }
        (_, Value::Group) => Agreement::Doubtful,
        _ => Agreement::Sure,
    }
}

/// Whether the string looks like text: encoded messages often are UTF-8 too, with control characters.
fn is_text(text: &str) -> bool {
    !text
        .bytes()
        .any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'))
}
