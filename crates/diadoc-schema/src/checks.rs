//! How bodies are checked.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use diadoc_core::{Direction, Form, Language};
use prost_reflect::MessageDescriptor;

use crate::{Prepared, Report, Rule, Severity};

/// What is asked of bodies: which way they go, how much each rule weighs, whether their contents are
/// looked into.
///
/// ```
/// use diadoc_schema::{Checks, Direction, Form, Level, Rule, Schema};
///
/// let message = Schema::diadoc().message("Diadoc.Api.Proto.DocumentId")?;
/// let body = br#"{"MessageId": "9d2fc4b1-62b8-4c0c-b5a4-6a0b33bb4a4b", "EntityId": "e", "New": 1}"#;
/// let checks = Checks::new(Direction::Response).level(Rule::JsonUnknownKey, Level::Deny);
/// assert!(checks.check(&message, Form::Json, body).has_errors());
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks {
    pub(crate) direction: Direction,
    pub(crate) levels: Levels,
    pub(crate) contents: bool,
    pub(crate) language: Language,
}

/// What somebody makes of the findings of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Each is an error.
    Deny,
    /// Each is a warning.
    Warn,
    /// There is none.
    Allow,
}

/// The levels of rules, where they are not those that come with the findings' effects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Levels(BTreeMap<Rule, Level>);

/// A text that is neither `deny` nor `warn` nor `allow`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a level is `deny`, `warn` or `allow`")]
pub struct LevelError;

impl Checks {
    /// All checks, with the levels that come with the effects.
    pub fn new(direction: Direction) -> Self {
        Self {
            direction,
            levels: Levels::default(),
            contents: true,
            language: Language::English,
        }
    }

    /// Gives a rule another level.
    #[must_use]
    pub fn level(mut self, rule: Rule, level: Level) -> Self {
        self.levels.set(rule, level);
        self
    }

    /// Gives rules other levels.
    #[must_use]
    pub fn levels(mut self, levels: Levels) -> Self {
        self.levels = levels;
        self
    }

    /// Whether documents, signatures and texts in `bytes` are looked into, the `content.*` rules.
    #[must_use]
    pub fn contents(mut self, contents: bool) -> Self {
        self.contents = contents;
        self
    }

    /// The language in which findings tell people what is wrong; English where none is given. Ids, paths, names
    /// of the schema and the server's own answers are the same in each.
    ///
    /// ```
    /// use diadoc_schema::{Checks, Direction, Form, Language, Schema};
    ///
    /// let message = Schema::diadoc().message("Diadoc.Api.Proto.Timestamp")?;
    /// let checks = Checks::new(Direction::Request).language(Language::Russian);
    /// let report = checks.check(&message, Form::Json, b"{}");
    /// assert_eq!(report.findings[0].message, "нет обязательного поля `Ticks`");
    /// # Ok::<(), diadoc_schema::SchemaError>(())
    /// ```
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Holds a body against a message, as [`validate_json`](crate::validate_json) and
    /// [`validate_protobuf`](crate::validate_protobuf) do. For many bodies of a message there is
    /// [`Prepared`].
    pub fn check(&self, message: &MessageDescriptor, form: Form, body: &[u8]) -> Report {
        Prepared::new(message).check(self, form, body)
    }
}

impl Levels {
    /// Gives a rule a level.
    pub fn set(&mut self, rule: Rule, level: Level) {
        self.0.insert(rule, level);
    }

    /// The level that somebody gave a rule.
    pub fn get(&self, rule: Rule) -> Option<Level> {
        self.0.get(&rule).copied()
    }

    /// How much a finding of the rule weighs that would weigh so much; none where there is to be none.
    pub(crate) fn severity(&self, rule: Rule, severity: Severity) -> Option<Severity> {
        match self.get(rule) {
            None => Some(severity),
            Some(Level::Deny) => Some(Severity::Error),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Allow) => None,
        }
    }
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        match text {
            "deny" => Ok(Self::Deny),
            "warn" => Ok(Self::Warn),
            "allow" => Ok(Self::Allow),
            _ => Err(LevelError),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Allow => "allow",
        })
    }
}
