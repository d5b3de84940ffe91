//! `diadoc man`: the program's help as manual pages.

use std::io;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

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
        None => output::to_stdout(&page(&command, None)?.1)?,
        Some(folder) => {
            output::make_folder(folder)?;
            write_pages(&command, None, folder)?;
        }
    }
    Ok(Outcome::Fine)
}

/// Writes the page of a command and of those below it; `above` is the name of the one above.
fn write_pages(command: &Command, above: Option<&str>, folder: &Path) -> Result<(), Failure> {
    let (file, page) = page(command, above)?;
    Output::File(folder.join(file)).write(&page)?;
    let mut below = command.get_subcommands();
    below.try_for_each(|one| write_pages(one, Some(name(command)), folder))
}

/// The page of a command, and the name of its file.
fn page(command: &Command, above: Option<&str>) -> Result<(String, Vec<u8>), Failure> {
    let man = Man::new(command.clone())
        .source(concat!("diadoc ", env!("CARGO_PKG_VERSION")))
        .manual("Kontur Diadoc API");
    let mut page = Vec::new();
    let written = sections(&man, command, above, &mut page);
    written.map_err(output::stdout_failed)?;
    Ok((man.get_filename(), page))
}

/// The name of a page.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn sections(
    man: &Man,
    command: &Command,
    above: Option<&str>,
    page: &mut Vec<u8>,
) -> io::Result<()> {
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(page)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    let more = command.get_after_long_help().or(command.get_after_help());
    let more = more.map(ToString::to_string).unwrap_or_default();
    let mut roff = Roff::default();
    more.split("\n\n")
        .for_each(|paragraph| section(paragraph, &mut roff));
    let below = command.get_subcommands().map(name);
    let others = above.into_iter().chain(below);
    let others: Vec<_> = others.map(|name| format!("{name}(1)")).collect();
    if !others.is_empty() {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([roman(others.join(", "))]);
    }
    roff.to_writer(page)
}

/// A paragraph of what help ends with, under the heading that manual pages have for it.
fn section(paragraph: &str, roff: &mut Roff) {
    let (first, rest) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
    if let Some(codes) = paragraph.strip_prefix("Exit codes: ") {
        roff.control("SH", ["EXIT STATUS"]);
        roff.text([roman(codes.replace('\n', " "))]);
    } else if first.starts_with("Example") {
        roff.control("SH", ["EXAMPLES"]);
        if let Some((_, about)) = first.trim_end_matches(':').split_once(", ") {
            roff.text([roman(format!("{about}:"))]);
        }
        as_it_is(rest, roff);
    } else if !paragraph.is_empty() {
        roff.control("SH", ["NOTES"]);
        as_it_is(paragraph, roff);
    }
}

/// Lines that are not filled.
fn as_it_is(lines: &str, roff: &mut Roff) {
    roff.control("nf", []);
    lines.lines().for_each(|line| {
        roff.text([roman(line)]);
    });
    roff.control("fi", []);
}
