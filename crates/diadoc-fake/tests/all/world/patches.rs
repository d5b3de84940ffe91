//! What patches do to documents, and what each side sees of it.

use std::time::Duration;

use diadoc_api::Form;
use diadoc_api::documents::GetDocumentV3;
use diadoc_api::generation::GenerateReceiptXmlV2;
#[expect(deprecated, reason = "the server still has it")]
use diadoc_api::messages::PostMessagePatchV3;
use diadoc_api::messages::{GetMessageV6, PostMessagePatchV4, PostMessageV3};
use diadoc_fake::Fake;
use diadoc_fake::world::script::{Act, CounteragentScript, Happening, Rule, When};
use diadoc_fake::world::{BAD_SIGNATURE, World};
use diadoc_proto::documents::{
    Document, GeneralReceiptStatus, RecipientResponseStatus as Answer, RevocationStatus,
    SenderSignatureStatus,
};
#[expect(deprecated, reason = "the server still has it")]
use diadoc_proto::events::MessagePatchToPost;
use diadoc_proto::events::{
    AttachmentType, CorrectionRequestAttachment, CustomDataPatch, CustomDataPatchOperation,
    DocumentAttachment, DocumentSignature, EditDocumentPacketCommand, Entity, EntityType, Message,
    MessagePatch, MessagePatchToPostV2, ReceiptAttachment, RecipientTitleAttachment,
    ResolutionAttachment, ResolutionRequestAttachment, ResolutionRequestCancellationAttachment,
    RevocationRequestAttachment, SignedContent, XmlSignatureRejectionAttachment,
};
use diadoc_proto::invoicing::ReceiptGenerationRequestV2;
use diadoc_proto::{DocumentId, LockMode, ResolutionRequestType, ResolutionType};

use super::{
    FIRST, Refused, SECOND, contract, document, fake, message, of, post, refused, send, send_in,
};

/// A title of a universal transfer document that asks for an answer.
const UTD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
<Файл ИдФайл=\"ON_NSCHFDOPPR_2BM-2_2BM-1_20260925_1\"><Документ Функция=\"СЧФДОП\">\
<СвСчФакт НомерДок=\"17\" ДатаДок=\"25.09.2026\"/></Документ></Файл>";

fn utd() -> DocumentAttachment {
    let mut title = document("UniversalTransferDocument", &[]);
    title.signed_content.content = Some(UTD.into());
    title
}

fn by(side: &str, message: &Message) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        box_id: side.to_owned(),
        message_id: message.message_id.clone(),
        ..MessagePatchToPostV2::default()
    }
}

fn signature(parent: &str) -> DocumentSignature {
    DocumentSignature {
        parent_entity_id: parent.to_owned(),
        sign_with_test_signature: Some(true),
        ..DocumentSignature::default()
    }
}

fn content(text: &'static str) -> SignedContent {
    SignedContent {
        content: Some(text.into()),
        sign_with_test_signature: Some(true),
        ..SignedContent::default()
    }
}

/// The first document of a message.
fn first(message: &Message) -> &str {
    &message.entities[0].entity_id
}

async fn patch(fake: &Fake, body: MessagePatchToPostV2) -> MessagePatch {
    send(fake, PostMessagePatchV4::new(body)).await
}

async fn not_patched(fake: &Fake, body: MessagePatchToPostV2) -> Refused {
    refused(fake, PostMessagePatchV4::new(body)).await
}

async fn sign(fake: &Fake, side: &str, message: &Message, parent: &str) -> MessagePatch {
    let mut body = by(side, message);
    body.signatures.push(signature(parent));
    patch(fake, body).await
}

async fn seen(fake: &Fake, side: &str, message: &Message) -> Document {
    let call = GetDocumentV3::new(side, &message.message_id, first(message));
    send(fake, call).await
}

async fn entities(fake: &Fake, side: &str, message: &Message) -> Vec<Entity> {
    send(fake, GetMessageV6::new(side, &message.message_id))
        .await
        .entities
}

fn of_kind(entities: &[Entity], kind: AttachmentType) -> Vec<&Entity> {
    entities
        .iter()
        .filter(|one| one.entity_type() == EntityType::Attachment && one.attachment_type() == kind)
        .collect()
}

#[tokio::test]
async fn a_signature_answers_once_and_both_sides_see_it() {
    for form in [Form::Json, Form::Protobuf] {
        let fake = fake().await;
        let message = post(&fake, vec![contract("1")]).await;
        let mut body = by(SECOND, &message);
        body.signatures.push(signature(first(&message)));
        let made = send_in(&fake, PostMessagePatchV4::new(body.clone()), form).await;
        assert_eq!(made.entities.len(), 1);
        assert_eq!(made.entities[0].entity_type(), EntityType::Signature);
        for side in [FIRST, SECOND] {
            let document = seen(&fake, side, &message).await;
            let answer = document.recipient_response_status();
            assert_eq!(answer, Answer::WithRecipientSignature);
        }
        // The same call again answers with what was made.
        let again = send_in(&fake, PostMessagePatchV4::new(body.clone()), form).await;
        assert_eq!(again.patch_id, made.patch_id);
        let anew = PostMessagePatchV4::new(body).operation_id("another");
        let refusal = refused(&fake, anew).await;
        assert_eq!(refusal.status, 409);
        assert_eq!(refusal.code, "DocumentService.InvalidDocumentState");
        let text = "Текущее состояние документа не позволяет его подписать";
        assert_eq!(refusal.text, text);
    }
}

#[tokio::test]
async fn a_patch_with_one_wrong_element_does_nothing() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    let mut body = by(SECOND, &message);
    body.signatures.push(signature(first(&message)));
    body.receipts.push(ReceiptAttachment {
        parent_entity_id: first(&message).to_owned(),
        signed_content: content("<a/>"),
        labels: Vec::new(),
    });
    let before = entities(&fake, SECOND, &message).await;
    let refusal = not_patched(&fake, body).await;
    assert_eq!(refusal.status, 409);
    assert!(
        refusal.text.contains("не поддерживается документом"),
        "{}",
        refusal.text
    );
    assert_eq!(entities(&fake, SECOND, &message).await, before);
}

#[tokio::test]
async fn a_transfer_document_gets_its_receipt_and_its_title_with_confirmations() {
    let fake = fake().await;
    let message = post(&fake, vec![utd()]).await;
    let id = first(&message);
    // Signing a document that wants a title answers nothing.
    let mut body = by(SECOND, &message);
    body.signatures.push(signature(id));
    assert_eq!(not_patched(&fake, body).await.status, 409);

    let mut body = by(SECOND, &message);
    body.receipts.push(ReceiptAttachment {
        parent_entity_id: id.to_owned(),
        signed_content: content("<a/>"),
        labels: Vec::new(),
    });
    let made = patch(&fake, body.clone()).await;
    assert_eq!(
        of_kind(&made.entities, AttachmentType::InvoiceReceipt).len(),
        1
    );
    let document = seen(&fake, FIRST, &message).await;
    let receipt = &document.recipient_receipt_metadata;
    assert_eq!(receipt.receipt_status(), GeneralReceiptStatus::Finished);
    let again = PostMessagePatchV4::new(body).operation_id("again");
    assert_eq!(refused(&fake, again).await.status, 409);

    let mut body = by(SECOND, &message);
    body.recipient_titles.push(RecipientTitleAttachment {
        parent_entity_id: id.to_owned(),
        signed_content: content("<Файл ИдФайл=\"ON_NSCHFDOPPOK_1\"/>"),
        ..RecipientTitleAttachment::default()
    });
    let made = patch(&fake, body).await;
    let kind = AttachmentType::UniversalTransferDocumentBuyerTitle;
    assert_eq!(made.entities[0].attachment_type(), kind);
    assert_eq!(made.entities[0].file_name(), "ON_NSCHFDOPPOK_1.xml");
    let content_type = made.entities[0].content_type_id();
    assert_eq!(content_type, "utd970_schfdop_t2_05_03_01");
    for side in [FIRST, SECOND] {
        let document = seen(&fake, side, &message).await;
        let answer = document.recipient_response_status();
        assert_eq!(answer, Answer::WithRecipientSignature);
        let entities = entities(&fake, side, &message).await;
        // For the document, for the receipt and for the title.
        assert_eq!(
            of_kind(&entities, AttachmentType::InvoiceConfirmation).len(),
            3
        );
    }
}

/// Titles and rejections are held against what a title is held against that is posted.
#[tokio::test]
async fn what_is_no_xml_is_no_title_and_no_rejection() {
    let fake = fake().await;
    let message = post(&fake, vec![utd()]).await;
    for (text, why) in [
        (
            "PDF",
            "Data at the root level is invalid. Line 1, position 1.",
        ),
        (
            "<Файл><Документ></Файл>",
            "expected 'Документ' tag, not 'Файл' at 1:17",
        ),
    ] {
        let parent_entity_id = first(&message).to_owned();
        let mut titles = by(SECOND, &message);
        titles.recipient_titles.push(RecipientTitleAttachment {
            parent_entity_id: parent_entity_id.clone(),
            signed_content: content(text),
            ..RecipientTitleAttachment::default()
        });
        let mut rejections = by(SECOND, &message);
        rejections
            .xml_signature_rejections
            .push(XmlSignatureRejectionAttachment {
                parent_entity_id,
                signed_content: content(text),
                labels: Vec::new(),
            });
        for (body, list) in [
            (titles, "RecipientTitles"),
            (rejections, "XmlSignatureRejections"),
        ] {
            let refusal = not_patched(&fake, body).await;
            assert_eq!(refusal.status, 400);
            assert_eq!(refusal.text, format!("MessagePatchToPost.{list}[0]: {why}"));
        }
    }
}

#[tokio::test]
async fn an_older_version_takes_titles_in_its_own_lists() {
    let fake = fake().await;
    let message = post(&fake, vec![utd()]).await;
    #[expect(deprecated, reason = "the version is")]
    let body = MessagePatchToPost {
        box_id: SECOND.to_owned(),
        message_id: message.message_id.clone(),
        universal_transfer_document_buyer_titles: vec![RecipientTitleAttachment {
            parent_entity_id: first(&message).to_owned(),
            signed_content: content("<a/>"),
            ..RecipientTitleAttachment::default()
        }],
        ..MessagePatchToPost::default()
    };
    #[expect(deprecated, reason = "the version is")]
    send(&fake, PostMessagePatchV3::new(body)).await;
    let document = seen(&fake, FIRST, &message).await;
    let answer = document.recipient_response_status();
    assert_eq!(answer, Answer::WithRecipientSignature);
}

#[tokio::test]
async fn what_was_refused_can_neither_be_signed_nor_revoked() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    let mut body = by(SECOND, &message);
    body.xml_signature_rejections
        .push(XmlSignatureRejectionAttachment {
            parent_entity_id: first(&message).to_owned(),
            signed_content: content("<a/>"),
            labels: Vec::new(),
        });
    patch(&fake, body.clone()).await;
    for side in [FIRST, SECOND] {
        let document = seen(&fake, side, &message).await;
        let answer = document.recipient_response_status();
        assert_eq!(answer, Answer::RecipientSignatureRequestRejected);
    }
    let again = PostMessagePatchV4::new(body).operation_id("again");
    assert_eq!(
        refused(&fake, again).await.code,
        "DocumentService.InvalidDocumentState"
    );
    let refusal = not_patched(&fake, revocation(FIRST, &message)).await;
    assert_eq!(
        refusal.text,
        "Текущее состояние документа не позволяет создать запрос на аннулирование или выполнить отзыв"
    );
}

fn revocation(side: &str, message: &Message) -> MessagePatchToPostV2 {
    let mut body = by(side, message);
    body.revocation_requests.push(RevocationRequestAttachment {
        parent_entity_id: first(message).to_owned(),
        signed_content: content("<a/>"),
        labels: Vec::new(),
    });
    body
}

#[tokio::test]
async fn a_sender_takes_back_what_nobody_has_answered() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    patch(&fake, revocation(FIRST, &message)).await;
    for side in [FIRST, SECOND] {
        let document = seen(&fake, side, &message).await;
        assert_eq!(
            document.revocation_status(),
            RevocationStatus::RevocationAccepted
        );
    }
    let mut body = by(SECOND, &message);
    body.signatures.push(signature(first(&message)));
    let refusal = not_patched(&fake, body).await;
    assert_eq!(
        refusal.code,
        "DocumentService.DocumentIsRevokedOrRevocationIsInProgress"
    );
    let again = PostMessagePatchV4::new(revocation(FIRST, &message)).operation_id("again");
    let refusal = refused(&fake, again).await;
    assert_eq!(refusal.text, "Документ уже аннулирован");
}

#[tokio::test]
async fn a_signed_document_is_revoked_by_both() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    sign(&fake, SECOND, &message, first(&message)).await;
    let made = patch(&fake, revocation(SECOND, &message)).await;
    let asked = [
        (SECOND, RevocationStatus::RevocationIsRequestedByMe),
        (FIRST, RevocationStatus::RequestsMyRevocation),
    ];
    for (side, status) in asked {
        assert_eq!(
            seen(&fake, side, &message).await.revocation_status(),
            status
        );
    }
    let request = made.entities[0].entity_id.clone();
    let mut body = by(FIRST, &message);
    body.xml_signature_rejections
        .push(XmlSignatureRejectionAttachment {
            parent_entity_id: request,
            signed_content: content("<a/>"),
            labels: Vec::new(),
        });
    patch(&fake, body).await;
    let document = seen(&fake, SECOND, &message).await;
    assert_eq!(
        document.revocation_status(),
        RevocationStatus::RevocationRejected
    );

    // After a refusal it can be proposed once more.
    let call = PostMessagePatchV4::new(revocation(SECOND, &message)).operation_id("second");
    let made = send(&fake, call).await;
    sign(&fake, FIRST, &message, &made.entities[0].entity_id).await;
    for side in [FIRST, SECOND] {
        let document = seen(&fake, side, &message).await;
        assert_eq!(
            document.revocation_status(),
            RevocationStatus::RevocationAccepted
        );
    }
}

#[tokio::test]
async fn wrong_signatures_are_for_their_maker_alone_and_three_a_day() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    let bad = |operation: &str| {
        let mut body = by(SECOND, &message);
        body.signatures.push(DocumentSignature {
            parent_entity_id: first(&message).to_owned(),
            signature: Some(BAD_SIGNATURE.into()),
            ..DocumentSignature::default()
        });
        PostMessagePatchV4::new(body).operation_id(operation)
    };
    for operation in ["1", "2", "3"] {
        send(&fake, bad(operation)).await;
    }
    let document = seen(&fake, SECOND, &message).await;
    let answer = document.recipient_response_status();
    assert_eq!(answer, Answer::InvalidRecipientSignature);
    let document = seen(&fake, FIRST, &message).await;
    let answer = document.recipient_response_status();
    assert_eq!(answer, Answer::WaitingForRecipientSignature);
    let own = entities(&fake, SECOND, &message).await;
    assert_eq!(
        of_kind(&own, AttachmentType::DeliveryFailureNotification).len(),
        3
    );
    let refusal = refused(&fake, bad("4")).await;
    assert!(
        refusal.text.starts_with("Too many failed signatures today"),
        "{}",
        refusal.text
    );
    sign(&fake, SECOND, &message, first(&message)).await;
    let document = seen(&fake, FIRST, &message).await;
    let answer = document.recipient_response_status();
    assert_eq!(answer, Answer::WithRecipientSignature);
}

#[tokio::test]
async fn a_signature_sends_what_was_saved_unsent() {
    let fake = fake().await;
    let mut attachments = vec![contract("1"), contract("2")];
    for attachment in &mut attachments {
        attachment.signed_content.sign_with_test_signature = None;
        attachment.signed_content.signature = None;
    }
    let mut body = message(attachments);
    body.delay_send = Some(true);
    let message = send(&fake, PostMessageV3::new(body)).await;
    let call = GetMessageV6::new(SECOND, &message.message_id);
    assert_eq!(refused(&fake, call.clone()).await.status, 404);
    sign(&fake, FIRST, &message, first(&message)).await;
    let document = seen(&fake, FIRST, &message).await;
    let status = document.sender_signature_status();
    assert_eq!(
        status,
        SenderSignatureStatus::SenderSignatureCheckedAndValid
    );
    // The other document stays with the sender, until it is signed.
    let there = |message: Message| {
        let documents = message.entities.iter();
        documents.filter(|one| one.document_info.is_some()).count()
    };
    assert_eq!(there(send(&fake, call.clone()).await), 1);
    let second = message
        .entities
        .iter()
        .filter(|one| one.document_info.is_some());
    let second = second.map(|one| one.entity_id.clone()).nth(1).unwrap();
    sign(&fake, FIRST, &message, &second).await;
    assert_eq!(there(send(&fake, call).await), 2);
}

#[tokio::test]
async fn approval_is_for_the_own_organization() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    let user = "c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0";
    let ask = |kind: ResolutionRequestType| {
        let mut body = by(SECOND, &message);
        body.resolution_requests.push(ResolutionRequestAttachment {
            initial_document_id: first(&message).to_owned(),
            r#type: kind as i32,
            target_user_id: Some(user.to_owned()),
            comment: Some("Прошу".to_owned()),
            ..ResolutionRequestAttachment::default()
        });
        body
    };
    let made = patch(&fake, ask(ResolutionRequestType::ApprovementRequest)).await;
    let request = &made.entities[0];
    assert_eq!(request.attachment_type(), AttachmentType::ResolutionRequest);
    let mut body = by(SECOND, &message);
    body.resolutions.push(ResolutionAttachment {
        initial_document_id: first(&message).to_owned(),
        resolution_type: ResolutionType::Approve as i32,
        comment: Some("Да".to_owned()),
        labels: Vec::new(),
    });
    let made = patch(&fake, body).await;
    let info = made.entities[0].resolution_info.as_ref().unwrap();
    assert_eq!(info.initial_request_id(), request.entity_id);
    assert_eq!(info.author, "Иванова Анна Петровна");
    let theirs = entities(&fake, FIRST, &message).await;
    assert!(of_kind(&theirs, AttachmentType::Resolution).is_empty());
    assert!(of_kind(&theirs, AttachmentType::ResolutionRequest).is_empty());

    let made = patch(&fake, ask(ResolutionRequestType::SignatureRequest)).await;
    let again = PostMessagePatchV4::new(ask(ResolutionRequestType::SignatureRequest));
    let refusal = refused(&fake, again.operation_id("again")).await;
    assert_eq!(refusal.text, "Документ передан на подпись");
    let cancel = |id: &str| {
        let mut body = by(SECOND, &message);
        body.resolution_request_cancellations
            .push(ResolutionRequestCancellationAttachment {
                initial_resolution_request_id: id.to_owned(),
                ..ResolutionRequestCancellationAttachment::default()
            });
        body
    };
    patch(&fake, cancel(&made.entities[0].entity_id)).await;
    let refusal = not_patched(&fake, cancel(first(&message))).await;
    assert_eq!(refusal.status, 400);
    assert!(
        refusal
            .text
            .contains("Не найден корневой документ для сущности"),
        "{}",
        refusal.text
    );
    let again = PostMessagePatchV4::new(ask(ResolutionRequestType::SignatureRequest));
    send(&fake, again.operation_id("once more")).await;
}

#[tokio::test]
async fn tags_are_for_every_side_and_their_case_is_ignored() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    let tag = |key: &str, value: Option<&str>| CustomDataPatch {
        parent_entity_id: first(&message).to_owned(),
        operation: match value {
            Some(_) => CustomDataPatchOperation::Set,
            None => CustomDataPatchOperation::Remove,
        } as i32,
        key: key.to_owned(),
        value: value.map(ToOwned::to_owned),
    };
    let mut body = by(SECOND, &message);
    body.custom_data_patches = vec![tag("Заказ", Some("17")), tag("ЗАКАЗ", Some("18"))];
    patch(&fake, body).await;
    let document = seen(&fake, FIRST, &message).await;
    let tags: Vec<_> = document
        .custom_data
        .iter()
        .map(|item| (item.key.as_str(), item.value()))
        .collect();
    assert_eq!(tags, [("Заказ", "18")]);
    let mut body = by(FIRST, &message);
    body.custom_data_patches = vec![tag("заказ", None)];
    patch(&fake, body).await;
    assert!(seen(&fake, SECOND, &message).await.custom_data.is_empty());
}

#[tokio::test]
async fn there_are_things_that_cannot_be_patched() {
    let fake = fake().await;
    let message = post(&fake, vec![contract("1")]).await;
    let mut body = by(SECOND, &message);
    body.signatures
        .push(signature("11111111-1111-4111-8111-111111111111"));
    assert_eq!(not_patched(&fake, body).await.status, 404);
    let mut body = by(SECOND, &message);
    body.message_id = "11111111-1111-4111-8111-111111111111".to_owned();
    body.signatures.push(signature(first(&message)));
    let refusal = not_patched(&fake, body).await;
    assert_eq!(refusal.code, "DocumentService.DocumentNotFound");
    let text = format!("Сообщение {SECOND}:11111111-1111-4111-8111-111111111111 не найдено");
    assert_eq!(refusal.text, text);
    let mut body = by(FIRST, &message);
    body.correction_requests.push(CorrectionRequestAttachment {
        parent_entity_id: first(&message).to_owned(),
        signed_content: content("<a/>"),
        labels: Vec::new(),
    });
    let refusal = not_patched(&fake, body).await;
    assert_eq!(refusal.code, "DocumentService.InvalidDocumentState");
}

#[tokio::test]
async fn a_locked_packet_is_signed_as_a_whole() {
    let fake = fake().await;
    let mut body = message(vec![contract("1"), contract("2")]);
    body.lock_mode = Some(LockMode::Full as i32);
    let message = send(&fake, PostMessageV3::new(body)).await;
    let documents = message
        .entities
        .iter()
        .filter(|one| one.document_info.is_some());
    let ids: Vec<_> = documents.map(|one| one.entity_id.clone()).collect();
    let mut body = by(SECOND, &message);
    body.signatures.push(signature(&ids[0]));
    let refusal = not_patched(&fake, body.clone()).await;
    assert_eq!(refusal.code, "DocumentService.NotAllowedForLockedPacket");
    body.signatures.push(signature(&ids[1]));
    assert_eq!(patch(&fake, body).await.entities.len(), 2);
}

#[tokio::test]
async fn documents_change_packets() {
    let fake = fake().await;
    let one = post(&fake, vec![contract("1"), contract("2")]).await;
    let other = post(&fake, vec![contract("3")]).await;
    let packet = seen(&fake, SECOND, &one).await.packet_id;
    let edit = |add: bool| {
        let mut body = by(SECOND, &one);
        let id = vec![DocumentId {
            message_id: other.message_id.clone(),
            entity_id: first(&other).to_owned(),
        }];
        let (added, removed) = match add {
            true => (id, Vec::new()),
            false => (Vec::new(), id),
        };
        body.edit_document_packet_commands
            .push(EditDocumentPacketCommand {
                document_id: first(&one).to_owned(),
                add_documents_to_packet: added,
                remove_documents_from_packet: removed,
            });
        body
    };
    patch(&fake, edit(true)).await;
    let merged = seen(&fake, FIRST, &one).await.packet_id;
    assert_ne!(merged, packet);
    assert_eq!(seen(&fake, SECOND, &other).await.packet_id, merged);
    patch(&fake, edit(false)).await;
    assert_eq!(seen(&fake, SECOND, &one).await.packet_id, merged);
    let alone = seen(&fake, SECOND, &other).await.packet_id;
    assert!(alone.is_some() && alone != merged);
}

#[tokio::test]
async fn what_is_generated_can_be_sent() {
    let fake = fake().await;
    let message = post(&fake, vec![utd()]).await;
    let body = ReceiptGenerationRequestV2 {
        message_id: message.message_id.clone(),
        attachment_id: first(&message).to_owned(),
        signer_content: "<a/>".into(),
    };
    let made = send(&fake, GenerateReceiptXmlV2::new(SECOND, body.clone())).await;
    assert!(made.file_name.as_deref().unwrap().starts_with("DP_IZVPOL_"));
    let receipt = |content: &[u8]| ReceiptAttachment {
        parent_entity_id: first(&message).to_owned(),
        signed_content: SignedContent {
            content: Some(content.to_vec().into()),
            sign_with_test_signature: Some(true),
            ..SignedContent::default()
        },
        labels: Vec::new(),
    };
    let mut patched = by(SECOND, &message);
    patched.receipts.push(receipt(&made.content));
    let posted = patch(&fake, patched).await;
    assert_eq!(posted.entities[0].file_name, made.file_name);
    // A second one is not due.
    let refusal = refused(&fake, GenerateReceiptXmlV2::new(SECOND, body)).await;
    assert_eq!(refusal.status, 409);
}

fn rule(happens: Happening, then: Act, after: u64) -> Rule {
    Rule {
        box_id: SECOND.parse().unwrap(),
        when: When {
            happens,
            ..When::default()
        },
        then,
        after: Duration::from_secs(after),
        times: Some(1),
    }
}

#[tokio::test]
async fn a_counteragent_acts_by_its_script_when_it_is_time() {
    let mut world = World::default();
    let script = world.set_counteragents(CounteragentScript {
        rules: vec![
            rule(Happening::Document, Act::Receive, 0),
            rule(Happening::Document, Act::Sign { title: None }, 60),
            rule(Happening::Revocation, Act::AcceptRevocation, 0),
        ],
    });
    script.unwrap();
    let fake = of(world).await;
    let message = post(&fake, vec![utd()]).await;
    let document = seen(&fake, FIRST, &message).await;
    let receipt = &document.recipient_receipt_metadata;
    assert_eq!(receipt.receipt_status(), GeneralReceiptStatus::Finished);
    let answer = document.recipient_response_status();
    assert_eq!(answer, Answer::WaitingForRecipientSignature);
    fake.move_clock(Duration::from_secs(60));
    let document = seen(&fake, FIRST, &message).await;
    let answer = document.recipient_response_status();
    assert_eq!(answer, Answer::WithRecipientSignature);
    patch(&fake, revocation(FIRST, &message)).await;
    let document = seen(&fake, FIRST, &message).await;
    assert_eq!(
        document.revocation_status(),
        RevocationStatus::RevocationAccepted
    );

    // Each rule was to be followed once. The same call again would be answered with the same letter.
    let mut other = utd();
    other.custom_document_id = Some("other".to_owned());
    let message = post(&fake, vec![other]).await;
    let document = seen(&fake, FIRST, &message).await;
    let receipt = &document.recipient_receipt_metadata;
    assert_eq!(
        receipt.receipt_status(),
        GeneralReceiptStatus::WaitingForReceipt
    );
}

#[tokio::test]
async fn what_a_counteragent_cannot_do_any_more_is_told() {
    let mut world = World::default();
    let script = CounteragentScript {
        rules: vec![rule(Happening::Document, Act::Sign { title: None }, 60)],
    };
    world.set_counteragents(script).unwrap();
    let (send, told) = std::sync::mpsc::channel();
    let builder = Fake::builder().world(world);
    let builder = builder.on_skipped(move |note| send.send(note.to_owned()).unwrap());
    let fake = builder.start().await.unwrap();
    let message = post(&fake, vec![contract("1")]).await;
    patch(&fake, revocation(FIRST, &message)).await;
    assert_eq!(told.try_iter().count(), 0);
    fake.move_clock(Duration::from_secs(60));
    let notes = fake.with_world(|world| world.skipped().to_vec()).unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].contains("Документ аннулирован"), "{notes:?}");
    // Once each.
    seen(&fake, FIRST, &message).await;
    assert_eq!(told.try_iter().collect::<Vec<_>>(), notes);
}

#[test]
fn a_script_for_boxes_that_are_not_there_is_not_taken() {
    let strange = "00000000-0000-0000-0000-00000000000";
    let of = |box_id: String, sender: Option<String>| Rule {
        box_id: box_id.parse().unwrap(),
        when: When {
            sender: sender.map(|sender| sender.parse().unwrap()),
            ..When::default()
        },
        ..rule(Happening::Document, Act::Receive, 0)
    };
    let mut world = World::default();
    let error = world.set_counteragents(CounteragentScript {
        rules: vec![
            of(format!("{strange}1"), None),
            of(SECOND.to_owned(), Some(FIRST.to_owned())),
            of(SECOND.to_owned(), Some(format!("{strange}2"))),
        ],
    });
    let expected =
        format!("rule 1: the world has no box {strange}1\nrule 3: the world has no box {strange}2");
    assert_eq!(error.unwrap_err().to_string(), expected);
}
