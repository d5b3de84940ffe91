//! Message types by their name, as people write it.

use std::fmt::Display;

use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{SchemaError, nearest};

use crate::outcome::Failure;

/// How many near names are suggested at most.
pub const MOST_SUGGESTED: usize = 5;
/// Where names can be looked up.
const ALL_NAMES: &str = "`diadoc list` prints all names.";

/// The message type of a full name (`Diadoc.Api.Proto.Documents.DocumentList`) or of any tail of it
/// that no other name has (`Documents.DocumentList`, `DocumentList`).
pub fn resolve(name: &str) -> Result<&'static MessageType, Failure> {
    if let Some(message) = registry::find(name) {
        return Ok(message);
    }
    let candidates: Vec<_> = registry::messages()
        .iter()
        .filter(|message| has_tail(message.full_name(), name))
        .collect();
    match candidates[..] {
        [message] => Ok(message),
        [] => Err(Failure::new(format!(
            "no message is called `{name}`\n{}",
            did_you_mean(&near(name), ALL_NAMES)
        ))),
        _ => Err(Failure::new(format!(
            "`{name}` is the name of several messages\nGive one of these:{}",
            lines(candidates.iter().map(|message| message.full_name()))
        ))),
    }
}

/// The shortest tail of the name that [`resolve`] understands.
pub fn short(message: &MessageType) -> &'static str {
    let full_name = message.full_name();
    let tails = full_name
        .rmatch_indices('.')
        .map(|(dot, _)| &full_name[dot + 1..]);
    tails
        .into_iter()
        .find(|tail| resolve(tail).is_ok_and(|found| found.full_name() == full_name))
        .unwrap_or(full_name)
}

fn has_tail(full_name: &str, tail: &str) -> bool {
    full_name
        .strip_suffix(tail)
        .is_some_and(|head| head.ends_with('.'))
}

/// Full names whose last part looks like that of `name`, the nearest first.
fn near(name: &str) -> Vec<&'static str> {
    let all = || {
        registry::messages()
            .iter()
            .map(|message| message.full_name())
    };
    nearest(last(name), all().map(last))
        .into_iter()
        .flat_map(|near| all().filter(move |full_name| last(full_name) == near))
        .take(MOST_SUGGESTED)
        .collect()
}

impl From<SchemaError> for Failure {
    fn from(error: SchemaError) -> Self {
        Self::new(format!("{error}\n{ALL_NAMES}"))
    }
}

/// The names that may have been meant, where there are any, and below them `advice`.
pub fn did_you_mean<N: Display>(near: &[N], advice: &str) -> String {
    match near {
        [] => advice.to_owned(),
        near => format!("Did you mean:{}\n{advice}", lines(near)),
    }
}

/// The names, each on an indented line of its own.
pub fn lines(names: impl IntoIterator<Item = impl Display>) -> String {
    let lines = names.into_iter().map(|name| format!("\n  {name}"));
    lines.collect()
}

/// A name without the package or message that it lies in.
pub fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_short_name_resolves_to_its_message() {
        for message in registry::messages() {
            let found = resolve(short(message)).unwrap();
            assert_eq!(found.full_name(), message.full_name());
        }
    }

    #[test]
    fn a_tail_starts_at_a_dot() {
        for name in [
            "Diadoc.Api.Proto.Documents.DocumentList",
            "Proto.Documents.DocumentList",
            "Documents.DocumentList",
            "DocumentList",
        ] {
            let found = resolve(name).unwrap();
            assert_eq!(found.full_name(), "Diadoc.Api.Proto.Documents.DocumentList");
        }
        for name in ["ocumentList", "uments.DocumentList", ".DocumentList", ""] {
            assert!(resolve(name).is_err(), "{name}");
        }
    }

    #[test]
    fn near_names_come_nearest_first() {
        assert_eq!(
            near("documentlist"),
            ["Diadoc.Api.Proto.Documents.DocumentList"]
        );
        assert_eq!(
            near("Document.DocumentsList").first(),
            Some(&"Diadoc.Api.Proto.Documents.DocumentList")
        );
        assert_eq!(
            near("Docflow.DocumentList").first(),
            Some(&"Diadoc.Api.Proto.Documents.DocumentList")
        );
        assert!(near("Timestmap").contains(&"Diadoc.Api.Proto.Timestamp"));
        assert!(near("xyzzy").is_empty());
        assert!(near("Document").len() <= MOST_SUGGESTED);
    }
}
