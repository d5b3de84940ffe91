//! The feed of messages and patches.

use diadoc_core::Ticks;
use diadoc_proto::events::{BoxEvent, BoxEventList};
use diadoc_proto::{SortDirection, TotalCountType};
use uuid::Uuid;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::access::Actor;
use crate::world::feed::FeedFilter;
use crate::world::model::{Event, MessageKind};
use crate::world::state::Direction;
use crate::world::views::Shown;
use crate::world::{Refusal, World};

/// The events of a page of old versions, which say nothing of it.
const OLD_LIMIT: usize = 100;
/// The events of a page by default, from V8 on.
const LIMIT: usize = 500;

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetNewEventsV4" => of_whole_box,
        "GetNewEventsV5" | "GetNewEventsV6" => of_department,
        "GetNewEventsV7" => filtered_by_100,
        "GetNewEventsV8" => filtered_by_500,
        "GetEventV2" | "GetEventV3" => event,
        "GetLastEvent" | "GetLastEventV2" => last_event,
        _ => return None,
    })
}

fn of_whole_box(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_all()?;
    old(world, asked, &actor)
}

fn of_department(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    old(world, asked, &actor)
}

fn old(world: &World, asked: &Asked<'_>, actor: &Actor) -> Result<Answer, Refusal> {
    let filter = FeedFilter {
        limit: OLD_LIMIT,
        after: after_event(world, asked, actor)?,
        ..of_user(actor)
    };
    page(world, actor, &filter)
}

/// The feed of who does not see every document: that of the own department.
fn of_user(actor: &Actor) -> FeedFilter {
    FeedFilter {
        department: (!actor.sees_all()).then_some(actor.employee.department),
        ..FeedFilter::default()
    }
}

fn filtered_by_100(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    filtered(world, asked, OLD_LIMIT)
}

fn filtered_by_500(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    filtered(world, asked, LIMIT)
}

fn filtered(world: &World, asked: &Asked<'_>, limit: usize) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let department: Option<Uuid> = asked.optional("departmentId")?;
    if !department.is_some_and(|department| actor.sees(department)) {
        actor.needs_all().map_err(|refusal| {
            refusal.hint(
                "the employee does not see the documents of every department: one that is seen, \
                 given as departmentId, has a feed of its own",
            )
        })?;
    }
    let filter = FeedFilter {
        department,
        kinds: asked.names("messageType", kind)?,
        types: asked.names("typeNamedId", |name| Some(name.to_owned()))?,
        directions: asked.names("documentDirection", direction)?,
        counteragent: asked.optional("counteragentBoxId")?,
        from: asked.ticks("timestampFromTicks")?.map(Ticks::get),
        to: asked.ticks("timestampToTicks")?.map(Ticks::get),
        is_descending: asked.text("orderBy") == Some(SortDirection::Descending.as_str_name()),
        limit: asked.optional("limit")?.unwrap_or(limit),
        after: match asked.text("afterIndexKey") {
            Some(key) => Some(after_key(world, &actor, key)?),
            None => after_event(world, asked, &actor)?,
        },
    };
    page(world, &actor, &filter)
}

fn kind(name: &str) -> Option<MessageKind> {
    match name {
        "Letter" => Some(MessageKind::Letter),
        "Draft" => Some(MessageKind::Draft),
        "Template" => Some(MessageKind::Template),
        _ => None,
    }
}

fn direction(name: &str) -> Option<Direction> {
    match name {
        "Inbound" => Some(Direction::Inbound),
        "Outbound" => Some(Direction::Outbound),
        "Internal" => Some(Direction::Internal),
        _ => None,
    }
}

fn after_key(world: &World, actor: &Actor, key: &str) -> Result<u64, Refusal> {
    let number = world.number_at(actor.box_id, key);
    number.ok_or_else(|| Refusal::bad_request("cursor must have valid value"))
}

fn after_event(world: &World, asked: &Asked<'_>, actor: &Actor) -> Result<Option<u64>, Refusal> {
    let id: Option<Uuid> = asked.optional("afterEventId")?;
    id.map(|id| Ok(world.event(actor.box_id, id)?.0))
        .transpose()
}

fn page(world: &World, actor: &Actor, filter: &FeedFilter) -> Result<Answer, Refusal> {
    let page = world.feed(actor, filter);
    let events = page.events.iter();
    Ok(Answer::message(&BoxEventList {
        events: events
            .filter_map(|(number, event)| view(world, actor, *number, event, false))
            .collect(),
        total_count: Some(i32::try_from(page.total).unwrap_or(i32::MAX)),
        total_count_type: match page.is_cut {
            true => TotalCountType::GreaterThanOrEqual,
            false => TotalCountType::Equal,
        }
        .into(),
    }))
}

fn view(
    world: &World,
    actor: &Actor,
    number: u64,
    event: &Event,
    contents: bool,
) -> Option<BoxEvent> {
    let shown = Shown {
        contents,
        hidden: world.hidden_in(actor, event),
        ..Shown::default()
    };
    world.event_view(actor.box_id, number, event, &shown)
}

/// One event, with the contents of its entities.
fn event(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    actor.needs_all()?;
    let id = asked.guid("eventId")?;
    let (number, event) = world.event(actor.box_id, id)?;
    let event = view(world, &actor, number, &event, true);
    let missing = || Refusal::not_found("Could not determine message id for event");
    Ok(Answer::message(&event.ok_or_else(missing)?))
}

fn last_event(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let last = world.last_event(&actor, &of_user(&actor));
    let last = last.and_then(|(number, event)| view(world, &actor, number, &event, false));
    Ok(match last {
        Some(event) => Answer::message(&event),
        None => Answer::nothing().status(204),
    })
}
