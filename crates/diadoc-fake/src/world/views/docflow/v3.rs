//! Version 3: version 4 without universal messages.

use diadoc_proto::docflow::{
    AmendmentRequestDocflow, AmendmentRequestDocflowV4, ConfirmationDocflow, ConfirmationDocflowV4,
    DocflowV3, DocflowV4, ParticipantResponseDocflow, ParticipantResponseDocflowV4,
    ReceiptDocflowV3, ReceiptDocflowV4, RevocationDocflowV3, RevocationDocflowV4,
    RevocationResponseDocflow, RevocationResponseDocflowV4, SignatureRejectionDocflow,
    SignatureRejectionDocflowV4,
};

use super::Docflows;

impl Docflows<'_> {
    pub(super) fn docflow_v3(&self) -> DocflowV3 {
        let DocflowV4 {
            mut sender_title,
            confirmation,
            recipient_receipt,
            recipient_response,
            amendment_request,
            revocation,
            sender_receipt,
            resolution,
            resolution_entities,
            proxy_response,
            outer_docflows,
            outer_docflow_entities,
            docflow_status,
            tt_gis_fixation,
        } = self.docflow_v4();
        sender_title.out_of_workflow_universal_message_docflow = None;
        DocflowV3 {
            sender_title,
            confirmation: confirmation.map(|one| Box::new(self::confirmation(*one))),
            recipient_receipt: recipient_receipt.map(|one| Box::new(receipt(*one))),
            recipient_response: recipient_response.map(|one| Box::new(response(*one))),
            amendment_request: amendment_request.map(|one| Box::new(amendment(*one))),
            revocation: revocation.map(|one| Box::new(self::revocation(*one))),
            sender_receipt: sender_receipt.map(|one| Box::new(receipt(*one))),
            resolution,
            resolution_entities,
            proxy_response: proxy_response.map(|one| Box::new(response(*one))),
            outer_docflows,
            outer_docflow_entities,
            docflow_status,
            tt_gis_fixation,
            ..DocflowV3::default()
        }
    }
}

fn confirmation(v4: ConfirmationDocflowV4) -> ConfirmationDocflow {
    ConfirmationDocflow {
        is_finished: v4.is_finished,
        confirmation_attachment: v4.confirmation_attachment,
        confirmed_at: v4.confirmed_at,
        receipt: v4.receipt.map(|one| Box::new(receipt(*one))),
        roaming_confirmation: v4.roaming_confirmation,
    }
}

fn receipt(v4: ReceiptDocflowV4) -> ReceiptDocflowV3 {
    ReceiptDocflowV3 {
        is_finished: v4.is_finished,
        receipt_attachment: v4.receipt_attachment,
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        confirmation: v4.confirmation.map(|one| Box::new(confirmation(*one))),
        status: v4.status,
    }
}

fn response(v4: ParticipantResponseDocflowV4) -> ParticipantResponseDocflow {
    ParticipantResponseDocflow {
        is_finished: v4.is_finished,
        signature: v4.signature,
        title: v4.title,
        rejection: v4.rejection.and_then(|one| rejection(*one)).map(Box::new),
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        response_status: v4.response_status,
        confirmation: v4.confirmation.map(|one| Box::new(confirmation(*one))),
    }
}

/// A refusal as a file; one that is a universal message has no place here.
fn rejection(v4: SignatureRejectionDocflowV4) -> Option<SignatureRejectionDocflow> {
    Some(SignatureRejectionDocflow {
        signature_rejection: *v4.signature_rejection?,
        is_formal: v4.is_formal,
        delivered_at: v4.delivered_at,
        plain_text: v4.plain_text,
    })
}

fn amendment(v4: AmendmentRequestDocflowV4) -> AmendmentRequestDocflow {
    AmendmentRequestDocflow {
        is_finished: v4.is_finished,
        amendment_request: v4.amendment_request,
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        receipt: v4.receipt.map(|one| Box::new(receipt(*one))),
        amendment_flags: v4.amendment_flags,
        plain_text: v4.plain_text,
        confirmation_docflow: v4
            .confirmation_docflow
            .map(|one| Box::new(confirmation(*one))),
    }
}

fn revocation(v4: RevocationDocflowV4) -> RevocationDocflowV3 {
    let response = |v4: RevocationResponseDocflowV4| RevocationResponseDocflow {
        recipient_signature: v4.recipient_signature,
        signature_rejection: v4
            .signature_rejection
            .and_then(|one| rejection(*one))
            .map(Box::new),
    };
    RevocationDocflowV3 {
        is_finished: v4.is_finished,
        revocation_request: v4.revocation_request,
        revocation_response: v4.revocation_response.map(|one| Box::new(response(*one))),
        initiator_box_id: v4.initiator_box_id,
        revocation_status: v4.revocation_status,
        resolution_entities: v4.resolution_entities,
        outer_docflow_entities: v4.outer_docflow_entities,
    }
}
