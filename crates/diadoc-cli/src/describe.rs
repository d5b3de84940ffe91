//! `diadoc describe`: what the schema says about one of its names.

use diadoc_schema::{Schema, SchemaError, describe};

use crate::Outcome;
use crate::error::Error;
use crate::output;

/// Explains a message, field, enum, value or method
///
/// Prints what it means, its rules, where it stands, and which fields and methods use it. The name
/// is a full name or a tail of one: `DocumentList`, `Document.IndexKey` for a field by its name or
/// its key in JSON, `DocumentType.Invoice` or `Invoice` for an enum's value, `GetDocumentsV3` for
/// an HTTP method.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc describe DocumentList
  diadoc describe --json Document.IndexKey
  diadoc describe GetDocumentsV3")]
pub struct Arguments {
    /// What to explain
    name: String,

    /// Print it as JSON, for programs
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Error> {
    let description = describe(Schema::diadoc(), &arguments.name).map_err(|error| match error {
        SchemaError::NoName { name, near } => Error::UnknownName {
            name,
            near: near.iter().map(ToString::to_string).collect(),
        },
        SchemaError::Ambiguous { name, candidates } => Error::AmbiguousName { name, candidates },
        other => Error::Schema(other),
    })?;
    let text = if arguments.json {
        output::json(&description)?
    } else {
        description.to_string()
    };
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Fine)
}
