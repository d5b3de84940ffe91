//! Where bodies stand, and what is expected of them.

use std::fmt;

use diadoc_api::Form;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Direction, Levels};

use crate::input::Input;

/// Where a body stands, or one in each line; what they are, and what is expected of them.
#[derive(Debug)]
pub(super) struct Source {
    pub input: Input,
    /// What the bodies are.
    pub form: Form,
    /// Whether there is one body a line.
    pub lines: bool,
    /// The message, where it is known.
    pub message: Option<&'static MessageType>,
    /// Which way they go, where somebody says it.
    pub direction: Option<Direction>,
    /// How much the findings of each rule weigh.
    pub levels: Levels,
    /// What a manifest says, where there is one.
    pub expected: Option<Expected>,
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
    pub input: Input,
    /// The line, where there is one body a line.
    pub line: Option<usize>,
    /// Where the body starts in its input.
    pub offset: usize,
}

impl Place {
    /// A body that is all of its input.
    pub(super) fn whole(input: Input) -> Self {
        Self {
            input,
            line: None,
            offset: 0,
        }
    }

    /// A body that is a line of its input.
    pub(super) fn line(input: Input, line: usize, offset: usize) -> Self {
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
            Some(line) => match &self.input {
                Input::Stdin => write!(f, "standard input, line {line}"),
                Input::File(path) => write!(f, "{}:{line}", path.display()),
            },
        }
    }
}
