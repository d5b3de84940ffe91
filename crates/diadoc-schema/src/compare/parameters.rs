//! What changed in the parameters and bodies of methods, which are the fields of their requests.

use std::collections::HashSet;

use super::fields::{definition, match_fields, other_default};
use super::oneofs::Oneofs;
use super::shape::{Field, Label, label_name, type_name};
use super::verdicts as v;
use super::{ChangeKind, Comparison};

/// How many methods are named that have a parameter.
const MOST_NAMED: usize = 3;

impl Comparison<'_> {
    /// The fields of two requests, which methods of these names have; `bodies` are those of the old one
    /// that are sent as the body, or as one of several.
    pub(super) fn parameters(
        &mut self,
        (old_name, new_name): (&str, &str),
        bodies: &HashSet<&str>,
        methods: &[&str],
    ) {
        let (Some(old), Some(new)) = (
            self.old.requests.get(old_name),
            self.new.requests.get(new_name),
        ) else {
            return;
        };
        let first = self.changes.len();
        self.stated(old_name, old_name, new_name);
        // Numbers are not sent, and names are those of parameters.
        self.reserved(old_name, &old.reserved, &new.reserved, [v::RESERVED; 2]);
        let (pairs, removed, added) = match_fields(old, new, true);
        let path = |field: &Field| format!("{old_name}.{}", field.name);
        let mut oneofs = Oneofs::of(old, new);
        for (a, b) in pairs {
            let path = path(a);
            self.stated(&path, &path, &format!("{new_name}.{}", b.name));
            self.parameter(&path, a, b, bodies.contains(&*a.name));
            if a.oneof != b.oneof {
                let verdict = match oneofs.are_same(a, b) {
                    true => v::ONEOF_RENAMED,
                    false => v::PARAMETER_ONEOF,
                };
                self.oneof(&path, ChangeKind::ParameterOneof, a, b, verdict);
            }
        }
        for field in removed {
            let was = Some(definition(field));
            self.add(
                &path(field),
                ChangeKind::ParameterRemoved,
                was,
                None,
                v::PARAMETER_GONE,
            );
        }
        for field in added {
            let now = Some(definition(field));
            let verdict = match field.label {
                Label::Required => v::PARAMETER_REQUIRED,
                Label::Optional | Label::Repeated => v::PARAMETER_OPTIONAL,
            };
            self.add(&path(field), ChangeKind::ParameterAdded, None, now, verdict);
        }
        let hint = of_methods(methods);
        for change in &mut self.changes[first..] {
            change.hint = Some(hint.clone());
        }
    }

    /// The values that parameters may have. An enum that only one side has in a parameter comes with
    /// another type of that, which is told.
    pub(super) fn queried(&mut self) {
        let (old, new) = (self.old, self.new);
        for (name, was) in &old.queried {
            let Some(now) = new.queried.get(name) else {
                continue;
            };
            for value in was.difference(now) {
                let path = format!("{name}.{value}");
                let kind = ChangeKind::ParameterValue;
                self.add(&path, kind, None, None, v::VALUE_SENT);
            }
        }
    }

    fn parameter(&mut self, path: &str, old: &Field, new: &Field, is_body: bool) {
        let mut add = |kind, was: String, now: String, verdict| {
            self.add(path, kind, Some(was), Some(now), verdict);
        };
        if old.name != new.name {
            let verdict = match is_body {
                true => v::BODY_NAME,
                false => v::PARAMETER_NAME,
            };
            add(
                ChangeKind::ParameterRenamed,
                old.name.clone(),
                new.name.clone(),
                verdict,
            );
        }
        if old.number != new.number {
            let (was, now) = (old.number.to_string(), new.number.to_string());
            add(
                ChangeKind::ParameterRenumbered,
                was,
                now,
                v::PARAMETER_NUMBER,
            );
        }
        // Where both keys follow the name, the new name says it all.
        let follows = old.json_name == old.name && new.json_name == new.name;
        if old.json_name != new.json_name && !follows {
            let (was, now) = (old.json_name.clone(), new.json_name.clone());
            add(ChangeKind::ParameterJsonName, was, now, v::PARAMETER_KEY);
        }
        if old.label != new.label {
            let (was, now) = (
                label_name(old.label).to_owned(),
                label_name(new.label).to_owned(),
            );
            add(ChangeKind::ParameterLabel, was, now, v::PARAMETER_LABEL);
        }
        if let Some((was, now)) = other_default(old, new) {
            add(ChangeKind::ParameterDefault, was, now, v::PARAMETER_DEFAULT);
        }
        if old.kind != new.kind {
            let verdict = v::other_parameter(&self.likeness, &old.kind, &new.kind, is_body);
            let (was, now) = (Some(type_name(&old.kind)), Some(type_name(&new.kind)));
            self.add(path, ChangeKind::ParameterRetyped, was, now, verdict);
        }
    }
}

/// `of GetDocumentsV3`
fn of_methods(methods: &[&str]) -> String {
    let methods = methods.iter();
    let mut names: Vec<_> = methods
        .map(|name| format!("`{}`", crate::names::last_name(name)))
        .collect();
    let more = names.len().saturating_sub(MOST_NAMED);
    names.truncate(MOST_NAMED);
    let more = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("of {}{more}", names.join(", "))
}
