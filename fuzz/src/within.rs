//! Reading within limits, for every message type.

use diadoc_proto::Limits;
use diadoc_proto::registry::MessageType;

/// What came of reading: the message as protobuf, or why there is none.
pub type Outcome = Result<Vec<u8>, String>;

/// Reads JSON of a message type within limits.
pub fn json(message_type: &MessageType, body: &[u8], limits: &Limits) -> Outcome {
    let read = message_type.from_json_within(body, limits);
    let read = read.map_err(|error| error.to_string())?;
    Ok(read.encode_to_vec())
}

/// Reads protobuf of a message type within limits.
pub fn protobuf(message_type: &MessageType, body: &[u8], limits: &Limits) -> Outcome {
    let read = message_type.decode_within(body, limits);
    let read = read.map_err(|error| error.to_string())?;
    Ok(read.encode_to_vec())
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
