//! What the page does not show.

use std::collections::HashSet;

use diadoc_api::query::pairs;
use diadoc_api::{HIDDEN, Request as _, sounds_secret};
use diadoc_core::secrets::values_of;
use diadoc_schema::prost_reflect::{Kind, MessageDescriptor};
use diadoc_schema::{Schema, is_secret};
use serde_json::Value;

use crate::Received;

/// The value of a parameter or header with that name, or what stands in its place.
pub(super) fn shown<'v>(received: &Received, name: &str, value: &'v str) -> &'v str {
    let method = received.call().map(|call| call.method());
    let known = method.and_then(|method| method.parameter(name));
    match known.is_some_and(|known| known.secret) || sounds_secret(name) {
        true => HIDDEN,
        false => value,
    }
}

/// Hides what stands under the keys of secrets, whatever it is, at any depth. Says whether there was any.
pub(super) fn hide(value: &mut Value) -> bool {
    let mut is_any = false;
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if sounds_secret(key) && !value.is_null() {
                    *value = HIDDEN.into();
                    is_any = true;
                } else {
                    is_any |= hide(value);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                is_any |= hide(item);
            }
        }
        _ => {}
    }
    is_any
}

/// JSON that may be cut or broken, without the secrets in it.
pub(super) fn without_values(text: &str) -> String {
    let (mut shown, mut at) = (String::new(), 0);
    for value in values_of(text, sounds_secret) {
        shown += &text[at..value.start];
        shown += HIDDEN;
        at = value.end;
    }
    without_queries(&(shown + &text[at..]))
}

/// Text without the secrets in the queries of the addresses in it.
pub(super) fn without_queries(text: &str) -> String {
    let ends = |character: char| "?&#\"<>".contains(character) || character.is_whitespace();
    text.split_inclusive(ends)
        .map(|part| {
            let (pair, end) = match part.char_indices().next_back() {
                Some((last, character)) if ends(character) => part.split_at(last),
                _ => (part, ""),
            };
            let name = pair.split_once('=').map(|(name, _)| name);
            let read = name.and_then(|name| pairs(name).into_iter().next());
            match (name, read) {
                (Some(name), Some((read, _))) if sounds_secret(&read) => {
                    format!("{name}={HIDDEN}{end}")
                }
                _ => part.to_owned(),
            }
        })
        .collect()
}

/// Whether parts of the body can be quoted, as a report and an error do, without a secret in them.
pub(super) fn may_be_quoted(received: &Received) -> bool {
    let has_secret = match serde_json::from_slice::<Value>(&received.body) {
        Ok(mut value) => hide(&mut value),
        // What cannot be read whole may have it anywhere.
        Err(_) => has_secret_field(received),
    };
    !has_secret && !received.is_confidential()
}

/// Whether the body cannot be read, so that nothing can be hidden in it, and may hold a secret.
pub(super) fn is_unreadable(received: &Received) -> bool {
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&received.body).is_ok();
    !is_json && has_secret_field(received)
}

fn has_secret_field(received: &Received) -> bool {
    let report = received.report.as_ref();
    report.is_some_and(|report| may_hold_one(&report.message))
}

/// Whether a message may hold a secret, by its full name.
pub(super) fn may_hold_one(message: &str) -> bool {
    let message = Schema::diadoc().message(message);
    message.is_ok_and(|message| holds_secret(&message, &mut HashSet::new()))
}

fn holds_secret(message: &MessageDescriptor, seen: &mut HashSet<String>) -> bool {
    seen.insert(message.full_name().to_owned())
        && message.fields().any(|field| match field.kind() {
            _ if is_secret(&field) => true,
            Kind::Message(inner) => sounds_secret(field.name()) || holds_secret(&inner, seen),
            Kind::String | Kind::Bytes => sounds_secret(field.name()),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        let mut value =
            serde_json::json!({"a": [{"Token": "t", "Name": "l"}], "Token": {"x": "y"}});
        assert!(hide(&mut value));
        assert_eq!(
            value,
            serde_json::json!({"a": [{"Token": HIDDEN, "Name": "l"}], "Token": HIDDEN})
        );
        assert_eq!(
            without_queries("No handler for: http://a/b?x=1&To%6ben=t&password=p\n\nwhy\n"),
            format!("No handler for: http://a/b?x=1&To%6ben={HIDDEN}&password={HIDDEN}\n\nwhy\n")
        );
    }
}
