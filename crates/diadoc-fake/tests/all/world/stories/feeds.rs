//! A month of documents comes page by page, each once.

use std::collections::BTreeSet;

use diadoc_api::docflows::GetDocflowEventsV5;
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::events::GetNewEventsV8;
use diadoc_fake::world::{LetterBuilder, OrganizationBuilder, UserBuilder, World};
use diadoc_proto::docflow::GetDocflowEventsRequest;

use super::{FIRST, FORMS, SECOND, Stage, box_of};

const LETTERS: usize = 250;

fn world() -> World {
    let built = World::builder()
        .user(UserBuilder::new("anna@example.ru").name("Иванова", "Анна"))
        .organization(
            OrganizationBuilder::new(box_of(FIRST), "7705000010", "Ромашка").kpp("770501001"),
        )
        .organization(
            OrganizationBuilder::new(box_of(SECOND), "7810000019", "Василёк").kpp("781001001"),
        )
        .letter(
            LetterBuilder::new(box_of(FIRST), box_of(SECOND))
                .when("2025-07-01T09:30:00Z".parse().expect("a moment"))
                .repeat(LETTERS),
        )
        .build();
    built.unwrap_or_else(|error| panic!("{error}"))
}

fn take(seen: &mut BTreeSet<String>, id: &str) {
    assert!(seen.insert(id.to_owned()), "{id} comes twice");
}

#[tokio::test]
async fn a_month_is_read_without_gaps() {
    for form in FORMS {
        let stage = Stage::of(world(), form).await;
        let mut listed = BTreeSet::new();
        let mut call = GetDocumentsV3::new(SECOND, "Any.Inbound").count(60);
        loop {
            let page = stage.send(call.clone()).await;
            assert_eq!(page.total_count as usize, LETTERS);
            let documents = page.documents.iter();
            documents.for_each(|one| take(&mut listed, &one.entity_id));
            let last = page.documents.last();
            let Some(last) = last.and_then(|one| one.index_key.clone()) else {
                break;
            };
            call.after_index_key = Some(last);
        }
        assert_eq!(listed.len(), LETTERS);

        let mut told = BTreeSet::new();
        let mut call = GetNewEventsV8::new(SECOND).limit(70);
        loop {
            let page = stage.send(call.clone()).await;
            let Some(last) = page.events.last() else {
                break;
            };
            call.after_index_key.clone_from(&last.index_key);
            for event in &page.events {
                take(&mut told, &event.event_id);
            }
        }
        assert_eq!(told.len(), LETTERS);

        let mut changed = BTreeSet::new();
        let mut documents = BTreeSet::new();
        let mut body = GetDocflowEventsRequest {
            limit: Some(90),
            ..GetDocflowEventsRequest::default()
        };
        loop {
            let call = GetDocflowEventsV5::new(SECOND, body.clone());
            let page = stage.send(call).await;
            let Some(last) = page.events.last() else {
                break;
            };
            body.after_index_key = Some(last.index_key.clone());
            for event in &page.events {
                take(&mut changed, &event.event_id);
                documents.insert(event.document_id.entity_id.clone());
            }
        }
        assert_eq!(documents, listed);
    }
}
