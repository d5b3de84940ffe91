//! Whether a body survives reading and writing.

use diadoc_proto::json;
use diadoc_proto::registry::MessageType;
use serde_json::Value;

use crate::changes::Changes;
use crate::normalise::{self, Note};

/// What became of a body.
#[derive(Debug)]
pub struct RoundTrip {
    /// What the rules changed on the way; none of it is an error.
    pub notes: Vec<Note>,
    /// Why the body did not survive; empty where it did.
    pub losses: Vec<Loss>,
}

/// Why a body did not survive.
#[derive(Debug)]
#[non_exhaustive]
pub enum Loss {
    /// It could not be read.
    Refused(json::Error),
    /// It was read, and something came out different; the texts say where.
    Changed {
        /// The step that changed it.
        step: &'static str,
        /// Each place, as a path with what stands there.
        differences: Vec<String>,
    },
}

impl RoundTrip {
    /// Whether the body survived.
    pub fn passed(&self) -> bool {
        self.losses.is_empty()
    }

    /// The notes by what they do: leave something out, or make something up.
    pub fn changes(&self) -> Changes {
        self.notes.iter().cloned().collect()
    }

    /// The error, where the body could not be read.
    pub fn refusal(&self) -> Option<&json::Error> {
        self.losses.iter().find_map(|loss| match loss {
            Loss::Refused(error) => Some(error),
            Loss::Changed { .. } => None,
        })
    }
}

/// Reads `body` as `message_type`, writes it back and compares as JSON values; then goes over the
/// binary format and compares again.
///
/// What is written must equal the body once unknown keys, nulls and empty lists are dropped from it
/// and the required fields that it lacks are added with their defaults; the notes list them. What
/// is written must read back as the same message, and so must its binary form.
pub fn check(message_type: &MessageType, body: &[u8]) -> RoundTrip {
    let message = match message_type.from_json(body) {
        Ok(message) => message,
        Err(error) => {
            return RoundTrip {
                notes: Vec::new(),
                losses: vec![Loss::Refused(error)],
            };
        }
    };
    let mut losses = Vec::new();
    let mut notes = Vec::new();
    let mut changed = |step, differences: Vec<String>| {
        if !differences.is_empty() {
            losses.push(Loss::Changed { step, differences });
        }
    };

    let written = match message.to_json() {
        Ok(written) => written,
        Err(error) => return refused(notes, error),
    };
    let parse = |text: &[u8]| {
        // serde_json takes no byte order mark.
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        serde_json::from_slice::<Value>(text).ok()
    };
    // A body with a number or a depth that serde_json does not read, in what is skipped, is held
    // against what comes next alone.
    let descriptor = crate::descriptor(message_type.full_name());
    if let Some((descriptor, body)) = descriptor.zip(parse(body)) {
        let (expected, changes) = normalise::normalise(&descriptor, &body);
        notes = changes;
        changed(
            "JSON written back",
            normalise::differences(&expected, &parse(written.as_bytes()).unwrap_or_default()),
        );
    }

    match message_type.from_json(written.as_bytes()) {
        Ok(again) if *again == *message => {}
        Ok(again) => {
            let differences = differing(&*again, &parse(written.as_bytes()).unwrap_or_default());
            changed("JSON read again", or_not_in_json(differences));
        }
        Err(error) => changed("JSON read again", vec![error.to_string()]),
    }
    match message_type.decode(&message.encode_to_vec()) {
        Ok(decoded) if *decoded == *message => {}
        Ok(decoded) => {
            let written = parse(written.as_bytes()).unwrap_or_default();
            let left = match crate::descriptor(message_type.full_name()) {
                Some(descriptor) => normalise::over_protobuf(&descriptor, &written).0,
                None => written.clone(),
            };
            let differences = differing(&*decoded, &left);
            // Protobuf does not carry what only JSON has, and everything else.
            if left == written || !differences.is_empty() {
                changed("over protobuf", or_not_in_json(differences));
            }
        }
        Err(error) => changed("over protobuf", vec![error.to_string()]),
    }
    RoundTrip { notes, losses }
}

fn refused(notes: Vec<Note>, error: json::Error) -> RoundTrip {
    RoundTrip {
        notes,
        losses: vec![Loss::Refused(error)],
    }
}

/// Where a message, as JSON, differs from what was written before.
fn differing(message: &dyn diadoc_proto::registry::DynMessage, written: &Value) -> Vec<String> {
    let again = message.to_json().unwrap_or_default();
    let again = serde_json::from_str(&again).unwrap_or(Value::Null);
    normalise::differences(written, &again)
}

/// The differences of messages that differ; at least one line.
fn or_not_in_json(differences: Vec<String>) -> Vec<String> {
    match differences.is_empty() {
        true => vec!["the messages differ, but not in JSON".into()],
        false => differences,
    }
}

#[cfg(test)]
mod tests {
    use diadoc_proto::registry;

    use super::check;

    /// serde_json has no such number, and the body none that is read.
    #[test]
    fn a_number_that_is_skipped_changes_nothing() {
        let message = registry::find("Diadoc.Api.Proto.Timestamp").expect("the message");
        let round_trip = check(message, br#"{"Ticks": 1, "Large": 1e400}"#);
        assert!(round_trip.passed(), "{:?}", round_trip.losses);
    }
}
