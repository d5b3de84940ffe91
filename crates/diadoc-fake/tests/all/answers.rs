//! What a test puts in comes out.

use diadoc_fake::{Answer, Fake, FakeError, Fault};
use diadoc_proto::documents::{
    Document, DocumentList, DocumentParticipantInfo, DocumentParticipantV2,
};
use diadoc_proto::events::BoxEvent;
use prost::Message as _;
use serde_json::json;

use crate::http::{Call, JSON, PROTOBUF};
use crate::{BOX, started};

fn message(form: &str) -> Call {
    let guid = "bcd62464-5b5d-44ff-93b0-ec6981b7cefe";
    Call::get(format!("/V6/GetMessage?boxId={BOX}&messageId={guid}")).accept(form)
}

fn event(form: &str) -> Call {
    Call::get(format!("/V2/GetLastEvent?boxId={BOX}")).accept(form)
}

#[tokio::test]
async fn messages_in_both_forms() {
    let fake = started().await;
    let put = BoxEvent {
        event_id: "e".into(),
        index_key: Some("k".into()),
        ..BoxEvent::default()
    };
    fake.answer("GetLastEventV2", Answer::message(&put))
        .unwrap();
    let came: BoxEvent = event(PROTOBUF).send(&fake).await.message();
    assert_eq!(came, put);
    // As the server writes it: with the lists and the numbers that are not set.
    let body = event(JSON).send(&fake).await.json();
    assert_eq!(body["EventId"], "e");
    assert_eq!(body["IndexKey"], "k");
    let came: BoxEvent = diadoc_proto::json::from_str(&body.to_string()).unwrap();
    assert_eq!(came.event_id, "e");

    let json = json!({ "Documents": [], "TotalCount": 7, "HasMoreResults": false });
    fake.answer("GetDocumentsByMessageId", Answer::json(json.clone()))
        .unwrap();
    let target = format!("/GetDocumentsByMessageId?boxId={BOX}&messageId={BOX}");
    let came = Call::get(&target).accept(JSON).send(&fake).await;
    assert_eq!(came.json(), json);
    let list: DocumentList = Call::get(&target).send(&fake).await.message();
    assert_eq!(list.total_count, 7);
}

/// A field that only JSON has comes in JSON, and protobuf has nothing of it.
#[tokio::test]
async fn what_only_json_has() {
    let fake = started().await;
    let participant = DocumentParticipantInfo {
        participant: DocumentParticipantV2 {
            role: "default:sender".into(),
            ..DocumentParticipantV2::default()
        },
        recipient_response_status: Some(0),
    };
    let put = DocumentList {
        documents: vec![Document {
            participants: vec![participant],
            ..Document::default()
        }],
        ..DocumentList::default()
    };
    let method = "GetDocumentsByMessageId";
    let target = format!("/{method}?boxId={BOX}&messageId={BOX}");
    let body = diadoc_proto::json::to_string(&put).unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    for answer in [Answer::message(&put), Answer::json(body)] {
        fake.answer(method, answer).unwrap();
        let came = Call::get(&target).accept(JSON).send(&fake).await.json();
        let came: DocumentList = diadoc_proto::json::from_str(&came.to_string()).unwrap();
        assert_eq!(
            came.documents[0].participants,
            put.documents[0].participants
        );
        let came = Call::get(&target).accept(PROTOBUF).send(&fake).await;
        assert_eq!(came.body, put.encode_to_vec());
    }
}

/// Each answer has an id of its own, whatever it is; one that a test puts in stays.
#[tokio::test]
async fn ids_of_answers() {
    let fake = Fake::builder()
        .stateless()
        .token("right")
        .start()
        .await
        .unwrap();
    let right = |call: Call| call.with("Authorization", "Bearer right");
    fake.fault("GetMessageV6", Fault::Status(500), 1).unwrap();
    fake.fault("GetMessageV6", Fault::Garbage, 1).unwrap();
    fake.fault("GetMessageV6", Fault::Cut, 1).unwrap();
    let calls = [
        (event(JSON), 401),
        (right(event(JSON)), 200),
        (right(event(JSON)), 200),
        (right(message(JSON)), 500),
        (right(message(JSON)), 200),
        (right(message(JSON)), 200),
        (right(Call::get("/nothing")), 501),
        (right(Call::get("/V2/GetLastEvent")), 400),
    ];
    let mut ids = std::collections::BTreeSet::new();
    for (call, status) in calls {
        let came = call.send(&fake).await;
        assert_eq!(came.status, status);
        let id = came.header("x-kontur-trace-id").expect("an id").to_owned();
        assert!(!id.is_empty() && ids.insert(id), "{ids:?}");
    }
    assert_eq!(ids.len(), 8);
    let own = Answer::error(403, "no").header("X-Kontur-Trace-Id", "own");
    fake.answer("GetLastEventV2", own).unwrap();
    let came = right(event(JSON)).send(&fake).await;
    assert_eq!(came.header("x-kontur-trace-id"), Some("own"));
}

#[tokio::test]
async fn in_turn_and_for_good() {
    let fake = started().await;
    let event_of = |id: &str| BoxEvent {
        event_id: id.into(),
        ..BoxEvent::default()
    };
    let with_id = |id: &str| Answer::message(&event_of(id));
    fake.answer("GetLastEventV2", with_id("for good")).unwrap();
    fake.answer_next("GetLastEventV2", with_id("first"))
        .unwrap();
    fake.answer_next("GetLastEventV2", Answer::nothing().status(204))
        .unwrap();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let came = event(PROTOBUF).send(&fake).await;
        seen.push(match came.status {
            204 => "nothing".to_owned(),
            _ => came.message::<BoxEvent>().event_id,
        });
    }
    assert_eq!(seen, ["first", "nothing", "for good", "for good"]);
    assert_eq!(fake.received_of("GetLastEventV2").len(), 4);
    fake.reset();
    assert!(fake.received().is_empty());
    let came: BoxEvent = event(PROTOBUF).send(&fake).await.message();
    assert_ne!(came.event_id, "for good");
}

#[tokio::test]
async fn by_the_request() {
    let fake = started().await;
    let refusal =
        Answer::by(|request| Answer::error(403, format!("{:?}", request.parameter("boxId"))));
    fake.answer("GetLastEventV2", refusal).unwrap();
    let came = event(JSON).send(&fake).await;
    assert_eq!(came.status, 403);
    assert_eq!(came.text(), format!("Some({BOX:?})"));
    // An answer that does not fit says so.
    let wrong = Answer::by(|_| Answer::message(&DocumentList::default()));
    fake.answer("GetLastEventV2", wrong).unwrap();
    let came = event(JSON).send(&fake).await;
    assert_eq!(came.status, 500);
    came.says("GetLastEventV2 answers with Diadoc.Api.Proto.Events.BoxEvent");
}

#[tokio::test]
async fn files_and_headers() {
    let fake = started().await;
    let file = Answer::bytes("content")
        .file_name("акт №1.xml")
        .content_type("text/xml");
    fake.answer("GetEntityContentV4", file).unwrap();
    let target = format!("/V4/GetEntityContent?boxId={BOX}&messageId={BOX}&entityId={BOX}");
    let came = Call::get(target).accept(JSON).send(&fake).await;
    assert_eq!((came.status, came.text()), (200, "content"));
    assert_eq!(came.header("content-type"), Some("text/xml"));
    assert_eq!(
        came.header("content-disposition"),
        Some(
            "attachment; filename=\"___ _1.xml\"; \
             filename*=UTF-8''%D0%B0%D0%BA%D1%82%20%E2%84%961.xml"
        )
    );
    let refusal = Answer::error(409, "нет").header("X-Diadoc-ErrorCode", "Draft");
    fake.answer("GetMessageV6", refusal).unwrap();
    let came = message(JSON).send(&fake).await;
    assert_eq!((came.status, came.text()), (409, "нет"));
    assert_eq!(came.header("x-diadoc-errorcode"), Some("Draft"));
}

#[tokio::test]
async fn answers_that_do_not_fit() {
    let fake = started().await;
    let put = |method: &str, answer| fake.answer(method, answer).unwrap_err();
    let error = put("GetDocumentV3", Answer::message(&DocumentList::default()));
    assert_eq!(
        error.to_string(),
        "GetDocumentV3 answers with Diadoc.Api.Proto.Documents.Document, not with \
         Diadoc.Api.Proto.Documents.DocumentList"
    );
    let error = put("GetDocumentsV33", Answer::nothing());
    let error = error.to_string();
    assert!(error.contains("did you mean `GetDocumentsV3`"), "{error}");
    let error = put("GetDocumentsV3", Answer::json(json!({ "Documents": 1 })));
    assert!(error.to_string().contains("Documents: expected"), "{error}");
    let error = put("GetMessageV6", Answer::list([BoxEvent::default()]));
    assert!(matches!(error, FakeError::NoPages { .. }), "{error}");
    let error = put("GetDocumentsV3", Answer::list([BoxEvent::default()]));
    assert_eq!(
        error.to_string(),
        "GetDocumentsV3 lists Diadoc.Api.Proto.Documents.Document, not \
         Diadoc.Api.Proto.Events.BoxEvent"
    );
    let list = Answer::list([BoxEvent::default()]).empty_page_after(1);
    let error = put("GetNewEventsV8", list);
    assert!(matches!(error, FakeError::NoEmptyPages { .. }), "{error}");
    let error = put("GetMessageV6", Answer::nothing().status(99));
    assert!(matches!(error, FakeError::Status(99)), "{error}");
    let error = put("GetMessageV6", Answer::nothing().header("a b", "c"));
    assert!(matches!(error, FakeError::Header(_)), "{error}");
    fake.fault("GetMesage", Fault::Cut, 1).unwrap_err();
}

#[tokio::test]
async fn bodies_of_a_folder() {
    let folder = std::env::temp_dir().join(format!("diadoc-fake-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let manifest = |method: &str| {
        json!([{
            "file": "list.json", "message": "DocumentList", "direction": "response",
            "method": method
        }])
        .to_string()
    };
    let list = r#"{"TotalCount": 1, "Documents": [], "HasMoreResults": false}"#;
    write("list.json", list);
    write("manifest.json", &manifest("GetDocumentsByCustomId"));
    let fake = Fake::builder().fixtures(&folder).unwrap();
    let fake = fake.start().await.unwrap();
    let target = format!("/GetDocumentsByCustomId?boxId={BOX}&customDocumentId=1");
    let list: DocumentList = Call::get(target).send(&fake).await.message();
    assert_eq!(list.total_count, 1);

    write("manifest.json", &manifest("GetDocumentV3"));
    let error = Fake::builder().fixtures(&folder).unwrap_err().to_string();
    let wrong = "`GetDocumentV3` answers with `Diadoc.Api.Proto.Documents.Document`, not ";
    assert!(error.contains(wrong), "{error}");
    write("manifest.json", &manifest("GetDocumentsByCustomId"));
    write("list.json", r#"{"TotalCount": "one"}"#);
    let error = Fake::builder().fixtures(&folder).unwrap_err().to_string();
    assert!(error.contains("TotalCount: expected"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_folder_may_hold_protobuf_and_lines() {
    let folder = std::env::temp_dir().join(format!("diadoc-fake-forms-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, content: &[u8]| std::fs::write(folder.join(name), content).unwrap();
    let list = |count| DocumentList {
        total_count: count,
        ..DocumentList::default()
    };
    write("one.binpb", &list(1).encode_to_vec());
    write(
        "log.ndjson",
        b"\n{\"TotalCount\": 2}\r\n{\"TotalCount\": 3}\n",
    );
    let manifest = json!({"$schema": "manifest.schema.json", "bodies": [
        {"file": "*.binpb", "method": "GetDocumentsByMessageId"},
        {"file": "log.ndjson", "method": "GetDocumentsByCustomId"}
    ]});
    write("manifest.json", manifest.to_string().as_bytes());
    let fake = Fake::builder().fixtures(&folder).unwrap();
    let fake = fake.start().await.unwrap();
    for (target, count) in [
        (
            "GetDocumentsByMessageId?messageId=bcd62464-5b5d-44ff-93b0-ec6981b7cefe",
            1,
        ),
        ("GetDocumentsByCustomId?customDocumentId=1", 2),
    ] {
        let call = Call::get(format!("/{target}&boxId={BOX}"));
        let list: DocumentList = call.send(&fake).await.message();
        assert_eq!(list.total_count, count, "{target}");
    }

    write("one.binpb", b"\x0a\xff");
    let error = Fake::builder().fixtures(&folder).unwrap_err().to_string();
    let wrong = "one.binpb: this is no answer of GetDocumentsByMessageId: ";
    assert!(error.contains(wrong), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}
