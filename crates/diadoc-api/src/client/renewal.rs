//! Tokens that expire.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::Mutex;

use super::ClientError;
use crate::Credentials;

/// Gets new credentials when the old ones are refused.
///
/// A closure does: it gets the credentials that the server refused, or none before the first
/// request of a client without any.
///
/// ```
/// use diadoc_api::client::Client;
/// use diadoc_api::{Config, Credentials};
///
/// # async fn token_of_the_identity_server() -> Result<String, std::io::Error> { Ok("t".into()) }
/// let client = Client::builder(Config::new())
///     .renew_with(|_refused: Option<Credentials>| async {
///         let token = token_of_the_identity_server().await?;
///         Ok(Credentials::bearer(token))
///     })
///     .build()?;
/// # Ok::<(), diadoc_api::client::ClientError>(())
/// ```
pub trait Renew: Send + Sync {
    /// New credentials in the place of the refused ones.
    fn renew(&self, refused: Option<Credentials>) -> Renewing<'_>;
}

/// What [`Renew::renew`] gives.
pub type Renewing<'a> = Pin<
    Box<
        dyn Future<Output = Result<Credentials, Box<dyn std::error::Error + Send + Sync>>>
            + Send
            + 'a,
    >,
>;

impl<F, Fut> Renew for F
where
    F: Fn(Option<Credentials>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Credentials, Box<dyn std::error::Error + Send + Sync>>>
        + Send
        + 'static,
{
    fn renew(&self, refused: Option<Credentials>) -> Renewing<'_> {
        Box::pin(self(refused))
    }
}

/// The credentials of a client, and the way to new ones.
pub(super) struct Keeper {
    current: Mutex<Option<Credentials>>,
    renew: Option<Box<dyn Renew>>,
}

impl Keeper {
    pub(super) fn new(current: Option<Credentials>, renew: Option<Box<dyn Renew>>) -> Self {
        Self {
            current: Mutex::new(current),
            renew,
        }
    }

    /// The credentials to send; got first where there are none.
    pub(super) async fn current(&self) -> Result<Option<Credentials>, ClientError> {
        let mut current = self.current.lock().await;
        if current.is_none()
            && let Some(renew) = &self.renew
        {
            *current = Some(renew.renew(None).await.map_err(ClientError::Renewal)?);
        }
        Ok(current.clone())
    }

    /// Whether there are other credentials than the refused ones now. Of several requests that were
    /// refused at once, the first gets new ones for all.
    pub(super) async fn replace(&self, refused: Option<&Credentials>) -> Result<bool, ClientError> {
        let Some(renew) = &self.renew else {
            return Ok(false);
        };
        let mut current = self.current.lock().await;
        if current.as_ref() == refused {
            let renewed = renew.renew(refused.cloned()).await;
            *current = Some(renewed.map_err(ClientError::Renewal)?);
        }
        Ok(current.as_ref() != refused)
    }
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}
