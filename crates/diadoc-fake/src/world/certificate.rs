//! A certificate that stands for everybody's.

use bytes::Bytes;

/// X.509 in DER, signed by itself, of an organization for tests.
const TEST: &[u8] = include_bytes!("certificate.der");

/// The certificate with which every organization of a world signs.
pub(crate) fn made_up() -> Bytes {
    Bytes::from_static(TEST)
}
