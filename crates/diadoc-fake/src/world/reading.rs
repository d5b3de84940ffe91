//! Letters, documents and contents, as far as an employee may read them.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::access::Actor;
use super::model::{DocumentKey, Letter, Piece};
use super::state::DocumentState;
use super::{Refusal, World};

/// A letter that an employee may read at least a document of.
#[derive(Debug)]
pub(crate) struct Readable {
    pub letter: Arc<Letter>,
    /// The documents that the employee may not see.
    pub hidden: BTreeSet<Uuid>,
}

impl World {
    /// A letter, draft or template for an employee.
    ///
    /// # Errors
    ///
    /// 404: the box does not have it. 403: the employee may see none of its documents.
    pub(crate) fn readable(&self, actor: &Actor, message: Uuid) -> Result<Readable, Refusal> {
        let missing = || Refusal::not_found(format!("Message {message} not found"));
        let letter = self.tables.letters.shared(&message).ok_or_else(missing)?;
        letter.seen_since(actor.box_id).ok_or_else(missing)?;
        let hidden = hidden(&letter, actor, letter.patches.len());
        let documents = known(&letter, actor, letter.patches.len()).count();
        if documents > 0 && documents == hidden.len() {
            return Err(no_access());
        }
        Ok(Readable { letter, hidden })
    }

    /// A letter that a document lies in, for an employee who may see that document.
    ///
    /// # Errors
    ///
    /// 404: the box does not have it. 403: the employee may not see it.
    pub(crate) fn readable_document(
        &self,
        actor: &Actor,
        key: DocumentKey,
    ) -> Result<Arc<Letter>, Refusal> {
        let missing =
            || Refusal::not_found(format!("Document {}:{} not found", key.letter, key.entity));
        let letter = self
            .tables
            .letters
            .shared(&key.letter)
            .ok_or_else(missing)?;
        let state = DocumentState::of(&letter, key.entity, actor.box_id, letter.patches.len());
        let department = state.ok_or_else(missing)?.flags.department;
        match actor.sees(department) {
            true => Ok(letter),
            false => Err(no_access()),
        }
    }

    /// An entity of any kind, with its letter.
    ///
    /// # Errors
    ///
    /// 404: the box does not have it. 403: the employee may not see the document that it belongs to.
    pub(crate) fn readable_entity(
        &self,
        actor: &Actor,
        key: DocumentKey,
    ) -> Result<(Arc<Letter>, Piece), Refusal> {
        let Readable { letter, hidden } = self.readable(actor, key.letter)?;
        let piece = letter.piece_of(actor.box_id, letter.patches.len(), key.entity);
        let piece = piece.map(|(_, piece)| piece.clone());
        let missing = || {
            let DocumentKey { letter, entity } = key;
            Refusal::not_found(format!("Entity {entity} not found in message {letter}"))
        };
        let piece = piece.ok_or_else(missing)?;
        let document = letter.patches.document_of(key.entity);
        match document.is_some_and(|document| hidden.contains(&document)) {
            true => Err(no_access()),
            false => Ok((letter, piece)),
        }
    }

    /// The content of an entity, the last one where it was edited.
    ///
    /// # Errors
    ///
    /// 404: there is none.
    pub(crate) fn content(
        &self,
        actor: &Actor,
        letter: &Letter,
        piece: &Piece,
    ) -> Result<Bytes, Refusal> {
        let content = letter.content_of(actor.box_id, letter.patches.len(), piece);
        let bytes = content.and_then(|content| self.tables.contents.get(&content.id));
        let missing = || Refusal::not_found(format!("Entity {} has no content", piece.id()));
        bytes.cloned().ok_or_else(missing)
    }
}

/// The documents of a letter that a box knows of after so many patches.
fn known<'l>(letter: &'l Letter, actor: &Actor, upto: usize) -> impl Iterator<Item = Uuid> + 'l {
    let documents = letter.documents_of(actor.box_id, upto);
    documents.map(|(piece, _)| piece.id())
}

/// Those of them that an employee may not see.
pub(crate) fn hidden(letter: &Letter, actor: &Actor, upto: usize) -> BTreeSet<Uuid> {
    if actor.sees_all() {
        return BTreeSet::new();
    }
    let is_hidden = |document: &Uuid| {
        let state = DocumentState::of(letter, *document, actor.box_id, upto);
        state.is_some_and(|state| !actor.sees(state.flags.department))
    };
    known(letter, actor, upto).filter(is_hidden).collect()
}

fn no_access() -> Refusal {
    Refusal::forbidden("У вас нет доступа к документу")
        .code("DocumentService.EmployeeCannotAccessDocument")
}
