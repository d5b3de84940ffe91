//! What changed in the fields of a message that both sides have.

use std::collections::{HashMap, HashSet};

use super::shape::{Field, Label, Message, Type};
use super::verdicts::{self, Verdict, same_json};
use super::{Breaks, ChangeKind, Comparison, removed_part};

impl Comparison<'_> {
    pub(super) fn message(&mut self, path: &str, old: &Message, new: &Message) {
        self.deprecation(path, old.deprecated, new.deprecated);
        let (pairs, removed, added) = match_fields(old, new, self.on_wire);
        for (a, b) in pairs {
            let name = if self.old.numbered { &a.name } else { &b.name };
            self.field(&format!("{path}.{name}"), a, b);
        }
        for field in &removed {
            let verdict = if self.on_wire {
                removed_field(field, new)
            } else {
                (
                    Breaks::Json,
                    "readers of the new schema do not know the key",
                )
            };
            let near = near_key(field, &added);
            self.add(
                &format!("{path}.{}", field.name),
                ChangeKind::FieldRemoved,
                Some(definition(field)),
                None,
                verdict,
            )
            .hint = near.map(|name| format!("did it become `{name}`?"));
        }
        for field in &added {
            let verdict = match field.label {
                Label::Required if self.on_wire => (
                    Breaks::Both,
                    "bodies of the old schema lack it, and readers of the new one insist on it",
                ),
                _ => (Breaks::Nothing, "readers of the old schema skip it"),
            };
            let near = near_key(field, &removed);
            self.add(
                &format!("{path}.{}", field.name),
                ChangeKind::FieldAdded,
                None,
                Some(definition(field)),
                verdict,
            )
            .hint = near.map(|name| format!("was it `{name}`?"));
        }
    }

    fn field(&mut self, path: &str, old: &Field, new: &Field) {
        if self.on_wire {
            self.field_on_wire(path, old, new);
        } else if (old.label == Label::Repeated) != (new.label == Label::Repeated) {
            let list = |field: &Field| match field.label {
                Label::Repeated => "list".to_owned(),
                _ => "single value".to_owned(),
            };
            let verdict = (Breaks::Json, "JSON writes a list in brackets");
            let (was, now) = (Some(list(old)), Some(list(new)));
            self.add(path, ChangeKind::FieldLabel, was, now, verdict);
        }
        // Where both keys follow the name, the new name says it all.
        let follows = old.json_name == old.name && new.json_name == new.name;
        if old.json_name != new.json_name && !(self.on_wire && follows) {
            let verdict = (
                Breaks::Json,
                "readers of one schema do not know the other's key",
            );
            let (was, now) = (Some(old.json_name.clone()), Some(new.json_name.clone()));
            self.add(path, ChangeKind::FieldJsonName, was, now, verdict);
        }
        if !self.same_type(&old.kind, &new.kind) {
            let verdict = if self.on_wire {
                verdicts::retyped(self.old, &old.kind, self.new, &new.kind)
            } else {
                verdicts::retyped_in_json(&old.kind, &new.kind)
            };
            let (was, now) = (Some(type_name(&old.kind)), Some(type_name(&new.kind)));
            self.add(path, ChangeKind::FieldRetyped, was, now, verdict);
        }
    }

    /// What only a schema states of a field.
    fn field_on_wire(&mut self, path: &str, old: &Field, new: &Field) {
        let mut add = |kind, was: String, now: String, verdict| {
            self.add(path, kind, Some(was), Some(now), verdict);
        };
        if old.number != new.number {
            add(
                ChangeKind::FieldRenumbered,
                old.number.to_string(),
                new.number.to_string(),
                (Breaks::Wire, "the wire knows a field by its number alone"),
            );
        }
        if old.name != new.name {
            let verdict = if old.json_name == new.json_name {
                (
                    Breaks::Nothing,
                    "neither the number nor the key in JSON changes",
                )
            } else if old.json_name == old.name && new.json_name == new.name {
                (Breaks::Json, "JSON knows a field by its name")
            } else {
                (
                    Breaks::Nothing,
                    "JSON knows the field by another key, told apart",
                )
            };
            add(
                ChangeKind::FieldRenamed,
                old.name.clone(),
                new.name.clone(),
                verdict,
            );
        }
        if old.label != new.label {
            add(
                ChangeKind::FieldLabel,
                label_name(old.label).to_owned(),
                label_name(new.label).to_owned(),
                verdicts::relabelled(old, new),
            );
        }
        if let (Some(a), Some(b)) = (&old.default, &new.default)
            && a.meaning != b.meaning
            && old.kind == new.kind
        {
            add(
                ChangeKind::FieldDefault,
                a.shown.clone(),
                b.shown.clone(),
                (
                    Breaks::Both,
                    "the same body without this field reads as another value",
                ),
            );
        }
        if old.oneof != new.oneof {
            let name = |field: &Field| field.oneof.clone().unwrap_or_else(|| "none".to_owned());
            add(
                ChangeKind::FieldOneof,
                name(old),
                name(new),
                (
                    Breaks::Both,
                    "of a oneof's fields readers keep only the last that stands in a body",
                ),
            );
        }
        self.deprecation(path, old.deprecated, new.deprecated);
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

type Fields<'a> = Vec<&'a Field>;

/// The fields that stand on both sides, those that only the old has, those that only the new has.
fn match_fields<'a>(
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
        return (Breaks::Both, "readers of the old schema insist on it");
    }
    let name = new.reserved.has_name(&field.name) || new.reserved.has_name(&field.json_name);
    removed_part(!new.reserved.has_number(field.number.into()), !name)
}

/// The key of another field of the same type that is written much like this one.
fn near_key<'a>(field: &Field, others: &[&'a Field]) -> Option<&'a str> {
    let same = others.iter().filter(|other| other.kind == field.kind);
    crate::nearest(&field.json_name, same.map(|other| &*other.json_name))
        .first()
        .copied()
}

fn label_name(label: Label) -> &'static str {
    match label {
        Label::Optional => "optional",
        Label::Required => "required",
        Label::Repeated => "repeated",
    }
}

fn type_name(kind: &Type) -> String {
    match kind {
        Type::Scalar(scalar) => crate::names::type_name(scalar),
        Type::Message(name) | Type::Enum(name) => name.clone(),
        Type::Group(name) => format!("group {name}"),
        Type::Unstated => "unstated type".to_owned(),
    }
}

/// A field as it stands in its schema: `optional string = 7`; without a number, only its type.
fn definition(field: &Field) -> String {
    let kind = type_name(&field.kind);
    match (field.number, field.label) {
        (0, Label::Repeated) => format!("list of {kind}"),
        (0, _) => kind,
        (number, label) => format!("{} {kind} = {number}", label_name(label)),
    }
}
