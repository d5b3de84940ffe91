//! The reference for protobuf: prost's structs as prost-build writes them, nothing boxed that need
//! not be, bytes as `Vec<u8>`.

use crate::run::{Operation, Run, Workload, same_message};
use crate::serde_derive::Message;

pub const NAME: &str = "prost";

pub fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    let message = M::decode(&*workload.protobuf).unwrap_or_default();
    vec![
        Run::new(
            NAME,
            Operation::ReadProtobuf,
            || M::decode(&*workload.protobuf),
            |message| same_message(workload, &message.encode_to_vec()),
        ),
        Run::new(
            NAME,
            Operation::WriteProtobuf,
            move || Ok::<_, String>(message.encode_to_vec()),
            |bytes| same_message(workload, &bytes),
        ),
    ]
}
