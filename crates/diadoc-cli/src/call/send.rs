//! Sending a call and reading the answer.

use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use diadoc_api::http::Request;
use diadoc_api::http::header::AUTHORIZATION;
use diadoc_api::{
    ApiError, Call, CallResponse, Config, ErrorKind, Form, Outcome, PollPolicy, Polling,
    Request as _, RequestError, Step, Token,
};

use crate::outcome::Failure;
use crate::session::Session;
use crate::transport::Transport;

/// What came of a call.
pub(super) type CallResult = Result<Outcome<CallResponse>, ApiError>;

pub(super) struct Sender<'s> {
    transport: Transport,
    config: &'s Config,
    session: Option<&'s Session>,
    /// The form in which messages travel.
    form: Form,
}

impl<'s> Sender<'s> {
    pub(super) fn new(config: &'s Config, session: Option<&'s Session>, form: Form) -> Self {
        Self {
            transport: Transport::to_api(),
            config,
            session,
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

    /// Sends a call; where the API refuses the token of who is signed in, once more with a new one.
    fn send(&self, call: &Call) -> Result<CallResult, Failure> {
        let session = self.session.filter(|_| needs_sign_in(call, self.config));
        let Some(session) = session else {
            return self.once(call, self.config);
        };
        let token = |refused: Option<&Token>| session.token(refused);
        let Some(first) = token(None)? else {
            return self.once(call, self.config);
        };
        let answer = self.once(call, &self.config.clone().bearer(first.clone()))?;
        match &answer {
            Err(error) if error.kind() == ErrorKind::Unauthorized => match token(Some(&first))? {
                Some(second) => self.once(call, &self.config.clone().bearer(second)),
                None => Ok(answer),
            },
            _ => Ok(answer),
        }
    }

    fn once(&self, call: &Call, config: &Config) -> Result<CallResult, Failure> {
        let advice = match needs_sign_in(call, self.config) {
            true => "It is the stored one: sign in again with `diadoc login`.",
            false => "Check DIADOC_TOKEN and DIADOC_CLIENT_ID.",
        };
        let http = to_http(call, config, self.form, advice)?;
        let answer = self.transport.send(http).map_err(|error| {
            Failure::new(format!(
                "{}: no whole answer came from {}: {error}\n\
                 Check the address and the connection, then call again.",
                call.method().name,
                // Without the target: its query may hold a secret.
                config.address().to_string().trim_end_matches('/'),
            ))
        })?;
        Ok(call.outcome(answer))
    }
}

/// Whether a call needs a token that the settings do not give.
pub(super) fn needs_sign_in(call: &Call, config: &Config) -> bool {
    let token = config.credentials().and_then(|given| given.token());
    !call.method().anonymous && token.is_none()
}

/// A call as HTTP, with credentials; `advice` is for a token that no header takes.
fn to_http(
    call: &Call,
    config: &Config,
    form: Form,
    advice: &str,
) -> Result<Request<Bytes>, Failure> {
    let anonymous = call.method().anonymous;
    let credentials = config.credentials();
    if credentials.is_none_or(|one| !anonymous && one.token().is_none()) {
        let needed = match anonymous {
            true => "Set DIADOC_CLIENT_ID",
            false => "Sign in with `diadoc login`, set DIADOC_TOKEN",
        };
        return Err(Failure::new(format!(
            "there is no token\n\
             {needed}, or put it into the file: `diadoc call --help` says where."
        )));
    }
    call.to_http(config, form).map_err(|error| match error {
        RequestError::Header { header, .. } if header == AUTHORIZATION.as_str() => Failure::new(
            format!("the token holds a line break or a character that no header may\n{advice}"),
        ),
        error => Failure::new(format!("{error}\nCheck the parameters.")),
    })
}
