//! How messages are posted, checked and delivered.
#![allow(deprecated, reason = "the lists of old are taken, too")]

use diadoc_api::Form;
use diadoc_api::documents::GetDocumentV3;
use diadoc_api::messages::{CanPostMessage, GetMessageV6, PostMessageV3};
use diadoc_fake::world::BAD_SIGNATURE;
use diadoc_proto::documents::{Document, SenderSignatureStatus};
use diadoc_proto::events::{
    AttachmentType, DocumentAttachment, DocumentAttachmentPrototype, EntityType, Message,
    MessageToPost, MessageToPostPrototype, NonformalizedAttachment, StructuredDataAttachment,
    XmlDocumentAttachment,
};
use diadoc_proto::{DocumentId, LockMode};

use super::{
    FIRST, SECOND, address, contract, document, fake, message, post, refused, send, send_in,
};

/// A title of a universal transfer document.
const UTD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
<Файл ИдФайл=\"ON_NSCHFDOPPR_2BM-2_2BM-1_20260925_1\"><Документ Функция=\"СЧФ\">\
<СвСчФакт НомерДок=\"17\" ДатаДок=\"25.09.2026\"><СвПрод><ИдСв><СвЮЛУч ИННЮЛ=\"7705000010\"/></ИдСв></СвПрод>\
<ДенИзм КодОКВ=\"643\"/></СвСчФакт><ТаблСчФакт><ВсегоОпл СтТовУчНалВсего=\"122.00\"><СумНалВсего>\
<СумНал>22.00</СумНал></СумНалВсего></ВсегоОпл></ТаблСчФакт></Документ></Файл>";

fn nonformalized(name: &str) -> DocumentAttachment {
    document("Nonformalized", &[("FileName", name)])
}

fn info(message: &Message, index: usize) -> &Document {
    let mut infos = message
        .entities
        .iter()
        .filter_map(|one| one.document_info.as_deref());
    infos.nth(index).expect("a document")
}

async fn read(fake: &diadoc_fake::Fake, side: &str, id: &str) -> Message {
    send(fake, GetMessageV6::new(side, id)).await
}

fn count(message: &Message, kind: AttachmentType) -> usize {
    let entities = message.entities.iter();
    entities
        .filter(|one| one.entity_type() == EntityType::Attachment && one.attachment_type() == kind)
        .count()
}

#[tokio::test]
async fn the_same_call_makes_one_message_in_either_form() {
    for form in [Form::Json, Form::Protobuf] {
        let fake = fake().await;
        let body = message(vec![contract("1")]);
        let first = send_in(&fake, PostMessageV3::new(body.clone()), form).await;
        let again = send_in(&fake, PostMessageV3::new(body.clone()), form).await;
        assert_eq!(first.message_id, again.message_id);
        // What became of it in the meantime is shown.
        assert!(again.last_patch_timestamp_ticks > first.last_patch_timestamp_ticks);
        let anew = PostMessageV3::new(body.clone()).disable_duplicates_detection(true);
        let anew = send_in(&fake, anew, form).await;
        assert_ne!(first.message_id, anew.message_id);
        let named = |id: &str| PostMessageV3::new(body.clone()).operation_id(id);
        let one = send_in(&fake, named("Operation-1"), form).await;
        assert_ne!(first.message_id, one.message_id);
        let other = message(vec![contract("2")]);
        let same = PostMessageV3::new(other).operation_id("OPERATION-1");
        assert_eq!(send_in(&fake, same, form).await.message_id, one.message_id);
    }
}

#[tokio::test]
async fn what_was_refused_is_not_remembered() {
    let fake = fake().await;
    let bad = message(vec![document("Contract", &[("FileName", "a.pdf")])]);
    let call = PostMessageV3::new(bad).operation_id("one");
    let refusal = refused(&fake, call).await;
    let text = "MessageToPost.DocumentAttachments[0]: Невозможно получить данные по ключу: \
                DocumentNumber";
    assert_eq!((refusal.status, refusal.text.as_str()), (400, text));
    let good = PostMessageV3::new(message(vec![contract("1")])).operation_id("one");
    send(&fake, good).await;
}

#[tokio::test]
async fn several_documents_are_a_packet_and_refer_to_each_other() {
    let fake = fake().await;
    let mut main = contract("1");
    main.custom_document_id = Some("main".to_owned());
    let mut bill = nonformalized("приложение.pdf");
    bill.initial_document_ids.push(DocumentId {
        message_id: String::new(),
        entity_id: "main".to_owned(),
    });
    let mut body = message(vec![main, bill]);
    body.structured_data_attachments
        .push(StructuredDataAttachment {
            content: b"{}".as_slice().into(),
            file_name: "данные.json".to_owned(),
            parent_custom_document_id: "main".to_owned(),
        });
    let posted = send(&fake, PostMessageV3::new(body)).await;
    assert_eq!(count(&posted, AttachmentType::StructuredData), 1);
    let (main, bill) = (info(&posted, 0), info(&posted, 1));
    assert_eq!(bill.initial_document_ids[0].entity_id, main.entity_id);
    assert!(main.packet_id.is_some());
    assert_eq!(main.packet_id, bill.packet_id);
    assert_eq!(main.custom_document_id(), "main");
    let main = send(
        &fake,
        GetDocumentV3::new(SECOND, &posted.message_id, &main.entity_id),
    )
    .await;
    assert_eq!(main.subordinate_document_ids[0].entity_id, bill.entity_id);

    // A later document joins the packet of the one that it belongs to.
    let mut late = nonformalized("ещё.pdf");
    late.initial_document_ids.push(DocumentId {
        message_id: posted.message_id.clone(),
        entity_id: main.entity_id.clone(),
    });
    let posted = post(&fake, vec![late]).await;
    assert_eq!(info(&posted, 0).packet_id, main.packet_id);
    let alone = post(&fake, vec![contract("3")]).await;
    assert_eq!(info(&alone, 0).packet_id, None);
}

#[tokio::test]
async fn a_title_in_xml_says_what_it_is() {
    let fake = fake().await;
    let mut title = document("UniversalTransferDocument", &[]);
    title.signed_content.content = Some(UTD.into());
    let posted = post(&fake, vec![title.clone()]).await;
    let utd = info(&posted, 0);
    assert_eq!(utd.function, "СЧФ");
    assert_eq!(utd.workflow_id, 17);
    assert_eq!(utd.version, "utd970_05_03_01");
    assert_eq!(utd.title, "УПД №17 от 25.09.26");
    assert_eq!(utd.file_name(), "ON_NSCHFDOPPR_2BM-2_2BM-1_20260925_1.xml");
    let total = utd.metadata.iter().find(|item| item.key == "TotalSum");
    assert_eq!(total.unwrap().value, "122.00");
    title.signed_content.content = Some("не XML".into());
    let refusal = refused(&fake, PostMessageV3::new(message(vec![title.clone()]))).await;
    let text = "MessageToPost.DocumentAttachments[0]: Data at the root level is invalid. Line 1, \
                position 1.";
    assert_eq!((refusal.status, refusal.text.as_str()), (400, text));
    title.version = Some("utd970_99".to_owned());
    let refusal = refused(&fake, PostMessageV3::new(message(vec![title]))).await;
    let text = "MessageToPost.DocumentAttachments[0]: Документ не может быть отправлен в указанном \
                формате";
    assert_eq!((refusal.status, refusal.text.as_str()), (400, text));
}

#[tokio::test]
async fn lists_of_old_make_the_same_documents() {
    let fake = fake().await;
    let content = contract("1").signed_content;
    let mut title = content.clone();
    title.content = Some(UTD.into());
    let body = MessageToPost {
        from_box_id: address(FIRST),
        to_box_id: Some(address(SECOND)),
        nonformalized_documents: vec![NonformalizedAttachment {
            signed_content: content,
            file_name: "письмо.pdf".to_owned(),
            need_recipient_signature: Some(true),
            ..NonformalizedAttachment::default()
        }],
        universal_transfer_document_seller_titles: vec![XmlDocumentAttachment {
            signed_content: title.clone(),
            ..XmlDocumentAttachment::default()
        }],
        invoices: vec![XmlDocumentAttachment {
            signed_content: title,
            ..XmlDocumentAttachment::default()
        }],
        ..MessageToPost::default()
    };
    let posted = send(&fake, PostMessageV3::new(body)).await;
    let types: Vec<_> = (0..3)
        .map(|index| info(&posted, index).type_named_id.as_str())
        .collect();
    assert_eq!(
        types,
        ["Nonformalized", "Invoice", "UniversalTransferDocument"]
    );
    assert_eq!(info(&posted, 0).title, "Письмо.pdf");
}

#[tokio::test]
async fn a_wrong_signature_stays_with_the_sender() {
    let fake = fake().await;
    let mut bad = contract("1");
    bad.signed_content.sign_with_test_signature = None;
    bad.signed_content.signature = Some(BAD_SIGNATURE.into());
    let posted = post(&fake, vec![bad]).await;
    let unchecked = SenderSignatureStatus::SenderSignatureUnchecked;
    assert_eq!(info(&posted, 0).sender_signature_status(), unchecked);
    let seen = read(&fake, FIRST, &posted.message_id).await;
    let invalid = SenderSignatureStatus::SenderSignatureCheckedAndInvalid;
    assert_eq!(info(&seen, 0).sender_signature_status(), invalid);
    assert_eq!(info(&seen, 0).delivery_timestamp_ticks(), 0);
    assert_eq!(count(&seen, AttachmentType::SignatureVerificationReport), 1);
    assert_eq!(count(&seen, AttachmentType::InvoiceConfirmation), 0);
    let notice = seen
        .entities
        .iter()
        .find(|one| one.attachment_type() == AttachmentType::DeliveryFailureNotification);
    assert_eq!(notice.unwrap().not_delivered_event_id(), posted.message_id);
    let refusal = refused(&fake, GetMessageV6::new(SECOND, &posted.message_id)).await;
    assert_eq!(refusal.status, 404);
}

#[tokio::test]
async fn of_a_packet_that_is_bound_together_nothing_leaves_alone() {
    let fake = fake().await;
    let mut bad = contract("1");
    bad.signed_content.sign_with_test_signature = None;
    bad.signed_content.signature = Some(BAD_SIGNATURE.into());
    let mut body = message(vec![bad, contract("2")]);
    let free = send(&fake, PostMessageV3::new(body.clone())).await;
    let seen = read(&fake, SECOND, &free.message_id).await;
    assert_eq!(count(&seen, AttachmentType::Contract), 1);
    body.lock_mode = Some(LockMode::Full as i32);
    let bound = send(&fake, PostMessageV3::new(body)).await;
    let refusal = refused(&fake, GetMessageV6::new(SECOND, &bound.message_id)).await;
    assert_eq!(refusal.status, 404);
}

#[tokio::test]
async fn what_is_sent_later_is_not_signed_and_not_seen() {
    let fake = fake().await;
    let mut later = contract("1");
    let mut body = message(vec![later.clone()]);
    body.delay_send = Some(true);
    later.signed_content.sign_with_test_signature = None;
    body.document_attachments = vec![later];
    let posted = send(&fake, PostMessageV3::new(body)).await;
    let waiting = SenderSignatureStatus::WaitingForSenderSignature;
    assert_eq!(info(&posted, 0).sender_signature_status(), waiting);
    let refusal = refused(&fake, GetMessageV6::new(SECOND, &posted.message_id)).await;
    assert_eq!(refusal.status, 404);
}

#[tokio::test]
async fn the_operator_takes_its_time() {
    let fake = fake().await;
    fake.with_world(|world| world.set_operator_delay(std::time::Duration::from_secs(20)));
    let posted = post(&fake, vec![contract("1")]).await;
    let refusal = refused(&fake, GetMessageV6::new(SECOND, &posted.message_id)).await;
    assert_eq!(refusal.status, 404);
    fake.move_clock(std::time::Duration::from_secs(20));
    read(&fake, SECOND, &posted.message_id).await;
}

#[tokio::test]
async fn a_message_can_be_checked_beforehand() {
    let fake = fake().await;
    let prototype = |kind: &str| MessageToPostPrototype {
        from_box_id: address(FIRST),
        to_box_id: Some(address(SECOND)),
        document_prototypes: vec![DocumentAttachmentPrototype {
            custom_document_id: "one".to_owned(),
            type_named_id: kind.to_owned(),
            ..DocumentAttachmentPrototype::default()
        }],
        ..MessageToPostPrototype::default()
    };
    let result = send(&fake, CanPostMessage::new(prototype("Contract"))).await;
    assert!(result.errors.is_empty(), "{:?}", result.errors);
    assert_eq!(result.to_title(), "ООО «Василёк»");
    let result = send(&fake, CanPostMessage::new(prototype("Letter"))).await;
    assert_eq!(result.errors[0].custom_document_id(), "one");
}

#[tokio::test]
async fn who_does_not_exist_gets_nothing() {
    let fake = fake().await;
    let mut body = message(vec![contract("1")]);
    body.to_box_id = Some(address("00000000-0000-4000-8000-000000000001"));
    let refusal = refused(&fake, PostMessageV3::new(body.clone())).await;
    assert_eq!(refusal.status, 400, "{}", refusal.text);
    body.to_box_id = Some(address(SECOND));
    body.to_department_id = Some("00000000-0000-4000-8000-000000000001".to_owned());
    let refusal = refused(&fake, PostMessageV3::new(body.clone())).await;
    assert_eq!(
        (refusal.status, refusal.text.as_str()),
        (404, "Department wasn't found")
    );
    body.to_department_id = None;
    body.from_box_id = address("00000000-0000-4000-8000-000000000002");
    let refusal = refused(&fake, PostMessageV3::new(body)).await;
    let text = "Access to Box [00000000-0000-4000-8000-000000000002] is denied";
    assert_eq!((refusal.status, refusal.text.as_str()), (403, text));
}
