//! prost-reflect: messages without generated types, with proto3's JSON.

use std::sync::OnceLock;

use prost::Message as _;
use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor};

use super::{Operation, Run, Workload, same_message};

const NAME: &str = "prost-reflect";

pub(super) fn runs(workload: &Workload) -> Vec<Run<'_>> {
    let Some(descriptor) = descriptor(&workload.message) else {
        return Vec::new();
    };
    let message = DynamicMessage::decode(descriptor.clone(), &*workload.protobuf);
    let message = message.unwrap_or_else(|_| DynamicMessage::new(descriptor.clone()));
    let again = descriptor.clone();
    vec![
        Run::new(
            NAME,
            Operation::ReadJson,
            move || read(&descriptor, &workload.json),
            |message| same_message(workload, &message.encode_to_vec()),
        ),
        Run::new(
            NAME,
            Operation::WriteJson,
            move || serde_json::to_vec(&message),
            move |text| {
                let message = read(&again, &text).map_err(|e| e.to_string())?;
                same_message(workload, &message.encode_to_vec())
            },
        ),
    ]
}

fn read(descriptor: &MessageDescriptor, text: &[u8]) -> serde_json::Result<DynamicMessage> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let options = DeserializeOptions::new().deny_unknown_fields(false);
    DynamicMessage::deserialize_with_options(descriptor.clone(), &mut json, &options)
}

fn descriptor(message: &str) -> Option<MessageDescriptor> {
    static POOL: OnceLock<Option<DescriptorPool>> = OnceLock::new();
    let pool = POOL.get_or_init(|| DescriptorPool::decode(diadoc_proto::FILE_DESCRIPTOR_SET).ok());
    pool.as_ref()?.get_message_by_name(message)
}
