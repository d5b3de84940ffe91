//! `diadoc convert`: one body between JSON, protobuf and protobuf's text format.

mod text_format;

use std::error::Error;
use std::path::PathBuf;

use clap::ValueEnum;
use diadoc_proto::registry::{DynMessage, MessageType};
use diadoc_testkit::changes::Changes;
use prost_reflect::text_format::FormatOptions;

use crate::input::{Input, found};
use crate::names;
use crate::outcome::{Failure, Outcome};
use crate::output::{Output, say};

/// Converts a body between JSON, protobuf and text
///
/// Text is protobuf's text format, which people can read and edit as they can JSON, and which other
/// protobuf tools understand.
///
/// Reading is tolerant: unknown keys and fields are skipped, missing required fields take their
/// default; standard error lists both. JSON is written as Diadoc writes it. An output file appears whole or
/// not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc convert -m DocumentList --from protobuf --to json --pretty answer.bin -o answer.json
  diadoc convert -m DocumentList --from protobuf --to text --pretty answer.bin")]
pub(crate) struct Arguments {
    /// The message: its full name, or a tail of it that no other message has
    #[arg(short, long, value_name = "NAME")]
    message: String,

    /// What the input is
    #[arg(long, value_name = "FORMAT")]
    from: Encoding,

    /// What the output shall be
    #[arg(long, value_name = "FORMAT")]
    to: Encoding,

    /// Write JSON or text over several lines
    #[arg(long)]
    pretty: bool,

    /// The file to read; standard input where none is named or it is `-`
    input: Option<PathBuf>,

    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What a message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Encoding {
    /// JSON as Diadoc writes it
    Json,
    /// The binary form
    Protobuf,
    /// protobuf's text format
    Text,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let message_type = names::resolve(&arguments.message)?;
    let input = match &arguments.input {
        Some(path) => Input::from_argument(path.clone()),
        None => Input::Stdin,
    };
    let output = Output::from_argument(arguments.output.clone());
    if arguments.to == Encoding::Protobuf {
        if arguments.pretty {
            return Err(Failure::new(
                "--pretty is for JSON and text\nLeave it out, or give `--to json` or `--to text`.",
            ));
        }
        output.keep_binary_off_terminal("protobuf")?;
    }

    let body = input.read()?;
    let converted = read(message_type, arguments.from, &body).and_then(|(message, mut changes)| {
        if arguments.from == Encoding::Json && arguments.to != Encoding::Json {
            let written = message.to_json().map_err(|error| error.to_string())?;
            let lost = Changes::over_protobuf(message_type, &written);
            changes.dropped.extend(lost.dropped);
        }
        Ok((arguments.write(message_type, &*message)?, changes))
    });
    let (converted, changes) =
        converted.map_err(|why| Failure::finding(format!("{input}: {why}")))?;
    output.write(&converted)?;
    list(&input, &changes);
    Ok(Outcome::Fine)
}

/// Lists what the body lost and gained, on standard error.
fn list(input: &Input, changes: &Changes) {
    const MOST: usize = 20;
    let mut lines: Vec<_> = changes
        .notes()
        .take(MOST)
        .map(|note| format!("{input}: {note}"))
        .collect();
    let more = changes.notes().count().saturating_sub(MOST) + changes.left_out;
    if more > 0 {
        lines.push(format!(
            "{input}: left out: {more}; `diadoc check` lists them"
        ));
    }
    if !lines.is_empty() {
        say(&lines.join("\n"));
    }
}

/// Reads a body, and says what is lost and made up; else the text says why it is none, and what to
/// do.
fn read(
    message_type: &MessageType,
    from: Encoding,
    body: &[u8],
) -> Result<(Box<dyn DynMessage>, Changes), String> {
    // No bytes would be a message without fields in protobuf, but are rather a file that was never
    // written. In the text format they are such a message.
    let is_empty = match from {
        Encoding::Json => body.trim_ascii().is_empty(),
        Encoding::Protobuf => body.is_empty(),
        Encoding::Text => false,
    };
    if is_empty {
        return Err("the body is empty\nNothing was written. Check where it comes from.".into());
    }
    let decode = |bytes: &[u8]| {
        let message = message_type.decode(bytes).map_err(|error| {
            format!(
                "{error}\n\
                 Nothing was written. Check that the body is complete and is protobuf, and name its \
                 message\nwith --message: it was read as {}.",
                message_type.full_name()
            )
        })?;
        Ok((message, Changes::of_protobuf(message_type, bytes)))
    };
    match from {
        Encoding::Json => {
            let message = message_type.from_json(body).map_err(|error| {
            let found = found(&error).map_or_else(String::new, |found| format!("\nfound: {found}"));
            format!(
                "{error}{found}\n\
                 Nothing was written. Correct the body there, or name its message with --message: it \
                 was\nread as {}.",
                message_type.full_name()
            )
            })?;
            Ok((message, Changes::of_json(message_type, body)))
        }
        Encoding::Protobuf => decode(body),
        Encoding::Text => {
            let read = text_format::to_protobuf(message_type.full_name(), body);
            decode(&read.map_err(|error| no_text(message_type, &*error))?)
        }
    }
}

impl Arguments {
    /// Writes a message; else the text says why that cannot be, and what to do.
    fn write(
        &self,
        message_type: &MessageType,
        message: &dyn DynMessage,
    ) -> Result<Vec<u8>, String> {
        let text = match self.to {
            Encoding::Protobuf => return Ok(message.encode_to_vec()),
            Encoding::Json => {
                let text = match self.pretty {
                    true => message.to_json_pretty(),
                    false => message.to_json(),
                };
                text.map_err(|error| {
                    format!(
                        "cannot be written as JSON: {error}\n\
                         Nothing was written; use `--to protobuf`."
                    )
                })?
            }
            Encoding::Text => {
                let options = FormatOptions::new().pretty(self.pretty);
                let bytes = message.encode_to_vec();
                text_format::from_protobuf(message_type.full_name(), &bytes, &options)
                    .map_err(|error| no_text(message_type, &*error))?
            }
        };
        Ok((text + "\n").into_bytes())
    }
}

fn no_text(message_type: &MessageType, error: &dyn Error) -> String {
    format!(
        "{error}\n\
         Nothing was written. Correct the text there, or name its message with --message: it was\n\
         read as {}; `diadoc describe` lists its fields.",
        message_type.full_name()
    )
}
