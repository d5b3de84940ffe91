//! Values of messages for languages that have no types of them.

use std::fmt;

use diadoc_core::base64;
use prost_reflect::{Kind, MessageDescriptor};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A value of a message, as a language without types for messages holds it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing: under an unknown key alone.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer of at most 32 bits, or the number of a value of an enum.
    Int(i64),
    /// An integer of a field of 64 bits, such as ticks; or one under an unknown key that a double does not hold.
    Long(i128),
    /// Another number.
    Double(f64),
    /// A text, or the name of a value of an enum.
    Text(String),
    /// The content of a field of bytes, which JSON has in base64.
    Bytes(Vec<u8>),
    /// What a repeated field holds.
    List(Vec<Value>),
    /// A message: its fields by their keys in JSON, in the order in which they are written.
    Message(Vec<(String, Value)>),
}

impl Value {
    /// Reads a message from JSON that was written of it.
    pub(super) fn of_message(json: &[u8], message: MessageDescriptor) -> serde_json::Result<Self> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        // What is written is as deep as what is read may be.
        reader.disable_recursion_limit();
        let value = Expected::Known(Kind::Message(message)).deserialize(&mut reader)?;
        reader.end()?;
        Ok(value)
    }
}

/// The integers from which a double does not hold each: its size has 53 bits.
const NOT_EXACT: u64 = 1 << 53;

/// What stands in a place of JSON.
enum Expected {
    /// A value of a field, or a list of them.
    Known(Kind),
    /// What the schema does not know.
    Unknown,
}

impl Expected {
    fn is_long(&self) -> bool {
        match self {
            Self::Known(kind) => matches!(
                kind,
                Kind::Int64 | Kind::Uint64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64
            ),
            Self::Unknown => false,
        }
    }

    /// What stands under a key.
    fn under(&self, key: &str) -> Self {
        match self {
            Self::Known(Kind::Message(message)) => message
                .get_field_by_json_name(key)
                .map_or(Self::Unknown, |field| Self::Known(field.kind())),
            Self::Known(_) | Self::Unknown => Self::Unknown,
        }
    }

    /// What stands in a list in this place.
    fn element(&self) -> Self {
        match self {
            Self::Known(kind) => Self::Known(kind.clone()),
            Self::Unknown => Self::Unknown,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Expected {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Expected {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(match self.is_long() || number.unsigned_abs() >= NOT_EXACT {
            true => Value::Long(number.into()),
            false => Value::Int(number),
        })
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(match i64::try_from(number) {
            Ok(small) if !self.is_long() && number < NOT_EXACT => Value::Int(small),
            _ => Value::Long(number.into()),
        })
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Double(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match self {
            Self::Known(Kind::Bytes) => {
                let bytes = base64::decode(text.as_bytes());
                let bytes = bytes.ok_or_else(|| E::custom("this is no base64"))?;
                Ok(Value::Bytes(bytes))
            }
            _ => Ok(Value::Text(text.to_owned())),
        }
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        match self {
            Self::Known(Kind::Bytes) => self.visit_str(&text),
            _ => Ok(Value::Text(text)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element_seed(self.element())? {
            elements.push(element);
        }
        Ok(Value::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = object.next_key::<String>()? {
            let value = object.next_value_seed(self.under(&key))?;
            fields.push((key, value));
        }
        Ok(Value::Message(fields))
    }
}
