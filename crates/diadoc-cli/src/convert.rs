//! `diadoc convert`: one body between JSON, protobuf and protobuf's text format.

mod text_format;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use clap_complete::ArgValueCompleter;
use diadoc_api::Form;
use diadoc_core::dialect;
use diadoc_open::Path;
use diadoc_proto::preserve::{Lost, Unknown, UnknownKind};
use diadoc_proto::registry::{DynMessage, DynPreserved, MessageType};
use diadoc_proto::{Limits, json};
use diadoc_testkit::changes::Changes;
use diadoc_testkit::normalise::Note;
use diadoc_testkit::round_trip::written_like;
use prost_reflect::text_format::FormatOptions;

use crate::completions;
use crate::input::{Input, found};
use crate::limits;
use crate::names;
use crate::opening;
use crate::outcome::{Failure, Outcome};
use crate::output::{Output, say};

/// Converts a body between JSON, protobuf and text
///
/// Text is protobuf's text format, which people can read and edit as they can JSON, and which other
/// protobuf tools understand.
///
/// Reading is tolerant: unknown keys, fields and enum names are skipped, or kept with --keep-unknown,
/// and missing required fields take their default; standard error lists what is dropped or made up.
/// JSON is written as Diadoc writes it. An output file appears whole or not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc convert -m DocumentList --to json --pretty answer.bin -o answer.json
  diadoc convert -m DocumentList --to text --pretty answer.bin
  diadoc convert -m DocumentList --to json --pretty --keep-unknown answer.json
  diadoc convert -m Message --at .response.body --to json captured.json")]
pub(crate) struct Arguments {
    /// The message: its full name, or a tail of it that no other message has; or a method, for what it
    /// sends or, where it sends no message, answers with
    #[arg(short, long, value_name = "NAME", add = ArgValueCompleter::new(completions::of_messages))]
    message: String,

    /// What the input is: `json`, `protobuf` or `text`, as it is; `auto` tells the first two apart, and opens
    /// what the body is wrapped in, which it names
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "auto",
        hide_possible_values = true
    )]
    from: Given,

    /// The part of JSON that is the body, such as `.request.body` or `/items/0/text`
    #[arg(long, value_name = "PATH")]
    at: Option<Path>,

    /// What the output shall be
    #[arg(long, value_name = "FORMAT")]
    to: Encoding,

    /// Write JSON or text over several lines
    #[arg(long)]
    pretty: bool,

    /// Write what the schema does not know as it was read: keys and enum names from JSON to JSON, fields
    /// from protobuf to protobuf. The other form has no place for them: then they are listed
    #[arg(long)]
    keep_unknown: bool,

    /// The file to read; standard input where none is named or it is `-`
    input: Option<PathBuf>,

    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    limits: limits::Arguments,
}

/// What a message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    /// JSON as Diadoc writes it
    Json,
    /// The binary form
    Protobuf,
    /// protobuf's text format
    Text,
}

/// What the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Given {
    /// JSON or protobuf, which the body itself tells, by itself or wrapped
    Auto,
    /// JSON, as it is
    Json,
    /// The binary form, as it is
    Protobuf,
    /// protobuf's text format
    Text,
}

impl From<Form> for Encoding {
    fn from(form: Form) -> Self {
        match form {
            Form::Json => Self::Json,
            Form::Protobuf => Self::Protobuf,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let message_type = names::resolve(&arguments.message)?;
    let input = Input::from_option(arguments.input.as_deref());
    let output = Output::from_argument(arguments.output.clone());
    if arguments.to == Encoding::Protobuf {
        if arguments.pretty {
            return Err(Failure::new(
                "--pretty is for JSON and text\nLeave it out, or give `--to json` or `--to text`.",
            ));
        }
        output.keep_binary_off_terminal("protobuf")?;
    }

    if arguments.keep_unknown && arguments.to == Encoding::Text {
        return Err(Failure::new(
            "--keep-unknown is for JSON and protobuf\n\
             Leave it out: text has no place for what the schema does not know.",
        ));
    }

    let (body, from) = arguments.body(&input)?;
    let conversion = Conversion {
        to: arguments.to,
        pretty: arguments.pretty,
        keep_unknown: arguments.keep_unknown,
        may_be_empty: false,
        limits: arguments.limits.limits(),
    };
    let converted = conversion.convert(message_type, &body, from);
    let (converted, said) = converted.map_err(|why| Failure::finding(format!("{input}: {why}")))?;
    output.write_in_parts(|to| converted.write(conversion.pretty, to))?;
    said.print(&input);
    Ok(Outcome::Fine)
}

/// Why a body was not converted.
#[derive(Debug)]
pub(crate) struct NotConverted {
    /// What is wrong with it.
    pub what: String,
    /// What somebody at a terminal may do about it.
    pub advice: String,
    /// The path, line and column of it, where they are known.
    pub place: Option<(String, usize, usize)>,
}

impl NotConverted {
    fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: advice.into(),
            place: None,
        }
    }
}

impl fmt::Display for NotConverted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.what, self.advice)
    }
}

/// What is written.
pub(crate) enum Converted {
    Bytes(Vec<u8>),
    /// A message that goes out as JSON part by part, so that there is no text of it all.
    Json(Box<dyn DynMessage>),
}

impl Converted {
    /// Writes it, JSON over several lines where that is asked for.
    pub(crate) fn write(self, pretty: bool, to: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => to.write_all(&bytes),
            Self::Json(message) => {
                match pretty {
                    true => message.write_json_pretty(to),
                    false => message.write_json(to),
                }
                .map_err(io::Error::other)?;
                to.write_all(b"\n")
            }
        }
    }
}

/// What is said of a conversion, on standard error: what the body lost and gained.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub lines: Vec<String>,
    /// How many more there are.
    pub left_out: usize,
}

impl Said {
    fn print(&self, input: &Input) {
        const MOST: usize = 20;
        let lines = self.lines.iter().take(MOST);
        let mut lines: Vec<_> = lines.map(|line| format!("{input}: {line}")).collect();
        let more = self.lines.len().saturating_sub(MOST) + self.left_out;
        if more > 0 {
            lines.push(format!("{input}: {more} more; `diadoc check` lists them"));
        }
        if !lines.is_empty() {
            say(&lines.join("\n"));
        }
    }
}

/// What becomes of something unknown that is not kept.
fn dropped(unknown: &Unknown) -> String {
    match unknown.kind {
        UnknownKind::Key | UnknownKind::Field => format!("{unknown}, skipped"),
        _ => unknown.to_string(),
    }
}

/// A message that was read.
pub(crate) enum Read {
    Plain(Box<dyn DynMessage>),
    /// With what the schema does not know.
    Preserved(Box<dyn DynPreserved>),
}

impl Read {
    pub(crate) fn message(&self) -> &dyn DynMessage {
        match self {
            Self::Plain(message) => &**message,
            Self::Preserved(preserved) => preserved.message(),
        }
    }
}

impl Arguments {
    /// The body of an input, and what it is.
    fn body(&self, input: &Input) -> Result<(Vec<u8>, Encoding), Failure> {
        let limits = self.limits.limits();
        let bytes = input.read(&limits)?;
        let form = match self.from {
            Given::Text => return Ok((bytes, Encoding::Text)),
            Given::Auto => None,
            Given::Json => Some(Form::Json),
            Given::Protobuf => Some(Form::Protobuf),
        };
        let body = opening::body(input, bytes, form, self.at.as_ref(), &limits)?;
        body.tell(input);
        Ok((body.bytes, body.form.into()))
    }
}

/// How a body is converted.
#[derive(Debug)]
pub(crate) struct Conversion {
    pub to: Encoding,
    /// JSON and text over several lines.
    pub pretty: bool,
    /// What the schema does not know is written as it was read, where the form has a place for it.
    pub keep_unknown: bool,
    /// Whether no bytes are a message of protobuf, and not a file that was never written.
    pub may_be_empty: bool,
    pub limits: Limits,
}

impl Conversion {
    /// Reads a body.
    pub(crate) fn read(
        &self,
        message_type: &MessageType,
        body: &[u8],
        from: Encoding,
    ) -> Result<Read, NotConverted> {
        // No bytes would be a message without fields in protobuf, but are rather a file that was never
        // written. In the text format they are such a message.
        let is_empty = match from {
            Encoding::Json => dialect::trim(body).is_empty(),
            Encoding::Protobuf => body.is_empty() && !self.may_be_empty,
            Encoding::Text => false,
        };
        if is_empty {
            return Err(NotConverted::new(
                "the body is empty",
                "Nothing was written. Check where it comes from.",
            ));
        }
        match from {
            Encoding::Json => {
                let read = match self.keep_unknown {
                    true => message_type
                        .from_json_preserved_within(body, &self.limits)
                        .map(Read::Preserved),
                    false => message_type
                        .from_json_within(body, &self.limits)
                        .map(Read::Plain),
                };
                read.map_err(|error| NotConverted {
                    place: Some((error.path().to_owned(), error.line(), error.column())),
                    ..no_json(message_type, body, &error)
                })
            }
            Encoding::Protobuf | Encoding::Text => {
                let read = match self.keep_unknown {
                    true => message_type
                        .decode_preserved_within(body, &self.limits)
                        .map(Read::Preserved),
                    false => message_type
                        .decode_within(body, &self.limits)
                        .map(Read::Plain),
                };
                read.map_err(|error| no_protobuf(message_type, &error.to_string()))
            }
        }
    }

    /// Converts a body, and says what is lost and made up.
    pub(crate) fn convert(
        &self,
        message_type: &MessageType,
        body: &[u8],
        from: Encoding,
    ) -> Result<(Converted, Said), NotConverted> {
        let body = match from {
            Encoding::Text => {
                let read = text_format::to_protobuf(message_type.full_name(), body);
                Cow::Owned(read.map_err(|error| no_text(message_type, &*error))?)
            }
            Encoding::Json | Encoding::Protobuf => Cow::Borrowed(body),
        };
        let (read, changes) = match from {
            // What is said comes first: it holds a message and a text of its own for a while, and what
            // is written has no need of them.
            Encoding::Json => {
                let changes = Changes::of_json_within(message_type, &body, &self.limits);
                (self.read(message_type, &body, from)?, changes)
            }
            // A body that goes beyond a limit is read sooner than all is said of it.
            Encoding::Protobuf | Encoding::Text => {
                let read = self.read(message_type, &body, from)?;
                let changes = match self.keep_unknown {
                    true => Changes::made_up_of_protobuf(message_type, &body),
                    false => Changes::of_protobuf(message_type, &body),
                };
                (read, changes)
            }
        };
        let listed = || changes.dropped.iter().map(Note::to_string).collect();
        let dropped: Vec<_> = match from {
            _ if self.keep_unknown => Vec::new(),
            // Of a body that most readers do not read the changes say nothing, and of one whose unknown
            // part is too deep nothing is kept.
            Encoding::Json => match message_type.unknown_in_json_within(&body, &self.limits) {
                Ok(unknown) => unknown.iter().map(dropped).collect(),
                Err(_) => listed(),
            },
            Encoding::Protobuf | Encoding::Text => listed(),
        };
        let only_in_json = match (from, self.to) {
            (Encoding::Json, Encoding::Protobuf | Encoding::Text) => {
                only_in_json(message_type, &body, read.message())?
            }
            _ => Vec::new(),
        };
        let (written, lost) = self.write(message_type, read)?;
        let lost = lost.iter().map(Lost::to_string);
        let notes = only_in_json.iter().chain(&changes.made_up);
        let said = Said {
            lines: lost
                .chain(dropped)
                .chain(notes.map(Note::to_string))
                .collect(),
            left_out: changes.left_out,
        };
        Ok((written, said))
    }

    /// Writes a message, and says what is lost of what is to be kept.
    pub(crate) fn write(
        &self,
        message_type: &MessageType,
        read: Read,
    ) -> Result<(Converted, Vec<Lost>), NotConverted> {
        let no_json = |error| {
            NotConverted::new(
                format!("cannot be written as JSON: {error}"),
                "Nothing was written; use `--to protobuf`.",
            )
        };
        let (text, lost) = match (read, self.to) {
            (Read::Preserved(preserved), Encoding::Protobuf) => {
                let written = preserved.to_protobuf().map_err(|error| {
                    let what = format!("cannot be written as protobuf: {error}");
                    NotConverted::new(what, "Nothing was written.")
                })?;
                return Ok((Converted::Bytes(written.body), written.lost));
            }
            (Read::Plain(message), Encoding::Protobuf) => {
                return Ok((Converted::Bytes(message.encode_to_vec()), Vec::new()));
            }
            (Read::Preserved(preserved), Encoding::Json) => {
                let written = match self.pretty {
                    true => preserved.to_json_pretty(),
                    false => preserved.to_json(),
                };
                let written = written.map_err(no_json)?;
                (written.body, written.lost)
            }
            (Read::Plain(message), Encoding::Json) => {
                return Ok((Converted::Json(message), Vec::new()));
            }
            // `run` refuses to keep anything in text.
            (read, Encoding::Text) => {
                let options = FormatOptions::new().pretty(self.pretty);
                let bytes = read.message().encode_to_vec();
                let text = text_format::from_protobuf(message_type.full_name(), &bytes, &options);
                let text = text.map_err(|error| no_text(message_type, &*error))?;
                (text, Vec::new())
            }
        };
        Ok((Converted::Bytes((text + "\n").into_bytes()), lost))
    }
}

/// What a message loses in protobuf: the fields that only JSON has.
fn only_in_json(
    message_type: &MessageType,
    body: &[u8],
    message: &dyn DynMessage,
) -> Result<Vec<Note>, NotConverted> {
    let written = written_like(body, message)
        .map_err(|error| NotConverted::new(error.to_string(), "Nothing was written."))?;
    Ok(Changes::over_protobuf(message_type, &written).dropped)
}

fn no_json(message_type: &MessageType, body: &[u8], error: &json::Error) -> NotConverted {
    if let Some(advice) = limits::advice(&error.to_string()) {
        return NotConverted::new(error.to_string(), format!("Nothing was written. {advice}"));
    }
    let found = found(error, body).map_or_else(String::new, |found| format!("\nfound: {found}"));
    let advice = format!(
        "Nothing was written. Correct the body there, or name its message with --message: it was\n\
         read as {}.",
        message_type.full_name()
    );
    NotConverted::new(format!("{error}{found}"), advice)
}

fn no_protobuf(message_type: &MessageType, error: &str) -> NotConverted {
    if let Some(advice) = limits::advice(error) {
        return NotConverted::new(error, format!("Nothing was written. {advice}"));
    }
    let advice = format!(
        "Nothing was written. Check that the body is complete and is protobuf, and name its message\n\
         with --message: it was read as {}.",
        message_type.full_name()
    );
    NotConverted::new(error, advice)
}

fn no_text(message_type: &MessageType, error: &dyn Error) -> NotConverted {
    let advice = format!(
        "Nothing was written. Correct the text there, or name its message with --message: it was\n\
         read as {}; `diadoc describe` lists its fields.",
        message_type.full_name()
    );
    NotConverted::new(error.to_string(), advice)
}
