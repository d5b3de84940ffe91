//! Which way the bodies of a message go.

use std::collections::{HashMap, HashSet};

use prost_reflect::{Kind, MessageDescriptor};

use crate::{BodyKind, Direction, Method, Response, Schema};

/// The methods that send a message or answer with it; [`Schema::directions`] finds them.
///
/// In both lists, first the methods of which the message is all of the body or answer, then those
/// that have it inside of one, at any depth; both in the order of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Directions {
    /// Names of the methods that take it: `SearchDocflowsV4`.
    pub request: Vec<String>,
    /// Names of the methods that answer with it.
    pub response: Vec<String>,
    /// How many names at the start of `request` are of methods that take it as all of the body.
    pub whole_requests: usize,
    /// How many names at the start of `response` are of methods whose answer it is.
    pub whole_responses: usize,
}

impl Directions {
    /// The one way that a body of the message goes; none where both ways are possible, and where no
    /// method has the message.
    ///
    /// A body is a whole one: a message that is all of an answer, and stands inside of a request
    /// besides, is a response.
    pub fn only(&self) -> Option<Direction> {
        let one = |request: bool, response: bool| match (request, response) {
            (true, false) => Some(Direction::Request),
            (false, true) => Some(Direction::Response),
            _ => None,
        };
        match (self.whole_requests, self.whole_responses) {
            (0, 0) => one(!self.request.is_empty(), !self.response.is_empty()),
            (requests, responses) => one(requests > 0, responses > 0),
        }
    }
}

impl Schema {
    /// The methods that send a message and those that answer with it, itself or inside of another.
    /// Both lists are empty for a message that no method has.
    ///
    /// ```
    /// use diadoc_schema::{Direction, Schema};
    ///
    /// let schema = Schema::diadoc();
    /// let directions = schema.directions(&schema.message("SearchDocflowsRequest")?);
    /// assert!(directions.request.iter().any(|name| name == "SearchDocflowsV4"));
    /// assert!(directions.response.is_empty());
    /// assert_eq!(directions.only(), Some(Direction::Request));
    /// # Ok::<(), diadoc_schema::SchemaError>(())
    /// ```
    pub fn directions(&self, message: &MessageDescriptor) -> Directions {
        let holders = self.holders(message.full_name());
        let mut directions = Directions::default();
        let (mut requests, mut responses) = (Vec::new(), Vec::new());
        for method in self.methods() {
            let name = || method.name().to_owned();
            match use_of(message, &holders, bodies(method)) {
                Some(Use::Whole) => directions.request.push(name()),
                Some(Use::Inside) => requests.push(name()),
                None => {}
            }
            match use_of(message, &holders, answer(method)) {
                Some(Use::Whole) => directions.response.push(name()),
                Some(Use::Inside) => responses.push(name()),
                None => {}
            }
        }
        directions.whole_requests = directions.request.len();
        directions.whole_responses = directions.response.len();
        directions.request.append(&mut requests);
        directions.response.append(&mut responses);
        directions
    }

    /// The full names of the messages that are all of a request, or all of an answer.
    pub(crate) fn whole_bodies(&self, direction: Direction) -> HashSet<&str> {
        let of = |method| match direction {
            Direction::Request => bodies(method).collect::<Vec<_>>(),
            Direction::Response => answer(method).into_iter().collect(),
        };
        let messages = self.methods().iter().flat_map(of);
        messages.map(MessageDescriptor::full_name).collect()
    }

    /// The full names of the messages that have a message of that name inside, at any depth.
    fn holders(&self, full_name: &str) -> HashSet<String> {
        let mut parents = HashMap::<String, Vec<String>>::new();
        for parent in self.pool().all_messages() {
            for field in parent.fields() {
                if let Kind::Message(child) = field.kind() {
                    let parents = parents.entry(child.full_name().to_owned()).or_default();
                    parents.push(parent.full_name().to_owned());
                }
            }
        }
        let mut holders = HashSet::new();
        let mut names = vec![full_name.to_owned()];
        while let Some(name) = names.pop() {
            for parent in parents.get(&name).into_iter().flatten() {
                if holders.insert(parent.clone()) {
                    names.push(parent.clone());
                }
            }
        }
        holders
    }
}

/// How a body or answer has a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Inside,
    Whole,
}

fn bodies(method: &Method) -> impl Iterator<Item = &MessageDescriptor> {
    method.bodies.iter().filter_map(|body| match &body.kind {
        BodyKind::Message(body) => Some(body),
        BodyKind::Bytes | BodyKind::Text => None,
    })
}

fn answer(method: &Method) -> Option<&MessageDescriptor> {
    match &method.response {
        Response::Message(message) => Some(message),
        Response::Bytes | Response::Text | Response::Nothing => None,
    }
}

/// How any of the bodies has the message, all of a body before a part of one.
fn use_of<'a>(
    message: &MessageDescriptor,
    holders: &HashSet<String>,
    bodies: impl IntoIterator<Item = &'a MessageDescriptor>,
) -> Option<Use> {
    let uses = bodies.into_iter().filter_map(|body| {
        if body.full_name() == message.full_name() {
            Some(Use::Whole)
        } else {
            holders.contains(body.full_name()).then_some(Use::Inside)
        }
    });
    uses.max()
}
