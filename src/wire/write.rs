//! Counts the bytes of a message, then writes them.

use prost::bytes::{Buf, BufMut, Bytes};
use prost::encoding::{DecodeContext, WireType, encode_varint, encoded_len_varint, skip_field};

use super::{Fields, Result};

/// The lengths of the messages within a message, in the order in which they begin.
///
/// Each is counted once: a writer that asked for the length at each message would count the innermost
/// as often as there are messages around it.
#[derive(Debug, Default)]
pub(crate) struct Lengths {
    nested: Vec<usize>,
}

/// Writes a message whose lengths have been counted.
#[derive(Debug)]
pub(crate) struct Writer<'m> {
    written: Vec<u8>,
    lengths: std::slice::Iter<'m, usize>,
}

/// A message with its lengths, of which prost can ask what it asks of any message.
pub(crate) struct Measured<'m> {
    message: &'m dyn Fields,
    length: usize,
    lengths: Lengths,
}

/// The methods for a scalar of that Rust type, which takes so many bytes.
macro_rules! lengths {
    ($type:ty, $required:ident, $optional:ident, $repeated:ident, |$value:ident| $length:expr) => {
        #[inline]
        pub(crate) fn $required(&self, key: usize, $value: $type) -> usize {
            key + $length
        }

        #[inline]
        pub(crate) fn $optional(&self, key: usize, field: Option<$type>) -> usize {
            field.map_or(0, |value| self.$required(key, value))
        }

        pub(crate) fn $repeated(&self, key: usize, list: &[$type]) -> usize {
            list.iter().map(|value| self.$required(key, *value)).sum()
        }
    };
}

/// The methods take the length of the field's key.
#[allow(
    dead_code,
    reason = "a schema need not have each kind of scalar in each kind of field"
)]
#[allow(
    unused_variables,
    reason = "some scalars are as long whatever they are"
)]
impl Lengths {
    lengths!(bool, bool, optional_bool, bools, |value| 1);
    lengths!(i32, int32, optional_int32, int32s, |value| {
        encoded_len_varint(value as u64)
    });
    lengths!(i64, int64, optional_int64, int64s, |value| {
        encoded_len_varint(value as u64)
    });
    lengths!(i32, sint32, optional_sint32, sint32s, |value| {
        encoded_len_varint(zigzag32(value))
    });
    lengths!(i64, sint64, optional_sint64, sint64s, |value| {
        encoded_len_varint(zigzag64(value))
    });
    lengths!(i32, sfixed32, optional_sfixed32, sfixed32s, |value| 4);
    lengths!(i64, sfixed64, optional_sfixed64, sfixed64s, |value| 8);

    #[inline]
    pub(crate) fn string(&self, key: usize, field: &str) -> usize {
        self.delimited(key, field.len())
    }

    #[inline]
    pub(crate) fn optional_string(&self, key: usize, field: &Option<String>) -> usize {
        match field {
            Some(field) => self.delimited(key, field.len()),
            None => 0,
        }
    }

    pub(crate) fn strings(&self, key: usize, list: &[String]) -> usize {
        list.iter()
            .map(|value| self.delimited(key, value.len()))
            .sum()
    }

    #[inline]
    pub(crate) fn bytes(&self, key: usize, field: &Bytes) -> usize {
        self.delimited(key, field.len())
    }

    #[inline]
    pub(crate) fn optional_bytes(&self, key: usize, field: &Option<Bytes>) -> usize {
        match field {
            Some(field) => self.delimited(key, field.len()),
            None => 0,
        }
    }

    pub(crate) fn bytes_list(&self, key: usize, list: &[Bytes]) -> usize {
        list.iter()
            .map(|value| self.delimited(key, value.len()))
            .sum()
    }

    pub(crate) fn message(&mut self, key: usize, message: &dyn Fields) -> usize {
        let index = self.nested.len();
        self.nested.push(0);
        let length = message.length(self);
        self.nested[index] = length;
        self.delimited(key, length)
    }

    #[inline]
    pub(crate) fn optional_message<M: Fields>(
        &mut self,
        key: usize,
        field: &Option<Box<M>>,
    ) -> usize {
        match field {
            Some(message) => self.message(key, &**message),
            None => 0,
        }
    }

    pub(crate) fn messages<M: Fields>(&mut self, key: usize, list: &[M]) -> usize {
        list.iter().map(|message| self.message(key, message)).sum()
    }

    #[inline]
    fn delimited(&self, key: usize, length: usize) -> usize {
        key + encoded_len_varint(length as u64) + length
    }
}

/// The methods for a scalar of that Rust type.
macro_rules! scalar {
    ($type:ty, $required:ident, $optional:ident, $repeated:ident, |$writer:ident, $value:ident| $write:expr) => {
        pub(crate) fn $required(&mut self, key: u32, $value: $type) {
            self.key(key);
            let $writer = self;
            $write;
        }

        pub(crate) fn $optional(&mut self, key: u32, field: Option<$type>) {
            if let Some(value) = field {
                self.$required(key, value);
            }
        }

        pub(crate) fn $repeated(&mut self, key: u32, list: &[$type]) {
            for value in list {
                self.$required(key, *value);
            }
        }
    };
}

/// The methods take the field's key as it is written.
#[allow(
    dead_code,
    reason = "a schema need not have each kind of scalar in each kind of field"
)]
impl Writer<'_> {
    scalar!(bool, bool, optional_bool, bools, |writer, value| {
        writer.written.push(u8::from(value))
    });
    scalar!(i32, int32, optional_int32, int32s, |writer, value| writer
        .varint(value as u64));
    scalar!(i64, int64, optional_int64, int64s, |writer, value| writer
        .varint(value as u64));
    scalar!(i32, sint32, optional_sint32, sint32s, |writer, value| {
        writer.varint(zigzag32(value))
    });
    scalar!(i64, sint64, optional_sint64, sint64s, |writer, value| {
        writer.varint(zigzag64(value))
    });
    scalar!(
        i32,
        sfixed32,
        optional_sfixed32,
        sfixed32s,
        |writer, value| { writer.written.extend_from_slice(&value.to_le_bytes()) }
    );
    scalar!(
        i64,
        sfixed64,
        optional_sfixed64,
        sfixed64s,
        |writer, value| { writer.written.extend_from_slice(&value.to_le_bytes()) }
    );

    pub(crate) fn string(&mut self, key: u32, field: &str) {
        self.delimited(key, field.as_bytes());
    }

    pub(crate) fn optional_string(&mut self, key: u32, field: &Option<String>) {
        if let Some(field) = field {
            self.delimited(key, field.as_bytes());
        }
    }

    pub(crate) fn strings(&mut self, key: u32, list: &[String]) {
        for value in list {
            self.delimited(key, value.as_bytes());
        }
    }

    pub(crate) fn bytes(&mut self, key: u32, field: &Bytes) {
        self.delimited(key, field);
    }

    pub(crate) fn optional_bytes(&mut self, key: u32, field: &Option<Bytes>) {
        if let Some(field) = field {
            self.delimited(key, field);
        }
    }

    pub(crate) fn bytes_list(&mut self, key: u32, list: &[Bytes]) {
        for value in list {
            self.delimited(key, value);
        }
    }

    pub(crate) fn message(&mut self, key: u32, message: &dyn Fields) {
        // As many were counted as are written.
        let length = self.lengths.next().copied().unwrap_or_default();
        self.start(key, length);
        message.write_fields(self);
    }

    #[inline]
    pub(crate) fn optional_message<M: Fields>(&mut self, key: u32, field: &Option<Box<M>>) {
        if let Some(message) = field {
            self.message(key, &**message);
        }
    }

    pub(crate) fn messages<M: Fields>(&mut self, key: u32, list: &[M]) {
        for message in list {
            self.message(key, message);
        }
    }

    fn delimited(&mut self, key: u32, content: &[u8]) {
        self.start(key, content.len());
        self.written.extend_from_slice(content);
    }

    /// Writes the key and the length of what follows.
    #[inline]
    fn start(&mut self, key: u32, length: usize) {
        match (u8::try_from(key), u8::try_from(length)) {
            (Ok(key @ ..0x80), Ok(length @ ..0x80)) => {
                self.written.extend_from_slice(&[key, length]);
            }
            _ => {
                self.varint(key.into());
                self.varint(length as u64);
            }
        }
    }

    #[inline]
    fn key(&mut self, key: u32) {
        self.varint(key.into());
    }

    #[inline]
    fn varint(&mut self, value: u64) {
        match u8::try_from(value) {
            Ok(byte @ ..0x80) => self.written.push(byte),
            _ => self.long_varint(value),
        }
    }

    fn long_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.written.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.written.push(value as u8);
    }
}

impl<'m> Measured<'m> {
    pub(crate) fn new(message: &'m dyn Fields) -> Self {
        let mut lengths = Lengths::default();
        let length = message.length(&mut lengths);
        Self {
            message,
            length,
            lengths,
        }
    }

    /// The bytes of the message.
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        self.write_behind(Vec::with_capacity(self.length))
    }

    /// The bytes of the message behind their length.
    pub(crate) fn to_delimited_vec(&self) -> Vec<u8> {
        let length = self.length as u64;
        let mut written = Vec::with_capacity(encoded_len_varint(length) + self.length);
        encode_varint(length, &mut written);
        self.write_behind(written)
    }

    fn write_behind(&self, written: Vec<u8>) -> Vec<u8> {
        let mut writer = Writer {
            written,
            lengths: self.lengths.nested.iter(),
        };
        self.message.write_fields(&mut writer);
        writer.written
    }
}

/// What prost does with a message that it writes, and that only prost can: its error for a buffer that
/// is too small.
impl prost::Message for Measured<'_> {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        buf.put_slice(&self.to_vec());
    }

    fn encoded_len(&self) -> usize {
        self.length
    }

    /// Nothing is read into it: all fields are unknown.
    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result {
        skip_field(wire_type, tag, buf, ctx)
    }

    fn clear(&mut self) {}
}

fn zigzag32(value: i32) -> u64 {
    u64::from(((value << 1) ^ (value >> 31)) as u32)
}

fn zigzag64(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}
