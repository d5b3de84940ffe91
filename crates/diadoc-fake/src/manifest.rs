//! A folder of bodies with a manifest that says what each of them is.
//!
//! The manifest is a file `manifest.json` in the folder: a list with one object per body, or an
//! object that has the list under `bodies` and may have a `$schema` for editors
//! ([`json_schema`] makes it).
//!
//! ```json
//! [
//!   {
//!     "file": "GetDocuments_V3_response.json",
//!     "method": "GetDocuments (V3)",
//!     "refused_at": "Documents[0].Content",
//!     "fault": "A string stands where a structure belongs."
//!   },
//!   { "file": "captured/**/*.ndjson", "message": "Events.Message", "direction": "response" }
//! ]
//! ```
//!
//! - `file` is a file relative to the manifest's folder, or a pattern of several; it lies in that folder,
//!   links followed. The end of its name says whether it is JSON, JSON with one body a line (`.ndjson`,
//!   `.jsonl`), or protobuf (`.bin`, `.binpb`, `.pb`); `form` overrules that.
//! - `message` and `direction` may be left out where they follow from `method`, and `direction` also
//!   where bodies of the message go one way only.
//! - `refused_at` is the path at which a body that is wrong must be refused, and `fault` what is wrong
//!   with it.
//!
//! A manifest is held against all of that, the schema and the folder before it is used, and every
//! fault is told with its line and column.

mod files;
mod json_schema;
mod keys;
mod meaning;
pub(crate) mod read;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use diadoc_core::Form;
use diadoc_schema::{Direction, Schema};

use crate::places::Places;
#[cfg(feature = "server")]
pub(crate) use files::inside;
pub use files::{Bodies, bodies, form_of, has_lines, lies_in};
pub use json_schema::json_schema;
use read::Faults;

/// The manifest's file name in a folder of bodies.
pub const FILE_NAME: &str = "manifest.json";

/// What a manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// Where it lies.
    pub path: PathBuf,
    /// The bodies, in its order; those of a pattern by name.
    pub fixtures: Vec<Fixture>,
    /// The JSON Schema that it names, where that may be a file.
    json_schema: Option<PathBuf>,
}

/// A file of a manifest, with one body or with one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fixture {
    /// The file, with the manifest's folder.
    pub file: PathBuf,
    /// What it holds.
    pub form: Form,
    /// Whether there is one body a line; only JSON has that.
    pub lines: bool,
    /// The message's full name.
    pub message: String,
    /// Whether a client sends the body or the server does.
    pub direction: Direction,
    /// The HTTP method that takes or returns it, by its name in the schema: `GetDocumentsV3`.
    pub method: Option<String>,
    /// The page that shows it, by its title.
    pub page: Option<String>,
    /// For a body that is wrong: the path at which it must be refused.
    pub refused_at: Option<String>,
    /// For a body that is wrong: what is wrong with it.
    pub fault: Option<String>,
}

/// Why a manifest or its folder could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// A file or folder could not be read.
    #[error("{path}: {source}")]
    Io {
        /// The manifest, or a folder of bodies.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// The manifest is not as it has to be. It prints as a line for each fault.
    #[error("{}", lines(path, faults))]
    Faults {
        /// The manifest.
        path: PathBuf,
        /// All that is wrong, in the order of the text.
        faults: Vec<ManifestFault>,
    },
}

/// What is wrong with a manifest, in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManifestFault {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

/// Reads the manifest of `folder`, whose bodies are of that schema.
///
/// # Errors
///
/// There is no manifest in the folder, or it has faults.
pub fn load(folder: &Path, schema: &Schema) -> Result<Manifest, ManifestError> {
    load_file(&folder.join(FILE_NAME), schema)
}

/// Reads the manifest at `path`, whose bodies are of that schema.
///
/// # Errors
///
/// The file cannot be read, or has faults: it is no list of bodies, a key or a name is unknown, a file
/// is not there, lies outside of the manifest's folder or stands in two entries, or an entry contradicts
/// itself.
pub fn load_file(path: &Path, schema: &Schema) -> Result<Manifest, ManifestError> {
    let text = diadoc_core::files::text(path).map_err(|source| ManifestError::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut faults = Faults::default();
    let document = read::document(&text, &mut faults);
    let mut fixtures = Vec::new();
    // Where a file is named, by its place in the file system.
    let mut named = HashMap::new();
    let mut folder = files::Folder::of(path);
    let places = Places::of(&text);
    for entry in document.entries {
        let meaning = meaning::of(&entry, schema, &mut faults);
        let Some(file) = entry.file else { continue };
        let files = match folder.named(&file.value) {
            Ok(files) => files,
            Err(message) => {
                faults.add(file.at, message);
                continue;
            }
        };
        for name in files {
            let first = *named.entry(files::place(&name)).or_insert(file.at);
            if first != file.at {
                let (line, _) = places.line_and_column(first);
                let name = name.strip_prefix(files::folder_of(path)).unwrap_or(&name);
                let name = name.display();
                faults.add(file.at, format!("`{name}` is named in line {line} already"));
                break;
            }
            let Some(meaning) = &meaning else { continue };
            let form = entry.form.or(form_of(&name)).unwrap_or(Form::Json);
            fixtures.push(Fixture {
                form,
                lines: form == Form::Json && has_lines(&name),
                file: name,
                message: meaning.message.clone(),
                direction: meaning.direction,
                method: meaning.method.clone(),
                page: entry.page.clone(),
                refused_at: entry.refused_at.clone(),
                fault: entry.fault.clone(),
            });
        }
    }
    let faults = faults.in_order(&text);
    if !faults.is_empty() {
        return Err(ManifestError::Faults {
            path: path.to_owned(),
            faults,
        });
    }
    Ok(Manifest {
        path: path.to_owned(),
        fixtures,
        json_schema: document.json_schema.map(|name| files::beside(path, &name)),
    })
}

impl Manifest {
    /// The bodies in its folder, at any depth, that no entry names.
    pub fn unnamed(&self) -> Bodies {
        let named = self.fixtures.iter().map(|fixture| &fixture.file);
        let known = named.chain([&self.path]).chain(&self.json_schema);
        let known: HashSet<_> = known.map(|path| files::place(path)).collect();
        let mut bodies = bodies(files::folder_of(&self.path));
        bodies
            .files
            .retain(|body| !known.contains(&files::place(body)));
        bodies
    }
}

fn lines(path: &Path, faults: &[ManifestFault]) -> String {
    let lines = faults.iter().map(|fault| {
        let ManifestFault {
            line,
            column,
            message,
        } = fault;
        format!("{}:{line}:{column}: {message}", path.display())
    });
    lines.collect::<Vec<_>>().join("\n")
}
