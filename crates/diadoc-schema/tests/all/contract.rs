//! Nothing in the schema changes without a word: each element of it deleted, each thing that it states
//! deleted and changed.

use std::collections::BTreeMap;

use diadoc_schema::{Change, ChangeKind, Schema, Shape, compare};

use crate::mutations::{Mutation, Set};

/// Of what lies in one place only each so-manieth goes at once: the others stay as they are.
const PARTS: usize = 6;

/// Whether a change tells of a mutation.
fn tells(change: &Change, mutation: &Mutation) -> bool {
    let element = mutation.element.as_str();
    let defines = matches!(
        change.kind,
        ChangeKind::DefinitionAdded | ChangeKind::DefinitionRemoved | ChangeKind::DefinitionChanged
    );
    if defines {
        let inside = element.strip_prefix(change.path.as_str());
        return inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    }
    let option = change.option.as_deref().unwrap_or(match change.kind {
        ChangeKind::Deprecated | ChangeKind::Undeprecated => "deprecated",
        ChangeKind::FieldPacked => "packed",
        _ => "",
    });
    change.path == element
        && (!mutation.is_option() || !option.is_empty() && mutation.what.starts_with(option))
}

/// Whether it deletes a default that the field's type has anyhow.
fn spells_out(schema: &Schema, mutation: &Mutation) -> bool {
    let Some((message, field)) = mutation.element.rsplit_once('.') else {
        return false;
    };
    let message = schema.pool().get_message_by_name(message);
    let field = message.and_then(|message| message.get_field_by_name(field));
    mutation.what == "FieldDescriptorProto.default_value"
        && mutation.deletes()
        && field.is_some_and(|field| field.default_value() == field.kind().default_value())
}

/// Which mutations happen at once: of one kind, and no two in one element.
fn batches(mutations: &[Mutation]) -> Vec<Vec<&Mutation>> {
    let mut batches = BTreeMap::<_, Vec<_>>::new();
    let (mut seen, mut children) = (BTreeMap::new(), BTreeMap::new());
    for mutation in mutations {
        let (what, deletes) = (mutation.what.as_str(), mutation.deletes());
        let key = (mutation.element.as_str(), what, deletes);
        let nth = seen.entry(key).or_insert(0_usize);
        let batch = match mutation.is_option() {
            // Of one element, different options change at once.
            true => (
                "options",
                deletes,
                usize::from(mutation.deletes_whole()),
                *nth,
            ),
            false => {
                let parent = mutation.element.rsplit_once('.').map(|(parent, _)| parent);
                let child = children.entry((parent, what, deletes)).or_insert(0_usize);
                *child += 1;
                let part = if deletes { *child % PARTS } else { 0 };
                (what, deletes, part, *nth)
            }
        };
        *nth += 1;
        batches.entry(batch).or_default().push(mutation);
    }
    batches.into_values().collect()
}

#[test]
fn every_deletion_and_change_is_told() {
    let schema = Schema::diadoc();
    let set = Set::of(schema);
    let old = Shape::from(schema);
    let same = compare(&old, &Shape::from(&set.schema().unwrap()));
    assert!(same.is_empty(), "{same:?}");

    let mutations = set.mutations();
    assert!(mutations.len() > 30_000, "{}", mutations.len());
    let (mut silent, mut broken) = (Vec::new(), Vec::new());
    for batch in batches(&mutations) {
        let changed = match set.with(batch.iter().copied()).schema() {
            Ok(changed) => Shape::from(&changed),
            Err(error) => {
                let Mutation { what, element, .. } = batch[0];
                broken.push(format!("{what} of {element} and the like: {error:?}"));
                continue;
            }
        };
        let changes = compare(&old, &changed);
        let mut by_path = BTreeMap::<&str, Vec<&Change>>::new();
        for change in &changes {
            by_path
                .entry(change.path.as_str())
                .or_default()
                .push(change);
        }
        for mutation in batch {
            let element = mutation.element.as_str();
            // A definition is told of as a whole.
            let ends = element.match_indices('.').map(|(end, _)| &element[..end]);
            let mut told = ends
                .chain([element])
                .filter_map(|path| by_path.get(path))
                .flatten();
            let of_method = |change: &&Change| change.was.as_deref() == Some(element);
            let told = told.any(|change| tells(change, mutation))
                || changes
                    .iter()
                    .filter(of_method)
                    .any(|c| c.kind == ChangeKind::MethodRequest);
            if !told && !spells_out(schema, mutation) {
                let did = if mutation.deletes() {
                    "deleted"
                } else {
                    "changed"
                };
                silent.push(format!("{} of {element} {did}", mutation.what));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
    assert_eq!(silent, [""; 0], "of {} mutations", mutations.len());
}
