//! Where to call, and on whose behalf.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diadoc_api::{Credentials, Token};
use etcetera::BaseStrategy as _;
use serde::Deserialize;

use crate::input::Input;
use crate::outcome::Failure;

const ADDRESS: &str = "https://diadoc-api.kontur.ru";

/// What the environment and the file say.
#[derive(Debug)]
pub struct Settings {
    /// The address without a slash at the end.
    pub url: String,
    pub credentials: Option<Credentials>,
}

/// The file; `Debug` would show the token.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    url: Option<String>,
    token: Option<String>,
    client_id: Option<String>,
}

impl Settings {
    pub fn read(named: Option<&Path>) -> Result<Self, Failure> {
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
        let url = either("DIADOC_URL", file.url).unwrap_or_else(|| ADDRESS.to_owned());
        let token = either("DIADOC_TOKEN", file.token).map(Token::from);
        let credentials = match (either("DIADOC_CLIENT_ID", file.client_id), token) {
            (Some(id), token) => Some(Credentials::diadoc_auth(id, token)),
            (None, Some(token)) => Some(Credentials::bearer(token)),
            (None, None) => None,
        };
        let is_address = url.parse::<http::Uri>().is_ok_and(|uri| {
            uri.scheme().is_some() && uri.host().is_some() && uri.query().is_none()
        });
        match is_address {
            true => Ok(Self {
                url: url.trim_end_matches('/').to_owned(),
                credentials,
            }),
            false => Err(Failure::new(format!(
                "{url}: this is no address\n\
                 Give one such as https://diadoc-api.kontur.ru in DIADOC_URL or in the file."
            ))),
        }
    }
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
                "{}: line {}: {}\nThe file is TOML with the keys url, token and client_id.",
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
