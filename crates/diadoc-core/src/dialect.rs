//! Facts of Diadoc's JSON that its readers, writers and checks share. The rules themselves stand in
//! the documentation of `diadoc_proto::json`.

mod words;

use std::fmt::Write as _;

use self::words::Words;
use crate::Language;

/// What is expected of an integer of 32 bits.
pub const INTEGER_32: &str = "a 32-bit integer";
/// What is expected of an integer of 64 bits.
pub const INTEGER_64: &str = "a 64-bit integer";

/// Whether a string is an integer (R3): a minus or none, then digits and nothing else. Leading zeros
/// are taken, a plus is not.
pub fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The integer that a string holds (R3); none where it is no integer or does not fit in 64 bits.
pub fn decimal(text: &str) -> Option<i64> {
    is_decimal(text).then(|| text.parse().ok()).flatten()
}

/// The boolean that a string stands for (R9): `true` or `false`, in any case.
pub fn boolean_text(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    is("true").then_some(true).or(is("false").then_some(false))
}

/// The boolean that a number stands for (R9): 1 or 0.
pub fn boolean_number(number: i64) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// A body without JSON's white space at its ends: spaces, tabs and the ends of lines (RFC 8259). What others
/// count as white space, such as a form feed, stays.
///
/// ```
/// assert_eq!(diadoc_core::dialect::trim(b" \r\n{\t}\x0c\n"), b"{\t}\x0c");
/// ```
pub fn trim(body: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !b" \t\n\r".contains(byte);
    let start = body.iter().position(is_text).unwrap_or(body.len());
    let end = body
        .iter()
        .rposition(is_text)
        .map_or(start, |last| last + 1);
    &body[start..end]
}

/// A body without the byte order mark before it (R12), and how many bytes that is.
pub fn without_mark(body: &str) -> (&str, usize) {
    const MARK: char = '\u{feff}';
    match body.strip_prefix(MARK) {
        Some(body) => (body, MARK.len_utf8()),
        None => (body, 0),
    }
}

/// What a number of JSON is, for those who expected another: `an integer beyond 32 bits`.
pub fn number_kind(number: &str, language: Language) -> &'static str {
    let words = Words::of(language);
    if number.contains(['e', 'E']) {
        words.exponent
    } else if number.contains('.') {
        words.fraction
    } else if number.parse::<i32>().is_ok() {
        words.integer
    } else if number.parse::<i64>().is_ok() {
        words.beyond_32
    } else {
        words.beyond_64
    }
}

/// The first number of the fields that only JSON has, those with the option `(Json.field).only`: the
/// vendor sends them and has published no number for them, so they never travel in protobuf.
pub const FIRST_ONLY_IN_JSON: u32 = 536_870_000;

/// Goes on from a path to a key of its object: `Documents[0]` and `Content` make
/// `Documents[0].Content`.
pub fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// Goes on from a path to an element of its list: `Documents` and 0 make `Documents[0]`.
pub fn push_index(path: &mut String, index: usize) {
    // Writing into a String does not fail.
    let _ = write!(path, "[{index}]");
}

/// Line and column of a byte offset in a text of UTF-8, both from 1; columns count characters. An
/// offset beyond the end is that of the end.
pub fn line_and_column(text: &[u8], at: usize) -> (usize, usize) {
    let before = &text[..at.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    // A byte order mark is no column.
    let mark = usize::from(before.starts_with("\u{feff}".as_bytes())) * 3;
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(mark, |at| at + 1);
    // Bytes that continue a character do not start a column.
    let starts = |byte: &&u8| (**byte & 0xC0) != 0x80;
    (line, before[line_start..].iter().filter(starts).count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_in_other_forms() {
        for (text, expected) in [
            ("true", Some(true)),
            ("TRUE", Some(true)),
            ("False", Some(false)),
            ("1", None),
            ("", None),
            ("true ", None),
        ] {
            assert_eq!(boolean_text(text), expected, "{text}");
        }
        for (number, expected) in [
            (0, Some(false)),
            (1, Some(true)),
            (2, None),
            (-1, None),
            (i64::MIN, None),
        ] {
            assert_eq!(boolean_number(number), expected, "{number}");
        }
    }

    #[test]
    fn one_byte_order_mark_is_skipped() {
        for (body, rest, bytes) in [
            ("", "", 0),
            ("a", "a", 0),
            ("\u{feff}", "", 3),
            ("\u{feff}\u{feff}a", "\u{feff}a", 3),
            ("a\u{feff}", "a\u{feff}", 0),
        ] {
            assert_eq!(without_mark(body), (rest, bytes));
        }
    }

    #[test]
    fn kinds_of_numbers() {
        for (number, kind) in [
            ("1e5", "a number with an exponent"),
            ("1.5E5", "a number with an exponent"),
            ("1.5", "a number with a fraction"),
            ("-2147483648", "an integer"),
            ("2147483648", "an integer beyond 32 bits"),
            ("-9223372036854775808", "an integer beyond 32 bits"),
            ("9223372036854775808", "an integer beyond 64 bits"),
        ] {
            assert_eq!(number_kind(number, Language::English), kind, "{number}");
        }
    }

    #[test]
    fn paths_grow() {
        let mut path = String::new();
        push_key(&mut path, "A");
        push_index(&mut path, 10);
        push_key(&mut path, "B");
        assert_eq!(path, "A[10].B");
    }

    #[test]
    fn lines_and_columns_count_characters() {
        for (text, at, expected) in [
            ("", 0, (1, 1)),
            ("", 9, (1, 1)),
            ("abc", 0, (1, 1)),
            ("abc", 2, (1, 3)),
            ("abc", 3, (1, 4)),
            ("abc", 99, (1, 4)),
            ("a\nbc\n", 1, (1, 2)),
            ("a\nbc\n", 2, (2, 1)),
            ("a\nbc\n", 4, (2, 3)),
            ("a\nbc\n", 5, (3, 1)),
            ("Яя", 2, (1, 2)),
            ("Яя", 3, (1, 3)),
            ("Яя\n💼a", 9, (2, 2)),
            ("\u{feff}a", 3, (1, 1)),
            ("\u{feff}ab", 4, (1, 2)),
            ("\u{feff}a\nb", 5, (2, 1)),
            ("\u{feff}a\nbc", 6, (2, 2)),
        ] {
            assert_eq!(
                line_and_column(text.as_bytes(), at),
                expected,
                "{text:?} {at}"
            );
        }
    }

    #[test]
    fn decimal_strings_are_digits_alone() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("007", Some(7)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("0000000000000000000000000000000001", Some(1)),
            ("9223372036854775808", None),
            ("+1", None),
            ("--1", None),
            ("-", None),
            ("", None),
            (" 1", None),
            ("1 ", None),
            ("1.0", None),
            ("١", None),
        ] {
            assert_eq!(decimal(text), expected, "{text}");
        }
    }
}
