//! A body of which nothing is known: it is opened, and what it may be is found, in either form.

#![no_main]

use diadoc_open::{Opener, Path};
use diadoc_proto::{Limits, registry};
use diadoc_schema::{Detected, Schema, detect_json, detect_protobuf};
use diadoc_schema::{mojibake, not_utf8, percent_encoded};
use libfuzzer_sys::fuzz_target;

fn check(found: &[Detected]) {
    assert!(found.len() <= 10);
    for one in found {
        assert!((0.0..=1.0).contains(&one.score), "{one:?}");
        assert!(registry::find(&one.message).is_some(), "{one:?}");
    }
    assert!(found.first().is_none_or(|first| first.as_good_as_first));
}

/// How many bytes are unpacked at most.
const MOST: usize = 1 << 20;

fn opened(data: &[u8], at: Option<Path>) {
    let opener = Opener::new().limits(Limits::new().bytes(MOST)).at(at);
    let Ok(opened) = opener.open(data) else {
        return;
    };
    assert!(!opened.bodies.is_empty());
    for body in &opened.bodies {
        assert!(body.steps.len() <= 10, "{body:?}");
        assert!(body.bytes.len() <= MOST.max(data.len()), "{body:?}");
        if let Some(offset) = body.offset {
            assert_eq!(data[offset..][..body.bytes.len()], *body.bytes);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    opened(data, None);
    opened(data, ".BoxId".parse().ok());
    let schema = Schema::diadoc();
    let found = detect_json(schema, data);
    check(&found);
    assert!(found.is_empty() || data.contains(&b'{'));
    let found = detect_protobuf(schema, data);
    check(&found);
    let encoding = not_utf8(data);
    if let Ok(text) = std::str::from_utf8(data) {
        assert_ne!(encoding, Some("windows-1251"));
        mojibake(text);
        percent_encoded(text);
    }
});
