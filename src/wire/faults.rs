//! prost's errors, which prost alone can make: each comes of bytes that ask for it.

use diadoc_core::{LimitError, Limits};
use prost::DecodeError;
use prost::bytes::Buf as _;
use prost::encoding::{
    DecodeContext, WireType, check_wire_type, decode_key, decode_varint, merge_loop, skip_field,
    string,
};

use super::{Names, Result};

/// The most messages, or groups, that stand in each other.
pub(super) const LEVELS: u32 = Limits::DEPTH as u32;

/// One group more in each other than prost takes: the keys behind the first one's.
const GROUPS: [[u8; LEVELS as usize]; 2] = [
    [(1 << 3) | WireType::StartGroup as u8; LEVELS as usize],
    [(1 << 3) | WireType::EndGroup as u8; LEVELS as usize],
];

/// Whether a reader that prost has brought to `context` may go so many levels deeper. prost tells
/// nothing but whether it takes something; so it gets so many groups in each other.
pub(super) fn check_levels(levels: u32, context: DecodeContext) -> Result {
    let Some(inner) = levels.min(LEVELS).checked_sub(1) else {
        return Ok(());
    };
    let (all, inner) = (GROUPS.as_flattened(), inner as usize);
    let mut groups = &all[LEVELS as usize - inner..=LEVELS as usize + inner];
    skip_field(WireType::StartGroup, 1, &mut groups, context)
}

/// The levels that there are are used up: an error, unless prost was built without a limit.
#[cold]
pub(super) fn too_deep() -> Result {
    let mut groups = GROUPS.concat();
    groups.push(GROUPS[1][0]);
    skip_field(
        WireType::StartGroup,
        1,
        &mut &*groups,
        DecodeContext::default(),
    )
}

#[cold]
pub(super) fn cut() -> DecodeError {
    let nothing: &mut &[u8] = &mut &[][..];
    made(skip_field(
        WireType::ThirtyTwoBit,
        1,
        nothing,
        DecodeContext::default(),
    ))
}

#[cold]
pub(super) fn varint(mut bytes: &[u8]) -> DecodeError {
    made(decode_varint(&mut bytes))
}

#[cold]
pub(super) fn key(mut bytes: &[u8]) -> DecodeError {
    made(decode_key(&mut bytes))
}

#[cold]
pub(super) fn wire_type(expected: WireType, actual: u8) -> DecodeError {
    made(WireType::try_from(u64::from(actual)).and_then(|actual| check_wire_type(expected, actual)))
}

#[cold]
pub(super) fn end_of_group() -> DecodeError {
    let nothing: &mut &[u8] = &mut &[][..];
    made(skip_field(
        WireType::EndGroup,
        1,
        nothing,
        DecodeContext::default(),
    ))
}

#[cold]
pub(super) fn not_utf8() -> DecodeError {
    let (mut text, mut bytes) = (String::new(), &[1, 0xff][..]);
    let context = DecodeContext::default();
    made(string::merge(
        WireType::LengthDelimited,
        &mut text,
        &mut bytes,
        context,
    ))
}

/// What stands in a field goes on after the field's end.
#[cold]
pub(super) fn exceeded() -> DecodeError {
    made(merge_loop(
        &mut (),
        &mut &[1, 0, 0][..],
        DecodeContext::default(),
        |_, bytes, _| {
            bytes.advance(2);
            Ok(())
        },
    ))
}

/// The bytes go beyond a limit, of which prost knows nothing.
#[cold]
#[expect(
    deprecated,
    reason = "there is no other way to an error with a text of one's own"
)]
pub(super) fn limit(error: LimitError) -> DecodeError {
    DecodeError::new(error.to_string())
}

/// Says where it was.
#[cold]
pub(super) fn within(mut error: DecodeError, names: &Names, number: u32) -> DecodeError {
    if let Some(field) = names.of(number) {
        error.push(names.message, field);
    }
    error
}

/// The error of something that prost refuses.
fn made<T>(refused: Result<T>) -> DecodeError {
    match refused {
        Err(error) => error,
        #[expect(deprecated, reason = "there is no other way, for what does not happen")]
        Ok(_) => DecodeError::new("it cannot be read"),
    }
}
