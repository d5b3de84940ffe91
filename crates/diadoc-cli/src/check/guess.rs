//! The message that a body is taken for where nobody says.

mod lenient;

use diadoc_api::Form;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{Detected, Schema, detect_protobuf, detect_value, read_json};
use serde::Serialize;
use serde_json::Value;

use crate::language;

/// How many other messages are named at most.
const MOST_RIVALS: usize = 3;
/// How much of what the best explains another must explain to be named.
const CLOSE: f64 = 0.9;
/// How much of a body a message must explain to be taken for it.
const LEAST: f64 = 0.5;

/// A message that a body is taken for.
#[derive(Debug, Serialize)]
pub(super) struct Guess {
    #[serde(skip)]
    pub message: &'static MessageType,
    /// How much of the body the message explains, from 0 to 1.
    pub score: f64,
    /// Why it was taken.
    pub reason: String,
    /// Others that fit nearly as well, the best first.
    pub rivals: Vec<Detected>,
}

/// The message that fits best and goes that way; none where it explains less than half of the body.
pub(super) fn guess(
    form: Form,
    body: &[u8],
    goes: impl Fn(&'static MessageType) -> bool,
) -> Option<Guess> {
    let schema = Schema::diadoc();
    let found = match form {
        Form::Json => found_in_json(schema, body),
        Form::Protobuf => detect_protobuf(schema, body),
    };
    let mut found = found.into_iter().filter(|one| {
        let message = registry::find(&one.message);
        message.is_some_and(&goes) && one.score >= LEAST
    });
    let best = found.next()?;
    let message = registry::find(&best.message)?;
    let close = |other: &Detected| other.score >= CLOSE * best.score;
    Some(Guess {
        message,
        rivals: found.filter(close).take(MOST_RIVALS).collect(),
        score: best.score,
        reason: best.reason_in(language::spoken()),
    })
}

fn found_in_json(schema: &Schema, body: &[u8]) -> Vec<Detected> {
    let value = read_json(body);
    // JSON that is broken still has keys.
    let value = value.unwrap_or_else(|_| lenient::read(body));
    let detect = |value: &Value| detect_value(schema, value);
    // The message may be wrapped: in its name, or in a list.
    let value = match value {
        Value::Array(mut elements) if elements.len() == 1 => elements.remove(0),
        value => value,
    };
    if let Value::Object(object) = &value
        && object.len() == 1
        && let Some((key, inside @ Value::Object(_))) = object.iter().next()
    {
        let mut inside = detect(inside);
        inside.retain(|one| {
            let name = one.message.rsplit('.').next().unwrap_or_default();
            name.eq_ignore_ascii_case(key)
        });
        if !inside.is_empty() {
            return inside;
        }
    }
    let found = detect(&value);
    match found.first() {
        Some(best) if best.score >= LEAST => found,
        // Keys in camel case.
        _ => {
            let capitalised = detect(&capitalise(value));
            if capitalised.is_empty() {
                found
            } else {
                capitalised
            }
        }
    }
}

/// The value with keys that begin with a capital letter, as the schema's do.
fn capitalise(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let capital = |(key, value): (String, Value)| {
                let mut key = key;
                if let Some(first) = key.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                (key, capitalise(value))
            };
            object.into_iter().map(capital).collect()
        }
        Value::Array(elements) => elements.into_iter().map(capitalise).collect(),
        value => value,
    }
}
