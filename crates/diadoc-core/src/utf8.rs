//! Text among bytes.

use ascii::AsAsciiStr as _;

/// The text of bytes; none where they are not UTF-8.
///
/// Most texts of a body are short and ASCII, and that is seen sooner than that they are UTF-8.
///
/// ```
/// use diadoc_core::utf8::text;
///
/// assert_eq!(text(b"Invoice"), Some("Invoice"));
/// assert_eq!(text("Счет".as_bytes()), Some("Счет"));
/// assert_eq!(text(b"\xff"), None);
/// ```
#[inline]
pub fn text(bytes: &[u8]) -> Option<&str> {
    if bytes.len() < 64
        && let Ok(text) = bytes.as_ascii_str()
    {
        return Some(text.as_str());
    }
    simdutf8::basic::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::text;

    /// Of lengths on both sides of what is looked at in another way.
    #[test]
    fn as_the_standard_library_does() {
        for length in (0..80).chain([1_000]) {
            for piece in [&b"a"[..], "я".as_bytes(), b"\xff", b"\xd1", b"\0"] {
                for at in [0, length / 2, length] {
                    let mut bytes = vec![b'a'; length];
                    bytes.splice(at..at, piece.iter().copied());
                    assert_eq!(text(&bytes), std::str::from_utf8(&bytes).ok(), "{bytes:?}");
                }
            }
        }
    }
}
