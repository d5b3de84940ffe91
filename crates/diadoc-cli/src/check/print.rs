//! What `diadoc check` prints: results one after the other, a summary at the end.

use std::env;
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};

use clap::ValueEnum;

use super::bodies::{Place, Source};
use super::judge::{Judgement, Tally};
use super::verdict::Fate;
use super::{json, sarif, text};
use crate::error::Error;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Sarif,
}

/// How a body is printed.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    format: Format,
    text: text::Style,
}

impl Style {
    /// The part of the output that is about one body.
    pub fn body(&self, judgement: &Judgement<'_>) -> String {
        match self.format {
            Format::Text => text::body(judgement, &self.text),
            Format::Json => json::body(judgement),
            Format::Sarif => sarif::body(judgement),
        }
    }
}

/// How many bodies there were, and what became of them.
#[derive(Debug, Default)]
pub struct Summary {
    tallies: Vec<(Fate, usize)>,
    pub bodies: usize,
    pub by_manifest: usize,
    /// Bodies of a manifest that do not do what it says.
    pub surprises: usize,
    pub unreadable: usize,
}

impl Summary {
    pub fn add(&mut self, tally: &Tally) {
        self.bodies += 1;
        self.by_manifest += usize::from(tally.by_manifest);
        self.surprises += usize::from(tally.by_manifest && !tally.as_expected);
        match self
            .tallies
            .iter_mut()
            .find(|(fate, _)| *fate == tally.fate)
        {
            Some((_, count)) => *count += 1,
            None => self.tallies.push((tally.fate, 1)),
        }
    }

    /// How many bodies have the fate.
    pub fn count(&self, fate: Fate) -> usize {
        let found = self.tallies.iter().find(|(known, _)| *known == fate);
        found.map_or(0, |(_, count)| *count)
    }
}

/// Standard output and what went there.
#[derive(Debug)]
pub struct Printer {
    style: Style,
    out: BufWriter<Stdout>,
    summary: Summary,
    /// Whether a body has been printed, so that the next needs something between.
    between: bool,
}

/// Each of these is false where the reader has gone away.
impl Printer {
    pub fn new(format: Format, sources: &[Source]) -> Self {
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = io::stdout().is_terminal() && !no_colour;
        Self {
            style: Style {
                format,
                text: text::Style::new(sources, colour),
            },
            out: BufWriter::new(io::stdout()),
            summary: Summary::default(),
            between: false,
        }
    }

    pub fn style(&self) -> Style {
        self.style
    }

    pub fn start(&mut self) -> Result<bool, Error> {
        match self.style.format {
            Format::Text => Ok(true),
            Format::Json => self.write(json::START),
            Format::Sarif => self.write(&sarif::start()),
        }
    }

    pub fn body(&mut self, part: &str, tally: &Tally) -> Result<bool, Error> {
        self.summary.add(tally);
        self.part(part)
    }

    pub fn unreadable(&mut self, place: &Place, error: &Error) -> Result<bool, Error> {
        self.summary.unreadable += 1;
        match self.style.format {
            // Standard error has it.
            Format::Text | Format::Sarif => Ok(true),
            Format::Json => self.part(&json::unreadable(place, error)),
        }
    }

    pub fn end(&mut self) -> Result<bool, Error> {
        let text = match self.style.format {
            Format::Text => text::end(&self.summary),
            Format::Json => json::end(&self.summary),
            Format::Sarif => sarif::end(&self.summary),
        };
        Ok(self.write(&text)? && self.flush()?)
    }

    pub fn flush(&mut self) -> Result<bool, Error> {
        go_on(self.out.flush())
    }

    fn part(&mut self, part: &str) -> Result<bool, Error> {
        if part.is_empty() {
            return Ok(true);
        }
        let between = match self.style.format {
            Format::Json | Format::Sarif if self.between => ",\n",
            _ => "",
        };
        self.between = true;
        Ok(self.write(between)? && self.write(part)?)
    }

    fn write(&mut self, text: &str) -> Result<bool, Error> {
        go_on(self.out.write_all(text.as_bytes()))
    }
}

fn go_on(result: io::Result<()>) -> Result<bool, Error> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Stdout(error)),
    }
}
