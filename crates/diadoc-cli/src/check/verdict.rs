//! What became of a body, held against what was expected.

use diadoc_schema::{Direction, Effect, Report, Severity};
use serde::Serialize;

use super::source::Expected;
use super::trip::Trip;

/// What became of a body, the lightest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fate {
    /// Nothing is wrong with it.
    Passes,
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
    pub(super) fn of(
        expected: Option<&Expected>,
        reports: &[Report],
        trip: &Trip,
        strict: bool,
    ) -> Self {
        let fates = reports.iter().map(|report| fate(report, trip, strict));
        let fate = fates.max().unwrap_or(Fate::Unknown);
        let refused_at = expected.and_then(|expected| expected.refused_at.as_deref());
        let is_refused_at = |path: &str| {
            let findings = reports.iter().flat_map(|report| &report.findings);
            let mut refused = findings.filter(|finding| finding.effect == Effect::Refused);
            let by_reader = trip.refused.as_ref();
            by_reader.is_some_and(|refusal| refusal.path == path)
                || refused.any(|finding| finding.path == path)
        };
        let as_expected = match refused_at {
            None => fate == Fate::Passes,
            Some(path) => is_refused_at(path),
        };
        let total = |severity: Severity| -> usize {
            reports.iter().map(|report| report.count(severity)).sum()
        };
        let (errors, warnings) = (total(Severity::Error), total(Severity::Warning));
        let text = match (fate, refused_at) {
            (_, Some(_)) if as_expected => "refused, as the manifest says".to_owned(),
            (Fate::Passes, None) => match warnings {
                0 => "passes".to_owned(),
                count => format!("passes with {}", counted(count, "warning")),
            },
            (fate, refused_at) => {
                let text = match fate {
                    Fate::Passes => "PASSES".to_owned(),
                    Fate::Findings if errors > 0 => format!("HAS {}", counted(errors, "ERROR")),
                    Fate::Findings => {
                        let all = reports.iter().map(Report::total).sum();
                        format!("HAS {}", counted(all, "FINDING"))
                    }
                    Fate::Dropped => "PARTLY DROPPED".to_owned(),
                    Fate::Changed => "CHANGED".to_owned(),
                    Fate::Foreign => "ANOTHER MESSAGE".to_owned(),
                    Fate::Refused => "REFUSED".to_owned(),
                    Fate::Unknown => "NO MESSAGE FITS".to_owned(),
                };
                match refused_at {
                    None => text,
                    Some("") => format!("{text}, but the manifest says refused at its top"),
                    Some(path) => format!("{text}, but the manifest says refused at {path}"),
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
                return (report.direction, "this cannot be read here".to_owned());
            }
            let mut text = effect.sentence(report.direction).to_owned();
            if let (Effect::Refused, Some(answer)) = (effect, report.answer()) {
                text += &format!(": {answer}");
            }
            (report.direction, text)
        })
        .collect();
    match sentences.as_slice() {
        [] => "no message of the schema fits this".to_owned(),
        [(_, one)] => one.clone(),
        all => {
            let part =
                |(direction, text): &(Direction, String)| format!("as a {direction}, {text}");
            all.iter().map(part).collect::<Vec<_>>().join("; ")
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    let many = if what.ends_with(char::is_uppercase) {
        "S"
    } else {
        "s"
    };
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}{many}"),
    }
}
