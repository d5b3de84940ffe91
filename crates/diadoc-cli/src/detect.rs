//! `diadoc detect`: which message a body is.

use std::fmt::Write as _;
use std::path::PathBuf;

use diadoc_api::Form;
use diadoc_core::{dialect, fill};
use diadoc_proto::Limits;
use diadoc_schema::{Detected, Language, Schema, detect_json, detect_protobuf};

use crate::input::Input;
use crate::opening;
use crate::outcome::{Failure, Outcome};
use crate::words::words;
use crate::{language, output};

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

    #[command(flatten)]
    language: language::Arguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let language = arguments.language.language();
    language::speak(language);
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
                return Err(Failure::finding(fill(words().no_json, &[&input, &error])));
            }
            detect_json(schema, &body)
        }
        Form::Protobuf => detect_protobuf(schema, &body),
    };
    if found.is_empty() {
        return Err(nothing_fits(&input, &body, form));
    }
    output::to_stdout(render(&found, language).as_bytes())?;
    Ok(Outcome::Fine)
}

fn render(found: &[Detected], language: Language) -> String {
    let mut text = String::new();
    for candidate in found {
        // Rounded down: what is not explained in full does not say 100.
        let percent = (candidate.score * 100.0).floor();
        let reason = output::printable(&candidate.reason_in(language));
        let message = &candidate.message;
        let _ = writeln!(text, "{percent:>3}%  {message}\n      {reason}");
    }
    text
}

fn nothing_fits(input: &Input, body: &[u8], form: Form) -> Failure {
    let words = words();
    let (form, advice) = match form {
        _ if body.is_empty() => ("protobuf", words.empty_body),
        Form::Json if dialect::trim(body).starts_with(b"[") => ("JSON", words.an_array),
        Form::Json => ("JSON", words.other_keys),
        Form::Protobuf => ("protobuf", words.incomplete),
    };
    Failure::finding(fill(words.nothing_fits, &[input, &form, &advice]))
}
