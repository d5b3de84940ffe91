//! Bytes (R6).

use std::fmt;
use std::marker::PhantomData;

use diadoc_core::base64;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// Bytes on their way in: base64, standard or URL-safe, padded or not (R6).
#[derive(Debug, Clone)]
pub(crate) struct Base64<T>(pub T);

impl<'de, T: From<Vec<u8>>> Deserialize<'de> for Base64<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_str(Base64Visitor(PhantomData))
            .map(Self)
    }
}

struct Base64Visitor<T>(PhantomData<T>);

impl<T: From<Vec<u8>>> Visitor<'_> for Base64Visitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        match base64::decode(text.as_bytes()) {
            Some(bytes) => Ok(bytes.into()),
            None => Err(E::invalid_value(
                Unexpected::Other(&format!("not base64: {}", base64::reason(text))),
                &self,
            )),
        }
    }
}
