//! The error of the JSON entry points.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::str::Utf8Error;

use diadoc_core::dialect::{line_and_column, number_kind, push_index, push_key};
use diadoc_core::{Language, LimitError};

use super::fault::{Cause, Fault, Segment};

/// Why a body could not be read or written: where it stands, what was expected and what stood
/// there.
///
/// The message names path, line and column, and the kind of value that stood there, but never the
/// value itself: it can go to a log. [`found`](Self::found) quotes the value, shortened, for those
/// who have the body before them.
///
/// ```
/// use diadoc_proto::documents::DocumentList;
///
/// let body = r#"{"TotalCount": 1, "Documents": [{"MessageId": true}]}"#;
/// let error = diadoc_proto::json::from_str::<DocumentList>(body).unwrap_err();
/// assert_eq!(error.path(), "Documents[0].MessageId");
/// assert_eq!((error.line(), error.column()), (1, 47));
/// assert_eq!(error.expected(), "a string");
/// assert_eq!(error.found(), "a boolean: true");
/// assert_eq!(
///     error.to_string(),
///     "Documents[0].MessageId: expected a string, found a boolean, at line 1, column 47"
/// );
/// ```
pub struct Error(Box<Inner>);

/// What kind of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The reader or writer that was handed in failed; [`source`](std::error::Error::source) is
    /// its error.
    Io,
    /// The body is not UTF-8.
    Utf8,
    /// The body is not JSON, is cut, goes on after its end, or is nested too deep.
    Syntax,
    /// The body is JSON, but a value in it does not fit the field that it is for.
    Value,
    /// The body goes beyond one of the [`Limits`](crate::Limits): [`limit`](Error::limit) says
    /// which.
    Limit,
}

struct Inner {
    kind: ErrorKind,
    path: String,
    offset: usize,
    line: usize,
    column: usize,
    expected: Cow<'static, str>,
    found_kind: &'static str,
    excerpt: String,
    source: Option<Source>,
}

enum Source {
    Io(io::Error),
    Utf8(Utf8Error),
    Limit(LimitError),
}

impl Error {
    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The path of the value: `Documents[0].Content`. Empty for the body as a whole.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The byte offset of the value in the body.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// The line of the value, from 1; 0 where there is no body, as for a failed writer.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// The column of the value, from 1, in characters; 0 where there is no body.
    pub fn column(&self) -> usize {
        self.0.column
    }

    /// What the schema or the JSON syntax wants there: `an object (Content)`.
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// What stood there, with the beginning of it: `a string: "lores ipsum"`. It quotes the body.
    pub fn found(&self) -> String {
        let Inner {
            found_kind,
            excerpt,
            ..
        } = &*self.0;
        match excerpt.as_str() {
            "" | "null" => (*found_kind).to_owned(),
            excerpt => format!("{found_kind}: {excerpt}"),
        }
    }

    /// The limit that the body goes beyond, where that is the failure.
    pub fn limit(&self) -> Option<LimitError> {
        match self.0.source {
            Some(Source::Limit(error)) => Some(error),
            _ => None,
        }
    }

    /// A reader or writer failed.
    pub(super) fn io(source: io::Error) -> Self {
        Self(Box::new(Inner {
            kind: ErrorKind::Io,
            path: String::new(),
            offset: 0,
            line: 0,
            column: 0,
            expected: Cow::Borrowed(""),
            found_kind: "",
            excerpt: String::new(),
            source: Some(Source::Io(source)),
        }))
    }

    /// The body is longer than may be, and has not been looked at.
    pub(super) fn limited(body: &[u8], error: LimitError) -> Self {
        let offset = error.most();
        let (line, column) = line_and_column(body, offset);
        Self(Box::new(Inner {
            kind: ErrorKind::Limit,
            path: String::new(),
            offset,
            line,
            column,
            expected: error.expected().into(),
            found_kind: "more",
            excerpt: String::new(),
            source: Some(Source::Limit(error)),
        }))
    }

    /// The body is not UTF-8 from some byte on.
    pub(super) fn utf8(body: &[u8], source: Utf8Error) -> Self {
        let offset = source.valid_up_to();
        let (line, column) = line_and_column(body, offset);
        Self(Box::new(Inner {
            kind: ErrorKind::Utf8,
            path: String::new(),
            offset,
            line,
            column,
            expected: "UTF-8".into(),
            found_kind: "a byte that is not UTF-8",
            excerpt: String::new(),
            source: Some(Source::Utf8(source)),
        }))
    }

    /// What stopped the reader in a body.
    #[cold]
    pub(super) fn read(body: &str, fault: Fault) -> Self {
        let Fault { cause, at, path } = fault;
        let (found_kind, mut excerpt) = describe(body, at);
        let mut source = None;
        let (kind, expected, found_kind) = match cause {
            Cause::Syntax { expected } => (ErrorKind::Syntax, expected.into(), found_kind),
            Cause::Value { expected, reason } => {
                if let Some(reason) = reason {
                    excerpt = format!("{excerpt} ({reason})");
                }
                (ErrorKind::Value, expected, found_kind)
            }
            Cause::Twice => {
                excerpt.clear();
                (
                    ErrorKind::Value,
                    "each key once".into(),
                    "the key once more",
                )
            }
            Cause::Limit(error) => {
                excerpt.clear();
                source = Some(Source::Limit(error));
                (ErrorKind::Limit, error.expected().into(), "more")
            }
        };
        let (line, column) = line_and_column(body.as_bytes(), at);
        Self(Box::new(Inner {
            kind,
            path: render(path.into_iter().rev()),
            offset: at,
            line,
            column,
            expected,
            found_kind,
            excerpt,
            source,
        }))
    }
}

fn render(path: impl Iterator<Item = Segment>) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Index(index) => push_index(&mut text, index),
            Segment::Key(key) => push_key(&mut text, &key),
        }
    }
    text
}

/// What stands at a byte offset: its kind in words, and the beginning of its text.
fn describe(text: &str, at: usize) -> (&'static str, String) {
    const LONGEST: usize = 40;
    let value = token(text, at);
    let kind = match value.as_bytes().first() {
        None => "the end of the body",
        Some(b'{') => return ("an object", String::new()),
        Some(b'[') => return ("an array", String::new()),
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => number_kind(value, Language::English),
        Some(0..b' ') => return ("a control character", String::new()),
        Some(_) => "text that is not JSON",
    };
    let mut excerpt: String = value.chars().take(LONGEST).collect();
    if excerpt.len() < value.len() {
        excerpt.push('…');
    }
    (kind, excerpt)
}

/// The string, number or word that starts at a byte offset, or the bracket or comma.
fn token(text: &str, at: usize) -> &str {
    let Some(rest) = text.get(at..) else {
        return "";
    };
    let length = match rest.as_bytes() {
        [b'"', inside @ ..] => {
            let mut escaped = false;
            let ends = inside.iter().position(|byte| {
                let ends = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                ends
            });
            ends.map(|length| length + 2)
        }
        _ => rest.find([' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']', '"']),
    };
    match length {
        Some(0) => rest.get(..1).unwrap_or_default(),
        Some(length) => &rest[..length],
        None => rest,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            path,
            line,
            column,
            expected,
            found_kind,
            source,
            ..
        } = &*self.0;
        if let (ErrorKind::Io, Some(Source::Io(error))) = (kind, source) {
            return write!(f, "the body could not be read or written: {error}");
        }
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        write!(
            f,
            "expected {expected}, found {found_kind}, at line {line}, column {column}"
        )
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &format_args!("{self}"))
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.source.as_ref()? {
            Source::Io(error) => Some(error),
            Source::Utf8(error) => Some(error),
            Source::Limit(error) => Some(error),
        }
    }
}
