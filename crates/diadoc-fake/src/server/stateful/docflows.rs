//! Documents with their docflow, in each version.

use bytes::Bytes;
use diadoc_core::Ticks;
use diadoc_proto::docflow::{
    DocflowEvent, DocflowEventV3, DocflowEventV4, DocflowEventV5, DocumentWithDocflow,
    DocumentWithDocflowV3, DocumentWithDocflowV4, DocumentWithDocflowV5, FetchedDocument,
    FetchedDocumentV3, FetchedDocumentV4, FetchedDocumentV5, GetDocflowBatchRequest,
    GetDocflowBatchResponse, GetDocflowBatchResponseV3, GetDocflowBatchResponseV4,
    GetDocflowBatchResponseV5, GetDocflowEventsRequest, GetDocflowEventsResponse,
    GetDocflowEventsResponseV3, GetDocflowEventsResponseV4, GetDocflowEventsResponseV5,
    GetDocflowsByPacketIdRequest, GetDocflowsByPacketIdResponse, GetDocflowsByPacketIdResponseV3,
    GetDocflowsByPacketIdResponseV4, GetDocflowsByPacketIdResponseV5, SearchDocflowsRequest,
    SearchDocflowsResponse, SearchDocflowsResponseV3, SearchDocflowsResponseV4,
    SearchDocflowsResponseV5,
};
use diadoc_proto::{DocumentDirection, DocumentId, SortDirection, Timestamp, TotalCountType};
use uuid::Uuid;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::docflows::{BEGINNING, FeedFilter, FeedItem, Query, SearchScope, key_of};
use crate::world::model::{DocumentKey, MessageKind};
use crate::world::state::Direction;
use crate::world::views::docflow::{Contents, Version, document_id};
use crate::world::{Refusal, World};

/// A page has at most so many documents, and a call may ask for as many.
const MOST_DOCUMENTS: usize = 100;
/// A page has so many events where a call does not say how many, and at most so many.
const EVENTS: i32 = 100;
const MOST_EVENTS: i32 = 500;

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetDocflowsV2" => by_ids::<DocumentWithDocflow>,
        "GetDocflowsV3" => by_ids::<DocumentWithDocflowV3>,
        "GetDocflowsV4" => by_ids::<DocumentWithDocflowV4>,
        "GetDocflowsV5" => by_ids::<DocumentWithDocflowV5>,
        "GetDocflowsByPacketIdV2" => by_packet::<DocumentWithDocflow>,
        "GetDocflowsByPacketIdV3" => by_packet::<DocumentWithDocflowV3>,
        "GetDocflowsByPacketIdV4" => by_packet::<DocumentWithDocflowV4>,
        "GetDocflowsByPacketIdV5" => by_packet::<DocumentWithDocflowV5>,
        "SearchDocflowsV2" => search::<DocumentWithDocflow>,
        "SearchDocflowsV3" => search::<DocumentWithDocflowV3>,
        "SearchDocflowsV4" => search::<DocumentWithDocflowV4>,
        "SearchDocflowsV5" => search::<DocumentWithDocflowV5>,
        "GetDocflowEventsV2" => events::<DocumentWithDocflow>,
        "GetDocflowEventsV3" => events::<DocumentWithDocflowV3>,
        "GetDocflowEventsV4" => events::<DocumentWithDocflowV4>,
        "GetDocflowEventsV5" => events::<DocumentWithDocflowV5>,
        _ => return None,
    })
}

/// A change as every version tells it.
struct Change<V> {
    event_id: String,
    timestamp: Timestamp,
    document_id: DocumentId,
    index_key: Bytes,
    document: Option<Box<V>>,
    previous_event_id: Option<String>,
    previous_document_state: Option<Box<V>>,
}

/// What the methods of a version answer with.
trait Bodies: Version {
    /// Only who sees all documents may ask for some by their ids.
    const NEEDS_ALL: bool;

    fn by_ids(documents: Vec<Self>) -> Answer;
    fn by_packet(documents: Vec<(Self, Bytes)>, next: Option<Bytes>) -> Answer;
    fn found(documents: Vec<Self>, more: bool) -> Answer;
    fn events(total: i32, changes: Vec<Change<Self>>) -> Answer;
}

/// The bodies of a version: its fields are optional, or are not.
macro_rules! bodies {
    ($version:ident, $needs_all:literal, $batch:ident, $packet:ident, $fetched:ident, $found:ident,
     $more:expr, $events:ident, $event:ident, $total:expr, $given:expr, $boxed:expr, $boxed_id:expr) => {
        impl Bodies for $version {
            const NEEDS_ALL: bool = $needs_all;

            fn by_ids(documents: Vec<Self>) -> Answer {
                Answer::message(&$batch { documents })
            }

            fn by_packet(documents: Vec<(Self, Bytes)>, next: Option<Bytes>) -> Answer {
                let fetched = documents.into_iter();
                Answer::message(&$packet {
                    documents: fetched
                        .map(|(document, index_key)| $fetched {
                            document,
                            index_key,
                        })
                        .collect(),
                    next_page_index_key: next,
                })
            }

            fn found(documents: Vec<Self>, more: bool) -> Answer {
                Answer::message(&$found {
                    documents,
                    have_more_documents: $more(more),
                })
            }

            fn events(total: i32, changes: Vec<Change<Self>>) -> Answer {
                let changes = changes.into_iter();
                Answer::message(&$events {
                    total_count: $total(total),
                    events: changes
                        .map(|change| $event {
                            event_id: $given(change.event_id),
                            timestamp: $boxed(change.timestamp),
                            document_id: $boxed_id(change.document_id),
                            index_key: $given(change.index_key),
                            document: change.document,
                            previous_event_id: change.previous_event_id,
                            previous_document_state: change.previous_document_state,
                        })
                        .collect(),
                    total_count_type: TotalCountType::Equal.into(),
                })
            }
        }
    };
}

use std::convert::identity as same;

bodies!(
    DocumentWithDocflow,
    true,
    GetDocflowBatchResponse,
    GetDocflowsByPacketIdResponse,
    FetchedDocument,
    SearchDocflowsResponse,
    Some,
    GetDocflowEventsResponse,
    DocflowEvent,
    Some,
    Some,
    |one| Some(Box::new(one)),
    |one| Some(Box::new(one))
);
bodies!(
    DocumentWithDocflowV3,
    true,
    GetDocflowBatchResponseV3,
    GetDocflowsByPacketIdResponseV3,
    FetchedDocumentV3,
    SearchDocflowsResponseV3,
    same,
    GetDocflowEventsResponseV3,
    DocflowEventV3,
    same,
    same,
    same,
    same
);
bodies!(
    DocumentWithDocflowV4,
    true,
    GetDocflowBatchResponseV4,
    GetDocflowsByPacketIdResponseV4,
    FetchedDocumentV4,
    SearchDocflowsResponseV4,
    Some,
    GetDocflowEventsResponseV4,
    DocflowEventV4,
    Some,
    same,
    same,
    same
);
bodies!(
    DocumentWithDocflowV5,
    false,
    GetDocflowBatchResponseV5,
    GetDocflowsByPacketIdResponseV5,
    FetchedDocumentV5,
    SearchDocflowsResponseV5,
    same,
    GetDocflowEventsResponseV5,
    DocflowEventV5,
    Some,
    same,
    same,
    same
);

fn by_ids<V: Bodies>(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    if V::NEEDS_ALL {
        actor.needs_all()?;
    }
    let body: GetDocflowBatchRequest = asked.message()?;
    if body.requests.len() > MOST_DOCUMENTS {
        let text = format!("Requests: at most {MOST_DOCUMENTS} documents in a call");
        return Err(Refusal::bad_request(text));
    }
    let contents = Contents::new(false);
    let mut documents = Vec::new();
    for request in &body.requests {
        let key = key_in(&request.document_id)?;
        let last = request.last_event_id.as_deref().filter(|id| !id.is_empty());
        let last = last.map(|id| guid(id, "LastEventId")).transpose()?;
        let state = world.document_after(actor.box_id, key, last)?;
        actor.needs_document(&state)?;
        contents.inject(request.inject_entity_content());
        documents.push(world.docflow_view(&state, &contents));
    }
    Ok(V::by_ids(documents))
}

fn by_packet<V: Bodies>(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let body: GetDocflowsByPacketIdRequest = asked.message()?;
    let packet = guid(&body.packet_id, "PacketId")?;
    let count = count_in(body.count())?;
    let page = world.packet_page(&actor, packet, body.after_index_key.as_ref(), count)?;
    let contents = Contents::new(body.inject_entity_content());
    let documents: Vec<(V, Bytes)> = page
        .documents
        .iter()
        .map(|state| (world.docflow_view(state, &contents), key_of(state.key())))
        .collect();
    let next = documents.last().map(|(_, key)| key.clone());
    let next = next.or(body.after_index_key);
    // A page of none has more behind it, too.
    let next = page
        .has_more
        .then(|| next.unwrap_or_else(|| key_of(BEGINNING)));
    Ok(V::by_packet(documents, next))
}

fn search<V: Bodies>(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    use diadoc_proto::docflow::SearchScope as Asked;
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let body: SearchDocflowsRequest = asked.message()?;
    let count = count_in(body.count())?;
    let first = usize::try_from(body.first_index());
    let first = first.map_err(|_| Refusal::bad_request("FirstIndex: must not be negative"))?;
    let scope = match body.scope() {
        Asked::SearchScopeInbound => SearchScope::Direction(Direction::Inbound),
        Asked::SearchScopeOutbound => SearchScope::Direction(Direction::Outbound),
        Asked::SearchScopeInternal => SearchScope::Direction(Direction::Internal),
        Asked::SearchScopeDeleted => SearchScope::Deleted,
        _ => SearchScope::Any,
    };
    let query = Query::parse(&body.query_string);
    let mut found = world.search_docflows(&actor, &query, scope).skip(first);
    let contents = Contents::new(body.inject_entity_content());
    let documents = found.by_ref().take(count).map(|key| {
        let state = world.document_after(actor.box_id, key, None)?;
        Ok(world.docflow_view(&state, &contents))
    });
    let documents = documents.collect::<Result<_, Refusal>>()?;
    let more = found.next().is_some();
    Ok(V::found(documents, more))
}

fn events<V: Bodies>(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let body: GetDocflowEventsRequest = asked.message()?;
    let limit = body.limit.unwrap_or(EVENTS);
    if !(1..=MOST_EVENTS).contains(&limit) {
        let text = format!("Limit: from 1 to {MOST_EVENTS}");
        return Err(Refusal::bad_request(text));
    }
    let filter = filter_in(&body)?;
    match filter.department {
        // The second version does not know of departments of its user.
        Some(department) if !V::NEEDS_ALL || actor.sees_all() => {
            if !actor.sees(department) {
                return Err(Refusal::forbidden("У вас нет доступа к подразделению"));
            }
        }
        _ => actor.needs_all()?,
    }
    let limit = usize::try_from(limit).unwrap_or_default();
    let (total, page) = world.docflow_feed(actor.box_id, &filter, limit)?;
    let contents = Contents::new(body.inject_entity_content());
    let change = |item: &FeedItem<'_>| {
        let (event, previous) = world.ids_of_change(actor.box_id, item);
        let view = |state| Box::new(world.docflow_view::<V>(&state, &contents));
        let after = || world.state_after(actor.box_id, item);
        let before = || world.state_before(actor.box_id, item);
        let is_after_wanted = body.populate_documents();
        let is_before_wanted = body.populate_previous_document_states();
        Change {
            event_id: event.to_string(),
            timestamp: Timestamp {
                ticks: item.event.event.at.get(),
            },
            document_id: document_id(item.event.document),
            index_key: item.key(),
            document: is_after_wanted.then(after).flatten().map(view),
            previous_event_id: previous.map(|id| id.to_string()),
            previous_document_state: is_before_wanted.then(before).flatten().map(view),
        }
    };
    let changes = page.iter().map(change).collect();
    Ok(V::events(i32::try_from(total).unwrap_or(i32::MAX), changes))
}

fn filter_in(body: &GetDocflowEventsRequest) -> Result<FeedFilter, Refusal> {
    let moment = |given: &Option<Box<Timestamp>>| {
        let given = given.as_ref().map(|moment| Ticks::new(moment.ticks));
        given
            .transpose()
            .map_err(|_| Refusal::bad_request("Filter: a moment is out of range"))
    };
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let kinds = body.message_types.iter().map(|kind| match kind {
        kind if kind.eq_ignore_ascii_case("Letter") => Ok(MessageKind::Letter),
        kind if kind.eq_ignore_ascii_case("Draft") => Ok(MessageKind::Draft),
        kind if kind.eq_ignore_ascii_case("Template") => Ok(MessageKind::Template),
        _ => Err(unknown("MessageTypes", kind)),
    });
    let directions = body
        .document_directions
        .iter()
        .map(|direction| match direction {
            one if one.eq_ignore_ascii_case("Inbound") => Ok(DocumentDirection::Inbound),
            one if one.eq_ignore_ascii_case("Outbound") => Ok(DocumentDirection::Outbound),
            one if one.eq_ignore_ascii_case("Internal") => Ok(DocumentDirection::Internal),
            _ => Err(unknown("DocumentDirections", direction)),
        });
    let counteragent = given(&body.counteragent_box_id).map(|text| {
        let refused = |_| Refusal::bad_request(format!("BoxId field is not valid box id: {text}"));
        text.parse().map_err(refused)
    });
    Ok(FeedFilter {
        from: moment(&body.filter.from_timestamp)?,
        to: moment(&body.filter.to_timestamp)?,
        kinds: kinds.collect::<Result<_, _>>()?,
        directions: directions.collect::<Result<_, _>>()?,
        department: given(&body.department_id)
            .map(|text| guid(&text, "DepartmentId"))
            .transpose()?,
        type_named_ids: body.type_named_ids.clone(),
        counteragent: counteragent.transpose()?,
        descending: body.filter.sort_direction() == SortDirection::Descending,
        after: body.after_index_key.clone().filter(|key| !key.is_empty()),
    })
}

fn unknown(field: &str, value: &str) -> Refusal {
    Refusal::bad_request(format!("{field}: unknown value {value}"))
}

/// The document of an id. One that has no GUIDs, as in a message that is being sent, is that of none here.
fn key_in(id: &DocumentId) -> Result<DocumentKey, Refusal> {
    let DocumentId {
        message_id,
        entity_id,
    } = id;
    let ids = [message_id, entity_id].map(|id| Uuid::parse_str(id));
    let [Ok(letter), Ok(entity)] = ids else {
        let text = format!("Document {message_id}:{entity_id} not found");
        return Err(Refusal::not_found(text));
    };
    Ok(DocumentKey { letter, entity })
}

fn guid(text: &str, field: &str) -> Result<Uuid, Refusal> {
    let refused = |_| Refusal::bad_request(format!("{field} is not a GUID"));
    Uuid::parse_str(text).map_err(refused)
}

/// How many documents a page may have.
fn count_in(count: i32) -> Result<usize, Refusal> {
    let count = usize::try_from(count).ok();
    let count = count.filter(|count| *count <= MOST_DOCUMENTS);
    count.ok_or_else(|| Refusal::bad_request(format!("Count: from 0 to {MOST_DOCUMENTS}")))
}
