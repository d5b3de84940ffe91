//! Patches of letters: what PostMessagePatch does.
//!
//! A patch is made on a copy of the letter, element by element, so that each element meets the state that
//! the ones before it have made; what is refused leaves nothing behind. What the operator does with it
//! afterwards is in `check`.

mod answers;
mod approval;
mod assembly;
mod check;
mod edits;
mod files;
mod order;
mod packets;
pub(crate) mod prepared;
mod refusals;
mod routes;
mod signatures;
pub(crate) mod status;

pub(crate) use order::{Command, Element, Order};

use uuid::Uuid;

use super::access::Actor;
use super::model::{MessageKind, Scope, Task};
use super::publish::touches;
use super::reading::Readable;
use super::{Refusal, World};
use assembly::Assembly;

impl World {
    /// Adds a patch to a letter; the number of the letter's patches then.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with one of its elements: then none is done.
    pub(crate) fn patch_letter(
        &mut self,
        actor: &Actor,
        letter: Uuid,
        order: Order,
    ) -> Result<usize, Refusal> {
        if order.elements.is_empty() {
            let text = "MessagePatchToPost should contain at least one entity";
            return Err(Refusal::bad_request(text));
        }
        let upto = self.tables.letters.shared(&letter).filter(|letter| {
            letter.kind != MessageKind::Draft && letter.seen_since(actor.box_id).is_some()
        });
        let Some(row) = upto else {
            return Err(refusals::no_message(actor.box_id, letter));
        };
        packets::check_locks(&row, actor, &order)?;
        let mut assembly = Assembly::new(self, actor.clone(), &row);
        for element in order.elements {
            assembly.act(&element)?;
        }
        let made = assembly.into_made();
        let count = self.add_patch(letter, actor.author(), made.scope, made.facts)?;
        self.settle_relations(actor.box_id, letter);
        if made.sends {
            self.later(self.operator_delay, Task::Deliver { letter });
        }
        if matches!(made.scope, Scope::OnceDelivered(_))
            && let Some(row) = self.tables.letters.get(&letter)
        {
            let patch = row.patches[count - 1].id;
            self.later(self.operator_delay, Task::CheckPatch { letter, patch });
        }
        Ok(count)
    }

    /// Refuses who repeats a patch, the `number`th of a letter, and might not have made it.
    ///
    /// # Errors
    ///
    /// 403: a right is missing, or a document is not for the employee's eyes; 404: the box does not have
    /// the letter.
    pub(crate) fn may_repeat(
        &self,
        actor: &Actor,
        (letter, number): (Uuid, usize),
        order: &Order,
    ) -> Result<(), Refusal> {
        let mut rights = order.elements.iter().filter_map(|one| one.command.right());
        rights.try_for_each(|right| actor.needs(right))?;
        let Readable { letter, hidden } = self.readable(actor, letter)?;
        let patch = number.checked_sub(1).and_then(|at| letter.patches.get(at));
        let mut hidden = hidden.into_iter();
        match patch.is_some_and(|patch| hidden.any(|one| touches(&letter, patch, one))) {
            true => Err(refusals::no_access()),
            false => Ok(()),
        }
    }
}

impl Assembly<'_> {
    /// Does one thing.
    fn act(&mut self, element: &Element) -> Result<(), Refusal> {
        let at = self.place(element)?;
        match &element.command {
            Command::Sign(one) => self.sign(&at, one),
            Command::Title(one) => self.title(&at, one),
            Command::Receipt(one) => self.receipt(&at, one),
            Command::RequestCorrection(one) => self.request_correction(&at, one),
            Command::Reject(one) => self.reject(&at, one),
            Command::RejectInWords(one) => self.reject_in_words(&at, one),
            Command::Revoke(one) => self.revoke(&at, one),
            Command::Say(one) => self.say(&at, one),
            Command::CancelFixation(one) => self.cancel_fixation(&at, one),
            Command::Resolve(one) => self.resolve(&at, one),
            Command::RequestResolution(one) => self.request_resolution(&at, one),
            Command::CancelRequest(one) => self.cancel_request(&at, one),
            Command::DenyRequest(one) => self.deny_request(&at, one),
            Command::CancelDenial(_) => self.cancel_denial(&at),
            Command::PutOnRoute(one) => self.put_on_route(&at, one),
            Command::TakeOffRoute(one) => self.take_off_route(&at, one),
            Command::Tag(one) => self.tag(&at, one),
            Command::Pack(one) => self.pack(&at, one),
            Command::Edit(one) => self.edit(&at, one),
            Command::Verify(one) => self.verify(&at, one),
        }
    }
}
