//! Who asks.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use http::header::InvalidHeaderValue;

use crate::Hidden;

const BEARER: &str = "Bearer";
const DIADOC_AUTH: &str = "DiadocAuth";
const CLIENT_ID: &str = "ddauth_api_client_id";
const TOKEN: &str = "ddauth_token";

/// A secret. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token(Arc<str>);

/// What the header `Authorization` says.
///
/// `Debug` shows no token, and the header's value is marked as sensitive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credentials {
    /// `Bearer <token>`: an access token of OpenID Connect, which the vendor recommends.
    Bearer(Token),
    /// `DiadocAuth ddauth_api_client_id=<id>,ddauth_token=<token>`: the older form.
    DiadocAuth {
        /// Id of the integrator's program (`ddauth_api_client_id`), given by the vendor.
        api_client_id: Token,
        /// Token of the user, from AuthenticateV3; none for the methods that give one.
        token: Option<Token>,
    },
}

/// Why a header `Authorization` holds no credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// The scheme is another one.
    #[error(
        "Authorization is neither `{BEARER} <token>` nor `{DIADOC_AUTH} {CLIENT_ID}=<id>,\
         {TOKEN}=<token>`"
    )]
    Scheme,
    /// The id of the program is missing.
    #[error("{DIADOC_AUTH} has no {CLIENT_ID}")]
    NoClientId,
}

impl Credentials {
    /// An access token.
    pub fn bearer(token: impl Into<Token>) -> Self {
        Self::Bearer(token.into())
    }

    /// The id of the program and the user's token.
    pub fn diadoc_auth(api_client_id: impl Into<Token>, token: Option<Token>) -> Self {
        Self::DiadocAuth {
            api_client_id: api_client_id.into(),
            token,
        }
    }

    /// The value of the header `Authorization`, marked as sensitive.
    ///
    /// # Errors
    ///
    /// A token holds characters that no header may: line breaks, control characters.
    pub fn header(&self) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = HeaderValue::try_from(self.with(Token::expose, Token::expose))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The value of the header with other texts in the place of the secrets: of the program's id,
    /// and of the token.
    ///
    /// ```
    /// let credentials = diadoc_api::Credentials::bearer("secret");
    /// assert_eq!(credentials.with(|_| "", |_| "$TOKEN"), "Bearer $TOKEN");
    /// ```
    pub fn with<'a>(
        &'a self,
        api_client_id: impl Fn(&'a Token) -> &'a str,
        token: impl Fn(&'a Token) -> &'a str,
    ) -> String {
        match self {
            Self::Bearer(secret) => format!("{BEARER} {}", token(secret)),
            Self::DiadocAuth {
                api_client_id: id,
                token: secret,
            } => {
                let mut text = format!("{DIADOC_AUTH} {CLIENT_ID}={}", api_client_id(id));
                if let Some(secret) = secret.as_ref().filter(|secret| !secret.0.is_empty()) {
                    text += &format!(",{TOKEN}={}", token(secret));
                }
                text
            }
        }
    }

    /// Reads the header `Authorization`, as a server does: the case of the scheme is no matter (RFC
    /// 9110, section 11.1).
    ///
    /// # Errors
    ///
    /// The value is of neither scheme, or lacks the program's id.
    pub fn from_header(value: &HeaderValue) -> Result<Self, CredentialsError> {
        let text = value.to_str().map_err(|_| CredentialsError::Scheme)?;
        let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
        if scheme.eq_ignore_ascii_case(BEARER) {
            return Ok(Self::bearer(rest.trim()));
        }
        if !scheme.eq_ignore_ascii_case(DIADOC_AUTH) {
            return Err(CredentialsError::Scheme);
        }
        let pairs = rest.split(',');
        let pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
        let value = |name| {
            let mut pairs = pairs.clone().filter(|(key, _)| *key == name);
            let found = pairs.next().map(|(_, value)| value);
            found.filter(|value| !value.is_empty()).map(Token::from)
        };
        let id = value(CLIENT_ID).ok_or(CredentialsError::NoClientId)?;
        Ok(Self::diadoc_auth(id, value(TOKEN)))
    }

    /// The token; none where there is none yet.
    pub fn token(&self) -> Option<&Token> {
        match self {
            Self::Bearer(token) => Some(token).filter(|token| !token.0.is_empty()),
            Self::DiadocAuth { token, .. } => token.as_ref().filter(|token| !token.0.is_empty()),
        }
    }

    /// What no text may show.
    pub(crate) fn secrets(&self) -> Vec<&Token> {
        match self {
            Self::Bearer(token) => vec![token],
            Self::DiadocAuth {
                api_client_id,
                token,
            } => [api_client_id].into_iter().chain(token).collect(),
        }
    }
}

impl Token {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hidden.fmt(f)
    }
}

impl From<&str> for Token {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Token {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_a_server_reads() {
        let diadoc = |token| Ok(Credentials::diadoc_auth("id", token));
        for (header, expected) in [
            ("Bearer t", Ok(Credentials::bearer("t"))),
            ("BEARER  t ", Ok(Credentials::bearer("t"))),
            ("bearer", Ok(Credentials::bearer(""))),
            ("DiadocAuth ddauth_api_client_id=id", diadoc(None)),
            (
                "diadocauth ddauth_token=t, ddauth_api_client_id=id",
                diadoc(Some("t".into())),
            ),
            (
                "DiadocAuth ddauth_api_client_id=id,ddauth_token=,x=y,z",
                diadoc(None),
            ),
            (
                "DiadocAuth ddauth_token=t",
                Err(CredentialsError::NoClientId),
            ),
            (
                "DiadocAuth ddauth_api_client_id=",
                Err(CredentialsError::NoClientId),
            ),
            ("DiadocAuth", Err(CredentialsError::NoClientId)),
            ("Basic t", Err(CredentialsError::Scheme)),
            ("", Err(CredentialsError::Scheme)),
        ] {
            let value = HeaderValue::from_static(header);
            assert_eq!(Credentials::from_header(&value), expected, "{header}");
        }
        let value = HeaderValue::from_bytes(b"Bearer \xff").unwrap();
        assert_eq!(
            Credentials::from_header(&value),
            Err(CredentialsError::Scheme)
        );
    }

    #[test]
    fn a_token_is_not_shown() {
        assert_eq!(format!("{:?}", Token::from("secret")), "***");
    }
}
