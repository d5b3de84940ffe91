//! Changes for people.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Breaks, Change, Shape};
use crate::printable;

/// The changes by the message or enum that they are in, with what each breaks and why; nothing
/// where there are none. `old` and `new` are the schemas that were [compared](super::compare).
///
/// ```
/// use diadoc_schema::{Schema, Shape, compare, list_changes, total_changes};
///
/// let document = br#"{"openapi": "3.0.1", "components": {"schemas": {"Timestamp": {
///     "type": "object", "properties": {"Ticks": {"type": "string"}}}}}}"#;
/// let (theirs, ours) = (Shape::from_openapi(document)?, Shape::from(Schema::diadoc()));
/// let mut changes = compare(&theirs, &ours);
/// changes.retain(|change| change.path.ends_with("Timestamp.Ticks"));
/// assert_eq!(
///     list_changes(&changes, &theirs, &ours),
///     "Diadoc.Api.Proto.Timestamp\n  \
///      Ticks: field retyped, string -> sfixed64\n      \
///      breaks JSON: JSON writes the two types in different ways\n\n"
/// );
/// assert_eq!(total_changes(&changes), "1 change: 1 breaks JSON.");
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn list_changes(changes: &[Change], old: &Shape, new: &Shape) -> String {
    let mut text = String::new();
    for (owner, changes) in by_owner(changes, old, new) {
        let _ = writeln!(text, "{}", printable(owner));
        for (member, change) in changes {
            let member = member.map(|member| format!("{member}: "));
            let headline = member.unwrap_or_default() + &change.headline(str::to_owned);
            let _ = writeln!(text, "  {}", printable(&headline));
            let Change { breaks, why, .. } = change;
            let _ = writeln!(text, "      breaks {breaks}: {}", printable(why));
            if let Some(hint) = &change.hint {
                let _ = writeln!(text, "      {}", printable(hint));
            }
        }
        text.push('\n');
    }
    text
}

/// Changes with the name of the part of their owner that they are of; none for the owner itself.
type Parts<'a> = Vec<(Option<&'a str>, &'a Change)>;

/// The changes by the message, enum or method that they are in.
pub(super) fn by_owner<'a>(
    changes: &'a [Change],
    old: &Shape,
    new: &Shape,
) -> BTreeMap<&'a str, Parts<'a>> {
    let mut groups: BTreeMap<&str, Parts<'_>> = BTreeMap::new();
    for change in changes {
        let path = change.path.as_str();
        let (owner, member) = match path.rsplit_once('.') {
            Some((owner, member)) if !old.has_type(path) && !new.has_type(path) => {
                (owner, Some(member))
            }
            _ => (path, None),
        };
        groups.entry(owner).or_default().push((member, change));
    }
    groups
}

/// How many changes there are, and how many of them break what, as a sentence.
pub fn total_changes(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "No changes.".to_owned();
    }
    let mut sets = BTreeMap::<Breaks, usize>::new();
    for change in changes {
        *sets.entry(change.breaks).or_default() += 1;
    }
    // What breaks most comes first, and what breaks nothing last.
    let mut sets: Vec<_> = sets.into_iter().collect();
    sets.sort_by_key(|(breaks, _)| (Reverse(breaks.count()), *breaks));
    let parts: Vec<_> = sets
        .into_iter()
        .map(|(breaks, number)| {
            let verb = if number == 1 { "breaks" } else { "break" };
            format!("{number} {verb} {breaks}")
        })
        .collect();
    let plural = if changes.len() == 1 { "" } else { "s" };
    format!("{} change{plural}: {}.", changes.len(), parts.join(", "))
}

/// What only one of two schemas states, and [`compare`](super::compare) leaves out, each as a phrase.
pub fn not_compared(old: &Shape, new: &Shape) -> Vec<&'static str> {
    let mut left_out = Vec::new();
    let methods = old.endpoints.is_some() && new.endpoints.is_some();
    if old.has_schema() != new.has_schema() {
        left_out.push("messages and methods, which only one side has");
    } else if old.numbered != new.numbered {
        left_out.push(match methods {
            true => {
                "numbers, labels, defaults, and of methods all but addresses, queries and messages, \
                 which only one side states"
            }
            false => "numbers, labels, defaults and methods, which only one side states",
        });
    } else if old.annotated != new.annotated {
        left_out.push(match methods {
            true => {
                "rules and other options of ours, and of methods all but paths and queries, which only \
                 one side states"
            }
            false => "methods, rules and other options of ours, which only one side states",
        });
    }
    if old.deviations.is_some() != new.deviations.is_some() {
        left_out.push("what the live server takes, of which only one side has the table");
    }
    left_out
}
