//! The members of enums.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use prost_reflect::EnumDescriptor;

use super::{Keys, bundled, last_name};
use crate::{deprecated, enums};

/// The members of an enum.
#[derive(Debug)]
pub(crate) struct Members {
    /// The full name of the enum.
    pub(crate) full_name: Cow<'static, str>,
    descriptor: OnceLock<EnumDescriptor>,
    pub(super) names: Keys,
    pub(super) members: Vec<Member>,
    /// The place of the first member of each number, in the order of the numbers.
    pub(super) numbers: Vec<(i32, usize)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: Cow<'static, str>,
    pub(crate) number: i32,
    /// Whether it is the name that JSON writes for its number.
    pub(crate) is_first: bool,
    /// Whether its number should not be sent.
    pub(crate) is_obsolete: bool,
}

impl Members {
    pub(super) fn of_descriptor(item: EnumDescriptor) -> Self {
        let members = enums::members(&item).map(|(name, number)| {
            let value = item.get_value(number);
            let is_obsolete = value.is_some_and(|value| deprecated::of_value(&value).is_some());
            (Cow::Owned(name.to_owned()), number, is_obsolete)
        });
        let full_name = Cow::Owned(item.full_name().to_owned());
        Self::new(full_name, members.collect(), OnceLock::from(item.clone()))
    }

    pub(super) fn new(
        full_name: Cow<'static, str>,
        all: Vec<(Cow<'static, str>, i32, bool)>,
        descriptor: OnceLock<EnumDescriptor>,
    ) -> Self {
        let mut known = HashSet::new();
        let members: Vec<_> = all
            .into_iter()
            .map(|(name, number, is_obsolete)| Member {
                name,
                number,
                is_first: known.insert(number),
                is_obsolete,
            })
            .collect();
        let mut numbers: Vec<_> = members
            .iter()
            .zip(0..)
            .filter(|(member, _)| member.is_first)
            .map(|(member, place)| (member.number, place))
            .collect();
        numbers.sort_unstable();
        let names = members.iter().map(|member| &*member.name).zip(0..);
        Self {
            names: Keys::new(names),
            numbers,
            members,
            full_name,
            descriptor,
        }
    }

    /// The descriptor of the enum.
    pub(crate) fn descriptor(&self) -> &EnumDescriptor {
        self.descriptor
            .get_or_init(|| bundled(|schema| schema.get_enum_by_name(&self.full_name)))
    }

    /// The name of the enum, without its package.
    pub(crate) fn name(&self) -> &str {
        last_name(&self.full_name)
    }

    #[inline]
    pub(crate) fn named(&self, name: &[u8]) -> Option<&Member> {
        self.names.find(name).map(|place| &self.members[place])
    }

    /// The first member of that number.
    #[inline]
    pub(crate) fn numbered(&self, number: i32) -> Option<&Member> {
        let place = self
            .numbers
            .binary_search_by_key(&number, |(number, _)| *number);
        place.ok().map(|place| &self.members[self.numbers[place].1])
    }
}
