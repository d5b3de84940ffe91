//! What the generated serde impls call where Diadoc's JSON differs from proto3's: each kind of value
//! on its way in or out.

mod bytes;
mod enums;
mod integers;
mod scalars;

pub(crate) use bytes::Base64;
pub(crate) use enums::{EnumNames, EnumOrUnknown, EnumValue, KnownEnum, other_name};
pub(crate) use integers::Integer;
pub(crate) use scalars::{boolean, text, texts};
