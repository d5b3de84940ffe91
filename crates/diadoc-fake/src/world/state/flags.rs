//! What facts have made of a document.

use std::collections::BTreeMap;

use diadoc_core::BoxId;
use uuid::Uuid;

use crate::world::HEAD_DEPARTMENT;
use crate::world::model::{ContentRef, DocumentDetails, Fact, Letter};

/// What facts have made of the document for the viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flags {
    pub is_read: bool,
    pub is_deleted: bool,
    pub department: Uuid,
    pub tags: BTreeMap<String, String>,
    pub packet: Option<Uuid>,
    /// Contents that came in the place of the first ones, by entity.
    pub edited: BTreeMap<Uuid, ContentRef>,
    /// Of a draft or template: it is used up.
    pub is_recycled: bool,
    /// The letters that were made of it.
    pub transformed_to: Vec<Uuid>,
}

impl Flags {
    /// What facts among the first `upto` patches have made of a document.
    pub(crate) fn of(
        letter: &Letter,
        document: Uuid,
        details: &DocumentDetails,
        viewer: BoxId,
        upto: usize,
    ) -> Self {
        let party = letter.recipient.filter(|to| to.box_id == viewer);
        let party = party.or_else(|| letter.party(viewer));
        let mut flags = Self {
            is_read: letter.sender.box_id == viewer,
            is_deleted: false,
            department: party.map_or(HEAD_DEPARTMENT, |party| party.department),
            tags: details.custom_data.clone(),
            packet: details.packet,
            edited: BTreeMap::new(),
            is_recycled: false,
            transformed_to: Vec::new(),
        };
        for (_, patch) in letter.patches_of(viewer, upto) {
            for fact in &patch.facts {
                flags.take(fact, document, viewer);
            }
            // Reading by the API leaves no mark, but who signs a document counts as having read it.
            flags.is_read |= patch.is_signed_by(viewer, |entity| {
                letter.patches.document_of(entity) == Some(document)
            });
        }
        flags
    }

    fn take(&mut self, fact: &Fact, about: Uuid, viewer: BoxId) {
        let all_or_this = |document: &Option<Uuid>| document.is_none_or(|one| one == about);
        match fact {
            Fact::Read { box_id, document } if *box_id == viewer && *document == about => {
                self.is_read = true;
            }
            Fact::Deleted { box_id, document } if *box_id == viewer && all_or_this(document) => {
                self.is_deleted = true;
            }
            Fact::Restored { box_id, document } if *box_id == viewer && all_or_this(document) => {
                self.is_deleted = false;
            }
            Fact::Moved {
                box_id,
                document,
                department,
            } if *box_id == viewer && *document == about => self.department = *department,
            Fact::Tagged {
                document,
                key,
                value,
            } if *document == about => {
                match value {
                    Some(value) => self.tags.insert(key.clone(), value.clone()),
                    None => self.tags.remove(key),
                };
            }
            Fact::Packed { document, packet } if *document == about => self.packet = *packet,
            Fact::Edited { entity, content } => {
                self.edited.insert(*entity, *content);
            }
            Fact::Recycled { letters } => {
                self.is_recycled = true;
                self.transformed_to.extend(letters);
            }
            _ => {}
        }
    }
}
