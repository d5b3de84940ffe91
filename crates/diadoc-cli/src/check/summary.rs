//! What became of all bodies.

use std::collections::BTreeMap;

use super::source::Place;
use super::verdict::Fate;

/// What the summary needs to know of a body.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub fate: Fate,
    pub sentence: String,
    pub as_expected: bool,
    pub by_manifest: bool,
}

/// What could not be read, and why.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub place: Place,
    pub why: String,
}

/// How many bodies there were, and what became of them.
#[derive(Debug, Default)]
pub(super) struct Summary {
    fates: BTreeMap<Fate, usize>,
    pub bodies: usize,
    pub by_manifest: usize,
    /// Bodies of a manifest that do not do what it says.
    pub surprises: usize,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What the server does about the last body, in words.
    pub sentence: String,
    /// Bodies that the manifest of their folder does not name.
    pub unnamed: usize,
}

impl Summary {
    pub(super) fn add(&mut self, tally: &Tally) {
        self.bodies += 1;
        self.sentence.clone_from(&tally.sentence);
        self.by_manifest += usize::from(tally.by_manifest);
        self.surprises += usize::from(tally.by_manifest && !tally.as_expected);
        *self.fates.entry(tally.fate).or_default() += 1;
    }

    /// How many bodies have the fate.
    pub(super) fn count(&self, fate: Fate) -> usize {
        self.fates.get(&fate).copied().unwrap_or_default()
    }
}
