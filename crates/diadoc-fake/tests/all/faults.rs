//! What goes wrong as it was told to.

use std::time::{Duration, Instant};

use diadoc_fake::{Fake, Fault, Times};
use diadoc_proto::dss::{DssOperationStatus, DssSignResult};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::http::{Call, JSON, PROTOBUF};
use crate::{BOX, started};

fn call() -> Call {
    Call::get(format!("/V2/GetLastEvent?boxId={BOX}")).accept(JSON)
}

fn zip(document: &str) -> Call {
    let target = format!("/GenerateDocumentZip?boxId={BOX}&messageId={BOX}");
    Call::get(format!("{target}&documentId={document}&fullDocflow=true")).accept(JSON)
}

#[tokio::test]
async fn statuses() {
    let fake = started().await;
    for status in [400, 401, 402, 403, 404, 409, 410, 415, 500, 503] {
        fake.fault("GetLastEventV2", Fault::Status(status), 1)
            .unwrap();
        let came = call().send(&fake).await;
        assert_eq!((came.status, came.header("retry-after")), (status, None));
        assert!(!came.text().is_empty());
    }
    fake.plan("*=503:30*1".parse().unwrap()).unwrap();
    let came = call().send(&fake).await;
    assert_eq!((came.status, came.header("retry-after")), (503, Some("30")));
    assert_eq!(call().send(&fake).await.status, 200);
}

#[tokio::test]
async fn so_many_times_and_in_turn() {
    let fake = started().await;
    fake.fault("GetLastEventV2", Fault::TooManyRequests, 2)
        .unwrap();
    fake.fault("GetMessageV6", Fault::Status(410), Times::Always)
        .unwrap();
    fake.fault("*", Fault::Status(500), 1).unwrap();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let came = call().send(&fake).await;
        seen.push((came.status, came.header("retry-after").map(str::to_owned)));
    }
    let wait = (429, Some("1".to_owned()));
    assert_eq!(seen, [wait.clone(), wait, (500, None), (200, None)]);
    for _ in 0..3 {
        let asked = Call::get(format!("/V6/GetMessage?boxId={BOX}&messageId={BOX}"));
        let came = asked.send(&fake).await;
        assert_eq!(came.status, 410);
    }
    // A wrong call does not use a fault up.
    fake.fault("GetLastEventV2", Fault::Status(500), 1).unwrap();
    assert_eq!(Call::get("/V2/GetLastEvent").send(&fake).await.status, 400);
    assert_eq!(call().send(&fake).await.status, 500);
    let note = fake.received().pop().unwrap().note;
    assert_eq!(note.as_deref(), Some("fault: 500"));
}

#[tokio::test]
async fn not_ready_yet() {
    let fake = Fake::builder()
        .stateless()
        .retry_after(7)
        .start()
        .await
        .unwrap();
    // By itself the archive of each document is not ready once.
    for document in [BOX, "bcd62464-5b5d-44ff-93b0-ec6981b7cefe"] {
        let came = zip(document).send(&fake).await;
        assert_eq!((came.status, came.header("retry-after")), (204, Some("7")));
        assert!(came.body.is_empty());
        let name = zip(document).send(&fake).await.json()["ZipFileNameOnShelf"].clone();
        assert!(name.as_str().unwrap().starts_with("__userId__/"), "{name}");
    }
    fake.fault("GenerateDocumentZip", Fault::Pending, 2)
        .unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(zip(BOX).send(&fake).await.status);
    }
    assert_eq!(seen, [204, 204, 200]);
    // Other methods say it in another way.
    fake.fault("*", Fault::Pending, 3).unwrap();
    let target = format!("/GenerateDocumentProtocol?boxId={BOX}&messageId={BOX}&documentId={BOX}");
    let came = Call::get(target).send(&fake).await;
    assert_eq!((came.status, came.header("retry-after")), (200, Some("7")));
    assert!(came.body.is_empty());
    let came = Call::get(format!("/DssSignResult?boxId={BOX}&taskId={BOX}")).accept(PROTOBUF);
    let result: DssSignResult = came.send(&fake).await.message();
    assert_eq!(result.operation_status(), DssOperationStatus::InProgress);
    let came = call().send(&fake).await;
    assert_eq!((came.status, came.header("retry-after")), (204, Some("7")));
    // ... and once it is ready, the field says so.
    let came = Call::get(format!("/DssSignResult?boxId={BOX}&taskId={BOX}")).accept(PROTOBUF);
    let result: DssSignResult = came.send(&fake).await.message();
    assert_ne!(result.operation_status(), DssOperationStatus::InProgress);
}

#[tokio::test]
async fn cut_in_the_middle() {
    let fake = started().await;
    let whole = call().send(&fake).await;
    assert!(!whole.is_cut);
    fake.fault("GetLastEventV2", Fault::Cut, 1).unwrap();
    let came = call().send(&fake).await;
    assert!(came.is_cut);
    assert_eq!((came.status, came.body.len()), (200, whole.body.len() / 2));
    assert_eq!(came.body, whole.body[..whole.body.len() / 2]);
    // Where the method answers with nothing, something is promised all the same.
    fake.fault("*", Fault::Cut, 1).unwrap();
    let asked = Call::post(format!("/RecycleDraft?boxId={BOX}&draftId={BOX}"), JSON, "");
    let came = asked.send(&fake).await;
    assert!(came.is_cut && came.body.is_empty());
}

#[tokio::test]
async fn a_body_that_is_no_answer() {
    let fake = started().await;
    for form in [JSON, PROTOBUF] {
        fake.fault("GetLastEventV2", Fault::Garbage, 1).unwrap();
        let came = call().accept(form).send(&fake).await;
        assert_eq!(came.status, 200);
        assert!(came.header("content-type").unwrap().starts_with(form));
        use prost::Message as _;
        assert!(diadoc_proto::events::BoxEvent::decode(&came.body[..]).is_err());
        assert!(serde_json::from_slice::<serde_json::Value>(&came.body).is_err());
    }
}

#[tokio::test]
async fn slow() {
    let fake = Fake::builder()
        .stateless()
        .latency(Duration::from_millis(20));
    let fake = fake.start().await.unwrap();
    let start = Instant::now();
    assert_eq!(call().send(&fake).await.status, 200);
    let waited = start.elapsed();
    assert!(waited >= Duration::from_millis(20), "{waited:?}");
    // Being slow goes together with what comes next.
    fake.fault("*", Fault::Slow(Duration::from_millis(60)), 1)
        .unwrap();
    fake.fault("*", Fault::Status(500), 1).unwrap();
    let start = Instant::now();
    assert_eq!(call().send(&fake).await.status, 500);
    let waited = start.elapsed();
    assert!(waited >= Duration::from_millis(80), "{waited:?}");
    fake.fault("*", Fault::Slow(Duration::from_millis(1)), 1)
        .unwrap();
    assert_eq!(call().send(&fake).await.status, 200);
    let told = fake.received().into_iter().skip(1);
    let told: Vec<_> = told
        .map(|received| (received.note, received.remarks.concat()))
        .collect();
    let failed = (Some("fault: 500".to_owned()), "fault: slow:60".to_owned());
    assert_eq!(told, [failed, (None, "fault: slow:1".to_owned())]);
}

#[tokio::test]
async fn no_answer() {
    let fake = started().await;
    fake.fault("*", Fault::NoAnswer, Times::Always).unwrap();
    let waiting = tokio::time::timeout(Duration::from_millis(100), call().send(&fake));
    assert!(waiting.await.is_err());
    let received = fake.received();
    assert_eq!((received.len(), received[0].status), (1, None));
    // A fake that stops lets nobody wait.
    let address = fake.address();
    let waiting = tokio::spawn(call().send_to(address));
    while fake.received().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    fake.stop().await.unwrap();
    let came = tokio::time::timeout(Duration::from_secs(5), waiting).await;
    assert_eq!(came.unwrap().unwrap().status, 503);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_lost_answer() {
    let fake = started().await;
    fake.fault("ShelfUpload", Fault::Lost, 1).unwrap();
    let target = "/ShelfUpload?nameOnShelf=a&partIndex=0&isLastPart=1";
    let body = "POST {target} HTTP/1.1\r\nHost: fake\r\nAuthorization: Bearer t\r\n\
                Content-Length: 7\r\n\r\ncontent";
    let request = body.replace("{target}", target);
    let mut stream = tokio::net::TcpStream::connect(fake.address())
        .await
        .unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut came = Vec::new();
    let _ = stream.read_to_end(&mut came).await;
    assert!(came.is_empty(), "{}", String::from_utf8_lossy(&came));
    let received = fake.received();
    assert_eq!(received[0].note.as_deref(), Some("fault: lost"));
    assert_eq!(received[0].status, None);
    // The work is done.
    let call = Call::get("/ShelfDownload?nameOnShelf=a");
    assert_eq!(call.send(&fake).await.text(), "content");
}

#[tokio::test]
async fn a_storm() {
    let fake = started().await;
    fake.fault("GetLastEventV2", Fault::Storm(30), Times::Always)
        .unwrap();
    let mut refused = 0;
    for _ in 0..20 {
        let came = call().send(&fake).await;
        if came.status == 429 {
            assert_eq!(came.header("retry-after"), Some("1"));
            refused += 1;
        }
    }
    assert_eq!(refused, 6);
    // A burst, and then nothing more.
    let fake = started().await;
    fake.fault("*", Fault::Storm(100), 3).unwrap();
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(call().send(&fake).await.status);
    }
    assert_eq!(seen, [429, 429, 429, 200, 200]);
}
