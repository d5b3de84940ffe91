//! The reference: serde_derive on plain prost structs, over serde_json, in Diadoc's dialect.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::run::{Operation, Run, Workload, same_json, same_message};

pub const NAME: &str = "serde_derive";

pub trait Message: prost::Message + Serialize + DeserializeOwned + Default + 'static {}

impl<M: prost::Message + Serialize + DeserializeOwned + Default + 'static> Message for M {}

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
            |text| same_json(workload, &text),
        ),
    ]
}
