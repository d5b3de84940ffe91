//! Counteragents: invitations, lists and the feed of what changes.

use diadoc_core::{BoxId, Ticks, base64};
use diadoc_proto::events::{
    BoxCounteragentEvent, BoxCounteragentEventList, CounteragentEventType, CounteragentInfo,
};
use diadoc_proto::{
    AcquireCounteragentRequest, AcquireCounteragentResultV2, AsyncMethodResult, Certificate,
    Counteragent, CounteragentCertificateList, CounteragentList, CounteragentStatus, DocumentId,
    TotalCountType,
};
use uuid::Uuid;

use super::organizations::{departments, organization};
use super::{Asked, Handler, count, pending};
use crate::server::Answer;
use crate::world::access::Actor;
use crate::world::commands::groups::DEFAULT_GROUP;
use crate::world::model::{
    Action, DocumentKey, InvitationOutcome, Relation, RelationChange, RelationEvent, RelationState,
};
use crate::world::{Refusal, World, certificate};

/// How far the server counts counteragents.
const MOST_COUNTED: usize = 10_000;

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "AcquireCounteragent" => acquire_by_ids,
        "AcquireCounteragentV2" | "AcquireCounteragentV3" => acquire,
        "AcquireCounteragentResult" => acquired_organization,
        "AcquireCounteragentResultV2" | "AcquireCounteragentResultV3" => acquired,
        "BreakWithCounteragent" | "BreakWithCounteragentV2" => break_with,
        "GetCounteragent" | "GetCounteragentV2" | "GetCounteragentV3" => get,
        "GetCounteragents" | "GetCounteragentsV2" | "GetCounteragentsV3" => list,
        "GetCounteragentCertificates" | "GetCounteragentCertificatesV2" => certificates,
        "GetCounteragentEventsV1" => events,
        _ => return None,
    })
}

/// The older versions name organizations, the newer ones boxes.
fn mine(world: &World, asked: &Asked<'_>) -> Result<Actor, Refusal> {
    let box_id = match asked.optional::<Uuid>("myOrgId")? {
        Some(id) => world.organization_by_id(id)?.box_id,
        None => asked.box_id("myBoxId")?,
    };
    world.enter(asked.user, box_id)
}

fn theirs(world: &World, asked: &Asked<'_>) -> Result<BoxId, Refusal> {
    match asked.optional::<Uuid>("counteragentOrgId")? {
        Some(id) => Ok(world.organization_by_id(id)?.box_id),
        None => asked.box_id("counteragentBoxId"),
    }
}

fn acquire_by_ids(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let request = AcquireCounteragentRequest {
        org_id: Some(asked.guid("counteragentOrgId")?.to_string()),
        message_to_counteragent: asked.text("comment").map(str::to_owned),
        ..AcquireCounteragentRequest::default()
    };
    begin(world, asked, request)
}

fn acquire(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let request = asked.message()?;
    begin(world, asked, request)
}

fn begin(
    world: &mut World,
    asked: &Asked<'_>,
    request: AcquireCounteragentRequest,
) -> Result<Answer, Refusal> {
    let actor = mine(world, asked)?;
    let department = asked.optional("myDepartmentId")?;
    let id = world.acquire(&actor, department, request)?;
    Ok(Answer::message(&AsyncMethodResult {
        task_id: Some(id.to_string()),
    }))
}

/// What came of an invitation; none while it is being dealt with.
fn outcome(
    world: &World,
    asked: &Asked<'_>,
) -> Result<Option<(BoxId, Option<DocumentKey>)>, Refusal> {
    let id = asked.guid("taskId")?;
    let invitation = world.invitation(id)?;
    if let Some(box_id) = asked.optional::<BoxId>("myBoxId")?
        && invitation.box_id != box_id
    {
        world.enter(asked.user, box_id)?;
        return Err(Refusal::not_found(format!("Task {id} not found")));
    }
    let actor = world.enter(asked.user, invitation.box_id)?;
    actor.needs_all()?;
    actor.needs(Action::ManageCounteragents)?;
    match &invitation.outcome {
        None => Ok(None),
        Some(InvitationOutcome::Failed { text }) => Err(Refusal::conflict(text.clone())),
        Some(InvitationOutcome::Done {
            counteragent,
            document,
        }) => Ok(Some((*counteragent, *document))),
    }
}

fn acquired(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let Some((box_id, document)) = outcome(world, asked)? else {
        return Ok(pending(asked));
    };
    Ok(Answer::message(&AcquireCounteragentResultV2 {
        box_id: box_id.address().to_string(),
        invitation_document_id: document_id(document),
    }))
}

#[expect(deprecated, reason = "the older version answers with it")]
fn acquired_organization(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let Some((box_id, document)) = outcome(world, asked)? else {
        return Ok(pending(asked));
    };
    Ok(Answer::message(&diadoc_proto::AcquireCounteragentResult {
        org_id: world.organization(box_id)?.id.to_string(),
        invitation_document_id: document_id(document),
    }))
}

fn break_with(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = mine(world, asked)?;
    let counteragent = theirs(world, asked)?;
    let comment = asked.text("comment").map(str::to_owned);
    world.break_with(&actor, counteragent, comment)?;
    Ok(Answer::nothing())
}

fn get(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = mine(world, asked)?;
    let counteragent = theirs(world, asked)?;
    let relation = world.relation(actor.box_id, counteragent)?;
    let mut shown = view(world, counteragent, relation)?;
    let organization = world.organization(counteragent)?;
    let open = world.departments_for(organization, actor.box_id);
    shown.organization.departments = departments(organization, open.as_ref());
    Ok(Answer::message(&shown))
}

fn list(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = mine(world, asked)?;
    let wanted = asked.text("counteragentStatus");
    let wanted = wanted.map(filter).transpose()?;
    let query = asked.text("query").map(str::to_lowercase);
    let mut rows: Vec<_> = world
        .relations_of(actor.box_id)
        .filter(|(_, relation)| wanted.is_none_or(|states| states.contains(&relation.state)))
        .filter_map(|(box_id, relation)| {
            let row = world.tables.organizations.get(&box_id)?;
            let fits = query.as_ref().is_none_or(|query| {
                let names = [&row.short_name, &row.full_name, &row.inn];
                names
                    .iter()
                    .any(|name| name.to_lowercase().contains(&**query))
            });
            fits.then(|| (index_key(world, box_id), box_id, relation))
        })
        .collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    let after = asked.text("afterIndexKey").map(str::to_uppercase);
    if after.as_ref().is_some_and(|key| !is_index_key(key)) {
        return Err(wrong_cursor());
    }
    let size = asked
        .optional("pageSize")?
        .unwrap_or(100_usize)
        .clamp(1, 100);
    let page = rows
        .iter()
        .filter(|(key, ..)| after.as_ref().is_none_or(|after| key > after))
        .take(size)
        .map(|(key, box_id, relation)| {
            let mut shown = view(world, *box_id, relation)?;
            shown.index_key = Some(key.clone());
            shown.organization.departments.clear();
            Ok(shown)
        });
    let kind = match rows.len() > MOST_COUNTED {
        true => TotalCountType::GreaterThanOrEqual,
        false => TotalCountType::Equal,
    };
    Ok(Answer::message(&CounteragentList {
        total_count: count(rows.len().min(MOST_COUNTED)),
        counteragents: page.collect::<Result<_, Refusal>>()?,
        total_count_type: kind.into(),
    }))
}

/// The states that a filter stands for.
fn filter(name: &str) -> Result<&'static [RelationState], Refusal> {
    Ok(match name {
        "IsMyCounteragent" => &[RelationState::Counteragents],
        "InvitesMe" => &[RelationState::InvitesMe],
        "IsInvitedByMe" => &[RelationState::IsInvitedByMe],
        "Rejected" => &[RelationState::RejectsMe, RelationState::IsRejectedByMe],
        _ => {
            let text = "counteragentStatus: Could not find or parse query param";
            return Err(Refusal::bad_request(text));
        }
    })
}

/// The place of a counteragent in the list: 24 bytes in hexadecimal digits, the last 16 of which are
/// the GUID of its box as .NET writes it.
fn index_key(world: &World, box_id: BoxId) -> String {
    let organization = world.tables.organizations.get(&box_id);
    let id = organization.map(|row| row.id).unwrap_or_default();
    let (head, _) = id.as_bytes().split_at(8);
    let bytes = [head, &Uuid::from(box_id).to_bytes_le()].concat();
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn is_index_key(key: &str) -> bool {
    key.len() == 48 && key.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn wrong_cursor() -> Refusal {
    Refusal::bad_request("cursor must have valid value")
}

fn view(world: &World, box_id: BoxId, relation: &Relation) -> Result<Counteragent, Refusal> {
    Ok(Counteragent {
        index_key: Some(index_key(world, box_id)),
        organization: organization(world, world.organization(box_id)?),
        current_status: Some(status(Some(relation.state)).into()),
        last_event_timestamp_ticks: relation.changed.get(),
        message_from_counteragent: relation.message_from.clone(),
        message_to_counteragent: relation.message_to.clone(),
        invitation_document_id: document_id(relation.invitation),
        counteragent_group_id: group_id(relation),
    })
}

/// A certificate that stands for the counteragent's, as the fake's signatures do.
fn certificates(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = mine(world, asked)?;
    let counteragent = theirs(world, asked)?;
    let relation = world.relation(actor.box_id, counteragent)?;
    let certificates = match relation.state {
        RelationState::Counteragents => vec![Certificate {
            raw_certificate_data: certificate::made_up(),
        }],
        _ => Vec::new(),
    };
    Ok(Answer::message(&CounteragentCertificateList {
        certificates,
    }))
}

fn events(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs(Action::ManageCounteragents)?;
    let from = asked.ticks("timestampFromTicks")?;
    let to = asked.ticks("timestampToTicks")?;
    let after = asked.text("afterIndexKey").map(|text| {
        let bytes = base64::decode(text.as_bytes());
        bytes
            .filter(|bytes| is_event_key(bytes))
            .ok_or_else(wrong_cursor)
    });
    let after = after.transpose()?;
    let limit = asked.optional("limit")?.unwrap_or(100_usize).clamp(1, 100);
    let all = (actor.box_id, 0)..=(actor.box_id, u64::MAX);
    let events: Vec<_> = world
        .tables
        .relation_events
        .range(all)
        .map(|(_, event)| event)
        .filter(|event| from.is_none_or(|from| event.at >= from))
        .filter(|event| to.is_none_or(|to| event.at <= to))
        .map(|event| (event_key(world, event), event))
        .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
        .collect();
    let page = events.iter().take(limit);
    Ok(Answer::message(&BoxCounteragentEventList {
        events: page.map(|(key, event)| event_view(key, event)).collect(),
        total_count: Some(count(events.len())),
        total_count_type: TotalCountType::Equal.into(),
    }))
}

/// The place of an event: its moment, and the organization as .NET writes it.
fn event_key(world: &World, event: &RelationEvent) -> Vec<u8> {
    let organization = world.tables.organizations.get(&event.counteragent);
    let id = organization.map(|row| row.id).unwrap_or_default();
    [&event.at.get().to_be_bytes()[..], &id.to_bytes_le()].concat()
}

fn is_event_key(key: &[u8]) -> bool {
    let moment = key.first_chunk().map(|moment| i64::from_be_bytes(*moment));
    key.len() == 24 && moment.is_some_and(|moment| Ticks::new(moment).is_ok())
}

fn event_view(key: &[u8], event: &RelationEvent) -> BoxCounteragentEvent {
    let relation = event.relation.as_ref();
    let is_counteragent = relation.is_some_and(|one| one.state == RelationState::Counteragents);
    let info = CounteragentInfo {
        counteragent_box_id: event.counteragent.guid().to_string(),
        status: status(relation.map(|one| one.state)).into(),
        event_timestamp_ticks: event.at.get(),
        last_event_comment: event.comment.clone().filter(|_| !is_counteragent),
        message_from_counteragent: relation.and_then(|one| one.message_from.clone()),
        message_to_counteragent: relation.and_then(|one| one.message_to.clone()),
        invitation_document_id: relation.and_then(|one| document_id(one.invitation)),
        counteragent_group_id: relation.and_then(group_id),
    };
    BoxCounteragentEvent {
        event_id: event.id.to_string(),
        counteragent: Some(info.into()),
        index_key: Some(base64::encode_to_string(key)),
        event_types: event
            .changes
            .iter()
            .filter_map(|change| Some(event_type(*change)?.into()))
            .collect(),
    }
}

/// A move to another group is an event without a type.
fn event_type(change: RelationChange) -> Option<CounteragentEventType> {
    use CounteragentEventType as Type;
    Some(match change {
        RelationChange::IInvited => Type::IInvitedCounteragent,
        RelationChange::InvitedMe => Type::CounteragentInvitedMe,
        RelationChange::TheyAccepted => Type::CounteragentAcceptedInvitation,
        RelationChange::IAccepted => Type::IAcceptedInvitation,
        RelationChange::IWithdrew => Type::IWithdrewInvitation,
        RelationChange::TheyWithdrew => Type::CounteragentWithdrewInvitation,
        RelationChange::IRejected => Type::IRejectedInvitation,
        RelationChange::TheyRejected => Type::CounteragentRejectedInvitation,
        RelationChange::IBrokeUp => Type::IBrokeUpWithCounteragent,
        RelationChange::TheyBrokeUp => Type::CounteragentBrokeUpWithMe,
        RelationChange::IMade => Type::IMadeCounteragent,
        RelationChange::TheyMade => Type::CounteragentMadeMe,
        RelationChange::Group => return None,
    })
}

/// As the API has it.
pub(super) fn status(state: Option<RelationState>) -> CounteragentStatus {
    match state {
        None => CounteragentStatus::NotInCounteragentList,
        Some(RelationState::Counteragents) => CounteragentStatus::IsMyCounteragent,
        Some(RelationState::InvitesMe) => CounteragentStatus::InvitesMe,
        Some(RelationState::IsInvitedByMe) => CounteragentStatus::IsInvitedByMe,
        Some(RelationState::RejectsMe) => CounteragentStatus::RejectsMe,
        Some(RelationState::IsRejectedByMe) => CounteragentStatus::IsRejectedByMe,
    }
}

/// Counteragents alone are in a group.
pub(super) fn group_id(relation: &Relation) -> Option<String> {
    let is_counteragent = relation.state == RelationState::Counteragents;
    is_counteragent.then(|| relation.group.unwrap_or(DEFAULT_GROUP).to_string())
}

pub(super) fn document_id<T: From<DocumentId>>(document: Option<DocumentKey>) -> Option<T> {
    document.map(|key| {
        T::from(DocumentId {
            message_id: key.letter.to_string(),
            entity_id: key.entity.to_string(),
        })
    })
}
