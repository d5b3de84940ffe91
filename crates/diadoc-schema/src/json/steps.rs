//! What leads from a body to a value in it.

use diadoc_core::dialect::{push_index, push_key};

/// One step of the way, which becomes text only where there is something to be said.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'t> {
    Key(&'t str),
    Index(usize),
}

/// The path to a member of the object that the steps lead to: `Documents[0].MessageIdGuid`.
pub(super) fn path(steps: &[Step<'_>], key: &str) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => push_key(&mut path, key),
            Step::Index(index) => push_index(&mut path, *index),
        }
    }
    push_key(&mut path, key);
    path
}
