//! What goes wrong when somebody signs in.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::{Secrets, Token, headers};

/// Of a text of the server so many characters are kept.
const MOST_TEXT: usize = 1000;

/// Why there are no tokens. No text of it holds one, nor the program's secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OidcError {
    /// The identity server says no, in the words of OAuth.
    #[error("the identity server refused: {0}")]
    Refused(Refusal),
    /// The identity server failed, or something in between answered.
    #[error("the identity server answered with status {}", status.as_u16())]
    Status {
        /// The status of the answer.
        status: StatusCode,
        /// How long to wait before another try, where the answer says so.
        retry_after: Option<Duration>,
    },
    /// The status says success, but the answer is not what it should be.
    #[error("the answer of the identity server cannot be read: {0}")]
    Unreadable(&'static str),
    /// The user has not confirmed the code while it was valid.
    #[error("the code was not confirmed in time")]
    Expired,
    /// The redirect belongs to no sign-in of this one's: it lacks `state`, or has another.
    #[error("the redirect has another `state` than the sign-in")]
    State,
    /// The redirect has neither a code nor an error.
    #[error("the redirect has no `code`")]
    NoCode,
    /// The id token was made for another sign-in: it lacks `nonce`, or has another.
    #[error("the id token has another `nonce` than the sign-in")]
    Nonce,
    /// No URI can hold the request, mostly because an address or the scope is too long.
    #[error("the request does not fit a URI")]
    Uri,
}

/// A refusal as OAuth has it: RFC 6749, sections 4.1.2.1 and 5.2, and RFC 8628, section 3.5.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// What it means.
    pub kind: RefusalKind,
    /// What stands in `error`.
    pub error: String,
    /// What stands in `error_description`: a text for developers. Secrets that the request had are
    /// taken out of it.
    pub description: Option<String>,
    /// The status of the answer; none where the refusal came with a redirect.
    pub status: Option<StatusCode>,
    /// How long to wait before another try, where the answer says so.
    pub retry_after: Option<Duration>,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// `invalid_request`: something is missing or there twice.
    InvalidRequest,
    /// `invalid_client`: the program's id or secret is wrong.
    InvalidClient,
    /// `invalid_grant`: the code or refresh token is not valid: unknown, expired, revoked or used.
    InvalidGrant,
    /// `unauthorized_client`: the program may not sign in this way.
    UnauthorizedClient,
    /// `unsupported_grant_type`: the server knows no such way.
    UnsupportedGrantType,
    /// `invalid_scope`: the scope is unknown, or not for this program.
    InvalidScope,
    /// `access_denied`: the user said no.
    AccessDenied,
    /// `authorization_pending`: the user has not answered yet.
    AuthorizationPending,
    /// `slow_down`: the same, and the program asks too often.
    SlowDown,
    /// `expired_token`: the device code is too old.
    ExpiredToken,
    /// `server_error`: the server failed.
    ServerError,
    /// `temporarily_unavailable`: the server is busy.
    TemporarilyUnavailable,
    /// Another one.
    Other,
}

impl OidcError {
    /// Whether the same request may succeed later: where the server failed or is busy, not where it
    /// refused.
    pub fn may_pass(&self) -> bool {
        let passing = |status: StatusCode| {
            status.is_server_error()
                || status == StatusCode::REQUEST_TIMEOUT
                || status == StatusCode::TOO_MANY_REQUESTS
        };
        match self {
            Self::Refused(refusal) => {
                use RefusalKind::{ServerError, TemporarilyUnavailable};
                matches!(refusal.kind, ServerError | TemporarilyUnavailable)
                    || refusal.status.is_some_and(passing)
            }
            Self::Status { status, .. } => passing(*status),
            _ => false,
        }
    }

    /// How long to wait before another try, where the answer says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Refused(refusal) => refusal.retry_after,
            _ => None,
        }
    }

    /// The refusal, where it is one of that kind.
    pub fn is_refusal(&self, kind: RefusalKind) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.kind == kind)
    }
}

impl Refusal {
    pub(super) fn new(
        error: &str,
        description: Option<&str>,
        status: Option<StatusCode>,
        secrets: &[&Token],
    ) -> Self {
        Self {
            kind: RefusalKind::of(error),
            error: without(secrets, error),
            description: description.map(|text| without(secrets, text)),
            status,
            retry_after: None,
        }
    }
}

/// The object of a successful answer. `secrets` are those of the request.
pub(super) fn object(
    response: &Response<Bytes>,
    secrets: &[&Token],
) -> Result<Map<String, Value>, OidcError> {
    let status = response.status();
    let body = serde_json::from_slice::<Map<String, Value>>(response.body());
    if status.is_success() {
        return body.map_err(|_| OidcError::Unreadable("it is no JSON object"));
    }
    let text = |body: &Map<String, Value>, key| {
        let text = body.get(key)?.as_str()?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let body = body.unwrap_or_default();
    let retry_after = headers::retry_after(response.headers());
    Err(match text(&body, "error") {
        Some(error) => {
            let description = text(&body, "error_description");
            let description = description.as_deref();
            OidcError::Refused(Refusal {
                retry_after,
                ..Refusal::new(&error, description, Some(status), secrets)
            })
        }
        None => OidcError::Status {
            status,
            retry_after,
        },
    })
}

/// A text of the server without what it may repeat of the request, and not too long. The names of
/// OAuth's errors stay.
fn without(secrets: &[&Token], text: &str) -> String {
    match RefusalKind::of(text) {
        RefusalKind::Other => {
            let secrets: Secrets = secrets.iter().copied().cloned().collect();
            secrets.hide(text).chars().take(MOST_TEXT).collect()
        }
        _ => text.to_owned(),
    }
}

impl RefusalKind {
    const NAMES: [(&'static str, Self); 12] = [
        ("invalid_request", Self::InvalidRequest),
        ("invalid_client", Self::InvalidClient),
        ("invalid_grant", Self::InvalidGrant),
        ("unauthorized_client", Self::UnauthorizedClient),
        ("unsupported_grant_type", Self::UnsupportedGrantType),
        ("invalid_scope", Self::InvalidScope),
        ("access_denied", Self::AccessDenied),
        ("authorization_pending", Self::AuthorizationPending),
        ("slow_down", Self::SlowDown),
        ("expired_token", Self::ExpiredToken),
        ("server_error", Self::ServerError),
        ("temporarily_unavailable", Self::TemporarilyUnavailable),
    ];

    fn of(error: &str) -> Self {
        let mut names = Self::NAMES.iter();
        let found = names.find(|(name, _)| *name == error);
        found.map_or(Self::Other, |(_, kind)| *kind)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)?;
        if let Some(status) = self.status {
            write!(f, " (status {})", status.as_u16())?;
        }
        match &self.description {
            Some(description) => write!(f, ": {description}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_errors_stay() {
        let secret = Token::from("e");
        assert_eq!(without(&[&secret], "invalid_scope"), "invalid_scope");
        assert_eq!(without(&[&secret], "ne"), "n***");
    }
}
