//! Content that is taken piece by piece.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, Stream};

use super::ClientError;
use crate::{Content, Method, headers};

/// A file on its way: a stream of its bytes.
///
/// The pieces come as the server sends them; a file of many megabytes is never held whole. Where
/// the answer ends too early, the last item is an error.
pub struct Download {
    /// Name of the file, where the answer gives one. It comes from outside: do not take it for a
    /// path.
    pub file_name: Option<String>,
    /// Type of the content, where the answer gives one.
    pub content_type: Option<String>,
    /// Number of bytes, where the answer gives it.
    pub size: Option<u64>,
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, ClientError>> + Send>>,
}

impl Download {
    /// The content of an answer that has begun; `timeout` is the time between two pieces.
    pub(super) fn new(
        method: &'static Method,
        response: reqwest::Response,
        timeout: Duration,
    ) -> Self {
        let headers = response.headers();
        let (file_name, content_type) =
            (headers::file_name(headers), headers::content_type(headers));
        let size = response.content_length();
        let pieces = stream::try_unfold(response, move |mut response| async move {
            let piece = tokio::time::timeout(timeout, response.chunk()).await;
            match piece {
                Ok(Ok(piece)) => Ok(piece.map(|piece| (piece, response))),
                Ok(Err(cause)) => Err(super::attempt::transport(method, cause)),
                Err(_) => Err(ClientError::Timeout {
                    method: method.name,
                    after: timeout,
                }),
            }
        });
        Self {
            file_name,
            content_type,
            size,
            pieces: Box::pin(pieces),
        }
    }

    /// Content that has come already.
    pub(super) fn whole(content: Content) -> Self {
        Self {
            size: u64::try_from(content.content.len()).ok(),
            file_name: content.file_name,
            content_type: content.content_type,
            pieces: Box::pin(stream::iter([Ok(content.content)])),
        }
    }
}

impl Stream for Download {
    type Item = Result<Bytes, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.pieces.as_mut().poll_next(context)
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download")
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
