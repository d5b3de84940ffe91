//! Holding a request against its method.

use std::borrow::Cow;
use std::ops::Range;

use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderName};
use axum::http::{self, HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;
use diadoc_api::{
    BodyKind, Call, CallBody, CallError, Credentials, Form, Method, Request as _, headers, query,
};
use diadoc_schema::{
    Checks, Deviation, Direction, EMPTY_BODY, Effect, Report, Rule, Schema, Severity,
};
use prost_reflect::MessageDescriptor;

use super::identity::INVALID_TOKEN;
use super::reply::Reply;
use super::{Received, Script, forms};

/// The vendor's code of the errors that bodies make.
const BAD_REQUEST: &str = "Http.BadRequest";
/// The size in bytes up to which a body is copied to be kept.
const SMALL: usize = 1 << 16;

/// What came in, as far as it can be said of any request.
pub(super) fn received(request: &http::Request<Bytes>) -> Received {
    let headers = request.headers().iter();
    let headers = headers.filter(|(name, _)| *name != AUTHORIZATION);
    Received {
        number: 0,
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
        body: own(request.body()),
        violations: Vec::new(),
        report: None,
        status: None,
        note: None,
        message: None,
        call: None,
    }
}

/// A small body without the buffer that it was read into, which may be many times as big.
fn own(body: &Bytes) -> Bytes {
    match body.len() {
        ..=SMALL => Bytes::copy_from_slice(body),
        _ => body.clone(),
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
    let is_taken = match script.accepted_token() {
        Some(accepted) if accepted == *token => true,
        _ if script.options().demands_sign_in => {
            matches!(credentials, Credentials::Bearer(_))
                && script.with_identity(|identity| identity.takes(token))
        }
        accepted => accepted.is_none(),
    };
    match is_taken {
        true => Ok(()),
        false => Err(INVALID_TOKEN.to_owned()),
    }
}

/// Whether a message comes as a type of content that methods take; the text says why not. What names
/// no type, and what comes as bytes, is read as protobuf, as older clients send it. Of files and texts
/// every type is taken.
pub(super) fn check_media_type(call: &Call, headers: &HeaderMap) -> Result<(), String> {
    let is_message = |body: &&CallBody| body.form.is_some() && !body.content.is_empty();
    let Some(media_type) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let media_type = String::from_utf8_lossy(media_type.as_bytes());
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let is_bytes = essence.eq_ignore_ascii_case("application/octet-stream");
    let is_taken = essence.is_empty() || is_bytes || Form::of_media_type(&media_type).is_some();
    match call.given_body().filter(is_message) {
        Some(_) if !is_taken => Err(format!(
            "{} takes no body of the type {essence}: of JSON the type is {}, of protobuf {}\n",
            call.method().name,
            Form::Json.media_type(),
            Form::Protobuf.media_type(),
        )),
        _ => Ok(()),
    }
}

/// Holds parameters and body against the method; the answer where it refuses them.
pub(super) fn check(call: &Call, received: &mut Received) -> Result<(), Box<Reply>> {
    let method = call.method();
    let mut refusal = Refusal::default();
    if let Err(error) = call.check() {
        received.violations = error.violations().to_vec();
        for violation in error.violations() {
            refusal.text += &format!("error: {violation}\n");
            let is_body = method
                .bodies
                .iter()
                .any(|body| body.name == violation.parameter);
            if is_body && violation.rule == Rule::ParameterRequired {
                refusal.answer = Some(EMPTY_BODY.to_owned());
            }
        }
        refusal.refused = true;
    }
    // Messages alone have a form.
    if let Some(body) = call.given_body()
        && let Some(form) = body.form
    {
        check_message(method, form, body, received, &mut refusal);
    }
    match refusal.refused || refusal.dropped {
        false => Ok(()),
        true => Err(Box::new(refusal.reply(method))),
    }
}

/// Why a request is refused.
#[derive(Debug, Default)]
struct Refusal {
    /// What the server says, in its own words.
    answer: Option<String>,
    /// What is wrong, as this crate says it.
    text: String,
    /// Whether the server refuses it, too.
    refused: bool,
    /// Whether there is something that the server would ignore, and that its sender cannot mean.
    dropped: bool,
}

impl Refusal {
    fn reply(self, method: &Method) -> Reply {
        let mut text = String::new();
        if let Some(answer) = &self.answer {
            text += &format!("{answer}\n\n");
        }
        text += &format!("the request of {} is refused", method.name);
        text += match (self.refused, self.dropped) {
            (true, true) => "; what is marked `dropped` the server would only ignore",
            (false, true) => " here: the server would take it, and ignore what is marked `dropped`",
            _ => "",
        };
        text += &format!("\n\n{}", self.text);
        let reply = Reply::text(StatusCode::BAD_REQUEST, text);
        match self.answer {
            Some(_) => reply.with(
                HeaderName::from_static(headers::ERROR_CODE),
                HeaderValue::from_static(BAD_REQUEST),
            ),
            None => reply,
        }
    }
}

fn check_message(
    method: &Method,
    form: Form,
    body: &CallBody,
    received: &mut Received,
    refusal: &mut Refusal,
) {
    let messages = method.bodies.iter().filter_map(|body| match body.kind {
        BodyKind::Message(full_name) => Schema::diadoc().message(full_name).ok(),
        _ => None,
    });
    let checks = Checks::new(Direction::Request);
    let reports = messages.map(|message| {
        let report = checks.check(&message, form, &body.content);
        (message, report)
    });
    // Where a method takes one of several messages, the body is held against the one that it fits.
    let found = |report: &Report| (report.count(Severity::Error), report.findings.len());
    let Some((message, report)) = reports.min_by_key(|(_, report)| found(report)) else {
        refusal.text += &format!("{} has no message\n", method.name);
        refusal.refused = true;
        return;
    };
    let refused = report.count_of(Effect::Refused) > 0;
    let dropped = report.count_of(Effect::Dropped) > 0;
    if refused || dropped {
        refusal.text += &report.render(&String::from_utf8_lossy(&body.content), false);
        refusal.text += &hint(form, received);
        refusal.refused |= refused;
        refusal.dropped |= dropped;
        refusal.answer = report.answer().map(Cow::into_owned);
    }
    received.message = match form {
        Form::Json => forms::from_json(&message, &with_known_keys(&message, body, &report)).ok(),
        Form::Protobuf => Some(body.content.clone()),
    };
    received.report = Some(report);
}

/// A body in JSON with its keys as the schema has them: the server reads them whatever their case, and
/// diadoc-proto does not.
fn with_known_keys<'b>(
    message: &MessageDescriptor,
    body: &'b CallBody,
    report: &Report,
) -> Cow<'b, [u8]> {
    let mut content = Cow::Borrowed(&body.content[..]);
    let mut keys = known_keys(report);
    // A report keeps so many findings of a rule and no more.
    while !keys.is_empty() {
        for (span, key) in keys.iter().rev() {
            content.to_mut().splice(span.clone(), key.bytes());
        }
        let checks = Checks::new(Direction::Request);
        keys = known_keys(&checks.check(message, Form::Json, &content));
    }
    content
}

/// The places of the keys in another case, in their order, and what is to stand there.
fn known_keys(report: &Report) -> Vec<(Range<usize>, String)> {
    let findings = report.findings.iter();
    let keys = findings.filter(|finding| finding.deviation == Deviation::KeyCase);
    keys.filter_map(|finding| {
        let key = finding.suggestion.as_ref()?;
        Some((finding.span.start..finding.span.end, format!("\"{key}\"")))
    })
    .collect()
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
