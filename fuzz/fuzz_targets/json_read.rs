//! A message type and JSON: what is read is written and read again as the same, and so within limits.

#![no_main]

use diadoc_fuzz::{typed, within};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((message_type, body)) = typed(data) else {
        return;
    };
    let read = message_type.from_json(body);
    let outcome = match &read {
        Ok(message) => Ok(message.encode_to_vec()),
        Err(error) => {
            assert!(error.offset() <= body.len(), "{error}");
            Err(error.to_string())
        }
    };
    let limited = within::json(message_type, body, &within::limits());
    within::check(&limited, &outcome);
    // What is unknown is kept or makes no difference.
    let kept = message_type.from_json_preserved(body);
    let Ok(message) = read else {
        assert!(kept.is_err(), "only what keeps what is unknown reads it");
        return;
    };
    let written = message.to_json().expect("a message is written");
    let pretty = message.to_json_pretty().expect("a message is written");
    for text in [&written, &pretty] {
        let again = message_type
            .from_json(text.as_bytes())
            .expect("it was written");
        assert!(*again == *message, "{written}");
        assert_eq!(again.to_json().expect("a message is written"), written);
    }
    let Ok(kept) = kept else {
        return;
    };
    assert!(*kept.message() == *message);
    let body = kept.to_json().expect("a message is written");
    assert!(body.lost.is_empty(), "{:?}", body.lost);
    let again = message_type.from_json_preserved(body.body.as_bytes());
    let again = again.expect("it was written");
    assert!(*again.message() == *message, "{}", body.body);
    assert_eq!(
        again.to_json().expect("a message is written").body,
        body.body
    );
});
