//! Text in other encodings than UTF-8.

use diadoc_schema::not_utf8;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1251};

use crate::Step;

/// The text of bytes that are no UTF-8, if it is known which encoding they are in.
pub(crate) fn decode(bytes: &[u8]) -> Option<(Step, String)> {
    let (name, text) = match not_utf8(bytes)? {
        name @ "UTF-16, little-endian" => (name, of(UTF_16LE, bytes)?),
        name @ "UTF-16, big-endian" => (name, of(UTF_16BE, bytes)?),
        name @ "UTF-32, little-endian" => (name, utf_32(bytes, u32::from_le_bytes)?),
        name @ "UTF-32, big-endian" => (name, utf_32(bytes, u32::from_be_bytes)?),
        name @ "windows-1251" => (name, of(WINDOWS_1251, bytes)?),
        _ => return None,
    };
    Some((Step::Encoding(name), text))
}

/// The text of bytes in the encoding of a label, as the head of HTTP declares it; none where that is
/// UTF-8, unknown, or the bytes are in another one.
pub(crate) fn declared(label: &str, bytes: &[u8]) -> Option<(Step, String)> {
    let encoding = Encoding::for_label(label.as_bytes())?;
    match encoding == encoding_rs::UTF_8 {
        true => None,
        false => Some((Step::Encoding(encoding.name()), of(encoding, bytes)?)),
    }
}

fn of(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
    (!had_errors).then(|| text.into_owned())
}

fn utf_32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<4>();
    let text: Option<String> = units.iter().map(|one| char::from_u32(unit(*one))).collect();
    let text = text.filter(|_| rest.is_empty())?;
    Some(
        text.strip_prefix('\u{feff}')
            .map_or(text.clone(), str::to_owned),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_other_encodings() {
        let text = r#"{"Title": "Акт — сверки"}"#;
        let utf_16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
        let marked = format!("\u{feff}{text}");
        let utf_32 = |order: fn(u32) -> [u8; 4]| {
            marked
                .chars()
                .flat_map(|letter| order(letter.into()))
                .collect()
        };
        let bytes: [Vec<u8>; 5] = [
            utf_16(u16::to_le_bytes),
            utf_16(u16::to_be_bytes),
            utf_32(u32::to_le_bytes),
            utf_32(u32::to_be_bytes),
            WINDOWS_1251.encode(text).0.into_owned(),
        ];
        for bytes in bytes {
            assert_eq!(decode(&bytes).unwrap().1, text);
        }
        let (koi8, ..) = encoding_rs::KOI8_R.encode("Акт");
        assert_eq!(
            declared("koi8-r", &koi8),
            Some((Step::Encoding("KOI8-R"), "Акт".to_owned()))
        );
        assert_eq!(declared("utf-8", "Акт".as_bytes()), None);
        assert_eq!(declared("of my own", b"a"), None);
        assert_eq!(decode(text.as_bytes()), None);
    }
}
