//! Bodies in protobuf. Fields are replaced one by one, in their order, those that the schema does not
//! know among them.

use prost::bytes::Buf as _;
use prost::encoding::{decode_varint, encode_varint};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::Unreadable;
use crate::proxy::pseudonyms::{Known, Pseudonyms};
use crate::proxy::treatment::{self, Treatment};

/// How deep messages may lie in each other; the same limit as prost's.
const MAX_DEPTH: usize = diadoc_core::Limits::DEPTH;

const VARINT: u64 = 0;
const FIXED_64: u64 = 1;
const LENGTH: u64 = 2;
const GROUP: u64 = 3;
const GROUP_END: u64 = 4;
const FIXED_32: u64 = 5;

pub(super) fn body(
    pseudonyms: &Pseudonyms,
    known: &mut Known,
    message: &MessageDescriptor,
    body: &[u8],
) -> Result<Vec<u8>, Unreadable> {
    let mut writer = Writer { pseudonyms, known };
    writer.message(Some(message), body, 0).ok_or(Unreadable)
}

struct Writer<'a> {
    pseudonyms: &'a Pseudonyms,
    known: &'a mut Known,
}

/// None where the bytes are no protobuf.
impl Writer<'_> {
    fn message(
        &mut self,
        message: Option<&MessageDescriptor>,
        mut rest: &[u8],
        depth: usize,
    ) -> Option<Vec<u8>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut made = Vec::with_capacity(rest.len());
        while rest.has_remaining() {
            let key = decode_varint(&mut rest).ok()?;
            let number = u32::try_from(key >> 3).ok()?;
            let field = message.and_then(|message| message.get_field(number));
            encode_varint(key, &mut made);
            match key & 7 {
                VARINT => {
                    let value = decode_varint(&mut rest).ok()?;
                    encode_varint(self.varint(field.as_ref(), value), &mut made);
                }
                FIXED_64 => self.fixed(field.as_ref(), take(&mut rest, 8)?, &mut made),
                FIXED_32 => self.fixed(field.as_ref(), take(&mut rest, 4)?, &mut made),
                LENGTH => {
                    let length = usize::try_from(decode_varint(&mut rest).ok()?).ok()?;
                    let value = take(&mut rest, length)?;
                    let value = self.value(field.as_ref(), value, depth)?;
                    encode_varint(value.len() as u64, &mut made);
                    made.extend_from_slice(&value);
                }
                // Diadoc has no groups: what is in one is unknown.
                GROUP | GROUP_END => {}
                _ => return None,
            }
        }
        Some(made)
    }

    fn varint(&self, field: Option<&FieldDescriptor>, value: u64) -> u64 {
        match field.is_some_and(is_number) {
            true => value,
            false => self
                .pseudonyms
                .number(&value.to_string())
                .parse()
                .unwrap_or_default(),
        }
    }

    fn fixed(&self, field: Option<&FieldDescriptor>, value: &[u8], made: &mut Vec<u8>) {
        match field.is_some_and(is_number) {
            true => made.extend_from_slice(value),
            false => made.extend_from_slice(&self.pseudonyms.content(value)),
        }
    }

    fn value(
        &mut self,
        field: Option<&FieldDescriptor>,
        value: &[u8],
        depth: usize,
    ) -> Option<Vec<u8>> {
        let Some(field) = field else {
            return Some(self.pseudonyms.content(value));
        };
        match field.kind() {
            Kind::Message(message) => self.message(Some(&message), value, depth + 1),
            Kind::String => {
                let Ok(text) = std::str::from_utf8(value) else {
                    return Some(self.pseudonyms.content(value));
                };
                let made = self.pseudonyms.of_field(treatment::of(field), text);
                if made != text {
                    self.known.learn(text);
                }
                Some(made.into_bytes())
            }
            _ if treatment::of(field) == Treatment::Content => Some(self.pseudonyms.content(value)),
            // Several numbers in one.
            _ if field.is_list() && is_packed(value) => Some(value.to_vec()),
            _ => Some(self.pseudonyms.content(value)),
        }
    }
}

fn is_number(field: &FieldDescriptor) -> bool {
    !matches!(field.kind(), Kind::String | Kind::Bytes | Kind::Message(_))
}

/// Whether bytes are varints from the first to the last.
fn is_packed(mut bytes: &[u8]) -> bool {
    while bytes.has_remaining() {
        if decode_varint(&mut bytes).is_err() {
            return false;
        }
    }
    true
}

fn take<'b>(rest: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}
