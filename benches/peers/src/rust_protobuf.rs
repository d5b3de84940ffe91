//! rust-protobuf: its structs over protobuf, and proto3's JSON with protobuf-json-mapping.

use protobuf::MessageFull;
use protobuf_json_mapping::{ParseOptions, parse_from_str_with_options, print_to_string};

use crate::run::{Operation, Run, Workload, same_message};

pub trait Message: MessageFull {}

impl<M: MessageFull> Message for M {}

pub fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    let read = |message: M| {
        let bytes = message.write_to_bytes().map_err(|e| e.to_string())?;
        same_message(workload, &bytes)
    };
    let message = std::rc::Rc::new(M::parse_from_bytes(&workload.protobuf).unwrap_or_default());
    let written = std::rc::Rc::clone(&message);
    vec![
        Run::new(
            "protobuf-json-mapping",
            Operation::ReadJson,
            || read_json::<M>(&workload.json),
            read,
        ),
        Run::new(
            "protobuf-json-mapping",
            Operation::WriteJson,
            move || print_to_string(&*written),
            move |text| read(read_json(text.as_bytes())?),
        ),
        Run::new(
            "rust-protobuf",
            Operation::ReadProtobuf,
            || M::parse_from_bytes(&workload.protobuf),
            read,
        ),
        Run::new(
            "rust-protobuf",
            Operation::WriteProtobuf,
            move || message.write_to_bytes(),
            |bytes| same_message(workload, &bytes),
        ),
    ]
}

fn read_json<M: Message>(body: &[u8]) -> Result<M, String> {
    let text = std::str::from_utf8(body).map_err(|e| e.to_string())?;
    let options = ParseOptions {
        ignore_unknown_fields: true,
        ..ParseOptions::default()
    };
    parse_from_str_with_options(text, &options).map_err(|e| e.to_string())
}
