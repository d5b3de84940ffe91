//! Signing in with a code that the user confirms elsewhere.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value};

use super::error::object;
use super::tokens::seconds;
use super::{Application, DEVICE_PATH, OidcError, RefusalKind, SLOW_DOWN, TokenRequest, Tokens};
use crate::{Step, Token};

/// The interval where the server names none (RFC 8628, section 3.2).
const USUAL: Duration = Duration::from_secs(5);
/// However short an interval the server names, one request a second is enough.
const SHORTEST: Duration = Duration::from_secs(1);

/// The request for a [`DeviceCode`]. `Debug` shows no secret; the body of its HTTP form holds them.
#[derive(Debug, Clone)]
pub struct DeviceRequest {
    application: Application,
}

/// A code for the user to confirm. `Debug` does not show the part that is the program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceCode {
    /// What the program asks for tokens with.
    pub device_code: Token,
    /// What the user enters.
    pub user_code: String,
    /// The page where the user enters it. Like all of these texts it comes from outside.
    pub verification_uri: String,
    /// The same page with the code in it, where the server gives it.
    pub verification_uri_complete: Option<String>,
    /// How long the code is valid.
    pub expires_in: Duration,
    /// How long to wait between two requests for tokens.
    pub interval: Duration,
}

/// Waits until the user has confirmed a code: hand in each answer, and do as it says.
///
/// It asks no more often than the server wants, and gives up when the code is too old. The clock is
/// handed in.
///
/// ```
/// use std::time::{Duration, Instant};
/// use diadoc_api::oidc::{Application, DeviceLogin};
/// use diadoc_api::{Step, http};
///
/// let application = Application::new("client-id", "client-secret");
/// let request = application.device();
/// // Send `request.to_http()`, and hand in what came back.
/// let answer = r#"{"device_code": "d", "user_code": "BDWPHQPK", "interval": 3, "expires_in": 300,
///                  "verification_uri": "https://identity.kontur.ru/device"}"#;
/// let code = request.outcome(http::Response::new(answer.into()))?;
/// println!("confirm {} at {}", code.user_code, code.verification_uri);
///
/// let mut now = Instant::now();
/// let mut login = DeviceLogin::new(&application, &code, now);
/// // Wait for `login.interval()`, send `login.request().to_http()`, and hand in what came back.
/// now += login.interval();
/// let mut answer = http::Response::new(r#"{"error": "authorization_pending"}"#.into());
/// *answer.status_mut() = http::StatusCode::BAD_REQUEST;
/// assert_eq!(login.next(answer, now)?, Step::Wait(Duration::from_secs(3)));
/// # Ok::<(), diadoc_api::oidc::OidcError>(())
/// ```
#[derive(Debug, Clone)]
pub struct DeviceLogin {
    request: TokenRequest,
    interval: Duration,
    start: Instant,
    life: Duration,
}

impl DeviceRequest {
    pub(super) fn new(application: Application) -> Self {
        Self { application }
    }

    /// The request as HTTP, a form. Its body holds secrets.
    ///
    /// # Errors
    ///
    /// [`OidcError::Uri`].
    pub fn to_http(&self) -> Result<Request<Bytes>, OidcError> {
        let fields = [("scope", self.application.scope())];
        self.application.form(DEVICE_PATH, &fields)
    }

    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// The server refused or failed, or the answer holds no code that can be used.
    pub fn outcome(&self, response: Response<Bytes>) -> Result<DeviceCode, OidcError> {
        let body = object(&response, &[&self.application.client_secret])?;
        DeviceCode::read(&body).map_err(OidcError::Unreadable)
    }
}

impl DeviceCode {
    fn read(body: &Map<String, Value>) -> Result<Self, &'static str> {
        let text = |key: &str| {
            let text = body.get(key).and_then(Value::as_str);
            text.filter(|text| !text.is_empty())
        };
        let expires_in = seconds(body, "expires_in").ok().flatten();
        let expires_in = expires_in.ok_or("`expires_in` is no number of seconds")?;
        let interval = seconds(body, "interval").map_err(|()| "`interval` is no number")?;
        // The code would be too old before anybody asks.
        if interval.is_some_and(|interval| interval > expires_in) {
            return Err("`interval` is longer than `expires_in`");
        }
        Ok(Self {
            device_code: text("device_code")
                .ok_or("there is no `device_code`")?
                .into(),
            user_code: text("user_code").ok_or("there is no `user_code`")?.into(),
            verification_uri: text("verification_uri")
                .ok_or("there is no `verification_uri`")?
                .into(),
            verification_uri_complete: text("verification_uri_complete").map(str::to_owned),
            expires_in,
            interval: interval.unwrap_or(USUAL).max(SHORTEST),
        })
    }
}

impl DeviceLogin {
    /// Waits from now on, when the code has just come.
    pub fn new(application: &Application, code: &DeviceCode, now: Instant) -> Self {
        Self {
            request: TokenRequest::device(application.clone(), code.device_code.clone()),
            interval: code.interval,
            start: now,
            life: code.expires_in,
        }
    }

    /// The request to send, each time the same.
    pub fn request(&self) -> &TokenRequest {
        &self.request
    }

    /// How long to wait before the next request, the first one too.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// What to do after an answer that came now.
    ///
    /// # Errors
    ///
    /// The user said no, the code is too old or will be at the next request, or the server refused for
    /// another reason. That the server failed is none: it is asked again, less often.
    pub fn next(
        &mut self,
        answer: Response<Bytes>,
        now: Instant,
    ) -> Result<Step<Tokens>, OidcError> {
        let error = match self.request.outcome(answer) {
            Ok(tokens) => return Ok(Step::Ready(tokens)),
            Err(error) => error,
        };
        if error.is_refusal(RefusalKind::SlowDown) {
            self.interval = self.interval.saturating_add(SLOW_DOWN);
        } else if error.is_refusal(RefusalKind::ExpiredToken) {
            return Err(OidcError::Expired);
        } else if error.may_pass() {
            return self.no_answer(now).map(Step::Wait);
        } else if !error.is_refusal(RefusalKind::AuthorizationPending) {
            return Err(error);
        }
        self.wait(now).map(Step::Wait)
    }

    /// How long to wait where no answer came: twice as long as before, as RFC 8628 advises.
    ///
    /// # Errors
    ///
    /// [`OidcError::Expired`].
    pub fn no_answer(&mut self, now: Instant) -> Result<Duration, OidcError> {
        self.interval = self.interval.saturating_mul(2);
        self.wait(now)
    }

    fn wait(&self, now: Instant) -> Result<Duration, OidcError> {
        let waited = now.saturating_duration_since(self.start);
        match waited.checked_add(self.interval) {
            Some(due) if due <= self.life => Ok(self.interval),
            _ => Err(OidcError::Expired),
        }
    }
}
