//! What a body loses and gains when it is read and written.

use diadoc_proto::Limits;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Checks, Direction, Form, Prepared, Rule, read_json};
use serde::Serialize;

use crate::descriptor;
use crate::normalise::{Change, Listed, Note, normalise, over_protobuf};
use crate::round_trip::written_like;

/// What reading and writing leaves out of a body, and what it has to make up.
///
/// ```
/// use diadoc_proto::registry;
/// use diadoc_testkit::changes::Changes;
///
/// let message = registry::find("Diadoc.Api.Proto.DocumentId").expect("the schema has it");
/// let changes = Changes::of_json(message, br#"{"MessageId": "", "Entity": ""}"#);
/// assert_eq!(changes.dropped[0].to_string(), "Entity: unknown key, skipped");
/// assert_eq!(changes.made_up[0].path, "EntityId");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Keys and fields that the schema does not know, and names that its enums do not have.
    pub dropped: Vec<Note>,
    /// Required values that are absent; their defaults are written.
    pub made_up: Vec<Note>,
    /// How many of both are not listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Changes {
    /// What becomes of JSON. Of what is no JSON nothing is known, nor of what goes beyond the limits of
    /// reading.
    pub fn of_json(message: &MessageType, body: &[u8]) -> Self {
        Self::of_json_within(message, body, &Limits::new())
    }

    /// As [`of_json`](Self::of_json), within limits of one's own.
    pub fn of_json_within(message: &MessageType, body: &[u8], limits: &Limits) -> Self {
        // Most bodies can be followed text by text, which needs no descriptors.
        let read = match message.from_json_within(body, limits) {
            // Looking closer would take more yet.
            Err(error) if error.limit().is_some() => return Self::default(),
            read => read.ok(),
        };
        let written = read.and_then(|message| written_like(body, &*message).ok());
        let rewritten = written.and_then(|written| {
            let message = Prepared::diadoc(message.full_name())?;
            message.rewritten(body, &written)
        });
        if let Some(rewritten) = rewritten {
            return Listed::from(rewritten).into();
        }
        let value = read_json(body).ok();
        let notes = descriptor(message.full_name())
            .zip(value)
            .map(|(descriptor, value)| normalise(&descriptor, &value).1);
        Listed::from(notes.unwrap_or_default()).into()
    }

    /// What a body loses beyond that when its message goes from JSON into protobuf; `written` is the
    /// message as JSON.
    pub fn over_protobuf(message: &MessageType, written: &str) -> Self {
        let prepared = Prepared::diadoc(message.full_name());
        if let Some(only) = prepared.and_then(|message| message.only_in_json(written)) {
            let note = |path: &str| Note {
                path: path.to_owned(),
                change: Change::OnlyInJson,
            };
            return Listed::from(only.paths().map(note).collect::<Vec<_>>()).into();
        }
        let value = read_json(written.as_bytes()).ok();
        let notes = descriptor(message.full_name())
            .zip(value)
            .map(|(descriptor, value)| over_protobuf(&descriptor, &value).1);
        Listed::from(notes.unwrap_or_default()).into()
    }

    /// What becomes of protobuf. Of a field that a message has many times the first is listed, and
    /// of each kind no more than [`Report::MOST_OF_A_RULE`](diadoc_schema::Report::MOST_OF_A_RULE).
    pub fn of_protobuf(message: &MessageType, body: &[u8]) -> Self {
        Self::by_rules(message, body, &[Rule::WireUnknownField, Rule::WireRequired])
    }

    /// What protobuf gains alone: as [`of_protobuf`](Self::of_protobuf), for a reader that keeps
    /// unknown fields.
    pub fn made_up_of_protobuf(message: &MessageType, body: &[u8]) -> Self {
        Self::by_rules(message, body, &[Rule::WireRequired])
    }

    fn by_rules(message: &MessageType, body: &[u8], rules: &[Rule]) -> Self {
        let Some(message) = Prepared::diadoc(message.full_name()) else {
            return Self::default();
        };
        // Levels and contents change none of these.
        let checks = Checks::new(Direction::Response).contents(false);
        let report = message.check(&checks, Form::Protobuf, body);
        let is_change = |rule: Rule| rules.contains(&rule);
        let counts = report.counts.iter().filter(|count| is_change(count.rule));
        let all: usize = counts.map(|count| count.count).sum();
        let findings = report.findings.into_iter();
        let findings = findings.filter(|finding| is_change(finding.rule));
        let notes = findings.filter_map(|finding| {
            let change = match finding.rule {
                Rule::WireUnknownField => Change::UnknownField,
                Rule::WireRequired => Change::RequiredAdded,
                _ => return None,
            };
            let path = finding.path;
            Some(Note { path, change })
        });
        let mut changes: Self = notes.collect();
        changes.left_out = all - changes.notes().count();
        changes
    }

    /// All of them, what is left out first.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.dropped.iter().chain(&self.made_up)
    }
}

impl From<Listed> for Changes {
    fn from(listed: Listed) -> Self {
        let changes = listed.notes.into_iter().collect();
        Self {
            left_out: listed.left_out,
            ..changes
        }
    }
}

impl FromIterator<Note> for Changes {
    fn from_iter<T: IntoIterator<Item = Note>>(notes: T) -> Self {
        let made_up = |note: &Note| note.change == Change::RequiredAdded;
        let (made_up, dropped) = notes.into_iter().partition(made_up);
        Self {
            dropped,
            made_up,
            left_out: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use diadoc_proto::registry;

    use super::Changes;

    fn texts(changes: &Changes) -> Vec<String> {
        changes.notes().map(ToString::to_string).collect()
    }

    #[test]
    fn json() {
        let of = |name: &str, body: &str| {
            let message = registry::find(&format!("Diadoc.Api.Proto.{name}")).expect(name);
            Changes::of_json(message, body.as_bytes())
        };
        let whole = r#"{"MessageId": "a", "EntityId": "b"}"#;
        assert_eq!(of("DocumentId", whole), Changes::default());
        let changes = of(
            "DocumentId",
            "\u{feff}{\"messageId\": 1, \"EntityId\": null}",
        );
        assert_eq!(
            texts(&changes),
            [
                "messageId: unknown key, skipped",
                "MessageId: required field missing, default taken",
                "EntityId: required field missing, default taken",
            ]
        );
        let changes = of(
            "Content_v3",
            r#"{"EntityId": {"MessageId": "a", "X": [1]}}"#,
        );
        assert_eq!(
            serde_json::to_value(&changes).expect("JSON"),
            serde_json::json!({
                "dropped": [{"path": "EntityId.X", "change": "unknown-key"}],
                "made_up": [{"path": "EntityId.EntityId", "change": "required-added"}],
            })
        );
    }

    #[test]
    fn what_only_json_has_is_left_out_of_protobuf() {
        let message = registry::find("Diadoc.Api.Proto.Events.Message").expect("the message");
        let written = r#"{"Entities":[{},{"IsAttachedSignature":true,"DocumentInfo":{"Participants":[{}]}}]}"#;
        assert_eq!(
            texts(&Changes::over_protobuf(message, written)),
            [
                "Entities[1].IsAttachedSignature: a field that only JSON has, not carried by protobuf",
                "Entities[1].DocumentInfo.Participants: a field that only JSON has, not carried by \
                 protobuf",
            ]
        );
    }

    #[test]
    fn protobuf() {
        let message = registry::find("Diadoc.Api.Proto.DocumentId").expect("the message");
        let of = |bytes: &[u8]| texts(&Changes::of_protobuf(message, bytes));
        assert!(of(b"\x0a\x01a\x12\x01b").is_empty());
        let made_up = Changes::made_up_of_protobuf(message, b"\x0a\x01a\x98\x06\x01");
        assert_eq!(
            texts(&made_up),
            ["EntityId: required field missing, default taken"]
        );
        assert_eq!(
            of(b"\x0a\x01a\x98\x06\x01"),
            [
                "99: unknown field, skipped",
                "EntityId: required field missing, default taken",
            ]
        );
    }
}
