//! Which message and enum of one shape is which of the other.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::{Shape, Type};
use crate::names::last_name;

/// Old names with the new ones, and back.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub messages: Names,
    pub enums: Names,
}

#[derive(Debug, Default)]
pub(crate) struct Names {
    forward: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new_name(&self, old: &str) -> Option<&str> {
        self.forward.get(old).map(String::as_str)
    }

    pub(super) fn has_new(&self, new: &str) -> bool {
        self.taken.contains(new)
    }

    /// Whether neither is paired yet.
    fn free(&self, old: &str, new: &str) -> bool {
        !self.forward.contains_key(old) && !self.taken.contains(new)
    }

    fn add(&mut self, old: &str, new: &str) {
        self.forward.insert(old.to_owned(), new.to_owned());
        self.taken.insert(new.to_owned());
    }
}

impl Pairs {
    pub(super) fn new(old: &Shape, new: &Shape) -> Self {
        let mut pairs = Self::default();
        if old.numbered == new.numbered {
            for name in old.messages.keys() {
                if new.messages.contains_key(name) {
                    pairs.messages.add(name, name);
                }
            }
            for name in old.enums.keys() {
                if new.enums.contains_key(name) {
                    pairs.enums.add(name, name);
                }
            }
            return pairs;
        }
        // One side knows no packages: first by a short name that only one has, then by what the
        // fields of those pairs refer to, then by the keys that namesakes have in common.
        by_short_name(
            &mut pairs.messages,
            old.messages.keys(),
            new.messages.keys(),
        );
        by_short_name(&mut pairs.enums, old.enums.keys(), new.enums.keys());
        pairs.follow_references(old, new);
        pairs.choose_among_namesakes(old, new);
        pairs.follow_references(old, new);
        pairs
    }

    fn follow_references(&mut self, old: &Shape, new: &Shape) {
        let mut todo: Vec<(String, String)> = self
            .messages
            .forward
            .iter()
            .map(|(old, new)| (old.clone(), new.clone()))
            .collect();
        while let Some((old_name, new_name)) = todo.pop() {
            let (Some(a), Some(b)) = (old.messages.get(&old_name), new.messages.get(&new_name))
            else {
                continue;
            };
            let others = b.by_json_name();
            for field in &a.fields {
                let Some(other) = others.get(&*field.json_name) else {
                    continue;
                };
                match (&field.kind, &other.kind) {
                    (Type::Message(a), Type::Message(b))
                        if self.messages.free(a, b)
                            && alike(a, &message_keys(old, a), b, &message_keys(new, b)) =>
                    {
                        self.messages.add(a, b);
                        todo.push((a.clone(), b.clone()));
                    }
                    (Type::Enum(a), Type::Enum(b))
                        if self.enums.free(a, b)
                            && alike(a, &enum_keys(old, a), b, &enum_keys(new, b)) =>
                    {
                        self.enums.add(a, b);
                    }
                    _ => {}
                }
            }
        }
    }

    fn choose_among_namesakes(&mut self, old: &Shape, new: &Shape) {
        for old_name in old.messages.keys() {
            let keys = message_keys(old, old_name);
            let best = new
                .messages
                .keys()
                .filter(|new_name| last_name(new_name) == last_name(old_name))
                .filter(|new_name| self.messages.free(old_name, new_name))
                .map(|new_name| {
                    let common = message_keys(new, new_name).intersection(&keys).count();
                    (common, new_name)
                })
                .max();
            if let Some((1.., new_name)) = best {
                self.messages.add(old_name, new_name);
            }
        }
    }
}

fn by_short_name<'a>(
    names: &mut Names,
    old: impl Iterator<Item = &'a String>,
    new: impl Iterator<Item = &'a String>,
) {
    let (old, new) = (grouped(old), grouped(new));
    for (short, old) in old {
        if let ([old], Some([new])) = (&*old, new.get(short).map(Vec::as_slice)) {
            names.add(old, new);
        }
    }
}

fn grouped<'a>(names: impl Iterator<Item = &'a String>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for name in names {
        groups
            .entry(last_name(name))
            .or_default()
            .push(name.as_str());
    }
    groups
}

/// Whether two types that the same field refers to are one: namesakes, or at least half the keys
/// in common.
fn alike(old: &str, old_keys: &BTreeSet<&str>, new: &str, new_keys: &BTreeSet<&str>) -> bool {
    let common = old_keys.intersection(new_keys).count();
    last_name(old) == last_name(new) || common * 2 >= old_keys.len().max(new_keys.len())
}

pub(crate) fn message_keys<'a>(shape: &'a Shape, name: &str) -> BTreeSet<&'a str> {
    let fields = shape.messages.get(name).into_iter().flat_map(|m| &m.fields);
    fields.map(|field| &*field.json_name).collect()
}

pub(crate) fn enum_keys<'a>(shape: &'a Shape, name: &str) -> BTreeSet<&'a str> {
    let values = shape.enums.get(name).into_iter().flat_map(|e| &e.values);
    values.map(|value| &*value.name).collect()
}

/// Whether JSON of one type is JSON of the other too.
pub(crate) fn one_holds_other(a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> bool {
    let (less, more) = if a.len() < b.len() { (a, b) } else { (b, a) };
    less.is_subset(more) && less.is_empty() == more.is_empty()
}
