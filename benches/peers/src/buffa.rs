//! buffa: its structs and its views, which borrow from the body, over protobuf, and its JSON, proto3's,
//! over serde_json.

use ::buffa::{HasMessageView, MessageView as _};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::run::{Operation, Run, Workload, same_message};

const NAME: &str = "buffa";

pub trait Message: HasMessageView + Serialize + DeserializeOwned + Default + 'static {}

impl<M: HasMessageView + Serialize + DeserializeOwned + Default + 'static> Message for M {}

pub fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    let read = |message: M| same_message(workload, &message.encode_to_vec());
    let message = std::rc::Rc::new(M::decode_from_slice(&workload.protobuf).unwrap_or_default());
    let written = std::rc::Rc::clone(&message);
    vec![
        Run::new(
            NAME,
            Operation::ReadJson,
            || serde_json::from_slice::<M>(&workload.json),
            read,
        ),
        Run::new(
            NAME,
            Operation::WriteJson,
            move || serde_json::to_vec(&*written),
            |text| {
                let again: M = serde_json::from_slice(&text).map_err(|e| e.to_string())?;
                same_message(workload, &again.encode_to_vec())
            },
        ),
        Run::new(
            NAME,
            Operation::ReadProtobuf,
            || M::decode_from_slice(&workload.protobuf),
            read,
        ),
        Run::new(
            "buffa, views",
            Operation::ReadProtobuf,
            || M::decode_view(&workload.protobuf),
            |view| {
                let message = view.to_owned_message().map_err(|e| e.to_string())?;
                same_message(workload, &message.encode_to_vec())
            },
        ),
        Run::new(
            NAME,
            Operation::WriteProtobuf,
            move || Ok::<_, String>(message.encode_to_vec()),
            |bytes| same_message(workload, &bytes),
        ),
    ]
}
