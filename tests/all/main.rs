//! The tests of diadoc-proto as its users see it, in one binary.

// The generated table of all messages names them as if it stood in their crate.
use diadoc_proto::*;

mod agreement;
mod depth;
mod drift;
mod fixtures;
mod hostile;
mod interop;
mod pages;
mod preserve;
mod properties;
mod protobuf;
mod rules;
mod schema;
mod support;
mod syntax;
mod through_serde;
