//! From a request to its answer.

use std::io;
use std::time::Duration;

use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::http::Request;
use axum::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use diadoc_api::{Request as _, headers};
use diadoc_schema::Method;
use futures_util::stream;
use prost::Message as _;
use prost_reflect::{DynamicMessage, Kind, Value};
use uuid::Uuid;

use super::body::Unread;
use super::identity::{self, Place};
use super::listen::stopped;
#[cfg(feature = "page")]
use super::received::Sent;
use super::reply::{Body, Prepared, Reply, Shell, message_of, prepare};
use super::script::{self, Called};
use super::{Answer, Fault, Received, Script, check, defaults, request, stateful};

/// What a proxy in between may answer.
const GARBAGE: &str = "<html><body><h1>The upstream server is away</h1></body></html>";
/// Time for what was written to leave before a connection is cut.
const BEFORE_CUT: Duration = Duration::from_millis(50);

/// Answers a request, with an id of its own unless the answer brings one.
#[allow(clippy::expect_used, reason = "digits fit any header")]
pub(super) async fn serve(State(script): State<Script>, request: Request<HttpBody>) -> Response {
    let mut response = served(script, request).await;
    let id = Uuid::new_v4().simple().to_string();
    let id = HeaderValue::try_from(id).expect("digits fit a header");
    let headers = response.headers_mut();
    headers.entry(headers::TRACE_ID).or_insert(id);
    response
}

async fn served(script: Script, request: Request<HttpBody>) -> Response {
    let (parts, body) = request.into_parts();
    let read = script.bodies.read(body).await;
    let why = read.as_ref().err().copied();
    // The room of a body is taken until the request is answered.
    let (body, _room) = read.unwrap_or_default();
    let request = Request::from_parts(parts, body);
    let mut received = request::received(&request);
    if let Some(why) = why {
        return unread(&script, received, why);
    }
    let called = match Place::find(request.uri().path()) {
        Some(place) => {
            // A form that holds secrets.
            received.body = Bytes::new();
            Ok(Called::Identity(place))
        }
        None => method(&script, &request, &mut received).map(Called::Method),
    };
    script.keep(&mut received);
    let mut delay = script.options().latency;
    let (reply, fault) = match called {
        Err(refusal) => {
            received.note = Some("refused".to_owned());
            if received.reasons.is_empty() {
                received.reasons.extend(refusal.first_line());
            }
            (*refusal, None)
        }
        Ok(called) => {
            let (slow, fault) = script.take_fault(called);
            delay += slow;
            received.note = fault.as_ref().map(|fault| format!("fault: {fault}"));
            if !slow.is_zero() {
                // It changes nothing of what is answered.
                received
                    .remarks
                    .push(format!("fault: {}", Fault::Slow(slow)));
            }
            let reply = match &fault {
                Some(Fault::NoAnswer) => {
                    script.update(&received);
                    return no_answer(&script).await;
                }
                Some(fault @ (Fault::Pending | Fault::TooManyRequests | Fault::Storm(_))) => {
                    faulty(&script, called, fault)
                }
                Some(Fault::Status(status)) => refusal(*status),
                Some(Fault::StatusAfter(status, seconds)) => {
                    refusal(*status).with(RETRY_AFTER, *seconds)
                }
                _ => match called {
                    Called::Method(method) => answer(&script, method, &mut received),
                    Called::Identity(place) => {
                        let (reply, note) = identity::answer(&script, place, &request);
                        received.note.get_or_insert(note);
                        reply
                    }
                },
            };
            (reply, fault)
        }
    };
    let form = request::form_of_answer(&received);
    let response = reply.write(form);
    let is_lost = fault == Some(Fault::Lost);
    received.status = (!is_lost).then_some(response.0.as_u16());
    #[cfg(feature = "page")]
    {
        received.sent = Some(Sent::of(&received, &response.1, &response.2));
    }
    script.update(&received);
    if !delay.is_zero() && !wait(&script, delay).await {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match fault {
        Some(Fault::Cut) => cut(response),
        Some(Fault::Lost) => lost(),
        Some(Fault::Garbage) => {
            let (_, headers, _) = response;
            (StatusCode::OK, headers, GARBAGE).into_response()
        }
        _ => response.into_response(),
    }
}

/// The answer to a request whose body did not come.
fn unread(script: &Script, mut received: Received, why: Unread) -> Response {
    script.keep(&mut received);
    received.note = Some("refused".to_owned());
    received.reasons.push(why.to_string());
    received.status = Some(why.status().as_u16());
    script.update(&received);
    (why.status(), format!("{why}\n")).into_response()
}

/// The method that a request calls, or the answer that it is refused with.
fn method(
    script: &Script,
    request: &Request<Bytes>,
    received: &mut Received,
) -> Result<&'static Method, Box<Reply>> {
    let call = request::call(request, &mut received.reasons)?;
    received.method = Some(call.method().name);
    received.call = Some(call.clone());
    received.remarks = request::remarks(&call, received);
    request::check_stage(script, &call)?;
    let text = |status, text| Box::new(Reply::text(status, text));
    request::authorize(script, &call, request.headers())
        .map_err(|why| text(StatusCode::UNAUTHORIZED, why + "\n"))?;
    received.token = request::token(request.headers());
    request::check_media_type(&call, request.headers())
        .map_err(|why| text(StatusCode::UNSUPPORTED_MEDIA_TYPE, why))?;
    let method = script::find(call.method().name)
        .map_err(|error| text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let checked = check::check(script.options().mode, &call, received);
    checked.map_err(|refused| {
        let asked = refused.is_in_own_words && !script.has_answer(method.name());
        let own = asked.then(|| stateful::refusal(script, method, received));
        own.flatten().map_or(refused.reply, Box::new)
    })?;
    Ok(method)
}

/// What the method answers with where nothing goes wrong.
fn answer(script: &Script, method: &'static Method, received: &mut Received) -> Reply {
    let said = script.take_said(method);
    if said.is_none()
        && let Some(made) = stateful::answer(script, method, received)
    {
        return made;
    }
    if said.is_none() && script.with_world(|_| ()).is_some() {
        received.remarks.push("the answer is an example".to_owned());
    }
    let prepared = said.unwrap_or_else(|| script.default_answer(method));
    let made = match &*prepared {
        Prepared::By(make) => make(received),
        Prepared::Own(make) => make(script, received),
        Prepared::Reply(reply) => return reply.clone(),
        Prepared::Pages(pages, shell) => return page(pages, shell, method, received),
    };
    match prepare(method, made) {
        Ok(Prepared::Reply(reply)) => reply,
        Ok(Prepared::Pages(pages, shell)) => page(&pages, &shell, method, received),
        Ok(Prepared::By(_) | Prepared::Own(_)) => {
            let text = "the answer that the test makes is made from the request once more\n";
            Reply::text(StatusCode::INTERNAL_SERVER_ERROR, text)
        }
        Err(error) => {
            let text = format!("the answer that the test makes cannot be sent: {error}\n");
            Reply::text(StatusCode::INTERNAL_SERVER_ERROR, text)
        }
    }
}

fn page(
    pages: &super::pages::Pages,
    shell: &Shell,
    method: &Method,
    received: &mut Received,
) -> Reply {
    match (pages.page(received), message_of(method)) {
        (Ok(page), Some(message)) => Reply {
            shell: shell.clone(),
            body: Body::Message(message, page),
        },
        (Err(why), _) => {
            received.note = Some("refused".to_owned());
            Reply::text(StatusCode::BAD_REQUEST, why + "\n")
        }
        (Ok(_), None) => Reply::text(StatusCode::INTERNAL_SERVER_ERROR, "no list\n"),
    }
}

fn faulty(script: &Script, called: Called, fault: &Fault) -> Reply {
    let seconds = script.options().retry_after;
    match (fault, called) {
        (Fault::Pending, Called::Method(method)) => pending(method, seconds),
        (Fault::Pending, Called::Identity(_)) => identity::refusal("authorization_pending"),
        _ => refusal(429).with(RETRY_AFTER, seconds),
    }
}

/// What a method answers with while its result is not ready.
pub(super) fn pending(method: &Method, seconds: u64) -> Reply {
    let empty = |status| Reply {
        shell: Shell {
            status,
            headers: HeaderMap::new(),
        },
        body: Body::Nothing,
    };
    // Some methods may say it with 200, too; 204 is what the pages speak of.
    let usual = method.pending.iter().find(|pending| pending.status == 204);
    let Some(pending) = usual.or(method.pending.first()) else {
        return empty(StatusCode::NO_CONTENT).with(RETRY_AFTER, seconds);
    };
    let status = StatusCode::from_u16(pending.status).unwrap_or(StatusCode::NO_CONTENT);
    if let (Some(name), Some(value)) = (&pending.field, pending.values.first()) {
        return in_progress(method, name, value);
    }
    match HeaderName::try_from(&pending.delay_header) {
        Ok(header) => empty(status).with(header, seconds),
        Err(_) => empty(status),
    }
}

/// An answer whose field says that the result is not ready.
fn in_progress(method: &Method, name: &str, value: &str) -> Reply {
    let message = match message_of(method) {
        Some(message) => message,
        None => return Reply::text(StatusCode::OK, value),
    };
    let protobuf = defaults::example_of(&message);
    let mut body = DynamicMessage::decode(message.clone(), protobuf)
        .unwrap_or_else(|_| DynamicMessage::new(message.clone()));
    if let Some(field) = message.get_field_by_name(name) {
        let value = match field.kind() {
            Kind::Enum(item) => item
                .get_value_by_name(value)
                .map(|value| Value::EnumNumber(value.number())),
            _ => Some(Value::String(value.to_owned())),
        };
        if let Some(value) = value {
            body.set_field(&field, value);
        }
    }
    Reply {
        shell: Shell::ok(),
        body: Body::Message(message, body.encode_to_vec().into()),
    }
}

/// An error as the server gives it.
fn refusal(status: u16) -> Reply {
    let text = match status {
        400 => "the request is malformed",
        401 => identity::INVALID_TOKEN,
        402 => "the subscription of the box has ended",
        403 => "access to the box is denied",
        404 => "there is no such thing",
        405 => "another verb is meant",
        409 => "this cannot be done now",
        410 => "it is there no longer",
        415 => "the type of the content is not supported",
        429 => "too many requests",
        _ => "an unexpected error",
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Reply::text(status, format!("{text}\n"))
}

/// Waits until the fake stops.
async fn no_answer(script: &Script) -> Response {
    stopped(&mut script.stop.clone()).await;
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Waits so long; false where the fake stops before.
async fn wait(script: &Script, delay: Duration) -> bool {
    let mut stop = script.stop.clone();
    tokio::time::timeout(delay, stopped(&mut stop))
        .await
        .is_err()
}

/// The first half of a body, and then the end of the connection.
fn cut((status, mut headers, content): (StatusCode, HeaderMap, Bytes)) -> Response {
    // Of an empty body nothing can be missing: some bytes are promised.
    let promised = content.len().max(16);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(promised));
    let half = content.slice(..content.len() / 2);
    let parts = stream::unfold(Some(half), |half| async move {
        if let Some(half) = half {
            return Some((Ok(half), None));
        }
        tokio::time::sleep(BEFORE_CUT).await;
        Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
    });
    (status, headers, HttpBody::from_stream(parts)).into_response()
}

/// The end of the connection before a byte of an answer is written: a body that fails at once takes the
/// head, which waits for it, down with it.
fn lost() -> Response {
    let error = io::Error::from(io::ErrorKind::ConnectionAborted);
    let nothing = stream::iter([Err::<Bytes, _>(error)]);
    HttpBody::from_stream(nothing).into_response()
}

/// An answer of the fake itself that says «not ready yet».
pub(super) fn pending_answer(method: &Method, seconds: u64) -> Answer {
    let reply = pending(method, seconds);
    let mut answer = Answer::nothing().status(reply.shell.status.as_u16());
    for (name, value) in &reply.shell.headers {
        answer = answer.header(name.as_str(), value.to_str().unwrap_or_default());
    }
    answer
}
