//! Bodies of a message type, sound ones and such as no serializer writes.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

/// SplitMix64: the same numbers in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// One in so many times.
    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

pub(crate) fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

pub(crate) fn key(number: u32, wire_type: u32) -> Vec<u8> {
    varint(u64::from(number) << 3 | u64::from(wire_type))
}

pub(crate) fn delimited(content: &[u8]) -> Vec<u8> {
    [&varint(content.len() as u64), content].concat()
}

/// A body with fields of the schema in any order, some twice, packed or not, and with unknown ones.
pub(crate) fn sound(message: &MessageDescriptor, random: &mut Random) -> Vec<u8> {
    body(message, random, 2, false)
}

/// A body in which anything can be wrong.
pub(crate) fn soup(message: &MessageDescriptor, random: &mut Random, depth: usize) -> Vec<u8> {
    body(message, random, depth, true)
}

fn body(message: &MessageDescriptor, random: &mut Random, depth: usize, wrong: bool) -> Vec<u8> {
    let fields: Vec<_> = message.fields().collect();
    let mut bytes = Vec::new();
    for _ in 0..random.below(2 + 2 * fields.len().min(6)) {
        let field =
            (!fields.is_empty() && !random.one_in(6)).then(|| &fields[random.below(fields.len())]);
        let on_wire =
            field.filter(|field| field.number() < diadoc_core::dialect::FIRST_ONLY_IN_JSON);
        match on_wire {
            Some(field) => bytes.extend(known(field, random, depth, wrong)),
            None => bytes.extend(unknown(field, random, depth, wrong)),
        }
    }
    if wrong && random.one_in(8) {
        bytes.truncate(random.below(bytes.len() + 1));
    }
    bytes
}

/// A field of the schema, in the wire type that it has, or in any.
pub(crate) fn known(
    field: &FieldDescriptor,
    random: &mut Random,
    depth: usize,
    wrong: bool,
) -> Vec<u8> {
    let (kind, number) = (field.kind(), field.number());
    let right = match kind {
        Kind::String | Kind::Bytes | Kind::Message(_) => 2,
        Kind::Sfixed32 => 5,
        Kind::Sfixed64 => 1,
        _ => 0,
    };
    let wire_type = match (right, field.is_list()) {
        _ if wrong && random.one_in(12) => random.below(8) as u32,
        (0 | 1 | 5, true) if random.one_in(2) => 2,
        _ => right,
    };
    let value = match (kind, wire_type) {
        (Kind::Message(inner), 2) if depth > 0 => {
            length_of(body(&inner, random, depth - 1, wrong), random, wrong)
        }
        (Kind::Message(_), 2) => delimited(&[]),
        (Kind::String, 2) => {
            let text = random.of(&["", "a", "box", "Счёт-фактура № 1", "9b4a541e-68e3-4c6f-b5a0-6009f906d554",
                "Универсальный передаточный документ, исправление № 12 от 01.02.2025, к счёту 4711 ✓ 𝄞"]);
            let mut text = text.as_bytes().to_vec();
            if wrong && random.one_in(8) {
                text.insert(
                    random.below(text.len() + 1),
                    random.of(&[0x80, 0xff, 0xc0, 0xed]),
                );
            }
            length_of(text, random, wrong)
        }
        (Kind::Bytes, 2) => {
            let content = (0..random.below(200))
                .map(|_| random.next() as u8)
                .collect();
            length_of(content, random, wrong)
        }
        // Packed.
        (_, 2) => {
            let values = (0..random.below(5)).flat_map(|_| scalar(right, random, wrong));
            let values = values.collect();
            length_of(values, random, wrong)
        }
        (_, wire_type) => scalar(wire_type, random, wrong),
    };
    [key(number, wire_type), value].concat()
}

/// The content behind its length, which may be too great or too small.
fn length_of(content: Vec<u8>, random: &mut Random, wrong: bool) -> Vec<u8> {
    if wrong && random.one_in(20) {
        let length = random.of(&[
            1,
            content.len() as u64 + 1,
            1 << 20,
            u64::MAX,
            i64::MAX as u64,
        ]);
        return [varint(length), content].concat();
    }
    delimited(&content)
}

fn scalar(wire_type: u32, random: &mut Random, wrong: bool) -> Vec<u8> {
    match wire_type {
        0 => match random.below(if wrong { 9 } else { 6 }) {
            0 => varint(0),
            1 => varint(1),
            2 => varint(random.next() >> random.below(64)),
            3 => varint(-(random.below(1000) as i64) as u64),
            4 => varint(u64::MAX),
            // Longer than need be.
            5 => [vec![0x81], vec![0x80; random.below(9)], vec![0]].concat(),
            // Ten bytes with more than fits, eleven, and one without an end.
            6 => [vec![0xff; 9], vec![random.of(&[0, 1, 2, 0x7f])]].concat(),
            7 => [vec![0x80; 10], vec![0]].concat(),
            _ => vec![0x80; random.below(4)],
        },
        1 => random.next().to_le_bytes().to_vec(),
        5 => (random.next() as u32).to_le_bytes().to_vec(),
        _ => Vec::new(),
    }
}

/// A field that the schema does not have, or has not on the wire.
fn unknown(
    field: Option<&FieldDescriptor>,
    random: &mut Random,
    depth: usize,
    wrong: bool,
) -> Vec<u8> {
    let number = match field {
        Some(field) => field.number(),
        None => random.of(&[1000, 536_870_911, 19_000]),
    };
    if wrong && random.one_in(6) {
        // No number, a key of more than 32 bits, one that is longer than need be, a wire type that is none.
        let key = match random.below(4) {
            0 => key(0, random.below(8) as u32),
            1 => varint(random.next() | 1 << 33),
            2 => vec![0x88, 0x80, 0x00],
            _ => key(number, 6 + random.below(2) as u32),
        };
        return [key, scalar(0, random, wrong)].concat();
    }
    match random.of(&[0, 1, 2, 3, 5]) {
        2 => {
            let content = (0..random.below(9)).map(|_| random.next() as u8).collect();
            [key(number, 2), length_of(content, random, wrong)].concat()
        }
        3 => {
            let mut group = key(number, 3);
            for _ in 0..random.below(3) {
                if depth > 0 {
                    group.extend(unknown(None, random, depth - 1, wrong));
                }
            }
            let end = match wrong && random.one_in(8) {
                true => number ^ 1,
                false => number,
            };
            group.extend(key(end, 4));
            group
        }
        wire_type => [key(number, wire_type), scalar(wire_type, random, wrong)].concat(),
    }
}
