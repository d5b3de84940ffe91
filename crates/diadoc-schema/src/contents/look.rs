//! What a content is, as its first bytes tell.

use diadoc_core::{base64, fill};

use super::words::Words;
use super::xml::Xml;
use crate::texts::{not_utf8, utf8_start};

/// The id of CMS SignedData, 1.2.840.113549.1.7.2, as it stands in DER.
const SIGNED_DATA: &[u8] = &[
    0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02,
];

/// What a content is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Empty,
    Xml {
        root: Option<String>,
        /// None of one byte that is not known.
        encoding: Option<&'static str>,
    },
    /// With its version, `1.4`.
    Pdf(String),
    /// A ZIP archive, and what kind of document is one.
    Zip(Option<&'static str>),
    SignedData,
    Certificate,
    Other(File),
    /// With its encoding.
    Text(&'static str),
    /// Base64, and what is in it.
    Base64(Box<Content>),
}

/// Another kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum File {
    Der,
    Jpeg,
    Png,
    Rtf,
    OldOffice,
    Gzip,
    Pem,
}

impl Content {
    /// As a phrase.
    pub(crate) fn say(&self, words: &Words) -> String {
        match self {
            Self::Empty => words.nothing.to_owned(),
            Self::Xml { root, encoding } => {
                let encoding = encoding.unwrap_or(words.one_byte);
                match root {
                    Some(root) => fill(words.xml_with_root, &[&encoding, root]),
                    None => fill(words.xml_in, &[&encoding]),
                }
            }
            Self::Pdf(version) => format!("PDF {version}"),
            Self::Zip(None) => words.zip.to_owned(),
            Self::Zip(Some(kind)) => fill(words.zip_document, &[kind]),
            Self::SignedData => "CMS SignedData".to_owned(),
            Self::Certificate => words.some_certificate.to_owned(),
            Self::Other(file) => file.say(words).to_owned(),
            Self::Text(encoding) => fill(words.text_in, &[encoding]),
            Self::Base64(inside) => fill(words.base64_of, &[&inside.say(words)]),
        }
    }
}

impl File {
    fn say(self, words: &Words) -> &'static str {
        match self {
            Self::Der => words.der,
            Self::Jpeg => words.jpeg,
            Self::Png => words.png,
            Self::Rtf => words.rtf,
            Self::OldOffice => words.old_office,
            Self::Gzip => "gzip",
            Self::Pem => "PEM",
        }
    }
}

/// What a content is. None where its first bytes do not tell.
pub(crate) fn what(bytes: &[u8]) -> Option<Content> {
    let head = &bytes[..bytes.len().min(4096)];
    let text = |encoding| Some(Content::Text(encoding));
    match file(head) {
        None => {}
        known => return known,
    }
    if let Some(inside) = base64_of(head) {
        return Some(Content::Base64(Box::new(inside)));
    }
    match utf8_start(head) {
        Some(start) if !start.is_empty() && start.chars().all(is_text) => text("UTF-8"),
        _ => match not_utf8(head) {
            Some("gzip") | None => None,
            Some(encoding) => text(encoding),
        },
    }
}

/// What a content is that is no text.
fn file(head: &[u8]) -> Option<Content> {
    if let Some(xml) = Xml::new(head) {
        // `<` and a letter may be anything.
        let root = xml.root();
        return (xml.is_declared() || root.is_some()).then(|| Content::Xml {
            root,
            encoding: xml.encoding(),
        });
    }
    if let Some(inside) = sequence(head) {
        return match inside {
            _ if inside.starts_with(SIGNED_DATA) => Some(Content::SignedData),
            _ if is_certificate(inside) => Some(Content::Certificate),
            // Texts of digits start with the same byte.
            [0x02 | 0x06 | 0x30, ..] if !matches!(head, [_, b' '..=b'~', ..]) => {
                Some(Content::Other(File::Der))
            }
            _ => None,
        };
    }
    Some(match head {
        [] => Content::Empty,
        [b'%', b'P', b'D', b'F', b'-', rest @ ..] => {
            let is_version = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
            let version = rest.iter().take(8).take_while(is_version);
            Content::Pdf(version.map(|byte| char::from(*byte)).collect())
        }
        [b'P', b'K', 3, 4, ..] => Content::Zip(zip_kind(head)),
        [0xFF, 0xD8, 0xFF, ..] => Content::Other(File::Jpeg),
        _ if head.starts_with(b"\x89PNG\r\n\x1A\n") => Content::Other(File::Png),
        _ if head.starts_with(b"{\\rtf") => Content::Other(File::Rtf),
        _ if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") => {
            Content::Other(File::OldOffice)
        }
        [0x1F, 0x8B, 0x08, ..] => Content::Other(File::Gzip),
        _ if head.starts_with(b"-----BEGIN ") => Content::Other(File::Pem),
        _ => return None,
    })
}

/// What is inside a SEQUENCE of DER or BER, as far as it is there. None where the bytes are none.
pub(super) fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    Some(match bytes {
        [0x30, 0x00..=0x80, rest @ ..] => rest,
        [0x30, size @ 0x81..=0x84, rest @ ..] => {
            rest.get(usize::from(size - 0x80)..).unwrap_or_default()
        }
        [0x30] => &[],
        _ => return None,
    })
}

/// Whether the content of a SEQUENCE may be that of CMS SignedData, as far as it is there.
pub(super) fn may_be_signed_data(inside: &[u8]) -> bool {
    match inside.get(..SIGNED_DATA.len()) {
        Some(start) => start == SIGNED_DATA,
        None => SIGNED_DATA.starts_with(inside),
    }
}

/// Whether the content of a SEQUENCE is that of a certificate: another one, which starts with the
/// version or, in version 1, with the serial number.
fn is_certificate(inside: &[u8]) -> bool {
    let to_be_signed = sequence(inside).unwrap_or_default();
    to_be_signed.starts_with(&[0xA0, 0x03, 0x02, 0x01]) || to_be_signed.starts_with(&[0x02])
}

/// The kind of document that a ZIP archive is, by the name of its first file.
fn zip_kind(head: &[u8]) -> Option<&'static str> {
    let name = head.get(30..)?;
    [
        (&b"[Content_Types].xml"[..], "Office (OOXML)"),
        (b"_rels/.rels", "Office (OOXML)"),
        (b"mimetype", "OpenDocument"),
    ]
    .into_iter()
    .find_map(|(first, kind)| name.starts_with(first).then_some(kind))
}

fn is_text(character: char) -> bool {
    !character.is_control() || matches!(character, '\t' | '\n' | '\r')
}

/// How much of a base64 text is decoded to know what is in it, in symbols.
const PEEK: usize = 1024;

/// What is in a content that is base64 text, where it can be recognised.
pub(super) fn base64_of(head: &[u8]) -> Option<Content> {
    let (symbols, count) = base64_start(head)?;
    let whole = count <= PEEK;
    let symbols = match whole {
        true => &symbols[..count],
        false => &symbols[..],
    };
    let inside = base64::decode_plain(symbols)?;
    match file(&inside) {
        // What is said of a few bytes holds for many texts.
        Some(Content::Other(_)) if inside.len() < 8 => None,
        Some(Content::Xml { .. }) if inside.len() < 16 && !inside.starts_with(b"<?xml") => None,
        Some(Content::Empty) => None,
        Some(content) => Some(content),
        None => {
            let text = utf8_start(&inside)?;
            let readable = text.len() >= 16 && text.chars().all(is_text);
            readable.then_some(Content::Text("UTF-8"))
        }
    }
}

/// Whether a content is nothing but a long base64 text, of whatever: letters of both cases and
/// digits in it, as no word has them.
pub(super) fn is_long_base64(head: &[u8]) -> bool {
    let Some((_, count)) = base64_start(head) else {
        return false;
    };
    let has = |is: fn(&u8) -> bool| head.iter().any(is);
    count >= 96
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && !head.iter().all(u8::is_ascii_hexdigit)
}

/// The first symbols of a text that is base64 in the standard alphabet and in full groups of four,
/// and how many it has; line breaks are passed over. None for other texts.
fn base64_start(head: &[u8]) -> Option<([u8; PEEK], usize)> {
    let mut symbols = [0; PEEK];
    let (mut count, mut padding) = (0, 0);
    for byte in head.trim_ascii() {
        match byte {
            b'\r' | b'\n' => continue,
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {}
            _ => return None,
        }
        if let Some(symbol) = symbols.get_mut(count) {
            *symbol = *byte;
        }
        count += 1;
    }
    // The head of a long content ends anywhere.
    let whole = count.is_multiple_of(4) && padding <= 2 || head.len() >= 4096;
    (whole && count >= 8).then_some((symbols, count))
}

#[cfg(test)]
mod tests {
    use super::{Words, what};
    use crate::windows_1251;
    use diadoc_core::base64;

    #[test]
    fn what_the_first_bytes_tell() {
        let in_1251 = |text: &str| text.chars().filter_map(windows_1251::encode).collect();
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let der = |start: &[u8], rest: &[u8]| [start, rest].concat();
        let zip = |name: &str| {
            let mut zip = b"PK\x03\x04".to_vec();
            zip.resize(30, 0);
            zip.extend_from_slice(name.as_bytes());
            zip
        };
        let signed_data: &[u8] = super::SIGNED_DATA;
        let declaration = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>";
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (Vec::new(), "nothing"),
            (
                in_1251(&format!("{declaration}\r\n<Файл ИдФайл=\"1\">")),
                "XML in windows-1251 with the root `Файл`",
            ),
            (
                format!("\u{feff}{declaration}<!-- <a> --><Файл/>").into(),
                "XML in UTF-8 with the root `Файл`",
            ),
            (
                utf_16("\u{feff}<?xml version=\"1.0\"?><Файл>"),
                "XML in UTF-16 with the root `Файл`",
            ),
            (
                utf_16("<?xml version=\"1.0\"?><Файл>"),
                "XML in UTF-16 with the root `Файл`",
            ),
            (
                "<Signer xmlns=\"a\"/>".into(),
                "XML in UTF-8 with the root `Signer`",
            ),
            (declaration.into(), "XML in UTF-8"),
            (b"%PDF-1.4\n%\xE2".to_vec(), "PDF 1.4"),
            (zip("word/a.xml"), "a ZIP archive"),
            (
                zip("[Content_Types].xml"),
                "a document of Office (OOXML), a ZIP archive",
            ),
            (zip("mimetype"), "a document of OpenDocument, a ZIP archive"),
            (der(&[0x30, 0x82, 1, 0], signed_data), "CMS SignedData"),
            (der(&[0x30, 0x80], signed_data), "CMS SignedData"),
            (
                der(&[0x30, 0x82, 5, 0, 0x30, 0x82, 4, 0], &[0xA0, 3, 2, 1, 2]),
                "an X.509 certificate",
            ),
            (
                der(&[0x30, 0x0B], &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86]),
                "DER of another kind",
            ),
            (vec![0xFF, 0xD8, 0xFF, 0xE0], "a JPEG image"),
            (b"\x89PNG\r\n\x1A\n\0".to_vec(), "a PNG image"),
            (b"{\\rtf1\\ansi".to_vec(), "an RTF document"),
            (
                b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0".to_vec(),
                "a document of Office up to 2003 (OLE)",
            ),
            (vec![0x1F, 0x8B, 0x08, 0], "gzip"),
            (b"-----BEGIN CERTIFICATE-----\n".to_vec(), "PEM"),
            ("Отказываюсь подписывать".into(), "text in UTF-8"),
            ("0000123456".into(), "text in UTF-8"),
            ("abcd".into(), "text in UTF-8"),
            (in_1251("Отказываюсь подписывать"), "text in windows-1251"),
            (utf_16("Отказ"), "text in UTF-16, little-endian"),
            (
                base64::encode_to_string(b"%PDF-1.4\n").into(),
                "base64 of PDF 1.4",
            ),
        ];
        for (bytes, expected) in cases {
            let found =
                what(&bytes).map(|content| content.say(Words::of(crate::Language::English)));
            assert_eq!(found.as_deref(), Some(expected), "{bytes:02x?}");
        }
    }

    #[test]
    fn what_the_first_bytes_do_not_tell() {
        for bytes in [&[0][..], &[0x30, 0x82, 1], &[0xFF, 0], b"a\0b"] {
            assert_eq!(what(bytes), None, "{bytes:02x?}");
        }
    }
}
