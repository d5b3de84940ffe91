//! Finding the bodies to check.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diadoc_proto::registry::MessageType;
use diadoc_testkit::manifest;

use crate::error::Error;
use crate::input::Input;
use crate::names;

/// The folder that is looked for when none is named.
const FIXTURES: &str = "fixtures";

/// A body, what it is, and what is expected of it.
#[derive(Debug)]
pub struct Body {
    pub input: Input,
    pub message: &'static MessageType,
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

/// The bodies at `paths`, all of the message of that name.
pub fn of_message(name: &str, paths: &[PathBuf]) -> Result<Vec<Body>, Error> {
    let message = names::resolve(name)?;
    if paths.is_empty() {
        return Err(Error::NoPaths);
    }
    let mut files = Vec::new();
    for path in paths {
        match Input::from_argument(path.clone()) {
            Input::File(path) if path.is_dir() => {
                let found = json_files(&path)?;
                if found.is_empty() {
                    return Err(Error::NoBodies(path));
                }
                files.extend(found.into_iter().map(Input::File));
            }
            input => files.push(input),
        }
    }
    let body = |input| Body {
        input,
        message,
        expected: None,
    };
    Ok(files.into_iter().map(body).collect())
}

/// The bodies that the manifests list: those of the folders named, or of the nearest `fixtures`.
pub fn of_manifests(paths: &[PathBuf]) -> Result<Vec<Body>, Error> {
    let manifests = match paths {
        [] => vec![nearest_manifest()?],
        paths => paths
            .iter()
            .map(|path| manifest_at(path))
            .collect::<Result<_, _>>()?,
    };
    let mut bodies = Vec::new();
    for manifest in manifests {
        let fixtures = manifest::load_file(&manifest)?;
        if fixtures.is_empty() {
            return Err(Error::EmptyManifest(manifest));
        }
        for fixture in fixtures {
            let message =
                names::resolve(&fixture.message).map_err(|error| Error::ManifestMessage {
                    manifest: manifest.clone(),
                    file: fixture.file.clone(),
                    source: Box::new(error),
                })?;
            bodies.push(Body {
                input: Input::File(fixture.file),
                message,
                expected: Some(Expected {
                    refused_at: fixture.refused_at,
                    fault: fixture.fault,
                }),
            });
        }
    }
    Ok(bodies)
}

/// The manifest in the folder `path`, or at it.
fn manifest_at(path: &Path) -> Result<PathBuf, Error> {
    let input = Input::from_argument(path.to_owned());
    if input == Input::Stdin {
        return Err(Error::NoMessage(input));
    }
    let metadata = fs::metadata(path).map_err(|source| Error::Read {
        input: input.clone(),
        source,
    })?;
    let manifest = match metadata.is_dir() {
        true => path.join(manifest::FILE_NAME),
        false => path.to_owned(),
    };
    if manifest.ends_with(manifest::FILE_NAME) && manifest.is_file() {
        Ok(manifest)
    } else {
        Err(Error::NoMessage(input))
    }
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

/// The *.json files in a folder and the folders in it, sorted. Linked folders are not entered, and
/// a manifest is no body.
fn json_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |source: io::Error| Error::Read {
            input: Input::File(folder.clone()),
            source,
        };
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let is_json = path
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(path);
            } else if is_json && !path.ends_with(manifest::FILE_NAME) && path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
