//! Compressed bytes.

use std::io::Read;

use diadoc_core::{Limit, LimitError, Limits};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use crate::{Step, Trouble};

/// What compressed bytes unpack to; none where they are not compressed.
pub(crate) fn unpack(bytes: &[u8], limits: &Limits) -> Option<Result<(Step, Vec<u8>), Trouble>> {
    let (step, name, unpacked) = match bytes {
        [0x1F, 0x8B, ..] => {
            let unpacked = read(MultiGzDecoder::new(bytes), limits);
            (Step::Gzip, "gzip", unpacked)
        }
        [0x28, 0xB5, 0x2F, 0xFD, ..] => (Step::Zstd, "zstd", zstd(bytes, limits)),
        // Two bytes are little to go by: what does not unpack is something else.
        [method, flags, ..] if is_zlib(*method, *flags) => {
            match read(ZlibDecoder::new(bytes), limits) {
                Err(Unread::Damaged(_)) => return None,
                unpacked => (Step::Zlib, "zlib", unpacked),
            }
        }
        _ => return None,
    };
    Some(match unpacked {
        Ok(bytes) => Ok((step, bytes)),
        Err(Unread::TooLong) => Err(Trouble::Limit(LimitError::new(
            Limit::Bytes,
            limits.most_bytes(),
        ))),
        Err(Unread::Damaged(why)) => Err(Trouble::Damaged { packed: name, why }),
    })
}

enum Unread {
    TooLong,
    Damaged(String),
}

/// Deflate with a window of at most 32 KiB, and a checksum over both bytes.
fn is_zlib(method: u8, flags: u8) -> bool {
    method & 0x0F == 8 && method >> 4 <= 7 && u16::from_be_bytes([method, flags]).is_multiple_of(31)
}

fn zstd(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Unread> {
    let mut rest = bytes;
    let mut all = Vec::new();
    // A file may have several frames.
    while !rest.is_empty() {
        let decoder = StreamingDecoder::new(&mut rest);
        let decoder = decoder.map_err(|error| Unread::Damaged(error.to_string()))?;
        let frame = read(decoder, limits)?;
        all.extend(frame);
        if all.len() > limits.most_bytes() {
            return Err(Unread::TooLong);
        }
    }
    Ok(all)
}

/// Reads to the end, or to one byte more than there may be.
fn read(reader: impl Read, limits: &Limits) -> Result<Vec<u8>, Unread> {
    let most = limits.most_bytes();
    let mut bytes = Vec::new();
    let mut reader = reader.take((most as u64).saturating_add(1));
    let read = reader.read_to_end(&mut bytes);
    read.map_err(|error| Unread::Damaged(error.to_string()))?;
    match bytes.len() > most {
        true => Err(Unread::TooLong),
        false => Ok(bytes),
    }
}
