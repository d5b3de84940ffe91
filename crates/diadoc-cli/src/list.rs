//! `diadoc list`: the names of the messages.

use diadoc_proto::registry;

use crate::Outcome;
use crate::error::Error;
use crate::output;

/// Lists the names of all messages
///
/// Prints the full names, sorted, one per line. Wherever a command takes a message, the full name
/// or any tail of it that no other message has will do: `DocumentList`, `Documents.DocumentList`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc list docflow")]
pub struct Arguments {
    /// Only names that hold this text, whatever its case
    pattern: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Error> {
    let pattern = arguments.pattern.as_deref().unwrap_or_default();
    let wanted = pattern.to_lowercase();
    let names: String = registry::messages()
        .iter()
        .map(|message| message.full_name())
        .filter(|name| name.to_lowercase().contains(&wanted))
        .map(|name| format!("{name}\n"))
        .collect();
    if names.is_empty() {
        return Err(Error::NothingListed(pattern.to_owned()));
    }
    output::to_stdout(names.as_bytes())?;
    Ok(Outcome::Fine)
}
