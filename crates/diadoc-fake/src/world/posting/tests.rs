//! What needs a world that the default one is not.

use diadoc_core::BoxId;
use diadoc_proto::documents::SenderSignatureStatus;
use diadoc_proto::events::{
    AttachmentType, DocumentAttachment, MessageToPost, MetadataItem, SignedContent,
};
use uuid::{Uuid, uuid};

use crate::world::model::{
    Action, Author, Department, DocumentKey, Fact, Letter, RelationState, Scope, Task,
};
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

const FIRST: Uuid = uuid!("1f208d03-2a60-4f64-91b1-b7aad54cfaf3");
const SECOND: Uuid = uuid!("7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946");
const THIRD: Uuid = uuid!("33333333-0000-4000-8000-000000000003");
const STORES: Uuid = uuid!("d0000000-0000-4000-8000-000000000001");
const SALES: Uuid = uuid!("d0000000-0000-4000-8000-000000000002");

fn box_of(id: Uuid) -> BoxId {
    BoxId::from_bytes(*id.as_bytes())
}

fn address(id: Uuid) -> String {
    box_of(id).address().to_string()
}

/// The default world, with departments in the first organization and a third organization.
fn world() -> (World, Uuid) {
    let mut world = World::default();
    let user = *world.tables.users.iter().next().unwrap().0;
    let since = world.now();
    let first = world.tables.organizations.edit(&box_of(FIRST)).unwrap();
    for (id, name) in [(STORES, "Склад"), (SALES, "Продажи")] {
        first.departments.insert(
            id,
            Department {
                parent: HEAD_DEPARTMENT,
                name: name.to_owned(),
                abbreviation: name.to_owned(),
                kpp: None,
                address: None,
                routes_by_kpp: false,
                routes_by_address: false,
                created: since,
            },
        );
    }
    let mut third = first.clone();
    third.id = THIRD;
    third.box_id = box_of(THIRD);
    third.is_test = false;
    world.tables.organizations.insert(box_of(THIRD), third);
    world.tables.commit();
    (world, user)
}

fn contract() -> DocumentAttachment {
    let item = |key: &str, value: &str| MetadataItem {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    DocumentAttachment {
        signed_content: SignedContent {
            content: Some(b"contract".as_slice().into()),
            signature: Some(b"signature".as_slice().into()),
            ..SignedContent::default()
        },
        type_named_id: "Contract".to_owned(),
        metadata: vec![
            item("FileName", "a.pdf"),
            item("DocumentNumber", "1"),
            item("DocumentDate", "29.05.2025"),
        ],
        ..DocumentAttachment::default()
    }
}

fn message() -> MessageToPost {
    MessageToPost {
        from_box_id: address(FIRST),
        to_box_id: Some(address(SECOND)),
        document_attachments: vec![contract()],
        ..MessageToPost::default()
    }
}

fn post(world: &mut World, user: Uuid, message: &MessageToPost) -> Result<Uuid, Refusal> {
    world.transact(|world| world.post_message(user, message))
}

fn letter(world: &World, id: Uuid) -> Letter {
    world.tables.letters.get(&id).unwrap().clone()
}

fn first_document(letter: &Letter) -> Uuid {
    letter.documents().next().unwrap().0.id()
}

#[test]
fn an_internal_letter_goes_from_department_to_department() {
    let (mut world, user) = world();
    let mut body = message();
    body.to_box_id = None;
    body.is_internal = Some(true);
    let required = |name: &str| format!("MessageToPost.{name} is required field.");
    let told = post(&mut world, user, &body).unwrap_err();
    assert_eq!(told.text, required("FromDepartmentId"));
    body.from_department_id = Some(STORES.to_string());
    let told = post(&mut world, user, &body).unwrap_err();
    assert_eq!(told.text, required("ToDepartmentId"));
    body.to_department_id = Some(STORES.to_string());
    assert_eq!(post(&mut world, user, &body).unwrap_err().status, 400);
    body.to_department_id = Some(SALES.to_string());
    let id = post(&mut world, user, &body).unwrap();
    let letter = letter(&world, id);
    let key = DocumentKey {
        letter: id,
        entity: first_document(&letter),
    };
    let state = world.state_of(box_of(FIRST), key).unwrap();
    assert!(state.delivered.is_some());
    assert_eq!(state.flags.department, SALES);
    let valid = SenderSignatureStatus::SenderSignatureCheckedAndValid;
    assert_eq!(state.sender_signature_status(), valid);
    let confirms = |kind| kind == AttachmentType::InvoiceConfirmation;
    assert!(
        !letter
            .pieces()
            .any(|piece| confirms(piece.entity.attachment_type()))
    );
}

#[test]
fn the_recipient_waits_for_the_signature_of_the_intermediate_one() {
    let (mut world, user) = world();
    let mut body = message();
    body.proxy_box_id = Some(address(THIRD));
    let id = post(&mut world, user, &body).unwrap();
    let has = |world: &World, side: Uuid| letter(world, id).seen_since(box_of(side)).is_some();
    assert!(has(&world, THIRD) && !has(&world, SECOND));
    // To deliver it again changes nothing.
    world.transact(|world| deliver(world, id)).unwrap();
    world.transact(|_| Ok(())).unwrap();
    assert!(!has(&world, SECOND));
    let proxy = letter(&world, id).proxy.unwrap();
    let document = first_document(&letter(&world, id));
    let signed = world.transact(|world| {
        let signing = world.signing_of("signature");
        let piece = world.signature(document, proxy, user, signing);
        let author = Author::User {
            box_id: proxy.box_id,
            user,
        };
        let facts = vec![Fact::Added(Box::new(piece))];
        world.add_patch(id, author, Scope::Everybody, facts)?;
        deliver(world, id)
    });
    signed.unwrap();
    world.transact(|_| Ok(())).unwrap();
    assert!(has(&world, SECOND));
}

fn deliver(world: &mut World, letter: Uuid) -> Result<(), Refusal> {
    world.later(std::time::Duration::ZERO, Task::Deliver { letter });
    Ok(())
}

#[test]
fn who_may_not_does_not() {
    let (mut world, user) = world();
    let key = (box_of(FIRST), user);
    let employee = world.tables.employees.edit(&key).unwrap();
    employee.is_administrator = false;
    employee.actions.remove(&Action::SignDocuments);
    world.tables.commit();
    let told = post(&mut world, user, &message()).unwrap_err();
    assert_eq!(
        (told.status, &*told.text),
        (403, "У вас нет права подписи в организации")
    );
    // What is sent later needs no right to sign.
    let mut body = message();
    body.delay_send = Some(true);
    body.document_attachments[0].signed_content.signature = None;
    post(&mut world, user, &body).unwrap();
    let employee = world.tables.employees.edit(&key).unwrap();
    employee.actions.clear();
    world.tables.commit();
    assert_eq!(post(&mut world, user, &body).unwrap_err().status, 403);
}

#[test]
fn who_does_not_want_letters_gets_none() {
    let (mut world, user) = world();
    let second = world.tables.organizations.edit(&box_of(SECOND)).unwrap();
    second.counteragents_only = true;
    let key = (box_of(SECOND), box_of(FIRST));
    world.tables.commit();
    post(&mut world, user, &message()).unwrap();
    world.tables.relations.edit(&key).unwrap().state = RelationState::IsInvitedByMe;
    world.tables.commit();
    let told = post(&mut world, user, &message()).unwrap_err();
    let text = "Recipient allows to receive messages only from counteragents";
    assert_eq!((told.status, &*told.text), (409, text));
    world.tables.relations.edit(&key).unwrap().state = RelationState::IsRejectedByMe;
    world.tables.commit();
    let told = post(&mut world, user, &message()).unwrap_err();
    let text = "Recipient forbids to receive messages from blocked senders";
    assert_eq!((told.status, &*told.text), (409, text));
}

#[test]
fn test_signatures_are_for_test_organizations() {
    let (mut world, user) = world();
    let first = world.tables.organizations.edit(&box_of(FIRST)).unwrap();
    first.is_test = false;
    world.tables.commit();
    let mut body = message();
    let content = &mut body.document_attachments[0].signed_content;
    content.signature = None;
    content.sign_with_test_signature = Some(true);
    assert_eq!(post(&mut world, user, &body).unwrap_err().status, 400);
}

#[test]
fn a_content_comes_from_the_shelf_once_it_is_whole() {
    let (mut world, user) = world();
    let mut body = message();
    let content = &mut body.document_attachments[0].signed_content;
    content.content = None;
    content.name_on_shelf = Some("__userId__/a.pdf".to_owned());
    let told = post(&mut world, user, &body).unwrap_err();
    let text = "MessageToPost.DocumentAttachments[0]: File 'a.pdf' not found in temporary file \
                storage";
    assert_eq!((told.status, &*told.text), (400, text));
    let put = |world: &mut World, part: (u32, &'static str), is_last| {
        let part = (part.0, part.1.into());
        world.put_on_shelf(user, "a.pdf", part, is_last).unwrap();
        world.tables.commit();
    };
    put(&mut world, (1, "two"), true);
    assert_eq!(post(&mut world, user, &body).unwrap_err().text, text);
    put(&mut world, (0, "one "), false);
    let id = post(&mut world, user, &body).unwrap();
    let letter = letter(&world, id);
    let content = letter.documents().next().unwrap().0.content.unwrap();
    assert_eq!(
        &world.tables.contents.get(&content.id).unwrap()[..],
        b"one two"
    );
}
