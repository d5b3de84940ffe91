//! What came of a request.

use std::time::Duration;

/// What came of a request: a result, or word that there is none yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    /// The result.
    Ready(T),
    /// The server is still at it: send the same request again after the delay.
    ///
    /// [`Polling`](crate::Polling) keeps to that.
    Pending {
        /// How long to wait at least, where the server says so.
        retry_after: Option<Duration>,
    },
}

impl<T> Outcome<T> {
    /// The result, or none where it is not ready.
    pub fn ready(self) -> Option<T> {
        match self {
            Self::Ready(result) => Some(result),
            Self::Pending { .. } => None,
        }
    }

    /// The same with another result.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Ready(result) => Outcome::Ready(with(result)),
            Self::Pending { retry_after } => Outcome::Pending { retry_after },
        }
    }
}
