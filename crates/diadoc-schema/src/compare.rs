//! What changed between two schemas, and what breaks.

mod breaks;
mod change;
mod definitions;
mod deviations;
mod elements;
mod endpoints;
mod fields;
mod kinds;
mod likeness;
mod listing;
mod markdown;
mod methods;
mod oneofs;
mod options;
mod parameters;
mod reserved;
mod shape;
mod tree;
mod values;
mod verdicts;

use std::collections::{HashMap, HashSet};

use crate::names::last_name;
use crate::openapi::{compare_document, table};
pub use breaks::Breaks;
pub use change::Change;
pub(crate) use change::quoted;
pub use kinds::{ChangeKind, kinds_markdown};
use likeness::Likeness;
pub use listing::{list_changes, not_compared, total_changes};
pub use markdown::{ChangeReport, changes_markdown, report_markdown};
pub use options::is_judged;
pub use shape::Shape;
pub(crate) use shape::{Enum, EnumValue, Field, Label, Message, Type, enumeration};
use verdicts::Verdict;

/// What changed from the old schema to the new one, sorted by path.
///
/// Messages and enums are the same by their full names, whichever file they stand in. A message
/// that moved to another package is one removed and one added, with a hint. Against an OpenAPI
/// document, which has no packages and numbers, they are the same by their short names, or where this
/// crate knows that the vendor's document has another name for one; what has no partner is a change.
/// Only what both sides state is compared: keys, types, lists, names of enum values, and of methods the
/// address, the parameters of the query and the messages; nothing then breaks the wire. Keys that the
/// server is known to compute, and which no schema has, are no change.
///
/// Against the code of an SDK ([`Shape::read_sources`]) methods are the same by their paths, and their
/// parameters of the query are compared by name.
///
/// Methods, rules and other options of our own are compared where both sides have such, and what the
/// live server takes where both sides have a table of it. [`not_compared`] says what is left out. Names
/// that are written alike are looked for among at most 10 000 pairs of a message or method, and messages
/// that moved among at most 16 of their name; where there are more, a hint says so.
///
/// ```
/// use diadoc_schema::{Breaks, ChangeKind, Schema, Shape, compare};
///
/// let document = br#"{"openapi": "3.0.1", "components": {"schemas": {"Timestamp": {
///     "type": "object", "properties": {"Ticks": {"type": "string"}}}}}}"#;
/// let theirs = Shape::from_openapi(document)?;
/// let ours = Shape::from(Schema::diadoc());
/// let changes = compare(&theirs, &ours);
/// let change = changes.iter().find(|c| c.kind == ChangeKind::FieldRetyped).unwrap();
/// assert_eq!(change.path, "Diadoc.Api.Proto.Timestamp.Ticks");
/// assert_eq!(change.breaks, Breaks::JSON);
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn compare(old: &Shape, new: &Shape) -> Vec<Change> {
    match old.numbered == new.numbered {
        true => changes(old, new),
        false => compare_document(old, new, table()),
    }
}

/// What changed between two shapes under the same names.
pub(crate) fn changes(old: &Shape, new: &Shape) -> Vec<Change> {
    let mut comparison = Comparison {
        old,
        new,
        likeness: Likeness::between(old, new),
        required: [values::required(old), values::required(new)],
        on_wire: old.numbered && new.numbered,
        changes: Vec::new(),
    };
    if old.has_schema() && new.has_schema() {
        comparison.messages();
        comparison.enums();
        comparison.methods();
        comparison.endpoints();
        comparison.definitions();
    }
    comparison.deviations();
    let mut changes = comparison.changes;
    changes.sort_by(|a, b| (&a.path, a.kind, &a.option).cmp(&(&b.path, b.kind, &b.option)));
    changes
}

struct Comparison<'a> {
    old: &'a Shape,
    new: &'a Shape,
    likeness: Likeness<'a>,
    /// The enums that required fields of the old have, and of the new.
    required: [HashSet<&'a str>; 2],
    /// Whether both sides have numbers, labels, defaults and packages.
    on_wire: bool,
    changes: Vec<Change>,
}

/// What is said of messages or enums that only one side has.
struct OneSided {
    removed: (ChangeKind, Verdict),
    added: (ChangeKind, Verdict),
    moved: Verdict,
    /// What they share with their like in another package.
    shared: &'static str,
}

const MESSAGES: OneSided = OneSided {
    removed: (ChangeKind::MessageRemoved, verdicts::NOT_DESCRIBED),
    added: (ChangeKind::MessageAdded, verdicts::NO_BODY_YET),
    moved: verdicts::MESSAGE_MOVED,
    shared: "shape",
};

const ENUMS: OneSided = OneSided {
    removed: (ChangeKind::EnumRemoved, verdicts::IN_FIELDS),
    added: (ChangeKind::EnumAdded, verdicts::IN_FIELDS),
    moved: verdicts::IN_FIELDS,
    shared: "values",
};

impl Comparison<'_> {
    #[allow(clippy::expect_used, reason = "there is what was just pushed")]
    fn add(
        &mut self,
        path: &str,
        kind: ChangeKind,
        was: Option<String>,
        now: Option<String>,
        (breaks, why): Verdict,
    ) -> &mut Change {
        debug_assert!(kind.may_be(why), "{kind}: {why}");
        let breaks = match self.on_wire {
            true => breaks,
            false => breaks.without(Breaks::WIRE),
        };
        self.changes.push(Change {
            path: path.to_owned(),
            kind,
            option: None,
            was,
            now,
            breaks,
            why,
            hint: None,
        });
        self.changes.last_mut().expect("it was just pushed")
    }

    fn messages(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut removed = Vec::new();
        for (name, message) in &old.messages {
            match new.messages.get(name) {
                Some(other) => self.message(name, (name, message), (name, other)),
                None => removed.push(&**name),
            }
        }
        let added = new.messages.keys().map(String::as_str);
        let added: Vec<_> = added
            .filter(|name| !old.messages.contains_key(*name))
            .collect();
        let same = |likeness: &Likeness<'_>, a: &str, b: &str| likeness.same_message(a, b);
        for (from, to) in self.one_sided(&MESSAGES, &removed, &added, same) {
            self.message(from, (from, &old.messages[from]), (to, &new.messages[to]));
        }
    }

    fn enums(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut removed = Vec::new();
        for (name, item) in &old.enums {
            match new.enums.get(name) {
                Some(other) => self.enumeration(name, (name, item), (name, other)),
                None => removed.push(&**name),
            }
        }
        let added = new.enums.keys().map(String::as_str);
        let added: Vec<_> = added
            .filter(|name| !old.enums.contains_key(*name))
            .collect();
        let same = |likeness: &Likeness<'_>, a: &str, b: &str| likeness.keeps_enum(a, b).is_some();
        for (from, to) in self.one_sided(&ENUMS, &removed, &added, same) {
            self.enumeration(from, (from, &old.enums[from]), (to, &new.enums[to]));
        }
    }

    /// Tells of what only one side has, and gives what moved. `same` says whether two are alike but for
    /// their packages.
    fn one_sided<'a>(
        &mut self,
        what: &OneSided,
        removed: &[&'a str],
        added: &[&'a str],
        same: impl Fn(&Likeness<'_>, &str, &str) -> bool,
    ) -> Vec<(&'a str, &'a str)> {
        let shared = what.shared;
        let by_short = by_short(added);
        let moves = moves(removed, &by_short, |a, b| {
            self.on_wire && same(&self.likeness, a, b)
        });
        let went: HashMap<_, _> = moves.iter().copied().collect();
        // Of several that became one the first is named.
        let came = moves.iter().rev().map(|(from, to)| (*to, *from));
        let came: HashMap<_, _> = came.collect();
        for name in removed {
            let moved = went.get(name);
            let (kind, verdict) = what.removed;
            let verdict = moved.map_or(verdict, |_| what.moved);
            let hint = match moved {
                Some(to) => Some(format!("`{to}` has its name and {shared}: it moved")),
                None => {
                    let namesakes = by_short.get(last_name(name)).filter(|_| self.on_wire);
                    let crowd = namesakes.filter(|namesakes| is_crowd(namesakes));
                    crowd.map(|_| CROWD.to_owned())
                }
            };
            self.add(name, kind, None, None, verdict).hint = hint;
        }
        for name in added {
            let moved = came.get(name);
            let (kind, verdict) = what.added;
            let verdict = moved.map_or(verdict, |_| what.moved);
            let hint = |from: &_| format!("`{from}` had its name and {shared}: it moved");
            self.add(name, kind, None, None, verdict).hint = moved.map(hint);
        }
        moves
    }
}

/// How many names with one last part are held against another; it can be only one of them.
const MOST_NAMESAKES: usize = 16;
/// What is said where there are more.
const CROWD: &str = "too many that came have its name to tell whether it moved";

type ByShort<'a> = HashMap<&'a str, Vec<&'a str>>;

fn by_short<'a>(names: &[&'a str]) -> ByShort<'a> {
    let mut by_short = ByShort::new();
    for name in names {
        by_short.entry(last_name(name)).or_default().push(*name);
    }
    by_short
}

/// Whether so many have the name that none is looked for.
fn is_crowd(namesakes: &[&str]) -> bool {
    namesakes.len() > MOST_NAMESAKES
}

/// The removed that stand among the added under the same short name, where that is one.
fn moves<'a>(
    removed: &[&'a str],
    added: &ByShort<'a>,
    same: impl Fn(&str, &str) -> bool,
) -> Vec<(&'a str, &'a str)> {
    let moved = removed.iter().filter_map(|from| {
        let namesakes = added.get(last_name(from))?;
        if is_crowd(namesakes) {
            return None;
        }
        let mut found = namesakes.iter().filter(|to| same(from, to));
        let to = found.next()?;
        found.next().is_none().then_some((*from, *to))
    });
    moved.collect()
}
