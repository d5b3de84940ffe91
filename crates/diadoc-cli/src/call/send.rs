//! Sending a request and reading the answer.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use bytes::Bytes;
use diadoc_api::http::header::AUTHORIZATION;
use diadoc_api::http::{self, Response};
use diadoc_api::{
    ApiError, Call, CallResponse, Config, Form, Outcome, PollPolicy, Polling, Request as _,
    RequestError, Step,
};

use crate::outcome::Failure;

/// What came of a call.
pub(super) type CallResult = Result<Outcome<CallResponse>, ApiError>;

/// How long one attempt may take.
const TIMEOUT: Duration = Duration::from_secs(100);
pub(super) struct Sender<'s> {
    agent: Agent,
    config: &'s Config,
    /// The form in which messages travel.
    form: Form,
}

impl<'s> Sender<'s> {
    pub(super) fn new(config: &'s Config, form: Form) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // The API does not redirect, and a token goes to no other server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("diadoc-cli/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: agent.into(),
            config,
            form,
        }
    }

    /// Sends a call; where its result is not ready, again and again until the deadline.
    pub(super) fn wait(
        &self,
        call: &Call,
        deadline: Option<Duration>,
    ) -> Result<CallResult, Failure> {
        let policy = deadline.map(PollPolicy::within);
        let mut polling = policy.map(|policy| Polling::new(policy, Instant::now()));
        loop {
            let answer = self.send(call)?;
            let (Ok(Outcome::Pending { retry_after }), Some(polling)) = (&answer, &mut polling)
            else {
                return Ok(answer);
            };
            let pending = Outcome::<()>::Pending {
                retry_after: *retry_after,
            };
            match polling.next(pending, Instant::now()) {
                Ok(Step::Wait(delay)) => thread::sleep(delay),
                _ => return Ok(answer),
            }
        }
    }

    fn send(&self, call: &Call) -> Result<CallResult, Failure> {
        let no_answer = |error: ureq::Error| {
            Failure::new(format!(
                "{}: no whole answer came from {}: {error}\n\
                 Check the address and the connection, then call again.",
                call.method().name,
                // Without the target: its query may hold a secret.
                self.config.address().to_string().trim_end_matches('/'),
            ))
        };
        let http = to_http(call, self.config, self.form)?;
        // What asks has no body at all, not an empty one.
        let response = match http.method() {
            &http::Method::GET => self.agent.run(http.map(|_| ())),
            _ => self.agent.run(http.map(Vec::from)),
        };
        let (parts, mut body) = response.map_err(no_answer)?.into_parts();
        let body = body.with_config().limit(u64::MAX).read_to_vec();
        let body = Bytes::from(body.map_err(no_answer)?);
        Ok(call.outcome(Response::from_parts(parts, body)))
    }
}

/// A call as HTTP, with credentials.
fn to_http(call: &Call, config: &Config, form: Form) -> Result<http::Request<Bytes>, Failure> {
    let anonymous = call.method().anonymous;
    let credentials = config.credentials();
    if credentials.is_none_or(|one| !anonymous && one.token().is_none()) {
        let needed = if anonymous {
            "DIADOC_CLIENT_ID"
        } else {
            "DIADOC_TOKEN"
        };
        return Err(Failure::new(format!(
            "there is no token\n\
             Set {needed}, or put it into the file: `diadoc call --help` says where."
        )));
    }
    call.to_http(config, form).map_err(|error| match error {
        RequestError::Header { header, .. } if header == AUTHORIZATION.as_str() => Failure::new(
            "the token holds a line break or a character that no header may\n\
             Check DIADOC_TOKEN and DIADOC_CLIENT_ID.",
        ),
        error => Failure::new(format!("{error}\nCheck the parameters.")),
    })
}
