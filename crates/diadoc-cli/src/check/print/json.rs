//! What `diadoc check --format json` prints: one document, a body a line.

use diadoc_schema::{Direction, Report};
use serde::Serialize;

use crate::check::guess::Guess;
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::check::summary::Summary;
use crate::check::trip::Trip;
use crate::check::verdict::Fate;
use crate::input::Input;
use crate::outcome::Failure;

pub(super) const START: &str = "{\"bodies\": [\n";

#[derive(Serialize)]
struct Judged<'a> {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guess: Option<&'a Guess>,
    direction: Direction,
    verdict: Fate,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_manifest_says: Option<bool>,
    report: Report,
    round_trip: &'a Trip,
}

#[derive(Serialize)]
struct Unreadable {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    verdict: &'static str,
    error: String,
}

#[derive(Serialize)]
struct Counts {
    bodies: usize,
    passes: usize,
    warnings: usize,
    errors: usize,
    changed: usize,
    refused: usize,
    unknown: usize,
    unreadable: usize,
    not_as_manifest_says: usize,
    unnamed: usize,
}

pub(super) fn body(judgement: &Judgement<'_>) -> String {
    let tally = judgement.tally();
    to_json(&Judged {
        file: file(judgement.place),
        line: judgement.place.line,
        message: judgement.message.map(|message| message.full_name()),
        guess: judgement.guess.as_ref(),
        direction: judgement.source.direction,
        verdict: tally.fate,
        as_manifest_says: tally.by_manifest.then_some(tally.as_expected),
        report: judgement.report_in_input(),
        round_trip: &judgement.trip,
    })
}

pub(super) fn unreadable(place: &Place, failure: &Failure) -> String {
    to_json(&Unreadable {
        file: file(place),
        line: place.line,
        verdict: "unreadable",
        error: failure.to_string(),
    })
}

pub(super) fn end(summary: &Summary) -> String {
    let counts = Counts {
        bodies: summary.bodies,
        passes: summary.count(Fate::Passes),
        warnings: summary.count(Fate::Warnings),
        errors: summary.count(Fate::Errors),
        changed: summary.count(Fate::Changed),
        refused: summary.count(Fate::Refused),
        unknown: summary.count(Fate::Unknown),
        unreadable: summary.unreadable,
        not_as_manifest_says: summary.surprises,
        unnamed: summary.unnamed,
    };
    format!("\n],\n\"summary\": {}}}\n", to_json(&counts))
}

/// The input as an argument names it.
fn file(place: &Place) -> String {
    match &place.input {
        Input::Stdin => "-".to_owned(),
        Input::File(path) => path.display().to_string(),
    }
}

/// Texts and numbers, which JSON has.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| format!("{{\"error\": \"{error}\"}}"))
}
