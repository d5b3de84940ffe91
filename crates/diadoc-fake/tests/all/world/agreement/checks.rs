//! What has to say the same.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_api::docflows::{
    GetDocflowEventsV5, GetDocflowsByPacketIdV5, GetDocflowsV2, GetDocflowsV3, GetDocflowsV4,
    GetDocflowsV5,
};
use diadoc_api::documents::{GetDocumentHistory, GetDocumentsByMessageId};
use diadoc_api::events::GetNewEventsV8;
use diadoc_api::messages::GetMessageV6;
use diadoc_api::{Form, Request};
use diadoc_fake::Fake;
use diadoc_proto::docflow::{
    DocumentWithDocflow, DocumentWithDocflowV3, DocumentWithDocflowV4, DocumentWithDocflowV5,
    GetDocflowBatchRequest, GetDocflowEventsRequest, GetDocflowRequest,
    GetDocflowsByPacketIdRequest, TitleAuthorStatusV5,
};
use diadoc_proto::documents::{
    Document, GeneralReceiptStatus, RecipientResponseStatus, RevocationStatus,
    SenderSignatureStatus,
};
use diadoc_proto::events::{Entity, EntityType, Message};
use diadoc_proto::json::{self, JsonMessage};
use diadoc_proto::{DocumentId, Timestamp};
use serde_json::Value;

use super::acts::{Known, Posted};
use crate::world::{assert_same, both, come, read, try_send};

/// A document as a side sees it in its message, which does not mark it as read; none where it does not.
pub(super) async fn document(fake: &Fake, side: &str, one: &Posted) -> Option<Document> {
    let call = GetDocumentsByMessageId::new(side, &one.message);
    let list = try_send(fake, &call, Form::Json, "token").await.ok()?;
    let mut documents = list.documents.into_iter();
    documents.find(|document| document.entity_id == one.entity)
}

/// Asks in protobuf alone, and does not hold the answer against the schema: that was done with others.
pub(super) async fn ask<R: Request>(fake: &Fake, request: &R) -> R::Response {
    let came = come(fake, request, Form::Protobuf, "token").await;
    assert_eq!(
        came.status,
        200,
        "{}: {}",
        request.method().name,
        came.text()
    );
    read(request, came)
}

/// A document in all its forms.
pub(super) struct Shown {
    pub document: Document,
    message: Message,
    v2: DocumentWithDocflow,
    v3: DocumentWithDocflowV3,
    v4: DocumentWithDocflowV4,
    v5: DocumentWithDocflowV5,
}

/// Holds all that a side sees against each other.
pub(super) async fn all(fake: &Fake, side: &str, known: &Known) {
    let story = known.log.join("\n");
    let messages: BTreeSet<&str> = known
        .documents
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    let mut shown = BTreeMap::new();
    for message in messages {
        let call = GetMessageV6::new(side, message);
        let came = come(fake, &call, Form::Protobuf, "token").await;
        if came.status != 200 {
            continue;
        }
        for one in documents(fake, side, message).await {
            shown.insert(one.document.entity_id.clone(), one);
        }
    }
    for one in shown.values() {
        agree(one, &story);
        history(fake, side, &one.document).await;
    }
    super::categories::check(fake, side, &shown, &story).await;
    packets(fake, side, &shown, &story).await;
    feed(fake, side, &shown, &story).await;
    changes(fake, side, &shown, &story).await;
}

/// The documents of a message, in every form, and in both forms of bodies.
async fn documents(fake: &Fake, side: &str, id: &str) -> Vec<Shown> {
    let message = both(fake, GetMessageV6::new(side, id)).await;
    let list = both(fake, GetDocumentsByMessageId::new(side, id)).await;
    let body = GetDocflowBatchRequest {
        requests: list
            .documents
            .iter()
            .map(|document| GetDocflowRequest {
                document_id: id_of(document),
                ..GetDocflowRequest::default()
            })
            .collect(),
    };
    let v2 = both(fake, GetDocflowsV2::new(side, body.clone())).await;
    let v3 = both(fake, GetDocflowsV3::new(side, body.clone())).await;
    let v4 = both(fake, GetDocflowsV4::new(side, body.clone())).await;
    let v5 = both(fake, GetDocflowsV5::new(side, body)).await;
    let mut versions = v2.documents.into_iter().zip(v3.documents);
    let mut newer = v4.documents.into_iter().zip(v5.documents);
    list.documents
        .into_iter()
        .map(|document| {
            let (v2, v3) = versions.next().expect("a document");
            let (v4, v5) = newer.next().expect("a document");
            Shown {
                document,
                message: message.clone(),
                v2,
                v3,
                v4,
                v5,
            }
        })
        .collect()
}

fn id_of(document: &Document) -> DocumentId {
    DocumentId {
        message_id: document.message_id.clone(),
        entity_id: document.entity_id.clone(),
    }
}

fn value<M: JsonMessage>(message: &M) -> Value {
    serde_json::from_str(&json::to_string(message).expect("it has JSON")).expect("JSON")
}

fn ticks(moment: Option<&Timestamp>) -> i64 {
    moment.map_or(0, |moment| moment.ticks)
}

fn agree(shown: &Shown, story: &str) {
    document_and_v4(shown, story);
    statuses(shown, story);
    v3_and_v4(shown);
    v5_and_v4(shown, story);
    v2_and_v4(shown, story);
    message_and_docflow(shown, story);
}

fn document_and_v4(shown: &Shown, story: &str) {
    let Shown { document, v4, .. } = shown;
    let info = &v4.document_info;
    let flow = &v4.docflow;
    assert_eq!(v4.document_id, id_of(document));
    assert_eq!(info.full_version.type_named_id, document.type_named_id);
    assert_eq!(info.full_version.function, document.function);
    assert_eq!(info.full_version.version, document.version);
    assert_eq!(info.workflow_id, document.workflow_id);
    assert_eq!(info.document_direction(), document.document_direction());
    assert_eq!(Some(&info.department_id), document.department_id.as_ref());
    assert_eq!(info.custom_document_id, document.custom_document_id);
    assert_eq!(info.is_read, document.is_read(), "{story}");
    assert_eq!(info.is_deleted, document.is_deleted(), "{story}");
    assert_eq!(info.packet_info.packet_id, document.packet_id, "{story}");
    assert_eq!(info.packet_info.lock_mode, document.lock_mode);
    assert_eq!(info.custom_data, document.custom_data, "{story}");
    let links = &info.document_links;
    assert_eq!(links.initial_ids, document.initial_document_ids);
    assert_eq!(links.subordinate_ids, document.subordinate_document_ids);
    let keys = |items: &[diadoc_proto::events::MetadataItem]| {
        items
            .iter()
            .map(|item| item.key.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&info.metadata), keys(&document.metadata));
    let title = &flow.sender_title;
    let sent = ticks(title.sent_at.as_deref());
    assert_eq!(sent, document.send_timestamp_ticks(), "{story}");
    let delivered = ticks(title.delivered_at.as_deref());
    assert_eq!(delivered, document.delivery_timestamp_ticks(), "{story}");
    let confirmed = flow.confirmation.as_ref();
    let confirmed = ticks(confirmed.and_then(|one| one.confirmed_at.as_deref()));
    assert_eq!(
        confirmed, document.confirmation_metadata.date_time_ticks,
        "{story}"
    );
    assert_eq!(
        title.attachment.attachment.display_filename.as_deref(),
        Some(document.title.as_str())
    );
    let participants = document.participants.iter();
    let participants: Vec<_> = participants.map(|one| one.participant.clone()).collect();
    assert_eq!(
        shown.v5.document_info.participants.participants,
        participants
    );
}

fn statuses(shown: &Shown, story: &str) {
    let Shown { document, v4, .. } = shown;
    let flow = &v4.docflow;
    let status = &document.docflow_status;
    assert_eq!(flow.docflow_status, *status, "{story}");
    assert_eq!(shown.v5.docflow.docflow_status, *status, "{story}");
    assert_eq!(
        flow.sender_title.sender_signature_status(),
        document.sender_signature_status(),
        "{story}"
    );
    let response = flow.recipient_response.as_ref();
    let none = RecipientResponseStatus::RecipientResponseStatusNotAcceptable;
    let response = response.map_or(none, |response| response.response_status());
    assert_eq!(response, document.recipient_response_status(), "{story}");
    let receipt = flow.recipient_receipt.as_ref();
    let none = GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable;
    let receipt = receipt.map_or(none, |receipt| receipt.status());
    let metadata = &document.recipient_receipt_metadata;
    assert_eq!(receipt, metadata.receipt_status(), "{story}");
    let revocation = flow.revocation.as_ref();
    let none = RevocationStatus::RevocationStatusNone;
    let revocation = revocation.map_or(none, |one| one.revocation_status());
    assert_eq!(revocation, document.revocation_status(), "{story}");
    let amended = flow.amendment_request.as_ref();
    assert_eq!(
        amended.map_or(0, |one| one.amendment_flags),
        document.amendment_request_metadata.amendment_flags,
        "{story}"
    );
    // The resolution of the docflow may be that of its revocation.
    if flow.revocation.is_none() {
        assert_eq!(
            flow.resolution.is_some(),
            document.resolution_status.is_some(),
            "{story}"
        );
    }
}

/// Version 3 is version 4 without universal messages.
fn v3_and_v4(shown: &Shown) {
    let mut v3 = value(&shown.v3);
    let mut v4 = value(&shown.v4);
    if v4.to_string().contains("UniversalMessage\":{") {
        return;
    }
    for value in [&mut v3, &mut v4] {
        bare(value);
    }
    assert_same("V3 and V4", &v3, &v4);
}

/// Drops lists of universal messages, and lists without anything.
fn bare(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| !matches!(value, Value::Array(items) if items.is_empty()));
            members.values_mut().for_each(bare);
        }
        Value::Array(items) => items.iter_mut().for_each(bare),
        _ => {}
    }
}

fn v5_and_v4(shown: &Shown, story: &str) {
    use SenderSignatureStatus as Old;
    use TitleAuthorStatusV5 as New;
    let Shown { v4, v5, .. } = shown;
    assert_eq!(v4.last_event, v5.last_event);
    let mut old = value(&v4.document_info);
    let mut new = value(&v5.document_info);
    for info in [&mut old, &mut new] {
        info["Participants"] = Value::Null;
    }
    assert_same("V4 and V5", &old, &new);
    let first = &v5.docflow.titles[0];
    let title = first.author_signing.title.as_deref();
    assert_eq!(title, Some(&v4.docflow.sender_title.attachment));
    let status = match first.author_signing.status() {
        New::TitleAuthorStatusWaiting => Old::WaitingForSenderSignature,
        New::TitleAuthorStatusVerifying => Old::SenderSignatureUnchecked,
        New::TitleAuthorStatusSigned => Old::SenderSignatureCheckedAndValid,
        New::TitleAuthorStatusInvalidSignature => Old::SenderSignatureCheckedAndInvalid,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        status,
        v4.docflow.sender_title.sender_signature_status(),
        "{story}"
    );
    let recipient = first.participant_docflows.last().expect("a recipient");
    let delivery = recipient.title_delivery.as_ref().expect("a delivery");
    let delivery = delivery.delivery.as_ref().expect("a delivery");
    assert_eq!(delivery.sent_at, v4.docflow.sender_title.sent_at);
    assert_eq!(delivery.delivered_at, v4.docflow.sender_title.delivered_at);
    let response = recipient.response.as_ref();
    let old = v4.docflow.recipient_response.as_ref();
    if v5.docflow.titles.len() == 1 {
        assert_eq!(
            response.and_then(|one| one.signature.as_ref()),
            old.and_then(|one| one.signature.as_ref()),
            "{story}"
        );
        assert_eq!(
            response.and_then(|one| one.rejection.as_ref()),
            old.and_then(|one| one.rejection.as_ref()),
            "{story}"
        );
    }
    let receipt = recipient.receipt.as_ref().map(|one| one.status());
    let old = v4
        .docflow
        .recipient_receipt
        .as_ref()
        .map(|one| one.status());
    assert_eq!(receipt, old, "{story}");
    let revocation = v5
        .docflow
        .revocation
        .as_ref()
        .map(|one| one.revocation_status());
    let old = v4
        .docflow
        .revocation
        .as_ref()
        .map(|one| one.revocation_status());
    assert_eq!(revocation, old, "{story}");
}

fn v2_and_v4(shown: &Shown, story: &str) {
    let Shown {
        document, v2, v4, ..
    } = shown;
    let flow = v2.docflow.as_deref().expect("a docflow");
    assert_eq!(
        v2.last_event_id.as_deref(),
        Some(v4.last_event.event_id.as_str())
    );
    assert_eq!(v2.document_id.as_deref(), Some(&v4.document_id));
    assert_eq!(flow.packet_id, document.packet_id);
    assert_eq!(flow.document_is_deleted, Some(document.is_deleted()));
    assert_eq!(flow.custom_data, document.custom_data);
    assert_eq!(flow.send_timestamp, v4.docflow.sender_title.sent_at);
    assert_eq!(
        flow.delivery_timestamp,
        v4.docflow.sender_title.delivered_at
    );
    let text = flow.docflow_status.as_ref().and_then(|status| {
        let primary = status.primary_status.as_ref()?;
        primary.status_text.clone()
    });
    let primary = &document.docflow_status.primary_status;
    assert_eq!(text, primary.status_text, "{story}");
    let revocation = flow.revocation_docflow.as_ref();
    assert_eq!(
        revocation.is_some_and(|one| one.is_revocation_accepted()),
        document.revocation_status() == RevocationStatus::RevocationAccepted,
        "{story}"
    );
    let filled = [
        flow.bilateral_docflow.is_some(),
        flow.unilateral_docflow.is_some(),
        flow.xml_bilateral_docflow.is_some(),
        flow.inbound_invoice_docflow.is_some(),
        flow.outbound_invoice_docflow.is_some(),
        flow.inbound_universal_transfer_document_docflow.is_some(),
        flow.outbound_universal_transfer_document_docflow.is_some(),
    ];
    assert_eq!(filled.iter().filter(|filled| **filled).count(), 1);
    if let Some(bilateral) = &flow.bilateral_docflow {
        let response = document.recipient_response_status();
        let is_signed = response == RecipientResponseStatus::WithRecipientSignature;
        assert_eq!(
            bilateral.is_document_signed_by_recipient,
            Some(is_signed),
            "{story}"
        );
    }
}

/// All entities that a docflow speaks of are in the message, but for signatures that have got a time
/// stamp since.
fn message_and_docflow(shown: &Shown, story: &str) {
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

/// A packet has the documents that say they are in it.
async fn packets(fake: &Fake, side: &str, shown: &BTreeMap<String, Shown>, story: &str) {
    let mut packets: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (entity, one) in shown {
        if let Some(packet) = &one.document.packet_id {
            packets.entry(packet).or_default().insert(entity);
        }
    }
    for (packet, members) in packets {
        let mut found = BTreeSet::new();
        let mut after = None;
        loop {
            let body = GetDocflowsByPacketIdRequest {
                packet_id: packet.to_owned(),
                count: Some(2),
                after_index_key: after,
                ..GetDocflowsByPacketIdRequest::default()
            };
            let page = ask(fake, &GetDocflowsByPacketIdV5::new(side, body)).await;
            for fetched in &page.documents {
                let id = &fetched.document.document_id.entity_id;
                assert_eq!(fetched.document, shown[id].v5, "{story}");
                assert!(found.insert(id.clone()), "{id} comes twice\n{story}");
            }
            after = page.next_page_index_key;
            if after.is_none() {
                break;
            }
        }
        let found: BTreeSet<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, members, "{side}: {packet}\n{story}");
    }
}

/// Who reads the feed from its beginning knows what the message has.
async fn feed(fake: &Fake, side: &str, shown: &BTreeMap<String, Shown>, story: &str) {
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
async fn changes(fake: &Fake, side: &str, shown: &BTreeMap<String, Shown>, story: &str) {
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

/// The history is a body of the server, and has been sent or received.
async fn history(fake: &Fake, side: &str, document: &Document) {
    if document.is_deleted() {
        return;
    }
    let call = GetDocumentHistory::new(side, &document.message_id, &document.entity_id);
    let history = both(fake, call).await;
    assert!(
        !history.items.is_empty() || document.send_timestamp_ticks() == 0,
        "{side}: {document:?} has no history"
    );
}
