//! `diadoc describe`: what the schema says about one of its names.

use diadoc_schema::{Schema, SchemaError, describe};

use crate::outcome::{Failure, Outcome};
use crate::{names, output};

/// Where all of what can be explained stands, but for fields and methods.
const ALL_NAMES: &str = "`diadoc list` prints all messages, `diadoc list --enums` all enums.";

/// Explains a message, field, enum, value or method
///
/// Prints what it means, its rules, where it stands, and which fields and methods use it. The name
/// is a full name or a tail of one: `DocumentList`, `Document.IndexKey` for a field by its name or
/// its key in JSON, `DocumentType.Invoice` for an enum's value, `GetDocumentsV3` for an HTTP method.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc describe DocumentList
  diadoc describe --json Document.IndexKey
  diadoc describe GetDocumentsV3")]
pub(crate) struct Arguments {
    /// What to explain
    name: String,

    /// Print it as JSON, for programs
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let description = describe(Schema::diadoc(), &arguments.name).map_err(|error| match error {
        SchemaError::NoName { name, near } => Failure::new(format!(
            "nothing in the schema is called `{name}`\n{}",
            names::did_you_mean(&near, ALL_NAMES)
        )),
        SchemaError::Ambiguous { name, candidates } => Failure::new(format!(
            "`{name}` is the name of several things\nGive one of these:{}",
            names::lines(candidates)
        )),
        other => other.into(),
    })?;
    let text = if arguments.json {
        output::json(&description)?
    } else {
        description.to_string()
    };
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Fine)
}
