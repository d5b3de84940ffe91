//! Version 2: structures by the kind of the document.

use diadoc_proto::Timestamp;
use diadoc_proto::docflow::{
    BuyerTitleDocflow, ConfirmationDocflowV4, Docflow, DocflowStatus, DocflowStatusModel,
    DocflowStatusSeverity, InboundInvoiceReceiptDocflow, InvoiceConfirmationDocflow,
    InvoiceCorrectionRequestDocflow, ParticipantResponseDocflowV4, ReceiptDocflow,
    ReceiptDocflowV4, RecipientSignatureDocflow, RecipientSignatureRejectionDocflow, Signature,
    SignatureRejectionDocflowV4, SignatureV3, SignedAttachment, SignedAttachmentV3,
};
use diadoc_proto::documents::{RecipientResponseStatus, SenderSignatureStatus};
use diadoc_proto::{DocflowStatusModelV3, DocflowStatusV3};

use super::Docflows;
use crate::world::state::Direction;
use crate::world::views::Status;
use crate::world::views::document::custom_data;
use crate::world::workflow::Response;

mod kinds;

/// Which structure of `Docflow` a type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Invoice,
    UniversalTransferDocument,
    XmlBilateral,
    Bilateral,
    Unilateral,
}

/// What the structures share.
struct Common {
    is_finished: Option<bool>,
    receipt: Option<Box<ReceiptDocflowV4>>,
    response: ParticipantResponseDocflowV4,
    confirmation: Option<Box<InvoiceConfirmationDocflow>>,
    confirmed_at: Option<Box<Timestamp>>,
    correction: Option<Box<InvoiceCorrectionRequestDocflow>>,
    flags: i32,
    asks_receipt: Option<bool>,
    asks_signature: Option<bool>,
    is_signed: Option<bool>,
    is_rejected: Option<bool>,
    can_receive: Option<bool>,
    can_send: Option<bool>,
    can_answer: Option<bool>,
}

impl Docflows<'_> {
    pub(super) fn docflow_v2(&self) -> Docflow {
        let state = self.state;
        let title = self.sender_title();
        let packet = state.flags.packet.map(|packet| packet.to_string());
        let mut docflow = Docflow {
            is_finished: Some(state.is_finished()),
            document_attachment: Some(Box::new(signed(title.attachment))),
            department_id: Some(state.flags.department.to_string()),
            document_is_deleted: Some(state.flags.is_deleted),
            docflow_status: Some(Box::new(status(Status::of(self.state).to_v3()))),
            send_timestamp: title.sent_at,
            delivery_timestamp: title.delivered_at,
            revocation_docflow: self.revocation_v2().map(Box::new),
            can_document_be_revoked_unilaterally_by_sender: Some(
                state.is_from_viewer() && state.can_revoke() && !state.was_answered(None),
            ),
            packet_id: packet,
            custom_data: custom_data(state),
            ..Docflow::default()
        };
        let common = self.common();
        let is_outbound = state.direction() == Direction::Outbound;
        match (kind_of(&state.details.type_named_id), is_outbound) {
            (Kind::Invoice, true) => {
                docflow.outbound_invoice_docflow = Some(Box::new(common.into()));
            }
            (Kind::Invoice, false) => {
                docflow.inbound_invoice_docflow = Some(Box::new(common.into()));
            }
            (Kind::UniversalTransferDocument, true) => {
                docflow.outbound_universal_transfer_document_docflow =
                    Some(Box::new(common.into()));
            }
            (Kind::UniversalTransferDocument, false) => {
                docflow.inbound_universal_transfer_document_docflow = Some(Box::new(common.into()));
            }
            (Kind::XmlBilateral, _) => {
                docflow.xml_bilateral_docflow = Some(Box::new(common.into()))
            }
            (Kind::Bilateral, _) => docflow.bilateral_docflow = Some(Box::new(common.into())),
            (Kind::Unilateral, _) => docflow.unilateral_docflow = Some(Box::new(common.into())),
        }
        docflow
    }

    fn common(&self) -> Common {
        use RecipientResponseStatus as Status;
        let state = self.state;
        let response = state.response_status();
        let confirmation = self.confirmation(state.key().entity);
        let confirmed_at = confirmation
            .as_ref()
            .and_then(|one| one.confirmed_at.clone());
        let correction = state.amendment_requests().next_back().map(|request| {
            let request = self.amendment_request(request, 1);
            Box::new(InvoiceCorrectionRequestDocflow {
                is_finished: Some(request.is_finished),
                correction_request_attachment: request
                    .amendment_request
                    .map(|one| Box::new(signed(*one))),
                receipt_docflow: None,
            })
        });
        let is_signed = matches!(
            response,
            Status::WithRecipientSignature | Status::WithRecipientPartiallySignature
        );
        let sender = state.sender_signature_status();
        Common {
            is_finished: Some(state.is_finished()),
            receipt: self.recipient_receipt(),
            response: self
                .recipient_response()
                .map(|one| *one)
                .unwrap_or_default(),
            confirmation: confirmation.map(|one| Box::new(self::confirmation(*one))),
            confirmed_at,
            correction,
            flags: self.world.amendments(state),
            asks_receipt: Some(state.workflow.needs_receipt),
            asks_signature: Some(matches!(
                state.workflow.response,
                Response::Signature | Response::Title
            )),
            is_signed: Some(is_signed),
            is_rejected: Some(response == Status::RecipientSignatureRequestRejected),
            can_receive: Some(state.can_receive()),
            can_send: Some(
                state.is_from_viewer()
                    && matches!(
                        sender,
                        SenderSignatureStatus::WaitingForSenderSignature
                            | SenderSignatureStatus::SenderSignatureCheckedAndInvalid
                    ),
            ),
            can_answer: Some(
                state.delivered.is_some()
                    && !state.is_closed()
                    && (response == Status::WaitingForRecipientSignature
                        || (response == Status::RecipientResponseStatusNotAcceptable
                            && state.workflow.response == Response::Optional)),
            ),
        }
    }
}

fn kind_of(type_named_id: &str) -> Kind {
    match type_named_id {
        "Invoice" | "InvoiceRevision" | "InvoiceCorrection" | "InvoiceCorrectionRevision" => {
            Kind::Invoice
        }
        "UniversalTransferDocument"
        | "UniversalTransferDocumentRevision"
        | "UniversalCorrectionDocument"
        | "UniversalCorrectionDocumentRevision" => Kind::UniversalTransferDocument,
        "XmlTorg12" | "XmlAcceptanceCertificate" => Kind::XmlBilateral,
        "ProformaInvoice" | "ServiceDetails" => Kind::Unilateral,
        _ => Kind::Bilateral,
    }
}

impl Common {
    fn is(&self, flag: i32) -> Option<bool> {
        Some(self.flags & flag != 0)
    }

    fn plain_receipt(&self) -> Option<Box<ReceiptDocflow>> {
        self.receipt.as_ref().map(|receipt| {
            Box::new(ReceiptDocflow {
                is_finished: Some(receipt.is_finished),
                receipt_attachment: receipt
                    .receipt_attachment
                    .clone()
                    .map(|one| Box::new(signed(*one))),
            })
        })
    }

    fn inbound_receipt(&self) -> Option<Box<InboundInvoiceReceiptDocflow>> {
        self.receipt.as_ref().map(|receipt| {
            Box::new(InboundInvoiceReceiptDocflow {
                is_finished: Some(receipt.is_finished),
                receipt_attachment: receipt
                    .receipt_attachment
                    .clone()
                    .map(|one| Box::new(signed(*one))),
                confirmation_docflow: receipt
                    .confirmation
                    .clone()
                    .map(|one| Box::new(confirmation(*one))),
            })
        })
    }

    fn recipient_signature(&self) -> Option<Box<RecipientSignatureDocflow>> {
        let signature = self.response.signature.clone()?;
        Some(Box::new(recipient_signature(*signature)))
    }

    fn rejection(&self) -> Option<Box<RecipientSignatureRejectionDocflow>> {
        let rejection = self.response.rejection.clone()?;
        Some(Box::new(recipient_rejection(*rejection)))
    }

    fn buyer_title(&self) -> Option<Box<BuyerTitleDocflow>> {
        let title = self.response.title.clone()?;
        Some(Box::new(BuyerTitleDocflow {
            is_finished: Some(self.response.is_finished),
            buyer_title_attachment: Some(Box::new(signed(*title))),
            send_timestamp: self.response.sent_at.clone(),
            delivery_timestamp: self.response.delivered_at.clone(),
        }))
    }
}

pub(super) fn signed(v3: SignedAttachmentV3) -> SignedAttachment {
    SignedAttachment {
        attachment: Some(Box::new(v3.attachment)),
        signature: v3.signature.map(|one| Box::new(signature(*one))),
        comment: v3.comment,
    }
}

/// One signature in the place of the two forms: the one with a time stamp, once it is there.
fn signature(v3: SignatureV3) -> Signature {
    Signature {
        entity: Some(v3.cades_t.unwrap_or_else(|| Box::new(v3.cms))),
        signer_box_id: Some(v3.signer_box_id),
        signer_department_id: Some(v3.signer_department_id),
        is_valid: Some(v3.is_valid),
        verification_result: v3.verification_result,
    }
}

pub(super) fn recipient_signature(v3: SignatureV3) -> RecipientSignatureDocflow {
    let delivered = v3.delivered_at.clone();
    RecipientSignatureDocflow {
        is_finished: Some(delivered.is_some()),
        recipient_signature: Some(Box::new(signature(v3))),
        delivery_timestamp: delivered,
    }
}

pub(super) fn recipient_rejection(
    v4: SignatureRejectionDocflowV4,
) -> RecipientSignatureRejectionDocflow {
    RecipientSignatureRejectionDocflow {
        is_finished: Some(v4.delivered_at.is_some()),
        recipient_signature_rejection_attachment: v4
            .signature_rejection
            .map(|one| Box::new(signed(*one))),
        delivery_timestamp: v4.delivered_at,
    }
}

fn confirmation(v4: ConfirmationDocflowV4) -> InvoiceConfirmationDocflow {
    InvoiceConfirmationDocflow {
        is_finished: Some(v4.is_finished),
        confirmation_attachment: v4.confirmation_attachment.map(|one| Box::new(signed(*one))),
        receipt_docflow: None,
    }
}

fn status(v3: DocflowStatusV3) -> DocflowStatus {
    let model = |v3: DocflowStatusModelV3| {
        let severity = v3.severity.as_deref().unwrap_or_default();
        let severity = DocflowStatusSeverity::from_str_name(severity);
        Box::new(DocflowStatusModel {
            severity: severity.map(i32::from),
            status_text: v3.status_text,
            status_hint: Some(String::new()),
        })
    };
    DocflowStatus {
        primary_status: Some(model(v3.primary_status)),
        secondary_status: v3.secondary_status.map(|one| model(*one)),
    }
}
