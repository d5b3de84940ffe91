//! What a validation found.

use std::fmt;
use std::ops::Range;

use diadoc_core::Direction;
use serde::Serialize;

use crate::Rule;

#[cfg(feature = "render")]
mod render;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong with the body.
    Info,
    /// The body will be read, but not as its writer may think.
    Warning,
    /// The body will be refused, or read as something else.
    Error,
}

/// A range of bytes in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// The first byte, from 0.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        let Range { start, end } = range;
        Self { start, end }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that it goes against; its id is stable.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// The place as a path: `Documents[0].Content`; empty for the body as a whole.
    pub path: String,
    /// The place as a JSON pointer: `/Documents/0/Content`.
    pub pointer: String,
    /// The bytes that it is about.
    pub span: Span,
    /// The line of the span's start, from 1; 0 for protobuf.
    pub line: usize,
    /// The column of the span's start, from 1, in characters; 0 for protobuf.
    pub column: usize,
    /// What is wrong, as a phrase without the place: lower case, no full stop.
    pub message: String,
    /// What was expected there, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What stood there, shortened; it quotes the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What may have been meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// Everything that one validation found, in the order of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The full name of the message that the body was held against.
    pub message: String,
    /// Which way the body goes.
    pub direction: Direction,
    /// The findings.
    pub findings: Vec<Finding>,
    /// How many findings are left out: a report keeps the first
    /// [`MOST_FINDINGS`](Self::MOST_FINDINGS), the first error, and where JSON breaks off.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Report {
    /// How many findings a report keeps, so that a body of nothing but faults stays bounded.
    pub const MOST_FINDINGS: usize = 10_000;

    pub(crate) fn new(message: &str, direction: Direction) -> Self {
        Self {
            message: message.to_owned(),
            direction,
            findings: Vec::new(),
            left_out: 0,
        }
    }

    /// Whether a finding weighs at least that much.
    pub fn has(&self, severity: Severity) -> bool {
        self.findings.iter().any(|f| f.severity >= severity)
    }

    /// Whether a finding is an error.
    pub fn has_errors(&self) -> bool {
        self.has(Severity::Error)
    }

    /// How many findings weigh just that much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|f| f.severity == severity)
            .count()
    }
}

#[cfg(feature = "render")]
impl Report {
    /// The report for a person: for each finding its rule and message, its path, line and column,
    /// the line of the body with a caret under the place, and what was expected, found and perhaps
    /// meant. `source` is the body that the report is about; long lines are cut around the place.
    /// `colour` adds the escapes of a terminal.
    ///
    /// Text of the body is made fit for a terminal: it cannot bring escapes of its own.
    pub fn render(&self, source: &str, colour: bool) -> String {
        render::report(self, source, colour)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
