//! `diadoc man`: the program's help as manual pages.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;

use crate::outcome::{Failure, Outcome};
use crate::output::{self, Output};

/// Writes the manual pages
///
/// Prints the main page; with -o, writes that and a page for each command into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc man | man -l -
  diadoc man -o ~/.local/share/man/man1")]
pub(crate) struct Arguments {
    /// The folder to write all pages to; it is made where there is none
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, command: Command) -> Result<Outcome, Failure> {
    // Each page is help already.
    let mut command = command.disable_help_subcommand(true);
    command.build();
    match &arguments.output {
        None => output::to_stdout(&page(&command)?.1)?,
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|error| {
                Failure::new(format!(
                    "{}: this folder cannot be made: {error}\nName another folder with -o.",
                    folder.display()
                ))
            })?;
            write_pages(&command, folder)?;
        }
    }
    Ok(Outcome::Fine)
}

/// Writes the page of a command and of those below it.
fn write_pages(command: &Command, folder: &Path) -> Result<(), Failure> {
    let (name, page) = page(command)?;
    Output::File(folder.join(name)).write(&page)?;
    command
        .get_subcommands()
        .try_for_each(|command| write_pages(command, folder))
}

/// The page of a command, and the name of its file.
fn page(command: &Command) -> Result<(String, Vec<u8>), Failure> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render(&mut page).map_err(output::stdout_failed)?;
    Ok((man.get_filename(), page))
}
