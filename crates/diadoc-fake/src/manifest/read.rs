//! The text of a manifest as entries, each value with its place.

use diadoc_core::Form;
use diadoc_schema::{Direction, nearest};
use jsonc_parser::ast::{Array, Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::ManifestFault;
use super::keys::{self, BODIES, JSON_SCHEMA, KEYS};
use crate::places::Places;

/// What was found, by the byte at which it stands.
#[derive(Default)]
pub(crate) struct Faults(Vec<(usize, String)>);

impl Faults {
    pub(crate) fn add(&mut self, at: usize, message: impl Into<String>) {
        self.0.push((at, message.into()));
    }

    #[cfg(feature = "server")]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults by their lines.
    pub(super) fn in_order(self, text: &str) -> Vec<ManifestFault> {
        let faults = self.placed(text).into_iter();
        let faults = faults.map(|(line, column, message)| ManifestFault {
            line,
            column,
            message,
        });
        faults.collect()
    }

    /// The line and the column of each fault with what is wrong there, in the order of the text.
    pub(crate) fn placed(mut self, text: &str) -> Vec<(usize, usize, String)> {
        self.0.sort_by_key(|(at, _)| *at);
        let places = Places::of(text);
        let faults = self.0.into_iter().map(|(at, message)| {
            let (line, column) = places.line_and_column(at);
            (line, column, message)
        });
        faults.collect()
    }
}

/// A text and the byte at which it stands.
#[derive(Clone)]
pub(super) struct Placed {
    pub value: String,
    pub at: usize,
}

#[derive(Default)]
pub(super) struct Document {
    pub entries: Vec<Entry>,
    pub json_schema: Option<String>,
}

/// What an entry says; what is wrong with it has been told.
#[derive(Default)]
pub(super) struct Entry {
    /// The byte at which it stands.
    pub at: usize,
    pub file: Option<Placed>,
    pub form: Option<Form>,
    pub message: Option<Placed>,
    pub direction: Option<(Direction, usize)>,
    pub method: Option<Placed>,
    pub page: Option<String>,
    pub refused_at: Option<String>,
    pub fault: Option<String>,
    /// Whether a key has a value that it cannot have, so that others may seem to be missing.
    pub broken: bool,
}

pub(super) fn document(text: &str, faults: &mut Faults) -> Document {
    let mut document = Document::default();
    match parse(text, faults) {
        Some(Value::Array(list)) => document.entries = entries(&list, faults),
        Some(Value::Object(object)) => in_object(&object, &mut document, faults),
        Some(other) => faults.add(
            other.range().start,
            format!(
                "a manifest is a list of bodies, or an object with the list under `{BODIES}`, not {}",
                kind(&other)
            ),
        ),
        None => {}
    }
    document
}

/// The value of a text in JSON, with the places of its parts; none where it is no JSON, which is told.
pub(crate) fn parse<'t>(text: &'t str, faults: &mut Faults) -> Option<Value<'t>> {
    // serde_json decides what is JSON; the other parser, which takes more, knows the places.
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        let what = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let what = what.strip_suffix(&place).unwrap_or(&what);
        faults.add(byte_of(text, &error), format!("this is not JSON: {what}"));
        return None;
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
    let value = parsed.ok().and_then(|parsed| parsed.value);
    if value.is_none() {
        faults.add(0, "this is not JSON");
    }
    value
}

/// The byte that serde_json means; its columns count bytes.
fn byte_of(text: &str, error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive('\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let at = before + error.column().saturating_sub(1);
    let mut boundaries = (0..=at.min(text.len())).rev();
    boundaries
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// The manifest as an object, with the list and the JSON Schema.
fn in_object(object: &Object<'_>, document: &mut Document, faults: &mut Faults) {
    let known = [JSON_SCHEMA, BODIES];
    let mut has_list = false;
    for property in properties(object, &known, faults).0 {
        match (property.name.as_str(), &property.value) {
            (JSON_SCHEMA, Value::StringLit(name)) => {
                document.json_schema = Some(name.value.to_string());
            }
            (JSON_SCHEMA, other) => wrong_type(JSON_SCHEMA, "a string", other, faults),
            (BODIES, Value::Array(list)) => {
                has_list = true;
                document.entries = entries(list, faults);
            }
            (_, other) => {
                has_list = true;
                wrong_type(BODIES, "a list", other, faults);
            }
        }
    }
    if !has_list {
        faults.add(object.range.start, format!("`{BODIES}` is missing"));
    }
}

fn entries(list: &Array<'_>, faults: &mut Faults) -> Vec<Entry> {
    if list.elements.is_empty() {
        faults.add(
            list.range.start,
            "the manifest lists no bodies: add an object with `file` and `method`, or with `file`, \
             `message` and `direction`",
        );
    }
    let mut entries = Vec::new();
    for element in &list.elements {
        match element {
            Value::Object(object) => entries.push(entry(object, faults)),
            other => faults.add(
                other.range().start,
                format!("an entry is an object, not {}", kind(other)),
            ),
        }
    }
    entries
}

fn entry(object: &Object<'_>, faults: &mut Faults) -> Entry {
    let known = KEYS.map(|key| key.name);
    let (properties, odd) = properties(object, &known, faults);
    let mut entry = Entry {
        at: object.range.start,
        broken: odd,
        ..Entry::default()
    };
    let mut has_file = false;
    for property in properties {
        let name = property.name.as_str();
        has_file |= name == keys::FILE;
        let Value::StringLit(text) = &property.value else {
            entry.broken = true;
            wrong_type(name, "a string", &property.value, faults);
            continue;
        };
        let at = text.range.start;
        let key = KEYS.iter().find(|key| key.name == name);
        let values = key.map_or(&[][..], |key| key.values);
        if !values.is_empty() && !values.contains(&&*text.value) {
            entry.broken = true;
            let near = nearest(&text.value, values.iter().copied());
            faults.add(
                at,
                format!(
                    "`{name}` is {}, not `{}`{}",
                    listed(values, "or"),
                    text.value,
                    did_you_mean(&near)
                ),
            );
            continue;
        }
        let value = text.value.to_string();
        let placed = Some(Placed {
            value: value.clone(),
            at,
        });
        match name {
            keys::FILE if value.is_empty() => faults.add(at, "`file` is empty"),
            keys::FILE => entry.file = placed,
            keys::FORM => entry.form = value.parse().ok(),
            keys::MESSAGE => entry.message = placed,
            keys::DIRECTION => entry.direction = value.parse().ok().map(|way| (way, at)),
            keys::METHOD => entry.method = placed,
            keys::PAGE => entry.page = Some(value),
            keys::REFUSED_AT => entry.refused_at = Some(value),
            _ => entry.fault = Some(value),
        }
    }
    if !has_file {
        faults.add(entry.at, "`file` is missing");
    }
    entry
}

/// The properties whose names are known, each once; whether there were others.
pub(crate) fn properties<'o, 't>(
    object: &'o Object<'t>,
    known: &[&str],
    faults: &mut Faults,
) -> (Vec<&'o ObjectProp<'t>>, bool) {
    let mut found: Vec<&ObjectProp<'_>> = Vec::new();
    for property in &object.properties {
        let (name, at) = (property.name.as_str(), property.range.start);
        if !known.contains(&name) {
            let near = nearest(name, known.iter().copied());
            let advice = match near.is_empty() {
                true => format!("; the keys are {}", listed(known, "and")),
                false => did_you_mean(&near),
            };
            faults.add(at, format!("there is no key `{name}`{advice}"));
        } else if found.iter().any(|other| other.name.as_str() == name) {
            faults.add(at, format!("the key `{name}` stands twice"));
        } else {
            found.push(property);
        }
    }
    let odd = found.len() < object.properties.len();
    (found, odd)
}

pub(crate) fn wrong_type(name: &str, expected: &str, value: &Value<'_>, faults: &mut Faults) {
    let found = kind(value);
    faults.add(
        value.range().start,
        format!("`{name}` is {expected}, not {found}"),
    );
}

pub(crate) fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a string",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a boolean",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}

pub(crate) fn did_you_mean(near: &[&str]) -> String {
    match near.is_empty() {
        true => String::new(),
        false => format!("; did you mean {}?", listed(near, "or")),
    }
}

/// `a`, `b` and `c`.
pub(crate) fn listed(names: &[&str], and: &str) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {and} {last}", rest.join(", ")),
        None => String::new(),
    }
}
