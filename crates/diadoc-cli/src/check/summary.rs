//! What became of all bodies.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::source::Place;
use super::verdict::Fate;
use crate::outcome::Outcome;

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

/// How many bodies there were of each fate, as reports have it.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    bodies: u64,
    passes: u64,
    skipped: u64,
    findings: u64,
    dropped: u64,
    changed: u64,
    foreign: u64,
    refused: u64,
    unknown: u64,
    /// Those that do not do what is expected of them: to pass, where no manifest says otherwise.
    unexpected: u64,
    unreadable: u64,
    not_as_manifest_says: u64,
    unnamed: u64,
}

impl Counts {
    pub(super) fn of(summary: &Summary) -> Self {
        let count = |fate| summary.count(fate) as u64;
        Self {
            bodies: summary.bodies as u64,
            passes: count(Fate::Passes),
            skipped: count(Fate::Skipped),
            findings: count(Fate::Findings),
            dropped: count(Fate::Dropped),
            changed: count(Fate::Changed),
            foreign: count(Fate::Foreign),
            refused: count(Fate::Refused),
            unknown: count(Fate::Unknown),
            unexpected: summary.unexpected as u64,
            unreadable: summary.unreadable.len() as u64,
            not_as_manifest_says: summary.surprises as u64,
            unnamed: summary.unnamed as u64,
        }
    }

    /// Adds those of another report; none where no number holds the sum.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        Some(Self {
            bodies: self.bodies.checked_add(other.bodies)?,
            passes: self.passes.checked_add(other.passes)?,
            skipped: self.skipped.checked_add(other.skipped)?,
            findings: self.findings.checked_add(other.findings)?,
            dropped: self.dropped.checked_add(other.dropped)?,
            changed: self.changed.checked_add(other.changed)?,
            foreign: self.foreign.checked_add(other.foreign)?,
            refused: self.refused.checked_add(other.refused)?,
            unknown: self.unknown.checked_add(other.unknown)?,
            unexpected: self.unexpected.checked_add(other.unexpected)?,
            unreadable: self.unreadable.checked_add(other.unreadable)?,
            not_as_manifest_says: self
                .not_as_manifest_says
                .checked_add(other.not_as_manifest_says)?,
            unnamed: self.unnamed.checked_add(other.unnamed)?,
        })
    }

    /// How many entries a report has at most.
    pub(crate) fn entries(&self) -> u64 {
        let others = self.unreadable.saturating_add(self.unnamed);
        self.bodies.saturating_add(others)
    }

    /// How a check ends that comes to this.
    pub(crate) fn outcome(&self) -> Outcome {
        match (self.unreadable, self.unexpected + self.unnamed) {
            (1.., _) => Outcome::Unreadable,
            (0, 0) => Outcome::Fine,
            (0, _) => Outcome::Findings,
        }
    }
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
