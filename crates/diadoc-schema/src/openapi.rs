//! A schema's shape from an OpenAPI document.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::Kind;
use serde_json::{Map, Value};

use crate::compare::{Enum, EnumValue, Field, Label, Message, Shape, Type};
use crate::endpoints::{Endpoint, Endpoints, Origin};
use crate::{SchemaError, Verb};
pub(crate) use names::{compare_document, table};

const REFERENCE: &str = "#/components/schemas/";

impl Shape {
    /// The shape that an OpenAPI 3 document in JSON describes: under `components.schemas` the keys
    /// of objects with their types, the names of string enums; under `paths` the methods with the
    /// parameters of the query and the messages that are sent and answered.
    ///
    /// Such a document knows no field numbers, labels, defaults and packages. Properties whose type
    /// a schema could not have (objects in place, unions, integers without a format) count as keys
    /// alone.
    ///
    /// # Errors
    ///
    /// [`SchemaError::OpenApi`]: the bytes are no JSON, there are no `components.schemas`, or a
    /// name holds control characters.
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
            if let Some(names) = enum_names(schema) {
                shape.enums.insert(name.clone(), enumeration(&names)?);
            } else if is_object(schema) {
                shape
                    .messages
                    .insert(name.clone(), message(schema, schemas)?);
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
        for (name, verb) in [("get", Verb::Get), ("post", Verb::Post)] {
            let Some(operation) = item[name].as_object() else {
                continue;
            };
            let mut query = BTreeSet::new();
            // Parameters may stand beside the operations, for all of them.
            let parameters = [item.get("parameters"), operation.get("parameters")];
            let parameters = parameters.into_iter().flatten().filter_map(Value::as_array);
            for parameter in parameters.flatten() {
                if let (Some("query"), Some(name)) =
                    (parameter["in"].as_str(), parameter["name"].as_str())
                {
                    printable(name)?;
                    query.insert(name.to_owned());
                }
            }
            let responses = operation.get("responses").and_then(Value::as_object);
            let good = responses
                .into_iter()
                .flatten()
                .filter(|(status, _)| status.starts_with('2'));
            methods.push(Endpoint {
                name: None,
                verb: Some(verb),
                path: path.clone(),
                query,
                sends: operation
                    .get("requestBody")
                    .map(messages)
                    .unwrap_or_default(),
                answers: good.flat_map(|(_, response)| messages(response)).collect(),
            });
        }
    }
    Ok((!methods.is_empty()).then_some(Endpoints {
        origin: Origin::Document,
        methods,
        enums: BTreeMap::new(),
    }))
}

/// The messages that a body may be, by its `content`.
fn messages(body: &Value) -> BTreeSet<String> {
    let contents = body["content"].as_object().into_iter().flatten();
    let named = contents.filter_map(|(_, content)| reference(&content["schema"]));
    named.map(str::to_owned).collect()
}

fn is_object(schema: &Value) -> bool {
    schema["type"] == "object" || schema["properties"].is_object()
}

fn enum_names(schema: &Value) -> Option<Vec<&str>> {
    // `null` stands in the list where a value may be missing.
    let names = schema["enum"].as_array()?.iter();
    names
        .filter(|name| !name.is_null())
        .map(Value::as_str)
        .collect()
}

fn enumeration(names: &[&str]) -> Result<Enum, SchemaError> {
    let mut values = Vec::with_capacity(names.len());
    for name in names {
        printable(name)?;
        values.push(EnumValue {
            name: (*name).to_owned(),
            number: 0,
        });
    }
    Ok(Enum {
        values,
        ..Enum::default()
    })
}

fn message(schema: &Value, schemas: &Map<String, Value>) -> Result<Message, SchemaError> {
    let mut fields = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        printable(name)?;
        let (label, kind) = if property["type"] == "array" {
            (Label::Repeated, kind(&property["items"], schemas))
        } else {
            (Label::Optional, kind(property, schemas))
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

fn kind(property: &Value, schemas: &Map<String, Value>) -> Type {
    if let Some(name) = reference(property) {
        return match schemas.get(name) {
            Some(schema) if enum_names(schema).is_some() => Type::Enum(name.to_owned()),
            Some(schema) if is_object(schema) => Type::Message(name.to_owned()),
            _ => Type::Unstated,
        };
    }
    if property.get("enum").is_some() {
        return Type::Unstated;
    }
    let format = property["format"].as_str();
    Type::Scalar(match (property["type"].as_str(), format) {
        (Some("boolean"), _) => Kind::Bool,
        (Some("integer"), Some("int32")) => Kind::Int32,
        (Some("integer"), Some("int64")) => Kind::Int64,
        (Some("number"), _) => Kind::Double,
        (Some("string"), Some("byte")) => Kind::Bytes,
        (Some("string"), _) => Kind::String,
        _ => return Type::Unstated,
    })
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
    Some(reference.strip_prefix(REFERENCE).unwrap_or(reference))
}
