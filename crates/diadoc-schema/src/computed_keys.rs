//! Keys of the vendor's JSON that the protobuf schema does not have.

use std::borrow::Cow;

use diadoc_core::{Language, fill};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::schema::ROOT_PACKAGE;
use crate::words::Words;

/// A key that the server is known to add to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ComputedKey {
    /// The message's name below Diadoc's package.
    pub message: &'static str,
    pub key: &'static str,
    /// The type of its value, as JSON Schema names it.
    pub json_type: &'static str,
    pub holds: KeyHolds,
    /// How to make it; none where the fields of the message do not tell.
    pub source: Option<Source>,
}

/// What a computed key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyHolds {
    /// A field as a GUID.
    Guid(Cow<'static, str>),
    /// The ticks of a field as a date.
    Date(Cow<'static, str>),
    /// A `Timestamp` as ticks.
    Ticks(Cow<'static, str>),
    /// Something else.
    Other {
        english: &'static str,
        russian: &'static str,
    },
}

impl KeyHolds {
    /// In words that end a sentence.
    pub(crate) fn say(&self, language: Language) -> String {
        let words = Words::of(language);
        match (self, language) {
            (Self::Guid(name), _) => fill(words.as_guid, &[name]),
            (Self::Date(name), _) => fill(words.as_date, &[name]),
            (Self::Ticks(name), _) => fill(words.as_ticks, &[name]),
            (Self::Other { english, .. }, Language::English) => (*english).to_owned(),
            (Self::Other { russian, .. }, Language::Russian) => (*russian).to_owned(),
        }
    }

    /// It as an expression of Rust, for generated tables.
    pub(crate) fn expression(&self) -> String {
        match self {
            Self::Guid(name) => format!("KeyHolds::Guid(Cow::Borrowed({name:?}))"),
            Self::Date(name) => format!("KeyHolds::Date(Cow::Borrowed({name:?}))"),
            Self::Ticks(name) => format!("KeyHolds::Ticks(Cow::Borrowed({name:?}))"),
            Self::Other { .. } => format!("KeyHolds::{self:?}"),
        }
    }
}

/// The field that a key is computed from, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The same value again.
    Same(&'static str),
    /// Ticks as a date and time.
    Moment(&'static str),
    /// The `Ticks` of a `Timestamp`.
    Ticks(&'static str),
}

use Source::{Moment, Same, Ticks};

/// All such keys: seen in responses, in samples or in the vendor's OpenAPI document. Those of one
/// message stand in the order in which the server writes them, as far as that is known.
#[rustfmt::skip]
pub(crate) const COMPUTED_KEYS: &[ComputedKey] = &[
    made("CertificateVerificationResult", "VerificationTimeTicks", Ticks("VerificationTime")),
    seen("Counteragent", "LastEventComment", "string", "the comment of the last event", "комментарий к последнему событию"),
    made("Counteragent", "LastEventTimestamp", Moment("LastEventTimestampTicks")),
    made("Documents.Document", "MessageIdGuid", Same("MessageId")),
    made("Documents.Document", "EntityIdGuid", Same("EntityId")),
    made("Documents.Document", "CreationTimestamp", Moment("CreationTimestampTicks")),
    seen("Documents.Document", "CounteragentBoxIdGuid", "string", "the box of the counteragent as a GUID", "ящик контрагента в виде GUID"),
    seen("Documents.Document", "EventId", "string", "the id of the event by which the document came", "идентификатор события, с которым пришёл документ"),
    seen("Events.MessageToPost", "TrustConnectionRequest", "object", "only the vendor's OpenAPI document names it", "его называет только документ OpenAPI вендора"),
    made("Forwarding.ForwardedDocumentId", "ForwardEventIdGuid", Same("ForwardEventId")),
    seen("Organization", "JoinedDiadocTreaty", "boolean", "whether the organization has joined the treaty", "присоединилась ли организация к договору"),
    made("Organization", "OrgIdGuid", Same("OrgId")),
    seen("OrganizationUserPermissions", "CanSendDocuments", "boolean", "whether the user may send documents", "может ли пользователь отправлять документы"),
    ticks_as_date("Timestamp", "DateTime"),
];

/// A key of which no more is known than its type and what it holds.
const fn seen(
    message: &'static str,
    key: &'static str,
    json_type: &'static str,
    english: &'static str,
    russian: &'static str,
) -> ComputedKey {
    ComputedKey {
        message,
        key,
        json_type,
        holds: KeyHolds::Other { english, russian },
        source: None,
    }
}

/// The date of a message's own ticks, in which nobody has seen how it is written.
const fn ticks_as_date(message: &'static str, key: &'static str) -> ComputedKey {
    ComputedKey {
        message,
        key,
        json_type: "string",
        holds: KeyHolds::Date(Cow::Borrowed("Ticks")),
        source: None,
    }
}

/// A key that can be made from a field.
const fn made(message: &'static str, key: &'static str, source: Source) -> ComputedKey {
    ComputedKey {
        message,
        key,
        json_type: match source {
            // What is written twice is an id.
            Same(_) | Moment(_) => "string",
            Ticks(_) => "integer",
        },
        holds: match source {
            Same(name) => KeyHolds::Guid(Cow::Borrowed(name)),
            Moment(name) => KeyHolds::Date(Cow::Borrowed(name)),
            Ticks(name) => KeyHolds::Ticks(Cow::Borrowed(name)),
        },
        source: Some(source),
    }
}

/// The computed keys of a message.
pub(crate) fn computed_keys(
    message: &MessageDescriptor,
) -> impl Iterator<Item = &'static ComputedKey> {
    let name = message
        .full_name()
        .strip_prefix(ROOT_PACKAGE)
        .and_then(|rest| rest.strip_prefix('.'))
        .map(str::to_owned);
    COMPUTED_KEYS
        .iter()
        .filter(move |computed| name.as_deref() == Some(computed.message))
}

/// What a key that the message does not have holds, if the server is known to compute it, or computes
/// others like it: a field as a GUID, the ticks of a field as a date, a `Timestamp` as ticks.
pub(crate) fn computed_key(message: &MessageDescriptor, key: &str) -> Option<KeyHolds> {
    if let Some(computed) = computed_keys(message).find(|computed| computed.key == key) {
        return Some(computed.holds.clone());
    }
    let field = |name: &str| message.get_field_by_name(name);
    if let Some(name) = key.strip_suffix("Guid")
        && field(name).is_some_and(|field| field.kind() == Kind::String)
    {
        return Some(KeyHolds::Guid(name.to_owned().into()));
    }
    let ticks = format!("{key}Ticks");
    if field(&ticks).is_some_and(|field| field.kind() != Kind::String) {
        return Some(KeyHolds::Date(ticks.into()));
    }
    let of_message = |field: FieldDescriptor| matches!(field.kind(), Kind::Message(inner) if inner.name() == "Timestamp");
    let name = key.strip_suffix("Ticks")?;
    field(name)
        .is_some_and(of_message)
        .then(|| KeyHolds::Ticks(name.to_owned().into()))
}

/// All keys of which [`computed_key`] knows what they hold, but those of fields, with what that is.
pub(crate) fn computed_keys_of(message: &MessageDescriptor) -> Vec<(String, KeyHolds)> {
    let listed = computed_keys(message).map(|computed| computed.key.to_owned());
    let derived = message.fields().flat_map(|field| {
        let name = field.name().to_owned();
        let without = name.strip_suffix("Ticks").map(str::to_owned);
        [format!("{name}Guid"), format!("{name}Ticks")]
            .into_iter()
            .chain(without)
    });
    let keys: Vec<_> = listed.chain(derived).collect();
    let is_field = |key: &str| {
        message.get_field_by_json_name(key).is_some() || message.get_field_by_name(key).is_some()
    };
    let keys = keys.into_iter().filter(|key| !is_field(key));
    keys.filter_map(|key| {
        let holds = computed_key(message, &key)?;
        Some((key, holds))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Schema;

    #[test]
    fn each_belongs_to_a_message_that_has_no_such_field() {
        for computed in COMPUTED_KEYS {
            let name = format!("{ROOT_PACKAGE}.{}", computed.message);
            let message = Schema::diadoc().message(&name).unwrap();
            assert!(message.get_field_by_name(computed.key).is_none(), "{name}");
            assert_eq!(
                computed_key(&message, computed.key).as_ref(),
                Some(&computed.holds)
            );
            let said = Language::ALL.map(|language| computed.holds.say(language));
            assert_ne!(said[0], said[1]);
            assert_eq!(computed_key(&message, "Else"), None);
            if let Some(Same(source) | Moment(source) | Ticks(source)) = computed.source {
                let field = message.get_field_by_json_name(source);
                assert!(field.is_some(), "{name}.{source}");
            }
        }
    }
}
