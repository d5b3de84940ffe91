//! What an employee can do with a document now: the preconditions of calls, and the employee's rights.

use diadoc_proto::LockMode;
use diadoc_proto::documents::DocumentActionType;
use diadoc_proto::{ResolutionAction, events::AttachmentType};
use uuid::Uuid;

use super::World;
use super::access::Actor;
use super::model::{Action, MessageKind};
use super::state::{Asked, DocumentState, Resolutions};

/// Something that can be done, with the index of the title that it is about, where it is about one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Possible {
    pub kind: DocumentActionType,
    pub title: Option<i32>,
}

/// What there is to do, in the making.
struct Possibilities<'a> {
    world: &'a World,
    actor: &'a Actor,
    state: &'a DocumentState<'a>,
    found: Vec<Possible>,
}

impl World {
    /// All that the employee can do with a document.
    pub(crate) fn actions(&self, actor: &Actor, state: &DocumentState<'_>) -> Vec<Possible> {
        let mut possibilities = Possibilities {
            world: self,
            actor,
            state,
            found: Vec::new(),
        };
        match state.letter.kind {
            MessageKind::Letter => possibilities.with_letter(),
            MessageKind::Template => possibilities.with_template(),
            MessageKind::Draft => {}
        }
        possibilities.in_the_box();
        possibilities.found
    }
}

impl Possibilities<'_> {
    fn add(&mut self, kind: DocumentActionType, is_possible: bool) {
        if is_possible {
            self.found.push(Possible { kind, title: None });
        }
    }

    fn add_title(&mut self, kind: DocumentActionType, title: i32, is_possible: bool) {
        if is_possible {
            let title = Some(title);
            self.found.push(Possible { kind, title });
        }
    }

    fn with_letter(&mut self) {
        use DocumentActionType as Type;
        let state = self.state;
        let signs = self.actor.may(Action::SignDocuments);
        let edits = state.details.editing_setting_id.is_some() && state.can_send();
        self.add(Type::Edit, edits && self.actor.may(Action::CreateDocuments));
        self.add(
            Type::RequestAmendment,
            signs && state.can_request_correction(),
        );
        self.add_title(
            Type::RejectParticipantTitleSigning,
            0,
            signs && state.can_reject(),
        );
        self.add(Type::ChangePacket, state.letter.lock == LockMode::None);
        self.add(Type::PatchCustomData, true);
        self.add_title(
            Type::AttachParticipantTitle,
            1,
            signs && state.can_add_title(),
        );
        self.add_title(Type::SignParticipantTitle, 0, signs && state.can_sign());
        self.add_title(Type::ConfirmReceiptOfTitle, 0, signs && state.can_receive());
        self.add_title(
            Type::ConfirmReceiptOfTitle,
            1,
            signs && state.can_receive_title(),
        );
        self.approval();
        self.revocation(signs);
    }

    /// Approval of the document within the organization.
    fn approval(&mut self) {
        use DocumentActionType as Type;
        let state = self.state;
        let resolutions = state.resolutions();
        let asks = self.actor.may(Action::RequestResolutions);
        let resolves = self.actor.may(Action::AddResolutions) && state.can_resolve();
        let has_request = resolutions.open().any(Asked::is_for_signature);
        let has_route = state.open_route().is_some();
        let signs = self.actor.may(Action::SignDocuments);
        self.add(Type::SignApprovingly, signs && state.can_sign_approvingly());
        self.add(Type::RequestApprovement, asks && state.can_resolve());
        self.add(
            Type::RequestPrimarySignature,
            asks && !has_request && state.can_request_signature(),
        );
        self.add(
            Type::RequestApprovementSignature,
            asks && state.can_resolve(),
        );
        self.add(Type::ResolveWithApprove, resolves);
        self.add(Type::ResolveWithDisapprove, resolves);
        self.add(
            Type::CancelResolution,
            resolves && self.has_resolved(&resolutions),
        );
        self.add(
            Type::CancelResolutionRequest,
            asks && resolutions.open().next().is_some(),
        );
        self.add(
            Type::DenySignatureRequest,
            resolutions.open().any(|asked| may_deny(asked)),
        );
        self.add(
            Type::CancelSignatureRequestDenial,
            !resolutions.denials.is_empty(),
        );
        let organization = self.world.tables.organizations.get(&state.viewer);
        let has_routes = organization.is_some_and(|one| !one.routes.is_empty());
        self.add_title(
            Type::AssignResolutionRouteToParticipantTitle,
            0,
            asks && state.can_resolve() && has_routes && !has_route,
        );
        self.add_title(
            Type::RemoveResolutionRouteFromParticipantTitle,
            0,
            asks && has_route,
        );
    }

    /// Whether the user's own resolution counts among the others.
    fn has_resolved(&self, resolutions: &Resolutions<'_>) -> bool {
        let user = self.actor.user.to_string();
        let mut said = resolutions.resolutions.iter();
        said.any(|one| one.piece.entity.author_user_id() == user)
    }

    fn revocation(&mut self, signs: bool) {
        use DocumentActionType as Type;
        let state = self.state;
        let is_alone = state.is_from_viewer() && !state.was_answered(None);
        let can_revoke = signs && state.can_revoke();
        self.add(Type::RevokeUnilaterally, can_revoke && is_alone);
        self.add(Type::RequestRevocation, can_revoke && !is_alone);
        let can_answer = state.can_answer_revocation();
        self.add(
            Type::SignRevocationRequestByEndParticipant,
            signs && can_answer,
        );
        self.add(Type::RejectRevocationRequestSigning, signs && can_answer);
        if let Some(request) = state.revocation().filter(|_| can_answer) {
            self.approval_of_revocation(request.request.file.id());
        }
    }

    fn approval_of_revocation(&mut self, request: Uuid) {
        use DocumentActionType as Type;
        let resolutions = self.state.resolutions_on(request);
        let asks = self.actor.may(Action::RequestResolutions);
        let resolves = self.actor.may(Action::AddResolutions);
        let is_asked = resolutions.open().any(Asked::is_for_signature);
        self.add(Type::RequestRevocationRequestApprovement, asks);
        self.add(
            Type::RequestRevocationRequestPrimarySignature,
            asks && !is_asked,
        );
        self.add(Type::RequestRevocationRequestApprovementSignature, asks);
        self.add(Type::ResolveRevocationRequestWithApprove, resolves);
        self.add(Type::ResolveRevocationRequestWithDisapprove, resolves);
        self.add(
            Type::CancelRevocationRequestResolution,
            resolves && self.has_resolved(&resolutions),
        );
        self.add(
            Type::CancelRevocationRequestResolutionRequest,
            asks && resolutions.open().next().is_some(),
        );
        self.add(
            Type::DenyRevocationRequestSignatureRequest,
            resolutions.open().any(|asked| may_deny(asked)),
        );
        self.add(
            Type::CancelRevocationRequestSignatureRequestDenial,
            !resolutions.denials.is_empty(),
        );
    }

    fn with_template(&mut self) {
        use DocumentActionType as Type;
        let state = self.state;
        let creates = self.actor.may(Action::CreateDocuments);
        let refusal = AttachmentType::TemplateRefusal;
        let is_refused = state.children(state.key().entity, refusal).next().is_some();
        let template = state.letter.template.as_ref();
        let is_used = state.flags.is_recycled && !template.is_some_and(|one| one.is_reusable);
        let is_open = creates && !is_refused && !is_used;
        let makes = template.is_some_and(|one| one.sender.box_id == state.viewer);
        self.add(Type::RefuseTemplate, is_open);
        self.add(Type::TemplateTransformToDocument, is_open && makes);
    }

    /// Housekeeping.
    fn in_the_box(&mut self) {
        use DocumentActionType as Type;
        let state = self.state;
        let is_letter = state.letter.kind == MessageKind::Letter;
        let deletes = self.actor.may(Action::DeleteRestoreDocuments);
        self.add(Type::Delete, deletes && !state.flags.is_recycled);
        let organization = self.world.tables.organizations.get(&state.viewer);
        let has_departments = organization.is_some_and(|one| !one.departments.is_empty());
        self.add(Type::Move, is_letter && has_departments);
        self.add(Type::MarkDocumentAsRead, is_letter && !state.flags.is_read);
    }
}

/// The one who is asked can say no.
fn may_deny(asked: &Asked<'_>) -> bool {
    let info = asked.request.piece.entity.resolution_request_info.as_ref();
    let deny = ResolutionAction::DenySignatureRequest as i32;
    info.is_some_and(|info| info.actions.contains(&deny))
}
