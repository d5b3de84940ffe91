//! The writer: the fields of a message into any of serde's formats.

use diadoc_core::base64;
use serde::ser::{Serialize, SerializeSeq as _, SerializeStruct as _, Serializer};

use super::enums::Member;
use super::slots::{Held, MessageList, Slots, Value};

/// Writes a message: its fields in the order of the schema.
pub(crate) fn write<S: Serializer>(message: &dyn Slots, serializer: S) -> Result<S::Ok, S::Error> {
    let names = message.keys().json_names();
    // Formats ask how many there are before the first.
    let mut values = Vec::with_capacity(names.len());
    for (field, name) in names.iter().enumerate() {
        match message.value(field) {
            Value::Absent => {}
            value => values.push((*name, value)),
        }
    }
    let mut object = serializer.serialize_struct(message.name(), values.len())?;
    for (name, value) in &values {
        object.serialize_field(name, value)?;
    }
    object.end()
}

/// A message that is no field of its own type here.
struct Object<'a>(&'a dyn Slots);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(self.0, serializer)
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // It is passed over where the fields are written.
            Self::Absent => serializer.serialize_none(),
            Self::Bool(held) => held.write(serializer, |flag| flag),
            Self::Int32(held) => held.write(serializer, |number| number),
            Self::Int64(held) => held.write(serializer, |number| number),
            Self::String(held) => held.write(serializer, |text| text),
            Self::Bytes(held) => held.write(serializer, |bytes| base64::encode_to_string(bytes)),
            Self::Enum(held, members) => held.write(serializer, |number| Member {
                number: *number,
                members,
            }),
            Self::Message(message) => write(*message, serializer),
            Self::Messages(list) => write_list(*list, serializer),
        }
    }
}

impl<'a, T> Held<'a, T> {
    /// Writes it; `as_written` tells what stands for a value.
    fn write<W: Serialize, S: Serializer>(
        &self,
        serializer: S,
        as_written: impl Fn(&'a T) -> W,
    ) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(value) => as_written(value).serialize(serializer),
            Self::Many(values) => serializer.collect_seq(values.iter().map(as_written)),
        }
    }
}

fn write_list<S: Serializer>(list: &dyn MessageList, serializer: S) -> Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(Some(list.len()))?;
    for index in 0..list.len() {
        sequence.serialize_element(&Object(list.get(index)))?;
    }
    sequence.end()
}
