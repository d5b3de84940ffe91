//! Which fields of a message, or parameters of a method, are given.

use super::words::Words;
use super::{Rule, Violation, enumeration};
use crate::{Language, fill};

/// How many fields of a set are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// At least one.
    AnyOf,
    /// Exactly one.
    OneOf,
    /// At most one.
    Excludes,
    /// None.
    NoneOf,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AnyOf, Self::OneOf, Self::Excludes, Self::NoneOf];

    /// The name of its option in the schema: `any_of`.
    pub fn option(self) -> &'static str {
        match self {
            Self::AnyOf => "any_of",
            Self::OneOf => "one_of",
            Self::Excludes => "excludes",
            Self::NoneOf => "none_of",
        }
    }

    /// That so many of what is listed are asked for.
    pub(super) fn of(self, listed: &str, words: &Words) -> String {
        let template = match self {
            Self::AnyOf => words.at_least_one_of,
            Self::OneOf => words.exactly_one_of,
            Self::Excludes => words.at_most_one_of,
            Self::NoneOf => words.none_of,
        };
        fill(template, &[&listed])
    }

    /// The id that a violation goes by.
    pub fn rule(self) -> Rule {
        match self {
            Self::AnyOf | Self::OneOf => Rule::MessageOneOf,
            Self::Excludes => Rule::MessageExcludes,
            Self::NoneOf => Rule::MessageForbidden,
        }
    }

    /// What it asks for, as a phrase: `` at most one of `Message` and `Patch` ``.
    pub fn phrase(self, fields: &[impl AsRef<str>], language: Language) -> String {
        self.of(&enumeration(fields, language), Words::of(language))
    }

    /// How many fields too few or too many are given.
    pub fn misses(self, given: usize) -> usize {
        match self {
            Self::AnyOf => usize::from(given == 0),
            Self::OneOf => given.abs_diff(1),
            Self::Excludes => given.saturating_sub(1),
            Self::NoneOf => given,
        }
    }

    /// Holds a set of fields against it; `is_given` takes a field's name in the schema.
    pub fn check(
        self,
        fields: &[impl AsRef<str>],
        is_given: impl Fn(&str) -> bool,
        language: Language,
    ) -> Option<Violation> {
        let names = fields.iter().map(AsRef::as_ref);
        let given: Vec<_> = names.filter(|name| is_given(name)).collect();
        (self.misses(given.len()) > 0).then(|| {
            let words = Words::of(language);
            let message = match given.len() {
                0 => fill(words.none_is_set, &[&enumeration(fields, language)]),
                _ => fill(words.set_together, &[&enumeration(&given, language)]),
            };
            Violation::new(self.rule(), message, self.phrase(fields, language))
        })
    }
}
