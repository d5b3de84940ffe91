//! What changed in the values of an enum that both sides have.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::likeness::unknown_of;
use super::reserved::IN_BODIES;
use super::shape::{Enum, EnumValue, Label, Shape, Type};
use super::verdicts::{self as v, Verdict};
use super::{ChangeKind, Comparison};

impl Comparison<'_> {
    pub(super) fn enumeration(
        &mut self,
        path: &str,
        (old_name, old): (&str, &Enum),
        (new_name, new): (&str, &Enum),
    ) {
        if self.on_wire {
            self.stated(path, old_name, new_name);
            self.reserved(path, &old.reserved, &new.reserved, IN_BODIES);
            self.values(path, (old_name, old), (new_name, new));
        } else {
            self.value_names(path, old, new);
        }
    }

    fn values(
        &mut self,
        path: &str,
        (old_name, old): (&str, &Enum),
        (new_name, new): (&str, &Enum),
    ) {
        // What readers refuse of names that they do not know.
        let old_refuses = unknown_of(old, new).is_none() && self.required[0].contains(old_name);
        let new_refuses = unknown_of(new, old).is_none() && self.required[1].contains(new_name);
        let old_by_name = by_name(old);
        let new_by_name = by_name(new);
        let old_names = by_number(old);
        let new_names = by_number(new);
        for value in &old.values {
            let Some(other) = new_by_name.get(&*value.name) else {
                continue;
            };
            let path = format!("{path}.{}", value.name);
            self.stated_value(&path, (old_name, &value.name), (new_name, &other.name));
            if value.number != other.number {
                self.add(
                    &path,
                    ChangeKind::ValueRenumbered,
                    Some(value.number.to_string()),
                    Some(other.number.to_string()),
                    v::VALUE_BY_NUMBER,
                );
            }
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
                self.stated_value(&format!("{path}.{was}"), (old_name, was), (new_name, now));
                self.add(
                    &format!("{path}.{was}"),
                    ChangeKind::ValueRenamed,
                    Some((*was).to_owned()),
                    Some((*now).to_owned()),
                    v::VALUE_BY_NAME,
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
                v::WRITES_OTHER_NAME,
            );
        }
        for value in &old.values {
            if new_by_name.contains_key(&*value.name) || renamed.contains(&*value.name) {
                continue;
            }
            let keeps = new_names.contains_key(&value.number);
            let verdict = removed_value(value, new, keeps, new_refuses);
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
            let verdict = added_value(old_names.contains_key(&value.number), old_refuses);
            self.add(
                &format!("{path}.{}", value.name),
                ChangeKind::ValueAdded,
                None,
                Some(value.number.to_string()),
                verdict,
            );
        }
    }

    fn stated_value(&mut self, path: &str, old: (&str, &str), new: (&str, &str)) {
        let element = |(item, value): (&str, &str)| format!("{item}.{value}");
        self.stated(path, &element(old), &element(new));
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
                    v::UNKNOWN_KEY,
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
                    v::TAKEN_FOR_UNKNOWN,
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
            self.add(
                &format!("{path}.{was}"),
                ChangeKind::AliasOrder,
                Some(was),
                Some(now),
                v::TWO_NAMES,
            );
        }
    }
}

/// The enums that required fields have.
pub(super) fn required(shape: &Shape) -> HashSet<&str> {
    let fields = shape.messages.values().flat_map(|message| &message.fields);
    let required = fields.filter_map(|field| match &field.kind {
        Type::Enum(item) if field.label == Label::Required => Some(item.as_str()),
        _ => None,
    });
    required.collect()
}

/// A value, or a further name of one, that only the new enum has.
fn added_value(number_known: bool, old_refuses: bool) -> Verdict {
    match (old_refuses, number_known) {
        (true, _) => v::REFUSED_WHERE_REQUIRED,
        (false, true) => v::FURTHER_NAME,
        (false, false) => v::TAKEN_FOR_UNKNOWN,
    }
}

/// A value, or one of its names, that only the old enum has.
fn removed_value(value: &EnumValue, new: &Enum, number_known: bool, new_refuses: bool) -> Verdict {
    if number_known {
        return v::KEEPS_OTHER_NAME;
    }
    let number_free = !new.reserved.has_number(value.number.into());
    match v::removed_part(number_free, !new.reserved.has_name(&value.name)) {
        v::BOTH_RESERVED if new_refuses => v::OLD_REFUSED_WHERE_REQUIRED,
        v::ITS_NUMBER_FREE if new_refuses => v::BOTH_FREE,
        verdict => verdict,
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
