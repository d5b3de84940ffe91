//! `diadoc rules`: what `diadoc check` looks for.

use diadoc_schema::Rule;

use crate::outcome::{Failure, Outcome};
use crate::output;

/// Lists the rules that bodies are checked against
///
/// Prints the id of each rule, which never changes its meaning, and what it says, one rule per
/// line. The rules of a particular field, such as its length, stand in `diadoc describe`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc rules | grep enum")]
pub(crate) struct Arguments {}

pub(crate) fn run(_arguments: &Arguments) -> Result<Outcome, Failure> {
    let ids = Rule::ALL.iter().map(|rule| rule.id().len());
    let width = ids.max().unwrap_or_default();
    let text: String = Rule::ALL
        .iter()
        .map(|rule| format!("{:width$}  {}\n", rule.id(), rule.summary()))
        .collect();
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Fine)
}
