//! What came back.

use diadoc_schema::{Method, Response};
use http::response::Parts;
use serde_json::Value;

use super::request::{Request, message_type};
use crate::outcome::Failure;
use crate::{input, output};

/// What a call came to.
#[derive(Debug)]
pub enum Answer {
    /// A message as JSON over several lines.
    Json(String),
    /// A file, with the name that the server gives it.
    File {
        content: Vec<u8>,
        name: Option<String>,
    },
    Text(String),
    Nothing,
    /// Word that there is nothing to answer with.
    Absent,
    /// Word that the result is not ready.
    Pending {
        /// The seconds after which to ask again, where the server says so.
        seconds: Option<u64>,
    },
    /// An error, with all that the server says of it.
    Error(String),
}

impl Answer {
    pub fn read(request: &Request, parts: &Parts, body: Vec<u8>) -> Result<Self, Failure> {
        let method = request.method;
        if let Some(seconds) = pending_by_status(method, parts) {
            return Ok(Self::Pending { seconds });
        }
        if !parts.status.is_success() {
            return Ok(Self::Error(error(method, parts, &body)));
        }
        let status = parts.status.as_u16();
        if method.absent == Some(status) && body.is_empty() {
            return Ok(Self::Absent);
        }
        let answer = match &method.response {
            Response::Message(message) => {
                let is_json = match header(parts, "Content-Type") {
                    Some(media_type) => media_type.to_ascii_lowercase().contains("json"),
                    None => input::looks_like_json(&body),
                };
                let text = json(message.full_name(), &body, is_json).map_err(|fault| {
                    Failure::finding(format!(
                        "{}: the answer has status {status}, but cannot be read: {fault}",
                        method.name()
                    ))
                })?;
                Self::Json(text)
            }
            Response::Text => {
                let text = String::from_utf8_lossy(&body).into_owned();
                Self::Text(text.trim_end_matches(['\r', '\n']).to_owned())
            }
            Response::Bytes => Self::File {
                content: body,
                name: file_name(parts),
            },
            _ => Self::Nothing,
        };
        Ok(match answer.is_in_progress(method) {
            true => Self::Pending {
                seconds: header(parts, "Retry-After").and_then(|text| text.parse().ok()),
            },
            false => answer,
        })
    }

    /// The task that the call started, whose outcome another method tells.
    pub fn task(&self, method: &Method) -> Option<String> {
        method.poll_with.as_ref()?;
        Some(self.field("TaskId")?.as_str()?.to_owned())
    }

    /// Whether a field of the answer says that the result is not ready.
    fn is_in_progress(&self, method: &Method) -> bool {
        method.pending.iter().any(|pending| {
            let value = pending.field.as_ref().and_then(|name| self.field(name));
            let value = value.as_ref().and_then(Value::as_str);
            value.is_some_and(|value| pending.values.iter().any(|one| one == value))
        })
    }

    fn field(&self, name: &str) -> Option<Value> {
        let Self::Json(text) = self else { return None };
        let mut body: Value = serde_json::from_str(text).ok()?;
        Some(body.get_mut(name)?.take())
    }
}

/// The delay where status and headers say that the result is not ready.
fn pending_by_status(method: &Method, parts: &Parts) -> Option<Option<u64>> {
    let pending = method.pending.iter().find(|pending| {
        pending.field.is_none()
            && pending.status == parts.status.as_u16()
            && (!pending.header_required || header(parts, &pending.delay_header).is_some())
    })?;
    let seconds = header(parts, &pending.delay_header);
    Some(seconds.and_then(|text| text.trim().parse().ok()))
}

/// A message as JSON over several lines; the text says why it is none.
fn json(message: &str, body: &[u8], is_json: bool) -> Result<String, String> {
    if is_json {
        // As the server wrote it, with what the schema does not know.
        let value: Value =
            serde_json::from_slice(body).map_err(|error| format!("this is no JSON: {error}"))?;
        let text = output::json(&value).map_err(|error| error.to_string())?;
        return Ok(text);
    }
    let message_type = message_type(message).map_err(|error| error.to_string())?;
    let message = message_type
        .decode(body)
        .map_err(|error| format!("this is no protobuf of {}: {error}", message_type.name()))?;
    let text = message
        .to_json_pretty()
        .map_err(|error| error.to_string())?;
    Ok(text + "\n")
}

/// Status, code and text of an error.
fn error(method: &Method, parts: &Parts, body: &[u8]) -> String {
    let status = parts.status;
    let mut text = format!("{} answered {}", method.name(), status.as_u16());
    if let Some(reason) = status.canonical_reason() {
        text += &format!(" {reason}");
    }
    if let Some(code) = header(parts, "X-Diadoc-ErrorCode") {
        text += &format!(" ({code})");
    }
    if let Some(seconds) = header(parts, "Retry-After") {
        text += &format!("; try again in {seconds} s");
    }
    let said = String::from_utf8_lossy(body);
    let said = said.trim();
    if !said.is_empty() {
        text += &format!("\n{said}");
    }
    text
}

fn header<'p>(parts: &'p Parts, name: &str) -> Option<&'p str> {
    parts.headers.get(name)?.to_str().ok()
}

/// The name in `Content-Disposition`, as it is told to people.
fn file_name(parts: &Parts) -> Option<String> {
    let disposition = parts.headers.get(http::header::CONTENT_DISPOSITION)?;
    let disposition = String::from_utf8_lossy(disposition.as_bytes()).into_owned();
    let parameter = |name: &str| {
        let mut parameters = disposition.split(';').filter_map(|one| one.split_once('='));
        let found = parameters.find(|(key, _)| key.trim().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().trim_matches('"').to_owned())
    };
    let encoded = parameter("filename*").and_then(|value| {
        let (_, encoded) = value.rsplit_once('\'')?;
        let decoded = percent_encoding::percent_decode_str(encoded)
            .decode_utf8()
            .ok()?;
        Some(decoded.into_owned())
    });
    encoded.or_else(|| parameter("filename"))
}
