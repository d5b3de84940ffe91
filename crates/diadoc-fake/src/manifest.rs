//! A folder of bodies with a manifest that says what each of them is.
//!
//! The manifest is a file `manifest.json` in the folder: a list with one object per body.
//!
//! ```
//! let manifest = r#"[{
//!     "file": "GetDocuments_V3_response.json",
//!     "message": "Diadoc.Api.Proto.Documents.DocumentList",
//!     "direction": "response",
//!     "method": "GetDocuments (V3)",
//!     "page": "GetDocuments (V3)",
//!     "refused_at": "Documents[0].Content",
//!     "fault": "A string stands where a structure belongs."
//! }]"#;
//! let fixtures = diadoc_fake::manifest::parse(manifest).unwrap();
//! assert_eq!(fixtures[0].refused_at.as_deref(), Some("Documents[0].Content"));
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diadoc_schema::Direction;
use serde::Deserialize;

/// The manifest's file name in a folder of bodies.
pub const FILE_NAME: &str = "manifest.json";

/// One body of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Fixture {
    /// The file, relative to the manifest's folder.
    pub file: PathBuf,
    /// The message's full name, or an unambiguous short one.
    pub message: String,
    /// Whether a client sends the body or the server does.
    pub direction: Direction,
    /// The HTTP method that takes or returns it.
    #[serde(default)]
    pub method: Option<String>,
    /// The page that shows it, by its title.
    #[serde(default)]
    pub page: Option<String>,
    /// For a body that is wrong: the path at which it must be refused.
    #[serde(default)]
    pub refused_at: Option<String>,
    /// For a body that is wrong: what is wrong with it.
    #[serde(default)]
    pub fault: Option<String>,
}

/// Why a manifest could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The file could not be read.
    #[error("{path}: {source}")]
    Io {
        /// The manifest.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// The file is not a list of bodies.
    #[error("{path}: {source}")]
    Format {
        /// The manifest.
        path: PathBuf,
        /// Where it went wrong.
        source: serde_json::Error,
    },
}

/// Reads a manifest's text.
///
/// # Errors
///
/// The text is not a list of bodies.
pub fn parse(text: &str) -> Result<Vec<Fixture>, serde_json::Error> {
    serde_json::from_str(text)
}

/// Reads the manifest of `folder`; the files in the result include the folder.
///
/// # Errors
///
/// There is no manifest in the folder, or it is not a list of bodies.
pub fn load(folder: &Path) -> Result<Vec<Fixture>, ManifestError> {
    load_file(&folder.join(FILE_NAME))
}

/// Reads the manifest at `path`; the files in the result include its folder.
///
/// # Errors
///
/// The file cannot be read, or is not a list of bodies.
pub fn load_file(path: &Path) -> Result<Vec<Fixture>, ManifestError> {
    let text = fs::read_to_string(path).map_err(|source| ManifestError::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut fixtures = parse(&text).map_err(|source| ManifestError::Format {
        path: path.to_owned(),
        source,
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for fixture in &mut fixtures {
        fixture.file = folder.join(&fixture.file);
    }
    Ok(fixtures)
}
