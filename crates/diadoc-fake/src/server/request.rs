//! Holding a request against its method.

use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{self, HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;
use diadoc_api::{
    BodyKind, Call, CallBody, CallError, Credentials, Form, Method, Request as _, query,
};
use diadoc_schema::{Direction, Report, Schema, Severity, validate_json, validate_protobuf};

use super::reply::Reply;
use super::{Received, Script, forms};

/// What came in, as far as it can be said of any request.
pub(super) fn received(request: &http::Request<Bytes>) -> Received {
    let headers = request.headers().iter();
    let headers = headers.filter(|(name, _)| *name != AUTHORIZATION);
    Received {
        method: None,
        verb: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: query::pairs(request.uri().query().unwrap_or_default()),
        headers: headers
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect(),
        body: request.body().clone(),
        violations: Vec::new(),
        report: None,
        status: None,
        note: None,
        message: None,
        call: None,
    }
}

/// The call that a request is, or the answer that it is none.
pub(super) fn call(request: &http::Request<Bytes>) -> Result<Call, Box<Reply>> {
    Call::from_http(request).map_err(|error| {
        let text = format!("{error}\n");
        Box::new(match error {
            CallError::Verb { allowed, .. } => {
                let reply = Reply::text(StatusCode::METHOD_NOT_ALLOWED, text);
                match HeaderValue::try_from(allowed.join(", ")) {
                    Ok(verbs) => reply.with(ALLOW, verbs),
                    Err(_) => reply,
                }
            }
            _ => Reply::text(StatusCode::NOT_FOUND, text),
        })
    })
}

/// Whether the header `Authorization` gives access; the text says why not.
pub(super) fn authorize(script: &Script, call: &Call, headers: &HeaderMap) -> Result<(), String> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Err("there is no header Authorization".to_owned());
    };
    let credentials = Credentials::from_header(header).map_err(|error| error.to_string())?;
    if call.method().anonymous {
        return Ok(());
    }
    let token = credentials.token().ok_or("Authorization has no token")?;
    match script.accepted_token() {
        Some(accepted) if accepted != token.expose() => Err("the token is not valid".to_owned()),
        _ => Ok(()),
    }
}

/// Holds parameters and body against the method; the text says what is wrong with them.
pub(super) fn check(call: &Call, received: &mut Received) -> Result<(), String> {
    let method = call.method();
    let mut text = String::new();
    if let Err(error) = call.check() {
        received.violations = error.violations().to_vec();
        for violation in error.violations() {
            text += &format!("error: {violation}\n");
        }
    }
    // Messages alone have a form.
    if let Some(body) = call.given_body()
        && let Some(form) = body.form
    {
        text += &check_message(method, form, body, received);
    }
    match text.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "the request of {} is refused\n\n{text}",
            method.name
        )),
    }
}

fn check_message(method: &Method, form: Form, body: &CallBody, received: &mut Received) -> String {
    let messages = method.bodies.iter().filter_map(|body| match body.kind {
        BodyKind::Message(full_name) => Schema::diadoc().message(full_name).ok(),
        _ => None,
    });
    let reports = messages.map(|message| {
        let report = match form {
            Form::Json => validate_json(&message, &body.content, Direction::Request),
            Form::Protobuf => validate_protobuf(&message, &body.content, Direction::Request),
        };
        (message, report)
    });
    // Where a method takes one of several messages, the body is held against the one that it fits.
    let found = |report: &Report| (report.count(Severity::Error), report.findings.len());
    let Some((message, report)) = reports.min_by_key(|(_, report)| found(report)) else {
        return format!("{} has no message\n", method.name);
    };
    let mut text = String::new();
    if report.has_errors() {
        text += &report.render(&String::from_utf8_lossy(&body.content), false);
        text += &hint(form, received);
    }
    received.report = Some(report);
    received.message = match form {
        Form::Json => forms::to_protobuf(&message, &body.content).ok(),
        Form::Protobuf => Some(body.content.clone()),
    };
    text
}

/// The form that an answer to the request has.
pub(super) fn form_of_answer(received: &Received) -> Form {
    let named = |header: &str| received.header(header).and_then(Form::of_media_type);
    // Where anything is accepted, the answer is as the request was.
    named(ACCEPT.as_str())
        .or_else(|| named(CONTENT_TYPE.as_str()))
        .unwrap_or_default()
}

/// What may be behind a body that reads as nothing.
fn hint(form: Form, received: &Received) -> String {
    let starts_like_json = received.body.trim_ascii_start().starts_with(b"{");
    if form == Form::Json || !starts_like_json {
        return String::new();
    }
    let media_type = received.header(CONTENT_TYPE.as_str()).unwrap_or("none");
    format!(
        "the Content-Type is {media_type}, so the body was read as protobuf: of JSON it is \
         application/json\n"
    )
}
