//! Sending requests.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use diadoc_api::http::{Method, Request, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

/// How long one attempt may take at the API; of a file, until it begins, and then each piece of it.
const TIMEOUT: Duration = Duration::from_secs(100);
/// And at the identity server, whose answers are short.
const IDENTITY_TIMEOUT: Duration = Duration::from_secs(20);
const IDENTITY_BYTES: u64 = 1 << 20;
/// Of an answer that is an error so many bytes are taken: more than any text of the server.
const MOST_OF_AN_ERROR: u64 = 1 << 16;

/// Sends requests as they are, and gives whatever is answered.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: Agent,
    timeout: Duration,
    /// How long a piece of a file may take.
    stall: Duration,
    /// How long an answer may be that is held whole.
    most_bytes: u64,
}

impl Transport {
    pub(crate) fn to_api(most_bytes: u64) -> Self {
        Self::new(TIMEOUT, most_bytes)
    }

    pub(crate) fn to_identity() -> Self {
        Self::new(IDENTITY_TIMEOUT, IDENTITY_BYTES)
    }

    fn new(timeout: Duration, most_bytes: u64) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            // The API does not redirect, and a token goes to no other server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("diadoc-cli/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: agent.into(),
            timeout,
            stall: timeout,
            most_bytes,
        }
    }

    /// The same, where there is so little time left.
    pub(crate) fn within(mut self, left: Option<Duration>) -> Self {
        self.timeout = self.timeout.min(left.unwrap_or(self.timeout));
        self
    }

    /// Sends a request; the answer is whole.
    pub(crate) fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        self.whole(self.begin(request)?)
    }

    /// Sends a request; the answer has begun, and has the same time to come to its end.
    pub(crate) fn begin(&self, request: Request<Bytes>) -> Result<Response<Body>, ureq::Error> {
        self.run(request, Some(self.timeout))
    }

    /// Sends a request; the answer has begun, and its body may take as long as it comes.
    pub(crate) fn open(&self, request: Request<Bytes>) -> Result<Response<Body>, ureq::Error> {
        self.run(request, None)
    }

    /// The answer with its whole body.
    pub(crate) fn whole(&self, response: Response<Body>) -> Result<Response<Bytes>, ureq::Error> {
        let (parts, mut body) = response.into_parts();
        let content = match parts.status.is_success() {
            true => body.with_config().limit(self.most_bytes).read_to_vec()?,
            false => {
                let mut beginning = Vec::new();
                let mut reader = body.as_reader().take(MOST_OF_AN_ERROR);
                reader.read_to_end(&mut beginning)?;
                beginning
            }
        };
        Ok(Response::from_parts(parts, Bytes::from(content)))
    }

    /// `global` is the time for all of it, to the end of the answer.
    fn run(
        &self,
        request: Request<Bytes>,
        global: Option<Duration>,
    ) -> Result<Response<Body>, ureq::Error> {
        macro_rules! configured {
            ($request:expr) => {
                self.agent
                    .configure_request($request)
                    .timeout_global(global)
                    .timeout_connect(Some(self.timeout))
                    .timeout_send_body(Some(self.timeout))
                    .timeout_recv_response(Some(self.timeout))
                    .timeout_per_read(Some(self.stall))
                    .build()
            };
        }
        // What asks has no body at all, not an empty one.
        match request.method() {
            &Method::GET => self.agent.run(configured!(request.map(|_| ()))),
            _ => self.agent.run(configured!(request.map(Vec::from))),
        }
    }
}
