//! Valid calls, for tests of servers and of what calls them.

use bytes::Bytes;
use diadoc_api::{BodyKind, Call, Form, Method};
use diadoc_core::base64;
use diadoc_schema::{Example, example};
use serde_json::Value;

use super::script;

/// A valid call of a method, made up from the schema: the smallest one, or one with all that it may
/// have. Its body, if it has one, is in JSON; of several bodies the first, where none is required.
///
/// ```
/// use diadoc_api::{Method, Request as _};
/// use diadoc_schema::Example;
///
/// for method in diadoc_api::METHODS {
///     let call = diadoc_fake::example_call(method, Example::Minimal);
///     assert!(call.check().is_ok(), "{call:?}");
/// }
/// ```
#[allow(
    clippy::expect_used,
    reason = "methods and descriptors are of one schema"
)]
pub fn example_call(method: &'static Method, extent: Example) -> Call {
    // Methods and their requests come from the same schema.
    let described = script::find(method.name).expect("every method is in the schema");
    let mut request = example(&described.request(), extent);
    let mut bodies = method.bodies.iter();
    let is_given = bodies.any(|body| !request[body.name].is_null());
    if let ([first, _, ..], false) = (method.bodies, is_given) {
        let mut kinds = described.bodies.iter();
        let kind = kinds.find(|one| one.field.name() == first.name);
        request[first.name] = match kind.map(|one| &one.kind) {
            Some(diadoc_schema::BodyKind::Message(message)) => example(message, extent),
            _ => "U2FtcGxl".into(),
        };
    }
    call_with(method, &request)
}

/// The call that has those parameters and that body, valid or not: `request` is an object as the request
/// message of the method would stand in Diadoc's JSON, with several values of a parameter in an array, a
/// message as an object, and bytes in base64.
///
/// A key that is no body of the method is a parameter, whether or not the method has it; null is none. Of
/// several bodies the first of the method is sent: HTTP has one.
///
/// ```
/// use diadoc_api::{Method, Request as _};
/// use serde_json::json;
///
/// let method = Method::find("GetMessageV6").expect("the method exists");
/// let call = diadoc_fake::call_with(method, &json!({"boxId": "none", "depth": 2}));
/// let error = call.check().unwrap_err();
/// assert_eq!(error.violations().len(), 3, "{error}");
/// ```
pub fn call_with(method: &'static Method, request: &Value) -> Call {
    let mut call = Call::new(method);
    let is_body = |name: &str| method.bodies.iter().any(|body| body.name == name);
    let pairs = request.as_object().into_iter().flatten();
    for (name, value) in pairs.filter(|(name, _)| !is_body(name)) {
        let values = match value {
            Value::Null => continue,
            Value::Array(values) => values.iter().collect(),
            value => vec![value],
        };
        for value in values {
            call = call.parameter(name, text_of(value));
        }
    }
    let mut bodies = method.bodies.iter();
    let Some(body) = bodies.find(|body| !request[body.name].is_null()) else {
        return call;
    };
    let value = &request[body.name];
    match body.kind {
        BodyKind::Message(_) => call.body(body.name, Some(Form::Json), value.to_string()),
        BodyKind::Bytes => {
            let content = base64::decode(text_of(value).as_bytes()).map(Bytes::from);
            call.body(body.name, None, content.unwrap_or_default())
        }
        _ => call.body(body.name, None, text_of(value)),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
