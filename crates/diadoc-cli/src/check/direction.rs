//! Which way bodies go where nobody says.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use diadoc_proto::registry::MessageType;
use diadoc_schema::{Direction, Directions, Schema};

/// Which ways a body is judged, and why so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ways {
    /// Somebody says it; a method that has the message that way is named.
    Asked(Direction, Option<String>),
    /// The methods of the API have the message only that way; one of them is named.
    Only(Direction, Option<String>),
    /// The methods have it both ways, or none of them has it.
    Both,
}

impl Ways {
    pub(super) fn directions(&self) -> &[Direction] {
        match self {
            Self::Asked(direction, _) | Self::Only(direction, _) => std::slice::from_ref(direction),
            Self::Both => &[Direction::Request, Direction::Response],
        }
    }

    /// Where the direction is known from, in a word.
    pub(super) fn source(&self) -> &'static str {
        match self {
            Self::Asked(..) => "asked",
            Self::Only(..) => "methods",
            Self::Both => "both",
        }
    }

    /// The newest method that has the message that way, where it goes one way alone.
    pub(super) fn method(&self) -> Option<&str> {
        match self {
            Self::Asked(_, method) | Self::Only(_, method) => method.as_deref(),
            Self::Both => None,
        }
    }

    /// What the vendor says of that method, where it gives it up.
    pub(super) fn news(&self) -> Option<String> {
        let method = Schema::diadoc().method(self.method()?).ok()?;
        method.news()
    }
}

/// Why the body is judged so, in words, and what the vendor says of the method; nothing where somebody
/// says the way and the vendor nothing.
impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (direction, does) = match self {
            Self::Asked(..) => {
                return match (self.method(), self.news()) {
                    (Some(method), Some(news)) => write!(f, "of {method} ({news})"),
                    _ => Ok(()),
                };
            }
            Self::Only(Direction::Request, _) => ("as a request", "takes"),
            Self::Only(Direction::Response, _) => ("as a response", "gives"),
            Self::Both => return f.write_str("as a request and as a response"),
        };
        f.write_str(direction)?;
        if let Some(method) = self.method() {
            write!(f, ", which {method} {does}")?;
        }
        match self.news() {
            Some(news) => write!(f, " ({news})"),
            None => Ok(()),
        }
    }
}

/// The ways of each message that has been asked about, by the direction that somebody says.
#[derive(Debug, Default)]
pub(super) struct WaysOf(Mutex<HashMap<(&'static str, Option<Direction>), Ways>>);

impl WaysOf {
    pub(super) fn of(&self, message: &'static MessageType, asked: Option<Direction>) -> Ways {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ways = known.entry((message.full_name(), asked));
        ways.or_insert_with(|| find(message.full_name(), asked))
            .clone()
    }
}

fn find(message: &str, asked: Option<Direction>) -> Ways {
    let directions = directions(message);
    match (asked, directions.only()) {
        (Some(direction), _) => Ways::Asked(direction, newest(&directions, direction)),
        (None, Some(direction)) => Ways::Only(direction, newest(&directions, direction)),
        (None, None) => Ways::Both,
    }
}

fn directions(message: &str) -> Directions {
    let schema = Schema::diadoc();
    match schema.message(message) {
        Ok(message) => schema.directions(&message),
        Err(_) => Directions::default(),
    }
}

/// The newest method that has the message that way: one whose whole body it is comes first, and one
/// that the vendor does not give up before others.
fn newest(directions: &Directions, direction: Direction) -> Option<String> {
    let (methods, whole) = match direction {
        Direction::Request => (&directions.request, directions.whole_requests),
        Direction::Response => (&directions.response, directions.whole_responses),
    };
    let stays = |name: &&String| {
        let method = Schema::diadoc().method(name);
        method.is_ok_and(|method| method.news().is_none())
    };
    let whole = methods.get(..whole).unwrap_or_default();
    // The newest version stands last.
    let method = whole.iter().rev().find(stays).or(whole.last());
    let method = method.or_else(|| methods.iter().find(stays).or(methods.first()));
    method.cloned()
}
