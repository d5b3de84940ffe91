//! What a box knows of a letter, after its first so many patches.
//!
//! Who knows a thing once knows it for ever.

use diadoc_core::BoxId;
use uuid::Uuid;

use super::letter::{ContentRef, DocumentDetails, Fact, Letter, MessageKind, Patch, Piece, Scope};

impl Letter {
    /// How many patches there were when the box first saw it; none where it does not see it yet.
    pub fn seen_since(&self, box_id: BoxId) -> Option<usize> {
        if self.sender.box_id == box_id {
            return Some(1);
        }
        self.patches.reached(box_id)
    }

    /// The patches that a box knows of among the first `upto`, with their places.
    pub fn patches_of(
        &self,
        box_id: BoxId,
        upto: usize,
    ) -> impl DoubleEndedIterator<Item = (usize, &Patch)> {
        let patches = self.patches.iter().enumerate();
        patches
            .take(match self.is_seen(box_id, upto) {
                true => upto,
                false => 0,
            })
            .filter(move |(_, patch)| self.is_told(patch, box_id, upto))
    }

    /// Whether a patch was delivered within the first `upto` patches.
    pub fn is_patch_delivered(&self, patch: Uuid, upto: usize) -> bool {
        let delivered = self.patches.delivered(patch);
        delivered.is_some_and(|delivered| delivered <= upto)
    }

    /// The entities that a box knows of after the first `upto` patches, with the patch that brought each.
    ///
    /// A document that its sender has not signed yet is for the sender alone.
    pub fn pieces_of(
        &self,
        box_id: BoxId,
        upto: usize,
    ) -> impl DoubleEndedIterator<Item = (&Patch, &Piece)> {
        self.patches_of(box_id, upto)
            .flat_map(move |(_, patch)| patch.pieces_for(box_id).map(move |piece| (patch, piece)))
            .filter(move |(_, piece)| !self.is_withheld(piece, box_id, upto))
    }

    /// That entity, with the patch that brought it, where the box knows of it.
    pub fn piece_of(&self, box_id: BoxId, upto: usize, id: Uuid) -> Option<(&Patch, &Piece)> {
        let (patch, piece) = self.patches.place_of_piece(id)?;
        self.is_known(patch, piece, box_id, upto)
            .then(|| (&self.patches[patch], piece))
    }

    /// The documents that a box knows of.
    pub fn documents_of(
        &self,
        box_id: BoxId,
        upto: usize,
    ) -> impl DoubleEndedIterator<Item = (&Piece, &DocumentDetails)> {
        self.documents()
            .filter(move |(piece, _)| self.piece_of(box_id, upto, piece.id()).is_some())
    }

    /// The entities of a document that a box knows of, the document among them, each with the patch that
    /// brought it.
    pub fn belongings_of(
        &self,
        document: Uuid,
        box_id: BoxId,
        upto: usize,
    ) -> impl Iterator<Item = (&Patch, &Piece)> {
        let belongings = self.patches.belongings(document);
        let known =
            belongings.filter(move |(patch, piece)| self.is_known(*patch, piece, box_id, upto));
        known.map(|(patch, piece)| (&self.patches[patch], piece))
    }

    /// The entities that a box learns of by the event at that place in the list of patches: those of the
    /// patch itself, those of a patch that it delivers, and documents that their sender has now signed.
    pub fn news_of(&self, box_id: BoxId, patches: usize) -> Vec<(&Patch, &Piece)> {
        let Some(place) = patches.checked_sub(1) else {
            return Vec::new();
        };
        let is_new = |place: usize, piece: &Piece| {
            self.is_known(place, piece, box_id, patches)
                && !self.is_known(place, piece, box_id, patches - 1)
        };
        // Unless the patch opens what others brought, only it and those that it delivers bring news.
        let opens = self.seen_since(box_id) == Some(patches) || self.releases(place);
        let brought = match opens {
            true => (0..patches).collect(),
            false => self.brought_by(place),
        };
        let pieces = brought.into_iter().flat_map(|place| {
            let patch = self.patches.get(place);
            let pieces = patch.into_iter().flat_map(Patch::pieces);
            pieces.map(move |piece| (place, piece))
        });
        pieces
            .filter(|(place, piece)| is_new(*place, piece))
            .map(|(place, piece)| (&self.patches[place], piece))
            .collect()
    }

    /// The places of a patch and of those that it delivers, in their order.
    fn brought_by(&self, place: usize) -> Vec<usize> {
        let patch = self.patches.get(place);
        let facts = patch.into_iter().flat_map(|patch| &patch.facts);
        let mut places: Vec<_> = facts
            .filter_map(|fact| match fact {
                Fact::PatchDelivered(id) => self.patches.place_of(*id),
                _ => None,
            })
            .collect();
        places.push(place);
        places.sort_unstable();
        places.dedup();
        places
    }

    /// By that patch the operator finds the sender's signature under a document right.
    fn releases(&self, place: usize) -> bool {
        let patch = self.patches.get(place);
        let mut pieces = patch.into_iter().flat_map(Patch::pieces);
        pieces.any(|piece| {
            let document = piece.parent();
            document.and_then(|document| self.released(document)) == Some(place + 1)
        })
    }

    /// Whether a box has the letter.
    fn is_seen(&self, box_id: BoxId, upto: usize) -> bool {
        self.seen_since(box_id).is_some_and(|since| since <= upto)
    }

    /// Whether a box that has the letter knows of a patch among the first `upto`.
    fn is_told(&self, patch: &Patch, box_id: BoxId, upto: usize) -> bool {
        patch.scope.reaches(box_id)
            || (matches!(patch.scope, Scope::OnceDelivered(_))
                && self.is_patch_delivered(patch.id, upto))
    }

    /// Whether a box knows of an entity that the patch at that place brought.
    fn is_known(&self, place: usize, piece: &Piece, box_id: BoxId, upto: usize) -> bool {
        place < upto
            && piece.is_for(box_id)
            && self.is_seen(box_id, upto)
            && self.is_told(&self.patches[place], box_id, upto)
            && !self.is_withheld(piece, box_id, upto)
    }

    /// Whether a box does not know yet of an entity of a letter that it has: it belongs to a document
    /// that the sender has not signed, or not rightly.
    fn is_withheld(&self, piece: &Piece, box_id: BoxId, upto: usize) -> bool {
        if box_id == self.sender.box_id || self.kind != MessageKind::Letter {
            return false;
        }
        let document = self.patches.document_of(piece.id());
        document.is_some_and(|document| !self.is_released(document, upto))
    }

    /// Whether the operator has found the sender's signature under a document right, in the first `upto`
    /// patches.
    pub fn is_released(&self, document: Uuid, upto: usize) -> bool {
        let released = self.released(document);
        released.is_some_and(|released| released <= upto)
    }

    /// How many patches there were when the operator found the sender's signature under a document right.
    pub fn released(&self, document: Uuid) -> Option<usize> {
        self.patches.stamped(document, self.sender.box_id)
    }

    /// The content of an entity after the first `upto` patches, the last one where it was edited.
    pub fn content_of(&self, box_id: BoxId, upto: usize, piece: &Piece) -> Option<ContentRef> {
        let edits = self.patches.edits(piece.id());
        let mut known = edits.filter(|(place, _)| {
            *place < upto
                && self.is_seen(box_id, upto)
                && self.is_told(&self.patches[*place], box_id, upto)
        });
        let last = known.next_back().map(|(_, content)| content);
        last.or(piece.content)
    }
}
