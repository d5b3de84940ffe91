//! What changed in the fields of a message that both sides have.

use std::collections::{HashMap, HashSet};

use super::change::quoted;
use super::oneofs::Oneofs;
use super::reserved::IN_BODIES;
use super::shape::{DefaultValue, Field, Label, Message, Type, label_name, type_name};
use super::verdicts::{self as v, Verdict, same_json};
use super::{Breaks, ChangeKind, Comparison};

/// How many pairs of names are held against each other at most, for each message or method. Where more
/// came and went, a likeness says little.
const MOST_PAIRS: usize = 10_000;
/// What is said once where there are more.
pub(super) const TOO_MANY: &str =
    "too much came and went here to look for names that are written alike";

/// Whether names are looked for that are written alike, among those that went and those that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hints {
    Looked,
    TooMany,
}

impl Hints {
    pub(super) fn between<T>(removed: &[T], added: &[T]) -> Self {
        match removed.len().saturating_mul(added.len()) <= MOST_PAIRS {
            true => Self::Looked,
            false => Self::TooMany,
        }
    }
}

impl Comparison<'_> {
    pub(super) fn message(
        &mut self,
        path: &str,
        (old_name, old): (&str, &Message),
        (new_name, new): (&str, &Message),
    ) {
        if self.on_wire {
            self.stated(path, old_name, new_name);
            self.reserved(path, &old.reserved, &new.reserved, IN_BODIES);
        }
        let (pairs, removed, added) = match_fields(old, new, self.on_wire);
        let mut oneofs = Oneofs::of(old, new);
        for (a, b) in &pairs {
            let name = if self.old.numbered { &a.name } else { &b.name };
            let path = format!("{path}.{name}");
            if self.on_wire {
                let element = |message: &str, field: &Field| format!("{message}.{}", field.name);
                self.stated(&path, &element(old_name, a), &element(new_name, b));
                if a.oneof != b.oneof {
                    let verdict = match oneofs.are_same(a, b) {
                        true => v::ONEOF_RENAMED,
                        false => v::LAST_OF_ONEOF,
                    };
                    self.oneof(&path, ChangeKind::FieldOneof, a, b, verdict);
                }
            }
            if self.on_wire && a.name != b.name {
                self.ruled(&path, (old_name, a), Some((new_name, b)));
            }
            let first = self.changes.len();
            let reserved = old.reserved.has_number(b.number.into());
            self.field(&path, a, b, reserved);
            if a.only_in_json && b.only_in_json {
                for change in &mut self.changes[first..] {
                    change.breaks = change.breaks.without(Breaks::WIRE);
                }
            }
        }
        let hints = Hints::between(&removed, &added);
        for (index, field) in removed.iter().enumerate() {
            let verdict = if self.on_wire {
                removed_field(field, new)
            } else {
                v::UNKNOWN_KEY
            };
            let hint = match (hints, index) {
                (Hints::Looked, _) => {
                    let near = near_key(field, &added);
                    near.map(|name| format!("did it become {}?", quoted(name)))
                }
                (Hints::TooMany, 0) => Some(TOO_MANY.to_owned()),
                (Hints::TooMany, _) => None,
            };
            let path = format!("{path}.{}", field.name);
            if self.on_wire {
                self.ruled(&path, (old_name, field), None);
            }
            self.add(
                &path,
                ChangeKind::FieldRemoved,
                Some(definition(field)),
                None,
                verdict,
            )
            .hint = hint;
        }
        for field in &added {
            let verdict = if self.on_wire {
                let name = |name: &str| old.reserved.has_name(name);
                let name = name(&field.name) || name(&field.json_name);
                v::added_field(field, old.reserved.has_number(field.number.into()), name)
            } else {
                v::SKIPPED
            };
            let hint = match hints {
                Hints::Looked => {
                    let near = near_key(field, &removed);
                    near.map(|name| format!("was it {}?", quoted(name)))
                }
                Hints::TooMany => None,
            };
            self.add(
                &format!("{path}.{}", field.name),
                ChangeKind::FieldAdded,
                None,
                Some(definition(field)),
                verdict,
            )
            .hint = hint;
        }
    }

    /// A field is gone, or has another name, that rules speak of.
    fn ruled(&mut self, path: &str, old: (&str, &Field), new: Option<(&str, &Field)>) {
        let of_old = self.old.is_ruled(old.0, &old.1.name);
        let of_new = new.is_some_and(|(message, field)| self.new.is_ruled(message, &field.name));
        if (of_old || of_new) && self.old.annotated && self.new.annotated {
            self.add(path, ChangeKind::RuledField, None, None, v::RULED_BY_NAME);
        }
    }

    /// `reserved` says whether the old message had reserved the new number.
    fn field(&mut self, path: &str, old: &Field, new: &Field, reserved: bool) {
        if self.on_wire {
            self.field_on_wire(path, old, new, reserved);
        } else if (old.label == Label::Repeated) != (new.label == Label::Repeated) {
            let list = |field: &Field| match field.label {
                Label::Repeated => "list".to_owned(),
                _ => "single value".to_owned(),
            };
            let (was, now) = (Some(list(old)), Some(list(new)));
            self.add(path, ChangeKind::FieldLabel, was, now, v::BRACKETS);
        }
        // Where both keys follow the name, the new name says it all.
        let follows = old.json_name == old.name && new.json_name == new.name;
        if old.json_name != new.json_name && !(self.on_wire && follows) {
            let (was, now) = (Some(old.json_name.clone()), Some(new.json_name.clone()));
            self.add(path, ChangeKind::FieldJsonName, was, now, v::OTHER_KEY);
        }
        if !self.same_type(&old.kind, &new.kind) {
            let verdict = if self.on_wire {
                let (was, now) = ((&old.kind, old.label), (&new.kind, new.label));
                v::retyped(&self.likeness, was, now)
            } else {
                v::retyped_in_json(&old.kind, &new.kind)
            };
            let (was, now) = (Some(type_name(&old.kind)), Some(type_name(&new.kind)));
            self.add(path, ChangeKind::FieldRetyped, was, now, verdict);
        }
    }

    /// What only a schema states of a field.
    fn field_on_wire(&mut self, path: &str, old: &Field, new: &Field, reserved: bool) {
        let mut add = |kind, was: String, now: String, verdict| {
            self.add(path, kind, Some(was), Some(now), verdict);
        };
        if old.number != new.number {
            add(
                ChangeKind::FieldRenumbered,
                old.number.to_string(),
                new.number.to_string(),
                v::renumbered(old, new, reserved),
            );
        }
        if old.name != new.name {
            add(
                ChangeKind::FieldRenamed,
                old.name.clone(),
                new.name.clone(),
                v::renamed(old, new),
            );
        }
        if old.label != new.label {
            add(
                ChangeKind::FieldLabel,
                label_name(old.label).to_owned(),
                label_name(new.label).to_owned(),
                v::relabelled(old, new),
            );
        }
        if let Some((was, now)) = other_default(old, new) {
            add(ChangeKind::FieldDefault, was, now, v::READS_AS_OTHER);
        }
    }

    pub(super) fn oneof(
        &mut self,
        path: &str,
        kind: ChangeKind,
        old: &Field,
        new: &Field,
        verdict: Verdict,
    ) {
        let name = |field: &Field| field.oneof.clone().unwrap_or_else(|| "none".to_owned());
        self.add(path, kind, Some(name(old)), Some(name(new)), verdict);
    }

    fn same_type(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Unstated, _) | (_, Type::Unstated) => true,
            (old, new) if self.on_wire => old == new,
            (Type::Scalar(a), Type::Scalar(b)) => same_json(a, b),
            (Type::Message(a) | Type::Group(a), Type::Message(b) | Type::Group(b)) => a == b,
            (Type::Enum(a), Type::Enum(b)) => a == b,
            _ => false,
        }
    }
}

/// The defaults of a field, where they differ. Beside another type or label a default that nobody
/// wrote is none, but for enums: each has its own.
pub(super) fn other_default(old: &Field, new: &Field) -> Option<(String, String)> {
    let enums = matches!((&old.kind, &new.kind), (Type::Enum(_), Type::Enum(_)));
    let same_type = (old.kind == new.kind || enums) && old.label == new.label;
    let stated = |field: &Field| {
        let default = field.default.as_ref();
        default
            .filter(|default| same_type || !default.is_zero)
            .cloned()
    };
    let (was, now) = (stated(old), stated(new));
    let meaning = |default: &Option<_>| {
        default
            .as_ref()
            .map(|one: &DefaultValue| one.meaning.clone())
    };
    let shown = |default: Option<DefaultValue>| {
        default.map_or_else(|| "none".to_owned(), |default| default.shown)
    };
    (meaning(&was) != meaning(&now)).then(|| (shown(was), shown(now)))
}

pub(super) type Fields<'a> = Vec<&'a Field>;

/// The fields that stand on both sides, those that only the old has, those that only the new has.
pub(super) fn match_fields<'a>(
    old: &'a Message,
    new: &'a Message,
    on_wire: bool,
) -> (Vec<(&'a Field, &'a Field)>, Fields<'a>, Fields<'a>) {
    let mut pairs = Vec::new();
    let mut left: Fields = old.fields.iter().collect();
    let mut rest: Fields = new.fields.iter().collect();
    let mut pair_by = |key: &dyn Fn(&'a Field) -> String, other: &dyn Fn(&'a Field) -> String| {
        let mut found: HashMap<_, _> = rest.iter().map(|field| (other(field), *field)).collect();
        let mut taken = HashSet::new();
        left.retain(|field| match found.remove(&key(field)) {
            Some(twin) => {
                taken.insert(other(twin));
                pairs.push((*field, twin));
                false
            }
            None => true,
        });
        rest.retain(|field| !taken.contains(&other(field)));
    };
    let (name, json) = (
        |field: &Field| field.name.clone(),
        |field: &Field| field.json_name.clone(),
    );
    if on_wire {
        pair_by(&name, &name);
        let number = |field: &Field| field.number.to_string();
        pair_by(&number, &number);
    } else {
        pair_by(&json, &json);
        // A key of the document may be the field's name where the schema has another key.
        pair_by(&json, &name);
        pair_by(&name, &json);
    }
    (pairs, left, rest)
}

fn removed_field(field: &Field, new: &Message) -> Verdict {
    if field.label == Label::Required {
        return v::OLD_READERS_INSIST;
    }
    let name = new.reserved.has_name(&field.name) || new.reserved.has_name(&field.json_name);
    let number = field.only_in_json || new.reserved.has_number(field.number.into());
    v::removed_part(!number, !name)
}

/// The key of another field of the same type that is written much like this one.
fn near_key<'a>(field: &Field, others: &[&'a Field]) -> Option<&'a str> {
    let same = others.iter().filter(|other| other.kind == field.kind);
    crate::nearest(&field.json_name, same.map(|other| &*other.json_name))
        .first()
        .copied()
}

/// A field as it stands in its schema: `optional string = 7`; without a number, only its type.
pub(super) fn definition(field: &Field) -> String {
    let kind = type_name(&field.kind);
    match (field.number, field.label) {
        (0, Label::Repeated) => format!("list of {kind}"),
        (0, _) => kind,
        (number, label) => format!("{} {kind} = {number}", label_name(label)),
    }
}
