//! The schema in other people's languages.

mod json_schema;
mod markdown;
mod openapi;
mod proto;

pub use json_schema::{DIFFERENCES, Profile, json_schema};
pub use markdown::markdown;
pub use openapi::{OpenApiForm, openapi};
pub use proto::{PROTOVALIDATE_DIFFERENCES, ProtoFile, ProtoForm, buf_yaml, proto_files};
