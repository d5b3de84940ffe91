//! Reading what the server answered.

use std::time::Duration;

use bytes::Bytes;
use diadoc_core::Limits;
use diadoc_proto::DecodeWithin;
use diadoc_proto::json::{self, JsonMessage};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response, StatusCode};

use crate::headers::{content_type, delay, file_name, retry_after, text};
use crate::{ApiError, Form, Method, Pending, ResponseKind};

/// A successful answer of a method. `Debug` does not show the body, which may be a token.
pub struct Answer {
    method: &'static Method,
    response: Response<Bytes>,
}

/// The bytes of a file. `Debug` shows how many.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Content {
    /// The body as it came.
    pub content: Bytes,
    /// Name of the file, where the answer gives one (headers `Content-Disposition`,
    /// `X-Diadoc-FileName`). It comes from outside: do not take it for a path.
    pub file_name: Option<String>,
    /// Type of the content, where the answer gives one (header `Content-Type`).
    pub content_type: Option<String>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("method", &self.method.name)
            .field("status", &self.response.status())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content")
            .field("content", &format_args!("{} bytes", self.content.len()))
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// Why a body is no response of its method.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("{0}")]
    Json(#[from] json::Error),
    #[error("{0}")]
    Protobuf(#[from] prost::DecodeError),
    #[error("the content type is neither JSON nor protobuf: {0:?}")]
    ContentType(String),
    #[error("this status brings no result, though it means success")]
    NoResult,
    #[error("it has no content")]
    Empty,
    #[error("it has no content, and {0} has required fields")]
    EmptyMessage(&'static str),
    #[error("the text is not UTF-8")]
    NotUtf8(#[from] std::string::FromUtf8Error),
}

impl Answer {
    pub(crate) fn new(method: &'static Method, response: Response<Bytes>) -> Self {
        Self { method, response }
    }

    /// The body as a message, in the form that `Content-Type` names; protobuf where it names none.
    ///
    /// # Errors
    ///
    /// The body is not of the message, or of another type.
    pub fn message<M>(self) -> Result<M, ApiError>
    where
        M: prost::Message + JsonMessage + DecodeWithin,
    {
        self.read_message().map_err(|why| self.unreadable(why))
    }

    /// The body as a message, or none where the status and an empty body say that there is nothing.
    ///
    /// # Errors
    ///
    /// As of [`Answer::message`].
    pub fn message_or_absent<M>(self) -> Result<Option<M>, ApiError>
    where
        M: prost::Message + JsonMessage + DecodeWithin,
    {
        match self.is_absent() {
            true => Ok(None),
            false => self.message().map(Some),
        }
    }

    /// The body as the bytes of a file.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn content(self) -> Result<Content, ApiError> {
        let headers = self.response.headers();
        Ok(Content {
            file_name: file_name(headers),
            content_type: content_type(headers),
            content: self.response.into_body(),
        })
    }

    /// The body as a text, without line breaks at its end.
    ///
    /// # Errors
    ///
    /// The text is not UTF-8.
    pub fn text(self) -> Result<String, ApiError> {
        let text = String::from_utf8(self.response.body().to_vec());
        match text {
            Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
            Err(why) => Err(self.unreadable(why.into())),
        }
    }

    /// Nothing; a body is passed over.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn nothing(self) -> Result<(), ApiError> {
        Ok(())
    }

    /// The delay where a field of the body says that the result is not ready yet.
    pub(crate) fn pending_by_field(&self) -> Option<Option<Duration>> {
        let form = form(self.response.headers()).ok()?;
        let tells = |pending: &Pending| {
            let field = pending.field.as_ref();
            field.is_some_and(|field| (field.tells)(form, self.response.body()))
        };
        let pending = self.method.pending.iter().any(tells);
        pending.then(|| retry_after(self.response.headers()))
    }

    /// Whether status and an empty body say that there is nothing to answer with.
    pub(crate) fn is_absent(&self) -> bool {
        self.method.absent == Some(self.response.status().as_u16())
            && self.response.body().is_empty()
    }

    /// The body as an encoded message, in the form that `Content-Type` names.
    pub(crate) fn encoded(self) -> Result<(Form, Bytes), ApiError> {
        match form(self.response.headers()) {
            Ok(form) => Ok((form, self.response.into_body())),
            Err(why) => Err(self.unreadable(why)),
        }
    }

    /// That the answer says nothing where its method says something.
    pub(crate) fn check_content(self) -> Result<Self, ApiError> {
        if !self.response.body().is_empty() || self.method.may_be_empty || self.is_absent() {
            return Ok(self);
        }
        Err(self.unreadable(match self.method.response {
            ResponseKind::Message(name) => Unreadable::EmptyMessage(name),
            _ => Unreadable::Empty,
        }))
    }

    /// The error of an answer whose status brings no result.
    pub(crate) fn no_result(self) -> ApiError {
        self.unreadable(Unreadable::NoResult)
    }

    fn read_message<M>(&self) -> Result<M, Unreadable>
    where
        M: prost::Message + JsonMessage + DecodeWithin,
    {
        let limits = self.response.extensions().get::<Limits>();
        let limits = limits.copied().unwrap_or_default();
        let (form, body) = (form(self.response.headers())?, self.response.body());
        decode(form, body, &limits)
    }

    fn unreadable(&self, why: Unreadable) -> ApiError {
        let (status, headers) = (self.response.status(), self.response.headers());
        ApiError::unreadable(self.method, status, headers, why)
    }
}

/// A message in that form.
fn decode<M>(form: Form, body: &Bytes, limits: &Limits) -> Result<M, Unreadable>
where
    M: prost::Message + JsonMessage + DecodeWithin,
{
    match form {
        Form::Json => Ok(json::from_slice_within(body, limits)?),
        // From `Bytes`, so that content of documents is not copied.
        Form::Protobuf => Ok(M::decode_within(body.clone(), limits)?),
    }
}

/// What a message of a body says, where it is one; for the generated table.
pub(crate) fn ask<M, T>(form: Form, body: &Bytes, what: impl FnOnce(M) -> T) -> Option<T>
where
    M: prost::Message + JsonMessage + DecodeWithin,
{
    decode(form, body, &Limits::new()).ok().map(what)
}

/// A message in protobuf as JSON; none where it cannot be read.
pub(crate) fn to_json<M>(body: &Bytes) -> Option<String>
where
    M: prost::Message + JsonMessage + DecodeWithin,
{
    let message: M = decode(Form::Protobuf, body, &Limits::new()).ok()?;
    json::to_string(&message).ok()
}

/// The form that the headers name.
fn form(headers: &HeaderMap) -> Result<Form, Unreadable> {
    match text(headers, CONTENT_TYPE.as_str()) {
        None => Ok(Form::Protobuf),
        Some(text) => {
            let media_type = text.split(';').next().unwrap_or_default().trim();
            match Form::of_media_type(media_type) {
                Some(form) => Ok(form),
                // As files travel, which some answers are labelled as.
                None if media_type.eq_ignore_ascii_case("application/octet-stream") => {
                    Ok(Form::Protobuf)
                }
                None => Err(Unreadable::ContentType(text.to_owned())),
            }
        }
    }
}

/// What the status and the headers of an answer mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Not ready yet, and the delay that it gives.
    Pending(Option<Duration>),
    /// The body is the result.
    Result,
    /// It means success, but has no result: a part of one, or none.
    NoResult,
    Error,
}

/// What an answer means. A result comes with 200; with 204 where there is nothing to answer with, or
/// where the method says that it means so.
pub(crate) fn meaning(method: &Method, status: StatusCode, headers: &HeaderMap) -> Meaning {
    if let Some(delay) = pending(method, status, headers) {
        return Meaning::Pending(delay);
    }
    let is_nothing = method.absent == Some(status.as_u16())
        || method.response == ResponseKind::Nothing && status == StatusCode::NO_CONTENT;
    match status {
        StatusCode::OK => Meaning::Result,
        // Whoever asks to come again has not said that there is nothing.
        _ if is_nothing && retry_after(headers).is_none() => Meaning::Result,
        status if status.is_success() => Meaning::NoResult,
        _ => Meaning::Error,
    }
}

/// Whether the answer means «not ready yet», and the delay that it gives.
fn pending(method: &Method, status: StatusCode, headers: &HeaderMap) -> Option<Option<Duration>> {
    let is_pending = |pending: &&Pending| {
        let has_delay = headers.contains_key(pending.delay_header);
        // Where a field tells, it does so in each answer that has one.
        let by_field = pending.field.is_some() && status == StatusCode::OK;
        let as_stated = pending.status == status.as_u16() && !pending.header_required;
        let asks_to_wait = status.is_success() || pending.status == status.as_u16();
        !by_field && (as_stated || asks_to_wait && has_delay)
    };
    let pending = method.pending.iter().find(is_pending)?;
    Some(delay(headers, pending.delay_header))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let form = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, http::HeaderValue::from_static(value));
            form(&headers).ok()
        };
        assert_eq!(form("application/problem+json"), Some(Form::Json));
        assert_eq!(form("application/x-protobuf"), Some(Form::Protobuf));
        assert_eq!(form("application/octet-stream"), Some(Form::Protobuf));
        assert_eq!(form("Application/Octet-Stream; q=1"), Some(Form::Protobuf));
        assert_eq!(form("text/html"), None);
        assert_eq!(super::form(&HeaderMap::new()).ok(), Some(Form::Protobuf));
    }
}
