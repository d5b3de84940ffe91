use std::time::{Duration, Instant};

use diadoc_core::{BoxId, DocumentStatus};
use diadoc_proto::DocumentAccessLevel;
use diadoc_proto::events::{
    DocumentAttachment, DocumentSignature, MessagePatchToPostV2, MessageToPost, MetadataItem,
    SignedContent,
};
use uuid::Uuid;

use super::{Category, Filter};
use crate::world::access::Actor;
use crate::world::build::{FIRST_BOX, SECOND_BOX};
use crate::world::feed::FeedFilter;
use crate::world::model::{Author, Department, Fact, Scope};
use crate::world::{HEAD_DEPARTMENT, World};

const USER: Uuid = uuid::uuid!("c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0");

fn attachment(number: usize) -> DocumentAttachment {
    let item = |key: &str, value: String| MetadataItem {
        key: key.to_owned(),
        value,
    };
    DocumentAttachment {
        signed_content: SignedContent {
            content: Some(format!("Договор {number}").into_bytes().into()),
            sign_with_test_signature: Some(true),
            ..SignedContent::default()
        },
        type_named_id: "Contract".to_owned(),
        metadata: vec![
            item("FileName", "contract.pdf".to_owned()),
            item("DocumentNumber", number.to_string()),
            item("DocumentDate", "29.05.2025".to_owned()),
        ],
        ..DocumentAttachment::default()
    }
}

fn message(number: usize) -> MessageToPost {
    MessageToPost {
        from_box_id: FIRST_BOX.address().to_string(),
        to_box_id: Some(SECOND_BOX.address().to_string()),
        document_attachments: vec![attachment(number)],
        ..MessageToPost::default()
    }
}

fn post(world: &mut World, message: &MessageToPost) -> Uuid {
    let posted = world.transact(|world| world.post_message(USER, message));
    posted.expect("it is posted")
}

fn actor(world: &World, box_id: BoxId) -> Actor {
    world.enter(USER, box_id).expect("the user may enter")
}

fn all(category: Category) -> Filter {
    Filter {
        category: Some(category),
        count: 100,
        ..Filter::default()
    }
}

/// Asserts that every row is as the state of its document, and that no document has two.
fn assert_current(world: &World) {
    let rows: Vec<_> = world.tables.documents.iter().collect();
    for ((box_id, key), row) in &rows {
        assert!(world.is_current(*box_id, *key, row), "{row:?}");
    }
    assert_eq!(rows.len(), world.tables.places.len());
}

#[test]
fn rows_move_with_what_happens_to_their_documents() {
    let mut world = World::default();
    let posted = post(&mut world, &message(1));
    let mut unsent = message(2);
    unsent.delay_send = Some(true);
    unsent.document_attachments[0]
        .signed_content
        .sign_with_test_signature = None;
    let unsent = post(&mut world, &unsent);
    assert_current(&world);
    let between = post(&mut world, &message(3));
    // By the moment when it was made it stands before the third one, sent it stands behind.
    let order = |world: &World| -> Vec<_> {
        let sender = actor(world, FIRST_BOX);
        let found = world.search(&sender, &all(Category::Outbound));
        let page = found.page.into_iter();
        page.map(|key| key.document.letter).collect()
    };
    assert_eq!(order(&world), [posted, unsent, between]);
    let document = world.tables.letters.get(&unsent).map(|letter| {
        let mut documents = letter.documents();
        documents.next().map(|(piece, _)| piece.id())
    });
    let document = document.flatten().expect("a document");
    let patch = MessagePatchToPostV2 {
        box_id: FIRST_BOX.address().to_string(),
        message_id: unsent.to_string(),
        signatures: vec![DocumentSignature {
            parent_entity_id: document.to_string(),
            sign_with_test_signature: Some(true),
            ..DocumentSignature::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    world
        .transact(|world| {
            let sender = actor(world, FIRST_BOX);
            world.patch_letter(&sender, unsent, patch.into())
        })
        .expect("it is signed");
    assert_current(&world);
    assert_eq!(order(&world), [posted, between, unsent]);
    let recipient = actor(&world, SECOND_BOX);
    let found = world.search(&recipient, &all(Category::Inbound));
    assert_eq!((found.total, found.is_cut), (3, false));
}

#[test]
fn employees_see_the_documents_of_their_departments() {
    let mut world = World::default();
    let posted = post(&mut world, &message(1));
    post(&mut world, &message(2));
    let department = world.new_id();
    let row = Department {
        parent: HEAD_DEPARTMENT,
        name: "Склад".to_owned(),
        abbreviation: "СК".to_owned(),
        kpp: None,
        address: None,
        routes_by_kpp: false,
        routes_by_address: false,
        created: world.now(),
    };
    let organization = world.tables.organizations.edit(&SECOND_BOX);
    organization
        .expect("an organization")
        .departments
        .insert(department, row);
    let document = world.tables.letters.get(&posted).map(|letter| {
        let mut documents = letter.documents();
        documents.next().map(|(piece, _)| piece.id())
    });
    let moved = Fact::Moved {
        box_id: SECOND_BOX,
        document: document.flatten().expect("a document"),
        department,
    };
    let scope = Scope::Only(SECOND_BOX);
    world
        .transact(|world| world.add_patch(posted, Author::Operator, scope, vec![moved]))
        .expect("it is moved");
    let employee = world.tables.employees.edit(&(SECOND_BOX, USER));
    let employee = employee.expect("an employee");
    employee.access = DocumentAccessLevel::DepartmentOnly;
    employee.department = department;
    let narrow = actor(&world, SECOND_BOX);
    let found = world.search(&narrow, &all(Category::Inbound));
    let letters: Vec<_> = found.page.iter().map(|key| key.document.letter).collect();
    assert_eq!(letters, [posted]);
    let filter = FeedFilter {
        limit: 100,
        ..FeedFilter::default()
    };
    // The letter itself came while the document lay elsewhere.
    let page = world.feed(&narrow, &filter);
    assert_eq!(page.events.len(), 1);
    assert!(!page.events[0].1.is_message);
    let other = world.tables.letters.iter().find(|(id, _)| **id != posted);
    let other = *other.expect("another letter").0;
    let refused = world.readable(&narrow, other).expect_err("it is closed");
    assert_eq!(refused.text, "У вас нет доступа к документу");
}

/// A page of a box with many documents, for a filter that few of them fit, takes no time to speak of.
///
/// `cargo test --release -p diadoc-fake lists::tests::many -- --ignored --nocapture`
#[test]
#[ignore = "it takes a while to post so many"]
fn many_documents_make_no_slow_pages() {
    let count: usize = std::env::var("DIADOC_DOCUMENTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(100_000);
    let mut world = World::default();
    let start = Instant::now();
    for number in 0..count {
        post(&mut world, &message(number));
    }
    println!("{count} documents posted in {:?}", start.elapsed());
    let recipient = actor(&world, SECOND_BOX);
    for status in [
        DocumentStatus::AnyStatus,
        DocumentStatus::RevocationAccepted,
    ] {
        let filter = Filter {
            statuses: vec![status.clone()],
            ..all(Category::Inbound)
        };
        let start = Instant::now();
        let found = world.search(&recipient, &filter);
        let took = start.elapsed();
        println!(
            "`{status}`: {} of {} in {took:?}",
            found.page.len(),
            found.total
        );
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}
