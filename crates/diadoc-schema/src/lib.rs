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
//! - [`Schema::directions`]: the methods that send a message, and those that answer with it;
//! - [`Schema::resolve`]: what a name means, full or the end of one;
//! - [`Schema::search`]: what has words in its name or comment;
//! - describe, export, example, and the JSON as the server would write it.

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

mod checks;
mod collector;
mod compare;
mod computed_keys;
mod contents;
mod deprecated;
mod describe;
mod detect;
mod deviations;
mod directions;
mod endpoints;
mod enums;
mod example;
mod export;
mod field_rules;
mod folder;
mod given;
mod guards;
mod json;
mod methods;
mod names;
mod only_in_json;
mod openapi;
mod options;
mod plan;
mod prepared;
#[cfg(feature = "compile")]
mod proto_folder;
mod protobuf;
mod read_json;
mod report;
mod resolve;
mod schema;
mod search;
mod server;
mod sources;
#[cfg(test)]
mod spoil;
mod texts;
pub mod titles;
mod windows_1251;
mod words;

pub use checks::{Checks, Level, LevelError, Levels};
pub use compare::{
    Breaks, Change, ChangeKind, ChangeReport, Shape, changes_markdown, compare, is_judged,
    kinds_markdown, list_changes, not_compared, report_markdown, total_changes,
};
pub use contents::ContentKind;
pub use describe::comment::blocks as comment_blocks;
pub use describe::{
    Description, FieldDescription, MethodDescription, ParameterDescription, ValueDescription,
    describe, describe_item,
};
pub use detect::{Detected, detect_json, detect_protobuf, detect_value};
pub use deviations::{
    Deviation, EMPTY_BODY, Taken, Verdict, verdicts, verdicts_json, verdicts_markdown,
};
pub use diadoc_core::rules::{Effect, Evidence, MessageRule, Rule, nearest};
pub use diadoc_core::{Direction, Form, Language, Stage, printable, printable_lines};
pub use directions::Directions;
pub use enums::unknown_member;
pub use example::{Example, example};
pub use export::{
    DIFFERENCES, OpenApiForm, PROTOVALIDATE_DIFFERENCES, Profile, ProtoFile, ProtoForm, buf_yaml,
    json_schema, markdown, openapi, proto_files,
};
pub use field_rules::{
    content_kind, enum_of_values, field_rules, is_secret, message_rules, must_have_content,
    rules_of_field, rules_of_message, secret_keys,
};
pub use json::carried::OnlyInJson;
pub use json::rewritten::{Rewrites, Rewritten};
pub use json::validate_json;
pub use methods::{
    Body, BodyKind, Idempotency, Method, Paging, Parameter, Pending, Response, Verb,
};
pub use names::{is_tail, nearest_last_names};
pub use only_in_json::is_only_in_json;
pub use options::{extension, option_texts};
#[doc(hidden)]
pub use plan::table::plan_tables;
pub use prepared::Prepared;
pub use prost_reflect;
pub use protobuf::validate_protobuf;
pub use protobuf::wire::is_protobuf;
pub use read_json::{check_json, read_json};
pub use report::{Content, Count, Finding, Report, Severity, Span};
pub use resolve::{Item, ItemKind, Near};
#[cfg(feature = "bundled")]
pub use schema::DESCRIPTOR_SET;
pub use schema::{Schema, SchemaError};
pub use search::Found;
pub use server::{ComputedKeys, render_like_server};
pub use texts::{mojibake, not_utf8, percent_encoded};

/// Runs the README's Rust as a doctest.
#[cfg(all(doctest, feature = "bundled"))]
#[doc = include_str!("../README.md")]
struct Readme;
