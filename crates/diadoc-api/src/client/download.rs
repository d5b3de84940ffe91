//! Content that is taken piece by piece, over several connections where one breaks.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use http::header::{
    CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_RANGE,
    LAST_MODIFIED, RANGE,
};
use http::{Method, StatusCode};
use sha2::{Digest as _, Sha256};

use super::attempt::{Attempts, Opened};
use super::{Client, ClientError};
use crate::call::CallResponse;
use crate::{Content, Request, headers};

/// What a method answers with that can be taken piece by piece.
pub trait Streamed: sealed::Sealed {
    /// The bytes of the answer.
    fn into_content(self) -> Content;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::Content {}
    impl Sealed for crate::CallResponse {}
}

impl Streamed for Content {
    fn into_content(self) -> Content {
        self
    }
}

/// The bytes as they came, of a message and of a text too; of nothing, none.
impl Streamed for CallResponse {
    fn into_content(self) -> Content {
        let of = |content| Content {
            content,
            file_name: None,
            content_type: None,
        };
        match self {
            Self::Content(content) => content,
            Self::Message(message) => of(message.content),
            Self::Text(text) => of(text.into()),
            Self::Absent | Self::Nothing => of(Bytes::new()),
        }
    }
}

/// A file on its way: a stream of its bytes.
///
/// The pieces come as the server sends them; a file of many megabytes is never held whole. Where a connection
/// breaks, what is missing comes over another one, as the [`RetryPolicy`](super::RetryPolicy) says: alone where the
/// server knows the content by a tag or by the moment of its last change, else from the start again, and what came
/// before is held against it. As many attempts as the policy has may bring nothing new. Where the file does not
/// come to its end, the last item is an error.
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
    /// The content of an answer that has begun.
    pub(super) fn new<R>(client: Client, request: R, response: reqwest::Response) -> Self
    where
        R: Request + Send + Sync + 'static,
        R::Response: Streamed,
    {
        let headers = response.headers();
        let (file_name, content_type) =
            (headers::file_name(headers), headers::content_type(headers));
        let size = response.content_length();
        let coming = Coming::new(client, request, response);
        let pieces = stream::try_unfold(coming, |mut coming| async move {
            let piece = coming.next().await?;
            Ok(piece.map(|piece| (piece, coming)))
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

/// A file that comes, over one connection after the other.
struct Coming<R> {
    client: Client,
    request: R,
    response: reqwest::Response,
    /// What was given out, how many bytes and their hash.
    bytes: u64,
    hash: Sha256,
    /// How many there are, where the server says so.
    total: Option<u64>,
    /// What the server knows this very content by, where it says so: by that it gives the rest alone. A tag,
    /// else the moment of its last change.
    mark: Option<(HeaderName, HeaderValue)>,
    /// How much of this answer is still known, and the hash of what of it was passed over.
    known: u64,
    beginning: Sha256,
    /// How many bytes there were when the connection began.
    before: u64,
    attempts: Attempts,
}

impl<R: Request> Coming<R> {
    fn new(client: Client, request: R, response: reqwest::Response) -> Self {
        let headers = response.headers();
        let total = headers.get(CONTENT_LENGTH);
        let total = total.and_then(|total| total.to_str().ok()?.parse().ok());
        let mark = |name: HeaderName| Some((name.clone(), headers.get(name)?.clone()));
        // A weak tag stands for contents that are alike.
        let is_strong = |(_, tag): &(_, HeaderValue)| !tag.as_bytes().starts_with(b"W/");
        let mark = match mark(ETAG) {
            Some(tag) => Some(tag).filter(is_strong),
            None => mark(LAST_MODIFIED),
        };
        let mark = mark.filter(|_| request.method().verb == Method::GET);
        Self {
            client,
            request,
            response,
            bytes: 0,
            hash: Sha256::new(),
            total,
            mark,
            known: 0,
            beginning: Sha256::new(),
            before: 0,
            attempts: Attempts::begun(),
        }
    }

    /// The next piece that is new; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, ClientError> {
        loop {
            match self.piece().await {
                Err(error) => self.go_on(error).await?,
                piece => return piece,
            }
        }
    }

    /// The next piece of this connection. An answer from the start has to begin as the first did.
    async fn piece(&mut self) -> Result<Option<Bytes>, ClientError> {
        loop {
            let method = self.request.method();
            let piece = self.client.next_piece(method, &mut self.response).await?;
            let Some(mut piece) = piece else {
                return match self.total {
                    _ if self.known > 0 => Err(self.other()),
                    Some(total) if self.bytes > total => Err(self.other()),
                    Some(total) if self.bytes < total => Err(ClientError::Transport {
                        method: method.name,
                        is_connect: false,
                        cause: io::Error::from(io::ErrorKind::UnexpectedEof).into(),
                    }),
                    _ => Ok(None),
                };
            };
            if self.known > 0 {
                let here = usize::try_from(self.known).unwrap_or(usize::MAX);
                let old = piece.split_to(here.min(piece.len()));
                self.beginning.update(&old);
                self.known -= old.len() as u64;
                let all = || self.beginning.clone().finalize() == self.hash.clone().finalize();
                if self.known == 0 && !all() {
                    return Err(self.other());
                }
            }
            if !piece.is_empty() {
                self.hash.update(&piece);
                self.bytes += piece.len() as u64;
                return Ok(Some(piece));
            }
        }
    }

    /// Opens another connection after one that broke.
    async fn go_on(&mut self, error: ClientError) -> Result<(), ClientError> {
        if self.bytes > self.before {
            self.attempts = Attempts::begun();
        }
        let mut error = error;
        loop {
            if matches!(error, ClientError::Changed { .. }) {
                return Err(error);
            }
            let client = &self.client;
            let again = client.again(&self.request, &mut self.attempts, error);
            again.await.map_err(|why| ClientError::Broken {
                bytes: self.bytes,
                why: Box::new(why),
            })?;
            match self.open().await {
                Ok(()) => return Ok(()),
                Err(next) => error = next,
            }
        }
    }

    /// Asks for what is missing.
    async fn open(&mut self) -> Result<(), ClientError> {
        let mut wanted = HeaderMap::new();
        if let (Some((_, mark)), 1..) = (&self.mark, self.bytes)
            && let Ok(range) = HeaderValue::try_from(format!("bytes={}-", self.bytes))
        {
            wanted.insert(RANGE, range);
            wanted.insert(IF_RANGE, mark.clone());
        }
        let wants = Rest {
            from: self.bytes,
            total: self.total,
            mark: self.mark.clone(),
        };
        let is_rest = |status, headers: &HeaderMap| wants.is(status, headers);
        let opened = self
            .client
            .open(&self.request, &mut self.attempts, &wanted, is_rest);
        let Opened::Begun(response) = opened.await? else {
            return Err(self.other());
        };
        self.known = match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                let range = Range::of(response.headers());
                self.total = self.total.or(range.and_then(Range::length));
                0
            }
            _ => self.bytes,
        };
        self.beginning = Sha256::new();
        self.before = self.bytes;
        self.response = response;
        Ok(())
    }

    fn other(&self) -> ClientError {
        ClientError::Changed {
            method: self.request.method().name,
            bytes: self.bytes,
        }
    }
}

/// What is missing of a file.
struct Rest {
    from: u64,
    total: Option<u64>,
    mark: Option<(HeaderName, HeaderValue)>,
}

impl Rest {
    /// Whether an answer is that, from where the file broke.
    fn is(&self, status: StatusCode, headers: &HeaderMap) -> bool {
        let Some(range) = Range::of(headers) else {
            return false;
        };
        let is_same = |(name, mark): &(HeaderName, HeaderValue)| {
            let found = headers.get(name);
            found.is_none_or(|found| found == mark)
        };
        let length = range.length();
        status == StatusCode::PARTIAL_CONTENT
            && range.first == self.from
            && length.is_some_and(|length| self.total.is_none_or(|total| length == total))
            && self.mark.as_ref().is_some_and(is_same)
    }
}

/// Which bytes of a file an answer has.
#[derive(Debug, Clone, Copy)]
struct Range {
    first: u64,
    last: u64,
    /// How many the file has, where that is said.
    total: Option<u64>,
}

impl Range {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
        let (range, total) = range.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        Some(Self {
            first: first.parse().ok()?,
            last: last.parse().ok()?,
            total: match total {
                "*" => None,
                total => Some(total.parse().ok()?),
            },
        })
    }

    /// How many bytes the file has; none where the answer does not have its end.
    fn length(self) -> Option<u64> {
        let end = self.last.checked_add(1)?;
        (self.total.is_none() || self.total == Some(end)).then_some(end)
    }
}
