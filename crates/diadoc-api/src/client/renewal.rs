//! Tokens that expire.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
/// A client asks one at a time. Requests that come meanwhile go on with the old credentials as long as
/// these live, and wait where they do not. So they do where it fails, in whatever way: as long as the old
/// credentials live and the API takes them, no request fails for it, and the client tries again after
/// five seconds, or after as long as [`RenewError::retry_after`] says.
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
#[derive(Debug, thiserror::Error)]
#[error("{}", chain::to_root(&**cause))]
pub struct RenewError {
    cause: Box<dyn StdError + Send + Sync>,
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
            cause: cause.into(),
            may_pass: false,
            retry_after: None,
        }
    }

    /// Another try may help: a request that has no credentials that live is tried again, as its
    /// [`RetryPolicy`](super::RetryPolicy) says.
    pub fn passing(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            cause: cause.into(),
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
    held: Mutex<Held>,
    /// Whoever renews has it.
    turn: tokio::sync::Mutex<()>,
    renew: Option<Box<dyn Renew>>,
}

#[derive(Debug, Clone)]
struct Held {
    credentials: Option<Credentials>,
    span: Option<Span>,
    /// The server does not take them.
    refused: bool,
}

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
}

impl Keeper {
    pub(super) fn new(current: Option<Credentials>, renew: Option<Box<dyn Renew>>) -> Self {
        Self {
            held: Mutex::new(Held {
                credentials: current,
                span: None,
                refused: false,
            }),
            turn: tokio::sync::Mutex::new(()),
            renew,
        }
    }

    /// The credentials to send; got first where there are none, or none that live.
    pub(super) async fn current(&self) -> Result<Option<Credentials>, RenewError> {
        let held = self.held().clone();
        let Some(renew) = &self.renew else {
            return Ok(held.credentials);
        };
        let turn = match held.state() {
            State::Fine => return Ok(held.credentials),
            State::Due => self.turn.try_lock().ok(),
            State::Over => Some(self.turn.lock().await),
        };
        // Somebody else may have renewed them, or be about to.
        let held = self.held().clone();
        if turn.is_none() || held.state() == State::Fine {
            return Ok(held.credentials);
        }
        match self.renewed(&**renew, held.credentials.clone()).await {
            Ok(new) => Ok(Some(new)),
            // For all requests alike, not only for the one that has the turn.
            Err(error) if held.state() == State::Due => {
                tracing::warn!(%error, "no new token could be got; the old one is used");
                self.postpone(error.retry_after());
                Ok(held.credentials)
            }
            Err(error) => Err(error),
        }
    }

    /// The credentials to send without waiting; none where they have ended.
    pub(super) fn at_once(&self) -> Option<Option<Credentials>> {
        let held = self.held();
        let usable = self.renew.is_none() || held.state() != State::Over;
        usable.then(|| held.credentials.clone())
    }

    /// Whether there are other credentials than the refused ones now. Of several requests that were
    /// refused at once, the first gets new ones for all.
    pub(super) async fn replace(&self, refused: Option<&Credentials>) -> Result<bool, RenewError> {
        let Some(renew) = &self.renew else {
            return Ok(false);
        };
        {
            let mut held = self.held();
            held.refused |= held.credentials.as_ref() == refused;
        }
        let _turn = self.turn.lock().await;
        let current = self.held().credentials.clone();
        if current.as_ref() != refused {
            return Ok(true);
        }
        let new = self.renewed(&**renew, current).await?;
        Ok(Some(&new) != refused)
    }

    async fn renewed(
        &self,
        renew: &dyn Renew,
        old: Option<Credentials>,
    ) -> Result<Credentials, RenewError> {
        let Renewed { credentials, life } = renew.renew(old).await?;
        let now = Instant::now();
        let span = life.and_then(|life| {
            Some(Span {
                due: now.checked_add(oidc::refresh_after(life))?,
                end: now.checked_add(life)?,
            })
        });
        *self.held() = Held {
            credentials: Some(credentials.clone()),
            span,
            refused: false,
        };
        Ok(credentials)
    }

    /// Lets the old credentials do for a while: as long as is asked for, or a pause.
    fn postpone(&self, asked: Option<Duration>) {
        let now = Instant::now();
        if let Some(span) = &mut self.held().span {
            let left = span.end.saturating_duration_since(now);
            span.due = now + asked.unwrap_or(PAUSE.min(left / 2)).min(left);
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // What it holds is written as a whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
