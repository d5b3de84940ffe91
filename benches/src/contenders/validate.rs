//! What the strict side costs: diadoc-schema's validation, beside reading, beside a tree, and beside
//! the JSON Schema of the same message, compiled by jsonschema.

use diadoc_proto::json;
use diadoc_schema::{Direction, Profile, Schema, json_schema, validate_json};

use serde_json::Value;

use super::ours::Message;
use super::{Operation, Run, Workload, same_message};

pub(super) fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    let message = Schema::diadoc().message(&workload.message);
    // The schema is ours and takes the body, see `check` of these runs.
    let compiled = message
        .as_ref()
        .map_err(ToString::to_string)
        .and_then(|message| {
            let messages = std::slice::from_ref(message);
            let schema = json_schema(Schema::diadoc(), messages, Profile::Tolerant);
            jsonschema::validator_for(&schema).map_err(|error| error.to_string())
        });
    let compiled = std::rc::Rc::new(compiled);
    let validate = move |compiled: &Result<jsonschema::Validator, String>, body: &Value| {
        let valid = compiled.as_ref().map(|validator| validator.is_valid(body));
        valid.map_err(Clone::clone)
    };
    let is_valid = |valid: bool| match valid {
        true => Ok(()),
        false => Err("the body is not valid".to_owned()),
    };
    let (parsing, parsed) = (std::rc::Rc::clone(&compiled), compiled);
    let tree = serde_json::from_slice::<Value>(&workload.json).unwrap_or_default();
    vec![
        Run::new(
            "jsonschema, of a serde_json::Value that is there",
            Operation::Validate,
            move || validate(&parsed, &tree),
            is_valid,
        ),
        Run::new(
            "jsonschema, through serde_json::Value",
            Operation::Validate,
            move || {
                let tree = serde_json::from_slice(&workload.json).map_err(|e| e.to_string())?;
                validate(&parsing, &tree)
            },
            is_valid,
        ),
        Run::new(
            Operation::Validate.reference(),
            Operation::Validate,
            || json::from_slice::<M>(&workload.json),
            |message| same_message(workload, &message.encode_to_vec()),
        ),
        Run::new(
            "ours: validate_json, as a response",
            Operation::Validate,
            move || match &message {
                Ok(message) => Ok(validate_json(message, &workload.json, Direction::Response)),
                Err(error) => Err(error.to_string()),
            },
            |report| match report.has_errors() {
                true => Err("the body has errors".to_owned()),
                false => Ok(()),
            },
        ),
        Run::new(
            "serde_json::Value",
            Operation::Validate,
            || serde_json::from_slice::<Value>(&workload.json),
            |_| Ok(()),
        ),
    ]
}
