//! What a history tells of approvals within the organization.

use diadoc_proto::documents::document_history::document_history_item::EventType;
use diadoc_proto::documents::document_history::{
    DocumentHistoryItemPayload, ResolutionRequestCancelledPayload, ResolutionRequestedPayload,
    ResolutionRouteAssignedPayload, ResolutionRouteRemovedPayload, ResolvedPayload,
    SignatureRequestDeniedPayload,
};
use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::Docflows;
use crate::world::state::{Asked, Sighted};

impl<'a> Docflows<'a> {
    /// What employees asked of each other, and said.
    pub(super) fn told_by_approval(
        &self,
        sighted: Sighted<'a>,
        payload: &mut DocumentHistoryItemPayload,
    ) -> Option<EventType> {
        let entity = &sighted.piece.entity;
        let asked = |request: Sighted<'a>| {
            let asked = Asked {
                request,
                resolved_with: self.state.resolved_with(request.id()),
            };
            Box::new(self.resolution_request(&asked))
        };
        Some(match entity.attachment_type() {
            AttachmentType::ResolutionRequest => {
                payload.resolution_requested = Some(Box::new(ResolutionRequestedPayload {
                    request: Some(asked(sighted)),
                    parent: self.parent_of(sighted),
                    is_cancellable: Some(
                        self.is_open(sighted) && self.state.resolved_with(sighted.id()).is_none(),
                    ),
                }));
                EventType::ResolutionRequested
            }
            AttachmentType::Resolution => {
                payload.resolved = Some(Box::new(ResolvedPayload {
                    resolution: Some(Box::new(self.resolution_entity(sighted))),
                    parent: self.parent_of(sighted),
                    is_cancellable: Some(self.is_open(sighted)),
                }));
                EventType::Resolved
            }
            AttachmentType::ResolutionRequestDenial => {
                payload.signature_request_denied = Some(Box::new(SignatureRequestDeniedPayload {
                    denial: Some(Box::new(self.denial(sighted))),
                    parent: self.parent_of(sighted),
                    is_cancellable: Some(self.is_open(sighted)),
                }));
                EventType::SignatureRequestDenied
            }
            AttachmentType::Cancellation => {
                let cancelled = sighted.piece.parent()?;
                let request = self.state.pieces.get(cancelled)?;
                request.piece.entity.resolution_request_info.as_ref()?;
                let has_comment = sighted.piece.content.is_some();
                payload.resolution_request_cancelled =
                    Some(Box::new(ResolutionRequestCancelledPayload {
                        request: Some(asked(request)),
                        cancellation_comment_entity: has_comment
                            .then(|| Box::new(self.entity(sighted))),
                        parent: self.parent_of(request),
                    }));
                EventType::ResolutionRequestCancelled
            }
            AttachmentType::ResolutionRouteAssignmentAttachment => {
                let info = entity.resolution_route_assignment_info.as_ref()?;
                payload.resolution_route_assigned =
                    Some(Box::new(ResolutionRouteAssignedPayload {
                        assignment_entity: Some(Box::new(self.entity(sighted))),
                        route_id: Some(info.route_id.clone()),
                        route_name: self.route_name(&info.route_id),
                        parent: self.parent_of(sighted),
                        time_limit_ticks: None,
                    }));
                EventType::ResolutionRouteAssigned
            }
            AttachmentType::ResolutionRouteRemovalAttachment => {
                let info = entity.resolution_route_removal_info.as_ref()?;
                payload.resolution_route_removed = Some(Box::new(ResolutionRouteRemovedPayload {
                    removal_entity: Some(Box::new(self.entity(sighted))),
                    route_id: Some(info.route_id.clone()),
                    route_name: self.route_name(&info.route_id),
                    parent: self.parent_of(sighted),
                }));
                EventType::ResolutionRouteRemoved
            }
            _ => return None,
        })
    }

    /// Nobody has taken it back.
    fn is_open(&self, sighted: Sighted<'a>) -> bool {
        let mut taken_back = self
            .state
            .children(sighted.id(), AttachmentType::Cancellation);
        taken_back.next().is_none()
    }

    fn route_name(&self, id: &str) -> Option<String> {
        let organization = self.world.tables.organizations.get(&self.state.viewer)?;
        let route = organization.routes.get(&Uuid::parse_str(id).ok()?)?;
        Some(route.name.clone())
    }
}
