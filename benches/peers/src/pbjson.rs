//! pbjson as it comes, over serde_json: proto3's JSON, which reads Diadoc's bodies where they have
//! every required field, and writes 64-bit integers as strings.

use crate::run::{Operation, Run, Workload, same_message};
use crate::serde_derive::Message;

const NAME: &str = "pbjson";

pub fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    let message = M::decode(&*workload.protobuf).unwrap_or_default();
    vec![
        Run::new(
            NAME,
            Operation::ReadJson,
            || serde_json::from_slice::<M>(&workload.json),
            |message| same_message(workload, &message.encode_to_vec()),
        ),
        Run::new(
            NAME,
            Operation::WriteJson,
            move || serde_json::to_vec(&message),
            |text| {
                let again: M = serde_json::from_slice(&text).map_err(|e| e.to_string())?;
                same_message(workload, &again.encode_to_vec())
            },
        ),
    ]
}
