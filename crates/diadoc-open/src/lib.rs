//! Bodies as they lie around, opened to what they are: JSON or protobuf.
//!
//! Whoever asks what is wrong with a body has it in a log, in a HAR file of a browser, in a dump of HTTP, as
//! base64 from a debugger, compressed, in UTF-16 from an editor. [`Opener::open`] takes off one wrapping
//! after the other until a body is left, and names each: nothing is opened in silence.
//!
//! ```
//! use diadoc_open::{Opener, Step};
//!
//! let opened = Opener::new().open(b"eyJCb3hJZCI6ICIxIn0=")?;
//! let body = &opened.bodies[0];
//! assert_eq!(&*body.bytes, br#"{"BoxId": "1"}"#);
//! assert_eq!(body.steps, [Step::Base64]);
//! # Ok::<(), diadoc_open::OpenError>(())
//! ```
//!
//! Opened are gzip, zlib, zstd; UTF-16, UTF-32, windows-1251 and the encoding that a head of HTTP
//! declares; base64 and hexadecimal digits; requests and responses of a HAR file; what stands behind a
//! head of HTTP, as `curl --include` and `curl --verbose` write them; a part of JSON that a [`Path`]
//! names; JSON in a JSON string; the last JSON of each line of a log; YAML. What is unpacked is bounded
//! by [`Limits::bytes`](diadoc_core::Limits::bytes), and so is the number of steps.

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

mod base;
mod encoding;
mod error;
mod har;
mod http;
mod log;
mod opener;
mod packed;
mod path;
mod step;
mod yaml;

pub use error::{OpenError, Trouble};
pub use opener::{Exchange, Opened, OpenedBody, Opener};
pub use path::{Path, PathError};
pub use step::Step;

/// Runs the README's Rust as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
