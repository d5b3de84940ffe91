//! Every method of the schema answers, in both forms, and what it answers is valid.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diadoc_fake::Fake;
use diadoc_schema::{
    Body, BodyKind, Direction, Example, Method, Response, Schema, Severity, example, validate_json,
    validate_protobuf,
};
use serde_json::Value;

use crate::http::{Call, Came, JSON, PROTOBUF};
use crate::started;

#[tokio::test]
async fn answers_in_json() {
    let fake = started().await;
    for method in Schema::diadoc().methods() {
        let came = call(&fake, method, JSON).await;
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
    for method in Schema::diadoc().methods() {
        let came = call(&fake, method, PROTOBUF).await;
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

async fn call(fake: &Fake, method: &Method, form: &str) -> Came {
    if method.name() == "ShelfUploadPart" {
        // The part before.
        let name = example(&method.request(), Example::Minimal)["fileName"].clone();
        let name = name.as_str().unwrap().replace(' ', "+");
        let target = format!("/ShelfUpload?nameOnShelf={name}&partIndex=0");
        let first = Call::post(target, "application/octet-stream", "part");
        assert_eq!(first.send(fake).await.status, 200);
    }
    let came = request(method, form).send(fake).await;
    let came = match came.status {
        // The archive of a document is not ready at once.
        204 if method.name() == "GenerateDocumentZip" => request(method, form).send(fake).await,
        _ => came,
    };
    assert_eq!(
        came.status,
        200,
        "{}: {}",
        method.name(),
        String::from_utf8_lossy(&came.body)
    );
    let received = fake.received_of(method.name());
    assert_eq!(received.last().unwrap().status, Some(200));
    assert!(
        !received
            .last()
            .unwrap()
            .headers
            .iter()
            .any(|(name, _)| name == "authorization")
    );
    came
}

/// What the schema gives as the smallest request of a method.
pub fn smallest(method: &Method) -> Value {
    let mut request = example(&method.request(), Example::Minimal);
    if method.name() == "AuthenticateV3" {
        // A sample does not follow a pattern.
        request["type"] = "password".into();
    }
    request
}

/// A valid call of a method, as the schema describes it.
fn request(method: &Method, form: &str) -> Call {
    let request = smallest(method);
    let mut bodies = method.bodies.iter();
    let body = bodies.find(|body| request.get(body.field.name()).is_some());
    let body = body.or(match &method.bodies[..] {
        [first, _, ..] => Some(first),
        _ => None,
    });
    let mut query = Vec::new();
    let mut headers = Vec::new();
    for parameter in &method.parameters {
        let name = parameter.field.name();
        let Some(value) = request.get(name) else {
            continue;
        };
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match &parameter.header {
            Some(header) => headers.push((header.clone(), value)),
            None => query.push((name, value)),
        }
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let target = format!("{}?{query}", method.path);
    let call = match (method.verb.as_str(), body) {
        ("GET", _) => Call::get(target),
        (_, None) => Call::post(target, form, Vec::new()),
        (_, Some(body)) => {
            let (media_type, content) = written(body, &request, form);
            Call::post(target, media_type, content)
        }
    };
    let call = headers
        .iter()
        .fold(call, |call, (name, value)| call.with(name, value));
    call.accept(form)
}

fn written<'f>(body: &Body, request: &Value, form: &'f str) -> (&'f str, Vec<u8>) {
    let value = request.get(body.field.name());
    match &body.kind {
        BodyKind::Message(message) => {
            let value = value
                .cloned()
                .unwrap_or_else(|| example(message, Example::Minimal));
            let json = value.to_string();
            match form {
                JSON => (form, json.into_bytes()),
                _ => {
                    let message = diadoc_proto::registry::find(message.full_name()).unwrap();
                    (
                        form,
                        message.from_json(json.as_bytes()).unwrap().encode_to_vec(),
                    )
                }
            }
        }
        BodyKind::Bytes => {
            let text = value.and_then(Value::as_str).unwrap_or("U2FtcGxl");
            ("application/octet-stream", STANDARD.decode(text).unwrap())
        }
        _ => ("text/plain", b"text".to_vec()),
    }
}
