//! The file with the tokens.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diadoc_api::Token;
use diadoc_api::http::Uri;
use diadoc_api::oidc::{Application, Tokens};
use diadoc_core::files;
use fd_lock::RwLock;
use serde::{Deserialize, Serialize};

use crate::outcome::Failure;
use crate::{output, settings};

/// The file, for the user's own eyes; only a whole one ever stands there.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
}

/// What stands in the file; `Debug` would show the tokens.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Contents {
    tokens: Vec<Entry>,
}

/// The tokens of one program at one identity server for one API; `Debug` would show them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    api: String,
    identity: String,
    client_id: String,
    scope: String,
    access_token: String,
    /// When to refresh the access token, in milliseconds since 1970; none where it is not known.
    refresh_at: Option<u64>,
    /// When it ends.
    ends_at: Option<u64>,
    refresh_token: Option<String>,
    /// The refresh token of the settings that all of this began with.
    began_with: Option<String>,
}

/// The next contents of the file, before they are there.
pub(crate) struct Replacement<'s> {
    store: &'s Store,
    contents: Contents,
    file: output::Unfinished,
}

impl Store {
    /// The one beside the settings.
    pub(crate) fn usual() -> Result<Self, Failure> {
        let folder = settings::usual_folder().ok_or_else(|| {
            Failure::new("there is no folder to keep tokens in: the system names no home")
        })?;
        let path = folder.join("tokens.json");
        Ok(Self {
            // A circle of links is told where it is read.
            path: output::behind_links(&path).unwrap_or(path),
        })
    }

    pub(crate) fn read(&self) -> Result<Contents, Failure> {
        let bytes = match files::read(&self.path, files::MOST_OF_TEXT) {
            Ok(bytes) => bytes,
            Err(error) if is_missing(&error) => return Ok(Contents::default()),
            Err(error) => {
                return Err(Failure::new(format!(
                    "{self}: cannot be read: {error}\nCheck that you may read it."
                )));
            }
        };
        serde_json::from_slice(&bytes).map_err(|error| {
            // Not the error itself: it may quote a token.
            Failure::new(format!(
                "{self}: line {}: this is no file of tokens\n\
                 Delete it with `diadoc logout`, and sign in again.",
                error.line()
            ))
        })
    }

    /// Runs `work` while no other run of this program changes the file.
    pub(crate) fn with_lock<T>(
        &self,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.make_folder()
            .map_err(|error| self.unwritable(&error))?;
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        // A file of its own: the one with the tokens is replaced.
        let file = options.open(self.path.with_extension("lock"));
        let mut lock = RwLock::new(file.map_err(|error| self.unwritable(&error))?);
        let _guard = lock.write().map_err(|error| self.unwritable(&error))?;
        work()
    }

    /// A file beside it, which nobody else may read, for its next contents. What can fail has been
    /// tried then, as far as it can be.
    pub(crate) fn prepare(&self) -> Result<Replacement<'_>, Failure> {
        let file = output::private_beside(&self.path);
        Ok(Replacement {
            store: self,
            contents: self.read()?,
            file: file.map_err(|error| self.unwritable(&error))?,
        })
    }

    /// Deletes the file; whether there was one.
    pub(crate) fn delete(&self) -> Result<bool, Failure> {
        let undeletable = |error| {
            Failure::new(format!(
                "{self}: cannot be deleted: {error}\nDelete it by hand: tokens may stand in it."
            ))
        };
        if !self.path.try_exists().map_err(undeletable)? {
            return Ok(false);
        }
        self.with_lock(|| match fs::remove_file(&self.path) {
            Ok(()) => Ok(true),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(undeletable(error)),
        })
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(self.path.parent().unwrap_or(Path::new(".")))
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        Failure::new(format!(
            "{self}: tokens cannot be kept there: {error}\nSee to the folder and its permissions."
        ))
    }
}

impl Replacement<'_> {
    /// Puts an entry into the file, in the place of the one of the same program.
    pub(crate) fn write(self, entry: Entry) -> Result<(), Failure> {
        let mut contents = self.contents;
        contents.tokens.retain(|other| !other.is_like(&entry));
        contents.tokens.push(entry);
        let text = output::json(&contents)?;
        let written = output::finish(self.file, text.as_bytes(), &self.store.path);
        written.map_err(|error| self.store.unwritable(&error))
    }
}

impl Contents {
    pub(crate) fn find(self, api: &Uri, application: &Application) -> Option<Entry> {
        let mut tokens = self.tokens.into_iter();
        tokens.find(|entry| {
            entry.api == api.to_string()
                && entry.identity == application.identity().to_string()
                && entry.client_id == application.client_id()
                && entry.scope == application.scope()
        })
    }
}

impl Entry {
    /// Tokens that have come just now.
    pub(crate) fn new(
        api: &Uri,
        application: &Application,
        tokens: &Tokens,
        began_with: Option<&Token>,
    ) -> Self {
        let text = |token: Option<&Token>| token.map(|token| token.expose().to_owned());
        Self {
            api: api.to_string(),
            identity: application.identity().to_string(),
            client_id: application.client_id().to_owned(),
            scope: application.scope().to_owned(),
            access_token: tokens.access_token.expose().to_owned(),
            refresh_at: tokens.refresh_after().map(from_now),
            ends_at: tokens.expires_in.map(from_now),
            refresh_token: text(tokens.refresh_token.as_ref()),
            began_with: text(began_with),
        }
    }

    pub(crate) fn access_token(&self) -> Token {
        Token::from(self.access_token.as_str())
    }

    pub(crate) fn refresh_token(&self) -> Option<Token> {
        self.refresh_token.as_deref().map(Token::from)
    }

    pub(crate) fn comes_from(&self, refresh_token: &Token) -> bool {
        self.began_with.as_deref() == Some(refresh_token.expose())
    }

    /// Whether it is time to refresh the access token.
    pub(crate) fn is_due(&self) -> bool {
        self.refresh_at
            .is_some_and(|at| at <= from_now(Duration::ZERO))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.ends_at
            .is_some_and(|at| at <= from_now(Duration::ZERO))
    }

    fn is_like(&self, other: &Self) -> bool {
        self.api == other.api
            && self.identity == other.identity
            && self.client_id == other.client_id
            && self.scope == other.scope
    }
}

/// The moment so far from now, in milliseconds since 1970.
fn from_now(delay: Duration) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let moment = now.unwrap_or_default().saturating_add(delay);
    u64::try_from(moment.as_millis()).unwrap_or(u64::MAX)
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}
