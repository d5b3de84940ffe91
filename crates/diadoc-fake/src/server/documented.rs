//! The bodies that the vendor's pages document, and those of a folder.

use std::collections::HashMap;
use std::path::Path;

use bytes::Bytes;
use diadoc_core::{Form, Limits, dialect, files};
use diadoc_schema::{Direction, Method, Schema, read_json};
use prost_reflect::MessageDescriptor;
use serde_json::Value;

use super::reply::message_of;
use super::{FakeError, forms, script};
use crate::generated::DOCUMENTED;
use crate::manifest::{self, Fixture};

/// Documented responses in protobuf, by the name of their method.
#[derive(Debug)]
pub(super) struct Documented(HashMap<&'static str, Bytes>);

impl Documented {
    pub(super) fn get(&self, method: &str) -> Option<&Bytes> {
        self.0.get(method)
    }
}

#[allow(clippy::expect_used, reason = "schema and bodies come with this crate")]
impl Default for Documented {
    fn default() -> Self {
        let bodies = DOCUMENTED.iter().map(|(name, body)| {
            let method = script::find(name).expect("the schema has the method");
            let message = message_of(method).expect("the method answers with a message");
            let protobuf = without_faults(&message, body).expect("a documented body is one");
            (method.name(), protobuf)
        });
        Self(bodies.collect())
    }
}

/// The responses of a folder with a manifest.
pub(super) fn folder(folder: &Path) -> Result<Documented, FakeError> {
    let mut bodies = HashMap::new();
    for fixture in manifest::load(folder, Schema::diadoc())?.fixtures {
        // What is wrong is no answer of a server.
        let (Direction::Response, Some(name), None) =
            (fixture.direction, &fixture.method, &fixture.refused_at)
        else {
            continue;
        };
        let method = script::find(name)?;
        // The first body of a method is the one that its own page shows.
        if bodies.contains_key(method.name()) {
            continue;
        }
        let body = files::read(&fixture.file, Limits::BYTES).map_err(|source| FakeError::Io {
            path: fixture.file.clone(),
            source,
        })?;
        let read = read(&fixture, method, &body).map_err(|source| FakeError::Fixture {
            path: fixture.file.clone(),
            source: Box::new(source),
        })?;
        if let Some(body) = read {
            bodies.insert(method.name(), body);
        }
    }
    Ok(Documented(bodies))
}

/// A response in protobuf, of several lines the first; none where there is none.
fn read(fixture: &Fixture, method: &Method, body: &[u8]) -> Result<Option<Bytes>, FakeError> {
    // A line of a log ends it; white space around it is no part of the body.
    let body = match fixture.lines {
        true => {
            let mut lines = body.split(|byte| *byte == b'\n').map(dialect::trim);
            lines.find(|line| !line.is_empty())
        }
        false => Some(body),
    };
    let (Some(message), Some(body)) = (message_of(method), body) else {
        return Ok(None);
    };
    let name = || method.name().to_owned();
    let protobuf = match fixture.form {
        Form::Json => forms::from_json(&message, body).map_err(|source| FakeError::Json {
            method: name(),
            source,
        })?,
        Form::Protobuf => {
            forms::protobuf(&message, body).map_err(|source| FakeError::Protobuf {
                method: name(),
                source,
            })?
        }
    };
    Ok(Some(protobuf))
}

/// A body without the values that cannot be read.
fn without_faults(
    message: &MessageDescriptor,
    body: &[u8],
) -> Result<Bytes, diadoc_proto::json::Error> {
    let mut body = body.to_vec();
    loop {
        let error = match forms::from_json(message, &body) {
            Ok(protobuf) => return Ok(protobuf),
            Err(error) => error,
        };
        let value = read_json(&body).ok();
        let Some(shorter) = value.and_then(|value| without(value, error.path())) else {
            return Err(error);
        };
        body = shorter.to_string().into_bytes();
    }
}

/// A value without what stands at a path such as `Documents[0].Content`.
fn without(mut body: Value, path: &str) -> Option<Value> {
    let pointer = path.replace(['.', '['], "/").replace(']', "");
    let pointer = format!("/{pointer}");
    let (parent, key) = pointer.rsplit_once('/')?;
    match body.pointer_mut(parent)? {
        Value::Object(members) => members.remove(key).map(drop)?,
        Value::Array(items) => {
            let index: usize = key.parse().ok()?;
            (index < items.len()).then(|| items.remove(index))?;
        }
        _ => return None,
    }
    Some(body)
}
