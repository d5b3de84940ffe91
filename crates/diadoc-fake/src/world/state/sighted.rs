//! Entities as a box knows of them.

use diadoc_core::{BoxId, Ticks};
use uuid::Uuid;

use crate::world::model::{Author, Patch, Piece};

/// An entity with the patch that brought it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sighted<'w> {
    pub patch: &'w Patch,
    pub piece: &'w Piece,
}

/// A file with the signature under it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'w> {
    pub file: Sighted<'w>,
    pub signature: Option<Sighted<'w>>,
}

impl Signed<'_> {
    /// The signature under it was found right.
    pub(crate) fn is_valid(&self) -> bool {
        self.signature.is_some_and(Sighted::is_valid)
    }
}

impl<'w> Sighted<'w> {
    pub(crate) fn id(self) -> Uuid {
        self.piece.id()
    }

    pub(crate) fn at(self) -> Ticks {
        self.patch.at
    }

    /// The box that brought it; none where it was the operator.
    pub(crate) fn author(self) -> Option<BoxId> {
        match self.patch.author {
            Author::Operator => None,
            Author::User { box_id, .. } => Some(box_id),
        }
    }

    /// The box that signed; none of a file.
    pub(crate) fn signed_by(self) -> Option<BoxId> {
        let signature = self.piece.signature.as_ref()?;
        Some(signature.signer.box_id)
    }

    pub(crate) fn is_valid(self) -> bool {
        let signature = self.piece.signature.as_ref();
        signature.is_some_and(|signature| signature.is_valid)
    }
}
