//! JSON that stands in other text, such as the lines of a log.

use std::ops::Range;

use serde::de::IgnoredAny;

/// How often JSON may begin and not be any, so that time stays linear.
const MOST_VAIN: usize = 100;

/// An object or a list in a text, with the line in which it begins, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub line: usize,
    pub place: Range<usize>,
}

/// The last object, or list of objects, that begins in each line and ends anywhere.
pub(crate) fn json_in(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let (mut at, mut line, mut counted, mut vain) = (0, 1, 0, 0);
    while let Some(offset) = text[at..].find(['{', '[']) {
        let start = at + offset;
        line += text[counted..start].matches('\n').count();
        counted = start;
        match end_of_json(&text[start..]) {
            Some(length) => {
                at = start + length;
                let place = start..at;
                if found.last().is_some_and(|last| last.line == line) {
                    found.pop();
                }
                found.push(Found { line, place });
            }
            None => {
                at = start + 1;
                vain += 1;
                if vain > MOST_VAIN {
                    break;
                }
            }
        }
    }
    found
}

/// Whether a text is what was found and nothing else, each in lines of its own.
pub(crate) fn is_all_of(found: &[Found], text: &str) -> bool {
    let mut at = 0;
    for (number, one) in found.iter().enumerate() {
        let gap = &text[at..one.place.start];
        let is_gap = gap.trim_matches('\u{feff}').trim_ascii().is_empty();
        if !is_gap || (number > 0 && !gap.contains('\n')) {
            return false;
        }
        at = one.place.end;
    }
    !found.is_empty() && text[at..].trim_ascii().is_empty()
}

/// How long the object or list is that a text begins with, if it is one with something in it.
fn end_of_json(text: &str) -> Option<usize> {
    let inside = text[1..].trim_ascii_start();
    let is_likely = match text.as_bytes().first() {
        Some(b'{') => inside.starts_with('"'),
        _ => inside.starts_with('{'),
    };
    if !is_likely {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_each_line() {
        for (text, expected) in [
            (
                "12:00 INFO POST /V3/PostMessage {\"a\": 1}",
                &[(1, "{\"a\": 1}")][..],
            ),
            (
                "[12:00] [main] {\"a\": [{}]} in 5 ms",
                &[(1, "{\"a\": [{}]}")],
            ),
            (
                "ctx={\"id\": 1} body={\"a\": 1}\nnothing\nx [{\"b\": 2}]",
                &[(1, "{\"a\": 1}"), (3, "[{\"b\": 2}]")],
            ),
            ("body:\n{\n  \"a\": 1\n}\nend", &[(2, "{\n  \"a\": 1\n}")]),
            (
                "{\"a\": 1}\n{\"b\": 2}\n",
                &[(1, "{\"a\": 1}"), (2, "{\"b\": 2}")],
            ),
            ("{} [] [1] {a: 1} {\"a\": }", &[]),
            ("", &[]),
        ] {
            let found: Vec<_> = json_in(text)
                .into_iter()
                .map(|found| (found.line, &text[found.place]))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    /// Each begins an object that does not end.
    #[test]
    fn what_never_ends_is_given_up() {
        assert_eq!(json_in(&"{\"a\":".repeat(100_000)), []);
    }
}
