//! What the structs with serde_derive need for fields whose Rust type is not their JSON: bytes are
//! base64, and enums, which prost keeps as numbers, are names.

use std::fmt;
use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

/// Bytes as JSON has them.
struct Base64<B>(B);

impl<B: AsRef<[u8]>> Serialize for Base64<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64<Vec<u8>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64Visitor).map(Self)
    }
}

/// Decodes from the text where it stands, without a `String` in between.
struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Vec<u8>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("base64")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
        STANDARD.decode(text).map_err(E::custom)
    }
}

pub mod base64_optional {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Option<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Base64).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<u8>>, D::Error> {
        Ok(Option::<Base64<Vec<u8>>>::deserialize(from)?.map(|x| x.0))
    }
}

pub mod base64_required {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Vec<u8>, to: S) -> Result<S::Ok, S::Error> {
        Base64(value).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        Ok(Base64::deserialize(from)?.0)
    }
}

/// An enum's number as JSON has it; one without a name stays a number.
struct Member<E> {
    number: i32,
    of: PhantomData<E>,
}

impl<E> From<&i32> for Member<E> {
    fn from(number: &i32) -> Self {
        Self {
            number: *number,
            of: PhantomData,
        }
    }
}

impl<E: TryFrom<i32> + Serialize> Serialize for Member<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match E::try_from(self.number) {
            Ok(member) => member.serialize(serializer),
            Err(_) => serializer.serialize_i32(self.number),
        }
    }
}

pub mod enum_required {
    use super::*;

    pub fn serialize<E, S>(number: &i32, to: S) -> Result<S::Ok, S::Error>
    where
        E: TryFrom<i32> + Serialize,
        S: Serializer,
    {
        Member::<E>::from(number).serialize(to)
    }

    pub fn deserialize<'de, E, D>(from: D) -> Result<i32, D::Error>
    where
        E: Into<i32> + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        E::deserialize(from).map(Into::into)
    }
}

pub mod enum_optional {
    use super::*;

    pub fn serialize<E, S>(number: &Option<i32>, to: S) -> Result<S::Ok, S::Error>
    where
        E: TryFrom<i32> + Serialize,
        S: Serializer,
    {
        number.as_ref().map(Member::<E>::from).serialize(to)
    }

    pub fn deserialize<'de, E, D>(from: D) -> Result<Option<i32>, D::Error>
    where
        E: Into<i32> + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Option::<E>::deserialize(from)?.map(Into::into))
    }
}

pub mod enum_repeated {
    use super::*;

    pub fn serialize<E, S>(numbers: &[i32], to: S) -> Result<S::Ok, S::Error>
    where
        E: TryFrom<i32> + Serialize,
        S: Serializer,
    {
        to.collect_seq(numbers.iter().map(Member::<E>::from))
    }

    pub fn deserialize<'de, E, D>(from: D) -> Result<Vec<i32>, D::Error>
    where
        E: Into<i32> + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        let members = Vec::<E>::deserialize(from)?;
        Ok(members.into_iter().map(Into::into).collect())
    }
}
