//! What is shown of secrets: passwords, tokens, keys and the like.

use std::fmt;
use std::iter;
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
/// their order and not one inside another; of JSON inside a string that string. Null is no value.
///
/// Text that is no JSON, or breaks off, is gone through all the same. Where a value does not end as it
/// should, and behind such a name that stands without its quotes (in a form, in XML, in YAML), it is the
/// rest of the line, with the lines below that are indented further.
///
/// ```
/// use diadoc_core::secrets::values_of;
///
/// let text = r#"{"login": "a", "password": "b\"c"}"#;
/// let found = values_of(text, |key| key == "password");
/// assert_eq!(&text[found[0].clone()], r#""b\"c""#);
/// let found = values_of("login: a\npassword: b\nmode: c", |key| key == "password");
/// assert_eq!(found, [17..20]);
/// ```
pub fn values_of(text: &str, is_key: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    find(text, &is_key)
}

fn find(text: &str, is_key: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut brackets = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let quote = bytes[at..].iter().position(|byte| *byte == b'"');
        let start = quote.map_or(text.len(), |quote| at + quote);
        if let Some(value) = named(text, at..start, is_key) {
            at = value.end;
            found.push(value);
            continue;
        }
        if start == text.len() {
            break;
        }
        for byte in &bytes[at..start] {
            match byte {
                b'{' | b'[' => brackets.push(*byte),
                b'}' | b']' => drop(brackets.pop()),
                _ => {}
            }
        }
        let is_key_due = brackets.last() == Some(&b'{')
            && matches!(
                text[..start].trim_ascii_end().as_bytes().last(),
                Some(b'{' | b',')
            );
        at = end_of_string(bytes, start);
        let inside = inside_of(&text[start..at]);
        let behind = skip_space(bytes, at);
        if bytes.get(behind) == Some(&b':') {
            if is_key(&unescaped(inside)) {
                let value = skip_space(bytes, behind + 1);
                at = end_of_value(bytes, value);
                let next = skip_space(bytes, at);
                let is_whole = match bytes.get(next) {
                    _ if at == value => false,
                    Some(b',') => {
                        let next = bytes.get(skip_space(bytes, next + 1));
                        matches!(next, None | Some(b'"' | b'}'))
                    }
                    next => matches!(next, None | Some(b'}' | b']')),
                };
                if !is_whole {
                    at = end_of_lines(text, at, at > value);
                }
                if says_something(&text[value..at]) && &text[value..at] != "null" {
                    found.push(value..at);
                }
            }
            continue;
        }
        if inside.contains('\\') && !find(&unescaped(inside), is_key).is_empty() {
            found.push(start..at);
            continue;
        }
        let is_whole = !is_key_due && matches!(bytes.get(behind), None | Some(b',' | b'}' | b']'));
        // Its first quote may have been meant as the last of another string.
        let name = match is_whole {
            true => None,
            false => words(inside).find(|word| is_key(&inside[word.clone()])),
        };
        if let Some(name) = name {
            let value = start + 1 + name.end;
            at = end_of_lines(text, at, false);
            if says_something(&text[value..at]) {
                found.push(value..at);
            }
        }
    }
    found
}

/// What stands behind the first of these names that stands without quotes.
fn named(text: &str, place: Range<usize>, is_key: &dyn Fn(&str) -> bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let first = place.start;
    words(&text[place]).find_map(|word| {
        let (start, end) = (first + word.start, first + word.end);
        if !is_key(&text[start..end]) || text[..start].ends_with("</") {
            return None;
        }
        let mut behind = skip_space(bytes, end);
        if matches!(bytes.get(behind), Some(b'"' | b'\'')) {
            behind = skip_space(bytes, behind + 1);
        }
        let is_tag = text[..start].ends_with('<');
        let value = end..end_of_lines(text, end, false);
        let is_name = is_tag || matches!(bytes.get(behind), Some(b':' | b'=' | b'>'));
        (is_name && says_something(&text[value.clone()])).then_some(value)
    })
}

/// The words that may be names.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let mut at = 0;
    iter::from_fn(move || {
        let start = at + text[at..].find(is_letter)?;
        let rest = &text[start..];
        at = start + rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
        Some(start..at)
    })
}

/// Whether a text is more than what stands around values.
fn says_something(text: &str) -> bool {
    text.contains(|letter: char| !letter.is_whitespace() && !"\"'`:=,;|<>/{}[]".contains(letter))
}

/// The end of the line of a place, with the lines below that are indented further; unless something has
/// been said, also of the first line below that says something.
fn end_of_lines(text: &str, place: usize, mut is_said: bool) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let line_start = text[..place].rfind('\n').map_or(0, |end| end + 1);
    let outer = indent(&text[line_start..]);
    let mut end = place;
    for line in text[place..].split_inclusive('\n') {
        let is_first = end == place;
        if !is_first && is_said && indent(line) <= outer {
            break;
        }
        is_said |= says_something(line);
        end += line.len();
    }
    place + text[place..end].trim_end().len()
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
            (r#"{"s":,"t":1}"#, r#"{"s":"***""#),
            (r#"["s":]"#, r#"["s":]"#),
            (r#"{"s":"ж\"a"}"#, r#"{"s":"***"}"#),
            (r#"{"s":"a\ж"}"#, r#"{"s":"***"}"#),
            (r#"{"s""#, r#"{"s""#),
            // Values that do not end as they should.
            (r#"{"s":"a"b","t":"b"}"#, r#"{"s":"***""#),
            (r#"{"s":"a,"t":"b"}"#, r#"{"s":"***""#),
            (r#"{"s":a,b,"t":"b"}"#, r#"{"s":"***""#),
            ("{\"s\":\"a\"\n\"t\":1}", "{\"s\":\"***\"\n\"t\":1}"),
            // Names without their quotes.
            (r#"{s":"a"}"#, r#"{s"***""#),
            (r#"{"s:"a"}"#, r#"{"s"***""#),
            (r#"{"t:"b","s":"a"}"#, r#"{"t:"b","s"***""#),
            (r#"{"s","a"}"#, r#"{"s"***""#),
            (r#"{"s" "a"}"#, r#"{"s"***""#),
            (r#"["s","a"]"#, r#"["s","a"]"#),
            ("{'s': 'a'}", "{'s\"***\""),
            ("t=b&s=a", "t=b&s\"***\""),
            ("s=", "s="),
            ("t: b\ns: a\nt: b", "t: b\ns\"***\"\nt: b"),
            ("s: |\n  a\n  a\nt: b", "s\"***\"\nt: b"),
            ("s:\na\nt: b", "s\"***\"\nt: b"),
            ("<t>b</t><s>a</s>\n<t>", "<t>b</t><s\"***\"\n<t>"),
            ("<s n='1'>\n  a\n</s>\n<t>", "<s\"***\"\n</s>\n<t>"),
            ("the s is a", "the s is a"),
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
