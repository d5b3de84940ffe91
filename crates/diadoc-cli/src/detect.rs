//! `diadoc detect`: which message a body is.

use std::fmt::Write as _;
use std::path::PathBuf;

use diadoc_api::Form;
use diadoc_core::dialect;
use diadoc_proto::Limits;
use diadoc_schema::{Detected, Schema, detect_json, detect_protobuf};

use crate::input::Input;
use crate::opening;
use crate::outcome::{Failure, Outcome};
use crate::output;

/// Names the messages that fit a body
///
/// Prints the messages that explain the body best, the best first, ten at most: how much of the body
/// each explains, its full name, and under it why. JSON is told from protobuf by the body itself, and
/// what it is wrapped in is opened. Protobuf holds no names, so short bodies fit many messages.
///
/// The exit code is 1 when no message fits.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc detect answer.json")]
pub(crate) struct Arguments {
    /// The file to look at; standard input where none is named or it is `-`
    file: Option<PathBuf>,

    #[command(flatten)]
    opening: opening::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let input = Input::from_option(arguments.file.as_deref());
    let limits = Limits::new();
    let body = input.read(&limits)?;
    let opening::Body {
        bytes: body, form, ..
    } = arguments.opening.body(&input, body, &limits)?;
    let schema = Schema::diadoc();
    let found = match form {
        Form::Json => {
            if let Err(error) = diadoc_schema::check_json(&body) {
                return Err(Failure::finding(format!(
                    "{input}: this is not JSON: {error}\n\
                     Correct it there, or give `--from protobuf` if it is protobuf."
                )));
            }
            detect_json(schema, &body)
        }
        Form::Protobuf => detect_protobuf(schema, &body),
    };
    if found.is_empty() {
        return Err(nothing_fits(&input, &body, form));
    }
    output::to_stdout(render(&found).as_bytes())?;
    Ok(Outcome::Fine)
}

fn render(found: &[Detected]) -> String {
    let mut text = String::new();
    for candidate in found {
        // Rounded down: what is not explained in full does not say 100.
        let percent = (candidate.score * 100.0).floor();
        let (message, reason) = (&candidate.message, output::printable(&candidate.reason));
        let _ = writeln!(text, "{percent:>3}%  {message}\n      {reason}");
    }
    text
}

fn nothing_fits(input: &Input, body: &[u8], form: Form) -> Failure {
    let (form, advice) = match form {
        _ if body.is_empty() => (
            "protobuf",
            "It is empty, and an empty body may be any message in protobuf: name a file that holds one.",
        ),
        Form::Json if dialect::trim(body).starts_with(b"[") => (
            "JSON",
            "A body is an object, not an array: give one element of it.",
        ),
        Form::Json => (
            "JSON",
            "Keys match case exactly; `diadoc list` and `diadoc describe NAME` show what there is.",
        ),
        Form::Protobuf => (
            "protobuf",
            "Check that it is complete, and not compressed or base64; give `--from json` if it is JSON.",
        ),
    };
    Failure::finding(format!(
        "{input}: no message fits this body, read as {form}\n{advice}"
    ))
}
