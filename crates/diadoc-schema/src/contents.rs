//! Looks into the bytes of bodies: documents, signatures, certificates, texts.
//!
//! What the bytes of a field are stands in the schema, the option `content`. Here their first bytes
//! are held against it. Nothing is parsed: a look costs the same for every content, and samples that
//! were cut short pass.

mod look;
mod words;
mod xml;

use diadoc_core::{Language, fill};

use self::look::{base64_of, is_long_base64, may_be_signed_data, sequence, what};
use self::words::Words;
use self::xml::Xml;
use crate::collector::Collector;
use crate::texts::utf8_start;
use crate::{Deviation, Finding, Span};

/// How many bytes of a content are looked at.
const HEAD: usize = 16 * 1024;

/// Fewer bytes are a sample: nothing is said of them that is not certain.
const SAMPLE: usize = 16;

/// What the bytes of a field are, as `Diadoc.Rules.ContentKind` lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentKind {
    /// A file of any format.
    Document,
    /// CMS SignedData in DER.
    Signature,
    /// An X.509 certificate in DER.
    Certificate,
    /// Text in UTF-8.
    Text,
    /// An XML file.
    Xml,
}

impl ContentKind {
    /// The kind of a number in the schema's options.
    pub fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::Document,
            2 => Self::Signature,
            3 => Self::Certificate,
            4 => Self::Text,
            5 => Self::Xml,
            _ => return None,
        })
    }

    /// What the bytes are, as a phrase: `an XML file`.
    pub fn phrase(self, language: Language) -> &'static str {
        let words = Words::of(language);
        match self {
            Self::Document => words.document,
            Self::Signature => words.signature,
            Self::Certificate => words.certificate,
            Self::Text => words.text,
            Self::Xml => words.xml,
        }
    }

    /// Bytes that are taken for such.
    pub(crate) fn sample(self) -> &'static [u8] {
        match self {
            Self::Document | Self::Text => b"Sample",
            Self::Signature => b"\x30\x82\x0B\x11\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02",
            Self::Certificate => b"\x30\x82\x05\x16\x30\x82\x04\xC3\xA0\x03\x02\x01\x02\x02\x10",
            Self::Xml => b"<Sample/>",
        }
    }
}

/// What is wrong with a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentFault {
    pub(crate) deviation: Deviation,
    pub(crate) message: String,
    pub(crate) expected: String,
    /// What the content is instead, where its first bytes tell.
    pub(crate) found: Option<String>,
    /// Whether the look leaves no doubt.
    pub(crate) exact: bool,
}

/// Holds the first bytes of a content against what is due.
pub(crate) fn faults(bytes: &[u8], due: ContentKind, language: Language) -> Vec<ContentFault> {
    let words = Words::of(language);
    let head = &bytes[..bytes.len().min(HEAD)];
    let mut faults = Vec::new();
    let mut add = |deviation, exact, message: String, expected: Option<String>| {
        faults.push(ContentFault {
            deviation,
            message,
            expected: expected.unwrap_or_else(|| due.phrase(language).to_owned()),
            found: what(bytes).map(|content| content.say(words)),
            exact,
        });
    };
    if head.is_empty() {
        let message = words.empty.to_owned();
        add(Deviation::ContentEmpty, true, message, None);
        return faults;
    }
    let start = &head[..head.len().min(4096)];
    let inside = base64_of(start);
    if inside.is_some() || is_long_base64(start) {
        let message = match &inside {
            Some(inside) => fill(words.base64_twice_of, &[&inside.say(words)]),
            None => words.base64_twice.to_owned(),
        };
        add(
            Deviation::ContentBase64Twice,
            inside.is_some(),
            message,
            None,
        );
    }
    match due {
        ContentKind::Document => {}
        ContentKind::Signature => not_cms(head, true, may_be_signed_data, words, &mut add),
        // Readers of certificates mostly take PEM, base64 and CMS, too.
        ContentKind::Certificate => not_cms(head, false, may_be_sequence, words, &mut add),
        ContentKind::Text => not_text(head, words, &mut add),
        ContentKind::Xml => not_xml(head, words, &mut add),
    }
    // A signature or certificate that is XML is told above.
    let may_be_xml = matches!(due, ContentKind::Document | ContentKind::Xml);
    if let Some(xml) = Xml::new(head).filter(|_| may_be_xml)
        && (due == ContentKind::Xml || xml.is_declared())
        && let Some(mismatch) = xml.mismatch()
    {
        let due = mismatch.due.say(words);
        let found = mismatch.found.unwrap_or(words.one_byte);
        let message = fill(words.other_encoding, &[&due, &found]);
        add(
            Deviation::ContentXmlEncoding,
            mismatch.refused,
            message,
            Some(due),
        );
    }
    faults
}

/// Takes what is wrong as a kind, whether it is exact, what is wrong, and what is due where that is not the kind.
type Add<'a> = dyn FnMut(Deviation, bool, String, Option<String>) + 'a;

/// What starts as no SEQUENCE, or has something else in it than is due.
fn not_cms(head: &[u8], exact: bool, may_be: fn(&[u8]) -> bool, words: &Words, add: &mut Add<'_>) {
    let message = match sequence(head) {
        Some(inside) if may_be(inside) => return,
        Some(_) => words.other_der.to_owned(),
        None => match head {
            [0x30, size, ..] => fill(words.no_length, &[&hex(*size)]),
            [first, ..] => fill(words.no_der, &[&hex(*first)]),
            [] => return,
        },
    };
    let exact = exact && sequence(head).is_none();
    add(Deviation::ContentNotCms, exact, message, None);
}

fn hex(byte: u8) -> String {
    format!("{byte:02x}")
}

fn may_be_sequence(inside: &[u8]) -> bool {
    matches!(inside, [] | [0x30, ..])
}

fn not_text(head: &[u8], words: &Words, add: &mut Add<'_>) {
    let message = match utf8_start(head) {
        None => words.not_utf8,
        Some(_) if head.len() < SAMPLE => return,
        Some(_) if head.contains(&0) => words.zeros,
        Some(text) if text.trim_start_matches('\u{feff}').starts_with("<?xml") => {
            words.xml_for_text
        }
        Some(text) if text.starts_with("%PDF-") => words.pdf_for_text,
        Some(_) => return,
    };
    add(Deviation::ContentXmlInText, true, message.to_owned(), None);
}

/// What does not start with `<` is no XML in any encoding; its first character may be cut short.
fn not_xml(head: &[u8], words: &Words, add: &mut Add<'_>) {
    let behind_mark = match head {
        [0xEF, 0xBB, 0xBF, rest @ ..] | [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] => rest,
        rest => rest.trim_ascii_start(),
    };
    match behind_mark {
        [] | [b'<', ..] | [0] | [0, b'<', ..] => {}
        _ => {
            add(
                Deviation::ContentNotXml,
                true,
                words.no_xml.to_owned(),
                None,
            );
        }
    }
}

/// What the bytes of a field are of which the schema says that; `documents` is what it says of the
/// documents in the message around it.
pub(crate) fn due(
    kind: Option<ContentKind>,
    documents: Option<ContentKind>,
) -> Option<ContentKind> {
    let kind = kind?;
    let is_document = kind == ContentKind::Document;
    Some(documents.filter(|_| is_document).unwrap_or(kind))
}

/// Looks into the bytes of a field of which something is due.
pub(crate) fn check(due: ContentKind, bytes: &[u8], span: Span, findings: &mut Collector) {
    if !findings.checks.contents {
        return;
    }
    let language = findings.language();
    for fault in faults(bytes, due, language) {
        let mut finding = Finding::new(fault.deviation, span, fault.message);
        finding.found = fault.found;
        findings.add_looked(finding.expected(fault.expected), fault.exact);
    }
    if let Some(content) = what(bytes) {
        findings.add_content(content.say(Words::of(language)));
    }
}

#[cfg(test)]
mod tests;
