//! What has to say the same.

mod feeds;
mod message;
mod packets;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use diadoc_api::docflows::{GetDocflowsV2, GetDocflowsV3, GetDocflowsV4, GetDocflowsV5};
use diadoc_api::documents::{GetDocumentHistory, GetDocumentsByMessageId};
use diadoc_api::messages::GetMessageV6;
use diadoc_api::{Form, Request};
use diadoc_fake::Fake;
use diadoc_proto::docflow::{
    DocumentWithDocflow, DocumentWithDocflowV3, DocumentWithDocflowV4, DocumentWithDocflowV5,
    GetDocflowBatchRequest, GetDocflowRequest,
};
use diadoc_proto::documents::Document;
use diadoc_proto::events::Message;
use diadoc_proto::json::{self, JsonMessage};
use diadoc_proto::{DocumentId, Timestamp};
use serde_json::Value;

use super::acts::{Known, Posted};
use crate::world::{both, come, read, try_send};

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
        versions::agree(one, &story);
        message::message_and_docflow(one, &story);
        history(fake, side, &one.document).await;
    }
    super::categories::check(fake, side, &shown, &story).await;
    packets::packets(fake, side, &shown, &story).await;
    feeds::feed(fake, side, &shown, &story).await;
    feeds::changes(fake, side, &shown, &story).await;
    feeds::totals(fake, side, &story).await;
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
