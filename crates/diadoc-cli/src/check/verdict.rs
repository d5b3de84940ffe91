//! What became of a body, held against what was expected.

use diadoc_core::fill;
use diadoc_schema::{Direction, Effect, Report, Severity};
use serde::Serialize;

use super::source::Expected;
use super::trip::Trip;
use super::words::words;
use crate::language;

/// What became of a body, the lightest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fate {
    /// Nothing is wrong with it.
    Passes,
    /// It is none of the API's, and nobody has said that it is.
    Skipped,
    /// It has findings, and all of them count.
    Findings,
    /// The server ignores some of it.
    Dropped,
    /// Reading and writing changes it.
    Changed,
    /// It is another message.
    Foreign,
    /// The server would answer 400, or readers refuse it.
    Refused,
    /// No message fits it.
    Unknown,
}

/// What became of a body, and whether it had to.
#[derive(Debug)]
pub(super) struct Verdict {
    pub fate: Fate,
    pub as_expected: bool,
    pub text: String,
    /// What the server does about it, in words.
    pub sentence: String,
}

impl Verdict {
    /// `reports` is empty where no message is known, and has one for each way that the body may go.
    /// `may_be_foreign`: where no message fits, the body may have nothing to do with Diadoc.
    pub(super) fn of(
        expected: Option<&Expected>,
        reports: &[Report],
        trip: &Trip,
        strict: bool,
        may_be_foreign: bool,
    ) -> Self {
        let fates = reports.iter().map(|report| fate(report, trip, strict));
        let fate = fates.max().unwrap_or(match may_be_foreign {
            true => Fate::Skipped,
            false => Fate::Unknown,
        });
        let refused_at = expected.and_then(|expected| expected.refused_at.as_deref());
        let is_refused_at = |path: &str| {
            let findings = reports.iter().flat_map(|report| &report.findings);
            let mut refused = findings.filter(|finding| finding.effect == Effect::Refused);
            let by_reader = trip.refused.as_ref();
            by_reader.is_some_and(|refusal| refusal.path == path)
                || refused.any(|finding| finding.path == path)
        };
        let as_expected = match refused_at {
            None => matches!(fate, Fate::Passes | Fate::Skipped),
            Some(path) => is_refused_at(path),
        };
        let total = |severity: Severity| -> usize {
            reports.iter().map(|report| report.count(severity)).sum()
        };
        let (errors, warnings) = (total(Severity::Error), total(Severity::Warning));
        let words = words();
        let text = match (fate, refused_at) {
            (_, Some(_)) if as_expected => words.refused_as_said.to_owned(),
            (Fate::Passes, None) => match warnings {
                0 => words.passes.to_owned(),
                1 => words.passes_1_warning.to_owned(),
                count => fill(words.passes_warnings, &[&count]),
            },
            (fate, refused_at) => {
                let text = match fate {
                    Fate::Passes => words.passes_loud.to_owned(),
                    Fate::Skipped => words.skipped.to_owned(),
                    Fate::Findings => match (errors, total_of(reports)) {
                        (0, 1) => words.has_1_finding.to_owned(),
                        (0, all) => fill(words.has_findings, &[&all]),
                        (1, _) => words.has_1_error.to_owned(),
                        (errors, _) => fill(words.has_errors, &[&errors]),
                    },
                    Fate::Dropped => words.dropped.to_owned(),
                    Fate::Changed => words.changed.to_owned(),
                    Fate::Foreign => words.foreign.to_owned(),
                    Fate::Refused => words.refused.to_owned(),
                    Fate::Unknown => words.unknown.to_owned(),
                };
                match refused_at {
                    None => text,
                    Some("") => fill(words.not_refused_at_top, &[&text]),
                    Some(path) => fill(words.not_refused_at, &[&text, &path]),
                }
            }
        };
        Self {
            fate,
            as_expected,
            text,
            sentence: sentence(reports, trip),
        }
    }
}

/// What became of a body that went this way.
fn fate(report: &Report, trip: &Trip, strict: bool) -> Fate {
    let has_error = |effect: Effect| {
        let mut findings = report.findings.iter();
        findings.any(|finding| finding.effect == effect && finding.severity == Severity::Error)
    };
    match () {
        () if has_error(Effect::Refused) => Fate::Refused,
        // The reader's own refusal, where the report has nothing about the place.
        () if trip
            .refused
            .as_ref()
            .is_some_and(|refusal| !refusal.reported) =>
        {
            Fate::Refused
        }
        () if has_error(Effect::Foreign) => Fate::Foreign,
        () if !trip.changed.is_empty() => Fate::Changed,
        () if has_error(Effect::Dropped) => Fate::Dropped,
        () if report.has_errors() => Fate::Findings,
        () if strict && report.total() > 0 => Fate::Findings,
        () => Fate::Passes,
    }
}

/// What the server, or a reader of its answers, does about the body.
fn sentence(reports: &[Report], trip: &Trip) -> String {
    let words = words();
    let sentences: Vec<_> = reports
        .iter()
        .map(|report| {
            let unreported = trip
                .refused
                .as_ref()
                .is_some_and(|refusal| !refusal.reported);
            let effect = report.effect().unwrap_or(Effect::Accepted);
            // What else there is, weighs less than that it cannot be read, such as for the limits.
            if unreported && effect != Effect::Refused {
                return (report.direction, words.unreadable_here.to_owned());
            }
            let mut text = effect
                .sentence(report.direction, language::spoken())
                .to_owned();
            if let (Effect::Refused, Some(answer)) = (effect, report.answer()) {
                text += &format!(": {answer}");
            }
            (report.direction, text)
        })
        .collect();
    match sentences.as_slice() {
        [] => words.no_message.to_owned(),
        [(_, one)] => one.clone(),
        all => {
            let part = |(direction, text): &(Direction, String)| match direction {
                Direction::Request => fill(words.sentence_as_request, &[text]),
                Direction::Response => fill(words.sentence_as_response, &[text]),
            };
            all.iter().map(part).collect::<Vec<_>>().join("; ")
        }
    }
}

/// How many findings there are.
fn total_of(reports: &[Report]) -> usize {
    reports.iter().map(Report::total).sum()
}
