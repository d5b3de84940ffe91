//! A message type and JSON: the validator, the codec and serde refuse the same at the same place.

#![no_main]

use diadoc_fuzz::{descriptor, disagreement_on_json, disagreement_with_serde, is_deep, typed};
use diadoc_schema::{Direction, validate_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((message_type, body)) = typed(data) else {
        return;
    };
    let message = descriptor(message_type);
    let text = String::from_utf8_lossy(body);
    for direction in [Direction::Request, Direction::Response] {
        let report = validate_json(&message, body, direction);
        for finding in &report.findings {
            assert!(finding.span.start <= finding.span.end, "{finding:?}");
            assert!(finding.span.end <= body.len(), "{finding:?}");
            assert!(finding.line > 0 && finding.column > 0, "{finding:?}");
        }
        let rendered = report.render(&text, false);
        let is_fit = |letter: char| letter == '\n' || !letter.is_control();
        assert!(rendered.chars().all(is_fit), "{rendered:?}");
    }
    if let Some(disagreement) = disagreement_on_json(message_type, body) {
        panic!("{disagreement}");
    }
    // serde_json has a limit of its own.
    if is_deep(body) {
        return;
    }
    if let Some(disagreement) = disagreement_with_serde(message_type, body) {
        panic!("{disagreement}");
    }
});
