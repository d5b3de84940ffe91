//! What changed in the table of what the live server takes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::tree::{Node, Tree};
use super::{ChangeKind, Comparison, verdicts as v};
use crate::SchemaError;

/// The rows of the table, of any version of it, by their kinds of deviation.
pub(super) fn read(table: &[u8]) -> Result<BTreeMap<String, Tree>, SchemaError> {
    let error = |text: String| SchemaError::Deviations(text);
    let rows: Vec<Map<String, Value>> =
        serde_json::from_slice(table).map_err(|e| error(e.to_string()))?;
    let mut deviations = BTreeMap::new();
    for (place, row) in rows.into_iter().enumerate() {
        let Some(Value::String(name)) = row.get("deviation").cloned() else {
            return Err(error(format!("row {place} has no `deviation`")));
        };
        if name.contains(char::is_control) {
            return Err(error(format!("the name {name:?} holds control characters")));
        }
        let stated = row.into_iter().filter(|(key, _)| key != "deviation");
        let stated = stated.map(|(key, value)| (format!("deviation.{key}"), node(value)));
        if deviations.insert(name.clone(), stated.collect()).is_some() {
            return Err(error(format!("`{name}` stands there twice")));
        }
    }
    Ok(deviations)
}

fn node(value: Value) -> Node {
    match value {
        Value::String(text) => Node::Leaf(text),
        Value::Array(list) => Node::List(list.into_iter().map(node).collect()),
        other => Node::Leaf(other.to_string()),
    }
}

impl Comparison<'_> {
    /// Tables are held against each other where both sides have one.
    pub(super) fn deviations(&mut self) {
        let (Some(old), Some(new)) = (&self.old.deviations, &self.new.deviations) else {
            return;
        };
        let path = |name: &str| format!("deviation.{name}");
        for (name, was) in old {
            match new.get(name) {
                Some(now) => self.judged(&path(name), was, now),
                None => {
                    let kind = ChangeKind::DeviationRemoved;
                    self.add(&path(name), kind, None, None, v::TAKEN_OTHERWISE);
                }
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.add(
                &path(name),
                ChangeKind::DeviationAdded,
                None,
                None,
                v::TAKEN_NEWLY,
            );
        }
    }
}
