//! Signatures: those that send, answer, accept a revocation, or approve.

use diadoc_proto::events::{AttachmentType, DocumentSignature};
use uuid::Uuid;

use super::assembly::{Assembly, Place};
use super::{prepared, refusals};
use crate::world::Refusal;
use crate::world::model::{ContentRef, Fact};
use crate::world::pieces::{Given, GivenSignature};

impl Assembly<'_> {
    pub(super) fn sign(&mut self, at: &Place, one: &DocumentSignature) -> Result<(), Refusal> {
        let sends = self.check_target(at, one.is_approvement_signature())?;
        self.use_prepared(at, one.patched_content_id())?;
        let given = GivenSignature {
            given: Given {
                bytes: one.signature.as_ref(),
                on_shelf: one.signature_name_on_shelf.as_deref(),
            },
            is_test: one.sign_with_test_signature(),
            power_of_attorney: one.power_of_attorney.as_deref(),
        };
        let signed = self.content_of(at, at.entity).unwrap_or_default();
        let signing = self.signing(at, &at.path, given, &signed)?;
        let is_approvement = one.is_approvement_signature();
        let signature = self.add_signature(at, at.entity, signing, &one.labels, is_approvement);
        match sends {
            true => self.sends(),
            // Before a document is sent, what is signed goes along with it.
            false if self.state(at)?.is_sent() => self.is_for_others(),
            false => self.is_for_all(),
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
        let key = prepared::key_of(id, at.box_id, at.letter, at.entity);
        let content = key.and_then(|key| self.prepared(key));
        let content = content.ok_or_else(|| {
            Refusal::conflict(format!("{}: Content '{id}' is not prepared", at.path))
        })?;
        self.add(Fact::Edited {
            entity: at.entity,
            content,
        });
        Ok(())
    }

    fn prepared(&self, id: Uuid) -> Option<ContentRef> {
        let bytes = self.world.tables.contents.get(&id)?;
        let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        Some(ContentRef { id, size })
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
