//! What this workspace ships: the entry points of `diadoc_proto::json`, the serde impls through
//! serde_json and sonic-rs, and the structs over protobuf.

use diadoc_proto::json;
use diadoc_proto::preserve::{Preservable, Preserved};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Operation, Run, Workload, same_json, same_message};

pub(super) trait Message:
    Preservable + Serialize + DeserializeOwned + Clone + 'static
{
}

impl<M: Preservable + Serialize + DeserializeOwned + Clone + 'static> Message for M {}

pub(super) fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    use Operation::{ReadJson, ReadProtobuf, WriteJson, WriteProtobuf};

    let read = |message: M| same_message(workload, &message.encode_to_vec());
    let wrote = |text: Vec<u8>| same_json(workload, &text);
    // The workload was made by reading its body, so it reads.
    let message = std::rc::Rc::new(json::from_slice::<M>(&workload.json).unwrap_or_default());
    let with = |write: fn(&M) -> Result<Vec<u8>, String>| {
        let message = std::rc::Rc::clone(&message);
        move || write(&message)
    };
    vec![
        Run::new(
            "ours: json::from_slice",
            ReadJson,
            || json::from_slice::<M>(&workload.json),
            read,
        ),
        Run::new(
            "ours: Preserved::from_json",
            ReadJson,
            || Preserved::<M>::from_json(&workload.json),
            move |preserved: Preserved<M>| read(preserved.into_message()),
        ),
        Run::new(
            "ours: serde impls, serde_json",
            ReadJson,
            || read_str::<M>(&workload.json),
            read,
        ),
        Run::new(
            "ours: serde impls, sonic-rs",
            ReadJson,
            || sonic_rs::from_slice::<M>(&workload.json),
            read,
        ),
        Run::new(
            "ours: json::to_vec",
            WriteJson,
            with(|message| json::to_vec(message).map_err(|e| e.to_string())),
            wrote,
        ),
        Run::new(
            "ours: serde impls, serde_json",
            WriteJson,
            with(|message| serde_json::to_vec(message).map_err(|e| e.to_string())),
            wrote,
        ),
        Run::new(
            "ours: serde impls, sonic-rs",
            WriteJson,
            with(|message| sonic_rs::to_vec(message).map_err(|e| e.to_string())),
            wrote,
        ),
        Run::new(
            "ours: decode from Bytes",
            ReadProtobuf,
            || M::decode(workload.protobuf.clone()),
            read,
        ),
        Run::new(
            "ours: decode from a slice",
            ReadProtobuf,
            || M::decode(&*workload.protobuf),
            read,
        ),
        Run::new(
            "ours: Preserved::from_protobuf",
            ReadProtobuf,
            || Preserved::<M>::from_protobuf(&workload.protobuf),
            move |preserved: Preserved<M>| read(preserved.into_message()),
        ),
        Run::new(
            "ours: encode_to_vec",
            WriteProtobuf,
            with(|message| Ok(message.encode_to_vec())),
            |bytes: Vec<u8>| same_message(workload, &bytes),
        ),
    ]
}

/// UTF-8 is checked once, for the body; `from_slice` would check every string.
fn read_str<M: Message>(body: &[u8]) -> Result<M, String> {
    let text = std::str::from_utf8(body).map_err(|e| e.to_string())?;
    serde_json::from_str(text).map_err(|e| e.to_string())
}
