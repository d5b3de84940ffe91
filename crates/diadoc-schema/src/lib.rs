//! The Kontur Diadoc schema at run time: validate, describe, compare, export.
//!
//! Reading with diadoc-proto is tolerant, because the server's bodies grow; this crate is the
//! strict side. It works on descriptors and needs no generated types.
//!
//! - validate: hold a body against a message and report everything found, each with a stable
//!   [`Rule`], its place and what was expected;
//! - detect: find the messages that fit a body;
//! - compare: what changed between two schemas, and what breaks;
//! - [`Schema::methods`]: the HTTP methods of the API, their parameters, bodies and answers;
//! - describe, export, example, and the JSON as the server would write it.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod compare;
mod computed_keys;
mod describe;
mod detect;
mod enums;
mod example;
mod export;
mod field_rules;
mod json;
mod methods;
mod names;
mod openapi;
mod parameters;
mod printable;
#[cfg(feature = "compile")]
mod proto_folder;
mod protobuf;
mod report;
mod rule;
mod schema;
mod server;

pub use compare::{Breaks, Change, ChangeKind, Shape, compare, list_changes, total_changes};
pub use describe::{
    Description, FieldDescription, ItemKind, MethodDescription, ParameterDescription,
    ValueDescription, describe,
};
pub use detect::{Detected, detect_json, detect_protobuf};
pub use enums::unknown_member;
pub use example::{Example, example};
pub use export::{Flavour, json_schema, markdown};
pub use field_rules::{rules_of_field, rules_of_message};
pub use json::validate_json;
pub use methods::{
    Body, BodyKind, Idempotency, Method, Paging, Parameter, Pending, Response, Verb,
};
pub use names::nearest;
pub use parameters::validate_parameters;
pub use printable::printable;
pub use protobuf::validate_protobuf;
pub use report::{Direction, Finding, Report, Severity, Span};
pub use rule::Rule;
pub use schema::{DESCRIPTOR_SET, Schema, SchemaError};
pub use server::{ComputedKeys, render_like_server};
