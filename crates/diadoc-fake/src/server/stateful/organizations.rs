//! Organizations and boxes.

use std::collections::BTreeSet;

use diadoc_core::BoxId;
use diadoc_proto::organizations::{
    AutoBlockStatus, BlockStatus, ManualBlockStatus, OrganizationFeatures,
};
use diadoc_proto::{
    Box as BoxMessage, Department, GetOrganizationsByInnListRequest,
    GetOrganizationsByInnListResponse, Organization, OrganizationList, OrganizationType,
    OrganizationWithCounteragentStatus, ReadyForEpdStatus, ResolutionRoute, ResolutionRouteList,
    Sociability,
};
use uuid::Uuid;

use super::counteragents::{document_id, group_id, status};
use super::{Asked, Handler, count};
use crate::server::Answer;
use crate::world::{HEAD_DEPARTMENT, Refusal, World, model};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetMyOrganizations" => my_organizations,
        "GetOrganization" => get,
        "GetBox" => get_box,
        "GetOrganizationFeatures" => features,
        "GetOrganizationsByInnKpp" => by_inn_kpp,
        "GetOrganizationsByForeignTaxpayerCode" => by_foreign_code,
        "GetOrganizationsByInnList" | "GetOrganizationsByInnListV2" => by_inn_list,
        "GetResolutionRoutes" | "GetResolutionRoutesForOrganization" => routes,
        _ => return None,
    })
}

/// The organizations whose employee the user is, also where the access is closed.
fn my_organizations(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let rows = world.tables.organizations.iter();
    let own = rows.filter(|(box_id, _)| {
        let key = (**box_id, asked.user);
        world.tables.employees.contains(&key)
    });
    let organizations = own.map(|(_, row)| Organization {
        is_employee: Some(true),
        ..organization(world, row)
    });
    Ok(Answer::message(&OrganizationList {
        organizations: organizations.collect(),
    }))
}

/// One organization, by one of its ids; by an INN only where there is no other one.
fn get(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let row = match asked.optional::<BoxId>("boxId")? {
        Some(box_id) => world.organization(box_id)?,
        None => match asked.optional::<Uuid>("orgId")? {
            Some(id) => world.organization_by_id(id)?,
            None => found(world, asked)?,
        },
    };
    Ok(Answer::message(&organization(world, row)))
}

fn found<'w>(world: &'w World, asked: &Asked<'_>) -> Result<&'w model::Organization, Refusal> {
    let rows = || world.tables.organizations.iter().map(|(_, row)| row);
    let mut rows: Vec<_> = match (asked.text("inn"), asked.text("fnsParticipantId")) {
        (Some(inn), _) => rows().filter(|row| row.inn == inn).collect(),
        (None, Some(id)) => {
            let is = |row: &&model::Organization| row.fns_participant_id.eq_ignore_ascii_case(id);
            rows().filter(is).collect()
        }
        _ => Vec::new(),
    };
    if let Some(kpp) = asked.text("kpp") {
        let has = |row: &model::Organization| row.kpp.as_deref() == Some(kpp);
        // Where none has that KPP, the head organization is meant.
        match rows.iter().any(|row| has(row)) {
            true => rows.retain(|row| has(row)),
            false => rows.retain(|row| !row.is_branch),
        }
    }
    match rows.as_slice() {
        [only] => Ok(only),
        [] => Err(Refusal::not_found("Organization not found")),
        _ => Err(Refusal::not_found("There are several organizations")),
    }
}

fn get_box(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let row = world.organization(asked.box_id("boxId")?)?;
    let whole = organization(world, row);
    Ok(Answer::message(&BoxMessage {
        organization: Some(whole.into()),
        ..box_of(row)
    }))
}

fn features(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    world.enter(asked.user, asked.box_id("boxId")?)?;
    Ok(Answer::message(&OrganizationFeatures {
        block_status: BlockStatus {
            manual_block_status: ManualBlockStatus {
                is_blocked: false,
                requested_ticks: None,
            },
            auto_block_status: AutoBlockStatus { is_blocked: false },
        },
        // What the world does; nothing turns one of them off.
        features: [
            "AllowApprovementSignatures",
            "AllowProxifiedDocuments",
            "AllowSendEncryptedDocuments",
            "AllowSendLockedPackets",
        ]
        .map(str::to_owned)
        .into(),
    }))
}

fn by_inn_kpp(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let (inn, kpp) = (asked.text("inn").unwrap_or_default(), asked.text("kpp"));
    let rows = world.tables.organizations.iter().map(|(_, row)| row);
    let rows = rows.filter(|row| row.inn == inn && (kpp.is_none() || row.kpp.as_deref() == kpp));
    let is_counted = asked.flag("includeRelations")? == Some(true);
    let organizations = rows.map(|row| Organization {
        invitation_count: is_counted.then(|| invitations_to(world, row.box_id)),
        ..organization(world, row)
    });
    Ok(Answer::message(&OrganizationList {
        organizations: organizations.collect(),
    }))
}

fn invitations_to(world: &World, box_id: BoxId) -> i32 {
    let relations = world.relations_of(box_id);
    let invites = relations.filter(|(_, one)| one.state == model::RelationState::InvitesMe);
    count(invites.count())
}

/// No organization of the world is a foreign one.
fn by_foreign_code(_: &mut World, _: &Asked<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::message(&OrganizationList::default()))
}

fn by_inn_list(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let mine = match asked.optional::<Uuid>("myOrgId")? {
        Some(id) => Some(world.organization_by_id(id)?.box_id),
        None => asked.optional("myBoxId")?,
    };
    let mine = mine.map(|mine| world.enter(asked.user, mine)).transpose()?;
    let request: GetOrganizationsByInnListRequest = asked.message()?;
    let wanted: BTreeSet<_> = request.inn_list.into_iter().collect();
    let rows = world.tables.organizations.iter().map(|(_, row)| row);
    let rows = rows.filter(|row| wanted.contains(&row.inn));
    let organizations = rows.map(|row| {
        let key = mine.as_ref().map(|mine| (mine.box_id, row.box_id));
        let relation = key.and_then(|key| world.tables.relations.get(&key));
        OrganizationWithCounteragentStatus {
            organization: organization(world, row),
            counteragent_status: Some(status(relation.map(|one| one.state)).into()),
            last_event_timestamp_ticks: relation.map(|one| one.changed.get()),
            message_from_counteragent: relation.and_then(|one| one.message_from.clone()),
            message_to_counteragent: relation.and_then(|one| one.message_to.clone()),
            invitation_document_id: relation.and_then(|one| document_id(one.invitation)),
            counteragent_group_id: relation.and_then(group_id),
        }
    });
    Ok(Answer::message(&GetOrganizationsByInnListResponse {
        organizations: organizations.collect(),
    }))
}

fn routes(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let box_id = match asked.optional::<Uuid>("orgId")? {
        Some(id) => world.organization_by_id(id)?.box_id,
        None => asked.box_id("boxId")?,
    };
    world.enter(asked.user, box_id)?;
    let routes = world.organization(box_id)?.routes.iter();
    let routes = routes.map(|(id, route)| ResolutionRoute {
        route_id: id.to_string(),
        name: route.name.clone(),
    });
    Ok(Answer::message(&ResolutionRouteList {
        resolution_routes: routes.collect(),
    }))
}

/// As the API shows it, with all its departments.
pub(super) fn organization(world: &World, row: &model::Organization) -> Organization {
    let sociability = match row.counteragents_only {
        true => Sociability::CounteragentsOnly,
        false => Sociability::AllOrganizations,
    };
    let kind = match row.inn.len() {
        10 => OrganizationType::Juridical,
        _ => OrganizationType::Individual,
    };
    Organization {
        org_id: row.id.to_string(),
        inn: row.inn.clone(),
        kpp: row.kpp.clone(),
        full_name: row.full_name.clone(),
        short_name: Some(row.short_name.clone()),
        boxes: vec![box_of(row)],
        ogrn: row.ogrn.clone(),
        fns_participant_id: Some(row.fns_participant_id.clone()),
        departments: departments(row, None),
        is_pilot: Some(false),
        is_active: Some(world.has_exchanged(row.box_id)),
        is_test: Some(row.is_test),
        is_branch: Some(row.is_branch),
        is_roaming: Some(false),
        sociability: sociability.into(),
        is_foreign: Some(false),
        has_certificate_to_sign: Some(true),
        organization_type: kind.into(),
        ready_for_epd_status: ReadyForEpdStatus::UndefinedEpdStatus.into(),
        ..Organization::default()
    }
}

/// The departments besides the head one, all or some of them.
pub(super) fn departments(
    row: &model::Organization,
    some: Option<&BTreeSet<Uuid>>,
) -> Vec<Department> {
    let ids = row.departments.keys().copied();
    let ids = ids.filter(|id| some.is_none_or(|some| some.contains(id)));
    ids.map(|id| department(row, id)).collect()
}

/// A department, as everybody sees it.
pub(super) fn department(organization: &model::Organization, id: Uuid) -> Department {
    let Some(row) = organization.departments.get(&id) else {
        return Department {
            department_id: HEAD_DEPARTMENT.to_string(),
            name: organization.full_name.clone(),
            abbreviation: Some(organization.short_name.clone()),
            kpp: organization.kpp.clone(),
            ..Department::default()
        };
    };
    Department {
        department_id: id.to_string(),
        parent_department_id: row.parent.to_string(),
        name: row.name.clone(),
        abbreviation: Some(row.abbreviation.clone()),
        kpp: row.kpp.clone(),
        address: row.address.clone().map(std::boxed::Box::new),
        is_disabled: Some(false),
    }
}

fn box_of(row: &model::Organization) -> BoxMessage {
    BoxMessage {
        box_id: row.box_id.address().to_string(),
        title: row.short_name.clone(),
        box_id_guid: row.box_id.guid().to_string(),
        encrypted_documents_allowed: Some(true),
        ..BoxMessage::default()
    }
}
