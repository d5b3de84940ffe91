//! One attempt at a request, and whether there is another.

use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::sync::SemaphorePermit;
use tracing::Instrument as _;

use super::body::{Unread, whole};
use super::deadline::Deadline;
use super::{Client, ClientError, Inner, NextAttempt};
use crate::{Config, Credentials, ErrorKind, Form, Idempotency, Method, Outcome, Request};

/// How often credentials may end while a request waits for its turn; then the ones that came last are
/// sent. Some may live for no time at all.
const MOST_TRIES: u32 = 3;

/// What was tried for one request.
#[derive(Debug)]
pub(super) struct Attempts {
    deadline: Deadline,
    count: u32,
    renewed: bool,
    /// What the last one was sent with.
    credentials: Option<Credentials>,
    /// And what the one before the renewal was sent with.
    refused: Option<Credentials>,
    /// Why the last one failed.
    last: Option<ClientError>,
    /// And why an earlier one did, after which nobody knows whether the server did its work.
    earlier: Option<ClientError>,
}

/// What an attempt came to whose answer may be taken piece by piece.
pub(super) enum Opened<T> {
    /// The answer has begun that was asked for.
    Begun(reqwest::Response),
    /// Another one, whole.
    Whole(Outcome<T>),
}

impl Attempts {
    /// Attempts without a deadline, of which one has been made.
    pub(super) fn begun() -> Self {
        Self {
            count: 1,
            ..Self::new(Deadline::after(None), None)
        }
    }

    /// Attempts until the deadline, after an earlier one that may have done its work.
    pub(super) fn new(deadline: Deadline, earlier: Option<ClientError>) -> Self {
        Self {
            deadline,
            count: 0,
            renewed: false,
            credentials: None,
            refused: None,
            last: None,
            earlier,
        }
    }

    fn failed(&mut self, error: ClientError) {
        if let Some(before) = self.last.replace(error)
            && !before.is_refusal()
        {
            self.earlier = Some(before);
        }
    }

    /// The error of the whole call: a refusal is none of what was sent before.
    fn error(&mut self, method: &Method, error: ClientError) -> ClientError {
        if !error.is_refusal() || method.idempotency == Idempotency::NoSideEffects {
            return error;
        }
        let mut before = [self.last.take(), self.earlier.take()]
            .into_iter()
            .flatten();
        match before.find(|before| !before.is_refusal()) {
            Some(earlier) => ClientError::Uncertain {
                last: Box::new(error),
                earlier: Box::new(earlier),
            },
            None => error,
        }
    }

    /// The call, until its deadline. What it waits for or has sent is given up then.
    pub(super) async fn in_all<T>(
        &mut self,
        method: &Method,
        call: impl AsyncFnOnce(&mut Self) -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let deadline = self.deadline;
        let Some(at) = deadline.at() else {
            return call(self).await;
        };
        match tokio::time::timeout_at(at, call(self)).await {
            Ok(result) => result,
            Err(_) => Err(deadline.error(method, self.last.take())),
        }
    }

    fn span(&self, method: &Method) -> tracing::Span {
        tracing::debug_span!(
            "diadoc",
            method = method.name,
            attempt = self.count,
            status = tracing::field::Empty,
        )
    }
}

impl Client {
    /// One attempt, to the end of the answer.
    pub(super) async fn once<R: Request>(
        &self,
        request: &R,
        attempts: &mut Attempts,
    ) -> Result<Outcome<R::Response>, ClientError> {
        let method = request.method();
        let (_turn, http) = self.turn(request, attempts).await?;
        let span = attempts.span(method);
        let answer = async {
            let response = self.answer(method, http).await?;
            self.whole(method, response).await
        };
        let answer = self.in_time(method, answer).instrument(span).await?;
        self.read(request, attempts, answer)
    }

    /// One attempt with more headers, to the first byte of the content where the answer brings the result, or
    /// is one that `takes` knows.
    pub(super) async fn open<R: Request>(
        &self,
        request: &R,
        attempts: &mut Attempts,
        wanted: &HeaderMap,
        takes: impl Fn(StatusCode, &HeaderMap) -> bool,
    ) -> Result<Opened<R::Response>, ClientError> {
        let method = request.method();
        let (_turn, mut http) = self.turn(request, attempts).await?;
        http.headers_mut().extend(wanted.clone());
        let span = attempts.span(method);
        let answer = async {
            let response = self.answer(method, http).await?;
            let (status, headers) = (response.status(), response.headers());
            match request.brings_result(status, headers) || takes(status, headers) {
                true => Ok::<_, ClientError>(Ok(response)),
                false => Ok(Err(self.whole(method, response).await?)),
            }
        };
        Ok(match self.in_time(method, answer).instrument(span).await? {
            Ok(response) => Opened::Begun(response),
            Err(other) => Opened::Whole(self.read(request, attempts, other)?),
        })
    }

    /// The next piece of an answer that has begun; none at its end.
    pub(super) async fn next_piece(
        &self,
        method: &'static Method,
        response: &mut reqwest::Response,
    ) -> Result<Option<Bytes>, ClientError> {
        let piece = async {
            let piece = response.chunk().await;
            piece.map_err(|cause| transport(method, cause))
        };
        self.in_time(method, piece).await
    }

    /// Returns where another attempt may help and is due, else gives the error back.
    pub(super) async fn again<R: Request>(
        &self,
        request: &R,
        attempts: &mut Attempts,
        error: ClientError,
    ) -> Result<(), ClientError> {
        let method = request.method();
        let mut error = error;
        if is_unauthorized(&error) && !method.anonymous && !attempts.renewed {
            attempts.renewed = true;
            let refused = attempts.credentials.clone();
            attempts.refused.clone_from(&refused);
            // Said where the deadline comes before the new ones.
            attempts.failed(error);
            let replaced = self.inner.keeper.replace(refused.as_ref()).await;
            error = match (replaced, attempts.last.take()) {
                (Ok(true), unauthorized) => {
                    attempts.last = unauthorized;
                    return Ok(());
                }
                (Ok(false), Some(unauthorized)) => return Err(attempts.error(method, unauthorized)),
                (Ok(false), None) => return Ok(()),
                (Err(why), _) => why.into(),
            };
        }
        let (policy, chance) = (&self.inner.retry, fastrand::f64());
        match policy.next(request.is_repeatable(), attempts.count, &error, chance) {
            // After the deadline nobody asks: what went wrong says more.
            Some(delay) if attempts.deadline.is_within(delay) => {
                tracing::debug!(method = method.name, ?delay, %error, "trying again");
                if let Some(told) = &self.inner.on_retry {
                    told(&NextAttempt {
                        method: method.name,
                        attempt: attempts.count.saturating_add(1),
                        delay,
                        error: &error,
                    });
                }
                attempts.failed(error);
                tokio::time::sleep(delay).await;
                Ok(())
            }
            _ => Err(attempts.error(method, error)),
        }
    }

    /// A turn, and the request with the credentials of the moment when the turn comes.
    async fn turn<R: Request>(
        &self,
        request: &R,
        attempts: &mut Attempts,
    ) -> Result<(Option<SemaphorePermit<'_>>, reqwest::Request), ClientError> {
        let (method, Inner { keeper, limits, .. }) = (request.method(), &*self.inner);
        attempts.count += 1;
        let mut config = self.inner.config.clone();
        // A method that gives a token is called for one: it takes what the config has.
        if method.anonymous {
            attempts.credentials = config.credentials().cloned();
            let turn = limits.turn().await;
            return Ok((turn, http(request, &config, self.inner.form)?));
        }
        let mut tries = 0..MOST_TRIES;
        let turn = loop {
            // Whoever waits for new credentials must not have a turn: to get them may take one.
            let got = keeper.current().await?;
            let turn = limits.turn().await;
            // None where they ended, or were refused, while this was waiting.
            let credentials = match tries.next() {
                Some(_) => keeper.at_once(),
                None => Some(got),
            };
            if let Some(credentials) = credentials {
                attempts.credentials = credentials;
                break turn;
            }
        };
        if let Some(credentials) = &attempts.credentials {
            config = config.with_credentials(credentials.clone());
        }
        Ok((turn, http(request, &config, self.inner.form)?))
    }

    async fn answer(
        &self,
        method: &'static Method,
        http: reqwest::Request,
    ) -> Result<reqwest::Response, ClientError> {
        let response = self.inner.http.execute(http).await;
        let response = response.map_err(|cause| transport(method, cause))?;
        tracing::Span::current().record("status", response.status().as_u16());
        Ok(response)
    }

    async fn whole(
        &self,
        method: &'static Method,
        response: reqwest::Response,
    ) -> Result<http::Response<Bytes>, ClientError> {
        let answer = whole(response, &self.inner.bodies).await;
        answer.map_err(|why| match why {
            Unread::Cut(cause) => transport(method, cause),
            Unread::Limit(limit) => ClientError::TooLong {
                method: method.name,
                limit,
            },
        })
    }

    /// What came of an attempt; while it still has its turn.
    fn read<R: Request>(
        &self,
        request: &R,
        attempts: &Attempts,
        answer: http::Response<Bytes>,
    ) -> Result<Outcome<R::Response>, ClientError> {
        let credentials = attempts.credentials.as_ref();
        let outcome = request.outcome(answer).map_err(|error| {
            // A server may repeat what it was sent before, too.
            let sent = [credentials, attempts.refused.as_ref()];
            let sent = sent.into_iter().flatten();
            ClientError::Api(sent.fold(error, |error, one| error.without(one)))
        });
        if !request.method().anonymous && outcome.as_ref().is_err_and(is_unauthorized) {
            // Before the next one has its turn.
            self.inner.keeper.refuse(credentials);
        }
        outcome
    }

    async fn in_time<T>(
        &self,
        method: &'static Method,
        answer: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<T, ClientError> {
        let after = self.inner.timeout;
        match tokio::time::timeout(after, answer).await {
            Ok(result) => result,
            Err(_) => Err(ClientError::Timeout {
                method: method.name,
                after,
            }),
        }
    }
}

fn is_unauthorized(error: &ClientError) -> bool {
    matches!(error, ClientError::Api(error) if error.kind() == ErrorKind::Unauthorized)
}

fn http<R: Request>(
    request: &R,
    config: &Config,
    form: Form,
) -> Result<reqwest::Request, ClientError> {
    let http = request.to_http(config, form)?;
    reqwest::Request::try_from(http).map_err(|cause| transport(request.method(), cause))
}

fn transport(method: &Method, cause: reqwest::Error) -> ClientError {
    ClientError::Transport {
        method: method.name,
        is_connect: cause.is_connect(),
        // The query may hold a token.
        cause: cause.without_url().into(),
    }
}
