//! Tools for testing against the Kontur Diadoc API.
//!
//! - [`manifest`]: a folder of bodies and what each of them is;
//! - [`round_trip`]: whether a body survives reading and writing, and the binary format;
//! - [`changes`]: what a body loses and gains on the way;
//! - [`bounds`]: bodies at the bounds of the rules, and ones that break just one of them;
//! - [`normalise`]: what the rules of Diadoc's JSON make of a body, computed from the schema by
//!   reflection and so independent of the generated code;
//! - `fake` (feature `fake`): the crate diadoc-fake, a fake Diadoc over HTTP;
//! - `strategies` (feature `proptest`): random messages of any type;
//! - `seeds` (feature `proptest`): which random cases properties try.

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

use std::io::Write as _;

use diadoc_schema::Schema;
use prost_reflect::{DescriptorPool, MessageDescriptor};

pub mod bounds;
pub mod changes;
pub mod normalise;
pub mod round_trip;
#[cfg(feature = "proptest")]
pub mod seeds;
#[cfg(feature = "proptest")]
pub mod strategies;

/// The fake under the name of its feature.
///
/// ```
/// let fake = diadoc_testkit::fake::Fake::builder().token("the only one");
/// ```
#[cfg(feature = "fake")]
pub use diadoc_fake as fake;
pub use diadoc_fake::manifest;

/// The schema, for reflection.
pub fn descriptor_pool() -> &'static DescriptorPool {
    Schema::diadoc().pool()
}

/// The descriptor of the message of that full name.
pub fn descriptor(full_name: &str) -> Option<MessageDescriptor> {
    descriptor_pool().get_message_by_name(full_name)
}

/// Says on standard error that a test, or a part of it, is not run, and why. What tests print is shown of
/// those alone that fail; this is shown always.
pub fn skipped(why: &str) {
    // Without a standard error nobody is there to be told.
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// Runs the README's Rust as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
