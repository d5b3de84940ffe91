//! Who sends to whom.

use diadoc_core::BoxId;
use uuid::Uuid;

use super::guid_of;
use crate::world::model::{Party, RelationState};
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

/// A box and its department as a body names them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'m> {
    /// The place in sentences: `MessageToPost.To`.
    pub at: &'m str,
    pub box_id: Option<&'m str>,
    pub department: Option<&'m str>,
}

/// The party that a body names; none where it names no box.
///
/// # Errors
///
/// 400: there is no such box; 404: the box has no such department.
pub(crate) fn party_of(world: &World, named: Named<'_>) -> Result<Option<Party>, Refusal> {
    let Some(text) = named.box_id.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let box_id = super::box_of(text)?;
    let organization = world.tables.organizations.get(&box_id);
    let organization = organization.ok_or_else(|| {
        Refusal::bad_request(format!(
            "{}BoxId: Box {} not found",
            named.at,
            box_id.guid()
        ))
    })?;
    let department = guid_of(named.department, &format!("{}DepartmentId", named.at))?;
    let department = department.unwrap_or(HEAD_DEPARTMENT);
    match organization.has_department(department) {
        true => Ok(Some(Party { box_id, department })),
        false => Err(Refusal::not_found("Department wasn't found")
            .code("OrganizationBoxService.Department.NotFound")),
    }
}

impl World {
    /// The department on whose behalf a box sends.
    ///
    /// # Errors
    ///
    /// 400: there is none.
    pub(super) fn sender(&self, box_id: BoxId, department: Option<Uuid>) -> Result<Party, Refusal> {
        let department = department.unwrap_or(HEAD_DEPARTMENT);
        let organization = self.tables.organizations.get(&box_id);
        match organization.is_some_and(|one| one.has_department(department)) {
            true => Ok(Party { box_id, department }),
            false => Err(Refusal::bad_request("Sender department is not found")),
        }
    }

    /// Refuses what a recipient does not want to get.
    ///
    /// # Errors
    ///
    /// 409: it has broken with the sender, or takes documents from counteragents alone.
    pub(crate) fn may_send(&self, from: BoxId, to: BoxId) -> Result<(), Refusal> {
        let relation = self.tables.relations.get(&(to, from));
        let state = relation.map(|relation| relation.state);
        let recipient = self.tables.organizations.get(&to);
        let is_strict = recipient.is_some_and(|recipient| recipient.counteragents_only);
        match state {
            Some(RelationState::IsRejectedByMe) => Err(Refusal::conflict(
                "Recipient forbids to receive messages from blocked senders",
            )),
            Some(RelationState::Counteragents) => Ok(()),
            _ if is_strict => Err(Refusal::conflict(
                "Recipient allows to receive messages only from counteragents",
            )),
            _ => Ok(()),
        }
    }

    /// Whether one of these boxes is for tests.
    pub(super) fn is_test(&self, boxes: impl IntoIterator<Item = BoxId>) -> bool {
        let mut boxes = boxes.into_iter();
        boxes.any(|box_id| {
            let organization = self.tables.organizations.get(&box_id);
            organization.is_some_and(|organization| organization.is_test)
        })
    }
}
