//! Methods that the world answers.
//!
//! Each group of methods has a module with a table of names, `handler`. A handler gets the world within a
//! transaction: where it refuses, nothing has changed. What no handler is there for, is answered with an
//! example.

use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue};
use diadoc_api::{Request as _, Token, query};
use diadoc_core::{BoxId, Ticks};
use diadoc_schema::Method;
use md5::{Digest as _, Md5};
use prost::Message;
use uuid::Uuid;

use super::reply::{Prepared, Reply, prepare};
use super::{Answer, Received, Script, check, serve};
use crate::world::posting::OperationKey;
use crate::world::{Refusal, World};

mod counteragents;
mod departments;
#[expect(deprecated, reason = "the server answers obsolete methods, too")]
mod docflows;
mod document_actions;
mod document_types;
mod documents;
mod employees;
mod events;
mod generation;
mod groups;
mod lists;
mod messages;
mod messages_read;
mod organizations;
mod patches;
mod print_forms;
mod shelf;
mod storage;
mod users;

/// What a method does.
pub(super) type Handler = fn(&mut World, &Asked<'_>) -> Result<Answer, Refusal>;

/// A call, and who makes it.
pub(super) struct Asked<'r> {
    /// The user whose token it is.
    pub user: Uuid,
    pub method: &'static Method,
    /// The seconds that an answer asks to wait where nothing else says.
    pub retry_after: u64,
    pub received: &'r Received,
}

/// The tables of the modules, in the order of their names.
const HANDLERS: &[fn(&str) -> Option<Handler>] = &[
    counteragents::handler,
    departments::handler,
    docflows::handler,
    document_actions::handler,
    document_types::handler,
    documents::handler,
    employees::handler,
    events::handler,
    groups::handler,
    generation::handler,
    lists::handler,
    messages::handler,
    messages_read::handler,
    organizations::handler,
    patches::handler,
    print_forms::handler,
    shelf::handler,
    storage::handler,
    users::handler,
];

/// What the world answers; none where it has nothing to do with the method.
pub(super) fn answer(
    script: &Script,
    method: &'static Method,
    received: &mut Received,
) -> Option<Reply> {
    let done = asked(script, method, received, |world, work| world.transact(work))?;
    Some(match done {
        Err(refusal) => {
            received.note = Some("refused".to_owned());
            received.reasons.push(why(&refusal));
            refused(&refusal)
        }
        Ok(answer) => match prepare(method, answer) {
            Ok(Prepared::Reply(reply)) => reply,
            _ => Reply::text(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("the world's answer is none of {}\n", method.name()),
            ),
        },
    })
}

/// What the world refuses a call with that is refused in any case; none where it would let it pass.
pub(super) fn refusal(
    script: &Script,
    method: &'static Method,
    received: &mut Received,
) -> Option<Reply> {
    let done = asked(script, method, received, |world, work| world.rehearse(work))?;
    let refusal = done.err()?;
    received.reasons.push(why(&refusal));
    Some(refused(&refusal))
}

/// Why a call is refused, and what helps.
fn why(refusal: &Refusal) -> String {
    match refusal.hint {
        "" => refusal.text.to_string(),
        hint => format!("{} ({hint})", refusal.text),
    }
}

/// How the world does something that can be refused.
type Doing = fn(&mut World, Work<'_>) -> Result<Answer, Refusal>;
type Work<'w> = &'w mut dyn FnMut(&mut World) -> Result<Answer, Refusal>;

/// What the method's handler makes of a call; none where the method has none, or the fake no world.
fn asked(
    script: &Script,
    method: &'static Method,
    received: &Received,
    doing: Doing,
) -> Option<Result<Answer, Refusal>> {
    let handler = HANDLERS.iter().find_map(|find| find(method.name()))?;
    let token = received.token.as_ref();
    let signed_in = token.and_then(|token| script.with_identity(|one| one.user_of(token)));
    let is_vouched_for = token.is_some_and(|token| script.vouches_for(token));
    script.with_world(|world| {
        doing(world, &mut |world| {
            let is_anonymous = received.call().is_some_and(|call| call.method().anonymous);
            let token = received.token.as_ref().map(Token::expose);
            let user = match world.user_of(signed_in, token) {
                Err(refusal) if is_vouched_for => world.first_user().ok_or(refusal),
                user => user,
            };
            let user = match user {
                Err(_) if is_anonymous => Uuid::nil(),
                user => user?,
            };
            let asked = Asked {
                user,
                method,
                retry_after: script.options().retry_after,
                received,
            };
            handler(world, &asked)
        })
    })
}

/// Word that the result is not ready yet, in the way of the method.
fn pending(asked: &Asked<'_>) -> Answer {
    serve::pending_answer(asked.method, asked.retry_after)
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

    /// The value of a parameter that has to be given.
    pub(super) fn required<T: std::str::FromStr>(&self, parameter: &str) -> Result<T, Refusal> {
        self.optional(parameter)?.ok_or_else(|| missing(parameter))
    }

    /// The moment that a parameter gives in ticks; 0 is none.
    pub(super) fn ticks(&self, parameter: &str) -> Result<Option<Ticks>, Refusal> {
        let ticks = self.optional(parameter)?.map(Ticks::from_field);
        let ticks = ticks.transpose().map_err(|_| missing(parameter))?;
        Ok(ticks.flatten())
    }

    /// The values of a parameter that has them with commas between them.
    pub(super) fn names<T>(
        &self,
        parameter: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, Refusal> {
        let texts = self.text(parameter).into_iter();
        texts
            .flat_map(|text| text.split(','))
            .map(|name| read(name.trim()).ok_or_else(|| missing(parameter)))
            .collect()
    }

    /// The flag that a parameter gives.
    pub(super) fn flag(&self, parameter: &str) -> Result<Option<bool>, Refusal> {
        let flag = |text| query::flag(text).ok_or_else(|| missing(parameter));
        self.text(parameter).map(flag).transpose()
    }

    /// The text of a parameter, where it is given and not empty.
    pub(super) fn text(&self, parameter: &str) -> Option<&str> {
        self.received
            .parameter(parameter)
            .filter(|text| !text.is_empty())
    }

    /// The operation that a call is: by the id that it has or, without one, by its parameters and its
    /// body; none where the call does not want repeats to be found.
    pub(super) fn operation(&self, method: &'static str) -> Result<Option<OperationKey>, Refusal> {
        if self.flag("disableDuplicatesDetection")? == Some(true) {
            return Ok(None);
        }
        let id = match self.text("operationId") {
            Some(id) => id.to_lowercase(),
            None => {
                let mut query = self.received.query.clone();
                query.sort();
                let mut digest = Md5::new();
                for (name, value) in &query {
                    // No text holds these bytes.
                    digest.update(name);
                    digest.update([0xff]);
                    digest.update(value);
                    digest.update([0xfe]);
                }
                digest.update(&self.received.body);
                let digest = digest.finalize();
                digest.iter().map(|byte| format!("{byte:02x}")).collect()
            }
        };
        Ok(Some(OperationKey { method, id }))
    }

    /// The message in the body.
    pub(super) fn message<M: Message + Default>(&self) -> Result<M, Refusal> {
        let message = self.received.message();
        message.ok_or_else(|| Refusal::bad_request("Request body cannot be empty"))
    }
}

/// A parameter is not there, or cannot be read: the server does not tell these apart.
fn missing(parameter: &str) -> Refusal {
    Refusal::bad_request(check::unreadable_parameter(parameter))
}

/// A GUID in a body.
fn guid_of(text: &str, field: &str) -> Result<Uuid, Refusal> {
    let wrong = || Refusal::bad_request(format!("{field} is not valid guid: {text}"));
    Uuid::parse_str(text).map_err(|_| wrong())
}

/// The page of a list that the parameters `page` and `count` ask for.
fn page_of<'l, T>(asked: &Asked<'_>, items: &'l [T], most: usize) -> Result<&'l [T], Refusal> {
    let size = asked.optional("count")?.unwrap_or(most).clamp(1, most);
    let page = asked.optional("page")?.unwrap_or(1_usize).max(1) - 1;
    let start = page.saturating_mul(size).min(items.len());
    let end = start.saturating_add(size).min(items.len());
    Ok(items.get(start..end).unwrap_or_default())
}

/// As many as a message can say.
fn count(items: usize) -> i32 {
    i32::try_from(items).unwrap_or(i32::MAX)
}
