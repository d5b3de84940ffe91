//! The files that a manifest names, and those in its folder.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use diadoc_core::Form;
use diadoc_schema::nearest;

use super::read::did_you_mean;
use super::{FILE_NAME, ManifestError};

/// How many near names are suggested at most.
const MOST_NEAR: usize = 3;
/// For how many files that are not there near names are looked for; one who misses more needs none.
const MOST_MISSING: usize = 20;

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

/// What a folder has in it.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Bodies {
    /// The bodies, sorted.
    pub files: Vec<PathBuf>,
    /// The folders that could not be read, and why: there may be more bodies in them.
    pub unreadable: Vec<ManifestError>,
}

/// The bodies in a folder and the folders in it, by the ends of their names. A folder in it that has a
/// manifest of its own is left to that; links to folders, what is hidden, with a dot before its name, and
/// what is no file, such as a named pipe, are passed over.
pub fn bodies(folder: &Path) -> Bodies {
    let mut bodies = Bodies::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if let Err(source) = in_folder(&folder, &mut bodies.files, &mut folders) {
            let path = folder;
            bodies.unreadable.push(ManifestError::Io { path, source });
        }
    }
    bodies.files.sort();
    bodies
}

fn in_folder(
    folder: &Path,
    files: &mut Vec<PathBuf>,
    folders: &mut Vec<PathBuf>,
) -> io::Result<()> {
    // The folder of a name without one is the current one.
    let listed = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    for entry in fs::read_dir(listed)? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if !path.join(FILE_NAME).is_file() {
                folders.push(path);
            }
        } else if form_of(&path).is_some() && !path.ends_with(FILE_NAME) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// A file that a text in a folder names, where it lies in that folder, links followed; otherwise why it does
/// not. Whether it is there does not matter.
#[cfg(feature = "server")]
pub(crate) fn inside(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let leads_out = |what| format!("`{name}` {what} out of the folder");
    if !is_inside(name) {
        return Err(leads_out("leads") + "; a file is named from there on");
    }
    let path = folder.join(name);
    match fs::canonicalize(&path) {
        Ok(place) if !place.starts_with(self::place(folder)) => {
            Err(leads_out("is a link that leads"))
        }
        _ => Ok(path),
    }
}

/// The folder of a manifest, for the names in it.
#[derive(Debug)]
pub(super) struct Folder<'a> {
    manifest: &'a Path,
    /// Where it lies.
    place: PathBuf,
    /// The bodies in it as entries name them, once they have been asked for.
    bodies: Option<Vec<String>>,
    missing: usize,
}

impl<'a> Folder<'a> {
    pub(super) fn of(manifest: &'a Path) -> Self {
        let folder = folder_of(manifest);
        let folder = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        Self {
            manifest,
            place: place(folder),
            bodies: None,
            missing: 0,
        }
    }

    /// The files that an entry of the manifest names, or what is wrong with the name. They lie in its
    /// folder, links followed: a manifest that comes from elsewhere has no other file read.
    pub(super) fn named(&mut self, name: &str) -> Result<Vec<PathBuf>, String> {
        stays_inside(name)?;
        let path = beside(self.manifest, name);
        match fs::metadata(&path) {
            // A file whose name looks like a pattern is that file.
            Ok(metadata) if metadata.is_file() => {
                self.holds(&path)?;
                Ok(vec![path])
            }
            Ok(metadata) if metadata.is_dir() => Err(format!(
                "`{name}` is a folder; `{}/**/*.json` names the files in it",
                name.trim_end_matches('/')
            )),
            Ok(_) => Err(format!(
                "`{name}` is no file, but a named pipe, a socket or a device"
            )),
            // Whoever reads it says so.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(vec![path]),
            Err(_) if name.contains(['*', '?', '[']) => self.matching(name),
            Err(_) => Err(self.missing(name)),
        }
    }

    fn matching(&self, name: &str) -> Result<Vec<PathBuf>, String> {
        let folder = glob::Pattern::escape(&folder_of(self.manifest).to_string_lossy());
        let pattern = Path::new(&folder).join(name);
        let matches = glob::glob(&pattern.to_string_lossy())
            .map_err(|error| format!("`{name}` is not a pattern: {error}"))?;
        let mut files = Vec::new();
        for path in matches {
            let path = match path {
                Ok(path) => path,
                // A folder that cannot be read fails like a file, and the rest is used.
                Err(error) => {
                    files.push(error.path().to_owned());
                    continue;
                }
            };
            if path.is_file() && !path.ends_with(FILE_NAME) && place(&path) != place(self.manifest)
            {
                self.holds(&path)?;
                files.push(path);
            }
        }
        match files.is_empty() {
            true => Err(format!("no file matches `{name}`")),
            false => Ok(files),
        }
    }

    /// Refuses a file that a link has outside of the folder.
    fn holds(&self, path: &Path) -> Result<(), String> {
        if place(path).starts_with(&self.place) {
            return Ok(());
        }
        let name = path.strip_prefix(folder_of(self.manifest)).unwrap_or(path);
        Err(format!(
            "`{}` is a link that leads out of the manifest's folder",
            name.display()
        ))
    }

    /// What is said of a file that is not there.
    fn missing(&mut self, name: &str) -> String {
        self.missing += 1;
        let mut near = match self.missing <= MOST_MISSING {
            true => nearest(name, self.bodies().iter().map(String::as_str)),
            false => Vec::new(),
        };
        near.truncate(MOST_NEAR);
        format!("the file `{name}` is not there{}", did_you_mean(&near))
    }

    fn bodies(&mut self) -> &[String] {
        let folder = folder_of(self.manifest);
        self.bodies.get_or_insert_with(|| {
            let names = bodies(folder).files.into_iter().filter_map(|body| {
                let name = body.strip_prefix(folder).ok()?;
                Some(name.to_str()?.to_owned())
            });
            names.collect()
        })
    }
}

/// Refuses a name that leads out of the folder that it is taken from.
fn stays_inside(name: &str) -> Result<(), String> {
    match is_inside(name) {
        true => Ok(()),
        false => Err(format!(
            "`{name}` leads out of the manifest's folder; a file is named from there on"
        )),
    }
}

fn is_inside(name: &str) -> bool {
    let mut depth = 0_usize;
    for part in Path::new(name).components() {
        let next = match part {
            Component::Normal(_) => Some(depth + 1),
            Component::CurDir => Some(depth),
            Component::ParentDir => depth.checked_sub(1),
            Component::RootDir | Component::Prefix(_) => None,
        };
        let Some(next) = next else {
            return false;
        };
        depth = next;
    }
    true
}

/// Whether a body lies in the folder, links followed, so that a manifest there may name it.
pub fn lies_in(folder: &Path, body: &Path) -> bool {
    place(body).starts_with(place(folder))
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
