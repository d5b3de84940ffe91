//! Changes for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use diadoc_schema::{Breaks, Change, ChangeKind};

use crate::output::printable;

/// The changes by the message or enum that they are in, and the totals below.
pub fn render(changes: &[Change], is_type: impl Fn(&str) -> bool, totals: &str) -> String {
    let mut groups: BTreeMap<&str, Vec<(Option<&str>, &Change)>> = BTreeMap::new();
    for change in changes {
        let (owner, member) = place(change, &is_type);
        groups.entry(owner).or_default().push((member, change));
    }
    let mut text = String::new();
    for (owner, changes) in groups {
        let _ = writeln!(text, "{}", printable(owner));
        for (member, change) in changes {
            let _ = writeln!(text, "  {}", printable(&headline(member, change)));
            let Change { breaks, why, .. } = change;
            let _ = writeln!(text, "      breaks {breaks}: {}", printable(why));
            if let Some(hint) = &change.hint {
                let _ = writeln!(text, "      {}", printable(hint));
            }
        }
        text.push('\n');
    }
    text + totals + "\n"
}

/// The message or enum that a change is in, and the field or value that it is about.
fn place(change: &Change, is_type: impl Fn(&str) -> bool) -> (&str, Option<&str>) {
    let path = change.path.as_str();
    let of_a_type = match change.kind {
        ChangeKind::MessageAdded
        | ChangeKind::MessageRemoved
        | ChangeKind::EnumAdded
        | ChangeKind::EnumRemoved => true,
        _ => is_type(path),
    };
    match path.rsplit_once('.') {
        Some((owner, member)) if !of_a_type => (owner, Some(member)),
        _ => (path, None),
    }
}

fn headline(member: Option<&str>, change: &Change) -> String {
    let mut line = match member {
        Some(member) => format!("{member}: {}", change.kind),
        None => change.kind.to_string(),
    };
    match (&change.was, &change.now) {
        (Some(was), Some(now)) => line += &format!(", {was} -> {now}"),
        (Some(one), None) | (None, Some(one)) => line += &format!(", {one}"),
        (None, None) => {}
    }
    line
}

/// How many changes there are, and how many of them break what.
pub fn totals(changes: &[Change]) -> String {
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
    format!("{}: {}.", number_of(changes.len()), parts.join(", "))
}

/// How many of all changes break a form.
pub fn totals_of(broken: usize, all: usize, form: &str) -> String {
    match (broken, all) {
        (0, 0) => "No changes.".to_owned(),
        (0, 1) => format!("The one change does not break {form}."),
        (0, all) => format!("None of {all} changes breaks {form}."),
        (1, all) => format!("1 of {} breaks {form}.", number_of(all)),
        (broken, all) => format!("{broken} of {} break {form}.", number_of(all)),
    }
}

fn number_of(changes: usize) -> String {
    match changes {
        1 => "1 change".to_owned(),
        number => format!("{number} changes"),
    }
}
