//! Texts and bodies that came through a wrong encoding: what was meant.

use crate::windows_1251;
use crate::words::Words;

/// Why a text is not what its writer meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mangled {
    /// It came through a wrong encoding.
    Mojibake,
    PercentEncoded,
    /// It is a word of a programming language for no value.
    NoValue,
}

impl Mangled {
    /// As a phrase.
    pub(crate) fn say(self, words: &Words) -> &'static str {
        match self {
            Self::Mojibake => words.mojibake,
            Self::PercentEncoded => words.percent_encoded,
            Self::NoValue => words.word_for_none,
        }
    }
}

/// Why a text is not what its writer meant, and what was meant where that is known.
pub(crate) fn mangled(text: &str) -> Option<(Mangled, Option<String>)> {
    // Most strings have neither letters beyond ASCII nor escapes of a URL, which is soon seen without
    // branches.
    let is_odd = |byte: u8| !byte.is_ascii() | (byte == b'%');
    if text.bytes().fold(false, |odd, byte| odd | is_odd(byte)) {
        if let Some(meant) = mojibake(text) {
            return Some((Mangled::Mojibake, Some(meant)));
        }
        if let Some(meant) = percent_encoded(text) {
            return Some((Mangled::PercentEncoded, Some(meant)));
        }
    }
    matches!(text, "null" | "undefined" | "NaN" | "None" | "nil")
        .then_some((Mangled::NoValue, None))
}

/// The text that was meant, where a text is UTF-8 that was read as windows-1251 or as Latin-1.
///
/// The whole text has to be such, and at least two letters of it, so that no ordinary text is taken
/// for it.
///
/// ```
/// use diadoc_schema::mojibake;
///
/// assert_eq!(mojibake("РЎР§Р¤Р”РћРџ").as_deref(), Some("СЧФДОП"));
/// assert_eq!(mojibake("Ð¡Ð§Ð¤").as_deref(), Some("СЧФ"));
/// assert_eq!(mojibake("СЧФДОП"), None);
/// ```
pub fn mojibake(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let meant = |encode: fn(char) -> Option<u8>| {
        if !starts_as_utf8(text, encode) {
            return None;
        }
        let bytes: Option<Vec<u8>> = text.chars().map(encode).collect();
        let meant = String::from_utf8(bytes?).ok()?;
        let letters = meant.chars().filter(|letter| is_letter(*letter)).count();
        let usual = |character| {
            is_letter(character)
                || matches!(character, '\t' | '\n' | '\r' | ' '..='~')
                || "\u{a0}«»„“”‘’–—…№§°₽€".contains(character)
        };
        (letters >= 2 && meant.chars().all(usual)).then_some(meant)
    };
    meant(windows_1251::encode).or_else(|| meant(latin_1))
}

/// Whether the first two characters beyond ASCII may be the start of one in UTF-8: most texts end here.
fn starts_as_utf8(text: &str, encode: fn(char) -> Option<u8>) -> bool {
    let mut rest = text.chars().skip_while(char::is_ascii).map(encode);
    matches!(rest.next(), Some(Some(0xC2..=0xF4))) && matches!(rest.next(), Some(Some(0x80..=0xBF)))
}

/// A letter beyond ASCII of the languages that documents are in.
fn is_letter(character: char) -> bool {
    matches!(character, 'А'..='я' | 'Ё' | 'ё' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ſ')
}

/// The byte of a character in Latin-1, or in windows-1252, which most readers take for it.
fn latin_1(character: char) -> Option<u8> {
    const WINDOWS_1252: [(char, u8); 27] = [
        ('€', 0x80),
        ('‚', 0x82),
        ('ƒ', 0x83),
        ('„', 0x84),
        ('…', 0x85),
        ('†', 0x86),
        ('‡', 0x87),
        ('ˆ', 0x88),
        ('‰', 0x89),
        ('Š', 0x8A),
        ('‹', 0x8B),
        ('Œ', 0x8C),
        ('Ž', 0x8E),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('•', 0x95),
        ('–', 0x96),
        ('—', 0x97),
        ('˜', 0x98),
        ('™', 0x99),
        ('š', 0x9A),
        ('›', 0x9B),
        ('œ', 0x9C),
        ('ž', 0x9E),
        ('Ÿ', 0x9F),
    ];
    u8::try_from(u32::from(character)).ok().or_else(|| {
        let own = WINDOWS_1252.iter().find(|(own, _)| *own == character)?;
        Some(own.1)
    })
}

/// What a body that is not UTF-8 looks like: `UTF-16`, `UTF-32`, `windows-1251` or `gzip`; none where it looks
/// like nothing known. UTF-16 is seen in bytes that are UTF-8 too, such as Latin letters with zeros
/// between them. Only the start is looked at.
///
/// ```
/// use diadoc_schema::not_utf8;
///
/// assert_eq!(not_utf8(b"{\"Name\": \"\xC0\xEA\xF2\"}"), Some("windows-1251"));
/// assert_eq!(not_utf8(b"{\0\"\0a\0\"\0"), Some("UTF-16, little-endian"));
/// assert_eq!(not_utf8(b"{}"), None);
/// ```
pub fn not_utf8(body: &[u8]) -> Option<&'static str> {
    let head = &body[..body.len().min(4096)];
    match head {
        [0x1F, 0x8B, 0x08, ..] => Some("gzip"),
        [0xFF, 0xFE, 0, 0, ..] => Some("UTF-32, little-endian"),
        [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32, big-endian"),
        [0xFF, 0xFE, ..] => Some("UTF-16, little-endian"),
        [0xFE, 0xFF, ..] => Some("UTF-16, big-endian"),
        _ if is_utf_16(head, 1) => Some("UTF-16, little-endian"),
        _ if is_utf_16(head, 0) => Some("UTF-16, big-endian"),
        _ if is_windows_1251(head) => Some("windows-1251"),
        _ => None,
    }
}

/// Whether every second byte, from the first or the second on, is the upper half of a Latin or
/// Cyrillic character. Three of four are enough: there are dashes and quotes.
fn is_utf_16(head: &[u8], upper: usize) -> bool {
    let pairs = || head.chunks_exact(2);
    let is_upper = |pair: &&[u8]| matches!(pair[upper], 0 | 4);
    let is_lower = |pair: &&[u8]| pair[1 - upper] != 0;
    let most = |part: usize| head.len() >= 4 && part * 4 >= pairs().len() * 3;
    most(pairs().filter(is_upper).count()) && most(pairs().filter(is_lower).count())
}

fn is_windows_1251(head: &[u8]) -> bool {
    let text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..=0xFF);
    let letter = |byte: &&u8| matches!(byte, 0xC0..=0xFF | 0xA8 | 0xB8);
    let high = head.iter().filter(|byte| !byte.is_ascii()).count();
    let letters = head.iter().filter(letter).count();
    utf8_start(head).is_none()
        && head.iter().all(text)
        && !head.contains(&0x98)
        && letters * 4 >= high * 3
}

/// The text at the start of a content, where it is UTF-8. The end may be cut within a character.
pub(crate) fn utf8_start(head: &[u8]) -> Option<&str> {
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_some() => None,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok(),
    }
}

/// The text that was meant, where a text has escapes of URLs in it: `%40` for `@`. None where a `%`
/// stands for itself, where a space or a letter beyond ASCII shows that the text is none of a URL, or
/// where the bytes are no text.
///
/// ```
/// use diadoc_schema::percent_encoded;
///
/// assert_eq!(percent_encoded("5b1f%40diadoc.ru").as_deref(), Some("5b1f@diadoc.ru"));
/// assert_eq!(percent_encoded("5b1f@diadoc.ru"), None);
/// assert_eq!(percent_encoded("20% of 100"), None);
/// assert_eq!(percent_encoded("100%25 хлопок"), None);
/// ```
pub fn percent_encoded(text: &str) -> Option<String> {
    if !text.contains('%') || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2)?;
        // The parser of numbers takes a sign, too.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    let meant = String::from_utf8(bytes).ok()?;
    (!meant.contains(char::is_control)).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::{latin_1, mojibake, not_utf8, percent_encoded};
    use crate::windows_1251;

    const ORDINARY: &[&str] = &[
        "",
        "Н",
        "СЧФДОП",
        "КСЧФ",
        "Счёт-фактура № 5 от 18.07.2025",
        "ООО «Ромашка»",
        "ООО «РС»",
        "АО \"СКБ Контур\"",
        "ГОСТ Р 7.0.97—2016",
        "ГОСТ Р»",
        "Р№",
        "С№5, С№6",
        "ВСЁ ЕЩЁ РЁВ",
        "Сё",
        "РЁ",
        "Акт сверки за 2‑й квартал…",
        "Иванов‐Петров И. И.",
        "§ 5, п. 3°",
        "Київ, Їжак, Ґанок",
        "МЁД",
        "ЁЛКА",
        "UniversalTransferDocument",
        "hello, world",
        "naïve café",
        "Müller & Söhne",
        "Ünïcödé",
        "Ångström",
        "Документ signed by ООО",
        "Договор / Agreement №7",
        "日本語",
        "100 ₽",
        "👍",
    ];

    fn misread(text: &str, read: fn(u8) -> char) -> String {
        text.bytes().map(read).collect()
    }

    #[test]
    fn utf_8_that_was_read_as_another_encoding() {
        for text in ORDINARY {
            let letters = text.chars().filter(|letter| super::is_letter(*letter));
            if letters.count() < 2 || text.contains(['і', '‑', '‐', 'ї']) {
                continue;
            }
            let as_1251 = misread(text, windows_1251::decode);
            assert_eq!(mojibake(&as_1251).as_deref(), Some(*text), "{as_1251}");
            let as_latin = misread(text, char::from);
            assert_eq!(mojibake(&as_latin).as_deref(), Some(*text), "{as_latin}");
        }
        // As windows-1252 reads it.
        assert_eq!(mojibake("ДОП"), None);
        assert_eq!(mojibake("Ð”ÐžÐŸ").as_deref(), Some("ДОП"));
        assert_eq!(latin_1('Д'), None);
    }

    #[test]
    fn ordinary_texts_are_what_was_meant() {
        for text in ORDINARY {
            assert_eq!(mojibake(text), None, "{text}");
        }
        // A part of the text only.
        assert_eq!(mojibake("Функция РЎР§Р¤Р”РћРџ"), None);
    }

    #[test]
    fn bodies_that_are_not_utf_8() {
        let utf_16 = |text: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(order).collect()
        };
        let body = r#"{"Name": "Акт — «сверки»"}"#;
        let as_1251: Vec<u8> =
            r#"{"Name": "Акт № 5"}"#.chars().filter_map(windows_1251::encode).collect();
        let (little, big) = ("UTF-16, little-endian", "UTF-16, big-endian");
        for (bytes, expected) in [
            (utf_16(body, u16::to_le_bytes), Some(little)),
            (utf_16(body, u16::to_be_bytes), Some(big)),
            (
                utf_16(&format!("\u{feff}{body}"), u16::to_le_bytes),
                Some(little),
            ),
            (
                utf_16(&format!("\u{feff}{body}"), u16::to_be_bytes),
                Some(big),
            ),
            (utf_16("{}", u16::to_le_bytes), Some(little)),
            (
                "\u{feff}{}"
                    .chars()
                    .flat_map(|one| u32::from(one).to_le_bytes())
                    .collect(),
                Some("UTF-32, little-endian"),
            ),
            (
                "\u{feff}{}"
                    .chars()
                    .flat_map(|one| u32::from(one).to_be_bytes())
                    .collect(),
                Some("UTF-32, big-endian"),
            ),
            (as_1251, Some("windows-1251")),
            (vec![0x1F, 0x8B, 0x08, 0, 0], Some("gzip")),
            (body.as_bytes().to_vec(), None),
            (body.as_bytes()[..11].to_vec(), None),
            (vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16], None),
            (vec![0; 64], None),
            (Vec::new(), None),
        ] {
            assert_eq!(not_utf8(&bytes), expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn escapes_of_urls() {
        for (text, meant) in [
            ("5b1f%40diadoc.ru", Some("5b1f@diadoc.ru")),
            ("%D0%A1%D0%A7%d0%a4", Some("СЧФ")),
            ("a%20b%25", Some("a b%")),
            ("%", None),
            ("%4", None),
            ("50%", None),
            ("%+1", None),
            ("%zz", None),
            ("%4Я", None),
            ("%D0", None),
            ("%00", None),
            ("100% и 5%40", None),
            ("", None),
            ("plain", None),
        ] {
            assert_eq!(percent_encoded(text).as_deref(), meant, "{text}");
        }
    }
}
