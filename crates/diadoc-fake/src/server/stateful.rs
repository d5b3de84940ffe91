//! Methods that the world answers.
//!
//! Each group of methods has a module with a table of names, `handler`. A handler gets the world within a
//! transaction: where it refuses, nothing has changed. What no handler is there for, is answered with an
//! example.

use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue};
use diadoc_api::Call;
use diadoc_core::BoxId;
use diadoc_schema::Method;
use prost::Message;
use uuid::Uuid;

use super::reply::{Prepared, Reply, prepare};
use super::{Answer, Received, Script};
use crate::world::{Refusal, World};

#[expect(deprecated, reason = "the server answers obsolete methods, too")]
mod docflows;
mod document_actions;
mod organizations;

/// What a method does.
pub(super) type Handler = fn(&mut World, &Asked<'_>) -> Result<Answer, Refusal>;

/// A call, and who makes it.
pub(super) struct Asked<'r> {
    /// The user whose token it is.
    pub user: Uuid,
    pub received: &'r Received,
}

/// The tables of the modules, in the order of their names.
const HANDLERS: [fn(&str) -> Option<Handler>; 3] = [
    docflows::handler,
    document_actions::handler,
    organizations::handler,
];

/// What the world answers; none where it has nothing to do with the method.
pub(super) fn answer(
    script: &Script,
    method: &'static Method,
    received: &Received,
) -> Option<Reply> {
    let handler = HANDLERS.iter().find_map(|find| find(method.name()))?;
    let done = script.with_world(|world| {
        world.transact(|world| {
            let user = world.user_of(received.token.as_ref().map(diadoc_api::Token::expose))?;
            handler(world, &Asked { user, received })
        })
    })?;
    Some(match done {
        Err(refusal) => refused(&refusal),
        Ok(answer) => match prepare(method, answer) {
            Ok(Prepared::Reply(reply)) => reply,
            _ => Reply::text(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("the world's answer is none of {}\n", method.name()),
            ),
        },
    })
}

fn refused(refusal: &Refusal) -> Reply {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reply = Reply::text(status, refusal.text.to_string());
    match HeaderValue::from_str(&refusal.code) {
        Ok(code) if !refusal.code.is_empty() => {
            reply.with(HeaderName::from_static("x-diadoc-errorcode"), code)
        }
        _ => reply,
    }
}

impl Asked<'_> {
    /// The box that a parameter names.
    pub(super) fn box_id(&self, parameter: &str) -> Result<BoxId, Refusal> {
        self.optional(parameter)?.ok_or_else(|| missing(parameter))
    }

    /// The GUID that a parameter gives.
    pub(super) fn guid(&self, parameter: &str) -> Result<Uuid, Refusal> {
        self.optional(parameter)?.ok_or_else(|| missing(parameter))
    }

    /// The value of a parameter that may be left out; an empty one is left out.
    pub(super) fn optional<T: std::str::FromStr>(
        &self,
        parameter: &str,
    ) -> Result<Option<T>, Refusal> {
        let text = self.text(parameter);
        text.map(|text| text.parse().map_err(|_| missing(parameter)))
            .transpose()
    }

    /// The text of a parameter, where it is given and not empty.
    pub(super) fn text(&self, parameter: &str) -> Option<&str> {
        self.received
            .parameter(parameter)
            .filter(|text| !text.is_empty())
    }

    /// The message in the body.
    pub(super) fn message<M: Message + Default>(&self) -> Result<M, Refusal> {
        let message = self.received.message();
        message.ok_or_else(|| Refusal::bad_request("Request body cannot be empty"))
    }
}

/// A parameter is not there, or cannot be read: the server does not tell these apart.
fn missing(parameter: &str) -> Refusal {
    Refusal::bad_request(format!("{parameter}: Could not find or parse query param"))
}
