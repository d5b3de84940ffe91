//! Validation of protobuf bytes.

use diadoc_schema::{Direction, Finding, Report, Rule, Schema, Severity, validate_protobuf};
use insta::assert_snapshot;
use prost::Message as _;
use prost_reflect::{Cardinality, DynamicMessage, Kind, MessageDescriptor, Value};
use prost_types::FileDescriptorProto;
use prost_types::field_descriptor_proto::Type;

use crate::{SplitMix64, dynamic, fixtures, schema};

/// Every kind of field.
fn sample() -> MessageDescriptor {
    let text = "
        package Diadoc.Api.Proto;
        message Sample {
            optional string Text = 1;
            optional int32 Number = 2;
            optional Sample Child = 3;
            repeated Sample Children = 4;
            repeated sint32 Numbers = 5;
            repeated sfixed64 Ticks = 6;
            optional Colour Colour = 7;
            optional Bag Bag = 8;
            optional Pair Pair = 9;
            optional bytes Data = 10;
            optional uint32 Unsigned = 11;
            optional sint32 Signed = 12;
            optional fixed32 Short = 13;
        }
        message Bag { required int64 Size = 1; }
        message Pair { required int32 Left = 1; required int32 Right = 2; }
        enum Colour { Red = 1; }";
    // In a text the name of a group's field is in lower case.
    let group = |file: &mut FileDescriptorProto| {
        file.message_type[0].field[7].set_type(Type::Group);
    };
    schema(text, group).message("Sample").unwrap()
}

/// `severity rule path start..end: message (expected …) (found …)`, a line a finding.
fn lines(report: &Report) -> String {
    let mut lines = String::new();
    for finding in &report.findings {
        assert_eq!((finding.line, finding.column), (0, 0));
        let pointer: String = match finding.path.as_str() {
            "" => String::new(),
            path => format!("/{}", path.replace(['.', '['], "/").replace(']', "")),
        };
        assert_eq!(finding.pointer, pointer);
        let path = match finding.path.as_str() {
            "" => "-",
            path => path,
        };
        lines += &format!(
            "{} {} {path} {}..{}: {}",
            finding.severity, finding.rule, finding.span.start, finding.span.end, finding.message
        );
        if let Some(expected) = &finding.expected {
            lines += &format!(" | expected {expected}");
        }
        if let Some(found) = &finding.found {
            lines += &format!(" | found {found}");
        }
        lines.push('\n');
    }
    lines
}

/// The findings of a request; agreement with prost-reflect holds for each of the cases.
fn check(bytes: &[u8]) -> String {
    let sample = sample();
    agree(&sample, bytes);
    lines(&validate_protobuf(&sample, bytes, Direction::Request))
}

/// Whatever has no error is decoded; and what is an error in a response, is not.
fn agree(message: &MessageDescriptor, bytes: &[u8]) {
    // Of protobuf nothing is a message; of the API it is none.
    if bytes.is_empty() {
        return;
    }
    let decoded = DynamicMessage::decode(message.clone(), bytes);
    for direction in [Direction::Request, Direction::Response] {
        let report = validate_protobuf(message, bytes, direction);
        // That another message fits better does not stop the decoder.
        let is_error = |finding: &Finding| {
            finding.severity == Severity::Error && finding.rule != Rule::BodyForeign
        };
        let has_errors = report.findings.iter().any(is_error);
        let agrees = match (decoded.is_ok(), has_errors) {
            (true, true) => direction == Direction::Request,
            (decoded, errors) => decoded != errors,
        };
        assert!(
            agrees,
            "{}: {:?}\n{bytes:02x?}\n{}",
            message.full_name(),
            decoded.err(),
            lines(&report)
        );
        let starts = report.findings.iter().map(|finding| finding.span.start);
        assert!(starts.is_sorted());
        for finding in &report.findings {
            assert!(finding.span.start <= finding.span.end && finding.span.end <= bytes.len());
        }
    }
}

fn len(number: u8, content: &[u8]) -> Vec<u8> {
    assert!(number < 16 && content.len() < 128);
    [&[number << 3 | 2, content.len() as u8], content].concat()
}

#[test]
fn a_good_body_has_no_findings() {
    let body = [
        len(1, "текст".as_bytes()),
        vec![
            0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
        ],
        len(3, &len(3, &[])),
        len(4, &[]),
        len(4, &len(1, b"x")),
        len(5, &[0x01, 0x02]),
        vec![0x28, 0x03],
        vec![0x31, 1, 2, 3, 4, 5, 6, 7, 8],
        len(6, &[0; 16]),
        vec![0x38, 0x01],
        vec![0x43, 0x08, 0x05, 0x44],
        len(9, &[0x08, 1, 0x10, 2]),
        len(10, &[0xff]),
        vec![0x6d, 0xff, 0xff, 0xff, 0xff],
    ]
    .concat();
    assert_eq!(check(&body), "");
    assert_snapshot!(check(b""), @"");
}

#[test]
fn truncated() {
    assert_snapshot!(check(&[0x10]), @r"
    error wire.truncated Number 1..1: the body ends inside this field: a byte is missing
    ");
    assert_snapshot!(check(&[0x80]), @r"
    error wire.truncated - 0..1: the body ends inside this field: a byte is missing
    ");
    assert_snapshot!(check(&[0x0a, 0x05, b'a']), @r"
    error wire.truncated Text 1..3: the body ends inside this field: 4 bytes are missing
    ");
    assert_snapshot!(check(&[0x31, 1, 2, 3]), @r"
    error wire.truncated Ticks[0] 1..4: the body ends inside this field: 5 bytes are missing
    ");
    assert_snapshot!(check(&[0x43, 0x08, 0x01]), @r"
    error wire.truncated Bag 1..3: the body ends inside this field: a byte is missing
    ");
    assert_snapshot!(check(&[0x9b, 0x06, 0x08, 0x01]), @r"
    error wire.unknown-field 99 0..4: `Sample` has no field 99; the server drops it in silence | found group
    error wire.truncated - 4..4: the body ends inside this field: a byte is missing
    ");
    // Unknown and cut off.
    assert_snapshot!(check(&[0x9a, 0x06, 0x05, 0x08]), @r"
    error wire.unknown-field 99 0..3: `Sample` has no field 99; the server drops it in silence | found length-delimited
    error wire.truncated - 2..4: the body ends inside this field: 4 bytes are missing
    ");
}

#[test]
fn malformed() {
    // A varint of eleven bytes.
    assert_snapshot!(check(&[vec![0x10], vec![0xff; 10], vec![0x01]].concat()), @r"
    error wire.malformed Number 1..11: a varint does not end within 64 bits
    ");
    // Field number 0, one above the largest, no wire type 7.
    assert_snapshot!(check(&[0x00, 0x00]), @r"
    error wire.malformed - 0..1: the field number is 0
    ");
    assert_snapshot!(check(&[0x80, 0x80, 0x80, 0x80, 0x10, 0x00]), @r"
    error wire.malformed - 0..5: the field number 536870912 is larger than any may be (536870911)
    ");
    assert_snapshot!(check(&[0x0f, 0x00]), @r"
    error wire.malformed - 0..1: there is no wire type 7
    ");
    // The end of a group that is not open, known or not, and of another one.
    assert_snapshot!(check(&[0x44]), @r"
    error wire.malformed - 0..1: the end of a group 8 that is not open
    ");
    assert_snapshot!(check(&[0x9c, 0x06]), @r"
    error wire.malformed - 0..2: the end of a group 99 that is not open
    ");
    assert_snapshot!(check(&[0x43, 0x08, 0x01, 0x0c]), @r"
    error wire.malformed Bag 3..4: the end of a group 1 that is not open
    ");
    // A length of more than 2 GiB, and one beyond the message around it.
    assert_snapshot!(check(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), @r"
    error wire.malformed Text 1..6: the length 4294967295 is larger than any message may be (2 GiB)
    ");
    assert_snapshot!(check(&[len(3, &[0x0a, 0x02, b'a']), vec![0x7a, 0x00]].concat()), @r#"
    error wire.malformed Child.Text 3..5: the field goes on beyond the end of its message or list; a length is wrong
    error wire.unknown-field 15 5..7: `Sample` has no field 15; the server drops it in silence | found ""
    "#);
    // A packed list ends inside an element; the message goes on.
    assert_snapshot!(check(&[len(5, &[0x01, 0x80]), vec![0x7a, 0x00]].concat()), @r#"
    error wire.malformed Numbers[1] 3..4: the field goes on beyond the end of its message or list; a length is wrong
    error wire.unknown-field 15 4..6: `Sample` has no field 15; the server drops it in silence | found ""
    "#);
    assert_snapshot!(check(&len(6, &[0; 12])), @r"
    error wire.malformed Ticks[1] 10..14: the field goes on beyond the end of its message or list; a length is wrong
    ");
}

#[test]
fn what_is_given_up_lacks_nothing() {
    // Pair without Left and Right, but with a key that cannot be read; the next one is whole.
    assert_snapshot!(check(&[len(9, &[0x00]), len(4, &len(9, &[]))].concat()), @r"
    error wire.malformed Pair 2..3: the field number is 0
    error wire.required Children[0].Pair.Left 7..7: the required field `Left` (1) is missing | expected int32
    error wire.required Children[0].Pair.Right 7..7: the required field `Right` (2) is missing | expected int32
    ");
}

#[test]
fn depth() {
    let nested = |levels: usize| {
        let mut body = Vec::new();
        for _ in 0..levels {
            let mut length = Vec::new();
            prost::encoding::encode_varint(body.len() as u64, &mut length);
            body = [vec![0x1a], length, body].concat();
        }
        body
    };
    assert_eq!(check(&nested(100)), "");
    let deep = Some(("Child.".repeat(100) + "Child", Rule::WireDepth));
    for body in [nested(101), nested(3_000)] {
        agree(&sample(), &body);
        let report = validate_protobuf(&sample(), &body, Direction::Response);
        assert_eq!(report.findings.len(), 1);
        let finding = report.findings.first();
        assert_eq!(finding.map(|found| (found.path.clone(), found.rule)), deep);
    }
    // Groups that nobody knows.
    let groups = |levels: usize| [vec![0x7b; levels], vec![0x7c; levels]].concat();
    assert!(!check(&groups(100)).contains("wire.depth"));
    assert!(check(&groups(101)).contains("error wire.depth"));
    agree(&sample(), &[0x43; 100_000]);
}

#[test]
fn wire_types() {
    assert_snapshot!(check(&[0x08, 0x05]), @r"
    error wire.type Text 0..2: the field is string, not varint | expected length-delimited | found varint
    ");
    assert_snapshot!(check(&[len(2, &[1]), vec![0x15, 0, 0, 0, 0]].concat()), @r"
    error wire.type Number 0..3: the field is int32, not length-delimited | expected varint | found length-delimited
    error wire.type Number 3..8: the field is int32, not fixed32 | expected varint | found fixed32
    ");
    assert_snapshot!(check(&[0x0b, 0x08, 0x01, 0x0c]), @r"
    error wire.type Text 0..4: the field is string, not group | expected length-delimited | found group
    ");
    assert_snapshot!(check(&[0x20, 0x01, 0x29, 0, 0, 0, 0, 0, 0, 0, 0]), @r"
    error wire.type Children[0] 0..2: the field is Diadoc.Api.Proto.Sample, not varint | expected length-delimited | found varint
    error wire.type Numbers[0] 2..11: the field is sint32, not fixed64 | expected varint | found fixed64
    ");
    // A list of strings or messages is never packed, and what is no list neither.
    assert_snapshot!(check(&len(13, &[0; 4])), @r"
    error wire.type Short 0..6: the field is fixed32, not length-delimited | expected fixed32 | found length-delimited
    ");
}

#[test]
fn unknown_fields() {
    let body = [
        len(4, &len(14, b"new")),
        vec![0x78, 0x05, 0x78, 0x06],
        len(14, &[0xff; 30]),
        vec![0xa5, 0x06, 1, 0, 0, 0],
        vec![0xa9, 0x06, 1, 0, 0, 0, 0, 0, 0, 0],
        vec![0xb3, 0x06, 0x08, 0x01, 0xb4, 0x06],
    ]
    .concat();
    assert_snapshot!(check(&body), @r#"
    error wire.unknown-field Children[0].14 2..7: `Sample` has no field 14; the server drops it in silence | found "new"
    error wire.unknown-field 15 7..9: `Sample` has no field 15; the server drops it in silence | found varint 5
    error wire.unknown-field 14 11..43: `Sample` has no field 14; the server drops it in silence | found ff ff ff ff ff ff ff ff ff ff … (30 bytes)
    error wire.unknown-field 100 43..49: `Sample` has no field 100; the server drops it in silence | found fixed32 1
    error wire.unknown-field 101 49..59: `Sample` has no field 101; the server drops it in silence | found fixed64 1
    error wire.unknown-field 102 59..65: `Sample` has no field 102; the server drops it in silence | found a group
    "#);
    let report = validate_protobuf(&sample(), &body, Direction::Response);
    assert_eq!(report.count(Severity::Info), report.findings.len());
}

#[test]
fn required_fields() {
    let body = [
        len(4, &len(9, &[0x10, 0x01])),
        len(9, &[]),
        vec![0x43, 0x44],
    ]
    .concat();
    assert_snapshot!(check(&body), @r"
    error wire.required Children[0].Pair.Left 4..6: the required field `Left` (1) is missing | expected int32
    error wire.required Pair.Left 8..8: the required field `Left` (1) is missing | expected int32
    error wire.required Pair.Right 8..8: the required field `Right` (2) is missing | expected int32
    error wire.required Bag.Size 9..9: the required field `Size` (1) is missing | expected int64
    ");
    let report = validate_protobuf(&sample(), &body, Direction::Response);
    assert_eq!(report.count(Severity::Warning), report.findings.len());
    // A field of the wrong type is there, after all.
    assert_snapshot!(check(&len(9, &[0x08, 0x01, 0x12, 0x00])), @r"
    error wire.type Pair.Right 4..6: the field is int32, not length-delimited | expected varint | found length-delimited
    ");
}

#[test]
fn duplicate_fields() {
    assert_snapshot!(check(&[0x10, 0x01, 0x10, 0x02, 0x10, 0x03]), @r"
    warning wire.duplicate-field Number 2..4: the field stands twice; readers take the last | expected one value
    ");
    assert_snapshot!(check(&[len(1, b"a"), len(1, b"b")].concat()), @r"
    warning wire.duplicate-field Text 3..6: the field stands twice; readers take the last | expected one value
    ");
    assert_snapshot!(check(&[0x38, 0x01, 0x38, 0x01]), @r"
    warning wire.duplicate-field Colour 2..4: the field stands twice; readers take the last | expected one value
    ");
    // Two halves make one whole; what both lack is missing.
    assert_snapshot!(check(&[len(9, &[0x08, 0x01]), len(9, &[0x10, 0x02])].concat()), @r"
    warning wire.duplicate-field Pair 4..8: the field stands twice; readers merge the messages | expected one value
    ");
    assert_snapshot!(check(&[len(9, &[0x08, 0x01]), len(9, &[0x08, 0x02])].concat()), @r"
    error wire.required Pair.Right 2..8: the required field `Right` (2) is missing | expected int32
    warning wire.duplicate-field Pair 4..8: the field stands twice; readers merge the messages | expected one value
    warning wire.duplicate-field Pair.Left 6..8: the field stands twice; readers take the last | expected one value
    ");
    // The list of a message in two parts goes on.
    assert_snapshot!(
        check(&[len(3, &len(4, &[])), len(3, &len(4, &len(9, &[0x08, 1])))].concat()),
        @r"
    warning wire.duplicate-field Child 4..12: the field stands twice; readers merge the messages | expected one value
    error wire.required Child.Children[1].Pair.Right 10..12: the required field `Right` (2) is missing | expected int32
    "
    );
}

#[test]
fn enums_and_integers() {
    assert_snapshot!(check(&[0x38, 0x07]), @r"
    warning wire.enum-unknown-number Colour 1..2: `Colour` has no member 7 | expected a member of `Colour` | found 7
    ");
    assert_snapshot!(check(&[0x38, 0x81, 0x80, 0x80, 0x80, 0x10]), @r"
    warning wire.integer-range Colour 1..6: the varint does not fit int32; readers keep its low 32 bits, 1 | expected int32 | found 4294967297
    ");
    assert_snapshot!(check(&[0x10, 0xff, 0xff, 0xff, 0xff, 0x0f]), @r"
    warning wire.integer-range Number 1..6: the varint does not fit int32; readers keep its low 32 bits, -1 | expected int32 | found 4294967295
    ");
    assert_snapshot!(check(&[0x58, 0x80, 0x80, 0x80, 0x80, 0x10]), @r"
    warning wire.integer-range Unsigned 1..6: the varint does not fit uint32; readers keep its low 32 bits, 0 | expected uint32 | found 4294967296
    ");
    assert_snapshot!(check(&len(5, &[0x01, 0x80, 0x80, 0x80, 0x80, 0x10])), @r"
    warning wire.integer-range Numbers[1] 3..8: the varint does not fit sint32; readers keep its low 32 bits, 0 | expected sint32 | found 4294967296
    ");
    assert_snapshot!(check(&[0x60, 0xff, 0xff, 0xff, 0xff, 0x0f]), @"");
}

#[test]
fn utf8() {
    assert_snapshot!(check(&len(1, b"ab\xff\xfecd")), @r"
    error wire.utf8 Text 4..5: the string is not UTF-8 | expected UTF-8 | found ff
    ");
    assert_snapshot!(check(&len(4, &len(1, b"ab\xd0"))), @r"
    error wire.utf8 Children[0].Text 6..7: the string is not UTF-8 | expected UTF-8 | found d0
    ");
}

#[test]
fn hostile_bodies_stay_small() {
    let body: Vec<u8> = (0..300_000u32)
        .flat_map(|index| {
            let mut field = Vec::new();
            prost::encoding::encode_varint(u64::from(index + 100) << 3, &mut field);
            field.push(0);
            field
        })
        .chain([0])
        .collect();
    let report = validate_protobuf(&sample(), &body, Direction::Response);
    assert_eq!(report.findings.len(), Report::MOST_OF_A_RULE + 1);
    assert_eq!(report.left_out, 300_000 - Report::MOST_OF_A_RULE);
    assert!(report.has_errors());
}

// Agreement with prost-reflect, over what encodes, is cut off and is damaged.

impl SplitMix64 {
    fn value(&mut self, kind: &Kind, depth: usize) -> Value {
        let number = self.below(1 << 40) as i64 - (1 << 39);
        match kind {
            Kind::Double => Value::F64(number as f64),
            Kind::Float => Value::F32(number as f32),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(number as i32),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(number),
            Kind::Uint32 | Kind::Fixed32 => Value::U32(number as u32),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(number as u64),
            Kind::Bool => Value::Bool(self.below(2) == 1),
            Kind::String => Value::String("Ёлка".chars().take(self.below(5)).collect()),
            Kind::Bytes => Value::Bytes(vec![0xff; self.below(4)].into()),
            Kind::Message(message) => Value::Message(self.message(message, depth + 1)),
            Kind::Enum(members) => {
                let index = self.below(members.values().len());
                Value::EnumNumber(members.values().nth(index).unwrap().number())
            }
        }
    }

    fn message(&mut self, message: &MessageDescriptor, depth: usize) -> DynamicMessage {
        let mut made = DynamicMessage::new(message.clone());
        for field in message.fields() {
            let wanted = depth < 2 && self.below(3) == 0;
            let value = match field.cardinality() {
                Cardinality::Required => self.value(&field.kind(), depth),
                Cardinality::Optional if wanted => self.value(&field.kind(), depth),
                Cardinality::Repeated if wanted => Value::List(
                    (0..self.below(3))
                        .map(|_| self.value(&field.kind(), depth))
                        .collect(),
                ),
                _ => continue,
            };
            made.set_field(&field, value);
        }
        made
    }

    /// Every prefix of the body, and damaged copies.
    fn damage(&mut self, message: &MessageDescriptor, bytes: &[u8], copies: usize) {
        for end in 0..bytes.len() {
            agree(message, &bytes[..end]);
        }
        for _ in 0..if bytes.is_empty() { 0 } else { copies } {
            let mut damaged = bytes.to_vec();
            for _ in 0..=self.below(3) {
                let at = self.below(damaged.len());
                damaged[at] ^= 1 << self.below(8);
            }
            agree(message, &damaged);
        }
    }
}

#[test]
fn agreement_over_every_message() {
    let mut random = SplitMix64(0x9e37_79b9_7f4a_7c15);
    for message in Schema::diadoc().messages() {
        let bytes = random.message(&message, 0).encode_to_vec();
        let report = validate_protobuf(&message, &bytes, Direction::Response);
        assert!(!report.has_errors(), "{}", lines(&report));
        let wire = |rule: Rule| rule.id().starts_with("wire.");
        assert!(!report.findings.iter().any(|finding| wire(finding.rule)));
        random.damage(&message, &bytes, 30);
    }
}

#[test]
fn agreement_over_the_fixtures() {
    let mut random = SplitMix64(0x2545_f491_4f6c_dd1d);
    for fixture in fixtures() {
        let read = dynamic(&fixture.message, &fixture.body);
        assert_eq!(read.is_none(), fixture.refused_at.is_some());
        let Some(read) = read else { continue };
        let bytes = read.encode_to_vec();
        let report = validate_protobuf(&fixture.message, &bytes, Direction::Response);
        assert!(!report.has_errors(), "{}", lines(&report));
        random.damage(&fixture.message, &bytes, 300);
    }
}

#[test]
fn agreement_over_noise() {
    let sample = sample();
    let mut random = SplitMix64(0xda94_2042_e4dd_58b5);
    for _ in 0..20_000 {
        let length = random.below(24);
        // Small bytes, so that many of them are keys and lengths of the schema.
        let bytes: Vec<u8> = (0..length)
            .map(|_| random.below(if length.is_multiple_of(2) { 256 } else { 0x70 }) as u8)
            .collect();
        agree(&sample, &bytes);
    }
}
