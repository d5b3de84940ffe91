//! What became of a request, in a word.

use diadoc_schema::Severity;

use super::words::Words;
use crate::Received;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was answered as it asked.
    Fine,
    /// It was answered, and something about it is notable.
    Notable(usize),
    /// So much is wrong with it.
    Wrong(usize),
    /// It was answered with an error that is not about its parameters or its body.
    Refused,
    /// A fault met it.
    Fault,
    /// No answer was chosen yet.
    Open,
}

impl Verdict {
    pub(super) fn of(received: &Received) -> Self {
        let report = received.report.as_ref();
        let count = |severity| report.map_or(0, |report| report.count(severity));
        let wrong = received.violations.len() + count(Severity::Error);
        let note = received.note.as_deref().unwrap_or_default();
        match received.status {
            _ if note.starts_with("fault: ") => Self::Fault,
            None => Self::Open,
            _ if wrong > 0 => Self::Wrong(wrong),
            Some(400..) => Self::Refused,
            _ => match received.remarks.len().max(count(Severity::Warning)) {
                0 => Self::Fine,
                warnings => Self::Notable(warnings),
            },
        }
    }

    /// The class that it is coloured by.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Notable(_) | Self::Fault => "warn",
            Self::Wrong(_) | Self::Refused => "bad",
            Self::Open => "muted",
        }
    }

    pub(super) fn text(self, words: &Words) -> String {
        match self {
            Self::Fine => words.verdict_fine.to_owned(),
            Self::Notable(count) => format!("{}: {count}", words.verdict_warnings),
            Self::Wrong(count) => format!("{}: {count}", words.verdict_errors),
            Self::Refused => words.verdict_refused.to_owned(),
            Self::Fault => words.verdict_fault.to_owned(),
            Self::Open => words.verdict_open.to_owned(),
        }
    }
}
