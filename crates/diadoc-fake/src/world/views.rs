//! What the API shows of the world: structures that are made anew for each viewer, and for each moment.

#[expect(
    deprecated,
    reason = "the server writes what the vendor calls obsolete, too"
)]
pub(crate) mod docflow;
#[expect(
    deprecated,
    reason = "the server writes what the vendor calls obsolete, too"
)]
mod document;
mod entity;
mod event;
#[expect(
    deprecated,
    reason = "the server writes what the vendor calls obsolete, too"
)]
mod legacy;
#[expect(
    deprecated,
    reason = "the server writes what the vendor calls obsolete, too"
)]
mod message;
mod participants;
mod signature;
mod status;

pub(crate) use document::{direction_of, title_of};
pub(crate) use entity::MAX_CONTENTS;
pub(crate) use message::Shown;
pub(crate) use status::Status;

use diadoc_core::BoxId;

/// A box in the form of bodies: `hex@diadoc.ru`.
fn address(box_id: BoxId) -> String {
    box_id.address().to_string()
}
