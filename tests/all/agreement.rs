//! The validator of diadoc-schema, the codec of diadoc-proto and its serde impls agree on random
//! broken bodies: one refuses what the other reports as an error, at the same place.

pub(crate) mod oracle;

use std::hash::{DefaultHasher, Hasher as _};

use diadoc_proto::registry::{self, MessageType};
use diadoc_testkit::seeds;
use proptest::prelude::*;
use prost_reflect::prost::Message as _;
use serde_json::{Value, json};

use crate::properties::for_every_message;
use crate::support::{fixtures, message_type, name, read};
use crate::through_serde;
use oracle::{disagreement_on_json, disagreement_on_protobuf};

/// Broken variants of each random message, and of each fixture.
const VARIANTS: usize = 4;
const VARIANTS_OF_FIXTURES: usize = 400;

/// What the codec and the serde impls do not agree on; serde reads text alone.
fn disagreement_with_serde(message_type: &MessageType, body: &[u8]) -> Option<String> {
    through_serde::disagreement(message_type, std::str::from_utf8(body).ok()?)
}

#[test]
fn random_messages() {
    for_every_message(|message_type, message| {
        let bytes = message.encode_to_vec();
        let body = message_type.decode(&bytes).expect("a message").to_json();
        let body = body.expect("JSON");
        let mut random = Random::of(&bytes);
        prop_assert_eq!(disagreement_on_json(message_type, body.as_bytes()), None);
        prop_assert_eq!(disagreement_with_serde(message_type, body.as_bytes()), None);
        prop_assert_eq!(disagreement_on_protobuf(message_type, &bytes), None);
        for _ in 0..VARIANTS {
            let broken = random.broken_json(body.as_bytes());
            prop_assert_eq!(disagreement_on_json(message_type, &broken), None);
            prop_assert_eq!(disagreement_with_serde(message_type, &broken), None);
            let broken = random.broken_bytes(&bytes);
            prop_assert_eq!(disagreement_on_protobuf(message_type, &broken), None);
        }
        Ok(())
    });
}

#[test]
fn fixtures_and_their_variants() {
    for fixture in fixtures() {
        let message_type = message_type(&fixture);
        let body = read(&fixture.file);
        assert_eq!(disagreement_on_json(message_type, &body), None);
        let bytes = message_type.from_json(&body).map(|m| m.encode_to_vec());
        let mut random = Random::of(name(&fixture).as_bytes());
        for _ in 0..VARIANTS_OF_FIXTURES {
            let broken = random.broken_json(&body);
            assert_eq!(disagreement_on_json(message_type, &broken), None);
            assert_eq!(disagreement_with_serde(message_type, &broken), None);
            if let Ok(bytes) = &bytes {
                let broken = random.broken_bytes(bytes);
                assert_eq!(disagreement_on_protobuf(message_type, &broken), None);
            }
        }
    }
}

/// White space of JSON is four characters; others count more as such, or stand for something else.
/// The first bytes of a body in another encoding may be JSON of the wrong type to a reader.
#[test]
fn other_encodings() {
    let texts = [
        "[",
        "[]",
        "[1]",
        "{",
        "{}",
        "{\"A\": 1}",
        "\"a\"",
        "1",
        "-",
        "true",
        "null",
        "/",
        "ж",
    ];
    let message_type = registry::find("Diadoc.Api.Proto.DocumentId").expect("a message");
    for text in texts {
        let units: Vec<_> = text.encode_utf16().collect();
        let chars = text.chars().map(u32::from);
        let bodies: [Vec<u8>; 4] = [
            units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            chars.clone().flat_map(u32::to_le_bytes).collect(),
            chars.flat_map(u32::to_be_bytes).collect(),
        ];
        for body in bodies {
            assert_eq!(disagreement_on_json(message_type, &body), None, "{text}");
        }
    }
}

#[test]
fn every_control_character_at_every_place() {
    let message_type = registry::find("Diadoc.Api.Proto.Box").unwrap();
    let others = [
        "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{3000}", "\u{feff}",
    ];
    let controls = (0..=b' ').map(|control| char::from(control).to_string());
    for letter in controls.chain(others.map(str::to_owned)) {
        for body in [
            letter.clone(),
            letter.repeat(40),
            format!("\u{feff}{letter}"),
            format!("{letter}{{}}"),
            format!("{{{letter}}}"),
            format!("{{}}{letter}"),
            format!("{{\"BoxId\"{letter}:{letter}\"a\"{letter},{letter}\"Title\": \"b\"}}"),
            format!("{{\"BoxId\": \"a{letter}b\", \"Title\": \"b\"}}"),
            format!("{{\"{letter}\": [{letter}1{letter},{letter}]}}"),
        ] {
            assert_eq!(disagreement_on_json(message_type, body.as_bytes()), None);
            assert_eq!(disagreement_with_serde(message_type, body.as_bytes()), None);
        }
    }
}

/// Breaks bodies in random ways; the same body always in the same ways.
struct Random(u64);

/// Stands for a key in a body until it is written as text.
const TWIN: &str = "\u{1}twin";

impl Random {
    fn of(bytes: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        Self(hasher.finish() ^ seeds::seed())
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % bound.max(1)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn broken_json(&mut self, body: &[u8]) -> Vec<u8> {
        if self.below(3) == 0 {
            return self.broken_text(body);
        }
        let mut value: Value = serde_json::from_slice(body).expect("JSON");
        let mut key = String::new();
        for _ in 0..=self.below(3) {
            self.break_value(&mut value, &mut key);
        }
        let text = match self.below(2) {
            0 => serde_json::to_string(&value),
            _ => serde_json::to_string_pretty(&value),
        };
        let twin = Value::from(TWIN).to_string();
        let text = text
            .expect("JSON")
            .replace(&twin, &Value::from(key).to_string());
        match self.below(8) {
            0 => self.broken_text(text.as_bytes()),
            _ => text.into_bytes(),
        }
    }

    /// Changes something in a value, anywhere in it.
    fn break_value(&mut self, value: &mut Value, twin: &mut String) {
        match value {
            Value::Object(object) if !object.is_empty() => {
                let at = self.below(object.len());
                let key = object.keys().nth(at).expect("a key").clone();
                match self.below(12) {
                    0 => {
                        object.remove(&key);
                    }
                    1 if twin.is_empty() => {
                        let again = match self.below(2) {
                            0 => object[&key].clone(),
                            _ => self.value(),
                        };
                        object.insert(TWIN.to_owned(), again);
                        *twin = key;
                    }
                    2 => {
                        let inside = object.remove(&key).expect("the key");
                        let other = match self.below(4) {
                            0 => key.to_lowercase(),
                            1 => format!("{key}\u{1f600} \"."),
                            2 => String::new(),
                            _ => format!("{key}s"),
                        };
                        object.insert(other, inside);
                    }
                    3 => object[&key] = self.value(),
                    _ => self.break_value(&mut object[&key], twin),
                }
            }
            Value::Array(list) if !list.is_empty() => {
                let at = self.below(list.len());
                match self.below(6) {
                    0 => list[at] = self.value(),
                    1 => list.insert(at, self.value()),
                    _ => self.break_value(&mut list[at], twin),
                }
            }
            Value::String(text) if self.below(2) == 0 => {
                let end = ["=", "-", "0", "Я", "", "Unknown", "\u{0}"];
                let cut = text
                    .char_indices()
                    .nth(self.below(8))
                    .map_or(0, |(at, _)| at);
                *text = format!("{}{}", &text[cut..], self.pick(&end));
            }
            Value::Number(number) if self.below(2) == 0 => {
                *value = number.to_string().into();
            }
            value => *value = self.value(),
        }
    }

    fn value(&mut self) -> Value {
        let values = [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(2_147_483_648_u64),
            json!(-2_147_483_649_i64),
            json!(9_223_372_036_854_775_808_u64),
            json!(1e30),
            json!(-0.0),
            json!(1.0),
            json!(""),
            json!("-0"),
            json!("007"),
            json!("+1"),
            json!("9223372036854775808"),
            json!("AA=="),
            json!("AA"),
            json!("A-_="),
            json!("Unknown"),
            json!([]),
            json!([null]),
            json!([[]]),
            json!(["", 1]),
            json!({}),
            json!({"a": [{}]}),
            json!([{"a": null}]),
        ];
        self.pick(&values).clone()
    }

    /// Changes bytes where JSON cares.
    fn broken_text(&mut self, body: &[u8]) -> Vec<u8> {
        let pieces: [&[u8]; 24] = [
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"\"",
            b"\\",
            b"\\u00e9",
            b"\\ud83d",
            b"\\x",
            b"-",
            b"0",
            b"1.",
            b"e5",
            b"null",
            b"tru",
            b"\n",
            b"\t",
            b"\x01",
            b"\xff",
            "Я".as_bytes(),
            "\u{feff}".as_bytes(),
            b"/* */",
        ];
        let mut body = body.to_vec();
        for _ in 0..=self.below(2) {
            let piece = *self.pick(&pieces);
            self.splice(&mut body, piece);
        }
        body
    }

    fn broken_bytes(&mut self, body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        for _ in 0..=self.below(3) {
            let noise = [self.below(256) as u8, self.below(128) as u8];
            let piece: &[u8] = match self.below(3) {
                0 => &[0xff, 0xff, 0xff, 0xff, 0x0f],
                1 => &noise[..1],
                _ => &noise,
            };
            self.splice(&mut body, piece);
        }
        body
    }

    /// Puts a piece in, or in the place of others, or takes bytes out, or cuts the rest off.
    fn splice(&mut self, body: &mut Vec<u8>, piece: &[u8]) {
        let at = self.below(body.len() + 1);
        let end = (at + 1 + self.below(3)).min(body.len());
        match self.below(7) {
            0 => body.truncate(at),
            1 => drop(body.drain(at..end)),
            2 | 3 => drop(body.splice(at..at, piece.iter().copied())),
            _ => drop(body.splice(at..end, piece.iter().copied())),
        }
    }
}
