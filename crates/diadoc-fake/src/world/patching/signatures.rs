//! Signatures: those that send, answer, accept a revocation, or approve.

use diadoc_proto::events::{AttachmentType, DocumentSignature};
use uuid::Uuid;

use super::draft::{Draft, Place, Signature};
use super::files::{Fields, MOST_FAILURES};
use super::refusals;
use crate::world::Refusal;
use crate::world::model::Fact;

impl Draft<'_> {
    pub(super) fn sign(&mut self, at: &Place, one: &DocumentSignature) -> Result<(), Refusal> {
        let given = self.given(
            &at.path,
            &Fields {
                bytes: one.signature.as_ref(),
                on_shelf: one.signature_name_on_shelf.as_deref(),
                is_test: one.sign_with_test_signature(),
            },
        )?;
        let sends = self.check_target(at, one.is_approvement_signature())?;
        if !given.is_valid && self.failures(at.entity) >= MOST_FAILURES {
            return Err(refusals::too_many_failures());
        }
        self.use_prepared(at, one.patched_content_id())?;
        let signature = self.add_signature(
            at,
            Signature {
                parent: at.entity,
                content: given.bytes,
                is_approvement: one.is_approvement_signature(),
                is_test: given.is_test,
                is_valid: given.is_valid,
                labels: &one.labels,
            },
        );
        match sends {
            true => self.sends(),
            // Before a document is sent, what is signed goes along with it.
            false if self.state(at)?.is_sent() => self.is_for_others(),
            false => {}
        }
        self.go_on(at, signature, true)
    }

    /// Whether the signature sends the document; refused where it is not to be signed now.
    fn check_target(&self, at: &Place, is_approvement: bool) -> Result<bool, Refusal> {
        let kind = self.parent_kind(at);
        let state = self.state(at)?;
        if kind == Some(AttachmentType::RevocationRequest) {
            let current = state.revocation().map(|one| one.request.file.id());
            return match () {
                () if state.is_revoked() => Err(refusals::revoked()),
                () if current == Some(at.entity) && state.can_answer_revocation() => Ok(false),
                () => Err(refusals::state_forbids("его подписать")),
            };
        }
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        if state.is_revoked() || state.is_being_revoked() {
            return Err(refusals::revoked_or_being_revoked());
        }
        let can = match is_approvement {
            true => state.can_sign_approvingly(),
            false => state.can_sign(),
        };
        match can {
            true => Ok(!is_approvement && state.can_send()),
            false => Err(refusals::state_forbids("его подписать")),
        }
    }

    /// Takes the content that was prepared for the signature in the place of the one before.
    fn use_prepared(&mut self, at: &Place, id: &str) -> Result<(), Refusal> {
        if id.is_empty() {
            return Ok(());
        }
        let key = crate::world::prepared::key_of(id, at.box_id, at.letter, at.entity);
        let content = key.and_then(|key| self.world.content_ref(key));
        let content = content.ok_or_else(|| {
            Refusal::conflict(format!("{}: Content '{id}' is not prepared", at.path))
        })?;
        self.add(Fact::Edited {
            entity: at.entity,
            content,
        });
        Ok(())
    }

    /// What a signature or an approval of that document sets going: the next step of its route.
    pub(super) fn go_on(
        &mut self,
        at: &Place,
        answer: Uuid,
        is_approved: bool,
    ) -> Result<(), Refusal> {
        let next = self.next_step(at, answer, is_approved)?;
        match next {
            Some(next) => self.ask_step(at, &next),
            None => Ok(()),
        }
    }
}
