//! Lists to their end.

use diadoc_api::counteragents::{GetCounteragentGroups, GetCounteragentsFromGroup};
use diadoc_api::docflows::{GetDocflowsByPacketIdV4, SearchDocflowsV4};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_fake::Answer;
use diadoc_proto::DocumentId;
use diadoc_proto::docflow::{
    DocumentWithDocflowV4, FetchedDocumentV4, GetDocflowsByPacketIdRequest, SearchDocflowsRequest,
};
use diadoc_proto::documents::Document;
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use super::{BOTH, BOX, client_of, started};

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

fn documents(count: usize) -> impl Iterator<Item = Document> {
    numbers(count).into_iter().map(|number| Document {
        message_id: number,
        ..Document::default()
    })
}

fn docflows(count: usize) -> impl Iterator<Item = DocumentWithDocflowV4> {
    numbers(count)
        .into_iter()
        .map(|number| DocumentWithDocflowV4 {
            document_id: DocumentId {
                message_id: number,
                ..DocumentId::default()
            },
            ..DocumentWithDocflowV4::default()
        })
}

#[tokio::test]
async fn by_the_key_of_the_last_item() {
    for wire in BOTH {
        let fake = started().await;
        fake.answer("GetDocumentsV3", Answer::list(documents(250)))
            .unwrap();
        let first = GetDocumentsV3::new(BOX, "Any.Inbound");
        let pages = client_of(&fake, wire).pages(first);
        let all: Vec<_> = pages.try_collect().await.unwrap();
        let seen = all.into_iter().map(|document| document.message_id);
        assert!(seen.eq(numbers(250)));
        // Three pages, or four where the end shows in an empty one.
        assert!((3..=4).contains(&fake.received().len()));
    }
}

/// A page without items is not the end of these.
#[tokio::test]
async fn past_an_empty_page() {
    for wire in BOTH {
        let fake = started().await;
        let client = client_of(&fake, wire);
        let fetched = docflows(250).map(|document| FetchedDocumentV4 {
            document,
            ..FetchedDocumentV4::default()
        });
        let packet = Answer::list(fetched).empty_page_after(100);
        fake.answer("GetDocflowsByPacketIdV4", packet).unwrap();
        let found = Answer::list(docflows(250)).empty_page_after(100);
        fake.answer("SearchDocflowsV4", found).unwrap();

        let packet = GetDocflowsByPacketIdRequest {
            packet_id: BOX.into(),
            ..GetDocflowsByPacketIdRequest::default()
        };
        let pages = client.pages(GetDocflowsByPacketIdV4::new(BOX, packet));
        let all: Vec<_> = pages.try_collect().await.unwrap();
        let seen = all
            .into_iter()
            .map(|one| one.document.document_id.message_id);
        assert!(seen.eq(numbers(250)));
        assert_eq!(fake.received_of("GetDocflowsByPacketIdV4").len(), 4);

        let search = SearchDocflowsRequest {
            query_string: "q".into(),
            ..SearchDocflowsRequest::default()
        };
        let pages = client.pages(SearchDocflowsV4::new(BOX, search));
        let all: Vec<_> = pages.try_collect().await.unwrap();
        let seen = all.into_iter().map(|one| one.document_id.message_id);
        assert!(seen.eq(numbers(250)));
        assert_eq!(fake.received_of("SearchDocflowsV4").len(), 4);
    }
}

#[tokio::test]
async fn by_the_number_of_the_page_and_of_texts() {
    for wire in BOTH {
        let fake = started().await;
        let client = client_of(&fake, wire);
        let groups = (0..250).map(|number| json!({ "Id": BOX, "Name": number.to_string() }));
        fake.answer("GetCounteragentGroups", Answer::list_json(groups))
            .unwrap();
        let pages = client.pages(GetCounteragentGroups::new(BOX).count(40));
        let all: Vec<_> = pages.try_collect().await.unwrap();
        assert_eq!(all.len(), 250);
        let boxes = numbers(250).into_iter().map(Value::from);
        fake.answer("GetCounteragentsFromGroup", Answer::list_json(boxes))
            .unwrap();
        let pages = client.pages(GetCounteragentsFromGroup::new(BOX, BOX));
        let all: Vec<String> = pages.try_collect().await.unwrap();
        assert_eq!(all, numbers(250));
    }
}
