//! Signing in on the vendor's page, with a code that is exchanged for tokens.

use diadoc_core::base64::encode_url_safe;
use http::Uri;
use sha2::{Digest as _, Sha256};

use super::{AUTHORIZATION_PATH, Application, OidcError, Refusal, TokenRequest};
use crate::{Token, query};

/// A sign-in on the vendor's page: OpenID Connect's authorization code flow with PKCE (RFC 7636).
/// `Debug` shows no secret.
///
/// ```
/// use diadoc_api::oidc::Application;
///
/// # let random = [7; 64];
/// let application = Application::new("client-id", "client-secret");
/// let sign_in = application.authorization("https://example.com/back", random);
/// println!("send the user to {}", sign_in.url()?);
///
/// // The user comes back to /back?code=…&state=…; here it is somebody else.
/// let forged = "/back?code=c&state=s".parse().unwrap();
/// assert!(sign_in.redirected(&forged).is_err());
/// # Ok::<(), diadoc_api::oidc::OidcError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Authorization {
    application: Application,
    redirect_uri: String,
    verifier: Token,
    state: Token,
    nonce: Token,
}

impl Authorization {
    pub(super) fn new(application: Application, redirect_uri: String, random: &[u8; 64]) -> Self {
        let (verifier, rest) = random.split_at(32);
        let (state, nonce) = rest.split_at(16);
        let text = |bytes| Token::from(encode_url_safe(bytes));
        Self {
            application,
            redirect_uri,
            verifier: text(verifier),
            state: text(state),
            nonce: text(nonce),
        }
    }

    /// The address to send the user to.
    ///
    /// # Errors
    ///
    /// [`OidcError::Uri`].
    pub fn url(&self) -> Result<Uri, OidcError> {
        let mut url = self.application.place(AUTHORIZATION_PATH);
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", &self.application.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.application.scope),
            ("state", self.state.expose()),
            ("nonce", self.nonce.expose()),
            ("code_challenge", &code_challenge(self.verifier.expose())),
            ("code_challenge_method", "S256"),
        ] {
            query::push(&mut url, name, value);
        }
        url.parse().map_err(|_| OidcError::Uri)
    }

    /// The request that exchanges the code for tokens, from the address that the user came back to: a
    /// whole one, or path and query as a server gets them.
    ///
    /// # Errors
    ///
    /// The address belongs to another sign-in, brings a refusal, or has no code.
    pub fn redirected(&self, to: &Uri) -> Result<TokenRequest, OidcError> {
        let pairs = query::pairs(to.query().unwrap_or_default());
        let value = |name: &str| {
            let mut found = pairs.iter().filter(|(key, _)| key == name);
            found.next().map(|(_, value)| value.as_str())
        };
        if value("state") != Some(self.state.expose()) {
            return Err(OidcError::State);
        }
        if let Some(error) = value("error") {
            let refusal = Refusal::new(error, value("error_description"), None, &[]);
            return Err(OidcError::Refused(refusal));
        }
        let code = value("code").filter(|code| !code.is_empty());
        Ok(TokenRequest::code(
            self.application.clone(),
            Token::from(code.ok_or(OidcError::NoCode)?),
            self.redirect_uri.clone(),
            self.verifier.clone(),
            self.nonce.clone(),
        ))
    }
}

/// The challenge of a verifier by the method `S256` (RFC 7636, section 4.2).
pub fn code_challenge(verifier: &str) -> String {
    encode_url_safe(&Sha256::digest(verifier.as_bytes()))
}
