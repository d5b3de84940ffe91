//! A body of which nothing is known: what it may be is found, in either form.

#![no_main]

use diadoc_proto::registry;
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

fuzz_target!(|data: &[u8]| {
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
