//! Bytes (R6).

use std::fmt;

use bytes::Bytes;
use diadoc_core::{Language, base64};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// Bytes on their way in: base64, standard or URL-safe, padded or not (R6).
#[derive(Debug, Clone)]
pub(crate) struct Base64(pub Bytes);

impl From<Base64> for Bytes {
    fn from(read: Base64) -> Self {
        read.0
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64Visitor).map(Self)
    }
}

struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Bytes;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        match base64::decode(text.as_bytes()) {
            Some(bytes) => Ok(bytes.into()),
            None => Err(E::invalid_value(
                Unexpected::Other(&format!(
                    "not base64: {}",
                    base64::reason(text, Language::English)
                )),
                &self,
            )),
        }
    }
}
