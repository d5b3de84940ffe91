//! Which way the bodies of a message go.

use std::collections::{HashMap, HashSet};

use prost_reflect::{Kind, MessageDescriptor};

#[cfg(feature = "bundled")]
use crate::plan::table::{Holds, MESSAGES, METHODS};
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

impl Directions {
    /// From the names of all methods, each with how its bodies and its answer have the message.
    fn new<'m>(methods: impl Iterator<Item = (&'m str, Option<Use>, Option<Use>)>) -> Self {
        let mut directions = Self::default();
        let (mut requests, mut responses) = (Vec::new(), Vec::new());
        for (name, request, response) in methods {
            let name = || name.to_owned();
            match request {
                Some(Use::Whole) => directions.request.push(name()),
                Some(Use::Inside) => requests.push(name()),
                None => {}
            }
            match response {
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
}

/// The directions of the message at that place in the generated tables.
#[cfg(feature = "bundled")]
pub(crate) fn of_table(message: usize) -> Directions {
    let mut parents: Vec<_> = MESSAGES.iter().map(|_| Vec::new()).collect();
    for (parent, place) in MESSAGES.iter().zip(0..) {
        for field in parent.fields {
            if let Holds::Message(child) | Holds::Map(child) = field.holds {
                parents[child].push(place);
            }
        }
    }
    let mut holders = HashSet::new();
    let mut places = vec![message];
    while let Some(place) = places.pop() {
        let new = parents[place]
            .iter()
            .filter(|parent| holders.insert(**parent));
        places.extend(new);
    }
    let use_of = |body: &usize| match *body == message {
        true => Some(Use::Whole),
        false => holders.contains(body).then_some(Use::Inside),
    };
    Directions::new(METHODS.iter().map(|method| {
        let request = method.bodies.iter().filter_map(use_of).max();
        let response = method.answer.as_ref().and_then(use_of);
        (method.name, request, response)
    }))
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
        let use_of = |body: &MessageDescriptor| match body.full_name() == message.full_name() {
            true => Some(Use::Whole),
            false => holders.contains(body.full_name()).then_some(Use::Inside),
        };
        Directions::new(self.methods().iter().map(|method| {
            let request = bodies(method).filter_map(use_of).max();
            let response = answer(method).and_then(use_of);
            (method.name(), request, response)
        }))
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

#[cfg(all(test, feature = "bundled"))]
mod tests {
    use super::of_table;
    use crate::Schema;
    use crate::plan::Plans;

    #[test]
    fn tables_say_what_descriptors_say() {
        let schema = Schema::diadoc();
        for message in schema.messages() {
            let place = Plans::diadoc().place(&message);
            assert_eq!(
                of_table(place),
                schema.directions(&message),
                "{}",
                message.full_name()
            );
        }
    }
}
