//! Scripts of counteragents in files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diadoc_core::{BoxId, Limits, files};
use diadoc_schema::nearest;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::{Act, CounteragentScript, Happening, Rule, When};
use crate::manifest::inside;
use crate::manifest::read::{self, Faults, did_you_mean, kind, listed, properties, wrong_type};
use crate::world::document_types::DocumentType;

/// Why a script could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// A file could not be read.
    #[error("{path}: {source}")]
    Io {
        /// The script.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// The script is not as it has to be. It prints as a line for each fault.
    #[error("{}", lines(path, faults))]
    Faults {
        /// The script.
        path: PathBuf,
        /// All that is wrong, in the order of the text.
        faults: Vec<ScriptFault>,
    },
}

/// What is wrong with a script, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptFault {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

fn lines(path: &Path, faults: &[ScriptFault]) -> String {
    let lines = faults.iter().map(|fault| {
        let (line, column) = (fault.line, fault.column);
        format!("{}:{line}:{column}: {}", path.display(), fault.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

const KEYS: [&str; 7] = ["box", "when", "then", "comment", "title", "after", "times"];
const CONDITIONS: [&str; 5] = ["event", "type", "function", "number", "sender"];

const HAPPENINGS: [(&str, Happening); 4] = [
    ("document", Happening::Document),
    ("revocation", Happening::Revocation),
    ("correction-request", Happening::CorrectionRequest),
    ("title", Happening::Title),
];

/// What a rule can do, by its name in a file.
const ACTS: [&str; 9] = [
    "receive",
    "sign",
    "refuse",
    "request-correction",
    "propose-revocation",
    "accept-revocation",
    "refuse-revocation",
    "approve",
    "disapprove",
];

/// Units of durations, in milliseconds.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

impl CounteragentScript {
    /// Reads the script in a file: a list of rules in JSON, or an object that has the list under `rules`.
    ///
    /// ```json
    /// [
    ///   {
    ///     "box": "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946",
    ///     "when": { "event": "document", "type": "UniversalTransferDocument", "number": "17*" },
    ///     "then": "sign",
    ///     "title": "answer.xml",
    ///     "after": "2s",
    ///     "times": 1
    ///   }
    /// ]
    /// ```
    ///
    /// - `box` is the box that acts, and `then` what it does: `receive`, `sign`, `refuse`,
    ///   `request-correction`, `propose-revocation`, `accept-revocation`, `refuse-revocation`, `approve` or
    ///   `disapprove`, with a `comment` where there is something to say, and with `title`, a file in the
    ///   folder of the script or below, as the content of a title that signs.
    /// - `when` says what it waits for: the `event` (`document`, which is meant where there is none,
    ///   `revocation`, `correction-request` or `title`), and the `type`, `function`, `number` (with `*` for
    ///   any characters) and `sender` of the document.
    /// - `after` is how long it waits then, as `500ms`, `2s`, `5m` or `1h`, and `times` how often it acts.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has faults: all of them are told, with their places.
    pub fn load(path: &Path) -> Result<Self, ScriptError> {
        let text = files::text(path).map_err(|source| ScriptError::Io {
            path: path.to_owned(),
            source,
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut faults = Faults::default();
        let text = text.strip_prefix("\u{feff}").unwrap_or(&text);
        let script = script(text, folder, &mut faults);
        match faults.is_empty() {
            true => Ok(script),
            false => Err(ScriptError::Faults {
                path: path.to_owned(),
                faults: placed(faults, text),
            }),
        }
    }
}

fn placed(faults: Faults, text: &str) -> Vec<ScriptFault> {
    let faults = faults.placed(text).into_iter();
    faults
        .map(|(line, column, message)| ScriptFault {
            line,
            column,
            message,
        })
        .collect()
}

fn script(text: &str, folder: &Path, faults: &mut Faults) -> CounteragentScript {
    let mut rules = Vec::new();
    let list = match read::parse(text, faults) {
        Some(Value::Array(list)) => Some(list),
        Some(Value::Object(object)) => {
            let list = properties(&object, &["rules"], faults).0.first().copied();
            match list.map(|property| property.value.clone()) {
                Some(Value::Array(list)) => Some(list),
                Some(other) => {
                    wrong_type("rules", "a list", &other, faults);
                    None
                }
                None => {
                    faults.add(object.range.start, "`rules` is missing");
                    None
                }
            }
        }
        Some(other) => {
            let found = kind(&other);
            let at = other.range().start;
            faults.add(at, format!("a script is a list of rules, not {found}"));
            None
        }
        None => None,
    };
    for element in list.iter().flat_map(|list| &list.elements) {
        match element {
            Value::Object(object) => rules.extend(rule(object, folder, faults)),
            other => faults.add(
                other.range().start,
                format!("a rule is an object, not {}", kind(other)),
            ),
        }
    }
    CounteragentScript { rules }
}

/// The rule of an object; none where it has faults, which are told.
fn rule(object: &Object<'_>, folder: &Path, faults: &mut Faults) -> Option<Rule> {
    let found = properties(object, &KEYS, faults).0;
    let get = |name: &str| {
        let property = found.iter().find(|property| property.name.as_str() == name);
        property.map(|property| &property.value)
    };
    let at = object.range.start;
    let box_id = match get("box") {
        Some(value) => box_of("box", value, faults),
        None => {
            faults.add(at, "`box` is missing");
            None
        }
    };
    let when = match get("when") {
        None => Some(When::default()),
        Some(Value::Object(object)) => when(object, faults),
        Some(other) => {
            wrong_type("when", "an object", other, faults);
            None
        }
    };
    let comment = get("comment").map(|value| text("comment", value, faults));
    let title = get("title").map(|value| title(value, folder, faults));
    let then = match get("then") {
        Some(value) => act(value, comment, title, faults),
        None => {
            faults.add(at, format!("`then` is missing: {}", listed(&ACTS, "or")));
            None
        }
    };
    let after = match get("after") {
        None => Some(Duration::ZERO),
        Some(value) => duration(value, faults),
    };
    let times = match get("times") {
        None => Some(None),
        Some(value) => times(value, faults).map(Some),
    };
    Some(Rule {
        box_id: box_id?,
        when: when?,
        then: then?,
        after: after?,
        times: times?,
    })
}

fn when(object: &Object<'_>, faults: &mut Faults) -> Option<When> {
    let (found, odd) = properties(object, &CONDITIONS, faults);
    let mut when = When::default();
    let mut is_right = !odd;
    for property in found {
        let (name, value) = (property.name.as_str(), &property.value);
        let taken = match name {
            "event" => happening(value, faults).map(|one| when.happens = one),
            "sender" => box_of(name, value, faults).map(|one| when.sender = Some(one)),
            "type" => type_of(value, faults).map(|one| when.type_named_id = Some(one)),
            "function" => text(name, value, faults).map(|one| when.function = Some(one)),
            _ => text(name, value, faults).map(|one| when.number = Some(one)),
        };
        is_right &= taken.is_some();
    }
    is_right.then_some(when)
}

fn happening(value: &Value<'_>, faults: &mut Faults) -> Option<Happening> {
    let names = HAPPENINGS.map(|(name, _)| name);
    let chosen = choice("event", value, &names, faults)?;
    let found = HAPPENINGS.iter().find(|(name, _)| *name == chosen);
    found.map(|(_, happening)| *happening)
}

fn type_of(value: &Value<'_>, faults: &mut Faults) -> Option<String> {
    let names: Vec<_> = DocumentType::all().iter().map(|one| one.name).collect();
    let name = text("type", value, faults)?;
    if names.contains(&name.as_str()) {
        return Some(name);
    }
    let near = nearest(&name, names.iter().copied());
    let advice = did_you_mean(&near);
    let at = value.range().start;
    faults.add(
        at,
        format!("there is no type of documents `{name}`{advice}"),
    );
    None
}

/// What a rule does, with the comment and the title that stand beside it.
fn act(
    value: &Value<'_>,
    comment: Option<Option<String>>,
    title: Option<Option<bytes::Bytes>>,
    faults: &mut Faults,
) -> Option<Act> {
    let name = choice("then", value, &ACTS, faults)?;
    let at = value.range().start;
    if title.is_some() && name != "sign" {
        faults.add(at, format!("`title` goes with `sign`, not with `{name}`"));
    }
    let is_silent = matches!(name.as_str(), "receive" | "sign" | "accept-revocation");
    if comment.is_some() && is_silent {
        faults.add(at, format!("`{name}` has no `comment`"));
    }
    let title = title.map_or(Some(None), |title| title.map(Some))?;
    let comment = comment.map_or(Some(String::new()), |comment| comment)?;
    Some(match name.as_str() {
        "receive" => Act::Receive,
        "sign" => Act::Sign { title },
        "refuse" => Act::Refuse { comment },
        "request-correction" => Act::RequestCorrection { comment },
        "propose-revocation" => Act::ProposeRevocation { comment },
        "accept-revocation" => Act::AcceptRevocation,
        "refuse-revocation" => Act::RefuseRevocation { comment },
        "approve" => Act::Approve { comment },
        _ => Act::Disapprove { comment },
    })
}

/// One of several words.
fn choice(name: &str, value: &Value<'_>, words: &[&str], faults: &mut Faults) -> Option<String> {
    let word = text(name, value, faults)?;
    if words.contains(&word.as_str()) {
        return Some(word);
    }
    let near = nearest(&word, words.iter().copied());
    let advice = did_you_mean(&near);
    let words = listed(words, "or");
    let at = value.range().start;
    faults.add(at, format!("`{name}` is {words}, not `{word}`{advice}"));
    None
}

fn text(name: &str, value: &Value<'_>, faults: &mut Faults) -> Option<String> {
    match value {
        Value::StringLit(text) => Some(text.value.to_string()),
        other => {
            wrong_type(name, "a string", other, faults);
            None
        }
    }
}

fn box_of(name: &str, value: &Value<'_>, faults: &mut Faults) -> Option<BoxId> {
    let text = text(name, value, faults)?;
    match text.parse() {
        Ok(box_id) => Some(box_id),
        Err(error) => {
            let at = value.range().start;
            faults.add(at, format!("`{name}` is no box: {error}"));
            None
        }
    }
}

fn title(value: &Value<'_>, folder: &Path, faults: &mut Faults) -> Option<bytes::Bytes> {
    let name = text("title", value, faults)?;
    // A script may come from somebody else: it has no other file read, and sent to a counteragent.
    let content = inside(folder, &name).and_then(|path| {
        let metadata = fs::metadata(&path).map_err(|error| format!("`{name}`: {error}"))?;
        match metadata.is_file() {
            true => files::read(&path, Limits::BYTES).map_err(|error| format!("`{name}`: {error}")),
            false => Err(format!("`{name}` is no file")),
        }
    });
    match content {
        Ok(content) => Some(content.into()),
        Err(why) => {
            faults.add(value.range().start, why);
            None
        }
    }
}

fn duration(value: &Value<'_>, faults: &mut Faults) -> Option<Duration> {
    let text = text("after", value, faults)?;
    let digits = text.find(|character: char| !character.is_ascii_digit());
    let (digits, unit) = text.split_at(digits.unwrap_or(text.len()));
    let unit = UNITS.iter().find(|(name, _)| *name == unit);
    let milliseconds =
        unit.and_then(|(_, factor)| digits.parse::<u64>().ok()?.checked_mul(*factor));
    if milliseconds.is_none() {
        let at = value.range().start;
        faults.add(
            at,
            format!("`after` is a duration such as `500ms`, `2s`, `5m` or `1h`, not `{text}`"),
        );
    }
    milliseconds.map(Duration::from_millis)
}

fn times(value: &Value<'_>, faults: &mut Faults) -> Option<u32> {
    let number = match value {
        Value::NumberLit(number) => number.value.parse().ok(),
        _ => None,
    };
    if number.is_none() {
        wrong_type("times", "a whole number", value, faults);
    }
    number
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::{placed, script};
    use crate::manifest::read::Faults;
    use crate::world::script::{Act, Happening};

    #[test]
    fn a_rule_says_who_does_what_when() {
        let text = r#"{ "rules": [{
            "box": "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946",
            "when": { "event": "revocation", "type": "Contract", "number": "1*" },
            "then": "refuse-revocation", "comment": "Рано", "after": "5m", "times": 2
        }] }"#;
        let mut faults = Faults::default();
        let script = script(text, Path::new(""), &mut faults);
        assert!(faults.is_empty());
        let [rule] = &script.rules[..] else {
            panic!("one rule");
        };
        assert_eq!(rule.when.happens, Happening::Revocation);
        assert_eq!(rule.when.type_named_id.as_deref(), Some("Contract"));
        let comment = "Рано".to_owned();
        assert_eq!(rule.then, Act::RefuseRevocation { comment });
        assert_eq!(rule.after, Duration::from_secs(300));
        assert_eq!(rule.times, Some(2));
    }

    #[test]
    fn all_faults_are_told_with_their_places() {
        let text =
            "[\n {\"box\": \"no\", \"then\": \"sing\", \"after\": \"2\"},\n 7,\n {\"whne\": {}}\n]";
        let mut faults = Faults::default();
        let script = script(text, Path::new(""), &mut faults);
        assert!(script.rules.is_empty());
        let told: Vec<_> = placed(faults, text)
            .into_iter()
            .map(|fault| (fault.line, fault.column, fault.message))
            .collect();
        let places: Vec<_> = told
            .iter()
            .map(|(line, column, _)| (*line, *column))
            .collect();
        assert_eq!(
            places,
            [(2, 10), (2, 24), (2, 41), (3, 2), (4, 2), (4, 2), (4, 3)],
            "{told:?}"
        );
        assert!(told[1].2.ends_with("did you mean `sign`?"), "{told:?}");
        assert!(told[6].2.ends_with("did you mean `when`?"), "{told:?}");
    }
}
