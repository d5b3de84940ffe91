//! Bytes as letters: base64 and hexadecimal digits.

use diadoc_core::base64;

use crate::Step;

/// How many letters there are at least: shorter words are words.
const LEAST: usize = 8;

/// The bytes that a text writes, if it is nothing but their letters. What they are is not looked at.
pub(crate) fn decode(text: &str) -> Option<(Step, Vec<u8>)> {
    let text = without_prefix(text.trim());
    if text.len() < LEAST {
        return None;
    }
    if let Some(bytes) = hex(text) {
        return Some((Step::Hex, bytes));
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_= \t\r\n".contains(&byte);
    match text.bytes().all(is_letter) {
        true => Some((Step::Base64, base64::decode(text.as_bytes())?)),
        false => None,
    }
}

/// A text without the quotes around it and what a data URL (RFC 2397) has in front.
fn without_prefix(text: &str) -> &str {
    let text = text.trim_matches(['"', '\'']);
    match text
        .strip_prefix("data:")
        .and_then(|url| url.split_once(";base64,"))
    {
        Some((_, base64)) => base64,
        None => text,
    }
}

/// Digits in pairs, with or without space between them and `0x` in front.
fn hex(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for byte in text.bytes() {
        match (char::from(byte).to_digit(16), high) {
            (Some(digit), None) => high = Some(digit),
            (Some(digit), Some(first)) => {
                bytes.push(u8::try_from(first * 16 + digit).ok()?);
                high = None;
            }
            // Not inside a pair.
            (None, None) if b" \t\r\n:-".contains(&byte) => {}
            _ => return None,
        }
    }
    high.is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters() {
        for (text, step, bytes) in [
            ("eyJhIjoxfQ==", Step::Base64, &br#"{"a":1}"#[..]),
            ("eyJhIjox\r\nfQ==\n", Step::Base64, br#"{"a":1}"#),
            ("eyJhIjoxfQ", Step::Base64, br#"{"a":1}"#),
            ("\"eyJhIjoxfQ\"", Step::Base64, br#"{"a":1}"#),
            (
                "data:application/json;base64,eyJhIjoxfQ==",
                Step::Base64,
                br#"{"a":1}"#,
            ),
            ("7b2261223a317d", Step::Hex, br#"{"a":1}"#),
            ("0x7B2261223A317D", Step::Hex, br#"{"a":1}"#),
            ("7b 22 61 22\n3a 31 7d", Step::Hex, br#"{"a":1}"#),
            ("7b:22:61:22:3a:31:7d", Step::Hex, br#"{"a":1}"#),
        ] {
            assert_eq!(decode(text), Some((step, bytes.to_vec())), "{text}");
        }
        for text in ["", "abc", "{\"a\":1}", "7b2 261", "word word. word"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
