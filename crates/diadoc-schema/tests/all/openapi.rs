//! The methods as an OpenAPI document: what reads such documents finds the schema in it, and what the
//! vendor's JSON looks like passes.

use std::collections::BTreeSet;

use diadoc_proto::registry;
use diadoc_schema::{
    Direction, Example, Language, OpenApiForm, Profile, Response, Schema, Shape, Verb, compare,
    example, json_schema, openapi, prost_reflect,
};
use prost_reflect::{Kind, MessageDescriptor};
use serde_json::{Value, json};

use crate::fixtures;

fn all() -> Value {
    let form = OpenApiForm {
        obsolete: true,
        ..OpenApiForm::default()
    };
    openapi(Schema::diadoc(), form)
}

/// Every `$ref` of a value.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            found.extend(
                object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_nothing_is_idle() {
    for obsolete in [false, true] {
        let document = openapi(
            Schema::diadoc(),
            OpenApiForm {
                obsolete,
                ..OpenApiForm::default()
            },
        );
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        for reference in &found {
            let pointer = reference.strip_prefix('#').expect("a reference inside");
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert!(schemas.len() > 500, "{}", schemas.len());
        for name in schemas.keys() {
            assert!(
                found.contains(&format!("#/components/schemas/{name}")),
                "{name}"
            );
            let is_name = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
            assert!(name.chars().all(is_name), "{name}");
        }
        assert!(!document.to_string().contains("#/$defs/"));
    }
}

/// What reads OpenAPI documents finds each method, and nothing that the schema lacks.
#[test]
fn read_as_a_shape() {
    let document = all().to_string();
    let read = Shape::from_openapi(document.as_bytes()).unwrap();
    let own = Shape::from(Schema::diadoc());
    let idle = messages_of_no_method();
    let changes = compare(&own, &read);
    let changes: Vec<_> = changes
        .iter()
        .filter(|change| !idle.contains(&change.path))
        .collect();
    assert!(changes.is_empty(), "{changes:#?}");
}

/// Messages and enums that no method sends or answers with, which a document of methods has not.
fn messages_of_no_method() -> Vec<String> {
    let document = all();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let messages = Schema::diadoc()
        .messages()
        .map(|item| item.full_name().to_owned());
    let enums = Schema::diadoc()
        .enums()
        .map(|item| item.full_name().to_owned());
    let root = "Diadoc.Api.Proto.";
    let idle = messages
        .chain(enums)
        .filter(|name| !schemas.contains_key(&name[root.len()..]));
    let idle: Vec<_> = idle.collect();
    assert!(idle.len() < 20, "{idle:?}");
    idle
}

#[test]
fn every_method_has_its_operation() {
    let document = all();
    let mut ids = BTreeSet::new();
    for method in Schema::diadoc().methods() {
        let verb = match method.verb {
            Verb::Get => "get",
            _ => "post",
        };
        let operation = &document["paths"][&method.path][verb];
        assert_eq!(operation["operationId"], method.name(), "{}", method.path);
        assert!(ids.insert(method.name()), "{}", method.name());
        assert_eq!(
            operation["deprecated"].as_bool().unwrap_or(false),
            method.deprecated
        );
        let parameters = operation["parameters"].as_array().map_or(0, Vec::len);
        assert_eq!(parameters, method.parameters.len(), "{}", method.name());
        let required = |parameter: &&Value| parameter["required"] == true;
        let count = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(required)
            .count();
        let own = method
            .parameters
            .iter()
            .filter(|parameter| parameter.field.is_required())
            .count();
        assert_eq!(count, own, "{}", method.name());
        assert_eq!(
            operation["requestBody"].is_object(),
            !method.bodies.is_empty()
        );
        let responses = &operation["responses"];
        assert!(responses["200"].is_object() && responses["default"].is_object());
        for pending in &method.pending {
            let header = &responses[pending.status.to_string()]["headers"][&pending.delay_header];
            assert!(header.is_object(), "{} {pending:?}", method.name());
        }
        if let Some(status) = method.absent {
            assert!(
                responses[status.to_string()].is_object(),
                "{}",
                method.name()
            );
        }
        let has_json = responses["200"]["content"]["application/json"].is_object();
        assert_eq!(
            has_json,
            matches!(method.response, Response::Message(_)),
            "{}",
            method.name()
        );
        assert_eq!(
            operation["security"].is_array(),
            method.anonymous,
            "{}",
            method.name()
        );
    }
    let current = openapi(Schema::diadoc(), OpenApiForm::default());
    assert!(
        !current["paths"]
            .to_string()
            .contains("\"deprecated\":true,\"description\"")
    );
}

/// The vendor's answers as the codec writes them, and bodies of every message.
#[test]
fn what_is_written_passes() {
    let refused = |message: &MessageDescriptor, bodies: &[Value]| {
        let schema = json_schema(
            Schema::diadoc(),
            std::slice::from_ref(message),
            Profile::Written,
        );
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors = bodies.iter().flat_map(|body| validator.iter_errors(body));
        errors.map(|error| error.to_string()).collect::<Vec<_>>()
    };
    for fixture in fixtures() {
        let message_type = registry::find(fixture.message.full_name()).unwrap();
        let body = message_type.from_json(&fixture.body);
        let (Direction::Response, Ok(body)) = (fixture.direction, body) else {
            continue;
        };
        let written = serde_json::from_str(&body.to_json().unwrap()).unwrap();
        let errors = refused(&fixture.message, &[written]);
        assert!(errors.is_empty(), "{}: {errors:#?}", fixture.file);
    }
    let kinds = [
        Example::Minimal,
        Example::Full,
        Example::Random(1),
        Example::Random(2),
    ];
    for message in Schema::diadoc().messages() {
        let errors = refused(&message, &kinds.map(|kind| example(&message, kind)));
        assert!(errors.is_empty(), "{}: {errors:#?}", message.full_name());
    }
}

/// One type for each value, so that what makes code of it makes one.
#[test]
fn one_type_for_each_value() {
    let schema = json_schema(Schema::diadoc(), &[], Profile::Written);
    for message in Schema::diadoc().messages() {
        for field in message.fields() {
            let property = &schema["$defs"][message.full_name()]["properties"][field.json_name()];
            let value = if field.is_list() {
                &property["items"]
            } else {
                property
            };
            let is_one = value["type"].is_string() || value["$ref"].is_string();
            assert!(
                is_one && value.get("anyOf").is_none(),
                "{}: {property}",
                field.full_name()
            );
            let format = value["format"].as_str();
            match field.kind() {
                Kind::Int64 | Kind::Sfixed64 => assert_eq!(format, Some("int64")),
                Kind::Int32 | Kind::Sfixed32 => assert_eq!(format, Some("int32")),
                Kind::Bytes => assert_eq!(value["contentEncoding"], "base64"),
                _ => {}
            }
        }
    }
}

#[test]
fn an_operation_of_each_sort() {
    let document = all();
    let shown = [
        "/V3/PostMessage",
        "/V2/ShelfDownload",
        "/V3/Authenticate",
        "/V6/GetMessage",
    ];
    let paths: serde_json::Map<_, _> = shown
        .iter()
        .map(|path| ((*path).to_owned(), document["paths"][path].clone()))
        .collect();
    let mut shown = document.clone();
    shown["paths"] = paths.into();
    shown["tags"] = Value::Array(vec![document["tags"][0].clone()]);
    shown["components"]["schemas"] = json!({
        "DocumentId": document["components"]["schemas"]["DocumentId"],
        "Box": document["components"]["schemas"]["Box"],
    });
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&shown).unwrap());
    let russian = OpenApiForm {
        language: Language::Russian,
        ..OpenApiForm::default()
    };
    let russian = openapi(Schema::diadoc(), russian);
    assert_eq!(russian["info"]["title"], "API Диадока");
    let summary = &russian["paths"]["/V3/PostMessage"]["post"]["summary"];
    assert!(
        summary
            .as_str()
            .unwrap()
            .chars()
            .any(|letter| ('а'..='я').contains(&letter))
    );
}

/// Rules about several fields stand as keywords, or in the descriptions alone.
#[test]
fn plain() {
    let plain = openapi(
        Schema::diadoc(),
        OpenApiForm {
            plain: true,
            ..OpenApiForm::default()
        },
    );
    let schemas = plain["components"]["schemas"].as_object().unwrap();
    assert!(schemas.values().all(|schema| schema.get("allOf").is_none()));
    let with = openapi(Schema::diadoc(), OpenApiForm::default());
    let rules = |document: &Value| document["components"]["schemas"]["Events.BoxEvent"].clone();
    assert!(rules(&with)["allOf"].is_array());
    assert_eq!(rules(&with)["description"], rules(&plain)["description"]);
}
