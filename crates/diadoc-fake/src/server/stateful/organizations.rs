//! Organizations and boxes.

use diadoc_proto::{Box as BoxMessage, Organization, OrganizationList};

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::{Refusal, World, model};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetMyOrganizations" => my_organizations,
        _ => return None,
    })
}

/// The organizations whose employee the user is.
fn my_organizations(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let organizations = world
        .organizations_of(asked.user)
        .map(organization)
        .collect();
    Ok(Answer::message(&OrganizationList { organizations }))
}

/// As the API shows it.
fn organization(row: &model::Organization) -> Organization {
    let box_id = row.box_id.address().to_string();
    Organization {
        org_id: row.id.to_string(),
        inn: row.inn.clone(),
        kpp: row.kpp.clone(),
        full_name: row.full_name.clone(),
        short_name: Some(row.short_name.clone()),
        boxes: vec![BoxMessage {
            box_id,
            title: row.short_name.clone(),
            box_id_guid: row.box_id.guid().to_string(),
            ..BoxMessage::default()
        }],
        ogrn: row.ogrn.clone(),
        fns_participant_id: Some(row.fns_participant_id.clone()),
        is_test: Some(row.is_test),
        ..Organization::default()
    }
}
