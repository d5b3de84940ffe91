//! Routes of approval: one employee after the other is asked.

use diadoc_proto::ResolutionRequestType;
use diadoc_proto::events::{
    AttachmentType, ResolutionRouteAssignment, ResolutionRouteAssignmentInfo,
    ResolutionRouteRemoval, ResolutionRouteRemovalInfo,
};
use uuid::Uuid;

use super::approval::Request;
use super::assembly::{Assembly, Place};
use super::refusals;
use crate::world::Refusal;
use crate::world::model::{Action, Fact, Step};

/// A step of a route that is to be asked for.
pub(super) struct Next {
    route: Uuid,
    index: usize,
    step: Step,
}

impl Assembly<'_> {
    pub(super) fn put_on_route(
        &mut self,
        at: &Place,
        one: &ResolutionRouteAssignment,
    ) -> Result<(), Refusal> {
        self.actor.needs(Action::RequestResolutions)?;
        if at.entity != at.document {
            return Err(refusals::wrong_parent(at));
        }
        if !self.state(at)?.can_resolve() {
            return Err(refusals::state_forbids("его согласовать"));
        }
        let route = Uuid::parse_str(&one.route_id).unwrap_or_default();
        let first = self.step(route, 0).ok_or_else(|| {
            Refusal::not_found(format!("{}: Route {} not found", at.path, one.route_id))
        })?;
        if self.current_route(at).is_some() {
            return Err(refusals::invalid_state());
        }
        let info = ResolutionRouteAssignmentInfo {
            route_id: route.to_string(),
            author: self.full_name(self.actor.user),
        };
        let kind = AttachmentType::ResolutionRouteAssignmentAttachment;
        self.add_note(kind, at.entity, one.comment(), &one.labels, |entity| {
            entity.resolution_route_assignment_info = Some(Box::new(info));
        });
        self.ask_step(at, &first)
    }

    pub(super) fn take_off_route(
        &mut self,
        at: &Place,
        one: &ResolutionRouteRemoval,
    ) -> Result<(), Refusal> {
        self.actor.needs(Action::RequestResolutions)?;
        let route = Uuid::parse_str(&one.route_id).unwrap_or_default();
        if self.current_route(at) != Some(route) {
            return Err(refusals::invalid_state());
        }
        let info = ResolutionRouteRemovalInfo {
            route_id: route.to_string(),
            author: self.full_name(self.actor.user),
        };
        let kind = AttachmentType::ResolutionRouteRemovalAttachment;
        self.add_note(kind, at.entity, one.comment(), &one.labels, |entity| {
            entity.resolution_route_removal_info = Some(Box::new(info));
        });
        Ok(())
    }

    fn step(&self, route: Uuid, index: usize) -> Option<Next> {
        let organization = self.world.tables.organizations.get(&self.actor.box_id)?;
        let step = *organization.routes.get(&route)?.steps.get(index)?;
        Some(Next { route, index, step })
    }

    /// The route that the document is on. One that was refused or is finished has ended by itself.
    fn current_route(&self, at: &Place) -> Option<Uuid> {
        self.state(at).ok()?.open_route()
    }

    /// The last request that the document's route has made, with the route and the step.
    fn last_step(&self, at: &Place) -> Option<(Uuid, Uuid, usize)> {
        self.state(at).ok()?.last_step()
    }

    /// The document was taken off its route after that request.
    fn is_off_route(&self, at: &Place, request: Uuid) -> Result<bool, Refusal> {
        let kind = AttachmentType::ResolutionRouteRemovalAttachment;
        let state = self.state(at)?;
        let mut removals = state.children(at.document, kind);
        Ok(removals.any(|removal| self.comes_after(removal.id(), request)))
    }

    fn comes_after(&self, later: Uuid, earlier: Uuid) -> bool {
        let position = |id: Uuid| self.letter.pieces().position(|piece| piece.id() == id);
        position(later) > position(earlier)
    }

    /// The step that comes after an answer; none where the document is on no route, or the answer ends it.
    pub(super) fn next_step(
        &self,
        at: &Place,
        answer: Uuid,
        is_approved: bool,
    ) -> Result<Option<Next>, Refusal> {
        let Some((request, route, index)) = self.last_step(at) else {
            return Ok(None);
        };
        if self.is_off_route(at, request)? {
            return Ok(None);
        }
        let resolutions = self.state(at)?.resolutions_on(at.document);
        let mut requests = resolutions.requests.iter();
        let is_answer = requests
            .any(|asked| asked.request.id() == request && asked.resolved_with == Some(answer));
        Ok(match is_answer && is_approved {
            true => self.step(route, index + 1),
            false => None,
        })
    }

    /// Asks the employee of a step.
    pub(super) fn ask_step(&mut self, at: &Place, next: &Next) -> Result<(), Refusal> {
        let target = self
            .employee(next.step.user)
            .ok_or_else(refusals::invalid_state)?;
        let kind = match next.step.asks_for_signature {
            true => ResolutionRequestType::ApprovementSignatureRequest,
            false => ResolutionRequestType::ApprovementRequest,
        };
        let request = self.ask(
            at.document,
            Request {
                kind,
                target,
                comment: "",
                labels: &[],
            },
        );
        self.add(Fact::Routed {
            box_id: at.box_id,
            document: at.document,
            request,
            route: next.route,
            step: next.index,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use diadoc_proto::ResolutionType;
    use diadoc_proto::events::{
        AttachmentType, DocumentAttachment, MessagePatchToPostV2, MessageToPost, MetadataItem,
        ResolutionAttachment, ResolutionRouteAssignment, ResolutionRouteRemoval, SignedContent,
    };
    use uuid::{Uuid, uuid};

    use crate::world::build::{FIRST_BOX, SECOND_BOX};
    use crate::world::model::{Patch, Route, Step};
    use crate::world::{Refusal, World};

    const USER: Uuid = uuid!("c41f2ab6-5b0e-4f7a-8a57-3d9c6f12e8b0");
    const ROUTE: Uuid = uuid!("5f1b7c1e-0d52-4c3e-9c55-6a1f0b7f3d21");

    /// A world with a document that has come to a box with a route of two steps.
    fn world() -> (World, Uuid, String) {
        let mut world = World::default();
        let step = Step {
            user: USER,
            asks_for_signature: false,
        };
        let route = Route {
            name: "Договоры".to_owned(),
            steps: vec![step, step],
        };
        let organization = world.tables.organizations.edit(&SECOND_BOX).unwrap();
        organization.routes.insert(ROUTE, route);
        world.tables.commit();
        let message = MessageToPost {
            from_box_id: FIRST_BOX.address().to_string(),
            to_box_id: Some(SECOND_BOX.address().to_string()),
            document_attachments: vec![DocumentAttachment {
                signed_content: SignedContent {
                    content: Some("текст".into()),
                    sign_with_test_signature: Some(true),
                    ..SignedContent::default()
                },
                type_named_id: "Nonformalized".to_owned(),
                metadata: vec![MetadataItem {
                    key: "FileName".to_owned(),
                    value: "a.txt".to_owned(),
                }],
                ..DocumentAttachment::default()
            }],
            ..MessageToPost::default()
        };
        let letter = world.transact(|world| world.post_message(USER, &message));
        let letter = letter.unwrap();
        let row = world.tables.letters.get(&letter).unwrap();
        let document = row.documents().next().unwrap().0.id().to_string();
        (world, letter, document)
    }

    fn patch(
        world: &mut World,
        letter: Uuid,
        body: MessagePatchToPostV2,
    ) -> Result<Vec<AttachmentType>, Refusal> {
        let actor = world.enter(USER, SECOND_BOX)?;
        let number = world.transact(|world| world.patch_letter(&actor, letter, body.into()))?;
        let made = &world.tables.letters.get(&letter).unwrap().patches[number - 1];
        let kinds = Patch::pieces(made).map(|piece| piece.entity.attachment_type());
        Ok(kinds.collect())
    }

    fn assignment(document: &str) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 {
            resolution_route_assignments: vec![ResolutionRouteAssignment {
                initial_document_id: document.to_owned(),
                route_id: ROUTE.to_string(),
                ..ResolutionRouteAssignment::default()
            }],
            ..MessagePatchToPostV2::default()
        }
    }

    fn resolution(document: &str, kind: ResolutionType) -> MessagePatchToPostV2 {
        MessagePatchToPostV2 {
            resolutions: vec![ResolutionAttachment {
                initial_document_id: document.to_owned(),
                resolution_type: kind as i32,
                ..ResolutionAttachment::default()
            }],
            ..MessagePatchToPostV2::default()
        }
    }

    #[test]
    fn a_route_asks_one_after_the_other() {
        let (mut world, letter, document) = world();
        let made = patch(&mut world, letter, assignment(&document)).unwrap();
        let assigned = AttachmentType::ResolutionRouteAssignmentAttachment;
        assert_eq!(made, [assigned, AttachmentType::ResolutionRequest]);
        let again = patch(&mut world, letter, assignment(&document));
        assert_eq!(again.unwrap_err().status, 409);
        let approve = resolution(&document, ResolutionType::Approve);
        let made = patch(&mut world, letter, approve.clone()).unwrap();
        let asked = [
            AttachmentType::Resolution,
            AttachmentType::ResolutionRequest,
        ];
        assert_eq!(made, asked);
        let made = patch(&mut world, letter, approve).unwrap();
        assert_eq!(made, [AttachmentType::Resolution]);
    }

    #[test]
    fn a_route_ends_with_a_disapproval_or_a_removal() {
        let (mut world, letter, document) = world();
        patch(&mut world, letter, assignment(&document)).unwrap();
        let disapprove = resolution(&document, ResolutionType::Disapprove);
        let made = patch(&mut world, letter, disapprove).unwrap();
        assert_eq!(made, [AttachmentType::Resolution]);
        patch(&mut world, letter, assignment(&document)).unwrap();
        let removal = || MessagePatchToPostV2 {
            resolution_route_removals: vec![ResolutionRouteRemoval {
                parent_entity_id: document.clone(),
                route_id: ROUTE.to_string(),
                ..ResolutionRouteRemoval::default()
            }],
            ..MessagePatchToPostV2::default()
        };
        let made = patch(&mut world, letter, removal()).unwrap();
        let removed = AttachmentType::ResolutionRouteRemovalAttachment;
        assert_eq!(made, [removed]);
        assert_eq!(
            patch(&mut world, letter, removal()).unwrap_err().status,
            409
        );
        let approve = resolution(&document, ResolutionType::Approve);
        let made = patch(&mut world, letter, approve).unwrap();
        assert_eq!(made, [AttachmentType::Resolution]);
    }
}
