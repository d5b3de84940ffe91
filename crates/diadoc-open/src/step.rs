//! What a body was opened from.

use std::fmt;

use diadoc_core::Direction;

use crate::Path;

/// A wrapping that was taken off. It prints as people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// gzip (RFC 1952).
    Gzip,
    /// zlib (RFC 1950), which HTTP calls deflate.
    Zlib,
    /// Zstandard (RFC 8878).
    Zstd,
    /// An encoding of text other than UTF-8, by its name.
    Encoding(&'static str),
    /// base64 (RFC 4648), in either alphabet.
    Base64,
    /// Hexadecimal digits.
    Hex,
    /// The head of a request or a response of HTTP.
    HttpHead,
    /// An entry of a HAR file.
    Har {
        /// Which one, from 1.
        entry: usize,
        /// Its request or its response.
        direction: Direction,
    },
    /// A part of JSON, by its path.
    At(Path),
    /// A JSON string that holds a text.
    JsonString,
    /// The last JSON that begins in a line of a text.
    LastOfLine {
        /// The line, from 1.
        line: usize,
    },
    /// YAML.
    Yaml,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gzip => f.write_str("gzip"),
            Self::Zlib => f.write_str("zlib"),
            Self::Zstd => f.write_str("zstd"),
            Self::Encoding(name) => f.write_str(name),
            Self::Base64 => f.write_str("base64"),
            Self::Hex => f.write_str("hexadecimal digits"),
            Self::HttpHead => f.write_str("head of HTTP"),
            Self::Har { entry, direction } => write!(f, "HAR, {direction} {entry}"),
            Self::At(path) => path.fmt(f),
            Self::JsonString => f.write_str("JSON string"),
            Self::LastOfLine { line } => write!(f, "JSON in line {line}"),
            Self::Yaml => f.write_str("YAML"),
        }
    }
}
