//! Bytes: base64, standard or URL-safe, padded or not (R6).

use base64_simd::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// The bytes of a text, or `None` where it is none of the four spellings.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
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

/// Why [`decode`] took a text for none of the four.
#[cold]
pub fn reason(text: &str) -> String {
    let url_safe = text.contains(['-', '_']);
    let is_symbol = |byte: u8| match byte {
        b'-' | b'_' => url_safe,
        b'+' | b'/' => !url_safe,
        other => other.is_ascii_alphanumeric(),
    };
    let symbols = text.trim_end_matches('=');
    let padding = text.len() - symbols.len();
    let stranger = symbols
        .char_indices()
        .find(|(_, symbol)| !symbol.is_ascii() || !is_symbol(*symbol as u8));
    match (stranger, symbols.len() % 4) {
        (Some((at, symbol)), _) => format!("`{symbol}` at {at} is no symbol"),
        (None, 1) => "its length fits no number of bytes".into(),
        (None, rest) if padding > 0 && (padding > 2 || !(rest + padding).is_multiple_of(4)) => {
            "its padding does not fit its length".into()
        }
        (None, _) => "its last symbol has bits beyond the last byte".into(),
    }
}
