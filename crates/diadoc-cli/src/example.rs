//! `diadoc example`: a valid body to start from.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};

use clap_complete::ArgValueCompleter;
use diadoc_schema::{ComputedKeys, Example, Schema, example, render_like_server};

use crate::outcome::{Failure, Outcome};
use crate::{completions, names, output};

/// Prints a valid body of a message
///
/// The values are samples that follow the rules of the fields. Without an option the body holds the
/// required fields only.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc example MessageToPost --full
  diadoc example DocumentList --random --seed 7 --server-style")]
pub(crate) struct Arguments {
    /// The message: its full name, or a tail of it that no other message has; or a method, for what it
    /// sends or, where it sends no message, answers with
    #[arg(add = ArgValueCompleter::new(completions::of_messages))]
    name: String,

    /// The required fields only; this is the default
    #[arg(long, conflicts_with_all = ["full", "random"])]
    minimal: bool,

    /// Every field, and one element in each list
    #[arg(long, conflicts_with = "random")]
    full: bool,

    /// The required fields and some of the others, with other values each time
    #[arg(long)]
    random: bool,

    /// With --random: a number that always gives the same body. Without it the number that was used
    /// goes to standard error.
    #[arg(long, value_name = "N", requires = "random")]
    seed: Option<u64>,

    /// As the server writes it: with empty lists, and with numbers and enums that are not set
    #[arg(long)]
    server_style: bool,

    /// With --server-style: also the keys that the server adds, such as MessageIdGuid
    #[arg(long, requires = "server_style")]
    computed_keys: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let message_type = names::resolve(&arguments.name)?;
    let message = Schema::diadoc().message(message_type.full_name())?;
    let kind = if arguments.random {
        Example::Random(arguments.seed.unwrap_or_else(any_seed))
    } else if arguments.full {
        Example::Full
    } else {
        Example::Minimal
    };
    let mut body = example(&message, kind);
    if arguments.server_style {
        let computed = if arguments.computed_keys {
            ComputedKeys::With
        } else {
            ComputedKeys::Without
        };
        body = render_like_server(&message, &body, computed);
    }
    output::to_stdout(output::json(&body)?.as_bytes())?;
    if let (Example::Random(seed), None) = (kind, arguments.seed) {
        // Where standard error is gone, nobody asks for this body again.
        let _ = writeln!(io::stderr(), "seed: {seed}");
    }
    Ok(Outcome::Fine)
}

/// Another number each time; a short one, since people copy it.
fn any_seed() -> u64 {
    RandomState::new().hash_one(()) % 1_000_000_000
}
