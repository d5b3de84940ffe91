//! What the strict side costs: diadoc-schema's validation, beside reading, beside a tree, and beside
//! the JSON Schema of the same message, compiled by jsonschema.

use diadoc_proto::json;
use diadoc_schema::{
    Direction, Profile, Report, Schema, json_schema, validate_json, validate_protobuf,
};

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
    let again = Schema::diadoc().message(&workload.message);
    let (parsing, parsed) = (std::rc::Rc::clone(&compiled), compiled);
    let tree = serde_json::from_slice::<Value>(&workload.json).unwrap_or_default();
    vec![
        Run::new(
            "jsonschema, of a serde_json::Value that is there",
            Operation::ValidateJson,
            move || validate(&parsed, &tree),
            is_valid,
        ),
        Run::new(
            "jsonschema, through serde_json::Value",
            Operation::ValidateJson,
            move || {
                let tree = serde_json::from_slice(&workload.json).map_err(|e| e.to_string())?;
                validate(&parsing, &tree)
            },
            is_valid,
        ),
        Run::new(
            Operation::ValidateJson.reference(),
            Operation::ValidateJson,
            || json::from_slice::<M>(&workload.json),
            |message| same_message(workload, &message.encode_to_vec()),
        ),
        Run::new(
            "ours: validate_json, as a response",
            Operation::ValidateJson,
            move || match &message {
                Ok(message) => Ok(validate_json(message, &workload.json, Direction::Response)),
                Err(error) => Err(error.to_string()),
            },
            has_no_errors,
        ),
        Run::new(
            "serde_json::Value",
            Operation::ValidateJson,
            || serde_json::from_slice::<Value>(&workload.json),
            |_| Ok(()),
        ),
        Run::new(
            Operation::ValidateProtobuf.reference(),
            Operation::ValidateProtobuf,
            || M::decode(&*workload.protobuf),
            |message| same_message(workload, &message.encode_to_vec()),
        ),
        Run::new(
            "ours: validate_protobuf, as a response",
            Operation::ValidateProtobuf,
            move || match &again {
                Ok(message) => Ok(validate_protobuf(
                    message,
                    &workload.protobuf,
                    Direction::Response,
                )),
                Err(error) => Err(error.to_string()),
            },
            has_no_errors,
        ),
    ]
}

fn has_no_errors(report: Report) -> Result<(), String> {
    match report.has_errors() {
        true => Err("the body has errors".to_owned()),
        false => Ok(()),
    }
}
