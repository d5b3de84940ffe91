//! What the operator does by itself: it checks signatures, delivers letters and confirms that it did.

use uuid::Uuid;

use super::model::{Author, Fact, Scope, Task};
use super::{Refusal, World};

impl World {
    /// Does what is due.
    pub(super) fn perform(&mut self, task: Task) -> Result<(), Refusal> {
        match task {
            Task::Deliver { letter } => self.deliver(letter),
            Task::Archive {
                box_id,
                user,
                document,
                is_full,
                name,
            } => self.make_archive(box_id, user, document, is_full, name),
            Task::Invite { invitation } => self.invite(invitation),
        }
    }

    /// Notes that a thing could not be done, where somebody will ask for it.
    pub(super) fn give_up(&mut self, task: Task, why: &Refusal) {
        match task {
            Task::Invite { invitation } => self.fail_invitation(invitation, why),
            Task::Deliver { .. } | Task::Archive { .. } => {}
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
