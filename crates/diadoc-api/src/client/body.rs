//! The body of an answer, whole.

use bytes::{Bytes, BytesMut};
use diadoc_core::{LimitError, Limits};

/// Of an answer that is an error so many bytes are taken: more than any text of the server.
const MOST_OF_AN_ERROR: usize = 1 << 16;
/// So many bytes are made room for before they have come.
const AHEAD: u64 = 1 << 20;

/// Why there is no whole answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    #[error(transparent)]
    Cut(#[from] reqwest::Error),
    #[error("the answer is too long: {0}")]
    Limit(#[from] LimitError),
}

/// The answer with its whole body, which the limits bound. They go with it.
pub(super) async fn whole(
    mut response: reqwest::Response,
    limits: &Limits,
) -> Result<http::Response<Bytes>, Unread> {
    let is_error = !response.status().is_success();
    let promised = response.content_length().unwrap_or_default();
    if !is_error {
        limits.check_bytes(usize::try_from(promised).unwrap_or(usize::MAX))?;
    }
    let mut body =
        BytesMut::with_capacity(usize::try_from(promised.min(AHEAD)).unwrap_or_default());
    while let Some(mut piece) = response.chunk().await? {
        match is_error {
            true => piece.truncate(MOST_OF_AN_ERROR - body.len()),
            false => limits.check_bytes(body.len().saturating_add(piece.len()))?,
        }
        body.extend_from_slice(&piece);
        if is_error && body.len() == MOST_OF_AN_ERROR {
            break;
        }
    }
    let mut answer = http::Response::new(body.freeze());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    answer.extensions_mut().insert(*limits);
    Ok(answer)
}
