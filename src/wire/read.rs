//! Goes along the bytes of a message.

use diadoc_core::limits::Budget;
use diadoc_core::{Limit, LimitError, Limits, utf8};
use prost::bytes::Bytes;
use prost::encoding::WireType;

use super::faults::{self, LEVELS};
use super::{Fields, Result};

/// Reads fields off bytes that lie in one piece.
///
/// As prost does, it holds a length against all bytes that there are, and notices behind a message
/// that something in it was too long.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the message ends that is being read.
    end: usize,
    /// Where the key stands that was read last, and its wire type.
    key: usize,
    wire_type: u8,
    /// How many levels it may go deeper.
    levels: u32,
    /// How many levels there are.
    most_levels: u32,
    /// What lists and structs may still take.
    budget: Budget,
    /// How many levels have been needed.
    needed: u32,
    /// The bytes once more, where they can be shared.
    shared: Option<&'a Bytes>,
}

/// The methods for a scalar of that Rust type: for a required field, an optional and a repeated one.
macro_rules! scalar {
    ($type:ty, $required:ident, $optional:ident, $repeated:ident, $wire_type:ident, |$reader:ident| $read:expr) => {
        pub(crate) fn $required(&mut self, field: &mut $type) -> Result {
            self.expect(WireType::$wire_type)?;
            let $reader = self;
            $read.map(|value| *field = value)
        }

        pub(crate) fn $optional(&mut self, field: &mut Option<$type>) -> Result {
            self.$required(field.get_or_insert_default())
        }

        /// Both packed and not, whatever the schema says.
        pub(crate) fn $repeated(&mut self, list: &mut Vec<$type>) -> Result {
            if self.wire_type != WireType::LengthDelimited as u8 {
                let mut value = Default::default();
                self.$required(&mut value)?;
                return self.push(list, value);
            }
            let end = self.end()?;
            while self.at < end {
                let $reader = &mut *self;
                let value = $read?;
                self.push(list, value)?;
            }
            self.arrived(end)
        }
    };
}

#[allow(
    dead_code,
    reason = "a schema need not have each kind of scalar in each kind of field"
)]
impl<'a> Reader<'a> {
    scalar!(bool, bool, optional_bool, bools, Varint, |reader| {
        reader.varint().map(|value| value != 0)
    });
    scalar!(i32, int32, optional_int32, int32s, Varint, |reader| {
        reader.varint().map(|value| value as i32)
    });
    scalar!(i64, int64, optional_int64, int64s, Varint, |reader| {
        reader.varint().map(|value| value as i64)
    });
    scalar!(i32, sint32, optional_sint32, sint32s, Varint, |reader| {
        let value = reader.varint().map(|value| value as u32);
        value.map(|value| (value >> 1) as i32 ^ -((value & 1) as i32))
    });
    scalar!(i64, sint64, optional_sint64, sint64s, Varint, |reader| {
        let value = reader.varint();
        value.map(|value| (value >> 1) as i64 ^ -((value & 1) as i64))
    });
    scalar!(
        i32,
        sfixed32,
        optional_sfixed32,
        sfixed32s,
        ThirtyTwoBit,
        |reader| { reader.fixed().map(i32::from_le_bytes) }
    );
    scalar!(
        i64,
        sfixed64,
        optional_sfixed64,
        sfixed64s,
        SixtyFourBit,
        |reader| { reader.fixed().map(i64::from_le_bytes) }
    );

    /// A reader of bytes that are copied where content is kept.
    pub(crate) fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        let most_levels = limits.most_depth() as u32;
        Self {
            bytes,
            at: 0,
            end: bytes.len(),
            key: 0,
            wire_type: WireType::LengthDelimited as u8,
            levels: most_levels,
            most_levels,
            budget: Budget::new(limits, bytes.len()),
            needed: 0,
            shared: None,
        }
    }

    /// A reader of bytes that are shared where content is kept.
    pub(crate) fn sharing(bytes: &'a Bytes, limits: &Limits) -> Self {
        Self {
            shared: Some(bytes),
            ..Self::new(bytes, limits)
        }
    }

    /// A reader of a field without its key.
    pub(crate) fn within_field(self, wire_type: WireType) -> Self {
        Self {
            wire_type: wire_type as u8,
            ..self
        }
    }

    /// How many bytes have been read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    #[cfg(test)]
    pub(super) fn wire_type(&self) -> u64 {
        self.wire_type.into()
    }

    /// How many levels of messages and groups have been entered, at most.
    pub(crate) fn needed(&self) -> u32 {
        self.needed
    }

    /// Reads the fields of a message to the end of the bytes.
    pub(crate) fn whole(&mut self, message: &mut dyn Fields) -> Result {
        self.fields(message, self.bytes.len())
    }

    pub(crate) fn string(&mut self, field: &mut String) -> Result {
        match self.text() {
            Ok(text) => {
                *field = text.to_owned();
                Ok(())
            }
            Err(error) => {
                field.clear();
                Err(error)
            }
        }
    }

    pub(crate) fn optional_string(&mut self, field: &mut Option<String>) -> Result {
        self.string(field.get_or_insert_default())
    }

    pub(crate) fn strings(&mut self, list: &mut Vec<String>) -> Result {
        let text = self.text()?.to_owned();
        self.push(list, text)
    }

    pub(crate) fn bytes(&mut self, field: &mut Bytes) -> Result {
        *field = self.content()?;
        Ok(())
    }

    pub(crate) fn optional_bytes(&mut self, field: &mut Option<Bytes>) -> Result {
        self.bytes(field.get_or_insert_default())
    }

    pub(crate) fn bytes_list(&mut self, list: &mut Vec<Bytes>) -> Result {
        let content = self.content()?;
        self.push(list, content)
    }

    /// Reads a required message, which is a part of its own and no level: it is written where it lacks, and
    /// what is written must not lie deeper than what is read.
    pub(crate) fn message(&mut self, message: &mut dyn Fields) -> Result {
        self.expect(WireType::LengthDelimited)?;
        let end = self.end()?;
        self.fields(message, end)?;
        self.arrived(end)
    }

    /// Reads a message that lies a level deeper: an optional one, or an element of a list.
    fn inner_message(&mut self, message: &mut dyn Fields) -> Result {
        self.expect(WireType::LengthDelimited)?;
        self.descend()?;
        self.levels -= 1;
        let read = self.message(message);
        self.levels += 1;
        read
    }

    pub(crate) fn optional_message<M: Fields + Default>(
        &mut self,
        field: &mut Option<Box<M>>,
    ) -> Result {
        let message = match field {
            Some(message) => message,
            None => {
                let taken = self.budget.take(size_of::<M>());
                taken.map_err(faults::limit)?;
                field.insert(Box::default())
            }
        };
        self.inner_message(&mut **message)
    }

    pub(crate) fn messages<M: Fields + Default>(&mut self, list: &mut Vec<M>) -> Result {
        let count = list.len();
        let (bytes, key, at, end) = (self.bytes, self.key, self.at, self.end);
        // A length may say that the message ends within the key.
        let rest = bytes.get(at..end).unwrap_or_default();
        let ahead = || count_alike(&bytes[key..at], rest);
        self.budget.room(list, ahead).map_err(faults::limit)?;
        // A message made in its place need not be moved there, and some are large.
        list.resize_with(count + 1, M::default);
        let read = self.inner_message(&mut list[count]);
        if read.is_err() {
            list.truncate(count);
        }
        read
    }

    /// Passes over a field that the message does not have.
    pub(crate) fn unknown(&mut self, number: u32) -> Result {
        const VARINT: u8 = WireType::Varint as u8;
        const SIXTY_FOUR_BIT: u8 = WireType::SixtyFourBit as u8;
        const LENGTH_DELIMITED: u8 = WireType::LengthDelimited as u8;
        const START_GROUP: u8 = WireType::StartGroup as u8;
        const THIRTY_TWO_BIT: u8 = WireType::ThirtyTwoBit as u8;
        self.descend()?;
        match self.wire_type {
            VARINT => self.varint().map(drop),
            SIXTY_FOUR_BIT => self.fixed::<8>().map(drop),
            THIRTY_TWO_BIT => self.fixed::<4>().map(drop),
            LENGTH_DELIMITED => self.end().map(|end| self.at = end),
            START_GROUP => self.group(number),
            _ => Err(faults::end_of_group()),
        }
    }

    /// Passes over what stands in a group, and its end.
    fn group(&mut self, number: u32) -> Result {
        loop {
            let inner = self.key()?;
            if self.wire_type != WireType::EndGroup as u8 {
                self.levels -= 1;
                self.unknown(inner)?;
                self.levels += 1;
            } else if inner == number {
                return Ok(());
            } else {
                return Err(faults::end_of_group());
            }
        }
    }

    fn push<T>(&mut self, list: &mut Vec<T>, value: T) -> Result {
        self.budget.push(list, value).map_err(faults::limit)
    }

    fn fields(&mut self, message: &mut dyn Fields, end: usize) -> Result {
        let around = std::mem::replace(&mut self.end, end);
        while self.at < end {
            let number = self.key()?;
            if let Err(error) = message.read_field(number, self) {
                return Err(faults::within(error, message.names(), number));
            }
        }
        self.end = around;
        Ok(())
    }

    /// Something that can hold others begins.
    fn descend(&mut self) -> Result {
        if self.levels == 0 {
            if self.most_levels < LEVELS {
                let most = self.most_levels as usize;
                return Err(faults::limit(LimitError::new(Limit::Depth, most)));
            }
            faults::too_deep()?;
            self.levels = self.most_levels;
        }
        self.needed = self.needed.max(self.most_levels + 1 - self.levels);
        Ok(())
    }

    /// Something has been read whose length said that it would end here.
    fn arrived(&self, end: usize) -> Result {
        match self.at == end {
            true => Ok(()),
            false => Err(faults::exceeded()),
        }
    }

    #[inline]
    fn expect(&self, expected: WireType) -> Result {
        match self.wire_type == expected as u8 {
            true => Ok(()),
            false => Err(faults::wire_type(expected, self.wire_type)),
        }
    }

    #[inline]
    fn text(&mut self) -> Result<&'a str> {
        self.expect(WireType::LengthDelimited)?;
        let end = self.end()?;
        let start = std::mem::replace(&mut self.at, end);
        let bytes = &self.bytes[start..end];
        utf8::text(bytes).ok_or_else(faults::not_utf8)
    }

    fn content(&mut self) -> Result<Bytes> {
        self.expect(WireType::LengthDelimited)?;
        let end = self.end()?;
        let start = std::mem::replace(&mut self.at, end);
        Ok(match self.shared {
            Some(all) => all.slice(start..end),
            None => Bytes::copy_from_slice(&self.bytes[start..end]),
        })
    }

    /// Reads a length, and says where that ends which has it.
    #[inline]
    fn end(&mut self) -> Result<usize> {
        let length = self.varint()?;
        let rest = self.bytes.len() - self.at;
        match usize::try_from(length) {
            Ok(length) if length <= rest => Ok(self.at + length),
            _ => Err(faults::cut()),
        }
    }

    #[inline]
    fn fixed<const N: usize>(&mut self) -> Result<[u8; N]> {
        let rest = &self.bytes[self.at..];
        let bytes = rest.first_chunk().ok_or_else(faults::cut)?;
        self.at += N;
        Ok(*bytes)
    }

    /// Reads a key: gives the number, and takes note of the wire type.
    #[inline]
    pub(super) fn key(&mut self) -> Result<u32> {
        self.key = self.at;
        match self.bytes.get(self.at) {
            // The number is no 0, the wire type is one.
            Some(key @ 8..0x80) if key & 7 < 6 => {
                self.at += 1;
                self.wire_type = key & 7;
                Ok(u32::from(key >> 3))
            }
            _ => self.long_key(),
        }
    }

    fn long_key(&mut self) -> Result<u32> {
        let start = self.at;
        let key = self.varint()?;
        self.wire_type = (key & 7) as u8;
        match u32::try_from(key) {
            Ok(key @ 8..) if key & 7 < 6 => Ok(key >> 3),
            _ => Err(faults::key(&self.bytes[start..])),
        }
    }

    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte < 0x80 => {
                self.at += 1;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64> {
        let rest = &self.bytes[self.at..];
        // Most of them have two bytes.
        if let [first, second @ ..0x80, ..] = rest {
            self.at += 2;
            return Ok(u64::from(first & 0x7f) | u64::from(*second) << 7);
        }
        let mut value = 0;
        for (index, byte) in rest.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            // Of the tenth byte a single bit fits.
            if *byte < 0x80 && (index < 9 || *byte < 2) {
                self.at += index + 1;
                return Ok(value);
            }
        }
        Err(faults::varint(rest))
    }
}

/// How many fields with that key stand there one after the other; the key of the first has been read.
/// Those are counted that there are, so that no number in the input can ask for memory.
fn count_alike(key: &[u8], rest: &[u8]) -> usize {
    let mut ahead = Reader::new(rest, &Limits::new());
    let mut count = 0;
    while let Ok(end) = ahead.end() {
        count += 1;
        match rest[end..].starts_with(key) && !key.is_empty() {
            true => ahead.at = end + key.len(),
            false => break,
        }
    }
    count
}
