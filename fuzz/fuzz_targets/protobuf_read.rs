//! A message type and protobuf: what is read is written and read again as the same, and so within limits.

#![no_main]

use diadoc_fuzz::{typed, within};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((message_type, body)) = typed(data) else {
        return;
    };
    let read = message_type.decode(body);
    let outcome = match &read {
        Ok(message) => Ok(message.encode_to_vec()),
        Err(error) => Err(error.to_string()),
    };
    let limited = within::protobuf(message_type, body, &within::limits());
    within::check(&limited, &outcome);
    let kept = message_type.decode_preserved(body);
    let Ok(message) = read else {
        assert!(kept.is_err(), "only what keeps what is unknown reads it");
        return;
    };
    let written = message.encode_to_vec();
    let again = message_type.decode(&written).expect("it was written");
    assert!(*again == *message);
    assert_eq!(again.encode_to_vec(), written);
    let kept = kept.expect("a message that is read is read with what is unknown");
    assert!(*kept.message() == *message);
    let body = kept.to_protobuf().expect("a message is written");
    assert!(body.lost.is_empty(), "{:?}", body.lost);
    let again = message_type
        .decode_preserved(&body.body)
        .expect("it was written");
    assert!(*again.message() == *message);
    assert_eq!(
        again.to_protobuf().expect("a message is written").body,
        body.body
    );
});
