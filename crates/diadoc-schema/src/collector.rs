//! Collects what a validation finds, each with its place: one for JSON and for protobuf.

use std::cmp::Reverse;
use std::fmt::Write as _;

use prost_reflect::MessageDescriptor;

use crate::{Direction, Finding, Report, Rule, Severity, Span};
use diadoc_core::dialect::{push_index, push_key};
use diadoc_core::rules::Violation;

/// A report in the making, and the place in the body that is being read.
///
/// The place is two strings that grow and shrink with the reading, so that values without faults
/// cost no allocation.
pub(crate) struct Collector {
    report: Report,
    path: String,
    pointer: String,
    /// Whether a finding so far is an error.
    has_error: bool,
}

/// A place to go back to: the lengths of its path and pointer.
#[derive(Clone, Copy)]
pub(crate) struct Outside(usize, usize);

impl Collector {
    pub(crate) fn new(message: &MessageDescriptor, direction: Direction) -> Self {
        Self {
            report: Report::new(message.full_name(), direction),
            path: String::new(),
            pointer: String::new(),
            has_error: false,
        }
    }

    /// The report, in the order of the body. What is said of a whole stands before its parts.
    pub(crate) fn finish(mut self) -> Report {
        self.report
            .findings
            .sort_by_key(|finding| (finding.span.start, Reverse(finding.span.end)));
        self.report
    }

    pub(crate) fn enter_key(&mut self, key: &str) -> Outside {
        self.enter_field(key, key)
    }

    /// Enters a field under the name that readers give it and the key that stands in the body.
    pub(crate) fn enter_field(&mut self, name: &str, key: &str) -> Outside {
        let outside = Outside(self.path.len(), self.pointer.len());
        push_key(&mut self.path, name);
        self.pointer.push('/');
        match key.contains(['~', '/']) {
            true => {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                self.pointer.push_str(&escaped);
            }
            false => self.pointer.push_str(key),
        }
        outside
    }

    pub(crate) fn enter_index(&mut self, index: usize) -> Outside {
        let outside = Outside(self.path.len(), self.pointer.len());
        push_index(&mut self.path, index);
        // Writing to a string cannot fail.
        let _ = write!(self.pointer, "/{index}");
        outside
    }

    pub(crate) fn leave(&mut self, Outside(path, pointer): Outside) {
        self.path.truncate(path);
        self.pointer.truncate(pointer);
    }

    /// The place of the body as a whole.
    pub(crate) const BODY: Outside = Outside(0, 0);

    pub(crate) fn is_request(&self) -> bool {
        self.report.direction == Direction::Request
    }

    /// The severity of what the server refuses a request for and a reader of responses bears with.
    pub(crate) fn severity(&self, in_response: Severity) -> Severity {
        match self.report.direction {
            Direction::Request => Severity::Error,
            Direction::Response => in_response,
        }
    }

    /// Whether findings were left out: then it is not worth looking for what may be meant.
    pub(crate) fn is_full(&self) -> bool {
        self.report.left_out > 0
    }

    /// Adds a finding at the current place. A full report takes the first error only.
    pub(crate) fn add(&mut self, finding: Finding) {
        let first_error = finding.severity == Severity::Error && !self.has_error;
        if self.report.findings.len() < Report::MOST_FINDINGS || first_error {
            self.has_error |= first_error;
            self.add_always(finding);
        } else {
            self.report.left_out += 1;
        }
    }

    /// Adds a finding even to a full report.
    pub(crate) fn add_always(&mut self, mut finding: Finding) {
        finding.path.clone_from(&self.path);
        finding.pointer.clone_from(&self.pointer);
        self.report.findings.push(finding);
    }

    /// Adds a finding at a key of the current place.
    pub(crate) fn add_at(&mut self, key: &str, finding: Finding) {
        let outside = self.enter_key(key);
        self.add(finding);
        self.leave(outside);
    }

    /// Adds violations of one value. What stands there is only asked for where there are any.
    pub(crate) fn add_violations<F: Into<Option<String>>>(
        &mut self,
        violations: Vec<Violation>,
        span: Span,
        found: impl FnOnce() -> F,
    ) {
        if violations.is_empty() {
            return;
        }
        let found = found().into();
        let severity = self.severity(Severity::Warning);
        for violation in violations {
            let mut finding = Finding::new(violation.rule, severity, span, violation.message);
            finding.found.clone_from(&found);
            let finding = finding.expected(violation.expected);
            self.add(finding.suggestion(violation.suggestion));
        }
    }
}

impl Finding {
    /// A finding without a place, which the collector gives it.
    pub(crate) fn new(
        rule: Rule,
        severity: Severity,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity,
            path: String::new(),
            pointer: String::new(),
            span,
            line: 0,
            column: 0,
            message: message.into(),
            expected: None,
            found: None,
            suggestion: None,
        }
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    pub(crate) fn suggestion(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }
}
