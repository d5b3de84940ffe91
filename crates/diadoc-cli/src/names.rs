//! Message types by their name, as people write it.

use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{Schema, SchemaError, is_tail};

use crate::error::Error;

/// How many near names are suggested at most.
pub const MOST_SUGGESTED: usize = 5;

/// The message type of a full name (`Diadoc.Api.Proto.Documents.DocumentList`) or of any tail of it
/// that no other name has (`Documents.DocumentList`, `DocumentList`).
pub fn resolve(name: &str) -> Result<&'static MessageType, Error> {
    if let Some(message) = registry::find(name) {
        return Ok(message);
    }
    // The descriptors take some 25 ms to read; most names do without them.
    let messages = registry::messages().iter();
    let mut found = messages.filter(|message| is_tail(message.full_name(), name));
    if let (Some(message), None) = (found.next(), found.next()) {
        return Ok(message);
    }
    let (name, near) = match Schema::diadoc().message(name) {
        Ok(message) => match registry::find(message.full_name()) {
            Some(message) => return Ok(message),
            // A message of the descriptors' own, such as one that holds parameters.
            None => (name.to_owned(), Vec::new()),
        },
        Err(SchemaError::NoMessage { name, near }) => (name, near),
        Err(SchemaError::Ambiguous { name, candidates }) => {
            return Err(Error::AmbiguousMessage {
                name,
                candidates: full_names(&candidates).collect(),
            });
        }
        Err(other) => return Err(other.into()),
    };
    Err(Error::UnknownMessage {
        name,
        near: full_names(&near).take(MOST_SUGGESTED).collect(),
    })
}

fn full_names(names: &[String]) -> impl Iterator<Item = &'static str> {
    let messages = names.iter().filter_map(|name| registry::find(name));
    messages.map(MessageType::full_name)
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
    fn near_names_are_few() {
        let near = |name: &str| match resolve(name) {
            Err(Error::UnknownMessage { near, .. }) => near,
            other => panic!("{other:?}"),
        };
        assert!(near("Docflow.documents").len() <= MOST_SUGGESTED);
        assert_eq!(
            near("documentlist"),
            ["Diadoc.Api.Proto.Documents.DocumentList"]
        );
    }
}
