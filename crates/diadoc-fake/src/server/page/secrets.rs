//! What the page does not show.

use std::collections::HashSet;

use diadoc_api::query::pairs;
use diadoc_schema::Schema;
use diadoc_schema::prost_reflect::{Kind, MessageDescriptor};
use serde_json::Value;

use crate::Received;

/// What stands in the place of a secret.
pub(super) const HIDDEN: &str = "•••";

/// Whether the parameter, header or key of that name holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    let parts = [
        "token",
        "ddauth",
        "password",
        "secret",
        "authorization",
        "cookie",
        "servicekey",
        "apikey",
        "clientid",
    ];
    let whole = ["code", "usercode", "devicecode", "codeverifier", "ticket"];
    parts.iter().any(|part| name.contains(part)) || whole.contains(&name.as_str())
}

/// The value of something with that name, or what stands in its place.
pub(super) fn shown<'v>(name: &str, value: &'v str) -> &'v str {
    match is_secret(name) {
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
                if is_secret(key) && !value.is_null() {
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
                (Some(name), Some((read, _))) if is_secret(&read) => {
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
    let message = report.and_then(|report| Schema::diadoc().message(&report.message).ok());
    message.is_some_and(|message| holds_secret(&message, &mut HashSet::new()))
}

fn holds_secret(message: &MessageDescriptor, seen: &mut HashSet<String>) -> bool {
    seen.insert(message.full_name().to_owned())
        && message.fields().any(|field| match field.kind() {
            Kind::Message(inner) => is_secret(field.name()) || holds_secret(&inner, seen),
            Kind::String | Kind::Bytes => is_secret(field.name()),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "Authorization",
            "access_token",
            "ddauth_token",
            "Cookie",
            "code",
            "password",
            "ddauth_x",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "boxId",
            "afterIndexKey",
            "CurrencyCode",
            "operationId",
            "content-type",
        ] {
            assert!(!is_secret(name), "{name}");
        }
        let mut value =
            serde_json::json!({"a": [{"Token": "t", "Login": "l"}], "Token": {"x": "y"}});
        assert!(hide(&mut value));
        assert_eq!(
            value,
            serde_json::json!({"a": [{"Token": HIDDEN, "Login": "l"}], "Token": HIDDEN})
        );
        assert_eq!(
            without_queries("No handler for: http://a/b?x=1&To%6ben=t&password=p\n\nwhy\n"),
            format!("No handler for: http://a/b?x=1&To%6ben={HIDDEN}&password={HIDDEN}\n\nwhy\n")
        );
    }
}
