//! `diadoc merge`: many reports of `diadoc check` as one.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::value::RawValue;

use crate::check::{Counts, REPORT_START, report_end};
use crate::input::Input;
use crate::outcome::{Failure, Outcome};
use crate::output::stdout_failed;
use diadoc_proto::Limits;

/// Adds up reports of `diadoc check --format json`
///
/// Prints one report: the bodies of all, one after the other, and a summary with the sum of each count.
/// So the parts of an archive can be checked apart, on as many machines as there are. A file may hold
/// several reports, and each ends with its summary: one that was cut off is an error. The exit code is
/// that of a check of all of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  diadoc merge part-*.json > report.json")]
pub(crate) struct Arguments {
    /// The reports; `-` is standard input, which is also read where none is named
    #[arg(value_name = "REPORT")]
    reports: Vec<PathBuf>,

    /// The summary alone, as a line of JSON
    #[arg(long)]
    summary: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let inputs: Vec<_> = match arguments.reports.as_slice() {
        [] => vec![Input::from_option(None)],
        reports => reports.iter().cloned().map(Input::from_argument).collect(),
    };
    let stdout = BufWriter::new(io::stdout());
    let mut merger = Merger::new(stdout);
    merger.bodies = !arguments.summary;
    // What was read is written, so that each is held alone; where one is none, the end is missing.
    for input in inputs {
        let report = input.read(&Limits::new().bytes(usize::MAX))?;
        merger.add(&input.to_string(), &report)?;
    }
    let counts = merger.end()?;
    Ok(counts.outcome())
}

/// A report that is made of others, as they come.
pub(crate) struct Merger<W> {
    to: W,
    /// Whether bodies are written too.
    bodies: bool,
    counts: Counts,
    /// Whether a body was written, so that the next needs something between.
    between: bool,
}

/// A report of a check.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report<'r> {
    #[serde(borrow, default)]
    bodies: Vec<Cow<'r, RawValue>>,
    summary: Counts,
}

impl<W: Write> Merger<W> {
    pub(crate) fn new(to: W) -> Self {
        Self {
            to,
            bodies: true,
            counts: Counts::default(),
            between: false,
        }
    }

    /// Adds the reports in a text.
    pub(crate) fn add(&mut self, name: &str, text: &[u8]) -> Result<(), Failure> {
        let none = |why: &dyn std::fmt::Display| {
            Failure::new(format!(
                "{name}: this is no whole report of `diadoc check --format json`: {why}\n\
                 Where it was cut off, check that part again; all reports are to be of one version of the program."
            ))
        };
        let mut found = false;
        for report in Deserializer::from_slice(text).into_iter::<&RawValue>() {
            let report = report.map_err(|error| none(&error))?;
            // A list would do for serde.
            if !report.get().starts_with('{') {
                return Err(none(&"it is no object"));
            }
            let report: Report<'_> =
                serde_json::from_str(report.get()).map_err(|error| none(&error))?;
            found = true;
            if report
                .bodies
                .iter()
                .any(|body| !body.get().starts_with('{'))
            {
                return Err(none(&"one of its bodies is no object"));
            }
            if report.bodies.len() as u64 > report.summary.entries() {
                return Err(none(&"it has more bodies than its summary counts"));
            }
            let sum = self.counts.and(&report.summary);
            self.counts = sum.ok_or_else(|| none(&"the sum of its counts is too large"))?;
            if self.bodies {
                for body in &report.bodies {
                    let start = if self.between { ",\n" } else { REPORT_START };
                    self.between = true;
                    self.write(start)?;
                    self.write(body.get())?;
                }
            }
        }
        match found {
            true => Ok(()),
            false => Err(none(&"it is empty")),
        }
    }

    /// Writes the end, and gives the sum.
    pub(crate) fn end(mut self) -> Result<Counts, Failure> {
        let counts = std::mem::take(&mut self.counts);
        if self.bodies {
            if !self.between {
                self.write(REPORT_START)?;
            }
            self.write(&report_end(&counts))?;
        } else {
            let line =
                serde_json::to_string(&counts).map_err(|error| stdout_failed(error.into()))?;
            self.write(&line)?;
            self.write("\n")?;
        }
        self.to.flush().or_else(gone)?;
        Ok(counts)
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        self.to.write_all(text.as_bytes()).or_else(gone)
    }
}

/// A reader that goes away has seen what it wanted.
fn gone(error: io::Error) -> Result<(), Failure> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(stdout_failed(error)),
    }
}
