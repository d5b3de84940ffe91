//! A world in a file of JSON, in which comments may stand.
//!
//! ```json
//! {
//!   // Whoever comes with her token is she; other tokens are refused.
//!   "users": [{ "login": "ivanova@example.ru", "last_name": "Иванова", "token": "hers" }],
//!   "organizations": [
//!     { "box": "1f208d03-2a60-4f64-91b1-b7aad54cfaf3", "inn": "7705000010", "name": "Ромашка" },
//!     { "box": "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946", "inn": "7810000019", "name": "Василёк" }
//!   ],
//!   "relations": [{ "from": "7705000010", "to": "7810000019" }]
//! }
//! ```
//!
//! What may stand in it, `shape` says; the JSON Schema is made of that. Organizations are named by their
//! box or, where no other one has it, by their INN.

use std::io;
use std::path::{Path, PathBuf};

use diadoc_core::files;

use super::World;
use super::builder::{WorldBuilder, WorldError, WorldFault};
use crate::manifest::read::Faults;
use crate::places::Places;

mod convert;
mod json_schema;
mod read;
mod shape;

pub use json_schema::json_schema;

/// Why a file holds no world.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorldFileError {
    /// It could not be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// What stands in it is wrong. It prints as a line for each fault.
    #[error("{}", lines(path, faults))]
    Faults {
        /// The file.
        path: PathBuf,
        /// All that is wrong, in the order of the text.
        faults: Vec<WorldFault>,
    },
}

fn lines(path: &Path, faults: &[WorldFault]) -> String {
    let lines = faults.iter().map(|fault| {
        let (line, column) = fault.line_and_column.unwrap_or((1, 1));
        format!("{}:{line}:{column}: {}", path.display(), fault.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl World {
    /// The world that a file describes.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no JSON, has a key that there is not, or describes what cannot be:
    /// all of that, with lines and columns.
    pub fn from_file(path: &Path) -> Result<Self, WorldFileError> {
        let text = files::text(path).map_err(|source| WorldFileError::Io {
            path: path.to_owned(),
            source,
        })?;
        // Editors of Windows begin a file with a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self::from_json(text).map_err(|error| WorldFileError::Faults {
            path: path.to_owned(),
            faults: error.faults,
        })
    }

    /// The world that a text describes, as in a file.
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file).
    pub fn from_json(text: &str) -> Result<Self, WorldError> {
        let mut faults = Faults::default();
        let root = read::document(text, &mut faults);
        let builder = root.as_ref().map(|root| convert::world(root, &mut faults));
        let faults = faults.placed(text).into_iter();
        let fault = |(line, column, message)| WorldFault {
            place: String::new(),
            line_and_column: Some((line, column)),
            message,
        };
        let mut all: Vec<_> = faults.map(fault).collect();
        if let (Some(root), Some(builder), true) = (&root, builder, all.is_empty()) {
            match WorldBuilder::build(builder) {
                Ok(world) => return Ok(world),
                Err(error) => all = placed(error.faults, root, text),
            }
        }
        Err(WorldError { faults: all })
    }
}

/// Faults with the lines and columns of their places, in the order of the text.
fn placed(faults: Vec<WorldFault>, root: &read::Node, text: &str) -> Vec<WorldFault> {
    let places = Places::of(text);
    let mut placed: Vec<_> = faults
        .into_iter()
        .map(|fault| WorldFault {
            line_and_column: Some(places.line_and_column(root.place(&fault.place))),
            ..fault
        })
        .collect();
    placed.sort_by_key(|fault| fault.line_and_column);
    placed
}
