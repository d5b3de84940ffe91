//! Depth has one limit: JSON, protobuf, serde, both validators and what is kept end at the same message,
//! so that what is read in one form can be carried by the other.

use std::collections::{HashMap, VecDeque};

use diadoc_proto::json::ErrorKind;
use diadoc_proto::registry::{self, MessageType};
use diadoc_proto::{Limit, Limits};
use diadoc_schema::{Direction, Report, Rule, Schema, validate_json, validate_protobuf};
use prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::through_serde;

/// Levels around the limit, and far beyond it.
const LEVELS: [usize; 6] = [1, 99, 100, 101, 102, 5_000];

/// The way from a message through fields back to itself.
struct Cycle {
    message: &'static MessageType,
    fields: Vec<FieldDescriptor>,
}

/// The shortest way of each message that holds itself, and again with as many lists as there may be.
fn cycles() -> Vec<Cycle> {
    let mut cycles = Vec::new();
    for message in Schema::diadoc().messages() {
        for prefer_lists in [false, true] {
            if let Some(fields) = way_back(&message, prefer_lists) {
                let message = registry::find(message.full_name()).expect("a message");
                cycles.push(Cycle { message, fields });
            }
        }
    }
    cycles
}

fn way_back(message: &MessageDescriptor, prefer_lists: bool) -> Option<Vec<FieldDescriptor>> {
    let mut ways: HashMap<String, Vec<FieldDescriptor>> = HashMap::new();
    let mut next = VecDeque::from([(message.clone(), Vec::new())]);
    while let Some((at, way)) = next.pop_front() {
        let mut fields: Vec<_> = at.fields().collect();
        fields.sort_by_key(|field| field.is_list() != prefer_lists);
        for field in fields {
            // What only JSON has is not carried by protobuf.
            let Kind::Message(inside) = field.kind() else {
                continue;
            };
            if diadoc_schema::is_only_in_json(&field) {
                continue;
            }
            let way: Vec<_> = way.iter().cloned().chain([field]).collect();
            if inside == *message {
                return Some(way);
            }
            if !ways.contains_key(inside.full_name()) {
                ways.insert(inside.full_name().to_owned(), way.clone());
                next.push_back((inside, way));
            }
        }
    }
    None
}

impl Cycle {
    fn fields(&self, levels: usize) -> impl DoubleEndedIterator<Item = &FieldDescriptor> {
        let fields: Vec<_> = self.fields.iter().cycle().take(levels).collect();
        fields.into_iter()
    }

    /// Messages so many levels below the body's, and in the last of them what the schema does not know.
    fn json(&self, levels: usize, unknown: &str) -> String {
        let mut body = format!("{{{unknown}}}");
        for field in self.fields(levels).rev() {
            let (open, close) = if field.is_list() {
                ("[", "]")
            } else {
                ("", "")
            };
            body = format!("{{\"{}\":{open}{body}{close}}}", field.json_name());
        }
        body
    }

    fn protobuf(&self, levels: usize, unknown: &[u8]) -> Vec<u8> {
        let mut body = unknown.to_vec();
        for field in self.fields(levels).rev() {
            let mut outer = Vec::new();
            encode_key(field.number(), WireType::LengthDelimited, &mut outer);
            encode_varint(body.len() as u64, &mut outer);
            outer.extend(body);
            body = outer;
        }
        body
    }

    fn descriptor(&self) -> MessageDescriptor {
        let message = Schema::diadoc().message(self.message.full_name());
        message.expect("a message")
    }

    fn json_is_read(&self, body: &str) -> bool {
        let read = self.message.from_json(body.as_bytes());
        let report = validate_json(&self.descriptor(), body.as_bytes(), Direction::Response);
        let name = self.message.full_name();
        assert_eq!(
            is_too_deep(&report, Rule::JsonDepth),
            read.is_err(),
            "{name}"
        );
        let preserved = self.message.from_json_preserved(body.as_bytes());
        assert_eq!(preserved.is_err(), read.is_err(), "{name}");
        if let Err(error) = &read {
            assert_eq!(error.kind(), ErrorKind::Limit);
            assert_eq!(error.limit().map(|error| error.limit()), Some(Limit::Depth));
            let found = report
                .findings
                .iter()
                .find(|one| one.rule == Rule::JsonDepth);
            let found = found.expect("a finding");
            assert_eq!(
                (found.span.start, &*found.path),
                (error.offset(), error.path())
            );
            assert_eq!(found.expected.as_deref(), Some(error.expected()));
        }
        read.is_ok()
    }

    fn protobuf_is_read(&self, body: &[u8]) -> bool {
        let read = self.message.decode(body).is_ok();
        let report = validate_protobuf(&self.descriptor(), body, Direction::Response);
        let name = self.message.full_name();
        assert_eq!(is_too_deep(&report, Rule::WireDepth), !read, "{name}");
        assert_eq!(self.message.decode_preserved(body).is_ok(), read, "{name}");
        read
    }
}

fn is_too_deep(report: &Report, rule: Rule) -> bool {
    report.findings.iter().any(|finding| finding.rule == rule)
}

#[test]
fn messages_in_each_other() {
    let cycles = cycles();
    assert!(cycles.len() >= 10, "{}", cycles.len());
    let has_list = |cycle: &&Cycle| cycle.fields.iter().all(FieldDescriptor::is_list);
    assert!(cycles.iter().any(|cycle| has_list(&cycle)));
    for cycle in &cycles {
        for levels in LEVELS {
            let is_legal = levels <= Limits::DEPTH;
            let name = cycle.message.full_name();
            let (body, bytes) = (cycle.json(levels, ""), cycle.protobuf(levels, b""));
            assert_eq!(cycle.json_is_read(&body), is_legal, "{name} {levels}");
            assert_eq!(cycle.protobuf_is_read(&bytes), is_legal, "{name} {levels}");
            let is_refused = through_serde::refuses_depth(cycle.message, &body);
            assert_eq!(is_refused, !is_legal, "{name} {levels}");
            if is_legal {
                // What the one form reads the other carries.
                let message = cycle.message.from_json(body.as_bytes()).expect("JSON");
                let again = cycle.message.decode(&message.encode_to_vec());
                assert_eq!(*again.expect("protobuf"), *message, "{name} {levels}");
                let message = cycle.message.decode(&bytes).expect("protobuf");
                let text = message.to_json().expect("JSON");
                let again = cycle.message.from_json(text.as_bytes());
                assert_eq!(*again.expect("JSON"), *message, "{name} {levels}");
            }
        }
    }
}

#[test]
fn what_the_schema_does_not_know() {
    for cycle in cycles() {
        for (levels, inner) in [
            (0, 100),
            (0, 101),
            (1, 99),
            (1, 100),
            (60, 40),
            (60, 41),
            (100, 0),
        ] {
            let is_legal = levels + inner <= Limits::DEPTH;
            let name = cycle.message.full_name();
            for [open, close] in [["[", "]"], [r#"{"\ud800":"#, "}"], [r#"[{"a":"#, "}]"]] {
                let (pairs, rest) = (inner / open.matches(['[', '{']).count(), inner % open.len());
                if rest % 2 == 1 && open.starts_with("[{") {
                    continue;
                }
                let value = format!("{}\"\\ud800\"{}", open.repeat(pairs), close.repeat(pairs));
                let body = cycle.json(levels, &format!("\"New\":{value}"));
                assert_eq!(
                    cycle.json_is_read(&body),
                    is_legal,
                    "{name} {levels} {inner}"
                );
            }
            // Groups, and in the last a number or nothing; each is a level.
            for (scalar, levels_of_scalar) in [(&[][..], 0), (&[0xb8, 0x3e, 1], 1)] {
                let mut groups = Vec::new();
                (0..inner).for_each(|_| encode_key(999, WireType::StartGroup, &mut groups));
                groups.extend(scalar);
                (0..inner).for_each(|_| encode_key(999, WireType::EndGroup, &mut groups));
                let bytes = cycle.protobuf(levels, &groups);
                let is_legal = levels + inner + levels_of_scalar <= Limits::DEPTH;
                assert_eq!(
                    cycle.protobuf_is_read(&bytes),
                    is_legal,
                    "{name} {levels} {inner}"
                );
            }
        }
    }
}

#[test]
fn fewer_levels_on_request() {
    use diadoc_proto::docflow::DocflowV4;
    use diadoc_proto::{DecodeWithin as _, json};

    let cycle = cycles().into_iter().find(|cycle| {
        cycle
            .message
            .full_name()
            .ends_with(".ConfirmationDocflowV4")
    });
    let cycle = cycle.expect("a confirmation of a receipt of a confirmation");
    let inside = cycle.json(6, "");
    let body = format!("{{\"Confirmation\":{inside}}}");
    let message: DocflowV4 = json::from_str(&body).expect("JSON");
    let bytes = prost::Message::encode_to_vec(&message);
    for most in 0..9 {
        let limits = Limits::new().depth(most);
        let read = json::from_str_within::<DocflowV4>(&body, &limits);
        assert_eq!(read.is_ok(), most >= 7, "{most}");
        let decoded = DocflowV4::decode_within(&bytes[..], &limits);
        assert_eq!(decoded.is_ok(), most >= 7, "{most}");
        if let Err(error) = read {
            let expected = format!("at most {most} levels of nesting (`Limits::depth`)");
            assert_eq!(error.expected(), expected);
        }
    }
    // There is no more than there is.
    assert_eq!(Limits::new().depth(101), Limits::new());
}
