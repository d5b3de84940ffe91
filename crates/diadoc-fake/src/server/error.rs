//! What can be wrong with what a fake is told.

use std::io;
use std::path::PathBuf;

use diadoc_proto::json;
use diadoc_schema::SchemaError;

use crate::manifest::ManifestError;

/// Why a fake cannot do as it is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FakeError {
    /// No method has the name.
    #[error("{0}")]
    Method(#[from] SchemaError),
    /// An answer holds another message than the method answers with.
    #[error("{method} answers with {expected}, not with {given}")]
    OtherMessage {
        /// The method.
        method: String,
        /// What it answers with.
        expected: String,
        /// The message that was given.
        given: String,
    },
    /// The JSON of an answer is not of the method's message.
    #[error("this is no answer of {method}: {source}")]
    Json {
        /// The method.
        method: String,
        /// Where it went wrong.
        source: json::Error,
    },
    /// The protobuf of an answer is not of the method's message.
    #[error("this is no answer of {method}: {source}")]
    Protobuf {
        /// The method.
        method: String,
        /// Where it went wrong.
        source: prost::DecodeError,
    },
    /// An element of a list is not of the list's type.
    #[error("{method} lists {expected}, not {given}")]
    Element {
        /// The method.
        method: String,
        /// The type of the list's elements.
        expected: String,
        /// The message that was given.
        given: String,
    },
    /// An answer has a status that no answer can have.
    #[error("{0} is no status of an answer: one from 200 to 599")]
    Status(u16),
    /// An answer has a header that cannot be sent.
    #[error("the header `{0}` cannot be sent: its name or its value is none")]
    Header(String),
    /// The answers of a method do not come in pages.
    #[error("the answers of {method} do not come in pages: give it one answer, not a list")]
    NoPages {
        /// The method.
        method: String,
    },
    /// A method's list ends with its first empty page.
    #[error("a page of {method} without items is the last one: it cannot stand inside the list")]
    NoEmptyPages {
        /// The method.
        method: String,
    },
    /// The manifest of a folder of bodies cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A body cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A body of a folder cannot be an answer.
    #[error("{path}: {source}")]
    Fixture {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: Box<FakeError>,
    },
}
