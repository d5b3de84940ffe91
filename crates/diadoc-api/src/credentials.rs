//! Who asks.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use http::header::InvalidHeaderValue;

/// A secret. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
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
        let text = match self {
            Self::Bearer(token) => format!("Bearer {}", token.0),
            Self::DiadocAuth {
                api_client_id,
                token: None,
            } => format!("DiadocAuth ddauth_api_client_id={}", api_client_id.0),
            Self::DiadocAuth {
                api_client_id,
                token: Some(token),
            } => format!(
                "DiadocAuth ddauth_api_client_id={},ddauth_token={}",
                api_client_id.0, token.0
            ),
        };
        let mut value = HeaderValue::try_from(text)?;
        value.set_sensitive(true);
        Ok(value)
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
        f.write_str("[redacted]")
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
