//! The schema in other people's languages.

mod json_schema;
mod markdown;

pub use json_schema::{Flavour, json_schema};
pub use markdown::markdown;
