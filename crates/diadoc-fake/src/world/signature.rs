//! Signatures: made-up ones, and the check that stands for the operator's.

use bytes::Bytes;

/// Bytes with which a signature begins that the check finds wrong. A test that wants to see what becomes
/// of a wrong signature sends them, alone or with more behind them.
pub const BAD_SIGNATURE: &[u8] = b"\x30\x80BAD SIGNATURE";

/// Begins a CMS message: a sequence with the type `signedData`.
const SIGNED_DATA: [u8; 11] = [
    0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02,
];

/// Bytes that stand for a signature: they have the frame of a CMS message, with a text in it in the place
/// of a signature, and sign nothing.
pub(crate) fn made_up(text: &str) -> Bytes {
    let inner = tlv(0x0C, text.as_bytes());
    let content = tlv(0xA0, &inner);
    tlv(0x30, &[&SIGNED_DATA[..], &content].concat()).into()
}

/// Whether a signature counts as right.
///
/// The fake verifies no signature: it takes any bytes for one, since a test has no qualified certificate.
/// Wrong is what begins with [`BAD_SIGNATURE`].
pub(crate) fn is_right(signature: &[u8], _signed: &[u8]) -> bool {
    !signature.starts_with(BAD_SIGNATURE)
}

/// Tag, length and value in DER; of values of less than 64 KiB.
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    match length.to_be_bytes() {
        [0, short] if short < 0x80 => out.push(short),
        [0, short] => out.extend([0x81, short]),
        long => {
            out.push(0x82);
            out.extend(long);
        }
    }
    out.extend(value);
    out
}

#[cfg(test)]
mod tests {
    use super::{BAD_SIGNATURE, is_right, made_up};

    #[test]
    fn a_made_up_signature_is_a_sequence_of_its_length() {
        let bytes = made_up("подпись");
        assert_eq!(bytes[0], 0x30);
        assert_eq!(usize::from(bytes[1]), bytes.len() - 2);
        let long = made_up(&"а".repeat(100));
        assert_eq!(long[1], 0x81);
        assert_eq!(usize::from(long[2]), long.len() - 3);
    }

    #[test]
    fn only_a_marked_signature_is_wrong() {
        assert!(is_right(b"anything", b"content"));
        assert!(!is_right(
            &[BAD_SIGNATURE, b" of mine"].concat(),
            b"content"
        ));
    }
}
