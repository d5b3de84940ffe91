//! Integers (R3).

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use diadoc_core::dialect::{INTEGER_32, INTEGER_64, is_decimal};
use serde::de::{Deserialize, Deserializer, Error, Expected, MapAccess, Unexpected, Visitor};

/// An integer on its way in: a number or a decimal string, no fraction, no overflow (R3).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Integer<T>(pub T);

impl From<Integer<i32>> for i32 {
    fn from(read: Integer<i32>) -> Self {
        read.0
    }
}

impl From<Integer<i64>> for i64 {
    fn from(read: Integer<i64>) -> Self {
        read.0
    }
}

/// The integer types of the schema.
pub(crate) trait IntegerType: TryFrom<i64> + TryFrom<u64> + FromStr + From<bool> {
    const EXPECTED: &'static str;
}

impl IntegerType for i32 {
    const EXPECTED: &'static str = INTEGER_32;
}

impl IntegerType for i64 {
    const EXPECTED: &'static str = INTEGER_64;
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
        match text.parse() {
            // `parse` alone would also take a leading plus sign.
            Ok(number) if is_decimal(text) => Ok(number),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        arbitrary_precision(map, &self)
    }
}

pub(super) fn integer<N, T: TryFrom<N>, E: Error>(
    number: N,
    found: Unexpected<'_>,
    expected: &dyn Expected,
) -> Result<T, E> {
    T::try_from(number).map_err(|_| E::invalid_value(found, expected))
}

/// serde_json reads the integer `-0` as a float, the only one that is an integer.
pub(super) fn negative_zero<T: From<bool>, E: Error>(
    number: f64,
    expected: &dyn Expected,
) -> Result<T, E> {
    if number == 0.0 && number.is_sign_negative() {
        Ok(T::from(false))
    } else {
        Err(E::invalid_type(Unexpected::Float(number), expected))
    }
}

/// With serde_json's feature `arbitrary_precision`, which any crate of a build may turn on for
/// all, untyped numbers arrive as a map of one entry: this key, and the number as it was written.
pub(super) fn arbitrary_precision<'de, T, A>(
    mut map: A,
    expected: &dyn Expected,
) -> Result<T, A::Error>
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

#[cfg(test)]
mod tests {
    use super::Integer;

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
