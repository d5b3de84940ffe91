//! Where requests go, and on whose behalf.

use http::uri::InvalidUri;
use http::{HeaderValue, Uri};

use crate::{Credentials, Token};

/// Where requests go, and on whose behalf.
///
/// ```
/// use diadoc_api::Config;
///
/// let config = Config::new().bearer("token");
/// assert_eq!(config.address().to_string(), "https://diadoc-api.kontur.ru/");
/// let local = config.with_address("http://127.0.0.1:8070")?.with_solution_info("Our bridge 1.2")?;
/// let test = Config::staging().bearer("token");
/// assert_eq!(test.address().to_string(), "https://diadoc-api-staging.kontur.ru/");
/// # Ok::<(), diadoc_api::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    address: Uri,
    credentials: Option<Credentials>,
    solution_info: Option<HeaderValue>,
    checked: bool,
}

/// Why a [`Config`] does not take a value. It does not hold the value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The address is no URI.
    #[error("this is no address: {0}")]
    Address(InvalidUri),
    /// The address has no scheme, or another one.
    #[error("the address does not begin with https:// or http://")]
    Scheme,
    /// The address has no host, or a port that is none.
    #[error("the address has no host, or what stands behind its colon is no port")]
    Host,
    /// The address has a user in it. Credentials, or the secret of a program, are set apart.
    #[error("the address has a user or a password in it, which are given apart")]
    UserInfo,
    /// The address has a query or a fragment. Each request has its own.
    #[error("the address has a query or a fragment, which each request adds itself")]
    Query,
    /// The name of a solution holds characters that no header may, or nothing.
    #[error("the name of a solution is not visible ASCII, with spaces in between")]
    SolutionInfo,
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
            solution_info: None,
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

    /// Another server: its scheme, host and port, and a path below which the methods lie, such as
    /// `https://proxy.example/diadoc`.
    ///
    /// # Errors
    ///
    /// The text is no such address; a scheme that is left out is not guessed.
    pub fn with_address(mut self, address: &str) -> Result<Self, ConfigError> {
        self.address = read_address(address)?;
        Ok(self)
    }

    /// The name of the program, which the vendor sees in the header `X-Solution-Info` of every
    /// request. The vendor's SDKs send it where they are told to; without it no such header is sent.
    ///
    /// # Errors
    ///
    /// [`ConfigError::SolutionInfo`] where the name is empty, or has other characters than visible ones
    /// of ASCII with spaces in between.
    pub fn with_solution_info(mut self, name: &str) -> Result<Self, ConfigError> {
        let fits = |letter: u8| letter == b' ' || letter.is_ascii_graphic();
        if name.is_empty() || name.trim() != name || !name.bytes().all(fits) {
            return Err(ConfigError::SolutionInfo);
        }
        let value = HeaderValue::try_from(name).map_err(|_| ConfigError::SolutionInfo)?;
        self.solution_info = Some(value);
        Ok(self)
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
    /// server's own answer can be seen. An empty text counts as not given here, too.
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.checked = false;
        self
    }

    /// Where requests go.
    pub fn address(&self) -> &Uri {
        &self.address
    }

    /// The name of the program, as the header has it.
    pub fn solution_info(&self) -> Option<&HeaderValue> {
        self.solution_info.as_ref()
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

pub(crate) fn read_address(text: &str) -> Result<Uri, ConfigError> {
    // `localhost:8070` is a URI, of a host alone.
    if !text.contains("://") {
        return Err(ConfigError::Scheme);
    }
    // A fragment is dropped by `Uri`.
    if text.contains(['?', '#']) {
        return Err(ConfigError::Query);
    }
    let address: Uri = text.parse().map_err(ConfigError::Address)?;
    if !matches!(address.scheme_str(), Some("https" | "http")) {
        return Err(ConfigError::Scheme);
    }
    let authority = address.authority().ok_or(ConfigError::Host)?;
    if authority.as_str().contains('@') {
        return Err(ConfigError::UserInfo);
    }
    let behind_host = &authority.as_str()[authority.host().len()..];
    let has_port = behind_host.is_empty() || authority.port_u16().is_some_and(|port| port != 0);
    match has_port && !authority.host().is_empty() {
        true => Ok(address),
        false => Err(ConfigError::Host),
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}
