//! Rust types and the vendor's own JSON for the Kontur Diadoc API.
//!
//! Every message of the API is a struct with its fields as the schema names them, in a module per
//! package: `Diadoc.Api.Proto.Documents.DocumentList` is [`documents::DocumentList`], and the
//! messages of `Diadoc.Api.Proto` itself stand at the root: [`DocumentId`]. All of them read and
//! write protobuf ([`prost::Message`]) and Diadoc's JSON ([`json`]).
//!
//! ```
//! use diadoc_proto::documents::DocumentList;
//! use diadoc_proto::{Ticks, json};
//! use prost::Message;
//!
//! let body = r#"{
//!     "TotalCount": 1,
//!     "Documents": [{
//!         "MessageId": "bcd62464-5b5d-44ff-93b0-ec6981b7cefe",
//!         "EntityId": "9b4a541e-68e3-4c6f-b5a0-6009f906d554",
//!         "CreationTimestampTicks": 638884242433705569
//!     }]
//! }"#;
//! let list: DocumentList = json::from_str(body)?;
//! let created = Ticks::new(list.documents[0].creation_timestamp_ticks)?;
//! assert_eq!(created.to_string(), "2025-07-18T08:30:43.3705569Z");
//!
//! // The same message over protobuf.
//! assert_eq!(DocumentList::decode(&*list.encode_to_vec())?, list);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Shapes
//!
//! - Required fields are plain, optional ones [`Option`], repeated ones [`Vec`].
//! - Optional messages are `Option<Box<M>>`, whatever their size; required ones and those in lists
//!   are not boxed.
//! - Enum fields are `i32`, so that a number from the future survives; the getter of the field's
//!   name gives the enum, or its default where the number is unknown. Variants keep their full
//!   names: `DocumentType::UnknownDocumentType`.
//! - Bytes are [`bytes::Bytes`]: decoding from `Bytes` copies no content.
//! - Moments are ticks, see [`Ticks`]; dates of documents are strings, see [`DocumentDate`]; box ids
//!   come in two spellings, see [`BoxId`].
//!
//! # Features
//!
//! - `json` (default): [`json`], with a codec of its own and without serde.
//! - `serde` (default): `serde::Serialize` and `Deserialize` for every type, in the same dialect.
//! - `reflection`: `FILE_DESCRIPTOR_SET`, the schema for crates such as prost-reflect.
//! - `registry`: `registry`, every message type by name at run time.
//! - `preserve`: `preserve`, messages that keep what the schema does not know.
//! - `time`, `chrono`, `jiff`: conversions of ticks to and from these crates' types.
//! - `uuid`: conversions of box ids and GUIDs to and from `uuid::Uuid`.
#![forbid(unsafe_code)]
// No input may panic, see SECURITY.md: what cannot happen is allowed place by place, with its reason.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[allow(missing_docs, clippy::all, deprecated)]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "preserve")]
pub mod preserve;
#[cfg(feature = "registry")]
pub mod registry;
#[cfg(feature = "serde")]
mod serde;
mod timestamp;
mod wire;

pub use diadoc_core::{
    BoxId, BoxIdError, DocumentClass, DocumentDate, DocumentDateError, DocumentStatus,
    FilterCategory, FilterCategoryError, Inn, Kpp, Limit, LimitError, Limits, TaxpayerError, Ticks,
    TicksError, UnknownClass, UnknownStatus, box_id, document_date, filter_category, taxpayer,
    ticks,
};
pub use generated::*;
pub use wire::DecodeWithin;
pub use {bytes, prost};

/// The schema as an encoded `google.protobuf.FileDescriptorSet`, without comments.
///
/// ```
/// use prost::Message;
///
/// let set = prost_types::FileDescriptorSet::decode(diadoc_proto::FILE_DESCRIPTOR_SET)?;
/// assert!(set.file.iter().any(|file| file.name() == "diadoc/documents/document_list.proto"));
/// # Ok::<(), prost::DecodeError>(())
/// ```
#[cfg(feature = "reflection")]
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/descriptor_set.bin");

/// Runs the README's Rust as a doctest.
#[cfg(all(doctest, feature = "json"))]
#[doc = include_str!("../README.md")]
struct Readme;
