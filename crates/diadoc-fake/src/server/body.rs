//! Reading the body of a request.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::StatusCode;
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time;

use super::limits::Limits;
use super::listen::stopped;

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unread {
    #[error(
        "the body is longer than {0} bytes; `max_body` of the builder and `diadoc serve --max-body` \
         set another limit"
    )]
    TooLong(usize),
    #[error(
        "the bodies of all requests that are not answered yet are longer than {0} bytes, which is four \
         times as much as `max_body` of the builder and `diadoc serve --max-body` say"
    )]
    TooMany(usize),
    #[error("the body is cut")]
    Cut,
    #[error(
        "nothing of the body came for {0:?}; `timeouts` of the builder and `diadoc serve --timeout` set \
         another limit"
    )]
    Slow(Duration),
    #[error("the body took longer than {0:?}; `timeouts` of the builder set another limit")]
    Long(Duration),
    #[error("the server stops")]
    Stopped,
}

impl Unread {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Cut => StatusCode::BAD_REQUEST,
            Self::Slow(_) | Self::Long(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(_) | Self::Stopped => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// What reads bodies, and how much room is left for them. Clones share the room.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    limits: Limits,
    room: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
}

/// The room that a body takes, until it is dropped.
pub(crate) type Room = Option<OwnedSemaphorePermit>;

impl Reader {
    pub(crate) fn new(limits: Limits, stop: watch::Receiver<bool>) -> Self {
        Self {
            room: limits.room(),
            limits,
            stop,
        }
    }

    /// The whole body, in memory of its own, and its room. One that says that it is too long is not read at all, and
    /// neither one who sends it slowly nor one who stops in the middle keeps the fake waiting.
    pub(crate) async fn read(&self, body: Body) -> Result<(Bytes, Room), Unread> {
        let most = self.limits.body;
        let timeouts = &self.limits.timeouts;
        if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
            return Err(Unread::TooLong(most));
        }
        let mut stop = self.stop.clone();
        let mut end = pin!(time::sleep(timeouts.body));
        let mut parts = body.into_data_stream();
        let mut bytes = Vec::new();
        let mut room = None;
        loop {
            let part = tokio::select! {
                part = time::timeout(timeouts.pause, parts.next()) => part,
                () = &mut end => return Err(Unread::Long(timeouts.body)),
                () = stopped(&mut stop) => return Err(Unread::Stopped),
            };
            match part {
                Err(_) => return Err(Unread::Slow(timeouts.pause)),
                Ok(None) => break,
                Ok(Some(Err(_))) => return Err(Unread::Cut),
                Ok(Some(Ok(part))) if bytes.len() + part.len() > most => {
                    return Err(Unread::TooLong(most));
                }
                Ok(Some(Ok(part))) => {
                    self.take(&mut room, part.len())?;
                    bytes.extend_from_slice(&part);
                }
            }
        }
        bytes.shrink_to_fit();
        Ok((bytes.into(), room))
    }

    /// Takes room for so many bytes more.
    fn take(&self, room: &mut Room, bytes: usize) -> Result<(), Unread> {
        let too_many = || Unread::TooMany(self.limits.of_all_bodies());
        let bytes = u32::try_from(bytes).map_err(|_| too_many())?;
        let more = self.room.clone().try_acquire_many_owned(bytes);
        let more = more.map_err(|_| too_many())?;
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        Ok(())
    }
}
