//! The ground floor of the diadoc crates: what more than one of them has to know of Kontur Diadoc.
//!
//! Programs use it through the crates above: diadoc-proto re-exports the values, diadoc-api and
//! diadoc-schema the rules. It knows no message, no protobuf and no HTTP.
//!
//! - Values: [`Ticks`], [`DocumentDate`], [`BoxId`], [`Inn`], [`Kpp`], [`FilterCategory`].
//! - [`Form`], in which messages travel, and [`Direction`], in which they go.
//! - [`Stage`], how far the vendor is with giving up a method.
//! - [`Limits`]: how much reading one body may take.
//! - [`dialect`]: facts of Diadoc's JSON that its readers and writers share.
//! - [`names`]: the hash by which generated tables find names.
//! - [`files`]: reading those that somebody named.
//! - [`utf8`]: text among bytes; [`printable`]: foreign text on a terminal.
//! - [`secrets`]: what is shown of them.
//! - [`digest`]: tells whether generated code is that of the schema beside it.
//! - `rules` (feature `rules`): what values have to look like, and the ids that findings go by.
//!
//! # Features
//!
//! None is on by default: `rules`, `base64` (decoding as Diadoc's JSON does), `serde` (for the
//! values), `uuid`, and `chrono`, `jiff`, `time` (conversions to and from these crates' types).

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

#[cfg(feature = "base64")]
pub mod base64;
pub mod box_id;
mod calendar;
pub mod dialect;
pub mod digest;
mod direction;
pub mod document_date;
pub mod files;
pub mod filter_category;
mod form;
mod language;
pub mod limits;
pub mod names;
mod printable;
#[cfg(feature = "rules")]
pub mod rules;
pub mod secrets;
#[cfg(feature = "serde")]
mod serde_impls;
mod stage;
pub mod taxpayer;
pub mod ticks;
pub mod utf8;

pub use box_id::{BoxId, BoxIdError};
pub use direction::{Direction, DirectionError};
pub use document_date::{DocumentDate, DocumentDateError};
pub use filter_category::{
    DocumentClass, DocumentStatus, FilterCategory, FilterCategoryError, UnknownClass, UnknownStatus,
};
pub use form::{Form, FormError};
pub use language::{Language, LanguageError};
#[doc(hidden)]
pub use language::{faults_in_words, fill};
pub use limits::{Limit, LimitError, Limits};
pub use printable::{printable, printable_lines};
pub use stage::Stage;
pub use taxpayer::{Inn, Kpp, TaxpayerError};
pub use ticks::{Ticks, TicksError};

/// Runs the README's Rust as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
