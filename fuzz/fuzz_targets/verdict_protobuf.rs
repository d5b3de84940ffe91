//! A message type and protobuf: the validator, the reader and prost-reflect refuse the same.

#![no_main]

use diadoc_fuzz::{LEVELS, descriptor, disagreement_on_protobuf, typed, within};
use diadoc_proto::Limits;
use diadoc_schema::{Direction, validate_protobuf};
use libfuzzer_sys::fuzz_target;
use prost_reflect::DynamicMessage;

fuzz_target!(|data: &[u8]| {
    let Some((message_type, body)) = typed(data) else {
        return;
    };
    let message = descriptor(message_type);
    for direction in [Direction::Request, Direction::Response] {
        let report = validate_protobuf(&message, body, direction);
        for finding in &report.findings {
            assert!(finding.span.start <= finding.span.end, "{finding:?}");
            assert!(finding.span.end <= body.len(), "{finding:?}");
        }
        report.render("", false);
    }
    if let Some(disagreement) = disagreement_on_protobuf(message_type, body) {
        panic!("{disagreement}");
    }
    // To prost a required message is a level as well.
    let shallow = within::protobuf(message_type, body, &Limits::new().depth(LEVELS));
    if shallow.is_err_and(|error| error.contains("`Limits::depth`")) {
        return;
    }
    let ours = message_type.decode(body);
    let theirs = DynamicMessage::decode(message, body);
    assert_eq!(ours.is_ok(), theirs.is_ok(), "{ours:?}, {theirs:?}");
});
