//! Where bodies come from.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use diadoc_api::{Form, HIDDEN, sounds_secret, values_of};
use diadoc_core::fill;
use diadoc_proto::{Limits, json};
use diadoc_testkit::manifest;

use crate::limits;
use crate::outcome::Failure;
use crate::words::words;

/// How much room is made for a file before it is read, whatever its size is said to be.
const MOST_AHEAD: usize = 64 << 20;

/// A file or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl Input {
    /// The input that an argument names: `-` is standard input.
    pub(crate) fn from_argument(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdin
        } else {
            Self::File(path)
        }
    }

    /// The input of an argument that may be left out: standard input then.
    pub(crate) fn from_option(path: Option<&Path>) -> Self {
        path.map_or(Self::Stdin, |path| Self::from_argument(path.to_owned()))
    }

    /// How many bytes it has, as far as that is known before it is read.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Stdin => 0,
            Self::File(path) => fs::metadata(path).map_or(0, |metadata| metadata.len()),
        }
    }

    /// What it holds by the end of its name; none where that says nothing.
    pub(crate) fn form_by_name(&self) -> Option<Form> {
        match self {
            Self::Stdin => None,
            Self::File(path) => manifest::form_of(path),
        }
    }

    /// Reads all of it, unless it is longer than the limits say.
    pub(crate) fn read(&self, limits: &Limits) -> Result<Vec<u8>, Failure> {
        let bytes = match self {
            Self::Stdin => self.read_from(io::stdin().lock(), limits),
            Self::File(path) => File::open(path).and_then(|file| self.read_from(file, limits)),
        };
        let bytes = bytes.map_err(|error| self.unreadable(&error))?;
        limits.check_bytes(bytes.len()).map_err(|error| {
            let error = error.to_string();
            let advice = limits::advice(&error).unwrap_or_default();
            Failure::new(format!("{self}: {error}\n{advice}"))
        })?;
        Ok(bytes)
    }

    /// One byte more than there may be tells that there are too many.
    fn read_from(&self, reader: impl io::Read, limits: &Limits) -> io::Result<Vec<u8>> {
        let most = (limits.most_bytes() as u64).saturating_add(1);
        // As much as there is, so that a text that grows does not take twice its length.
        let size = usize::try_from(self.size().min(most)).unwrap_or_default();
        let mut bytes = Vec::with_capacity(size.min(MOST_AHEAD));
        reader.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// It cannot be read.
    pub(crate) fn unreadable(&self, error: &io::Error) -> Failure {
        let words = words();
        let advice = match error.kind() {
            io::ErrorKind::NotFound => words.check_path,
            io::ErrorKind::PermissionDenied => words.check_right,
            io::ErrorKind::IsADirectory => words.name_a_file,
            _ => words.check_file,
        };
        Failure::new(fill(words.unreadable, &[self, error, &advice]))
    }
}

/// What standard input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stdin {
    /// A terminal, a device, or none at all.
    Nothing,
    File,
    /// A pipe or a socket.
    Pipe,
}

/// What standard input is, so that a body in it need not be named.
pub(crate) fn stdin() -> Stdin {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        use std::os::unix::fs::FileTypeExt as _;

        let duplicate = io::stdin().as_fd().try_clone_to_owned();
        let metadata = duplicate.and_then(|stdin| File::from(stdin).metadata());
        match metadata.map(|metadata| metadata.file_type()) {
            Ok(kind) if kind.is_file() => Stdin::File,
            Ok(kind) if kind.is_fifo() || kind.is_socket() => Stdin::Pipe,
            _ => Stdin::Nothing,
        }
    }
    #[cfg(not(unix))]
    {
        use std::io::IsTerminal as _;

        match io::stdin().is_terminal() {
            true => Stdin::Nothing,
            false => Stdin::Pipe,
        }
    }
}

/// Reads the form that an argument names.
pub(crate) fn form_parser() -> impl TypedValueParser<Value = Form> {
    let names = [Form::Json, Form::Protobuf].map(Form::as_str);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Form>())
}

/// Whether the bytes are JSON or were meant to be: not by their first byte alone, since what JSON
/// takes for white space begins protobuf as well.
pub(crate) fn looks_like_json(bytes: &[u8]) -> bool {
    let starts_an_object = matches!(bytes.first(), Some(b'{' | b'[')) || bytes.starts_with(BOM);
    starts_an_object || diadoc_schema::check_json(bytes).is_ok()
}

/// What stood in the body where `error` is, if that is more than its text says; of a secret nothing.
pub(crate) fn found(error: &json::Error, body: &[u8]) -> Option<String> {
    let found = match error.found() {
        // Of a text that holds JSON the keys are in it.
        found if sounds_secret(error.path()) || sounds_secret(&found) => HIDDEN.to_owned(),
        _ if error.kind() == json::ErrorKind::Syntax && is_behind_secret(body, error.offset()) => {
            HIDDEN.to_owned()
        }
        found => found,
    };
    (!found.is_empty() && !error.to_string().contains(&found)).then_some(found)
}

/// Whether a place is in what stands under the key of a secret, in a body that is no JSON.
fn is_behind_secret(body: &[u8], place: usize) -> bool {
    let text = body.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    values_of(text, sounds_secret)
        .iter()
        .any(|secret| secret.contains(&place))
}

/// The byte order mark that some editors put in front.
const BOM: &[u8] = "\u{feff}".as_bytes();

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str(words().stdin),
            Self::File(path) => path.display().fmt(f),
        }
    }
}
