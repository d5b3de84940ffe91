//! The walker says what the validator says, or nothing.

use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, MessageDescriptor, ReflectMessage as _, Value as Reflected};

use super::walk;
use crate::example::SplitMix64;
use crate::plan::Plans;
use crate::protobuf::explain;
use crate::protobuf::wire::WireReader;
use crate::spoil::{DIRECTIONS, damaged, seeds, spoilt};
use crate::{Checks, Direction, Example, Schema, example, is_only_in_json};

/// Holds walker and validator against each other: whether the walker said it all, and whether it should
/// have.
fn agree(message: &MessageDescriptor, bytes: &[u8], direction: Direction) -> (bool, bool) {
    let checks = Checks::new(direction);
    let plans = Plans::of(message.parent_pool());
    let plan = plans.at(plans.place(message));
    let walked = walk(&plans, plan, bytes, &checks);
    let explained = explain(&plans, plan, bytes, &checks);
    let (is_walked, is_clean) = (walked.is_some(), explained.findings.is_empty());
    if let Some(walked) = walked {
        assert_eq!(
            walked,
            explained,
            "{direction} {}: {bytes:02x?}",
            message.full_name()
        );
    }
    (is_walked, is_clean)
}

/// The message of a body of JSON, without what only JSON has.
fn bytes_of(message: &MessageDescriptor, body: &str) -> Option<Vec<u8>> {
    let mut json = serde_json::Deserializer::from_str(body);
    let mut read = DynamicMessage::deserialize(message.clone(), &mut json).ok()?;
    keep_what_protobuf_has(&mut read);
    Some(read.encode_to_vec())
}

fn keep_what_protobuf_has(message: &mut DynamicMessage) {
    let fields: Vec<_> = message.descriptor().fields().collect();
    for field in fields {
        if is_only_in_json(&field) {
            message.clear_field(&field);
        } else if message.has_field(&field) {
            match message.get_field_mut(&field) {
                Reflected::Message(inner) => keep_what_protobuf_has(inner),
                Reflected::List(list) => list
                    .iter_mut()
                    .filter_map(Reflected::as_message_mut)
                    .for_each(keep_what_protobuf_has),
                _ => {}
            }
        }
    }
}

/// The fields of a message, each with its key.
fn fields(bytes: &[u8]) -> Vec<&[u8]> {
    let mut reader = WireReader::new(bytes);
    let mut fields = Vec::new();
    while !reader.is_empty() {
        let start = reader.position();
        let Ok(key) = reader.key() else { break };
        if reader.skip(key, 0).is_err() {
            break;
        }
        fields.push(&bytes[start..reader.position()]);
    }
    fields
}

/// What is put into bytes: unknown fields, groups, ends of groups, long varints.
const PARTS: [&[u8]; 8] = [
    b"\x98\x06\x01",
    b"\x0b\x0c",
    b"\x0c",
    b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\x0a\x00",
    b"\x0a\x01\xff",
    b"\x00",
    b"{}",
];

#[test]
fn says_of_every_message_what_the_validator_says() {
    let mut clean = 0;
    for message in Schema::diadoc().messages() {
        for seed in seeds() {
            let mut random = SplitMix64(seed);
            let body = example(&message, Example::Random(seed));
            let bytes = bytes_of(&message, &body.to_string()).expect("an example is read");
            let mut parts = fields(&bytes);
            parts.extend(PARTS);
            for direction in DIRECTIONS {
                let (is_walked, is_clean) = agree(&message, &bytes, direction);
                assert_eq!(
                    is_walked,
                    is_clean,
                    "{direction} {}: {bytes:02x?}",
                    message.full_name()
                );
                clean += usize::from(is_clean);
                for _ in 0..3 {
                    agree(&message, &damaged(&bytes, &parts, &mut random), direction);
                    if let Some(bytes) = bytes_of(&message, &spoilt(&body, &mut random)) {
                        agree(&message, &bytes, direction);
                    }
                }
            }
        }
    }
    assert!(clean > 1000, "{clean}");
}
