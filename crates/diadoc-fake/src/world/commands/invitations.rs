//! Documents that begin or end relations.

use diadoc_core::BoxId;
use diadoc_proto::documents::{RecipientResponseStatus, RevocationStatus};
use diadoc_proto::events::{DocumentAttachment, MessageToPost, MetadataItem};
use uuid::Uuid;

use crate::world::model::{DocumentKey, Invitation, RelationState};
use crate::world::state::DocumentState;
use crate::world::{Refusal, World};

/// The type of the document that goes with an invitation.
const INVITATION: &str = "TrustConnectionRequest";

impl World {
    /// Sends the document that goes with an invitation; and whether it is to be signed.
    pub(super) fn invitation_document(
        &mut self,
        invitation: &Invitation,
        to: BoxId,
    ) -> Result<(Option<DocumentKey>, bool), Refusal> {
        let Some(document) = invitation.request.invitation_document.as_deref() else {
            return Ok((None, false));
        };
        let wants_signature = document.signature_requested();
        let attachment = DocumentAttachment {
            signed_content: document.signed_content.clone(),
            type_named_id: INVITATION.to_owned(),
            need_recipient_signature: Some(wants_signature),
            metadata: vec![MetadataItem {
                key: "FileName".to_owned(),
                value: document.file_name.clone(),
            }],
            ..DocumentAttachment::default()
        };
        let message = MessageToPost {
            from_box_id: invitation.box_id.address().to_string(),
            from_department_id: Some(invitation.department.to_string()),
            to_box_id: Some(to.address().to_string()),
            document_attachments: vec![attachment],
            ..MessageToPost::default()
        };
        let id = self.post_invitation(invitation.user, &message)?;
        let letter = self.tables.letters.get(&id);
        let document = letter.and_then(|letter| letter.documents().next());
        let key = document.map(|(piece, _)| DocumentKey {
            letter: id,
            entity: piece.id(),
        });
        Ok((key, wants_signature))
    }

    /// What a box has done with a letter decides on an invitation that it is of; and who signs what another
    /// organization has sent becomes its counteragent, unless one of them has broken with the other.
    pub(in crate::world) fn settle_relations(&mut self, box_id: BoxId, letter: Uuid) {
        let Some(row) = self.tables.letters.shared(&letter) else {
            return;
        };
        let upto = row.patches.len();
        for (piece, details) in row.documents() {
            let Some(state) = DocumentState::of(&row, piece.id(), box_id, upto) else {
                continue;
            };
            let Some(other) = state.counteragent().map(|party| party.box_id) else {
                continue;
            };
            match details.is_invitation {
                true => self.settle_invitation(&state, other),
                false => self.settle_exchange(&state, other),
            }
        }
    }

    fn settle_invitation(&mut self, state: &DocumentState<'_>, other: BoxId) {
        let box_id = state.viewer;
        let relation = self.tables.relations.get(&(box_id, other));
        let relation = relation.filter(|one| one.invitation == Some(state.key()));
        let Some(relation) = relation.map(|one| one.state) else {
            return;
        };
        let is_withdrawn = state.revocation_status() == RevocationStatus::RevocationAccepted;
        match (relation, state.response_status()) {
            (RelationState::IsInvitedByMe, _) if is_withdrawn => {
                self.withdraw_invitation(box_id, other, None);
            }
            (RelationState::InvitesMe, RecipientResponseStatus::WithRecipientSignature) => {
                self.accept_invitation(box_id, other, None);
            }
            (
                RelationState::InvitesMe,
                RecipientResponseStatus::RecipientSignatureRequestRejected,
            ) => self.reject(box_id, other, None),
            _ => {}
        }
    }

    fn settle_exchange(&mut self, state: &DocumentState<'_>, other: BoxId) {
        let relation = self.tables.relations.get(&(state.viewer, other));
        let is_broken = relation.is_some_and(|one| {
            let ended = [RelationState::RejectsMe, RelationState::IsRejectedByMe];
            ended.contains(&one.state)
        });
        let is_signed = state.response_status() == RecipientResponseStatus::WithRecipientSignature;
        // An invitation whose document waits for a signature is accepted by that alone.
        let waits = relation.is_some_and(|one| one.wants_signature);
        if is_signed && !is_broken && !waits {
            self.become_counteragents(state.viewer, other);
        }
    }
}
