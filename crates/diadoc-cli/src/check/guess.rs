//! The message that a body is taken for where nobody says.

mod lenient;

use diadoc_api::Form;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{Detected, Schema, detect_json, detect_protobuf};
use serde::Serialize;

/// How many other messages are named at most.
const MOST_RIVALS: usize = 3;
/// How much of what the best explains another must explain to be named.
const CLOSE: f64 = 0.9;

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

/// The message that fits best; none where no key or field number is known.
pub(super) fn guess(form: Form, body: &[u8]) -> Option<Guess> {
    let schema = Schema::diadoc();
    let mut found = match form {
        Form::Json => detect_json(schema, body),
        Form::Protobuf => detect_protobuf(schema, body),
    };
    // JSON that is broken still has keys.
    if form == Form::Json && found.is_empty() {
        found = detect_json(schema, lenient::read(body).to_string().as_bytes());
    }
    let mut found = found.into_iter();
    let best = found.next()?;
    let message = registry::find(&best.message)?;
    let close = |other: &Detected| other.score >= CLOSE * best.score;
    Some(Guess {
        message,
        rivals: found.filter(close).take(MOST_RIVALS).collect(),
        score: best.score,
        reason: best.reason,
    })
}
