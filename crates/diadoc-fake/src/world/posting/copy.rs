//! Letters made of drafts and templates: their documents are copied, with ids of their own.

use std::collections::BTreeMap;

use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use crate::world::World;
use crate::world::model::{DocumentDetails, DocumentKey, Fact, Letter, Origin, Piece};
use crate::world::state::Flags;

/// The new ids of documents, by their old ones.
pub(super) type NewIds = BTreeMap<Uuid, Uuid>;

impl World {
    /// Ids for copies of documents.
    pub(super) fn new_ids(&mut self, documents: impl IntoIterator<Item = Uuid>) -> NewIds {
        let documents = documents.into_iter();
        documents.map(|old| (old, self.new_id())).collect()
    }

    /// A document of `source` and what goes with it, as the first entities of the letter `to`.
    pub(super) fn copied(
        &mut self,
        source: &Letter,
        document: Uuid,
        to: Uuid,
        ids: &NewIds,
        custom_id: Option<&str>,
    ) -> Vec<Fact> {
        let (Some(new), Some(piece)) = (ids.get(&document), source.piece(document)) else {
            return Vec::new();
        };
        let Some(details) = piece.document.as_deref() else {
            return Vec::new();
        };
        let flags = Flags::of(
            source,
            document,
            details,
            source.sender.box_id,
            source.patches.len(),
        );
        let mut copy = self.copy_of(piece, &flags);
        copy.id = *new;
        copy.document = Some(Box::new(moved(details, &flags, source, to, ids, custom_id)));
        let mut facts = vec![Fact::Added(Box::new(copy))];
        for kind in [
            AttachmentType::AttachmentComment,
            AttachmentType::StructuredData,
        ] {
            for child in source.pieces() {
                let is_of_kind = child.entity.attachment_type == Some(kind as i32);
                if child.parent() == Some(document) && is_of_kind && child.signature.is_none() {
                    let mut copy = self.copy_of(child, &flags);
                    copy.id = self.new_id();
                    copy.parent = Some(*new);
                    facts.push(Fact::Added(Box::new(copy)));
                }
            }
        }
        facts
    }

    /// The same entity, made now, with the content that it has now.
    fn copy_of(&self, piece: &Piece, flags: &Flags) -> Piece {
        let mut copy = piece.clone();
        copy.entity.raw_creation_date = Some(self.now().get());
        copy.content = flags.edited.get(&piece.id()).copied().or(piece.content);
        copy
    }
}

fn moved(
    details: &DocumentDetails,
    flags: &Flags,
    source: &Letter,
    to: Uuid,
    ids: &NewIds,
    custom_id: Option<&str>,
) -> DocumentDetails {
    let follow = |keys: &[DocumentKey]| {
        let keys = keys.iter();
        keys.filter_map(|key| match key.letter == source.id {
            false => Some(*key),
            true => ids.get(&key.entity).map(|entity| DocumentKey {
                letter: to,
                entity: *entity,
            }),
        })
        .collect()
    };
    let custom_id = custom_id.filter(|id| !id.is_empty());
    DocumentDetails {
        initial: follow(&details.initial),
        subordinate: follow(&details.subordinate),
        custom_data: flags.tags.clone(),
        packet: None,
        custom_document_id: custom_id
            .map(ToOwned::to_owned)
            .or_else(|| details.custom_document_id.clone()),
        origin: Some(Origin {
            kind: source.kind,
            letter: source.id,
        }),
        ..details.clone()
    }
}

/// Puts all documents of a new letter into one packet.
pub(super) fn pack(facts: &mut [Fact], packet: Uuid) {
    for fact in facts {
        if let Fact::Added(piece) = fact
            && let Some(details) = &mut piece.document
        {
            details.packet = Some(packet);
        }
    }
}
