//! What the generated serde impls call where Diadoc's JSON differs from proto3's.
//!
//! Public because generated code of this crate names it, hidden because nothing else should.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use pbjson::private::base64::Engine as _;
use pbjson::private::base64::engine::general_purpose::{
    STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD,
};
use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, Deserializer, Error, Expected, MapAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

/// What an enum adds to its generated impls (rule R4).
pub trait EnumNames: Sized + Copy + 'static {
    /// The enum's own name, as in the schema.
    const NAME: &'static str;
    /// The member that an unknown name turns into.
    const UNKNOWN: Option<Self>;
    /// Names beside the one that JSON writes.
    const ALIASES: &'static [(&'static str, Self)];
}

/// A name that is none of an enum's first names: an alias, or unknown.
pub fn other_name<T: EnumNames, E: Error>(
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
pub struct EnumValue<T> {
    number: i32,
    member: PhantomData<T>,
}

impl<T> EnumValue<T> {
    pub fn new(number: i32) -> Self {
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
/// for a name that the enum does not know and has no Unknown member for (R4).
#[derive(Debug, Clone, Copy)]
pub struct EnumOrUnknown<T> {
    pub number: Option<i32>,
    member: PhantomData<T>,
}

/// An enum's number on its way in, for a required field: a name that the enum does not know and
/// has no Unknown member for is an error (R4).
#[derive(Debug, Clone, Copy)]
pub struct KnownEnum<T> {
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

/// An integer on its way in: a number or a decimal string, no fraction, no overflow (R3).
#[derive(Debug, Clone, Copy)]
pub struct Integer<T>(pub T);

/// The integer types of the schema.
pub trait IntegerType: TryFrom<i64> + TryFrom<u64> + FromStr + From<bool> {
    const EXPECTED: &'static str;
}

impl IntegerType for i32 {
    const EXPECTED: &'static str = "a 32-bit integer";
}

impl IntegerType for i64 {
    const EXPECTED: &'static str = "a 64-bit integer";
}

impl<'de, T: IntegerType> Deserialize<'de> for Integer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(IntegerVisitor(PhantomData))
            .map(Self)
    }
}

struct IntegerVisitor<T>(PhantomData<T>);

impl<'de, T: IntegerType> Visitor<'de> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        integer(number, Unexpected::Signed(number), &self)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        integer(number, Unexpected::Unsigned(number), &self)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        negative_zero(number, &self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        // `parse` alone would also take a leading plus sign.
        let digits = text.strip_prefix('-').unwrap_or(text);
        let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if decimal => Ok(number),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        arbitrary_precision(map, &self)
    }
}

fn integer<N, T: TryFrom<N>, E: Error>(
    number: N,
    found: Unexpected<'_>,
    expected: &dyn Expected,
) -> Result<T, E> {
    T::try_from(number).map_err(|_| E::invalid_value(found, expected))
}

/// serde_json reads the integer `-0` as a float, the only one that is an integer.
fn negative_zero<T: From<bool>, E: Error>(number: f64, expected: &dyn Expected) -> Result<T, E> {
    if number == 0.0 && number.is_sign_negative() {
        Ok(T::from(false))
    } else {
        Err(E::invalid_type(Unexpected::Float(number), expected))
    }
}

/// With serde_json's feature `arbitrary_precision`, which any crate of a build may turn on for
/// all, untyped numbers arrive as a map of one entry: this key, and the number as it was written.
fn arbitrary_precision<'de, T, A>(mut map: A, expected: &dyn Expected) -> Result<T, A::Error>
where
    T: FromStr,
    A: MapAccess<'de>,
{
    const KEY: &str = "$serde_json::private::Number";
    let number = match map.next_key::<String>() {
        Ok(Some(key)) if key == KEY => map.next_value::<String>()?,
        _ => return Err(A::Error::invalid_type(Unexpected::Map, expected)),
    };
    let found = Unexpected::Other("a number that is no such integer");
    let parsed = number.parse();
    parsed.map_err(|_| A::Error::invalid_value(found, expected))
}

/// Bytes on their way in: base64, standard or URL-safe, padded or not (R6).
#[derive(Debug, Clone)]
pub struct Base64<T>(pub T);

/// Begins the note in an error that says why a string is not base64.
pub const NOT_BASE64: &str = "not base64: ";

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
        // pbjson's own reader would take half a padding as well.
        let (standard, url_safe) = match text.ends_with('=') {
            true => (STANDARD, URL_SAFE),
            false => (STANDARD_NO_PAD, URL_SAFE_NO_PAD),
        };
        let decoded = standard.decode(text).or_else(|reason| {
            // Where neither fits, the alphabet that was meant tells the better reason.
            match text.contains(['-', '_']) {
                true => url_safe.decode(text),
                false => Err(reason),
            }
        });
        match decoded {
            Ok(bytes) => Ok(bytes.into()),
            Err(reason) => Err(E::invalid_value(
                Unexpected::Other(&format!("{NOT_BASE64}{reason}")),
                &self,
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EnumOrUnknown, Integer};
    use crate::docflow::SearchScope;

    /// No list of the schema has such an enum today.
    #[test]
    fn an_unknown_name_is_none_where_the_enum_has_no_unknown_member() {
        let body = r#"["FromTheFuture", "SearchScopeAny", 9]"#;
        let list: Vec<EnumOrUnknown<SearchScope>> = serde_json::from_str(body).expect("a list");
        let numbers: Vec<_> = list.into_iter().map(|item| item.number).collect();
        assert_eq!(numbers, [None, Some(0), Some(9)]);
    }

    /// What serde_json hands over with its feature `arbitrary_precision`.
    #[test]
    fn numbers_may_arrive_as_a_map_of_one_text() {
        let number = |body: &str| serde_json::from_str::<Integer<i32>>(body).map(|x| x.0);
        let arbitrary = |text: &str| format!(r#"{{"$serde_json::private::Number": "{text}"}}"#);
        assert_eq!(number(&arbitrary("-12")).ok(), Some(-12));
        for wrong in ["1.0", "2147483648", "1e3"] {
            assert!(number(&arbitrary(wrong)).is_err(), "{wrong}");
        }
        assert!(number(r#"{"a": "1"}"#).is_err());
        assert!(number("{}").is_err());
    }
}
