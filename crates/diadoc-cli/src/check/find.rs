//! Finding the bodies to check.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diadoc_api::Form;
use diadoc_core::fill;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Checks, Direction, Schema};
use diadoc_testkit::manifest::{self, ManifestError};

use super::source::{DIRECTIONS, Expected, Source};
use super::words::words;
use crate::input::{Input, Stdin, stdin};
use crate::names;
use crate::outcome::Failure;

/// The folder that is looked for when none is named.
const FIXTURES: &str = "fixtures";

/// What there is to check.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub sources: Vec<Source>,
    /// Bodies in the folder of a manifest that it does not name, each with the manifest.
    pub unnamed: Vec<Unnamed>,
    /// What was looked for bodies and could not be read, or has none.
    pub unreadable: Vec<Unreadable>,
}

/// Where bodies were looked for in vain.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub path: PathBuf,
    pub failure: Failure,
}

impl Found {
    fn unreadable(&mut self, path: &Path, failure: Failure) {
        self.unreadable.push(Unreadable {
            path: path.to_owned(),
            failure,
        });
    }

    fn io_error(&mut self, path: &Path, error: &io::Error) {
        let failure = Input::File(path.to_owned()).unreadable(error);
        self.unreadable(path, failure);
    }
}

/// A body that the manifest of its folder does not name.
#[derive(Debug)]
pub(super) struct Unnamed {
    pub body: PathBuf,
    pub manifest: PathBuf,
}

/// Finds bodies where arguments name them; it says the same of all of them.
pub(super) struct Finder {
    /// The message, where it is named.
    pub message: Option<&'static MessageType>,
    /// Which way they go, where that is said.
    pub direction: Option<Direction>,
    /// What they are, where that is said.
    pub form: Option<Form>,
    /// Whether every input has one body a line, whatever its name.
    pub ndjson: bool,
}

impl Finder {
    /// All bodies at the paths, in their order; of the nearest manifest where there is no path. A path
    /// that has none is said to, and the others are looked at all the same.
    pub(super) fn find(&self, paths: &[PathBuf]) -> Result<Found, Failure> {
        let mut found = Found::default();
        match (paths, self.message) {
            ([], None) => match (stdin(), nearest_manifest()) {
                // A pipe that nobody writes to is what some programs that start others give.
                (Stdin::File, _) | (Stdin::Pipe, Err(_)) => {
                    found.sources.push(self.source(Input::Stdin));
                }
                (_, manifest) => self.manifest(&manifest?, &mut found)?,
            },
            ([], Some(_)) if stdin() != Stdin::Nothing => {
                found.sources.push(self.source(Input::Stdin));
            }
            ([], Some(_)) => {
                return Err(Failure::new(words().nothing_to_check));
            }
            (paths, _) => {
                for path in paths {
                    if let Err(failure) = self.path(path, &mut found) {
                        found.unreadable(path, failure);
                    }
                }
            }
        }
        let of_stdin = found
            .sources
            .iter()
            .filter(|source| *source.input == Input::Stdin);
        if of_stdin.count() > 1 {
            return Err(Failure::new(words().stdin_twice));
        }
        Ok(found)
    }

    /// What an argument names.
    fn path(&self, path: &Path, found: &mut Found) -> Result<(), Failure> {
        let input = Input::from_argument(path.to_owned());
        if input == Input::Stdin {
            found.sources.push(self.source(input));
            return Ok(());
        }
        // A file whose name looks like a pattern is that file.
        let pattern = path.to_str().filter(|text| text.contains(['*', '?', '[']));
        let (Some(pattern), false) = (pattern, path.exists()) else {
            return self.file_or_folder(path.to_owned(), found);
        };
        let words = words();
        let matches = glob::glob(pattern)
            .map_err(|error| Failure::new(fill(words.no_pattern, &[&pattern, &error])))?;
        let before = found.sources.len() + found.unreadable.len();
        for path in matches {
            match path {
                Ok(path) if path.ends_with(manifest::FILE_NAME) || !may_be_file(&path) => {}
                Ok(path) => found.sources.push(self.source(Input::File(path))),
                Err(error) => found.io_error(error.path(), error.error()),
            }
        }
        match found.sources.len() + found.unreadable.len() == before {
            true => Err(Failure::new(fill(words.no_match, &[&pattern]))),
            false => Ok(()),
        }
    }

    fn file_or_folder(&self, path: PathBuf, found: &mut Found) -> Result<(), Failure> {
        if path.is_dir() {
            let manifest = path.join(manifest::FILE_NAME);
            if self.message.is_none() && manifest.is_file() {
                return self.manifest(&manifest, found);
            }
            return self.folder(&path, found);
        }
        if self.message.is_none() && path.ends_with(manifest::FILE_NAME) {
            return self.manifest(&path, found);
        }
        found.sources.push(self.source(Input::File(path)));
        Ok(())
    }

    fn source(&self, input: Input) -> Source {
        let by_name = match &input {
            Input::Stdin => false,
            Input::File(path) => manifest::has_lines(path),
        };
        Source {
            form: self.form,
            lines: self.form != Some(Form::Protobuf) && (self.ndjson || by_name),
            input: Arc::new(input),
            message: self.message,
            direction: self.direction,
            checks: DIRECTIONS.map(Checks::new),
            expected: None,
        }
    }

    /// The bodies that a manifest lists, and those that it should.
    fn manifest(&self, path: &Path, found: &mut Found) -> Result<(), Failure> {
        let manifest = manifest::load_file(path, Schema::diadoc()).map_err(wrong_manifest)?;
        let in_folder = manifest.unnamed();
        found
            .unnamed
            .extend(in_folder.files.into_iter().map(|body| Unnamed {
                body,
                manifest: path.to_owned(),
            }));
        for error in in_folder.unreadable {
            match error {
                ManifestError::Io { path, source } => found.io_error(&path, &source),
                error => found.unreadable(path, wrong_manifest(error)),
            }
        }
        for fixture in manifest.fixtures {
            found.sources.push(Source {
                input: Arc::new(Input::File(fixture.file)),
                form: Some(fixture.form),
                lines: fixture.lines,
                message: Some(names::resolve(&fixture.message)?),
                direction: Some(self.direction.unwrap_or(fixture.direction)),
                checks: DIRECTIONS.map(Checks::new),
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
    fn folder(&self, folder: &Path, found: &mut Found) -> Result<(), Failure> {
        let words = words();
        let kinds = match self.form {
            Some(Form::Json) => words.json_names,
            Some(Form::Protobuf) => words.protobuf_names,
            None => words.names_of_both,
        };
        let (mut files, mut unreadable) = (Vec::new(), Vec::new());
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            // What is in the other folders is found all the same.
            if let Err(error) = self.in_folder(&folder, &mut files, &mut folders) {
                unreadable.push((folder, error));
            }
        }
        if files.is_empty() && unreadable.is_empty() {
            return Err(Failure::new(fill(
                words.no_files,
                &[&folder.display(), &kinds],
            )));
        }
        files.sort();
        let sources = files.into_iter().map(|path| self.source(Input::File(path)));
        found.sources.extend(sources);
        unreadable.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (path, error) in unreadable {
            found.io_error(&path, &error);
        }
        Ok(())
    }

    fn in_folder(
        &self,
        folder: &Path,
        files: &mut Vec<PathBuf>,
        folders: &mut Vec<PathBuf>,
    ) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if manifest::form_of(&path)
                .is_some_and(|form| self.form.is_none_or(|asked| asked == form))
                && !path.ends_with(manifest::FILE_NAME)
                && may_be_file(&path)
            {
                files.push(path);
            }
        }
        Ok(())
    }
}

/// Whether that is a file, or a link to one, or cannot be looked at, which whoever reads it tells. A named
/// pipe, a socket or a device may never end: it is read where an argument names it, and nowhere else.
fn may_be_file(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |metadata| metadata.is_file())
}

fn wrong_manifest(error: ManifestError) -> Failure {
    Failure::new(fill(words().wrong_manifest, &[&error]))
}

/// The manifest of `fixtures` in the current folder or the nearest above, as a relative path.
fn nearest_manifest() -> Result<PathBuf, Failure> {
    let current = env::current_dir().map_err(|error| Input::File(".".into()).unreadable(&error))?;
    let mut way_up = PathBuf::new();
    for folder in current.ancestors() {
        let below = Path::new(FIXTURES).join(manifest::FILE_NAME);
        if folder.join(&below).is_file() {
            return Ok(way_up.join(below));
        }
        way_up.push("..");
    }
    Err(Failure::new(words().no_fixtures))
}
