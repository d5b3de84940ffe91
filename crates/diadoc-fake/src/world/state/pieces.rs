//! What hangs on a document.

use std::collections::{HashMap, HashSet};

use diadoc_core::BoxId;
use uuid::Uuid;

use super::Sighted;
use crate::world::model::Letter;

/// Every entity that a box knows of and that hangs on a document, directly or not, the document among them.
#[derive(Debug)]
pub(crate) struct Pieces<'w> {
    /// All, in the order in which they came.
    all: Vec<Sighted<'w>>,
    places: HashMap<Uuid, usize>,
    /// What hangs directly on an entity.
    below: HashMap<Uuid, Vec<usize>>,
    /// The signatures that there is one with a time stamp for.
    stamped: HashSet<Uuid>,
}

impl<'w> Pieces<'w> {
    /// What a box knows of after the first `upto` patches.
    pub(super) fn of(letter: &'w Letter, document: Uuid, viewer: BoxId, upto: usize) -> Self {
        let mut pieces = Self {
            all: Vec::new(),
            places: HashMap::new(),
            below: HashMap::new(),
            stamped: HashSet::new(),
        };
        for (patch, piece) in letter.belongings_of(document, viewer, upto) {
            let parent = piece.parent();
            // What hangs on something comes after it.
            if piece.id() == document || parent.is_some_and(|id| pieces.places.contains_key(&id)) {
                pieces.push(Sighted { patch, piece });
            }
        }
        pieces
    }

    fn push(&mut self, sighted: Sighted<'w>) {
        let place = self.all.len();
        self.places.insert(sighted.id(), place);
        if let Some(parent) = sighted.piece.parent() {
            self.below.entry(parent).or_default().push(place);
        }
        let signature = sighted.piece.signature.as_ref();
        self.stamped.extend(signature.and_then(|one| one.original));
        self.all.push(sighted);
    }

    /// All, in the order in which they came.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Sighted<'w>> {
        self.all.iter().copied()
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<Sighted<'w>> {
        self.places.get(&id).map(|place| self.all[*place])
    }

    /// What hangs directly on an entity, in the order in which it came.
    pub(crate) fn below(&self, parent: Uuid) -> impl DoubleEndedIterator<Item = Sighted<'w>> {
        let places = self.below.get(&parent).into_iter().flatten();
        places.map(|place| self.all[*place])
    }

    /// There is a signature with a time stamp for this one.
    pub(crate) fn is_stamped(&self, signature: Uuid) -> bool {
        self.stamped.contains(&signature)
    }
}
