//! The tests of diadoc-proto as its users see it, in one binary.

mod agreement;
mod fixtures;
mod hostile;
mod interop;
mod properties;
mod protobuf;
mod rules;
mod schema;
mod support;
