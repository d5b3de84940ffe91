//! Who is signed in, and with which tokens.

use std::time::Duration;

use diadoc_api::Token;
use diadoc_api::http::Uri;
use diadoc_api::oidc::{Application, OidcError, RefusalKind, TokenRequest, Tokens};

use crate::outcome::Failure;
use crate::output::say;
use crate::settings::Settings;
use crate::transport::Transport;

mod store;

use store::Entry;
pub(crate) use store::Store;

/// A program that signs in by OpenID Connect, and its tokens. What is given in the settings goes first:
/// the stored tokens count as long as they come from the refresh token there, or where there is none.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub application: Application,
    /// The API that the tokens are for: they go to no other.
    api: Uri,
    given: Option<Token>,
}

impl Session {
    /// The session that the settings speak of; none where they name no program.
    pub(crate) fn new(settings: &Settings) -> Option<Self> {
        Some(Self {
            application: settings.application.clone()?,
            api: settings.config.address().clone(),
            given: settings.refresh_token.clone(),
        })
    }

    /// Whether there is something to get an access token with.
    pub(crate) fn is_signed_in(&self) -> Result<bool, Failure> {
        Ok(self.given.is_some() || self.entry(&Store::usual()?)?.is_some())
    }

    /// An access token: the stored one, or where that ends soon or is the refused one, a new one, which
    /// is stored first. None where nobody is signed in. `left` is the time that there is for it.
    pub(crate) fn token(
        &self,
        refused: Option<&Token>,
        left: Option<Duration>,
    ) -> Result<Option<Token>, Failure> {
        let store = Store::usual()?;
        let is_good = |entry: &Entry| Some(entry.access_token()) != refused.cloned();
        let fresh = |entry: Option<Entry>| entry.filter(|entry| is_good(entry) && !entry.is_due());
        let entry = self.entry(&store)?;
        if entry.is_none() && self.given.is_none() {
            return Ok(None);
        }
        if let Some(entry) = fresh(entry) {
            return Ok(Some(entry.access_token()));
        }
        store.with_lock(|| {
            // Another run may have been faster.
            let entry = self.entry(&store)?;
            if let Some(entry) = fresh(entry.clone()) {
                return Ok(Some(entry.access_token()));
            }
            let kept = entry.as_ref().and_then(Entry::refresh_token);
            let old = entry.filter(|entry| is_good(entry) && !entry.is_over());
            let Some(refresh_token) = kept.or_else(|| self.given.clone()) else {
                return match old {
                    Some(entry) => Ok(Some(entry.access_token())),
                    None => Err(Failure::new(
                        "the stored token has ended or was refused, and there is none to refresh it \
                         with\n\
                         Sign in with `diadoc login`.",
                    )),
                };
            };
            // A new refresh token must not be lost for a folder that cannot be written to.
            let next = store.prepare()?;
            let request = self.application.refresh(&refresh_token);
            let tokens = match self.ask(&request, left) {
                Ok(tokens) => tokens,
                Err(Problem::Passing(why)) if old.is_some() => {
                    say(&format!(
                        "warning: the stored token could not be refreshed and is used as it is: {why}"
                    ));
                    return Ok(old.map(|entry| entry.access_token()));
                }
                Err(problem) => return Err(problem.into_failure()),
            };
            let token = tokens.access_token.clone();
            next.write(self.new_entry(&tokens))?;
            Ok(Some(token))
        })
    }

    /// Whether tokens could be stored.
    pub(crate) fn try_to_keep(&self) -> Result<(), Failure> {
        let store = Store::usual()?;
        store.with_lock(|| store.prepare().map(drop))
    }

    /// Stores the tokens of somebody who has just signed in; says where.
    pub(crate) fn keep(&self, tokens: &Tokens) -> Result<String, Failure> {
        let store = Store::usual()?;
        store.with_lock(|| store.prepare()?.write(self.new_entry(tokens)))?;
        Ok(store.to_string())
    }

    /// Sends a request for tokens.
    fn ask(&self, request: &TokenRequest, left: Option<Duration>) -> Result<Tokens, Problem> {
        let http = request.to_http().map_err(Problem::from)?;
        let answer = Transport::to_identity().within(left).send(http);
        let answer =
            answer.map_err(|error| Problem::no_answer(self.application.identity(), &error))?;
        Ok(request.outcome(answer)?)
    }

    /// The stored tokens, where they are those of these settings.
    fn entry(&self, store: &Store) -> Result<Option<Entry>, Failure> {
        let entry = store.read()?.find(&self.api, &self.application);
        let is_ours = |entry: &Entry| {
            let given = self.given.as_ref();
            given.is_none_or(|given| entry.comes_from(given))
        };
        Ok(entry.filter(is_ours))
    }

    fn new_entry(&self, tokens: &Tokens) -> Entry {
        Entry::new(&self.api, &self.application, tokens, self.given.as_ref())
    }
}

/// Why there are no tokens.
pub(crate) enum Problem {
    /// Later there may be some.
    Passing(Failure),
    /// The text says what to do.
    Lasting(Failure),
}

impl Problem {
    pub(crate) fn no_answer(identity: &Uri, error: &ureq::Error) -> Self {
        Self::Passing(Failure::new(format!(
            "no whole answer came from {}: {error}\n\
             Check the address and the connection, then try again.",
            identity.to_string().trim_end_matches('/'),
        )))
    }

    pub(crate) fn into_failure(self) -> Failure {
        match self {
            Self::Passing(failure) | Self::Lasting(failure) => failure,
        }
    }
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Self {
        let advice = match &error {
            OidcError::Refused(refusal) => match refusal.kind {
                RefusalKind::InvalidGrant => {
                    "The refresh token is unknown, used or too old. Sign in again with `diadoc login`, \
                     or set a new DIADOC_OIDC_REFRESH_TOKEN."
                }
                RefusalKind::InvalidClient => {
                    "Check DIADOC_OIDC_CLIENT_ID and DIADOC_OIDC_CLIENT_SECRET."
                }
                RefusalKind::InvalidScope => "Check DIADOC_OIDC_SCOPE.",
                RefusalKind::UnauthorizedClient | RefusalKind::UnsupportedGrantType => {
                    "The vendor's integrator cabinet says in which ways the program may sign in."
                }
                _ => "Sign in again with `diadoc login`.",
            },
            OidcError::Expired => "Sign in again with `diadoc login`.",
            _ => "Check DIADOC_IDENTITY_URL, or try again later.",
        };
        let is_the_users =
            matches!(error, OidcError::Expired) || error.is_refusal(RefusalKind::AccessDenied);
        let text = format!("{error}\n{advice}");
        match error.may_pass() {
            true => Self::Passing(Failure::new(text)),
            false if is_the_users => Self::Lasting(Failure::finding(text)),
            false => Self::Lasting(Failure::new(text)),
        }
    }
}
