//! Entities of messages and patches.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use diadoc_proto::Content;
use diadoc_proto::events::{AttachmentType, Entity, EntityType};
use uuid::Uuid;

use super::Shown;
use crate::world::World;
use crate::world::model::{ContentRef, Letter, Patch, Piece};
use crate::world::state::DocumentState;

/// The contents of one answer have at most so many bytes; one that would exceed that is left out.
pub(crate) const MAX_CONTENTS: usize = 1_048_576;

impl World {
    /// The entities of a message, a signature with a time stamp in the place of the one it repeats.
    pub(super) fn entities(
        &self,
        letter: &Letter,
        viewer: BoxId,
        upto: usize,
        shown: &Shown,
    ) -> Vec<Entity> {
        let pieces: Vec<_> = letter.pieces_of(viewer, upto).collect();
        let stamped = |id: Uuid| {
            pieces
                .iter()
                .find(|(_, piece)| original(piece) == Some(id))
                .filter(|_| !shown.original_signatures)
        };
        let mut room = MAX_CONTENTS;
        pieces
            .iter()
            .filter(|(_, piece)| original(piece).is_none() && is_shown(letter, piece, shown))
            .map(|one| {
                let (patch, piece) = stamped(one.1.id()).unwrap_or(one);
                let mut entity = self.entity(letter, viewer, upto, patch, piece);
                if shown.contents {
                    self.inject(
                        &mut entity,
                        letter.content_of(viewer, upto, piece),
                        &mut room,
                    );
                }
                entity
            })
            .collect()
    }

    /// The entities that a box learned of by the patch of that number; of a signature with a time stamp
    /// that comes together with its original there is that one alone.
    pub(super) fn new_entities(
        &self,
        letter: &Letter,
        viewer: BoxId,
        number: usize,
        shown: &Shown,
    ) -> Vec<Entity> {
        let news = letter.news_of(viewer, number);
        let originals: BTreeSet<_> = news
            .iter()
            .filter_map(|(_, piece)| original(piece))
            .collect();
        let mut room = MAX_CONTENTS;
        news.into_iter()
            .filter(|(_, piece)| !originals.contains(&piece.id()) && is_shown(letter, piece, shown))
            .map(|(patch, piece)| {
                let mut entity = self.entity(letter, viewer, number, patch, piece);
                if shown.contents {
                    let content = letter.content_of(viewer, number, piece);
                    self.inject(&mut entity, content, &mut room);
                }
                entity
            })
            .collect()
    }

    /// An entity, without its content but where the server shows it always.
    fn entity(
        &self,
        letter: &Letter,
        viewer: BoxId,
        upto: usize,
        patch: &Patch,
        piece: &Piece,
    ) -> Entity {
        let mut entity = piece.entity.clone();
        let content = letter.content_of(viewer, upto, piece);
        let size = content.map(|content| match shows_size(&entity) {
            true => content.size,
            false => -1,
        });
        entity.content = size.map(|size| Content { size, data: None }.into());
        if entity.attachment_type() == AttachmentType::DeliveryFailureNotification {
            let mut room = MAX_CONTENTS;
            self.inject(&mut entity, content, &mut room);
        }
        entity.parent_entity_id.get_or_insert_default();
        entity
            .attachment_type
            .get_or_insert(AttachmentType::Nonformalized.into());
        entity.need_recipient_signature.get_or_insert(false);
        entity.raw_creation_date.get_or_insert(patch.at.get());
        entity.need_receipt.get_or_insert(false);
        entity.is_approvement_signature.get_or_insert(false);
        entity.is_encrypted_content.get_or_insert(false);
        entity.content_type_id.get_or_insert_default();
        entity.is_attached_signature.get_or_insert(false);
        if let Some(request) = &mut entity.resolution_request_info {
            let ended = ended_with(letter, viewer, upto, piece);
            request.resolved_with = ended.map(|id| id.to_string());
        }
        if piece.document.is_some()
            && let Some(state) = DocumentState::of(letter, piece.id(), viewer, upto)
        {
            entity.packet_id = state.flags.packet.map(|packet| packet.to_string());
            entity.document_info = Some(self.document_view(&state).into());
        }
        entity
    }

    /// Puts a content into an entity, as long as there is room for it.
    fn inject(&self, entity: &mut Entity, content: Option<ContentRef>, room: &mut usize) {
        let bytes = content.and_then(|content| self.tables.contents.get(&content.id));
        let Some(bytes) = bytes.filter(|bytes| bytes.len() <= *room) else {
            return;
        };
        *room -= bytes.len();
        entity.content = Some(
            Content {
                size: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
                data: Some(bytes.clone()),
            }
            .into(),
        );
    }
}

/// The entity that ended a request for approval or signature.
fn ended_with(letter: &Letter, viewer: BoxId, upto: usize, request: &Piece) -> Option<Uuid> {
    let document = letter.document_of(request.id())?.id();
    let state = DocumentState::of(letter, document, viewer, upto)?;
    let resolutions = state.resolutions_on(request.parent()?);
    let mut requests = resolutions.requests.iter();
    let asked = requests.find(|asked| asked.request.id() == request.id())?;
    asked.resolved_with
}

/// Of a signature with a time stamp: the one that it was made of.
fn original(piece: &Piece) -> Option<Uuid> {
    piece.signature.as_ref()?.original
}

/// Of signatures and of reports on them a message does not say how many bytes they have.
fn shows_size(entity: &Entity) -> bool {
    entity.entity_type() != EntityType::Signature
        && entity.attachment_type() != AttachmentType::SignatureVerificationReport
}

pub(super) fn is_shown(letter: &Letter, piece: &Piece, shown: &Shown) -> bool {
    let document = letter.document_of(piece.id()).map(Piece::id);
    let is_hidden = document.is_some_and(|document| shown.hidden.contains(&document));
    !is_hidden && (shown.document.is_none() || shown.document == document)
}
