//! Lists: which documents of a box there are, and what a search for them finds.

mod filter;
mod key;
mod search;
mod status;
#[cfg(test)]
mod tests;

pub(crate) use filter::{Category, Filter, Range};
pub(crate) use key::ListKey;

pub(crate) use status::Statuses;
