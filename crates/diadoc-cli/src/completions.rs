//! `diadoc completions`: the program's arguments for a shell.

use clap::Command;
use clap_complete::Shell;

use crate::outcome::{Failure, Outcome};
use crate::output;

/// Writes the completions for a shell
///
/// Prints a script that teaches the shell the program's commands and options. Where it belongs
/// depends on the shell; the examples are the usual places.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc completions bash > ~/.local/share/bash-completion/completions/diadoc
  diadoc completions fish > ~/.config/fish/completions/diadoc.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, mut command: Command) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "diadoc", &mut script);
    output::to_stdout(&script)?;
    Ok(Outcome::Fine)
}
