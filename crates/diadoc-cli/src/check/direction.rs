//! Which way bodies go where nobody says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diadoc_api::Method;
use diadoc_core::fill;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Direction, Directions, Prepared};

use super::source::DIRECTIONS;
use super::words::words;
use crate::language;

/// Which ways a body is judged, and why so.
#[derive(Debug)]
pub(super) struct Ways {
    way: Way,
    /// The newest method that has the message that way, where it goes one way alone.
    method: Option<String>,
    /// What the vendor says of that method, where it gives it up.
    news: Option<String>,
    /// Why the body is judged so, in words, and what the vendor says of the method; nothing where
    /// somebody says the way and the vendor nothing.
    text: String,
}

/// Where the direction is known from.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Somebody says it.
    Asked(Direction),
    /// The methods of the API have the message only that way.
    Only(Direction),
    /// The methods have it both ways, or none of them has it.
    Both,
}

impl Ways {
    /// The ways of a body of which no message is known.
    pub(super) fn of_nothing(asked: Option<Direction>) -> Self {
        let asked = asked.unwrap_or(Direction::Request);
        Self::new(Way::Asked(asked), &Directions::default())
    }

    fn of(message: &str, asked: Option<Direction>) -> Self {
        let directions = directions(message);
        let way = match (asked, directions.only()) {
            (Some(direction), _) => Way::Asked(direction),
            (None, Some(direction)) => Way::Only(direction),
            (None, None) => Way::Both,
        };
        Self::new(way, &directions)
    }

    fn new(way: Way, directions: &Directions) -> Self {
        let method = match way {
            Way::Asked(direction) | Way::Only(direction) => newest(directions, direction),
            Way::Both => None,
        };
        let news = method.as_deref().and_then(Method::find).and_then(|method| {
            let (day, successor) = (method.removal_after, method.successor);
            method.stage.news(day, successor, language::spoken())
        });
        Self {
            text: text(way, method.as_deref(), news.as_deref()),
            way,
            method,
            news,
        }
    }

    pub(super) fn directions(&self) -> &[Direction] {
        match &self.way {
            Way::Asked(direction) | Way::Only(direction) => std::slice::from_ref(direction),
            Way::Both => &DIRECTIONS,
        }
    }

    /// Where the direction is known from, in a word.
    pub(super) fn source(&self) -> &'static str {
        match self.way {
            Way::Asked(_) => "asked",
            Way::Only(_) => "methods",
            Way::Both => "both",
        }
    }

    /// The newest method that has the message that way, where it goes one way alone.
    pub(super) fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    /// What the vendor says of that method, where it gives it up.
    pub(super) fn news(&self) -> Option<&str> {
        self.news.as_deref()
    }

    /// Why the body is judged so, in words.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

fn text(way: Way, method: Option<&str>, news: Option<&str>) -> String {
    let words = words();
    let of = |alone: &str, of_method: &str| match method {
        Some(method) => fill(of_method, &[&method]),
        None => alone.to_owned(),
    };
    let text = match way {
        Way::Asked(_) => {
            return match (method, news) {
                (Some(method), Some(news)) => fill(words.of_method, &[&method, &news]),
                _ => String::new(),
            };
        }
        Way::Only(Direction::Request) => of(words.request, words.request_of),
        Way::Only(Direction::Response) => of(words.response, words.response_of),
        Way::Both => words.both.to_owned(),
    };
    match news {
        Some(news) => format!("{text} ({news})"),
        None => text,
    }
}

/// The ways of each message that has been asked about, by the direction that somebody says.
#[derive(Debug, Default)]
pub(crate) struct WaysOf(Mutex<HashMap<Question, Arc<Ways>>>);

/// A message by its full name, and the direction that somebody says.
type Question = (&'static str, Option<Direction>);

impl WaysOf {
    pub(super) fn of(&self, message: &'static MessageType, asked: Option<Direction>) -> Arc<Ways> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ways = known.entry((message.full_name(), asked));
        let find = || Arc::new(Ways::of(message.full_name(), asked));
        Arc::clone(ways.or_insert_with(find))
    }
}

fn directions(message: &str) -> Directions {
    let message = Prepared::diadoc(message);
    message.map_or_else(Directions::default, |message| message.directions())
}

/// The newest method that has the message that way: one whose whole body it is comes first, and one
/// that the vendor does not give up before others.
fn newest(directions: &Directions, direction: Direction) -> Option<String> {
    let (methods, whole) = match direction {
        Direction::Request => (&directions.request, directions.whole_requests),
        Direction::Response => (&directions.response, directions.whole_responses),
    };
    let stays = |name: &&String| Method::find(name).is_some_and(|method| method.news().is_none());
    let whole = methods.get(..whole).unwrap_or_default();
    // The newest version stands last.
    let method = whole.iter().rev().find(stays).or(whole.last());
    let method = method.or_else(|| methods.iter().find(stays).or(methods.first()));
    method.cloned()
}
