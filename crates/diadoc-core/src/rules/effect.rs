//! What the server does about a finding.

use std::fmt;

use super::words::Words;
use crate::{Direction, Language};

/// What a finding means for the body, the heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Of a request: the server answers 400, or cannot read the body. Of a response: readers refuse
    /// it.
    Refused,
    /// Of a response: this is another message.
    Foreign,
    /// Of a request: the server reads the body and ignores this.
    Dropped,
    /// Nobody has seen what the server does about it.
    Unproven,
    /// Of a response: the schema lags behind the server, and readers take the body.
    Drift,
    /// It differs from the schema, and the server, or a reader of its responses, takes it as meant.
    Accepted,
}

impl Effect {
    /// All of them, the heaviest first.
    pub const ALL: [Self; 6] = [
        Self::Refused,
        Self::Foreign,
        Self::Dropped,
        Self::Unproven,
        Self::Drift,
        Self::Accepted,
    ];

    /// Its name: `refused`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Foreign => "foreign",
            Self::Dropped => "dropped",
            Self::Unproven => "unproven",
            Self::Drift => "drift",
            Self::Accepted => "accepted",
        }
    }

    /// Its name for people: of findings the heading.
    pub fn heading(self, language: Language) -> &'static str {
        let words = Words::of(language);
        match self {
            Self::Refused => words.refused,
            Self::Foreign => words.foreign,
            Self::Dropped => words.dropped,
            Self::Unproven => words.unproven,
            Self::Drift => words.drift,
            Self::Accepted => words.accepted,
        }
    }

    /// Whether a body with such a finding is at fault: it does not do what its writer means.
    pub fn is_fault(self) -> bool {
        matches!(self, Self::Refused | Self::Foreign | Self::Dropped)
    }

    /// What becomes of a body whose heaviest finding has the effect, as a sentence without its stop.
    pub fn sentence(self, direction: Direction, language: Language) -> &'static str {
        let words = Words::of(language);
        match (self, direction) {
            (Self::Refused, Direction::Request) => words.server_refuses,
            (Self::Refused, Direction::Response) => words.readers_refuse,
            (Self::Foreign, _) => words.is_foreign,
            (Self::Dropped, _) => words.server_drops,
            (Self::Unproven, Direction::Request) => words.is_unproven,
            (Self::Drift, _) => words.readers_take_drift,
            (Self::Accepted, Direction::Request) => words.server_takes,
            (Self::Unproven | Self::Accepted, Direction::Response) => words.readers_take,
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How well it is known what the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The server's own answer shows it, or the vendor's staff say so.
    Proven,
    /// The vendor's pages say so, readers of .NET do so, or clients in use rely on it.
    Likely,
    /// Nobody has seen it.
    Open,
}

impl Evidence {
    /// All of them, the best first.
    pub const ALL: [Self; 3] = [Self::Proven, Self::Likely, Self::Open];

    /// Its name: `proven`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Likely => "likely",
            Self::Open => "open",
        }
    }

    /// The evidence of a number in the schema's options.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Proven),
            2 => Some(Self::Likely),
            3 => Some(Self::Open),
            _ => None,
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
