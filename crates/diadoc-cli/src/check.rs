//! `diadoc check`: what is wrong with bodies, and whether they survive reading and writing.

mod find;
mod guess;
mod judge;
mod print;
mod progress;
mod queue;
mod source;
mod summary;
mod trip;
mod verdict;

use std::path::PathBuf;

use clap::ValueEnum;
use diadoc_api::Form;
use diadoc_schema::{Direction, Severity};

use crate::input::form_parser;
use crate::outcome::{Failure, Outcome};
use crate::{names, output};
use find::{Finder, Found};
use judge::Judge;
use print::{OutputFormat, Printer};
use progress::Progress;

/// Checks bodies against the schema
///
/// Each body is held against its message: every fault is shown with its place, what was expected
/// there, and what may have been meant. A JSON body is also read, written back and compared, then
/// taken through protobuf and compared again.
///
/// Without --message, the message of each body stands in a manifest.json beside the bodies: that of
/// a folder named, or of the folder `fixtures` here or in the nearest folder above where nothing is
/// named. The manifest also says which bodies are wrong on purpose, and where they must be refused. It
/// is itself held against the schema and its folder: a body there that it does not name is a finding.
/// Where there is no manifest, the message that fits a body best is taken, and the output says which
/// and why.
///
/// The exit code is 0 when every body passes or does what its manifest says, 1 when not, 2 when
/// something could not be read; the rest is checked all the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  diadoc check
  diadoc check body.json --direction request
  diadoc check --message DocumentList answer.json captured/
  diadoc check --message Message --format sarif 'captured/**/*.json' log.ndjson > diadoc.sarif")]
pub(crate) struct Arguments {
    /// The message of all the bodies: its full name, or a tail of it that no other message has
    #[arg(short, long, value_name = "NAME")]
    message: Option<String>,

    /// Which way the bodies go: a key that the schema does not know is an error in a request
    /// [default: as the manifest says, else response]
    #[arg(short, long, value_name = "DIRECTION")]
    direction: Option<Way>,

    /// What the bodies are that no manifest names
    #[arg(long, value_name = "FORMAT", default_value = "json", value_parser = form_parser())]
    from: Form,

    /// Every input has one JSON body a line, as *.ndjson and *.jsonl files always have
    #[arg(long)]
    ndjson: bool,

    /// Warnings are findings too
    #[arg(long)]
    strict: bool,

    /// What to print: text for people, one JSON document, or SARIF for code scanning
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,

    /// Files (`-` is standard input), patterns such as `captured/**/*.json`, and folders: those with
    /// a manifest.json, unless --message is given, else all bodies in them at any depth, by the ends
    /// of their names: .json, .ndjson, .jsonl; for protobuf .bin, .binpb, .pb
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Which way a body goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// From the client to the server
    Request,
    /// From the server to the client
    Response,
}

impl From<Way> for Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::Request => Self::Request,
            Way::Response => Self::Response,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    if arguments.ndjson && arguments.from == Form::Protobuf {
        return Err(Failure::new(
            "--ndjson is for JSON\nLeave it out, or leave out `--from protobuf`.",
        ));
    }
    let message = arguments.message.as_deref().map(names::resolve);
    let finder = Finder {
        message: message.transpose()?,
        direction: arguments.direction.map(Direction::from),
        form: arguments.from,
        ndjson: arguments.ndjson,
    };
    let judge = Judge {
        least: match arguments.strict {
            true => Severity::Warning,
            false => Severity::Error,
        },
    };
    let Found { sources, unnamed } = finder.find(&arguments.paths)?;
    let progress = Progress::over(&sources);
    let mut printer = Printer::new(arguments.format, &sources);
    let style = printer.style();
    let mut results = queue::run(sources, move |job| {
        let (source, place, bytes) = job.read();
        let judged = bytes.map(|bytes| {
            let judgement = judge.judge(&source, &place, bytes);
            (style.body(&judgement), judgement.tally())
        });
        (place, judged)
    })?;

    let (mut unreadable, mut as_expected) = (false, unnamed.is_empty());
    // A reader that goes away has seen what it wanted.
    let mut read_on = printer.start()?;
    while read_on {
        if !results.ready() {
            read_on = printer.flush()?;
        }
        let Some(((place, judged), size)) = results.next()? else {
            break;
        };
        // A body that was read in vain has its verdict all the same.
        read_on &= match &judged {
            Ok((text, tally)) => {
                as_expected &= tally.as_expected;
                printer.body(text, tally)?
            }
            Err(failure) => {
                unreadable = true;
                progress.aside(|| output::report(failure));
                printer.unreadable(&place, failure)?
            }
        };
        progress.add(size);
    }
    progress.finish();
    for unnamed in &unnamed {
        read_on = read_on && printer.unnamed(unnamed)?;
    }
    if read_on {
        printer.end()?;
    }
    Ok(match (unreadable, as_expected) {
        (true, _) => Outcome::Unreadable,
        (false, true) => Outcome::Fine,
        (false, false) => Outcome::Findings,
    })
}
