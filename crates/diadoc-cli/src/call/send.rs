//! Sending a call and reading the answer.

use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use diadoc_api::http::header::AUTHORIZATION;
use diadoc_api::http::{HeaderMap, Request, Response, StatusCode};
use diadoc_api::{
    ApiError, Call, CallResponse, Config, Form, Outcome, PollPolicy, Polling, Request as _,
    RequestError, ResponseKind, Step, Token,
};
use ureq::Body;

use super::file::File;
use crate::outcome::Failure;
use crate::session::Session;
use crate::transport::Transport;

/// What came of a call.
pub(super) type CallResult = Result<Outcome<Came>, ApiError>;

/// A result.
pub(super) enum Came {
    Whole(CallResponse),
    /// A file that has begun to come.
    File(File),
}

pub(super) struct Sender<'s> {
    config: &'s Config,
    session: Option<&'s Session>,
    /// The form in which messages travel.
    form: Form,
    /// How long an answer may be that is held whole.
    most_bytes: u64,
}

impl<'s> Sender<'s> {
    pub(super) fn new(
        config: &'s Config,
        session: Option<&'s Session>,
        form: Form,
        most_bytes: u64,
    ) -> Self {
        Self {
            config,
            session,
            form,
            most_bytes,
        }
    }

    /// Sends a call; where its result is not ready, again and again until the deadline. Nothing of it
    /// takes longer.
    pub(super) fn wait(
        &self,
        call: &Call,
        deadline: Option<Duration>,
    ) -> Result<CallResult, Failure> {
        let start = Instant::now();
        let mut polling = deadline.map(|all| Polling::new(PollPolicy::within(all), start));
        loop {
            let left = deadline.map(|deadline| deadline.saturating_sub(start.elapsed()));
            let answer = self.send(call, left)?;
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

    /// Sends a call once. `left` is the time that there is for it.
    fn send(&self, call: &Call, left: Option<Duration>) -> Result<CallResult, Failure> {
        let (response, config) = self.open(call, &HeaderMap::new(), left)?;
        if is_file(call) && call.brings_result(response.status(), response.headers()) {
            return Ok(Ok(Outcome::Ready(Came::File(File::new(response)))));
        }
        let outcome = self.read(call, response, &config)?;
        Ok(outcome.map(|outcome| outcome.map(Came::Whole)))
    }

    /// Reads an answer to its end; an error of it does not show what it was sent with.
    pub(super) fn read(
        &self,
        call: &Call,
        response: Response<Body>,
        config: &Config,
    ) -> Result<Result<Outcome<CallResponse>, ApiError>, Failure> {
        let answer = self.transport(None).whole(response);
        let outcome = call.outcome(answer.map_err(|error| self.no_answer(call, &error))?);
        Ok(match config.credentials() {
            Some(credentials) => outcome.map_err(|error| error.without(credentials)),
            None => outcome,
        })
    }

    /// Sends a call with more headers; where the API refuses the token of who is signed in, once more
    /// with a new one. Gives what it was sent with, too.
    pub(super) fn open(
        &self,
        call: &Call,
        headers: &HeaderMap,
        left: Option<Duration>,
    ) -> Result<(Response<Body>, Config), Failure> {
        let once = |config: Config| {
            let response = self.once(call, headers, &config, left)?;
            Ok((response, config))
        };
        let session = self.session.filter(|_| needs_sign_in(call, self.config));
        let Some(session) = session else {
            return once(self.config.clone());
        };
        let token = |refused: Option<&Token>| session.token(refused, left);
        let Some(first) = token(None)? else {
            return once(self.config.clone());
        };
        let (response, config) = once(self.config.clone().bearer(first.clone()))?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok((response, config));
        }
        match token(Some(&first))? {
            Some(second) => once(self.config.clone().bearer(second)),
            None => Ok((response, config)),
        }
    }

    fn once(
        &self,
        call: &Call,
        headers: &HeaderMap,
        config: &Config,
        left: Option<Duration>,
    ) -> Result<Response<Body>, Failure> {
        let advice = match needs_sign_in(call, self.config) {
            true => "It is the stored one: sign in again with `diadoc login`.",
            false => OF_SETTINGS,
        };
        let mut http = to_http(call, config, self.form, advice)?;
        http.headers_mut().extend(headers.clone());
        let transport = self.transport(left);
        let response = match is_file(call) {
            true => transport.open(http),
            false => transport.begin(http),
        };
        response.map_err(|error| self.no_answer(call, &error))
    }

    fn transport(&self, left: Option<Duration>) -> Transport {
        Transport::to_api(self.most_bytes).within(left)
    }

    pub(super) fn no_answer(&self, call: &Call, error: &ureq::Error) -> Failure {
        let method = call.method().name;
        if let ureq::Error::BodyExceedsLimit(most) = error {
            return Failure::new(format!(
                "{method}: the answer has more than {most} bytes\n\
                 Allow more with --max-bytes BYTES."
            ));
        }
        let said = call.secrets().hide(&error.to_string());
        Failure::new(format!(
            "{method}: no whole answer came from {}: {said}\n\
             Check the address and the connection, then call again.",
            // Without the target: its query may hold a secret.
            self.config.address().to_string().trim_end_matches('/'),
        ))
    }
}

fn is_file(call: &Call) -> bool {
    call.method().response == ResponseKind::Bytes
}

/// Whether a call needs a token that the settings do not give.
pub(super) fn needs_sign_in(call: &Call, config: &Config) -> bool {
    let token = config.credentials().and_then(|given| given.token());
    !call.method().anonymous && token.is_none()
}

/// What to do about a token of the settings that no header takes.
const OF_SETTINGS: &str = "Check DIADOC_TOKEN and DIADOC_CLIENT_ID.";

/// Whether a header takes the credentials of the settings, where nothing is sent.
pub(super) fn check_credentials(config: &Config) -> Result<(), Failure> {
    match config.credentials().map(diadoc_api::Credentials::header) {
        Some(Err(_)) => Err(no_header(OF_SETTINGS)),
        _ => Ok(()),
    }
}

fn no_header(advice: &str) -> Failure {
    Failure::new(format!(
        "the token holds a line break or a character that no header may\n{advice}"
    ))
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
        RequestError::Header { header, .. } if header == AUTHORIZATION.as_str() => {
            no_header(advice)
        }
        error => Failure::new(format!("{error}\nCheck the parameters.")),
    })
}
