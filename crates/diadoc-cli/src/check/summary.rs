//! What became of all bodies.

use std::collections::{BTreeMap, HashMap};

use super::source::Place;
use super::verdict::Fate;

/// What the summary needs to know of a body.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub fate: Fate,
    pub sentence: String,
    pub as_expected: bool,
    pub by_manifest: bool,
    /// What there is to say of a body that passes, where the end says it for all of them.
    pub remarks: Vec<Remark>,
    /// How many notes on it are not shown.
    pub notes: usize,
}

/// What may be said of many bodies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Remark {
    /// The effect and the rule.
    pub label: String,
    /// Where in the body, with a star for each index.
    pub path: String,
    pub text: String,
}

/// How many kinds of remarks are kept. Those of many small files may all differ.
const MOST_REMARKS: usize = 10_000;

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
    /// Bodies that do not do what is expected of them.
    pub unexpected: usize,
    pub by_manifest: usize,
    /// Bodies of a manifest that do not do what it says.
    pub surprises: usize,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What the server does about the last body, in words.
    pub sentence: String,
    /// Bodies that the manifest of their folder does not name.
    pub unnamed: usize,
    /// What there is to say of bodies that pass: of how many, and the first of them, in the order in which
    /// they were met.
    pub remarks: Vec<(Remark, usize, Place)>,
    /// How many notes are not shown.
    pub notes: usize,
    known: HashMap<Remark, usize>,
    /// Remarks that were not kept.
    pub more_remarks: usize,
}

impl Summary {
    pub(super) fn add(&mut self, place: &Place, tally: &Tally) {
        for remark in &tally.remarks {
            if let Some(known) = self.known.get(remark) {
                self.remarks[*known].1 += 1;
            } else if self.remarks.len() < MOST_REMARKS {
                self.known.insert(remark.clone(), self.remarks.len());
                self.remarks.push((remark.clone(), 1, place.clone()));
            } else {
                self.more_remarks += 1;
            }
        }
        self.bodies += 1;
        self.unexpected += usize::from(!tally.as_expected);
        self.notes += tally.notes;
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
