//! The JSON Schema of the file of a world.

use serde_json::{Map, Value, json};

use super::shape::{Key, Kind, Shape, WORLD};

/// The JSON Schema (draft 2020-12) of files that describe a world, for editors.
///
/// It takes every file that [`World::from_file`](crate::world::World::from_file) takes, and refuses
/// unknown keys, wrong types and what is missing. Whether what is named is there, it does not know.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    let mut schema = object(&WORLD, &mut definitions);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("World of a fake Kontur Diadoc");
    schema["$defs"] = Value::Object(definitions);
    schema
}

fn object(shape: &Shape, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for key in shape.keys {
        properties.insert(key.name.to_owned(), property(key, definitions));
    }
    let required = shape.keys.iter().filter(|key| key.is_required);
    json!({
        "description": shape.description,
        "type": "object",
        "properties": properties,
        "required": required.map(|key| key.name).collect::<Vec<_>>(),
        "additionalProperties": false
    })
}

fn property(key: &Key, definitions: &mut Map<String, Value>) -> Value {
    let mut property = match key.kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Of(format) => match format.pattern() {
            Some(pattern) => json!({"type": "string", "minLength": 1, "pattern": pattern}),
            None => json!({"type": "string", "minLength": 1}),
        },
        Kind::Moment => json!({"type": "string", "examples": ["2025-07-01T09:30:00Z"]}),
        Kind::OneOf(values) => json!({"enum": values}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Number(most) => json!({"type": "integer", "minimum": 1, "maximum": most}),
        Kind::Texts => json!({"type": "array", "items": {"type": "string"}}),
        Kind::SomeOf(values) => json!({"type": "array", "items": {"enum": values}}),
        Kind::List(shape) => {
            if !definitions.contains_key(shape.name) {
                let definition = object(shape, definitions);
                definitions.insert(shape.name.to_owned(), definition);
            }
            json!({"type": "array", "items": {"$ref": format!("#/$defs/{}", shape.name)}})
        }
    };
    property["description"] = json!(key.description);
    property
}
