//! Message types by their name, as people write it.

use std::fmt::Display;

use diadoc_core::fill;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{Direction, Method, Schema, SchemaError, is_tail};

use crate::outcome::Failure;
use crate::words::words;

/// How many near names are suggested at most.
pub(crate) const MOST_SUGGESTED: usize = 5;

/// The message type of a full name (`Diadoc.Api.Proto.Documents.DocumentList`) or of any tail of it
/// that no other name has (`Documents.DocumentList`, `DocumentList`); of a method the one that it sends,
/// or, where it sends none, the one that it answers with.
pub(crate) fn resolve(name: &str) -> Result<&'static MessageType, Failure> {
    resolve_for(name, None).map(|(message, _)| message)
}

/// The same; of a method the message that goes the way that is asked for. With the way that a method's message
/// goes, where none is asked for.
pub(crate) fn resolve_for(
    name: &str,
    asked: Option<Direction>,
) -> Result<(&'static MessageType, Option<Direction>), Failure> {
    let words = words();
    let message = |message| Ok((message, asked));
    if let Some(found) = registry::find(name) {
        return message(found);
    }
    // The descriptors take some 25 ms to read; most names do without them.
    let messages = registry::messages().iter();
    let mut found = messages.filter(|message| is_tail(message.full_name(), name));
    if let (Some(found), None) = (found.next(), found.next()) {
        return message(found);
    }
    let schema = Schema::diadoc();
    if let (Err(SchemaError::NoMessage { .. }), Ok(method)) =
        (schema.message(name), schema.method(name))
    {
        return of_method(method, asked);
    }
    let (name, near) = match schema.message(name) {
        Ok(found) => match registry::find(found.full_name()) {
            Some(found) => return message(found),
            // A message of the descriptors' own, such as one that holds parameters.
            None => (name.to_owned(), Vec::new()),
        },
        Err(SchemaError::NoMessage { name, near }) => (name, near),
        Err(SchemaError::Ambiguous { name, candidates }) => {
            return Err(Failure::new(fill(
                words.several_messages,
                &[&name, &lines(full_names(&candidates))],
            )));
        }
        Err(other) => return Err(other.into()),
    };
    let mut near: Vec<_> = full_names(&near).map(str::to_owned).collect();
    if let Err(SchemaError::NoMethod { near: methods, .. }) = schema.method(&name) {
        let methods = methods.iter();
        near.extend(methods.map(|method| fill(words.a_method, &[method])));
    }
    near.truncate(MOST_SUGGESTED);
    let near = did_you_mean(&near, words.all_names);
    Err(Failure::new(fill(words.no_message, &[&name, &near])))
}

fn of_method(
    method: &Method,
    asked: Option<Direction>,
) -> Result<(&'static MessageType, Option<Direction>), Failure> {
    let words = words();
    let ways = match &asked {
        Some(direction) => std::slice::from_ref(direction),
        None => &[Direction::Request, Direction::Response][..],
    };
    let name = method.name();
    for direction in ways {
        match method.message(*direction) {
            Ok(found) => {
                if let Some(message) = registry::find(found.full_name()) {
                    return Ok((message, Some(*direction)));
                }
            }
            Err(SchemaError::NoBody { .. }) => {}
            Err(SchemaError::Ambiguous { candidates, .. }) => {
                return Err(Failure::new(fill(
                    words.several_bodies,
                    &[&name, &lines(full_names(&candidates))],
                )));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let template = match asked {
        Some(Direction::Request) => words.no_body,
        Some(Direction::Response) => words.no_answer,
        None => words.neither,
    };
    Err(Failure::new(fill(template, &[&name, &name])))
}

fn full_names(names: &[String]) -> impl Iterator<Item = &'static str> {
    let messages = names.iter().filter_map(|name| registry::find(name));
    messages.map(MessageType::full_name)
}

/// The shortest tail of the name that [`resolve`] understands.
pub(crate) fn short(message: &MessageType) -> &'static str {
    let full_name = message.full_name();
    let tails = full_name
        .rmatch_indices('.')
        .map(|(dot, _)| &full_name[dot + 1..]);
    tails
        .into_iter()
        .find(|tail| resolve(tail).is_ok_and(|found| found.full_name() == full_name))
        .unwrap_or(full_name)
}

impl From<SchemaError> for Failure {
    fn from(error: SchemaError) -> Self {
        Self::new(format!("{error}\n{}", words().all_names))
    }
}

/// The names that may have been meant, where there are any, and below them `advice`.
pub(crate) fn did_you_mean<N: Display>(near: &[N], advice: &str) -> String {
    match near {
        [] => advice.to_owned(),
        near => fill(words().did_you_mean, &[&lines(near), &advice]),
    }
}

/// The names, each on an indented line of its own.
pub(crate) fn lines(names: impl IntoIterator<Item = impl Display>) -> String {
    let lines = names.into_iter().map(|name| format!("\n  {name}"));
    lines.collect()
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
        let text = |name: &str| resolve(name).unwrap_err().to_string();
        let near = text("Docflow.documents");
        assert!(near.matches("Diadoc.Api.Proto.").count() <= MOST_SUGGESTED);
        assert_eq!(
            text("documentlist"),
            format!(
                "no message and no method is called `documentlist`\nDid you mean:\n  \
                 Diadoc.Api.Proto.Documents.DocumentList\n{}",
                words().all_names
            )
        );
    }
}
