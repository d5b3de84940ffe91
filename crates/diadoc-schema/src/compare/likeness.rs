//! What a type has of another one, whatever the two are called.

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::Breaks;
use super::oneofs::Oneofs;
use super::options::stated_breaks;
use super::shape::{Enum, Field, Label, Message, Shape, Type};

/// Holds types of one shape against those of another, each pair once: many fields may have a type, and
/// many types may lie below one.
#[derive(Debug)]
pub(super) struct Likeness<'a> {
    old: &'a Shape,
    new: &'a Shape,
    messages: RefCell<HashMap<Pair<'a>, Like>>,
    enums: RefCell<HashMap<Pair<'a>, Option<Kept>>>,
    /// How many pairs were looked into.
    #[cfg(test)]
    compared: std::cell::Cell<usize>,
}

/// The names of two types, the old one first.
type Pair<'a> = (&'a str, &'a str);

/// What two messages of the same shape state in other ways, by what that breaks; none where they differ
/// in shape.
type Like = Option<Breaks>;

impl<'a> Likeness<'a> {
    pub(super) fn between(old: &'a Shape, new: &'a Shape) -> Self {
        Self {
            old,
            new,
            messages: RefCell::default(),
            enums: RefCell::default(),
            #[cfg(test)]
            compared: std::cell::Cell::default(),
        }
    }

    /// Whether a message of the old shape reads and writes exactly as one of the new does, names of types
    /// and what both state in options aside.
    pub(super) fn same_message(&self, old_name: &str, new_name: &str) -> bool {
        self.like(old_name, new_name).is_some()
    }

    /// What breaks where a message of the old shape stands in the place of one of the new.
    pub(super) fn in_place_of(&self, old_name: &str, new_name: &str) -> Breaks {
        let like = self.like(old_name, new_name);
        like.unwrap_or(Breaks::WIRE | Breaks::JSON)
    }

    /// What the new enum has besides the values of the old one; none where it lacks some.
    pub(super) fn keeps_enum(&self, old_name: &str, new_name: &str) -> Option<Kept> {
        let (old_name, a) = self.old.enums.get_key_value(old_name)?;
        let (new_name, b) = self.new.enums.get_key_value(new_name)?;
        let mut known = self.enums.borrow_mut();
        *known.entry((old_name, new_name)).or_insert_with(|| {
            self.count();
            kept(a, b)
        })
    }

    fn like(&self, old_name: &str, new_name: &str) -> Like {
        let root = self.pair(old_name, new_name)?;
        let mut known = self.messages.borrow_mut();
        if let Some(like) = known.get(&root) {
            return *like;
        }
        // What lies below and is not known yet, by itself; and the pairs that each lies below. A list of
        // work instead of recursion: a schema may nest as deep as it likes.
        let mut found = HashMap::new();
        let mut above = HashMap::<_, Vec<_>>::new();
        let mut todo = vec![root];
        while let Some(pair) = todo.pop() {
            if found.contains_key(&pair) {
                continue;
            }
            let (mut like, below) = self.by_itself(pair);
            for below in below {
                match known.get(&below) {
                    Some(known) => like = both(like, *known),
                    None => {
                        above.entry(below).or_default().push(pair);
                        todo.push(below);
                    }
                }
            }
            found.insert(pair, like);
        }
        // What a pair breaks, all above it break too. Each changes a few times at most.
        let mut todo: Vec<_> = found.keys().copied().collect();
        while let Some(pair) = todo.pop() {
            for above in above.get(&pair).into_iter().flatten() {
                let (was, below) = (found[above], found[&pair]);
                let now = both(was, below);
                if now != was {
                    found.insert(*above, now);
                    todo.push(*above);
                }
            }
        }
        known.extend(found);
        known[&root]
    }

    /// The two names as the shapes have them; none where one has no such message.
    fn pair(&self, old_name: &str, new_name: &str) -> Option<Pair<'a>> {
        let (old_name, _) = self.old.messages.get_key_value(old_name)?;
        let (new_name, _) = self.new.messages.get_key_value(new_name)?;
        Some((old_name, new_name))
    }

    /// The same without the messages in their fields, and the pairs of these.
    fn by_itself(&self, (old_name, new_name): Pair<'a>) -> (Like, Vec<Pair<'a>>) {
        self.count();
        let (a, b) = (&self.old.messages[old_name], &self.new.messages[new_name]);
        let mut below = Vec::new();
        match self.fields((old_name, a), (new_name, b), &mut below) {
            Some(breaks) => (Some(breaks), below),
            None => (None, Vec::new()),
        }
    }

    /// Tests ask how much is done.
    fn count(&self) {
        #[cfg(test)]
        self.compared.set(self.compared.get() + 1);
    }

    fn fields(
        &self,
        (old_name, a): (&str, &Message),
        (new_name, b): (&str, &Message),
        below: &mut Vec<Pair<'a>>,
    ) -> Like {
        if a.fields.len() != b.fields.len() {
            return None;
        }
        let (old, new) = (self.old, self.new);
        let mut breaks = stated_breaks(old, old_name, new, new_name);
        let others = b.by_json_name();
        let mut oneofs = Oneofs::of(a, b);
        for field in &a.fields {
            let other = *others.get(&*field.json_name)?;
            if !same_place(field, other) || !oneofs.are_same(field, other) {
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
                    below.push(self.pair(a, b)?);
                }
                (Type::Enum(a), Type::Enum(b)) => {
                    match self.keeps_enum(a, b)? {
                        Kept::All | Kept::MoreUnknown => {}
                        Kept::More if field.label != Label::Required => {}
                        Kept::More | Kept::TwoNames | Kept::OtherUnknown => return None,
                    }
                    breaks |= stated_breaks(old, a, new, b);
                }
                _ => return None,
            }
        }
        Some(breaks)
    }
}

/// Two messages of which each must be like its other.
fn both(a: Like, b: Like) -> Like {
    Some(a? | b?)
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
fn kept(a: &Enum, b: &Enum) -> Option<Kept> {
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
