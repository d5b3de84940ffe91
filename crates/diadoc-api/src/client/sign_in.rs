//! A client that signs in by itself.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use diadoc_core::Limits;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::body::{Unread, whole};
use super::{ClientError, Renew, RenewError, Renewed, Renewing, builder};
use crate::oidc::{Application, TokenRequest, Tokens};
use crate::{Credentials, Token};

/// How long one request to the identity server may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long its answers may be: tokens are short.
const MOST_BYTES: usize = 1 << 20;

type Saving = Pin<Box<dyn Future<Output = Result<(), Box<dyn StdError + Send + Sync>>> + Send>>;

/// Keeps a client in access tokens by OpenID Connect, with a refresh token.
///
/// It refreshes a minute before an access token ends (of a life below two minutes, at half of it) and
/// when the API refuses one, once for all requests of the client. That the identity server fails or
/// refuses is no error while the old token lives. A refresh that has begun goes on where the request that needed it is
/// dropped, so that no refresh token is lost.
///
/// ```
/// use diadoc_api::client::{Client, SignIn};
/// use diadoc_api::oidc::Application;
/// use diadoc_api::Config;
///
/// # fn keep(token: &str) -> std::io::Result<()> { Ok(()) }
/// # let saved = String::from("refresh-token");
/// let application = Application::new("client-id", "client-secret");
/// // `keep` writes a new file for the owner's eyes alone and renames it to the old one's name, so that a
/// // token is always there, and whole.
/// let sign_in = SignIn::new(application, saved)?
///     .on_rotation(|token| async move { Ok(keep(token.expose())?) });
/// let client = Client::builder(Config::new()).renew_with(sign_in).build()?;
/// # Ok::<(), diadoc_api::client::ClientError>(())
/// ```
#[derive(Clone)]
#[must_use = "a client is to renew its tokens with it"]
pub struct SignIn {
    application: Application,
    http: reqwest::Client,
    save: Option<Arc<dyn Fn(Token) -> Saving + Send + Sync>>,
    kept: Arc<Mutex<Kept>>,
}

struct Kept {
    refresh_token: Token,
    /// The refresh token is new, and was not handed on.
    unsaved: bool,
    latest: Option<Latest>,
}

/// The newest access token.
struct Latest {
    credentials: Credentials,
    end: Option<Instant>,
}

impl SignIn {
    /// Signs in with a refresh token: one that was issued in the vendor's integrator cabinet, came with
    /// [`Tokens`], or was kept by [`on_rotation`](Self::on_rotation).
    ///
    /// # Errors
    ///
    /// As of [`ClientBuilder::build`](super::ClientBuilder::build).
    pub fn new(
        application: Application,
        refresh_token: impl Into<Token>,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            http: builder::http(application.identity())?,
            application,
            save: None,
            kept: Arc::new(Mutex::new(Kept {
                refresh_token: refresh_token.into(),
                unsaved: false,
                latest: None,
            })),
        })
    }

    /// Hands each new refresh token to `save`, before the access token that came with it is used: once
    /// the server has given a new one, the old one may be good for nothing. Where `save` fails, requests
    /// fail with its error once no token lives that was in use before, and the next one hands the same
    /// token to it again.
    pub fn on_rotation<F, Fut>(mut self, save: F) -> Self
    where
        F: Fn(Token) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        self.save = Some(Arc::new(move |token| Box::pin(save(token))));
        self
    }

    /// Another HTTP client, for proxies, certificates and the like. It should follow no redirects.
    #[cfg(feature = "reqwest")]
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = http;
        self
    }

    async fn renewed(self, old: Option<Credentials>) -> Result<Renewed, RenewError> {
        let mut kept = self.kept.lock().await;
        let kept = &mut *kept;
        // One that nobody has used yet: it came after its request was dropped, or could not be saved.
        let unused = kept.latest.take();
        let unused = unused.filter(|latest| Some(&latest.credentials) != old.as_ref());
        let latest = match unused.filter(|latest| latest.life() != Some(Duration::ZERO)) {
            Some(latest) => latest,
            None => self.refresh(kept).await?,
        };
        let latest = kept.latest.insert(latest);
        if kept.unsaved
            && let Some(save) = &self.save
        {
            let saved = save(kept.refresh_token.clone()).await;
            saved.map_err(RenewError::lasting)?;
        }
        kept.unsaved = false;
        let renewed = Renewed::from(latest.credentials.clone());
        Ok(match latest.life() {
            Some(life) => renewed.living_for(life),
            None => renewed,
        })
    }

    async fn refresh(&self, kept: &mut Kept) -> Result<Latest, RenewError> {
        let sent = Instant::now();
        let request = self.application.refresh(&kept.refresh_token);
        let tokens = self.send(&request).await?;
        if let Some(token) = tokens.refresh_token
            && token != kept.refresh_token
        {
            kept.refresh_token = token;
            kept.unsaved = true;
        }
        Ok(Latest {
            credentials: Credentials::Bearer(tokens.access_token),
            end: tokens.expires_in.and_then(|life| sent.checked_add(life)),
        })
    }

    async fn send(&self, request: &TokenRequest) -> Result<Tokens, RenewError> {
        let http = request.to_http().map_err(RenewError::lasting)?;
        let http = reqwest::Request::try_from(http).map_err(RenewError::lasting)?;
        let answer = async {
            let response = self.http.execute(http).await?;
            whole(response, &Limits::new().bytes(MOST_BYTES)).await
        };
        let answer = tokio::time::timeout(TIMEOUT, answer).await;
        let answer = answer.map_err(|_| RenewError::passing(NoAnswer))?;
        let answer = answer.map_err(|error| match error {
            Unread::Cut(error) => RenewError::passing(error.without_url()),
            error @ Unread::Limit(_) => RenewError::lasting(error),
        })?;
        request.outcome(answer).map_err(|error| {
            let asked = error.retry_after();
            let error = match error.may_pass() {
                true => RenewError::passing(error),
                false => RenewError::lasting(error),
            };
            match asked {
                Some(delay) => error.with_retry_after(delay),
                None => error,
            }
        })
    }
}

/// The identity server took too long.
#[derive(Debug, thiserror::Error)]
#[error("the identity server gave no answer within {} s", TIMEOUT.as_secs())]
struct NoAnswer;

impl Latest {
    /// How long it still lives.
    fn life(&self) -> Option<Duration> {
        let end = self.end?;
        Some(end.saturating_duration_since(Instant::now()))
    }
}

impl Renew for SignIn {
    fn renew(&self, old: Option<Credentials>) -> Renewing<'_> {
        let this = self.clone();
        Box::pin(async {
            let task = tokio::spawn(this.renewed(old));
            // The task ends early where the runtime does, or what saves tokens panics.
            task.await.map_err(RenewError::lasting)?
        })
    }
}

/// Shows no token.
impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}
