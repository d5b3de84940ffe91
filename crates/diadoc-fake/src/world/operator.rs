//! What the operator does by itself: it checks signatures, delivers letters and confirms that it did.

use uuid::Uuid;

use super::model::{Author, Fact, Scope, Task};
use super::{Refusal, World};

impl World {
    /// Does what is due.
    pub(super) fn perform(&mut self, task: Task) -> Result<(), Refusal> {
        match task {
            Task::Deliver { letter } => self.deliver(letter),
            Task::CheckPatch { letter, patch } => self.check_patch(letter, patch),
        }
    }

    /// Delivers a letter to its next reader: the intermediate recipient, or the recipient.
    fn deliver(&mut self, letter: Uuid) -> Result<(), Refusal> {
        let row = self.tables.letters.get(&letter);
        let row = row.ok_or_else(|| Refusal::not_found(format!("Message {letter} not found")))?;
        let next = [row.proxy, row.recipient]
            .into_iter()
            .flatten()
            .find(|party| row.seen_since(party.box_id).is_none());
        let Some(next) = next else {
            return Ok(());
        };
        let facts = vec![Fact::Delivered(next.box_id)];
        self.add_patch(letter, Author::Operator, Scope::Everybody, facts)?;
        Ok(())
    }
}
