//! serde for every message and enum, in Diadoc's JSON.
//!
//! There is one reader and one writer, over the tables of [`json`](crate::json): the generated code
//! tells them where the fields of a message are, see [`slots`]. Each kind of value has a module for
//! its way in; they follow the rules that `crate::json` states.

mod bytes;
mod enums;
mod integers;
mod read;
mod scalars;
mod slots;
mod write;

pub(crate) use enums::{read_enum, write_enum};
pub(crate) use read::read;
pub(crate) use slots::{Slot, Slots, Value, member, members, slot, value};
pub(crate) use write::write;
