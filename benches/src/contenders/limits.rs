//! Less than reading and writing: how fast the same bytes can be parsed into nothing typed, and how
//! fast a message or a text that is there already can be copied.

use std::cell::RefCell;

use diadoc_proto::json;
use serde::de::IgnoredAny;
use simd_json::prelude::Writable as _;
use simd_json::{Buffers, to_tape, to_tape_with_buffers};

use super::ours::Message;
use super::{Operation, Run, Workload, same_json, same_message};

pub(super) fn runs<M: Message>(workload: &Workload) -> Vec<Run<'_>> {
    let same_tree = |text: String| {
        let parse = |text| serde_json::from_slice::<serde_json::Value>(text);
        let theirs = parse(text.as_bytes()).map_err(|e| e.to_string())?;
        if parse(&workload.json).is_ok_and(|ours| ours == theirs) {
            Ok(())
        } else {
            Err("the tree differs from that of serde_json".to_owned())
        }
    };
    let message = M::decode(workload.protobuf.clone()).unwrap_or_default();
    let text = json::to_vec(&message).unwrap_or_default();
    let buffers = RefCell::new(Buffers::default());
    vec![
        Run::new(
            "limit: sonic-rs DOM",
            Operation::ReadJson,
            || sonic_rs::from_slice::<sonic_rs::Value>(&workload.json),
            move |value| same_tree(value.to_string()),
        ),
        Run::new(
            "limit: simd-json tape",
            Operation::ReadJson,
            move || {
                // simd-json writes into what it parses, so it works on a copy.
                let mut copy = workload.json.clone();
                let tape = to_tape_with_buffers(&mut copy, &mut buffers.borrow_mut());
                tape.map(|tape| tape.0.len())
            },
            move |_| {
                let mut copy = workload.json.clone();
                let tape = to_tape(&mut copy).map_err(|e| e.to_string())?;
                same_tree(tape.as_value().encode())
            },
        ),
        Run::new(
            "limit: serde_json IgnoredAny",
            Operation::ReadJson,
            || serde_json::from_slice::<IgnoredAny>(&workload.json),
            |_| match serde_json::from_slice::<IgnoredAny>(&workload.json[1..]) {
                Ok(_) => Err("a body without its beginning was taken for whole".to_owned()),
                Err(_) => Ok(()),
            },
        ),
        Run::new(
            "limit: clone() of the message",
            Operation::ReadJson,
            move || Ok::<_, String>(message.clone()),
            |message: M| same_message(workload, &message.encode_to_vec()),
        ),
        Run::new(
            "limit: clone() of the text",
            Operation::WriteJson,
            move || Ok::<_, String>(text.clone()),
            |text| same_json(workload, &text),
        ),
    ]
}
