//! Enums: names on their way out (W3), names or numbers on their way in (R4).

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use super::integers::{arbitrary_precision, integer, negative_zero};

/// What an enum adds to its generated impls (rule R4).
pub(crate) trait EnumNames: Sized + Copy + 'static {
    /// The enum's own name, as in the schema.
    const NAME: &'static str;
    /// The member that an unknown name turns into.
    const UNKNOWN: Option<Self>;
    /// Names beside the one that JSON writes.
    const ALIASES: &'static [(&'static str, Self)];
}

/// A name that is none of an enum's first names: an alias, or unknown.
pub(crate) fn other_name<T: EnumNames, E: Error>(
    name: &str,
    names: &'static [&'static str],
) -> Result<T, E> {
    T::ALIASES
        .iter()
        .find(|(alias, _)| *alias == name)
        .map(|(_, member)| *member)
        .or(T::UNKNOWN)
        .ok_or_else(|| E::unknown_variant(name, names))
}

/// An enum's number on its way out: its name, or the number where the enum has no such member (W3).
#[derive(Debug, Clone, Copy)]
pub(crate) struct EnumValue<T> {
    number: i32,
    member: PhantomData<T>,
}

impl<T> EnumValue<T> {
    pub(crate) fn new(number: i32) -> Self {
        Self {
            number,
            member: PhantomData,
        }
    }
}

impl<T: TryFrom<i32> + Serialize> Serialize for EnumValue<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match T::try_from(self.number) {
            Ok(member) => member.serialize(serializer),
            Err(_) => serializer.serialize_i32(self.number),
        }
    }
}

/// An enum's number on its way in, for a field that can be unset and for list elements: `None`
/// for a name that the enum does not know where it has no member for unknown names (R4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct EnumOrUnknown<T> {
    pub number: Option<i32>,
    member: PhantomData<T>,
}

/// An enum's number on its way in, for a required field: a name that the enum does not know is an
/// error where it has no member for unknown names (R4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownEnum<T> {
    pub number: i32,
    member: PhantomData<T>,
}

/// What an enum's value turns into: [`EnumOrUnknown`] or [`KnownEnum`].
trait EnumResult: Sized {
    fn known(number: i32) -> Self;
    /// For a name that the enum does not know; `error` says so.
    fn unknown<E: Error>(error: E) -> Result<Self, E>;
}

impl<T> EnumResult for EnumOrUnknown<T> {
    fn known(number: i32) -> Self {
        Self {
            number: Some(number),
            member: PhantomData,
        }
    }

    fn unknown<E: Error>(_: E) -> Result<Self, E> {
        Ok(Self {
            number: None,
            member: PhantomData,
        })
    }
}

impl<T> EnumResult for KnownEnum<T> {
    fn known(number: i32) -> Self {
        Self {
            number,
            member: PhantomData,
        }
    }

    fn unknown<E: Error>(error: E) -> Result<Self, E> {
        Err(error)
    }
}

impl<'de, T> Deserialize<'de> for EnumOrUnknown<T>
where
    T: EnumNames + Into<i32> + Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EnumVisitor::<T, Self>(PhantomData))
    }
}

impl<'de, T> Deserialize<'de> for KnownEnum<T>
where
    T: EnumNames + Into<i32> + Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EnumVisitor::<T, Self>(PhantomData))
    }
}

struct EnumVisitor<T, R>(PhantomData<(T, R)>);

impl<'de, T, R> Visitor<'de> for EnumVisitor<T, R>
where
    T: EnumNames + Into<i32> + Deserialize<'de>,
    R: EnumResult,
{
    type Value = R;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a name or number of `{}`", T::NAME)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<R, E> {
        match T::deserialize(StrDeserializer::<E>::new(name)) {
            Ok(member) => Ok(R::known(member.into())),
            Err(error) => R::unknown(error),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<R, E> {
        integer(number, Unexpected::Signed(number), &self).map(R::known)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<R, E> {
        integer(number, Unexpected::Unsigned(number), &self).map(R::known)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<R, E> {
        negative_zero(number, &self).map(R::known)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R, A::Error> {
        arbitrary_precision(map, &self).map(R::known)
    }
}

#[cfg(test)]
mod tests {
    use super::EnumOrUnknown;
    use crate::docflow::SearchScope;

    /// No list of the schema has such an enum today.
    #[test]
    fn an_unknown_name_is_none_where_the_enum_has_no_unknown_member() {
        let body = r#"["FromTheFuture", "SearchScopeAny", 9]"#;
        let list: Vec<EnumOrUnknown<SearchScope>> = serde_json::from_str(body).expect("a list");
        let numbers: Vec<_> = list.into_iter().map(|item| item.number).collect();
        assert_eq!(numbers, [None, Some(0), Some(9)]);
    }
}
