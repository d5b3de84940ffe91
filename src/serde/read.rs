//! The reader: any of serde's formats into the fields of a message.

use std::fmt;

use diadoc_core::{Limit, LimitError, Limits};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::bytes::Base64;
use super::enums::{MemberOf, MembersOf};
use super::integers::Integer;
use super::scalars::{Boolean, Text};
use super::slots::{MessageBox, MessageList, Place, Slot, Slots};
use crate::json::generated::Keys;

/// Reads a message.
pub(crate) fn read<'de, M, D>(deserializer: D) -> Result<M, D::Error>
where
    M: Slots + Default,
    D: Deserializer<'de>,
{
    let mut message = M::default();
    Object(&mut message, Limits::DEPTH).deserialize(deserializer)?;
    Ok(message)
}

/// Reads an object into a message, below which so many may lie in each other.
struct Object<'a>(&'a mut dyn Slots, usize);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let (name, keys) = (self.0.name(), self.0.keys());
        deserializer.deserialize_struct(name, keys.names(), self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object ({})", self.0.keys().message)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let keys = self.0.keys();
        // A bit per field that has been seen; the generator refuses messages with more fields.
        let mut seen = 0_u128;
        while let Some(field) = map.next_key_seed(Key(keys))? {
            // R1: unknown keys are skipped.
            let Some(field) = field else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            // R8: a key twice is an error, even when one of them is null.
            let bit = 1 << (field % 128);
            if seen & bit != 0 {
                return Err(A::Error::duplicate_field(
                    keys.name(field).unwrap_or_default(),
                ));
            }
            seen |= bit;
            let slot = self.0.slot(field);
            map.next_value_seed(Field {
                slot,
                levels: self.1,
            })?;
        }
        Ok(())
    }
}

/// Reads a key; the index of its field.
struct Key(&'static Keys);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a key of an object ({})", self.0.message)
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.find(key.as_bytes()))
    }
}

/// Reads the value of a field; null leaves the field as it is, without a value (R2).
struct Field<'a> {
    slot: Slot<'a>,
    /// How many messages may lie in each other there.
    levels: usize,
}

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let levels = self.levels;
        match self.slot {
            Slot::Nothing => IgnoredAny::deserialize(deserializer).map(drop),
            Slot::Bool(place) => place.read::<Boolean, D>(deserializer),
            Slot::Int32(place) => place.read::<Integer<i32>, D>(deserializer),
            Slot::Int64(place) => place.read::<Integer<i64>, D>(deserializer),
            Slot::String(place) => place.read::<Text, D>(deserializer),
            Slot::Bytes(place) => place.read::<Base64, D>(deserializer),
            Slot::Enum(place, members) => {
                let required = matches!(place, Place::Required(_));
                let member = MemberOf { members, required };
                match place {
                    Place::Required(number) => {
                        let read = OrNull(member).deserialize(deserializer)?;
                        *number = read.flatten().unwrap_or(*number);
                    }
                    Place::Optional(number) => {
                        *number = OrNull(member).deserialize(deserializer)?.flatten();
                    }
                    Place::Repeated(list) => {
                        OrNull(MembersOf { member, list }).deserialize(deserializer)?;
                    }
                }
                Ok(())
            }
            Slot::Message(message) => OrNull(Object(message, levels)).read(deserializer),
            Slot::OptionalMessage(place) => OrNull(Boxed(place, levels)).read(deserializer),
            Slot::Messages(list) => OrNull(Objects(list, levels)).read(deserializer),
        }
    }
}

impl<T> Place<'_, T> {
    /// Reads values that are read as a `W` each.
    fn read<'de, W, D>(self, deserializer: D) -> Result<(), D::Error>
    where
        W: Deserialize<'de> + Into<T>,
        D: Deserializer<'de>,
    {
        match self {
            Self::Required(value) => {
                if let Some(read) = Option::<W>::deserialize(deserializer)? {
                    *value = read.into();
                }
            }
            Self::Optional(value) => {
                *value = Option::<W>::deserialize(deserializer)?.map(W::into);
            }
            Self::Repeated(list) => {
                if let Some(read) = Option::<Vec<W>>::deserialize(deserializer)? {
                    *list = read.into_iter().map(W::into).collect();
                }
            }
        }
        Ok(())
    }
}

/// Reads what the seed reads, or null.
struct OrNull<S>(S);

impl<S> OrNull<S> {
    /// For a seed that fills what it is given.
    fn read<'de, D>(self, deserializer: D) -> Result<(), D::Error>
    where
        S: DeserializeSeed<'de, Value = ()>,
        D: Deserializer<'de>,
    {
        self.deserialize(deserializer).map(|_| ())
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for OrNull<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for OrNull<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("option")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}

/// Reads an object into a message that lies a level deeper; a required one does not.
struct Inner<'a>(&'a mut dyn Slots, usize);

impl<'de> DeserializeSeed<'de> for Inner<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some(levels) = self.1.checked_sub(1) else {
            let error = LimitError::new(Limit::Depth, Limits::DEPTH);
            return Err(D::Error::custom(error));
        };
        Object(self.0, levels).deserialize(deserializer)
    }
}

/// Reads an object into an optional message.
struct Boxed<'a>(&'a mut dyn MessageBox, usize);

impl<'de> DeserializeSeed<'de> for Boxed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        Inner(self.0.fill(), self.1).deserialize(deserializer)
    }
}

/// Reads a list of objects.
struct Objects<'a>(&'a mut dyn MessageList, usize);

impl<'de> DeserializeSeed<'de> for Objects<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        // A message is made once its element is known to be there.
        while sequence
            .next_element_seed(NextObject(&mut *self.0, self.1))?
            .is_some()
        {}
        Ok(())
    }
}

/// Reads an object into a new message of a list.
struct NextObject<'a>(&'a mut dyn MessageList, usize);

impl<'de> DeserializeSeed<'de> for NextObject<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        Inner(self.0.add(), self.1).deserialize(deserializer)
    }
}
