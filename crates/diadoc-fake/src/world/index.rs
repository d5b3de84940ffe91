//! Where a box finds its documents: rows that are computed from letters, and made anew at a start.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use diadoc_core::{BoxId, Ticks};
use uuid::Uuid;

use super::World;
use super::lists::{ListKey, Statuses};
use super::model::{DocumentKey, Letter, MessageKind};
use super::state::{Direction, DocumentState};
use super::table::Table;

/// A document in the list of its box: what filters ask for, worked out once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub document: DocumentKey,
    pub direction: Direction,
    /// The box is the intermediate recipient.
    pub is_proxy: bool,
    /// There is an intermediate recipient.
    pub has_proxy: bool,
    pub statuses: Statuses,
    pub is_deleted: bool,
    pub counteragent: Option<BoxId>,
    pub department: Uuid,
    /// Of an internal document: the department that sent it.
    pub internal_from: Option<Uuid>,
    /// Of an internal document: the department that got it.
    pub internal_to: Option<Uuid>,
    pub tags: BTreeMap<String, String>,
}

/// The key of a [`Row`]: in the order of lists.
pub(crate) type RowKey = (BoxId, ListKey);

impl Row {
    /// The row of a document in that state.
    pub(crate) fn of(state: &DocumentState<'_>) -> Self {
        let internal = Some(state.letter).filter(|letter| letter.is_internal);
        Self {
            document: state.key(),
            direction: state.direction(),
            is_proxy: state.is_proxy(),
            has_proxy: state.letter.proxy.is_some(),
            statuses: Statuses::of(state),
            is_deleted: state.flags.is_deleted,
            counteragent: state.counteragent().map(|party| party.box_id),
            department: state.flags.department,
            internal_from: internal.map(|letter| letter.sender.department),
            internal_to: internal
                .and_then(|letter| letter.recipient)
                .map(|to| to.department),
            tags: state.flags.tags.clone(),
        }
    }
}

impl World {
    /// The documents of a box, in the order of lists.
    pub(crate) fn rows_of(&self, box_id: BoxId) -> impl DoubleEndedIterator<Item = &Row> {
        let rows = self.rows_between(box_id, Ticks::MIN..=Ticks::MAX);
        rows.map(|(_, row)| row)
    }

    /// The documents of a box at those moments of its list, with their keys.
    pub(super) fn rows_between(
        &self,
        box_id: BoxId,
        moments: RangeInclusive<Ticks>,
    ) -> impl DoubleEndedIterator<Item = (ListKey, &Row)> {
        let (from, to) = moments.into_inner();
        let first = (box_id, ListKey::first_at(from));
        // A range of a map must not end before it begins.
        let last = (box_id, ListKey::last_at(to)).max(first);
        let rows = self.tables.documents.range(first..=last);
        rows.map(|((_, key), row)| (*key, row))
    }

    /// Puts the documents of a letter into the lists of a box.
    pub(super) fn index(&mut self, letter: &Letter, box_id: BoxId) {
        let upto = letter.patches.len();
        for (piece, details) in letter.documents() {
            let Some(state) = DocumentState::of(letter, piece.id(), box_id, upto) else {
                continue;
            };
            let document = state.key();
            if letter.kind == MessageKind::Letter {
                self.list(&state);
            }
            if let Some(packet) = state.flags.packet {
                add(&mut self.tables.packets, (box_id, packet), document);
            }
            for initial in &details.initial {
                self.link(*initial, document);
            }
            for subordinate in &details.subordinate {
                self.link(document, *subordinate);
            }
        }
    }

    /// Puts a document into its place in the list.
    fn list(&mut self, state: &DocumentState<'_>) {
        let document = state.key();
        let place = ListKey::of(state);
        let row = Row::of(state);
        let key = (state.viewer, document);
        let before = self.tables.places.get(&key).copied();
        if let Some(before) = before.filter(|before| *before != place) {
            self.tables.documents.remove(&(state.viewer, before));
        }
        if before != Some(place) {
            self.tables.places.insert(key, place);
        }
        let is_new = self.tables.documents.get(&(state.viewer, place)) != Some(&row);
        if is_new {
            self.tables.documents.insert((state.viewer, place), row);
        }
    }

    /// Remembers that one document belongs to another.
    fn link(&mut self, initial: DocumentKey, subordinate: DocumentKey) {
        add(&mut self.tables.below, initial, subordinate);
        add(&mut self.tables.above, subordinate, initial);
    }
}

/// Adds a document to those of a row.
fn add<K: Ord + Copy>(table: &mut Table<K, BTreeSet<DocumentKey>>, key: K, document: DocumentKey) {
    let before = table.get(&key);
    if before.is_some_and(|before| before.contains(&document)) {
        return;
    }
    let mut documents = before.cloned().unwrap_or_default();
    documents.insert(document);
    table.insert(key, documents);
}
