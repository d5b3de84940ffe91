//! Approval within an organization: requests, resolutions, denials and what takes them back.

use bytes::Bytes;
use diadoc_proto::events::{
    AttachmentType, CancellationInfo, ResolutionAttachment, ResolutionInfo,
    ResolutionRequestAttachment, ResolutionRequestCancellationAttachment,
    ResolutionRequestDenialAttachment, ResolutionRequestDenialInfo, ResolutionRequestInfo,
};
use diadoc_proto::{ResolutionAction, ResolutionRequestType, ResolutionTarget, ResolutionType};
use uuid::Uuid;

use super::assembly::{Assembly, File, Place};
use super::refusals;
use crate::world::model::Action;
use crate::world::state::{Asked, Resolutions};
use crate::world::{HEAD_DEPARTMENT, Refusal};

/// A request in the making.
pub(super) struct Request<'a> {
    pub kind: ResolutionRequestType,
    pub target: ResolutionTarget,
    pub comment: &'a str,
    pub labels: &'a [String],
}

impl Assembly<'_> {
    pub(super) fn resolve(
        &mut self,
        at: &Place,
        one: &ResolutionAttachment,
    ) -> Result<(), Refusal> {
        self.actor.needs(Action::AddResolutions)?;
        self.check_approvable(at)?;
        if one.resolution_type() == ResolutionType::UndefinedResolutionType {
            return self.take_back_resolution(at);
        }
        let request = self.request_to_me(at)?.map(|id| id.to_string());
        let info = ResolutionInfo {
            resolution_type: Some(one.resolution_type),
            author: self.full_name(self.actor.user),
            initial_request_id: Some(request.unwrap_or_default()),
        };
        let kind = AttachmentType::Resolution;
        let id = self.add_note(kind, at.entity, one.comment(), &one.labels, |entity| {
            entity.resolution_info = Some(Box::new(info));
        });
        self.go_on(at, id, one.resolution_type() == ResolutionType::Approve)
    }

    /// Documents and open proposals to revoke them can be approved.
    fn check_approvable(&self, at: &Place) -> Result<(), Refusal> {
        let is_revocation = self.parent_kind(at) == Some(AttachmentType::RevocationRequest);
        let state = self.state(at)?;
        match is_revocation {
            false if at.entity != at.document => Err(refusals::wrong_parent(at)),
            true if state.can_answer_revocation() => Ok(()),
            false if state.can_resolve() => Ok(()),
            _ => Err(refusals::state_forbids("его согласовать")),
        }
    }

    /// Takes back the user's last resolution.
    fn take_back_resolution(&mut self, at: &Place) -> Result<(), Refusal> {
        let user = self.actor.user.to_string();
        let mine = |resolutions: Resolutions<'_>| {
            let mut said = resolutions.resolutions.iter();
            let mine = said.rfind(|one| one.piece.entity.author_user_id() == user)?;
            Some(mine.id())
        };
        let last = mine(self.resolutions(at)?);
        let last = last.ok_or_else(|| refusals::nothing_to_cancel(at))?;
        self.cancel(last, "", &[]);
        Ok(())
    }

    /// What was asked and said of the file that an element hangs on.
    fn resolutions(&self, at: &Place) -> Result<Resolutions<'_>, Refusal> {
        Ok(self.state(at)?.resolutions_on(at.entity))
    }

    /// The request that the user's resolution answers.
    fn request_to_me(&self, at: &Place) -> Result<Option<Uuid>, Refusal> {
        let resolutions = self.resolutions(at)?;
        let mut open = resolutions.open().filter(|asked| {
            let info = asked.request.piece.entity.resolution_request_info.as_ref();
            info.is_some_and(|info| {
                info.actions
                    .contains(&(ResolutionAction::ApproveAction as i32))
            })
        });
        Ok(open
            .find(|asked| self.is_asked(asked))
            .map(|asked| asked.request.id()))
    }

    /// Whether the user is who is asked.
    fn is_asked(&self, asked: &Asked<'_>) -> bool {
        let info = asked.request.piece.entity.resolution_request_info.as_ref();
        let Some(target) = info.and_then(|info| info.target.as_ref()) else {
            return false;
        };
        let department = Uuid::parse_str(target.department_id());
        target.user_id() == self.actor.user.to_string()
            || department.is_ok_and(|department| self.actor.sees(department))
    }

    pub(super) fn request_resolution(
        &mut self,
        at: &Place,
        one: &ResolutionRequestAttachment,
    ) -> Result<(), Refusal> {
        self.actor.needs(Action::RequestResolutions)?;
        let target = self.target(at, one)?;
        let kind = one.r#type();
        let state = self.state(at)?;
        match kind {
            ResolutionRequestType::SignatureRequest => {
                let resolutions = state.resolutions_on(at.entity);
                if resolutions.open().any(|asked| asked.is_for_signature()) {
                    return Err(Refusal::conflict("Документ передан на подпись")
                        .code("DocumentService.InvalidDocumentState"));
                }
                if !state.can_request_signature() {
                    return Err(refusals::state_forbids("его подписать"));
                }
            }
            ResolutionRequestType::ApprovementRequest
            | ResolutionRequestType::ApprovementSignatureRequest => self.check_approvable(at)?,
            _ => {
                return Err(Refusal::bad_request(format!(
                    "{}.Type is not valid",
                    at.path
                )));
            }
        }
        self.ask(
            at.entity,
            Request {
                kind,
                target,
                comment: one.comment(),
                labels: &one.labels,
            },
        );
        Ok(())
    }

    /// Who is asked: an employee, or a department.
    fn target(
        &self,
        at: &Place,
        one: &ResolutionRequestAttachment,
    ) -> Result<ResolutionTarget, Refusal> {
        match (one.target_user_id(), one.target_department_id()) {
            ("", "") => Err(Refusal::bad_request(format!(
                "{}.TargetUserId is required field.",
                at.path
            ))),
            (user, "") => {
                let id = Uuid::parse_str(user).unwrap_or_default();
                self.employee(id).ok_or_else(|| {
                    Refusal::not_found(format!("{}: User {user} not found", at.path))
                })
            }
            ("", department) => {
                let id = Uuid::parse_str(department).unwrap_or(Uuid::max());
                self.department(id)
                    .ok_or_else(|| Refusal::not_found("Department wasn't found"))
            }
            _ => Err(Refusal::bad_request(format!(
                "{}: either TargetUserId or TargetDepartmentId should be specified",
                at.path
            ))),
        }
    }

    /// An employee of the own organization, as a target.
    pub(super) fn employee(&self, user: Uuid) -> Option<ResolutionTarget> {
        let key = (self.actor.box_id, user);
        let employee = self.world.tables.employees.get(&key)?;
        (!employee.is_blocked).then(|| ResolutionTarget {
            user: Some(self.full_name(user)),
            user_id: Some(user.to_string()),
            ..ResolutionTarget::default()
        })
    }

    fn department(&self, id: Uuid) -> Option<ResolutionTarget> {
        let organization = self.world.tables.organizations.get(&self.actor.box_id)?;
        let name = match id {
            HEAD_DEPARTMENT => &organization.short_name,
            id => &organization.departments.get(&id)?.name,
        };
        Some(ResolutionTarget {
            department: Some(name.clone()),
            department_id: Some(id.to_string()),
            ..ResolutionTarget::default()
        })
    }

    /// Adds a request; its id.
    pub(super) fn ask(&mut self, parent: Uuid, request: Request<'_>) -> Uuid {
        use ResolutionAction as Can;
        let actions: &[Can] = match request.kind {
            ResolutionRequestType::SignatureRequest => &[
                Can::SignWithPrimarySignature,
                Can::DenySignatureRequest,
                Can::RejectSigning,
            ],
            ResolutionRequestType::ApprovementSignatureRequest => {
                &[Can::SignWithApprovementSignature, Can::DenySignatureRequest]
            }
            _ => &[Can::ApproveAction, Can::DisapproveAction],
        };
        let info = ResolutionRequestInfo {
            request_type: Some(request.kind as i32),
            author: self.full_name(self.actor.user),
            target: Some(request.target.into()),
            resolved_with: None,
            actions: actions.iter().map(|one| *one as i32).collect(),
        };
        let kind = AttachmentType::ResolutionRequest;
        self.add_note(kind, parent, request.comment, request.labels, |entity| {
            entity.resolution_request_info = Some(Box::new(info));
        })
    }

    pub(super) fn cancel_request(
        &mut self,
        at: &Place,
        one: &ResolutionRequestCancellationAttachment,
    ) -> Result<(), Refusal> {
        self.actor.needs(Action::RequestResolutions)?;
        if self.parent_kind(at) != Some(AttachmentType::ResolutionRequest) {
            let entity = at.entity.to_string();
            return Err(refusals::no_root(&at.path, at.letter, &entity));
        }
        match self.is_open(at)? {
            None => return Err(refusals::nothing_to_cancel(at)),
            Some(false) => return Err(refusals::invalid_state()),
            Some(true) => {}
        }
        self.cancel(at.entity, one.comment(), &one.labels);
        Ok(())
    }

    /// Whether the request that an element is about waits for an answer; none where it was taken back.
    fn is_open(&self, at: &Place) -> Result<Option<bool>, Refusal> {
        let request = self.letter.piece(at.entity);
        let file = request.and_then(|request| request.parent());
        let file = file.ok_or_else(|| refusals::wrong_parent(at))?;
        let resolutions = self.state(at)?.resolutions_on(file);
        let mut requests = resolutions.requests.iter();
        let found = requests.find(|asked| asked.request.id() == at.entity);
        Ok(found.map(|asked| asked.resolved_with.is_none()))
    }

    pub(super) fn deny_request(
        &mut self,
        at: &Place,
        one: &ResolutionRequestDenialAttachment,
    ) -> Result<(), Refusal> {
        let can_deny = self.letter.piece(at.entity).is_some_and(|piece| {
            let info = piece.entity.resolution_request_info.as_ref();
            let deny = ResolutionAction::DenySignatureRequest as i32;
            info.is_some_and(|info| info.actions.contains(&deny))
        });
        if !can_deny {
            return Err(refusals::wrong_parent(at));
        }
        if self.is_open(at)? != Some(true) {
            return Err(refusals::invalid_state());
        }
        let info = ResolutionRequestDenialInfo {
            author: self.full_name(self.actor.user),
            initial_request_id: Some(at.entity.to_string()),
        };
        let kind = AttachmentType::ResolutionRequestDenial;
        self.add_note(kind, at.entity, one.comment(), &one.labels, |entity| {
            entity.resolution_request_denial_info = Some(Box::new(info));
        });
        Ok(())
    }

    pub(super) fn cancel_denial(&mut self, at: &Place) -> Result<(), Refusal> {
        if self.parent_kind(at) != Some(AttachmentType::ResolutionRequestDenial) {
            return Err(refusals::wrong_parent(at));
        }
        let cancelled = AttachmentType::Cancellation;
        if self
            .state(at)?
            .children(at.entity, cancelled)
            .next()
            .is_some()
        {
            return Err(refusals::nothing_to_cancel(at));
        }
        self.cancel(at.entity, "", &[]);
        Ok(())
    }

    fn cancel(&mut self, entity: Uuid, comment: &str, labels: &[String]) {
        let info = CancellationInfo {
            author: self.full_name(self.actor.user),
        };
        let kind = AttachmentType::Cancellation;
        self.add_note(kind, entity, comment, labels, |entity| {
            entity.cancellation_info = Some(Box::new(info));
        });
    }

    /// Adds an entity of the approval, with its comment as the content.
    pub(super) fn add_note(
        &mut self,
        kind: AttachmentType,
        parent: Uuid,
        comment: &str,
        labels: &[String],
        fill: impl FnOnce(&mut diadoc_proto::events::Entity),
    ) -> Uuid {
        let author = self.actor.user.to_string();
        let content = Bytes::copy_from_slice(comment.as_bytes());
        let file = File {
            kind,
            parent,
            content: (!content.is_empty()).then_some(content),
            labels,
            is_internal: true,
            ..File::default()
        };
        self.add_file(file, |entity| {
            entity.author_user_id = Some(author);
            fill(entity);
        })
    }
}
