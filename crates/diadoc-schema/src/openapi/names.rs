//! What an OpenAPI document calls the messages and enums of the schema, and what it alone has.
//!
//! A document has short names without packages. Most are names of the schema; which of the others
//! means what, stands in `table.json`, each with its reason. What stands nowhere has no partner: that
//! is a change like any other, with a guess at what it may be.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::compare::{Change, ChangeKind, Enum, Message, Shape, Type, changes, quoted};
use crate::computed_keys::{COMPUTED_KEYS, ComputedKey};
use crate::endpoints::Endpoints;
use crate::names::last_name;
use crate::schema::ROOT_PACKAGE;

/// What is known of the vendor's document. Names of the schema lie below Diadoc's package, or are full.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// `info.version` of the document that the table was last held against.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "for whoever holds it against the next one")
    )]
    version: String,
    names: Vec<NameRow>,
    /// Keys and values that the document has and the schema lacks, rightly.
    only_in_document: Vec<KnownRow>,
    /// Keys to which the document gives another type, wrongly.
    other_type: Vec<KnownRow>,
}

/// A name that means one of the schema.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameRow {
    document: String,
    schema: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever reads the table"))]
    reason: String,
}

/// A key or a value that is another matter in the document, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownRow {
    path: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for whoever reads the table"))]
    reason: String,
}

/// The vendor's document, as far as it is known.
#[allow(clippy::expect_used, reason = "the table comes with this crate")]
pub(crate) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        serde_json::from_str(include_str!("table.json")).expect("a test reads the table")
    });
    &TABLE
}

/// A document's shape under the names of a schema, as far as they are known.
struct Renamed {
    document: Shape,
    /// The schema, with the enums of its parameters that the document has too.
    schema: Shape,
    /// What a type without a partner may be, in words, by its name in the document.
    guesses: BTreeMap<String, String>,
}

/// What differs between a document and a schema, either of which may be the old one.
pub(crate) fn compare_document(old: &Shape, new: &Shape, table: &Table) -> Vec<Change> {
    let is_new = old.numbered;
    let (document, schema) = if is_new { (new, old) } else { (old, new) };
    let renamed = renamed(document, schema, table);
    let mut changes = match is_new {
        true => changes(&renamed.schema, &renamed.document),
        false => changes(&renamed.document, &renamed.schema),
    };
    settle(&mut changes, &renamed.guesses, table);
    changes
}

fn full(name: &str) -> String {
    match name.starts_with("Diadoc.") {
        true => name.to_owned(),
        false => format!("{ROOT_PACKAGE}.{name}"),
    }
}

/// Puts a document's shape under the names of the schema that it is compared with.
fn renamed(document: &Shape, schema: &Shape, table: &Table) -> Renamed {
    let no_enums = BTreeMap::new();
    let of_parameters = schema
        .endpoints
        .as_ref()
        .map_or(&no_enums, |all| &all.enums);
    let enums = || schema.enums.iter().chain(of_parameters);
    let stated = |name: &str, exists: &dyn Fn(&str) -> bool| {
        let row = table.names.iter().find(|row| row.document == name)?;
        Some(full(&row.schema)).filter(|meant| exists(meant))
    };
    let mut names = BTreeMap::new();
    let mut guesses = BTreeMap::new();
    let messages = schema.messages.iter();
    let messages: Vec<_> = messages
        .map(|(other, item)| (other, keys_of(item)))
        .collect();
    for (name, message) in &document.messages {
        let keys = keys_of(message);
        let all = || messages.iter().map(|(other, keys)| (*other, keys));
        let meant = stated(name, &|other| schema.messages.contains_key(other));
        match meant.or_else(|| namesake(name, &keys, all())) {
            Some(meant) => drop(names.insert(name.clone(), meant)),
            None => guesses.extend(guess(&keys, all()).map(|guess| (name.clone(), guess))),
        }
    }
    let values = enums().map(|(other, item)| (other, value_names(item)));
    let values: Vec<_> = values.collect();
    for (name, item) in &document.enums {
        let keys = value_names(item);
        let all = || values.iter().map(|(other, keys)| (*other, keys));
        let meant = stated(name, &|other| enums().any(|(name, _)| name == other));
        match meant.or_else(|| namesake(name, &keys, all())) {
            Some(meant) => drop(names.insert(name.clone(), meant)),
            None => guesses.extend(guess(&keys, all()).map(|guess| (name.clone(), guess))),
        }
    }
    let document = under(document, &names);
    let mut schema = schema.clone();
    for (name, item) in of_parameters {
        if document.enums.contains_key(name) {
            schema.enums.insert(name.clone(), item.clone());
        }
    }
    Renamed {
        document,
        schema,
        guesses,
    }
}

fn keys_of(message: &Message) -> BTreeSet<&str> {
    message
        .fields
        .iter()
        .map(|field| &*field.json_name)
        .collect()
}

fn value_names(item: &Enum) -> BTreeSet<&str> {
    item.values.iter().map(|value| &*value.name).collect()
}

type Keys<'a> = BTreeSet<&'a str>;

/// The one of that short name; of several the one with the most keys in common.
fn namesake<'a>(
    name: &str,
    keys: &Keys,
    all: impl Iterator<Item = (&'a String, &'a Keys<'a>)>,
) -> Option<String> {
    let same = all.filter(|(other, _)| last_name(other) == last_name(name));
    let mut same: Vec<_> = same
        .map(|(other, others)| (others.intersection(keys).count(), other))
        .collect();
    // The first by name where several have as much.
    same.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    match same.as_slice() {
        [(_, only)] | [(1.., only), ..] => Some((*only).clone()),
        _ => None,
    }
}

/// Which one has most of the keys: at least half of them all.
fn guess<'a>(keys: &Keys, all: impl Iterator<Item = (&'a String, &'a Keys<'a>)>) -> Option<String> {
    let like = all.filter_map(|(name, others)| {
        let common = others.intersection(keys).count();
        let many = keys.len().max(others.len());
        (common > 0 && common * 2 >= many).then_some((common, many, name))
    });
    let best = like.max_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)).then(b.2.cmp(a.2)));
    best.map(|(common, many, name)| {
        format!(
            "{} has {common} of {many} names in common with it",
            quoted(name)
        )
    })
}

/// The shape with its types under other names. Types that come under one name are one; a field of a
/// type without a new name states none, as the type itself is told of.
fn under(document: &Shape, names: &BTreeMap<String, String>) -> Shape {
    let new_name = |name: &String| names.get(name).unwrap_or(name).clone();
    let mut messages: BTreeMap<String, Message> = BTreeMap::new();
    // The names that have come under a new name already.
    let mut taken = HashSet::new();
    for (name, message) in &document.messages {
        let one = messages.entry(new_name(name)).or_default();
        for field in &message.fields {
            if !taken.insert((new_name(name), &field.name)) {
                continue;
            }
            let mut field = field.clone();
            if let Type::Message(kind) | Type::Enum(kind) = &mut field.kind {
                match names.get(kind) {
                    Some(meant) => kind.clone_from(meant),
                    None => field.kind = Type::Unstated,
                }
            }
            one.fields.push(field);
        }
    }
    let mut enums: BTreeMap<String, Enum> = BTreeMap::new();
    let mut taken = HashSet::new();
    for (name, item) in &document.enums {
        let one = enums.entry(new_name(name)).or_default();
        for value in &item.values {
            if taken.insert((new_name(name), &value.name)) {
                one.values.push(value.clone());
            }
        }
    }
    let endpoints = document.endpoints.as_ref().map(|all| {
        let mut methods = all.methods.clone();
        for method in &mut methods {
            method.sends = method.sends.iter().map(new_name).collect();
            method.answers = method.answers.iter().map(new_name).collect();
        }
        Endpoints {
            methods,
            ..all.clone()
        }
    });
    Shape {
        messages,
        enums,
        endpoints,
        ..document.clone()
    }
}

/// Leaves out what the document alone has and rightly so, and says what a type without a partner may
/// be.
fn settle(changes: &mut Vec<Change>, guesses: &BTreeMap<String, String>, table: &Table) {
    changes.retain(|change| !is_known(change, table));
    for change in changes {
        use ChangeKind::{EnumAdded, EnumRemoved, MessageAdded, MessageRemoved};
        if let MessageAdded | MessageRemoved | EnumAdded | EnumRemoved = change.kind
            && let Some(guess) = guesses.get(&change.path)
        {
            change.hint = Some(guess.clone());
        }
    }
}

/// Whether a change is a key that the server computes, or is stated in the table.
fn is_known(change: &Change, table: &Table) -> bool {
    use ChangeKind::{FieldAdded, FieldRemoved, FieldRetyped, ValueAdded, ValueRemoved};
    let stands_in = |rows: &[KnownRow]| rows.iter().any(|row| full(&row.path) == change.path);
    match change.kind {
        FieldAdded | FieldRemoved | ValueAdded | ValueRemoved => {
            let path = |one: &ComputedKey| format!("{ROOT_PACKAGE}.{}.{}", one.message, one.key);
            let is_computed = COMPUTED_KEYS.iter().any(|one| path(one) == change.path);
            is_computed || stands_in(&table.only_in_document)
        }
        FieldRetyped => stands_in(&table.other_type),
        _ => false,
    }
}

#[cfg(all(test, feature = "bundled"))]
mod tests {
    use super::*;
    use crate::Schema;

    fn ours() -> Shape {
        Shape::from(Schema::diadoc())
    }

    /// Each row says something that holds of our schema, and that nothing else says.
    #[test]
    fn each_row_is_of_use() {
        let ours = ours();
        let parameters = ours.endpoints.as_ref().unwrap();
        for row in &table().names {
            let meant = full(&row.schema);
            let is_there = ours.has_type(&meant) || parameters.enums.contains_key(&meant);
            assert!(is_there, "{} means {meant}, which is gone", row.document);
            let mut names = ours.messages.keys().chain(ours.enums.keys());
            let has_name = names.any(|name| last_name(name) == row.document);
            assert!(!has_name, "{} is a name of the schema", row.document);
            assert!(!row.reason.is_empty(), "{}", row.document);
        }
        for row in &table().only_in_document {
            let (of, name) = row.path.rsplit_once('.').unwrap();
            let of = full(of);
            let has_key = ours
                .messages
                .get(&of)
                .is_some_and(|item| keys_of(item).contains(name));
            let has_value = ours
                .enums
                .get(&of)
                .is_some_and(|item| value_names(item).contains(name));
            assert!(
                ours.has_type(&of) && !has_key && !has_value,
                "{} is no difference any more",
                row.path
            );
            assert!(!row.reason.is_empty(), "{}", row.path);
        }
        for row in &table().other_type {
            let (of, name) = row.path.rsplit_once('.').unwrap();
            let message = ours.messages.get(&full(of));
            assert!(
                message.is_some_and(|item| keys_of(item).contains(name)),
                "{}",
                row.path
            );
            assert!(!row.reason.is_empty(), "{}", row.path);
        }
        assert!(!table().version.is_empty());
    }

    /// A document of made-up names, under a table of its own.
    #[test]
    fn names_that_the_table_knows() {
        let document = br##"{"info": {"version": "1"}, "paths": {}, "components": {"schemas": {
            "Moment": {"type": "object", "properties": {"Ticks": {"type": "integer", "format": "int64"}}},
            "Stamp": {"type": "object", "properties": {"Ticks": {"type": "integer", "format": "int64"}}},
            "Filter": {"type": "object", "properties": {
                "FromTimestamp": {"$ref": "#/components/schemas/Moment"},
                "ToTimestamp": {"type": "string"}}},
            "Order": {"type": "string", "enum": ["Ascending", "Descending", "Sideways"]},
            "Other": {"type": "string", "enum": ["Odd", "Even"]}
        }}}"##;
        let table: Table = serde_json::from_str(
            r#"{"version": "1",
                "names": [
                    {"document": "Moment", "schema": "Timestamp", "reason": "r"},
                    {"document": "Stamp", "schema": "Gone", "reason": "r"},
                    {"document": "Filter", "schema": "TimeBasedFilter", "reason": "r"},
                    {"document": "Order", "schema": "SortDirection", "reason": "r"}],
                "only_in_document": [{"path": "SortDirection.Sideways", "reason": "r"}],
                "other_type": [{"path": "TimeBasedFilter.ToTimestamp", "reason": "r"}]}"#,
        )
        .unwrap();
        let (theirs, ours) = (Shape::from_openapi(document).unwrap(), ours());
        let renamed = renamed(&theirs, &ours, &table);
        let guess = "`Diadoc.Api.Proto.Timestamp` has 1 of 1 names in common with it";
        assert_eq!(
            renamed.guesses,
            [("Stamp".to_owned(), guess.to_owned())].into()
        );
        let messages: Vec<_> = renamed
            .document
            .messages
            .keys()
            .map(String::as_str)
            .collect();
        let names = [
            "Diadoc.Api.Proto.TimeBasedFilter",
            "Diadoc.Api.Proto.Timestamp",
            "Stamp",
        ];
        assert_eq!(messages, names);

        let lines = |table: &Table| -> Vec<String> {
            let mut changes = compare_document(&theirs, &ours, table);
            let only_ours = |kind: ChangeKind| kind.id().ends_with("-added");
            changes.retain(|one| !only_ours(one.kind));
            changes
                .iter()
                .map(|one| format!("{} {}", one.path, one.kind.id()))
                .collect()
        };
        let found = ["Other enum-removed", "Stamp message-removed"];
        assert_eq!(lines(&table), found);
        let without = Table {
            only_in_document: Vec::new(),
            other_type: Vec::new(),
            ..table
        };
        let sideways = "Diadoc.Api.Proto.SortDirection.Sideways value-removed";
        let retyped = "Diadoc.Api.Proto.TimeBasedFilter.ToTimestamp field-retyped";
        assert_eq!(lines(&without), [sideways, retyped, found[0], found[1]]);
    }

    /// Holds the table against the vendor's document itself:
    /// `DIADOC_OPENAPI=… cargo test -p diadoc-schema --lib -- --ignored vendors_document`.
    #[test]
    #[ignore = "needs the vendor's document in DIADOC_OPENAPI"]
    fn the_vendors_document_has_what_the_table_says() {
        let Some(path) = std::env::var_os("DIADOC_OPENAPI") else {
            return;
        };
        let bytes = std::fs::read(path).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(document["info"]["version"], table().version);
        let theirs = Shape::from_openapi(&bytes).unwrap();
        for row in &table().names {
            assert!(theirs.has_type(&row.document), "{} is gone", row.document);
        }
        let renamed = renamed(&theirs, &ours(), table());
        assert_eq!(renamed.guesses, BTreeMap::new());
        for row in &table().only_in_document {
            let (of, name) = row.path.rsplit_once('.').unwrap();
            let of = full(of);
            let message = renamed.document.messages.get(&of).map(keys_of);
            let names = message.or_else(|| renamed.document.enums.get(&of).map(value_names));
            assert!(
                names.is_some_and(|names| names.contains(name)),
                "{} is gone",
                row.path
            );
        }
        let nothing_known = Table {
            version: String::new(),
            names: Vec::new(),
            only_in_document: Vec::new(),
            other_type: Vec::new(),
        };
        let renamed = changes(&renamed.document, &renamed.schema);
        for row in &table().other_type {
            let is_this =
                |one: &Change| one.path == full(&row.path) && !is_known(one, &nothing_known);
            let still = renamed
                .iter()
                .any(|one| is_this(one) && is_known(one, table()));
            assert!(still, "{} has the same type in both", row.path);
        }
    }
}
