//! Sending requests to the identity server.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use diadoc_api::http::{Method, Request, Response};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How long one attempt may take: answers are short.
const TIMEOUT: Duration = Duration::from_secs(20);
const MOST_BYTES: u64 = 1 << 20;
/// Of an answer that is an error so many bytes are taken: more than any text of the server.
const MOST_OF_AN_ERROR: u64 = 1 << 16;

/// Sends requests as they are, and gives whatever is answered.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: Agent,
    timeout: Duration,
}

impl Transport {
    pub(crate) fn to_identity() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            // The identity server does not redirect, and a secret goes to no other one.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("diadoc-cli/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: agent.into(),
            timeout: TIMEOUT,
        }
    }

    /// The same, where there is so little time left.
    pub(crate) fn within(mut self, left: Option<Duration>) -> Self {
        self.timeout = self.timeout.min(left.unwrap_or(self.timeout));
        self
    }

    /// Sends a request; the answer is whole.
    pub(crate) fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        macro_rules! configured {
            ($request:expr) => {
                self.agent
                    .configure_request($request)
                    .timeout_global(Some(self.timeout))
                    .build()
            };
        }
        // What asks has no body at all, not an empty one.
        let response = match request.method() {
            &Method::GET => self.agent.run(configured!(request.map(|_| ())))?,
            _ => self.agent.run(configured!(request.map(Vec::from)))?,
        };
        let (parts, mut body) = response.into_parts();
        let content = match parts.status.is_success() {
            true => body.with_config().limit(MOST_BYTES).read_to_vec()?,
            false => {
                let mut beginning = Vec::new();
                let mut reader = body.as_reader().take(MOST_OF_AN_ERROR);
                reader.read_to_end(&mut beginning)?;
                beginning
            }
        };
        Ok(Response::from_parts(parts, Bytes::from(content)))
    }
}
