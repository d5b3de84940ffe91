//! `diadoc convert`: one body between JSON, protobuf and protobuf's text format.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::Outcome;
use crate::error::Error;
use crate::input::Input;
use crate::names;
use crate::output::Output;
use crate::text;

/// Converts a body between JSON, protobuf and text
///
/// Text is protobuf's text format, which people can read and edit as they can JSON, and which other
/// protobuf tools understand.
///
/// Reading is tolerant: unknown keys are skipped, missing required fields take their default;
/// `diadoc check` lists both. JSON is written as Diadoc writes it. An output file appears whole or
/// not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc convert -m DocumentList --from protobuf --to json --pretty answer.bin -o answer.json
  diadoc convert -m DocumentList --from protobuf --to text --pretty answer.bin")]
pub struct Arguments {
    /// The message: its full name, or a tail of it that no other message has
    #[arg(short, long, value_name = "NAME")]
    message: String,

    /// What the input is
    #[arg(long, value_name = "FORMAT")]
    from: Format,

    /// What the output shall be
    #[arg(long, value_name = "FORMAT")]
    to: Format,

    /// Write JSON or text over several lines
    #[arg(long)]
    pretty: bool,

    /// The file to read; standard input where none is named or it is `-`
    input: Option<PathBuf>,

    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// JSON as Diadoc writes it
    Json,
    /// The binary form
    Protobuf,
    /// protobuf's text format
    Text,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Error> {
    let message_type = names::resolve(&arguments.message)?;
    let input = match &arguments.input {
        Some(path) => Input::from_argument(path.clone()),
        None => Input::Stdin,
    };
    let output = Output::from_argument(arguments.output.clone());
    if arguments.to == Format::Protobuf {
        if arguments.pretty {
            return Err(Error::PrettyProtobuf);
        }
        output.keep_binary_off_terminal("protobuf")?;
    }

    let body = input.read()?;
    let decode = |bytes: &[u8]| {
        message_type
            .decode(bytes)
            .map_err(|source| Error::Protobuf {
                input: input.clone(),
                message: message_type.full_name(),
                source,
            })
    };
    let message = match arguments.from {
        Format::Json => message_type
            .from_json(&body)
            .map_err(|source| Error::Json {
                input: input.clone(),
                message: message_type.full_name(),
                source,
            })?,
        Format::Protobuf => decode(&body)?,
        Format::Text => {
            let read = text::to_protobuf(message_type.full_name(), &body);
            decode(&read.map_err(|source| Error::Text {
                input: input.clone(),
                message: message_type.full_name(),
                source: Box::new(source),
            })?)?
        }
    };
    let bytes = match arguments.to {
        Format::Json => {
            let text = if arguments.pretty {
                message.to_json_pretty()
            } else {
                message.to_json()
            };
            let mut text = text.map_err(|source| Error::Encode {
                input: input.clone(),
                source,
            })?;
            text.push('\n');
            text.into_bytes()
        }
        Format::Protobuf => message.encode_to_vec(),
        Format::Text => {
            let bytes = message.encode_to_vec();
            let text = text::from_protobuf(message_type.full_name(), &bytes, arguments.pretty);
            let mut text = text.map_err(|source| Error::Text {
                input: input.clone(),
                message: message_type.full_name(),
                source: Box::new(source),
            })?;
            text.push('\n');
            text.into_bytes()
        }
    };
    output.write(&bytes)?;
    Ok(Outcome::Fine)
}
