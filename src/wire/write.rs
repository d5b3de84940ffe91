//! Counts the bytes of a message, then writes them.

use prost::bytes::Bytes;
use prost::encoding::encoded_len_varint;

use super::Fields;

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
    ($type:ty, $required:ident, $optional:ident, $repeated:ident, |$writer:ident, $key:ident, $value:ident| $write:expr) => {
        #[inline]
        pub(crate) fn $required(&mut self, $key: u32, $value: $type) {
            let $writer = self;
            $write;
        }

        #[inline]
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

/// The methods take the field's key as it is written. What looks whether a field is there is inlined where
/// the fields are, which is in a dependent: most are not there.
#[allow(
    dead_code,
    reason = "a schema need not have each kind of scalar in each kind of field"
)]
impl Writer<'_> {
    scalar!(bool, bool, optional_bool, bools, |writer, key, value| {
        writer.varints(key, value.into())
    });
    scalar!(i32, int32, optional_int32, int32s, |writer, key, value| {
        writer.varints(key, value as u64)
    });
    scalar!(i64, int64, optional_int64, int64s, |writer, key, value| {
        writer.varints(key, value as u64)
    });
    scalar!(
        i32,
        sint32,
        optional_sint32,
        sint32s,
        |writer, key, value| { writer.varints(key, zigzag32(value)) }
    );
    scalar!(
        i64,
        sint64,
        optional_sint64,
        sint64s,
        |writer, key, value| { writer.varints(key, zigzag64(value)) }
    );
    scalar!(
        i32,
        sfixed32,
        optional_sfixed32,
        sfixed32s,
        |writer, key, value| { writer.fixed(key, &value.to_le_bytes()) }
    );
    scalar!(
        i64,
        sfixed64,
        optional_sfixed64,
        sfixed64s,
        |writer, key, value| { writer.fixed(key, &value.to_le_bytes()) }
    );

    #[inline]
    pub(crate) fn string(&mut self, key: u32, field: &str) {
        self.delimited(key, field.as_bytes());
    }

    #[inline]
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

    #[inline]
    pub(crate) fn bytes(&mut self, key: u32, field: &Bytes) {
        self.delimited(key, field);
    }

    #[inline]
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
        self.varints(key, length as u64);
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
        self.varints(key, content.len() as u64);
        self.written.extend_from_slice(content);
    }

    #[inline]
    fn fixed(&mut self, key: u32, bytes: &[u8]) {
        self.varint(key.into());
        self.written.extend_from_slice(bytes);
    }

    /// Writes a key and what follows it, a value or a length.
    #[inline(always)]
    fn varints(&mut self, key: u32, value: u64) {
        if key < 0x80 && value < 0x80 {
            self.written.extend_from_slice(&[key as u8, value as u8]);
        } else {
            self.long_varints(key, value);
        }
    }

    #[inline(never)]
    fn long_varints(&mut self, key: u32, value: u64) {
        // Fields from 16 up have two bytes, and so has what is longer than 127.
        if key < 0x4000 && value < 0x80 {
            let bytes = [key as u8 | 0x80, (key >> 7) as u8, value as u8];
            self.written.extend_from_slice(&bytes);
        } else if key < 0x80 && value < 0x4000 {
            let bytes = [key as u8, value as u8 | 0x80, (value >> 7) as u8];
            self.written.extend_from_slice(&bytes);
        } else {
            self.varint(key.into());
            self.varint(value);
        }
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.written.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.written.push(value as u8);
    }
}

/// How many bytes a message has.
pub(crate) fn length(message: &dyn Fields) -> usize {
    message.length(&mut Lengths::default())
}

/// The bytes of a message.
pub(crate) fn to_vec(message: &dyn Fields) -> Vec<u8> {
    let mut lengths = Lengths::default();
    let length = message.length(&mut lengths);
    let mut writer = Writer {
        written: Vec::with_capacity(length),
        lengths: lengths.nested.iter(),
    };
    message.write_fields(&mut writer);
    writer.written
}

fn zigzag32(value: i32) -> u64 {
    u64::from(((value << 1) ^ (value >> 31)) as u32)
}

fn zigzag64(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[cfg(test)]
mod tests {
    use prost::encoding::{encode_varint, sint32, sint64};

    use super::{Writer, zigzag32, zigzag64};

    #[test]
    fn signs_go_to_the_lowest_bit_as_with_prost() {
        for shift in 0..64 {
            for number in [i64::MIN >> shift, i64::MAX >> shift, 1 << shift] {
                let (mut expected, mut written) = (Vec::new(), vec![8]);
                sint64::encode(1, &number, &mut expected);
                encode_varint(zigzag64(number), &mut written);
                assert_eq!(written, expected, "{number}");
                let number = (number >> 32) as i32;
                let (mut expected, mut written) = (Vec::new(), vec![8]);
                sint32::encode(1, &number, &mut expected);
                encode_varint(zigzag32(number), &mut written);
                assert_eq!(written, expected, "{number}");
            }
        }
    }

    /// Those of one, of two and of more bytes, which are written in ways of their own.
    #[test]
    fn keys_and_values_of_every_length_are_varints() {
        let bounds = [7, 14, 21, 28].map(|bits| 1_u32 << bits);
        let keys = bounds
            .iter()
            .flat_map(|bound| [bound - 1, *bound, bound + 1]);
        let keys: Vec<u32> = [8, 9].into_iter().chain(keys).chain([u32::MAX]).collect();
        let values: Vec<u64> = keys.iter().map(|key| u64::from(*key)).collect();
        for key in keys {
            for value in values.iter().copied().chain([0, 1, u64::MAX]) {
                let mut writer = Writer {
                    written: Vec::new(),
                    lengths: [].iter(),
                };
                writer.varints(key, value);
                let mut expected = Vec::new();
                encode_varint(key.into(), &mut expected);
                encode_varint(value, &mut expected);
                assert_eq!(writer.written, expected, "{key} {value}");
            }
        }
    }
}
