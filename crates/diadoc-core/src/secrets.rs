//! What is shown of secrets: passwords, tokens, keys and the like.

use std::fmt;
use std::ops::Range;

/// What stands in the place of a secret, wherever one is left out.
pub const HIDDEN: &str = "***";

/// A secret as it is shown: [`HIDDEN`], by `Debug` as well.
///
/// ```
/// use diadoc_core::secrets::Hidden;
///
/// assert_eq!(format!("{Hidden} {:?}", Some(Hidden)), "*** Some(***)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hidden;

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// Words in the names of secrets, in lower case and without what parts words.
const PARTS: [&str; 12] = [
    "apikey",
    "authorization",
    "clientid",
    "confirmationcode",
    "cookie",
    "ddauth",
    "login",
    "password",
    "secret",
    "servicekey",
    "serviceuserid",
    "token",
];
/// Whole names of secrets.
const NAMES: [&str; 6] = [
    "code",
    "codeverifier",
    "devicecode",
    "sid",
    "ticket",
    "usercode",
];

/// Whether the name of a parameter, header or key sounds like that of a secret. What the schema has says
/// so itself; this is for what it does not have.
///
/// ```
/// use diadoc_core::secrets::sounds_secret;
///
/// assert!(sounds_secret("access_token") && sounds_secret("X-Diadoc-ServiceKey"));
/// assert!(!sounds_secret("afterIndexKey") && !sounds_secret("CurrencyCode"));
/// ```
pub fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    PARTS.iter().any(|part| name.contains(part)) || NAMES.contains(&name.as_str())
}

/// Where the values of some keys stand in JSON: the whole string, number, list or object of each, in
/// their order and not one inside another; of JSON inside a string that string. Null is no value. Text
/// that is no JSON, or breaks off, is gone through all the same.
///
/// ```
/// use diadoc_core::secrets::values_of;
///
/// let text = r#"{"login": "a", "password": "b\"c"}"#;
/// let found = values_of(text, |key| key == "password");
/// assert_eq!(&text[found[0].clone()], r#""b\"c""#);
/// ```
pub fn values_of(text: &str, is_key: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    find(text, &is_key)
}

fn find(text: &str, is_key: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(quote) = bytes[at..].iter().position(|byte| *byte == b'"') {
        let start = at + quote;
        let end = end_of_string(bytes, start);
        at = end;
        let inside = inside_of(&text[start..end]);
        let colon = skip_space(bytes, end);
        if bytes.get(colon) != Some(&b':') {
            if inside.contains('\\') && !find(&unescaped(inside), is_key).is_empty() {
                found.push(start..end);
            }
            continue;
        }
        let value = skip_space(bytes, colon + 1);
        if is_key(&unescaped(inside)) {
            at = end_of_value(bytes, value);
            if at > value && &text[value..at] != "null" {
                found.push(value..at);
            }
        }
    }
    found
}

/// The same text with [`HIDDEN`] as a string in the place of each of these values.
///
/// ```
/// use diadoc_core::secrets::without_values_of;
///
/// let text = r#"{"login": "a", "password": ["b"]}"#;
/// let shown = without_values_of(text, |key| key == "password");
/// assert_eq!(shown, r#"{"login": "a", "password": "***"}"#);
/// ```
pub fn without_values_of(text: &str, is_key: impl Fn(&str) -> bool) -> String {
    let (mut shown, mut at) = (String::with_capacity(text.len()), 0);
    for value in values_of(text, is_key) {
        shown += &text[at..value.start];
        shown += &format!("\"{HIDDEN}\"");
        at = value.end;
    }
    shown + &text[at..]
}

/// The texts that these values hold: of a list or an object every string in it, of anything else that is
/// no string the value as it is written.
///
/// ```
/// use diadoc_core::secrets::texts_of;
///
/// let text = r#"{"password": "b\"c", "pins": ["1", 2]}"#;
/// assert_eq!(texts_of(text, |key| key != "login"), ["b\"c", "1"]);
/// ```
pub fn texts_of(text: &str, is_key: impl Fn(&str) -> bool) -> Vec<String> {
    gather(text, &is_key)
}

fn gather(text: &str, is_key: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut texts = Vec::new();
    for value in find(text, is_key) {
        let value = &text[value];
        if !value.contains('"') {
            texts.push(value.to_owned());
        }
        let mut at = 0;
        while let Some(quote) = value[at..].find('"') {
            let start = at + quote;
            at = end_of_string(value.as_bytes(), start);
            let inside = unescaped(inside_of(&value[start..at]));
            match gather(&inside, is_key) {
                inner if inner.is_empty() => texts.push(inside),
                inner => texts.extend(inner),
            }
        }
    }
    texts
}

/// What the inside of a JSON string stands for. An escape that is none stays as it is.
///
/// ```
/// assert_eq!(diadoc_core::secrets::unescaped(r#"a\"\u0443"#), "a\"у");
/// ```
pub fn unescaped(inside: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(inside.len()), inside);
    while let Some(place) = rest.find('\\') {
        text += &rest[..place];
        rest = &rest[place..];
        match escape(rest) {
            Some((letter, length)) => {
                text.push(letter);
                rest = &rest[length..];
            }
            None => {
                text.push('\\');
                rest = &rest[1..];
            }
        }
    }
    text + rest
}

/// The character of the escape that a text begins with, and how long that is.
pub fn escape(text: &str) -> Option<(char, usize)> {
    let escaped = *text.strip_prefix('\\')?.as_bytes().first()?;
    let letter = match escaped {
        b'"' | b'\\' | b'/' | b'\'' => char::from(escaped),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let unit = |at: usize| u16::from_str_radix(text.get(at..at + 4)?, 16).ok();
            let first = unit(2)?;
            if let Some(letter) = char::from_u32(first.into()) {
                return Some((letter, 6));
            }
            let second = text
                .get(6..8)
                .filter(|start| *start == "\\u")
                .and(unit(8))?;
            let letter = char::decode_utf16([first, second]).next()?.ok()?;
            return Some((letter, 12));
        }
        _ => return None,
    };
    Some((letter, 2))
}

/// What is inside a string with its quotes, of which the other one may be missing.
fn inside_of(string: &str) -> &str {
    let inside = &string[1..];
    inside.strip_suffix('"').unwrap_or(inside)
}

/// The end of the string that begins at a quote, behind its other quote or at the end of the text.
fn end_of_string(bytes: &[u8], quote: usize) -> usize {
    let mut at = quote + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            // Into the middle of a character, perhaps; no quote is in there.
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of a value: of a string, of a list or object with all that is in it, or of a word.
fn end_of_value(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            _ if depth > 0 => at += 1,
            // A word, which a value without quotes is: it goes on to what ends it, which may be here.
            _ => {
                while bytes.get(at).is_some_and(|byte| !b",}]\r\n".contains(byte)) {
                    at += 1;
                }
                while bytes[start..at].last().is_some_and(u8::is_ascii_whitespace) {
                    at -= 1;
                }
                break;
            }
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_keys() {
        for (text, shown) in [
            (r#"{"s":"a","t":"b"}"#, r#"{"s":"***","t":"b"}"#),
            (r#"{"s" : "a\\" , "t":"b"}"#, r#"{"s" : "***" , "t":"b"}"#),
            (r#"{"\u0073":"a"}"#, r#"{"\u0073":"***"}"#),
            (r#"{"s":12, "t":1}"#, r#"{"s":"***", "t":1}"#),
            (r#"{"s":null}"#, r#"{"s":null}"#),
            (r#"{"s":{"s":"a]}"},"t":[]}"#, r#"{"s":"***","t":[]}"#),
            (
                r#"[{"s":["a","b"]},{"t":"s"}]"#,
                r#"[{"s":"***"},{"t":"s"}]"#,
            ),
            (r#"{"s":[1,{"t":[2]},true],"t":3}"#, r#"{"s":"***","t":3}"#),
            // JSON inside a string.
            (r#"{"t":"{\"s\":\"a\"}"}"#, r#"{"t":"***"}"#),
            (r#""{\"s\":\"a\"}""#, r#""***""#),
            // What is no JSON.
            (r#"{"s":"a"#, r#"{"s":"***""#),
            (r#"{"s":a b, "t":"b"}"#, r#"{"s":"***", "t":"b"}"#),
            ("{\"s\": a b \n}", "{\"s\": \"***\" \n}"),
            (r#"{"s":"#, r#"{"s":"#),
            (r#"{"s":}"#, r#"{"s":}"#),
            (r#"{"s":,"t":1}"#, r#"{"s":,"t":1}"#),
            (r#"["s":]"#, r#"["s":]"#),
            (r#"{"s":"ж\"a"}"#, r#"{"s":"***"}"#),
            (r#"{"s":"a\ж"}"#, r#"{"s":"***"}"#),
            (r#"{"s""#, r#"{"s""#),
            (r#""s":"ж""#, r#""s":"***""#),
            ("s", "s"),
            ("\"\\", "\"\\"),
        ] {
            assert_eq!(without_values_of(text, |key| key == "s"), shown, "{text}");
        }
    }

    #[test]
    fn escapes() {
        for (inside, text) in [
            (r"\n\/\\", "\n/\\"),
            (r"\b\f\r\t\'", "\u{8}\u{c}\r\t'"),
            (r"\ud83d\ude00", "\u{1f600}"),
            (r"\ud83d", r"\ud83d"),
            (r"\q\u12", r"\q\u12"),
            ("\\", "\\"),
            (r"\uж1", r"\uж1"),
        ] {
            assert_eq!(unescaped(inside), text);
        }
    }

    #[test]
    fn texts_of_values_of_keys() {
        for (text, expected) in [
            (r#"{"s":"a\"b","t":"c"}"#, &["a\"b"][..]),
            (r#"{"s":["a","b",1],"t":["c"]}"#, &["a", "b"]),
            (r#"{"s":{"x":"a"}}"#, &["x", "a"]),
            (r#"{"s":12}"#, &["12"]),
            (r#"{"s":true,"t":false}"#, &["true"]),
            // The texts of JSON inside a string are those of its keys.
            (r#"{"s":"{\"s\":\"a\",\"t\":\"b\"}"}"#, &["a"]),
            (r#"{"s":"{\"t\":\"b\"}"}"#, &[r#"{"t":"b"}"#]),
            (r#"{"t":"s"}"#, &[]),
        ] {
            assert_eq!(texts_of(text, |key| key == "s"), expected, "{text}");
        }
    }

    #[test]
    fn what_sounds_like_a_secret() {
        for name in PARTS.iter().chain(&NAMES) {
            assert!(sounds_secret(name), "{name}");
            assert!(sounds_secret(&name.to_uppercase()), "{name}");
        }
        for name in ["device-code", "X-Api-Key", "new_password"] {
            assert!(sounds_secret(name), "{name}");
        }
        for name in ["", "CurrencyCode", "afterIndexKey", "inside", "Tickets"] {
            assert!(!sounds_secret(name), "{name}");
        }
    }

    #[test]
    fn a_hidden_value_is_three_stars() {
        assert_eq!(format!("{Hidden} {Hidden:?}"), "*** ***");
    }
}
