//! How a command ends.

use std::fmt;
use std::io;

use diadoc_core::fill;

use crate::words::words;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// Something is not as it should be; the output says what.
    Findings,
    /// Something could not be read, as was said; the rest was looked at.
    Unreadable,
}

impl Outcome {
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Unreadable => 2,
        }
    }
}

/// Why a command could not do its work: a sentence, and on the lines below it what to do next. It is
/// made where the work fails, and nothing but people reads it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    text: String,
    exit_code: u8,
}

impl Failure {
    /// Wrong usage, or something that cannot be read or written.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            exit_code: 2,
        }
    }

    /// A body or the schema is not as it should be.
    pub(crate) fn finding(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            exit_code: 1,
        }
    }

    /// The system gave no thread.
    pub(crate) fn no_thread(error: io::Error) -> Self {
        Self::new(fill(words().no_thread, &[&error]))
    }

    /// The same with one more line.
    pub(crate) fn and(mut self, line: &str) -> Self {
        self.text.push('\n');
        self.text += line;
        self
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}
