//! Which way bodies go where nobody says.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use diadoc_proto::registry::MessageType;
use diadoc_schema::{Direction, Directions, Method, Schema};

/// Which ways a body is judged, and why so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ways {
    /// Somebody says it.
    Asked(Direction),
    /// The methods of the API have the message only that way; one of them is named.
    Only(Direction, Option<String>),
    /// The methods have it both ways, or none of them has it.
    Both,
}

impl Ways {
    pub(super) fn directions(&self) -> &[Direction] {
        match self {
            Self::Asked(direction) | Self::Only(direction, _) => std::slice::from_ref(direction),
            Self::Both => &[Direction::Request, Direction::Response],
        }
    }

    /// Where the direction is known from, in a word.
    pub(super) fn source(&self) -> &'static str {
        match self {
            Self::Asked(_) => "asked",
            Self::Only(..) => "methods",
            Self::Both => "both",
        }
    }
}

/// Why the body is judged so, in words; nothing where somebody says it.
impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked(_) => Ok(()),
            Self::Only(Direction::Request, None) => f.write_str("as a request"),
            Self::Only(Direction::Response, None) => f.write_str("as a response"),
            Self::Only(Direction::Request, Some(method)) => {
                write!(f, "as a request, which {method} takes")?;
                write_news(f, method)
            }
            Self::Only(Direction::Response, Some(method)) => {
                write!(f, "as a response, which {method} gives")?;
                write_news(f, method)
            }
            Self::Both => f.write_str("as a request and as a response"),
        }
    }
}

/// What the vendor says of a method that it gives up; the newest one that has the message is named.
fn write_news(f: &mut fmt::Formatter<'_>, method: &str) -> fmt::Result {
    let method = Schema::diadoc().method(method).ok();
    match method.and_then(Method::news) {
        Some(news) => write!(f, " ({news})"),
        None => Ok(()),
    }
}

/// The ways of each message that has been asked about.
#[derive(Debug, Default)]
pub(super) struct WaysOf(Mutex<HashMap<&'static str, Ways>>);

impl WaysOf {
    pub(super) fn of(&self, message: &'static MessageType) -> Ways {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ways = known.entry(message.full_name());
        ways.or_insert_with(|| find(message.full_name())).clone()
    }
}

fn find(message: &str) -> Ways {
    let schema = Schema::diadoc();
    let directions = match schema.message(message) {
        Ok(message) => schema.directions(&message),
        Err(_) => Directions::default(),
    };
    match directions.only() {
        Some(direction) => {
            let methods = match direction {
                Direction::Request => &directions.request,
                Direction::Response => &directions.response,
            };
            // The newest version stands last.
            let whole = match direction {
                Direction::Request => directions.whole_requests,
                Direction::Response => directions.whole_responses,
            };
            let method = methods.get(..whole).and_then(<[String]>::last);
            Ways::Only(direction, method.or(methods.first()).cloned())
        }
        None => Ways::Both,
    }
}
