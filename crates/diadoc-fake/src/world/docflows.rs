//! Documents for the methods of docflows: one by one, by packet, by a query, and as a feed of changes.

use diadoc_core::BoxId;
use uuid::Uuid;

use super::access::Actor;
use super::model::{DocumentKey, Letter};
use super::state::DocumentState;
use super::views::docflow::moment_of_event;
use super::{Refusal, World};

mod feed;
mod packet;
mod search;

pub(crate) use feed::{FeedFilter, FeedItem};
pub(crate) use packet::{BEGINNING, key_of};
pub(crate) use search::{Query, SearchScope};

impl World {
    /// A letter that a box knows of.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub(crate) fn letter_with(&self, box_id: BoxId, key: DocumentKey) -> Result<&Letter, Refusal> {
        let letter = self.tables.letters.get(&key.letter);
        let letter = letter.filter(|letter| letter.seen_since(box_id).is_some());
        letter.ok_or_else(|| no_document(key))
    }

    /// A document of a letter as a box sees it now, or as it saw it after the event of that id.
    ///
    /// # Errors
    ///
    /// 404 where the box does not know of it, or did not then, and for an unknown event.
    pub(crate) fn document_after(
        &self,
        box_id: BoxId,
        key: DocumentKey,
        last_event: Option<Uuid>,
    ) -> Result<DocumentState<'_>, Refusal> {
        let letter = self.letter_with(box_id, key)?;
        let upto = match last_event {
            None => letter.patches.len(),
            Some(event) => patches_upto(letter, event)
                .ok_or_else(|| Refusal::not_found(format!("Event {event} not found")))?,
        };
        let state = DocumentState::of(letter, key.entity, box_id, upto);
        state.ok_or_else(|| no_document(key))
    }
}

impl Actor {
    /// Refuses who does not see a document.
    ///
    /// # Errors
    ///
    /// 403.
    pub(crate) fn needs_document(&self, state: &DocumentState<'_>) -> Result<(), Refusal> {
        match self.sees(state.flags.department) {
            true => Ok(()),
            false => {
                let refusal = Refusal::forbidden("У вас нет доступа к документу");
                Err(refusal.code("DocumentService.EmployeeCannotAccessDocument"))
            }
        }
    }
}

fn no_document(key: DocumentKey) -> Refusal {
    Refusal::not_found(format!("Document {}:{} not found", key.letter, key.entity))
}

/// How many patches a letter had after that event.
fn patches_upto(letter: &Letter, event: Uuid) -> Option<usize> {
    let at = moment_of_event(event)?;
    // No two things happen at the same moment.
    let upto = letter.patches.upto(at);
    let last = letter.patches.get(upto.checked_sub(1)?)?;
    (last.at == at).then_some(upto)
}
