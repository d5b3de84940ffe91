//! The manifest's own JSON Schema.

use diadoc_schema::Schema;
use serde_json::{Map, Value, json};

use super::keys::{self, BODIES, JSON_SCHEMA, KEYS};

/// The JSON Schema (draft 2020-12) of manifests, for editors. The messages and methods of the schema
/// stand in it as examples.
///
/// It takes every manifest that [`load`](super::load) takes, and refuses unknown keys, wrong types and
/// what is missing. Whether files, messages and methods are there, and fit together, it does not know.
pub fn json_schema(schema: &Schema) -> Value {
    let messages = schema
        .messages()
        .map(|message| message.full_name().to_owned());
    let methods = schema
        .methods()
        .iter()
        .map(|method| method.name().to_owned());
    let (messages, methods): (Vec<_>, Vec<_>) = (messages.collect(), methods.collect());
    let mut properties = Map::new();
    for key in &KEYS {
        let mut property = json!({"description": key.description, "type": "string"});
        match key.name {
            keys::FILE => property["minLength"] = json!(1),
            keys::MESSAGE => property["examples"] = json!(messages),
            keys::METHOD => property["examples"] = json!(methods),
            _ if !key.values.is_empty() => property["enum"] = json!(key.values),
            _ => {}
        }
        properties.insert(key.name.to_owned(), property);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Manifest of bodies of the Kontur Diadoc API",
        "description": "What each of the bodies in a folder is.",
        "oneOf": [
            {"$ref": "#/$defs/bodies"},
            {
                "type": "object",
                "properties": {
                    JSON_SCHEMA: {
                        "description": "The JSON Schema of manifests, for editors.",
                        "type": "string"
                    },
                    BODIES: {"$ref": "#/$defs/bodies"}
                },
                "required": [BODIES],
                "additionalProperties": false
            }
        ],
        "$defs": {
            "bodies": {
                "description": "The bodies, in the order in which they are checked.",
                "type": "array",
                "items": {"$ref": "#/$defs/body"},
                "minItems": 1
            },
            "body": {
                "description": "A body, or several that a pattern names.",
                "type": "object",
                "properties": properties,
                "required": [keys::FILE],
                "anyOf": [
                    {"required": [keys::MESSAGE]},
                    {"required": [keys::METHOD]}
                ],
                "additionalProperties": false
            }
        }
    })
}
