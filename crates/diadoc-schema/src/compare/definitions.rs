//! What changed in the language of the schema: its options, and the numbers that fields may have.

use super::verdicts as v;
use super::{ChangeKind, Comparison};

impl Comparison<'_> {
    pub(super) fn definitions(&mut self) {
        if !self.on_wire || self.old.annotated != self.new.annotated {
            return;
        }
        let (old, new) = (&self.old.definitions, &self.new.definitions);
        for (name, was) in old {
            let Some(now) = new.get(name) else {
                // A request that has come to a method is told with it.
                if self.new.requests.contains_key(name) {
                    continue;
                }
                self.add(
                    name,
                    ChangeKind::DefinitionRemoved,
                    None,
                    None,
                    v::DEFINITION,
                );
                continue;
            };
            for difference in super::tree::differences(was, now) {
                let (was, now) = (difference.was, difference.now);
                let kind = ChangeKind::DefinitionChanged;
                self.add(name, kind, was, now, v::DEFINITION).option = Some(difference.name);
            }
        }
        let known =
            |name: &&String| old.contains_key(*name) || self.old.requests.contains_key(*name);
        for name in new.keys().filter(|name| !known(name)) {
            self.add(name, ChangeKind::DefinitionAdded, None, None, v::DEFINITION);
        }
        self.codes();
    }

    /// The numbers and bits that fields may have. An enum that only one side has comes with a rule,
    /// which is told.
    fn codes(&mut self) {
        let (old, new) = (&self.old.codes, &self.new.codes);
        for (name, was) in old {
            let Some(now) = new.get(name) else { continue };
            let shown = |(number, value): (&i32, &String)| format!("{value} = {number}");
            let path = |value: &str| format!("{name}.{value}");
            for (number, value) in was.iter().filter(|(number, _)| !now.contains_key(*number)) {
                let was = Some(shown((number, value)));
                self.add(
                    &path(value),
                    ChangeKind::CodeChanged,
                    was,
                    None,
                    v::CODE_OF_FIELDS,
                );
            }
            for (number, value) in now.iter().filter(|(number, _)| !was.contains_key(*number)) {
                let now = Some(shown((number, value)));
                self.add(
                    &path(value),
                    ChangeKind::CodeChanged,
                    None,
                    now,
                    v::CODE_OF_FIELDS,
                );
            }
        }
    }
}
