//! What makes letters, drafts and templates.
//!
//! A call is checked as a whole before anything is written; the operator does its part afterwards, as a
//! task, so that the answer of the call shows the letter as it was posted.

use diadoc_core::BoxId;
use uuid::Uuid;

use super::model::{Operation, Party};
use super::{Refusal, World};

mod attachments;
mod content;
mod copy;
mod documents;
mod draft;
mod links;
mod message;
mod prototype;
mod route;
mod template;
#[cfg(test)]
mod tests;

pub(crate) use content::title_of;

/// A call that has succeeded is known again by its method, its box and the id of its operation.
#[derive(Debug, Clone)]
pub(crate) struct OperationKey {
    pub method: &'static str,
    pub id: String,
}

impl World {
    /// What a call made that has succeeded before.
    pub(crate) fn done_before(
        &self,
        box_id: BoxId,
        key: Option<&OperationKey>,
    ) -> Option<Operation> {
        let key = key?;
        let row = (key.method.to_owned(), box_id, key.id.clone());
        self.tables.operations.get(&row).copied()
    }

    /// Remembers that a call has made the last patch of a letter.
    pub(crate) fn remember(&mut self, box_id: BoxId, key: Option<OperationKey>, letter: Uuid) {
        let row = self.tables.letters.get(&letter);
        if let (Some(key), Some(row)) = (key, row) {
            let operation = Operation {
                letter,
                patches: row.patches.len(),
            };
            let row = (key.method.to_owned(), box_id, key.id);
            self.tables.operations.insert(row, operation);
        }
    }
}

/// A box of a body.
///
/// # Errors
///
/// 400: it is none.
pub(crate) fn box_of(text: &str) -> Result<BoxId, Refusal> {
    text.parse()
        .map_err(|_| Refusal::bad_request(format!("BoxId field is not valid box id: {text}")))
}

/// A GUID of a body that may be left out.
///
/// # Errors
///
/// 400: it is none. `at` is its place.
pub(crate) fn guid_of(text: Option<&str>, at: &str) -> Result<Option<Uuid>, Refusal> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| {
        Uuid::parse_str(text)
            .map_err(|_| Refusal::bad_request(format!("{at} is not a GUID: {text}")))
    })
    .transpose()
}

/// An action on some documents of a packet that is bound together.
pub(crate) fn locked() -> Refusal {
    let code = "DocumentService.NotAllowedForLockedPacket";
    Refusal::conflict(format!("ErrorCode: {code} (Http.Conflict)")).code(code)
}

/// Whether two parties are the same department of the same box.
fn is_same(one: Party, other: Party) -> bool {
    one == other
}
