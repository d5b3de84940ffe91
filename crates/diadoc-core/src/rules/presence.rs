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
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AnyOf, Self::OneOf, Self::Excludes];

    /// The name of its option in the schema: `any_of`.
    pub fn option(self) -> &'static str {
        match self {
            Self::AnyOf => "any_of",
            Self::OneOf => "one_of",
            Self::Excludes => "excludes",
        }
    }

    /// What it asks for, as a phrase: `` at most one of `Message` and `Patch` ``.
    pub fn phrase(self, fields: &[impl AsRef<str>]) -> String {
        let quantity = match self {
            Self::AnyOf => "at least one",
            Self::OneOf => "exactly one",
            Self::Excludes => "at most one",
        };
        format!("{quantity} of {}", enumeration(fields))
    }

    /// How many fields too few or too many are given.
    pub fn misses(self, given: usize) -> usize {
        match self {
            Self::AnyOf => usize::from(given == 0),
            Self::OneOf => given.abs_diff(1),
            Self::Excludes => given.saturating_sub(1),
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
        (self.misses(given.len()) > 0).then(|| Violation {
            rule: match self {
                Self::AnyOf | Self::OneOf => Rule::MessageOneOf,
                Self::Excludes => Rule::MessageExcludes,
            },
            message: match given.len() {
                0 => format!("none of {} is set", enumeration(fields)),
                _ => format!("{} are set together", enumeration(&given)),
            },
            expected: self.phrase(fields),
            suggestion: None,
        })
    }
}
