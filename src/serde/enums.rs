//! Enums: names on their way out (W3), names or numbers on their way in (R4).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use super::integers::{arbitrary_precision, integer, negative_zero};
use crate::json::generated::Members;

/// An enum's number on its way out: its name, or the number where the enum has no such member (W3).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub number: i32,
    pub members: &'static Members,
}

impl Serialize for Member {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.members.name_of(self.number) {
            Some(name) => serializer.serialize_str(name),
            None => serializer.serialize_i32(self.number),
        }
    }
}

/// Writes a member by its name.
pub(crate) fn write_enum<S: Serializer>(
    number: i32,
    members: &'static Members,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Member { number, members }.serialize(serializer)
}

/// Reads the name or number of a member; a number that the enum does not know is an error here, where
/// no number can be kept.
pub(crate) fn read_enum<'de, E, D>(
    deserializer: D,
    members: &'static Members,
) -> Result<E, D::Error>
where
    E: TryFrom<i32>,
    D: Deserializer<'de>,
{
    struct Known<E>(MemberOf, PhantomData<E>);

    impl<'de, E: TryFrom<i32>> Visitor<'de> for Known<E> {
        type Value = E;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(formatter)
        }

        fn visit_str<F: Error>(self, name: &str) -> Result<E, F> {
            let unexpected = Unexpected::Str(name);
            let number = self.0.visit_str(name)?;
            self.member(number, unexpected)
        }

        fn visit_i64<F: Error>(self, number: i64) -> Result<E, F> {
            let unexpected = Unexpected::Signed(number);
            let number = self.0.visit_i64(number)?;
            self.member(number, unexpected)
        }

        fn visit_u64<F: Error>(self, number: u64) -> Result<E, F> {
            let unexpected = Unexpected::Unsigned(number);
            let number = self.0.visit_u64(number)?;
            self.member(number, unexpected)
        }
    }

    impl<E: TryFrom<i32>> Known<E> {
        fn member<F: Error>(&self, number: Option<i32>, found: Unexpected<'_>) -> Result<E, F> {
            let member = number.and_then(|number| E::try_from(number).ok());
            member.ok_or_else(|| F::invalid_value(found, &&*self.0.expected()))
        }
    }

    let required = true;
    let member = MemberOf { members, required };
    deserializer.deserialize_any(Known(member, PhantomData))
}

/// Reads an enum's name or number. A name that the enum does not know, where it has no member for
/// unknown names, is none; where the field is required it is an error (R4).
#[derive(Debug, Clone, Copy)]
pub(super) struct MemberOf {
    pub members: &'static Members,
    pub required: bool,
}

impl MemberOf {
    fn expected(&self) -> String {
        format!("a name or number of `{}`", self.members.name)
    }
}

impl<'de> DeserializeSeed<'de> for MemberOf {
    type Value = Option<i32>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MemberOf {
    type Value = Option<i32>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.expected())
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let Self { members, required } = self;
        match members.number(name.as_bytes()).or(members.unknown) {
            None if required => Err(E::unknown_variant(name, members.written_names())),
            number => Ok(number),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        integer(number, Unexpected::Signed(number), &self).map(Some)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        integer(number, Unexpected::Unsigned(number), &self).map(Some)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        negative_zero(number, &self).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        arbitrary_precision(map, &self).map(Some)
    }
}

/// Reads a list of members; unknown names are dropped where the enum has no member for them (R4).
pub(super) struct MembersOf<'a> {
    pub member: MemberOf,
    pub list: &'a mut Vec<i32>,
}

impl<'de> DeserializeSeed<'de> for MembersOf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for MembersOf<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(number) = sequence.next_element_seed(self.member)? {
            self.list.extend(number);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{MemberOf, MembersOf};
    use crate::docflow::SearchScope;
    use serde::de::DeserializeSeed as _;

    /// No list of the schema has such an enum today.
    #[test]
    fn an_unknown_name_is_dropped_where_the_enum_has_no_unknown_member() {
        let body = r#"["FromTheFuture", "SearchScopeAny", 9]"#;
        let member = MemberOf {
            members: SearchScope::MEMBERS,
            required: false,
        };
        let mut list = Vec::new();
        let mut json = serde_json::Deserializer::from_str(body);
        let read = MembersOf {
            member,
            list: &mut list,
        };
        read.deserialize(&mut json).expect("a list");
        assert_eq!(list, [0, 9]);
    }
}
