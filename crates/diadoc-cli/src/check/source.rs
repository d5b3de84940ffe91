//! Where bodies stand, and what is expected of them.

use std::fmt;
use std::sync::Arc;

use diadoc_api::Form;
use diadoc_core::fill;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Checks, Direction};

use super::words::words;
use crate::input::Input;

/// The ways of a body, in the order of [`Source::checks`].
pub(super) const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];

/// Where a body stands, or one in each line; what they are, and what is expected of them.
#[derive(Debug)]
pub(super) struct Source {
    pub input: Arc<Input>,
    /// What the bodies are, where somebody says it; else they are opened.
    pub form: Option<Form>,
    /// Whether there is one body a line.
    pub lines: bool,
    /// The message, where it is known.
    pub message: Option<&'static MessageType>,
    /// Which way they go, where somebody says it.
    pub direction: Option<Direction>,
    /// What is asked of requests, and of responses.
    pub checks: [Checks; 2],
    /// What a manifest says, where there is one.
    pub expected: Option<Expected>,
    /// Whether nobody has named the input, so that what fits no message is no fault.
    pub may_be_foreign: bool,
}

impl Source {
    /// What is asked of bodies that go that way.
    pub(super) fn checks(&self, direction: Direction) -> &Checks {
        let [requests, responses] = &self.checks;
        match direction {
            Direction::Request => requests,
            Direction::Response => responses,
        }
    }
}

/// What a manifest says about a body.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// Where it must be refused; none where it must pass.
    pub refused_at: Option<String>,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// Where a body stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub input: Arc<Input>,
    /// The line in which the body begins, where that is said.
    pub line: Option<usize>,
    /// How many characters stand before it in that line.
    pub column: usize,
    /// Where the body starts in its input.
    pub offset: usize,
    /// Whether the body does not stand in the input as it is: its own lines and bytes are counted.
    pub is_made: bool,
}

impl Place {
    /// A body that is all of its input.
    pub(super) fn whole(input: Arc<Input>) -> Self {
        Self {
            input,
            line: None,
            column: 0,
            offset: 0,
            is_made: false,
        }
    }

    /// A body that is a line of its input.
    pub(super) fn line(input: Arc<Input>, line: usize, offset: usize) -> Self {
        Self {
            line: Some(line),
            offset,
            ..Self::whole(input)
        }
    }

    /// A body that was opened in what stands here: at a byte of it, or made of it; with its line where that
    /// is not the only one with a body.
    pub(super) fn inside(&self, bytes: &[u8], start: Option<usize>, is_in_line: bool) -> Self {
        let Some(start) = start else {
            return Self {
                is_made: true,
                ..self.clone()
            };
        };
        let before = String::from_utf8_lossy(&bytes[..start.min(bytes.len())]);
        if before.is_empty() && !is_in_line {
            return self.clone();
        }
        let line = self.line.unwrap_or(1) + before.matches('\n').count();
        let last = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: Some(line),
            column: last.chars().count(),
            offset: self.offset + start,
            ..self.clone()
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            None => self.input.fmt(f),
            Some(line) => match &*self.input {
                Input::Stdin => f.write_str(&fill(words().stdin_line, &[&line])),
                Input::File(path) => write!(f, "{}:{line}", path.display()),
            },
        }
    }
}
