//! Brings a buffer of any type into the one form that [`Reader`] has.

use diadoc_core::Limits;
use prost::bytes::{Buf, BufMut as _, Bytes};
use prost::encoding::{DecodeContext, WireType, decode_varint, encode_varint, skip_field};

use super::{Fields, Reader, Result, faults};

/// From how many bytes on content is worth sharing: copying fewer takes less time than to ask.
pub(super) const WORTH_SHARING: usize = 256;

/// Reads all of a buffer into a message.
pub(crate) fn merge(message: &mut dyn Fields, buf: impl Buf) -> Result {
    merge_within(message, buf, &Limits::new())
}

/// The same, within limits.
pub(crate) fn merge_within(message: &mut dyn Fields, mut buf: impl Buf, limits: &Limits) -> Result {
    limits.check_bytes(buf.remaining()).map_err(faults::limit)?;
    if is_taken_out(&mut buf) {
        let bytes = buf.copy_to_bytes(buf.remaining());
        return Reader::sharing(&bytes, limits).whole(message);
    }
    let mut reader = Reader::new(buf.chunk(), limits);
    let read = reader.whole(message);
    let at = reader.at();
    buf.advance(at);
    read
}

/// Reads a field whose key has been read, as prost asks for it where the message stands in one of
/// another schema.
pub(crate) fn merge_field(
    message: &mut dyn Fields,
    number: u32,
    wire_type: WireType,
    buf: &mut impl Buf,
    context: DecodeContext,
) -> Result {
    let names = message.names();
    if names.of(number).is_none() {
        return skip_field(wire_type, number, buf, context);
    }
    with_reader(wire_type, buf, |reader| {
        message.read_field(number, reader)?;
        // prost looks before it goes deeper, but does not tell how deep it may go.
        faults::check_levels(reader.needed(), context)
    })
    .map_err(|error| faults::within(error, names, number))
}

/// Calls `read` with a reader of the field that `buf` is at, behind its key.
fn with_reader(
    wire_type: WireType,
    buf: &mut impl Buf,
    read: impl FnOnce(&mut Reader<'_>) -> Result,
) -> Result {
    let limits = Limits::new();
    if is_taken_out(buf) {
        let field = take_field(wire_type, buf)?;
        return read(&mut Reader::sharing(&field, &limits).within_field(wire_type));
    }
    let mut reader = Reader::new(buf.chunk(), &limits).within_field(wire_type);
    let result = read(&mut reader);
    let at = reader.at();
    buf.advance(at);
    result
}

/// Whether the bytes are to be taken out of the buffer before they are read: because they do not lie in
/// one piece, or because `Bytes` of it cost nothing, and content can be shared then.
///
/// prost asks the buffer for `Bytes` at each content. A reader that does not depend on the type of the
/// buffer cannot; so it has to be known before, and empty `Bytes` tell by where they point. Were it
/// wrong, content would be copied that could be shared, or once more than needed.
pub(super) fn is_taken_out(buf: &mut impl Buf) -> bool {
    let chunk = buf.chunk();
    let (start, length) = (chunk.as_ptr(), chunk.len());
    length < buf.remaining() || length >= WORTH_SHARING && buf.copy_to_bytes(0).as_ptr() == start
}

/// Takes the value of a field out of a buffer, with its length where it has one.
fn take_field(wire_type: WireType, buf: &mut impl Buf) -> Result<Bytes> {
    let mut field = Vec::new();
    let length = match wire_type {
        WireType::Varint => {
            encode_varint(decode_varint(buf)?, &mut field);
            0
        }
        WireType::SixtyFourBit => 8,
        WireType::ThirtyTwoBit => 4,
        WireType::LengthDelimited => {
            let mut chunk = buf.chunk();
            let before = chunk.len();
            // Where the length lies in one piece, so may the rest, and can be shared.
            if let Ok(length) = decode_varint(&mut chunk)
                && length <= chunk.len() as u64
            {
                let own = before - chunk.len();
                return Ok(buf.copy_to_bytes(own + length as usize));
            }
            let length = decode_varint(buf)?;
            encode_varint(length, &mut field);
            length
        }
        // No message has a group: the reader says so.
        WireType::StartGroup | WireType::EndGroup => 0,
    };
    if length > buf.remaining() as u64 {
        return Err(faults::cut());
    }
    field.put(buf.take(length as usize));
    Ok(field.into())
}
