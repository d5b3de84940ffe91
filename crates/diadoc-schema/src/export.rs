//! The schema in other people's languages.

mod json_schema;
mod markdown;

pub use json_schema::{DIFFERENCES, Profile, json_schema};
pub use markdown::markdown;
