//! What has become of a method at the vendor.

mod words;

use std::fmt;

use self::words::Words;
use crate::{Language, fill};

/// How far the vendor is with giving a method up.
///
/// ```
/// use diadoc_core::{Language, Stage};
///
/// let stage = Stage::ToBeRemoved;
/// assert!(stage.is_obsolete());
/// let news = stage.news(Some("2027-04-03"), Some("GetMessageV6"), Language::English);
/// assert_eq!(
///     news.as_deref(),
///     Some("the vendor removes it after 2027-04-03; use GetMessageV6"),
/// );
/// assert_eq!(Stage::Current.news(None, None, Language::English), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Stage {
    /// It is in use.
    #[default]
    Current,
    /// The vendor calls it obsolete and says nothing of a removal.
    Obsolete,
    /// The vendor lists it for removal, with a day or without one.
    ToBeRemoved,
    /// The vendor's pages no longer have it, so that it may have been removed.
    Gone,
}

impl Stage {
    /// What a number of `Diadoc.Http.Stage` stands for.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::ToBeRemoved),
            2 => Some(Self::Gone),
            _ => None,
        }
    }

    /// In a word or two: `to be removed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Obsolete => "obsolete",
            Self::ToBeRemoved => "to be removed",
            Self::Gone => "gone",
        }
    }

    /// Whether it should not be used any more.
    pub fn is_obsolete(self) -> bool {
        self != Self::Current
    }

    /// What the vendor says of it, and what to use in its place, as a phrase; nothing of what is in
    /// use. `removal_after` is the day that the vendor names, as `2027-04-03`.
    pub fn news(
        self,
        removal_after: Option<&str>,
        successor: Option<&str>,
        language: Language,
    ) -> Option<String> {
        let words = Words::of(language);
        let said = match (self, removal_after) {
            (Self::Current, _) => return None,
            (Self::Obsolete, _) => words.obsolete.to_owned(),
            (Self::ToBeRemoved, None) => words.to_be_removed.to_owned(),
            (Self::ToBeRemoved, Some(day)) => fill(words.removed_after, &[&day]),
            (Self::Gone, None) => words.gone.to_owned(),
            (Self::Gone, Some(day)) => fill(words.gone_after, &[&day]),
        };
        Some(match successor {
            Some(successor) => fill(words.use_other, &[&said, &successor]),
            None => said,
        })
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts() {
        let numbers = [0, 1, 2, 3].map(Stage::from_number);
        let (removed, gone) = (Some(Stage::ToBeRemoved), Some(Stage::Gone));
        assert_eq!(numbers, [None, removed, gone, None]);
        let all = [
            Stage::Current,
            Stage::Obsolete,
            Stage::ToBeRemoved,
            Stage::Gone,
        ];
        let texts = all.map(|stage| stage.to_string());
        assert_eq!(texts, ["current", "obsolete", "to be removed", "gone"]);
    }

    #[test]
    fn what_is_said() {
        let day = Some("2026-11-30");
        for (stage, day, successor, expected) in [
            (Stage::Current, day, Some("B"), None),
            (
                Stage::Obsolete,
                None,
                None,
                Some("the vendor calls it obsolete"),
            ),
            (
                Stage::ToBeRemoved,
                None,
                Some("B"),
                Some("the vendor lists it for removal; use B"),
            ),
            (
                Stage::ToBeRemoved,
                day,
                None,
                Some("the vendor removes it after 2026-11-30"),
            ),
            (
                Stage::Gone,
                None,
                Some("B"),
                Some("the vendor's pages no longer have it; use B"),
            ),
            (
                Stage::Gone,
                day,
                None,
                Some(
                    "the vendor's pages no longer have it, its removal was set for after 2026-11-30",
                ),
            ),
        ] {
            assert_eq!(
                stage.news(day, successor, Language::English).as_deref(),
                expected,
                "{stage}"
            );
            assert_eq!(stage.is_obsolete(), expected.is_some(), "{stage}");
        }
    }
}
