//! Every method of the schema answers, in both forms, and what it answers is valid.

use std::collections::BTreeMap;

use diadoc_api::{Call, Config, Form, METHODS, Request as _};
use diadoc_fake::{Fake, example_call};
use diadoc_proto::{BoxId, registry};
use diadoc_schema::{
    Direction, Example, Method, Response, Schema, Severity, validate_json, validate_protobuf,
};

use crate::http::{self, Came, PROTOBUF};
use crate::{revive, started};

#[tokio::test]
async fn answers_in_json() {
    let fake = started().await;
    revive(&fake);
    for method in Schema::diadoc().methods() {
        let came = call(&fake, method, Form::Json).await;
        if let Response::Message(message) = &method.response {
            let report = validate_json(message, &came.body, Direction::Response);
            assert!(!report.has_errors(), "{}: {report:?}", method.name());
            assert_eq!(
                came.header("content-type"),
                Some("application/json; charset=utf-8")
            );
        }
    }
}

#[tokio::test]
async fn answers_in_protobuf() {
    let fake = started().await;
    revive(&fake);
    for method in Schema::diadoc().methods() {
        let came = call(&fake, method, Form::Protobuf).await;
        if let Response::Message(message) = &method.response {
            let report = validate_protobuf(message, &came.body, Direction::Response);
            assert!(
                !report.has(Severity::Warning),
                "{}: {report:?}",
                method.name()
            );
            assert_eq!(came.header("content-type"), Some(PROTOBUF));
        }
    }
}

async fn call(fake: &Fake, method: &Method, form: Form) -> Came {
    let method = diadoc_api::Method::find(method.name()).unwrap();
    let call = example_call(method, Example::Minimal);
    if method.name == "ShelfUploadPart" {
        // The part before.
        let name = call.value("fileName").unwrap().replace(' ', "+");
        let target = format!("/ShelfUpload?nameOnShelf={name}&partIndex=0");
        let first = http::Call::post(target, "application/octet-stream", "part");
        assert_eq!(first.send(fake).await.status, 200);
    }
    let came = send(fake, &call, form).await;
    let came = match came.status {
        // The archive of a document is not ready at once.
        204 if method.name == "GenerateDocumentZip" => send(fake, &call, form).await,
        _ => came,
    };
    let said = String::from_utf8_lossy(&came.body);
    assert_eq!(came.status, 200, "{}: {said}", method.name);
    let received = fake.received_of(method.name);
    let received = received.last().unwrap();
    assert_eq!(received.status, Some(200));
    assert!(
        !received
            .headers
            .iter()
            .any(|(name, _)| name == "authorization")
    );
    came
}

/// Sends a call in that form.
async fn send(fake: &Fake, call: &Call, form: Form) -> Came {
    let call = in_form(call, form);
    let config = Config::new().with_address(&fake.url()).unwrap();
    let request = call.to_http(&config.bearer("some-token"), form).unwrap();
    http::Call::of(&request).send(fake).await
}

/// The call with its body in that form.
pub(crate) fn in_form(call: &Call, form: Form) -> Call {
    let Some(body) = call.given_body() else {
        return call.clone();
    };
    match (form, body.form, message_of(call)) {
        (Form::Protobuf, Some(_), Some(message)) => {
            let message = message.from_json(&body.content).unwrap();
            call.clone()
                .body(&body.name, Some(form), message.encode_to_vec())
        }
        _ => call.clone(),
    }
}

fn message_of(call: &Call) -> Option<&'static registry::MessageType> {
    call.method()
        .bodies
        .iter()
        .find_map(|body| match body.kind {
            diadoc_api::BodyKind::Message(name) => registry::find(name),
            _ => None,
        })
}

/// The values of each parameter, with ids of boxes as GUIDs, and without empty ones: so they travel.
fn given(call: &Call) -> BTreeMap<&str, Vec<String>> {
    let mut given: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, text) in call.parameters() {
        let comma = call.method().parameter(name).unwrap().comma;
        let texts = match comma {
            true => text.split(',').collect(),
            false => vec![&text[..]],
        };
        let values = texts.into_iter().map(|text| match text.parse::<BoxId>() {
            Ok(id) => id.to_string(),
            Err(_) => text.to_owned(),
        });
        let values = values.filter(|value| !value.is_empty());
        given.entry(&name[..]).or_default().extend(values);
    }
    given.retain(|_, values| !values.is_empty());
    given
}

/// What a client sets is what a server reads, for each method with all that it may have.
#[tokio::test]
async fn the_fake_reads_what_was_set() {
    let fake = started().await;
    for method in METHODS {
        for extent in [Example::Minimal, Example::Full] {
            let call = example_call(method, extent);
            let request = call
                .to_http(&Config::new().unchecked(), Form::Json)
                .unwrap();
            let read = Call::from_http(&request).unwrap();
            assert_eq!(read.given_body(), call.given_body(), "{}", method.name);
            assert_eq!(given(&read), given(&call), "{}", method.name);
            http::Call::of(&request).send(&fake).await;
            let received = fake.received_of(method.name);
            assert_eq!(
                received.last().unwrap().call(),
                Some(&read),
                "{}",
                method.name
            );
        }
    }
}
