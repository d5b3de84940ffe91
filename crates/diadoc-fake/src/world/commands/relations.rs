//! Invitations to be counteragents, and what becomes of them.

use std::time::Duration;

use diadoc_core::BoxId;
use diadoc_proto::AcquireCounteragentRequest;
use uuid::Uuid;

use crate::world::access::Actor;
use crate::world::model::{
    Action, DocumentKey, Invitation, InvitationOutcome, Organization, Relation, RelationChange,
    RelationEvent, RelationState, Task,
};
use crate::world::{Refusal, World};

impl World {
    /// How a box stands to others, in the order of their boxes.
    pub(crate) fn relations_of(
        &self,
        box_id: BoxId,
    ) -> impl DoubleEndedIterator<Item = (BoxId, &Relation)> {
        let (first, last) = (BoxId::from_bytes([0; 16]), BoxId::from_bytes([255; 16]));
        let rows = self
            .tables
            .relations
            .range((box_id, first)..=(box_id, last));
        rows.map(|((_, counteragent), relation)| (*counteragent, relation))
    }

    /// How a box stands to another.
    ///
    /// # Errors
    ///
    /// 404 where they have no relations.
    pub(crate) fn relation(
        &self,
        box_id: BoxId,
        counteragent: BoxId,
    ) -> Result<&Relation, Refusal> {
        let relation = self.tables.relations.get(&(box_id, counteragent));
        relation.ok_or_else(|| {
            let id = |box_id: BoxId| match self.tables.organizations.get(&box_id) {
                Some(organization) => organization.id.to_string(),
                None => box_id.guid().to_string(),
            };
            let (mine, theirs) = (id(box_id), id(counteragent));
            Refusal::not_found(format!(
                "Trust relationship between organizations {mine} and {theirs} not found"
            ))
        })
    }

    /// Begins to invite a counteragent, or to accept its invitation; the id of the task.
    ///
    /// # Errors
    ///
    /// 403 for who may not, 404 for an unknown department or counteragent.
    pub(crate) fn acquire(
        &mut self,
        actor: &Actor,
        department: Option<Uuid>,
        request: AcquireCounteragentRequest,
    ) -> Result<Uuid, Refusal> {
        actor.needs_all()?;
        actor.needs(Action::ManageCounteragents)?;
        let department = department.unwrap_or_default();
        if !self.organization(actor.box_id)?.has_department(department) {
            return Err(super::departments::unknown());
        }
        // Whom no organization is found for by INN alone, the task tells.
        if request.inn.as_deref().is_none_or(str::is_empty) {
            self.invited(&request)?;
        }
        let id = self.new_id();
        let invitation = Invitation {
            box_id: actor.box_id,
            user: actor.user,
            department,
            request,
            outcome: None,
        };
        self.tables.invitations.insert(id, invitation);
        self.later(Duration::ZERO, Task::Invite { invitation: id });
        Ok(id)
    }

    /// An invitation of a box, by the id of its task.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub(crate) fn invitation(&self, id: Uuid) -> Result<&Invitation, Refusal> {
        let invitation = self.tables.invitations.get(&id);
        invitation.ok_or_else(|| Refusal::not_found(format!("Task {id} not found")))
    }

    /// Sends an invitation, or accepts the one that came.
    pub(in crate::world) fn invite(&mut self, id: Uuid) -> Result<(), Refusal> {
        let invitation = self.invitation(id)?.clone();
        let (mine, request) = (invitation.box_id, &invitation.request);
        let organization = self.invited(request)?;
        let theirs = organization.box_id;
        let takes_all = !organization.counteragents_only;
        if theirs == mine {
            return Err(Refusal::conflict("An organization can't invite itself"));
        }
        let relation = self.tables.relations.get(&(mine, theirs)).cloned();
        let state = relation.as_ref().map(|relation| relation.state);
        let comment = request.message_to_counteragent.clone();
        let document = match state {
            Some(RelationState::Counteragents | RelationState::IsInvitedByMe) => {
                relation.and_then(|relation| relation.invitation)
            }
            Some(RelationState::InvitesMe) => {
                if relation.is_some_and(|relation| relation.wants_signature) {
                    let id = self.organization(theirs)?.id;
                    return Err(Refusal::conflict(format!(
                        "Cannot accept invitation from {id} with attachment with signature \
                         requested; use PostMessagePatch instead"
                    ))
                    .code("Invitations.RecipientInvitationRequiresResponse"));
                }
                self.accept_invitation(mine, theirs, comment);
                None
            }
            _ => {
                let (document, wants_signature) = self.invitation_document(&invitation, theirs)?;
                // Whom the other side has broken with, it has to accept by itself.
                let is_rejected = state == Some(RelationState::RejectsMe);
                let accepted = takes_all && !wants_signature && !is_rejected;
                self.send_invitation(mine, theirs, comment, document, wants_signature);
                if accepted {
                    self.accept_invitation(theirs, mine, None);
                }
                document
            }
        };
        let outcome = InvitationOutcome::Done {
            counteragent: theirs,
            document,
        };
        self.finish_invitation(id, outcome);
        Ok(())
    }

    /// Notes why an invitation could not be sent or accepted.
    pub(in crate::world) fn fail_invitation(&mut self, id: Uuid, why: &Refusal) {
        let text = why.text.to_string();
        self.finish_invitation(id, InvitationOutcome::Failed { text });
    }

    fn finish_invitation(&mut self, id: Uuid, outcome: InvitationOutcome) {
        if let Some(invitation) = self.tables.invitations.edit(&id) {
            invitation.outcome = Some(outcome);
        }
    }

    /// The organization that is invited: of several with one INN the last one.
    fn invited(&self, request: &AcquireCounteragentRequest) -> Result<&Organization, Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let mut rows = self.tables.organizations.iter().map(|(_, row)| row);
        if let Some(text) = given(&request.box_id) {
            let box_id: Option<BoxId> = text.parse().ok();
            let found = box_id.and_then(|box_id| self.tables.organizations.get(&box_id));
            return found.ok_or_else(|| Refusal::not_found(format!("Box [{text}] not found")));
        }
        if let Some(text) = given(&request.org_id) {
            let id = Uuid::parse_str(&text).ok();
            let found = rows.find(|row| Some(row.id) == id);
            return found
                .ok_or_else(|| Refusal::not_found(format!("Organization {text} not found")));
        }
        let Some(inn) = given(&request.inn) else {
            let text = "AcquireCounteragentRequest.BoxId is required field";
            return Err(Refusal::bad_request(text));
        };
        let found = rows.rfind(|row| row.inn == inn && !row.is_branch);
        let text = || format!("Нельзя пригласить контрагента с ИНН = {inn}");
        found.ok_or_else(|| Refusal::conflict(text()))
    }

    /// A box invites another.
    pub(crate) fn send_invitation(
        &mut self,
        from: BoxId,
        to: BoxId,
        comment: Option<String>,
        document: Option<DocumentKey>,
        wants_signature: bool,
    ) {
        self.relate(from, to, RelationState::IsInvitedByMe, |relation| {
            relation.message_to.clone_from(&comment);
            relation.invitation = document;
            relation.wants_signature = wants_signature;
        });
        self.relate(to, from, RelationState::InvitesMe, |relation| {
            relation.message_from.clone_from(&comment);
            relation.invitation = document;
            relation.wants_signature = wants_signature;
        });
        self.tell_both(
            from,
            to,
            RelationChange::IInvited,
            RelationChange::InvitedMe,
            comment.as_deref(),
        );
    }

    /// A box accepts the invitation of another, by a call or by a signature on its document.
    pub(crate) fn accept_invitation(&mut self, by: BoxId, of: BoxId, comment: Option<String>) {
        self.relate(by, of, RelationState::Counteragents, |relation| {
            if comment.is_some() {
                relation.message_to.clone_from(&comment);
            }
        });
        self.relate(of, by, RelationState::Counteragents, |relation| {
            if comment.is_some() {
                relation.message_from.clone_from(&comment);
            }
        });
        self.tell_both(
            by,
            of,
            RelationChange::IAccepted,
            RelationChange::TheyAccepted,
            comment.as_deref(),
        );
    }

    /// Two boxes become counteragents by what they have signed with each other.
    pub(crate) fn become_counteragents(&mut self, by: BoxId, of: BoxId) {
        let relation = self.tables.relations.get(&(by, of));
        if by == of || relation.is_some_and(|one| one.state == RelationState::Counteragents) {
            return;
        }
        self.relate(by, of, RelationState::Counteragents, |_| {});
        self.relate(of, by, RelationState::Counteragents, |_| {});
        self.tell_both(
            by,
            of,
            RelationChange::IMade,
            RelationChange::TheyMade,
            None,
        );
    }

    /// A box refuses the invitation of another, or breaks with it.
    pub(crate) fn reject(&mut self, by: BoxId, of: BoxId, comment: Option<String>) {
        let before = self.tables.relations.get(&(by, of));
        let was_counteragent =
            before.is_some_and(|relation| relation.state == RelationState::Counteragents);
        let (mine, theirs) = match was_counteragent {
            true => (RelationChange::IBrokeUp, RelationChange::TheyBrokeUp),
            false => (RelationChange::IRejected, RelationChange::TheyRejected),
        };
        self.relate(by, of, RelationState::IsRejectedByMe, |relation| {
            relation.message_to.clone_from(&comment);
        });
        self.relate(of, by, RelationState::RejectsMe, |relation| {
            relation.message_from.clone_from(&comment);
        });
        self.tell_both(by, of, mine, theirs, comment.as_deref());
    }

    /// A box withdraws its invitation: the state before it is back.
    pub(crate) fn withdraw_invitation(&mut self, by: BoxId, of: BoxId, comment: Option<String>) {
        for (one, other) in [(by, of), (of, by)] {
            let before = self.tables.relations.get(&(one, other));
            match before.and_then(|relation| relation.before) {
                Some(state) => self.relate(one, other, state, |relation| {
                    relation.before = None;
                    relation.invitation = None;
                    relation.wants_signature = false;
                }),
                None => {
                    self.tables.relations.remove(&(one, other));
                }
            }
        }
        self.tell_both(
            by,
            of,
            RelationChange::IWithdrew,
            RelationChange::TheyWithdrew,
            comment.as_deref(),
        );
    }

    /// Breaks with a counteragent, refuses its invitation or withdraws the one to it; where there is
    /// nothing of that, nothing happens.
    ///
    /// # Errors
    ///
    /// 403 for who may not, 409 for an invitation that went with a document.
    pub(crate) fn break_with(
        &mut self,
        actor: &Actor,
        counteragent: BoxId,
        comment: Option<String>,
    ) -> Result<(), Refusal> {
        actor.needs(Action::ManageCounteragents)?;
        let relation = self.tables.relations.get(&(actor.box_id, counteragent));
        match relation.map(|relation| (relation.state, relation.invitation)) {
            Some((RelationState::Counteragents | RelationState::InvitesMe, _)) => {
                self.reject(actor.box_id, counteragent, comment);
                Ok(())
            }
            Some((RelationState::IsInvitedByMe, None)) => {
                self.withdraw_invitation(actor.box_id, counteragent, comment);
                Ok(())
            }
            Some((RelationState::IsInvitedByMe, Some(_))) => Err(Refusal::conflict(
                "An invitation with an attachment is withdrawn by a revocation request",
            )),
            _ => Ok(()),
        }
    }

    /// Sets the state of one side.
    fn relate(
        &mut self,
        box_id: BoxId,
        other: BoxId,
        state: RelationState,
        change: impl FnOnce(&mut Relation),
    ) {
        let before = self.tables.relations.get(&(box_id, other)).cloned();
        let mut relation = before
            .clone()
            .unwrap_or_else(|| Relation::new(state, self.now()));
        relation.state = state;
        relation.changed = self.now();
        match state {
            RelationState::IsInvitedByMe | RelationState::InvitesMe => {
                relation.before = before.map(|relation| relation.state);
            }
            // Who is no counteragent is in no group, and has no invitation any more.
            RelationState::RejectsMe | RelationState::IsRejectedByMe => {
                relation.group = None;
                relation.invitation = None;
                relation.wants_signature = false;
            }
            RelationState::Counteragents => {}
        }
        change(&mut relation);
        self.tables.relations.insert((box_id, other), relation);
    }

    fn tell_both(
        &mut self,
        by: BoxId,
        of: BoxId,
        mine: RelationChange,
        theirs: RelationChange,
        comment: Option<&str>,
    ) {
        for (box_id, other, change) in [(by, of, mine), (of, by, theirs)] {
            self.tell_relation(box_id, other, vec![change], comment.map(str::to_owned));
        }
    }

    /// Puts what has happened into the feed of a box: together with what happened at the same moment.
    pub(super) fn tell_relation(
        &mut self,
        box_id: BoxId,
        counteragent: BoxId,
        mut changes: Vec<RelationChange>,
        comment: Option<String>,
    ) {
        let last = self.tables.relation_events.last_number(box_id);
        let now = self.now();
        let same = self.tables.relation_events.get(&(box_id, last));
        let same = same.filter(|event| event.at == now && event.counteragent == counteragent);
        let (number, id, comment) = match same {
            Some(event) => {
                let before = event.changes.iter().copied();
                changes = before.chain(changes).collect();
                (last, event.id, comment.or_else(|| event.comment.clone()))
            }
            None => (last + 1, self.new_id(), comment),
        };
        let relation = self.tables.relations.get(&(box_id, counteragent)).cloned();
        let event = RelationEvent {
            id,
            at: now,
            counteragent,
            changes,
            relation,
            comment,
        };
        self.tables.relation_events.insert((box_id, number), event);
    }
}
