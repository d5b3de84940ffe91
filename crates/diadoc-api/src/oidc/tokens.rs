//! Asking for tokens.

use std::time::Duration;

use bytes::Bytes;
use diadoc_core::base64;
use http::{Request, Response};
use serde_json::{Map, Value};

use super::error::object;
use super::{Application, CODE_GRANT, DEVICE_GRANT, OidcError, REFRESH_TOKEN_GRANT, TOKEN_PATH};
use crate::Token;

/// What the identity server gave. `Debug` shows no token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tokens {
    /// The token for requests of the API, as [`Credentials::Bearer`](crate::Credentials::Bearer).
    pub access_token: Token,
    /// How long the access token lives from the answer on; none where the server does not say.
    pub expires_in: Option<Duration>,
    /// The token for the next refresh: the new one where one came, else the old one. None where the
    /// scope had no `offline_access`.
    pub refresh_token: Option<Token>,
    /// Who the user is, as a signed JSON Web Token; where the scope had `openid`. Its signature was not
    /// checked: trust it as far as the connection that it came by.
    pub id_token: Option<Token>,
    /// What the access token is good for, where the server says so.
    pub scope: Option<String>,
}

/// A request for tokens. `Debug` shows no secret; the body of its HTTP form holds them.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    application: Application,
    grant: Grant,
}

/// What tokens are given for.
#[derive(Debug, Clone)]
enum Grant {
    RefreshToken(Token),
    Code {
        code: Token,
        redirect_uri: String,
        verifier: Token,
        nonce: Token,
    },
    Device(Token),
}

impl TokenRequest {
    pub(super) fn refresh(application: Application, refresh_token: Token) -> Self {
        Self {
            application,
            grant: Grant::RefreshToken(refresh_token),
        }
    }

    pub(super) fn code(
        application: Application,
        code: Token,
        redirect_uri: String,
        verifier: Token,
        nonce: Token,
    ) -> Self {
        Self {
            application,
            grant: Grant::Code {
                code,
                redirect_uri,
                verifier,
                nonce,
            },
        }
    }

    pub(super) fn device(application: Application, device_code: Token) -> Self {
        Self {
            application,
            grant: Grant::Device(device_code),
        }
    }

    /// The request as HTTP, a form. Its body holds secrets.
    ///
    /// # Errors
    ///
    /// [`OidcError::Uri`].
    pub fn to_http(&self) -> Result<Request<Bytes>, OidcError> {
        let fields = match &self.grant {
            Grant::RefreshToken(token) => vec![
                ("grant_type", REFRESH_TOKEN_GRANT),
                ("refresh_token", token.expose()),
            ],
            Grant::Code {
                code,
                redirect_uri,
                verifier,
                nonce: _,
            } => vec![
                ("grant_type", CODE_GRANT),
                ("code", code.expose()),
                ("redirect_uri", redirect_uri),
                ("code_verifier", verifier.expose()),
            ],
            Grant::Device(code) => {
                vec![("grant_type", DEVICE_GRANT), ("device_code", code.expose())]
            }
        };
        self.application.form(TOKEN_PATH, &fields)
    }

    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// The server refused or failed, or the answer holds no token that can be used.
    pub fn outcome(&self, response: Response<Bytes>) -> Result<Tokens, OidcError> {
        let mut tokens = Tokens::read(&object(&response, &self.secrets())?)?;
        match &self.grant {
            Grant::RefreshToken(old) => {
                tokens.refresh_token.get_or_insert_with(|| old.clone());
            }
            Grant::Code { nonce, .. } => {
                if let Some(id_token) = &tokens.id_token {
                    let found = claims(id_token)
                        .ok_or(OidcError::Unreadable("`id_token` is no JSON Web Token"))?;
                    if found.get("nonce").and_then(Value::as_str) != Some(nonce.expose()) {
                        return Err(OidcError::Nonce);
                    }
                }
            }
            Grant::Device(_) => {}
        }
        Ok(tokens)
    }

    /// What no text may show.
    fn secrets(&self) -> Vec<&Token> {
        let mut secrets = vec![&self.application.client_secret];
        match &self.grant {
            Grant::RefreshToken(token) | Grant::Device(token) => secrets.push(token),
            Grant::Code { code, verifier, .. } => secrets.extend([code, verifier]),
        }
        secrets
    }
}

/// So long before its end an access token is refreshed, as the vendor's SDK for Java does it.
const MARGIN: Duration = Duration::from_secs(60);

/// When to refresh what lives so long: a minute before the end; of a life below two minutes, at half of
/// it.
pub(crate) fn refresh_after(life: Duration) -> Duration {
    life - MARGIN.min(life / 2)
}

impl Tokens {
    /// When to refresh the access token, from the answer on: a minute before its end; of a life below two
    /// minutes, at half of it. None where nobody knows how long it lives: then, when the API refuses it.
    pub fn refresh_after(&self) -> Option<Duration> {
        self.expires_in.map(refresh_after)
    }

    fn read(body: &Map<String, Value>) -> Result<Self, OidcError> {
        let text = |key: &str, wrong| match body.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(OidcError::Unreadable(wrong)),
        };
        let token_type = text("token_type", "`token_type` is no text")?;
        if !token_type.is_some_and(|kind| kind.eq_ignore_ascii_case("Bearer")) {
            return Err(OidcError::Unreadable("`token_type` is not Bearer"));
        }
        let access_token = text("access_token", "`access_token` is no text")?;
        let refresh_token = text("refresh_token", "`refresh_token` is no text")?;
        let id_token = text("id_token", "`id_token` is no text")?;
        let access_token =
            access_token.ok_or(OidcError::Unreadable("there is no `access_token`"))?;
        if http::HeaderValue::from_str(access_token).is_err() {
            // It would be refused at each request.
            return Err(OidcError::Unreadable(
                "`access_token` holds what no header may",
            ));
        }
        Ok(Self {
            access_token: access_token.into(),
            expires_in: seconds(body, "expires_in")
                .map_err(|()| OidcError::Unreadable("`expires_in` is no number of seconds"))?,
            refresh_token: refresh_token.map(Token::from),
            id_token: id_token.map(Token::from),
            scope: text("scope", "`scope` is no text")?.map(str::to_owned),
        })
    }
}

/// A number of seconds, which some servers write as a string.
pub(super) fn seconds(body: &Map<String, Value>, key: &str) -> Result<Option<Duration>, ()> {
    let seconds = match body.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.parse().ok(),
        Some(value) => value.as_u64(),
    };
    seconds
        .map(|seconds| Some(Duration::from_secs(seconds)))
        .ok_or(())
}

/// What a JSON Web Token says. Its signature is not checked: it came from the server itself, as OpenID
/// Connect Core, section 3.1.3.7, allows.
fn claims(id_token: &Token) -> Option<Map<String, Value>> {
    let mut parts = id_token.expose().split('.');
    let (_, claims) = (parts.next()?, parts.next()?);
    serde_json::from_slice(&base64::decode_plain(claims.as_bytes())?).ok()
}
