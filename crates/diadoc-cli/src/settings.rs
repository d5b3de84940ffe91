//! Where to call, and on whose behalf.

use std::borrow::Cow;
use std::env;
use std::path::{Path, PathBuf};

use diadoc_api::oidc::Application;
use diadoc_api::{Config, ConfigError, Credentials, Token};
use diadoc_core::files;
use etcetera::BaseStrategy as _;
use serde::Deserialize;

use crate::input::Input;
use crate::outcome::Failure;

/// The file; `Debug` would show the token.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    url: Option<String>,
    token: Option<String>,
    client_id: Option<String>,
    identity_url: Option<String>,
    oidc_client_id: Option<String>,
    oidc_client_secret: Option<String>,
    oidc_refresh_token: Option<String>,
    oidc_scope: Option<String>,
    solution_info: Option<String>,
}

/// What the environment and the file say.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The address, and the credentials that are given as they are.
    pub config: Config,
    /// Who signs in; none where nothing is said of it.
    pub application: Option<Application>,
    /// A refresh token that was issued elsewhere.
    pub refresh_token: Option<Token>,
}

impl Settings {
    /// Reads them. The environment goes before the file, each by itself.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, Failure> {
        let file = match named {
            Some(path) => File::read(path)?,
            None => match usual_folder().map(|folder| folder.join("config.toml")) {
                Some(path) if path.exists() => File::read(&path)?,
                _ => File::default(),
            },
        };
        let either = |name: &str, filed: Option<String>| {
            let set = env::var(name).ok().or(filed);
            set.filter(|value| !value.is_empty())
        };
        let mut config = Config::new();
        if let Some(url) = either("DIADOC_URL", file.url) {
            let set = config.with_address(&url);
            config = set.map_err(|why| no_address(&why, "DIADOC_URL", Config::ADDRESS))?;
        }
        if let Some(name) = either("DIADOC_SOLUTION_INFO", file.solution_info) {
            config = config.with_solution_info(&name).map_err(|error| {
                Failure::new(format!(
                    "{error}\nCorrect DIADOC_SOLUTION_INFO, or solution_info in the file."
                ))
            })?;
        }
        let token = either("DIADOC_TOKEN", file.token).map(Token::from);
        let client_id = either("DIADOC_CLIENT_ID", file.client_id);
        if client_id
            .as_deref()
            .is_some_and(|id| id.contains([',', ' ']))
        {
            return Err(Failure::new(
                "DIADOC_CLIENT_ID, or client_id in the file, has a comma or a space in it\n\
                 In the header Authorization it ends there: give the id alone.",
            ));
        }
        config = match (client_id, token) {
            (Some(id), token) => config.with_credentials(Credentials::diadoc_auth(id, token)),
            (None, Some(token)) => config.bearer(token),
            (None, None) => config,
        };
        let id = either("DIADOC_OIDC_CLIENT_ID", file.oidc_client_id);
        let secret = either("DIADOC_OIDC_CLIENT_SECRET", file.oidc_client_secret);
        let identity = either("DIADOC_IDENTITY_URL", file.identity_url);
        let scope = either("DIADOC_OIDC_SCOPE", file.oidc_scope);
        let refresh_token = either("DIADOC_OIDC_REFRESH_TOKEN", file.oidc_refresh_token);
        let application = match (id, secret) {
            (Some(id), Some(secret)) => {
                let mut application = Application::new(id, secret);
                if let Some(url) = identity {
                    application = application.with_identity(&url).map_err(|why| {
                        no_address(&why, "DIADOC_IDENTITY_URL", Config::IDENTITY_ADDRESS)
                    })?;
                }
                let is_staging = config.address().host() == Config::staging().address().host();
                Some(match scope {
                    Some(scope) => application.with_scope(scope),
                    None if is_staging => application.with_scope(Application::STAGING_SCOPE),
                    None => application,
                })
            }
            (None, None) if refresh_token.is_none() => None,
            // Who has a token need not sign in.
            _ if config
                .credentials()
                .is_some_and(|given| given.token().is_some()) =>
            {
                None
            }
            (id, secret) => {
                let missing = match (id, secret) {
                    (Some(_), _) => "DIADOC_OIDC_CLIENT_SECRET is missing",
                    (None, Some(_)) => "DIADOC_OIDC_CLIENT_ID is missing",
                    (None, None) => {
                        "there is a refresh token, but DIADOC_OIDC_CLIENT_ID and \
                         DIADOC_OIDC_CLIENT_SECRET are missing"
                    }
                };
                return Err(Failure::new(format!(
                    "{missing}: a program signs in with an id and a secret\n\
                     Set them, or put them into the file: `diadoc login --help` says where."
                )));
            }
        };
        Ok(Self {
            config,
            application,
            refresh_token: refresh_token.map(Token::from),
        })
    }
}

fn no_address(why: &ConfigError, variable: &str, usual: &str) -> Failure {
    Failure::new(format!(
        "{why}\nGive one such as {usual} in {variable} or in the file."
    ))
}

impl File {
    fn read(path: &Path) -> Result<Self, Failure> {
        let text =
            files::text(path).map_err(|error| Input::File(path.to_owned()).unreadable(&error))?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            Failure::new(format!(
                "{}: line {}: {}\nThe file is TOML with the keys url, token, client_id, \
                 solution_info, identity_url, oidc_client_id, oidc_client_secret, \
                 oidc_refresh_token and oidc_scope.",
                path.display(),
                before.unwrap_or_default().matches('\n').count() + 1,
                // Not the error itself: it quotes the line, and the token may stand there.
                without_value(error.message()),
            ))
        })
    }
}

/// What is said of the file without the value that is of another type: it may be a token.
fn without_value(message: &str) -> Cow<'_, str> {
    let wrong = message.strip_prefix("invalid type: ");
    match wrong.and_then(|wrong| wrong.rsplit_once(", expected ")) {
        Some((_, expected)) => format!("the value is not {expected}").into(),
        None => message.into(),
    }
}

/// The folder for what the program keeps.
pub(crate) fn usual_folder() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.config_dir().join("diadoc"))
}
