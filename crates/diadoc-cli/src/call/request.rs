//! A request, made from what the schema says of its method.

use std::path::Path;

use clap::ValueEnum;
use diadoc_api::Credentials;
use diadoc_proto::registry::{self, MessageType};
use diadoc_schema::{
    BodyKind, Direction, Method, Report, Response, Schema, validate_json, validate_parameters,
    validate_protobuf,
};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::settings::Settings;
use crate::error::Error;
use crate::input::{self, Input};

/// All but the characters that RFC 3986 calls unreserved: the server would read a bare `+` of an
/// index key as a space.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The form in which messages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Diadoc's JSON
    Json,
    /// The binary form
    Protobuf,
}

impl Form {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Protobuf => "application/x-protobuf",
        }
    }
}

/// A call of a method.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: &'static Method,
    /// Names and values, as they were given.
    pub params: Vec<(String, String)>,
    pub body: Option<Body>,
    pub form: Form,
}

/// The body of a call.
#[derive(Debug, Clone)]
pub struct Body {
    /// Its name in the schema.
    pub name: String,
    /// Where it comes from.
    pub input: Input,
    /// As it was read.
    pub given: Vec<u8>,
    /// As it is sent.
    pub content: Vec<u8>,
    pub media_type: &'static str,
    /// The message that it is of.
    pub message: Option<Message>,
}

/// The message that a body is of, and how it was given.
#[derive(Debug, Clone)]
pub struct Message {
    pub message_type: MessageType,
    pub given: Form,
}

impl Body {
    /// Reads the body of a call; none where none is named.
    pub fn read(
        method: &Method,
        input: Option<Input>,
        name: Option<&str>,
        form: Form,
    ) -> Result<Option<Self>, Error> {
        let Some(input) = input else {
            return Ok(None);
        };
        let names = || {
            method
                .bodies
                .iter()
                .map(|body| body.field.name().to_owned())
        };
        let body = match (&method.bodies[..], name) {
            ([], _) => return Err(Error::NoBody(method.name().to_owned())),
            ([body], None) => body,
            (bodies, Some(name)) => bodies
                .iter()
                .find(|body| body.field.name() == name)
                .ok_or_else(|| Error::BodyName {
                    method: method.name().to_owned(),
                    names: names().collect(),
                })?,
            (_, None) => {
                return Err(Error::BodyName {
                    method: method.name().to_owned(),
                    names: names().collect(),
                });
            }
        };
        let given = input.read()?;
        let name = body.field.name().to_owned();
        let BodyKind::Message(descriptor) = &body.kind else {
            let media_type = match body.kind {
                BodyKind::Text => "text/plain; charset=utf-8",
                _ => "application/octet-stream",
            };
            return Ok(Some(Self {
                name,
                input,
                content: given.clone(),
                given,
                media_type,
                message: None,
            }));
        };
        let message_type = *message_type(descriptor.full_name())?;
        let message = Message {
            message_type,
            given: match input::looks_like_json(&given) {
                true => Form::Json,
                false => Form::Protobuf,
            },
        };
        let content = message.write(&input, &given, form)?;
        Ok(Some(Self {
            name,
            input,
            given,
            content,
            media_type: form.media_type(),
            message: Some(message),
        }))
    }
}

impl Message {
    /// A body in that form.
    fn write(&self, input: &Input, given: &[u8], form: Form) -> Result<Vec<u8>, Error> {
        // What is sent as it came is for the check to judge, and for the server.
        if self.given == form {
            return Ok(given.to_vec());
        }
        let message = self.message_type.full_name();
        match form {
            Form::Protobuf => {
                let read = self.message_type.from_json(given);
                let read = read.map_err(|source| Error::Body {
                    input: input.clone(),
                    message,
                    source: source.into(),
                })?;
                Ok(read.encode_to_vec())
            }
            Form::Json => {
                let read = self.message_type.decode(given);
                let read = read.map_err(|source| Error::Body {
                    input: input.clone(),
                    message,
                    source: source.into(),
                })?;
                let text = read.to_json().map_err(|source| Error::Body {
                    input: input.clone(),
                    message,
                    source: source.into(),
                })?;
                Ok(text.into_bytes())
            }
        }
    }
}

/// Holds parameters and body against the schema.
pub fn check(
    method: &Method,
    params: &[(String, String)],
    body: Option<&Body>,
) -> Result<(), Error> {
    let given: Vec<_> = params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let parameters = validate_parameters(method, &given, body.map(|body| body.name.as_str()));
    let mut text = rendered(&parameters, &[]);
    if let Some(body) = body
        && let Some(message) = &body.message
    {
        let descriptor = Schema::diadoc().message(message.message_type.full_name())?;
        let report = match message.given {
            Form::Json => validate_json(&descriptor, &body.given, Direction::Request),
            Form::Protobuf => validate_protobuf(&descriptor, &body.given, Direction::Request),
        };
        text += &rendered(&report, &body.given);
    }
    match text.is_empty() {
        true => Ok(()),
        false => Err(Error::Refused {
            method: method.name().to_owned(),
            text,
        }),
    }
}

/// A report with an error in it as text.
fn rendered(report: &Report, source: &[u8]) -> String {
    match report.has_errors() {
        true => report.render(&String::from_utf8_lossy(source), false),
        false => String::new(),
    }
}

impl Request {
    pub fn new(
        method: &'static Method,
        params: Vec<(String, String)>,
        body: Option<Body>,
        form: Form,
    ) -> Self {
        Self {
            method,
            params,
            body,
            form,
        }
    }

    /// The path with the query.
    pub fn target(&self) -> String {
        let mut target = self.method.path.clone();
        let in_query = self
            .params
            .iter()
            .filter(|(name, _)| self.header_of(name).is_none());
        for (place, (name, value)) in in_query.enumerate() {
            target.push(if place == 0 { '?' } else { '&' });
            target.extend(utf8_percent_encode(name, ENCODED));
            target.push('=');
            target.extend(utf8_percent_encode(value, ENCODED));
        }
        target
    }

    /// Names and values of the headers, but for Authorization.
    pub fn headers(&self) -> Vec<(String, String)> {
        let accept = match self.method.response {
            Response::Message(_) => self.form.media_type(),
            _ => "*/*",
        };
        let mut headers = vec![(ACCEPT.to_string(), accept.to_owned())];
        if let Some(body) = &self.body {
            headers.push((CONTENT_TYPE.to_string(), body.media_type.to_owned()));
        }
        for (name, value) in &self.params {
            if let Some(header) = self.header_of(name) {
                headers.push((header.to_owned(), value.clone()));
            }
        }
        headers
    }

    fn header_of(&self, name: &str) -> Option<&str> {
        self.method.parameter(name)?.header.as_deref()
    }

    /// The request as HTTP.
    pub fn to_http(&self, settings: &Settings) -> Result<http::Request<Vec<u8>>, Error> {
        let mut request = http::Request::builder()
            .method(self.method.verb.as_str())
            .uri(format!("{}{}", settings.url, self.target()));
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        let needed = if self.method.anonymous {
            "DIADOC_CLIENT_ID"
        } else {
            "DIADOC_TOKEN"
        };
        let credentials = settings.credentials.as_ref();
        let credentials = credentials.filter(|one| self.method.anonymous || has_token(one));
        let credentials = credentials.ok_or(Error::NoToken(needed))?;
        let authorization = credentials.header().map_err(|_| Error::TokenText)?;
        let content = self.body.as_ref().map(|body| body.content.clone());
        request
            .header(AUTHORIZATION, authorization)
            .body(content.unwrap_or_default())
            .map_err(|source| Error::Http {
                method: self.method.name().to_owned(),
                source,
            })
    }

    /// The request as it is sent, without the token.
    pub fn show(&self, settings: &Settings) -> String {
        let (verb, target) = (self.method.verb, self.target());
        let (host, base) = host_and_path(&settings.url);
        let mut text = format!("{verb} {base}{target} HTTP/1.1\nhost: {host}\n");
        let authorization = match &settings.credentials {
            None => "(no token: set DIADOC_TOKEN)",
            Some(Credentials::Bearer(_)) => "Bearer [redacted]",
            Some(Credentials::DiadocAuth { token: None, .. }) => {
                "DiadocAuth ddauth_api_client_id=[redacted]"
            }
            Some(_) => "DiadocAuth ddauth_api_client_id=[redacted],ddauth_token=[redacted]",
        };
        text += &format!("authorization: {authorization}\n");
        for (name, value) in self.headers() {
            text += &format!("{}: {value}\n", name.to_lowercase());
        }
        if let Some(body) = &self.body {
            let length = body.content.len();
            text += &format!("content-length: {length}\n\n");
            text += &match str::from_utf8(&body.content) {
                Ok(content) if body.media_type != Form::Protobuf.media_type() => {
                    format!("{}\n", content.trim_end())
                }
                _ => format!("({length} bytes)\n"),
            };
        }
        text
    }

    /// The request for the outcome of the task that this one started.
    pub fn outcome_of(&self, schema: &'static Schema, task: &str) -> Result<Self, Error> {
        let name = self.method.poll_with.as_deref().unwrap_or_default();
        let method = schema.method(name)?;
        let same = self
            .params
            .iter()
            .filter(|(name, _)| method.parameter(name).is_some());
        let mut params: Vec<_> = same.cloned().collect();
        params.push(("taskId".to_owned(), task.to_owned()));
        Ok(Self::new(method, params, None, self.form))
    }

    /// The command of this program that makes the call.
    pub fn as_call(&self) -> String {
        let mut command = format!("diadoc call {}", self.method.name());
        for (name, value) in &self.params {
            command += &format!(" -p {}", super::curl::quoted(&format!("{name}={value}")));
        }
        command
    }
}

fn has_token(credentials: &Credentials) -> bool {
    !matches!(credentials, Credentials::DiadocAuth { token: None, .. })
}

/// Host with port, and the path below which the methods lie.
fn host_and_path(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    }
}

pub fn message_type(full_name: &str) -> Result<&'static MessageType, Error> {
    registry::find(full_name).ok_or_else(|| {
        let name = full_name.to_owned();
        let near = Vec::new();
        Error::Schema(diadoc_schema::SchemaError::NoMessage { name, near })
    })
}

/// The file that a body comes from.
pub fn file_of(body: &Body) -> Option<&Path> {
    match &body.input {
        Input::Stdin => None,
        Input::File(path) => Some(path),
    }
}
