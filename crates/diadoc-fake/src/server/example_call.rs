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
    let is_given = |name: &str| !request[name].is_null();
    // One of several bodies; the request may do without.
    if let [first, _, ..] = method.bodies
        && !method.bodies.iter().any(|body| is_given(body.name))
    {
        let mut bodies = described.bodies.iter();
        let body = bodies.find(|body| body.field.name() == first.name);
        request[first.name] = match body.map(|body| &body.kind) {
            Some(diadoc_schema::BodyKind::Message(message)) => example(message, extent),
            _ => "U2FtcGxl".into(),
        };
    }
    call_of(method, &request)
}

/// The call of a method that a request is: an object with the parameters and bodies of the method, as the
/// message of its request has them in JSON. Of several bodies it has the first that is given.
pub fn call_of(method: &'static Method, request: &Value) -> Call {
    let mut call = Call::new(method);
    for parameter in method.parameters {
        let values = match &request[parameter.name] {
            Value::Null => continue,
            Value::Array(values) => values.iter().collect(),
            value => vec![value],
        };
        for value in values {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            call = call.parameter(parameter.name, text);
        }
    }
    let mut bodies = method.bodies.iter();
    let Some(body) = bodies.find(|body| !request[body.name].is_null()) else {
        return call;
    };
    let value = &request[body.name];
    let text = value.as_str().unwrap_or_default();
    match body.kind {
        BodyKind::Message(_) => call.body(body.name, Some(Form::Json), value.to_string()),
        BodyKind::Bytes => {
            let content = base64::decode(text.as_bytes()).map(Bytes::from);
            call.body(body.name, None, content.unwrap_or_default())
        }
        _ => call.body(body.name, None, text.to_owned()),
    }
}
