//! Why a call failed.

use std::error::Error as StdError;
use std::time::Duration;

use diadoc_core::LimitError;

use super::RenewError;
use crate::{ApiError, ErrorKind, PagingError, PollingError, RequestError, UploadError, chain};

/// Why a call failed.
///
/// The text says it to the root cause, and [`source`](StdError::source) gives nothing: a reporter that
/// prints causes says none twice. The causes themselves are in the variants.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The request was not sent: it goes against the rules of its method, or cannot be written.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The server answered with an error, or with what cannot be read.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// No answer came, or none to its end: no connection, a timeout, a body that was cut.
    #[error("{method}: no whole answer came: {}", chain::to_root(&**cause))]
    Transport {
        /// The method.
        method: &'static str,
        /// Whether no connection could be made: nothing was sent.
        is_connect: bool,
        /// What the HTTP client said, without the address and its query.
        cause: Box<dyn StdError + Send + Sync>,
    },
    /// No answer came in time, or the next piece of content did not.
    #[error("{method}: no answer within {after:?}")]
    Timeout {
        /// The method.
        method: &'static str,
        /// How long was waited.
        after: Duration,
    },
    /// There was no result when the time for the call was up, however often it was tried.
    ///
    /// What was sent last may have done its work. Where the request
    /// [may be repeated](crate::Request::is_repeatable), the same one tells.
    #[error("{method}: no result within {after:?}{}", behind(last.as_deref()))]
    Deadline {
        /// The method.
        method: &'static str,
        /// How long the call could take.
        after: Duration,
        /// Why the last attempt failed that came to an end.
        last: Option<Box<ClientError>>,
    },
    /// The last attempt was refused, but after an earlier one nobody knows what became of it: the server
    /// may have done its work, and may refuse for just that. The same request, sent again later, tells.
    #[error("{last}; an earlier attempt may have done its work: {earlier}")]
    Uncertain {
        /// Why the last attempt failed.
        last: Box<ClientError>,
        /// Why the earlier one failed.
        earlier: Box<ClientError>,
    },
    /// A file broke off on its way, and could not be brought to its end.
    #[error("{why}; {bytes} bytes of the file had come")]
    Broken {
        /// How many bytes had come.
        bytes: u64,
        /// Why the last attempt failed.
        why: Box<ClientError>,
    },
    /// A file broke off, and is another one since.
    #[error("{method}: the file has become another one while it came; {bytes} bytes had come")]
    Changed {
        /// The method.
        method: &'static str,
        /// How many bytes had come.
        bytes: u64,
    },
    /// The answer has more bytes than the client takes.
    #[error(
        "{method}: the answer is too long: {limit}; `ClientBuilder::limits` sets how much may be"
    )]
    TooLong {
        /// The method.
        method: &'static str,
        /// The limit.
        limit: LimitError,
    },
    /// The result is not ready yet; [`Client::wait`](crate::client::Client::wait) waits for it.
    #[error("{method}: the result is not ready yet")]
    Pending {
        /// The method.
        method: &'static str,
        /// How long to wait, where the server says so.
        retry_after: Option<Duration>,
    },
    /// The result was not ready in time.
    #[error(transparent)]
    Polling(#[from] PollingError),
    /// A list cannot be read to its end.
    #[error(transparent)]
    Paging(#[from] PagingError),
    /// A file did not get to the shelf.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// What is to be sent cannot be read.
    #[error("what is to be uploaded cannot be read: {0}")]
    Content(std::io::Error),
    /// The answer of a method that starts a task names none.
    #[error("{method}: the answer names no task")]
    NoTask {
        /// The method.
        method: &'static str,
    },
    /// No new token could be got.
    #[error("no new token could be got: {0}")]
    Renewal(RenewError),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {}", chain::to_root(&**.0))]
    Setup(Box<dyn StdError + Send + Sync>),
    /// The system's certificates, by which servers are known, could not be read.
    #[error("the system's certificates cannot be read: {}", chain::to_root(&**.0))]
    Certificates(Box<dyn StdError + Send + Sync>),
}

impl From<RenewError> for ClientError {
    fn from(error: RenewError) -> Self {
        Self::Renewal(error)
    }
}

impl ClientError {
    /// Whether the server may have done what was asked. It has not where nothing was sent, where there was
    /// no connection, and where it refused; but for 409, which may also say that it was done before.
    ///
    /// Where it may, and the request [may be repeated](crate::Request::is_repeatable), the same request
    /// does it once, and tells its result.
    pub fn may_be_done(&self) -> bool {
        let is_conflict = |error: &ApiError| error.kind() == ErrorKind::Conflict;
        !self.is_refusal() || matches!(self, Self::Api(error) if is_conflict(error))
    }

    /// Whether the last attempt surely did nothing.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Api(error) => !matches!(
                error.kind(),
                ErrorKind::Server | ErrorKind::Other | ErrorKind::Unreadable
            ),
            Self::Transport { is_connect, .. } => *is_connect,
            Self::Request(_)
            | Self::Renewal(_)
            | Self::Setup(_)
            | Self::Certificates(_)
            | Self::Content(_) => true,
            _ => false,
        }
    }
}

/// What stands behind an error of a whole call.
fn behind(last: Option<&ClientError>) -> String {
    last.map(|last| format!("; the last attempt: {last}"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use diadoc_core::Limit;

    use super::*;
    use crate::RequestError;

    const METHOD: &str = "Method";
    const AFTER: Duration = Duration::from_secs(2);

    fn transport(is_connect: bool) -> ClientError {
        ClientError::Transport {
            method: METHOD,
            is_connect,
            cause: "the cable".into(),
        }
    }

    fn deadline(last: Option<ClientError>) -> ClientError {
        ClientError::Deadline {
            method: METHOD,
            after: AFTER,
            last: last.map(Box::new),
        }
    }

    /// Those that no server makes; what answers come to, tests say that have one.
    #[test]
    fn what_is_said_and_whether_it_may_be_done() {
        let header = RequestError::Header {
            method: METHOD,
            parameter: None,
            header: "Authorization",
        };
        for (error, may_be_done, said) in [
            (
                header.into(),
                false,
                "Method: the header Authorization holds no line breaks and no other control characters",
            ),
            (
                RenewError::lasting("no").into(),
                false,
                "no new token could be got: no",
            ),
            (
                ClientError::Setup("no".into()),
                false,
                "the HTTP client could not be set up: no",
            ),
            (
                ClientError::Certificates("no".into()),
                false,
                "the system's certificates cannot be read: no",
            ),
            (
                transport(true),
                false,
                "Method: no whole answer came: the cable",
            ),
            (
                transport(false),
                true,
                "Method: no whole answer came: the cable",
            ),
            (
                ClientError::Timeout {
                    method: METHOD,
                    after: AFTER,
                },
                true,
                "Method: no answer within 2s",
            ),
            (deadline(None), true, "Method: no result within 2s"),
            (
                deadline(Some(transport(true))),
                true,
                "Method: no result within 2s; the last attempt: Method: no whole answer came: the cable",
            ),
            (
                ClientError::Uncertain {
                    last: Box::new(transport(true)),
                    earlier: Box::new(deadline(None)),
                },
                true,
                "Method: no whole answer came: the cable; an earlier attempt may have done its work: \
                 Method: no result within 2s",
            ),
            (
                ClientError::TooLong {
                    method: METHOD,
                    limit: LimitError::new(Limit::Depth, 1),
                },
                true,
                "Method: the answer is too long: expected at most 1 levels of nesting (`Limits::depth`), \
                 found more; `ClientBuilder::limits` sets how much may be",
            ),
            (
                ClientError::Pending {
                    method: METHOD,
                    retry_after: None,
                },
                true,
                "Method: the result is not ready yet",
            ),
            (
                ClientError::NoTask { method: METHOD },
                true,
                "Method: the answer names no task",
            ),
        ] {
            assert_eq!(error.to_string(), said);
            assert_eq!(error.may_be_done(), may_be_done, "{said}");
        }
    }
}
