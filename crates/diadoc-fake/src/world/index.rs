//! Where a box finds its documents: rows that are computed from letters, and made anew at a start.

use std::collections::BTreeSet;

use diadoc_core::{BoxId, Ticks};
use uuid::Uuid;

use super::World;
use super::model::{DocumentKey, Letter};
use super::state::DocumentState;

/// A document in the list of its box: what filters ask for most, worked out once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub document: DocumentKey,
    /// How many patches the letter had when this was worked out: where it has more that the box sees,
    /// the row is old.
    pub patches: usize,
}

/// The key of a [`Row`]: in the order in which documents were posted.
pub(crate) type RowKey = (BoxId, Ticks, DocumentKey);

impl World {
    /// Puts the documents of a letter into the lists of a box.
    pub(super) fn index(&mut self, letter: &Letter, box_id: BoxId) {
        let upto = letter.patches.len();
        for (piece, details) in letter.documents() {
            let Some(state) = DocumentState::of(letter, piece.id(), box_id, upto) else {
                continue;
            };
            let document = state.key();
            let row = Row {
                document,
                patches: upto,
            };
            let key = (box_id, state.created(), document);
            let packet = state.flags.packet;
            self.tables.documents.insert(key, row);
            if let Some(packet) = packet {
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
