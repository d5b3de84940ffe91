//! Departments, as everybody and as administrators see them.

use diadoc_core::BoxId;
use diadoc_proto::Timestamp;
use diadoc_proto::departments::{
    Department, DepartmentList, DepartmentToCreate, DepartmentToUpdate, Routing,
};
use uuid::Uuid;

use super::{Asked, Handler, guid_of, page_of};
use crate::server::Answer;
use crate::world::commands::departments::{DepartmentChanges, unknown};
use crate::world::model::{self, Organization};
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetDepartment" => of_organization,
        "GetDepartmentV2" => of_box,
        "AdminGetDepartment" => get,
        "AdminGetDepartments" => list,
        "AdminCreateDepartment" => create,
        "AdminUpdateDepartment" => update,
        "AdminDeleteDepartment" => delete,
        _ => return None,
    })
}

fn of_organization(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let organization = world.organization_by_id(asked.guid("orgId")?)?;
    for_everybody(organization, asked)
}

fn of_box(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let organization = world.organization(asked.box_id("boxId")?)?;
    for_everybody(organization, asked)
}

fn for_everybody(organization: &Organization, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let id = asked.guid("departmentId")?;
    match organization.has_department(id) {
        true => Ok(Answer::message(&super::organizations::department(
            organization,
            id,
        ))),
        false => Err(unknown()),
    }
}

fn get(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_administrator()?;
    shown(world, actor.box_id, asked.guid("departmentId")?)
}

fn list(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_administrator()?;
    let organization = world.organization(actor.box_id)?;
    let mut ids: Vec<_> = organization.departments.iter().collect();
    ids.sort_by_key(|(id, row)| (row.created, **id));
    let ids = ids.into_iter().map(|(id, _)| *id);
    let ids: Vec<_> = [HEAD_DEPARTMENT].into_iter().chain(ids).collect();
    let page = page_of(asked, &ids, 100)?;
    Ok(Answer::message(&DepartmentList {
        departments: page.iter().map(|id| view(organization, *id)).collect(),
        total_count: super::count(ids.len()),
    }))
}

fn create(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let wanted: DepartmentToCreate = asked.message()?;
    let parent = wanted.parent_department_id.as_deref().unwrap_or_default();
    let department = model::Department {
        parent: parent_of(parent)?,
        name: wanted.name,
        abbreviation: wanted.abbreviation,
        kpp: wanted.kpp.filter(|kpp| !kpp.is_empty()),
        address: wanted.address.map(|address| *address),
        routes_by_kpp: wanted.routing.kpp,
        routes_by_address: wanted.routing.address,
        created: world.now(),
    };
    let id = world.create_department(&actor, department)?;
    shown(world, actor.box_id, id)
}

fn update(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let id = asked.guid("departmentId")?;
    let wanted: DepartmentToUpdate = asked.message()?;
    let parent = wanted.parent_department;
    let parent = parent.map(|patch| parent_of(&patch.parent_department_id));
    let naming = wanted.department_naming;
    let changes = DepartmentChanges {
        parent: parent.transpose()?,
        names: naming.map(|patch| (patch.name, patch.abbreviation)),
        kpp: wanted
            .kpp
            .map(|patch| patch.kpp.filter(|kpp| !kpp.is_empty())),
        address: wanted
            .address
            .map(|patch| patch.address.map(|address| *address)),
        routing: wanted.routing.map(|patch| (patch.kpp, patch.address)),
    };
    world.update_department(&actor, id, changes)?;
    shown(world, actor.box_id, id)
}

fn delete(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    world.delete_department(&actor, asked.guid("departmentId")?)?;
    Ok(Answer::nothing())
}

/// Nothing stands for the head department.
fn parent_of(text: &str) -> Result<Uuid, Refusal> {
    match text {
        "" => Ok(HEAD_DEPARTMENT),
        text => guid_of(text, "ParentDepartmentId"),
    }
}

fn shown(world: &World, box_id: BoxId, id: Uuid) -> Result<Answer, Refusal> {
    let organization = world.organization(box_id)?;
    match organization.has_department(id) {
        true => Ok(Answer::message(&view(organization, id))),
        false => Err(unknown()),
    }
}

/// As administrators see it.
fn view(organization: &Organization, id: Uuid) -> Department {
    let Some(row) = organization.departments.get(&id) else {
        return Department {
            id: HEAD_DEPARTMENT.to_string(),
            name: organization.full_name.clone(),
            abbreviation: organization.short_name.clone(),
            kpp: organization.kpp.clone(),
            routing: Routing {
                kpp: false,
                address: false,
            },
            // The server has null here, in spite of the label.
            creation_timestamp: Timestamp { ticks: 0 },
            ..Department::default()
        };
    };
    Department {
        id: id.to_string(),
        parent_department_id: Some(row.parent.to_string()),
        name: row.name.clone(),
        abbreviation: row.abbreviation.clone(),
        kpp: row.kpp.clone(),
        address: row.address.clone().map(std::boxed::Box::new),
        routing: Routing {
            kpp: row.routes_by_kpp,
            address: row.routes_by_address,
        },
        creation_timestamp: Timestamp {
            ticks: row.created.get(),
        },
    }
}
