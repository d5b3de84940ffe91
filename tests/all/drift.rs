//! Bodies of tomorrow's schema, read with today's types.
//!
//! What is new is passed over, and what has a member that is not known yet is unset or said to be unknown:
//! nothing is read as what it is not. Two things cannot be read so. A required field of an enum without a
//! member that means unknown would have to be some other member (R4), and where JSON has a list in the
//! place of one value, no value would be right, and none would say that the server sent none (R7). Both
//! are errors that name the place. In protobuf a list in the place of one value cannot be told from a
//! value that stands twice, of which the last counts; the validator says so.

mod tomorrow;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use diadoc_proto::registry::MessageType;
use diadoc_schema::{
    Direction, Form, Report, Rule, Schema, Severity, unknown_member, validate_json,
    validate_protobuf,
};
use diadoc_testkit::descriptor;
use diadoc_testkit::normalise::normalise;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use prost_reflect::prost::Message as _;
use prost_reflect::{
    Cardinality, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor,
    ReflectMessage as _, SerializeOptions, Value,
};

use crate::agreement::oracle::is_stricter;
use crate::properties::{fail, for_every_message_of};
use crate::through_serde;

/// Random messages of each type; `PROPTEST_CASES` sets another number.
const CASES: u32 = 4;

static TOMORROW: LazyLock<Schema> = LazyLock::new(tomorrow::schema);

fn for_every_message_of_tomorrow(
    test: impl Fn(&MessageType, &MessageDescriptor, DynamicMessage) -> TestCaseResult,
) {
    for_every_message_of(TOMORROW.pool(), CASES, |message_type, message| {
        let today = descriptor(message_type.full_name()).expect("a message of the schema");
        test(message_type, &today, message)
    });
}

#[test]
fn protobuf_that_has_grown_is_read_and_what_is_new_is_told() {
    for_every_message_of_tomorrow(|message_type, today, message| {
        let bytes = message.encode_to_vec();
        let typed = message_type.decode(&bytes).map_err(fail)?;
        let expected = of_today(&message, today, Form::Protobuf);
        prop_assert_eq!(typed.encode_to_vec(), expected.encode_to_vec());

        let report = validate_protobuf(today, &bytes, Direction::Response);
        let mut expected = Told::new();
        difference(&[&message], today, Form::Protobuf, "", &mut expected);
        prop_assert_eq!(told(&report), expected);
        Ok(())
    });
}

#[test]
fn protobuf_that_has_grown_is_kept() {
    for_every_message_of_tomorrow(|message_type, today, mut message| {
        without_what_is_refused(&mut message, today);
        let bytes = message.encode_to_vec();
        let preserved = message_type.decode_preserved(&bytes).map_err(fail)?;
        let written = preserved.to_protobuf().map_err(fail)?;
        prop_assert_eq!(written.lost, vec![]);
        let again = DynamicMessage::decode(message.descriptor(), &written.body[..]);
        prop_assert!(again.map_err(fail)? == message);
        Ok(())
    });
}

#[test]
fn json_that_has_grown_is_read_and_kept() {
    for_every_message_of_tomorrow(|message_type, today, mut message| {
        without_what_is_refused(&mut message, today);
        let body = json(&message)?;
        let text = body.to_string();
        prop_assert_eq!(through_serde::disagreement(message_type, &text), None);
        let typed = message_type.from_json(text.as_bytes()).map_err(fail)?;
        let expected = of_today(&message, today, Form::Json);
        prop_assert_eq!(typed.encode_to_vec(), expected.encode_to_vec());

        let preserved = message_type.from_json_preserved(text.as_bytes());
        let written = preserved.map_err(fail)?.to_json().map_err(fail)?;
        prop_assert_eq!(written.lost, vec![]);
        let written: serde_json::Value = serde_json::from_str(&written.body).map_err(fail)?;
        prop_assert_eq!(written, body);
        Ok(())
    });
}

#[test]
fn what_is_new_in_json_is_told_and_what_is_refused_is_told_there() {
    for_every_message_of_tomorrow(|message_type, today, message| {
        let text = json(&message)?.to_string();
        let mut expected = Told::new();
        difference(&[&message], today, Form::Json, "", &mut expected);
        let report = validate_json(today, text.as_bytes(), Direction::Response);
        prop_assert_eq!(told(&report), expected);

        let mut errors = report.findings.iter();
        let error = errors.find(|one| one.severity == Severity::Error && !is_stricter(one));
        match (message_type.from_json(text.as_bytes()), error) {
            (Ok(_), None) => {}
            (Err(refused), Some(error)) => {
                prop_assert_eq!(refused.path(), &error.path);
            }
            (read, error) => {
                return Err(fail(format!("{:?}, but {error:?}: {text}", read.map(drop))));
            }
        }
        Ok(())
    });
}

/// Rules, each with a place.
type Told = BTreeSet<(Rule, String)>;

/// What a report says of the difference between two schemas.
fn told(report: &Report) -> Told {
    let of_the_schema = [
        Rule::JsonUnknownKey,
        Rule::JsonEnumName,
        Rule::JsonEnumUnknownNumber,
        Rule::JsonType,
        Rule::WireUnknownField,
        Rule::WireEnumUnknownNumber,
        Rule::WireDuplicateField,
    ];
    let findings = report.findings.iter();
    let findings = findings.filter(|finding| of_the_schema.contains(&finding.rule));
    findings
        .map(|finding| (finding.rule, finding.path.clone()))
        .collect()
}

/// What the validator has to say of a message of tomorrow, which may stand in several parts.
fn difference(
    parts: &[&DynamicMessage],
    today: &MessageDescriptor,
    form: Form,
    path: &str,
    told: &mut Told,
) {
    let mut fields = BTreeMap::<u32, (FieldDescriptor, Vec<&Value>)>::new();
    for (field, value) in parts.iter().flat_map(|part| part.fields()) {
        let number = field.number();
        if today.get_field(number).is_none() {
            let (rule, key) = match form {
                Form::Json => (Rule::JsonUnknownKey, field.json_name().to_owned()),
                _ => (Rule::WireUnknownField, number.to_string()),
            };
            told.insert((rule, below(path, &key)));
            continue;
        }
        let (_, values) = fields.entry(number).or_insert_with(|| (field, Vec::new()));
        match value {
            Value::List(list) => values.extend(list),
            value => values.push(value),
        }
    }
    for (number, (field, values)) in fields {
        let known = today.get_field(number).expect("a known field");
        let path = below(path, known.json_name());
        let is_list_by_now = field.is_list() && !known.is_list();
        let groups = match form {
            Form::Json if is_list_by_now => {
                told.insert((Rule::JsonType, path.clone()));
                // It looks into the elements of a list that is none.
                each(&path, &values)
            }
            _ if known.is_list() => each(&path, &values),
            _ => {
                if values.len() > 1 {
                    told.insert((Rule::WireDuplicateField, path.clone()));
                }
                vec![(path, &values[..])]
            }
        };
        for (path, values) in groups {
            match known.kind() {
                Kind::Message(today) => {
                    let parts: Vec<_> = values.iter().filter_map(|one| one.as_message()).collect();
                    difference(&parts, &today, form, &path, told);
                }
                Kind::Enum(item) if !(is_list_by_now && form == Form::Json) => {
                    if let Some(value) = values.iter().find(|value| is_new(&item, value)) {
                        let rule = match form {
                            Form::Json if has_name(&field, value) => Rule::JsonEnumName,
                            Form::Json => Rule::JsonEnumUnknownNumber,
                            _ => Rule::WireEnumUnknownNumber,
                        };
                        told.insert((rule, path));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Each value alone, with its place in the list.
fn each<'v, 'm>(path: &str, values: &'v [&'m Value]) -> Vec<(String, &'v [&'m Value])> {
    let place = |(index, one)| (format!("{path}[{index}]"), one);
    values.chunks(1).enumerate().map(place).collect()
}

/// What of a message of tomorrow is left for a type of today.
fn of_today(message: &DynamicMessage, today: &MessageDescriptor, form: Form) -> DynamicMessage {
    let mut left = DynamicMessage::new(today.clone());
    for (field, value) in message.fields() {
        let Some(known) = today.get_field(field.number()) else {
            continue;
        };
        let one = |value: &Value| match (value, known.kind()) {
            (Value::Message(inner), Kind::Message(today)) => {
                Some(Value::Message(of_today(inner, &today, form)))
            }
            (value, Kind::Enum(item))
                if form == Form::Json && is_new(&item, value) && has_name(&field, value) =>
            {
                let unknown = item.get_value_by_name(unknown_member(&item)?);
                unknown.map(|unknown| Value::EnumNumber(unknown.number()))
            }
            (value, _) => Some(value.clone()),
        };
        match value {
            Value::List(list) => {
                for value in list.iter().filter_map(one) {
                    // Protobuf takes the last value, and puts the parts of a message together.
                    let mut alone = DynamicMessage::new(today.clone());
                    match known.is_list() {
                        true => alone.set_field(&known, Value::List(vec![value])),
                        false => alone.set_field(&known, value),
                    }
                    left.merge(&alone.encode_to_vec()[..]).expect("a message");
                }
            }
            value => {
                if let Some(value) = one(value) {
                    left.set_field(&known, value);
                }
            }
        }
    }
    left
}

/// The message without what no type of today can read from JSON: see above.
fn without_what_is_refused(message: &mut DynamicMessage, today: &MessageDescriptor) {
    let fields: Vec<_> = message.fields().map(|(field, _)| field).collect();
    for field in fields {
        let Some(known) = today.get_field(field.number()) else {
            continue;
        };
        if field.is_list() && !known.is_list() {
            message.clear_field(&field);
            continue;
        }
        let values = match message.get_field_mut(&field) {
            Value::List(list) => list.iter_mut().collect(),
            one => vec![one],
        };
        for value in values {
            match (value, known.kind()) {
                (Value::Message(inner), Kind::Message(today)) => {
                    without_what_is_refused(inner, &today);
                }
                (value, Kind::Enum(item)) if must_be_known(&known, &item, value) => {
                    *value = Value::default_value(&known.kind());
                }
                _ => {}
            }
        }
    }
}

/// Whether a name that the enum does not have can stand for no other of its members.
fn must_be_known(field: &FieldDescriptor, item: &EnumDescriptor, value: &Value) -> bool {
    field.cardinality() == Cardinality::Required
        && unknown_member(item).is_none()
        && is_new(item, value)
}

/// Whether the enum of a field of tomorrow has such a member.
fn has_name(field: &FieldDescriptor, value: &Value) -> bool {
    let kind = field.kind();
    kind.as_enum().is_some_and(|item| !is_new(item, value))
}

/// Whether the enum has no such member.
fn is_new(item: &EnumDescriptor, value: &Value) -> bool {
    matches!(value, Value::EnumNumber(number) if item.get_value(*number).is_none())
}

/// Diadoc's JSON of a message, with the names that it writes.
fn json(message: &DynamicMessage) -> Result<serde_json::Value, TestCaseError> {
    let options = SerializeOptions::new().stringify_64_bit_integers(false);
    let body = message.serialize_with_options(serde_json::value::Serializer, &options);
    let (body, _) = normalise(&message.descriptor(), &body.map_err(fail)?);
    Ok(body)
}

fn below(path: &str, step: &str) -> String {
    match path {
        "" => step.to_owned(),
        path => format!("{path}.{step}"),
    }
}
