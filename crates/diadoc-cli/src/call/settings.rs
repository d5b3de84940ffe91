//! Where to call, and on whose behalf.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diadoc_api::{Config, ConfigError, Credentials, Token};
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
    solution_info: Option<String>,
}

/// What the environment and the file say.
pub(super) fn read(named: Option<&Path>) -> Result<Config, Failure> {
    let file = match named {
        Some(path) => File::read(path)?,
        None => match usual_place() {
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
        config = config.with_address(&url).map_err(no_address)?;
    }
    if let Some(name) = either("DIADOC_SOLUTION_INFO", file.solution_info) {
        config = config.with_solution_info(&name).map_err(|error| {
            Failure::new(format!(
                "{error}\nCorrect DIADOC_SOLUTION_INFO, or solution_info in the file."
            ))
        })?;
    }
    let token = either("DIADOC_TOKEN", file.token).map(Token::from);
    Ok(match (either("DIADOC_CLIENT_ID", file.client_id), token) {
        (Some(id), token) => config.with_credentials(Credentials::diadoc_auth(id, token)),
        (None, Some(token)) => config.bearer(token),
        (None, None) => config,
    })
}

fn no_address(error: ConfigError) -> Failure {
    Failure::new(format!(
        "{error}\nGive one such as {} in DIADOC_URL or in the file.",
        Config::new().address().to_string().trim_end_matches('/')
    ))
}

impl File {
    fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| {
            Input::File(path.to_owned()).unreadable(&match error.kind() {
                io::ErrorKind::InvalidData => io::Error::new(error.kind(), "it is not UTF-8"),
                _ => error,
            })
        })?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            Failure::new(format!(
                "{}: line {}: {}\nThe file is TOML with the keys url, token, client_id and solution_info.",
                path.display(),
                before.unwrap_or_default().matches('\n').count() + 1,
                // Not the error itself: it quotes the line, and the token may stand there.
                error.message(),
            ))
        })
    }
}

fn usual_place() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.config_dir().join("diadoc").join("config.toml"))
}
