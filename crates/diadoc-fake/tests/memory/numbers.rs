//! Numbers at their extremes, in every parameter and field that has one: each request gets a status, and
//! nothing is as large as a number says.

use diadoc_api::{Call, Config, Form, METHODS, Method, ParameterKind, Request as _};
use diadoc_fake::world::{FIRST_BOX, SECOND_BOX};
use diadoc_fake::{Fake, example_call};
use diadoc_schema::prost_reflect::{Kind, MessageDescriptor};
use diadoc_schema::{BodyKind, Example, Schema};
use serde_json::{Value, json};

use super::wire::Wire;
use super::{MIB, begin, most, started};

/// What a parameter of a number may come as.
const TEXTS: [&str; 16] = [
    "-2147483648",
    "-1",
    "0",
    "1",
    "2147483647",
    "4294967295",
    "-9223372036854775808",
    "9223372036854775807",
    "18446744073709551615",
    "340282366920938463463374607431768211456",
    "1e9",
    "0x7fffffff",
    "+1",
    "",
    "٣",
    "１２",
];

/// What a field of a number may come as.
fn values() -> Vec<Value> {
    vec![
        json!(i32::MIN),
        json!(-1),
        json!(0),
        json!(i32::MAX),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e9),
        json!(1e300),
        json!("9223372036854775807"),
        json!("٣"),
    ]
}

/// What all requests of one fake may take: some of them are done, and stay.
const MOST: usize = 64 * MIB;

pub(crate) async fn are_no_sizes() {
    for is_stateless in [false, true] {
        let builder = Fake::builder().keep(10, MIB);
        let fake = started(match is_stateless {
            true => builder.stateless(),
            false => builder,
        })
        .await;
        let mut wire = Wire::new(fake.address());
        let config = Config::new().unchecked().with_address(&fake.url());
        let config = config.expect("an address").bearer("any");
        // What is made once is there.
        ask(&mut wire, &config, &example_call(METHODS[0], Example::Full)).await;
        begin();
        let mut asked = 0;
        for method in METHODS {
            for extent in [Example::Minimal, Example::Full] {
                let call = with_known_boxes(&example_call(method, extent));
                for call in in_parameters(&call).into_iter().chain(in_body(&call)) {
                    ask(&mut wire, &config, &call).await;
                    asked += 1;
                }
            }
        }
        let took = most();
        assert!(took < MOST, "{took} bytes for {asked} requests");
        // Each method that has a number was asked.
        assert!(asked > 100 * TEXTS.len(), "{asked}");
    }
}

async fn ask(wire: &mut Wire, config: &Config, call: &Call) {
    let request = call.to_http(config, Form::Json).expect("a request");
    let status = wire.send(&request).await;
    let name = call.method().name;
    let status = status.unwrap_or_else(|| panic!("{name} {}: no answer", request.uri()));
    assert_ne!(status, 500, "{name} {}", request.uri());
}

/// The call with each of its numbers as each of the texts.
fn in_parameters(call: &Call) -> Vec<Call> {
    let numbers =
        call.method().parameters.iter().filter(|parameter| {
            matches!(parameter.kind, ParameterKind::Int32 | ParameterKind::Int64)
        });
    numbers
        .flat_map(|number| TEXTS.map(|text| with_parameter(call, number.name, text)))
        .chain(with_keys(call))
        .collect()
}

/// A place in a list travels as bytes which hold numbers, too.
fn with_keys(call: &Call) -> Vec<Call> {
    let keys = call.method().parameters.iter();
    let keys = keys.filter(|one| one.name.to_lowercase().contains("indexkey"));
    keys.flat_map(|key| {
        ["", "/////w==", "//////////8=", "AX//////////f/////////8="]
            .map(|text| with_parameter(call, key.name, text))
    })
    .collect()
}

fn with_parameter(call: &Call, name: &str, text: &str) -> Call {
    let mut made = Call::new(call.method());
    for (other, value) in call.parameters().iter().filter(|(other, _)| other != name) {
        made = made.parameter(other, value.clone());
    }
    with_body_of(made.parameter(name, text), call)
}

fn with_body_of(made: Call, call: &Call) -> Call {
    match call.given_body() {
        Some(body) => made.body(&body.name, body.form, body.content.clone()),
        None => made,
    }
}

/// The boxes of a call are those of the world, so that it gets further than to their check.
fn with_known_boxes(call: &Call) -> Call {
    let mut made = Call::new(call.method());
    for (name, value) in call.parameters() {
        let value = match is_box(name) {
            true => FIRST_BOX.to_string(),
            false => value.clone(),
        };
        made = made.parameter(name, value);
    }
    with_body_of(made, call)
}

fn is_box(name: &str) -> bool {
    name.to_lowercase().ends_with("boxid")
}

/// The call with each number of its message as each of the values.
fn in_body(call: &Call) -> Vec<Call> {
    let Some(body) = call.given_body().filter(|body| body.form.is_some()) else {
        return Vec::new();
    };
    let Some(message) = message_of(call.method(), &body.name) else {
        return Vec::new();
    };
    let mut value: Value = serde_json::from_slice(&body.content).expect("an example");
    know_boxes(&mut value);
    let mut places = Vec::new();
    numbers_of(&message, &value, "", &mut places);
    let mut calls = Vec::new();
    for place in places {
        for number in values() {
            let mut changed = value.clone();
            *changed.pointer_mut(&place).expect("a place") = number;
            let call = call.clone();
            calls.push(call.body(&body.name, body.form, changed.to_string()));
        }
    }
    calls
}

fn message_of(method: &Method, body: &str) -> Option<MessageDescriptor> {
    let method = Schema::diadoc().method(method.name).expect("a method");
    let mut bodies = method.bodies.iter();
    let found = bodies.find(|one| one.field.name() == body)?;
    match &found.kind {
        BodyKind::Message(message) => Some(message.clone()),
        _ => None,
    }
}

fn know_boxes(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match is_box(name) && value.is_string() {
                    true if name.starts_with("To") => *value = json!(SECOND_BOX.to_string()),
                    true => *value = json!(FIRST_BOX.to_string()),
                    false => know_boxes(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(know_boxes),
        _ => {}
    }
}

/// The places of all numbers, as JSON pointers; the first element of each list is enough.
fn numbers_of(message: &MessageDescriptor, value: &Value, at: &str, places: &mut Vec<String>) {
    for field in message.fields() {
        let Some(value) = value.get(field.json_name()) else {
            continue;
        };
        let mut at = format!("{at}/{}", field.json_name());
        let value = match value.as_array() {
            Some(items) => {
                at += "/0";
                let Some(first) = items.first() else {
                    continue;
                };
                first
            }
            None => value,
        };
        match field.kind() {
            Kind::Message(message) => numbers_of(&message, value, &at, places),
            Kind::String | Kind::Bytes | Kind::Bool => {}
            _ => places.push(at),
        }
    }
}
