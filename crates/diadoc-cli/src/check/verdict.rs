//! What became of a body, held against what was expected.

use diadoc_testkit::round_trip::Report;

use super::bodies::Body;

/// What became of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Passed,
    Refused,
    Changed,
}

/// What became of a body, and whether it had to.
#[derive(Debug)]
pub struct Verdict {
    pub fate: Fate,
    pub as_expected: bool,
    pub text: String,
}

impl Verdict {
    pub fn of(body: &Body, report: &Report) -> Self {
        let refused_at = body
            .expected
            .as_ref()
            .and_then(|expected| expected.refused_at.as_deref());
        let refusal = report.refusal();
        let fate = match refusal {
            Some(_) => Fate::Refused,
            None if report.passed() => Fate::Passed,
            None => Fate::Changed,
        };
        let as_expected = match (refused_at, refusal) {
            (None, _) => fate == Fate::Passed,
            (Some(path), Some(error)) => error.path() == path,
            (Some(_), None) => false,
        };
        let text = match (fate, refused_at) {
            (Fate::Passed, None) => "passes".to_owned(),
            (Fate::Passed, Some(path)) => {
                format!("PASSES, but the manifest says refused at {}", place(path))
            }
            (Fate::Refused, Some(_)) if as_expected => "refused, as the manifest says".to_owned(),
            (Fate::Refused, None) => "REFUSED".to_owned(),
            (Fate::Changed, None) => "CHANGED".to_owned(),
            (Fate::Refused, Some(path)) => {
                format!("REFUSED, but the manifest says refused at {}", place(path))
            }
            (Fate::Changed, Some(path)) => {
                format!("CHANGED, but the manifest says refused at {}", place(path))
            }
        };
        Self {
            fate,
            as_expected,
            text,
        }
    }
}

/// A path for people; that of the whole body is empty.
fn place(path: &str) -> &str {
    match path {
        "" => "its top",
        path => path,
    }
}
