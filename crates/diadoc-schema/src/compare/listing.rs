//! Changes for people.

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
    let mut groups: BTreeMap<&str, Vec<(Option<&str>, &Change)>> = BTreeMap::new();
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
    let mut text = String::new();
    for (owner, changes) in groups {
        let _ = writeln!(text, "{}", printable(owner));
        for (member, change) in changes {
            let member = member.map(|member| format!("{member}: "));
            let headline = member.unwrap_or_default() + &change.headline();
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

/// How many changes there are, and how many of them break what, as a sentence.
pub fn total_changes(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "No changes.".to_owned();
    }
    let parts: Vec<_> = [Breaks::Both, Breaks::Wire, Breaks::Json, Breaks::Nothing]
        .into_iter()
        .filter_map(|breaks| {
            let number = changes.iter().filter(|c| c.breaks == breaks).count();
            let verb = if number == 1 { "breaks" } else { "break" };
            (number > 0).then(|| format!("{number} {verb} {breaks}"))
        })
        .collect();
    let plural = if changes.len() == 1 { "" } else { "s" };
    format!("{} change{plural}: {}.", changes.len(), parts.join(", "))
}
