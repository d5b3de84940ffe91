//! What is wrong with one body.

use diadoc_api::Form;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Direction, Report, Rule, Schema, Severity, validate_json, validate_protobuf};

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
    /// Places in it count from the body's start. Where no message fits, all that it says is where
    /// the JSON is broken.
    pub report: Report,
    pub trip: Trip,
    pub verdict: Verdict,
}

impl Judgement<'_> {
    pub(super) fn tally(&self) -> Tally {
        Tally {
            fate: self.verdict.fate,
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

    /// The report with places that count from the start of the input.
    pub(super) fn report_in_input(&self) -> Report {
        let mut report = self.report.clone();
        for finding in &mut report.findings {
            finding.line = self.line(finding.line);
            finding.span.start += self.place.offset;
            finding.span.end += self.place.offset;
        }
        report
    }
}

/// How bodies are judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judge {
    /// From which severity on a finding counts.
    pub least: Severity,
}

impl Judge {
    /// Holds a body against its message, or against the one that fits best.
    pub(super) fn judge<'a>(
        self,
        source: &'a Source,
        place: &'a Place,
        body: Vec<u8>,
    ) -> Judgement<'a> {
        let form = source.form;
        let guess = match source.message {
            Some(_) => None,
            None => guess::guess(form, &body),
        };
        let message = source.message.or(guess.as_ref().map(|guess| guess.message));
        let (report, trip) = match message {
            Some(message) => {
                let report = validate(message.full_name(), &body, source.direction, form);
                let trip = trip(message, &body, form, &report);
                (report, trip)
            }
            None => (no_message(&body, source.direction, form), Trip::default()),
        };
        let verdict = Verdict::of(
            source.expected.as_ref(),
            message.map(|_| &report),
            &trip,
            self.least,
        );
        Judgement {
            source,
            place,
            body,
            message,
            guess,
            report,
            trip,
            verdict,
        }
    }
}

fn validate(message: &str, body: &[u8], direction: Direction, form: Form) -> Report {
    let message = Schema::diadoc()
        .message(message)
        .expect("the types are made from this schema");
    match form {
        Form::Json => validate_json(&message, body, direction),
        Form::Protobuf => validate_protobuf(&message, body, direction),
    }
}

/// What can be said of a body of which nothing is known: where it is no JSON.
fn no_message(body: &[u8], direction: Direction, form: Form) -> Report {
    let mut report = validate("Diadoc.Api.Proto.Timestamp", body, direction, form);
    report.message.clear();
    report.left_out = 0;
    report.findings.retain(|finding| {
        matches!(
            finding.rule,
            Rule::JsonSyntax | Rule::JsonDepth | Rule::WireTruncated | Rule::WireMalformed
        )
    });
    report
}
