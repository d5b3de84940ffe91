//! What is said to break nothing breaks nothing: bodies of one schema are read, and found valid, by
//! the other, which differs from it in places of which the comparison says so.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use diadoc_schema::{
    Breaks, Change, Direction, Example, Report, Rule, Schema, Severity, Shape, compare, example,
    is_only_in_json, validate_json, validate_protobuf,
};
use diadoc_testkit::normalise::{self, normalise};
use diadoc_testkit::seeds;
use diadoc_testkit::strategies::messages;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use prost::Message as _;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, MessageDescriptor, ReflectMessage as _, SerializeOptions,
    Value,
};
use serde_json::Value as Json;

use crate::mutations::Set;

/// A schema with something of everything.
const SCHEMA: &str = r#"
syntax = "proto2";
package Diadoc.Api.Proto;
import "diadoc/rules.proto";
import "diadoc/http.proto";
import "diadoc/json.proto";
enum Known { First = 0; Second = 1; Third = 2; reserved 9; reserved "Ninth"; }
enum Open { option (Json.names).unknown = "UnknownOpen"; UnknownOpen = 0; One = 1; Two = 2; }
enum OpenToo { option (Json.names).unknown = "UnknownOpenToo"; UnknownOpenToo = 0; Uno = 1; }
enum Aliased { option allow_alias = true; Zero = 0; Null = 0; Eins = 1; }
message Inner {
  required string Name = 1 [(Rules.field).max_len = 6];
  optional int64 Ticks = 2 [deprecated = true];
  optional Inner Next = 3;
}
message Twin {
  required string Name = 1 [(Rules.field).max_len = 3];
  optional int64 Ticks = 2;
  optional Inner Next = 3;
}
message Body {
  option (Rules.message).excludes = {fields: ["Text", "Bytes"]};
  reserved 40 to 49;
  reserved "Forty";
  required int32 Small = 1;
  optional int64 Large = 2 [default = 7];
  optional uint32 Natural = 3;
  optional sint64 Zigzag = 4;
  optional fixed64 Fixed = 5;
  optional bool Flag = 6 [default = true];
  optional string Text = 7 [(Rules.field).max_len = 8];
  optional bytes Bytes = 8;
  required Known Must = 9;
  optional Known May = 10;
  repeated Known Some = 11;
  required Open Free = 12;
  optional OpenToo FreeToo = 13 [default = Uno];
  optional Aliased Named = 14;
  optional Inner Inner = 15;
  repeated Twin Twins = 16;
  repeated int32 Numbers = 17 [packed = true, (Rules.field).max_items = 2];
  optional double Ratio = 18;
  optional string Code = 19 [(Rules.field).format = DATE];
  optional string Late = 536870001 [(Json.field).only = true];
  oneof Choice { string Left = 20; int32 Right = 21; }
}
"#;

/// Bodies of each message.
const BODIES: usize = 6;

thread_local! {
    /// The schema, and how often each kind of promise was held against bodies.
    static BASE: Set = Set::of(&schema("contract", SCHEMA));
    static HELD: RefCell<BTreeMap<&'static str, usize>> = const { RefCell::new(BTreeMap::new()) };
}

fn schema(name: &str, text: &str) -> Schema {
    let read = |name: &str| {
        std::fs::read_to_string(crate::repository().join("proto/diadoc").join(name)).unwrap()
    };
    let [rules, http, json] = ["rules.proto", "http.proto", "json.proto"].map(read);
    let files = [
        ("diadoc/rules.proto", &*rules),
        ("diadoc/http.proto", &*http),
        ("diadoc/json.proto", &*json),
        ("t.proto", text),
    ];
    Schema::from_proto_folder(&crate::folder(name, &files)).unwrap()
}

/// Changes of types lead to a message that has nothing; here is one of the same shape, with other rules.
#[test]
fn a_message_in_the_place_of_its_twin() {
    let other = SCHEMA.replace("optional Inner Inner = 15;", "optional Twin Inner = 15;");
    assert_ne!(other, SCHEMA);
    let (old, new) = (schema("twin-old", SCHEMA), schema("twin-new", &other));
    let shapes = (Shape::from(&old), Shape::from(&new));
    for seed in 0..10 {
        hold((&old, &shapes.0), (&new, &shapes.1), seed).unwrap();
    }
}

#[test]
fn what_breaks_nothing_is_taken_by_both() {
    let base = BASE.with(Clone::clone);
    let mutations = base.mutations();
    let of_bodies = |element: &str| element.starts_with("Diadoc.Api.Proto.");
    let mutations: Vec<_> = mutations
        .into_iter()
        .filter(|mutation| of_bodies(&mutation.element))
        .collect();
    let old = base.schema().unwrap();
    let old_shape = Shape::from(&old);
    // Each change alone, both ways: what is deleted one way is added the other way.
    for (place, mutation) in mutations.iter().enumerate() {
        let Ok(new) = base.with([mutation]).schema() else {
            continue;
        };
        let new_shape = Shape::from(&new);
        hold((&old, &old_shape), (&new, &new_shape), place as u64).unwrap();
    }
    // And several at once.
    let config = Config {
        cases: seeds::cases(60),
        ..seeds::config("several changes at once")
    };
    let places = proptest::collection::vec(any::<Index>(), 2..4);
    let tested = TestRunner::new(config).run(&(places, any::<u64>()), |(places, seed)| {
        let chosen: BTreeMap<_, _> = places
            .iter()
            .map(|place| place.get(&mutations))
            .map(|mutation| (mutation.element.clone(), mutation))
            .collect();
        let Ok(new) = base.with(chosen.into_values()).schema() else {
            return Ok(());
        };
        hold((&old, &old_shape), (&new, &Shape::from(&new)), seed).map_err(TestCaseError::fail)
    });
    tested.unwrap_or_else(|error| panic!("{error}"));
    // The promises were made often enough to mean something.
    HELD.with_borrow(|held| {
        for promise in ["wire", "JSON", "validation"] {
            assert!(
                held.get(promise).is_some_and(|held| *held > 100),
                "{held:?}"
            );
        }
    });
}

/// What breaks is found, so that finding nothing means something.
#[test]
fn what_breaks_is_found_by_bodies() {
    let base = BASE.with(Clone::clone);
    let schema = base.schema().unwrap();
    let mut found = BTreeSet::new();
    for (place, mutation) in base.mutations().iter().enumerate() {
        if !mutation.element.starts_with("Diadoc.Api.Proto.") || found.contains(&mutation.what) {
            continue;
        }
        let Ok(new) = base.with([mutation]).schema() else {
            continue;
        };
        for (from, to) in [(&schema, &new), (&new, &schema)] {
            for message in from.messages() {
                let other = to.pool().get_message_by_name(message.full_name());
                let seed = place as u64;
                let taken = other.map(|other| taken(&message, &other, Breaks::NOTHING, seed));
                if taken.is_some_and(|taken| taken.is_err()) {
                    found.insert(mutation.what.clone());
                }
            }
        }
    }
    for what in [
        "FieldDescriptorProto.number",
        "FieldDescriptorProto.type",
        "FieldDescriptorProto.type_name",
        "FieldDescriptorProto.label",
        "FieldDescriptorProto.default_value",
        "EnumDescriptorProto.value",
        "EnumValueDescriptorProto.name",
        "Diadoc.Rules.field.max_len",
        "Diadoc.Rules.field.format",
    ] {
        assert!(found.contains(what), "{what} is not among {found:?}");
    }
}

/// Holds what the comparison of two schemas says, in both directions.
fn hold(old: (&Schema, &Shape), new: (&Schema, &Shape), seed: u64) -> Result<(), String> {
    for (from, to) in [(old, new), (new, old)] {
        let changes = compare(from.1, to.1);
        let breaks = changes
            .iter()
            .fold(Breaks::NOTHING, |all, change| all | change.breaks);
        // The two directions agree on what breaks.
        for message in from.0.messages() {
            let Some(other) = to.0.pool().get_message_by_name(message.full_name()) else {
                continue;
            };
            taken(&message, &other, breaks, seed).map_err(|text| {
                let changes: Vec<_> = changes.iter().map(Change::to_string).collect();
                format!(
                    "{}: {text}\nthough {}",
                    message.full_name(),
                    changes.join("\n")
                )
            })?;
        }
    }
    Ok(())
}

/// Bodies that are valid by one message are taken by the other, as far as nothing breaks.
fn taken(
    message: &MessageDescriptor,
    other: &MessageDescriptor,
    breaks: Breaks,
    seed: u64,
) -> Result<(), String> {
    let mut runner = seeds::runner(&seed.to_string());
    for body in 0..BODIES {
        let random = messages(message.clone()).new_tree(&mut runner);
        let random = random.map_err(|reason| reason.to_string())?.current();
        let valid = example(message, Example::Random(seed.wrapping_add(body as u64)));
        // An example may have two fields of a oneof, which nobody reads.
        let valid = DynamicMessage::deserialize(message.clone(), &valid).ok();
        for body in [Some(random), valid].into_iter().flatten() {
            let json = to_json(&body);
            if !breaks.json() {
                reads_json(other, &json).map_err(|text| format!("{text}: {json}"))?;
                count("JSON");
            }
            let sent = without_only_in_json(&body);
            if !breaks.wire() {
                reads_protobuf(&sent, other).map_err(|text| format!("{text}: {json}"))?;
                count("wire");
            }
            if breaks.validation() {
                continue;
            }
            let (text, bytes) = (json.to_string(), sent.encode_to_vec());
            for direction in [Direction::Request, Direction::Response] {
                if !breaks.json() {
                    let check = |message| validate_json(message, text.as_bytes(), direction);
                    stays_valid(&check(message), &check(other))
                        .map_err(|found| format!("{found}: {json}"))?;
                }
                if !breaks.wire() {
                    let check = |message| validate_protobuf(message, &bytes, direction);
                    stays_valid(&check(message), &check(other))
                        .map_err(|found| format!("{found}: {json}"))?;
                }
            }
        }
    }
    Ok(())
}

fn stays_valid(by_one: &Report, by_other: &Report) -> Result<(), String> {
    if !faults(by_one).is_empty() {
        return Ok(());
    }
    count("validation");
    match faults(by_other).as_slice() {
        [] => Ok(()),
        faults => Err(faults.join(", ")),
    }
}

/// What protobuf carries of a message.
fn without_only_in_json(body: &DynamicMessage) -> DynamicMessage {
    let mut sent = body.clone();
    for field in body.descriptor().fields().filter(is_only_in_json) {
        sent.clear_field(&field);
    }
    sent
}

fn count(promise: &'static str) {
    HELD.with_borrow_mut(|held| *held.entry(promise).or_default() += 1);
}

/// The errors, but for what is new to the reader: it skips fields, and has values for names and
/// numbers of enums, or leaves them out.
fn faults(report: &Report) -> Vec<String> {
    let new = [
        Rule::JsonUnknownKey,
        Rule::BodyForeign,
        Rule::WireUnknownField,
        Rule::WireEnumUnknownNumber,
    ];
    let faults = report.findings.iter();
    let faults = faults.filter(|finding| finding.severity == Severity::Error);
    let faults = faults.filter(|finding| !new.contains(&finding.rule));
    // What readers refuse of names is found with `reads_json`; a server refuses each new one.
    let faults = faults.filter(|finding| finding.rule != Rule::JsonEnumName);
    faults
        .map(|finding| format!("{} {} {}", finding.rule, finding.path, finding.message))
        .collect()
}

/// What prost-reflect writes, as Diadoc has it.
fn to_json(message: &DynamicMessage) -> Json {
    let options = SerializeOptions::new().stringify_64_bit_integers(false);
    message
        .serialize_with_options(serde_json::value::Serializer, &options)
        .unwrap()
}

/// Whether a reader takes a JSON body, by the rules of Diadoc's JSON.
fn reads_json(message: &MessageDescriptor, body: &Json) -> Result<(), String> {
    let (read, notes) = normalise(message, body);
    // A name without a member to stand for it, in a field that must be there.
    let dropped = notes
        .iter()
        .filter(|note| note.change == normalise::Change::UnknownNameDropped);
    for note in dropped {
        let added = |other: &normalise::Note| {
            other.path == note.path && other.change == normalise::Change::RequiredAdded
        };
        if notes.iter().any(added) {
            return Err(format!("{} has no value", note.path));
        }
    }
    DynamicMessage::deserialize(message.clone(), &read)
        .map(|_| ())
        .map_err(|error| format!("refused: {error}"))
}

/// Whether a reader takes protobuf, and finds the same values in it.
fn reads_protobuf(body: &DynamicMessage, other: &MessageDescriptor) -> Result<(), String> {
    let read = DynamicMessage::decode(other.clone(), &*body.encode_to_vec());
    let read = read.map_err(|error| format!("refused: {error}"))?;
    same_values(body, &read)
}

/// The fields that both know, by their numbers; what is absent has its default, and may not be
/// required.
fn same_values(a: &DynamicMessage, b: &DynamicMessage) -> Result<(), String> {
    let lacks = |field: &FieldDescriptor| field.is_required() && !b.has_field(field);
    if let Some(field) = b.descriptor().fields().find(lacks) {
        return Err(format!("{} is missing", field.name()));
    }
    for field in a.descriptor().fields() {
        let Some(other) = b.descriptor().get_field(field.number()) else {
            continue;
        };
        if is_only_in_json(&field) || is_only_in_json(&other) {
            continue;
        }
        // A message that is absent in both has no end.
        let absent = !a.has_field(&field) && !b.has_field(&other);
        if absent && field.kind().as_message().is_some() {
            continue;
        }
        same_value(&a.get_field(&field), &b.get_field(&other))
            .map_err(|text| format!("{}: {text}", field.name()))?;
    }
    Ok(())
}

fn same_value(a: &Value, b: &Value) -> Result<(), String> {
    match (a, b) {
        (Value::Message(a), Value::Message(b)) => same_values(a, b),
        (Value::List(a), Value::List(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_for_each(|(a, b)| same_value(a, b))
        }
        (a, b) if a == b => Ok(()),
        (Value::EnumNumber(a), Value::I32(b)) | (Value::I32(a), Value::EnumNumber(b)) if a == b => {
            Ok(())
        }
        (Value::F32(a), Value::F32(b)) if a.to_bits() == b.to_bits() => Ok(()),
        (Value::Message(_) | Value::List(_), _) | (_, Value::Message(_) | Value::List(_)) => {
            Err("it is read as something else".to_owned())
        }
        (a, b) => Err(format!("{a:?} is read as {b:?}")),
    }
}
