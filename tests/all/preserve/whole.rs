//! Whole bodies, and broken ones.

use diadoc_proto::registry;
use proptest::prelude::*;
use prost::encoding::{WireType, encode_key};
use serde_json::{Value, json};

use crate::support::{fixtures, message_type, read, samples};

#[test]
fn bodies_of_the_server_come_back_whole() {
    let fixtures = fixtures().into_iter().map(|fixture| {
        let message_type = message_type(&fixture);
        (fixture.file, message_type)
    });
    let mut count = 0;
    for (file, message_type) in fixtures.chain(samples()) {
        let body = read(&file);
        // Two of the documented bodies are no JSON of their message.
        let Ok(preserved) = message_type.from_json_preserved(&body) else {
            continue;
        };
        let written = preserved.to_json().unwrap();
        let [body, written] = [&body[..], written.body.as_bytes()].map(|body| {
            let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
            serde_json::from_slice::<Value>(body).unwrap()
        });
        assert_eq!(missing(&body, &written), None, "{}", file.display());
        count += preserved.unknown().len();
    }
    assert!(count > 5, "{count}");
}

/// A value of a body that another one lacks, but for nulls, empty lists and how values are spelt.
fn missing(body: &Value, written: &Value) -> Option<String> {
    match (body, written) {
        (Value::Object(body), Value::Object(written)) => {
            body.iter().find_map(|(key, value)| match written.get(key) {
                Some(written) => missing(value, written).map(|what| format!("{key}.{what}")),
                None if value.is_null() || *value == json!([]) => None,
                None => Some(key.clone()),
            })
        }
        (Value::Array(body), Value::Array(written)) if body.len() == written.len() => {
            let mut both = body.iter().zip(written);
            both.find_map(|(body, written)| missing(body, written))
        }
        (Value::Object(_) | Value::Array(_), _) => Some(body.to_string()),
        _ => None,
    }
}

proptest! {
    #![proptest_config(diadoc_testkit::seeds::config(module_path!()))]

    /// A body that is read is kept, and comes back as the same.
    #[test]
    fn a_broken_body_is_an_error_or_is_kept(
        which in 0..fixtures().len(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let fixture = &fixtures()[which];
        let message_type = message_type(fixture);
        let mut body = read(&fixture.file);
        for (index, byte) in &flips {
            let at = index.index(body.len());
            body[at] = *byte;
        }
        let ordinary = message_type.from_json(&body);
        let preserved = message_type.from_json_preserved(&body);
        prop_assert_eq!(ordinary.is_ok(), preserved.is_ok());
        if let Ok(preserved) = preserved {
            let written = preserved.to_json().unwrap();
            let again = message_type.from_json_preserved(written.body.as_bytes()).unwrap();
            prop_assert!(again.message() == preserved.message());
            prop_assert_eq!(again.unknown(), preserved.unknown());
            prop_assert_eq!(again.to_json().unwrap(), written);
        }
    }

    /// Any bytes: what can be read can be written, and is read again as the same.
    #[test]
    fn any_protobuf_is_an_error_or_is_kept(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..200),
        number in 1_u32..40,
        which in 0..registry::messages().len(),
    ) {
        let message_type = &registry::messages()[which];
        let mut inside = Vec::new();
        encode_key(number, WireType::Varint, &mut inside);
        inside.append(&mut bytes);
        if let Ok(preserved) = message_type.decode_preserved(&inside) {
            let written = preserved.to_protobuf().unwrap();
            let again = message_type.decode_preserved(&written.body).unwrap();
            prop_assert_eq!(again.unknown(), preserved.unknown());
            prop_assert_eq!(again.to_protobuf().unwrap().body, written.body);
            prop_assert_eq!(message_type.decode(&inside).unwrap().encode_to_vec(), again.message().encode_to_vec());
        }
    }
}
