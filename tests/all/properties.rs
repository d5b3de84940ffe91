//! Properties of every message type of the schema, over random messages.

use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::unknown_member;
use diadoc_testkit::strategies::messages;
use diadoc_testkit::{descriptor_pool, round_trip, seeds};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestError, TestRunner};
use prost_reflect::prost::Message as _;
use prost_reflect::{
    Cardinality, DescriptorPool, DeserializeOptions, DynamicMessage, Kind, MessageDescriptor,
    ReflectMessage as _, SerializeOptions,
};
use serde_json::{Value, json};

use crate::through_serde;

/// Random messages of each type; `PROPTEST_CASES` sets another number.
const CASES: u32 = 12;

/// Tries `test` on random messages of every type; names the type of the first that fails.
pub(crate) fn for_every_message(test: impl Fn(&MessageType, DynamicMessage) -> TestCaseResult) {
    for_every_message_of(descriptor_pool(), CASES, test);
}

/// The same on messages as another schema has them.
pub(crate) fn for_every_message_of(
    schema: &DescriptorPool,
    cases: u32,
    test: impl Fn(&MessageType, DynamicMessage) -> TestCaseResult,
) {
    for message_type in registry::messages() {
        let descriptor = schema.get_message_by_name(message_type.full_name());
        let config = Config {
            cases: seeds::cases(cases),
            ..seeds::config(message_type.full_name())
        };
        let messages = messages(descriptor.expect("a message of the schema"));
        let result = TestRunner::new(config).run(&messages, |message| test(message_type, message));
        let name = message_type.full_name();
        match result {
            Ok(()) => {}
            // Its `Debug` would go on to all the schema.
            Err(TestError::Fail(why, message)) => panic!("{name}: {why}\n{message}"),
            Err(TestError::Abort(why)) => panic!("{name}: {why}"),
        }
    }
}

pub(crate) fn fail(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

#[test]
fn protobuf_is_stable_and_equals_prost_reflect() {
    for_every_message(|message_type, message| {
        let bytes = message.encode_to_vec();
        let typed = message_type.decode(&bytes).map_err(fail)?;
        prop_assert_eq!(typed.encode_to_vec(), bytes);
        Ok(())
    });
}

#[test]
fn json_is_stable() {
    for_every_message(|message_type, message| {
        let typed = message_type
            .decode(&message.encode_to_vec())
            .map_err(fail)?;
        let written = typed.to_json().map_err(fail)?;
        let read = message_type.from_json(written.as_bytes()).map_err(fail)?;
        prop_assert!(*read == *typed, "{}", written);
        prop_assert_eq!(read.to_json().map_err(fail)?, written.clone());
        prop_assert_eq!(through_serde::disagreement(message_type, &written), None);
        let pretty = typed.to_json_pretty().map_err(fail)?;
        let read = message_type.from_json(pretty.as_bytes()).map_err(fail)?;
        prop_assert!(*read == *typed, "{}", pretty);
        Ok(())
    });
}

/// Set to numbers for 64-bit integers, prost-reflect writes the same JSON, and reads ours.
///
/// One difference is Diadoc's own: of an enum member with two names JSON writes the first one of
/// the schema, where prost-reflect may choose another. The expected value is brought to that name.
#[test]
fn json_equals_prost_reflect() {
    let options = SerializeOptions::new().stringify_64_bit_integers(false);
    for_every_message(|message_type, message| {
        let typed = message_type
            .decode(&message.encode_to_vec())
            .map_err(fail)?;
        let written = typed.to_json().map_err(fail)?;
        let written_value: Value = serde_json::from_str(&written).map_err(fail)?;
        let reflected = message
            .serialize_with_options(serde_json::value::Serializer, &options)
            .map_err(fail)?;
        let (expected, _) = diadoc_testkit::normalise::normalise(&message.descriptor(), &reflected);
        prop_assert_eq!(&written_value, &expected);

        let mut json = serde_json::Deserializer::from_str(&written);
        let read = DynamicMessage::deserialize_with_options(
            message.descriptor(),
            &mut json,
            &DeserializeOptions::new(),
        )
        .map_err(fail)?;
        prop_assert!(read == message);
        Ok(())
    });
}

/// Whatever the rules tolerate in a body, reading tolerates, and the round trip loses nothing.
#[test]
fn tolerated_edits_survive_the_round_trip() {
    for_every_message(|message_type, message| {
        let typed = message_type
            .decode(&message.encode_to_vec())
            .map_err(fail)?;
        let mut body: Value =
            serde_json::from_str(&typed.to_json().map_err(fail)?).map_err(fail)?;
        let mut count = 0;
        tolerable_edits(&message.descriptor(), &mut body, &mut count);
        let body = body.to_string();
        prop_assert_eq!(through_serde::disagreement(message_type, &body), None);
        let report = round_trip::check(message_type, body.as_bytes());
        prop_assert!(report.passed(), "{}: {:?}", body, report.losses);
        Ok(())
    });
}

/// Edits every member of a body in one of the ways that the rules tolerate, in turn.
fn tolerable_edits(message: &MessageDescriptor, body: &mut Value, count: &mut usize) {
    let Value::Object(members) = body else {
        return;
    };
    let keys: Vec<String> = members.keys().cloned().collect();
    for key in keys {
        let field = message
            .get_field_by_json_name(&key)
            .expect("a body that was written holds known keys only");
        let value = members.get_mut(&key).expect("the key was just listed");
        *count += 1;
        match (*count % 7, field.kind(), &mut *value) {
            (0, _, value) => *value = Value::Null,
            (1, _, _) => {
                members.remove(&key);
            }
            (2, _, _) => {
                members.insert(
                    format!("{key}, but unknown"),
                    json!({"deep": [1, null, {"er": "x"}]}),
                );
            }
            // A required enum without a member for unknown names refuses an unknown name.
            (3, Kind::Enum(item), Value::String(name))
                if field.cardinality() != Cardinality::Required
                    || unknown_member(&item).is_some() =>
            {
                name.push_str("FromTheFuture");
            }
            (_, Kind::Message(inner), Value::Array(list)) => {
                for item in list {
                    tolerable_edits(&inner, item, count);
                }
            }
            (_, Kind::Message(inner), value) => tolerable_edits(&inner, value, count),
            (_, Kind::Bytes, Value::String(text)) => {
                *text = text.replace('+', "-").replace('/', "_").replace('=', "");
            }
            // A decimal string is no enum's name.
            (_, Kind::Enum(_), _) => {}
            (_, _, Value::Number(number)) => *value = Value::String(number.to_string()),
            _ => {}
        }
    }
}
