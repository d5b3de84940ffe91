//! The messages that fit a body of which nothing is known.

mod json;
mod walk;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use prost_reflect::MessageDescriptor;
use serde::Serialize;
use serde_json::Value;

use crate::names::version;
use crate::{Schema, read_json};
use walk::Walk;

/// How many messages are named at most.
const MOST: usize = 10;

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
    /// Whether it fits as well as the first: nothing but its name and size puts one before the other.
    #[serde(skip)]
    pub as_good_as_first: bool,
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
    read_json(body).map_or_else(|_| Vec::new(), |value| detect_value(schema, &value))
}

/// The same of a body that [`read_json`] has read, or of a part of it.
///
/// ```
/// use diadoc_schema::{Schema, detect_value, read_json};
///
/// let list = read_json(br#"[{"MessageId": "", "EntityId": ""}]"#)?;
/// let found = detect_value(Schema::diadoc(), &list[0]);
/// assert_eq!(found[0].message, "Diadoc.Api.Proto.DocumentId");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn detect_value(schema: &Schema, value: &Value) -> Vec<Detected> {
    let Value::Object(object) = value else {
        return Vec::new();
    };
    let total = json::members(object);
    let candidates = schema
        .messages()
        .map(|message| {
            let mut fit = Fit::default();
            json::object(&message, object, &mut fit);
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
            walk.body(&message, bytes)?;
            let explained = walk.explained();
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

/// The share of the bytes that a message explains; 0 where it does not read them.
pub(crate) fn explains(message: &MessageDescriptor, bytes: &[u8]) -> f64 {
    let mut walk = Walk::default();
    walk.body(message, bytes).map_or(0.0, |()| walk.explained())
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

    let fit = |candidate: &Candidate| (candidate.rank, candidate.fit.missing);
    let best = candidates.first().map(fit);
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
                as_good_as_first: best == Some(fit(candidate)),
                reason,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_reflect::prost::Message as _;
    use prost_reflect::{DynamicMessage, Kind, Value as Reflected};

    use crate::only_in_json::is_only_in_json;

    /// Every field of the schema, alone in its message and twice: a list has two elements then, and of
    /// another field the second is not explained.
    #[test]
    fn what_is_no_list_does_not_stand_twice() {
        let mut singular = 0;
        for message in Schema::diadoc().messages() {
            for field in message.fields().filter(|field| !is_only_in_json(field)) {
                let value = match field.kind() {
                    Kind::String => Reflected::String("text".to_owned()),
                    Kind::Bytes => Reflected::Bytes(vec![1].into()),
                    kind => Reflected::default_value(&kind),
                };
                let mut one = DynamicMessage::new(message.clone());
                one.set_field(
                    &field,
                    match field.is_list() {
                        true => Reflected::List(vec![value]),
                        false => value,
                    },
                );
                let once = one.encode_to_vec();
                let twice = [&once[..], &once].concat();
                let name = field.full_name();
                assert_eq!(explains(&message, &once), 1.0, "{name}");
                let explained = explains(&message, &twice);
                match field.is_list() {
                    true => assert_eq!(explained, 1.0, "{name}"),
                    false => assert!(explained < 0.6, "{name}: {explained}"),
                }
                singular += usize::from(!field.is_list());
            }
        }
        assert!(singular > 1_000, "{singular}");
    }
}
