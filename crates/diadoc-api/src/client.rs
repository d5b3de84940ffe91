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
//! - **Retries**: see [`RetryPolicy`]. A method that takes an `operationId` gets one.
//! - **Tokens**: [`SignIn`] gets and renews them, or your own [`Renew`]. They appear neither in errors nor in `tracing` spans.
//! - **Spans**: `tracing` spans named `diadoc` with the method, the attempt and the status.

mod builder;
mod download;
mod error;
mod limits;
mod renewal;
mod retry;
mod sign_in;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use tokio::sync::SemaphorePermit;
use tracing::Instrument as _;

pub use builder::ClientBuilder;
pub use download::Download;
pub use error::ClientError;
pub use renewal::{Renew, RenewError, Renewed, Renewing};
pub use retry::RetryPolicy;
pub use sign_in::SignIn;

use crate::answer;
use crate::{
    Config, Content, Credentials, ErrorKind, Form, Method, Outcome, Paged, Pages, PollPolicy,
    Polling, Request, StartsTask, Step,
};

/// Calls methods of the API. Clones share the connections, the limits and the credentials.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    http: reqwest::Client,
    config: Config,
    form: Form,
    limits: limits::Limits,
    timeout: Duration,
    retry: RetryPolicy,
    polling: PollPolicy,
    keeper: renewal::Keeper,
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
    /// # Errors
    ///
    /// [`ClientError`]; among them [`ClientError::Pending`] where the result is not ready yet.
    pub async fn send<R: Request>(&self, request: R) -> Result<R::Response, ClientError> {
        let method = request.method().name;
        match self.outcome(request).await? {
            Outcome::Ready(result) => Ok(result),
            Outcome::Pending { retry_after } => Err(ClientError::Pending {
                method,
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
        mut request: R,
    ) -> Result<Outcome<R::Response>, ClientError> {
        request.set_operation_id(new_operation_id);
        self.outcome_of(&request).await
    }

    /// Sends a request until its result is there: waits as long as the server asks each time.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; among them [`ClientError::Polling`] where it takes too long.
    pub async fn wait<R: Request>(&self, mut request: R) -> Result<R::Response, ClientError> {
        // The same id each time: it is the same operation that is asked for.
        request.set_operation_id(new_operation_id);
        let mut polling = Polling::new(self.inner.polling, Instant::now());
        loop {
            let outcome = self.outcome_of(&request).await?;
            match polling.next(outcome, Instant::now())? {
                Step::Ready(result) => return Ok(result),
                Step::Wait(delay) => tokio::time::sleep(delay).await,
            }
        }
    }

    /// Starts a task, and waits for its outcome.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn run<R: StartsTask + Clone>(
        &self,
        request: R,
    ) -> Result<<R::Result as Request>::Response, ClientError> {
        let started = self.wait(request.clone()).await?;
        let result = request.result(&started).ok_or(ClientError::NoTask {
            method: request.method().name,
        })?;
        self.wait(result).await
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

    /// Asks for a file, and gives it piece by piece. It does not count against the number of
    /// requests at a time once its first byte is there.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; among them [`ClientError::Pending`] where the file is not ready yet.
    pub async fn download<R: Request<Response = Content>>(
        &self,
        request: R,
    ) -> Result<Download, ClientError> {
        let mut attempts = Attempts::default();
        loop {
            match self.open(&request, &mut attempts).await {
                Ok(download) => return Ok(download),
                Err(error) => self.again(request.method(), &mut attempts, error).await?,
            }
        }
    }

    async fn outcome_of<R: Request>(
        &self,
        request: &R,
    ) -> Result<Outcome<R::Response>, ClientError> {
        let mut attempts = Attempts::default();
        loop {
            match self.once(request, &mut attempts).await {
                Ok(outcome) => return Ok(outcome),
                Err(error) => self.again(request.method(), &mut attempts, error).await?,
            }
        }
    }

    /// One attempt, to the end of the answer.
    async fn once<R: Request>(
        &self,
        request: &R,
        attempts: &mut Attempts,
    ) -> Result<Outcome<R::Response>, ClientError> {
        let method = request.method();
        let (_turn, http) = self.turn(request, attempts).await?;
        let span = attempts.span(method);
        let answer = async {
            let response = self.answer(method, http).await?;
            let answer = whole(response).await;
            answer.map_err(|source| transport(method, source))
        };
        let answer = self.in_time(method, answer).instrument(span).await?;
        Ok(request.outcome(answer)?)
    }

    /// One attempt, to the first byte of the content.
    async fn open<R: Request<Response = Content>>(
        &self,
        request: &R,
        attempts: &mut Attempts,
    ) -> Result<Download, ClientError> {
        let method = request.method();
        let (_turn, http) = self.turn(request, attempts).await?;
        let span = attempts.span(method);
        let answer = async {
            let response = self.answer(method, http).await?;
            let pending = answer::pending(method, response.status(), response.headers());
            if pending.is_some() || !response.status().is_success() {
                let answer = whole(response).await;
                return Ok(Err(answer.map_err(|source| transport(method, source))?));
            }
            Ok::<_, ClientError>(Ok(response))
        };
        match self.in_time(method, answer).instrument(span).await? {
            Ok(response) => Ok(Download::new(method, response, self.inner.timeout)),
            Err(other) => match request.outcome(other)? {
                Outcome::Pending { retry_after } => Err(ClientError::Pending {
                    method: method.name,
                    retry_after,
                }),
                // What is neither pending nor a success is an error above.
                Outcome::Ready(content) => Ok(Download::whole(content)),
            },
        }
    }

    /// A turn, and the request with the credentials of the moment when the turn comes.
    async fn turn<R: Request>(
        &self,
        request: &R,
        attempts: &mut Attempts,
    ) -> Result<(Option<SemaphorePermit<'_>>, reqwest::Request), ClientError> {
        let (method, Inner { keeper, limits, .. }) = (request.method(), &*self.inner);
        attempts.count += 1;
        let mut config = self.inner.config.clone();
        // A method that gives a token is called for one: it takes what the config has.
        if method.anonymous {
            return Ok((
                limits.turn().await,
                http(request, &config, self.inner.form)?,
            ));
        }
        // Whoever waits for new credentials must not have a turn: to get them may take one.
        attempts.credentials = keeper.current().await?;
        let mut turn = limits.turn().await;
        match keeper.at_once() {
            Some(credentials) => attempts.credentials = credentials,
            // They ended while this was waiting.
            None => {
                drop(turn);
                attempts.credentials = keeper.current().await?;
                turn = limits.turn().await;
            }
        }
        if let Some(credentials) = &attempts.credentials {
            config = config.with_credentials(credentials.clone());
        }
        Ok((turn, http(request, &config, self.inner.form)?))
    }

    async fn answer(
        &self,
        method: &'static Method,
        http: reqwest::Request,
    ) -> Result<reqwest::Response, ClientError> {
        let response = self.inner.http.execute(http).await;
        let response = response.map_err(|cause| transport(method, cause))?;
        tracing::Span::current().record("status", response.status().as_u16());
        Ok(response)
    }

    async fn in_time<T>(
        &self,
        method: &'static Method,
        answer: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<T, ClientError> {
        let after = self.inner.timeout;
        match tokio::time::timeout(after, answer).await {
            Ok(result) => result,
            Err(_) => Err(ClientError::Timeout {
                method: method.name,
                after,
            }),
        }
    }

    /// Returns where another attempt may help and is due, else gives the error back.
    async fn again(
        &self,
        method: &'static Method,
        attempts: &mut Attempts,
        error: ClientError,
    ) -> Result<(), ClientError> {
        let mut error = error;
        if is_unauthorized(&error) && !method.anonymous && !attempts.renewed {
            attempts.renewed = true;
            let refused = attempts.credentials.as_ref();
            match self.inner.keeper.replace(refused).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(error),
                Err(why) => error = why.into(),
            }
        }
        let policy = &self.inner.retry;
        match policy.next(method, attempts.count, &error, fastrand::f64()) {
            Some(delay) => {
                tracing::debug!(method = method.name, ?delay, %error, "trying again");
                tokio::time::sleep(delay).await;
                Ok(())
            }
            None => Err(error),
        }
    }
}

/// What was tried for one request.
#[derive(Debug, Default)]
struct Attempts {
    count: u32,
    renewed: bool,
    /// What the last one was sent with.
    credentials: Option<Credentials>,
}

impl Attempts {
    fn span(&self, method: &Method) -> tracing::Span {
        tracing::debug_span!(
            "diadoc",
            method = method.name,
            attempt = self.count,
            status = tracing::field::Empty,
        )
    }
}

fn is_unauthorized(error: &ClientError) -> bool {
    matches!(error, ClientError::Api(error) if error.kind() == ErrorKind::Unauthorized)
}

fn http<R: Request>(
    request: &R,
    config: &Config,
    form: Form,
) -> Result<reqwest::Request, ClientError> {
    let http = request.to_http(config, form)?;
    reqwest::Request::try_from(http).map_err(|cause| transport(request.method(), cause))
}

fn new_operation_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn transport(method: &Method, cause: reqwest::Error) -> ClientError {
    ClientError::Transport {
        method: method.name,
        is_connect: cause.is_connect(),
        // The query may hold a token.
        cause: cause.without_url().into(),
    }
}

/// The answer with its whole body.
async fn whole(response: reqwest::Response) -> Result<http::Response<Bytes>, reqwest::Error> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut answer = http::Response::new(response.bytes().await?);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}
