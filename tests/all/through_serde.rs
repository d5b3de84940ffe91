//! Reading and writing through the serde impls, to be held against the codec of
//! `diadoc_proto::json`.
//!
//! serde_json says only in words what went wrong, and how far it had read. The place of a refusal
//! is made from that: serde_path_to_error tracks the path; a value stands where that path leads in
//! the body; broken JSON is where serde_json stopped, which it counts as one past the byte.

use diadoc_proto::json::{self, ErrorKind};
use diadoc_proto::registry::{self, DynMessage};
use diadoc_proto::{DocumentId, LoginPassword};
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserializer, Serialize, forward_to_deserialize_any};

#[path = "../../src/generated/registry.rs"]
#[allow(deprecated)]
#[rustfmt::skip]
mod generated;

/// What serde makes of a message type.
pub(crate) struct MessageType {
    full_name: &'static str,
    /// Reads a body, and gives the message as protobuf, as JSON, and as JSON over several lines.
    read: fn(&str) -> Result<[Vec<u8>; 3], Refusal>,
    /// Reads a body, however deep brackets lie in it.
    read_deep: fn(&str) -> Result<(), String>,
}

impl MessageType {
    const fn of<M>(full_name: &'static str) -> Self
    where
        M: prost::Message + Serialize + DeserializeOwned,
    {
        Self {
            full_name,
            read: |body| {
                let message: M = read(body)?;
                Ok([
                    message.encode_to_vec(),
                    serde_json::to_vec(&message).expect("a message can be written"),
                    serde_json::to_vec_pretty(&message).expect("a message can be written"),
                ])
            },
            read_deep: |body| {
                let mut json = serde_json::Deserializer::from_str(body);
                json.disable_recursion_limit();
                let read = M::deserialize(&mut json).map(drop);
                read.map_err(|error| error.to_string())
            },
        }
    }
}

/// Where and how serde refused a body.
#[derive(Debug)]
pub(crate) struct Refusal {
    kind: ErrorKind,
    path: String,
    offset: usize,
    message: String,
}

/// Reads a body through serde.
pub(crate) fn read<M: DeserializeOwned>(body: &str) -> Result<M, Refusal> {
    let mut json = serde_json::Deserializer::from_str(body);
    let mut track = serde_path_to_error::Track::new();
    let read = M::deserialize(serde_path_to_error::Deserializer::new(
        &mut json, &mut track,
    ));
    let error = match read {
        Ok(message) => match json.end() {
            Ok(()) => return Ok(message),
            // The path that was tracked is that of the last value.
            Err(error) => return Err(Refusal::new(body, Vec::new(), &error)),
        },
        Err(error) => error,
    };
    Err(Refusal::new(body, segments(&track.path()), &error))
}

impl Refusal {
    fn new(body: &str, mut path: Vec<Segment>, error: &serde_json::Error) -> Self {
        let message = error.to_string();
        // The first byte that serde_json has not read yet.
        let stopped = byte_offset(body, error.line(), error.column());
        // A number that is too large for any type is no broken JSON.
        let is_value = error.is_data() || message.starts_with("number out of range");
        let twice = message.strip_prefix("duplicate field `");
        let (kind, offset) = if let Some((key, _)) = twice.and_then(|text| text.split_once('`')) {
            let offset = last_key_start(body, &path, stopped).expect("the key");
            path.push(Segment::Key(key.to_owned()));
            (ErrorKind::Value, offset)
        } else if is_value {
            let offset = value_start(body, &path, stopped.max(1)).expect("the value");
            (ErrorKind::Value, offset)
        } else if error.is_eof() {
            (ErrorKind::Syntax, body.len())
        } else {
            (ErrorKind::Syntax, stopped.saturating_sub(1))
        };
        Self {
            kind,
            path: render(&path),
            offset,
            message,
        }
    }

    /// Whether the codec refused the same at the same place.
    fn is(&self, error: &json::Error) -> bool {
        let same_place = match self.kind {
            ErrorKind::Syntax => self.is_near(error.offset()),
            _ => self.offset == error.offset(),
        };
        self.kind == error.kind() && self.path == error.path() && same_place
    }

    /// serde_json may stop one byte before or behind, and takes the four bytes behind `\u` together,
    /// so that of a pair of escapes it stops behind the second.
    fn is_near(&self, offset: usize) -> bool {
        let before = match &self.message {
            escape if escape.contains("escape") => 11,
            cut if cut.starts_with("EOF while parsing a string") => 4,
            _ => 1,
        };
        let range = self.offset.saturating_sub(before)..=self.offset + 1;
        range.contains(&offset)
    }
}

/// Whether a number in a body may be spelt otherwise than serde_json writes it, which shows where a
/// string is due: with zeros behind the fraction, an exponent, or more than 64 bits.
fn has_other_spelling(body: &str) -> bool {
    let numbers = body.split(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
    let mut numbers =
        numbers.filter(|text| text.starts_with(|c: char| c == '-' || c.is_ascii_digit()));
    numbers.any(|text| {
        text.parse::<f64>()
            .is_ok_and(|number| number.to_string() != text)
    })
}

/// Whether the codec and serde make the same of a body.
pub(crate) fn agree_on<M>(body: &str, direct: &Result<M, json::Error>) -> bool
where
    M: PartialEq + DeserializeOwned,
{
    match (direct, read::<M>(body)) {
        (Ok(message), Ok(read)) => *message == read || has_other_spelling(body),
        (Err(error), Err(refusal)) if refusal.is(error) => true,
        (Err(error), _) => is_negative_zero(error),
        (Ok(_), Err(_)) => false,
    }
}

/// What the codec and serde do not agree on in a body.
pub(crate) fn disagreement(message_type: &registry::MessageType, body: &str) -> Option<String> {
    let name = message_type.full_name();
    // Marks before the body are for those to skip who hand a text to serde_json; of several the codec
    // skips the first.
    let body = body.trim_start_matches('\u{feff}');
    let index = generated::MESSAGES.binary_search_by_key(&name, |serde| serde.full_name);
    let serde = &generated::MESSAGES[index.expect("both have all messages")];
    let direct = message_type.from_json(body.as_bytes());
    let problem = disagreement_of(body, direct, (serde.read)(body))?;
    Some(format!("{name}: {problem}\n{body}"))
}

fn disagreement_of(
    body: &str,
    direct: Result<Box<dyn DynMessage>, json::Error>,
    serde: Result<[Vec<u8>; 3], Refusal>,
) -> Option<String> {
    match (direct, serde) {
        (Ok(message), Ok([protobuf, compact, pretty])) => {
            let of_json = |text: Result<String, json::Error>| text.expect("JSON").into_bytes();
            let own = [
                message.encode_to_vec(),
                of_json(message.to_json()),
                of_json(message.to_json_pretty()),
            ];
            let same = own == [protobuf, compact, pretty];
            (!same && !has_other_spelling(body))
                .then(|| "the messages or their texts differ".to_owned())
        }
        // Where a string is due, the codec takes a number as its text; serde_json makes a float of it
        // before anybody asks, and there is none so large.
        (_, Err(refusal)) if refusal.message.starts_with("number out of range") => None,
        (Err(error), Err(refusal)) if refusal.is(&error) => None,
        // serde reads on, and may stop at something else.
        (Err(error), _) if is_negative_zero(&error) => None,
        (Err(error), Err(refusal)) => Some(format!(
            "the codec refuses: {error} (byte {}), serde: {refusal:?}",
            error.offset()
        )),
        (Ok(_), Err(refusal)) => Some(format!("only serde refuses: {refusal:?}")),
        (Err(error), Ok(_)) => Some(format!("only the codec refuses: {error}")),
    }
}

/// serde_json makes one float of `-0`, which is an integer, and of `-0.0`, which is none.
fn is_negative_zero(error: &json::Error) -> bool {
    let found = error.found();
    let number = found.rsplit(' ').next().unwrap_or_default();
    // What is quoted ends with the next mark of JSON: more than the number may stand before that.
    let end = number.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
    let number = number[..end.unwrap_or(number.len())].parse();
    found.starts_with("a number with") && number == Ok(-0.0_f64)
}

/// A step from a value to one inside it.
enum Segment {
    Key(String),
    Index(usize),
}

fn segments(path: &serde_path_to_error::Path) -> Vec<Segment> {
    use serde_path_to_error::Segment as Tracked;
    path.iter()
        .filter_map(|segment| match segment {
            Tracked::Seq { index } => Some(Segment::Index(*index)),
            Tracked::Map { key } => Some(Segment::Key(key.clone())),
            Tracked::Enum { .. } | Tracked::Unknown => None,
        })
        .collect()
}

fn render(path: &[Segment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Index(index) => text += &format!("[{index}]"),
            Segment::Key(key) if text.is_empty() => text += key,
            Segment::Key(key) => text += &format!(".{key}"),
        }
    }
    text
}

/// The byte offset of serde_json's line and column, which counts bytes and may be one past the end.
fn byte_offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.max(1) - 1)
        .map(str::len)
        .sum();
    (before + column).min(text.len())
}

/// The byte offset at which the value at `path` starts. Where a key stands twice, the last one
/// that starts before `limit` counts, because reading stops at the second.
fn value_start(text: &str, path: &[Segment], limit: usize) -> Option<usize> {
    let mut at = skip_space(text, 0);
    for segment in path {
        at = match segment {
            Segment::Key(key) => {
                members(text, at)
                    .take_while(|member| member.key_start < limit)
                    .filter(|member| member.key == *key)
                    .last()?
                    .value_start
            }
            Segment::Index(index) => elements(text, at).nth(*index)?,
        };
    }
    Some(at)
}

/// Where the last key before `limit` in the object at `path` starts.
fn last_key_start(text: &str, path: &[Segment], limit: usize) -> Option<usize> {
    let object = value_start(text, path, limit)?;
    members(text, object)
        .map(|member| member.key_start)
        .take_while(|start| *start < limit)
        .last()
}

struct Member {
    key: String,
    key_start: usize,
    value_start: usize,
}

/// The members of the object that starts at `at`, as far as they are keys.
fn members(text: &str, at: usize) -> impl Iterator<Item = Member> {
    let mut next = text[at..].starts_with('{').then_some(at + 1);
    std::iter::from_fn(move || {
        let key_start = skip_space(text, next.take()?);
        if !text[key_start..].starts_with('"') {
            return None;
        }
        let key_end = skip_string(text, key_start);
        let key = serde_json::from_str(text.get(key_start..key_end)?).ok()?;
        let colon = skip_space(text, key_end);
        let value_start = match text[colon..].starts_with(':') {
            true => skip_space(text, colon + 1),
            false => colon,
        };
        next = after_comma(text, skip_value(text, value_start));
        Some(Member {
            key,
            key_start,
            value_start,
        })
    })
}

/// The starts of the elements of the array that starts at `at`.
fn elements(text: &str, at: usize) -> impl Iterator<Item = usize> {
    let mut next = text[at..].starts_with('[').then_some(at + 1);
    std::iter::from_fn(move || {
        let start = skip_space(text, next.take()?);
        next = after_comma(text, skip_value(text, start));
        Some(start)
    })
}

fn after_comma(text: &str, at: usize) -> Option<usize> {
    let at = skip_space(text, at);
    text[at..].starts_with(',').then_some(at + 1)
}

fn skip_space(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len()
}

/// The end of the string that starts at `at`, or of the text where it has no end.
fn skip_string(text: &str, at: usize) -> usize {
    let mut escaped = false;
    for (i, byte) in text.bytes().enumerate().skip(at + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return i + 1,
            _ => {}
        }
    }
    text.len()
}

/// The end of the value that starts at `at`. Counts brackets instead of descending, so that depth
/// costs nothing.
fn skip_value(text: &str, at: usize) -> usize {
    let mut depth = 0_usize;
    let mut i = at;
    while let Some(byte) = text.as_bytes().get(i) {
        match byte {
            b'"' => i = skip_string(text, i),
            b'{' | b'[' => {
                depth += 1;
                i += 1;
            }
            b'}' | b']' if depth == 0 => return i,
            b'}' | b']' => {
                depth -= 1;
                i += 1;
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => i += 1,
            _ => {
                let rest = &text[i..];
                i += rest
                    .find([' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']', '"'])
                    .unwrap_or(rest.len());
            }
        }
        if depth == 0 {
            return i;
        }
    }
    text.len()
}

/// Whether serde, without the limit of serde_json, refuses a body for its depth.
pub(crate) fn refuses_depth(message_type: &registry::MessageType, body: &str) -> bool {
    let name = message_type.full_name();
    let index = generated::MESSAGES.binary_search_by_key(&name, |serde| serde.full_name);
    let serde = &generated::MESSAGES[index.expect("both have all messages")];
    match (serde.read_deep)(body) {
        Ok(()) => false,
        Err(message) => {
            assert!(message.contains("levels of nesting"), "{message}");
            true
        }
    }
}

/// Formats that are not self-describing are told the type and the keys, the other names among them.
#[test]
fn a_format_is_told_the_keys() {
    /// Says what it is told.
    struct Told;

    impl<'de> Deserializer<'de> for Told {
        type Error = serde::de::value::Error;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(Self::Error::custom("nothing"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            name: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, Self::Error> {
            Err(Self::Error::custom(format!("{name}: {}", fields.join(" "))))
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    fn told<M: DeserializeOwned + std::fmt::Debug>() -> String {
        let read = <M as serde::Deserialize>::deserialize(Told);
        read.expect_err("nothing is read").to_string()
    }

    assert_eq!(
        told::<DocumentId>(),
        "diadoc.api.proto.DocumentId: MessageId EntityId"
    );
    assert_eq!(
        told::<LoginPassword>(),
        "diadoc.api.proto.LoginPassword: login password Login Password"
    );
}
