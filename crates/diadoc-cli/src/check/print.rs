//! What `diadoc check` prints: results one after the other, a summary at the end.

mod fold;
mod human;
mod json;
mod sarif;
mod unnamed;

use std::io::{self, BufWriter, Stdout, Write as _};

use clap::ValueEnum;

use super::find::Unnamed;
use super::judge::Judgement;
use super::source::{Place, Source};
use super::summary::{Summary, Tally, Unreadable};
use crate::outcome::Failure;
use crate::output::stdout_failed;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    Text,
    Json,
    Sarif,
}

/// How a body is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    format: OutputFormat,
    human: human::Style,
}

impl Style {
    /// The part of the output that is about one body.
    pub(super) fn body(&self, judgement: &Judgement<'_>) -> String {
        match self.format {
            OutputFormat::Text => human::body(judgement, self.human),
            OutputFormat::Json => json::body(judgement),
            OutputFormat::Sarif => sarif::body(judgement),
        }
    }
}

/// Standard output and what went there.
#[derive(Debug)]
pub(super) struct Printer {
    style: Style,
    out: BufWriter<Stdout>,
    summary: Summary,
    /// Whether a body has been printed, so that the next needs something between.
    between: bool,
}

/// Each of these is false where the reader has gone away.
impl Printer {
    pub(super) fn new(format: OutputFormat, sources: &[Source]) -> Self {
        Self {
            style: Style {
                format,
                human: human::Style::over(sources),
            },
            out: BufWriter::new(io::stdout()),
            summary: Summary::default(),
            between: false,
        }
    }

    pub(super) fn style(&self) -> Style {
        self.style
    }

    pub(super) fn start(&mut self) -> Result<bool, Failure> {
        match self.style.format {
            OutputFormat::Text => Ok(true),
            OutputFormat::Json => self.write(json::START),
            OutputFormat::Sarif => self.write(&sarif::start()),
        }
    }

    pub(super) fn body(&mut self, part: &str, tally: &Tally) -> Result<bool, Failure> {
        self.summary.add(tally);
        self.part(part)
    }

    pub(super) fn unreadable(&mut self, place: &Place, failure: &Failure) -> Result<bool, Failure> {
        self.summary.unreadable.push(Unreadable {
            place: place.clone(),
            why: failure.to_string(),
        });
        match self.style.format {
            // Standard error has it, and the end.
            OutputFormat::Text | OutputFormat::Sarif => Ok(true),
            OutputFormat::Json => self.part(&json::unreadable(place, failure)),
        }
    }

    pub(super) fn unnamed(&mut self, unnamed: &Unnamed) -> Result<bool, Failure> {
        self.summary.unnamed += 1;
        self.part(&match self.style.format {
            OutputFormat::Text => unnamed::text(unnamed),
            OutputFormat::Json => unnamed::json(unnamed),
            OutputFormat::Sarif => unnamed::sarif(unnamed),
        })
    }

    pub(super) fn end(&mut self) -> Result<bool, Failure> {
        let text = match self.style.format {
            OutputFormat::Text => human::end(&self.summary),
            OutputFormat::Json => json::end(&self.summary),
            OutputFormat::Sarif => sarif::end(&self.summary),
        };
        Ok(self.write(&text)? && self.flush()?)
    }

    pub(super) fn flush(&mut self) -> Result<bool, Failure> {
        go_on(self.out.flush())
    }

    fn part(&mut self, part: &str) -> Result<bool, Failure> {
        if part.is_empty() {
            return Ok(true);
        }
        let between = match self.style.format {
            OutputFormat::Json | OutputFormat::Sarif if self.between => ",\n",
            _ => "",
        };
        self.between = true;
        Ok(self.write(between)? && self.write(part)?)
    }

    fn write(&mut self, text: &str) -> Result<bool, Failure> {
        go_on(self.out.write_all(text.as_bytes()))
    }
}

fn go_on(result: io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(stdout_failed(error)),
    }
}
