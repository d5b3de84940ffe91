//! The messages that fit a body of which nothing is known.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use diadoc_core::base64;
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Schema;
use crate::protobuf::wire::{self, MAX_DEPTH, Reader, WireType};
use crate::protobuf::{is_packable, wire_type_of};

/// How many messages are named at most.
const MOST: usize = 10;

/// How many fields of a protobuf body are read for each message: enough to tell messages apart, and
/// a bound for the time that a large body takes.
const MOST_FIELDS: usize = 3_000;

/// A message that fits a body.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Detected {
    /// The message's full name.
    pub message: String,
    /// How much of the body the message explains, from 0 to 1: members of JSON, bytes of protobuf.
    /// The order of the messages weighs more than this, as the reason says.
    pub score: f64,
    /// Why the message was named, as a phrase.
    pub reason: String,
}

/// The messages that fit a JSON body, the best first, ten at most; none for what is no JSON object
/// or has no key that the schema knows in that place.
///
/// They are ordered by the number of members that the message explains (keys that it has, with
/// values of their type, at every depth), then by how few required fields are missing. Of versions
/// of one message that fit alike (`…V3`, `…V4`) the newest comes first, and the reason names the
/// others.
///
/// ```
/// use diadoc_schema::{Schema, detect_json};
///
/// let body = br#"{"TotalCount": 0, "Documents": [], "HasMoreResults": false}"#;
/// let found = detect_json(Schema::diadoc(), body);
/// assert_eq!(found[0].message, "Diadoc.Api.Proto.Documents.DocumentList");
/// assert_eq!(found[0].score, 1.0);
/// assert!(detect_json(Schema::diadoc(), b"[]").is_empty());
/// ```
pub fn detect_json(schema: &Schema, body: &[u8]) -> Vec<Detected> {
    let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    let total = object_members(&object);
    let candidates = schema
        .messages()
        .map(|message| {
            let mut fit = Fit::default();
            json_object(&message, &object, &mut fit);
            Candidate {
                rank: fit.points(),
                score: fit.points() as f64 / (2 * total).max(1) as f64,
                fit,
                message,
            }
        })
        .collect();
    rank(candidates, |fit| match (fit.known(), total) {
        (1, 1) => "the only member is known and fits".to_owned(),
        (1, total) => format!("1 of {total} members is known and fits"),
        (known, total) if known == total => format!("all {total} members are known and fit"),
        (known, total) => format!("{known} of {total} members are known and fit"),
    })
}

/// The messages that fit protobuf bytes, the best first, ten at most; none for bytes that no message
/// of the schema reads.
///
/// The wire form has no names, so this is less certain than [`detect_json`]: short bodies fit many
/// messages. They are ordered by how many fields the message explains (numbers that it has, with
/// values that read as their type, at every depth) and how many bytes these hold, then by how few
/// required fields are missing, then as in JSON. Of a large body the first few thousand fields are
/// read.
///
/// ```
/// use diadoc_schema::{Schema, detect_protobuf};
///
/// assert!(detect_protobuf(Schema::diadoc(), b"no protobuf").is_empty());
/// ```
pub fn detect_protobuf(schema: &Schema, bytes: &[u8]) -> Vec<Detected> {
    let candidates = schema
        .messages()
        .filter_map(|message| {
            let mut walk = Walk::default();
            walk.message(&message, Reader::new(bytes), 0)?;
            let explained = walk.explained as f64 / walk.seen.max(1) as f64;
            Some(Candidate {
                // The share of bytes keeps a message down that leaves much unread; in sixteenths, so
                // that ranks compare exactly.
                rank: (walk.fit.points() as f64 * explained * 16.0) as usize,
                score: explained,
                fit: walk.fit,
                message,
            })
        })
        .collect();
    rank(candidates, |fit| match fit.known() {
        1 => "1 field is known and fits".to_owned(),
        known => format!("{known} fields are known and fit"),
    })
}

/// What of a body a message explains.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    /// Members of the right type.
    sure: usize,
    /// Members of the right type with an odd value, such as a name that the enum does not have.
    doubtful: usize,
    /// Required fields that the body lacks.
    missing: usize,
}

impl Fit {
    fn known(self) -> usize {
        self.sure + self.doubtful
    }

    fn points(self) -> usize {
        2 * self.sure + self.doubtful
    }

    fn add(&mut self, agreement: Agreement) {
        match agreement {
            Agreement::Sure => self.sure += 1,
            Agreement::Doubtful => self.doubtful += 1,
            Agreement::None => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Agreement {
    None,
    Doubtful,
    Sure,
}

impl Agreement {
    fn sure_if(condition: bool) -> Self {
        match condition {
            true => Self::Sure,
            false => Self::Doubtful,
        }
    }
}

struct Candidate {
    message: MessageDescriptor,
    fit: Fit,
    rank: usize,
    score: f64,
}

/// A message's name without its version, and the version: 1 where the name has none.
fn version(full_name: &str) -> (&str, u32) {
    full_name
        .rsplit_once('V')
        .and_then(|(name, digits)| {
            let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            Some((name, digits.parse().ok().filter(|_| all_digits)?))
        })
        .unwrap_or((full_name, 1))
}

fn rank(mut candidates: Vec<Candidate>, known: impl Fn(Fit) -> String) -> Vec<Detected> {
    candidates.retain(|candidate| candidate.fit.known() > 0);

    // Versions that fit alike stand together, at the place of the one with the fewest fields: of
    // messages that explain the same, the one that says the least besides is the nearest.
    let alike = |candidate: &Candidate| {
        let (name, _) = version(candidate.message.full_name());
        (candidate.rank, candidate.fit.missing, name.to_owned())
    };
    let mut groups: HashMap<_, (usize, BTreeMap<u32, String>)> = HashMap::new();
    for candidate in &candidates {
        let fields = candidate.message.fields().len();
        let (smallest, versions) = groups
            .entry(alike(candidate))
            .or_insert_with(|| (fields, BTreeMap::new()));
        *smallest = fields.min(*smallest);
        versions.insert(
            version(candidate.message.full_name()).1,
            candidate.message.name().to_owned(),
        );
    }
    candidates.sort_by_cached_key(|candidate| {
        let key = alike(candidate);
        let fields = groups.get(&key).map_or(0, |(fields, _)| *fields);
        let (rank, missing, name) = key;
        let (_, version) = version(candidate.message.full_name());
        (Reverse(rank), missing, fields, name, Reverse(version))
    });

    candidates
        .iter()
        .take(MOST)
        .map(|candidate| {
            let mut reason = known(candidate.fit);
            match candidate.fit.doubtful {
                0 => {}
                1 => reason.push_str(", 1 with an odd value"),
                doubtful => reason.push_str(&format!(", {doubtful} with odd values")),
            }
            match candidate.fit.missing {
                0 => {}
                1 => reason.push_str("; 1 required field is missing"),
                missing => reason.push_str(&format!("; {missing} required fields are missing")),
            }
            let others: Vec<_> = groups
                .get(&alike(candidate))
                .into_iter()
                .flat_map(|(_, versions)| versions.values().rev())
                .filter(|name| *name != candidate.message.name())
                .map(|name| format!("`{name}`"))
                .collect();
            if let [first @ .., last] = others.as_slice() {
                let (others, verb) = match first {
                    [] => (last.clone(), "fits"),
                    first => (format!("{} and {last}", first.join(", ")), "fit"),
                };
                reason.push_str(&format!(
                    "; {others} {verb} just as well, the newest is first"
                ));
            }
            Detected {
                message: candidate.message.full_name().to_owned(),
                score: candidate.score,
                reason,
            }
        })
        .collect()
}

/// The number of keys at every depth; how deep that is, serde_json limits.
fn members(value: &Value) -> usize {
    match value {
        Value::Object(object) => object_members(object),
        Value::Array(elements) => elements.iter().map(members).sum(),
        _ => 0,
    }
}

fn object_members(object: &Map<String, Value>) -> usize {
    object.len() + object.values().map(members).sum::<usize>()
}

fn json_object(message: &MessageDescriptor, object: &Map<String, Value>, fit: &mut Fit) {
    for (key, value) in object {
        let field = message
            .get_field_by_json_name(key)
            .or_else(|| message.get_field_by_name(key));
        if let Some(field) = field {
            let agreement = json_field(&field, value, fit);
            fit.add(agreement);
        }
    }
    fit.missing += message
        .fields()
        .filter(|field| field.cardinality() == Cardinality::Required)
        .filter(|field| {
            [field.json_name(), field.name()]
                .iter()
                .all(|name| object.get(*name).is_none_or(Value::is_null))
        })
        .count();
}

/// Whether the value is one of the field; the members in it are added to the fit.
fn json_field(field: &FieldDescriptor, value: &Value, fit: &mut Fit) -> Agreement {
    match value {
        Value::Null => Agreement::Doubtful,
        Value::Array(elements) if field.is_list() => elements
            .iter()
            .map(|element| json_value(&field.kind(), element, fit))
            .min()
            .unwrap_or(Agreement::Sure),
        _ if field.cardinality() == Cardinality::Repeated => Agreement::None,
        value => json_value(&field.kind(), value, fit),
    }
}

fn json_value(kind: &Kind, value: &Value, fit: &mut Fit) -> Agreement {
    match (kind, value) {
        (Kind::Message(message), Value::Object(object)) => {
            json_object(message, object, fit);
            Agreement::Sure
        }
        (Kind::String, Value::String(_)) | (Kind::Bool, Value::Bool(_)) => Agreement::Sure,
        (Kind::Bytes, Value::String(text)) => Agreement::sure_if(is_base64(text)),
        (Kind::Enum(members), Value::String(name)) => {
            Agreement::sure_if(members.get_value_by_name(name).is_some())
        }
        (Kind::Enum(_), Value::Number(number)) if number.is_i64() => Agreement::Doubtful,
        (Kind::Double | Kind::Float, Value::Number(_)) => Agreement::Sure,
        (kind, Value::Number(number)) if is_integer(kind) => {
            Agreement::sure_if(fits(kind, number.as_i64(), number.as_u64()))
        }
        // Integers may stand as strings, but the vendor writes numbers.
        (kind, Value::String(text))
            if is_integer(kind) && fits(kind, text.parse().ok(), text.parse().ok()) =>
        {
            Agreement::Doubtful
        }
        _ => Agreement::None,
    }
}

fn is_integer(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::Message(_)
            | Kind::Enum(_)
            | Kind::String
            | Kind::Bytes
            | Kind::Bool
            | Kind::Double
            | Kind::Float
    )
}

fn fits(kind: &Kind, signed: Option<i64>, unsigned: Option<u64>) -> bool {
    match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            signed.is_some_and(|number| i32::try_from(number).is_ok())
        }
        Kind::Uint32 | Kind::Fixed32 => {
            unsigned.is_some_and(|number| u32::try_from(number).is_ok())
        }
        Kind::Uint64 | Kind::Fixed64 => unsigned.is_some(),
        _ => signed.is_some(),
    }
}

fn is_base64(text: &str) -> bool {
    // The start of a document of many megabytes says enough.
    let start = text.get(..4096).unwrap_or(text);
    !base64::is_url_safe(start) && base64::decode(start.as_bytes()).is_some()
}

/// Reads a body as one message.
#[derive(Debug, Clone, Default)]
struct Walk {
    fit: Fit,
    /// Fields read so far.
    fields: usize,
    /// Bytes of the values read so far, and of those that the message explains; a doubtful value
    /// counts half. Both are in half bytes.
    seen: usize,
    explained: usize,
}

impl Walk {
    /// Adds what the message explains; none if the bytes cannot be read.
    fn message(
        &mut self,
        message: &MessageDescriptor,
        mut reader: Reader<'_>,
        depth: usize,
    ) -> Option<()> {
        let mut set = BTreeSet::new();
        while !reader.is_empty() {
            if self.fields >= MOST_FIELDS {
                return Some(());
            }
            self.fields += 1;
            let start = reader.position();
            let (number, wire_type) = reader.key().ok()?;
            let Some(field) = message.get_field(number) else {
                reader.skip(number, wire_type, depth).ok()?;
                self.seen += 2 * (reader.position() - start);
                continue;
            };
            let first = set.insert(number);
            let key = reader.position() - start;
            let value = reader.skip(number, wire_type, depth).ok()?;
            let length = reader.position() - start;
            let repeated = field.cardinality() == Cardinality::Repeated;
            let agreement = match wire_type_of(&field) {
                // A field that is no list does not stand twice.
                _ if !first && !repeated => Agreement::None,
                expected if expected == wire_type => {
                    self.value(&field.kind(), &value, &reader, key, depth)
                }
                expected if repeated && is_packable(expected) && wire_type == WireType::Length => {
                    packed(&field.kind(), expected, &value, &reader)
                }
                _ => Agreement::None,
            };
            self.fit.add(agreement);
            let is_message = matches!(field.kind(), Kind::Message(_));
            if is_message && agreement == Agreement::Sure {
                continue;
            }
            self.seen += 2 * length;
            self.explained += match agreement {
                Agreement::Sure => 2 * length,
                Agreement::Doubtful => length,
                Agreement::None => 0,
            };
        }
        self.fit.missing += message
            .fields()
            .filter(|field| field.cardinality() == Cardinality::Required)
            .filter(|field| !set.contains(&field.number()))
            .count();
        Some(())
    }

    fn value(
        &mut self,
        kind: &Kind,
        value: &wire::Value,
        reader: &Reader<'_>,
        key: usize,
        depth: usize,
    ) -> Agreement {
        match (kind, value) {
            (Kind::Message(message), wire::Value::Length(range)) => {
                let before = self.clone();
                let read = match depth < MAX_DEPTH {
                    true => self.message(message, reader.part(range.clone()), depth + 1),
                    false => None,
                };
                if read.is_none() {
                    // The fields stay read, so that the bound on them holds.
                    let fields = self.fields;
                    *self = Self { fields, ..before };
                    return Agreement::None;
                }
                self.seen += 2 * key;
                self.explained += 2 * key;
                Agreement::Sure
            }
            (Kind::String, wire::Value::Length(range)) => {
                match std::str::from_utf8(reader.content(range.clone())) {
                    Ok(text) => Agreement::sure_if(is_text(text)),
                    Err(_) => Agreement::None,
                }
            }
            (Kind::Bytes, wire::Value::Length(range)) => {
                let text = std::str::from_utf8(reader.content(range.clone()));
                Agreement::sure_if(!text.is_ok_and(is_text))
            }
            (kind, value) => number(kind, value),
        }
    }
}

/// Whether the values of a packed list are ones of the kind.
fn packed(kind: &Kind, wire_type: WireType, value: &wire::Value, reader: &Reader<'_>) -> Agreement {
    let wire::Value::Length(range) = value else {
        return Agreement::None;
    };
    let mut elements = reader.part(range.clone());
    let mut agreement = Agreement::Sure;
    while !elements.is_empty() && agreement != Agreement::None {
        agreement = match elements.value(wire_type) {
            Ok(value) => agreement.min(number(kind, &value)),
            Err(_) => Agreement::None,
        };
    }
    agreement
}

fn number(kind: &Kind, value: &wire::Value) -> Agreement {
    match (kind, value) {
        (Kind::Bool, wire::Value::Varint(number)) if *number > 1 => Agreement::None,
        (Kind::Enum(members), wire::Value::Varint(number)) => match i32::try_from(*number as i64) {
            Ok(number) => Agreement::sure_if(members.get_value(number).is_some()),
            Err(_) => Agreement::None,
        },
        (Kind::Int32, wire::Value::Varint(number)) if i32::try_from(*number as i64).is_err() => {
            Agreement::None
        }
        (Kind::Uint32 | Kind::Sint32, wire::Value::Varint(number))
            if u32::try_from(*number).is_err() =>
        {
            Agreement::None
        }
        (_, wire::Value::Group) => Agreement::Doubtful,
        _ => Agreement::Sure,
    }
}

/// Whether the string looks like text: encoded messages often are UTF-8 too, with control characters.
fn is_text(text: &str) -> bool {
    !text
        .bytes()
        .any(|byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'))
}
