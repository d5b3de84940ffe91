//! Approval within the viewer's organization, of the document or of a proposal to revoke it.

use diadoc_proto::docflow::{
    ApprovementSignatureV3, ResolutionDocflowV3, ResolutionDocflowV5, ResolutionEntitiesV3,
    ResolutionRequestV3, ResolutionStatus, ResolutionV3, SignatureDenialV3,
};
use uuid::Uuid;

use super::Docflows;
use crate::world::model::Author;
use crate::world::state::{Asked, Resolutions, Sighted};

impl Docflows<'_> {
    /// Where the approval stands: that of the revocation, while it goes on, or else the document's.
    pub(super) fn resolution(&self) -> Option<ResolutionDocflowV3> {
        let request = self.state.revocation().map(|one| one.request.file.id());
        let of = |file: Uuid| {
            let resolutions = self.state.resolutions_on(file);
            let status = resolutions.status();
            (status != ResolutionStatus::None).then(|| ResolutionDocflowV3 {
                is_finished: resolutions.is_finished(),
                parent_entity_id: file.to_string(),
                resolution_status: status.into(),
                resolution_entity_id: resolutions.last.map(|last| last.id().to_string()),
            })
        };
        let revocation = request.and_then(of);
        revocation.or_else(|| of(self.state.key().entity))
    }

    /// The same with its entities, of that file.
    pub(super) fn resolution_v5(&self, file: Uuid) -> Option<ResolutionDocflowV5> {
        let resolutions = self.state.resolutions_on(file);
        let entities = self.entities_of(&resolutions);
        let status = resolutions.status();
        let is_there = status != ResolutionStatus::None || !is_empty(&entities);
        is_there.then(|| ResolutionDocflowV5 {
            is_finished: resolutions.is_finished(),
            resolution_status: status.into(),
            current_resolution_entity_id: resolutions.last.map(|last| last.id().to_string()),
            resolution_entities: Some(Box::new(entities)),
        })
    }

    pub(super) fn resolution_entities(&self, file: Uuid) -> ResolutionEntitiesV3 {
        self.entities_of(&self.state.resolutions_on(file))
    }

    fn entities_of(&self, resolutions: &Resolutions<'_>) -> ResolutionEntitiesV3 {
        ResolutionEntitiesV3 {
            requests: resolutions
                .requests
                .iter()
                .map(|asked| self.resolution_request(asked))
                .collect(),
            resolutions: resolutions
                .resolutions
                .iter()
                .map(|one| self.resolution_entity(*one))
                .collect(),
            approvement_signatures: resolutions
                .approving_signatures
                .iter()
                .map(|one| self.approving_signature(*one, &resolutions.requests))
                .collect(),
            signature_denials: resolutions
                .denials
                .iter()
                .map(|one| self.denial(*one))
                .collect(),
        }
    }

    pub(super) fn resolution_request(&self, asked: &Asked<'_>) -> ResolutionRequestV3 {
        let request = asked.request;
        let info = request.piece.entity.resolution_request_info.clone();
        let info = info.unwrap_or_default();
        ResolutionRequestV3 {
            entity: self.entity(request),
            target: info.target.map(|target| *target).unwrap_or_default(),
            author_user_id: Some(author(request)),
            request_type: info.request_type.unwrap_or_default(),
            resolved_with: asked.resolved_with.map(|id| id.to_string()),
            actions: info.actions,
        }
    }

    pub(super) fn resolution_entity(&self, resolution: Sighted<'_>) -> ResolutionV3 {
        let info = resolution.piece.entity.resolution_info.clone();
        let info = info.unwrap_or_default();
        ResolutionV3 {
            entity: self.entity(resolution),
            resolution_request_id: Some(info.initial_request_id.unwrap_or_default()),
            author_user_id: Some(author(resolution)),
            resolution_type: info.resolution_type.unwrap_or_default(),
        }
    }

    fn approving_signature(
        &self,
        signature: Sighted<'_>,
        requests: &[Asked<'_>],
    ) -> ApprovementSignatureV3 {
        let mut answered = requests.iter();
        let answered = answered.find(|asked| asked.resolved_with == Some(signature.id()));
        let request = answered.map(|asked| asked.request.id().to_string());
        ApprovementSignatureV3 {
            signature: self.signature(signature),
            resolution_request_id: Some(request.unwrap_or_default()),
            author_user_id: Some(author(signature)),
        }
    }

    pub(super) fn denial(&self, denial: Sighted<'_>) -> SignatureDenialV3 {
        let request = denial.piece.parent().unwrap_or_default();
        SignatureDenialV3 {
            entity: self.entity(denial),
            resolution_request_id: request.to_string(),
            author_user_id: Some(author(denial)),
        }
    }
}

/// The user who brought an entity; an empty text for the operator.
pub(super) fn author(sighted: Sighted<'_>) -> String {
    match sighted.patch.author {
        Author::User { user, .. } => user.to_string(),
        Author::Operator => String::new(),
    }
}

fn is_empty(entities: &ResolutionEntitiesV3) -> bool {
    entities.requests.is_empty()
        && entities.resolutions.is_empty()
        && entities.approvement_signatures.is_empty()
        && entities.signature_denials.is_empty()
}
