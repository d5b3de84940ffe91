//! `diadoc man`: the program's help as manual pages.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::Outcome;
use crate::error::Error;
use crate::output::{self, Output};

/// Writes the manual pages
///
/// Prints the main page; with -o, writes that and a page for each command into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc man | man -l -
  diadoc man -o ~/.local/share/man/man1")]
pub struct Arguments {
    /// The folder to write all pages to; it is made where there is none
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Error> {
    // Each page is help already.
    let mut command = crate::Arguments::command().disable_help_subcommand(true);
    command.build();
    match &arguments.output {
        None => output::to_stdout(&page(&command)?.1)?,
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|source| Error::Folder {
                path: folder.clone(),
                source,
            })?;
            write_pages(&command, folder)?;
        }
    }
    Ok(Outcome::Fine)
}

/// Writes the page of a command and of those below it.
fn write_pages(command: &Command, folder: &Path) -> Result<(), Error> {
    let (name, page) = page(command)?;
    Output::File(folder.join(name)).write(&page)?;
    command
        .get_subcommands()
        .try_for_each(|command| write_pages(command, folder))
}

/// The page of a command, and the name of its file.
fn page(command: &Command) -> Result<(String, Vec<u8>), Error> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render(&mut page).map_err(Error::Stdout)?;
    Ok((man.get_filename(), page))
}
