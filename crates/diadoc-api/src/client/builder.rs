//! Setting up a client.

use std::sync::Arc;
use std::time::Duration;

use diadoc_core::Limits as BodyLimits;
use http::Uri;
use rustls_platform_verifier::BuilderVerifierExt as _;

use super::limits::Limits;
use super::renewal::{Keeper, Renew};
use super::{Client, ClientError, Inner, NextAttempt, OnRetry, RetryPolicy};
use crate::{Config, Form, PollPolicy};

/// How the vendor asks programs to behave: <https://developer.kontur.ru/doc/diadoc-api/techinfo>.
const AT_A_TIME: usize = 4;
const PER_SECOND: u32 = 100;

const TIMEOUT: Duration = Duration::from_secs(100);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Sets up a [`Client`]; made by [`Client::builder`].
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    config: Config,
    form: Form,
    at_a_time: usize,
    per_second: u32,
    timeout: Duration,
    deadline: Option<Duration>,
    bodies: BodyLimits,
    retry: RetryPolicy,
    polling: PollPolicy,
    renew: Option<Arc<dyn Renew>>,
    on_retry: Option<OnRetry>,
    #[cfg(feature = "reqwest")]
    http: Option<reqwest::Client>,
}

impl ClientBuilder {
    pub(super) fn new(config: Config) -> Self {
        Self {
            config,
            form: Form::default(),
            at_a_time: AT_A_TIME,
            per_second: PER_SECOND,
            timeout: TIMEOUT,
            deadline: None,
            bodies: BodyLimits::new(),
            retry: RetryPolicy::default(),
            polling: PollPolicy::default(),
            renew: None,
            on_retry: None,
            #[cfg(feature = "reqwest")]
            http: None,
        }
    }

    /// The form in which messages travel; protobuf by default.
    pub fn form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// How many requests go at a time; 4 by default, as the vendor asks.
    pub fn at_a_time(mut self, requests: usize) -> Self {
        self.at_a_time = requests;
        self
    }

    /// How many requests start in a second; 100 by default, as the vendor asks.
    pub fn per_second(mut self, requests: u32) -> Self {
        self.per_second = requests;
        self
    }

    /// How long one attempt may take, to the end of the answer; 100 s by default. For content that
    /// is streamed it is the time between two pieces. It is also how long new credentials may take to
    /// come.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long a call may take in all: the wait for its turn and for credentials, every attempt, and
    /// the delays between them. Without one, which is the default, attempts and their delays bound it, and
    /// [`polling`](Self::polling) does where a result is waited for.
    ///
    /// A call of [`pages`](Client::pages) is that of one page; of a
    /// [`download`](Client::download), what comes before the first byte.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How long answers may be, and what messages in them may take; by default as much as
    /// [`Limits`](BodyLimits) has. Of a file that is [streamed](Client::download) nothing is held, and
    /// its length is not limited.
    pub fn limits(mut self, limits: BodyLimits) -> Self {
        self.bodies = limits;
        self
    }

    /// What is sent again, and when.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// What is done before a request is sent again, and before a file that broke is gone on with: it says so to who
    /// waits. It must not block.
    pub fn on_retry(mut self, told: impl Fn(&NextAttempt<'_>) + Send + Sync + 'static) -> Self {
        self.on_retry = Some(Arc::new(told));
        self
    }

    /// How long to wait for results that are not ready.
    pub fn polling(mut self, polling: PollPolicy) -> Self {
        self.polling = polling;
        self
    }

    /// Where new credentials come from, before the old ones end and when the server refuses them with
    /// 401: [`SignIn`](super::SignIn), or a closure.
    pub fn renew_with(mut self, renew: impl Renew + 'static) -> Self {
        self.renew = Some(Arc::new(renew));
        self
    }

    /// Another HTTP client, for proxies, certificates and the like. It should follow no redirects.
    #[cfg(feature = "reqwest")]
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// The HTTP client cannot be set up, or the system has no certificates to know servers by.
    pub fn build(self) -> Result<Client, ClientError> {
        #[cfg(feature = "reqwest")]
        let http = match self.http {
            Some(http) => http,
            None => http(self.config.address())?,
        };
        #[cfg(not(feature = "reqwest"))]
        let http = http(self.config.address())?;
        let credentials = self.config.credentials().cloned();
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                config: self.config,
                form: self.form,
                limits: Limits::new(self.at_a_time, self.per_second),
                timeout: self.timeout,
                deadline: self.deadline,
                bodies: self.bodies,
                retry: self.retry,
                polling: self.polling,
                on_retry: self.on_retry,
                keeper: Keeper::new(credentials, self.renew, self.timeout),
            }),
        })
    }
}

/// An HTTP client for that address.
pub(super) fn http(address: &Uri) -> Result<reqwest::Client, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| ClientError::Certificates(why.into()))?;
    let tls = match address.scheme_str() {
        Some("http") => tls.with_root_certificates(rustls::RootCertStore::empty()),
        _ => tls
            .with_platform_verifier()
            .map_err(|why| ClientError::Certificates(why.into()))?,
    };
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.with_no_client_auth())
        .user_agent(concat!("diadoc-api/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        // The API does not redirect, and a token goes to no other server.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .build()
        .map_err(|why| ClientError::Setup(why.into()))
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("config", &self.config)
            .field("form", &self.form)
            .field("at_a_time", &self.at_a_time)
            .field("per_second", &self.per_second)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("bodies", &self.bodies)
            .field("retry", &self.retry)
            .field("polling", &self.polling)
            .finish_non_exhaustive()
    }
}
