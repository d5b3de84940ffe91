//! What an entry's body is: its message and direction, said or derived.

use diadoc_schema::prost_reflect::MessageDescriptor;
use diadoc_schema::{BodyKind, Direction, Directions, Method, Response, Schema, SchemaError};

use super::read::{Entry, Faults, listed};

/// How many methods are named at most.
const MOST_NAMED: usize = 3;

pub(super) struct Meaning {
    /// Full name.
    pub message: String,
    pub direction: Direction,
    /// Name in the schema.
    pub method: Option<String>,
}

/// What the entry's body is; none where it does not say it, which is among the faults then.
pub(super) fn of(entry: &Entry, schema: &Schema, faults: &mut Faults) -> Option<Meaning> {
    // Both names are looked up, so that both can be told to be wrong.
    let method = entry.method.as_ref().map(|name| {
        // The pages write the version apart: `GetDocuments (V3)`.
        let joined: String = name.value.chars().filter(|c| !" ()".contains(*c)).collect();
        let found = schema.method(&joined);
        found.map_err(|error| faults.add(name.at, error.to_string()))
    });
    let message = entry.message.as_ref().map(|name| {
        let found = message(schema, &name.value);
        found.map_err(|error| faults.add(name.at, error.to_string()))
    });
    let method = method.transpose().ok();
    let message = message.transpose().ok();
    let (method, message) = (method?, message?);
    let direction = entry.direction.map(|(direction, _)| direction);
    let found = match (method, &message) {
        (Some(method), _) => of_method(method, message.as_ref(), direction),
        (None, Some(message)) => match direction.or_else(|| schema.directions(message).only()) {
            Some(direction) => Ok((direction, message.clone())),
            None => Err(either_way(message, &schema.directions(message))),
        },
        (None, None) => {
            Err("`message` is missing, and `method`, which it could follow from".into())
        }
    };
    match found {
        Ok((direction, message)) => Some(Meaning {
            message: message.full_name().to_owned(),
            direction,
            method: method.map(|method| method.name().to_owned()),
        }),
        // What seems to be missing may be what could not be read.
        Err(_) if entry.broken => None,
        Err(fault) => {
            let places = [
                entry.message.as_ref().map(|name| name.at),
                entry.direction.map(|(_, at)| at),
                entry.method.as_ref().map(|name| name.at),
            ];
            faults.add(
                places.into_iter().flatten().next().unwrap_or(entry.at),
                fault,
            );
            None
        }
    }
}

/// The message of that name, if it may be a body.
fn message(schema: &Schema, name: &str) -> Result<MessageDescriptor, SchemaError> {
    let found = schema.message(name)?;
    match schema.messages().any(|message| message == found) {
        true => Ok(found),
        false => Err(SchemaError::NoMessage {
            name: name.to_owned(),
            near: Vec::new(),
        }),
    }
}

/// Which of the method's bodies and answers it is.
fn of_method(
    method: &Method,
    message: Option<&MessageDescriptor>,
    direction: Option<Direction>,
) -> Result<(Direction, MessageDescriptor), String> {
    let all = travelling(method);
    let mut fitting = all.clone();
    fitting.retain(|(way, one)| {
        direction.is_none_or(|direction| direction == *way)
            && message.is_none_or(|message| message == one)
    });
    let name = method.name();
    match fitting.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(match (message, direction) {
            (Some(message), Some(direction)) => {
                let full_name = message.full_name();
                let turned = match all.iter().any(|(_, other)| other == message) {
                    true => format!("; did you mean the direction `{}`?", turned(direction)),
                    false => String::new(),
                };
                format!(
                    "`{name}` {}, not `{full_name}`{turned}",
                    says(&all, direction)
                )
            }
            (Some(message), None) => format!(
                "`{name}` {} and {}, not `{}`",
                says(&all, Direction::Request),
                says(&all, Direction::Response),
                message.full_name()
            ),
            (None, Some(direction)) => format!("`{name}` {}", says(&all, direction)),
            (None, None) => format!("`{name}` takes no message and answers with none"),
        }),
        several => {
            let ways = several.iter().map(|(way, _)| *way);
            let (request, response) = (Direction::Request, Direction::Response);
            Err(
                match ways.clone().any(|way| way == request)
                    && ways.clone().any(|way| way == response)
                {
                    true => format!(
                        "`direction` is missing: `{name}` {} and {}",
                        says(several, request),
                        says(several, response)
                    ),
                    false => format!(
                        "`message` is missing: `{name}` {}",
                        says(several, direction.unwrap_or(request))
                    ),
                },
            )
        }
    }
}

/// The messages that are a body or an answer of the method.
fn travelling(method: &Method) -> Vec<(Direction, MessageDescriptor)> {
    let mut all = Vec::new();
    for body in &method.bodies {
        if let BodyKind::Message(message) = &body.kind {
            all.push((Direction::Request, message.clone()));
        }
    }
    if let Response::Message(message) = &method.response {
        all.push((Direction::Response, message.clone()));
    }
    all.dedup();
    all
}

/// What a method takes or answers with, as a phrase.
fn says(all: &[(Direction, MessageDescriptor)], direction: Direction) -> String {
    let of_direction = all.iter().filter(|(way, _)| *way == direction);
    let names: Vec<_> = of_direction
        .map(|(_, message)| message.full_name())
        .collect();
    let names = match names.is_empty() {
        true => "no message".to_owned(),
        false => listed(&names, "or"),
    };
    match direction {
        Direction::Request => format!("takes {names}"),
        Direction::Response => format!("answers with {names}"),
    }
}

fn turned(direction: Direction) -> Direction {
    match direction {
        Direction::Request => Direction::Response,
        Direction::Response => Direction::Request,
    }
}

/// Why the direction does not follow from the message.
fn either_way(message: &MessageDescriptor, directions: &Directions) -> String {
    let name = message.full_name();
    if directions.request.is_empty() && directions.response.is_empty() {
        return format!("`direction` is missing, and no method has `{name}`");
    }
    let some = |methods: &[String]| {
        let named = methods.iter().take(MOST_NAMED).map(String::as_str);
        let named: Vec<_> = named.collect();
        match methods.len() - named.len() {
            0 => listed(&named, "and"),
            more => format!(
                "{} and {more} more",
                listed(&named, "and").replace(" and ", ", ")
            ),
        }
    };
    format!(
        "`direction` is missing: `{name}` is in requests of {} and in responses of {}",
        some(&directions.request),
        some(&directions.response)
    )
}
