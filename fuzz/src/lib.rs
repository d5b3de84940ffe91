//! What the fuzz targets share: how bytes become a message type and a body, and the oracles of the
//! tests of diadoc-proto.
//!
//! A target panics where something does not hold. Inputs are made by `seeds`; what they consist of
//! says each target.

// The generated table of all messages names them as if it stood in their crate.
#[allow(unused_imports)]
use diadoc_proto::*;

pub mod lines;
pub mod within;

#[path = "../../tests/all/agreement/oracle.rs"]
mod oracle;
#[path = "../../tests/all/through_serde.rs"]
#[allow(dead_code, reason = "the tests call more of it")]
mod through_serde;

use std::path::PathBuf;

use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::Schema;
use prost::Message as _;
use prost_reflect::MessageDescriptor;

/// The targets, each a file in `fuzz_targets/`.
pub const TARGETS: [&str; 10] = [
    "json_read",
    "protobuf_read",
    "json_protobuf",
    "verdict_json",
    "verdict_protobuf",
    "open",
    "schema",
    "http",
    "text",
    "manifest",
];

/// The first two bytes choose among so many.
pub fn choose(data: &[u8], many: usize) -> Option<(usize, &[u8])> {
    let (choice, rest) = data.split_first_chunk()?;
    Some((usize::from(u16::from_le_bytes(*choice)) % many, rest))
}

/// The bytes that [`choose`] makes that choice of.
pub fn chosen(choice: usize, rest: &[u8]) -> Vec<u8> {
    let choice = u16::try_from(choice).expect("there are fewer message types and methods");
    [&choice.to_le_bytes(), rest].concat()
}

/// A message type and a body.
pub fn typed(data: &[u8]) -> Option<(&'static MessageType, &[u8])> {
    let messages = registry::messages();
    let (choice, body) = choose(data, messages.len())?;
    Some((&messages[choice], body))
}

pub fn descriptor(message_type: &MessageType) -> MessageDescriptor {
    let message = Schema::diadoc().message(message_type.full_name());
    message.expect("the schema has every message")
}

/// What the reader and the validator do not agree on.
pub fn disagreement_on_json(message_type: &MessageType, body: &[u8]) -> Option<String> {
    oracle::disagreement_on_json(message_type, body)
}

/// What the reader and the validator do not agree on.
pub fn disagreement_on_protobuf(message_type: &MessageType, body: &[u8]) -> Option<String> {
    oracle::disagreement_on_protobuf(message_type, body)
}

/// What the codec and the serde impls do not agree on.
pub fn disagreement_with_serde(message_type: &MessageType, body: &[u8]) -> Option<String> {
    through_serde::disagreement(message_type, std::str::from_utf8(body).ok()?)
}

/// Levels that every reader takes, ours and others.
pub const LEVELS: usize = 40;

/// Whether JSON nests so deep that readers differ in what they take: its brackets, those in strings
/// too, lie more than [`LEVELS`] deep in each other.
pub fn is_deep(body: &[u8]) -> bool {
    let mut level = 0_usize;
    body.iter().any(|byte| {
        match byte {
            b'{' | b'[' => level += 1,
            b'}' | b']' => level = level.saturating_sub(1),
            _ => {}
        }
        level > LEVELS
    })
}

/// A folder of this process for files that the code under test wants to read.
pub fn folder(target: &str) -> PathBuf {
    let folder = format!("diadoc-fuzz-{target}-{}", std::process::id());
    let folder = std::env::temp_dir().join(folder);
    std::fs::create_dir_all(&folder).expect("a folder for files");
    folder
}

/// The files that options are of, and what imports no others.
pub const LANGUAGE: [&str; 4] = [
    "diadoc/rules.proto",
    "diadoc/http.proto",
    "diadoc/json.proto",
    "diadoc/title.proto",
];

/// A part of our schema as a descriptor set, small enough for thousands of comparisons.
pub fn small_set() -> Vec<u8> {
    const FILES: [&str; 6] = [
        "google/protobuf/descriptor.proto",
        "diadoc/document_id.proto",
        "diadoc/severity.proto",
        "diadoc/roaming.proto",
        "diadoc/documents/document_statuses.proto",
        "diadoc/methods/shelf.proto",
    ];
    let set = prost_types::FileDescriptorSet::decode(diadoc_schema::DESCRIPTOR_SET);
    let mut set = set.expect("the bundled set is one");
    set.file
        .retain(|file| FILES.contains(&file.name()) || LANGUAGE.contains(&file.name()));
    for file in &mut set.file {
        file.source_code_info = None;
    }
    set.encode_to_vec()
}
