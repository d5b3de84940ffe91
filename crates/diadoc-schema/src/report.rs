//! What a validation found.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use diadoc_core::rules::Effect;
use diadoc_core::secrets::sounds_secret;
use diadoc_core::{Direction, Language};
use serde::Serialize;

use crate::{Deviation, Rule};

#[cfg(feature = "render")]
mod render;
#[cfg(feature = "render")]
mod words;

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
    /// What kind of deviation from the schema it is.
    pub deviation: Deviation,
    /// What the server, or a reader of its responses, does about it.
    pub effect: Effect,
    /// How much it weighs: an error where the body does not do what its writer means.
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
    /// What the server answers, in its own words, where these are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// What bytes in a body are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Content {
    /// The place of the bytes as a path.
    pub path: String,
    /// What they are, as a phrase in the language of the check.
    pub is: String,
}

/// How many findings there are of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// The rule that they go against.
    pub rule: Rule,
    /// What they mean.
    pub effect: Effect,
    /// The path of all of them, with `[*]` for each list index: `Documents[*].Content`.
    pub path: String,
    /// How many there are, whether the report keeps them or not.
    pub count: usize,
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
    /// How many findings there are, by rule, effect and path, the heaviest effect first: all of them.
    pub counts: Vec<Count>,
    /// What the first [`MOST_OF_A_RULE`](Self::MOST_OF_A_RULE) contents in the body are, as far as
    /// their first bytes tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<Content>,
    /// How many findings are counted and not kept: of each rule and effect the report keeps the first
    /// [`MOST_OF_A_RULE`](Self::MOST_OF_A_RULE).
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// The language of the findings.
    #[serde(skip)]
    #[cfg_attr(
        not(feature = "render"),
        allow(dead_code, reason = "for what renders it")
    )]
    language: Language,
    /// How many findings weigh how much, all of them.
    #[serde(skip)]
    severities: [usize; 3],
    /// Where the first [`MOST_OF_A_RULE`](Self::MOST_OF_A_RULE) errors stand that the levels allow.
    #[serde(skip)]
    allowed: BTreeSet<String>,
    /// The keys of secrets, which no line of the body is shown with.
    #[serde(skip)]
    pub(crate) secret_keys: Arc<[String]>,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Report {
    /// How many findings of one rule and effect a report keeps, so that a body of nothing but faults
    /// stays bounded, and many of one kind hide none of another.
    pub const MOST_OF_A_RULE: usize = 1_000;

    /// How many paths of one rule are counted apart.
    pub const MOST_PATTERNS: usize = 1_000;

    /// Under what path those beyond [`MOST_PATTERNS`](Self::MOST_PATTERNS) are counted.
    pub const OTHER_PATHS: &str = "…";

    /// Whether the levels allow an error at that path. Readers do not know them: what one refuses
    /// there is no news.
    #[must_use]
    pub fn is_allowed_at(&self, path: &str) -> bool {
        self.allowed.contains(path)
    }

    pub(crate) fn allow_at(&mut self, path: &str) {
        if self.allowed.len() < Self::MOST_OF_A_RULE {
            self.allowed.insert(path.to_owned());
        }
    }

    pub(crate) fn new(message: &str, direction: Direction, language: Language) -> Self {
        Self {
            message: message.to_owned(),
            direction,
            findings: Vec::new(),
            counts: Vec::new(),
            contents: Vec::new(),
            left_out: 0,
            language,
            severities: [0; 3],
            allowed: BTreeSet::new(),
            secret_keys: Arc::new([]),
        }
    }

    /// Whether what stands under a key is a secret, whether the message has the key or not.
    pub(crate) fn is_secret_key(secret_keys: &[String], key: &str) -> bool {
        let mut known = secret_keys.iter();
        known.any(|known| known.eq_ignore_ascii_case(key)) || sounds_secret(key)
    }

    pub(crate) fn count_one(&mut self, severity: Severity) {
        self.severities[severity as usize] += 1;
    }

    /// Keeps the findings of some rules only.
    pub fn keep(&mut self, rules: &[Rule]) {
        self.findings
            .retain(|finding| rules.contains(&finding.rule));
        self.counts.retain(|count| rules.contains(&count.rule));
        let counted: usize = self.counts.iter().map(|count| count.count).sum();
        self.left_out = counted.saturating_sub(self.findings.len());
        self.severities = [0; 3];
        for finding in &self.findings {
            self.severities[finding.severity as usize] += 1;
        }
    }

    /// Whether a finding weighs at least that much.
    pub fn has(&self, severity: Severity) -> bool {
        self.severities[severity as usize..]
            .iter()
            .any(|count| *count > 0)
    }

    /// Whether a finding is an error.
    pub fn has_errors(&self) -> bool {
        self.has(Severity::Error)
    }

    /// How many findings weigh just that much, those that are left out among them.
    pub fn count(&self, severity: Severity) -> usize {
        self.severities[severity as usize]
    }

    /// How many findings there are, those that are left out among them.
    pub fn total(&self) -> usize {
        self.severities.iter().sum()
    }

    /// How many findings have the effect, those that are left out among them.
    pub fn count_of(&self, effect: Effect) -> usize {
        let counts = self.counts.iter().filter(|count| count.effect == effect);
        counts.map(|count| count.count).sum()
    }

    /// The heaviest effect of a finding; none where there is no finding.
    pub fn effect(&self) -> Option<Effect> {
        self.counts.iter().map(|count| count.effect).min()
    }

    /// What the server answers to the request in its own words, where they are known: that it cannot
    /// read the body, or else what it says to the first finding that it refuses.
    pub fn answer(&self) -> Option<Cow<'_, str>> {
        if self.direction == Direction::Response {
            return None;
        }
        let findings = self.findings.iter();
        let mut refused = findings.filter(|finding| finding.effect == Effect::Refused);
        if refused
            .clone()
            .any(|finding| finding.deviation.verdict().unreadable)
        {
            let name = self.message.rsplit('.').next().unwrap_or_default();
            return Some(format!("Can't deserialize request body into type: {name}").into());
        }
        refused.next()?.answer.as_deref().map(Cow::Borrowed)
    }
}

/// A path with `[*]` for each list index: `Documents[*].Content`.
pub(crate) fn pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open + 1);
        let digits = from.bytes().take_while(u8::is_ascii_digit).count();
        pattern.push_str(before);
        if digits > 0 && from[digits..].starts_with(']') {
            pattern.push('*');
            rest = &from[digits..];
        } else {
            rest = from;
        }
    }
    pattern.push_str(rest);
    pattern
}

#[cfg(feature = "render")]
impl Report {
    /// The report for a person, in the language of its findings: for each its rule and message, its path, line and column,
    /// the line of the body with a caret under the place, and what was expected, found and perhaps
    /// meant. `source` is the body that the report is about; long lines are cut around the place.
    /// `colour` adds the escapes of a terminal.
    ///
    /// Text of the body is made fit for a terminal: it cannot bring escapes of its own. In the place of
    /// secrets stands `***`, also under keys that the message does not have and that sound like one.
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
