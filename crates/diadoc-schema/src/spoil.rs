//! Bodies that are spoilt in places, for tests that hold the walkers against the validators.

use std::path::Path;

use prost_reflect::MessageDescriptor;
use serde_json::{Value, json};

use crate::example::SplitMix64;
use crate::{Direction, Schema};

pub(crate) const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];

/// How many seeds are tried of each message.
pub(crate) fn seeds() -> std::ops::Range<u64> {
    let set = std::env::var("DIADOC_SEEDS").ok();
    0..set.map_or(1, |seeds| seeds.parse().expect("a number"))
}

/// The bodies that the vendor documents, with their messages.
pub(crate) fn documented() -> Vec<(MessageDescriptor, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let read = |file: &str| std::fs::read(folder.join(file)).expect("the file");
    let manifest: Vec<Value> = serde_json::from_slice(&read("manifest.json")).expect("JSON");
    let body = |entry: &Value| {
        let text = |key: &str| entry[key].as_str().expect("a text");
        let message = Schema::diadoc().message(text("message"));
        (message.expect("the message"), read(text("file")))
    };
    manifest.iter().map(body).collect()
}

/// What stands in for a value.
fn others() -> [Value; 34] {
    let mut deep = json!(1);
    for _ in 0..130 {
        deep = json!([deep]);
    }
    [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(1e3),
        json!(2_147_483_648_u64),
        json!(9_223_372_036_854_775_808_u64),
        json!(3_155_378_976_000_000_000_u64),
        json!(""),
        json!("a"),
        json!("1"),
        json!("true"),
        json!("null"),
        json!("a%40b"),
        json!("РЎР§Р¤"),
        json!("Ð¡Ð§Ð¤"),
        json!("Счёт № 5"),
        json!("\u{1}\"\\/\u{1f600}"),
        json!("AAA="),
        json!("AAAA"),
        json!("A-_="),
        json!("AA AA="),
        json!("JVBERi0xLjQK"),
        json!("MAsGCSqGSIb3DQEHAg=="),
        json!("bcd62464-5b5d-44ff-93b0-ec6981b7cefe"),
        json!("18.07.2025"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"Unknown": 1}),
        deep,
    ]
}

/// Stands for a key that is there twice, until the body is text.
const TWIN: &str = "\u{1}twin";

/// The body as text with one thing changed in it, somewhere.
pub(crate) fn spoilt(body: &Value, random: &mut SplitMix64) -> String {
    let mut places = Vec::new();
    list("", body, &mut places);
    let place = &places[random.index(places.len())];
    let mut body = body.clone();
    let value = body.pointer_mut(place).expect("a place");
    let others = others();
    match random.index(6) {
        0 => *value = others[random.index(others.len())].clone(),
        1 => *value = json!([value]),
        2 => {
            let other = others[random.index(others.len())].clone();
            match value {
                Value::Array(list) => list.push(other),
                value => *value = other,
            }
        }
        kind => {
            let (around, key) = place.rsplit_once('/').unwrap_or_default();
            let Some(Value::Object(object)) = body.pointer_mut(around) else {
                return body.to_string();
            };
            let value = object.get(key).cloned().unwrap_or_default();
            match kind {
                3 => drop(object.shift_remove(key)),
                4 => drop(object.insert(TWIN.to_owned(), value)),
                _ => {
                    object.shift_remove(key);
                    let renamed = [
                        key.to_lowercase(),
                        format!("{key}Guid"),
                        format!("{key}Ticks"),
                        format!("{key}s"),
                        key.strip_suffix("Ticks").unwrap_or("a\"b").to_owned(),
                    ];
                    object.insert(renamed[random.index(renamed.len())].clone(), value);
                }
            }
            let twin = Value::from(TWIN).to_string();
            return body
                .to_string()
                .replace(&twin, &Value::from(key).to_string());
        }
    }
    body.to_string()
}

/// The pointers of a value and all that is in it.
fn list(pointer: &str, value: &Value, places: &mut Vec<String>) {
    places.push(pointer.to_owned());
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| !key.contains(['/', '~']))
            .for_each(|(key, value)| list(&format!("{pointer}/{key}"), value, places)),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(index, value)| list(&format!("{pointer}/{index}"), value, places)),
        _ => {}
    }
}

/// Bytes with one thing changed in them, somewhere.
pub(crate) fn damaged(bytes: &[u8], parts: &[&[u8]], random: &mut SplitMix64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = random.index(bytes.len());
    match random.index(6) {
        0 => bytes.truncate(at),
        1 if at < bytes.len() => bytes[at] = random.next() as u8,
        2 if at < bytes.len() => bytes[at] ^= 1 << random.index(8),
        3 if at < bytes.len() => drop(bytes.remove(at)),
        4 => bytes.extend_from_slice(parts[random.index(parts.len())]),
        _ => {
            let part = parts[random.index(parts.len())];
            bytes.splice(at..at, part.iter().copied());
        }
    }
    bytes
}
