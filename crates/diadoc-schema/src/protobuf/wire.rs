//! A reader of protobuf's wire format that says where and why it stops.

use std::ops::Range;

use diadoc_core::fill;

use super::words::Words;
use crate::Deviation;

/// How deep messages may be nested below the body; the same limit as prost's.
pub(crate) const MAX_DEPTH: usize = diadoc_core::Limits::DEPTH;

/// The largest length that protobuf allows.
const MAX_LENGTH: u64 = i32::MAX as u64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WireType {
    Varint,
    Fixed64,
    Length,
    GroupStart,
    GroupEnd,
    Fixed32,
}

impl WireType {
    /// What it is, as a phrase.
    pub(crate) fn say(self, words: &Words) -> &'static str {
        match self {
            Self::Varint => "varint",
            Self::Fixed64 => "fixed64",
            Self::Length => words.length_delimited,
            Self::GroupStart => words.group,
            Self::GroupEnd => words.group_end,
            Self::Fixed32 => "fixed32",
        }
    }
}

/// What a field begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub number: u32,
    pub wire_type: WireType,
    /// Where the field begins.
    pub start: usize,
}

/// A value as it stands on the wire; a group's fields come after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Varint(u64),
    Fixed64(u64),
    /// Where the content lies, without its length.
    Length(Range<usize>),
    Group,
    Fixed32(u32),
}

/// Why reading cannot go on, and the bytes that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub cause: Cause,
    pub bytes: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The body itself ends inside a field, which lacks at least that many bytes.
    BodyEnds(usize),
    /// A message or packed list inside the body ends inside a field.
    MessageEnds,
    VarintTooLong,
    LengthTooLarge(u64),
    KeyTooLarge(u64),
    FieldZero,
    WireTypeUnknown(u8),
    GroupEnd(u32),
    TooDeep,
}

impl Cause {
    pub(crate) fn deviation(self) -> Deviation {
        match self {
            Self::BodyEnds(_) => Deviation::WireTruncated,
            Self::TooDeep => Deviation::WireDepth,
            _ => Deviation::WireMalformed,
        }
    }

    /// What is wrong, as a phrase.
    pub(crate) fn say(self, words: &Words) -> String {
        match self {
            Self::BodyEnds(1) => words.a_byte_missing.to_owned(),
            Self::BodyEnds(missing) => fill(words.bytes_missing, &[&missing]),
            Self::MessageEnds => words.message_ends.to_owned(),
            Self::VarintTooLong => words.varint_too_long.to_owned(),
            Self::LengthTooLarge(length) => fill(words.length_too_large, &[&length]),
            Self::KeyTooLarge(key) => fill(words.key_too_large, &[&(key >> 3)]),
            Self::FieldZero => words.field_zero.to_owned(),
            Self::WireTypeUnknown(number) => fill(words.no_wire_type, &[&number]),
            Self::GroupEnd(number) => fill(words.group_not_open, &[&number]),
            Self::TooDeep => fill(words.too_deep, &[&MAX_DEPTH]),
        }
    }
}

/// Whether bytes are fields of protobuf from the first to the last, at least one; of which message, nobody
/// asks.
///
/// ```
/// assert!(diadoc_schema::is_protobuf(b"\x0a\x01a"));
/// assert!(!diadoc_schema::is_protobuf(b"{}"));
/// ```
pub fn is_protobuf(bytes: &[u8]) -> bool {
    let mut reader = WireReader::new(bytes);
    while !reader.is_empty() {
        let read = reader.key().and_then(|key| reader.skip(key, 0));
        if read.is_err() {
            return false;
        }
    }
    !bytes.is_empty()
}

/// Reads a part of a body, of which it keeps the offsets.
#[derive(Debug, Clone)]
pub(crate) struct WireReader<'a> {
    body: &'a [u8],
    position: usize,
    end: usize,
    /// Whether the part is the whole body. A part whose length is known lies in the body in full,
    /// so what goes beyond its end is wrong rather than cut off.
    whole: bool,
}

impl<'a> WireReader<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Self {
        Self {
            body,
            position: 0,
            end: body.len(),
            whole: true,
        }
    }

    /// A reader of a part that [`WireReader::value`] gave.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        Self {
            body: self.body,
            position: range.start,
            end: range.end.min(self.body.len()),
            whole: false,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.position >= self.end
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// The bytes of a part that [`WireReader::value`] gave.
    pub(crate) fn content(&self, range: Range<usize>) -> &'a [u8] {
        self.body.get(range).unwrap_or_default()
    }

    /// A field's number and wire type.
    pub(crate) fn key(&mut self) -> Result<Key, Broken> {
        let start = self.position;
        let key = self.varint()?;
        let broken = |cause| Broken {
            cause,
            bytes: start..self.position,
        };
        let Ok(short) = u32::try_from(key) else {
            return Err(broken(Cause::KeyTooLarge(key)));
        };
        let wire_type = match short & 7 {
            0 => WireType::Varint,
            1 => WireType::Fixed64,
            2 => WireType::Length,
            3 => WireType::GroupStart,
            4 => WireType::GroupEnd,
            5 => WireType::Fixed32,
            other => return Err(broken(Cause::WireTypeUnknown(other as u8))),
        };
        match short >> 3 {
            0 => Err(broken(Cause::FieldZero)),
            number => Ok(Key {
                number,
                wire_type,
                start,
            }),
        }
    }

    /// The value that follows a key; nothing is read for the bounds of a group.
    pub(crate) fn value(&mut self, wire_type: WireType) -> Result<Value, Broken> {
        Ok(match wire_type {
            WireType::Varint => Value::Varint(self.varint()?),
            WireType::Fixed64 => Value::Fixed64(u64::from_le_bytes(self.fixed()?)),
            WireType::Fixed32 => Value::Fixed32(u32::from_le_bytes(self.fixed()?)),
            WireType::GroupStart | WireType::GroupEnd => Value::Group,
            WireType::Length => {
                let start = self.position;
                let length = self.varint()?;
                if length > MAX_LENGTH {
                    return Err(Broken {
                        cause: Cause::LengthTooLarge(length),
                        bytes: start..self.position,
                    });
                }
                let content = self.position;
                self.advance(length as usize, start)?;
                Value::Length(content..self.position)
            }
        })
    }

    /// Reads past a value in a message that lies `depth` deep. A group goes with all that it holds. The
    /// value is a level, and so is each in a group, whatever it is: readers count so.
    pub(crate) fn skip(&mut self, key: Key, depth: usize) -> Result<Value, Broken> {
        let start = self.position;
        let too_deep = |reader: &Self| Broken {
            cause: Cause::TooDeep,
            bytes: start..reader.position,
        };
        if depth == MAX_DEPTH {
            return Err(too_deep(self));
        }
        let value = self.value(key.wire_type)?;
        if key.wire_type != WireType::GroupStart {
            return Ok(value);
        }
        let mut open = vec![key.number];
        while let Some(&innermost) = open.last() {
            let key = self.key()?;
            if key.wire_type != WireType::GroupEnd && depth + open.len() == MAX_DEPTH {
                return Err(too_deep(self));
            }
            match key.wire_type {
                WireType::GroupEnd if key.number == innermost => {
                    open.pop();
                }
                WireType::GroupEnd => {
                    return Err(Broken {
                        cause: Cause::GroupEnd(key.number),
                        bytes: key.start..self.position,
                    });
                }
                WireType::GroupStart => open.push(key.number),
                wire_type => {
                    self.value(wire_type)?;
                }
            }
        }
        Ok(value)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, Broken> {
        let start = self.position;
        let mut number = 0u64;
        for shift in (0..70).step_by(7) {
            let byte = self.body[..self.end].get(self.position).copied();
            let Some(byte) = byte else {
                return Err(self.ends(start, 1));
            };
            self.position += 1;
            // The tenth byte has room for one bit.
            if shift == 63 && byte > 1 {
                break;
            }
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Broken {
            cause: Cause::VarintTooLong,
            bytes: start..self.position,
        })
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let start = self.position;
        self.advance(N, start)?;
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.body[start..self.position]);
        Ok(bytes)
    }

    fn advance(&mut self, length: usize, start: usize) -> Result<(), Broken> {
        let left = self.end - self.position;
        if length > left {
            return Err(self.ends(start, length - left));
        }
        self.position += length;
        Ok(())
    }

    /// What is wrong with a field that starts there and lacks bytes.
    pub(crate) fn ends(&self, start: usize, missing: usize) -> Broken {
        Broken {
            cause: match self.whole {
                true => Cause::BodyEnds(missing),
                false => Cause::MessageEnds,
            },
            bytes: start..self.end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_are_those_of_prost() {
        for last in 0..=255u8 {
            for length in 0..12 {
                let mut bytes = vec![0xff; length];
                bytes.push(last);
                let mut reader = WireReader::new(&bytes);
                let ours = reader.varint();
                let mut rest = &bytes[..];
                match prost::encoding::decode_varint(&mut rest) {
                    Ok(number) => {
                        assert_eq!(ours, Ok(number), "{bytes:?}");
                        assert_eq!(reader.position(), bytes.len() - rest.len());
                    }
                    Err(_) => assert!(ours.is_err(), "{bytes:?}"),
                }
            }
        }
    }

    #[test]
    fn keys_have_a_number_and_a_wire_type() {
        let key = |bytes: &[u8]| {
            let key = WireReader::new(bytes).key();
            key.map(|key| (key.number, key.wire_type))
                .map_err(|broken| broken.cause)
        };
        assert_eq!(key(&[0x0a]), Ok((1, WireType::Length)));
        assert_eq!(
            key(&[0xff, 0xff, 0xff, 0xff, 0x0f]),
            Err(Cause::WireTypeUnknown(7))
        );
        assert_eq!(
            key(&[0xfd, 0xff, 0xff, 0xff, 0x0f]),
            Ok(((1 << 29) - 1, WireType::Fixed32))
        );
        assert_eq!(
            key(&[0x80, 0x80, 0x80, 0x80, 0x10]),
            Err(Cause::KeyTooLarge(1 << 32))
        );
        assert_eq!(key(&[0x05]), Err(Cause::FieldZero));
        assert_eq!(key(&[]), Err(Cause::BodyEnds(1)));
    }

    #[test]
    fn groups_are_skipped_whole_and_not_too_deep() {
        let nested = |levels: usize| [vec![0x0b; levels], vec![0x0c; levels]].concat();
        let skip = |bytes: &[u8], depth| {
            let mut reader = WireReader::new(bytes);
            let key = reader.key().unwrap();
            reader
                .skip(key, depth)
                .map(|_| reader.position())
                .map_err(|broken| broken.cause)
        };
        assert_eq!(skip(&nested(100), 0), Ok(200));
        assert_eq!(skip(&nested(100), 1), Err(Cause::TooDeep));
        assert_eq!(skip(&nested(101), 0), Err(Cause::TooDeep));
        assert_eq!(skip(&[0x0b, 0x14], 0), Err(Cause::GroupEnd(2)));
        assert_eq!(skip(&[0x0b, 0x10], 0), Err(Cause::BodyEnds(1)));
    }
}
