//! One change, for programs and on a line.

use std::fmt;

use serde::Serialize;

use super::{Breaks, ChangeKind};

/// One difference between two schemas.
///
/// It serialises to `{"path", "kind", "option", "was", "now", "breaks", "why", "hint"}` without the
/// parts that it lacks, and prints on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What changed: `Diadoc.Api.Proto.Documents.Document.IndexKey`. A renamed field or value
    /// stands under its old name; what only an OpenAPI document has, under that document's name. A
    /// row of the table of what the live server takes is `deviation.enum-name`.
    pub path: String,
    /// How it changed.
    pub kind: ChangeKind,
    /// Which of the things that it states: `Diadoc.Rules.field.max_len`. The names from the option on,
    /// without places in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// What stood in the old schema; none for what was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What stands in the new schema; none for what was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// What it breaks between the two schemas, in either direction.
    pub breaks: Breaks,
    /// Why, as a phrase.
    pub why: &'static str,
    /// What may lie behind it: a move, another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Change {
    /// `field retyped, string -> sfixed64`, with what the schemas state as `shown` gives it.
    pub(super) fn headline(&self, shown: impl Fn(&str) -> String) -> String {
        let kind = match &self.option {
            Some(option) => format!("{} {}", self.kind, shown(option)),
            None => self.kind.to_string(),
        };
        match (
            self.was.as_deref().map(&shown),
            self.now.as_deref().map(&shown),
        ) {
            (Some(was), Some(now)) => format!("{kind}, {was} -> {now}"),
            // Of an option it is worth a word which side has it.
            (Some(was), None) if self.option.is_some() => format!("{kind}, {was} -> none"),
            (None, Some(now)) if self.option.is_some() => format!("{kind}, none -> {now}"),
            (Some(one), None) | (None, Some(one)) => format!("{kind}, {one}"),
            (None, None) => kind,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (headline, Self { breaks, why, .. }) = (self.headline(str::to_owned), self);
        write!(f, "{}: {headline}; breaks {breaks}: {why}", self.path)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// A foreign name in backquotes, which ends only with them.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "'"))
}
