//! Reading what the server answered.

use std::time::Duration;

use bytes::Bytes;
use diadoc_proto::json::{self, JsonMessage};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use percent_encoding::percent_decode_str;

use crate::{ApiError, Form, Method, Pending};

/// A successful answer of a method. `Debug` does not show the body, which may be a token.
pub struct Answer {
    method: &'static Method,
    response: Response<Bytes>,
}

/// The bytes of a file. `Debug` shows how many.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Content {
    /// The body as it came.
    pub content: Bytes,
    /// Name of the file, where the answer gives one (headers `Content-Disposition`,
    /// `X-Diadoc-FileName`). It comes from outside: do not take it for a path.
    pub file_name: Option<String>,
    /// Type of the content, where the answer gives one (header `Content-Type`).
    pub content_type: Option<String>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("method", &self.method.name)
            .field("status", &self.response.status())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content")
            .field("content", &format_args!("{} bytes", self.content.len()))
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// Why a body is no response of its method.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("{0}")]
    Json(#[from] json::Error),
    #[error("{0}")]
    Protobuf(#[from] prost::DecodeError),
    #[error("the content type is neither JSON nor protobuf: {0:?}")]
    ContentType(String),
    #[error("the answer has no content")]
    NoContent,
    #[error("the text is not UTF-8")]
    NotUtf8(#[from] std::string::FromUtf8Error),
}

impl Answer {
    pub(crate) fn new(method: &'static Method, response: Response<Bytes>) -> Self {
        Self { method, response }
    }

    /// The body as a message, in the form that `Content-Type` names; protobuf where it names none.
    ///
    /// # Errors
    ///
    /// The body is not of the message, or of another type.
    pub fn message<M: prost::Message + JsonMessage>(self) -> Result<M, ApiError> {
        self.read_message().map_err(|why| self.unreadable(why))
    }

    /// The body as a message, or none where the status and an empty body say that there is nothing.
    ///
    /// # Errors
    ///
    /// As of [`Answer::message`].
    pub fn message_or_absent<M: prost::Message + JsonMessage>(self) -> Result<Option<M>, ApiError> {
        let absent = self.method.absent == Some(self.response.status().as_u16());
        match absent && self.response.body().is_empty() {
            true => Ok(None),
            false => self.message().map(Some),
        }
    }

    /// The body as the bytes of a file.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn content(self) -> Result<Content, ApiError> {
        let headers = self.response.headers();
        Ok(Content {
            file_name: file_name(headers),
            content_type: content_type(headers),
            content: self.response.into_body(),
        })
    }

    /// The body as a text, without line breaks at its end.
    ///
    /// # Errors
    ///
    /// The text is not UTF-8.
    pub fn text(self) -> Result<String, ApiError> {
        let text = String::from_utf8(self.response.body().to_vec());
        match text {
            Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
            Err(why) => Err(self.unreadable(why.into())),
        }
    }

    /// Nothing; a body is passed over.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn nothing(self) -> Result<(), ApiError> {
        Ok(())
    }

    fn read_message<M: prost::Message + JsonMessage>(&self) -> Result<M, Unreadable> {
        let body = self.response.body();
        if self.response.status() == StatusCode::NO_CONTENT {
            return Err(Unreadable::NoContent);
        }
        match form(self.response.headers())? {
            Form::Json => Ok(json::from_slice(body)?),
            // From `Bytes`, so that content of documents is not copied.
            Form::Protobuf => Ok(M::decode(body.clone())?),
        }
    }

    fn unreadable(&self, why: Unreadable) -> ApiError {
        ApiError::unreadable(self.method, self.response.status(), why)
    }
}

/// The form that the headers name.
fn form(headers: &HeaderMap) -> Result<Form, Unreadable> {
    match text(headers, CONTENT_TYPE.as_str()) {
        None | Some("application/octet-stream") => Ok(Form::Protobuf),
        Some(media_type) => Form::of_media_type(media_type)
            .ok_or_else(|| Unreadable::ContentType(media_type.to_owned())),
    }
}

/// Whether the answer means «not ready yet», and the delay that it gives.
pub(crate) fn pending(
    method: &Method,
    status: StatusCode,
    headers: &HeaderMap,
) -> Option<Option<Duration>> {
    let is_pending = |pending: &&Pending| {
        pending.field.is_none()
            && pending.status == status.as_u16()
            && (!pending.header_required || headers.contains_key(pending.delay_header))
    };
    let pending = method.pending.iter().find(is_pending)?;
    Some(seconds(headers, pending.delay_header))
}

/// The delay in seconds that the server asks for.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    seconds(headers, RETRY_AFTER.as_str())
}

fn seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let seconds = text(headers, name)?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The type of the content.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<String> {
    text(headers, CONTENT_TYPE.as_str()).map(str::to_owned)
}

/// `filename*` of `Content-Disposition` (RFC 6266), else `filename`, else `X-Diadoc-FileName`.
pub(crate) fn file_name(headers: &HeaderMap) -> Option<String> {
    let disposition = headers.get(CONTENT_DISPOSITION);
    // A name in plain UTF-8 is against the RFC, but it happens.
    let disposition = disposition.map(|value| String::from_utf8_lossy(value.as_bytes()));
    let disposition = disposition.as_deref().unwrap_or_default();
    parameter(disposition, "filename*")
        .and_then(|value| {
            let (charset, rest) = value.split_once('\'')?;
            let (_, encoded) = rest.split_once('\'')?;
            let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
            charset
                .eq_ignore_ascii_case("utf-8")
                .then(|| decoded.into_owned())
        })
        .or_else(|| parameter(disposition, "filename"))
        .or_else(|| {
            let name = headers.get("X-Diadoc-FileName")?;
            let name = String::from_utf8_lossy(name.as_bytes());
            Some(percent_decode_str(&name).decode_utf8_lossy().into_owned())
        })
        .filter(|name| !name.is_empty())
}

/// The value of a parameter of a header, without its quotes.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let (value, next) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), next)
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
}

/// A quoted text up to its closing quote, and what follows the next semicolon.
fn unquote(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                let after = &quoted[at + 1..];
                return (value, after.split_once(';').map_or("", |(_, next)| next));
            }
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(header: &'static str, value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        let value = http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
        headers.insert(header, value);
        file_name(&headers)
    }

    #[test]
    fn file_names() {
        let name = |value: &str| name("content-disposition", value);
        let cases = [
            ("attachment; filename=a.xml", "a.xml"),
            ("attachment; filename=\"a b;c.xml\"; size=3", "a b;c.xml"),
            (r#"attachment; filename="a\"b.xml""#, "a\"b.xml"),
            (
                "attachment; filename=a.xml; filename*=UTF-8''%D0%B0%D0%BA%D1%82.xml",
                "акт.xml",
            ),
            ("attachment; FileName=\"акт.xml\"", "акт.xml"),
            ("attachment; filename*=koi8-r''x; filename=y", "y"),
        ];
        for (value, expected) in cases {
            assert_eq!(name(value).as_deref(), Some(expected), "{value}");
        }
        for value in [
            "attachment",
            "attachment; filename",
            "attachment; filename=",
            "",
        ] {
            assert_eq!(name(value), None, "{value}");
        }
        let own = self::name("x-diadoc-filename", "%D0%B0.xsd");
        assert_eq!(own.as_deref(), Some("а.xsd"));
    }

    #[test]
    fn forms() {
        let form = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, http::HeaderValue::from_static(value));
            form(&headers).ok()
        };
        assert_eq!(form("application/problem+json"), Some(Form::Json));
        assert_eq!(form("application/x-protobuf"), Some(Form::Protobuf));
        assert_eq!(form("application/octet-stream"), Some(Form::Protobuf));
        assert_eq!(form("text/html"), None);
        assert_eq!(super::form(&HeaderMap::new()).ok(), Some(Form::Protobuf));
    }
}
