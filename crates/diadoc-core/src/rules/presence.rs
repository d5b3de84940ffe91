//! Which fields of a message, or parameters of a method, are given.

use super::{Rule, Violation, enumeration};

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

    /// How many that is, as a phrase: `at most one`.
    pub fn count(self) -> &'static str {
        match self {
            Self::AnyOf => "at least one",
            Self::OneOf => "exactly one",
            Self::Excludes => "at most one",
            Self::NoneOf => "none",
        }
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
    pub fn phrase(self, fields: &[impl AsRef<str>]) -> String {
        format!("{} of {}", self.count(), enumeration(fields))
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
    ) -> Option<Violation> {
        let names = fields.iter().map(AsRef::as_ref);
        let given: Vec<_> = names.filter(|name| is_given(name)).collect();
        (self.misses(given.len()) > 0).then(|| {
            let message = match given.len() {
                0 => format!("none of {} is set", enumeration(fields)),
                _ => format!("{} are set together", enumeration(&given)),
            };
            Violation::new(self.rule(), message, self.phrase(fields))
        })
    }
}
