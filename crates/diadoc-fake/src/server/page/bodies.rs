//! Bodies, for a person.

use diadoc_api::Form;
use diadoc_schema::Schema;
use maud::{Markup, html};
use serde_json::Value;

use super::layout::wide;
use super::secrets;
use super::words::Words;
use crate::server::forms;

/// How many characters of a body are shown.
const MOST: usize = 200_000;
/// How many bytes are shown of what is no text.
const MOST_BINARY: usize = 512;
const BYTES_A_LINE: usize = 16;

/// A body: JSON set out, protobuf as JSON where its message is known, other bytes as digits.
pub(super) fn show(
    words: &Words,
    name: &str,
    media_type: Option<&str>,
    body: &[u8],
    message: Option<&str>,
) -> Markup {
    if body.is_empty() {
        return html! { p.muted { (words.no_body) } };
    }
    let form = media_type.and_then(Form::of_media_type);
    let is_text = media_type.is_some_and(|media_type| media_type.starts_with("text/"));
    let as_json = match form {
        Some(Form::Json) => serde_json::from_slice(body).ok(),
        // What names no type is read as protobuf.
        _ if is_text => None,
        _ => message.and_then(|message| from_protobuf(message, body)),
    };
    let text = match (as_json, std::str::from_utf8(body)) {
        (Some(value), _) => json(value),
        // What is cut, or broken, is no value in which secrets are found by their keys.
        (None, _) if form == Some(Form::Json) => {
            secrets::without_values(&String::from_utf8_lossy(body))
        }
        (None, Ok(text)) if is_text => secrets::without_queries(text),
        _ if message.is_some_and(secrets::may_hold_one) => {
            return html! { p { (words.confidential) } };
        }
        _ => digits(body),
    };
    let from = match form {
        Some(Form::Json) => "JSON",
        Some(Form::Protobuf) if message.is_some() => words.protobuf_as_json,
        _ => media_type.unwrap_or(words.bytes_as_digits),
    };
    let shown: String = text.chars().take(MOST).collect();
    html! {
        p.hint { (from) }
        (wide(name, &html! { pre { (shown) } }))
        @if shown.len() < text.len() { p.hint { (words.cut) } }
    }
}

/// JSON set out, without its secrets.
pub(super) fn json(mut value: Value) -> String {
    secrets::hide(&mut value);
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn from_protobuf(message: &str, body: &[u8]) -> Option<Value> {
    let message = Schema::diadoc().message(message).ok()?;
    match forms::to_json(&message, body) {
        Value::Null => None,
        value => Some(value),
    }
}

/// The first bytes, in lines of hexadecimal digits and of the characters that they are in ASCII.
fn digits(body: &[u8]) -> String {
    let lines = body[..body.len().min(MOST_BINARY)].chunks(BYTES_A_LINE);
    let mut text = String::new();
    for (line, bytes) in lines.enumerate() {
        text += &format!("{:08x} ", line * BYTES_A_LINE);
        for place in 0..BYTES_A_LINE {
            match bytes.get(place) {
                Some(byte) => text += &format!(" {byte:02x}"),
                None => text += "   ",
            }
        }
        let letters = bytes.iter().map(|byte| match byte {
            0x20..0x7f => char::from(*byte),
            _ => '.',
        });
        text += "  ";
        text.extend(letters);
        text.push('\n');
    }
    if body.len() > MOST_BINARY {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_digits() {
        let text = digits(b"PK\x03\x04 and so on, to the end");
        assert_eq!(
            text,
            "00000000  50 4b 03 04 20 61 6e 64 20 73 6f 20 6f 6e 2c 20  PK.. and so on, \n\
             00000010  74 6f 20 74 68 65 20 65 6e 64                    to the end\n"
        );
        assert!(digits(&[0; 600]).ends_with('…'));
    }
}
