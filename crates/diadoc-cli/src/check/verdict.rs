//! What became of a body, held against what was expected.

use diadoc_schema::{Report, Severity};
use serde::Serialize;

use super::source::Expected;
use super::trip::Trip;

/// What became of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fate {
    /// Nothing is wrong with it.
    Passes,
    /// It has warnings, and these count.
    Warnings,
    /// It can be read, and has errors.
    Errors,
    /// Reading and writing changes it.
    Changed,
    /// It cannot be read.
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
}

impl Verdict {
    /// `report` is none where no message is known; findings count from the severity `least` on.
    pub(super) fn of(
        expected: Option<&Expected>,
        report: Option<&Report>,
        trip: &Trip,
        least: Severity,
    ) -> Self {
        let count = |severity| report.map_or(0, |report| report.count(severity));
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let fate = match report {
            None => Fate::Unknown,
            _ if trip.refused.is_some() => Fate::Refused,
            _ if !trip.changed.is_empty() => Fate::Changed,
            _ if errors > 0 => Fate::Errors,
            _ if least <= Severity::Warning && warnings > 0 => Fate::Warnings,
            _ => Fate::Passes,
        };
        let refused_at = expected.and_then(|expected| expected.refused_at.as_deref());
        let as_expected = match (refused_at, &trip.refused) {
            (None, _) => fate == Fate::Passes,
            (Some(path), Some(refusal)) => refusal.path == path,
            (Some(_), None) => false,
        };
        let text = match (fate, refused_at) {
            (Fate::Refused, Some(_)) if as_expected => "refused, as the manifest says".to_owned(),
            (Fate::Passes, None) => match warnings {
                0 => "passes".to_owned(),
                count => format!("passes with {}", counted(count, "warning")),
            },
            (fate, refused_at) => {
                let text = match fate {
                    Fate::Passes => "PASSES".to_owned(),
                    Fate::Warnings => format!("HAS {}", counted(warnings, "WARNING")),
                    Fate::Errors => format!("HAS {}", counted(errors, "ERROR")),
                    Fate::Changed => "CHANGED".to_owned(),
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
