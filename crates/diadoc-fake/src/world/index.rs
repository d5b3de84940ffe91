//! Where a box finds its documents: rows that are computed from letters, and made anew at a start.

use std::collections::{BTreeMap, BTreeSet};

use diadoc_core::BoxId;
use uuid::Uuid;

use super::World;
use super::lists::{ListKey, Statuses};
use super::model::{DocumentKey, Letter, MessageKind};
use super::state::{Direction, DocumentState};

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
                self.join(&(box_id, packet), document);
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

    fn join(&mut self, packet: &(BoxId, Uuid), document: DocumentKey) {
        let members = self.tables.packets.get(packet);
        if members.is_some_and(|members| members.contains(&document)) {
            return;
        }
        let mut members: BTreeSet<_> = members.cloned().unwrap_or_default();
        members.insert(document);
        self.tables.packets.insert(*packet, members);
    }

    /// Remembers that one document belongs to another.
    fn link(&mut self, initial: DocumentKey, subordinate: DocumentKey) {
        let mut below = self.tables.below.get(&initial).cloned().unwrap_or_default();
        if below.insert(subordinate) {
            self.tables.below.insert(initial, below);
        }
        let mut above = self
            .tables
            .above
            .get(&subordinate)
            .cloned()
            .unwrap_or_default();
        if above.insert(initial) {
            self.tables.above.insert(subordinate, above);
        }
    }
}
