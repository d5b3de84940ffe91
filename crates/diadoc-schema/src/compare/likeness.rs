//! What a type has of another one, whatever the two are called.

use std::collections::{HashMap, HashSet};

use super::Breaks;
use super::fields::same_oneof;
use super::options::stated_breaks;
use super::shape::{Enum, Field, Label, Shape, Type};

/// Whether a message of one shape reads and writes exactly as one of another does, names of types
/// and what both state in options aside.
pub(super) fn same_message(old: &Shape, old_name: &str, new: &Shape, new_name: &str) -> bool {
    walk(old, old_name, new, new_name).is_some()
}

/// What breaks where a message of one shape stands in the place of one of another.
pub(super) fn in_place_of(old: &Shape, old_name: &str, new: &Shape, new_name: &str) -> Breaks {
    walk(old, old_name, new, new_name).unwrap_or(Breaks::WIRE | Breaks::JSON)
}

/// What two messages of the same shape state in other ways, by what that breaks; none where they
/// differ in shape.
fn walk(old: &Shape, old_name: &str, new: &Shape, new_name: &str) -> Option<Breaks> {
    let mut breaks = Breaks::NOTHING;
    let mut seen = HashSet::new();
    let mut todo = vec![(old_name, new_name)];
    // A list of work instead of recursion: a schema may nest as deep as it likes.
    while let Some((old_name, new_name)) = todo.pop() {
        if !seen.insert((old_name, new_name)) {
            continue;
        }
        let (a, b) = (old.messages.get(old_name)?, new.messages.get(new_name)?);
        if a.fields.len() != b.fields.len() {
            return None;
        }
        breaks |= stated_breaks(old, old_name, new, new_name);
        let others = b.by_json_name();
        for field in &a.fields {
            let other = *others.get(&*field.json_name)?;
            if !same_place(field, other) || !same_oneof(a, field, b, other) {
                return None;
            }
            let element = |message: &str, field: &Field| format!("{message}.{}", field.name);
            let (was, now) = (element(old_name, field), element(new_name, other));
            breaks |= stated_breaks(old, &was, new, &now);
            let ruled = old.is_ruled(old_name, &field.name) || new.is_ruled(new_name, &other.name);
            if field.name != other.name && ruled {
                breaks |= Breaks::VALIDATION;
            }
            match (&field.kind, &other.kind) {
                // What changed in a type that stayed is told of that type.
                (a, b) if a == b => {}
                (Type::Message(a), Type::Message(b)) | (Type::Group(a), Type::Group(b)) => {
                    todo.push((a, b));
                }
                (Type::Enum(a), Type::Enum(b)) => {
                    match keeps_enum(old, a, new, b)? {
                        Kept::All | Kept::MoreUnknown => {}
                        Kept::More if field.label != Label::Required => {}
                        Kept::More | Kept::TwoNames | Kept::OtherUnknown => return None,
                    }
                    breaks |= stated_breaks(old, a, new, b);
                }
                _ => return None,
            }
        }
    }
    Some(breaks)
}

/// Whether two fields of one key differ in nothing but their types.
fn same_place(a: &Field, b: &Field) -> bool {
    let default = |field: &Field| {
        field
            .default
            .as_ref()
            .map(|default| default.meaning.clone())
    };
    a.number == b.number && a.label == b.label && default(a) == default(b)
}

/// What an enum has of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// The same values.
    All,
    /// Further values, for which readers of the old one have a member.
    MoreUnknown,
    /// Further values, which readers of the old one do not know.
    More,
    /// The same values, of which JSON writes other names.
    TwoNames,
    /// The same values, and another member that means unknown.
    OtherUnknown,
}

/// What the new enum has besides the values of the old one; none where it lacks some.
pub(super) fn keeps_enum(old: &Shape, old_name: &str, new: &Shape, new_name: &str) -> Option<Kept> {
    let (a, b) = (old.enums.get(old_name)?, new.enums.get(new_name)?);
    let set = |item: &Enum| -> HashSet<(String, i32)> {
        let values = item.values.iter();
        values
            .map(|value| (value.name.clone(), value.number))
            .collect()
    };
    let (has, had) = (set(b), set(a));
    if !had.is_subset(&has) {
        return None;
    }
    let unknown = unknown_of(a, b);
    let (was, now) = (written(a), written(b));
    Some(if unknown != unknown_of(b, a) {
        Kept::OtherUnknown
    } else if was.iter().any(|(number, name)| now[number] != *name) {
        Kept::TwoNames
    } else if has.len() == had.len() {
        Kept::All
    } else if unknown.is_some() {
        Kept::MoreUnknown
    } else {
        Kept::More
    })
}

/// The member of an enum that means unknown. The schema of a vendor states none; there it is the one
/// that the other side states, where the enum has that.
pub(super) fn unknown_of<'a>(item: &'a Enum, other: &'a Enum) -> Option<&'a str> {
    let has = |name: &&str| item.values.iter().any(|value| value.name == *name);
    let theirs = other.unknown.as_deref().filter(has);
    item.unknown.as_deref().or(theirs)
}

/// The name that JSON writes for each number.
fn written(item: &Enum) -> HashMap<i32, &str> {
    // Of several the first counts, and so goes in last.
    let values = item.values.iter().rev();
    values.map(|value| (value.number, &*value.name)).collect()
}
