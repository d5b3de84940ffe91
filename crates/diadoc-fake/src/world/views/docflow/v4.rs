//! Version 4: a sender, an intermediate recipient and a recipient, each with its part.

use diadoc_proto::TtGisFixationCancellationStatus;
use diadoc_proto::docflow::{
    AmendmentRequestDocflowV4, ConfirmationDocflowV4, DocflowV4,
    OutOfWorkflowUniversalMessageDocflow, ParticipantResponseDocflowV4, ReceiptDocflowV4,
    SenderTitleDocflow, SignatureRejectionDocflowV4, TtGisFixationCancellation,
    TtGisFixationDocflow, UniversalMessageAttachmentDocflow,
};
use diadoc_proto::documents::{
    GeneralReceiptStatus, ProxySignatureStatus, RecipientResponseStatus, SenderSignatureStatus,
};
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::parts::boxed;
use super::{Docflows, service};
use crate::world::state::{Sighted, Signed};
use crate::world::views::Status;

/// An answer to a file: at most one of the three is there.
#[derive(Clone, Copy, Default)]
struct Response<'w> {
    signature: Option<Sighted<'w>>,
    title: Option<Signed<'w>>,
    rejection: Option<Signed<'w>>,
}

impl<'a> Docflows<'a> {
    pub(super) fn docflow_v4(&self) -> DocflowV4 {
        let document = self.state.key().entity;
        let resolution = self.resolution();
        DocflowV4 {
            sender_title: self.sender_title(),
            confirmation: self.confirmation(document),
            recipient_receipt: self.recipient_receipt(),
            recipient_response: self.recipient_response(),
            amendment_request: self.last_amendment_request(),
            revocation: self.revocation().map(Box::new),
            sender_receipt: self.sender_receipt(),
            resolution: resolution.map(Box::new),
            resolution_entities: Some(Box::new(self.resolution_entities(document))),
            proxy_response: self.proxy_response(),
            outer_docflows: Vec::new(),
            outer_docflow_entities: Vec::new(),
            docflow_status: Status::of(self.state).to_v3(),
            tt_gis_fixation: self.tt_gis_fixation().map(Box::new),
        }
    }

    pub(super) fn sender_title(&self) -> SenderTitleDocflow {
        let title = self.state.sender_title();
        let status = self.state.sender_signature_status();
        SenderTitleDocflow {
            is_finished: status == SenderSignatureStatus::SenderSignatureCheckedAndValid
                && self.state.delivered.is_some(),
            attachment: self.signed(title),
            sent_at: self.state.sent().and_then(boxed),
            delivered_at: self.state.delivered.and_then(boxed),
            roaming_notification: None,
            sender_signature_status: status.into(),
            out_of_workflow_universal_message_docflow: self.notices_of(title.file.id()),
        }
    }

    /// The operator's confirmation for a file.
    pub(super) fn confirmation(&self, file: Uuid) -> Option<Box<ConfirmationDocflowV4>> {
        let confirmation = self.state.confirmation(file)?;
        Some(Box::new(ConfirmationDocflowV4 {
            is_finished: true,
            confirmation_attachment: Some(Box::new(self.signed(confirmation))),
            confirmed_at: boxed(confirmation.file.at()),
            receipt: None,
            roaming_confirmation: None,
        }))
    }

    pub(super) fn recipient_receipt(&self) -> Option<Box<ReceiptDocflowV4>> {
        let status = self.state.receipt_status();
        let receipt = self.state.receipt(self.state.key().entity);
        self.receipt(receipt, status)
    }

    /// The sender's receipt for the recipient's title.
    pub(super) fn sender_receipt(&self) -> Option<Box<ReceiptDocflowV4>> {
        let title = self.state.recipient_title();
        let receipt = title.and_then(|title| self.state.receipt(title.file.id()));
        self.receipt(receipt, self.state.title_receipt_status())
    }

    /// A receipt that came, or is due.
    fn receipt(
        &self,
        receipt: Option<Signed<'a>>,
        status: GeneralReceiptStatus,
    ) -> Option<Box<ReceiptDocflowV4>> {
        if status == GeneralReceiptStatus::GeneralReceiptStatusNotAcceptable {
            return None;
        }
        let (file, message) = self.file_or_message(receipt);
        Some(Box::new(ReceiptDocflowV4 {
            is_finished: status == GeneralReceiptStatus::Finished,
            receipt_attachment: file.map(|file| Box::new(self.signed(file))),
            sent_at: receipt.and_then(|receipt| boxed(receipt.file.at())),
            delivered_at: receipt.and_then(|receipt| self.delivered_at(receipt)),
            confirmation: receipt.and_then(|receipt| self.confirmation(receipt.file.id())),
            status: status.into(),
            universal_message: message.map(Box::new),
        }))
    }

    pub(super) fn recipient_response(&self) -> Option<Box<ParticipantResponseDocflowV4>> {
        let response = Response {
            signature: self.state.recipient_signature(),
            title: self.state.recipient_title(),
            rejection: self.state.rejection(),
        };
        self.response(response, self.state.response_status())
    }

    pub(super) fn proxy_response(&self) -> Option<Box<ParticipantResponseDocflowV4>> {
        use RecipientResponseStatus as Status;
        let response = Response {
            signature: self.state.proxy_signature(),
            title: None,
            rejection: self.state.proxy_rejection(),
        };
        let status = match self.state.proxy_status() {
            ProxySignatureStatus::WaitingForProxySignature => Status::WaitingForRecipientSignature,
            ProxySignatureStatus::WithProxySignature => Status::WithRecipientSignature,
            ProxySignatureStatus::ProxySignatureRejected => {
                Status::RecipientSignatureRequestRejected
            }
            ProxySignatureStatus::InvalidProxySignature => Status::InvalidRecipientSignature,
            _ => Status::RecipientResponseStatusNotAcceptable,
        };
        let mut response = self.response(response, status)?;
        // The operator confirms nothing to an intermediate recipient.
        response.confirmation = None;
        Some(response)
    }

    /// An answer that came, or is due.
    fn response(
        &self,
        response: Response<'a>,
        status: RecipientResponseStatus,
    ) -> Option<Box<ParticipantResponseDocflowV4>> {
        if status == RecipientResponseStatus::RecipientResponseStatusNotAcceptable {
            return None;
        }
        let file = response.title.or(response.rejection);
        let signature = response.signature.or(file.and_then(|file| file.signature));
        let sent = file.map(|file| file.file).or(response.signature);
        let title = response.title;
        Some(Box::new(ParticipantResponseDocflowV4 {
            is_finished: signature.is_some_and(|signature| self.is_delivered(signature)),
            signature: response.signature.map(|one| Box::new(self.signature(one))),
            title: title.map(|title| Box::new(self.signed(title))),
            rejection: response
                .rejection
                .map(|rejection| Box::new(self.rejection(rejection))),
            sent_at: sent.and_then(|sent| boxed(sent.at())),
            delivered_at: signature.and_then(|signature| self.moment_of_delivery(signature)),
            response_status: status.into(),
            confirmation: file.and_then(|file| self.confirmation(file.file.id())),
            out_of_workflow_universal_message_docflow: title
                .and_then(|title| self.notices_of(title.file.id())),
            amendment_request: title
                .and_then(|title| self.amendment_requests_for(title.file.id()).next_back())
                .map(|request| Box::new(self.amendment_request(request, 1))),
        }))
    }

    pub(super) fn rejection(&self, rejection: Signed<'a>) -> SignatureRejectionDocflowV4 {
        let (file, message) = self.file_or_message(Some(rejection));
        SignatureRejectionDocflowV4 {
            signature_rejection: file.map(|file| Box::new(self.signed(file))),
            is_formal: rejection.file.piece.entity.attachment_type()
                == AttachmentType::XmlSignatureRejection,
            delivered_at: self.delivered_at(rejection),
            plain_text: self.plain_text(rejection.file),
            universal_message: message.map(Box::new),
        }
    }

    /// The last request to amend the document, and whether it was amended.
    fn last_amendment_request(&self) -> Option<Box<AmendmentRequestDocflowV4>> {
        let last = self.state.amendment_requests().next_back();
        let flags = self.world.amendments(self.state);
        match last {
            Some(request) => Some(Box::new(self.amendment_request(request, flags))),
            None if flags != 0 => Some(Box::new(AmendmentRequestDocflowV4 {
                is_finished: true,
                amendment_flags: flags,
                ..AmendmentRequestDocflowV4::default()
            })),
            None => None,
        }
    }

    pub(super) fn amendment_request(
        &self,
        request: Signed<'a>,
        flags: i32,
    ) -> AmendmentRequestDocflowV4 {
        let (file, message) = self.file_or_message(Some(request));
        AmendmentRequestDocflowV4 {
            is_finished: self.delivered_at(request).is_some(),
            amendment_request: file.map(|file| Box::new(self.signed(file))),
            sent_at: boxed(request.file.at()),
            delivered_at: self.delivered_at(request),
            receipt: None,
            amendment_flags: flags,
            plain_text: self.plain_text(request.file),
            confirmation_docflow: self.confirmation(request.file.id()),
            universal_message: message.map(Box::new),
        }
    }

    /// Requests to amend a title, each with its signature.
    pub(super) fn amendment_requests_for(
        &self,
        title: Uuid,
    ) -> impl DoubleEndedIterator<Item = Signed<'a>> {
        let kind = AttachmentType::InvoiceCorrectionRequest;
        let requests = self.state.children(title, kind);
        requests.map(|request| self.state.signed(request))
    }

    /// Something as a file of its own, or as a universal message.
    fn file_or_message(
        &self,
        signed: Option<Signed<'a>>,
    ) -> (
        Option<Signed<'a>>,
        Option<UniversalMessageAttachmentDocflow>,
    ) {
        let is_message = |signed: &Signed<'a>| {
            signed.file.piece.entity.attachment_type() == AttachmentType::UniversalMessage
        };
        let file = signed.filter(|signed| !is_message(signed));
        let message = signed.filter(is_message);
        (
            file,
            message.and_then(|one| self.universal_message(one.file)),
        )
    }

    /// When the other side got a service document.
    pub(super) fn delivered_at(&self, signed: Signed<'a>) -> Option<Box<diadoc_proto::Timestamp>> {
        self.moment_of_delivery(signed.signature?)
    }

    pub(super) fn moment_of_delivery(
        &self,
        signature: Sighted<'a>,
    ) -> Option<Box<diadoc_proto::Timestamp>> {
        let stamp = self.stamp(signature)?;
        boxed(stamp.at())
    }

    pub(super) fn is_delivered(&self, signature: Sighted<'a>) -> bool {
        self.stamp(signature).is_some()
    }

    pub(super) fn plain_text(&self, file: Sighted<'_>) -> Option<String> {
        let content = self.world.tables.contents.get(&file.piece.content?.id)?;
        service::plain_text(file.piece, content)
    }
}

impl<'a> Docflows<'a> {
    /// Universal messages about a file that have no influence on the docflow.
    pub(super) fn notices_of(
        &self,
        file: Uuid,
    ) -> Option<Box<OutOfWorkflowUniversalMessageDocflow>> {
        let messages = self.state.children(file, AttachmentType::UniversalMessage);
        let is_notice = |message: &Sighted<'a>| {
            let info = message.piece.entity.universal_message_info.as_ref();
            info.is_some_and(|info| info.is_out_of_workflow())
        };
        let messages: Vec<_> = messages
            .filter(is_notice)
            .filter_map(|message| self.universal_message(message))
            .collect();
        (!messages.is_empty()).then(|| Box::new(OutOfWorkflowUniversalMessageDocflow { messages }))
    }

    pub(super) fn universal_message(
        &self,
        message: Sighted<'a>,
    ) -> Option<UniversalMessageAttachmentDocflow> {
        let entity = &message.piece.entity;
        let info = entity.universal_message_info.as_deref()?;
        Some(UniversalMessageAttachmentDocflow {
            attachment: self.attachment(message),
            message_info: info.clone(),
            content_type_id: entity.content_type_id.clone().unwrap_or_default(),
            is_read: Some(true),
            roaming_notification: None,
        })
    }

    /// The document that takes back the shipment of labelled goods.
    pub(super) fn tt_gis_fixation(&self) -> Option<TtGisFixationDocflow> {
        let kind = AttachmentType::TtGisFixationCancellationRequest;
        let request = self
            .state
            .children(self.state.key().entity, kind)
            .next_back()?;
        let signature = self.state.signed(request).signature?;
        Some(TtGisFixationDocflow {
            cancellation_status: Some(
                TtGisFixationCancellationStatus::TtGisFixationCancellationRequestSigned.into(),
            ),
            cancellation: Some(Box::new(TtGisFixationCancellation {
                entity: self.entity(request),
                signature: self.signature(signature),
            })),
        })
    }
}
