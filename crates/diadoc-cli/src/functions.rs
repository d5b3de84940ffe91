//! What the commands do, as functions over bodies in memory: what the modules of other languages are made of.
//!
//! Names of messages are those that the commands take: a full name, a tail of it, a method. Nothing is printed,
//! no file is read, and nothing of a call is left for the next.

mod value;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use clap::ValueEnum as _;
use diadoc_api::Form;
use diadoc_open::Path;
use diadoc_proto::Limits;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{
    Direction, Example, Language, Level, Levels, Schema, detect_json, detect_protobuf,
};
use diadoc_testkit::changes::Changes;
use diadoc_testkit::normalise::{Change, Note};
use prost_reflect::{Cardinality, MessageDescriptor};
use serde::Serialize;

use crate::check::{InMemory, OutputFormat, WaysOf, rule_of_id};
use crate::convert::{Conversion, Converted as Written, Encoding, NotConverted};
use crate::input::found;
use crate::outcome::Failure;
use crate::{describe, language, list, merge, names, opening, output};
pub use value::Value;

/// Why a function could not do its work: what is wrong, and where in the body, if that is known.
#[derive(Debug)]
pub struct Error {
    text: String,
    path: Option<String>,
    /// A line and a column.
    place: Option<(usize, usize)>,
}

impl Error {
    fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            path: None,
            place: None,
        }
    }

    fn of(error: impl fmt::Display) -> Self {
        Self::new(error.to_string())
    }

    /// Something at a path of a value.
    fn at(path: &str, text: &str) -> Self {
        match path {
            "" => Self::new(text),
            path => Self {
                text: format!("{path}: {text}"),
                path: Some(path.to_owned()),
                place: None,
            },
        }
    }

    /// The path in the body, such as `Documents[0].Content`; empty for the body itself.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The line of the body, from 1.
    pub fn line(&self) -> Option<usize> {
        self.place.map(|(line, _)| line)
    }

    /// The column in that line, in characters, from 1.
    pub fn column(&self) -> Option<usize> {
        self.place.map(|(_, column)| column)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::new(failure.to_string())
    }
}

impl From<NotConverted> for Error {
    fn from(why: NotConverted) -> Self {
        let (path, place) = match why.place {
            Some((path, line, column)) => (Some(path), Some((line, column))),
            None => (None, None),
        };
        Self {
            text: why.what,
            path,
            place,
        }
    }
}

/// How a body is checked. What is left out is found in the body, or is as with `diadoc check`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Check<'a> {
    /// What the body is called in the result; `body` where nothing is given.
    pub name: Option<&'a str>,
    /// A message, or a method that has it.
    pub message: Option<&'a str>,
    /// `request` or `response`.
    pub direction: Option<&'a str>,
    /// `json` or `protobuf`, as it is; else it is opened.
    pub form: Option<&'a str>,
    /// The part of JSON that is the body.
    pub at: Option<&'a str>,
    /// Whether every finding counts.
    pub strict: bool,
    /// Rules of which findings are errors, warnings, and left out.
    pub deny: &'a [String],
    pub warn: &'a [String],
    pub allow: &'a [String],
    /// `en` or `ru`.
    pub lang: Option<&'a str>,
}

/// Checks what is in a body: the document that `diadoc check --format json` prints of a file. [`merge`] adds such
/// documents up.
///
/// # Errors
///
/// Where something that is asked for is not there: a message, a rule, a language; and where the body has more
/// bytes than may be.
pub fn check(body: &[u8], asked: &Check<'_>) -> Result<String, Error> {
    checked(of_one(body, asked)?, asked, OutputFormat::Json)
}

/// Checks many bodies, each with what it is called in the result, as one document: the same as all of [`check`]
/// together, in less time.
///
/// # Errors
///
/// Where something that is asked for is not there. A body that has more bytes than may be is unreadable.
pub fn check_all<'b>(
    bodies: impl IntoIterator<Item = (&'b str, &'b [u8])>,
    asked: &Check<'_>,
) -> Result<String, Error> {
    let bodies = bodies.into_iter();
    let bodies = bodies.map(|(name, body)| (PathBuf::from(name), body.to_vec()));
    checked(bodies, asked, OutputFormat::Json)
}

/// One document of many that `diadoc check --format json` or these functions made: all bodies one after the other,
/// and a summary with the sum of each count.
///
/// # Errors
///
/// Where a text is none, or was cut off.
pub fn merge<'r>(reports: impl IntoIterator<Item = &'r str>) -> Result<String, Error> {
    let mut merged = Vec::new();
    let mut merger = merge::Merger::new(&mut merged);
    for (number, report) in reports.into_iter().enumerate() {
        let name = format!("report {}", number + 1);
        merger.add(&name, report.as_bytes())?;
    }
    merger.end()?;
    String::from_utf8(merged).map_err(Error::of)
}

/// Checks what is in a body: the text that `diadoc check` prints of a file.
///
/// # Errors
///
/// As [`check`].
pub fn report(body: &[u8], asked: &Check<'_>) -> Result<String, Error> {
    checked(of_one(body, asked)?, asked, OutputFormat::Text)
}

fn of_one(body: &[u8], asked: &Check<'_>) -> Result<[(PathBuf, Vec<u8>); 1], Error> {
    Limits::new().check_bytes(body.len()).map_err(Error::of)?;
    Ok([(PathBuf::from(asked.name.unwrap_or("body")), body.to_vec())])
}

fn checked(
    bodies: impl IntoIterator<Item = (PathBuf, Vec<u8>)>,
    asked: &Check<'_>,
    format: OutputFormat,
) -> Result<String, Error> {
    /// Which way messages go, with what is said of it in each language.
    static WAYS: [OnceLock<Arc<WaysOf>>; 2] = [OnceLock::new(), OnceLock::new()];

    let language = read_language(asked.lang)?;
    language::within(language, || {
        let direction = asked.direction.map(read_direction).transpose()?;
        let (message, direction) = match asked.message {
            Some(name) => {
                let (message, direction) = names::resolve_for(name, direction)?;
                (Some(message), direction)
            }
            None => (None, direction),
        };
        let mut levels = Levels::default();
        let groups = [
            (asked.warn, Level::Warn),
            (asked.allow, Level::Allow),
            (asked.deny, Level::Deny),
        ];
        for (rules, level) in groups {
            for rule in rules {
                levels.set(rule_of_id(rule).map_err(Error::new)?, level);
            }
        }
        let how = InMemory {
            message,
            direction,
            form: asked.form.map(read_form).transpose()?,
            at: read_path(asked.at)?,
            strict: asked.strict,
            levels,
            format,
        };
        let ways = match language {
            Language::English => &WAYS[0],
            Language::Russian => &WAYS[1],
        };
        Ok(how.check(bodies, ways.get_or_init(Arc::default))?)
    })
}

/// How a body is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Read<'a> {
    /// `json` or `protobuf`, as it is; else it is opened.
    pub form: Option<&'a str>,
    /// The part of JSON that is the body.
    pub at: Option<&'a str>,
    /// Whether keys and enum names that the schema does not know are in the value too.
    pub keep_unknown: bool,
}

/// Reads a body of a message.
///
/// # Errors
///
/// Where the body cannot be read, with the place; where there is no such message.
pub fn read(body: &[u8], message: &str, asked: &Read<'_>) -> Result<Value, Error> {
    let message = names::resolve(message)?;
    let opened = open(body, asked.form, asked.at)?;
    let conversion = Conversion {
        to: Encoding::Json,
        pretty: false,
        keep_unknown: asked.keep_unknown,
        may_be_empty: may_be_empty(message, asked.form)?,
        limits: Limits::new(),
    };
    let read = conversion.read(message, &opened.bytes, opened.form.into())?;
    let (written, _) = conversion.write(message, read)?;
    let written = bytes_of(written, false)?;
    Value::of_message(&written, descriptor(message)?).map_err(Error::of)
}

/// How a value is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Write<'a> {
    /// `json` or `protobuf`; JSON where nothing is given.
    pub to: Option<&'a str>,
    /// Whether JSON stands over several lines.
    pub pretty: bool,
    /// Whether keys and enum names that the schema does not know are written to JSON.
    pub keep_unknown: bool,
}

/// Writes a value of a message, which comes as JSON: as Diadoc writes its JSON, or as protobuf.
///
/// What is written is what is given: a key that the message does not have, and a required one that is not there,
/// are errors.
///
/// # Errors
///
/// Where the value is none of the message, with the path.
pub fn write(value: &[u8], message: &str, asked: &Write<'_>) -> Result<Vec<u8>, Error> {
    let message = names::resolve(message)?;
    let to = asked.to.map_or(Ok(Form::Json), read_form)?;
    let limits = Limits::new();
    // Lines and columns are those of a text that nobody has seen.
    if let Err(error) = message.from_json_within(value, &limits) {
        let found = found(&error, value).unwrap_or_else(|| error.found());
        let text = match error.limit() {
            Some(limit) => limit.to_string(),
            None => format!("expected {}, found {found}", error.expected()),
        };
        return Err(Error::at(error.path(), &text));
    }
    let changes = Changes::of_json_within(message, value, &limits);
    let changed = changes.made_up.iter().chain(&changes.dropped);
    let mut wrong = changed.filter(|note| {
        let is_unknown = !matches!(note.change, Change::RequiredAdded | Change::OnlyInJson);
        !(asked.keep_unknown && to == Form::Json && is_unknown)
    });
    if let Some(Note { path, change }) = wrong.next() {
        let text = match change {
            Change::RequiredAdded => "required, and not there",
            Change::UnknownKey => "the message has no such key",
            Change::UnknownName | Change::UnknownNameDropped => "the enum has no such name",
            _ => "only JSON has it",
        };
        let more = wrong.count() + changes.left_out;
        let more = match more {
            0 => String::new(),
            more => format!(" ({more} more like it)"),
        };
        return Err(Error::at(path, &format!("{text}{more}")));
    }
    let conversion = Conversion {
        to: to.into(),
        pretty: asked.pretty,
        keep_unknown: asked.keep_unknown && to == Form::Json,
        may_be_empty: false,
        limits,
    };
    let (written, said) = conversion.convert(message, value, Encoding::Json)?;
    if let Some(lost) = said.lines.first() {
        return Err(Error::new(lost));
    }
    let mut bytes = bytes_of(written, asked.pretty)?;
    if to == Form::Json && bytes.ends_with(b"\n") {
        bytes.pop();
    }
    Ok(bytes)
}

fn bytes_of(written: Written, pretty: bool) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let done = written.write(pretty, &mut bytes);
    done.map_err(|error| Error::new(error.to_string()))?;
    Ok(bytes)
}

/// How a body is converted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Convert<'a> {
    /// `json`, `protobuf` or `text`, as it is; else it is JSON or protobuf, and opened.
    pub form: Option<&'a str>,
    /// The part of JSON that is the body.
    pub at: Option<&'a str>,
    /// Whether JSON or text stands over several lines.
    pub pretty: bool,
    /// Whether what the schema does not know is written as it was read, where the form has a place for it.
    pub keep_unknown: bool,
}

/// A body in another form.
#[derive(Debug)]
pub struct Converted {
    /// The body; JSON and text end with a line break.
    pub body: Vec<u8>,
    /// What was dropped and what was made up on the way, each with its path.
    pub notes: Vec<String>,
}

/// Converts a body of a message to `json`, `protobuf` or `text`, as `diadoc convert` does.
///
/// # Errors
///
/// Where the body cannot be read, with the place; where there is no such message or form.
pub fn convert(
    body: &[u8],
    message: &str,
    to: &str,
    asked: &Convert<'_>,
) -> Result<Converted, Error> {
    let message = names::resolve(message)?;
    let (body, from) = match asked.form {
        Some("text") => (body.to_vec(), Encoding::Text),
        form => {
            let opened = open(body, form, asked.at)?;
            (opened.bytes, opened.form.into())
        }
    };
    let conversion = Conversion {
        to: Encoding::from_str(to, false)
            .map_err(|_| Error::new(format!("`{to}` is none of json, protobuf and text")))?,
        pretty: asked.pretty,
        keep_unknown: asked.keep_unknown,
        may_be_empty: may_be_empty(message, asked.form)?,
        limits: Limits::new(),
    };
    if conversion.keep_unknown && conversion.to == Encoding::Text {
        return Err(Error::new(
            "text has no place for what the schema does not know",
        ));
    }
    let (written, said) = conversion.convert(message, &body, from)?;
    let mut notes = said.lines;
    if said.left_out > 0 {
        notes.push(format!("{} more", said.left_out));
    }
    Ok(Converted {
        body: bytes_of(written, asked.pretty)?,
        notes,
    })
}

/// The messages that fit a body, the best first, as JSON: `message`, `score`, `reason`.
///
/// # Errors
///
/// Where nothing can be opened in it.
pub fn detect(body: &[u8], form: Option<&str>, at: Option<&str>) -> Result<String, Error> {
    let opened = open(body, form, at)?;
    let schema = Schema::diadoc();
    json(&match opened.form {
        Form::Json => {
            diadoc_schema::check_json(&opened.bytes)
                .map_err(|error| Error::new(format!("this is not JSON: {error}")))?;
            detect_json(schema, &opened.bytes)
        }
        Form::Protobuf => detect_protobuf(schema, &opened.bytes),
    })
}

/// What a message, method, field, enum, value or rule is, as `diadoc describe` prints it; as JSON where that is
/// asked for.
///
/// # Errors
///
/// Where nothing has the name, with those that are near.
pub fn describe(name: &str, lang: Option<&str>, json: bool) -> Result<String, Error> {
    let language = read_language(lang)?;
    language::within(language, || Ok(describe::explained(name, language, json)?))
}

/// What has all these words in its name, title or comment, the best first, as JSON.
///
/// # Errors
///
/// None but of the program itself.
pub fn search(words: &str) -> Result<String, Error> {
    json(&Schema::diadoc().search(words))
}

/// A valid body of a message: with all its fields, with any of them by a seed, or with the required ones.
///
/// # Errors
///
/// Where there is no such message.
pub fn example(message: &str, full: bool, seed: Option<u64>) -> Result<Value, Error> {
    let name = names::resolve(message)?.full_name();
    let body = example_json(name, full, seed)?;
    read(body.as_bytes(), name, &Read::default())
}

/// The same as JSON over several lines.
///
/// # Errors
///
/// As [`example`].
pub fn example_json(message: &str, full: bool, seed: Option<u64>) -> Result<String, Error> {
    let descriptor = descriptor(names::resolve(message)?)?;
    let kind = match (seed, full) {
        (Some(seed), _) => Example::Random(seed),
        (None, true) => Example::Full,
        (None, false) => Example::Minimal,
    };
    json(&diadoc_schema::example(&descriptor, kind))
}

/// The lines that `diadoc list` prints, of those names that hold a text: `messages`, `enums`, or `methods` with verb,
/// path and what becomes of each at the vendor.
///
/// # Errors
///
/// Where nothing is listed, and where there is no such kind.
pub fn list(kind: &str, pattern: Option<&str>) -> Result<String, Error> {
    let (enums, methods) = match kind {
        "messages" => (false, false),
        "enums" => (true, false),
        "methods" => (false, true),
        other => {
            let text = format!("`{other}` is none of messages, enums and methods");
            return Err(Error::new(text));
        }
    };
    Ok(list::listed(&list::Arguments {
        pattern: pattern.map(str::to_owned),
        package: None,
        enums,
        methods,
    })?)
}

/// The full names of all messages.
pub fn messages() -> Vec<&'static str> {
    let messages = registry::messages().iter();
    messages.map(MessageType::full_name).collect()
}

fn descriptor(message: &MessageType) -> Result<MessageDescriptor, Error> {
    let message = Schema::diadoc().message(message.full_name());
    Ok(message.map_err(Failure::from)?)
}

/// Whether no bytes are a message: somebody says that they are protobuf, and it has no required fields.
fn may_be_empty(message: &MessageType, form: Option<&str>) -> Result<bool, Error> {
    let message = descriptor(message)?;
    let mut fields = message.fields();
    let has_required = fields.any(|field| field.cardinality() == Cardinality::Required);
    Ok(form == Some("protobuf") && !has_required)
}

/// The one body of what somebody holds.
fn open(body: &[u8], form: Option<&str>, at: Option<&str>) -> Result<opening::Body, Error> {
    let form = form.map(read_form).transpose()?;
    let at = read_path(at)?;
    let limits = Limits::new();
    let bytes = limits.check_bytes(body.len());
    bytes.map_err(|error| Error::new(error.to_string()))?;
    let opened = opening::body(&"body", body.to_vec(), form, at.as_ref(), &limits);
    Ok(opened?)
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    Ok(output::json(value)?)
}

fn read_language(name: Option<&str>) -> Result<Language, Error> {
    let language = name.map(str::parse).transpose();
    language.map_err(Error::of).map(Option::unwrap_or_default)
}

fn read_form(name: &str) -> Result<Form, Error> {
    name.parse().map_err(Error::of)
}

fn read_direction(name: &str) -> Result<Direction, Error> {
    name.parse().map_err(Error::of)
}

fn read_path(path: Option<&str>) -> Result<Option<Path>, Error> {
    path.map(str::parse).transpose().map_err(Error::of)
}
