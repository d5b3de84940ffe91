//! Groups of counteragents.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use diadoc_proto::counteragent_groups::{
    CounteragentFromGroupResponse, CounteragentGroup, CounteragentGroupToCreate,
    CounteragentGroupToUpdate, CounteragentGroupsList, DepartmentsInGroup,
};
use uuid::Uuid;

use super::{Asked, Handler, count, guid_of, page_of};
use crate::server::Answer;
use crate::world::model::{Action, Group};
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetCounteragentGroup" => get,
        "GetCounteragentGroups" => list,
        "GetCounteragentsFromGroup" => members,
        "CreateCounteragentGroup" => create,
        "UpdateCounteragentGroup" => update,
        "DeleteCounteragentGroup" => delete,
        "AddCounteragentToGroup" => add,
        _ => return None,
    })
}

fn get(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs(Action::ManageCounteragents)?;
    shown(world, actor.box_id, asked.guid("counteragentGroupId")?)
}

fn list(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs(Action::ManageCounteragents)?;
    let groups = world.groups(actor.box_id);
    let page = page_of(asked, &groups, 100)?;
    Ok(Answer::message(&CounteragentGroupsList {
        groups: page.iter().map(|(id, group)| view(*id, group)).collect(),
        total_count: count(groups.len()),
    }))
}

/// The key of a page is the GUID of the last box of the one before.
fn members(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_administrator()?;
    actor.needs(Action::ManageCounteragents)?;
    let id = asked.guid("counteragentGroupId")?;
    world.group(actor.box_id, id)?;
    let members = world.group_members(actor.box_id, id);
    let after = asked.text("afterIndexKey").map(|text| {
        let after = text.parse::<BoxId>();
        after.map_err(|_| Refusal::bad_request("cursor must have valid value"))
    });
    let after = after.transpose()?;
    let size = asked.optional("count")?.unwrap_or(100_usize).clamp(1, 100);
    let rest = members
        .iter()
        .filter(|one| after.is_none_or(|after| **one > after));
    let rest: Vec<_> = rest.copied().collect();
    let page = rest.get(..size.min(rest.len())).unwrap_or_default();
    let next = page.last().filter(|_| page.len() < rest.len());
    Ok(Answer::message(&CounteragentFromGroupResponse {
        counteragent_box_id: page.iter().map(|one| one.guid().to_string()).collect(),
        total_count: count(members.len()),
        after_index_key: next.map(|one| one.guid().to_string()),
    }))
}

fn create(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let wanted: CounteragentGroupToCreate = asked.message()?;
    let departments = wanted.departments.map(|list| *list);
    let group = Group {
        name: wanted.name,
        departments: departments.map(|list| ids(&list)).transpose()?.flatten(),
    };
    let id = world.create_group(&actor, group)?;
    shown(world, actor.box_id, id)
}

fn update(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let id = asked.guid("counteragentGroupId")?;
    let wanted: CounteragentGroupToUpdate = asked.message()?;
    let departments = match wanted.group_departments {
        None => None,
        Some(patch) if patch.any_department => Some(None),
        Some(patch) => Some(ids(&patch.departments.unwrap_or_default())?),
    };
    world.update_group(&actor, id, wanted.name, departments)?;
    shown(world, actor.box_id, id)
}

fn delete(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    world.delete_group(&actor, asked.guid("counteragentGroupId")?)?;
    Ok(Answer::nothing())
}

fn add(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let counteragent = asked.box_id("counteragentBoxId")?;
    world.add_to_group(&actor, counteragent, asked.guid("counteragentGroupId")?)?;
    Ok(Answer::nothing())
}

/// The departments of a list; an empty list stands for all of them, and an empty id for none.
fn ids(list: &DepartmentsInGroup) -> Result<Option<BTreeSet<Uuid>>, Refusal> {
    let ids = list.department_ids.iter();
    let ids = ids.filter(|text| !text.is_empty());
    let ids = ids.map(|text| guid_of(text, "DepartmentIds"));
    let ids: BTreeSet<_> = ids.collect::<Result<_, _>>()?;
    Ok(Some(ids).filter(|ids| !ids.is_empty()))
}

fn shown(world: &World, box_id: BoxId, id: Uuid) -> Result<Answer, Refusal> {
    Ok(Answer::message(&view(id, &world.group(box_id, id)?)))
}

fn view(id: Uuid, group: &Group) -> CounteragentGroup {
    let departments = group.departments.as_ref().map(|ids| {
        DepartmentsInGroup {
            department_ids: ids.iter().map(Uuid::to_string).collect(),
        }
        .into()
    });
    CounteragentGroup {
        counteragent_group_id: id.to_string(),
        name: group.name.clone(),
        departments,
    }
}
