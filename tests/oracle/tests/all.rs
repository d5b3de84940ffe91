//! Every message type of the schema and every enum, held against what prost's derive makes of them.
//!
//! `DIADOC_SEEDS` sets how many bodies of each type are tried.

mod soup;

use diadoc_core::secrets::HIDDEN;
use diadoc_oracle::{Buffer, ENUMS, MESSAGES, Outcome, Pair, Read};
use diadoc_testkit::{descriptor, seeds, strategies};
use proptest::strategy::{Strategy as _, ValueTree as _};
use prost::Message as _;
use prost::bytes::{Buf as _, Bytes};
use soup::{Random, delimited, key, varint};

fn cases() -> u64 {
    let set = std::env::var("DIADOC_SEEDS").ok();
    set.and_then(|cases| cases.parse().ok()).unwrap_or(40)
}

/// The bytes in each kind of buffer; prost's derive gets a slice.
fn buffers(bytes: &[u8], at: usize) -> [Buffer<'_>; 4] {
    let whole = Bytes::copy_from_slice(bytes);
    let at = at % (bytes.len() + 1);
    [
        Buffer::Slice(bytes),
        Buffer::Bytes(whole.clone()),
        Buffer::Chain(whole.slice(..at).chain(whole.slice(at..))),
        Buffer::Crumbs(bytes),
    ]
}

/// Types in which a field that only JSON has is somewhere: prost's derive does not show it.
fn shows_more(pair: &Pair) -> bool {
    let mut open = vec![descriptor(pair.full_name).expect("a message of the schema")];
    let mut seen = Vec::new();
    while let Some(message) = open.pop() {
        if seen.contains(&message) {
            continue;
        }
        for field in message.fields() {
            if field.number() >= diadoc_core::dialect::FIRST_ONLY_IN_JSON {
                return true;
            }
            open.extend(field.kind().as_message().cloned());
        }
        seen.push(message);
    }
    false
}

/// Holds one outcome against the other; an error's text where it is `exact`.
fn check(pair: &Pair, what: &str, ours: &Outcome, derived: &Outcome, exact: bool, bytes: &[u8]) {
    let same = match (ours, derived) {
        (Ok(ours), Ok(derived)) => same(pair, ours, derived),
        (Err(ours), Err(derived)) => !exact || ours == derived,
        _ => false,
    };
    assert!(
        same,
        "{}, {what}, of {bytes:02x?}:\nours    {ours:?}\nderived {derived:?}",
        pair.full_name
    );
}

fn same(pair: &Pair, ours: &Read, derived: &Read) -> bool {
    ours.bytes == derived.bytes
        && ours.getters == derived.getters
        // prost's derive shows secrets.
        && (ours.shown == derived.shown || ours.shown.contains(HIDDEN) || shows_more(pair))
}

/// Reads bytes in all ways.
fn read_and_check(pair: &Pair, base: &[u8], bytes: &[u8], at: usize) {
    let derived = (pair.derived.decode)(Buffer::Slice(bytes));
    for buffer in buffers(bytes, at) {
        let what = format!("decode of {buffer:?}");
        let ours = (pair.ours.decode)(buffer);
        check(pair, &what, &ours, &derived, true, bytes);
    }

    let derived = (pair.derived.merge)(base, Buffer::Slice(bytes));
    for buffer in buffers(bytes, at) {
        let what = format!("merge of {buffer:?} into {base:02x?}");
        let ours = (pair.ours.merge)(base, buffer);
        check(pair, &what, &ours, &derived, true, bytes);
    }

    // Behind a length, with something behind it.
    let mut behind = delimited(bytes);
    behind.extend_from_slice(b"rest");
    let (derived, rest) = (pair.derived.delimited)(Buffer::Slice(&behind));
    for (index, buffer) in buffers(&behind, at).into_iter().enumerate() {
        let what = format!("delimited in {buffer:?}");
        let (ours, own_rest) = (pair.ours.delimited)(buffer);
        check(pair, &what, &ours, &derived, index == 0, &behind);
        assert!(
            ours.is_err() || rest == own_rest,
            "{}, {what}",
            pair.full_name
        );
    }

    // In another schema's message, behind an unknown field, twice, and as something else.
    let within = [key(1, 2), delimited(base)].concat();
    let embedded = [
        &key(3, 0)[..],
        &varint(7),
        &key(1, 2),
        &delimited(bytes),
        &key(2, 2),
        &delimited(&within),
        &key(1, [2, 2, 0, 1, 5, 3, 4][at % 7]),
        &delimited(bytes),
    ];
    let embedded = embedded.concat();
    let derived = (pair.derived.embedded)(Buffer::Slice(&embedded));
    for (index, buffer) in buffers(&embedded, at).into_iter().enumerate() {
        let what = format!("embedded in {buffer:?}");
        let ours = (pair.ours.embedded)(buffer);
        check(pair, &what, &ours, &derived, index == 0, &embedded);
    }
}

/// Bodies of random fields of the schema and others, most of them wrong somewhere.
#[test]
fn bodies_with_anything_in_them_are_read_as_the_derive_reads_them() {
    let (mut read, mut refused) = (0, 0);
    for pair in MESSAGES {
        let message = descriptor(pair.full_name).expect("a message of the schema");
        for case in 0..cases() {
            let mut random = Random::new(case);
            let base = soup::sound(&message, &mut random);
            let bytes = match case % 2 {
                0 => soup::sound(&message, &mut random),
                _ => soup::soup(&message, &mut random, 3),
            };
            read_and_check(pair, &base, &bytes, case as usize);
            match (pair.derived.decode)(Buffer::Slice(&bytes)) {
                Ok(_) => read += 1,
                Err(_) => refused += 1,
            }
        }
    }
    // Neither is most of it read, nor refused.
    assert!(
        read > refused / 10 && refused > read / 10,
        "{read} read, {refused} refused"
    );
}

/// Valid bodies, and the same with a byte changed, taken out or put in, or cut.
#[test]
fn valid_bodies_are_written_and_read_as_the_derive_does() {
    for pair in MESSAGES {
        let message = descriptor(pair.full_name).expect("a message of the schema");
        let messages = strategies::messages(message);
        let mut runner = seeds::runner(pair.full_name);
        let mut random = Random::new(1);
        for _ in 0..cases().div_ceil(10) {
            let tree = messages.new_tree(&mut runner).expect("a message");
            let bytes = tree.current().encode_to_vec();
            let derived = (pair.derived.written)(&bytes).expect("valid");
            assert_eq!(
                (pair.ours.written)(&bytes).expect("valid"),
                derived,
                "{}",
                pair.full_name
            );
            read_and_check(pair, &bytes, &bytes, random.below(1000));
            for kind in 0..4 {
                let mut edited = bytes.clone();
                let at = random.below(edited.len() + 1);
                match kind {
                    0 => edited.truncate(at),
                    1 => edited.insert(at, random.next() as u8),
                    _ if at == edited.len() => {}
                    2 => edited[at] = random.next() as u8,
                    _ => drop(edited.remove(at)),
                }
                read_and_check(pair, &bytes, &edited, at);
            }
        }
    }
}

/// A length that ends within a field, or within its key, of each field of each message in a message.
#[test]
fn lengths_may_end_anywhere() {
    let mut read = 0;
    for pair in MESSAGES {
        let message = descriptor(pair.full_name).expect("a message of the schema");
        let mut random = Random::new(7);
        for field in message.fields() {
            let kind = field.kind();
            for inner in kind
                .as_message()
                .into_iter()
                .flat_map(|inner| inner.fields())
            {
                let content = soup::known(&inner, &mut random, 1, false);
                let content = [&content[..], &content].concat();
                for length in 0..content.len().min(20) {
                    let start = [key(field.number(), 2), varint(length as u64)].concat();
                    let bytes = [&start[..], &content].concat();
                    let derived = (pair.derived.decode)(Buffer::Slice(&bytes));
                    let ours = (pair.ours.decode)(Buffer::Slice(&bytes));
                    check(pair, "cut", &ours, &derived, true, &bytes);
                    read += 1;
                }
            }
        }
    }
    assert!(read > 10_000, "{read} bodies");
}

#[test]
fn messages_begin_alike() {
    for pair in MESSAGES {
        let (ours, derived) = ((pair.ours.initial)(), (pair.derived.initial)());
        assert!(
            same(pair, &ours, &derived),
            "{}: {ours:?}, {derived:?}",
            pair.full_name
        );
    }
}

/// Groups and messages in each other, up to the limit and beyond it, in a message of ours and around it.
#[test]
fn the_depth_is_bounded_as_by_the_derive() {
    for pair in MESSAGES {
        for own in [1, 2, 3, 97, 98, 99, 100, 101] {
            // Behind the fields of the schema, an unknown group.
            let bytes = groups(own, 0x0fff_ffff);
            let limit = own <= 100;
            assert_eq!((pair.ours.decode)(Buffer::Slice(&bytes)).is_ok(), limit);
            let derived = (pair.derived.decode)(Buffer::Slice(&bytes));
            check(
                pair,
                "groups",
                &(pair.ours.decode)(Buffer::Slice(&bytes)),
                &derived,
                true,
                &bytes,
            );
        }
    }
    // A type with messages in messages, around which and in which others are.
    let pair = find("Diadoc.Api.Proto.Docflow.GetDocflowsByPacketIdResponseV4");
    let mut outcomes = [0, 0];
    for around in [0, 1, 2, 50, 95, 96, 97, 98, 99, 100] {
        for own in 0..=5 {
            // Documents, each with a docflow, with an unknown field or group in it.
            let mut bytes = match own {
                0 => Vec::new(),
                own => groups(own, 0x0fff_ffff),
            };
            for number in [4, 1] {
                bytes = [key(number, 2), delimited(&bytes)].concat();
            }
            let mut foreign = [key(1, 2), delimited(&bytes)].concat();
            for _ in 0..around {
                foreign = [key(2, 2), delimited(&foreign)].concat();
            }
            let derived = (pair.derived.embedded)(Buffer::Slice(&foreign));
            outcomes[usize::from(derived.is_ok())] += 1;
            for buffer in buffers(&foreign, around) {
                let what = format!("{around} around, {own} within");
                check(
                    pair,
                    &what,
                    &(pair.ours.embedded)(buffer),
                    &derived,
                    false,
                    &foreign,
                );
            }
        }
    }
    assert!(outcomes.iter().all(|count| *count > 5), "{outcomes:?}");
}

/// So many groups in each other.
fn groups(count: usize, number: u32) -> Vec<u8> {
    [key(number, 3).repeat(count), key(number, 4).repeat(count)].concat()
}

#[test]
fn enums_have_the_same_members() {
    assert!(ENUMS.len() > 90);
    for [ours, derived] in ENUMS {
        for number in (-5..500).chain([i32::MIN, i32::MAX]) {
            assert_eq!(ours(number), derived(number));
        }
    }
}

fn find(full_name: &str) -> &'static Pair {
    let pair = MESSAGES.iter().find(|pair| pair.full_name == full_name);
    pair.expect("a message of the schema")
}
