//! A client over reqwest, rustls and tokio.
//!
//! ```no_run
//! use diadoc_api::client::Client;
//! use diadoc_api::documents::GetDocumentsV3;
//! use diadoc_api::print_forms::GenerateDocumentZip;
//! use diadoc_api::Config;
//! use futures_util::TryStreamExt as _;
//!
//! # async fn run() -> Result<(), diadoc_api::client::ClientError> {
//! let client = Client::new(Config::new().bearer("token"))?;
//! let box_id = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
//!
//! let mut documents = std::pin::pin!(client.pages(GetDocumentsV3::new(box_id, "Any.Inbound")));
//! while let Some(document) = documents.try_next().await? {
//!     let (message, entity) = (&document.message_id, &document.entity_id);
//!     // Waits while the server is still at it.
//!     let zip = client.wait(GenerateDocumentZip::new(box_id, message, entity, true)).await?;
//!     println!("{}", zip.zip_file_name_on_shelf());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What it does beyond sending:
//!
//! - **Load**: at most 4 requests go at a time and 100 start in a second, as the vendor asks.
//! - **Retries**: see [`RetryPolicy`].
//! - **Nothing twice**: a request that posts travels as it is, without an `operationId` of the client's own.
//!   For one that has none the server takes the MD5 hash of its body, so that the same value, sent again
//!   after whatever failure, by this program or the next one, in the same [form](Form), is the same
//!   operation: its work is done once. An id made up here would be lost with the error, and take that away.
//!   Give an [`operation_id`](crate::messages::PostMessageV3::operation_id) to post the same body a second
//!   time on purpose, or to let a body that changes be one operation.
//!   [`ClientError::may_be_done`] says of a failure whether the server may have done its work.
//! - **Time**: [`ClientBuilder::deadline`] bounds a whole call.
//! - **Size**: [`ClientBuilder::limits`] bounds answers.
//! - **Tokens**: [`SignIn`] gets and renews them, or your own [`Renew`]. They appear neither in errors, even
//!   where the server repeats one, nor in `tracing` spans.
//! - **Spans**: `tracing` spans named `diadoc` with the method, the attempt and the status.

mod attempt;
mod body;
mod builder;
mod deadline;
mod download;
mod error;
mod limits;
mod renewal;
mod retry;
mod sign_in;

use std::fmt;
use std::io::SeekFrom;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diadoc_core::Limits;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use http::HeaderMap;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncSeek, AsyncSeekExt as _};

pub use builder::ClientBuilder;
pub use download::{Download, Streamed};
pub use error::ClientError;
pub use renewal::{Renew, RenewError, Renewed, Renewing};
pub use retry::{NextAttempt, RetryPolicy};
pub use sign_in::SignIn;

use attempt::{Attempts, Opened};
use deadline::Deadline;

use crate::{
    Config, Feed, Following, Form, Method, Outcome, Paged, Pages, PollPolicy, Polling, Request,
    StartsTask, Step, Upload, UploadError,
};

/// Events of a feed that came together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Batch<T, K> {
    /// The events, at least one, in their order.
    pub items: Vec<T>,
    /// The place behind them, to go on from.
    pub key: K,
}

/// What is told of requests that are sent again.
type OnRetry = Arc<dyn Fn(&NextAttempt<'_>) + Send + Sync>;

/// Calls methods of the API. Clones share the connections, the limits and the credentials.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    config: Config,
    form: Form,
    limits: limits::Limits,
    timeout: Duration,
    deadline: Option<Duration>,
    bodies: Limits,
    retry: RetryPolicy,
    polling: PollPolicy,
    keeper: renewal::Keeper,
    on_retry: Option<OnRetry>,
}

impl Client {
    /// A client with the vendor's limits, over protobuf.
    ///
    /// # Errors
    ///
    /// As of [`ClientBuilder::build`].
    pub fn new(config: Config) -> Result<Self, ClientError> {
        Self::builder(config).build()
    }

    /// Sets up a client.
    pub fn builder(config: Config) -> ClientBuilder {
        ClientBuilder::new(config)
    }

    /// Sends a request, and again where that may help; gives its result.
    ///
    /// A request that posts is sent again as well while the server is still at an earlier one of the same
    /// operation, as [`wait`](Client::wait) does it.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; among them [`ClientError::Pending`] where the result is not ready yet.
    pub async fn send<R: Request>(&self, request: R) -> Result<R::Response, ClientError> {
        let method = request.method();
        // That it is still running says nothing but that an earlier call has not ended.
        if method.parameter("operationId").is_some() {
            return self.wait(request).await;
        }
        match self.outcome(request).await? {
            Outcome::Ready(result) => Ok(result),
            Outcome::Pending { retry_after } => Err(ClientError::Pending {
                method: method.name,
                retry_after,
            }),
        }
    }

    /// Sends a request as [`send`](Client::send) does; gives its result, or word that there is none
    /// yet.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn outcome<R: Request>(
        &self,
        request: R,
    ) -> Result<Outcome<R::Response>, ClientError> {
        self.outcome_by(&request, self.deadline(), None).await
    }

    /// Sends a request until its result is there: waits as long as the server asks each time.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; among them [`ClientError::Polling`] and [`ClientError::Deadline`] where it takes
    /// too long.
    pub async fn wait<R: Request>(&self, request: R) -> Result<R::Response, ClientError> {
        self.wait_by(&request, self.deadline()).await
    }

    /// Starts a task, and waits for its outcome.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn run<R: StartsTask>(
        &self,
        request: R,
    ) -> Result<<R::Result as Request>::Response, ClientError> {
        let deadline = self.deadline().or_after(self.inner.polling.deadline);
        let started = self.wait_by(&request, deadline).await?;
        let result = request.result(&started).ok_or(ClientError::NoTask {
            method: request.method().name,
        })?;
        self.wait_by(&result, deadline).await
    }

    /// The items of a list, page after page.
    ///
    /// The stream ends with the list, or after an error.
    pub fn pages<R: Paged>(
        &self,
        first: R,
    ) -> impl Stream<Item = Result<R::Item, ClientError>> + use<R> {
        let client = self.clone();
        let pages = stream::try_unfold(Pages::new(first), move |mut pages| {
            let client = client.clone();
            async move {
                let Some(request) = pages.request() else {
                    return Ok::<_, ClientError>(None);
                };
                let page = client.send(request.clone()).await?;
                let items = pages.accept(page)?;
                Ok(Some((stream::iter(items).map(Ok), pages)))
            }
        });
        pages.try_flatten()
    }

    /// Follows a feed without end: its events as they come, with the place behind them.
    ///
    /// While nothing happens it asks again after `delay` each time. An error ends nothing: it is an item, and the
    /// next one is what comes of the same request after the delay. To go on where a program ended, begin
    /// [`after`](Feed::after) the key of the last batch that it was done with.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use diadoc_api::{Feed as _, client::Client, events::GetNewEventsV8};
    /// use futures_util::StreamExt as _;
    ///
    /// # fn kept() -> Option<String> { None }
    /// # fn keep(key: &str) {}
    /// # async fn run(client: Client) {
    /// let mut first = GetNewEventsV8::new("1f208d03-2a60-4f64-91b1-b7aad54cfaf3");
    /// if let Some(key) = kept() {
    ///     first = first.after(key);
    /// }
    /// let mut feed = std::pin::pin!(client.follow(first, Duration::from_secs(30)));
    /// while let Some(batch) = feed.next().await {
    ///     match batch {
    ///         Ok(batch) => {
    ///             for event in &batch.items {
    ///                 println!("{}", event.event_id);
    ///             }
    ///             keep(&batch.key);
    ///         }
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn follow<R: Feed>(
        &self,
        first: R,
        delay: Duration,
    ) -> impl Stream<Item = Result<Batch<R::Item, R::Key>, ClientError>> + use<R> {
        let client = self.clone();
        let state = (Following::new(first), false);
        stream::unfold(state, move |(mut feed, mut waits)| {
            let client = client.clone();
            async move {
                loop {
                    if waits {
                        tokio::time::sleep(delay).await;
                    }
                    match client.batch(&mut feed).await {
                        Ok(Some(batch)) => return Some((Ok(batch), (feed, false))),
                        Ok(None) => waits = true,
                        Err(error) => return Some((Err(error), (feed, true))),
                    }
                }
            }
        })
    }

    /// The next page of a feed; none where nothing has happened since.
    async fn batch<R: Feed>(
        &self,
        feed: &mut Following<R>,
    ) -> Result<Option<Batch<R::Item, R::Key>>, ClientError> {
        let page = self.send(feed.request().clone()).await?;
        let items = feed.accept(page)?;
        Ok(match feed.key() {
            Some(key) if !items.is_empty() => Some(Batch {
                key: key.clone(),
                items,
            }),
            _ => None,
        })
    }

    /// Uploads a file of any size to the shelf of the calling user, and gives its name there, for
    /// [`SignedContent.NameOnShelf`](diadoc_proto::events::SignedContent::name_on_shelf) and the like.
    ///
    /// `content` is read part by part, from its start. Where this fails, nothing is on the shelf that has a name;
    /// [`upload_rest`](Client::upload_rest) keeps how far it came.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    ///
    /// ```no_run
    /// # async fn run(client: diadoc_api::client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let archive = std::io::Cursor::new(std::fs::read("archive.zip")?); // or a tokio::fs::File
    /// let name = client.upload(archive, ".zip").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload<C: AsyncRead + AsyncSeek + Unpin>(
        &self,
        mut content: C,
        extension: &str,
    ) -> Result<String, ClientError> {
        let size = content.seek(SeekFrom::End(0)).await;
        let size = size.map_err(ClientError::Content)?;
        let mut upload = Upload::new(size)?.extension(extension);
        self.upload_rest(&mut upload, content).await
    }

    /// Uploads what is left of a file, and gives its name on the shelf. Each part that the server has taken is
    /// noted in `upload`: after a failure the same call goes on with the next one.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn upload_rest<C: AsyncRead + AsyncSeek + Unpin>(
        &self,
        upload: &mut Upload,
        mut content: C,
    ) -> Result<String, ClientError> {
        while let Some(range) = upload.range() {
            let seek = content.seek(SeekFrom::Start(range.start)).await;
            seek.map_err(ClientError::Content)?;
            let size = range.end - range.start;
            // At most 3 MiB.
            let mut part = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
            let read = (&mut content).take(size).read_to_end(&mut part).await;
            read.map_err(ClientError::Content)?;
            let answer = self.send(upload.request(part)?).await?;
            upload.accept(&answer)?;
        }
        let name = upload.name().map(str::to_owned);
        Ok(name.ok_or(UploadError::Done)?)
    }

    /// Asks for a file, and gives it piece by piece. It does not count against the number of
    /// requests at a time once its first byte is there.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; among them [`ClientError::Pending`] where the file is not ready yet.
    pub async fn download<R>(&self, request: R) -> Result<Download, ClientError>
    where
        R: Request + Send + Sync + 'static,
        R::Response: Streamed,
    {
        let method = request.method();
        match self.opened(&request, self.deadline()).await? {
            Opened::Begun(response) => Ok(Download::new(self.clone(), request, response)),
            Opened::Whole(Outcome::Ready(result)) => Ok(Download::whole(result.into_content())),
            Opened::Whole(Outcome::Pending { retry_after }) => Err(ClientError::Pending {
                method: method.name,
                retry_after,
            }),
        }
    }

    /// Takes content as [`download`](Client::download) does, once it is ready: waits as long as the server asks
    /// each time.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; among them [`ClientError::Polling`] and [`ClientError::Deadline`] where it takes
    /// too long.
    pub async fn wait_download<R>(&self, request: R) -> Result<Download, ClientError>
    where
        R: Request + Send + Sync + 'static,
        R::Response: Streamed,
    {
        let mut waiting = Waiting::new(self, request.method(), self.deadline());
        loop {
            let outcome = match self.opened(&request, waiting.deadline).await? {
                Opened::Begun(response) => {
                    return Ok(Download::new(self.clone(), request, response));
                }
                Opened::Whole(outcome) => outcome,
            };
            if let Some(result) = waiting.after(outcome).await? {
                return Ok(Download::whole(result.into_content()));
            }
        }
    }

    async fn opened<R: Request>(
        &self,
        request: &R,
        deadline: Deadline,
    ) -> Result<Opened<R::Response>, ClientError> {
        let mut attempts = Attempts::new(deadline, None);
        let wanted = HeaderMap::new();
        let call = async |attempts: &mut Attempts| {
            loop {
                let opened = self.open(request, attempts, &wanted, |_, _| false);
                match opened.await {
                    Ok(opened) => return Ok(opened),
                    Err(error) => self.again(request, attempts, error).await?,
                }
            }
        };
        attempts.in_all(request.method(), call).await
    }

    async fn wait_by<R: Request>(
        &self,
        request: &R,
        deadline: Deadline,
    ) -> Result<R::Response, ClientError> {
        let mut waiting = Waiting::new(self, request.method(), deadline);
        loop {
            let earlier = waiting.earlier.take();
            let outcome = self.outcome_by(request, waiting.deadline, earlier).await?;
            if let Some(result) = waiting.after(outcome).await? {
                return Ok(result);
            }
        }
    }

    async fn outcome_by<R: Request>(
        &self,
        request: &R,
        deadline: Deadline,
        earlier: Option<ClientError>,
    ) -> Result<Outcome<R::Response>, ClientError> {
        let mut attempts = Attempts::new(deadline, earlier);
        let call = async |attempts: &mut Attempts| {
            loop {
                match self.once(request, attempts).await {
                    Ok(outcome) => return Ok(outcome),
                    Err(error) => self.again(request, attempts, error).await?,
                }
            }
        };
        attempts.in_all(request.method(), call).await
    }

    fn deadline(&self) -> Deadline {
        Deadline::after(self.inner.deadline)
    }
}

/// Asking again and again until there is a result.
struct Waiting {
    method: &'static Method,
    polling: Polling,
    deadline: Deadline,
    /// Why the last time brought none: it is at work already.
    earlier: Option<ClientError>,
}

impl Waiting {
    fn new(client: &Client, method: &'static Method, deadline: Deadline) -> Self {
        let policy = client.inner.polling;
        Self {
            method,
            polling: Polling::new(policy, Instant::now()),
            deadline: deadline.or_after(policy.deadline),
            earlier: None,
        }
    }

    /// The result of an outcome; none where it is time to ask again.
    async fn after<T>(&mut self, outcome: Outcome<T>) -> Result<Option<T>, ClientError> {
        if let Outcome::Pending { retry_after } = outcome {
            self.earlier = Some(ClientError::Pending {
                method: self.method.name,
                retry_after,
            });
        }
        match self.polling.next(outcome, Instant::now())? {
            Step::Ready(result) => Ok(Some(result)),
            Step::Wait(delay) if self.deadline.is_within(delay) => {
                tokio::time::sleep(delay).await;
                Ok(None)
            }
            Step::Wait(_) => Err(self.deadline.error(self.method, self.earlier.take())),
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("config", &self.config)
            .field("form", &self.form)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("polling", &self.polling)
            .finish_non_exhaustive()
    }
}
