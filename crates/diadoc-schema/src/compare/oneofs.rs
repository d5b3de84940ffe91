//! Whether oneofs of two messages have fields of the same numbers.

use std::collections::{BTreeSet, HashMap};

use super::shape::{Field, Message};

/// The oneofs of two messages, each pair of which is held against each other once.
#[derive(Debug)]
pub(super) struct Oneofs<'a> {
    old: Numbers<'a>,
    new: Numbers<'a>,
    known: HashMap<(&'a str, &'a str), bool>,
}

/// The numbers of the fields in each oneof.
type Numbers<'a> = HashMap<&'a str, BTreeSet<u32>>;

impl<'a> Oneofs<'a> {
    pub(super) fn of(old: &'a Message, new: &'a Message) -> Self {
        Self {
            old: numbers(old),
            new: numbers(new),
            known: HashMap::new(),
        }
    }

    /// Whether the oneofs of a field of the old message and of one of the new are the same, or there is
    /// none on either side.
    pub(super) fn are_same(&mut self, a: &'a Field, b: &'a Field) -> bool {
        match (&a.oneof, &b.oneof) {
            (None, None) => true,
            (Some(a), Some(b)) => {
                let (a, b) = (a.as_str(), b.as_str());
                let (old, new) = (&self.old, &self.new);
                let same = || old.get(a) == new.get(b);
                *self.known.entry((a, b)).or_insert_with(same)
            }
            _ => false,
        }
    }
}

fn numbers(message: &Message) -> Numbers<'_> {
    let mut numbers = Numbers::new();
    for field in &message.fields {
        if let Some(oneof) = &field.oneof {
            numbers.entry(oneof).or_default().insert(field.number);
        }
    }
    numbers
}
