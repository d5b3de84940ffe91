//! Employees and what they are told of by e-mail.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use diadoc_proto::employees::subscriptions::{
    EmployeeSubscriptions, Subscription, SubscriptionsToUpdate,
};
use diadoc_proto::employees::{
    Employee, EmployeeAction, EmployeeExternalIdentity, EmployeeList, EmployeePermissions,
    EmployeeToCreate, EmployeeToCreateCredentials, EmployeeToUpdate,
};
use diadoc_proto::{AuthorizationPermission, DocumentAccessLevel, FullName, Timestamp};
use uuid::Uuid;

use super::users::user_v2;
use super::{Asked, Handler, count, guid_of, page_of};
use crate::server::Answer;
use crate::world::commands::employees::{EmployeeChanges, NewUser, SUBSCRIPTIONS};
use crate::world::model::{self, Action, User};
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetMyEmployee" => mine,
        "GetEmployee" => get,
        "GetEmployees" => list,
        "GetEmployeesByExternalId" => by_external_id,
        "CreateEmployee" => create,
        "UpdateEmployee" => update,
        "DeleteEmployee" => delete,
        "GetSubscriptions" => subscriptions,
        "UpdateSubscriptions" => update_subscriptions,
        _ => return None,
    })
}

fn mine(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    shown(world, actor.box_id, asked.user)
}

fn get(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_administrator()?;
    shown(world, actor.box_id, asked.guid("userId")?)
}

fn list(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_administrator()?;
    let employees = world.employees_of(actor.box_id);
    let page = page_of(asked, &employees, 50)?;
    Ok(Answer::message(&EmployeeList {
        employees: page.iter().map(|(user, row)| view(user, row)).collect(),
        total_count: count(employees.len()),
    }))
}

fn by_external_id(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_administrator()?;
    let id = asked.text("externalId").unwrap_or_default();
    let mut employees = world.employees_of(actor.box_id);
    employees.retain(|(_, row)| {
        row.external
            .as_ref()
            .is_some_and(|account| account.id == id)
    });
    if employees.is_empty() {
        return Err(Refusal::not_found(format!("Employee {id} not found")));
    }
    Ok(Answer::message(&EmployeeList {
        employees: employees
            .iter()
            .map(|(user, row)| view(user, row))
            .collect(),
        total_count: count(employees.len()),
    }))
}

fn create(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let wanted: EmployeeToCreate = asked.message()?;
    let block = wanted.permissions.authorization_permission.clone();
    let block = block.unwrap_or_default();
    let actions = actions(&wanted.permissions.actions)?;
    let employee = model::Employee {
        department: department(&wanted.permissions.user_department_id)?,
        is_administrator: wanted.permissions.is_administrator,
        access: access(wanted.permissions.document_access_level)?,
        selected_departments: departments(&wanted.permissions.selected_department_ids)?,
        actions: allowed(&actions),
        is_blocked: block.is_blocked,
        block_comment: block.comment,
        position: wanted.position.unwrap_or_default(),
        can_be_invited_for_chat: wanted.can_be_invited_for_chat,
        unsubscribed: BTreeSet::new(),
        external: None,
        created: world.now(),
    };
    let id = world.create_employee(&actor, new_user(wanted.credentials), employee)?;
    shown(world, actor.box_id, id)
}

/// The login is an e-mail address, in whichever way the user is going to sign in.
fn new_user(credentials: EmployeeToCreateCredentials) -> NewUser {
    let named = |login, name: Option<std::boxed::Box<FullName>>| NewUser {
        login,
        name: name.map(|name| (name.last_name, name.first_name, name.middle_name)),
    };
    match credentials {
        EmployeeToCreateCredentials {
            login: Some(by), ..
        } => named(Some(by.login), by.full_name),
        EmployeeToCreateCredentials {
            sso_provider: Some(by),
            ..
        } => named(Some(by.email), by.full_name),
        EmployeeToCreateCredentials { certificate, .. } => {
            named(certificate.and_then(|by| by.email), None)
        }
    }
}

fn update(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let user = asked.guid("userId")?;
    let wanted: EmployeeToUpdate = asked.message()?;
    let permissions = wanted.permissions.unwrap_or_default();
    let moved = permissions.department;
    let level = permissions.document_access_level;
    let selected = permissions.selected_departments;
    let block = permissions.authorization_permission;
    let changes = EmployeeChanges {
        department: moved
            .map(|patch| department(&patch.department_id))
            .transpose()?,
        is_administrator: permissions
            .is_administrator
            .map(|patch| patch.is_administrator),
        access: level
            .map(|patch| access(patch.document_access_level))
            .transpose()?,
        selected_departments: selected
            .map(|patch| departments(&patch.selected_department_ids))
            .transpose()?,
        actions: actions(&permissions.actions)?,
        block: block.map(|patch| (patch.is_blocked, patch.comment)),
        position: wanted
            .position
            .map(|patch| patch.position.unwrap_or_default()),
        can_be_invited_for_chat: wanted
            .can_be_invited_for_chat
            .map(|patch| patch.can_be_invited_for_chat),
    };
    world.update_employee(&actor, user, changes)?;
    shown(world, actor.box_id, user)
}

fn delete(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    world.delete_employee(&actor, asked.guid("userId")?)?;
    Ok(Answer::nothing())
}

fn subscriptions(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let user = asked.guid("userId")?;
    world.may_see_subscriptions(&actor, user)?;
    subscriptions_of(world, actor.box_id, user)
}

fn update_subscriptions(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let user = asked.guid("userId")?;
    let wanted: SubscriptionsToUpdate = asked.message()?;
    let wanted = wanted.subscriptions.into_iter();
    let wanted = wanted.map(|one| (one.id, one.is_subscribed)).collect();
    world.update_subscriptions(&actor, user, wanted)?;
    subscriptions_of(world, actor.box_id, user)
}

fn subscriptions_of(world: &World, box_id: BoxId, user: Uuid) -> Result<Answer, Refusal> {
    let employee = world.employee(box_id, user)?;
    let subscriptions = SUBSCRIPTIONS.map(|id| Subscription {
        id: id.to_owned(),
        is_subscribed: !employee.unsubscribed.contains(id),
    });
    Ok(Answer::message(&EmployeeSubscriptions {
        subscriptions: subscriptions.into(),
    }))
}

fn shown(world: &World, box_id: BoxId, user: Uuid) -> Result<Answer, Refusal> {
    let employee = world.employee(box_id, user)?;
    let row = world.tables.users.get(&user);
    let row = row.ok_or_else(|| Refusal::not_found(format!("User {user} not found")))?;
    Ok(Answer::message(&view(row, employee)))
}

fn view(user: &User, row: &model::Employee) -> Employee {
    let action = |action: Action| EmployeeAction {
        name: action.as_str().to_owned(),
        is_allowed: row.actions.contains(&action),
    };
    let selected = row.selected_departments.iter();
    let block = AuthorizationPermission {
        is_blocked: row.is_blocked,
        comment: row.block_comment.clone(),
    };
    Employee {
        user: user_v2(user),
        permissions: EmployeePermissions {
            user_department_id: row.department.to_string(),
            is_administrator: row.is_administrator,
            document_access_level: row.access.into(),
            selected_department_ids: match row.access {
                DocumentAccessLevel::SelectedDepartments => selected.map(Uuid::to_string).collect(),
                _ => Vec::new(),
            },
            actions: Action::ALL.map(action).into(),
            authorization_permission: Some(block.into()),
        },
        position: row.position.clone(),
        can_be_invited_for_chat: row.can_be_invited_for_chat,
        creation_timestamp: Some(
            Timestamp {
                ticks: row.created.get(),
            }
            .into(),
        ),
        external_identity: row.external.as_ref().map(|account| {
            EmployeeExternalIdentity {
                external_id: Some(account.id.clone()),
                email: account.email.clone(),
            }
            .into()
        }),
    }
}

fn access(number: i32) -> Result<DocumentAccessLevel, Refusal> {
    let level = DocumentAccessLevel::try_from(number).ok();
    let level = level.filter(|level| *level != DocumentAccessLevel::UnknownDocumentAccessLevel);
    level.ok_or_else(|| Refusal::bad_request("DocumentAccessLevel is unknown"))
}

fn department(text: &str) -> Result<Uuid, Refusal> {
    match text {
        "" => Ok(HEAD_DEPARTMENT),
        text => guid_of(text, "DepartmentId"),
    }
}

fn departments(texts: &[String]) -> Result<BTreeSet<Uuid>, Refusal> {
    texts.iter().map(|text| department(text)).collect()
}

fn actions(actions: &[EmployeeAction]) -> Result<Vec<(Action, bool)>, Refusal> {
    let actions = actions.iter().map(|action| {
        let known = Action::from_name(&action.name);
        let unknown = || Refusal::bad_request(format!("There is no action {}", action.name));
        Ok((known.ok_or_else(unknown)?, action.is_allowed))
    });
    actions.collect()
}

fn allowed(actions: &[(Action, bool)]) -> BTreeSet<Action> {
    let allowed = actions.iter().filter(|(_, is_allowed)| *is_allowed);
    allowed.map(|(action, _)| *action).collect()
}
