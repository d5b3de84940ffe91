//! The program `diadoc` as a library: checks, converts and explains bodies of the Kontur Diadoc API.
//!
//! [`main`] is the program; [`functions`] does for the modules of other languages what its commands do.
//! In Rust there is more to be had of the crates that both are made of: `diadoc-schema`, `diadoc-proto`.

#![forbid(unsafe_code)]
// No input may panic, see SECURITY.md: what cannot happen is allowed place by place, with its reason.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod call;
mod check;
mod colour;
mod completions;
mod convert;
mod describe;
mod descriptor;
mod detect;
mod diff;
mod example;
mod export;
pub mod functions;
mod help;
mod input;
mod language;
mod limits;
mod list;
mod login;
mod logout;
mod man;
mod manifest;
mod mcp;
mod merge;
mod names;
mod opening;
mod outcome;
mod output;
mod progress;
mod rules;
mod search;
mod serve;
mod session;
mod settings;
mod transport;
mod upload;
mod words;
mod world;

use std::ffi::OsString;
use std::io::Write as _;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use diadoc_schema::Language;

/// Checks, converts and explains bodies of the Kontur Diadoc API
#[derive(Debug, Parser)]
#[command(name = "diadoc", version, arg_required_else_help = true)]
#[command(after_help = "\
Exit codes: 0 all is well, 1 there are findings, 2 wrong usage or a file that cannot be read or \
written.

Example:
  diadoc check --message DocumentList answer.json")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Merge(merge::Arguments),
    Convert(convert::Arguments),
    Detect(detect::Arguments),
    Describe(describe::Arguments),
    Search(search::Arguments),
    Example(example::Arguments),
    List(list::Arguments),
    Rules(rules::Arguments),
    Manifest(manifest::Arguments),
    World(world::Arguments),
    Call(call::Arguments),
    Upload(upload::Arguments),
    Login(login::Arguments),
    Logout(logout::Arguments),
    Serve(serve::Arguments),
    Mcp(mcp::Arguments),
    Diff(diff::Arguments),
    Export(export::Arguments),
    Descriptor(descriptor::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Runs the program with its arguments, its name the first, and gives its exit code.
///
/// Results go to standard output, everything else to standard error. The exit code is 0 when all is
/// well, 1 when there is a finding, 2 when the command was wrong or a file could not be read or
/// written. One process runs it once: it speaks one language, and handles signals to its end.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<_> = arguments.into_iter().collect();
    if completions::answer(&arguments, Arguments::command()) {
        return 0;
    }
    let mut program = Arguments::command();
    if language::of_arguments(&arguments) == Language::Russian {
        program = help::in_russian(program);
    }
    let parsed = program.try_get_matches_from_mut(arguments);
    let parsed = parsed.and_then(|matches| {
        Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut program))
    });
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version come this way too. A reader that has gone away needs neither.
            if error.use_stderr() {
                // It repeats arguments as they are.
                let text = diadoc_schema::printable_lines(&error.render().to_string());
                let _ = std::io::stderr().write_all(text.as_bytes());
            } else {
                let _ = error.print();
            }
            return match error.exit_code() {
                0 => 0,
                _ => 2,
            };
        }
    };
    let result = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Detect(arguments) => detect::run(&arguments),
        Command::Describe(arguments) => describe::run(&arguments),
        Command::Search(arguments) => search::run(&arguments),
        Command::Example(arguments) => example::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Manifest(arguments) => manifest::run(&arguments),
        Command::World(arguments) => world::run(&arguments),
        Command::Call(arguments) => call::run(&arguments),
        Command::Upload(arguments) => upload::run(&arguments),
        Command::Login(arguments) => login::run(&arguments),
        Command::Logout(arguments) => logout::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Mcp(arguments) => mcp::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Descriptor(arguments) => descriptor::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments, Arguments::command()),
    };
    match result {
        Ok(outcome) => outcome.exit_code(),
        Err(failure) => {
            output::report(&failure);
            failure.exit_code()
        }
    }
}
