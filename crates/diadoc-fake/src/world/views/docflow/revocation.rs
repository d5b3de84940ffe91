//! The revocation of a document.

use diadoc_proto::docflow::{
    RevocationDocflow, RevocationDocflowV4, RevocationDocflowV5, RevocationRequestDocflow,
    RevocationRequestDocflowV5, RevocationResponseDocflowV4, RevocationResponseDocflowV5,
};

use super::Docflows;
use super::parts::boxed;
use super::v2;

impl Docflows<'_> {
    pub(super) fn revocation(&self) -> Option<RevocationDocflowV4> {
        let revocation = self.state.revocation()?;
        let request = revocation.request;
        let response = RevocationResponseDocflowV4 {
            recipient_signature: revocation
                .signature
                .map(|signature| Box::new(self.signature(signature))),
            signature_rejection: revocation
                .rejection
                .map(|rejection| Box::new(self.rejection(rejection))),
        };
        let is_answered = revocation.signature.is_some() || revocation.rejection.is_some();
        Some(RevocationDocflowV4 {
            is_finished: revocation.is_finished(),
            revocation_request: RevocationRequestDocflow {
                revocation_request: self.signed(request),
                sent_at: boxed(request.file.at()),
                delivered_at: self.delivered_at(request),
                roaming_notification: None,
                plain_text: self.plain_text(request.file),
            },
            revocation_response: is_answered.then(|| Box::new(response)),
            initiator_box_id: revocation.initiator.address().to_string(),
            revocation_status: self.state.revocation_status().into(),
            resolution_entities: Some(Box::new(self.resolution_entities(request.file.id()))),
            outer_docflow_entities: Vec::new(),
        })
    }

    pub(super) fn revocation_v5(&self) -> Option<RevocationDocflowV5> {
        let state = self.state.revocation()?;
        let RevocationDocflowV4 {
            is_finished,
            revocation_request,
            revocation_response,
            revocation_status,
            ..
        } = self.revocation()?;
        let initiator = self.participant_of(state.initiator)?;
        let other = self.state.counteragent_of(state.initiator);
        let other = match self.state.letter.is_internal {
            true => self.recipient_participant(),
            false => other.and_then(|other| self.participant_of(other)),
        };
        let response = revocation_response.zip(other);
        Some(RevocationDocflowV5 {
            is_finished,
            revocation_request: RevocationRequestDocflowV5 {
                revocation_request: revocation_request.revocation_request,
                sent_at: revocation_request.sent_at,
                delivered_at: revocation_request.delivered_at,
                roaming_notification: revocation_request.roaming_notification,
                plain_text: revocation_request.plain_text,
            },
            revocation_response: response
                .map(|(response, participant)| RevocationResponseDocflowV5 {
                    participant,
                    is_finished: true,
                    signature: response.recipient_signature,
                    rejection: response.signature_rejection,
                })
                .into_iter()
                .collect(),
            initiator,
            revocation_status,
            resolution: self.resolution_v5(state.request.file.id()).map(Box::new),
            outer_docflows: Vec::new(),
        })
    }

    pub(super) fn revocation_v2(&self) -> Option<RevocationDocflow> {
        let state = self.state.revocation()?;
        let revocation = self.revocation()?;
        let response = revocation.revocation_response.unwrap_or_default();
        Some(RevocationDocflow {
            is_finished: Some(revocation.is_finished),
            revocation_request_attachment: Some(Box::new(v2::signed(
                revocation.revocation_request.revocation_request,
            ))),
            recipient_signature_docflow: response
                .recipient_signature
                .map(|signature| Box::new(v2::recipient_signature(*signature))),
            recipient_signature_rejection_docflow: response
                .signature_rejection
                .map(|rejection| Box::new(v2::recipient_rejection(*rejection))),
            initiator_box_id: Some(revocation.initiator_box_id),
            is_revocation_accepted: Some(state.is_accepted()),
            is_revocation_rejected: Some(state.rejection.is_some()),
        })
    }
}
