//! Finding the bodies to check.

use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diadoc_proto::registry::MessageType;
use diadoc_schema::Direction;
use diadoc_testkit::manifest;

use super::{Arguments, Form};
use crate::error::Error;
use crate::input::Input;
use crate::names;

/// The folder that is looked for when none is named.
const FIXTURES: &str = "fixtures";

/// Where a body stands, or one in each line; what they are, and what is expected of them.
#[derive(Debug)]
pub struct Source {
    pub input: Input,
    /// Whether there is one body a line.
    pub lines: bool,
    /// The message, where it is known.
    pub message: Option<&'static MessageType>,
    pub direction: Direction,
    /// What a manifest says, where there is one.
    pub expected: Option<Expected>,
}

/// What a manifest says about a body.
#[derive(Debug, Default)]
pub struct Expected {
    /// Where it must be refused; none where it must pass.
    pub refused_at: Option<String>,
    /// What is wrong with it.
    pub fault: Option<String>,
}

/// Where a body stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub input: Input,
    /// The line, where there is one body a line.
    pub line: Option<usize>,
    /// Where the body starts in its input.
    pub offset: usize,
}

impl Place {
    /// A body that is all of its input.
    pub fn whole(input: Input) -> Self {
        Self {
            input,
            line: None,
            offset: 0,
        }
    }

    /// A body that is a line of its input.
    pub fn line(input: Input, line: usize, offset: usize) -> Self {
        Self {
            input,
            line: Some(line),
            offset,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            None => self.input.fmt(f),
            Some(line) => match &self.input {
                Input::Stdin => write!(f, "standard input, line {line}"),
                Input::File(path) => write!(f, "{}:{line}", path.display()),
            },
        }
    }
}

/// All bodies that the arguments name, in their order.
pub fn find(arguments: &Arguments) -> Result<Vec<Source>, Error> {
    let finder = Finder {
        message: arguments
            .message
            .as_deref()
            .map(names::resolve)
            .transpose()?,
        direction: arguments.direction.map(Direction::from),
        form: arguments.from,
        ndjson: arguments.ndjson,
    };
    let mut sources = Vec::new();
    match (&arguments.paths[..], finder.message) {
        ([], None) => finder.manifest(&nearest_manifest()?, &mut sources)?,
        ([], Some(_)) => return Err(Error::NoPaths),
        (paths, _) => {
            for path in paths {
                finder.path(path, &mut sources)?;
            }
        }
    }
    Ok(sources)
}

struct Finder {
    message: Option<&'static MessageType>,
    direction: Option<Direction>,
    form: Form,
    ndjson: bool,
}

impl Finder {
    /// What an argument names.
    fn path(&self, path: &Path, sources: &mut Vec<Source>) -> Result<(), Error> {
        let input = Input::from_argument(path.to_owned());
        if input == Input::Stdin {
            sources.push(self.source(input));
            return Ok(());
        }
        // A file whose name looks like a pattern is that file.
        let pattern = path.to_str().filter(|text| text.contains(['*', '?', '[']));
        let (Some(pattern), false) = (pattern, path.exists()) else {
            return self.file_or_folder(path.to_owned(), sources);
        };
        let matches = glob::glob(pattern).map_err(|source| Error::Pattern {
            pattern: pattern.to_owned(),
            source,
        })?;
        let before = sources.len();
        for path in matches {
            // A folder that cannot be read fails like a file, and the rest is checked.
            let path = path.unwrap_or_else(|error| error.path().to_owned());
            if !path.ends_with(manifest::FILE_NAME) && !path.is_dir() {
                sources.push(self.source(Input::File(path)));
            }
        }
        match sources.len() == before {
            true => Err(Error::NoMatch(path.to_owned())),
            false => Ok(()),
        }
    }

    fn file_or_folder(&self, path: PathBuf, sources: &mut Vec<Source>) -> Result<(), Error> {
        if path.is_dir() {
            let manifest = path.join(manifest::FILE_NAME);
            if self.message.is_none() && manifest.is_file() {
                return self.manifest(&manifest, sources);
            }
            return self.folder(path, sources);
        }
        if self.message.is_none() && path.ends_with(manifest::FILE_NAME) {
            return self.manifest(&path, sources);
        }
        sources.push(self.source(Input::File(path)));
        Ok(())
    }

    fn source(&self, input: Input) -> Source {
        let by_name = match &input {
            Input::Stdin => false,
            Input::File(path) => has_extension(path, &["ndjson", "jsonl"]),
        };
        Source {
            lines: self.form == Form::Json && (self.ndjson || by_name),
            input,
            message: self.message,
            direction: self.direction.unwrap_or(Direction::Response),
            expected: None,
        }
    }

    /// The bodies that a manifest lists.
    fn manifest(&self, manifest: &Path, sources: &mut Vec<Source>) -> Result<(), Error> {
        let fixtures = manifest::load_file(manifest)?;
        if fixtures.is_empty() {
            return Err(Error::EmptyManifest(manifest.to_owned()));
        }
        for fixture in fixtures {
            let message =
                names::resolve(&fixture.message).map_err(|error| Error::ManifestMessage {
                    manifest: manifest.to_owned(),
                    file: fixture.file.clone(),
                    source: Box::new(error),
                })?;
            sources.push(Source {
                input: Input::File(fixture.file),
                lines: false,
                message: Some(message),
                direction: self.direction.unwrap_or(fixture.direction),
                expected: Some(Expected {
                    refused_at: fixture.refused_at,
                    fault: fixture.fault,
                }),
            });
        }
        Ok(())
    }

    /// The bodies in a folder and the folders in it, sorted. Linked folders are not entered, and a
    /// manifest is no body.
    fn folder(&self, folder: PathBuf, sources: &mut Vec<Source>) -> Result<(), Error> {
        let (extensions, kinds): (&[_], _) = match self.form {
            Form::Json => (&["json", "ndjson", "jsonl"], "*.json, *.ndjson and *.jsonl"),
            Form::Protobuf => (&["bin", "binpb", "pb"], "*.bin, *.binpb and *.pb"),
        };
        let mut files = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(folder) = folders.pop() {
            let failed = |source: io::Error| Error::Read {
                input: Input::File(folder.clone()),
                source,
            };
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let path = entry.path();
                if entry.file_type().map_err(failed)?.is_dir() {
                    folders.push(path);
                } else if has_extension(&path, extensions)
                    && !path.ends_with(manifest::FILE_NAME)
                    && !path.is_dir()
                {
                    files.push(path);
                }
            }
        }
        if files.is_empty() {
            return Err(Error::NoBodies { folder, kinds });
        }
        files.sort();
        sources.extend(files.into_iter().map(|path| self.source(Input::File(path))));
        Ok(())
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|extension| {
        extensions
            .iter()
            .any(|wanted| extension.eq_ignore_ascii_case(wanted))
    })
}

/// The manifest of `fixtures` in the current folder or the nearest above, as a relative path.
fn nearest_manifest() -> Result<PathBuf, Error> {
    let current = env::current_dir().map_err(|source| Error::Read {
        input: Input::File(".".into()),
        source,
    })?;
    let mut way_up = PathBuf::new();
    for folder in current.ancestors() {
        let below = Path::new(FIXTURES).join(manifest::FILE_NAME);
        if folder.join(&below).is_file() {
            return Ok(way_up.join(below));
        }
        way_up.push("..");
    }
    Err(Error::NoFixtures)
}
