//! `diadoc world`: the file that a fake's world begins with.

use std::path::PathBuf;

use clap::Subcommand;
use diadoc_fake::world::{self, World};

use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output};

/// Checks the file of a fake's world, or writes the JSON Schema of such files
///
/// The file names users, organizations, their relations, and letters that were sent before the fake
/// begins; comments may stand in it. `diadoc serve --world` begins with it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc world schema -o world.schema.json
  diadoc world check world.json && diadoc serve --world world.json")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Check(Check),
    Schema(JsonSchema),
}

/// Checks the file of a world, and tells all that is wrong with line and column
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc world check world.json")]
struct Check {
    /// The file
    file: PathBuf,
}

/// Writes the JSON Schema (draft 2020-12) of such files, for editors
///
/// A file names it as `{"$schema": "world.schema.json", ...}`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc world schema -o world.schema.json")]
struct JsonSchema {
    /// The file to write; standard output where none is named or it is `-`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    match &arguments.action {
        Action::Check(arguments) => {
            let world = World::from_file(&arguments.file);
            world.map_err(|error| Failure::new(error.to_string()))?;
        }
        Action::Schema(arguments) => {
            let text = output::json(&world::json_schema())?;
            Output::from_argument(arguments.output.clone()).write(text.as_bytes())?;
        }
    }
    Ok(Outcome::Fine)
}
