//! Bytes: files, signatures, certificates, keys.

use super::Pseudonyms;

/// The id of CMS SignedData, 1.2.840.113549.1.7.2, as it stands in DER.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
/// How a certificate of version 3 goes on behind the beginnings of its two sequences.
const VERSION_3: &[u8] = b"\xA0\x03\x02\x01\x02";
/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// How long the declaration of an XML file is at most.
const LONGEST_DECLARATION: usize = 128;

/// How kinds of files begin, as far as it says nothing of what is in them.
const BEGINNINGS: &[&[u8]] = &[
    b"%PDF-1.",
    b"PK\x03\x04",
    b"\xFF\xD8\xFF",
    b"\x89PNG\r\n\x1A\n",
    b"{\\rtf1",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"\x1F\x8B\x08",
    b"\xFF\xFE<\0",
    b"\xFF\xFE",
    b"\xFE\xFF\0<",
    b"\xFE\xFF",
    b"<\0",
    b"\0<",
];

impl Pseudonyms {
    /// As many bytes in the place of bytes, which begin as files of their kind do.
    pub(in crate::proxy) fn content(&self, bytes: &[u8]) -> Vec<u8> {
        if let Some(made) = xml(bytes) {
            return made;
        }
        let (kept, rest) = bytes.split_at(beginning(bytes));
        let rest = match std::str::from_utf8(rest) {
            Ok(text) if !text.contains('\0') => self.text_of_bytes(text),
            _ => self.stream("content", bytes).bytes(rest.len()),
        };
        [kept, &rest].concat()
    }

    /// A text of as many bytes.
    fn text_of_bytes(&self, text: &str) -> Vec<u8> {
        let mut made = self.text(text).into_bytes();
        // A letter of another alphabet has become one of fewer bytes.
        made.resize(text.len(), b' ');
        made
    }
}

/// A file in XML of the same length, with the same declaration and nothing else of it.
fn xml(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mark, text) = match bytes.strip_prefix(MARK) {
        Some(text) => (MARK, text),
        None => (&[][..], bytes),
    };
    let is_name = |byte: &u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let is_xml = match text.trim_ascii_start() {
        [b'<', b'?' | b'!', ..] => true,
        [b'<', byte, ..] => is_name(byte) || *byte == b'_',
        _ => false,
    };
    if !is_xml {
        return None;
    }
    let mut made = [mark, declaration(text)].concat();
    let left = bytes.len() - made.len();
    let (open, close) = ("<Sample>", "</Sample>");
    match left.checked_sub(open.len() + close.len()) {
        Some(inside) => {
            made.extend_from_slice(open.as_bytes());
            made.resize(made.len() + inside, b'x');
            made.extend_from_slice(close.as_bytes());
        }
        None => {
            let start = &b"<x/>"[..left.min(4)];
            made.extend_from_slice(start);
            made.resize(bytes.len(), b' ');
        }
    }
    Some(made)
}

/// The declaration at the start of an XML file, where it holds the usual things alone.
fn declaration(text: &[u8]) -> &[u8] {
    let head = &text[..text.len().min(LONGEST_DECLARATION)];
    let end = head.windows(2).position(|pair| pair == b"?>");
    let Some(end) = end.filter(|_| head.starts_with(b"<?xml ")) else {
        return &[];
    };
    let declaration = &head[..end + 2];
    let is_known = |word: &[u8]| {
        let word = word.to_ascii_lowercase();
        matches!(
            &word[..],
            b"" | b"xml"
                | b"version"
                | b"1"
                | b"0"
                | b"encoding"
                | b"standalone"
                | b"yes"
                | b"no"
                | b"windows"
                | b"1251"
                | b"utf"
                | b"8"
                | b"16"
                | b"cp1251"
                | b"utf8"
        )
    };
    let mut words = declaration.split(|byte| !byte.is_ascii_alphanumeric());
    match words.all(is_known) {
        true => declaration,
        false => &[],
    }
}

/// How many bytes at the start only say what kind of file it is.
fn beginning(bytes: &[u8]) -> usize {
    if let Some(inside) = sequence(bytes) {
        let outer = bytes.len() - inside.len();
        let same = |known: &[u8], inside: &[u8]| {
            let pairs = inside.iter().zip(known);
            pairs.take_while(|(one, other)| one == other).count()
        };
        return match sequence(inside) {
            Some(inner) => outer + inside.len() - inner.len() + same(VERSION_3, inner),
            None => outer + same(SIGNED_DATA, inside),
        };
    }
    let known = BEGINNINGS.iter().find(|known| bytes.starts_with(known));
    known.map_or(0, |known| known.len())
}

/// What is inside a SEQUENCE of DER or BER whose length is that of the bytes, or is not said; none of
/// other bytes.
fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    let (size, inside) = match bytes {
        [0x30, 0x80, rest @ ..] => return Some(rest),
        [0x30, size @ 0..0x80, rest @ ..] => (usize::from(*size), rest),
        [0x30, count @ 0x81..=0x84, rest @ ..] => {
            let (size, inside) = rest.split_at_checked(usize::from(count - 0x80))?;
            let size = size
                .iter()
                .fold(0, |size, byte| size << 8 | usize::from(*byte));
            (size, inside)
        }
        _ => return None,
    };
    // Text that starts with the digit 0 is none, and a sample that was cut short is one.
    (size >= 0x20 || size == inside.len()).then_some(inside)
}
