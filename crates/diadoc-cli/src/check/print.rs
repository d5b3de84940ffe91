//! What `diadoc check` prints: results one after the other, a summary at the end.

mod fold;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod problems;
mod sarif;
mod unnamed;

use std::io::{self, Write};

use clap::ValueEnum;

use super::find::Unnamed;
use super::judge::Judgement;
use super::source::{Place, Source};
use super::summary::{Summary, Tally, Unreadable};
use crate::outcome::Failure;
use crate::output::stdout_failed;

pub(crate) use json::{START as REPORT_START, end_with as report_end};

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Text for people
    Text,
    /// One document, a body a line
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit's XML, a test case for each body
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality of GitLab
    Gitlab,
}

/// How much is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    /// What is merely worth knowing too, and what there is to say of bodies that pass.
    pub notes: bool,
    /// Nothing of bodies that do what is expected.
    pub quiet: bool,
    /// What is for people has colour.
    pub colour: bool,
}

/// How a body is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    format: OutputFormat,
    shown: Shown,
    human: human::Style,
}

impl Style {
    /// The part of the output that is about one body.
    pub(super) fn body(&self, judgement: &Judgement<'_>) -> String {
        match self.format {
            OutputFormat::Text => human::body(judgement, self.human, self.shown),
            OutputFormat::Json => json::body(judgement),
            OutputFormat::Sarif => sarif::body(judgement, self.shown),
            OutputFormat::Junit => junit::body(judgement, self.shown),
            OutputFormat::Github => github::body(judgement, self.shown),
            OutputFormat::Gitlab => gitlab::body(judgement, self.shown),
        }
    }

    /// What the end of the output needs to know of a body.
    pub(super) fn tally(&self, judgement: &Judgement<'_>) -> Tally {
        let mut tally = judgement.tally();
        if self.format == OutputFormat::Text {
            tally.remarks = human::remarks_at_end(judgement, self.human, self.shown);
            tally.notes = human::notes_left_out(judgement, self.shown);
        }
        tally
    }
}

/// Where results go, and what went there.
#[derive(Debug)]
pub(super) struct Printer<W> {
    style: Style,
    out: W,
    summary: Summary,
    /// Whether a body has been printed, so that the next needs something between.
    between: bool,
}

/// Each of these is false where the reader has gone away.
impl<W: Write> Printer<W> {
    pub(super) fn new(out: W, format: OutputFormat, shown: Shown, sources: &[Source]) -> Self {
        Self {
            style: Style {
                format,
                shown,
                human: human::Style::over(sources),
            },
            out,
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
            OutputFormat::Junit => self.write(junit::START),
            OutputFormat::Github => Ok(true),
            OutputFormat::Gitlab => self.write(gitlab::START),
        }
    }

    pub(super) fn body(
        &mut self,
        place: &Place,
        part: &str,
        tally: &Tally,
    ) -> Result<bool, Failure> {
        self.summary.add(place, tally);
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
            OutputFormat::Junit => self.part(&junit::unreadable(place, failure)),
            OutputFormat::Github => self.part(&github::unreadable(place, failure)),
            OutputFormat::Gitlab => self.part(&gitlab::unreadable(place, failure)),
        }
    }

    pub(super) fn unnamed(&mut self, unnamed: &Unnamed) -> Result<bool, Failure> {
        self.summary.unnamed += 1;
        self.part(&match self.style.format {
            OutputFormat::Text => unnamed::text(unnamed),
            OutputFormat::Json => unnamed::json(unnamed),
            OutputFormat::Sarif => unnamed::sarif(unnamed),
            OutputFormat::Junit => junit::unnamed(unnamed),
            OutputFormat::Github => github::unnamed(unnamed),
            OutputFormat::Gitlab => gitlab::unnamed(unnamed),
        })
    }

    pub(super) fn end(&mut self) -> Result<bool, Failure> {
        let text = match self.style.format {
            OutputFormat::Text => human::end(&self.summary, self.style.shown),
            OutputFormat::Json => json::end(&self.summary),
            OutputFormat::Sarif => sarif::end(&self.summary),
            OutputFormat::Junit => junit::END.to_owned(),
            OutputFormat::Github => String::new(),
            OutputFormat::Gitlab => gitlab::END.to_owned(),
        };
        Ok(self.write(&text)? && self.flush()?)
    }

    pub(super) fn flush(&mut self) -> Result<bool, Failure> {
        go_on(self.out.flush())
    }

    /// What was written to.
    pub(super) fn into_inner(self) -> W {
        self.out
    }

    fn part(&mut self, part: &str) -> Result<bool, Failure> {
        if part.is_empty() {
            return Ok(true);
        }
        let between = match self.style.format {
            OutputFormat::Json | OutputFormat::Sarif | OutputFormat::Gitlab if self.between => {
                ",\n"
            }
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
