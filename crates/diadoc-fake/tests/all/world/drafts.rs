//! Drafts, templates, and what is done with documents in their own box.
#![allow(deprecated, reason = "obsolete methods are answered, too")]

use diadoc_api::documents::{
    Delete, GetDocumentTypesV2, GetDocumentTypesV3, GetDocumentV3, GetWorkflowsSettingsV2,
    GetWorkflowsSettingsV3, MoveDocuments, RecycleDraft, Restore,
};
use diadoc_api::messages::{
    GetMessageV6, GetTemplate, PostMessageV3, PostTemplate, PostTemplatePatch, SendDraft,
    TransformTemplateToMessage,
};
use diadoc_fake::Fake;
use diadoc_proto::documents::{DocumentsMoveOperation, MessageType};
use diadoc_proto::events::{
    AttachmentType, DocumentSenderSignature, DocumentTransformation, DraftToSend, Message,
    Template, TemplateDocumentAttachment, TemplatePatchToPost, TemplateRefusalAttachment,
    TemplateToPost, TemplateTransformationToPost, UnsignedContent,
};
use diadoc_proto::{DocumentId, LockMode};

use super::{FIRST, SECOND, address, both, contract, fake, message, post, refused, send};

const NOBODYS: &str = "00000000-0000-4000-8000-000000000001";

async fn draft(fake: &Fake) -> Message {
    let mut document = contract("1");
    document.signed_content.sign_with_test_signature = None;
    document.comment = Some("Черновик".to_owned());
    let mut body = message(vec![document]);
    body.is_draft = Some(true);
    body.to_box_id = None;
    send(fake, PostMessageV3::new(body)).await
}

fn order(draft: &Message, to: Option<&str>) -> DraftToSend {
    DraftToSend {
        box_id: address(FIRST),
        draft_id: draft.message_id.clone(),
        to_box_id: to.map(address),
        document_signatures: vec![DocumentSenderSignature {
            parent_entity_id: draft.entities[0].entity_id.clone(),
            sign_with_test_signature: Some(true),
            ..DocumentSenderSignature::default()
        }],
        ..DraftToSend::default()
    }
}

#[tokio::test]
async fn a_draft_becomes_a_letter_once() {
    let fake = fake().await;
    let draft = draft(&fake).await;
    assert_eq!(draft.message_type(), MessageType::Draft);
    let refusal = refused(&fake, SendDraft::new(order(&draft, None))).await;
    assert_eq!(refusal.status, 400, "{}", refusal.text);
    let sent = send(&fake, SendDraft::new(order(&draft, Some(SECOND)))).await;
    assert_ne!(sent.message_id, draft.message_id);
    assert_eq!(sent.created_from_draft_id(), draft.message_id);
    assert_ne!(sent.entities[0].entity_id, draft.entities[0].entity_id);
    let kinds: Vec<_> = sent
        .entities
        .iter()
        .map(|one| one.attachment_type())
        .collect();
    let expected = [
        AttachmentType::Contract,
        AttachmentType::AttachmentComment,
        AttachmentType::Nonformalized,
    ];
    assert_eq!(kinds, expected);
    both(&fake, GetMessageV6::new(SECOND, &sent.message_id)).await;
    let draft = both(&fake, GetMessageV6::new(FIRST, &draft.message_id)).await;
    assert!(draft.draft_is_recycled());
    let letters = &draft.draft_is_transformed_to_message_id_list;
    assert_eq!(*letters, std::slice::from_ref(&sent.message_id));
    // A repeat is answered as before; another call finds the draft used up.
    let again = send(&fake, SendDraft::new(order(&draft, Some(SECOND)))).await;
    assert_eq!(again.message_id, sent.message_id);
    let other = SendDraft::new(order(&draft, Some(SECOND))).operation_id("other");
    assert_eq!(refused(&fake, other).await.status, 409);
    let call = RecycleDraft::new(FIRST, &draft.message_id);
    assert_eq!(refused(&fake, call).await.status, 409);
}

#[tokio::test]
async fn a_draft_is_thrown_away_once() {
    let fake = fake().await;
    let draft = draft(&fake).await;
    send(&fake, RecycleDraft::new(FIRST, &draft.message_id)).await;
    let call = RecycleDraft::new(FIRST, &draft.message_id);
    assert_eq!(refused(&fake, call).await.status, 409);
    let call = RecycleDraft::new(FIRST, NOBODYS);
    assert_eq!(refused(&fake, call).await.status, 404);
}

async fn template(fake: &Fake, lock: LockMode, is_reusable: bool) -> Template {
    let document = |number: &str, refusal_disabled: bool| {
        let contract = contract(number);
        TemplateDocumentAttachment {
            unsigned_content: UnsignedContent {
                content: contract.signed_content.content,
                ..UnsignedContent::default()
            },
            type_named_id: contract.type_named_id,
            metadata: contract.metadata,
            refusal_disabled: Some(refusal_disabled),
            ..TemplateDocumentAttachment::default()
        }
    };
    let body = TemplateToPost {
        from_box_id: address(FIRST),
        to_box_id: address(SECOND),
        message_from_box_id: address(SECOND),
        message_to_box_id: address(FIRST),
        document_attachments: vec![document("1", false), document("2", true)],
        lock_mode: Some(lock as i32),
        is_reusable: Some(is_reusable),
        ..TemplateToPost::default()
    };
    send(fake, PostTemplate::new(body)).await
}

fn transformation(template: &Template, documents: &[usize]) -> TemplateTransformationToPost {
    TemplateTransformationToPost {
        box_id: address(SECOND),
        template_id: template.message_id.clone(),
        document_transformations: documents
            .iter()
            .map(|index| DocumentTransformation {
                document_id: template.entities[*index].entity_id.clone(),
                custom_document_id: Some(format!("own-{index}")),
            })
            .collect(),
    }
}

#[tokio::test]
async fn a_letter_is_made_of_a_template() {
    let fake = fake().await;
    let made = template(&fake, LockMode::None, false).await;
    let call = || TransformTemplateToMessage::new(transformation(&made, &[0]));
    let letter = send(&fake, call()).await;
    let info = letter.entities[0]
        .document_info
        .as_ref()
        .expect("a document");
    assert_eq!(info.custom_document_id(), "own-0");
    let origin = info.origin.as_ref().expect("an origin");
    assert_eq!(origin.message_id, made.message_id);
    assert_eq!(letter.from_box_id, address(SECOND));
    // It waits for its sender's signature.
    let unseen = GetMessageV6::new(FIRST, &letter.message_id);
    assert_eq!(refused(&fake, unseen).await.status, 404);
    assert_eq!(send(&fake, call()).await.message_id, letter.message_id);
    let refusal = refused(&fake, call().operation_id("other")).await;
    assert_eq!(refusal.status, 409, "{}", refusal.text);
    let seen = both(&fake, GetMessageV6::new(FIRST, &made.message_id)).await;
    let of_old = both(&fake, GetTemplate::new(SECOND, &made.message_id)).await;
    assert_eq!(of_old.entities.len(), seen.entities.len());
    assert!(
        of_old.entities[0]
            .content
            .as_ref()
            .is_some_and(|one| one.data.is_some())
    );
    let call = GetTemplate::new(SECOND, &letter.message_id);
    assert_eq!(refused(&fake, call).await.status, 404);
    let told = seen
        .entities
        .iter()
        .find(|one| one.attachment_type() == AttachmentType::TemplateTransformation);
    let told = told.and_then(|one| one.template_transformation_info.as_ref());
    let target = told.and_then(|one| one.transformed_to_document_id.as_ref());
    assert_eq!(target.expect("a document").message_id, letter.message_id);

    let reusable = template(&fake, LockMode::None, true).await;
    let call = |id: &str| {
        TransformTemplateToMessage::new(transformation(&reusable, &[0])).operation_id(id)
    };
    let (one, other) = (send(&fake, call("1")).await, send(&fake, call("2")).await);
    assert_ne!(one.message_id, other.message_id);
}

#[tokio::test]
async fn a_template_is_refused_whole_where_its_packet_is_bound_together() {
    let fake = fake().await;
    let refusal = |made: &Template, documents: &[usize]| {
        let patch = TemplatePatchToPost {
            refusals: documents
                .iter()
                .map(|index| TemplateRefusalAttachment {
                    document_id: made.entities[*index].entity_id.clone(),
                    comment: Some("Не то".to_owned()),
                    labels: Vec::new(),
                })
                .collect(),
        };
        (made.message_id.clone(), patch)
    };
    let made = template(&fake, LockMode::None, false).await;
    let (id, patch) = refusal(&made, &[0]);
    let done = send(&fake, PostTemplatePatch::new(SECOND, &id, patch)).await;
    assert_eq!(
        done.entities[0].attachment_type(),
        AttachmentType::TemplateRefusal
    );
    let call = TransformTemplateToMessage::new(transformation(&made, &[0]));
    assert_eq!(refused(&fake, call).await.status, 409);
    let (id, patch) = refusal(&made, &[1]);
    let call = PostTemplatePatch::new(SECOND, &id, patch.clone());
    assert_eq!(refused(&fake, call).await.status, 409);
    // Its sender may take it back all the same.
    send(&fake, PostTemplatePatch::new(FIRST, &id, patch)).await;

    let bound = template(&fake, LockMode::Full, false).await;
    let (id, patch) = refusal(&bound, &[0]);
    let call = PostTemplatePatch::new(FIRST, &id, patch);
    assert_eq!(refused(&fake, call).await.status, 400);
    let call = TransformTemplateToMessage::new(transformation(&bound, &[0]));
    let told = refused(&fake, call).await;
    let code = "DocumentService.NotAllowedForLockedPacket";
    assert_eq!((told.status, told.code.as_str()), (409, code));
    let (id, patch) = refusal(&bound, &[0, 1]);
    send(&fake, PostTemplatePatch::new(FIRST, &id, patch)).await;
}

#[tokio::test]
async fn what_is_deleted_is_restored_in_its_own_box_alone() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1"), contract("2")]).await;
    let id = posted.message_id.as_str();
    let documents: Vec<_> = posted
        .entities
        .iter()
        .filter(|one| one.document_info.is_some())
        .map(|one| one.entity_id.clone())
        .collect();
    send(&fake, Delete::new(SECOND, id).document_id(&documents[0])).await;
    let again = Delete::new(SECOND, id).document_id(&documents[0]);
    assert_eq!(refused(&fake, again).await.status, 409);
    let seen = |side| GetMessageV6::new(side, id);
    assert!(!send(&fake, seen(SECOND)).await.is_deleted());
    send(&fake, Delete::new(SECOND, id).document_id(&documents[1])).await;
    assert!(send(&fake, seen(SECOND)).await.is_deleted());
    assert!(!send(&fake, seen(FIRST)).await.is_deleted());
    let document = GetDocumentV3::new(SECOND, id, &documents[0]);
    assert!(send(&fake, document).await.is_deleted());
    send(&fake, Restore::new(SECOND, id).document_id(&documents[1])).await;
    assert!(!send(&fake, seen(SECOND)).await.is_deleted());
    send(&fake, Restore::new(SECOND, id)).await;
    assert_eq!(refused(&fake, Restore::new(SECOND, id)).await.status, 409);
    let call = Delete::new(SECOND, id).document_id(NOBODYS);
    assert_eq!(refused(&fake, call).await.status, 404);
    assert_eq!(
        refused(&fake, Delete::new(SECOND, NOBODYS)).await.status,
        404
    );
}

#[tokio::test]
async fn of_a_closed_packet_no_document_is_deleted_alone() {
    let fake = fake().await;
    let mut body = message(vec![contract("1"), contract("2")]);
    body.lock_packet = Some(true);
    let posted = send(&fake, PostMessageV3::new(body)).await;
    assert!(posted.packet_is_locked());
    let id = posted.message_id.as_str();
    let call = Delete::new(FIRST, id).document_id(&posted.entities[0].entity_id);
    let told = refused(&fake, call).await;
    let code = "DocumentService.NotAllowedForLockedPacket";
    assert_eq!((told.status, told.code.as_str()), (409, code));
    send(&fake, Delete::new(FIRST, id)).await;
}

#[tokio::test]
async fn documents_move_to_departments_that_exist() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1")]).await;
    let operation = |department: &str, message: &str| DocumentsMoveOperation {
        box_id: address(SECOND),
        to_department_id: Some(department.to_owned()),
        document_ids: vec![DocumentId {
            message_id: message.to_owned(),
            entity_id: posted.entities[0].entity_id.clone(),
        }],
    };
    let call = MoveDocuments::new(operation(NOBODYS, &posted.message_id));
    assert_eq!(refused(&fake, call).await.status, 400);
    let head = "00000000-0000-0000-0000-000000000000";
    send(
        &fake,
        MoveDocuments::new(operation(head, &posted.message_id)),
    )
    .await;
    let call = MoveDocuments::new(operation(head, NOBODYS));
    assert_eq!(refused(&fake, call).await.status, 404);
}

#[tokio::test]
async fn types_and_docflows_are_those_that_the_world_goes_by() {
    let fake = fake().await;
    let v2 = both(&fake, GetDocumentTypesV2::new(FIRST)).await;
    let v3 = both(&fake, GetDocumentTypesV3::new(FIRST)).await;
    assert_eq!(v2.document_types.len(), v3.document_types.len());
    let act = v2
        .document_types
        .iter()
        .find(|kind| kind.name == "XmlAcceptanceCertificate");
    let act = &act.expect("the type").functions[0].versions[0];
    assert_eq!(act.version, "rezru_05_02_01");
    assert_eq!(act.titles.len(), 2);
    let workflows: Vec<_> = act
        .workflows
        .iter()
        .map(|one| (one.id, one.is_default))
        .collect();
    assert_eq!(workflows, [(3, true), (9, false)]);
    let v2 = both(&fake, GetWorkflowsSettingsV2::new(FIRST)).await;
    let v3 = both(&fake, GetWorkflowsSettingsV3::new(FIRST)).await;
    assert_eq!(v2.document_workflow_settings.len(), 19);
    assert_eq!(v3.document_workflow_settings.len(), 19);
}
