//! Reading the body of a request.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::watch;

use super::listen::stopped;

/// Bodies beyond this are refused. The shelf takes parts of 70 MB.
pub(crate) const MOST_BYTES: usize = 100 << 20;
/// How long nothing of a body may come.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unread {
    #[error("the body is longer than {MOST_BYTES} bytes")]
    TooLong,
    #[error("the body is cut")]
    Cut,
    #[error("nothing of the body came for {} seconds", LONGEST_PAUSE.as_secs())]
    Slow,
    #[error("the server stops")]
    Stopped,
}

impl Unread {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Cut => StatusCode::BAD_REQUEST,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The whole body, in memory of its own. Neither one who sends it slowly nor one who stops in the
/// middle keeps the fake waiting.
pub(crate) async fn read(body: Body, mut stop: watch::Receiver<bool>) -> Result<Bytes, Unread> {
    let mut parts = body.into_data_stream();
    let mut read = Vec::new();
    loop {
        let part = tokio::select! {
            part = tokio::time::timeout(LONGEST_PAUSE, parts.next()) => part,
            () = stopped(&mut stop) => return Err(Unread::Stopped),
        };
        match part {
            Err(_) => return Err(Unread::Slow),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(Unread::Cut),
            Ok(Some(Ok(part))) if read.len() + part.len() > MOST_BYTES => {
                return Err(Unread::TooLong);
            }
            Ok(Some(Ok(part))) => read.extend_from_slice(&part),
        }
    }
    read.shrink_to_fit();
    Ok(read.into())
}
