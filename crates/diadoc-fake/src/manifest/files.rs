//! The files that a manifest names, and those in its folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diadoc_core::Form;
use diadoc_schema::nearest;

use super::read::did_you_mean;
use super::{FILE_NAME, ManifestError};

/// How many near names are suggested at most.
const MOST_NEAR: usize = 3;

const JSON: [&str; 3] = ["json", "ndjson", "jsonl"];
const LINES: [&str; 2] = ["ndjson", "jsonl"];
const PROTOBUF: [&str; 3] = ["bin", "binpb", "pb"];

/// What a file holds by the end of its name; none where that is no body's.
///
/// ```
/// use diadoc_fake::manifest::{form_of, has_lines};
///
/// assert_eq!(form_of("a.JSON".as_ref()).map(|form| form.as_str()), Some("json"));
/// assert_eq!(form_of("a.binpb".as_ref()).map(|form| form.as_str()), Some("protobuf"));
/// assert!(form_of("notes.txt".as_ref()).is_none());
/// assert!(has_lines("log.ndjson".as_ref()) && !has_lines("a.json".as_ref()));
/// ```
pub fn form_of(path: &Path) -> Option<Form> {
    if ends_in(path, &JSON) {
        Some(Form::Json)
    } else {
        ends_in(path, &PROTOBUF).then_some(Form::Protobuf)
    }
}

/// Whether a file has one JSON body a line, by the end of its name.
pub fn has_lines(path: &Path) -> bool {
    ends_in(path, &LINES)
}

fn ends_in(path: &Path, ends: &[&str]) -> bool {
    path.extension()
        .is_some_and(|end| ends.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// The bodies in a folder and the folders in it, by the ends of their names, sorted. A folder in it
/// that has a manifest of its own is left to that; links to folders and what is hidden, with a dot
/// before its name, are passed over.
///
/// # Errors
///
/// A folder cannot be read.
pub fn bodies(folder: &Path) -> Result<Vec<PathBuf>, ManifestError> {
    let mut bodies = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |source: io::Error| ManifestError::Io {
            path: folder.clone(),
            source,
        };
        // The folder of a name without one is the current one.
        let listed = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => &folder,
        };
        for entry in fs::read_dir(listed).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = folder.join(entry.file_name());
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                if !path.join(FILE_NAME).is_file() {
                    folders.push(path);
                }
            } else if form_of(&path).is_some() && !path.ends_with(FILE_NAME) && path.is_file() {
                bodies.push(path);
            }
        }
    }
    bodies.sort();
    Ok(bodies)
}

/// The files that an entry of the manifest names, or what is wrong with the name.
pub(super) fn named(manifest: &Path, name: &str) -> Result<Vec<PathBuf>, String> {
    let path = beside(manifest, name);
    // A file whose name looks like a pattern is that file.
    if path.is_file() {
        return Ok(vec![path]);
    }
    if path.is_dir() {
        return Err(format!(
            "`{name}` is a folder; `{}/**/*.json` names the files in it",
            name.trim_end_matches('/')
        ));
    }
    let folder = folder_of(manifest);
    if !name.contains(['*', '?', '[']) {
        let bodies = bodies(folder).unwrap_or_default();
        let inside = bodies
            .iter()
            .filter_map(|body| body.strip_prefix(folder).ok()?.to_str());
        let mut near = nearest(name, inside);
        near.truncate(MOST_NEAR);
        return Err(format!(
            "the file `{name}` is not there{}",
            did_you_mean(&near)
        ));
    }
    let folder = glob::Pattern::escape(&folder.to_string_lossy());
    let pattern = Path::new(&folder).join(name);
    let matches = glob::glob(&pattern.to_string_lossy())
        .map_err(|error| format!("`{name}` is not a pattern: {error}"))?;
    let mut files = Vec::new();
    for path in matches {
        let path = path.map_err(|error| error.to_string())?;
        if path.is_file() && !path.ends_with(FILE_NAME) && place(&path) != place(manifest) {
            files.push(path);
        }
    }
    match files.is_empty() {
        true => Err(format!("no file matches `{name}`")),
        false => Ok(files),
    }
}

/// A file that the manifest names, with its folder.
pub(super) fn beside(manifest: &Path, name: &str) -> PathBuf {
    folder_of(manifest).join(name)
}

pub(super) fn folder_of(manifest: &Path) -> &Path {
    manifest.parent().unwrap_or(Path::new(""))
}

/// Where a file lies, however it is named.
pub(super) fn place(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
