//! `diadoc export catalog`: JSON Schemas of all bodies, for editors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diadoc_proto::registry;
use diadoc_schema::{BodyKind, Direction, Method, Profile, Response, Schema, json_schema};
use serde_json::{Value, json};

use crate::names;
use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output};

/// Writes JSON Schemas of all bodies, and which files they are for
///
/// The folder gets a schema for each message that a method sends or answers with, requests as the live
/// server takes them, answers as it writes them; catalog.json in the form of the catalogue of
/// schemastore.org; and settings.json, which says the same to VS Code. An editor then completes and
/// checks MessageToPost.json, x.MessageToPost.json and any JSON in a folder MessageToPost while it is
/// written, by its comments and rules. What JSON Schema cannot say, `diadoc check` does.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc export catalog -o .vscode/diadoc   then add what its settings.json has to that of .vscode")]
pub(super) struct Arguments {
    /// The folder to write to; it is made where there is none
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

/// Which ways a message goes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Ways {
    request: bool,
    response: bool,
}

impl Ways {
    /// The file of all messages that go so, and which bodies it takes.
    fn shared(self) -> (&'static str, Profile) {
        match (self.request, self.response) {
            (true, false) => ("requests", Profile::Request),
            (false, _) => ("responses", Profile::Response),
            // Nobody knows which way a file goes.
            (true, true) => ("both", Profile::Tolerant),
        }
    }
}

impl Arguments {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let schema = Schema::diadoc();
        let messages = messages(schema);
        output::make_folder(&self.output)?;
        let mut of_file: BTreeMap<&str, (Profile, Vec<&str>)> = BTreeMap::new();
        for (name, ways) in &messages {
            let (file, profile) = ways.shared();
            of_file
                .entry(file)
                .or_insert((profile, Vec::new()))
                .1
                .push(*name);
        }
        for (file, (profile, names)) in of_file {
            let found: Result<Vec<_>, _> = names.iter().map(|name| schema.message(name)).collect();
            let text = json_schema(schema, &found?, profile);
            self.write(&format!("{file}.schema.json"), &text)?;
        }
        let (mut entries, mut settings) = (Vec::new(), Vec::new());
        for (full_name, ways) in &messages {
            let short = registry::find(full_name).map_or(*full_name, names::short);
            let (shared, _) = ways.shared();
            let file = format!("{short}.schema.json");
            self.write(
                &file,
                &json!({
                    "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "title": full_name,
                    "$ref": format!("{shared}.schema.json#/$defs/{full_name}"),
                }),
            )?;
            let files = [
                format!("{short}.json"),
                format!("*.{short}.json"),
                format!("**/{short}/*.json"),
            ];
            let url = url(&self.output.join(&file));
            entries.push(json!({
                "name": format!("Diadoc {short}"),
                "description": schema.message(full_name)?.full_name(),
                "fileMatch": files,
                "url": file,
            }));
            settings.push(json!({"fileMatch": files, "url": url}));
        }
        self.write(
            "catalog.json",
            &json!({
                "$schema": "https://json.schemastore.org/schema-catalog.json",
                "version": 1,
                "schemas": entries,
            }),
        )?;
        self.write("settings.json", &json!({"json.schemas": settings}))?;
        Ok(Outcome::Fine)
    }

    fn write(&self, name: &str, value: &Value) -> Result<(), Failure> {
        Output::File(self.output.join(name)).write(output::json(value)?.as_bytes())
    }
}

/// The messages that methods send and answer with, and which ways they go.
fn messages(schema: &Schema) -> BTreeMap<&str, Ways> {
    let mut found = BTreeMap::new();
    for method in schema.methods() {
        for (name, direction) in of_method(method) {
            let ways: &mut Ways = found.entry(name).or_default();
            match direction {
                Direction::Request => ways.request = true,
                Direction::Response => ways.response = true,
            }
        }
    }
    found
}

fn of_method(method: &Method) -> impl Iterator<Item = (&str, Direction)> {
    let bodies = method.bodies.iter().filter_map(|body| match &body.kind {
        BodyKind::Message(message) => Some((message.full_name(), Direction::Request)),
        _ => None,
    });
    let answer = match &method.response {
        Response::Message(message) => Some((message.full_name(), Direction::Response)),
        _ => None,
    };
    bodies.chain(answer)
}

/// A path as an editor takes it: from the folder that it has open, or of this machine.
fn url(path: &Path) -> String {
    let start = if path.is_absolute() { "file://" } else { "./" };
    let path = path.strip_prefix(".").unwrap_or(path);
    let mut url = start.to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                url.push(char::from(*byte));
            }
            byte => url += &format!("%{byte:02X}"),
        }
    }
    url
}
