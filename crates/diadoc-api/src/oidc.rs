//! Signing in by OpenID Connect, free of I/O.
//!
//! The identity server gives an access token, which goes with each request of the API, and a refresh
//! token, for which it gives the next access token. An [`Application`] has three ways to the first:
//!
//! - **Refresh token**, for programs without a user at hand: it is issued in the vendor's integrator
//!   cabinet, and [`Application::refresh`] makes an access token of it.
//! - **Authorization code**, for programs with a web page: [`Application::authorization`] has the
//!   address to send the user to, and reads what the user comes back with.
//! - **Device**, for programs without one: [`Application::device`] asks for a code that the user
//!   confirms on a page of the vendor, and [`DeviceLogin`] waits for that.
//!
//! ```
//! use diadoc_api::oidc::Application;
//! use diadoc_api::{Config, Token, http};
//!
//! let application = Application::new("client-id", "client-secret");
//! let request = application.refresh(&Token::from("refresh-token"));
//! let http = request.to_http()?;
//! assert_eq!(http.uri(), "https://identity.kontur.ru/connect/token");
//!
//! // Send it with any HTTP client, and hand in what came back.
//! let answer = r#"{"access_token": "a", "token_type": "Bearer", "expires_in": 86400,
//!                  "refresh_token": "next"}"#;
//! let tokens = request.outcome(http::Response::new(answer.into()))?;
//! let config = Config::new().bearer(tokens.access_token);
//! // The next time it is the new refresh token that counts: keep it.
//! assert_eq!(tokens.refresh_token.map(|token| token.expose().to_owned()), Some("next".into()));
//! # Ok::<(), diadoc_api::oidc::OidcError>(())
//! ```
//!
//! With the feature `client`, `client::SignIn` keeps a client in tokens by itself.
//!
//! # What is known of the vendor's server
//!
//! - The three ways, `client_id` and `client_secret`:
//!   <https://developer.kontur.ru/doc/diadoc-api/authentication>. The paths of authorization and device
//!   are those that the vendor documents for its other products, such as
//!   <https://developer.kontur.ru/Docs/extern-api/auth_oidc/device_flow.html>; all of its products share
//!   the server.
//! - An access token lives for a day, a refresh token for 30 days, as earlier editions of that page say.
//! - The vendor's pages disagree whether a refresh token changes with each use; the one of the answer is
//!   taken where there is one, else the old one stays. The vendor's SDKs for C# and Java use the old one
//!   again.
//! - A wrong `client_secret` is answered with 400 and `invalid_client`, an access token that is not
//!   valid by the API with 401.
//! - Whether the server holds PKCE (RFC 7636) against the code is not said. It is sent, as RFC 9700
//!   asks for; a server that does not know it has to pass over it.
//! - No page names a place to revoke tokens at.
//!
//! # Why no crate for OAuth
//!
//! oauth2 5.0, on which openidconnect 4.0 stands, sends inside the call that makes the request and reads
//! the answer, and for a device waits and reads the clock there, so that it does not fit requests that
//! are values. Without its default features it is built of 68 crates (chrono, url with its tables, rand,
//! two versions of syn), where this module adds 11. And the error of an answer that it cannot read keeps
//! the whole answer, tokens among it, for its `Debug` to show. What it would save is a form of five
//! fields, and an object of six keys.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Uri};

use crate::config::read_address;
use crate::{Config, ConfigError, Token};

mod authorization;
mod device;
mod error;
mod tokens;

pub use authorization::{Authorization, code_challenge};
pub use device::{DeviceCode, DeviceLogin, DeviceRequest};
pub use error::{OidcError, Refusal, RefusalKind};
#[cfg(feature = "client")]
pub(crate) use tokens::refresh_after;
pub use tokens::{TokenRequest, Tokens};

/// Path of the place where tokens come from, below the address of the identity server.
pub const TOKEN_PATH: &str = "/connect/token";
/// Path of the page where users sign in.
pub const AUTHORIZATION_PATH: &str = "/connect/authorize";
/// Path of the place where device codes come from.
pub const DEVICE_PATH: &str = "/connect/deviceauthorization";
/// Path of the document that names these places, for other libraries: this one does not ask for it.
pub const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";

/// `grant_type` of a refresh token (RFC 6749, section 6).
pub const REFRESH_TOKEN_GRANT: &str = "refresh_token";
/// `grant_type` of an authorization code (RFC 6749, section 4.1.3).
pub const CODE_GRANT: &str = "authorization_code";
/// `grant_type` of a device code (RFC 8628, section 3.4).
pub const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Media type of the requests (RFC 6749, section 3.2).
pub const FORM: &str = "application/x-www-form-urlencoded";
/// What `slow_down` adds to the interval of a device login (RFC 8628, section 3.5).
pub const SLOW_DOWN: Duration = Duration::from_secs(5);

const JSON: &str = "application/json";

/// A program as the identity server knows it. `Debug` does not show its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    identity: Uri,
    client_id: String,
    client_secret: Token,
    scope: String,
}

impl Application {
    /// Access to the vendor's API, and a refresh token to keep it with.
    pub const SCOPE: &'static str = "openid offline_access Diadoc.PublicAPI";
    /// The same for the vendor's test installation.
    pub const STAGING_SCOPE: &'static str = "openid offline_access Diadoc.PublicAPI.Staging";

    /// A program with the `client_id` that the vendor gave it, and the `client_secret` (the API key)
    /// that the vendor's integrator cabinet issues.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Token>) -> Self {
        Self {
            identity: Uri::from_static(Config::IDENTITY_ADDRESS),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scope: Self::SCOPE.to_owned(),
        }
    }

    /// Another identity server: its scheme, host and port, and a path below which its own lie.
    ///
    /// # Errors
    ///
    /// The text is no such address, as in [`Config::with_address`].
    pub fn with_identity(mut self, address: &str) -> Result<Self, ConfigError> {
        self.identity = read_address(address)?;
        Ok(self)
    }

    /// Another scope: what is asked for when a user signs in, words with spaces between.
    /// [`Application::STAGING_SCOPE`] is that of the test installation. A refresh does not send it: the
    /// scope of a refresh token is fixed when it is issued.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Where the identity server is.
    pub fn identity(&self) -> &Uri {
        &self.identity
    }

    /// The vendor's id of the program.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// What is asked for when a user signs in.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The request for the next access token.
    pub fn refresh(&self, refresh_token: &Token) -> TokenRequest {
        TokenRequest::refresh(self.clone(), refresh_token.clone())
    }

    /// The request for a code that the user is to confirm.
    pub fn device(&self) -> DeviceRequest {
        DeviceRequest::new(self.clone())
    }

    /// A sign-in on the vendor's page, which leads back to `redirect_uri`, an address that the vendor
    /// knows of the program.
    ///
    /// `random` comes from the system's generator for secrets, afresh for each sign-in. The same bytes
    /// give the same sign-in again, so a program that is asked twice (to send the user away, and when
    /// the user comes back) keeps them in the user's session, and nowhere else.
    ///
    /// ```
    /// # let application = diadoc_api::oidc::Application::new("id", "secret");
    /// let mut random = [0; 64];
    /// getrandom::fill(&mut random)?;
    /// let sign_in = application.authorization("https://example.com/back", random);
    /// println!("go to {}", sign_in.url()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn authorization(
        &self,
        redirect_uri: impl Into<String>,
        random: [u8; 64],
    ) -> Authorization {
        Authorization::new(self.clone(), redirect_uri.into(), &random)
    }

    /// An address of the identity server, as a text that a query may follow.
    fn place(&self, path: &str) -> String {
        let base = self.identity.to_string();
        format!("{}{path}", base.trim_end_matches('/'))
    }

    /// A form for that path; it says who asks.
    fn form(&self, path: &str, fields: &[(&str, &str)]) -> Result<Request<Bytes>, OidcError> {
        let uri = self.place(path).parse().map_err(|_| OidcError::Uri)?;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields)
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.client_secret.expose());
        let mut request = Request::new(form.finish().into());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        headers.insert(ACCEPT, HeaderValue::from_static(JSON));
        Ok(request)
    }
}
