//! Tokens that expire.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, Shared};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::{Credentials, chain, oidc};

/// After a failure so long the old ones are used before the next try, where it asks for no longer.
const PAUSE: Duration = Duration::from_secs(5);

/// Gets new credentials: before the old ones end, and when they are refused.
///
/// [`SignIn`](super::SignIn) does it by OpenID Connect. Else a closure does: it gets the credentials
/// that the server refused or that are about to end, or none before the first request of a client
/// without any, and returns [`Credentials`], or [`Renewed`] where it is known how long they live.
///
/// ```
/// use std::time::Duration;
/// use diadoc_api::client::{Client, Renewed};
/// use diadoc_api::{Config, Credentials};
///
/// # async fn token_of_the_identity_server() -> Result<String, std::io::Error> { Ok("t".into()) }
/// let client = Client::builder(Config::new())
///     .renew_with(|_old: Option<Credentials>| async {
///         let token = token_of_the_identity_server().await?;
///         Ok(Renewed::from(Credentials::bearer(token)).living_for(Duration::from_secs(86_400)))
///     })
///     .build()?;
/// # Ok::<(), diadoc_api::client::ClientError>(())
/// ```
///
/// The error of a closure counts as lasting, unless it is a [`RenewError`] itself:
///
/// ```
/// # use diadoc_api::Credentials;
/// use diadoc_api::client::{Client, RenewError};
///
/// # async fn token_of_the_identity_server() -> Result<String, std::io::Error> { Ok("t".into()) }
/// # let config = diadoc_api::Config::new();
/// let client = Client::builder(config).renew_with(|_old: Option<Credentials>| async {
///     let token = token_of_the_identity_server().await;
///     Ok(Credentials::bearer(token.map_err(RenewError::passing)?))
/// });
/// ```
///
/// A client asks one at a time, beside its requests: they go on with the old credentials as long as
/// these live, and wait where they do not. So they do where it fails, in whatever way, or takes longer
/// than [`ClientBuilder::timeout`](super::ClientBuilder::timeout): as long as the old credentials live and
/// the API takes them, no request fails for it, and the client tries again after five seconds, or after
/// as long as [`RenewError::retry_after`] says. What has begun goes on where the requests that wait for it
/// are dropped.
pub trait Renew: Send + Sync {
    /// New credentials in the place of the old ones.
    fn renew(&self, old: Option<Credentials>) -> Renewing<'_>;
}

/// What [`Renew::renew`] gives.
pub type Renewing<'a> = Pin<Box<dyn Future<Output = Result<Renewed, RenewError>> + Send + 'a>>;

/// Credentials, and how long they live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    credentials: Credentials,
    life: Option<Duration>,
}

/// Why there are no new credentials. The text says it to the root cause, as that of
/// [`ClientError`](super::ClientError) does.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", chain::to_root(&**cause))]
pub struct RenewError {
    // All requests that wait have it.
    cause: Arc<dyn StdError + Send + Sync>,
    may_pass: bool,
    retry_after: Option<Duration>,
}

impl Renewed {
    /// They live so long from now on, and are renewed a minute before; of a life below two minutes, at
    /// half of it.
    #[must_use]
    pub fn living_for(self, life: Duration) -> Self {
        Self {
            life: Some(life),
            ..self
        }
    }
}

/// Credentials that live until they are refused.
impl From<Credentials> for Renewed {
    fn from(credentials: Credentials) -> Self {
        Self {
            credentials,
            life: None,
        }
    }
}

impl RenewError {
    /// Another try will not help.
    pub fn lasting(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            cause: Arc::from(cause.into()),
            may_pass: false,
            retry_after: None,
        }
    }

    /// Another try may help: a request that has no credentials that live is tried again, as its
    /// [`RetryPolicy`](super::RetryPolicy) says.
    pub fn passing(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            cause: Arc::from(cause.into()),
            may_pass: true,
            retry_after: None,
        }
    }

    /// The next try is to wait so long.
    #[must_use]
    pub fn with_retry_after(self, delay: Duration) -> Self {
        Self {
            retry_after: Some(delay),
            ..self
        }
    }

    /// What was behind it: of [`SignIn`](super::SignIn) mostly an [`OidcError`](oidc::OidcError).
    pub fn cause(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.cause
    }

    /// Whether another try may help.
    pub fn may_pass(&self) -> bool {
        self.may_pass
    }

    /// How long to wait before another try, where that is said.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl<F, Fut, T> Renew for F
where
    F: Fn(Option<Credentials>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<T, Box<dyn StdError + Send + Sync>>> + Send + 'static,
    T: Into<Renewed>,
{
    fn renew(&self, old: Option<Credentials>) -> Renewing<'_> {
        let new = self(old);
        Box::pin(async {
            let new = new.await.map(Into::into);
            new.map_err(|error| match error.downcast::<RenewError>() {
                Ok(error) => *error,
                Err(error) => RenewError::lasting(error),
            })
        })
    }
}

/// The credentials of a client, and the way to new ones.
pub(super) struct Keeper {
    held: Arc<Mutex<Held>>,
    renew: Option<Arc<dyn Renew>>,
    /// How long new ones may take to come.
    timeout: Duration,
}

struct Held {
    credentials: Option<Credentials>,
    span: Option<Span>,
    /// The server does not take them.
    refused: bool,
    /// What gets new ones.
    running: Option<Running>,
}

/// A renewal that has begun. It is a task of its own, so that it ends whoever waits for it.
#[derive(Clone)]
struct Running {
    task: AbortHandle,
    outcome: Shared<BoxFuture<'static, Result<Credentials, RenewError>>>,
}

/// Nothing came.
#[derive(Debug, thiserror::Error)]
#[error("it took longer than {0:?}")]
struct TooLate(Duration);

#[derive(Debug, Clone, Copy)]
struct Span {
    /// When to renew.
    due: Instant,
    end: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Fine,
    /// They still do, but it is time to renew them.
    Due,
    /// There are none that do.
    Over,
}

impl Held {
    fn state(&self) -> State {
        let now = Instant::now();
        match &self.span {
            _ if self.refused || self.credentials.is_none() => State::Over,
            Some(span) if span.end <= now => State::Over,
            Some(span) if span.due <= now => State::Due,
            _ => State::Fine,
        }
    }

    /// Takes what a renewal came to.
    fn settle(&mut self, new: Result<Renewed, RenewError>) -> Result<Credentials, RenewError> {
        let Renewed { credentials, life } = match new {
            Ok(new) => new,
            Err(error) => {
                if self.state() == State::Due {
                    tracing::warn!(%error, "no new token could be got; the old one is used");
                    self.postpone(error.retry_after());
                }
                return Err(error);
            }
        };
        let now = Instant::now();
        self.span = life.and_then(|life| {
            Some(Span {
                due: now.checked_add(oidc::refresh_after(life))?,
                end: now.checked_add(life)?,
            })
        });
        self.credentials = Some(credentials.clone());
        self.refused = false;
        Ok(credentials)
    }

    /// Lets the old credentials do for a while: as long as is asked for, or a pause.
    fn postpone(&mut self, asked: Option<Duration>) {
        let now = Instant::now();
        if let Some(span) = &mut self.span {
            let left = span.end.saturating_duration_since(now);
            span.due = now + asked.unwrap_or(PAUSE.min(left / 2)).min(left);
        }
    }
}

impl Keeper {
    pub(super) fn new(
        current: Option<Credentials>,
        renew: Option<Arc<dyn Renew>>,
        timeout: Duration,
    ) -> Self {
        Self {
            held: Arc::new(Mutex::new(Held {
                credentials: current,
                span: None,
                refused: false,
                running: None,
            })),
            renew,
            timeout,
        }
    }

    /// The credentials to send; got first where there are none, or none that live.
    pub(super) async fn current(&self) -> Result<Option<Credentials>, RenewError> {
        let running = {
            let mut held = held(&self.held);
            let Some(renew) = &self.renew else {
                return Ok(held.credentials.clone());
            };
            match held.state() {
                State::Fine => return Ok(held.credentials.clone()),
                // Nobody has to wait for what nobody needs yet.
                State::Due => {
                    self.begin(renew, &mut held);
                    return Ok(held.credentials.clone());
                }
                State::Over => self.begin(renew, &mut held),
            }
        };
        running.outcome.await.map(Some)
    }

    /// The credentials to send without waiting; none where they have ended.
    pub(super) fn at_once(&self) -> Option<Option<Credentials>> {
        let held = held(&self.held);
        let usable = self.renew.is_none() || held.state() != State::Over;
        usable.then(|| held.credentials.clone())
    }

    /// The server does not take these: nobody is to send them again where there may be others.
    pub(super) fn refuse(&self, refused: Option<&Credentials>) {
        let mut held = held(&self.held);
        held.refused |= held.credentials.as_ref() == refused;
    }

    /// Whether there are other credentials than the refused ones now. Of several requests that were
    /// refused at once, the first gets new ones for all.
    pub(super) async fn replace(&self, refused: Option<&Credentials>) -> Result<bool, RenewError> {
        let Some(renew) = &self.renew else {
            return Ok(false);
        };
        self.refuse(refused);
        let running = {
            let mut held = held(&self.held);
            if held.credentials.as_ref() != refused {
                return Ok(true);
            }
            self.begin(renew, &mut held)
        };
        Ok(Some(&running.outcome.await?) != refused)
    }

    /// Begins to get new credentials, where nobody is at it yet.
    fn begin(&self, renew: &Arc<dyn Renew>, now_held: &mut Held) -> Running {
        let running = now_held.running.as_ref();
        if let Some(running) = running.filter(|running| !running.task.is_finished()) {
            return running.clone();
        }
        let (renew, timeout) = (Arc::clone(renew), self.timeout);
        let (place, old) = (Arc::clone(&self.held), now_held.credentials.clone());
        let task = tokio::spawn(async move {
            let new = tokio::time::timeout(timeout, renew.renew(old)).await;
            let new = new.unwrap_or_else(|_| Err(RenewError::passing(TooLate(timeout))));
            held(&place).settle(new)
        });
        let running = Running {
            task: task.abort_handle(),
            // The task ends early where the runtime does, or the renewal panics.
            outcome: async { task.await.map_err(RenewError::passing)? }
                .boxed()
                .shared(),
        };
        now_held.running = Some(running.clone());
        running
    }
}

fn held(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    // What it holds is written as a whole.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
