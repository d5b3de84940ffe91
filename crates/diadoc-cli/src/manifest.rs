//! `diadoc manifest`: what stands beside a folder of bodies and says what they are.

mod init;

use std::path::PathBuf;

use clap::Subcommand;
use diadoc_schema::Schema;
use diadoc_testkit::manifest;

use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output};

/// Writes the manifest of a folder of bodies, or its JSON Schema
///
/// A manifest.json says of each body in its folder which message it is, which way it goes, and where
/// it must be refused if it is wrong on purpose. `diadoc check` holds the bodies against it and it
/// against the schema and the folder; `diadoc serve --fixtures` answers with them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc manifest init captured
  diadoc manifest schema -o manifest.schema.json")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Init(init::Arguments),
    Schema(JsonSchema),
}

/// Writes the JSON Schema (draft 2020-12) of manifests, for editors
///
/// A manifest names it as `{"$schema": "manifest.schema.json", "bodies": [...]}`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc manifest schema -o manifest.schema.json")]
struct JsonSchema {
    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    match &arguments.action {
        Action::Init(arguments) => init::run(arguments),
        Action::Schema(arguments) => {
            let text = output::json(&manifest::json_schema(Schema::diadoc()))?;
            Output::from_argument(arguments.output.clone()).write(text.as_bytes())?;
            Ok(Outcome::Fine)
        }
    }
}
