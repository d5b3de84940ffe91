use diadoc_core::Limits;
use prost::Message as _;
use prost::bytes::{Buf, BufMut, Bytes};
use prost::encoding::{
    DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint,
};

use super::buffers::{WORTH_SHARING, is_taken_out};
use super::{Member, Reader, faults};
use crate::certificates::CertificateUsage;
use crate::documents::DocumentList;
use crate::invoicing::FnsRegistrationMessageInfo;
use crate::{Certificate, Content, DocumentId, Timestamp};

/// Varints, and what is none: the reader takes and refuses what prost does.
#[test]
fn varints_are_read_as_prost_reads_them() {
    let mut all: Vec<Vec<u8>> = (0..64)
        .flat_map(|bits| [(1 << bits) - 1, 1 << bits, u64::MAX >> bits])
        .map(|value| {
            let mut bytes = Vec::new();
            encode_varint(value, &mut bytes);
            bytes
        })
        .collect();
    for length in 0..12 {
        all.push(vec![0x80; length]);
        for last in [0, 1, 2, 0x7f] {
            all.push([vec![0xff; length], vec![last]].concat());
            // With something behind it, where prost looks at more bytes at once.
            all.push([vec![0xff; length], vec![last], vec![0xff; 12]].concat());
        }
    }
    for bytes in all {
        let mut rest = &bytes[..];
        let expected = decode_varint(&mut rest);
        let mut reader = Reader::new(&bytes, &Limits::new());
        assert_eq!(reader.varint(), expected, "{bytes:02x?}");
        if expected.is_ok() {
            assert_eq!(reader.at(), bytes.len() - rest.len(), "{bytes:02x?}");
        }
    }
}

#[test]
fn keys_are_read_as_prost_reads_them() {
    let numbers = [0, 1, 15, 16, 2047, 2048, (1 << 29) - 1, 1 << 29, 1 << 61];
    for number in numbers {
        for wire_type in 0..8 {
            let mut bytes = Vec::new();
            encode_varint(number << 3 | wire_type, &mut bytes);
            for bytes in [&bytes[..], &[&bytes[..], &[0; 12]].concat()] {
                let expected = decode_key(&mut &*bytes);
                let mut reader = Reader::new(bytes, &Limits::new());
                let key = reader.key();
                let key = key.map(|number| (number, WireType::try_from(reader.wire_type())));
                let expected = expected.map(|(number, wire_type)| (number, Ok(wire_type)));
                assert_eq!(key, expected, "{number} {wire_type}");
            }
        }
    }
}

#[test]
fn errors_have_the_texts_of_prost() {
    let texts = [
        (faults::cut(), "buffer underflow"),
        (faults::varint(&[0x80]), "invalid varint"),
        (faults::key(&[6]), "invalid wire type value: 6"),
        (faults::key(&[2]), "invalid tag value: 0"),
        (
            faults::wire_type(WireType::Varint, 2),
            "invalid wire type: LengthDelimited (expected Varint)",
        ),
        (faults::end_of_group(), "unexpected end group tag"),
        (
            faults::not_utf8(),
            "invalid string value: data is not UTF-8 encoded",
        ),
        (faults::exceeded(), "delimited length exceeded"),
        (
            faults::too_deep().expect_err("prost has a limit here"),
            "recursion limit reached",
        ),
    ];
    for (error, text) in texts {
        let expected = format!("failed to decode Protobuf message: {text}");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn errors_say_in_which_fields() {
    let id = [&[0x0a, 2][..], &[0xff; 2]].concat();
    let message = [&[0x12, id.len() as u8][..], &id].concat();
    let error = DocumentList::decode(&*message).expect_err("no UTF-8");
    assert_eq!(
        error.to_string(),
        "failed to decode Protobuf message: Document.index_key: DocumentList.documents: invalid string \
         value: data is not UTF-8 encoded"
    );
}

#[test]
fn levels_are_those_that_prost_has_left() {
    let all = DecodeContext::default();
    for levels in 0..=faults::LEVELS {
        assert!(
            faults::check_levels(levels, all.clone()).is_ok(),
            "{levels}"
        );
    }
    assert!(faults::too_deep().is_err());
}

/// A message that is longer inside than it says.
#[test]
fn a_length_is_kept_to() {
    let list = [0x12, 2, 0x0a, 1, b'x'];
    let error = DocumentList::decode(&list[..]).expect_err("the document ends within its field");
    let text = error.to_string();
    assert!(text.ends_with("delimited length exceeded"), "{text}");
}

/// Groups are passed over: as many fields as there are in them, and as deep as messages lie.
#[test]
fn groups_are_passed_over() {
    let (start, end) = (99 << 3 | 3, 99 << 3 | 4);
    let group = |inside: &[u8]| {
        let mut bytes = Vec::new();
        encode_varint(start, &mut bytes);
        bytes.extend(inside);
        encode_varint(end, &mut bytes);
        bytes
    };
    let id = DocumentId {
        message_id: "m".to_owned(),
        entity_id: "e".to_owned(),
    };
    let many = group(&[8, 1].repeat(300));
    let bytes = [many.clone(), id.encode_to_vec(), many].concat();
    assert_eq!(DocumentId::decode(&*bytes), Ok(id));
    let mut deep = Vec::new();
    for level in 1..=faults::LEVELS + 1 {
        deep = group(&deep);
        let read = DocumentId::decode(&*deep);
        assert_eq!(read.is_ok(), level <= faults::LEVELS, "{level}");
        if let Err(error) = read {
            let text = error.to_string();
            assert!(text.ends_with("recursion limit reached"), "{text}");
        }
    }
}

/// A message of another schema, with one of ours in it; it is only read.
#[derive(Debug, Default, PartialEq)]
struct Outer {
    outer: Option<Box<Outer>>,
    list: DocumentList,
}

impl prost::Message for Outer {
    fn encode_raw(&self, _: &mut impl BufMut) {
        unreachable!("nobody writes it")
    }

    fn merge_field(
        &mut self,
        number: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), prost::DecodeError> {
        match number {
            1 => {
                let outer: &mut Outer = self.outer.get_or_insert_default();
                prost::encoding::message::merge(wire_type, outer, buf, context)
            }
            _ => prost::encoding::message::merge(wire_type, &mut self.list, buf, context),
        }
    }

    fn encoded_len(&self) -> usize {
        0
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The bytes of a field that has a length.
fn field(number: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_key(number, WireType::LengthDelimited, &mut bytes);
    encode_varint(value.len() as u64, &mut bytes);
    bytes.extend(value);
    bytes
}

#[test]
fn levels_count_together_with_those_of_another_schema() {
    let content = Content::default().encode_to_vec();
    let document = field(9, &content);
    for (list, levels) in [
        (Vec::new(), 1),
        (field(2, &[]), 2),
        (field(2, &document), 3),
    ] {
        DocumentList::decode(&*list).expect("valid");
        let mut bytes = field(2, &list);
        for outer in 0..=faults::LEVELS {
            let read = Outer::decode(&*bytes);
            let fits = outer + levels <= faults::LEVELS;
            assert_eq!(read.is_ok(), fits, "{levels} below {outer}");
            bytes = field(1, &bytes);
        }
    }
}

/// A message of ours in one of another schema is read where it stands, however the bytes lie there.
#[test]
fn messages_in_others_are_read_in_pieces() {
    let mut list = DocumentList {
        total_count: 300,
        ..Default::default()
    };
    list.documents.resize_with(2, Default::default);
    let whole = field(2, &list.encode_to_vec());
    for at in 0..=whole.len() {
        let (before, after) = whole.split_at(at);
        let read = Outer::decode(before.chain(after)).expect("valid");
        assert_eq!(read.list, list);
        for end in 0..after.len() {
            let read = Outer::decode(before.chain(&after[..end]));
            assert_eq!(read.is_ok(), at + end == 0, "{at} and {end}: {read:?}");
        }
    }
    // Cut where the length of the whole does not tell.
    let bytes = field(2, &[0x12, 5, 0, 0]);
    for at in 0..=bytes.len() {
        let (before, after) = bytes.split_at(at);
        assert!(Outer::decode(before.chain(after)).is_err());
    }
}

/// Only where `Bytes` of a buffer are to be had for nothing, or it lies in pieces.
#[test]
fn bytes_are_taken_out_where_that_costs_nothing() {
    let bytes = Bytes::from(vec![1; WORTH_SHARING + 1]);
    assert!(is_taken_out(&mut bytes.clone()));
    assert!(is_taken_out(&mut &mut bytes.clone()));
    assert!(is_taken_out(&mut bytes.clone().take(WORTH_SHARING)));
    assert!(!is_taken_out(&mut bytes.clone().take(WORTH_SHARING - 1)));
    assert!(is_taken_out(&mut bytes.clone().chain(bytes.clone())));
    assert!(is_taken_out(&mut (&bytes[..1]).chain(&bytes[1..])));
    assert!(!is_taken_out(&mut &bytes[..]));
    assert!(!is_taken_out(&mut &mut &bytes[..]));
    assert!(!is_taken_out(&mut (&bytes[..]).take(2)));
}

#[test]
fn content_is_shared_behind_a_length_too() {
    let certificate = Certificate {
        raw_certificate_data: Bytes::from(vec![7; 1000]),
    };
    for behind in [&[1][..], &[]] {
        let mut bytes = certificate.encode_length_delimited_to_vec();
        bytes.extend(behind);
        let mut bytes = Bytes::from(bytes);
        let whole = bytes.as_ptr_range();
        let read = Certificate::decode_length_delimited(&mut bytes).expect("valid");
        assert_eq!(read, certificate);
        assert_eq!(&bytes[..], behind);
        assert!(whole.contains(&read.raw_certificate_data.as_ptr()));
    }
}

/// A list gets room for as many as there are, within the message.
#[test]
fn lists_are_as_long_as_their_messages_are_many() {
    let list = |count| DocumentList {
        documents: vec![Default::default(); count],
        ..Default::default()
    };
    for count in [1, 2, 3, 100] {
        let read = DocumentList::decode(&*list(count).encode_to_vec()).expect("valid");
        assert_eq!(read, list(count));
        assert_eq!(read.documents.capacity(), count);
    }
    // Interrupted by something else, and cut.
    let mut bytes = list(2).encode_to_vec();
    bytes.extend(list(3).encode_to_vec());
    let read = DocumentList::decode(&*bytes).expect("valid");
    assert_eq!(read.documents.len(), 5);
    bytes.pop();
    assert!(DocumentList::decode(&*bytes).is_err());
}

#[test]
fn a_buffer_too_small_is_refused() {
    let message = Timestamp { ticks: 1 };
    for room in 0..9 {
        let error = message.encode(&mut &mut vec![0; room][..]);
        let error = error.expect_err("9 bytes");
        assert_eq!((error.required_capacity(), error.remaining()), (9, room));
        let error = message.encode_length_delimited(&mut &mut vec![0; room + 1][..]);
        let error = error.expect_err("10 bytes");
        assert_eq!(
            (error.required_capacity(), error.remaining()),
            (10, room + 1)
        );
    }
    let mut room = [0; 10];
    message
        .encode_length_delimited(&mut &mut room[..])
        .expect("10 bytes");
    assert_eq!(room, [9, 9, 1, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn what_is_written_takes_the_room_that_was_counted() {
    let message = DocumentId {
        message_id: "a".repeat(200),
        entity_id: String::new(),
    };
    for bytes in [
        message.encode_to_vec(),
        message.encode_length_delimited_to_vec(),
    ] {
        assert_eq!(bytes.len(), bytes.capacity());
    }
    assert_eq!(message.encoded_len(), 2 + 1 + 200 + 2);
    let list = FnsRegistrationMessageInfo {
        certificates: vec![Bytes::from_static(b"ab"), Bytes::new(), vec![7; 200].into()],
    };
    assert_eq!(list.encoded_len(), (1 + 1 + 2) + (1 + 1) + (1 + 2 + 200));
    let bytes = list.encode_to_vec();
    assert_eq!(bytes.len(), bytes.capacity());
    assert_eq!(FnsRegistrationMessageInfo::decode(&*bytes), Ok(list));
}

#[test]
fn debug_shows_the_names_of_enums() {
    for (number, shown) in [
        (0, "UnknownUsage"),
        (2, "TokenUsage"),
        (99, "99"),
        (-1, "-1"),
    ] {
        let member = Member::<CertificateUsage>::new(number);
        assert_eq!(format!("{member:?}"), shown);
    }
}

#[test]
fn merging_a_message_that_stands_twice_merges_its_fields() {
    let parts = [
        Content {
            size: 1,
            data: None,
        },
        Content {
            size: 2,
            data: Some(Bytes::from_static(b"ab")),
        },
    ];
    let bytes: Vec<u8> = parts.iter().flat_map(|part| part.encode_to_vec()).collect();
    assert_eq!(Content::decode(&*bytes).expect("valid"), parts[1]);
}

#[test]
fn what_goes_beyond_a_limit_says_which() {
    use crate::DecodeWithin as _;
    use crate::docflow::DocflowV4;

    let limits = Limits::new();
    // A list of documents without anything.
    let list = [18, 0].repeat(5);
    // An optional message in an optional message.
    let nested = [18, 2, 10, 0];
    let refused = |error: Option<prost::DecodeError>, name: &str| {
        let error = error.expect("it goes beyond the limit").to_string();
        assert!(error.contains(name), "{error}");
    };
    let list_within = |limits| DocumentList::decode_within(&list[..], &limits).err();
    refused(list_within(limits.elements(4)), "`Limits::elements`");
    refused(list_within(limits.memory(100)), "`Limits::memory`");
    refused(list_within(limits.bytes(9)), "`Limits::bytes`");
    refused(list_within(limits.depth(0)), "`Limits::depth`");
    assert_eq!(list_within(limits.elements(5).bytes(10).depth(1)), None);
    let depth = |most| DocflowV4::decode_within(&nested[..], &limits.depth(most)).err();
    assert_eq!(depth(100), DocflowV4::decode(&nested[..]).err());
    if depth(100).is_none() {
        refused(depth(1), "at most 1 levels of nesting (`Limits::depth`)");
        assert_eq!(depth(2), None);
    }
}
