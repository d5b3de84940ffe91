//! What the recipient and the intermediate recipient have answered.

use diadoc_core::BoxId;
use diadoc_proto::UniversalMessageCodeGroup;
use diadoc_proto::documents::{ProxySignatureStatus, RecipientResponseStatus};
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::{DocumentState, Sighted, Signed, Verdict};
use crate::world::model::MessageKind;
use crate::world::workflow::Response;

impl<'w> DocumentState<'w> {
    /// The recipient's title.
    ///
    /// One whose signature was wrong can be followed by another: the last one counts.
    pub(crate) fn recipient_title(&self) -> Option<Signed<'w>> {
        let recipient = self.letter.recipient?.box_id;
        let title = self.attached(self.key().entity).rfind(|sighted| {
            sighted.author() == Some(recipient)
                && matches!(
                    sighted.piece.entity.attachment_type(),
                    AttachmentType::Title
                        | AttachmentType::XmlTorg12BuyerTitle
                        | AttachmentType::XmlAcceptanceCertificateBuyerTitle
                        | AttachmentType::UniversalTransferDocumentBuyerTitle
                        | AttachmentType::UniversalCorrectionDocumentBuyerTitle
                )
        });
        title.map(|file| self.signed(file))
    }

    /// The recipient's signature under the document itself, where no title is due.
    pub(crate) fn recipient_signature(&self) -> Option<Sighted<'w>> {
        let recipient = self.letter.recipient?;
        match self.letter.is_internal {
            true => self.signatures(self.key().entity).skip(1).last(),
            false => self.signature_of(self.key().entity, recipient.box_id),
        }
    }

    /// The recipient's refusal to sign the document.
    pub(crate) fn rejection(&self) -> Option<Signed<'w>> {
        self.rejection_of(self.key().entity, self.letter.recipient?.box_id)
    }

    /// The refusal of that box to sign a file.
    pub(crate) fn rejection_of(&self, file: Uuid, box_id: BoxId) -> Option<Signed<'w>> {
        let kinds = &[
            AttachmentType::XmlSignatureRejection,
            AttachmentType::SignatureRequestRejection,
        ];
        let mut rejections = self.service(file, kinds, UniversalMessageCodeGroup::Rejection);
        rejections.find(|rejection| rejection.file.author() == Some(box_id))
    }

    /// What the recipient has answered.
    pub(crate) fn response_status(&self) -> RecipientResponseStatus {
        let title = self.recipient_title().and_then(|title| title.signature);
        let signature = self.recipient_signature().or(title);
        let is_due = self.workflow.expects_response();
        match (signature, self.rejection()) {
            (Some(signature), _) if self.verdict(signature) == Verdict::Invalid => {
                RecipientResponseStatus::InvalidRecipientSignature
            }
            (Some(_), _) => RecipientResponseStatus::WithRecipientSignature,
            (None, Some(_)) => RecipientResponseStatus::RecipientSignatureRequestRejected,
            (None, None) if self.letter.kind != MessageKind::Letter || !is_due => {
                RecipientResponseStatus::RecipientResponseStatusNotAcceptable
            }
            (None, None) if !self.is_sent() && self.sender_title().signature.is_none() => {
                RecipientResponseStatus::RecipientResponseStatusUnknown
            }
            (None, None) => RecipientResponseStatus::WaitingForRecipientSignature,
        }
    }

    /// The signature of the intermediate recipient.
    pub(crate) fn proxy_signature(&self) -> Option<Sighted<'w>> {
        self.signature_of(self.key().entity, self.letter.proxy?.box_id)
    }

    /// What the intermediate recipient has answered.
    pub(crate) fn proxy_status(&self) -> ProxySignatureStatus {
        let is_due = self.workflow.proxy_response != Response::None;
        let title = self.proxy_title().and_then(|title| title.signature);
        let signature = self.proxy_signature().or(title);
        match signature.map(|signature| self.verdict(signature)) {
            Some(Verdict::Invalid) => ProxySignatureStatus::InvalidProxySignature,
            Some(_) => ProxySignatureStatus::WithProxySignature,
            None if self.proxy_rejection().is_some() => {
                ProxySignatureStatus::ProxySignatureRejected
            }
            None if is_due => ProxySignatureStatus::WaitingForProxySignature,
            None => ProxySignatureStatus::ProxySignatureStatusNone,
        }
    }

    /// The refusal of the intermediate recipient.
    pub(crate) fn proxy_rejection(&self) -> Option<Signed<'w>> {
        self.rejection_of(self.key().entity, self.letter.proxy?.box_id)
    }
}
