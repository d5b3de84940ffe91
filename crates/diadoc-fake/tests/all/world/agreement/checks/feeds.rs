//! Both feeds, held against what they lead to.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_api::docflows::GetDocflowEventsV5;
use diadoc_api::events::GetNewEventsV8;
use diadoc_fake::Fake;
use diadoc_proto::docflow::{DocumentWithDocflowV5, GetDocflowEventsRequest};
use diadoc_proto::documents::MessageType;
use diadoc_proto::events::{Entity, EntityType, Message};

use super::{Shown, ask, value};
use crate::world::assert_same;

/// Who reads the feed from its beginning knows what the message has.
pub(super) async fn feed(fake: &Fake, side: &str, shown: &BTreeMap<String, Shown>, story: &str) {
    let mut learned: BTreeMap<String, Vec<Entity>> = BTreeMap::new();
    let mut after: Option<String> = None;
    loop {
        let mut call = GetNewEventsV8::new(side);
        call.after_index_key = after.clone();
        let page = ask(fake, &call).await;
        let Some(last) = page.events.last() else {
            break;
        };
        after = last.index_key.clone();
        for event in page.events {
            if let Some(message) = event.message {
                let message = *message;
                learned
                    .entry(message.message_id)
                    .or_default()
                    .extend(message.entities);
            }
            if let Some(patch) = event.patch {
                let patch = *patch;
                learned
                    .entry(patch.message_id)
                    .or_default()
                    .extend(patch.entities);
            }
        }
    }
    let messages: BTreeMap<&str, &Message> = shown
        .values()
        .map(|one| (one.message.message_id.as_str(), &one.message))
        .collect();
    for (id, message) in messages {
        let learned = learned
            .get(id)
            .unwrap_or_else(|| panic!("{id} is in no event\n{story}"));
        let ids: BTreeSet<_> = learned.iter().map(|one| &one.entity_id).collect();
        for entity in &message.entities {
            assert!(
                ids.contains(&entity.entity_id),
                "{side}: no event brought {entity:?}\n{story}"
            );
        }
        let shown: BTreeSet<_> = message.entities.iter().map(|one| &one.entity_id).collect();
        for entity in learned.iter().filter(|one| !shown.contains(&one.entity_id)) {
            // A signature gives way to the same with a time stamp.
            let mut others = message.entities.iter();
            let has_given_way = entity.entity_type() == EntityType::Signature
                && others.any(|other| {
                    other.parent_entity_id == entity.parent_entity_id
                        && other.signer_box_id == entity.signer_box_id
                });
            assert!(
                has_given_way,
                "{side}: {entity:?} is in no message\n{story}"
            );
        }
    }
}

/// The last change of a document has it as it is now, and each change goes on from the one before.
pub(super) async fn changes(fake: &Fake, side: &str, shown: &BTreeMap<String, Shown>, story: &str) {
    let mut last: BTreeMap<String, (String, DocumentWithDocflowV5)> = BTreeMap::new();
    let mut after = None;
    loop {
        let body = GetDocflowEventsRequest {
            after_index_key: after.clone(),
            populate_documents: Some(true),
            populate_previous_document_states: Some(true),
            message_types: vec!["letter".into()],
            limit: Some(50),
            ..GetDocflowEventsRequest::default()
        };
        let page = ask(fake, &GetDocflowEventsV5::new(side, body)).await;
        let Some(event) = page.events.last() else {
            break;
        };
        after = Some(event.index_key.clone());
        for event in page.events {
            let id = event.document_id.entity_id.clone();
            let document = *event.document.expect("the document is asked for");
            let previous = last.remove(&id);
            let told = previous.as_ref().map(|(event, _)| event);
            assert_eq!(event.previous_event_id.as_ref(), told, "{story}");
            let before = event.previous_document_state.map(|state| *state);
            assert_eq!(
                before,
                previous.map(|(_, state)| state),
                "{side}: {id}\n{story}"
            );
            last.insert(id, (event.event_id, document));
        }
    }
    for (id, one) in shown {
        let (_, mut document) = last
            .remove(id)
            .unwrap_or_else(|| panic!("{side}: no change of {id}\n{story}"));
        // Another document of the letter may have changed since; reading makes no event.
        document.last_event = one.v5.last_event.clone();
        document.document_info.is_read = one.v5.document_info.is_read;
        // Nor does a later document that belongs to this one.
        document.document_info.document_links = one.v5.document_info.document_links.clone();
        assert_same(
            &format!("{side}: last change of {id}"),
            &value(&document),
            &value(&one.v5),
        );
    }
}

/// What is counted by numbers is as many as what is counted one by one.
pub(super) async fn totals(fake: &Fake, side: &str, story: &str) {
    let mut call = GetNewEventsV8::new(side);
    call.limit = Some(1);
    let plain = ask(fake, &call).await;
    let kinds = [
        MessageType::Letter,
        MessageType::Draft,
        MessageType::Template,
    ];
    call.message_type = kinds.into();
    let counted = ask(fake, &call).await;
    assert_eq!(plain, counted, "{side}\n{story}");

    let body = GetDocflowEventsRequest {
        limit: Some(1),
        ..GetDocflowEventsRequest::default()
    };
    let plain = ask(fake, &GetDocflowEventsV5::new(side, body.clone())).await;
    let body = GetDocflowEventsRequest {
        message_types: kinds.map(|kind| kind.as_str_name().to_owned()).into(),
        ..body
    };
    let counted = ask(fake, &GetDocflowEventsV5::new(side, body)).await;
    assert_eq!(plain, counted, "{side}\n{story}");
}
