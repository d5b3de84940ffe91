use diadoc_core::{Language, base64};

use super::ContentKind::{Certificate, Document, Signature, Text, Xml};
use super::{ContentKind, faults, what};
use crate::windows_1251;

fn in_1251(text: &str) -> Vec<u8> {
    text.chars().filter_map(windows_1251::encode).collect()
}

fn in_utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn xml(encoding: &str, rest: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{rest}")
}

/// The start of CMS SignedData, and of a certificate.
const CMS: &[u8] = b"\x30\x82\x0B\x11\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x82\x0B";
const X509: &[u8] = b"\x30\x82\x05\x16\x30\x82\x04\xC3\xA0\x03\x02\x01\x02\x02\x10\x55\x04\x03";

fn assert_faults(bytes: &[u8], due: ContentKind, expected: &[&str]) {
    let found: Vec<_> = faults(bytes, due, Language::English)
        .into_iter()
        .map(|fault| {
            format!(
                "{}{}",
                fault.deviation.verdict().rule,
                if fault.exact { "!" } else { "" }
            )
        })
        .collect();
    assert_eq!(found, expected, "{due:?}: {}", bytes.escape_ascii());
}

#[test]
fn contents_that_are_what_is_due() {
    for (bytes, kinds) in [
        // Samples cut short, as examples have them.
        (b"<?x".to_vec(), &[Document, Xml, Text][..]),
        (b"<".to_vec(), &[Document, Xml, Text]),
        (b"%PDF-1.4\n".to_vec(), &[Document, Text]),
        (
            b"\x30\x82\x01".to_vec(),
            &[Document, Signature, Certificate],
        ),
        (
            b"\x30\x82\x0D".to_vec(),
            &[Document, Signature, Certificate],
        ),
        (b"\x30".to_vec(), &[Document, Signature, Certificate]),
        (b"\x30\x80\x06\x09".to_vec(), &[Document, Signature]),
        (CMS.to_vec(), &[Document, Signature]),
        (X509.to_vec(), &[Document, Certificate]),
        // Short texts that are base64 by chance, and long ones that mean something.
        (b"test".to_vec(), &[Document, Text]),
        (b"abcd".to_vec(), &[Document, Text]),
        (b"MIIB".to_vec(), &[Document, Text]),
        (b"PD94".to_vec(), &[Document, Text]),
        (b"passwordpasswordpassword".to_vec(), &[Document, Text]),
        (b"UniversalTransferDocument000".to_vec(), &[Document, Text]),
        (
            b"9d2fc4b162b84c0cb5a46a0b33bb4a4b".repeat(4),
            &[Document, Text],
        ),
        ("Отказ: сумма неверна".into(), &[Document, Text]),
        (xml("UTF-8", "<Файл Имя=\"Акт\"/>").into(), &[Document, Xml]),
        (xml("utf-8", "<File/>").into(), &[Document, Xml]),
        (
            in_1251(&xml("windows-1251", "<Файл Имя=\"Акт\"/>")),
            &[Document, Xml],
        ),
        (
            xml("windows-1251", "<File Name=\"Act\"/>").into(),
            &[Document, Xml],
        ),
        (
            xml("windows-1251", "<File Name=\"Acté\"/>").into(),
            &[Document, Xml],
        ),
        (xml("x-mac", "<Файл/>").into(), &[Document, Xml]),
        ("<Файл Имя=\"Акт\"/>".into(), &[Document, Xml]),
        (
            format!("\u{feff}{}", xml("UTF-8", "<Файл/>")).into(),
            &[Document, Xml],
        ),
        (
            in_utf_16(&format!("\u{feff}{}", xml("UTF-16", "<Файл/>"))),
            &[Document, Xml],
        ),
        (in_utf_16("\u{feff}<Файл/>"), &[Document, Xml]),
        // Cut within a letter.
        (
            xml("UTF-8", "<Файл").as_bytes()[..42].to_vec(),
            &[Document, Xml],
        ),
        // HTML names its encoding elsewhere.
        (in_1251("<html><body>Акт</body></html>"), &[Document]),
        (in_1251("Акт сверки"), &[Document]),
        (vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 74, 70], &[Document]),
    ] {
        for due in kinds {
            assert_faults(&bytes, *due, &[]);
        }
    }
}

#[test]
fn contents_that_are_something_else() {
    let (twice, not_cms) = ("content.base64-twice", "content.not-cms");
    let (encoding, in_text) = ("content.xml-encoding", "content.xml-in-text");
    let not_xml = "content.not-xml";
    let sure = |rule: &str| format!("{rule}!");
    let base64 = |bytes: &[u8]| base64::encode_to_string(bytes).into_bytes();
    let lines = |bytes: &[u8]| {
        let text = base64(bytes);
        text.chunks(76).collect::<Vec<_>>().join(&b"\r\n"[..])
    };
    let noise: Vec<u8> = (0..200u32).map(|n| (n * n * 7 + n / 3) as u8).collect();
    let utf_8_as_1251 = xml("windows-1251", "<Файл Имя=\"Акт\"/>");
    let in_values = xml("windows-1251", "<!-- Акт --><File Name=\"Акт\">Акт</File>");
    for (bytes, due, expected) in [
        (vec![], Document, vec![sure("content.empty")]),
        (vec![], Signature, vec![sure("content.empty")]),
        (base64(b"%PDF-1.4\n"), Document, vec![sure(twice)]),
        (
            base64(xml("UTF-8", "").as_bytes()),
            Document,
            vec![sure(twice)],
        ),
        (
            base64("<Файл Имя=\"Акт\"/>".as_bytes()),
            Document,
            vec![sure(twice)],
        ),
        (
            base64("Отказ: сумма неверна".as_bytes()),
            Text,
            vec![sure(twice)],
        ),
        (
            lines(&[b"%PDF-1.4\n", &noise[..]].concat()),
            Document,
            vec![sure(twice)],
        ),
        (base64(&noise), Document, vec![twice.to_owned()]),
        (base64(&noise.repeat(500)), Document, vec![twice.to_owned()]),
        (base64(CMS), Signature, vec![sure(twice), sure(not_cms)]),
        (
            base64(X509),
            Certificate,
            vec![sure(twice), not_cms.to_owned()],
        ),
        (
            base64(b"<Signer/>  <!-- -->"),
            Xml,
            vec![sure(twice), sure(not_xml)],
        ),
        (b"ABC".to_vec(), Signature, vec![sure(not_cms)]),
        (
            b"-----BEGIN CMS-----".to_vec(),
            Signature,
            vec![sure(not_cms)],
        ),
        (
            b"-----BEGIN CERTIFICATE-----".to_vec(),
            Certificate,
            vec![not_cms.to_owned()],
        ),
        (b"\x30\x85\x01".to_vec(), Signature, vec![sure(not_cms)]),
        (X509.to_vec(), Signature, vec![not_cms.to_owned()]),
        (CMS.to_vec(), Certificate, vec![not_cms.to_owned()]),
        (
            xml("UTF-8", "<Файл/>").into(),
            Signature,
            vec![sure(not_cms)],
        ),
        (
            in_1251(&xml("UTF-8", "<Файл/>")),
            Document,
            vec![sure(encoding)],
        ),
        (
            in_1251(&xml("utf-8", "<File>Акт</File>")),
            Xml,
            vec![sure(encoding)],
        ),
        (
            in_1251("<?xml version=\"1.0\"?><Файл/>"),
            Document,
            vec![sure(encoding)],
        ),
        (in_1251("<Файл Имя=\"Акт\"/>"), Xml, vec![sure(encoding)]),
        (utf_8_as_1251.clone().into(), Document, vec![sure(encoding)]),
        (
            format!("\u{feff}{utf_8_as_1251}").into(),
            Xml,
            vec![sure(encoding)],
        ),
        // The letters are read wrongly, but read.
        (in_values.into(), Document, vec![encoding.to_owned()]),
        (
            xml("utf-16", "<File/>").into(),
            Document,
            vec![sure(encoding)],
        ),
        (
            in_utf_16(&format!("\u{feff}{}", xml("utf-8", "<Файл/>"))),
            Document,
            vec![sure(encoding)],
        ),
        (
            in_1251(&xml("windows-1251", "<Файл/>")),
            Text,
            vec![sure(in_text)],
        ),
        (in_1251("Отказ"), Text, vec![sure(in_text)]),
        (xml("UTF-8", "<Файл/>").into(), Text, vec![sure(in_text)]),
        (
            b"%PDF-1.4\n%%EOF\n%%EOF".to_vec(),
            Text,
            vec![sure(in_text)],
        ),
        (
            in_utf_16("Refused: the sum is wrong"),
            Text,
            vec![sure(in_text)],
        ),
        (X509.to_vec(), Xml, vec![sure(not_xml)]),
        ("Отказ".into(), Xml, vec![sure(not_xml)]),
    ] {
        let expected: Vec<_> = expected.iter().map(String::as_str).collect();
        assert_faults(&bytes, due, &expected);
    }
}

#[test]
fn what_is_said_of_a_fault() {
    let bytes = xml("windows-1251", "<Файл Имя=\"Акт\"/>").into_bytes();
    let fault = faults(&bytes, Document, Language::English).remove(0);
    let said = (&*fault.message, &*fault.expected, fault.found.as_deref());
    assert_eq!(
        said,
        (
            "the bytes of the XML are not windows-1251, as the XML declaration says, but UTF-8",
            "windows-1251, as the XML declaration says",
            Some("XML in UTF-8 with the root `Файл`")
        )
    );
    let bytes = base64::encode_to_string(CMS).into_bytes();
    let fault = faults(&bytes, Signature, Language::English).remove(0);
    let said = (&*fault.message, &*fault.expected, fault.found.as_deref());
    assert_eq!(
        said,
        (
            "the content is base64 text of CMS SignedData: it was encoded twice",
            "CMS SignedData in DER",
            Some("base64 of CMS SignedData")
        )
    );
}

/// Starts that send a look into each of its branches.
const STARTS: &[&[u8]] = &[
    b"",
    b"<?xml version=\"1.0\" encoding=",
    b"<?xml encoding=\"windows-1251\"?><",
    b"<?xml encoding='utf-8'?><!--",
    b"\xFF\xFE<\0?\0x\0m\0l\0",
    b"\xFE\xFF\0<",
    b"\xEF\xBB\xBF<",
    b"\x30\x82",
    b"%PDF-",
    b"PK\x03\x04",
    b"JVBERi0x",
];

#[test]
fn no_content_panics() {
    // A generator of numbers that is good enough here.
    let mut state = 7u64;
    let mut next = move || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as u8
    };
    let texts: &[u8] = b"<>?!-=/\"' \r\nxmlAZ09+\xD0\xA4\0";
    for round in 0..20_000 {
        let mut bytes = STARTS[round % STARTS.len()].to_vec();
        for _ in 0..next() % 64 {
            bytes.push(match round % 3 {
                0 => next(),
                _ => texts[usize::from(next()) % texts.len()],
            });
        }
        for due in [Document, Signature, Certificate, Text, Xml] {
            let _ = faults(&bytes, due, Language::English);
        }
        let _ = what(&bytes);
    }
}

#[test]
fn a_look_goes_no_further_than_the_first_bytes() {
    for start in STARTS {
        for filler in [b'A', b' ', b'<', 0xD0, 0] {
            let long = |size: usize| [start, &vec![filler; size][..]].concat();
            let (short, long) = (long(1 << 16), long(1 << 20));
            for due in [Document, Signature, Certificate, Text, Xml] {
                assert_eq!(
                    faults(&short, due, Language::English),
                    faults(&long, due, Language::English)
                );
            }
        }
    }
}
