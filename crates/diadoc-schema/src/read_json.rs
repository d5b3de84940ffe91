//! JSON as values, such that nothing of it is lost that a reader can tell apart: the one way to values and
//! to whether something is JSON, for all that judges bodies by more than one message.

use std::borrow::Cow;

use diadoc_core::Limits;
use diadoc_core::dialect::without_mark;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// More brackets than there are in each other where messages lie [`Limits::DEPTH`] deep: each of them may
/// stand in a list and have required ones in it.
const MOST_BRACKETS: usize = 5 * Limits::DEPTH;

/// Reads a body whose message need not be known.
///
/// What serde_json does not read, or not as it stands, but readers of Diadoc's JSON do, is put into a form
/// that comes to the same: a byte order mark is passed over; a number that is not the plain text of an
/// integer is a string, which a field of strings reads as that text; half a pair of surrogates is U+FFFD.
/// Of brackets deeper than those of any message that readers take, what is in them is null.
///
/// # Errors
///
/// As serde_json says of a text that is no JSON.
///
/// ```
/// let value = diadoc_schema::read_json(br#"{"Sum": 1500.50, "Count": 3}"#)?;
/// assert_eq!(value, serde_json::json!({"Sum": "1500.50", "Count": 3}));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn read_json(body: &[u8]) -> serde_json::Result<Value> {
    parse(body)
}

/// Whether [`read_json`] reads a body.
///
/// # Errors
///
/// It does not.
///
/// ```
/// assert!(diadoc_schema::check_json(b"{\"Sum\": 1e999}").is_ok());
/// assert!(diadoc_schema::check_json(b"{\"Sum\": }").is_err());
/// ```
pub fn check_json(body: &[u8]) -> serde_json::Result<()> {
    parse::<IgnoredAny>(body).map(drop)
}

fn parse<T: for<'de> Deserialize<'de>>(body: &[u8]) -> serde_json::Result<T> {
    let Ok(text) = std::str::from_utf8(body) else {
        return serde_json::from_slice(body);
    };
    let (text, _) = without_mark(text);
    let text = readable(text);
    let mut json = serde_json::Deserializer::from_str(&text);
    // What is too deep has been taken out.
    json.disable_recursion_limit();
    let read = T::deserialize(&mut json)?;
    json.end()?;
    Ok(read)
}

/// The text in the form that serde_json reads as it stands.
fn readable(text: &str) -> String {
    let mut readable = String::with_capacity(text.len());
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(at) =
        rest.find(|c: char| matches!(c, '"' | '-' | '0'..='9' | '{' | '}' | '[' | ']'))
    {
        let (before, from) = rest.split_at(at);
        let is_kept = depth <= MOST_BRACKETS;
        let mut put = |part: &str| {
            if is_kept {
                readable.push_str(part);
            }
        };
        put(before);
        let end = match from.as_bytes().first() {
            Some(b'"') => {
                let end = string_end(from);
                put(&without_halves(&from[..end]));
                end
            }
            Some(b'{' | b'[') => {
                depth += 1;
                put(if depth > MOST_BRACKETS {
                    "null"
                } else {
                    &from[..1]
                });
                1
            }
            Some(b'}' | b']') => {
                put(&from[..1]);
                depth = depth.saturating_sub(1);
                1
            }
            _ => {
                let is_part = |c: char| matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9');
                let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
                let token = &from[..end];
                let is_number = || serde_json::from_str::<IgnoredAny>(token).is_ok();
                match !is_plain_integer(token) && is_number() {
                    true => put(&format!("\"{token}\"")),
                    false => put(token),
                }
                end
            }
        };
        rest = &from[end..];
    }
    readable + rest
}

/// Whether serde_json keeps the text of a number; `-0` it reads as a float, which is told from others.
fn is_plain_integer(token: &str) -> bool {
    let digits = token.strip_prefix('-').unwrap_or(token);
    let is_written_so = digits == "0" || !digits.starts_with(['0', '+', '-']);
    is_written_so && (token.parse::<i64>().is_ok() || token.parse::<u64>().is_ok())
}

/// A string in its quotes with U+FFFD in the place of each half of a pair of surrogates.
fn without_halves(string: &str) -> Cow<'_, str> {
    if !string.contains("\\u") {
        return Cow::Borrowed(string);
    }
    let mut whole = String::with_capacity(string.len());
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        whole.push_str(before);
        let end = match (half(from), from.get(6..).and_then(half)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                whole.push('\u{fffd}');
                rest = &from[6..];
                continue;
            }
            // A backslash, and what it escapes.
            _ => from
                .char_indices()
                .nth(2)
                .map_or(from.len(), |(end, _)| end),
        };
        whole.push_str(&from[..end]);
        rest = &from[end..];
    }
    Cow::Owned(whole + rest)
}

/// The number of an escape such as `\ud800`.
fn half(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

/// Where the string ends that the text begins with.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{MOST_BRACKETS, read_json as parse};

    #[test]
    fn numbers_keep_their_text() {
        let body = "\u{feff}{\"1e999\": [1e999, -1E+999, 1e9, 1.50, 18446744073709551616, \"\\\\\", \
                    \"\\\"1e999\"], \"n\": [0, -5, 18446744073709551615]}";
        let value = parse(body.as_bytes()).expect("JSON");
        assert_eq!(
            value,
            json!({
                "1e999": ["1e999", "-1E+999", "1e9", "1.50", "18446744073709551616", "\\", "\"1e999"],
                "n": [0, -5, 18446744073709551615_u64],
            })
        );
        assert_eq!(parse(b"[-0]").expect("JSON"), json!([-0.0]));
        assert_eq!(parse(b"[-0.0]").expect("JSON"), json!(["-0.0"]));
        for body in [
            "",
            "1e",
            "[1e999",
            "\"",
            "{\"a\": 1e999,}",
            "[01]",
            "[1.]",
            "[+1]",
            "[--1]",
        ] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn half_a_pair_is_no_error() {
        let body =
            r#"{"\ud800": ["\ud83d\ude00", "\udc00\ud83d", "\\ud800", "\u0041", "a\"\uD800"]}"#;
        let value = parse(body.as_bytes()).expect("JSON");
        let read = json!({"\u{fffd}": ["😀", "\u{fffd}\u{fffd}", "\\ud800", "A", "a\"\u{fffd}"]});
        assert_eq!(value, read);
        for body in [r#"["\ud8"]"#, r#"["\x"]"#, r#"["\"#, r#"["\ud800"#] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn what_is_too_deep_is_nothing() {
        for levels in [MOST_BRACKETS - 1, MOST_BRACKETS, MOST_BRACKETS + 1, 100_000] {
            let body = format!(
                "{}[1]{}",
                "{\"a\":".repeat(levels - 1),
                "}".repeat(levels - 1)
            );
            let value = parse(body.as_bytes()).expect("JSON");
            let text = value.to_string();
            assert_eq!(text.contains("[1]"), levels <= MOST_BRACKETS, "{levels}");
            assert_eq!(text.contains("null"), levels > MOST_BRACKETS, "{levels}");
        }
    }
}
