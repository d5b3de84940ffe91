//! Finding the bodies to check.

use std::collections::HashSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diadoc_api::Form;
use diadoc_core::fill;
use diadoc_proto::registry::MessageType;
use diadoc_schema::{Checks, Direction, Schema};
use diadoc_testkit::manifest::{self, ManifestError};
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};

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
    /// What is passed over in folders and patterns.
    pub excluded: Override,
    /// Whether folders are looked through without a look at .gitignore and the like, hidden files and
    /// `node_modules` too.
    pub no_ignore: bool,
    /// Whether what fits no message is a fault wherever it stands.
    pub strict: bool,
}

/// What patterns such as `--exclude` has them pass over. They are those of .gitignore: without a slash they
/// match names at any depth, with one they start in the current folder.
pub(super) fn excluding(patterns: &[String]) -> Result<Override, Failure> {
    let mut overrides = OverrideBuilder::new("");
    for pattern in patterns {
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::new(fill(words().no_pattern, &[pattern, &error]))
        };
        if pattern.is_empty() || pattern.starts_with(['!', '#']) {
            return Err(wrong(&words().empty_pattern));
        }
        // As paths are printed.
        let plain = pattern
            .strip_prefix("./")
            .map_or_else(|| pattern.clone(), |rest| format!("/{rest}"));
        let added = overrides.add(&format!("!{plain}"));
        added.map_err(|error| wrong(&error.to_string().replace(&format!("'!{plain}'"), "")))?;
    }
    let overrides = overrides.build();
    overrides.map_err(|error| Failure::new(fill(words().no_pattern, &[&"--exclude", &error])))
}

/// The folder of packages of npm, in which nobody keeps bodies.
const NODE_MODULES: &str = "node_modules";

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
        // Links to folders may lead back to where they are.
        let mut known = HashSet::new();
        let mut is_new = |path: &Path| {
            let folder = fs::canonicalize(path.parent().unwrap_or(path));
            folder.map_or(true, |folder| {
                known.insert((folder, path.file_name().map(OsString::from)))
            })
        };
        for path in matches {
            match path {
                Ok(path) if path.ends_with(manifest::FILE_NAME) || !may_be_file(&path) => {}
                Ok(path) if self.is_excluded(&path) || !is_new(&path) => {}
                Ok(path) => found.sources.push(self.come_across(path)),
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
            may_be_foreign: false,
        }
    }

    /// A file that nobody named: it may have nothing to do with Diadoc.
    fn come_across(&self, path: PathBuf) -> Source {
        let source = self.source(Input::File(path));
        Source {
            // Whoever writes bodies in lines has them in all of them.
            may_be_foreign: self.message.is_none() && !source.lines && !self.strict,
            ..source
        }
    }

    /// Whether a pattern passes over a file, or a folder that it lies in.
    fn is_excluded(&self, path: &Path) -> bool {
        let path = without_dot(path);
        let mut around = path.ancestors().filter(|path| !path.as_os_str().is_empty());
        around.any(|one| self.excluded.matched(one, one != path).is_ignore())
    }

    /// The bodies that a manifest lists, and those that it should.
    fn manifest(&self, path: &Path, found: &mut Found) -> Result<(), Failure> {
        let manifest = manifest::load_file(path, Schema::diadoc()).map_err(wrong_manifest)?;
        let in_folder = manifest.unnamed();
        let unnamed = in_folder
            .files
            .into_iter()
            .filter(|body| !self.is_excluded(body));
        let mut unnamed = unnamed.peekable();
        if unnamed.peek().is_some() {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let looked_at = self.walk(folder.unwrap_or(Path::new(".")));
            let looked_at = looked_at.flatten().map(ignore::DirEntry::into_path);
            let looked_at: HashSet<_> = looked_at
                .map(|path| without_dot(&path).to_owned())
                .collect();
            let unnamed = unnamed.filter(|body| looked_at.contains(without_dot(body)));
            found.unnamed.extend(unnamed.map(|body| Unnamed {
                body,
                manifest: path.to_owned(),
            }));
        }
        for error in in_folder.unreadable {
            match error {
                ManifestError::Io { path, source } => found.io_error(&path, &source),
                error => found.unreadable(path, wrong_manifest(error)),
            }
        }
        for fixture in manifest.fixtures {
            if self.is_excluded(&fixture.file) {
                continue;
            }
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
                may_be_foreign: false,
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
        for entry in self.walk(folder) {
            match entry {
                Ok(entry) => {
                    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                    let path = entry.into_path();
                    if !is_folder && self.is_body(&path) {
                        files.push(path);
                    }
                }
                // What is in the other folders is found all the same.
                Err(error) => unreadable.push(place_of(&error, folder)),
            }
        }
        if files.is_empty() && unreadable.is_empty() {
            return Err(Failure::new(fill(
                words.no_files,
                &[&folder.display(), &kinds],
            )));
        }
        files.sort();
        let sources = files.into_iter().map(|path| self.come_across(path));
        found.sources.extend(sources);
        unreadable.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (path, error) in unreadable {
            found.io_error(&path, &error);
        }
        Ok(())
    }

    /// All that is in a folder, at any depth, but for what is passed over.
    fn walk(&self, folder: &Path) -> ignore::Walk {
        let (excluded, no_ignore) = (self.excluded.clone(), self.no_ignore);
        let is_passed_over = move |path: &Path, is_folder: bool| {
            let path = without_dot(path);
            let is_packages = is_folder && path.ends_with(NODE_MODULES) && !no_ignore;
            is_packages || excluded.matched(path, is_folder).is_ignore()
        };
        let mut walk = WalkBuilder::new(folder);
        // What no repository is around counts all the same.
        walk.standard_filters(!no_ignore).require_git(false);
        walk.filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0 || !is_passed_over(entry.path(), is_folder)
        });
        walk.build()
    }

    fn is_body(&self, path: &Path) -> bool {
        let form = manifest::form_of(path);
        form.is_some_and(|form| self.form.is_none_or(|asked| asked == form))
            && !path.ends_with(manifest::FILE_NAME)
            && may_be_file(path)
    }
}

/// A path without `./` before it.
fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// Where a folder cannot be read, and why.
fn place_of(error: &ignore::Error, folder: &Path) -> (PathBuf, io::Error) {
    fn path(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                path(err)
            }
            _ => None,
        }
    }
    let io_error = match error.io_error() {
        Some(io) => match io.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code),
            None => io::Error::new(io.kind(), io.to_string()),
        },
        None => io::Error::other(error.to_string()),
    };
    (path(error).unwrap_or(folder).to_owned(), io_error)
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
