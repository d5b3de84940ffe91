//! Whether a body survives reading and writing.

use diadoc_proto::registry::{DynMessage, MessageType};
use diadoc_proto::{Limits, json};
use diadoc_schema::{Prepared, read_json};
use prost_reflect::MessageDescriptor;
use serde_json::Value;

mod large;

pub use large::written_like;

use crate::changes::Changes;
use crate::normalise::{self, Listed, Note};

/// What became of a body.
#[derive(Debug)]
pub struct RoundTrip {
    /// What the rules changed on the way; none of it is an error. Of what is left out and of what is made up
    /// the first thousand are listed.
    pub notes: Vec<Note>,
    /// How many notes are not listed.
    pub left_out: usize,
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
        let changes = self.notes.iter().cloned().collect();
        Changes {
            left_out: self.left_out,
            ..changes
        }
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
    check_within(message_type, body, &Limits::new())
}

/// As [`check`], reading within limits of one's own.
pub fn check_within(message_type: &MessageType, body: &[u8], limits: &Limits) -> RoundTrip {
    if body.len() >= large::LARGE
        && let Some(round_trip) = large::survives(message_type, body, limits)
    {
        return round_trip;
    }
    let message = match message_type.from_json_within(body, limits) {
        Ok(message) => message,
        Err(error) => return refused(error),
    };
    let written = match message.to_json() {
        Ok(written) => written,
        Err(error) => return refused(error),
    };
    let prepared = Prepared::diadoc(message_type.full_name());
    let trip = Trip {
        message_type,
        prepared: prepared.as_ref(),
        message: &*message,
        written: &written,
        limits,
    };
    let (Listed { notes, left_out }, differences) = trip.written_back(body);
    let steps = [
        ("JSON written back", differences),
        ("JSON read again", trip.read_again()),
        ("over protobuf", trip.over_protobuf()),
    ];
    let losses = steps
        .into_iter()
        .filter(|(_, differences)| !differences.is_empty())
        .map(|(step, differences)| Loss::Changed { step, differences });
    RoundTrip {
        notes,
        left_out,
        losses: losses.collect(),
    }
}

/// A body that has been read and written.
struct Trip<'t> {
    message_type: &'t MessageType,
    prepared: Option<&'t Prepared>,
    message: &'t dyn DynMessage,
    written: &'t str,
    limits: &'t Limits,
}

/// Each step says where something came out different; what it cannot compare, it says too.
impl Trip<'_> {
    /// What was written, held against the body: the notes, and the differences.
    fn written_back(&self, body: &[u8]) -> (Listed, Vec<String>) {
        // Most bodies can be followed text by text; of the others values tell.
        let rewritten = (self.prepared).and_then(|message| message.rewritten(body, self.written));
        if let Some(rewritten) = rewritten {
            return (rewritten.into(), Vec::new());
        }
        let values = descriptor(self.message_type)
            .and_then(|descriptor| Ok((descriptor, parse("the body", body)?, self.value()?)));
        match values {
            Ok((descriptor, body, written)) => {
                let (expected, notes) = normalise::normalise(&descriptor, &body);
                (notes.into(), normalise::differences(&expected, &written))
            }
            Err(why) => (Listed::default(), vec![why]),
        }
    }

    /// What was written, read again.
    fn read_again(&self) -> Vec<String> {
        match self
            .message_type
            .from_json_within(self.written.as_bytes(), self.limits)
        {
            Ok(again) if *again == *self.message => Vec::new(),
            Ok(again) => or_not_in_json(
                self.value()
                    .and_then(|written| Ok(normalise::differences(&written, &as_value(&*again)?))),
            ),
            Err(error) => vec![error.to_string()],
        }
    }

    /// The message encoded and decoded.
    fn over_protobuf(&self) -> Vec<String> {
        let decoded = match self
            .message_type
            .decode_within(&self.message.encode_to_vec(), self.limits)
        {
            Ok(decoded) if *decoded == *self.message => return Vec::new(),
            Ok(decoded) => decoded,
            Err(error) => return vec![error.to_string()],
        };
        let again = match decoded.to_json() {
            Ok(again) => again,
            Err(error) => return vec![error.to_string()],
        };
        let only_in_json = (self.prepared).and_then(|message| message.only_in_json(self.written));
        if only_in_json.is_some_and(|only| only.is_carried_as(&again)) {
            return Vec::new();
        }
        let differences = || {
            let written = self.value()?;
            let descriptor = descriptor(self.message_type)?;
            let left = normalise::over_protobuf(&descriptor, &written).0;
            let again = parse("what was written", again.as_bytes())?;
            let differences = normalise::differences(&left, &again);
            Ok((left == written, differences))
        };
        match differences() {
            // Protobuf does not carry what only JSON has, and everything else.
            Ok((false, differences)) if differences.is_empty() => Vec::new(),
            differences => or_not_in_json(differences.map(|(_, differences)| differences)),
        }
    }

    /// What was written, as a value.
    fn value(&self) -> Result<Value, String> {
        parse("what was written", self.written.as_bytes())
    }
}

fn refused(error: json::Error) -> RoundTrip {
    RoundTrip {
        notes: Vec::new(),
        left_out: 0,
        losses: vec![Loss::Refused(error)],
    }
}

fn descriptor(message_type: &MessageType) -> Result<MessageDescriptor, String> {
    let name = message_type.full_name();
    crate::descriptor(name).ok_or_else(|| format!("not compared: the schema has no `{name}`"))
}

fn parse(what: &str, text: &[u8]) -> Result<Value, String> {
    read_json(text).map_err(|error| format!("not compared: {what} is no JSON: {error}"))
}

fn as_value(message: &dyn DynMessage) -> Result<Value, String> {
    let text = message.to_json().map_err(|error| error.to_string())?;
    parse("what was written", text.as_bytes())
}

/// The differences of messages that differ; at least one line.
fn or_not_in_json(differences: Result<Vec<String>, String>) -> Vec<String> {
    match differences {
        Ok(differences) if differences.is_empty() => {
            vec!["the messages differ, but not in JSON".into()]
        }
        Ok(differences) => differences,
        Err(why) => vec![why],
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
        // The second is not written as it stands, so that values are compared.
        for body in [
            r#"{"Ticks": 1, "Large": 1e400}"#,
            r#"{"Ticks": "1", "Large": -1e400}"#,
            r#"{"Ticks": "1", "Large": [{"\"1e400": 12e+999}, "1e400"]}"#,
        ] {
            let round_trip = check(message, body.as_bytes());
            assert!(round_trip.passed(), "{body}: {:?}", round_trip.losses);
            let notes: Vec<_> = round_trip.notes.iter().map(ToString::to_string).collect();
            assert_eq!(notes, ["Large: unknown key, skipped"], "{body}");
        }
    }
}
