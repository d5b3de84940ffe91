//! The bodies that the vendor's pages document, and those of a folder.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use diadoc_schema::{Direction, Method, is_tail};
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

impl Default for Documented {
    fn default() -> Self {
        let bodies = DOCUMENTED.iter().map(|(name, body)| {
            let method = method(name).expect("the manifest names a method");
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
    for fixture in manifest::load(folder)? {
        // What is wrong is no answer of a server.
        if fixture.refused_at.is_some() {
            continue;
        }
        let body = fs::read(&fixture.file).map_err(|source| FakeError::Io {
            path: fixture.file.clone(),
            source,
        })?;
        let read = read(&fixture, &body).map_err(|source| FakeError::Fixture {
            path: fixture.file.clone(),
            source: Box::new(source),
        })?;
        if let Some((method, body)) = read {
            // The first body of a method is the one that its own page shows.
            bodies.entry(method).or_insert(body);
        }
    }
    Ok(Documented(bodies))
}

/// A response in protobuf and the method that gives it; none for a request, and for a body of which
/// the manifest names no method.
fn read(fixture: &Fixture, body: &[u8]) -> Result<Option<(&'static str, Bytes)>, FakeError> {
    let (Direction::Response, Some(name)) = (fixture.direction, &fixture.method) else {
        return Ok(None);
    };
    let method = method(name)?;
    let named = |message: &MessageDescriptor| is_tail(message.full_name(), &fixture.message);
    let Some(message) = message_of(method).filter(named) else {
        return Err(FakeError::OtherMessage {
            method: method.name().to_owned(),
            expected: message_of(method).map_or("no message".to_owned(), |message| {
                message.full_name().to_owned()
            }),
            given: fixture.message.clone(),
        });
    };
    let protobuf = forms::to_protobuf(&message, body).map_err(|source| FakeError::Json {
        method: method.name().to_owned(),
        source,
    })?;
    Ok(Some((method.name(), protobuf)))
}

/// A body without the values that cannot be read.
fn without_faults(
    message: &MessageDescriptor,
    body: &[u8],
) -> Result<Bytes, diadoc_proto::json::Error> {
    let mut body = body.to_vec();
    loop {
        let error = match forms::to_protobuf(message, &body) {
            Ok(protobuf) => return Ok(protobuf),
            Err(error) => error,
        };
        let value = serde_json::from_slice::<Value>(&body).ok();
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

/// The method that a manifest names: `GetDocumentsV3`, or `GetDocuments (V3)` as the pages have it.
fn method(name: &str) -> Result<&'static Method, FakeError> {
    let name: String = name.chars().filter(|c| !" ()".contains(*c)).collect();
    script::find(&name)
}
