//! The user who calls, and the users of an organization.

use diadoc_proto::certificates::{
    CertificateInfoV2, CertificateList, CertificateSubjectType, CertificateType, CertificateUsage,
};
use diadoc_proto::{
    AuthorizationPermission, FullName, LoginPassword, OrganizationUser,
    OrganizationUserPermissions, OrganizationUsersList, UserV2,
};
use uuid::Uuid;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::server::defaults::TOKEN;
use crate::world::model::{self, Action, Employee};
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "AuthenticateV3" => authenticate,
        "GetMyUser" => me,
        "GetMyUserV2" => me_v2,
        "GetMyPermissions" => permissions_of_mine,
        "GetMyCertificates" => certificates,
        "GetOrganizationUsers" | "GetOrganizationUsersV2" => users,
        _ => return None,
    })
}

/// The token of the user of a login, whatever the password; in other ways the user of every token signs
/// in.
fn authenticate(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let login: Option<LoginPassword> = asked.received.message();
    let named = login.and_then(|login| Some(world.user_named(&login.login)?.id));
    let token = match named {
        Some(user) => world.token_of(user),
        // Whoever has this is the user of every token.
        None => world.user_of(None, None).ok().map(|_| TOKEN.to_owned()),
    };
    token
        .map(Answer::text)
        .ok_or_else(|| Refusal::unauthorized("there is no user of that login"))
}

#[expect(deprecated, reason = "the older version answers with it")]
fn me(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let row = user(world, asked.user)?;
    Ok(Answer::message(&diadoc_proto::User {
        id: Some(row.id.to_string()),
        last_name: Some(row.last_name.clone()),
        first_name: Some(row.first_name.clone()),
        middle_name: row.middle_name.clone(),
        cloud_certificates: Vec::new(),
    }))
}

fn me_v2(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::message(&user_v2(user(world, asked.user)?)))
}

fn permissions_of_mine(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let box_id = world.organization_by_id(asked.guid("orgId")?)?.box_id;
    let actor = world.enter(asked.user, box_id)?;
    Ok(Answer::message(&permissions(&actor.employee)))
}

/// The one certificate that stands for the user in this organization, as the fake's signatures do.
fn certificates(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let organization = world.organization(actor.box_id)?;
    let row = user(world, asked.user)?;
    let bytes = row.id.as_bytes().iter().chain(actor.box_id.as_bytes());
    let digits = bytes.take(20).map(|byte| format!("{byte:02X}"));
    let subject = match organization.inn.len() {
        10 => CertificateSubjectType::LegalEntity,
        _ => CertificateSubjectType::IndividualEntity,
    };
    let certificate = CertificateInfoV2 {
        thumbprint: digits.collect(),
        r#type: CertificateType::Token.into(),
        organization_name: Some(organization.full_name.clone()),
        inn: Some(organization.inn.clone()),
        user_first_name: Some(row.first_name.clone()),
        user_middle_name: row.middle_name.clone(),
        user_last_name: Some(row.last_name.clone()),
        user_short_name: Some(short_name(row)),
        is_default: Some(true),
        subject_type: Some(subject.into()),
        usages: vec![CertificateUsage::TokenUsage.into()],
        ..CertificateInfoV2::default()
    };
    Ok(Answer::message(&CertificateList {
        certificates: vec![certificate],
    }))
}

/// Those who have signed in before.
fn users(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let box_id = match asked.optional::<Uuid>("orgId")? {
        Some(id) => world.organization_by_id(id)?.box_id,
        None => asked.box_id("boxId")?,
    };
    let actor = world.enter(asked.user, box_id)?;
    let employees = world.employees_of(actor.box_id).into_iter();
    let users = employees.filter(|(user, _)| user.is_registered);
    let users = users.map(|(user, employee)| OrganizationUser {
        id: user.id.to_string(),
        name: full_name(user),
        permissions: permissions(employee),
        position: employee.position.clone(),
    });
    Ok(Answer::message(&OrganizationUsersList {
        users: users.collect(),
        current_user_id: asked.user.to_string(),
    }))
}

fn user(world: &World, id: Uuid) -> Result<&model::User, Refusal> {
    let row = world.tables.users.get(&id);
    row.ok_or_else(|| Refusal::not_found(format!("User {id} not found")))
}

pub(super) fn user_v2(row: &model::User) -> UserV2 {
    let name = FullName {
        last_name: row.last_name.clone(),
        first_name: row.first_name.clone(),
        middle_name: row.middle_name.clone(),
    };
    let has_name = !row.last_name.is_empty() || !row.first_name.is_empty();
    UserV2 {
        user_id: row.id.to_string(),
        login: Some(row.login.clone()).filter(|login| !login.is_empty()),
        full_name: has_name.then(|| name.into()),
        is_registered: row.is_registered,
    }
}

/// Last, first and middle name.
fn full_name(row: &model::User) -> String {
    let parts = [&row.last_name, &row.first_name];
    let parts = parts.into_iter().chain(&row.middle_name);
    let parts: Vec<_> = parts
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect();
    parts.join(" ")
}

/// Last name and initials.
fn short_name(row: &model::User) -> String {
    let names = [Some(&row.first_name), row.middle_name.as_ref()];
    let initials = names
        .into_iter()
        .flatten()
        .filter_map(|name| name.chars().next());
    let initials: String = initials.map(|initial| format!("{initial}.")).collect();
    format!("{} {initials}", row.last_name)
}

fn permissions(employee: &Employee) -> OrganizationUserPermissions {
    let may = |action| employee.actions.contains(&action);
    let selected = employee.selected_departments.iter();
    OrganizationUserPermissions {
        user_department_id: employee.department.to_string(),
        is_administrator: employee.is_administrator,
        document_access_level: Some(employee.access.into()),
        can_sign_documents: may(Action::SignDocuments),
        can_manage_counteragents: may(Action::ManageCounteragents),
        can_add_resolutions: may(Action::AddResolutions),
        can_request_resolutions: may(Action::RequestResolutions),
        selected_department_ids: selected.map(Uuid::to_string).collect(),
        job_title: Some(employee.position.clone()),
        can_create_documents: may(Action::CreateDocuments),
        authorization_permission: AuthorizationPermission {
            is_blocked: employee.is_blocked,
            comment: employee.block_comment.clone(),
        },
        can_delete_restore_documents: may(Action::DeleteRestoreDocuments),
        can_attach_universal_messages: may(Action::AttachUniversalMessages),
        can_use_goskey_fl: Some(may(Action::UseGoskey)),
        can_create_payment_orders: Some(may(Action::CreatePaymentOrders)),
    }
}
