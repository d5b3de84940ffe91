//! Confirmations and receipts, and requests to amend.

use diadoc_proto::UniversalMessageCodeGroup;
use diadoc_proto::documents::GeneralReceiptStatus;
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::{DocumentState, Sighted, Signed, Verdict};
use crate::world::model::MessageKind;
use crate::world::workflow::Receipt;

impl<'w> DocumentState<'w> {
    /// The confirmation of the operator for a file, the one that the viewer has.
    pub(crate) fn confirmation(&self, file: Uuid) -> Option<Signed<'w>> {
        let confirmation = self
            .children(file, AttachmentType::InvoiceConfirmation)
            .next();
        confirmation.map(|file| self.signed(file))
    }

    /// The receipt for a file.
    pub(crate) fn receipt(&self, file: Uuid) -> Option<Signed<'w>> {
        let kinds = &[AttachmentType::Receipt, AttachmentType::InvoiceReceipt];
        let mut receipts = self.service(file, kinds, UniversalMessageCodeGroup::Receipt);
        receipts.next()
    }

    /// Service documents that hang on a file and count: in their own formats or, where there is none such,
    /// as universal messages of that purpose.
    pub(super) fn service(
        &self,
        file: Uuid,
        kinds: &[AttachmentType],
        purpose: UniversalMessageCodeGroup,
    ) -> impl DoubleEndedIterator<Item = Signed<'w>> {
        // Signatures are looked up for those alone that are of the kind.
        let counting = |is_meant: &dyn Fn(&Sighted<'w>) -> bool| -> Vec<_> {
            let meant = self.attached(file).filter(is_meant);
            let signed = meant.map(|file| self.signed(file));
            let is_wrong = |signature| self.verdict(signature) == Verdict::Invalid;
            signed
                .filter(|one| !one.signature.is_some_and(is_wrong))
                .collect()
        };
        let mut found = counting(&|file| kinds.contains(&file.piece.entity.attachment_type()));
        if found.is_empty() {
            found = counting(&|file| {
                let info = file.piece.entity.universal_message_info.as_ref();
                info.is_some_and(|info| info.code_group() == purpose && !info.is_out_of_workflow())
            });
        }
        found.into_iter()
    }

    /// Where the recipient's receipt for the document stands, as the viewer sees it.
    pub(crate) fn receipt_status(&self) -> GeneralReceiptStatus {
        let is_due = self.workflow.needs_receipt && self.letter.kind == MessageKind::Letter;
        match () {
            () if self.receipt(self.key().entity).is_some() => GeneralReceiptStatus::Finished,
            () if !is_due => GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable,
            () if self.sender_title().signature.is_none() => {
                GeneralReceiptStatus::GeneralReceiptStatusUnknown
            }
            () if self.is_for_viewer() => GeneralReceiptStatus::HaveToCreateReceipt,
            () => GeneralReceiptStatus::WaitingForReceipt,
        }
    }

    /// Where the sender's receipt for the recipient's title stands, as the viewer sees it.
    pub(crate) fn title_receipt_status(&self) -> GeneralReceiptStatus {
        let Some(title) = self.recipient_title().filter(|title| title.is_valid()) else {
            return GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable;
        };
        let is_due = match self.workflow.title_receipt {
            Receipt::Always => true,
            Receipt::OnRequest => title.file.piece.entity.need_receipt(),
            Receipt::Never => false,
        };
        match () {
            () if self.receipt(title.file.id()).is_some() => GeneralReceiptStatus::Finished,
            () if !is_due => GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable,
            () if self.letter.sender.box_id == self.viewer => {
                GeneralReceiptStatus::HaveToCreateReceipt
            }
            () => GeneralReceiptStatus::WaitingForReceipt,
        }
    }

    /// The requests to amend the document, each with its signature.
    pub(crate) fn amendment_requests(&self) -> impl DoubleEndedIterator<Item = Signed<'w>> {
        let kinds = &[AttachmentType::InvoiceCorrectionRequest];
        let purpose = UniversalMessageCodeGroup::AmendmentRequest;
        self.service(self.key().entity, kinds, purpose)
    }

    /// Somebody asked to amend the recipient's title.
    pub(crate) fn asks_to_amend_title(&self) -> bool {
        self.recipient_title().is_some_and(|title| {
            let kinds = &[AttachmentType::InvoiceCorrectionRequest];
            let purpose = UniversalMessageCodeGroup::AmendmentRequest;
            let mut requests = self.service(title.file.id(), kinds, purpose);
            requests.next().is_some()
        })
    }
}
