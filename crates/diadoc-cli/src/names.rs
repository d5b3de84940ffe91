//! Message types by their name, as people write it.

use diadoc_proto::registry::{self, MessageType};

use crate::error::Error;

/// How many near names are suggested at most.
const MOST_SUGGESTED: usize = 5;

/// How near a name must be to be suggested, from 0 to 1.
const NEAR_ENOUGH: f64 = 0.6;

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

/// Full names that look like `name`: only those that differ in case alone, if there are any; else
/// those that end with the same word, then the others, the nearest first.
fn near(name: &str) -> Vec<&'static str> {
    let wanted = name.to_lowercase();
    let components = wanted.split('.').count();
    let mut scored: Vec<_> = registry::messages()
        .iter()
        .map(|message| {
            let full_name = message.full_name();
            let tail = tail(full_name, components).to_lowercase();
            let same_word = self::tail(&tail, 1) == self::tail(&wanted, 1);
            let score = strsim::normalized_damerau_levenshtein(&tail, &wanted);
            (same_word, score, full_name)
        })
        .filter(|&(same_word, score, _)| same_word || score >= NEAR_ENOUGH)
        .collect();
    if scored.iter().any(|&(_, score, _)| score == 1.0) {
        scored.retain(|&(_, score, _)| score == 1.0);
    }
    scored.sort_by(|a, b| {
        let descending = (b.0.cmp(&a.0)).then(b.1.total_cmp(&a.1));
        descending.then(a.2.cmp(b.2))
    });
    scored.truncate(MOST_SUGGESTED);
    scored
        .into_iter()
        .map(|(.., full_name)| full_name)
        .collect()
}

/// The last `components` parts of a name.
fn tail(full_name: &str, components: usize) -> &str {
    match full_name
        .rmatch_indices('.')
        .nth(components.saturating_sub(1))
    {
        Some((dot, _)) => &full_name[dot + 1..],
        None => full_name,
    }
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
