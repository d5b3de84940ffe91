//! What the viewer can do with a document now.

use diadoc_proto::documents::RevocationStatus;
use diadoc_proto::events::AttachmentType;

use super::{DocumentState, Sighted, Verdict};
use crate::world::model::MessageKind;
use crate::world::workflow::{Receipt, Response};

impl<'w> DocumentState<'w> {
    /// The viewer is who sends it.
    pub(crate) fn is_from_viewer(&self) -> bool {
        self.letter.sender.box_id == self.viewer
    }

    pub(crate) fn is_revoked(&self) -> bool {
        self.revocation_status() == RevocationStatus::RevocationAccepted
    }

    /// Somebody has proposed to revoke it, and the other side has not answered yet.
    pub(crate) fn is_being_revoked(&self) -> bool {
        self.revocation()
            .is_some_and(|revocation| !revocation.is_finished())
    }

    /// Nothing can be done with it but what is within the organization.
    pub(crate) fn is_closed(&self) -> bool {
        self.letter.kind != MessageKind::Letter
            || self.flags.is_deleted
            || self.is_revoked()
            || self.is_being_revoked()
    }

    /// The sender's signature is missing, and sends the document.
    pub(crate) fn can_send(&self) -> bool {
        self.is_from_viewer() && !self.is_closed() && self.sender_title().signature.is_none()
    }

    /// The recipient's answer is missing, or was not signed rightly.
    fn can_answer(&self) -> bool {
        let signature = self
            .recipient_signature()
            .or_else(|| self.recipient_title().and_then(|title| title.signature));
        self.is_for_viewer()
            && self.delivered.is_some()
            && !self.is_closed()
            && self.rejection().is_none()
            && self.is_free(signature)
    }

    /// The intermediate recipient's answer is missing, or was not signed rightly.
    fn can_answer_as_proxy(&self) -> bool {
        let title = self.proxy_title().and_then(|title| title.signature);
        self.is_proxy()
            && self.delivered.is_none()
            && !self.is_closed()
            && self.proxy_rejection().is_none()
            && self.is_free(self.proxy_signature().or(title))
    }

    /// Nobody has signed, or the check found it wrong.
    fn is_free(&self, signature: Option<Sighted<'_>>) -> bool {
        signature.is_none_or(|signature| self.verdict(signature) == Verdict::Invalid)
    }

    /// The viewer's ordinary signature under the document is possible: it answers, or sends.
    pub(crate) fn can_sign(&self) -> bool {
        let by_signature = |response| matches!(response, Response::Signature | Response::Optional);
        self.can_send()
            || (self.can_answer() && by_signature(self.workflow.response))
            || (self.can_answer_as_proxy() && by_signature(self.workflow.proxy_response))
    }

    /// The viewer's title is possible.
    pub(crate) fn can_add_title(&self) -> bool {
        (self.can_answer() && self.workflow.response == Response::Title)
            || (self.can_answer_as_proxy() && self.workflow.proxy_response == Response::Title)
    }

    /// The viewer can refuse to sign.
    pub(crate) fn can_reject(&self) -> bool {
        (self.can_answer() && self.workflow.response != Response::None)
            || (self.can_answer_as_proxy() && self.workflow.proxy_response != Response::None)
    }

    /// The viewer can send a receipt for the document.
    pub(crate) fn can_receive(&self) -> bool {
        self.is_for_viewer()
            && self.delivered.is_some()
            && !self.is_closed()
            && self.workflow.needs_receipt
            && self.receipt(self.key().entity).is_none()
    }

    /// The viewer can send a receipt for the recipient's title.
    pub(crate) fn can_receive_title(&self) -> bool {
        let Some(title) = self.recipient_title() else {
            return false;
        };
        let is_due = match self.workflow.title_receipt {
            Receipt::Always => true,
            Receipt::OnRequest => title.file.piece.entity.need_receipt(),
            Receipt::Never => false,
        };
        self.is_from_viewer()
            && !self.is_closed()
            && is_due
            && self.receipt(title.file.id()).is_none()
    }

    /// The viewer can ask for a correction.
    pub(crate) fn can_request_correction(&self) -> bool {
        // An invitation is answered otherwise.
        let knows_corrections = self.details.workflow_id != 7;
        self.is_for_viewer() && self.delivered.is_some() && !self.is_closed() && knows_corrections
    }

    /// The viewer can ask for a correction of the recipient's title.
    pub(crate) fn can_request_correction_of_title(&self) -> bool {
        self.is_from_viewer() && !self.is_closed() && self.recipient_title().is_some()
    }

    /// The viewer can propose to revoke it, or take it back.
    pub(crate) fn can_revoke(&self) -> bool {
        if self.is_closed() || self.rejection().is_some() {
            return false;
        }
        let is_sent = self
            .sender_title()
            .signature
            .is_some_and(|signature| self.verdict(signature) == Verdict::Valid);
        match (self.is_from_viewer(), self.is_for_viewer()) {
            (true, _) => is_sent,
            (false, true) => is_sent && self.delivered.is_some() && self.is_finished(),
            (false, false) => false,
        }
    }

    /// The viewer can accept or refuse the proposal to revoke it.
    pub(crate) fn can_answer_revocation(&self) -> bool {
        let is_asked =
            |initiator| self.letter.is_internal || (initiator != self.viewer && !self.is_proxy());
        self.revocation()
            .is_some_and(|revocation| !revocation.is_finished() && is_asked(revocation.initiator))
            && !self.flags.is_deleted
    }

    /// Employees of the viewer's organization can approve it, or disapprove.
    pub(crate) fn can_resolve(&self) -> bool {
        self.letter.kind == MessageKind::Letter && !self.flags.is_deleted && !self.is_revoked()
    }

    /// Employees can be asked to sign it: there is something to sign.
    pub(crate) fn can_request_signature(&self) -> bool {
        self.can_sign() || self.can_add_title() || self.can_answer_revocation()
    }

    /// An approving signature is possible.
    pub(crate) fn can_sign_approvingly(&self) -> bool {
        self.can_resolve() && !self.is_being_revoked()
    }

    /// The title of the intermediate recipient.
    pub(crate) fn proxy_title(&self) -> Option<super::Signed<'w>> {
        let proxy = self.letter.proxy?.box_id;
        let title = self
            .children(self.key().entity, AttachmentType::Title)
            .rfind(|title| title.author() == Some(proxy))?;
        Some(self.signed(title))
    }
}
