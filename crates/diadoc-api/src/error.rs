//! Answers that are errors, by their meaning.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use crate::{Credentials, Method, Secrets, chain, headers};

/// Of the server's text so much is kept.
const MOST_TEXT: usize = 4000;

/// An answer that is an error, or one that could not be read.
///
/// Its text says what is wrong to the root cause, and ends with the id of the request in the vendor's
/// logs where the answer has one.
#[derive(Debug)]
pub struct ApiError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    method: &'static str,
    status: StatusCode,
    text: String,
    /// Whether the server said more.
    is_cut: bool,
    code: Option<String>,
    trace_id: Option<String>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

/// What an error means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// 400: the request is malformed, or a parameter is missing.
    BadRequest,
    /// 401: no credentials, wrong ones, or a token that has expired.
    Unauthorized,
    /// 402: the box's subscription to the API has ended.
    SubscriptionEnded,
    /// 403: these credentials have no access.
    Forbidden,
    /// 404: there is no such thing.
    NotFound,
    /// 405: another verb is meant.
    WrongVerb,
    /// 409: it cannot be done in this state, or was done already.
    Conflict,
    /// 410: it is there no longer.
    Gone,
    /// 415: the method takes no body of the request's `Content-Type`.
    UnsupportedMediaType,
    /// 429: too many requests.
    TooManyRequests,
    /// 5xx: the server failed.
    Server,
    /// A status that the vendor does not speak of.
    Other,
    /// The status says success, but the body could not be read as the method's response.
    Unreadable,
}

impl ApiError {
    /// What it means.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The method that was called.
    pub fn method(&self) -> &'static str {
        self.0.method
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What the server says, in its own words, mostly Russian; empty where it says nothing. Only
    /// its first 4000 characters.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The vendor's code of the error, from the header `X-Diadoc-ErrorCode`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id of the request in the vendor's logs, from the header `X-Kontur-Trace-Id`. The vendor's
    /// support asks for it.
    pub fn trace_id(&self) -> Option<&str> {
        self.0.trace_id.as_deref()
    }

    /// Why the body could not be read; of [`ErrorKind::Unreadable`] only. The error's text has it, so
    /// that [`source`](StdError::source) gives nothing.
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }

    /// How long to wait before another try, where the server says so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same request may succeed later: after too many requests, a failure of the
    /// server, or where the server itself gives a delay. Whether it may be sent twice is for
    /// [`Method::idempotency`] to say.
    pub fn may_pass(&self) -> bool {
        matches!(self.kind(), ErrorKind::TooManyRequests | ErrorKind::Server)
            || self.status() == StatusCode::REQUEST_TIMEOUT
            || self.retry_after().is_some()
    }

    /// The same without the secrets of these credentials, should the server have repeated them: what it
    /// says, quoted or not, is not to bring a token into a log.
    #[must_use]
    pub fn without(self, credentials: &Credentials) -> Self {
        self.hiding(&Secrets::from(credentials))
    }

    /// The same without these secrets. Those of a request are not in an error of its
    /// [`outcome`](crate::Request::outcome) in the first place.
    #[must_use]
    pub fn hiding(mut self, secrets: &Secrets) -> Self {
        let hide = |text: &str| secrets.hide(text);
        let inner = &mut *self.0;
        inner.text = secrets.hide_in(&inner.text, inner.is_cut);
        for text in [&mut inner.code, &mut inner.trace_id] {
            *text = text.as_deref().map(hide);
        }
        if let Some(cause) = &inner.cause {
            let said = chain::to_root(&**cause).to_string();
            // `Debug` may have more, such as the beginning of what could not be read.
            let whole = format!("{said} {cause:?}");
            if hide(&whole) != whole {
                inner.cause = Some(hide(&said).into());
            }
        }
        self
    }

    pub(crate) fn from_response(method: &Method, response: Response<Bytes>) -> Self {
        let status = response.status();
        let text = String::from_utf8_lossy(response.body());
        let header = |name| headers::text(response.headers(), name).map(str::to_owned);
        let text = text.trim();
        let end = text.char_indices().nth(MOST_TEXT).map(|(end, _)| end);
        Self(Box::new(Inner {
            kind: ErrorKind::of(status),
            method: method.name,
            status,
            text: text[..end.unwrap_or(text.len())].to_owned(),
            is_cut: end.is_some(),
            code: header(headers::ERROR_CODE),
            trace_id: header(headers::TRACE_ID),
            retry_after: headers::retry_after(response.headers()),
            cause: None,
        }))
    }

    pub(crate) fn unreadable(
        method: &Method,
        status: StatusCode,
        headers: &HeaderMap,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind: ErrorKind::Unreadable,
            method: method.name,
            status,
            text: String::new(),
            is_cut: false,
            code: None,
            trace_id: headers::text(headers, headers::TRACE_ID).map(str::to_owned),
            retry_after: headers::retry_after(headers),
            cause: Some(cause.into()),
        }))
    }
}

impl ErrorKind {
    fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            400 => Self::BadRequest,
            401 => Self::Unauthorized,
            402 => Self::SubscriptionEnded,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::WrongVerb,
            409 => Self::Conflict,
            410 => Self::Gone,
            415 => Self::UnsupportedMediaType,
            429 => Self::TooManyRequests,
            500..=599 => Self::Server,
            _ => Self::Other,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::BadRequest => "bad request",
            Self::Unauthorized => "unauthorized",
            Self::SubscriptionEnded => "the subscription to the API has ended",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::WrongVerb => "wrong verb",
            Self::Conflict => "conflict",
            Self::Gone => "gone",
            Self::UnsupportedMediaType => "the content type of the request is not supported",
            Self::TooManyRequests => "too many requests",
            Self::Server => "the server failed",
            Self::Other => "an unexpected status",
            Self::Unreadable => "the answer cannot be read",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        write!(f, "{}: {}", inner.method, inner.kind.text())?;
        write!(f, " (status {}", inner.status.as_u16())?;
        if let Some(code) = &inner.code {
            write!(f, ", {code}")?;
        }
        write!(f, ")")?;
        if let Some(delay) = inner.retry_after {
            write!(f, ", try again in {} s", delay.as_secs())?;
        }
        if !inner.text.is_empty() {
            write!(f, ": {}", inner.text)?;
        }
        if let Some(cause) = &inner.cause {
            write!(f, ": {}", chain::to_root(&**cause))?;
        }
        if let Some(trace_id) = &inner.trace_id {
            write!(f, " (trace id {trace_id})")?;
        }
        Ok(())
    }
}

impl StdError for ApiError {}
