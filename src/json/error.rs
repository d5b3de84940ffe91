//! The error of the JSON entry points.

use std::fmt;
use std::io;
use std::str::Utf8Error;

use serde::de::DeserializeOwned;

use super::dialect::NOT_BASE64;
use super::locate::{self, Segment};

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
/// let body = r#"{"TotalCount": 1, "Documents": [{"MessageId": 5}]}"#;
/// let error = diadoc_proto::json::from_str::<DocumentList>(body).unwrap_err();
/// assert_eq!(error.path(), "Documents[0].MessageId");
/// assert_eq!((error.line(), error.column()), (1, 47));
/// assert_eq!(error.expected(), "a string");
/// assert_eq!(error.found(), "an integer: 5");
/// assert_eq!(
///     error.to_string(),
///     "Documents[0].MessageId: expected a string, found an integer, at line 1, column 47"
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
}

struct Inner {
    kind: ErrorKind,
    path: String,
    offset: usize,
    line: usize,
    column: usize,
    expected: String,
    found_kind: &'static str,
    excerpt: String,
    source: Option<Source>,
}

enum Source {
    Io(io::Error),
    Utf8(Utf8Error),
    Json(serde_json::Error),
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

    /// A reader or writer failed.
    pub(super) fn io(source: io::Error) -> Self {
        Self(Box::new(Inner {
            kind: ErrorKind::Io,
            path: String::new(),
            offset: 0,
            line: 0,
            column: 0,
            expected: String::new(),
            found_kind: "",
            excerpt: String::new(),
            source: Some(Source::Io(source)),
        }))
    }

    /// The body is not UTF-8 from some byte on.
    pub(super) fn utf8(body: &[u8], source: Utf8Error) -> Self {
        let offset = source.valid_up_to();
        let valid = std::str::from_utf8(&body[..offset]).unwrap_or_default();
        let (line, column) = locate::line_and_column(valid, offset);
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

    /// Serialising failed, which for a message only the writer can cause.
    pub(super) fn write(error: serde_json::Error) -> Self {
        Self::io(error.into())
    }

    /// Reads `body` once more with its path tracked, to say where and why reading failed.
    #[cold]
    pub(super) fn read<M: DeserializeOwned>(body: &str, error: serde_json::Error) -> Self {
        let mut json = serde_json::Deserializer::from_str(body);
        let mut track = serde_path_to_error::Track::new();
        let _ = M::deserialize(serde_path_to_error::Deserializer::new(
            &mut json, &mut track,
        ));
        let path = segments(&track.path());
        if error.is_data() {
            Self::value(body, path, error)
        } else {
            Self::syntax(body, path, error)
        }
    }

    fn value(body: &str, path: Vec<Segment>, error: serde_json::Error) -> Self {
        let message = message(&error);
        // The first byte that serde_json has not read yet.
        let limit = locate::byte_offset(body, error.line(), error.column());
        if let Some(field) = between(&message, "duplicate field `", "`") {
            let offset = locate::last_key_start(body, &path, limit).unwrap_or(limit);
            let mut path = path;
            path.push(Segment::Key(field.to_owned()));
            return Self::at(
                ErrorKind::Value,
                body,
                &path,
                offset,
                "each key once".into(),
                ("the key once more", String::new()),
                error,
            );
        }
        // What was found may hold anything; what was expected is this crate's own wording.
        let expected = match message.rsplit_once(", expected ") {
            Some((_, expected)) => expected.to_owned(),
            None => message.clone(),
        };
        let offset = locate::value_start(body, &path, limit.max(1)).unwrap_or(limit);
        let (kind, mut excerpt) = locate::describe(body, offset);
        if let Some(reason) = between(&message, NOT_BASE64, ", expected ") {
            excerpt = format!("{excerpt} ({reason})");
        }
        let expected = match expected.as_str() {
            // The words of serde's own impls for `bool`, `String` and `Vec`.
            "a sequence" => "an array".to_owned(),
            other => other.to_owned(),
        };
        Self::at(
            ErrorKind::Value,
            body,
            &path,
            offset,
            expected,
            (kind, excerpt),
            error,
        )
    }

    fn syntax(body: &str, path: Vec<Segment>, error: serde_json::Error) -> Self {
        let message = message(&error);
        let offset = if error.is_eof() {
            body.len()
        } else {
            // serde_json points behind the byte that it stumbled over.
            locate::byte_offset(body, error.line(), error.column()).saturating_sub(1)
        };
        let expected = match message.as_str() {
            "expected value" | "EOF while parsing a value" => "a value".to_owned(),
            "expected ident" => "`true`, `false` or `null`".to_owned(),
            "trailing characters" => "the end of the body".to_owned(),
            "trailing comma" => "a value after the comma".to_owned(),
            "key must be a string" => "a key in double quotes".to_owned(),
            "recursion limit exceeded" => "at most 127 levels of nesting".to_owned(),
            other => match other.strip_prefix("expected ") {
                Some(expected) => expected.to_owned(),
                None if error.is_eof() => "the rest of the body".to_owned(),
                None => format!("JSON ({other})"),
            },
        };
        let found = locate::describe(body, offset);
        Self::at(
            ErrorKind::Syntax,
            body,
            &path,
            offset,
            expected,
            found,
            error,
        )
    }

    fn at(
        kind: ErrorKind,
        body: &str,
        path: &[Segment],
        offset: usize,
        expected: String,
        (found_kind, excerpt): (&'static str, String),
        source: serde_json::Error,
    ) -> Self {
        let (line, column) = locate::line_and_column(body, offset);
        Self(Box::new(Inner {
            kind,
            path: render(path),
            offset,
            line,
            column,
            expected,
            found_kind,
            excerpt,
            // serde_json's message for a value quotes it, so it is not passed on.
            source: (kind == ErrorKind::Syntax).then_some(Source::Json(source)),
        }))
    }
}

/// serde_json's message without its position.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&position) {
        Some(message) => message.to_owned(),
        None => text,
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

fn segments(path: &serde_path_to_error::Path) -> Vec<Segment> {
    use serde_path_to_error::Segment as Tracked;
    path.iter()
        .filter_map(|segment| match segment {
            Tracked::Seq { index } => Some(Segment::Index(*index)),
            Tracked::Map { key } => Some(Segment::Key(key.clone())),
            Tracked::Enum { .. } | Tracked::Unknown => None,
        })
        .collect()
}

fn render(path: &[Segment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Index(index) => text += &format!("[{index}]"),
            Segment::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
        }
    }
    text
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
            Source::Json(error) => Some(error),
        }
    }
}
