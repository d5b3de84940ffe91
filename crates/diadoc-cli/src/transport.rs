//! Sending requests.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use diadoc_api::http::{Method, Request, Response};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// How long one attempt may take at the API.
const TIMEOUT: Duration = Duration::from_secs(100);
/// And at the identity server, whose answers are short.
const IDENTITY_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends requests as they are, and gives whatever is answered.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: Agent,
}

impl Transport {
    pub(crate) fn to_api() -> Self {
        Self::within(TIMEOUT)
    }

    pub(crate) fn to_identity() -> Self {
        Self::within(IDENTITY_TIMEOUT)
    }

    fn within(timeout: Duration) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(timeout))
            .http_status_as_error(false)
            // The API does not redirect, and a token goes to no other server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("diadoc-cli/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: agent.into(),
        }
    }

    pub(crate) fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        // What asks has no body at all, not an empty one.
        let response = match request.method() {
            &Method::GET => self.agent.run(request.map(|_| ())),
            _ => self.agent.run(request.map(Vec::from)),
        };
        let (parts, mut body) = response?.into_parts();
        let body = body.with_config().limit(u64::MAX).read_to_vec()?;
        Ok(Response::from_parts(parts, Bytes::from(body)))
    }
}
