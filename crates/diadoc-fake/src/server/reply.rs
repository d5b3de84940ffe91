//! From what a test puts in to an answer of HTTP.

use std::fmt;
use std::sync::Arc;

use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use diadoc_api::Form;
use diadoc_schema::{Method, Response};
use prost_reflect::MessageDescriptor;

use super::answer::{Answer, Kind};
use super::forms;
use super::pages::Pages;
use super::{FakeError, Received};

/// An answer that fits its method.
pub(super) enum Prepared {
    Reply(Reply),
    Pages(Pages, Shell),
    By(Arc<dyn Fn(&Received) -> Answer + Send + Sync>),
    /// By the request and what the fake itself remembers.
    Own(fn(&super::Script, &Received) -> Answer),
}

/// Status and headers.
#[derive(Debug, Clone)]
pub(super) struct Shell {
    pub status: StatusCode,
    pub headers: HeaderMap,
}

/// An answer, but for the form of its message.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub shell: Shell,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    Message(MessageDescriptor, Bytes),
    Raw(Bytes, HeaderValue),
    Nothing,
}

/// Holds an answer against its method.
pub(super) fn prepare(method: &'static Method, answer: Answer) -> Result<Prepared, FakeError> {
    let shell = Shell::of(&answer)?;
    let name = || method.name().to_owned();
    let body = match answer.kind {
        Kind::By(make) => return Ok(Prepared::By(make)),
        Kind::List(list) => {
            let pages = Pages::new(method, &list, None)?;
            return Ok(Prepared::Pages(pages, shell));
        }
        Kind::Nothing => Body::Nothing,
        Kind::Raw {
            content,
            content_type,
        } => {
            let media_type = HeaderValue::from_str(&content_type);
            let media_type = media_type.map_err(|_| FakeError::Header(CONTENT_TYPE.to_string()))?;
            Body::Raw(content, media_type)
        }
        Kind::Message { full_name, held } => match message_of(method) {
            Some(message) if message.full_name() == full_name => Body::Message(message, held),
            _ => {
                return Err(FakeError::OtherMessage {
                    method: name(),
                    expected: expected(method),
                    given: full_name,
                });
            }
        },
        Kind::Json(body) => {
            let Some(message) = message_of(method) else {
                return Err(FakeError::OtherMessage {
                    method: name(),
                    expected: expected(method),
                    given: "JSON".to_owned(),
                });
            };
            let held = forms::from_json(&message, body.to_string().as_bytes());
            let held = held.map_err(|source| FakeError::Json {
                method: name(),
                source,
            })?;
            Body::Message(message, held)
        }
    };
    Ok(Prepared::Reply(Reply { shell, body }))
}

/// The message that a method answers with.
pub(super) fn message_of(method: &Method) -> Option<MessageDescriptor> {
    match &method.response {
        Response::Message(message) => Some(message.clone()),
        _ => None,
    }
}

fn expected(method: &Method) -> String {
    match &method.response {
        Response::Message(message) => message.full_name().to_owned(),
        Response::Bytes => "the bytes of a file".to_owned(),
        Response::Text => "a text".to_owned(),
        _ => "nothing".to_owned(),
    }
}

impl Shell {
    fn of(answer: &Answer) -> Result<Self, FakeError> {
        let status = answer.status.unwrap_or(200);
        let fits = StatusCode::from_u16(status)
            .ok()
            .filter(|_| (200..600).contains(&status));
        let mut shell = Self {
            status: fits.ok_or(FakeError::Status(status))?,
            headers: HeaderMap::new(),
        };
        for (name, value) in &answer.headers {
            let wrong = || FakeError::Header(name.clone());
            let key = HeaderName::try_from(name).map_err(|_| wrong())?;
            let value = HeaderValue::try_from(value).map_err(|_| wrong())?;
            shell.headers.append(key, value);
        }
        Ok(shell)
    }

    pub(super) fn ok() -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
        }
    }
}

impl Reply {
    /// A text, mostly of an error.
    pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            shell: Shell {
                status,
                headers: HeaderMap::new(),
            },
            body: Body::Raw(
                text.into().into(),
                HeaderValue::from_static("text/plain; charset=utf-8"),
            ),
        }
    }

    /// The first line of a text.
    pub(super) fn first_line(&self) -> Option<String> {
        let Body::Raw(content, _) = &self.body else {
            return None;
        };
        let text = String::from_utf8_lossy(content);
        text.lines().next().map(str::to_owned)
    }

    pub(super) fn with(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.shell.headers.insert(name, value.into());
        self
    }

    /// Status, headers and the bytes of the body in that form.
    pub(super) fn write(self, form: Form) -> (StatusCode, HeaderMap, Bytes) {
        let Shell {
            status,
            mut headers,
        } = self.shell;
        let (body, media_type) = match self.body {
            Body::Message(message, held) => (
                forms::write(form, &message, held),
                Some(HeaderValue::from_static(forms::media_type(form))),
            ),
            Body::Raw(content, media_type) => (content, Some(media_type)),
            Body::Nothing => (Bytes::new(), None),
        };
        if let Some(media_type) = media_type {
            headers.entry(CONTENT_TYPE).or_insert(media_type);
        }
        (status, headers, body)
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reply(_) => "Reply",
            Self::Pages(..) => "Pages",
            Self::By(_) => "By",
            Self::Own(_) => "Own",
        })
    }
}
