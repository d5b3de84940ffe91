//! What `diadoc check --format json` prints: one document, a body a line.

use diadoc_open::Step;
use diadoc_schema::{Direction, Effect, Report};
use serde::Serialize;

use crate::check::guess::Guess;
use crate::check::judge::Judgement;
use crate::check::source::Place;
use crate::check::summary::{Counts, Summary};
use crate::check::trip::Trip;
use crate::check::verdict::Fate;
use crate::input::Input;
use crate::outcome::Failure;

pub(crate) const START: &str = "{\"bodies\": [\n";

#[derive(Serialize)]
struct Judged<'a> {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// What it was opened from; lines, columns and bytes count in what was opened where it does not stand in
    /// the file as it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opened: Vec<String>,
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guess: Option<&'a Guess>,
    /// None where no message is known.
    direction: Option<Direction>,
    direction_from: &'static str,
    /// The newest method that has the message, where it goes one way alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    /// What the vendor says of the method, where it gives it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    method_news: Option<&'a str>,
    verdict: Fate,
    /// What the server, or a reader of its answers, does about the body.
    sentence: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<Effect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_manifest_says: Option<bool>,
    /// Of the way that the body goes; where both are possible, as a response.
    report: Report,
    /// As a request, where both ways are possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    report_as_request: Option<Report>,
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

pub(super) fn body(judgement: &Judgement<'_>) -> String {
    let tally = judgement.tally();
    let mut reports = judgement.reports_in_input();
    let effect = reports.iter().filter_map(Report::effect).min();
    let report_as_request = (reports.len() > 1).then(|| reports.remove(0));
    let report = reports.swap_remove(0);
    to_json(&Judged {
        file: file(judgement.place),
        line: judgement.place.line,
        opened: judgement.steps.iter().map(Step::to_string).collect(),
        message: judgement.message.map(|message| message.full_name()),
        guess: judgement.guess.as_ref(),
        direction: report_as_request.is_none().then_some(report.direction),
        direction_from: judgement.ways.source(),
        method: judgement.ways.method(),
        method_news: judgement.ways.news(),
        verdict: tally.fate,
        sentence: &judgement.verdict.sentence,
        effect,
        as_manifest_says: tally.by_manifest.then_some(tally.as_expected),
        report,
        report_as_request,
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
    end_with(&Counts::of(summary))
}

/// The end of the document, with its counts.
pub(crate) fn end_with(counts: &Counts) -> String {
    format!("\n],\n\"summary\": {}}}\n", to_json(counts))
}

/// The input as an argument names it.
pub(super) fn file(place: &Place) -> String {
    match &*place.input {
        Input::Stdin => "-".to_owned(),
        Input::File(path) => path.display().to_string(),
    }
}

/// Texts and numbers, which JSON has.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| format!("{{\"error\": \"{error}\"}}"))
}
