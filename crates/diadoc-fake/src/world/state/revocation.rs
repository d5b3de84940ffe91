//! Taking a document back.

use diadoc_core::{BoxId, Ticks};
use diadoc_proto::documents::RevocationStatus;
use diadoc_proto::events::AttachmentType;

use super::{DocumentState, Sighted, Signed, Verdict};
use crate::world::workflow::Response;

/// A proposal to revoke a document, and what the other side said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Revocation<'w> {
    pub request: Signed<'w>,
    pub initiator: BoxId,
    /// The other side's signature under the proposal.
    pub signature: Option<Sighted<'w>>,
    /// The other side's refusal.
    pub rejection: Option<Signed<'w>>,
    /// The sender took back what nobody had answered: that needs nobody's consent.
    pub is_unilateral: bool,
}

impl<'w> Revocation<'w> {
    pub(super) fn of(state: &DocumentState<'w>) -> Option<Self> {
        let document = state.key().entity;
        let request = state
            .children(document, AttachmentType::RevocationRequest)
            .rfind(|request| {
                let signature = state.signed(*request).signature;
                signature.is_none_or(|signature| state.verdict(signature) != Verdict::Invalid)
            })?;
        let initiator = request.author()?;
        let id = request.id();
        let other = state.counteragent_of(initiator);
        let was_answered = state.was_answered(Some(request.at()));
        Some(Self {
            request: state.signed(request),
            initiator,
            signature: match state.letter.is_internal {
                true => state.signatures(id).skip(1).last(),
                false => other.and_then(|other| state.signature_of(id, other)),
            }
            .filter(|signature| state.verdict(*signature) != Verdict::Invalid),
            rejection: other.and_then(|other| state.rejection_of(id, other)),
            is_unilateral: initiator == state.letter.sender.box_id && !was_answered,
        })
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.signature.is_some() || self.is_unilateral
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.is_accepted() || self.rejection.is_some()
    }

    pub(super) fn status(&self, state: &DocumentState<'_>) -> RevocationStatus {
        match () {
            () if self.is_accepted() => RevocationStatus::RevocationAccepted,
            () if self.rejection.is_some() => RevocationStatus::RevocationRejected,
            () if self.initiator == state.viewer => RevocationStatus::RevocationIsRequestedByMe,
            () => RevocationStatus::RequestsMyRevocation,
        }
    }
}

impl DocumentState<'_> {
    /// The other side, as that box sees it.
    pub(crate) fn counteragent_of(&self, box_id: BoxId) -> Option<BoxId> {
        match box_id == self.letter.sender.box_id {
            true => self.letter.recipient.map(|party| party.box_id),
            false => Some(self.letter.sender.box_id),
        }
    }

    /// The recipient has answered the document, up to that moment: what nobody signs is answered by its
    /// receipt, where one has to come.
    pub(crate) fn was_answered(&self, upto: Option<Ticks>) -> bool {
        let receipt = match self.workflow.response {
            Response::None => self.receipt(self.key().entity),
            _ => None,
        };
        let answers = [
            self.recipient_signature(),
            self.recipient_title().map(|title| title.file),
            receipt.map(|receipt| receipt.file),
        ];
        let mut answers = answers.into_iter().flatten();
        answers.any(|answer| {
            upto.is_none_or(|upto| answer.at() <= upto) && self.verdict(answer) != Verdict::Invalid
        })
    }
}
