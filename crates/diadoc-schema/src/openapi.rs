//! A schema's shape from an OpenAPI document.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::Kind;
use serde_json::{Map, Value};

use crate::SchemaError;
use crate::compare::{Enum, EnumValue, Field, Label, Message, Shape, Type};
use crate::endpoints::{Endpoint, Endpoints, Origin};
pub(crate) use names::{compare_document, table};

const REFERENCE: &str = "#/components/schemas/";

impl Shape {
    /// The shape that an OpenAPI 3 document in JSON describes: under `components.schemas` the keys
    /// of objects with their types, the names of enums; under `paths` the methods with the
    /// parameters of the query and the messages that are sent and answered.
    ///
    /// Such a document knows no field numbers, labels, defaults and packages. Properties whose type
    /// a schema could not have (objects in place, unions, integers without a format) count as keys
    /// alone. Each schema counts: a composition (`allOf`, `oneOf`, `anyOf`) has the keys of all its
    /// parts, what is neither an object nor an enum is a message without keys, and an enum of numbers
    /// has these for names.
    ///
    /// # Errors
    ///
    /// [`SchemaError::OpenApi`]: the bytes are no JSON, there are no `components.schemas`, a name
    /// holds control characters, or the `$ref` of a path, parameter, body or response leads to nothing
    /// in the document.
    pub fn from_openapi(document: &[u8]) -> Result<Self, SchemaError> {
        let document: Value =
            serde_json::from_slice(document).map_err(|e| SchemaError::OpenApi(e.to_string()))?;
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .ok_or_else(|| {
                SchemaError::OpenApi("it has no object at `components.schemas`".to_owned())
            })?;
        let mut shape = Self {
            endpoints: endpoints(&document)?,
            ..Self::default()
        };
        for (name, schema) in schemas {
            printable(name)?;
            if let Some(names) = enum_names(meant(schema, schemas)) {
                shape.enums.insert(name.clone(), enumeration(names)?);
            } else {
                let message = message(schema, schemas)?;
                shape.messages.insert(name.clone(), message);
            }
        }
        Ok(shape)
    }
}

/// Names are printed as they stand, on a terminal too.
fn printable(name: &str) -> Result<(), SchemaError> {
    if name.contains(char::is_control) {
        return Err(SchemaError::OpenApi(format!(
            "the name {name:?} holds control characters"
        )));
    }
    Ok(())
}

/// The methods under `paths`; none where there are none.
fn endpoints(document: &Value) -> Result<Option<Endpoints>, SchemaError> {
    let mut methods = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        printable(path)?;
        let item = follow(document, item)?;
        for (verb, operation) in item.as_object().into_iter().flatten() {
            // What else stands beside the operations is no object, or is somebody's extension.
            let Some(operation) = operation.as_object().filter(|_| !verb.starts_with("x-")) else {
                continue;
            };
            printable(verb)?;
            let mut query = BTreeMap::new();
            // Parameters may stand beside the operations, for all of them.
            let parameters = [item.get("parameters"), operation.get("parameters")];
            let parameters = parameters.into_iter().flatten().filter_map(Value::as_array);
            for parameter in parameters.flatten() {
                let parameter = follow(document, parameter)?;
                if let (Some("query"), Some(name)) =
                    (parameter["in"].as_str(), parameter["name"].as_str())
                {
                    printable(name)?;
                    let required = parameter["required"] == true;
                    query.insert(name.to_owned(), Some(required));
                }
            }
            let mut sends = BTreeSet::new();
            if let Some(body) = operation.get("requestBody") {
                sends = messages(follow(document, body)?);
            }
            let mut answers = BTreeSet::new();
            let responses = operation.get("responses").and_then(Value::as_object);
            for (status, response) in responses.into_iter().flatten() {
                if status.starts_with('2') {
                    answers.extend(messages(follow(document, response)?));
                }
            }
            methods.push(Endpoint {
                name: None,
                verb: Some(verb.to_ascii_uppercase()),
                path: path.clone(),
                query,
                sends,
                answers,
            });
        }
    }
    Ok((!methods.is_empty()).then_some(Endpoints {
        origin: Origin::Document,
        methods,
        enums: BTreeMap::new(),
    }))
}

/// How many `$ref`s may lead to each other. Generators write one or two; each use of a long chain would walk
/// all of it.
const MOST_REFERENCES: usize = 100;

/// What stands where `$ref` points to, if it is one.
fn follow<'a>(document: &'a Value, mut value: &'a Value) -> Result<&'a Value, SchemaError> {
    for _ in 0..=MOST_REFERENCES {
        let Some(reference) = value["$ref"].as_str() else {
            return Ok(value);
        };
        let target = reference.strip_prefix('#');
        let target = target.and_then(|pointer| document.pointer(pointer));
        value = target.ok_or_else(|| {
            let text = format!("the `$ref` {reference:?} leads to nothing in the document");
            SchemaError::OpenApi(text)
        })?;
    }
    let text = format!("a `$ref` leads in a circle, or through more than {MOST_REFERENCES} others");
    Err(SchemaError::OpenApi(text))
}

/// The messages that a body may be, by its `content`.
fn messages(body: &Value) -> BTreeSet<String> {
    let contents = body["content"].as_object().into_iter().flatten();
    let schemas = contents.flat_map(|(_, content)| {
        let schema = &content["schema"];
        // One of several messages.
        let choices = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|word| schema[word].as_array());
        [schema].into_iter().chain(choices.flatten())
    });
    schemas.filter_map(reference).map(str::to_owned).collect()
}

/// The keywords that put a schema together of others.
const COMPOSITIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// The schema that another one is but a name for.
fn meant<'a>(mut schema: &'a Value, schemas: &'a Map<String, Value>) -> &'a Value {
    for _ in 0..MOST_REFERENCES {
        match reference(schema).and_then(|name| schemas.get(name)) {
            Some(other) => schema = other,
            None => break,
        }
    }
    schema
}

fn is_object(schema: &Value) -> bool {
    let is_composed = COMPOSITIONS.iter().any(|word| schema[word].is_array());
    schema["type"] == "object" || schema["properties"].is_object() || is_composed
}

fn enum_names(schema: &Value) -> Option<Vec<String>> {
    // `null` stands in the list where a value may be missing.
    let values = schema["enum"].as_array()?.iter();
    let names = values
        .filter(|value| !value.is_null())
        .map(|value| match value {
            Value::String(name) => name.clone(),
            other => other.to_string(),
        });
    Some(names.collect())
}

fn enumeration(names: Vec<String>) -> Result<Enum, SchemaError> {
    let mut values = Vec::with_capacity(names.len());
    for name in names {
        printable(&name)?;
        values.push(EnumValue { name, number: 0 });
    }
    Ok(Enum {
        values,
        ..Enum::default()
    })
}

fn message(schema: &Value, schemas: &Map<String, Value>) -> Result<Message, SchemaError> {
    let mut properties = BTreeMap::new();
    collect(schema, schemas, &mut BTreeSet::new(), &mut properties);
    let mut fields = Vec::new();
    for (name, property) in properties {
        printable(name)?;
        let shown = meant(property, schemas);
        let (label, kind) = match shown["type"] == "array" {
            true => (Label::Repeated, kind(&shown["items"], schemas)),
            false => (Label::Optional, kind(property, schemas)),
        };
        fields.push(Field {
            name: name.clone(),
            json_name: name.clone(),
            number: 0,
            label,
            kind,
            default: None,
            oneof: None,
            only_in_json: false,
        });
    }
    Ok(Message {
        fields,
        ..Message::default()
    })
}

/// The properties of a schema and of all that it is put together of.
fn collect<'a>(
    schema: &'a Value,
    schemas: &'a Map<String, Value>,
    passed: &mut BTreeSet<&'a str>,
    properties: &mut BTreeMap<&'a String, &'a Value>,
) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        properties.entry(name).or_insert(property);
    }
    let parts = COMPOSITIONS
        .iter()
        .filter_map(|word| schema[word].as_array());
    for part in parts.flatten() {
        collect(part, schemas, passed, properties);
    }
    if let Some(name) = schema["$ref"].as_str().map(short)
        && passed.insert(name)
        && let Some(other) = schemas.get(name)
    {
        collect(other, schemas, passed, properties);
    }
}

fn kind(property: &Value, schemas: &Map<String, Value>) -> Type {
    let shown = meant(property, schemas);
    if let Some(name) = reference(property) {
        if enum_names(shown).is_some() {
            return Type::Enum(name.to_owned());
        }
        if is_object(shown) {
            return Type::Message(name.to_owned());
        }
    }
    if shown.get("enum").is_some() {
        return Type::Unstated;
    }
    // OpenAPI 3.1 lists types, `null` among them, and says of base64 that it is an encoding.
    let types = shown["type"].as_array().map_or(&[][..], Vec::as_slice);
    let types = types
        .iter()
        .chain([&shown["type"]])
        .filter_map(Value::as_str);
    let format = match shown["contentEncoding"].as_str() {
        Some("base64" | "base64url") => Some("byte"),
        _ => shown["format"].as_str(),
    };
    Type::Scalar(
        match (types.into_iter().find(|name| *name != "null"), format) {
            (Some("boolean"), _) => Kind::Bool,
            (Some("integer"), Some("int32")) => Kind::Int32,
            (Some("integer"), Some("int64")) => Kind::Int64,
            (Some("number"), _) => Kind::Double,
            (Some("string"), Some("byte")) => Kind::Bytes,
            (Some("string"), _) => Kind::String,
            _ => return Type::Unstated,
        },
    )
}

/// The name that a schema refers to. A reference with a description or `nullable` beside it hides in an
/// `allOf` of one.
fn reference(schema: &Value) -> Option<&str> {
    let reference =
        schema["$ref"]
            .as_str()
            .or_else(|| match schema["allOf"].as_array()?.as_slice() {
                [only] => only["$ref"].as_str(),
                _ => None,
            })?;
    Some(short(reference))
}

fn short(reference: &str) -> &str {
    reference.strip_prefix(REFERENCE).unwrap_or(reference)
}
