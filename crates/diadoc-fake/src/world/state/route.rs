//! The route of approval that a document is on.

use diadoc_proto::events::AttachmentType;
use uuid::Uuid;

use super::DocumentState;
use crate::world::model::Fact;

impl<'w> DocumentState<'w> {
    /// The route of approval that the document was put on and not taken off.
    fn assigned_route(&self) -> Option<Uuid> {
        let of = |kind| self.children(self.key().entity, kind).next_back();
        let assigned = of(AttachmentType::ResolutionRouteAssignmentAttachment)?;
        let removed = of(AttachmentType::ResolutionRouteRemovalAttachment);
        if removed.is_some_and(|removed| removed.at() >= assigned.at()) {
            return None;
        }
        let info = assigned
            .piece
            .entity
            .resolution_route_assignment_info
            .as_ref()?;
        Uuid::parse_str(&info.route_id).ok()
    }

    /// The route that asks for an answer now; none where it was refused, has come to its end, or the
    /// document was taken off it.
    pub(crate) fn open_route(&self) -> Option<Uuid> {
        self.assigned_route()?;
        let (request, route, _) = self.last_step()?;
        let resolutions = self.resolutions();
        let mut open = resolutions.open();
        open.any(|asked| asked.request.id() == request)
            .then_some(route)
    }

    /// The last request that the document's route has made, with the route and the step.
    pub(crate) fn last_step(&self) -> Option<(Uuid, Uuid, usize)> {
        let patches = self.letter.patches.iter().take(self.upto);
        let facts = patches.flat_map(|patch| &patch.facts);
        let mut steps = facts.filter_map(|fact| match fact {
            Fact::Routed {
                box_id,
                document,
                request,
                route,
                step,
            } if *box_id == self.viewer && *document == self.key().entity => {
                Some((*request, *route, *step))
            }
            _ => None,
        });
        steps.next_back()
    }
}
