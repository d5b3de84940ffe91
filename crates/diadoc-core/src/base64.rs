//! Bytes as base64. Diadoc's JSON reads them standard or URL-safe, padded or not (R6), and writes them in
//! the standard alphabet, padded (W4); OAuth writes them URL-safe, without padding.

mod words;

use base64_simd::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use self::words::Words;
use crate::{Language, fill};

/// The bytes of a text, or `None` where it is none of the four spellings. White space in it is
/// skipped (R11): MIME breaks lines.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    decode_plain(text).or_else(|| {
        let mut plain = text.to_owned();
        plain.retain(|byte| !byte.is_ascii_whitespace());
        (plain.len() < text.len()).then(|| decode_plain(&plain))?
    })
}

/// The bytes of a text without white space.
pub fn decode_plain(text: &[u8]) -> Option<Vec<u8>> {
    let (standard, url_safe) = match text.ends_with(b"=") {
        true => (STANDARD, URL_SAFE),
        false => (STANDARD_NO_PAD, URL_SAFE_NO_PAD),
    };
    let decoded = standard.decode_to_vec(text);
    decoded.or_else(|_| url_safe.decode_to_vec(text)).ok()
}

/// Adds bytes to a text, in the standard alphabet, padded (W4).
pub fn encode(bytes: &[u8], text: &mut String) {
    // On its own the library grows a text by just what it adds, every time; here what follows long
    // content mostly finds room as well.
    text.reserve(STANDARD.encoded_length(bytes.len()) + 4096.min(bytes.len()));
    STANDARD.encode_append(bytes, text);
}

/// Bytes as text, in the standard alphabet, padded (W4).
pub fn encode_to_string(bytes: &[u8]) -> String {
    STANDARD.encode_to_string(bytes)
}

/// Bytes as text, in the URL-safe alphabet, without padding: what OAuth writes, not Diadoc.
pub fn encode_url_safe(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// Whether a text has symbols that only the URL-safe alphabet has.
pub fn is_url_safe(text: &str) -> bool {
    text.contains(['-', '_'])
}

/// Why [`decode`] took a text for none of the four.
#[cold]
pub fn reason(text: &str, language: Language) -> String {
    let words = Words::of(language);
    let url_safe = is_url_safe(text);
    let is_symbol = |byte: u8| match byte {
        b'-' | b'_' => url_safe,
        b'+' | b'/' => !url_safe,
        other => other.is_ascii_alphanumeric(),
    };
    let plain = text.replace(|symbol: char| symbol.is_ascii_whitespace(), "");
    let symbols = plain.trim_end_matches('=');
    let padding = plain.len() - symbols.len();
    // Padding that is not at the end may be so for the stranger behind it.
    let is_strange = |symbol: char| !symbol.is_ascii() || !is_symbol(symbol as u8);
    let mut strangers = symbols.chars().filter(|symbol| is_strange(*symbol));
    let first = strangers.clone().next();
    let stranger = strangers.find(|symbol| *symbol != '=').or(first);
    let stranger = stranger.and_then(|symbol| Some((text.find(symbol)?, symbol)));
    match (stranger, symbols.len() % 4) {
        (Some((at, symbol)), _) => {
            let (name, byte) = (named(symbol), at + 1);
            let template = match symbol.is_whitespace() {
                true => words.no_white_space,
                false => words.no_symbol,
            };
            fill(template, &[&name, &byte])
        }
        (None, 1) => words.length_of_no_bytes.into(),
        (None, rest) if padding > 0 && (padding > 2 || !(rest + padding).is_multiple_of(4)) => {
            words.other_padding.into()
        }
        (None, _) => words.odd_bits.into(),
    }
}

/// A character as a text shows it; one that is not seen by its number.
fn named(symbol: char) -> String {
    let is_seen = symbol.is_ascii_graphic() || symbol.escape_debug().len() == 1;
    match is_seen && !symbol.is_whitespace() {
        true => format!("`{symbol}`"),
        false => format!("U+{:04X}", u32::from(symbol)),
    }
}

#[cfg(test)]
mod tests {
    use crate::Language;

    use super::{decode, encode, encode_to_string, encode_url_safe, is_url_safe, reason};

    /// The test vectors of RFC 4648.
    const VECTORS: &[(&str, &str)] = &[
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ];

    #[test]
    fn the_vectors_of_the_standard_read_and_write() {
        for (bytes, text) in VECTORS {
            let mut written = String::from("kept");
            encode(bytes.as_bytes(), &mut written);
            assert_eq!(written, format!("kept{text}"));
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes.as_bytes()));
            let bare = text.trim_end_matches('=');
            assert_eq!(decode(bare.as_bytes()).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(encode_url_safe(bytes.as_bytes()), bare);
            assert_eq!(encode_to_string(bytes.as_bytes()), *text);
        }
        assert_eq!(encode_url_safe(&[0xfb, 0xff]), "-_8");
        assert!(is_url_safe("A-8") && is_url_safe("A_8") && !is_url_safe("A+/="));
    }

    #[test]
    fn every_length_and_spelling_comes_back() {
        let all: Vec<u8> = (0..=u8::MAX).cycle().step_by(7).take(400).collect();
        for length in 0..all.len() {
            let bytes = &all[..length];
            let mut padded = String::new();
            encode(bytes, &mut padded);
            let url_safe = padded.replace('+', "-").replace('/', "_");
            for text in [&padded, &url_safe] {
                assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes));
                let bare = text.trim_end_matches('=');
                assert_eq!(decode(bare.as_bytes()).as_deref(), Some(bytes));
            }
        }
    }

    #[test]
    fn white_space_is_skipped() {
        for text in ["Zm9v\r\nYmFy", " Zm9vYmFy", "Zm9vYmFy\t", "Z m 9 v Y m F y"] {
            assert_eq!(
                decode(text.as_bytes()).as_deref(),
                Some(&b"foobar"[..]),
                "{text:?}"
            );
        }
        assert_eq!(decode(b"Zg =\n= ").as_deref(), Some(&b"f"[..]));
        assert_eq!(decode("Zm\u{a0}9v".as_bytes()), None);
    }

    #[test]
    fn what_is_refused_has_a_reason() {
        for (text, why) in [
            ("lores.ipsum", "`.`, byte 6 of it, is no symbol"),
            (
                "lores ipsum",
                "its last symbol has bits beyond the last byte",
            ),
            (" A\n", "its length fits no number of bytes"),
            ("+_8=", "`+`, byte 1 of it, is no symbol"),
            ("+/8AA", "its length fits no number of bytes"),
            ("-_8AA", "its length fits no number of bytes"),
            ("AA==AA==", "`=`, byte 3 of it, is no symbol"),
            ("AAЯ=", "`Я`, byte 3 of it, is no symbol"),
            (
                "QQ==\u{a0}",
                "U+00A0, byte 5 of it, is no white space of JSON",
            ),
            ("\u{feff}QQ==", "U+FEFF, byte 1 of it, is no symbol"),
            (
                "QQ\u{b}==",
                "U+000B, byte 3 of it, is no white space of JSON",
            ),
            ("QQ=\"=", "`\"`, byte 4 of it, is no symbol"),
            ("QQ=-=", "`=`, byte 3 of it, is no symbol"),
            ("A", "its length fits no number of bytes"),
            ("AA=", "its padding does not fit its length"),
            ("AAAA=", "its padding does not fit its length"),
            ("AAA==", "its padding does not fit its length"),
            ("AA===", "its padding does not fit its length"),
            ("=", "its padding does not fit its length"),
            ("AAAA====", "its padding does not fit its length"),
            ("AAB=", "its last symbol has bits beyond the last byte"),
            ("AB==", "its last symbol has bits beyond the last byte"),
            ("AB", "its last symbol has bits beyond the last byte"),
        ] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
            assert_eq!(reason(text, Language::English), why, "{text}");
        }
    }
}
