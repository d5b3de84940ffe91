//! Message types by their name, as people write it.

use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::nearest;

use crate::error::Error;

/// How many near names are suggested at most.
pub const MOST_SUGGESTED: usize = 5;

/// The message type of a full name (`Diadoc.Api.Proto.Documents.DocumentList`) or of any tail of it
/// that no other name has (`Documents.DocumentList`, `DocumentList`).
pub fn resolve(name: &str) -> Result<&'static MessageType, Error> {
    if let Some(message) = registry::find(name) {
        return Ok(message);
    }
    let candidates: Vec<_> = registry::messages()
        .iter()
        .filter(|message| has_tail(message.full_name(), name))
        .collect();
    match candidates[..] {
        [message] => Ok(message),
        [] => Err(Error::UnknownMessage {
            name: name.to_owned(),
            near: near(name),
        }),
        _ => Err(Error::AmbiguousMessage {
            name: name.to_owned(),
            candidates: candidates.iter().map(|m| m.full_name()).collect(),
        }),
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
