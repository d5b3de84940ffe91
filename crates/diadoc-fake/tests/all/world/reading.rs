//! Messages, documents, contents and signatures, as both sides read them.
#![allow(deprecated, reason = "obsolete methods are called, too")]

use diadoc_api::documents::{
    GetDocumentV3, GetDocumentsByCustomId, GetDocumentsByMessageId, GetDocumentsV3,
    GetEntityContentV4, GetSignatureInfo,
};
use diadoc_api::messages::{GetMessageV5, GetMessageV6, PostMessageV3};
use diadoc_proto::Severity;
use diadoc_proto::documents::{DocumentList, RecipientResponseStatus, SenderSignatureStatus};
use diadoc_proto::events::{AttachmentType, Entity, EntityType, Message};
use diadoc_proto::json::{self, JsonMessage};
use serde_json::Value;

use super::{
    FIRST, SECOND, address, assert_same, both, contract, document, fake, message, post, refused,
    send,
};

const NOBODYS: &str = "00000000-0000-4000-8000-000000000001";

/// The kinds of entities, in their order.
fn kinds(message: &Message) -> Vec<(EntityType, AttachmentType)> {
    let entities = message.entities.iter();
    entities
        .map(|entity| (entity.entity_type(), entity.attachment_type()))
        .collect()
}

fn signature(message: &Message) -> &Entity {
    let mut entities = message.entities.iter();
    let found = entities.find(|entity| entity.entity_type() == EntityType::Signature);
    found.expect("a signature")
}

#[tokio::test]
async fn a_letter_is_the_same_on_both_sides_but_for_what_is_each_sides_own() {
    let fake = fake().await;
    let mut attachment = contract("23");
    attachment.comment = Some("Посмотрите".into());
    let posted = post(&fake, vec![attachment]).await;
    let id = posted.message_id.as_str();
    let file = (EntityType::Attachment, AttachmentType::Contract);
    let comment = (EntityType::Attachment, AttachmentType::AttachmentComment);
    let confirmation = (EntityType::Attachment, AttachmentType::InvoiceConfirmation);
    let signed = (EntityType::Signature, AttachmentType::Nonformalized);
    assert_eq!(kinds(&posted), [file, comment, signed]);
    for side in [FIRST, SECOND] {
        let read = both(&fake, GetMessageV6::new(side, id)).await;
        let expected = [file, comment, signed, confirmation, signed];
        assert_eq!(kinds(&read), expected, "{side}");
        assert_eq!(read.entities[0].entity_id, posted.entities[0].entity_id);
        // The checked signature has another id, and stands where the posted one stood.
        assert_ne!(signature(&read).entity_id, signature(&posted).entity_id);
        assert!(signature(&read).raw_creation_date > signature(&posted).raw_creation_date);
        assert_eq!(read.from_title, "ООО «Ромашка»");
        let original = GetMessageV5::new(side, id).original_signature(true);
        let original = send(&fake, original).await;
        assert_eq!(signature(&original).entity_id, signature(&posted).entity_id);
        let info = read.entities[0].document_info.as_ref().expect("a document");
        let own = send(&fake, GetDocumentV3::new(side, id, &info.entity_id)).await;
        assert_eq!(own.counteragent_box_id(), {
            let other = if side == FIRST { SECOND } else { FIRST };
            address(other)
        });
        assert_eq!(
            own.sender_signature_status(),
            SenderSignatureStatus::SenderSignatureCheckedAndValid
        );
        assert_eq!(own.is_read(), side == FIRST);
        let status = &own.docflow_status.primary_status;
        assert_eq!(status.severity(), Severity::Warning.as_str_name());
        assert_eq!(
            status.status_text(),
            match side {
                FIRST => "Ожидается подпись контрагента",
                _ => "Требуется подпись",
            }
        );
    }
}

/// The vendor's own example of a contract, with our ids, moments and names in the place of its own.
#[tokio::test]
async fn a_contract_is_what_the_vendor_shows() {
    let fake = fake().await;
    let mut attachment = contract("23");
    attachment.metadata[0].value = "FileName.png".into();
    attachment.comment = Some("Посмотрите".into());
    let posted = post(&fake, vec![attachment]).await;
    let read = both(&fake, GetMessageV6::new(FIRST, posted.message_id)).await;
    let page = include_str!("../../../../../fixtures/GetMessage_V6_response.json");
    let page: Message = json::from_str(page).unwrap();
    let mut shown = bare(&read);
    let mut expected = bare(&page);
    // What the page does not have yet, and what its certificate brings.
    for message in [&mut shown, &mut expected] {
        let document = &mut message["Entities"][0]["DocumentInfo"];
        let newer = [
            "Participants",
            "TitleDocflows",
            "HasUnreadOutOfWorkflowUniversalMessages",
        ];
        for key in newer {
            document.as_object_mut().unwrap().remove(key);
        }
        document["RecipientResponseAmendmentRequestMetadata"] = Value::Null;
        document["DocflowStatus"]["PowerOfAttorneyGeneralStatus"] = Value::Null;
        for entity in message["Entities"].as_array_mut().unwrap() {
            for key in ["IsAttachedSignature", "PowerOfAttorneyAttachmentStatus"] {
                entity.as_object_mut().unwrap().remove(key);
            }
            entity["AuthorUserId"] = Value::Null;
        }
        message["IsTest"] = Value::Null;
        message["Entities"][0]["DocumentInfo"]["IsTest"] = Value::Null;
    }
    assert_same("message", &shown, &expected);
}

/// The vendor's example of a file that nobody is asked to sign.
#[tokio::test]
async fn a_file_is_what_the_vendor_shows() {
    let fake = fake().await;
    let attachment = document("Nonformalized", &[("FileName", "image1.png")]);
    post(&fake, vec![attachment]).await;
    let list = both(&fake, GetDocumentsV3::new(FIRST, "Any.Outbound")).await;
    let page = include_str!("../../../../../fixtures/GetDocuments_V3_response.json");
    let page: DocumentList = json::from_str(page).unwrap();
    let mut shown = bare(&list.documents[0]);
    let mut expected = bare(&page.documents[1]);
    for document in [&mut shown, &mut expected] {
        let members = document.as_object_mut().unwrap();
        let newer = [
            "HasUnreadOutOfWorkflowUniversalMessages",
            "Participants",
            "RecipientResponseAmendmentRequestMetadata",
            "TitleDocflows",
        ];
        // The page's is one of two in a packet, by an organization that is none for tests.
        for key in ["PacketId", "SubordinateDocumentIds", "IsTest"]
            .iter()
            .chain(&newer)
        {
            members.remove(*key);
        }
        document["DocflowStatus"]["PowerOfAttorneyGeneralStatus"] = Value::Null;
    }
    assert_same("document", &shown, &expected);
}

/// A message without what differs each time: ids, moments, boxes, names of organizations, sizes.
fn bare<M: JsonMessage>(message: &M) -> Value {
    let text = json::to_string(message).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    blank(&mut value);
    value
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(blank),
        Value::Array(items) => items.iter_mut().for_each(blank),
        Value::Number(number) if number.as_i64().is_some_and(|number| number > 1000) => {
            *value = "a number".into();
        }
        Value::String(text) => {
            let is_id = text.len() >= 32 && text.contains(|c: char| c.is_ascii_digit());
            let is_moment = text.parse::<i64>().is_ok_and(|number| number > 1 << 40);
            let is_name = text.contains("рганизация") || text.starts_with("ООО");
            if (is_id && text != "00000000-0000-0000-0000-000000000000") || is_moment || is_name {
                *text = "a text".into();
            }
        }
        _ => {}
    }
    if let Value::Object(members) = value
        && members.get("Size").is_some_and(|size| *size != -1)
    {
        members.insert("Size".into(), "some bytes".into());
    }
}

#[tokio::test]
async fn contents_come_where_they_are_asked_for() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1"), contract("2")]).await;
    let id = posted.message_id.as_str();
    let file = &posted.entities[0].entity_id;
    let without = send(&fake, GetMessageV6::new(SECOND, id)).await;
    assert!(
        without
            .entities
            .iter()
            .all(|entity| entity.content.as_ref().is_none_or(|one| one.data.is_none()))
    );
    let with = GetMessageV6::new(SECOND, id).inject_entity_content(true);
    let with = both(&fake, with).await;
    for entity in &with.entities {
        let content = entity.content.as_ref().expect("a content");
        let data = content.data.as_deref().expect("its bytes");
        assert_eq!(i32::try_from(data.len()), Ok(content.size));
        let own = GetEntityContentV4::new(SECOND, id, &entity.entity_id);
        assert_eq!(send(&fake, own).await.content, data);
    }
    let document = send(&fake, GetDocumentV3::new(SECOND, id, file)).await;
    let content = document.content.expect("a content");
    assert!(content.data.is_some_and(|data| data.len() > 10));
    let document = GetDocumentV3::new(SECOND, id, file).inject_entity_content(false);
    let document = both(&fake, document).await;
    assert_eq!(
        document.content.and_then(|content| content.data.clone()),
        None
    );
}

#[tokio::test]
async fn one_document_of_a_message() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1"), contract("2")]).await;
    let id = posted.message_id.as_str();
    let documents: Vec<_> = posted
        .entities
        .iter()
        .filter(|entity| entity.document_info.is_some())
        .collect();
    let second = &documents[1].entity_id;
    let read = both(&fake, GetMessageV6::new(FIRST, id).entity_id(second)).await;
    assert_eq!(read.entities[0].entity_id, *second);
    assert_eq!(read.entities.len(), 4);
    assert_eq!(documents[0].packet_id, documents[1].packet_id);
    assert!(documents[0].packet_id.is_some());
    let list = both(&fake, GetDocumentsByMessageId::new(SECOND, id)).await;
    assert_eq!(list.total_count, 2);
    assert_eq!(list.documents[1].document_number(), "2");
    // A signature is no document.
    let signature = &signature(&posted).entity_id;
    let said = refused(&fake, GetMessageV6::new(FIRST, id).entity_id(signature)).await;
    assert_eq!(said.status, 404);
    assert_eq!(
        said.text,
        format!("Document {signature} not found in message {id}")
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1")]).await;
    let id = posted.message_id.as_str();
    let said = refused(&fake, GetDocumentV3::new(FIRST, id, NOBODYS)).await;
    assert_eq!(
        (said.status, said.code.as_str()),
        (404, "DiadocApi.NotFound")
    );
    assert_eq!(said.text, format!("Document {id}:{NOBODYS} not found"));
    let said = refused(&fake, GetMessageV6::new(FIRST, NOBODYS)).await;
    assert_eq!(said.status, 404);
    let said = refused(&fake, GetMessageV6::new(NOBODYS, id)).await;
    assert_eq!(said.status, 403);
    assert_eq!(said.text, format!("Access to Box [{NOBODYS}] is denied"));
    let said = refused(&fake, GetEntityContentV4::new(FIRST, id, NOBODYS)).await;
    assert_eq!(said.status, 404);
    let file = posted.entities[0].entity_id.as_str();
    let said = refused(&fake, GetSignatureInfo::new(FIRST, id, file)).await;
    assert_eq!(said.status, 404);
}

#[tokio::test]
async fn what_waits_to_be_sent_is_the_senders_alone() {
    let fake = fake().await;
    let mut attachment = contract("1");
    attachment.signed_content.sign_with_test_signature = None;
    let mut posted = message(vec![attachment]);
    posted.delay_send = Some(true);
    let posted = send(&fake, PostMessageV3::new(posted)).await;
    let id = posted.message_id.as_str();
    assert_eq!(
        refused(&fake, GetMessageV6::new(SECOND, id)).await.status,
        404
    );
    let file = posted.entities[0].entity_id.as_str();
    let document = both(&fake, GetDocumentV3::new(FIRST, id, file)).await;
    assert_eq!(
        document.sender_signature_status(),
        SenderSignatureStatus::WaitingForSenderSignature
    );
    assert_eq!(
        document.recipient_response_status(),
        RecipientResponseStatus::RecipientResponseStatusUnknown
    );
    assert_eq!(document.send_timestamp_ticks(), 0);
    let status = document.docflow_status.primary_status;
    assert_eq!(status.status_text(), "Требуется подписать и отправить");
}

#[tokio::test]
async fn signatures_tell_of_their_certificates() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1")]).await;
    let id = posted.message_id.as_str();
    let read = send(&fake, GetMessageV6::new(SECOND, id)).await;
    let checked = &signature(&read).entity_id;
    let info = both(&fake, GetSignatureInfo::new(SECOND, id, checked)).await;
    assert_eq!(info.org_inn(), "6663003127");
    let result = info.signature_verification_result.expect("a result");
    assert!(result.is_valid && result.signature_timestamp.is_some());
    let mut wrong = contract("2");
    wrong.signed_content.sign_with_test_signature = None;
    wrong.signed_content.signature = Some(diadoc_fake::world::BAD_SIGNATURE.into());
    let posted = post(&fake, vec![wrong]).await;
    let id = posted.message_id.as_str();
    let entity = &signature(&posted).entity_id;
    let info = both(&fake, GetSignatureInfo::new(FIRST, id, entity)).await;
    let result = info.signature_verification_result.expect("a result");
    assert!(result.is_valid && result.signature_timestamp.is_none());
    assert!(!result.certificate_status.expect("a status").is_valid);
    let read = both(&fake, GetMessageV6::new(FIRST, id)).await;
    let report = AttachmentType::SignatureVerificationReport;
    let notice = AttachmentType::DeliveryFailureNotification;
    let last: Vec<_> = kinds(&read).into_iter().skip(2).collect();
    let expected = [report, notice].map(|kind| (EntityType::Attachment, kind));
    assert_eq!(last, expected);
    // The notice alone comes with its text, whatever is asked for.
    let text = read.entities[3].content.as_ref().expect("a content");
    let text = String::from_utf8(text.data.clone().expect("a text").into()).unwrap();
    assert!(text.contains(id), "{text}");
    let document = read.entities[0].document_info.as_ref().expect("a document");
    let status = &document.docflow_status.primary_status;
    assert_eq!(status.status_text(), "Ошибка в подписи");
    assert_eq!(document.delivery_timestamp_ticks(), 0);
    assert_eq!(
        refused(&fake, GetMessageV6::new(SECOND, id)).await.status,
        404
    );
}

#[tokio::test]
async fn documents_are_found_by_the_callers_own_id() {
    let fake = fake().await;
    let mut attachment = document("Nonformalized", &[("FileName", "image1.png")]);
    attachment.custom_document_id = Some("заказ 7".into());
    attachment.need_recipient_signature = Some(false);
    post(&fake, vec![attachment, contract("1")]).await;
    let list = both(&fake, GetDocumentsByCustomId::new(FIRST, "заказ 7")).await;
    assert_eq!(list.total_count, 1);
    let found = &list.documents[0];
    assert_eq!(found.title, "Image1.png");
    assert_eq!(
        found.docflow_status.primary_status.status_text(),
        "Документооборот завершен"
    );
    let none = both(&fake, GetDocumentsByCustomId::new(FIRST, "заказ 8")).await;
    assert_eq!(none.total_count, 0);
}
