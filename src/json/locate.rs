//! Finds a value in JSON text by its path, to say where a typed reader stopped.
//!
//! Runs only after reading has failed, over text that is known to be valid JSON up to the place of
//! the failure.

/// A step from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Key(String),
    Index(usize),
}

/// The byte offset at which the value at `path` starts. Where a key stands twice, the last one
/// that starts before `limit` counts, because reading stops at the second.
pub(super) fn value_start(text: &str, path: &[Segment], limit: usize) -> Option<usize> {
    let mut at = skip_space(text, 0);
    for segment in path {
        at = match segment {
            Segment::Key(key) => {
                members(text, at)
                    .take_while(|member| member.key_start < limit)
                    .filter(|member| member.key == *key)
                    .last()?
                    .value_start
            }
            Segment::Index(index) => elements(text, at).nth(*index)?,
        };
    }
    Some(at)
}

/// The byte offset of the last key before `limit` in the object at `path`.
pub(super) fn last_key_start(text: &str, path: &[Segment], limit: usize) -> Option<usize> {
    let object = value_start(text, path, limit)?;
    members(text, object)
        .map(|member| member.key_start)
        .take_while(|start| *start < limit)
        .last()
}

struct Member {
    key: String,
    key_start: usize,
    value_start: usize,
}

/// The members of the object that starts at `at`; none where something else starts there.
fn members(text: &str, at: usize) -> impl Iterator<Item = Member> {
    let mut next = text[at..].starts_with('{').then_some(at + 1);
    std::iter::from_fn(move || {
        let key_start = skip_space(text, next.take()?);
        if !text[key_start..].starts_with('"') {
            return None;
        }
        let key_end = skip_string(text, key_start);
        let key = serde_json::from_str(text.get(key_start..key_end)?).ok()?;
        let colon = skip_space(text, key_end);
        if !text[colon..].starts_with(':') {
            return None;
        }
        let value_start = skip_space(text, colon + 1);
        next = after_comma(text, skip_value(text, value_start));
        Some(Member {
            key,
            key_start,
            value_start,
        })
    })
}

/// The starts of the elements of the array that starts at `at`.
fn elements(text: &str, at: usize) -> impl Iterator<Item = usize> {
    let mut next = text[at..].starts_with('[').then_some(at + 1);
    std::iter::from_fn(move || {
        let start = skip_space(text, next.take()?);
        next = after_comma(text, skip_value(text, start));
        Some(start)
    })
}

fn after_comma(text: &str, at: usize) -> Option<usize> {
    let at = skip_space(text, at);
    text[at..].starts_with(',').then_some(at + 1)
}

fn skip_space(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len()
}

/// The end of the string that starts at `at`, or of the text where it has no end.
fn skip_string(text: &str, at: usize) -> usize {
    let mut escaped = false;
    for (i, byte) in text.bytes().enumerate().skip(at + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return i + 1,
            _ => {}
        }
    }
    text.len()
}

/// The end of the value that starts at `at`. Counts brackets instead of descending, so that depth
/// costs nothing.
pub(super) fn skip_value(text: &str, at: usize) -> usize {
    let mut depth = 0_usize;
    let mut i = at;
    while let Some(byte) = text.as_bytes().get(i) {
        match byte {
            b'"' => i = skip_string(text, i),
            b'{' | b'[' => {
                depth += 1;
                i += 1;
            }
            b'}' | b']' if depth == 0 => return i,
            b'}' | b']' => {
                depth -= 1;
                i += 1;
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => i += 1,
            _ => {
                let rest = &text[i..];
                i += rest
                    .find([' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']', '"'])
                    .unwrap_or(rest.len());
            }
        }
        if depth == 0 {
            return i;
        }
    }
    text.len()
}

/// What stands at `at`: its kind in words, and the beginning of its text.
pub(super) fn describe(text: &str, at: usize) -> (&'static str, String) {
    const LONGEST: usize = 40;
    let at = floor_char_boundary(text, at);
    let end = skip_value(text, at);
    let value = text.get(at..end).unwrap_or_default();
    let kind = match text.as_bytes().get(at) {
        None => "the end of the body",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => number_kind(value),
        Some(_) => "text that is not JSON",
    };
    let mut excerpt: String = match kind {
        "an object" | "an array" => return (kind, String::new()),
        _ => value.chars().take(LONGEST).collect(),
    };
    if excerpt.len() < value.len() {
        excerpt.push('…');
    }
    (kind, excerpt)
}

fn number_kind(number: &str) -> &'static str {
    if number.contains(['e', 'E']) {
        "a number with an exponent"
    } else if number.contains('.') {
        "a number with a fraction"
    } else if number.parse::<i32>().is_ok() {
        "an integer"
    } else if number.parse::<i64>().is_ok() {
        "an integer beyond 32 bits"
    } else {
        "an integer beyond 64 bits"
    }
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

/// Line and column of a byte offset, both from 1; columns count characters.
pub(super) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |i| i + 1);
    // Bytes that continue a character do not start a column.
    let column = before[line_start..]
        .iter()
        .filter(|byte| (**byte & 0xC0) != 0x80)
        .count()
        + 1;
    (line, column)
}

/// The byte offset of serde_json's line and column, which counts bytes and may be one past the end.
pub(super) fn byte_offset(text: &str, line: usize, column: usize) -> usize {
    let line_start = match line {
        0 | 1 => 0,
        _ => text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .nth(line - 2)
            .map_or(text.len(), |(i, _)| i + 1),
    };
    (line_start + column).min(text.len())
}
