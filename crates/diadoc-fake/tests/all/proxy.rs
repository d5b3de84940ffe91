//! The proxy in front of a fake that plays the server, over real sockets.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use diadoc_api::{Form, METHODS};
use diadoc_fake::{Answer, Exchange, Fake, Fault, Proxy, example_call, manifest};
use diadoc_proto::documents::DocumentList;
use diadoc_proto::events::Message;
use diadoc_schema::{Checks, Example, Schema, Severity};
use prost::Message as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::every_method::in_form;
use crate::http::{Call, JSON, PROTOBUF};
use crate::{BOX, started};

/// What must never be written: ids, names, numbers, a token.
const MARKERS: &[&str] = &[
    BOX,
    "1f208d032a604f6491b1b7aad54cfaf3",
    "Ромашка",
    "Ивановский",
    "9500000005",
    "950000000505",
    "MarkerComment",
    "MarkerContent",
    "some-token",
    "MarkerPassword",
    "ivanov@example.org",
];

fn any_port() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

async fn recording(fake: &Fake, folder: &Path) -> Proxy {
    let proxy = Proxy::builder(fake.url()).record(folder).seed("a seed");
    proxy.start_at(any_port()).await.expect("a proxy")
}

fn bodies(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut bodies: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(path).expect("a file"))
        })
        .collect();
    bodies.sort();
    bodies
}

fn names(folder: &Path) -> Vec<String> {
    bodies(folder).into_iter().map(|(name, _)| name).collect()
}

/// Asserts that nothing in the folder has a marker in it, in plain or in base64.
#[track_caller]
fn holds_no_data(folder: &Path) {
    for (name, body) in bodies(folder) {
        for marker in MARKERS {
            let marked = |bytes: &[u8]| {
                let mut parts = bytes.windows(marker.len());
                parts.any(|part| part.eq_ignore_ascii_case(marker.as_bytes()))
            };
            let text = String::from_utf8_lossy(&body);
            assert!(
                !marked(&body) && !name.contains(marker),
                "{marker} in {name}: {text}"
            );
            let strings = text
                .split('"')
                .filter_map(|text| diadoc_core::base64::decode(text.as_bytes()));
            strings.for_each(|bytes| assert!(!marked(&bytes), "{marker} in base64 in {name}"));
        }
    }
}

fn post_message() -> Value {
    json!({
        "FromBoxId": format!("{}@diadoc.ru", BOX.replace('-', "")),
        "ToBoxId": "d7b9e5f0-36ab-4a4b-93b4-36d6a8d7a1c2",
        "DocumentAttachments": [{
            "SignedContent": {
                "Content": diadoc_core::base64::encode_to_string(b"MarkerContent"),
                "SignWithTestSignature": true
            },
            "TypeNamedId": "Nonformalized",
            "Comment": "MarkerComment Ромашка",
            "Metadata": [
                {"Key": "FileName", "Value": "Ромашка 9500000005.pdf"},
                {"Key": "DocumentNumber", "Value": "Ивановский-1"}
            ]
        }],
        "Unheard": {"Inn": 950000000505_i64, "Email": "ivanov@example.org"}
    })
}

fn documents(target: &str) -> Call {
    Call::get(format!(
        "/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound{target}"
    ))
}

#[tokio::test]
async fn passes_on_what_comes() {
    let fake = started().await;
    let proxy = Proxy::builder(fake.url() + "/");
    let proxy = proxy.start_at(any_port()).await.unwrap();
    let list = Answer::json(json!({"TotalCount": 7, "HasMoreResults": false}));
    fake.answer("GetDocumentsV3", list.header("X-Own", "own"))
        .unwrap();
    let call = documents("&department=%D0%90%2B")
        .accept(JSON)
        .with("X-Of-Client", "a");
    let call = call
        .with("Accept-Encoding", "gzip")
        .with("Expect", "100-continue");
    let came = call.send_to(proxy.address()).await;
    assert_eq!((came.status, came.header("x-own")), (400, None));
    let call = documents("&count=5").accept(JSON).with("X-Of-Client", "a");
    let call = call
        .with("Accept-Encoding", "gzip")
        .with("Keep-Alive", "timeout=5");
    let came = call.send_to(proxy.address()).await;
    assert_eq!((came.status, came.header("x-own")), (200, Some("own")));
    assert_eq!(came.json()["TotalCount"], 7);
    let received = fake.received();
    let received = received.last().unwrap();
    assert_eq!(received.parameter("count"), Some("5"));
    assert_eq!(received.header("x-of-client"), Some("a"));
    assert_eq!(received.header("accept-encoding"), Some("identity"));
    assert_eq!(received.header("keep-alive"), None);
    assert_eq!(received.header("host"), fake.url().strip_prefix("http://"));
    assert_eq!(fake.received()[0].parameter("department"), Some("А+"));

    let call = documents("").accept(PROTOBUF);
    let list: DocumentList = call.send_to(proxy.address()).await.message();
    assert_eq!(list.total_count, 7);
    let body = post_message().to_string();
    let call = Call::post("/V3/PostMessage", JSON, body.clone());
    call.send_to(proxy.address()).await;
    assert_eq!(fake.received_of("PostMessageV3")[0].body, body);
}

#[tokio::test]
async fn reports_both_directions() {
    let fake = started().await;
    let seen: Arc<Mutex<Vec<Exchange>>> = Arc::default();
    let keep = seen.clone();
    let proxy = Proxy::builder(fake.url())
        .on_exchange(move |exchange| keep.lock().unwrap().push(exchange.clone()));
    let proxy = proxy.start_at(any_port()).await.unwrap();
    let odd = Answer::bytes(r#"{"TotalCount": "x", "Unheard": 1}"#).content_type(JSON);
    fake.answer("GetDocumentsV3", odd).unwrap();
    fake.fault("GetMessageV6", Fault::Cut, 1).unwrap();
    documents("").accept(JSON).send_to(proxy.address()).await;
    let body = post_message().to_string();
    Call::post("/V3/PostMessage", JSON, body)
        .send_to(proxy.address())
        .await;
    Call::get("/V3/GetDocuments?boxId=x")
        .send_to(proxy.address())
        .await;
    let came = Call::get("/Nothing?token=some-token")
        .send_to(proxy.address())
        .await;
    assert_eq!(came.status, 501);
    let cut = Call::get(format!("/V6/GetMessage?boxId={BOX}&messageId={BOX}"));
    let cut = cut.send_to(proxy.address()).await;
    assert_eq!(cut.status, 502);
    cut.says("the proxy got no answer of the server: ");

    let summary = proxy.stop().await.unwrap();
    assert_eq!(
        (summary.requests, summary.unknown, summary.unanswered),
        (5, 1, 1)
    );
    assert_eq!((summary.wrong_requests, summary.wrong_responses), (2, 1));
    assert_eq!((summary.refused, summary.files), (3, 0));
    let seen = seen.lock().unwrap();
    let response = seen[0].response.as_ref().unwrap();
    let paths: Vec<_> = response
        .findings
        .iter()
        .map(|finding| &*finding.path)
        .collect();
    assert!(
        paths.contains(&"TotalCount") && paths.contains(&"Unheard"),
        "{paths:?}"
    );
    let request = seen[1].request.as_ref().unwrap();
    assert!(
        request
            .findings
            .iter()
            .any(|finding| finding.path == "Unheard")
    );
    assert!(
        seen[2]
            .violations
            .iter()
            .any(|one| one.parameter == "boxId")
    );
    assert_eq!((seen[3].method, &*seen[3].path), (None, "/Nothing"));
    assert!(seen[3].notes[0].starts_with("no method has the path /Nothing"));
    let shown = format!("{seen:?}");
    assert!(!shown.contains("some-token"), "{shown}");
}

#[tokio::test]
async fn a_recording_is_served_again() {
    let fake = started().await;
    let folder = TempDir::new().unwrap();
    let proxy = recording(&fake, folder.path()).await;
    let message = json!({
        "MessageId": "d7b9e5f0-36ab-4a4b-93b4-36d6a8d7a1c2",
        "FromTitle": "ООО «Ромашка»",
        "FromBoxId": format!("{}@diadoc.ru", BOX.replace('-', "")),
        "Entities": [{
            "EntityType": "Attachment",
            "EntityId": BOX,
            "FileName": "Ромашка 9500000005.pdf",
            "Content": {"Size": 13, "Data": diadoc_core::base64::encode_to_string(b"MarkerContent")}
        }]
    });
    let mut body = post_message();
    body.as_object_mut().unwrap().remove("Unheard");
    fake.answer("PostMessageV3", Answer::json(message)).unwrap();
    let mut came = Vec::new();
    for accept in [JSON, PROTOBUF] {
        let call = Call::post("/V3/PostMessage", JSON, body.to_string());
        came.push(call.accept(accept).send_to(proxy.address()).await);
        let last = &came[came.len() - 1];
        assert_eq!(last.status, 200, "{}", String::from_utf8_lossy(&last.body));
        let loaded = manifest::load(folder.path(), Schema::diadoc()).expect("it holds");
        assert_eq!(loaded.fixtures.len(), 2 * came.len());
    }
    let original: Message = came[1].message();
    assert_eq!(original.from_title, "ООО «Ромашка»");
    drop(proxy);
    holds_no_data(folder.path());
    assert_eq!(
        names(folder.path()),
        [
            "0001_PostMessageV3_request.json",
            "0001_PostMessageV3_response.json",
            "0002_PostMessageV3_request.json",
            "0002_PostMessageV3_response.bin",
            "manifest.json",
        ]
    );
    let loaded = manifest::load(folder.path(), Schema::diadoc()).unwrap();
    assert_eq!(loaded.unnamed().files, [] as [&Path; 0]);
    // Both forms say the same, and the box of the request is that of the answer.
    let read = |place: usize| fs::read(&loaded.fixtures[place].file).unwrap();
    let (sent, json) = (read(0), read(1));
    let (sent, json): (Value, Value) = (
        serde_json::from_slice(&sent).unwrap(),
        serde_json::from_slice(&json).unwrap(),
    );
    let message = Message::decode(&*read(3)).unwrap();
    assert_eq!(sent["FromBoxId"], json["FromBoxId"]);
    assert_eq!(json["FromBoxId"], message.from_box_id);
    assert_eq!(
        sent["DocumentAttachments"][0]["TypeNamedId"],
        "Nonformalized"
    );
    let again = Fake::builder().fixtures(folder.path()).unwrap();
    let again = again.start().await.unwrap();
    let call = Call::post("/V3/PostMessage", JSON, sent.to_string()).accept(PROTOBUF);
    let served: Message = call.send_to(again.address()).await.message();
    // The fake adds what the server does to JSON, the first body of the method.
    assert_eq!(served.message_id, message.message_id);
    assert_eq!(served.from_title, message.from_title);
    assert_eq!(served.entities[0].content, message.entities[0].content);
}

#[tokio::test]
async fn every_method_can_be_recorded() {
    let fake = started().await;
    let folder = TempDir::new().unwrap();
    let proxy = recording(&fake, folder.path()).await;
    for method in METHODS {
        for form in [Form::Json, Form::Protobuf] {
            let call = in_form(&example_call(method, Example::Minimal), form);
            let config = diadoc_api::Config::new().bearer("some-token").unchecked();
            let request = diadoc_api::Request::to_http(&call, &config, form).unwrap();
            Call::of(&request).send_to(proxy.address()).await;
        }
    }
    let summary = proxy.stop().await.unwrap();
    assert_eq!((summary.requests, summary.unknown), (2 * METHODS.len(), 0));
    assert_eq!((summary.wrong_requests, summary.unanswered), (0, 0));
    holds_no_data(folder.path());
    let loaded = manifest::load(folder.path(), Schema::diadoc()).unwrap();
    assert_eq!(loaded.unnamed().files, [] as [&Path; 0]);
    assert!(loaded.fixtures.len() > METHODS.len());
    for fixture in loaded.fixtures {
        assert_eq!(fixture.refused_at, None, "{}", fixture.file.display());
        let message = Schema::diadoc().message(&fixture.message).unwrap();
        let body = fs::read(&fixture.file).unwrap();
        let report = Checks::new(fixture.direction).check(&message, fixture.form, &body);
        let errors: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", fixture.file.display());
    }
    let _ = Fake::builder().fixtures(folder.path()).unwrap();
}

#[tokio::test]
async fn what_is_wrong_is_recorded_as_such() {
    let fake = started().await;
    let folder = TempDir::new().unwrap();
    let proxy = recording(&fake, folder.path()).await;
    let broken = json!({"FromBoxId": "Ромашка", "DocumentAttachments": 1});
    let call = Call::post("/V3/PostMessage", JSON, broken.to_string());
    assert_eq!(call.send_to(proxy.address()).await.status, 400);
    let call = Call::post("/V3/PostMessage", JSON, "{\"FromBoxId\": Ромашка");
    assert_eq!(call.send_to(proxy.address()).await.status, 400);
    let sentence =
        "Box 1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru of \"Ромашка\" (9500000005) is unknown";
    fake.answer("GetDocumentsV3", Answer::error(404, sentence))
        .unwrap();
    documents("").send_to(proxy.address()).await;
    // Nobody writes down what an identity server is asked, or what signs in.
    let form = "grant_type=refresh_token&refresh_token=some-token&client_id=a&client_secret=b";
    let call = Call::post("/connect/token", "application/x-www-form-urlencoded", form);
    assert_eq!(call.send_to(proxy.address()).await.status, 200);
    let login = json!({"login": "ivanov@example.org", "password": "MarkerPassword"});
    fake.answer("AuthenticateV3", Answer::text("some-token"))
        .unwrap();
    let call = Call::post("/V3/Authenticate?type=password", JSON, login.to_string());
    let came = call.with("Authorization", "DiadocAuth ddauth_api_client_id=id");
    assert_eq!(came.send_to(proxy.address()).await.text(), "some-token");
    fake.answer("GetEntityContentV4", Answer::bytes("MarkerContent"))
        .unwrap();
    let target = format!("/V4/GetEntityContent?boxId={BOX}&messageId={BOX}&entityId={BOX}");
    assert_eq!(Call::get(target).send_to(proxy.address()).await.status, 200);
    drop(proxy);
    holds_no_data(folder.path());
    assert_eq!(
        names(folder.path()),
        [
            "0001_PostMessageV3_request.json",
            "0001_PostMessageV3_response.400.txt",
            "0002_PostMessageV3_response.400.txt",
            "0003_GetDocumentsV3_response.404.txt",
            "0005_AuthenticateV3_request.json",
            "0006_GetEntityContentV4_response.dat",
            "manifest.json",
        ]
    );
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let written = read("0003_GetDocumentsV3_response.404.txt");
    assert!(
        written.starts_with("Box ") && written.ends_with(" is unknown"),
        "{written}"
    );
    let loaded = manifest::load(folder.path(), Schema::diadoc()).unwrap();
    let refused_at = loaded.fixtures[0].refused_at.as_deref();
    assert!(refused_at.is_some() && loaded.fixtures[0].fault.is_some());
}

/// Whenever the writing ends, the manifest holds.
#[tokio::test]
async fn the_manifest_holds_at_any_time() {
    let fake = started().await;
    let folder = TempDir::new().unwrap();
    let load = |path: &Path| manifest::load(path, Schema::diadoc()).map(|one| one.fixtures.len());
    let path = folder.path().to_owned();
    let counts: Arc<Mutex<Vec<usize>>> = Arc::default();
    let keep = counts.clone();
    let proxy = Proxy::builder(fake.url())
        .record(folder.path())
        .on_exchange(move |_| {
            keep.lock().unwrap().push(load(&path).expect("it holds"));
        });
    let proxy = proxy.start_at(any_port()).await.unwrap();
    // What a process that was killed leaves behind.
    fs::write(folder.path().join(".manifest.json.part"), "[{").unwrap();
    fs::write(
        folder
            .path()
            .join(".0001_GetDocumentsV3_response.json.part"),
        "{",
    )
    .unwrap();
    let calls = (0..4).map(|_| documents("").accept(JSON).send_to(proxy.address()));
    futures_util::future::join_all(calls).await;
    proxy.stop().await.unwrap();
    assert_eq!(*counts.lock().unwrap().last().unwrap(), 4);
    let loaded = manifest::load(folder.path(), Schema::diadoc()).unwrap();
    assert_eq!(loaded.unnamed().files, [] as [&Path; 0]);
}

#[tokio::test]
async fn the_seed_decides_what_is_written() {
    let fake = started().await;
    let mut written = Vec::new();
    for seed in [Some("a"), Some("a"), Some("b"), None, None] {
        let folder = TempDir::new().unwrap();
        let proxy = Proxy::builder(fake.url()).record(folder.path());
        let proxy = match seed {
            Some(seed) => proxy.seed(seed),
            None => proxy,
        };
        let proxy = proxy.start_at(any_port()).await.unwrap();
        documents("").accept(JSON).send_to(proxy.address()).await;
        proxy.stop().await.unwrap();
        written.push(bodies(folder.path()));
    }
    assert_eq!(written[0], written[1]);
    for (one, other) in [(0, 2), (0, 3), (3, 4)] {
        assert_ne!(written[one], written[other]);
    }
}

#[tokio::test]
async fn what_cannot_begin() {
    for (address, why) in [
        ("diadoc-api.kontur.ru", "it "),
        ("ftp://diadoc-api.kontur.ru", "neither with https://"),
        ("https://user:MarkerPassword@diadoc-api.kontur.ru", "a user"),
        ("https://diadoc-api.kontur.ru/?a=1", "a query"),
        ("", "it is no URL"),
    ] {
        let error = Proxy::builder(address)
            .start_at(any_port())
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(why) && !error.contains("MarkerPassword"),
            "{error}"
        );
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("manifest.json"), "[]").unwrap();
    let proxy = Proxy::builder("http://127.0.0.1:1").record(folder.path());
    let error = proxy.start_at(any_port()).await.unwrap_err().to_string();
    assert!(error.contains("has a manifest.json already"), "{error}");
    // Nobody listens there.
    let proxy = Proxy::builder("http://127.0.0.1:1")
        .start_at(any_port())
        .await
        .unwrap();
    let came = documents("").send_to(proxy.address()).await;
    assert_eq!(came.status, 502);
    came.says("the proxy got no answer of the server: ");
}
