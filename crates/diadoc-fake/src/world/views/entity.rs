//! Entities of messages and patches.

use std::collections::{BTreeSet, HashMap};

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
        let stamps = pieces
            .iter()
            .filter_map(|one| Some((original(one.1)?, one)))
            .filter(|_| !shown.original_signatures);
        let stamps: HashMap<_, _> = stamps.collect();
        let mut states = States::of(letter, viewer, upto);
        let mut room = MAX_CONTENTS;
        pieces
            .iter()
            .filter(|(_, piece)| original(piece).is_none() && is_shown(letter, piece, shown))
            .map(|one| {
                let (patch, piece) = stamps.get(&one.1.id()).unwrap_or(&one);
                let mut entity = self.entity(&mut states, patch, piece);
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
        let mut states = States::of(letter, viewer, number);
        let mut room = MAX_CONTENTS;
        news.into_iter()
            .filter(|(_, piece)| !originals.contains(&piece.id()) && is_shown(letter, piece, shown))
            .map(|(patch, piece)| {
                let mut entity = self.entity(&mut states, patch, piece);
                if shown.contents {
                    let content = letter.content_of(viewer, number, piece);
                    self.inject(&mut entity, content, &mut room);
                }
                entity
            })
            .collect()
    }

    /// An entity, without its content but where the server shows it always.
    fn entity(&self, states: &mut States<'_>, patch: &Patch, piece: &Piece) -> Entity {
        let mut entity = piece.entity.clone();
        entity.entity_id = piece.id().to_string();
        let parent = piece.parent().map(|parent| parent.to_string());
        entity.parent_entity_id = Some(parent.unwrap_or_default());
        let content = states.letter.content_of(states.viewer, states.upto, piece);
        let size = content.map(|content| match shows_size(&entity) {
            true => content.size,
            false => -1,
        });
        entity.content = size.map(|size| Content { size, data: None }.into());
        if entity.attachment_type() == AttachmentType::DeliveryFailureNotification {
            let mut room = MAX_CONTENTS;
            self.inject(&mut entity, content, &mut room);
        }
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
            let state = states.of_document_of(piece);
            let ended = state.and_then(|state| state.resolved_with(piece.id()));
            request.resolved_with = ended.map(|id| id.to_string());
        }
        if piece.document.is_some()
            && let Some(state) = states.of_document_of(piece)
        {
            entity.packet_id = state.flags.packet.map(|packet| packet.to_string());
            entity.document_info = Some(self.document_view(state).into());
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

/// The states of the documents of a letter, each worked out once.
struct States<'l> {
    letter: &'l Letter,
    viewer: BoxId,
    upto: usize,
    known: HashMap<Uuid, Option<DocumentState<'l>>>,
}

impl<'l> States<'l> {
    fn of(letter: &'l Letter, viewer: BoxId, upto: usize) -> Self {
        Self {
            letter,
            viewer,
            upto,
            known: HashMap::new(),
        }
    }

    /// The state of the document that an entity belongs to.
    fn of_document_of(&mut self, piece: &Piece) -> Option<&DocumentState<'l>> {
        let document = self.letter.patches.document_of(piece.id())?;
        let state = || DocumentState::of(self.letter, document, self.viewer, self.upto);
        self.known.entry(document).or_insert_with(state).as_ref()
    }
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
    let document = letter.patches.document_of(piece.id());
    let is_hidden = document.is_some_and(|document| shown.hidden.contains(&document));
    !is_hidden && (shown.document.is_none() || shown.document == document)
}
