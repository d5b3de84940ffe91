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
    let request = example(&described.request(), extent);
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
    let given = method.bodies.iter();
    let given = given.clone().find(|body| !request[body.name].is_null());
    let Some(body) = given.or(method.bodies.get(..2).map(|bodies| &bodies[0])) else {
        return call;
    };
    let given = described.bodies.iter();
    let mut given = given.filter(|one| one.field.name() == body.name);
    let value = match (&request[body.name], given.next().map(|one| &one.kind)) {
        (Value::Null, Some(diadoc_schema::BodyKind::Message(message))) => example(message, extent),
        (value, _) => value.clone(),
    };
    let text = value.as_str().unwrap_or("U2FtcGxl");
    match body.kind {
        BodyKind::Message(_) => call.body(body.name, Some(Form::Json), value.to_string()),
        BodyKind::Bytes => {
            let content = base64::decode(text.as_bytes()).map(Bytes::from);
            call.body(body.name, None, content.unwrap_or_default())
        }
        _ => call.body(body.name, None, text.to_owned()),
    }
}
