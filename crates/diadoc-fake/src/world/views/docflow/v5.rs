//! Version 5: the titles of a document, each with its author and what the others did about it.

use diadoc_proto::Timestamp;
use diadoc_proto::docflow::{
    AmendmentRequestDocflowV4, AmendmentRequestDocflowV5, AmendmentRequestRecipientDocflow,
    ConfirmationDocflowV4, ConfirmationDocflowV5, DeliveryDocflowV5, DeliveryStatusV5, DocflowV5,
    ParticipantResponseDocflowV4, ReceiptDocflowV4, ReceiptDocflowV5, TitleAuthorDocflow,
    TitleAuthorStatusV5, TitleDeliveryDocflowV5, TitleDocflow, TitleOperationResultV5,
    TitleParticipantDocflow, TitleParticipantResponseDocflow, TitleParticipantResponseStatusV5,
    WellKnownTitleOperationResult,
};
use diadoc_proto::documents::{
    DocumentParticipantV2, RecipientResponseStatus, SenderSignatureStatus,
};

use super::Docflows;
use crate::world::state::{Signed, Verdict};
use crate::world::views::Status;
use crate::world::workflow::Response;

impl Docflows<'_> {
    pub(super) fn docflow_v5(&self) -> DocflowV5 {
        let document = self.state.key().entity;
        let mut titles = vec![self.first_title()];
        titles.extend(self.second_title());
        let resolution = self.resolution_v5(document);
        DocflowV5 {
            titles,
            amendment_requests: self.amendment_requests_v5(),
            revocation: self.revocation_v5().map(Box::new),
            outer_docflows: Vec::new(),
            docflow_status: Status::of(self.state).to_v3(),
            tt_gis_fixation: self.tt_gis_fixation().map(Box::new),
            resolution: resolution.map(Box::new),
        }
    }

    /// The sender's title.
    fn first_title(&self) -> TitleDocflow {
        use SenderSignatureStatus as Signature;
        let title = self.sender_title();
        let status = match self.state.sender_signature_status() {
            Signature::SenderSignatureUnchecked => TitleAuthorStatusV5::TitleAuthorStatusVerifying,
            Signature::SenderSignatureCheckedAndValid => {
                TitleAuthorStatusV5::TitleAuthorStatusSigned
            }
            Signature::SenderSignatureCheckedAndInvalid => {
                TitleAuthorStatusV5::TitleAuthorStatusInvalidSignature
            }
            _ => TitleAuthorStatusV5::TitleAuthorStatusWaiting,
        };
        let delivery = TitleDeliveryDocflowV5 {
            delivery: Some(Box::new(delivery(
                title.sent_at.clone(),
                title.delivered_at.clone(),
                status == TitleAuthorStatusV5::TitleAuthorStatusInvalidSignature,
            ))),
            confirmation: self
                .confirmation(self.state.key().entity)
                .map(|one| Box::new(confirmation(*one))),
            roaming_notification: None,
        };
        let mut participants = Vec::new();
        if let Some(participant) = self.proxy_participant() {
            participants.push(TitleParticipantDocflow {
                participant,
                title_delivery: None,
                response: self.proxy_response().map(|one| Box::new(response(*one))),
                receipt: None,
            });
        }
        if let Some(participant) = self.recipient_participant() {
            participants.push(TitleParticipantDocflow {
                participant,
                title_delivery: Some(Box::new(delivery)),
                response: self.response_to_first_title(),
                receipt: self.recipient_receipt().map(|one| Box::new(receipt(*one))),
            });
        }
        TitleDocflow {
            title_index: 0,
            version: None,
            author: self.sender_participant(),
            author_signing: TitleAuthorDocflow {
                is_finished: title.is_finished,
                status: status.into(),
                title: Some(Box::new(title.attachment)),
                operation_result: None,
            },
            participant_docflows: participants,
            out_of_workflow_universal_message_docflow: title
                .out_of_workflow_universal_message_docflow,
        }
    }

    /// What the recipient did with the sender's title itself. A title of its own stands elsewhere.
    fn response_to_first_title(&self) -> Option<Box<TitleParticipantResponseDocflow>> {
        let v4 = self.recipient_response()?;
        let by_title = self.state.workflow.response == Response::Title;
        (!by_title || v4.rejection.is_some()).then(|| Box::new(response(*v4)))
    }

    /// The recipient's title, where one came or is due.
    fn second_title(&self) -> Option<TitleDocflow> {
        let author = self.recipient_participant()?;
        let title = self.state.recipient_title();
        if self.state.workflow.response != Response::Title && title.is_none() {
            return None;
        }
        let v4 = self.recipient_response();
        let is_rejected = self.state.rejection().is_some();
        let sent = v4.as_ref().and_then(|v4| v4.sent_at.clone());
        let delivered = v4.as_ref().and_then(|v4| v4.delivered_at.clone());
        let notices = title.and_then(|title| self.notices_of(title.file.id()));
        let about_sender = title.map(|title| TitleParticipantDocflow {
            participant: self.sender_participant(),
            title_delivery: Some(Box::new(TitleDeliveryDocflowV5 {
                delivery: Some(Box::new(delivery(
                    sent,
                    delivered,
                    self.author_status(title)
                        == TitleAuthorStatusV5::TitleAuthorStatusInvalidSignature,
                ))),
                confirmation: self
                    .confirmation(title.file.id())
                    .map(|one| Box::new(confirmation(*one))),
                roaming_notification: None,
            })),
            response: None,
            receipt: self.sender_receipt().map(|one| Box::new(receipt(*one))),
        });
        let status = match title {
            Some(title) => self.author_status(title),
            None if self.state.delivered.is_none() || is_rejected => {
                TitleAuthorStatusV5::TitleAuthorStatusNotReadyToSign
            }
            None => TitleAuthorStatusV5::TitleAuthorStatusWaiting,
        };
        Some(TitleDocflow {
            title_index: 1,
            version: None,
            author,
            author_signing: TitleAuthorDocflow {
                is_finished: is_rejected || v4.is_some_and(|v4| v4.is_finished),
                status: status.into(),
                title: title.map(|title| Box::new(self.signed(title))),
                operation_result: self.operation_result().map(Box::new),
            },
            participant_docflows: about_sender.into_iter().collect(),
            out_of_workflow_universal_message_docflow: notices,
        })
    }

    fn author_status(&self, title: Signed<'_>) -> TitleAuthorStatusV5 {
        match title
            .signature
            .map(|signature| self.state.verdict(signature))
        {
            None => TitleAuthorStatusV5::TitleAuthorStatusWaiting,
            Some(Verdict::Unchecked) => TitleAuthorStatusV5::TitleAuthorStatusVerifying,
            Some(Verdict::Valid) => TitleAuthorStatusV5::TitleAuthorStatusSigned,
            Some(Verdict::Invalid) => TitleAuthorStatusV5::TitleAuthorStatusInvalidSignature,
        }
    }

    fn operation_result(&self) -> Option<TitleOperationResultV5> {
        use RecipientResponseStatus as Status;
        use WellKnownTitleOperationResult as Result;
        let well_known = match self.state.response_status() {
            Status::WithRecipientSignature => Result::WellKnownTitleOperationResultSigned,
            Status::WithRecipientPartiallySignature => {
                Result::WellKnownTitleOperationResultPartiallySigned
            }
            Status::RecipientSignatureRequestRejected => {
                Result::WellKnownTitleOperationResultRejected
            }
            _ => return None,
        };
        Some(TitleOperationResultV5 {
            well_known: Some(well_known.into()),
        })
    }

    /// Every request to amend a title: the recipient's, of the sender's title, and the sender's, of the
    /// recipient's.
    fn amendment_requests_v5(&self) -> Vec<AmendmentRequestDocflowV5> {
        let first = self.state.key().entity;
        let flags = self.world.amendments(self.state);
        let second = self.state.recipient_title().map(|title| title.file.id());
        let targets = [(Some(first), flags), (second, 1)];
        let mut all = Vec::new();
        for (target, flags) in targets {
            let Some(target) = target else { continue };
            let of_first = target == first;
            let (requester, recipient) = match of_first {
                true => (
                    self.recipient_participant(),
                    Some(self.sender_participant()),
                ),
                false => (
                    Some(self.sender_participant()),
                    self.recipient_participant(),
                ),
            };
            for request in self.amendment_requests_for(target) {
                let v4 = self.amendment_request(request, flags);
                all.push(amendment(
                    v4,
                    target.to_string(),
                    requester.clone(),
                    recipient.clone(),
                ));
            }
        }
        all
    }
}

fn delivery(
    sent_at: Option<Box<Timestamp>>,
    delivered_at: Option<Box<Timestamp>>,
    has_failed: bool,
) -> DeliveryDocflowV5 {
    let status = match () {
        () if delivered_at.is_some() => DeliveryStatusV5::DeliveryStatusDelivered,
        () if has_failed => DeliveryStatusV5::DeliveryStatusFailed,
        () => DeliveryStatusV5::DeliveryStatusNotReady,
    };
    DeliveryDocflowV5 {
        status: status.into(),
        sent_at,
        delivered_at,
    }
}

fn confirmation(v4: ConfirmationDocflowV4) -> ConfirmationDocflowV5 {
    ConfirmationDocflowV5 {
        is_finished: v4.is_finished,
        confirmation_attachment: v4.confirmation_attachment,
        confirmed_at: v4.confirmed_at,
        receipt: v4.receipt.map(|one| Box::new(receipt(*one))),
        roaming_confirmation: v4.roaming_confirmation,
    }
}

fn receipt(v4: ReceiptDocflowV4) -> ReceiptDocflowV5 {
    ReceiptDocflowV5 {
        is_finished: v4.is_finished,
        receipt_attachment: v4.receipt_attachment,
        sent_at: v4.sent_at,
        delivered_at: v4.delivered_at,
        status: v4.status,
        confirmation: v4.confirmation.map(|one| Box::new(confirmation(*one))),
        universal_message: v4.universal_message,
    }
}

fn response(v4: ParticipantResponseDocflowV4) -> TitleParticipantResponseDocflow {
    use RecipientResponseStatus as Old;
    use TitleParticipantResponseStatusV5 as New;
    let is_verified = v4.delivered_at.is_some();
    let status = match v4.response_status() {
        Old::WaitingForRecipientSignature => New::TitleParticipantResponseStatusWaiting,
        Old::WithRecipientSignature | Old::WithRecipientPartiallySignature if is_verified => {
            New::TitleParticipantResponseStatusSigned
        }
        Old::WithRecipientSignature | Old::WithRecipientPartiallySignature => {
            New::TitleParticipantResponseStatusVerifying
        }
        Old::RecipientSignatureRequestRejected => {
            New::TitleParticipantResponseStatusSignatureRejected
        }
        Old::InvalidRecipientSignature => New::TitleParticipantResponseStatusInvalidSignature,
        Old::RecipientResponseStatusNotAcceptable => {
            New::TitleParticipantResponseStatusNotAcceptable
        }
        _ => New::TitleParticipantResponseStatusUnknown,
    };
    let delivery = v4.sent_at.is_some().then(|| {
        Box::new(delivery(
            v4.sent_at.clone(),
            v4.delivered_at.clone(),
            status == New::TitleParticipantResponseStatusInvalidSignature,
        ))
    });
    TitleParticipantResponseDocflow {
        is_finished: v4.is_finished,
        status: status.into(),
        signature: v4.signature,
        rejection: v4.rejection,
        confirmation: v4.confirmation.map(|one| Box::new(confirmation(*one))),
        delivery,
    }
}

fn amendment(
    v4: AmendmentRequestDocflowV4,
    target: String,
    requester: Option<DocumentParticipantV2>,
    recipient: Option<DocumentParticipantV2>,
) -> AmendmentRequestDocflowV5 {
    let delivery = delivery(v4.sent_at, v4.delivered_at, false);
    let recipient = recipient.map(|recipient| AmendmentRequestRecipientDocflow {
        recipient,
        receipt: v4.receipt.map(|one| Box::new(receipt(*one))),
        delivery: Some(Box::new(delivery)),
        confirmation: v4
            .confirmation_docflow
            .map(|one| Box::new(confirmation(*one))),
    });
    AmendmentRequestDocflowV5 {
        requester: requester.map(Box::new),
        recipient_docflows: recipient.into_iter().collect(),
        is_finished: v4.is_finished,
        amendment_request: v4.amendment_request,
        amendment_flags: v4.amendment_flags,
        plain_text: v4.plain_text,
        universal_message: v4.universal_message,
        target_entity_id: Some(target),
    }
}
