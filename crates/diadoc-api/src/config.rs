//! Where requests go, and on whose behalf.

use http::Uri;

use crate::{Credentials, Token};

/// Where requests go, and on whose behalf.
///
/// ```
/// use diadoc_api::Config;
///
/// let config = Config::new().bearer("token");
/// assert_eq!(config.address().to_string(), "https://diadoc-api.kontur.ru/");
/// let test = Config::staging().bearer("token");
/// assert_eq!(test.address().to_string(), "https://diadoc-api-staging.kontur.ru/");
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    address: Uri,
    credentials: Option<Credentials>,
    checked: bool,
}

impl Config {
    /// Where the vendor's API is: <https://developer.kontur.ru/doc/diadoc-api/howtostart/integration>.
    pub const ADDRESS: &'static str = "https://diadoc-api.kontur.ru";
    /// Where the vendor's test installation is, from the same page. Its boxes are others, and it takes
    /// tokens of another scope.
    pub const STAGING_ADDRESS: &'static str = "https://diadoc-api-staging.kontur.ru";
    /// Where the vendor's identity server is, which gives tokens for both:
    /// <https://developer.kontur.ru/doc/diadoc-api/authentication>.
    pub const IDENTITY_ADDRESS: &'static str = "https://identity.kontur.ru";

    /// The vendor's server, without credentials.
    pub fn new() -> Self {
        Self {
            address: Uri::from_static(Self::ADDRESS),
            credentials: None,
            checked: true,
        }
    }

    /// The vendor's test installation, without credentials.
    pub fn staging() -> Self {
        Self {
            address: Uri::from_static(Self::STAGING_ADDRESS),
            ..Self::new()
        }
    }

    /// Another server: its scheme, host and port, and a path below which the methods lie.
    #[must_use]
    pub fn with_address(mut self, address: Uri) -> Self {
        self.address = address;
        self
    }

    /// Requests carry these credentials.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Requests carry no credentials.
    #[must_use]
    pub fn without_credentials(mut self) -> Self {
        self.credentials = None;
        self
    }

    /// Requests carry `Bearer` and that token.
    #[must_use]
    pub fn bearer(self, token: impl Into<Token>) -> Self {
        self.with_credentials(Credentials::bearer(token))
    }

    /// Requests are sent as they are, even where they go against the vendor's rules, so that the
    /// server's own answer can be seen.
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.checked = false;
        self
    }

    /// Where requests go.
    pub fn address(&self) -> &Uri {
        &self.address
    }

    /// On whose behalf.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// Whether requests are held against the rules before they are sent.
    pub fn is_checked(&self) -> bool {
        self.checked
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}
