//! A message type and JSON: it survives reading and writing by the rules, and protobuf, which
//! prost-reflect reads as the same message.

#![no_main]

use diadoc_fuzz::{descriptor, is_deep, typed};
use diadoc_testkit::normalise::{differences, normalise, over_protobuf};
use diadoc_testkit::round_trip::{self, Loss};
use libfuzzer_sys::fuzz_target;
use prost_reflect::prost::Message as _;
use prost_reflect::{DynamicMessage, SerializeOptions};
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Some((message_type, body)) = typed(data) else {
        return;
    };
    if is_deep(body) {
        return;
    }
    for loss in round_trip::check(message_type, body).losses {
        assert!(matches!(loss, Loss::Refused(_)), "{loss:?}");
    }
    let Ok(message) = message_type.from_json(body) else {
        return;
    };
    let descriptor = descriptor(message_type);
    let bytes = message.encode_to_vec();
    let reflected = DynamicMessage::decode(descriptor.clone(), &*bytes).expect("it was written");
    assert_eq!(reflected.encode_to_vec(), bytes);

    // Both write the same JSON, but for what only JSON has.
    let own = message_type.decode(&bytes).expect("it was written");
    let own = own.to_json().expect("a message is written");
    let own: Value = serde_json::from_str(&own).expect("JSON");
    let options = SerializeOptions::new().stringify_64_bit_integers(false);
    let theirs = reflected.serialize_with_options(serde_json::value::Serializer, &options);
    let (theirs, _) = normalise(&descriptor, &theirs.expect("a message is written"));
    assert!(own == theirs, "{:?}", differences(&theirs, &own));
    let written = message.to_json().expect("a message is written");
    let written: Value = serde_json::from_str(&written).expect("JSON");
    let (carried, _) = over_protobuf(&descriptor, &written);
    assert!(own == carried, "{:?}", differences(&carried, &own));
});
