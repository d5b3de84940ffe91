//! Reading within limits, for every message type.

use diadoc_proto::json::{self, JsonMessage};
use diadoc_proto::{DecodeWithin, Limits};

#[path = "../../src/generated/registry.rs"]
#[allow(deprecated)]
#[rustfmt::skip]
mod generated;

/// What came of reading: the message as protobuf, or why there is none.
pub type Outcome = Result<Vec<u8>, String>;

struct MessageType {
    full_name: &'static str,
    json: fn(&[u8], &Limits) -> Outcome,
    protobuf: fn(&[u8], &Limits) -> Outcome,
}

impl MessageType {
    const fn of<M: prost::Message + JsonMessage + DecodeWithin>(full_name: &'static str) -> Self {
        Self {
            full_name,
            json: |body, limits| {
                let read = json::from_slice_within::<M>(body, limits);
                let read = read.map_err(|error| error.to_string())?;
                Ok(read.encode_to_vec())
            },
            protobuf: |body, limits| {
                let read = M::decode_within(body, limits).map_err(|error| error.to_string())?;
                Ok(read.encode_to_vec())
            },
        }
    }

    fn find(full_name: &str) -> &'static Self {
        let all = &generated::MESSAGES;
        let place = all.binary_search_by_key(&full_name, |message| message.full_name);
        &all[place.expect("both tables have every message")]
    }
}

/// Reads JSON of a message type within limits.
pub fn json(full_name: &str, body: &[u8], limits: &Limits) -> Outcome {
    (MessageType::find(full_name).json)(body, limits)
}

/// Reads protobuf of a message type within limits.
pub fn protobuf(full_name: &str, body: &[u8], limits: &Limits) -> Outcome {
    (MessageType::find(full_name).protobuf)(body, limits)
}

/// Limits that a body of a fuzzer can reach.
pub fn limits() -> Limits {
    Limits::new().elements(50).memory(16 << 10)
}

/// Holds what was read within [`limits`] against what was read without: it is the same, or the error
/// names a limit.
pub fn check(within: &Outcome, without: &Outcome) {
    match (within, without) {
        (Err(error), _) if error.contains("`Limits::") => {}
        (within, without) => assert_eq!(within, without),
    }
}
