//! A docflow, held against the message that its document lies in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Shown, value};
use crate::world::assert_same;

/// All entities that a docflow speaks of are in the message, but for signatures that have got a time
/// stamp since.
pub(super) fn message_and_docflow(shown: &Shown, story: &str) {
    let in_message: BTreeSet<&str> = shown
        .message
        .entities
        .iter()
        .map(|entity| entity.entity_id.as_str())
        .collect();
    let entity = shown.message.entities.iter();
    let own = entity
        .filter(|entity| entity.entity_id == shown.document.entity_id)
        .find_map(|entity| entity.document_info.as_deref());
    let own = own.expect("the document is in its message");
    let (mut own, mut document) = (value(own), value(&shown.document));
    // Where a list goes on is no part of the document itself.
    for one in [&mut own, &mut document] {
        one["IndexKey"] = Value::Null;
    }
    assert_same("message and document", &own, &document);
    for docflow in [value(&shown.v4.docflow), value(&shown.v5.docflow)] {
        let mut found = Vec::new();
        entities_of("", &docflow, &mut found);
        for (path, id) in found {
            assert!(
                in_message.contains(id.as_str()),
                "{path} {id} of {} is in no message\n{story}",
                document["EntityId"]
            );
        }
    }
}

/// The ids of entities in a value, each with where it stands.
fn entities_of(path: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            let is_stamped = members.contains_key("CadesT");
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("EntityId", Value::String(id)) => found.push((path.to_owned(), id.clone())),
                    ("Cms", _) if is_stamped => {}
                    _ => entities_of(&format!("{path}.{key}"), value, found),
                }
            }
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| entities_of(&format!("{path}[{index}]"), item, found));
        }
        _ => {}
    }
}
