//! What happened to a letter, and where in it a thing stands.

use std::collections::HashMap;
use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use diadoc_core::{BoxId, Ticks};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use uuid::Uuid;

use super::letter::{ContentRef, Fact, Patch, Piece};

/// The patches of a letter, the first of which is the letter itself, in the order of time.
///
/// Nothing is ever taken out of them, so that what they say is looked up, not searched for: a letter can
/// have thousands. A copy shares them.
#[derive(Clone, Default)]
pub struct Patches {
    list: Vec<Arc<Patch>>,
    /// Where the entities stand.
    pieces: HashMap<Uuid, Place>,
    /// How many patches there were when a document first had a signature with a time stamp, approving
    /// ones left out, of that box.
    stamped: HashMap<(Uuid, BoxId), usize>,
    /// The places of patches in the list.
    places: HashMap<Uuid, usize>,
    /// How many patches there were when a patch was delivered.
    delivered: HashMap<Uuid, usize>,
    /// How many patches there were when a box first got the letter.
    reached: HashMap<BoxId, usize>,
    /// What came in the place of an entity's first content: with the place of the patch, in their order.
    edits: HashMap<Uuid, Vec<(usize, ContentRef)>>,
    /// The documents.
    documents: Vec<Uuid>,
    /// The entities of each document, the document among them.
    belongings: HashMap<Uuid, Vec<Uuid>>,
}

/// Where an entity stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The patch that brought it.
    patch: usize,
    /// Which of the facts of that patch.
    fact: usize,
    /// The document that it belongs to.
    document: Option<Uuid>,
}

impl Patches {
    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "a letter has at least one")]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Patch> + ExactSizeIterator {
        self.list.iter().map(|patch| &**patch)
    }

    /// The one at that place.
    pub fn get(&self, place: usize) -> Option<&Patch> {
        self.list.get(place).map(|patch| &**patch)
    }

    /// The letter itself.
    pub fn first(&self) -> Option<&Patch> {
        self.get(0)
    }

    /// What happened last.
    pub fn last(&self) -> Option<&Patch> {
        self.list.last().map(|patch| &**patch)
    }

    /// Adds what happened.
    pub fn push(&mut self, patch: Patch) {
        let place = self.list.len();
        self.places.entry(patch.id).or_insert(place);
        for (number, fact) in patch.facts.iter().enumerate() {
            self.note(place, number, fact);
        }
        self.list.push(Arc::new(patch));
    }

    /// Adds a fact to the last patch.
    pub(crate) fn add(&mut self, fact: Fact) {
        let Some(place) = self.list.len().checked_sub(1) else {
            return;
        };
        let number = self.list[place].facts.len();
        self.note(place, number, &fact);
        Arc::make_mut(&mut self.list[place]).facts.push(fact);
    }

    /// The last patch itself.
    pub(crate) fn into_last(mut self) -> Option<Patch> {
        self.list.pop().map(Arc::unwrap_or_clone)
    }

    /// That entity.
    pub fn piece(&self, id: Uuid) -> Option<&Piece> {
        Some(self.place_of_piece(id)?.1)
    }

    /// That entity, with the place of the patch that brought it.
    pub fn place_of_piece(&self, id: Uuid) -> Option<(usize, &Piece)> {
        let place = self.pieces.get(&id)?;
        match self.list[place.patch].facts.get(place.fact)? {
            Fact::Added(piece) => Some((place.patch, piece)),
            _ => None,
        }
    }

    /// The ids of the documents, in the order in which they came.
    pub fn documents(&self) -> &[Uuid] {
        &self.documents
    }

    /// The entities of a document in the order in which they came, the document among them, each with the
    /// place of the patch that brought it.
    pub fn belongings(&self, document: Uuid) -> impl Iterator<Item = (usize, &Piece)> {
        let ids = self.belongings.get(&document).into_iter().flatten();
        ids.filter_map(|id| self.place_of_piece(*id))
    }

    /// The id of the document that an entity belongs to: itself, or the one that it hangs on.
    pub fn document_of(&self, entity: Uuid) -> Option<Uuid> {
        self.pieces.get(&entity)?.document
    }

    /// How many there were up to a moment.
    pub fn upto(&self, moment: Ticks) -> usize {
        self.list.partition_point(|patch| patch.at <= moment)
    }

    /// The place of that patch.
    pub fn place_of(&self, patch: Uuid) -> Option<usize> {
        self.places.get(&patch).copied()
    }

    /// How many patches there were when that one was delivered.
    pub fn delivered(&self, patch: Uuid) -> Option<usize> {
        self.delivered.get(&patch).copied()
    }

    /// How many patches there were when the letter first was delivered to a box.
    pub fn reached(&self, box_id: BoxId) -> Option<usize> {
        self.reached.get(&box_id).copied()
    }

    /// Whether the letter was delivered to anybody within the first `upto` patches.
    pub fn is_sent(&self, upto: usize) -> bool {
        self.reached.values().any(|reached| *reached <= upto)
    }

    /// How many patches there were when a file first had a signature with a time stamp of that box,
    /// approving ones left out.
    pub fn stamped(&self, file: Uuid, signer: BoxId) -> Option<usize> {
        self.stamped.get(&(file, signer)).copied()
    }

    /// What came in the place of an entity's first content: with the place of the patch, in their order.
    pub fn edits(&self, entity: Uuid) -> impl DoubleEndedIterator<Item = (usize, ContentRef)> {
        let edits = self.edits.get(&entity).into_iter().flatten();
        edits.copied()
    }

    fn note(&mut self, patch: usize, number: usize, fact: &Fact) {
        let count = patch + 1;
        match fact {
            Fact::Added(piece) => self.note_piece(patch, number, piece),
            Fact::Delivered(box_id) => {
                self.reached.entry(*box_id).or_insert(count);
            }
            Fact::PatchDelivered(id) => {
                self.delivered.entry(*id).or_insert(count);
            }
            Fact::Edited { entity, content } => {
                let edits = self.edits.entry(*entity).or_default();
                edits.push((patch, *content));
            }
            _ => {}
        }
    }

    fn note_piece(&mut self, patch: usize, fact: usize, piece: &Piece) {
        let (id, parent) = (piece.id(), piece.parent());
        let document = match piece.document {
            Some(_) => Some(id),
            // What hangs on something comes after it.
            None => parent.and_then(|parent| self.document_of(parent)),
        };
        let place = Place {
            patch,
            fact,
            document,
        };
        self.pieces.insert(id, place);
        if document == Some(id) {
            self.documents.push(id);
        }
        if let Some(document) = document {
            self.belongings.entry(document).or_default().push(id);
        }
        let signature = piece.signature.as_ref();
        let stamped = signature.filter(|one| one.original.is_some() && !one.is_approvement);
        if let (Some(signature), Some(file)) = (stamped, parent) {
            let key = (file, signature.signer.box_id);
            self.stamped.entry(key).or_insert(patch + 1);
        }
    }
}

impl Index<usize> for Patches {
    type Output = Patch;

    fn index(&self, place: usize) -> &Patch {
        &self.list[place]
    }
}

impl FromIterator<Patch> for Patches {
    fn from_iter<I: IntoIterator<Item = Patch>>(patches: I) -> Self {
        let mut all = Self::default();
        patches.into_iter().for_each(|patch| all.push(patch));
        all
    }
}

impl From<Patch> for Patches {
    fn from(first: Patch) -> Self {
        std::iter::once(first).collect()
    }
}

impl fmt::Debug for Patches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Patches {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Serialize for Patches {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Patches {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Patch>::deserialize(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use diadoc_core::{BoxId, Ticks};
    use diadoc_proto::events::Entity;
    use uuid::Uuid;

    use super::super::letter::{
        Author, ContentRef, DocumentDetails, Fact, Party, Patch, Piece, Scope, SignatureDetails,
    };
    use super::Patches;

    const BOX: BoxId = BoxId::from_bytes([7; 16]);
    const DOCUMENT: Uuid = Uuid::from_u128(1);
    const SIGNATURE: Uuid = Uuid::from_u128(2);
    const STAMPED: Uuid = Uuid::from_u128(3);

    fn patch(id: u128, facts: Vec<Fact>) -> Patch {
        Patch {
            id: Uuid::from_u128(id),
            at: Ticks::MIN,
            author: Author::Operator,
            scope: Scope::Everybody,
            facts,
        }
    }

    fn added(id: Uuid, parent: Option<Uuid>, original: Option<Uuid>) -> Fact {
        let signer = Party {
            box_id: BOX,
            department: Uuid::nil(),
        };
        Fact::Added(Box::new(Piece {
            id,
            parent,
            entity: Entity::default(),
            content: None,
            document: parent.is_none().then(Box::<DocumentDetails>::default),
            signature: parent.map(|_| SignatureDetails {
                signer,
                is_approvement: false,
                is_test: true,
                is_valid: true,
                original,
            }),
            only: None,
        }))
    }

    #[test]
    fn facts_are_found_whether_they_came_at_once_or_one_by_one() {
        let content = ContentRef {
            id: Uuid::from_u128(9),
            size: 1,
        };
        let facts = || {
            let edited = Fact::Edited {
                entity: DOCUMENT,
                content,
            };
            let delivered = Fact::PatchDelivered(Uuid::from_u128(10));
            let document = added(DOCUMENT, None, None);
            let signature = added(SIGNATURE, Some(DOCUMENT), None);
            let stamped = added(STAMPED, Some(DOCUMENT), Some(SIGNATURE));
            let reached = Fact::Delivered(BOX);
            vec![document, signature, stamped, reached, edited, delivered]
        };
        let at_once: Patches = [patch(10, Vec::new()), patch(11, facts())]
            .into_iter()
            .collect();
        let mut one_by_one = Patches::from(patch(10, Vec::new()));
        one_by_one.push(patch(11, Vec::new()));
        facts().into_iter().for_each(|fact| one_by_one.add(fact));
        assert_eq!(one_by_one, at_once);
        for patches in [at_once, one_by_one] {
            assert_eq!(patches.documents(), [DOCUMENT]);
            let belongings = patches.belongings(DOCUMENT);
            let belongings: Vec<_> = belongings.map(|(at, piece)| (at, piece.id())).collect();
            assert_eq!(belongings, [(1, DOCUMENT), (1, SIGNATURE), (1, STAMPED)]);
            assert_eq!(patches.document_of(STAMPED), Some(DOCUMENT));
            assert_eq!(patches.stamped(DOCUMENT, BOX), Some(2));
            assert_eq!(patches.reached(BOX), Some(2));
            assert_eq!((patches.is_sent(1), patches.is_sent(2)), (false, true));
            assert_eq!(patches.edits(DOCUMENT).collect::<Vec<_>>(), [(1, content)]);
            assert_eq!(patches.delivered(Uuid::from_u128(10)), Some(2));
            assert_eq!(patches.place_of(Uuid::from_u128(11)), Some(1));
            assert_eq!(patches.into_last().map(|patch| patch.facts), Some(facts()));
        }
    }
}
