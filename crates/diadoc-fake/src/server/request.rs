//! Reading a request and holding it against the schema.

use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use diadoc_schema::{
    Body, BodyKind, Direction, Method, Schema, nearest, validate_json, validate_parameters,
    validate_protobuf,
};
use prost_reflect::Cardinality;

use super::forms::{self, Form};
use super::reply::Reply;
use super::{Received, Script};

/// What came in, as far as it can be said of any request.
pub(super) fn read(parts: &Parts, body: Bytes) -> Received {
    let query = parts.uri.query().unwrap_or_default();
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| *name != AUTHORIZATION);
    let path = parts.uri.path();
    Received {
        method: None,
        verb: parts.method.to_string(),
        path: path.to_owned(),
        query: form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: headers
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect(),
        body,
        reports: Vec::new(),
        status: None,
        note: None,
        message: None,
        schema: None,
    }
}

/// The method at that place, or the answer that there is none.
pub(super) fn method(received: &Received) -> Result<&'static Method, Box<Reply>> {
    let methods = Schema::diadoc().methods();
    let here: Vec<_> = methods
        .iter()
        .filter(|method| method.path == received.path)
        .collect();
    if let Some(method) = here
        .iter()
        .find(|method| method.verb.as_str() == received.verb)
    {
        return Ok(method);
    }
    if here.is_empty() {
        let near = nearest(&received.path, methods.iter().map(|method| &*method.path));
        let hint = match near.first() {
            Some(near) => format!("; did you mean {near}?"),
            None => String::new(),
        };
        let text = format!("no method has the path {}{hint}\n", received.path);
        return Err(Box::new(Reply::text(StatusCode::NOT_FOUND, text)));
    }
    let verbs: Vec<_> = here.iter().map(|method| method.verb.as_str()).collect();
    let verbs = verbs.join(", ");
    let text = format!("{} takes {verbs}, not {}\n", received.path, received.verb);
    let reply = Reply::text(StatusCode::METHOD_NOT_ALLOWED, text);
    Err(Box::new(match HeaderValue::from_str(&verbs) {
        Ok(verbs) => reply.with(ALLOW, verbs),
        Err(_) => reply,
    }))
}

/// Whether the header `Authorization` gives access; the text says why not.
pub(super) fn authorize(script: &Script, method: &Method, parts: &Parts) -> Result<(), String> {
    let Some(header) = parts.headers.get(AUTHORIZATION) else {
        return Err("there is no header Authorization".to_owned());
    };
    let header = header.to_str().unwrap_or_default();
    let token = if let Some(token) = header.strip_prefix("Bearer ") {
        Some(token.trim())
    } else if let Some(values) = header.strip_prefix("DiadocAuth ") {
        let value = |name| {
            let mut values = values
                .split(',')
                .filter_map(|pair| pair.trim().split_once('='));
            values.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        if value("ddauth_api_client_id").is_none_or(str::is_empty) {
            return Err("DiadocAuth has no ddauth_api_client_id".to_owned());
        }
        value("ddauth_token")
    } else {
        return Err(
            "Authorization is neither `Bearer <token>` nor `DiadocAuth ddauth_api_client_id=<id>,\
             ddauth_token=<token>`"
                .to_owned(),
        );
    };
    if method.anonymous {
        return Ok(());
    }
    let token = token.filter(|token| !token.is_empty());
    let token = token.ok_or("Authorization has no token")?;
    match script.accepted_token() {
        Some(accepted) if accepted != token => Err("the token is not valid".to_owned()),
        _ => Ok(()),
    }
}

/// Holds parameters and body against the method; the text says what is wrong with them.
pub(super) fn check(method: &Method, received: &mut Received) -> Result<(), String> {
    let body = body_of(method, received);
    let mut given: Vec<_> = received
        .query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for parameter in method.parameters.iter().filter(|one| one.header.is_some()) {
        if let Some(value) = received.parameter(parameter.field.name()) {
            given.push((parameter.field.name(), value));
        }
    }
    let parameters = validate_parameters(method, &given, body.map(|body| body.field.name()));
    let mut text = String::new();
    if parameters.has_errors() {
        text += &parameters.render("", false);
    }
    let mut reports = vec![parameters];
    let mut message = None;
    match body.map(|body| &body.kind) {
        Some(BodyKind::Message(descriptor)) => {
            let form = form_of_body(received);
            let report = match form {
                Form::Json => validate_json(descriptor, &received.body, Direction::Request),
                Form::Protobuf => validate_protobuf(descriptor, &received.body, Direction::Request),
            };
            if report.has_errors() {
                text += &report.render(&String::from_utf8_lossy(&received.body), false);
                text += &hint(form, received);
            }
            reports.push(report);
            message = match form {
                Form::Json => forms::to_protobuf(descriptor, &received.body).ok(),
                Form::Protobuf => Some(received.body.clone()),
            };
        }
        Some(BodyKind::Text) if str::from_utf8(&received.body).is_err() => {
            text += "the body is a text, but not in UTF-8\n";
        }
        _ => {}
    }
    received.reports = reports;
    received.message = message;
    match text.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "the request of {} is refused\n\n{text}",
            method.name()
        )),
    }
}

/// The form that an answer to the request has.
pub(super) fn form_of_answer(received: &Received) -> Form {
    let named = |header: &str| received.header(header).and_then(Form::named);
    // Where anything is accepted, the answer is as the request was.
    named(ACCEPT.as_str())
        .or_else(|| named(CONTENT_TYPE.as_str()))
        .unwrap_or(Form::Protobuf)
}

fn form_of_body(received: &Received) -> Form {
    let media_type = received.header(CONTENT_TYPE.as_str());
    media_type.and_then(Form::named).unwrap_or(Form::Protobuf)
}

/// Which of a method's bodies came.
fn body_of<'m>(method: &'m Method, received: &Received) -> Option<&'m Body> {
    if let [body] = &method.bodies[..] {
        // A message without a field that is set has no bytes in protobuf.
        let may_be_empty = matches!(body.kind, BodyKind::Message(_))
            && body.field.cardinality() == Cardinality::Required;
        return (may_be_empty || !received.body.is_empty()).then_some(body);
    }
    if received.body.is_empty() {
        return None;
    }
    let media_type = received.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    let is_message = Form::named(media_type).is_some();
    let is_text = media_type.to_ascii_lowercase().starts_with("text/");
    method
        .bodies
        .iter()
        .find(|body| match body.kind {
            BodyKind::Message(_) => is_message,
            BodyKind::Text => is_text,
            _ => !is_message && !is_text,
        })
        .or(method.bodies.first())
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
