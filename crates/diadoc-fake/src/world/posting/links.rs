//! Which documents belong to which.

use std::collections::BTreeMap;

use diadoc_core::BoxId;
use diadoc_proto::DocumentId;
use uuid::Uuid;

use super::attachments::NewDocument;
use super::guid_of;
use crate::world::access::Actor;
use crate::world::model::{DocumentKey, Fact, Scope};
use crate::world::state::DocumentState;
use crate::world::{Refusal, World};

/// The links of each document of a message.
pub(super) type Links = Vec<Linked>;

/// The links of a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Linked {
    pub initial: Vec<DocumentKey>,
    pub subordinate: Vec<DocumentKey>,
    /// Those of other letters.
    pub others: Vec<DocumentKey>,
}

impl World {
    /// Finds the documents that those of a message are linked with; `known` are its own, by the ids that
    /// the caller gave them.
    pub(super) fn links(
        &self,
        actor: &Actor,
        documents: &[NewDocument],
        letter: Uuid,
        known: &BTreeMap<String, Uuid>,
    ) -> Result<Links, Refusal> {
        let mut all = Vec::with_capacity(documents.len());
        for document in documents {
            let mut linked = Linked::default();
            let lists = [
                ("InitialDocumentIds", &document.initial),
                ("SubordinateDocumentIds", &document.subordinate),
            ];
            for (name, ids) in lists {
                for (index, id) in ids.iter().enumerate() {
                    let at = format!("{}.{name}[{index}]", document.at);
                    let key = self.linked_one(actor, id, letter, known, &at)?;
                    if key.letter != letter {
                        linked.others.push(key);
                    }
                    match name {
                        "InitialDocumentIds" => linked.initial.push(key),
                        _ => linked.subordinate.push(key),
                    }
                }
            }
            all.push(linked);
        }
        Ok(all)
    }

    fn linked_one(
        &self,
        actor: &Actor,
        id: &DocumentId,
        letter: Uuid,
        known: &BTreeMap<String, Uuid>,
        at: &str,
    ) -> Result<DocumentKey, Refusal> {
        let Some(other) = guid_of(Some(&id.message_id), &format!("{at}.MessageId"))? else {
            let entity = known.get(&id.entity_id).ok_or_else(|| {
                Refusal::bad_request(format!(
                    "{at}.EntityId is no CustomDocumentId of the message: {}",
                    id.entity_id
                ))
            })?;
            return Ok(DocumentKey {
                letter,
                entity: *entity,
            });
        };
        let entity = guid_of(Some(&id.entity_id), &format!("{at}.EntityId"))?;
        let key = DocumentKey {
            letter: other,
            entity: entity.unwrap_or_default(),
        };
        self.document_for(actor, key)?;
        Ok(key)
    }

    /// The state of a document as it is now for a box.
    ///
    /// # Errors
    ///
    /// 404: the box has no such document.
    pub(crate) fn state_of(
        &self,
        box_id: BoxId,
        key: DocumentKey,
    ) -> Result<DocumentState<'_>, Refusal> {
        let letter = self.tables.letters.get(&key.letter);
        let state = letter
            .and_then(|letter| DocumentState::of(letter, key.entity, box_id, letter.patches.len()));
        state.ok_or_else(|| {
            Refusal::not_found(format!("Document {}:{} not found", key.letter, key.entity))
        })
    }

    /// Puts a document of its own into a packet.
    pub(super) fn put_into_packet(
        &mut self,
        actor: &Actor,
        key: DocumentKey,
        packet: Uuid,
    ) -> Result<(), Refusal> {
        let fact = Fact::Packed {
            document: key.entity,
            packet: Some(packet),
        };
        self.add_patch(key.letter, actor.author(), Scope::Everybody, vec![fact])?;
        Ok(())
    }
}
