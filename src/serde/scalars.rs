//! Booleans (R9) and strings (R10).

use std::fmt;

use diadoc_core::dialect::{boolean_number, boolean_text};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::integers::arbitrary_precision;

/// A boolean on its way in: `true` or `false`, also in a string of any case, or as 1 or 0 (R9).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Boolean(pub bool);

impl From<Boolean> for bool {
    fn from(read: Boolean) -> Self {
        read.0
    }
}

/// A string on its way in; a number is read as its text (R10).
#[derive(Debug, Clone)]
pub(crate) struct Text(pub String);

impl From<Text> for String {
    fn from(read: Text) -> Self {
        read.0
    }
}

impl<'de> Deserialize<'de> for Boolean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BooleanVisitor).map(Self)
    }
}

struct BooleanVisitor;

impl<'de> Visitor<'de> for BooleanVisitor {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a boolean")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<bool, E> {
        Ok(flag)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        boolean_text(text).ok_or_else(|| E::invalid_type(Unexpected::Str(text), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<bool, E> {
        boolean_number(number).ok_or_else(|| E::invalid_type(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<bool, E> {
        let signed = i64::try_from(number).ok().and_then(boolean_number);
        signed.ok_or_else(|| E::invalid_type(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<bool, E> {
        super::integers::negative_zero::<i64, E>(number, &self).map(|_| false)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        let number = arbitrary_precision::<i64, A>(map, &self)?;
        let found = Unexpected::Signed(number);
        boolean_number(number).ok_or_else(|| A::Error::invalid_type(found, &self))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<String, A::Error> {
        arbitrary_precision::<String, A>(map, &self)
    }
}
