//! Rust types and the vendor's own JSON for the Kontur Diadoc API.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

#[allow(missing_docs, clippy::all)]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "registry")]
pub mod registry;

pub use generated::*;

/// The schema as an encoded `google.protobuf.FileDescriptorSet`, without comments.
#[cfg(feature = "reflection")]
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/descriptor_set.bin");
