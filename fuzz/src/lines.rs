//! HTTP as the target `http` has it: a first line, headers, an empty line, a body.

use bytes::Bytes;
use diadoc_api::http::{HeaderMap, HeaderName, HeaderValue};

/// What stands in the bytes; a header that could not be one is passed over.
pub fn parts(data: &[u8]) -> (&[u8], HeaderMap, Bytes) {
    let (first, mut rest) = line(data);
    let mut headers = HeaderMap::new();
    loop {
        let (header, behind) = line(rest);
        rest = behind;
        if header.is_empty() {
            break;
        }
        let colon = header.iter().position(|byte| *byte == b':');
        let (name, value) = header.split_at(colon.unwrap_or(header.len()));
        let name = HeaderName::from_bytes(name);
        let value = HeaderValue::from_bytes(value.strip_prefix(b":").unwrap_or(value));
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    (first, headers, Bytes::copy_from_slice(rest))
}

fn line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[]),
    }
}
