//! Which way a letter goes.

use diadoc_core::BoxId;

use crate::world::model::{Letter, Party};

/// Which way a document goes for the viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Inbound,
    Outbound,
    Internal,
}

impl Direction {
    /// Which way a letter goes for a box.
    pub(crate) fn of(letter: &Letter, viewer: BoxId) -> Self {
        match () {
            () if letter.is_internal => Self::Internal,
            () if letter.sender.box_id == viewer => Self::Outbound,
            () => Self::Inbound,
        }
    }

    /// The other side of a letter that goes this way.
    pub(crate) fn counteragent(self, letter: &Letter) -> Option<Party> {
        match self {
            Self::Internal => None,
            Self::Outbound => letter.recipient,
            Self::Inbound => Some(letter.sender),
        }
    }
}
