//! The fake with a world behind it: what calls change, and what others see of it then.
//!
//! Every body that comes is checked as a response of the server.

mod access;
mod agreement;
mod docflows;
mod drafts;
mod events;
mod lists;
mod patches;
mod posting;
mod reading;
mod stories;
mod three;
mod words;

use std::collections::BTreeSet;

use bytes::Bytes;
use diadoc_api::messages::PostMessageV3;
use diadoc_api::{Config, Form, Outcome, Request, ResponseKind};
use diadoc_fake::Fake;
use diadoc_fake::world::World;
use diadoc_proto::BoxId;
use diadoc_proto::events::{
    DocumentAttachment, Message, MessageToPost, MetadataItem, SignedContent,
};
use diadoc_proto::json::{self, JsonMessage};
use diadoc_schema::{
    Checks, ComputedKeys, Direction, Level, Rule, Schema, is_only_in_json, render_like_server,
};
use prost::Name as _;
use prost_reflect::{Kind, MessageDescriptor};
use serde_json::{Map, Value};

use crate::http::{Call, Came};

/// The box of the first organization of the default world.
pub(crate) const FIRST: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
/// The box of the second one.
pub(crate) const SECOND: &str = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946";

/// A fake with the default world.
pub(crate) async fn fake() -> Fake {
    of(World::without_letters()).await
}

/// A fake with that world.
pub(crate) async fn of(world: World) -> Fake {
    Fake::builder().world(world).start().await.expect("a port")
}

/// What a call was refused with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    pub status: u16,
    /// The vendor's code of the error; empty where there is none.
    pub code: String,
    pub text: String,
}

/// Sends a request in that form.
pub(crate) async fn come<R: Request>(fake: &Fake, request: &R, form: Form, token: &str) -> Came {
    let config = Config::new().with_address(&fake.url()).expect("an address");
    let sent = request.to_http(&config.bearer(token), form);
    let sent = sent.expect("the request keeps the rules");
    Call::of(&sent).send(fake).await
}

/// Sends a request in that form; its answer, where it is not refused.
pub(crate) async fn try_send<R: Request>(
    fake: &Fake,
    request: &R,
    form: Form,
    token: &str,
) -> Result<R::Response, Refused> {
    let came = come(fake, request, form, token).await;
    if came.status >= 400 {
        return Err(Refused {
            status: came.status,
            code: came.header("x-diadoc-errorcode").unwrap_or("").to_owned(),
            text: came.text().to_owned(),
        });
    }
    check(request, form, &came);
    Ok(read(request, came))
}

/// Sends a request in JSON, by the user of every token.
pub(crate) async fn send<R: Request>(fake: &Fake, request: R) -> R::Response {
    send_in(fake, request, Form::Json).await
}

/// Sends a request in that form, by the user of every token.
pub(crate) async fn send_in<R: Request>(fake: &Fake, request: R, form: Form) -> R::Response {
    let name = request.method().name;
    let answer = try_send(fake, &request, form, "token").await;
    answer.unwrap_or_else(|refused| panic!("{name}: {} {}", refused.status, refused.text))
}

/// Sends a request that is refused.
pub(crate) async fn refused<R: Request>(fake: &Fake, request: R) -> Refused {
    let name = request.method().name;
    match try_send(fake, &request, Form::Json, "token").await {
        Ok(_) => panic!("{name} is not refused"),
        Err(refused) => refused,
    }
}

/// Sends a request that changes nothing in both forms, which have to say the same.
pub(crate) async fn both<R>(fake: &Fake, request: R) -> R::Response
where
    R: Request<Response: JsonMessage>,
{
    let name = request.method().name;
    let protobuf = send_in_ref(fake, &request, Form::Protobuf).await;
    let came = come(fake, &request, Form::Json, "token").await;
    assert_eq!(came.status, 200, "{name}: {}", came.text());
    check(&request, Form::Json, &came);
    let message = Schema::diadoc().message(&R::Response::full_name());
    let message = message.expect("a message of the schema");
    let body = json::to_string(&protobuf).expect("it has JSON");
    let body = serde_json::from_str(&body).expect("JSON");
    let mut expected = render_like_server(&message, &body, ComputedKeys::With);
    drop_only_in_json(&message, &mut expected);
    let mut shown = came.json();
    drop_only_in_json(&message, &mut shown);
    assert_same(name, &shown, &expected);
    read(&request, came)
}

async fn send_in_ref<R: Request>(fake: &Fake, request: &R, form: Form) -> R::Response {
    let answer = try_send(fake, request, form, "token").await;
    let name = request.method().name;
    answer.unwrap_or_else(|refused| panic!("{name}: {} {}", refused.status, refused.text))
}

/// Asserts that a body is one that the server could have sent.
#[track_caller]
fn check<R: Request>(request: &R, form: Form, came: &Came) {
    let method = request.method();
    let ResponseKind::Message(name) = method.response else {
        return;
    };
    if came.body.is_empty() && came.status == 204 {
        return;
    }
    let message = Schema::diadoc().message(name).expect("a message");
    // Keys that repeat others are no part of the schema, and the server writes them.
    let checks = Checks::new(Direction::Response).level(Rule::JsonComputedKey, Level::Allow);
    let report = checks.check(&message, form, &came.body);
    let body = String::from_utf8_lossy(&came.body);
    assert!(
        report.total() == 0,
        "{}: {}",
        method.name,
        report.render(&body, false)
    );
}

fn read<R: Request>(request: &R, came: Came) -> R::Response {
    let mut response = diadoc_api::http::Response::builder().status(came.status);
    for (name, value) in &came.headers {
        response = response.header(name, value);
    }
    let response = response.body(Bytes::from(came.body)).expect("a response");
    match request.outcome(response).expect("the answer is read") {
        Outcome::Ready(answer) => answer,
        _ => panic!("{}: not ready", request.method().name),
    }
}

/// Asserts that two bodies are the same; says where they are not.
#[track_caller]
pub(crate) fn assert_same(path: &str, shown: &Value, expected: &Value) {
    match (shown, expected) {
        (Value::Object(shown), Value::Object(expected)) => {
            let keys: BTreeSet<_> = shown.keys().chain(expected.keys()).collect();
            for key in keys {
                let value = |members: &Map<String, Value>| members.get(key).cloned();
                let (shown, expected) = (value(shown), value(expected));
                assert_same(
                    &format!("{path}.{key}"),
                    &shown.unwrap_or_else(|| "nothing".into()),
                    &expected.unwrap_or_else(|| "nothing".into()),
                );
            }
        }
        (Value::Array(shown), Value::Array(expected)) if shown.len() == expected.len() => {
            for (index, (shown, expected)) in shown.iter().zip(expected).enumerate() {
                assert_same(&format!("{path}[{index}]"), shown, expected);
            }
        }
        _ => assert_eq!(shown, expected, "{path}"),
    }
}

/// Drops what protobuf has no place for.
fn drop_only_in_json(message: &MessageDescriptor, body: &mut Value) {
    let Value::Object(members) = body else {
        return;
    };
    for field in message.fields() {
        if is_only_in_json(&field) {
            members.remove(field.json_name());
        }
        let (Kind::Message(inner), Some(value)) =
            (field.kind(), members.get_mut(field.json_name()))
        else {
            continue;
        };
        match value {
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| drop_only_in_json(&inner, item)),
            one => drop_only_in_json(&inner, one),
        }
    }
}

/// A contract of that number, signed for test.
pub(crate) fn contract(number: &str) -> DocumentAttachment {
    document(
        "Contract",
        &[
            ("FileName", "contract.pdf"),
            ("DocumentNumber", number),
            ("DocumentDate", "29.05.2025"),
            ("CurrencyCode", "643"),
            ("ContractPrice", "23"),
        ],
    )
}

/// A document of that type with these metadata, signed for test.
pub(crate) fn document(type_named_id: &str, metadata: &[(&str, &str)]) -> DocumentAttachment {
    DocumentAttachment {
        signed_content: SignedContent {
            content: Some(format!("Текст {metadata:?}").into_bytes().into()),
            sign_with_test_signature: Some(true),
            ..SignedContent::default()
        },
        type_named_id: type_named_id.to_owned(),
        metadata: metadata
            .iter()
            .map(|(key, value)| MetadataItem {
                key: (*key).to_owned(),
                value: (*value).to_owned(),
            })
            .collect(),
        ..DocumentAttachment::default()
    }
}

/// A message of the first organization to the second.
pub(crate) fn message(documents: Vec<DocumentAttachment>) -> MessageToPost {
    MessageToPost {
        from_box_id: address(FIRST),
        to_box_id: Some(address(SECOND)),
        document_attachments: documents,
        ..MessageToPost::default()
    }
}

/// Posts documents from the first organization to the second.
pub(crate) async fn post(fake: &Fake, documents: Vec<DocumentAttachment>) -> Message {
    send(fake, PostMessageV3::new(message(documents))).await
}

/// A box in the form of bodies.
pub(crate) fn address(guid: &str) -> String {
    let id: BoxId = guid.parse().expect("a box");
    id.address().to_string()
}
