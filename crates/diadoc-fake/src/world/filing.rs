//! Where documents lie in their box: they are deleted, restored and moved, and the other side learns
//! nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diadoc_core::BoxId;
use diadoc_proto::LockMode;
use diadoc_proto::events::{AttachmentType, MoveDocumentInfo};
use uuid::Uuid;

use super::access::Actor;
use super::model::{Action, DocumentKey, Fact, Letter, Scope};
use super::posting::locked;
use super::state::{DocumentState, Flags};
use super::{Refusal, World};

/// At most so many documents are moved at once.
const MAX_MOVED: usize = 1000;
/// A document is moved at most so many times.
const MAX_MOVES: usize = 50;

impl World {
    /// Deletes a document, or with none a letter with all its documents.
    ///
    /// # Errors
    ///
    /// 402 and 403; 404: there is no such letter or document; 409: it is deleted, or bound to others.
    pub(crate) fn delete(
        &mut self,
        user: Uuid,
        box_id: BoxId,
        letter: Uuid,
        document: Option<Uuid>,
    ) -> Result<(), Refusal> {
        self.file_away(user, box_id, letter, document, true)
    }

    /// Restores a document, or with none a letter with all its documents.
    ///
    /// # Errors
    ///
    /// As those of [`World::delete`]; 409: it is not deleted.
    pub(crate) fn restore(
        &mut self,
        user: Uuid,
        box_id: BoxId,
        letter: Uuid,
        document: Option<Uuid>,
    ) -> Result<(), Refusal> {
        self.file_away(user, box_id, letter, document, false)
    }

    fn file_away(
        &mut self,
        user: Uuid,
        box_id: BoxId,
        id: Uuid,
        document: Option<Uuid>,
        deletes: bool,
    ) -> Result<(), Refusal> {
        let actor = self.enter(user, box_id)?;
        actor.needs(Action::DeleteRestoreDocuments)?;
        let letter = self.known_letter(box_id, id)?;
        let all = documents_of(&letter, box_id);
        let chosen = match document {
            None => all.clone(),
            Some(one) if all.contains(&one) => BTreeSet::from([one]),
            Some(one) => {
                let text = format!("Document {one} not found in message {id}");
                return Err(Refusal::not_found(text));
            }
        };
        for one in &chosen {
            may_access(&actor, &letter, *one)?;
        }
        if is_locked(&letter) && chosen != all {
            return Err(locked());
        }
        let is_deleted = |one: &Uuid| {
            let flags = flags_of(&letter, *one, box_id);
            flags.is_some_and(|flags| flags.is_deleted)
        };
        if chosen.iter().all(|one| is_deleted(one) == deletes) {
            let text = match deletes {
                true => "The document is deleted already",
                false => "The document is not deleted",
            };
            let refusal = Refusal::conflict(text);
            return Err(refusal.code("DocumentService.InvalidDocumentState"));
        }
        let fact = match deletes {
            true => Fact::Deleted { box_id, document },
            false => Fact::Restored { box_id, document },
        };
        self.add_patch(id, actor.author(), Scope::Only(box_id), vec![fact])?;
        Ok(())
    }

    /// Moves documents of a box to one of its departments.
    ///
    /// # Errors
    ///
    /// 400: there is no such department, or there are too many documents; 402 and 403; 404: there is no
    /// such document; 409: a document was moved too often, is bound to others, or is one of a draft that
    /// is used up.
    pub(crate) fn move_documents(
        &mut self,
        user: Uuid,
        box_id: BoxId,
        department: Uuid,
        documents: &[DocumentKey],
    ) -> Result<(), Refusal> {
        let actor = self.enter(user, box_id)?;
        let organization = self.tables.organizations.get(&box_id);
        if !organization.is_some_and(|organization| organization.has_department(department)) {
            return Err(Refusal::bad_request("Department wasn't found")
                .code("OrganizationBoxService.Department.NotFound"));
        }
        if documents.len() > MAX_MOVED {
            let text = format!("Too many documents. Max allowed documents count is {MAX_MOVED}");
            return Err(Refusal::bad_request(text));
        }
        let mut by_letter: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for key in documents {
            by_letter.entry(key.letter).or_default().insert(key.entity);
        }
        for (id, chosen) in by_letter {
            self.move_within(&actor, id, department, &chosen)?;
        }
        Ok(())
    }

    fn move_within(
        &mut self,
        actor: &Actor,
        id: Uuid,
        to: Uuid,
        chosen: &BTreeSet<Uuid>,
    ) -> Result<(), Refusal> {
        let box_id = actor.box_id;
        let letter = self.known_letter(box_id, id)?;
        if letter.is_recycled() {
            return Err(Refusal::conflict(format!("Draft {id} is recycled already")));
        }
        if is_locked(&letter) && *chosen != documents_of(&letter, box_id) {
            return Err(locked());
        }
        let mut facts = Vec::new();
        for document in chosen {
            let flags = flags_of(&letter, *document, box_id)
                .ok_or_else(|| Refusal::not_found(format!("Document {id}:{document} not found")))?;
            may_access(actor, &letter, *document)?;
            if moves_of(&letter, box_id, *document) >= MAX_MOVES {
                let text =
                    format!("Too many movements. Max allowed movements count is {MAX_MOVES}");
                return Err(Refusal::conflict(text));
            }
            if flags.department == to {
                continue;
            }
            facts.push(Fact::Moved {
                box_id,
                document: *document,
                department: to,
            });
            let kind = AttachmentType::MoveDocument;
            let mut piece = self.file(kind, Some(*document), None, None);
            piece.entity.author_user_id = Some(actor.user.to_string());
            piece.entity.move_document_info = Some(Box::new(MoveDocumentInfo {
                moved_from_department: flags.department.to_string(),
                moved_to_department: to.to_string(),
            }));
            facts.push(Fact::Added(Box::new(piece)));
        }
        if !facts.is_empty() {
            self.add_patch(id, actor.author(), Scope::Only(box_id), facts)?;
        }
        Ok(())
    }

    /// A letter that a box has.
    ///
    /// # Errors
    ///
    /// 404.
    pub(crate) fn known_letter(&self, box_id: BoxId, id: Uuid) -> Result<Arc<Letter>, Refusal> {
        let letter = self.tables.letters.shared(&id);
        let letter = letter.filter(|letter| letter.seen_since(box_id).is_some());
        letter.ok_or_else(|| {
            Refusal::not_found(format!("Сообщение {}:{id} не найдено", box_id.guid()))
                .code("DocumentService.DocumentNotFound")
        })
    }
}

fn documents_of(letter: &Letter, box_id: BoxId) -> BTreeSet<Uuid> {
    let documents = letter.documents_of(box_id, letter.patches.len());
    documents.map(|(piece, _)| piece.id()).collect()
}

fn flags_of(letter: &Letter, document: Uuid, box_id: BoxId) -> Option<Flags> {
    let state = DocumentState::of(letter, document, box_id, letter.patches.len())?;
    Some(state.flags)
}

fn may_access(actor: &Actor, letter: &Letter, document: Uuid) -> Result<(), Refusal> {
    let flags = flags_of(letter, document, actor.box_id);
    match flags.is_some_and(|flags| actor.sees(flags.department)) {
        true => Ok(()),
        false => Err(Refusal::forbidden("У вас нет доступа к документу")
            .code("DocumentService.EmployeeCannotAccessDocument")),
    }
}

fn moves_of(letter: &Letter, by: BoxId, about: Uuid) -> usize {
    let facts = letter.patches.iter().flat_map(|patch| &patch.facts);
    facts
        .filter(|fact| {
            matches!(fact, Fact::Moved { box_id, document, .. } if *box_id == by && *document == about)
        })
        .count()
}

/// What is done with one document has to be done with all.
pub(crate) fn is_locked(letter: &Letter) -> bool {
    match letter.lock {
        LockMode::Full => true,
        // Until it is sent.
        LockMode::Send => !letter.patches.is_sent(letter.patches.len()),
        _ => false,
    }
}
