//! What is wrong with one body.

use std::collections::HashSet;

use diadoc_proto::registry::MessageType;
use diadoc_schema::{Direction, Report, Rule, Schema, Severity, validate_json, validate_protobuf};
use diadoc_testkit::dialect::Note;
use diadoc_testkit::round_trip::{self, Fault};
use serde::Serialize;

use super::Form;
use super::bodies::{Place, Source};
use super::guess::{self, Guess};
use super::verdict::{Fate, Verdict};
use crate::output;

/// All that is known about a body.
#[derive(Debug)]
pub struct Judgement<'a> {
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

/// What reading and writing makes of a body, beyond what the report says.
#[derive(Debug, Default, Serialize)]
pub struct Trip {
    pub refused: Option<Refusal>,
    pub changed: Vec<Changed>,
    /// What the rules change, where the report has nothing about the place.
    #[serde(serialize_with = "as_texts")]
    pub notes: Vec<Note>,
}

/// Why a body cannot be read.
#[derive(Debug, Serialize)]
pub struct Refusal {
    pub path: String,
    pub message: String,
    /// What stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Whether the report has an error at that place.
    #[serde(skip)]
    pub reported: bool,
}

/// Where reading and writing changes a body.
#[derive(Debug, Serialize)]
pub struct Changed {
    pub step: &'static str,
    pub differences: Vec<String>,
}

fn as_texts<S: serde::Serializer>(notes: &[Note], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(notes.iter().map(Note::to_string))
}

/// What the summary needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Tally {
    pub fate: Fate,
    pub as_expected: bool,
    pub by_manifest: bool,
}

impl Judgement<'_> {
    pub fn tally(&self) -> Tally {
        Tally {
            fate: self.verdict.fate,
            as_expected: self.verdict.as_expected,
            by_manifest: self.source.expected.is_some(),
        }
    }

    /// The line in the input of a line in the body; 0 stays 0, as in protobuf.
    pub fn line(&self, line: usize) -> usize {
        match (line, self.place.line) {
            (0, _) | (_, None) => line,
            (line, Some(first)) => first + line - 1,
        }
    }

    /// The report with places that count from the start of the input.
    pub fn report_in_input(&self) -> Report {
        let mut report = self.report.clone();
        for finding in &mut report.findings {
            finding.line = self.line(finding.line);
            finding.span.start += self.place.offset;
            finding.span.end += self.place.offset;
        }
        report
    }
}

/// Holds a body against its message, or against the one that fits best.
pub fn judge<'a>(
    source: &'a Source,
    place: &'a Place,
    body: Vec<u8>,
    form: Form,
    strict: bool,
) -> Judgement<'a> {
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
        strict,
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

fn trip(message: &MessageType, body: &[u8], form: Form, report: &Report) -> Trip {
    let has_error_at = |path: &str| {
        let errors = report.findings.iter();
        let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
        errors.any(|finding| finding.path == path)
    };
    if form == Form::Protobuf {
        let refused = message.decode(body).err().map(|error| {
            let first = report
                .findings
                .iter()
                .find(|finding| finding.severity == Severity::Error);
            Refusal {
                path: first.map_or_else(String::new, |finding| finding.path.clone()),
                message: error.to_string(),
                found: None,
                reported: first.is_some(),
            }
        });
        return Trip {
            refused,
            ..Trip::default()
        };
    }

    let mut trip = Trip::default();
    let round_trip = round_trip::check(message, body);
    for fault in round_trip.faults {
        match fault {
            Fault::Refused(error) => {
                trip.refused = Some(Refusal {
                    path: error.path().to_owned(),
                    reported: has_error_at(error.path()),
                    found: output::found(&error),
                    message: error.to_string(),
                });
            }
            Fault::Changed { step, differences } => {
                trip.changed.push(Changed { step, differences })
            }
            other => trip.changed.push(Changed {
                step: "round trip",
                differences: vec![format!("{other:?}")],
            }),
        }
    }
    // A report that is full has said enough.
    if report.left_out == 0 {
        let reported: HashSet<_> = report.findings.iter().map(|f| f.path.as_str()).collect();
        let notes = round_trip.notes.into_iter();
        trip.notes = notes
            .filter(|note| !reported.contains(note.path.as_str()))
            .collect();
    }
    trip
}
