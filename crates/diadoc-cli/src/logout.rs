//! `diadoc logout`: forgetting who signed in.

use crate::outcome::{Failure, Outcome};
use crate::output::say;
use crate::session::Store;

/// Deletes the tokens that `diadoc login` and `diadoc call` keep
///
/// It deletes them here. The vendor names no way to take back tokens: those that somebody has copied are
/// good until they end.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc logout")]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> Result<Outcome, Failure> {
    let store = Store::usual()?;
    say(&match store.delete()? {
        true => format!("{store} is deleted"),
        false => "nobody is signed in".to_owned(),
    });
    Ok(Outcome::Fine)
}
