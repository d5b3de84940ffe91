//! `diadoc manifest init`: a manifest of the bodies that lie in a folder.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use diadoc_api::Form;
use diadoc_core::dialect;
use diadoc_proto::Limits;
use diadoc_schema::{Detected, Direction, Schema, check_json, detect_json, detect_protobuf};
use diadoc_testkit::manifest;
use serde::Serialize;

use crate::input::Input;
use crate::outcome::{Failure, Outcome};
use crate::output;

/// How much of a body a message must explain to be written down.
const LEAST: f64 = 0.5;
/// How many messages are named at most where several fit.
const MOST_NAMED: usize = 3;

/// Writes a manifest.json for the bodies in a folder
///
/// Every body in the folder, at any depth, gets an entry with the message that fits it best, as
/// `diadoc detect` finds it, and the way that this message goes. A body is left out where no message
/// fits, where several fit equally, or where its message goes both ways: standard error says so, and
/// `diadoc check` names the body until an entry is added. A manifest that is there stays as it is.
///
/// The exit code is 1 where a body was left out, and 2 where a folder could not be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc manifest init captured")]
pub(super) struct Arguments {
    /// The folder of the bodies
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// An entry of the manifest.
#[derive(Debug, Serialize)]
struct Entry {
    file: String,
    message: String,
    direction: Direction,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let folder = &arguments.folder;
    let path = folder.join(manifest::FILE_NAME);
    if fs::symlink_metadata(&path).is_ok() {
        return Err(there_already(&path));
    }
    let manifest::Bodies {
        files: bodies,
        unreadable,
        ..
    } = manifest::bodies(folder);
    for error in &unreadable {
        output::report(&Failure::new(format!(
            "{error}\nName a folder of bodies that you may read."
        )));
    }
    if bodies.is_empty() && !unreadable.is_empty() {
        return Ok(Outcome::Unreadable);
    }
    if bodies.is_empty() {
        return Err(Failure::new(format!(
            "{}: there are no bodies in this folder\n\
             They are known by the ends of their names: .json, .ndjson, .jsonl; for protobuf .bin, \
             .binpb, .pb.",
            folder.display()
        )));
    }
    let (mut entries, mut left_out) = (Vec::new(), 0);
    for body in &bodies {
        match entry(folder, body) {
            Ok(entry) => entries.push(entry),
            Err(why) => {
                left_out += 1;
                let name = output::printable(&body.display().to_string());
                output::say(&format!("{name}: left out: {why}"));
            }
        }
    }
    if entries.is_empty() {
        return Err(Failure::finding(format!(
            "{}: there is nothing to write, so no manifest was written\n\
             The lines above say why each body was left out.",
            path.display()
        )));
    }
    let text = output::json(&entries)?;
    output::to_new_file(&path, text.as_bytes()).map_err(|error| match error.kind() {
        // Someone else wrote it in the meantime.
        io::ErrorKind::AlreadyExists => there_already(&path),
        _ => Failure::new(format!(
            "{}: cannot be written: {error}\nSee to the folder and its permissions.",
            path.display()
        )),
    })?;
    output::to_stdout(
        format!(
            "{}: {} of {} bodies\n",
            path.display(),
            entries.len(),
            bodies.len()
        )
        .as_bytes(),
    )?;
    Ok(match (unreadable.len(), left_out) {
        (0, 0) => Outcome::Fine,
        (0, _) => Outcome::Findings,
        _ => Outcome::Unreadable,
    })
}

fn there_already(path: &Path) -> Failure {
    Failure::new(format!(
        "{}: there is a manifest already, and it stays as it is\n\
         `diadoc check` names the bodies that are not in it.",
        path.display()
    ))
}

/// What is to be written of a body, or why nothing is.
fn entry(folder: &Path, body: &Path) -> Result<Entry, String> {
    let file = relative(folder, body).ok_or("its name is not UTF-8")?;
    if !manifest::lies_in(folder, body) {
        return Err("it is a link that leads out of the folder".to_owned());
    }
    let bytes = Input::File(body.to_owned()).read(&Limits::new());
    let bytes = bytes.map_err(|failure| failure.to_string())?;
    let form = manifest::form_of(body).unwrap_or(Form::Json);
    let message = match manifest::has_lines(body) {
        true => of_lines(&bytes)?,
        false => of_body(form, &bytes)?,
    };
    let schema = Schema::diadoc();
    let found = schema
        .message(&message)
        .map_err(|error| error.to_string())?;
    let entry = |direction| Entry {
        file: file.clone(),
        message: message.clone(),
        direction,
    };
    match schema.directions(&found).only() {
        Some(direction) => Ok(entry(direction)),
        None => {
            let example = serde_json::to_string(&entry(Direction::Request)).unwrap_or_default();
            Err(format!(
                "it is {message}, which may be a request or a response: add {example}, or the same with \
                 the other direction"
            ))
        }
    }
}

/// The message of all lines.
fn of_lines(bytes: &[u8]) -> Result<String, String> {
    let mut message: Option<String> = None;
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if dialect::trim(line).is_empty() {
            continue;
        }
        let number = at + 1;
        let found = of_body(Form::Json, line).map_err(|why| format!("line {number}: {why}"))?;
        match &message {
            Some(message) if *message != found => {
                return Err(format!(
                    "its lines differ: the first is {message}, line {number} is {found}"
                ));
            }
            _ => message = Some(found),
        }
    }
    message.ok_or_else(|| "there is no body in it".to_owned())
}

/// The one message that fits best.
fn of_body(form: Form, bytes: &[u8]) -> Result<String, String> {
    let schema = Schema::diadoc();
    let found = match form {
        Form::Protobuf => detect_protobuf(schema, bytes),
        Form::Json => {
            check_json(bytes).map_err(|error| format!("this is not JSON: {error}"))?;
            detect_json(schema, bytes)
        }
    };
    let mut equal = found;
    equal.retain(|one| one.as_good_as_first);
    // A body is a whole one: what stands inside of others only gives way.
    if equal.iter().any(is_whole) {
        equal.retain(is_whole);
    }
    match equal.as_slice() {
        [] => Err("no message fits it".to_owned()),
        [best, ..] if best.score < LEAST => Err(too_little(best)),
        [best] => Ok(best.message.clone()),
        equal => Err(several(equal)),
    }
}

/// Whether the message is all of a body or answer of some method.
fn is_whole(detected: &Detected) -> bool {
    let schema = Schema::diadoc();
    schema.message(&detected.message).is_ok_and(|message| {
        let directions = schema.directions(&message);
        directions.whole_requests + directions.whole_responses > 0
    })
}

fn too_little(best: &Detected) -> String {
    let percent = (best.score * 100.0).floor();
    format!(
        "{} fits best, and explains no more than {percent} % of it",
        best.message
    )
}

fn several(equal: &[Detected]) -> String {
    let (named, more) = equal.split_at(equal.len().min(MOST_NAMED));
    let named: Vec<_> = named.iter().map(|one| one.message.as_str()).collect();
    let named = named.join(", ");
    match more.len() {
        0 => format!("these messages fit it equally: {named}"),
        more => format!("these messages fit it equally: {named}, and {more} more at least"),
    }
}

/// The path of a body from the folder on, with slashes; none where it is not UTF-8.
fn relative(folder: &Path, body: &Path) -> Option<String> {
    let path = body.strip_prefix(folder).unwrap_or(body);
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_str()),
        _ => None,
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}
