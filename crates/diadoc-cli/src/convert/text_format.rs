//! protobuf's text format, by way of the schema's descriptors.

use std::error::Error;
use std::ops::Range;

use diadoc_api::sounds_secret;
use diadoc_schema::{Schema, is_only_in_json};
use miette::Diagnostic as _;
use prost::Message as _;
use prost_reflect::text_format::{FormatOptions, ParseError};
use prost_reflect::{Cardinality, DynamicMessage, Value};

use crate::output;

/// How deep messages and lists may lie in each other, as readers of the binary form have it.
const MAX_DEPTH: usize = diadoc_proto::Limits::DEPTH;

/// Reads a text of a message and writes it as protobuf.
pub(super) fn to_protobuf(full_name: &str, text: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = str::from_utf8(text).map_err(|error| {
        let at = error.valid_up_to();
        format!("this is no text: byte {at} is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The parser calls itself for each level, without an end of its own.
    if let Some(start) = too_deep(text) {
        let (line, _) = position(text, start);
        let why = format!("line {line}: messages lie more than {MAX_DEPTH} deep in each other");
        return Err(why.into());
    }
    let message = Schema::diadoc().message(full_name)?;
    let required = message
        .fields()
        .any(|field| field.cardinality() == Cardinality::Required);
    let message = DynamicMessage::parse_text_format(message, text)
        .map_err(|error| format!("{}{}", place(text, &error), told(text, &error)))?;
    if required && message.fields().next().is_none() {
        return Err("the text sets no field, and the message has required ones".into());
    }
    if let Some(field) = only_in_json(&message) {
        let why = format!("{field}: only JSON has the field, and this text is protobuf's");
        return Err(why.into());
    }
    Ok(message.encode_to_vec())
}

/// The first field in a message that protobuf does not have.
fn only_in_json(message: &DynamicMessage) -> Option<String> {
    message.fields().find_map(|(field, value)| match value {
        _ if is_only_in_json(&field) => Some(field.full_name().to_owned()),
        Value::Message(inner) => only_in_json(inner),
        Value::List(list) => {
            let mut inner = list.iter().filter_map(Value::as_message);
            inner.find_map(only_in_json)
        }
        _ => None,
    })
}

/// Reads protobuf of a message and writes it as text.
pub(super) fn from_protobuf(
    full_name: &str,
    bytes: &[u8],
    options: &FormatOptions,
) -> Result<String, Box<dyn Error>> {
    let message = Schema::diadoc().message(full_name)?;
    let message = DynamicMessage::decode(message, bytes)
        .map_err(|error| format!("this cannot be written as text: {error}"))?;
    Ok(with_letters(&message.to_text_format_with_options(options)))
}

/// A text with the letters beyond ASCII in its strings as they are, not as the octal escapes of
/// their bytes: both mean the same, but people can read only one of them.
fn with_letters(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        result.push_str(&rest[..start]);
        rest = &rest[start..];
        let bytes: Vec<u8> = rest.as_bytes().chunks_exact(4).map_while(octal).collect();
        match str::from_utf8(&bytes) {
            Ok(letters) if !letters.is_empty() && letters == output::printable(letters) => {
                result.push_str(letters);
                rest = &rest[4 * bytes.len()..];
            }
            _ => {
                // The escape as it is: a backslash is no start of another one.
                let escape = if bytes.is_empty() { 2 } else { 4 * bytes.len() };
                let (escape, behind) = rest.split_at_checked(escape).unwrap_or((rest, ""));
                result.push_str(escape);
                rest = behind;
            }
        }
    }
    result + rest
}

/// The byte beyond ASCII that an escape like `\321` stands for.
fn octal(escape: &[u8]) -> Option<u8> {
    let digits = escape.strip_prefix(b"\\")?;
    if !digits.iter().all(|digit| (b'0'..=b'7').contains(digit)) {
        return None;
    }
    let byte = u8::from_str_radix(str::from_utf8(digits).ok()?, 8).ok()?;
    (!byte.is_ascii()).then_some(byte)
}

/// Where in the text the error is, as the beginning of a sentence.
fn place(text: &str, error: &ParseError) -> String {
    let (line, column) = position(text, offset(text, error));
    format!("line {line}, column {column}: ")
}

/// Where the parser could not go on; only an end that comes too early has no place.
fn offset(text: &str, error: &ParseError) -> usize {
    let label = error.labels().and_then(|mut labels| labels.next());
    label.map_or(text.trim_end().len(), |label| label.offset())
}

/// What the parser says; where it quotes the text of a line that speaks of a secret, no more than what it
/// expected there.
fn told(text: &str, error: &ParseError) -> String {
    let (line, _) = position(text, offset(text, error));
    let line = text.lines().nth(line - 1).unwrap_or_default();
    let told = error.to_string();
    let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    match words.any(sounds_secret) {
        true => told
            .split(", but found")
            .next()
            .unwrap_or_default()
            .to_owned(),
        false => told,
    }
}

/// The line and the column in characters, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (line, before[start..].chars().count() + 1)
}

/// Where the first bracket stands that opens a level too many.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut rest: Range<usize> = 0..text.len();
    let bytes = text.as_bytes();
    while let Some(at) = rest.next() {
        match bytes[at] {
            b'{' | b'<' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(at);
                }
            }
            b'}' | b'>' | b']' => depth = depth.saturating_sub(1),
            quote @ (b'"' | b'\'') => skip_string(bytes, &mut rest, quote),
            b'#' => {
                let _ = rest.find(|&at| bytes[at] == b'\n');
            }
            _ => {}
        }
    }
    None
}

/// Goes on behind the quote that ends a string; a line ends it too, as no string goes over lines.
fn skip_string(bytes: &[u8], rest: &mut Range<usize>, quote: u8) {
    while let Some(at) = rest.next() {
        match bytes[at] {
            b'\\' => {
                rest.next();
            }
            b'\n' => return,
            end if end == quote => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_and_comments_are_no_levels() {
        let many = "{".repeat(MAX_DEPTH + 1);
        assert_eq!(too_deep(&many), Some(MAX_DEPTH));
        for text in [
            format!("a: \"{many}\""),
            format!(r#"a: '\'{many}'"#),
            format!("# {many}\na: 1"),
            format!("#{many}"),
            "a {} ".repeat(MAX_DEPTH + 1),
            "{".repeat(MAX_DEPTH),
        ] {
            assert_eq!(too_deep(&text), None, "{text}");
        }
        // An unclosed quote hides one line at most.
        assert!(too_deep(&format!("'\n{many}")).is_some());
    }

    #[test]
    fn letters_are_not_escaped_and_other_bytes_are() {
        for (escaped, text) in [
            (r"\321\221\320\266, a", "ёж, a"),
            (r"\\321\221", r"\\321\221"),
            (r"\377\321\221", r"\377\321\221"),
            // What turns the reading direction, and half a letter.
            (r"\342\200\256", r"\342\200\256"),
            (r"\321", r"\321"),
            (r"\001\n\321\221\t", r"\001\nё\t"),
            (r"\", r"\"),
        ] {
            assert_eq!(with_letters(escaped), text);
        }
    }

    #[test]
    fn positions_are_in_characters() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("a\nёж b", 7), (2, 4));
    }
}
