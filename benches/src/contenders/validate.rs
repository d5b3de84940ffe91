//! What the strict side costs: diadoc-schema's validation, beside reading and beside a tree.

use diadoc_proto::json;
use diadoc_schema::{Direction, Schema, validate_json};

use super::ours::Message;
use super::{Operation, Run, Workload, same_message};

pub(super) fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    let message = Schema::diadoc().message(&workload.message);
    vec![
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
            || serde_json::from_slice::<serde_json::Value>(&workload.json),
            |_| Ok(()),
        ),
    ]
}
