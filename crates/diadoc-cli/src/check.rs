//! `diadoc check`: whether bodies survive reading and writing.

mod bodies;
mod fold;
mod table;
mod verdict;

use std::path::PathBuf;

use diadoc_testkit::round_trip;

use crate::Outcome;
use crate::error::Error;
use crate::output;
use table::Row;
use verdict::Verdict;

/// Checks bodies against the schema
///
/// Each body is read as its message, written back and compared, then taken through protobuf and
/// compared again. The table says what became of each, and under it why, where in the body, and
/// what reading skipped or added.
///
/// Without --message, the message of each body stands in a manifest.json beside the bodies: that of
/// the folder named, or of the folder `fixtures` here or in the nearest folder above. The manifest
/// also says which bodies are wrong on purpose, and where they must be refused.
///
/// The exit code is 0 when every body passes or does what its manifest says, 1 when not.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc check
  diadoc check --message DocumentList answer.json captured/")]
pub struct Arguments {
    /// The message of all the bodies: its full name, or a tail of it that no other message has
    #[arg(short, long, value_name = "NAME")]
    message: Option<String>,

    /// With --message: files (`-` is standard input), and folders whose *.json files are checked, at
    /// any depth and without any manifest.json; else folders with a manifest.json
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Error> {
    let bodies = match &arguments.message {
        Some(message) => bodies::of_message(message, &arguments.paths)?,
        None => bodies::of_manifests(&arguments.paths)?,
    };
    let rows = bodies
        .into_iter()
        .map(|body| {
            let report = round_trip::check(body.message, &body.input.read()?);
            let verdict = Verdict::of(&body, &report);
            Ok(Row {
                body,
                report,
                verdict,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    output::to_stdout(table::render(&rows).as_bytes())?;
    Ok(match rows.iter().all(|row| row.verdict.as_expected) {
        true => Outcome::Fine,
        false => Outcome::Findings,
    })
}
