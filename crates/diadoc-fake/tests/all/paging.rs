//! Lists in pages, each in the way of its method.

use bytes::Bytes;
use diadoc_fake::{Answer, Fake};
use diadoc_proto::docflow::{
    DocumentWithDocflowV4, FetchedDocumentV4, GetDocflowsByPacketIdRequest,
    GetDocflowsByPacketIdResponseV4, SearchDocflowsResponseV4,
};
use diadoc_proto::documents::{Document, DocumentList};
use prost::Message as _;
use serde_json::{Value, json};

use crate::http::{Call, JSON, PROTOBUF};
use crate::{BOX, started};

fn documents(count: usize) -> Vec<Document> {
    let document = |number: usize| Document {
        message_id: number.to_string(),
        ..Document::default()
    };
    (0..count).map(document).collect()
}

fn encoded(value: &str) -> String {
    diadoc_api::query::percent_encoded(value)
}

#[tokio::test]
async fn by_the_key_of_the_last_item() {
    let fake = started().await;
    fake.answer("GetDocumentsV3", Answer::list(documents(250)))
        .unwrap();
    let target = format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound");
    let (mut seen, mut sizes, mut key) = (Vec::new(), Vec::new(), String::new());
    loop {
        let call = Call::get(format!("{target}&afterIndexKey={}", encoded(&key)));
        let list: DocumentList = call.send(&fake).await.message();
        assert_eq!(list.total_count, 250);
        sizes.push(list.documents.len());
        let read = seen.len() + list.documents.len();
        assert_eq!(list.has_more_results(), read < 250);
        let Some(last) = list.documents.last() else {
            break;
        };
        key = last.index_key().to_owned();
        seen.extend(list.documents);
    }
    assert_eq!(sizes, [100, 100, 50, 0]);
    let seen = seen.into_iter().map(|document| document.message_id);
    assert!(seen.eq((0..250).map(|number| number.to_string())));
    // The key holds what a query eats when it is not encoded.
    let call = Call::get(format!("{target}&afterIndexKey={key}"));
    let came = call.send(&fake).await;
    assert_eq!(came.status, 400);
    came.says("is no place in this list");
    // A smaller page, in JSON.
    let call = Call::get(format!("{target}&count=7")).accept(JSON);
    let came = call.send(&fake).await.json();
    assert_eq!(came["Documents"].as_array().unwrap().len(), 7);
    assert_eq!(came["HasMoreResults"], true);
}

#[tokio::test]
async fn own_keys_stay() {
    let fake = started().await;
    let mut items = documents(2);
    for (document, key) in items.iter_mut().zip(["a", "b"]) {
        document.index_key = Some(key.into());
    }
    fake.answer("GetDocumentsV4", Answer::list(items)).unwrap();
    let target = format!("/V4/GetDocuments?boxId={BOX}");
    let body = r#"{"DocumentCategory": "Incoming", "AfterIndexKey": "a"}"#;
    let call = Call::post(target, JSON, body).accept(JSON);
    let came = call.send(&fake).await;
    assert_eq!(came.status, 200, "{}", came.text());
    assert_eq!(came.json()["Documents"][0]["IndexKey"], "b");
    assert_eq!(came.json()["Documents"].as_array().unwrap().len(), 1);
}

/// A page of GetDocflowsByPacketId, whose pages may be empty.
async fn packet(fake: &Fake, key: Option<Bytes>) -> GetDocflowsByPacketIdResponseV4 {
    let body = GetDocflowsByPacketIdRequest {
        packet_id: BOX.into(),
        count: Some(60),
        after_index_key: key,
        ..GetDocflowsByPacketIdRequest::default()
    };
    let target = format!("/V4/GetDocflowsByPacketId?boxId={BOX}");
    let call = Call::post(target, PROTOBUF, body.encode_to_vec());
    call.send(fake).await.message()
}

#[tokio::test]
async fn by_a_key_of_the_page_with_an_empty_one() {
    let fake = started().await;
    let items = (0..250).map(|_| FetchedDocumentV4::default());
    let list = Answer::list(items)
        .empty_page_after(120)
        .empty_page_after(0);
    fake.answer("GetDocflowsByPacketIdV4", list).unwrap();
    let (mut sizes, mut key) = (Vec::new(), None);
    loop {
        let page = packet(&fake, key).await;
        sizes.push(page.documents.len());
        key = page.next_page_index_key;
        if key.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [0, 60, 60, 0, 60, 60, 10]);
}

#[tokio::test]
async fn by_a_number_of_items_with_an_empty_page() {
    let fake = started().await;
    let items = (0..250).map(|_| DocumentWithDocflowV4::default());
    let list = Answer::list(items).empty_page_after(120);
    fake.answer("SearchDocflowsV4", list).unwrap();
    let (mut sizes, mut offset) = (Vec::new(), 0);
    loop {
        let body = json!({ "QueryString": "q", "Count": 50, "FirstIndex": offset });
        let target = format!("/V4/SearchDocflows?boxId={BOX}");
        let call = Call::post(target, JSON, body.to_string());
        let page: SearchDocflowsResponseV4 = call.accept(PROTOBUF).send(&fake).await.message();
        let size = page.documents.len();
        sizes.push(size);
        offset += if size == 0 { 50 } else { size };
        if !page.have_more_documents() {
            break;
        }
    }
    assert_eq!(sizes, [50, 50, 20, 0, 50, 50, 30]);
}

#[tokio::test]
async fn by_the_number_of_the_page() {
    let fake = started().await;
    let groups = (0..5).map(|number| json!({ "Id": BOX, "Name": number.to_string() }));
    fake.answer("GetCounteragentGroups", Answer::list_json(groups))
        .unwrap();
    let target = format!("/GetCounteragentGroups?boxId={BOX}&count=2");
    let mut names = Vec::new();
    for page in 1..=4 {
        let call = Call::get(format!("{target}&page={page}")).accept(JSON);
        let came = call.send(&fake).await.json();
        assert_eq!(came["TotalCount"], 5);
        let groups = came["Groups"].as_array().unwrap().iter();
        let these: Vec<_> = groups
            .map(|group| group["Name"].as_str().unwrap())
            .collect();
        names.push(these.join(" "));
    }
    assert_eq!(names, ["0 1", "2 3", "4", ""]);
}

#[tokio::test]
async fn lists_of_texts_and_keys_that_are_guids() {
    let fake = started().await;
    let boxes = (0..3).map(|number| Value::from(format!("box {number}")));
    fake.answer("GetCounteragentsFromGroup", Answer::list_json(boxes))
        .unwrap();
    let target =
        format!("/GetCounteragentsFromGroup?boxId={BOX}&counteragentGroupId={BOX}&count=2");
    let first = Call::get(&target).accept(JSON).send(&fake).await.json();
    assert_eq!(first["CounteragentBoxId"], json!(["box 0", "box 1"]));
    let key = encoded(first["AfterIndexKey"].as_str().unwrap());
    let call = Call::get(format!("{target}&afterIndexKey={key}")).accept(JSON);
    let second = call.send(&fake).await;
    assert_eq!(second.json()["CounteragentBoxId"], json!(["box 2"]));

    let events = (0..3).map(|_| diadoc_proto::events::BoxEvent::default());
    fake.answer("GetNewEventsV6", Answer::list(events)).unwrap();
    let target = format!("/V6/GetNewEvents?boxId={BOX}");
    let all = Call::get(&target).accept(JSON).send(&fake).await.json();
    let id = all["Events"][1]["EventId"].as_str().unwrap();
    let call = Call::get(format!("{target}&afterEventId={id}")).accept(JSON);
    let came = call.send(&fake).await;
    assert_eq!(came.status, 200, "{}", came.text());
    assert_eq!(came.json()["Events"].as_array().unwrap().len(), 1);
}

/// The documented list is paged as well, so that whoever reads it to its end comes to one.
#[tokio::test]
async fn the_documented_list_ends() {
    let fake = started().await;
    let target = format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound&count=1");
    let mut key = String::new();
    for left in [1, 0] {
        let call = Call::get(format!("{target}&afterIndexKey={}", encoded(&key)));
        let list: DocumentList = call.send(&fake).await.message();
        assert_eq!(list.documents.len(), 1);
        assert_eq!(list.has_more_results(), left == 1);
        key = list.documents[0].index_key().to_owned();
    }
    let call = Call::get(format!("{target}&afterIndexKey={}", encoded(&key)));
    let list: DocumentList = call.send(&fake).await.message();
    assert!(list.documents.is_empty());
}
