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
    /// What the bodies are.
    pub form: Form,
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
    /// The line, where there is one body a line.
    pub line: Option<usize>,
    /// Where the body starts in its input.
    pub offset: usize,
}

impl Place {
    /// A body that is all of its input.
    pub(super) fn whole(input: Arc<Input>) -> Self {
        Self {
            input,
            line: None,
            offset: 0,
        }
    }

    /// A body that is a line of its input.
    pub(super) fn line(input: Arc<Input>, line: usize, offset: usize) -> Self {
        Self {
            input,
            line: Some(line),
            offset,
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
