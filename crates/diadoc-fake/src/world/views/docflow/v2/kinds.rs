//! The structures of version 2, one for each kind of document.

use diadoc_proto::docflow::{
    BilateralDocflow, InboundInvoiceDocflow, InboundUniversalTransferDocumentDocflow,
    OutboundInvoiceDocflow, OutboundUniversalTransferDocumentDocflow, UnilateralDocflow,
    XmlBilateralDocflow,
};

use super::Common;

impl From<Common> for InboundInvoiceDocflow {
    fn from(common: Common) -> Self {
        Self {
            is_finished: common.is_finished,
            receipt_docflow: common.inbound_receipt(),
            is_amendment_requested: common.is(1),
            is_revised: common.is(2),
            is_corrected: common.is(4),
            confirmation_docflow: common.confirmation,
            correction_request_docflow: common.correction,
            confirmation_timestamp: common.confirmed_at,
        }
    }
}

impl From<Common> for OutboundInvoiceDocflow {
    fn from(common: Common) -> Self {
        Self {
            is_finished: common.is_finished,
            receipt_docflow: common.plain_receipt(),
            is_amendment_requested: common.is(1),
            is_revised: common.is(2),
            is_corrected: common.is(4),
            confirmation_docflow: common.confirmation,
            correction_request_docflow: common.correction,
            confirmation_timestamp: common.confirmed_at,
            can_document_be_signed_by_sender: common.can_send,
        }
    }
}

impl From<Common> for InboundUniversalTransferDocumentDocflow {
    fn from(common: Common) -> Self {
        Self {
            is_finished: common.is_finished,
            receipt_docflow: common.inbound_receipt(),
            is_amendment_requested: common.is(1),
            is_revised: common.is(2),
            is_corrected: common.is(4),
            buyer_title_docflow: common.buyer_title(),
            recipient_signature_rejection_docflow: common.rejection(),
            confirmation_docflow: common.confirmation,
            correction_request_docflow: common.correction,
            confirmation_timestamp: common.confirmed_at,
            is_receipt_requested: common.asks_receipt,
            is_recipient_signature_requested: common.asks_signature,
            is_document_signed_by_recipient: common.is_signed,
            is_document_rejected_by_recipient: common.is_rejected,
            can_document_be_receipted: common.can_receive,
            can_document_be_signed_or_rejected_by_recipient: common.can_answer,
        }
    }
}

impl From<Common> for OutboundUniversalTransferDocumentDocflow {
    fn from(common: Common) -> Self {
        Self {
            is_finished: common.is_finished,
            receipt_docflow: common.plain_receipt(),
            is_amendment_requested: common.is(1),
            is_revised: common.is(2),
            is_corrected: common.is(4),
            buyer_title_docflow: common.buyer_title(),
            recipient_signature_rejection_docflow: common.rejection(),
            confirmation_docflow: common.confirmation,
            correction_request_docflow: common.correction,
            confirmation_timestamp: common.confirmed_at,
            can_document_be_signed_by_sender: common.can_send,
            is_receipt_requested: common.asks_receipt,
            is_recipient_signature_requested: common.asks_signature,
            is_document_signed_by_recipient: common.is_signed,
            is_document_rejected_by_recipient: common.is_rejected,
            can_document_be_receipted: common.can_receive,
            can_document_be_signed_or_rejected_by_recipient: common.can_answer,
        }
    }
}

impl From<Common> for XmlBilateralDocflow {
    fn from(common: Common) -> Self {
        Self {
            is_finished: common.is_finished,
            receipt_docflow: common.plain_receipt(),
            buyer_title_docflow: common.buyer_title(),
            recipient_signature_rejection_docflow: common.rejection(),
            is_receipt_requested: common.asks_receipt,
            is_document_signed_by_recipient: common.is_signed,
            is_document_rejected_by_recipient: common.is_rejected,
            can_document_be_receipted: common.can_receive,
            can_document_be_signed_by_sender: common.can_send,
            can_document_be_signed_or_rejected_by_recipient: common.can_answer,
        }
    }
}

impl From<Common> for BilateralDocflow {
    fn from(common: Common) -> Self {
        Self {
            is_finished: common.is_finished,
            receipt_docflow: common.plain_receipt(),
            recipient_signature_docflow: common.recipient_signature(),
            recipient_signature_rejection_docflow: common.rejection(),
            is_receipt_requested: common.asks_receipt,
            is_recipient_signature_requested: common.asks_signature,
            is_document_signed_by_recipient: common.is_signed,
            is_document_rejected_by_recipient: common.is_rejected,
            can_document_be_receipted: common.can_receive,
            can_document_be_signed_by_sender: common.can_send,
            can_document_be_signed_or_rejected_by_recipient: common.can_answer,
        }
    }
}

impl From<Common> for UnilateralDocflow {
    fn from(common: Common) -> Self {
        Self {
            is_finished: common.is_finished,
            receipt_docflow: common.plain_receipt(),
            is_receipt_requested: common.asks_receipt,
            can_document_be_receipted: common.can_receive,
            can_document_be_signed_by_sender: common.can_send,
        }
    }
}
