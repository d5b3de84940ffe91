//! The start of an XML file: its declaration, its encoding, its root.

use diadoc_core::fill;

use super::words::Words;
use crate::texts::{not_utf8, utf8_start};
use crate::windows_1251;

/// How the characters of a file stand in its bytes, as its first ones show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Width {
    /// UTF-8, or an encoding of one byte for each character.
    Bytes,
    /// UTF-16, with the upper half of a character behind or before the lower one.
    LittleEndian,
    BigEndian,
}

/// The first bytes of an XML file, behind the byte order mark.
pub(super) struct Xml<'a> {
    width: Width,
    head: &'a [u8],
}

/// A declaration that is not true.
pub(super) struct Mismatch {
    /// The encoding that is due.
    pub(super) due: Encoding,
    /// The one that the bytes are in; none of one byte that is not known.
    pub(super) found: Option<&'static str>,
    /// Whether readers of XML are bound to refuse it.
    pub(super) refused: bool,
}

/// The encoding of an XML file, as it says itself.
pub(super) enum Encoding {
    Declared(String),
    /// UTF-8, as none is declared.
    ByDefault,
}

impl Encoding {
    /// As a phrase.
    pub(super) fn say(&self, words: &Words) -> String {
        match self {
            Self::Declared(name) => fill(words.as_declared, &[name]),
            Self::ByDefault => words.by_default.to_owned(),
        }
    }
}

impl<'a> Xml<'a> {
    /// None where the bytes do not start as XML does: `<?xml` or a root. That they start with `<`
    /// alone may be a sample that was cut short.
    pub(super) fn new(head: &'a [u8]) -> Option<Self> {
        let (width, head) = match head {
            [0xEF, 0xBB, 0xBF, rest @ ..] => (Width::Bytes, rest),
            [0xFF, 0xFE, rest @ ..] | rest @ [b'<', 0, ..] => (Width::LittleEndian, rest),
            [0xFE, 0xFF, rest @ ..] | rest @ [0, b'<', ..] => (Width::BigEndian, rest),
            rest => (Width::Bytes, rest.trim_ascii_start()),
        };
        let xml = Self { width, head };
        let is_xml = match width {
            Width::Bytes => starts_as_xml(head),
            _ => starts_as_xml(xml.text(64).as_bytes()),
        };
        is_xml.then_some(xml)
    }

    /// The first bytes as text, those beyond ASCII as windows-1251 where they are not UTF-8.
    fn text(&self, most: usize) -> String {
        let head = &self.head[..self.head.len().min(most)];
        let unit: fn([u8; 2]) -> u16 = match self.width {
            Width::Bytes => match utf8_start(head) {
                Some(text) => return text.to_owned(),
                None => return windows_1251::decode_all(head),
            },
            Width::LittleEndian => u16::from_le_bytes,
            Width::BigEndian => u16::from_be_bytes,
        };
        let units = head.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let characters = char::decode_utf16(units);
        characters
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }

    /// Whether it has an XML declaration.
    pub(super) fn is_declared(&self) -> bool {
        match self.width {
            Width::Bytes => self.head.starts_with(b"<?xml"),
            _ => self.text(10).starts_with("<?xml"),
        }
    }

    /// The name of the root element, where the first bytes have it.
    pub(super) fn root(&self) -> Option<String> {
        let text = self.text(2048);
        let mut rest = &*text;
        loop {
            rest = rest.split_once('<')?.1;
            // What may stand before the root: the declaration, comments, a document type.
            rest = match rest {
                _ if rest.starts_with("!--") => rest.split_once("-->")?.1,
                _ if rest.starts_with(['?', '!']) => rest.split_once('>')?.1,
                _ => break,
            };
        }
        let end = rest.find(|symbol: char| symbol.is_whitespace() || "/>".contains(symbol))?;
        Some(rest[..end].to_owned())
    }

    /// The encoding of the bytes themselves; none of one byte that is not known.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        match self.width {
            Width::Bytes if utf8_start(self.head).is_some() => Some("UTF-8"),
            Width::Bytes => not_utf8(self.head),
            Width::LittleEndian | Width::BigEndian => Some("UTF-16"),
        }
    }

    /// Holds the declaration against the bytes.
    pub(super) fn mismatch(&self) -> Option<Mismatch> {
        let wide;
        let declared = match self.width {
            Width::Bytes => declared_encoding(self.head),
            _ => {
                wide = self.text(512);
                declared_encoding(wide.as_bytes())
            }
        };
        let is = |names: &[&str]| {
            let declared = declared.unwrap_or("utf-8").as_bytes();
            names.iter().any(|name| {
                let start = declared.get(..name.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
            })
        };
        let (utf_8, utf_16) = (
            is(&["utf-8", "utf8"]),
            is(&["utf-16", "ucs-2", "iso-10646"]),
        );
        let one_byte = is(&["windows-", "cp", "koi8", "ibm", "iso-8859"]);
        let refused = match self.width {
            Width::Bytes if utf_8 => utf8_start(self.head).is_none(),
            Width::Bytes if utf_16 => true,
            // Text in windows-1251 is not UTF-8 by chance, but two letters are asked for.
            Width::Bytes if one_byte => {
                let text = utf8_start(self.head)?;
                let letter = |letter: &char| matches!(letter, 'А'..='я' | 'Ё' | 'ё');
                let is_utf_8 = text.chars().filter(letter).nth(1).is_some();
                if is_utf_8 && !has_high_name(self.head) {
                    // The letters of values are read wrongly, in silence.
                    return Some(self.mismatch_with(declared, false));
                }
                is_utf_8
            }
            Width::Bytes => false,
            _ => declared.is_some() && (utf_8 || one_byte),
        };
        refused.then(|| self.mismatch_with(declared, true))
    }

    fn mismatch_with(&self, declared: Option<&str>, refused: bool) -> Mismatch {
        let due = match declared {
            Some(name) => Encoding::Declared(name.to_owned()),
            None => Encoding::ByDefault,
        };
        Mismatch {
            due,
            found: self.encoding(),
            refused,
        }
    }
}

fn starts_as_xml(head: &[u8]) -> bool {
    match head {
        [b'<', b'?', rest @ ..] => rest.starts_with(b"xml"),
        [b'<', b'!', rest @ ..] => rest.starts_with(b"--") || rest.starts_with(b"DOCTYPE"),
        [b'<', start, ..] => start.is_ascii_alphabetic() || *start == b'_' || *start >= 0x80,
        _ => false,
    }
}

/// The encoding that the XML declaration names.
fn declared_encoding(head: &[u8]) -> Option<&str> {
    let head = &head[..head.len().min(256)];
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(&head[..end]).ok()?;
    let value = declaration.strip_prefix("<?xml")?.split_once("encoding")?.1;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|quote| "\"'".contains(*quote))?;
    Some(value[1..].split_once(quote)?.0)
}

/// Whether a name of an element or attribute has a byte beyond ASCII: a reader that takes it for
/// another character is bound to stumble over it.
fn has_high_name(head: &[u8]) -> bool {
    let (mut in_tag, mut quote) = (false, None);
    let mut bytes = head.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, quote) {
            (b'<', None) => in_tag = !matches!(bytes.peek(), Some(b'!' | b'?')),
            (b'>', None) => in_tag = false,
            (b'"' | b'\'', None) if in_tag => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            (0x80.., None) if in_tag => return true,
            _ => {}
        }
    }
    false
}
