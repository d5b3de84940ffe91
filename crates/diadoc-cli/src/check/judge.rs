//! What is wrong with one body.

use std::sync::Arc;

use diadoc_api::Form;
use diadoc_proto::Limits;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Checks, Direction, Prepared, Report, Rule};

use super::direction::{Ways, WaysOf};
use super::guess::{self, Guess};
use super::source::{Place, Source};
use super::summary::Tally;
use super::trip::{Trip, trip};
use super::verdict::Verdict;

/// All that is known about a body.
#[derive(Debug)]
pub(super) struct Judgement<'a> {
    pub source: &'a Source,
    pub place: &'a Place,
    pub body: Vec<u8>,
    /// None where nobody says it and no message fits.
    pub message: Option<&'static MessageType>,
    /// Why it is that message, where nobody says it.
    pub guess: Option<Guess>,
    /// Which way it goes, and why.
    pub ways: Arc<Ways>,
    /// One for each way. Places in it count from the body's start. Where no message fits, all that it
    /// says is where the JSON is broken.
    pub reports: Vec<Report>,
    pub trip: Trip,
    pub verdict: Verdict,
}

impl Judgement<'_> {
    pub(super) fn tally(&self) -> Tally {
        Tally {
            fate: self.verdict.fate,
            sentence: self.verdict.sentence.clone(),
            as_expected: self.verdict.as_expected,
            by_manifest: self.source.expected.is_some(),
        }
    }

    /// The line in the input of a line in the body; 0 stays 0, as in protobuf.
    pub(super) fn line(&self, line: usize) -> usize {
        match (line, self.place.line) {
            (0, _) | (_, None) => line,
            (line, Some(first)) => first + line - 1,
        }
    }

    /// The reports with places that count from the start of the input.
    pub(super) fn reports_in_input(&self) -> Vec<Report> {
        let mut reports = self.reports.clone();
        for finding in reports.iter_mut().flat_map(|report| &mut report.findings) {
            finding.line = self.line(finding.line);
            finding.span.start += self.place.offset;
            finding.span.end += self.place.offset;
        }
        reports
    }
}

/// How bodies are judged.
#[derive(Debug, Clone)]
pub(super) struct Judge {
    /// Whether every finding counts.
    pub strict: bool,
    pub ways: Arc<WaysOf>,
    /// How much reading a body may take.
    pub limits: Limits,
}

impl Judge {
    /// Holds a body against its message, or against the one that fits best.
    pub(super) fn judge<'a>(
        &self,
        source: &'a Source,
        place: &'a Place,
        body: Vec<u8>,
    ) -> Judgement<'a> {
        let form = source.form;
        let guess = match source.message {
            Some(_) => None,
            None => guess::guess(form, &body, |message| {
                let ways = self.ways.of(message, None);
                let mut directions = ways.directions().iter();
                source
                    .direction
                    .is_none_or(|asked| directions.any(|way| *way == asked))
            }),
        };
        let message = source.message.or(guess.as_ref().map(|guess| guess.message));
        let ways = match message {
            Some(message) => self.ways.of(message, source.direction),
            None => Arc::new(Ways::of_nothing(source.direction)),
        };
        let checks = |direction: &Direction| source.checks(*direction);
        let directions = ways.directions().iter();
        let (reports, trip) = match message {
            Some(message) => {
                let reports: Vec<_> = directions
                    .map(|direction| check(message.full_name(), &body, form, checks(direction)))
                    .collect();
                let trip = trip(message, &body, form, &reports, &self.limits);
                (reports, trip)
            }
            None => {
                let report = |direction| no_message(&body, form, checks(direction));
                (directions.map(report).collect(), Trip::default())
            }
        };
        let reports_of_message = match message {
            Some(_) => reports.as_slice(),
            None => &[],
        };
        let verdict = Verdict::of(
            source.expected.as_ref(),
            reports_of_message,
            &trip,
            self.strict,
        );
        Judgement {
            source,
            place,
            body,
            message,
            guess,
            ways,
            reports,
            trip,
            verdict,
        }
    }
}

#[allow(
    clippy::expect_used,
    reason = "types and descriptors are of one schema"
)]
fn check(message: &str, body: &[u8], form: Form, checks: &Checks) -> Report {
    let message = Prepared::diadoc(message).expect("the types are made from this schema");
    message.check(checks, form, body)
}

/// What can be said of a body of which nothing is known: where it is no JSON or protobuf.
fn no_message(body: &[u8], form: Form, checks: &Checks) -> Report {
    let mut report = check("Diadoc.Api.Proto.Timestamp", body, form, checks);
    report.message.clear();
    for finding in &mut report.findings {
        // Of the message that it was held against.
        finding.expected = finding
            .expected
            .take()
            .filter(|_| finding.rule != Rule::BodyWrapped);
    }
    report.keep(&[
        Rule::BodyEmpty,
        Rule::BodyForm,
        Rule::BodyEncoding,
        Rule::BodyWrapped,
        Rule::JsonSyntax,
        Rule::JsonDepth,
        Rule::WireTruncated,
        Rule::WireMalformed,
    ]);
    report
}
