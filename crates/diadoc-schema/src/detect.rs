//! The messages that fit a body of which nothing is known.

mod json;
mod walk;
mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use diadoc_core::{Language, fill};
use prost_reflect::MessageDescriptor;
use serde::Serialize;
use serde_json::Value;

use crate::names::version;
use crate::{Schema, read_json};
use walk::Walk;
use words::Words;

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
    /// Why the message was named, as a phrase of English.
    pub reason: String,
    /// Whether it fits as well as the first: nothing but its name and size puts one before the other.
    #[serde(skip)]
    pub as_good_as_first: bool,
    #[serde(skip)]
    why: Why,
}

/// Why a message was named.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Why {
    fit: Fit,
    /// How many members a body of JSON has; none of protobuf.
    members: Option<usize>,
    /// The other versions of the message that fit just as well, the newest first.
    versions: Vec<String>,
}

impl Why {
    fn say(&self, language: Language) -> String {
        let words = Words::of(language);
        let Self { fit, .. } = self;
        let known = fit.known();
        let mut text = match (known, self.members) {
            (1, None) => words.one_field.to_owned(),
            (known, None) => fill(words.fields, &[&known]),
            (1, Some(1)) => words.only_member.to_owned(),
            (1, Some(total)) => fill(words.one_member, &[&total]),
            (known, Some(total)) if known == total => fill(words.all_members, &[&total]),
            (known, Some(total)) => fill(words.members, &[&known, &total]),
        };
        text = match fit.doubtful {
            0 => text,
            1 => fill(words.one_odd, &[&text]),
            doubtful => fill(words.odd, &[&text, &doubtful]),
        };
        text = match fit.missing {
            0 => text,
            1 => fill(words.one_missing, &[&text]),
            missing => fill(words.missing, &[&text, &missing]),
        };
        let versions = self.versions.iter().map(|name| format!("`{name}`"));
        let versions: Vec<_> = versions.collect();
        match versions.as_slice() {
            [] => text,
            [one] => fill(words.version_fits, &[&text, one]),
            [first @ .., last] => {
                let all = fill(words.and, &[&first.join(", "), last]);
                fill(words.versions_fit, &[&text, &all])
            }
        }
    }
}

impl Detected {
    /// The reason in a language.
    pub fn reason_in(&self, language: Language) -> String {
        self.why.say(language)
    }

    /// Whether the message explains of the body what another one does.
    pub(crate) fn explains_as(&self, other: &Self) -> bool {
        let (one, other) = (self.why.fit, other.why.fit);
        (one.sure, one.doubtful) == (other.sure, other.doubtful)
    }
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
    rank(candidates, Some(total))
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
    rank(candidates, None)
}

/// The share of the bytes that a message explains; 0 where it does not read them.
pub(crate) fn explains(message: &MessageDescriptor, bytes: &[u8]) -> f64 {
    let mut walk = Walk::default();
    walk.body(message, bytes).map_or(0.0, |()| walk.explained())
}

/// What of a body a message explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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

fn rank(mut candidates: Vec<Candidate>, members: Option<usize>) -> Vec<Detected> {
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
            let versions = groups
                .get(&alike(candidate))
                .into_iter()
                .flat_map(|(_, versions)| versions.values().rev())
                .filter(|name| *name != candidate.message.name());
            let why = Why {
                fit: candidate.fit,
                members,
                versions: versions.cloned().collect(),
            };
            Detected {
                message: candidate.message.full_name().to_owned(),
                score: candidate.score,
                as_good_as_first: best == Some(fit(candidate)),
                reason: why.say(Language::English),
                why,
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
