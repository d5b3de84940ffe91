//! Which method a request calls, and whether it may.

use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use axum::http::{self, HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;
use diadoc_api::{
    Call, CallBody, CallError, Credentials, Form, ParameterKind, Request as _, Stage, Token, query,
};
use diadoc_core::Language;

use super::identity::INVALID_TOKEN;
use super::reply::Reply;
use super::{Received, Script};

const TRUE: HeaderValue = HeaderValue::from_static("True");
/// The one flag that the vendor documents as `1` and `0`.
const LAST_PART: &str = "isLastPart";

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
        body: request.body().clone(),
        violations: Vec::new(),
        report: None,
        status: None,
        note: None,
        token: None,
        reasons: Vec::new(),
        remarks: Vec::new(),
        message: None,
        call: None,
        #[cfg(feature = "page")]
        sent: None,
    }
}

/// The call that a request is, or the answer that it is none; why goes to `reasons`.
pub(super) fn call(
    request: &http::Request<Bytes>,
    reasons: &mut Vec<String>,
) -> Result<Call, Box<Reply>> {
    Call::from_http(request).map_err(|error| {
        reasons.push(error.to_string());
        Box::new(match error {
            CallError::Verb { allowed, .. } => other_verb(&allowed.join(", ")),
            error => no_handler(request, &error),
        })
    })
}

/// As the server says it (diadoc/diadocapi-docs#1019).
fn other_verb(allowed: &str) -> Reply {
    let text = format!("Supported http request methods: {allowed}");
    let reply = Reply::text(StatusCode::METHOD_NOT_ALLOWED, text);
    match HeaderValue::try_from(allowed) {
        Ok(verbs) => reply.with(ALLOW, verbs),
        Err(_) => reply,
    }
}

/// What the server answers where it has no such path (diadoc/diadocapi-docs#503 and #60), and why.
fn no_handler(request: &http::Request<Bytes>, why: &CallError) -> Reply {
    let host = request.headers().get(HOST);
    let host = host.map(|host| String::from_utf8_lossy(host.as_bytes()));
    let target = request.uri().path_and_query();
    let mut text = format!(
        "No handler for: http://{}{}\n\n{why}\n",
        host.unwrap_or_default(),
        target.map(|target| target.as_str()).unwrap_or_default(),
    );
    // Whoever looks with a browser starts here.
    if request.uri().path() == "/" {
        text += "This is a fake Diadoc; its page for browsers is at /_/, where it is served on loopback.\n";
    }
    Reply::text(StatusCode::NOT_IMPLEMENTED, text)
        .with(HeaderName::from_static("dont-retry"), TRUE)
        .with(HeaderName::from_static("x-kontur-dont-retry"), TRUE)
}

/// Refuses a method that the vendor has given up for good, unless a test has put an answer in: of one
/// that is switched off any request gets 410 and does nothing (the vendor's release notes of
/// 2024-09-27).
pub(super) fn check_stage(script: &Script, call: &Call) -> Result<(), Box<Reply>> {
    let method = call.method();
    if method.stage != Stage::Gone || script.has_answer(method.name) {
        return Ok(());
    }
    let text = format!(
        "{} is retired: {}\n",
        method.path,
        given_up(call).unwrap_or_default()
    );
    Err(Box::new(Reply::text(StatusCode::GONE, text)))
}

/// What the vendor says of a method that it gives up, and what to use today.
fn given_up(call: &Call) -> Option<String> {
    let method = call.method();
    let said = method
        .stage
        .news(method.removal_after, None, Language::English)?;
    Some(match method.current() {
        Some(current) => format!(
            "{said}; use {} {} ({})",
            current.verb, current.path, current.name
        ),
        None => said,
    })
}

/// What is odd about a call that is taken: names in another case, a method that is given up.
pub(super) fn remarks(call: &Call, received: &Received) -> Vec<String> {
    let method = call.method();
    let mut remarks: Vec<_> = given_up(call)
        .map(|said| format!("{}: {said}", method.name))
        .into_iter()
        .collect();
    if received.path != method.path {
        remarks.push(format!("the path is read as {}", method.path));
    }
    for (name, value) in call.parameters() {
        let kind = method.parameter(name).map(|parameter| parameter.kind);
        let is_digit = kind == Some(ParameterKind::Bool) && ["0", "1"].contains(&&value[..]);
        if is_digit && name != LAST_PART {
            remarks.push(format!(
                "`{name}={value}` is read as a flag, which is documented for {LAST_PART} alone"
            ));
        }
    }
    for (name, _) in &received.query {
        let is_exact = method.parameter(name).is_some();
        let mut known = method.parameters.iter().map(|parameter| parameter.name);
        if let Some(known) = known.find(|known| !is_exact && known.eq_ignore_ascii_case(name)) {
            remarks.push(format!("the parameter `{name}` is read as `{known}`"));
        }
    }
    remarks
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
        _ if script.with_world(|world| world.owner_of(token.expose()).is_some()) == Some(true) => {
            true
        }
        _ if script.options().demands_sign_in => {
            matches!(credentials, Credentials::Bearer(_))
                && script.with_identity(|identity| identity.takes(token))
        }
        accepted => accepted.is_none() && script.has_user_of(token),
    };
    match is_taken {
        true => Ok(()),
        false => Err(INVALID_TOKEN.to_owned()),
    }
}

/// The token that a request came with.
pub(super) fn token(headers: &HeaderMap) -> Option<Token> {
    let credentials = Credentials::from_header(headers.get(AUTHORIZATION)?).ok()?;
    credentials.token().cloned()
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

/// The form that an answer to the request has.
pub(super) fn form_of_answer(received: &Received) -> Form {
    let named = |header: &str| received.header(header).and_then(Form::of_media_type);
    // Where anything is accepted, the answer is as the request was.
    named(ACCEPT.as_str())
        .or_else(|| named(CONTENT_TYPE.as_str()))
        .unwrap_or_default()
}
