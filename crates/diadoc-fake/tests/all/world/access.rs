//! What an employee may not do with documents of other departments, with deleted ones and with those that
//! are bound together.

use diadoc_api::documents::{Delete, MoveDocuments, RecycleDraft};
use diadoc_api::events::GetNewEventsV8;
use diadoc_api::messages::{
    PostMessagePatchV4, PostMessageV3, PostTemplate, PostTemplatePatch, SendDraft,
    TransformTemplateToMessage,
};
use diadoc_api::{Form, Request};
use diadoc_fake::Fake;
use diadoc_fake::world::model::RelationState;
use diadoc_fake::world::{
    DepartmentBuilder, EmployeeBuilder, OrganizationBuilder, UserBuilder, World,
};
use diadoc_proto::documents::DocumentsMoveOperation;
use diadoc_proto::events::{
    CustomDataPatch, DocumentSenderSignature, DocumentTransformation, DraftToSend,
    EditDocumentPacketCommand, Message, MessagePatchToPostV2, TemplateDocumentAttachment,
    TemplatePatchToPost, TemplateRefusalAttachment, TemplateToPost, TemplateTransformationToPost,
    UnsignedContent,
};
use diadoc_proto::{DocumentId, LockMode};

use super::three::STORE;
use super::{
    FIRST, Refused, SECOND, address, contract, message, of, post, refused, send, try_send,
};

/// Token of an employee who sees the documents of one department alone.
const CLERK: &str = "clerk-token";

/// A fake where the first organization has a department and a clerk in it.
async fn departments() -> Fake {
    let organization = |id: &str, inn: &str, kpp: &str, name: &str| {
        OrganizationBuilder::new(id.parse().expect("a box"), inn, name)
            .kpp(kpp)
            .test(true)
            .employee(EmployeeBuilder::new("anna@example.ru"))
    };
    let clerk = EmployeeBuilder::new("clerk@example.ru").administrator(false);
    let store = DepartmentBuilder::new("Склад").id(STORE.parse().expect("a GUID"));
    let first = organization(FIRST, "7705000010", "770501001", "Ромашка")
        .department(store)
        .employee(clerk.sees(["Склад".to_owned()]));
    let built = World::builder()
        .user(UserBuilder::new("anna@example.ru").name("Иванова", "Анна"))
        .user(UserBuilder::new("clerk@example.ru").token(CLERK))
        .everybody("anna@example.ru")
        .organization(first)
        .organization(organization(SECOND, "7810000019", "781001001", "Василёк"))
        .relation(
            FIRST.parse().expect("a box"),
            SECOND.parse().expect("a box"),
            RelationState::Counteragents,
        )
        .build();
    of(built.unwrap_or_else(|error| panic!("{error}"))).await
}

/// Asserts that the clerk may not do that for want of access to a document.
async fn denied<R: Request>(fake: &Fake, request: R) {
    let name = request.method().name;
    let told = try_send(fake, &request, Form::Json, CLERK).await.err();
    let expected = Refused {
        status: 403,
        code: "DocumentService.EmployeeCannotAccessDocument".to_owned(),
        text: "У вас нет доступа к документу".to_owned(),
    };
    assert_eq!(told, Some(expected), "{name}");
}

async fn draft(fake: &Fake, count: usize) -> Message {
    let mut documents = vec![contract("1"), contract("2")];
    documents.truncate(count);
    for one in &mut documents {
        one.signed_content.sign_with_test_signature = None;
    }
    let mut body = message(documents);
    body.is_draft = Some(true);
    send(fake, PostMessageV3::new(body)).await
}

fn order(draft: &Message, document: usize) -> DraftToSend {
    DraftToSend {
        box_id: address(FIRST),
        draft_id: draft.message_id.clone(),
        document_signatures: vec![DocumentSenderSignature {
            parent_entity_id: draft.entities[document].entity_id.clone(),
            sign_with_test_signature: Some(true),
            ..DocumentSenderSignature::default()
        }],
        ..DraftToSend::default()
    }
}

fn first(message: &Message) -> DocumentId {
    DocumentId {
        message_id: message.message_id.clone(),
        entity_id: message.entities[0].entity_id.clone(),
    }
}

/// A patch that takes a document of another message into the packet of a message.
fn joined(message: &Message, other: &Message) -> MessagePatchToPostV2 {
    MessagePatchToPostV2 {
        box_id: FIRST.to_owned(),
        message_id: message.message_id.clone(),
        edit_document_packet_commands: vec![EditDocumentPacketCommand {
            document_id: first(message).entity_id,
            add_documents_to_packet: vec![first(other)],
            remove_documents_from_packet: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    }
}

async fn to_store(fake: &Fake, message: &Message) {
    let call = MoveDocuments::new(DocumentsMoveOperation {
        box_id: address(FIRST),
        to_department_id: Some(STORE.to_owned()),
        document_ids: vec![first(message)],
    });
    send(fake, call).await;
}

#[tokio::test]
async fn what_is_deleted_of_a_draft_is_not_sent() {
    let fake = departments().await;
    let gone = draft(&fake, 1).await;
    send(&fake, Delete::new(FIRST, &gone.message_id)).await;
    let told = refused(&fake, SendDraft::new(order(&gone, 0))).await;
    assert_eq!(told.status, 409, "{}", told.text);
    let call = RecycleDraft::new(FIRST, &gone.message_id);
    assert_eq!(refused(&fake, call).await.status, 409);

    let two = draft(&fake, 2).await;
    let call = Delete::new(FIRST, &two.message_id).document_id(&two.entities[0].entity_id);
    send(&fake, call).await;
    let sent = send(&fake, SendDraft::new(order(&two, 1))).await;
    let documents = sent.entities.iter();
    assert_eq!(
        documents.filter(|one| one.document_info.is_some()).count(),
        1
    );
}

#[tokio::test]
async fn documents_of_other_departments_are_out_of_reach() {
    let fake = departments().await;
    let made = draft(&fake, 1).await;
    denied(&fake, SendDraft::new(order(&made, 0))).await;
    denied(&fake, RecycleDraft::new(FIRST, &made.message_id)).await;

    let posted = post(&fake, vec![contract("3")]).await;
    let mut linked = contract("4");
    linked.initial_document_ids.push(first(&posted));
    denied(&fake, PostMessageV3::new(message(vec![linked]))).await;
    let own = post(&fake, vec![contract("5")]).await;
    to_store(&fake, &own).await;
    denied(&fake, PostMessagePatchV4::new(joined(&own, &posted))).await;
    to_store(&fake, &posted).await;
    let call = PostMessagePatchV4::new(joined(&own, &posted));
    let done = try_send(&fake, &call, Form::Json, CLERK).await;
    done.unwrap_or_else(|told| panic!("{}", told.text));
}

/// A template by the second organization, of which the first one makes letters.
fn template(number: &str) -> TemplateToPost {
    let contract = contract(number);
    TemplateToPost {
        from_box_id: address(SECOND),
        to_box_id: address(FIRST),
        message_from_box_id: address(FIRST),
        message_to_box_id: address(SECOND),
        document_attachments: vec![TemplateDocumentAttachment {
            unsigned_content: UnsignedContent {
                content: contract.signed_content.content,
                ..UnsignedContent::default()
            },
            type_named_id: contract.type_named_id,
            metadata: contract.metadata,
            ..TemplateDocumentAttachment::default()
        }],
        ..TemplateToPost::default()
    }
}

#[tokio::test]
async fn templates_of_other_departments_are_out_of_reach() {
    let fake = departments().await;
    let made = send(&fake, PostTemplate::new(template("1"))).await;
    let document = made.entities[0].entity_id.clone();
    let call = TransformTemplateToMessage::new(TemplateTransformationToPost {
        box_id: address(FIRST),
        template_id: made.message_id.clone(),
        document_transformations: vec![DocumentTransformation {
            document_id: document.clone(),
            custom_document_id: None,
        }],
    });
    denied(&fake, call).await;
    let patch = TemplatePatchToPost {
        refusals: vec![TemplateRefusalAttachment {
            document_id: document,
            comment: None,
            labels: Vec::new(),
        }],
    };
    denied(
        &fake,
        PostTemplatePatch::new(FIRST, &made.message_id, patch.clone()),
    )
    .await;
    // The same body for another template is another operation: the document is none of it.
    let other = send(&fake, PostTemplate::new(template("2"))).await;
    let call = PostTemplatePatch::new(FIRST, &made.message_id, patch.clone());
    send(&fake, call).await;
    let call = PostTemplatePatch::new(FIRST, &other.message_id, patch);
    assert_eq!(refused(&fake, call).await.status, 400);
}

#[tokio::test]
async fn what_is_bound_or_gone_does_not_come_into_a_packet() {
    let fake = departments().await;
    let own = post(&fake, vec![contract("1")]).await;
    let mut body = message(vec![contract("2"), contract("3")]);
    body.lock_mode = Some(LockMode::Full as i32);
    let bound = send(&fake, PostMessageV3::new(body)).await;
    let told = refused(&fake, PostMessagePatchV4::new(joined(&own, &bound))).await;
    let code = "DocumentService.NotAllowedForLockedPacket";
    assert_eq!((told.status, told.code.as_str()), (409, code));
    let draft = draft(&fake, 1).await;
    let gone = post(&fake, vec![contract("4")]).await;
    send(&fake, Delete::new(FIRST, &gone.message_id)).await;
    for other in [&draft, &gone] {
        let call = PostMessagePatchV4::new(joined(&own, other));
        assert_eq!(refused(&fake, call).await.status, 404);
    }
}

#[tokio::test]
async fn who_may_not_do_it_may_not_repeat_it() {
    let fake = departments().await;
    let body = message(vec![contract("1")]);
    let posted = send(&fake, PostMessageV3::new(body.clone())).await;
    denied(&fake, PostMessageV3::new(body.clone())).await;
    let patch = MessagePatchToPostV2 {
        box_id: FIRST.to_owned(),
        message_id: posted.message_id.clone(),
        custom_data_patches: vec![CustomDataPatch {
            parent_entity_id: first(&posted).entity_id,
            key: "key".to_owned(),
            value: Some("value".to_owned()),
            ..CustomDataPatch::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    send(&fake, PostMessagePatchV4::new(patch.clone())).await;
    denied(&fake, PostMessagePatchV4::new(patch.clone())).await;
    to_store(&fake, &posted).await;
    for done in [
        try_send(&fake, &PostMessageV3::new(body), Form::Json, CLERK)
            .await
            .map(|_| ()),
        try_send(&fake, &PostMessagePatchV4::new(patch), Form::Json, CLERK)
            .await
            .map(|_| ()),
    ] {
        done.unwrap_or_else(|told| panic!("{}", told.text));
    }
}

/// The server's sentence says nothing of it.
#[tokio::test]
async fn what_is_behind_a_closed_feed_stands_in_the_reasons() {
    let fake = departments().await;
    let sentence = format!("Access to Box [{FIRST}] is denied");
    let call = GetNewEventsV8::new(FIRST);
    let told = try_send(&fake, &call, Form::Json, CLERK).await.unwrap_err();
    assert_eq!((told.status, told.text.as_str()), (403, sentence.as_str()));
    let reasons = fake.received().pop().unwrap().reasons;
    let behind = "the employee does not see the documents of every department: one that is seen, given \
                  as departmentId, has a feed of its own";
    assert_eq!(reasons, [format!("{sentence} ({behind})")]);
    let call = call.department_id(STORE);
    try_send(&fake, &call, Form::Json, CLERK).await.unwrap();
}
