//! What changed in the values of an enum that both sides have.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::shape::{Enum, EnumValue};
use super::{Breaks, ChangeKind, Comparison, removed_part};

impl Comparison<'_> {
    pub(super) fn enumeration(&mut self, path: &str, old: &Enum, new: &Enum) {
        self.deprecation(path, old.deprecated, new.deprecated);
        if self.on_wire {
            self.values(path, old, new);
        } else {
            self.value_names(path, old, new);
        }
    }

    fn values(&mut self, path: &str, old: &Enum, new: &Enum) {
        let old_by_name = by_name(old);
        let new_by_name = by_name(new);
        let old_names = by_number(old);
        let new_names = by_number(new);
        for value in &old.values {
            let Some(other) = new_by_name.get(&*value.name) else {
                continue;
            };
            let path = format!("{path}.{}", value.name);
            if value.number != other.number {
                self.add(
                    &path,
                    ChangeKind::ValueRenumbered,
                    Some(value.number.to_string()),
                    Some(other.number.to_string()),
                    (Breaks::Wire, "the wire knows a value by its number alone"),
                );
            }
            self.deprecation(&path, value.deprecated, other.deprecated);
        }
        // The names that went from each number, and those that came to it, are renamed in turn.
        let mut renamed = HashSet::new();
        let mut reordered = BTreeMap::new();
        for (number, names) in &old_names {
            let Some(others) = new_names.get(number) else {
                continue;
            };
            let gone = names
                .iter()
                .filter(|name| !new_by_name.contains_key(**name));
            let come = others
                .iter()
                .filter(|name| !old_by_name.contains_key(**name));
            for (was, now) in gone.zip(come) {
                renamed.extend([*was, *now]);
                self.add(
                    &format!("{path}.{was}"),
                    ChangeKind::ValueRenamed,
                    Some((*was).to_owned()),
                    Some((*now).to_owned()),
                    (Breaks::Json, "JSON knows a value by its name"),
                );
            }
            // A new first name counts where the old one still stands, or stood as a further one.
            if let ([was, ..], [now, ..]) = (&**names, &**others)
                && was != now
                && (others.contains(was) || names.contains(now))
            {
                reordered.insert(*was, *now);
            }
        }
        for (was, now) in reordered {
            self.add(
                &format!("{path}.{was}"),
                ChangeKind::AliasOrder,
                Some(was.to_owned()),
                Some(now.to_owned()),
                (
                    Breaks::Json,
                    "JSON now writes the other name, which older readers may not know",
                ),
            );
        }
        for value in &old.values {
            if new_by_name.contains_key(&*value.name) || renamed.contains(&*value.name) {
                continue;
            }
            let verdict = if new_names.contains_key(&value.number) {
                (
                    Breaks::Json,
                    "the number keeps another name, but JSON with this one is not read",
                )
            } else {
                let wire = !new.reserved.has_number(value.number.into());
                removed_part(wire, !new.reserved.has_name(&value.name))
            };
            self.add(
                &format!("{path}.{}", value.name),
                ChangeKind::ValueRemoved,
                Some(value.number.to_string()),
                None,
                verdict,
            );
        }
        for value in &new.values {
            if old_by_name.contains_key(&*value.name) || renamed.contains(&*value.name) {
                continue;
            }
            let why = if old_names.contains_key(&value.number) {
                "a further name of a number that is known"
            } else {
                "readers of the old schema take it for an unknown value"
            };
            self.add(
                &format!("{path}.{}", value.name),
                ChangeKind::ValueAdded,
                None,
                Some(value.number.to_string()),
                (Breaks::Nothing, why),
            );
        }
    }

    /// The values of two enums one of which has no numbers. A number's names count as one value.
    fn value_names(&mut self, path: &str, old: &Enum, new: &Enum) {
        let (old_known, new_known) = (by_name(old), by_name(new));
        let old_values = values_by_names(old, self.old.numbered);
        let new_values = values_by_names(new, self.new.numbered);
        for names in &old_values {
            if !names.iter().any(|name| new_known.contains_key(name)) {
                self.add(
                    &format!("{path}.{}", names[0]),
                    ChangeKind::ValueRemoved,
                    further_names(names),
                    None,
                    (
                        Breaks::Json,
                        "readers of the new schema do not know the name",
                    ),
                );
            }
        }
        for names in &new_values {
            if !names.iter().any(|name| old_known.contains_key(name)) {
                self.add(
                    &format!("{path}.{}", names[0]),
                    ChangeKind::ValueAdded,
                    None,
                    further_names(names),
                    (
                        Breaks::Nothing,
                        "readers of the old schema take it for an unknown value",
                    ),
                );
            }
        }
        // The name that the schema writes first against the one that the document has.
        let written = |values: &[Vec<&str>], known: &HashMap<&str, &EnumValue>| {
            let values = values.iter().filter(|names| !known.contains_key(names[0]));
            let pairs = values.filter_map(|names| {
                let other = names.iter().find(|name| known.contains_key(*name))?;
                Some((names[0].to_owned(), (*other).to_owned()))
            });
            pairs.collect::<Vec<_>>()
        };
        let theirs = written(&new_values, &old_known);
        let theirs = theirs.into_iter().map(|(now, was)| (was, now));
        let ours = written(&old_values, &new_known);
        for (was, now) in theirs.chain(ours) {
            let verdict = (
                Breaks::Json,
                "the two sides write different names of one value",
            );
            self.add(
                &format!("{path}.{was}"),
                ChangeKind::AliasOrder,
                Some(was),
                Some(now),
                verdict,
            );
        }
    }
}

fn by_name(item: &Enum) -> HashMap<&str, &EnumValue> {
    let values = item.values.iter();
    values.map(|value| (&*value.name, value)).collect()
}

fn by_number(item: &Enum) -> BTreeMap<i32, Vec<&str>> {
    let mut names = BTreeMap::<_, Vec<_>>::new();
    for value in &item.values {
        names.entry(value.number).or_default().push(&*value.name);
    }
    names
}

/// All names of a value that has more than the one in its path.
fn further_names(names: &[&str]) -> Option<String> {
    (names.len() > 1).then(|| names.join(" = "))
}

/// The names of each value; one each where there are no numbers.
fn values_by_names(item: &Enum, numbered: bool) -> Vec<Vec<&str>> {
    if numbered {
        by_number(item).into_values().collect()
    } else {
        item.values.iter().map(|value| vec![&*value.name]).collect()
    }
}
