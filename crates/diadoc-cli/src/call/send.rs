//! Sending a request and reading the answer.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use super::answer::Answer;
use super::request::Request;
use super::settings::Settings;
use crate::outcome::Failure;

/// How long one attempt may take.
const TIMEOUT: Duration = Duration::from_secs(100);
/// The delay where the server asks for none.
const DELAY: Duration = Duration::from_secs(1);

pub struct Sender<'s> {
    agent: Agent,
    settings: &'s Settings,
}

impl<'s> Sender<'s> {
    pub fn new(settings: &'s Settings) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // The API does not redirect, and a token goes to no other server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("diadoc-cli/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.into(),
            settings,
        }
    }

    /// Sends a request; where its result is not ready, again and again until the deadline.
    pub fn wait(&self, request: &Request, deadline: Option<Duration>) -> Result<Answer, Failure> {
        let start = Instant::now();
        loop {
            let answer = self.send(request)?;
            let (Answer::Pending { seconds }, Some(deadline)) = (&answer, deadline) else {
                return Ok(answer);
            };
            let delay = seconds.map_or(DELAY, Duration::from_secs).max(DELAY);
            if start.elapsed().saturating_add(delay) > deadline {
                return Ok(answer);
            }
            thread::sleep(delay);
        }
    }

    fn send(&self, request: &Request) -> Result<Answer, Failure> {
        let no_answer = |error: ureq::Error| {
            Failure::new(format!(
                "{}: no whole answer came from {}: {error}\n\
                 Check the address and the connection, then call again.",
                request.method.name(),
                // Without the target: its query may hold a secret.
                self.settings.url,
            ))
        };
        let http = request.to_http(self.settings)?;
        // What asks has no body at all, not an empty one.
        let response = match http.method() {
            &http::Method::GET => self.agent.run(http.map(|_| ())),
            _ => self.agent.run(http),
        };
        let (parts, mut body) = response.map_err(no_answer)?.into_parts();
        let body = body.with_config().limit(u64::MAX).read_to_vec();
        Answer::read(request, &parts, body.map_err(no_answer)?)
    }
}
