//! Keys of the vendor's JSON that the protobuf schema does not have.

use std::borrow::Cow;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::schema::ROOT_PACKAGE;

/// A key that the server is known to add to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ComputedKey {
    /// The message's name below Diadoc's package.
    pub message: &'static str,
    pub key: &'static str,
    /// The type of its value, as JSON Schema names it.
    pub json_type: &'static str,
    /// What the key holds, in words that end a sentence.
    pub holds: &'static str,
    /// How to make it; none where the fields of the message do not tell.
    pub source: Option<Source>,
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
    made("CertificateVerificationResult", "VerificationTimeTicks", "the ticks of `VerificationTime`", Ticks("VerificationTime")),
    seen("Counteragent", "LastEventComment", "string", "the comment of the last event"),
    made("Counteragent", "LastEventTimestamp", "`LastEventTimestampTicks` as a date", Moment("LastEventTimestampTicks")),
    made("Documents.Document", "MessageIdGuid", "`MessageId` as a GUID", Same("MessageId")),
    made("Documents.Document", "EntityIdGuid", "`EntityId` as a GUID", Same("EntityId")),
    made("Documents.Document", "CreationTimestamp", "`CreationTimestampTicks` as a date", Moment("CreationTimestampTicks")),
    seen("Documents.Document", "CounteragentBoxIdGuid", "string", "the box of the counteragent as a GUID"),
    seen("Documents.Document", "EventId", "string", "the id of the event by which the document came"),
    seen("Events.MessageToPost", "TrustConnectionRequest", "object", "only the vendor's OpenAPI document names it"),
    made("Forwarding.ForwardedDocumentId", "ForwardEventIdGuid", "`ForwardEventId` as a GUID", Same("ForwardEventId")),
    seen("Organization", "JoinedDiadocTreaty", "boolean", "whether the organization has joined the treaty"),
    made("Organization", "OrgIdGuid", "`OrgId` as a GUID", Same("OrgId")),
    seen("OrganizationUserPermissions", "CanSendDocuments", "boolean", "whether the user may send documents"),
    seen("Timestamp", "DateTime", "string", "`Ticks` as a date"),
];

/// A key of which no more is known than its type and what it holds.
const fn seen(
    message: &'static str,
    key: &'static str,
    json_type: &'static str,
    holds: &'static str,
) -> ComputedKey {
    ComputedKey {
        message,
        key,
        json_type,
        holds,
        source: None,
    }
}

/// A key that can be made from a field.
const fn made(
    message: &'static str,
    key: &'static str,
    holds: &'static str,
    source: Source,
) -> ComputedKey {
    ComputedKey {
        message,
        key,
        json_type: match source {
            // What is written twice is an id.
            Same(_) | Moment(_) => "string",
            Ticks(_) => "integer",
        },
        holds,
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
pub(crate) fn computed_key(message: &MessageDescriptor, key: &str) -> Option<Cow<'static, str>> {
    if let Some(computed) = computed_keys(message).find(|computed| computed.key == key) {
        return Some(computed.holds.into());
    }
    let field = |name: &str| message.get_field_by_name(name);
    if let Some(name) = key.strip_suffix("Guid")
        && field(name).is_some_and(|field| field.kind() == Kind::String)
    {
        return Some(format!("`{name}` as a GUID").into());
    }
    let ticks = format!("{key}Ticks");
    if field(&ticks).is_some_and(|field| field.kind() != Kind::String) {
        return Some(format!("`{ticks}` as a date").into());
    }
    let of_message = |field: FieldDescriptor| matches!(field.kind(), Kind::Message(inner) if inner.name() == "Timestamp");
    let name = key.strip_suffix("Ticks")?;
    field(name)
        .is_some_and(of_message)
        .then(|| format!("the ticks of `{name}`").into())
}

/// All keys of which [`computed_key`] knows what they hold, but those of fields, with what that is.
pub(crate) fn computed_keys_of(message: &MessageDescriptor) -> Vec<(String, String)> {
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
        let holds = computed_key(message, &key)?.into_owned();
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
                computed_key(&message, computed.key).as_deref(),
                Some(computed.holds)
            );
            assert_eq!(computed_key(&message, "Else"), None);
            if let Some(Same(source) | Moment(source) | Ticks(source)) = computed.source {
                let field = message.get_field_by_json_name(source);
                assert!(field.is_some(), "{name}.{source}");
            }
        }
    }
}
