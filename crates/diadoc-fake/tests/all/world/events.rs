//! The feed of messages and patches.
#![allow(deprecated, reason = "obsolete methods are called, too")]

use diadoc_api::Form;
use diadoc_api::docflows::GetDocflowEventsV4;
use diadoc_api::documents::Delete;
use diadoc_api::events::{
    GetCounteragentEventsV1, GetEventV2, GetEventV3, GetLastEvent, GetLastEventV2, GetNewEventsV4,
    GetNewEventsV5, GetNewEventsV6, GetNewEventsV7, GetNewEventsV8,
};
use diadoc_api::messages::{GetMessageV6, PostMessageV3};
use diadoc_core::Ticks;
use diadoc_core::base64::encode_to_string;
use diadoc_fake::Fake;
use diadoc_proto::docflow::GetDocflowEventsRequest;
use diadoc_proto::documents::MessageType;
use diadoc_proto::events::BoxEvent;
use diadoc_proto::{DocumentDirection, SortDirection, TotalCountType};

use super::{FIRST, SECOND, both, come, contract, fake, message, post, refused, send};

async fn feed(fake: &Fake, side: &str) -> Vec<BoxEvent> {
    both(fake, GetNewEventsV8::new(side)).await.events
}

/// Whether each event is a message or a patch, and how many entities it has.
fn shape(events: &[BoxEvent]) -> Vec<(&str, usize)> {
    let events = events.iter();
    events
        .map(|event| match (&event.message, &event.patch) {
            (Some(message), None) => ("message", message.entities.len()),
            (None, Some(patch)) => ("patch", patch.entities.len()),
            _ => ("neither", 0),
        })
        .collect()
}

#[tokio::test]
async fn a_letter_makes_events_on_both_sides() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1")]).await;
    let id = posted.message_id.as_str();
    let sender = feed(&fake, FIRST).await;
    // The document with its signature; then the checked signature, the confirmation and its signature.
    assert_eq!(shape(&sender), [("message", 2), ("patch", 3)]);
    assert_eq!(sender[0].event_id, id);
    let patch = sender[1].patch.as_ref().expect("a patch");
    assert!(patch.message_is_delivered());
    assert_eq!(patch.patch_id, sender[1].event_id);
    let recipient = feed(&fake, SECOND).await;
    assert_eq!(shape(&recipient), [("message", 4)]);
    assert_eq!(recipient[0].event_id, id);
    // What the feed tells is what there is.
    let read = send(&fake, GetMessageV6::new(SECOND, id)).await;
    let told = recipient[0].message.as_ref().expect("a message");
    assert_eq!(told.entities, read.entities);
    let event = both(&fake, GetEventV3::new(SECOND, id)).await;
    let content = event.message.expect("a message").entities[0]
        .content
        .clone();
    assert!(content.expect("a content").data.is_some());
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps() {
    let fake = fake().await;
    for number in 1..=4 {
        post(&fake, vec![contract(&number.to_string())]).await;
    }
    let all = feed(&fake, FIRST).await;
    assert_eq!(all.len(), 8);
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let request = GetNewEventsV8::new(FIRST)
            .limit(3)
            .after_index_key(after.as_str());
        let page = both(&fake, request).await;
        let left = i32::try_from(all.len() - seen.len()).unwrap();
        assert_eq!(page.total_count(), left);
        assert_eq!(page.total_count_type(), TotalCountType::Equal);
        let Some(last) = page.events.last() else {
            break;
        };
        last.index_key().clone_into(&mut after);
        seen.extend(page.events);
    }
    assert_eq!(seen, all);
    let mut backwards = both(
        &fake,
        GetNewEventsV8::new(FIRST).order_by(SortDirection::Descending),
    )
    .await
    .events;
    backwards.reverse();
    assert_eq!(backwards, all);
    let after = GetNewEventsV8::new(FIRST).after_event_id(&all[5].event_id);
    assert_eq!(both(&fake, after).await.events, all[6..]);
    let last = send(&fake, GetLastEventV2::new(FIRST)).await;
    assert_eq!(last.as_ref(), all.last());
    let said = refused(&fake, GetNewEventsV8::new(FIRST).after_index_key("!")).await;
    assert_eq!(
        (said.status, said.text.as_str()),
        (400, "cursor must have valid value")
    );
    let said = refused(&fake, GetEventV3::new(FIRST, FIRST)).await;
    assert_eq!(said.status, 404);
    assert_eq!(said.text, "Could not determine message id for event");
}

/// A key whose moment is none of the years 1 to 9999 is a key of no feed.
#[tokio::test]
async fn keys_of_no_moment_are_refused() {
    let fake = fake().await;
    post(&fake, vec![contract("1")]).await;
    let words = (400, "cursor must have valid value");
    for moment in [-1, i64::MIN, i64::MAX] {
        let key = |rest: usize| [&moment.to_be_bytes()[..], &vec![1; rest]].concat();
        let events = GetNewEventsV8::new(FIRST).after_index_key(encode_to_string(&key(0)));
        let events = refused(&fake, events).await;
        assert_eq!((events.status, events.text.as_str()), words, "{moment}");
        let relations =
            GetCounteragentEventsV1::new(FIRST).after_index_key(encode_to_string(&key(16)));
        let relations = refused(&fake, relations).await;
        assert_eq!(
            (relations.status, relations.text.as_str()),
            words,
            "{moment}"
        );
        let docflows = GetDocflowEventsRequest {
            after_index_key: Some(key(8).into()),
            ..GetDocflowEventsRequest::default()
        };
        let docflows = refused(&fake, GetDocflowEventsV4::new(FIRST, docflows)).await;
        assert_eq!((docflows.status, docflows.text.as_str()), words, "{moment}");
    }
}

/// Every version tells the same; the old ones go on after an event and not after a key.
#[tokio::test]
async fn old_versions_tell_the_same() {
    let fake = fake().await;
    for number in 1..=2 {
        post(&fake, vec![contract(&number.to_string())]).await;
    }
    let all = feed(&fake, FIRST).await;
    let after = all[1].event_id.as_str();
    let fourth = GetNewEventsV4::new(FIRST).after_event_id(after);
    assert_eq!(both(&fake, fourth).await.events, all[2..]);
    let fifth = GetNewEventsV5::new(FIRST).after_event_id(after);
    assert_eq!(both(&fake, fifth).await.events, all[2..]);
    let sixth = both(&fake, GetNewEventsV6::new(FIRST)).await;
    assert_eq!((sixth.events, sixth.total_count), (all.clone(), Some(4)));
    let seventh = GetNewEventsV7::new(FIRST).after_index_key(all[1].index_key());
    assert_eq!(both(&fake, seventh).await.events, all[2..]);
    let said = refused(&fake, GetNewEventsV4::new(FIRST).after_event_id(SECOND)).await;
    assert_eq!(said.status, 404);
    let old = both(&fake, GetEventV2::new(FIRST, after)).await;
    assert_eq!(old, both(&fake, GetEventV3::new(FIRST, after)).await);
    let last = send(&fake, GetLastEvent::new(FIRST)).await;
    assert_eq!(last.as_ref(), all.last());
}

#[tokio::test]
async fn an_empty_feed_has_no_last_event() {
    let fake = fake().await;
    let came = come(&fake, &GetLastEventV2::new(FIRST), Form::Json, "token").await;
    assert_eq!((came.status, came.body.len()), (204, 0));
    let page = both(&fake, GetNewEventsV8::new(FIRST)).await;
    assert_eq!((page.events.len(), page.total_count()), (0, 0));
}

#[tokio::test]
async fn events_are_filtered_by_what_they_are_about() {
    let fake = fake().await;
    let posted = post(&fake, vec![contract("1")]).await;
    let mut draft = contract("2");
    draft.signed_content.sign_with_test_signature = None;
    let mut draft = message(vec![draft]);
    draft.is_draft = Some(true);
    send(&fake, PostMessageV3::new(draft)).await;
    send(&fake, Delete::new(FIRST, &posted.message_id)).await;
    let any = || GetNewEventsV8::new(FIRST);
    for (request, expected) in [
        (any(), 4),
        (any().message_type([MessageType::Draft]), 1),
        (
            any().message_type([MessageType::Draft, MessageType::Letter]),
            4,
        ),
        (any().message_type([MessageType::Template]), 0),
        (any().type_named_id(["Contract".to_owned()]), 4),
        (any().type_named_id(["Invoice".to_owned()]), 0),
        (any().document_direction([DocumentDirection::Inbound]), 0),
        (any().counteragent_box_id(SECOND), 4),
        (any().counteragent_box_id(FIRST), 0),
        (any().timestamp_from_ticks(posted.timestamp_ticks + 1), 3),
        (any().timestamp_to_ticks(posted.timestamp_ticks), 1),
    ] {
        let page = both(&fake, request).await;
        assert_eq!(page.events.len(), expected);
        assert_eq!(page.total_count() as usize, expected);
    }
    let last = send(&fake, GetLastEventV2::new(FIRST))
        .await
        .expect("an event");
    let patch = last.patch.expect("a patch");
    assert!(patch.message_is_deleted());
    assert!(patch.entity_patches[0].document_is_deleted());
    assert_eq!(feed(&fake, SECOND).await.len(), 1);
}

/// A period of time in ticks, of which 0 is none: the query has numbers, and no texts of moments.
#[tokio::test]
async fn what_happened_in_a_period() {
    let fake = fake().await;
    post(&fake, vec![contract("1")]).await;
    let all = feed(&fake, FIRST).await;
    let since_ever = GetNewEventsV8::new(FIRST).timestamp_from_ticks(0);
    assert_eq!(both(&fake, since_ever).await.events, all);
    let message = all[0].message.as_ref().expect("a message");
    let moment = message.timestamp_ticks;
    for (from, to, found) in [
        (1, moment - 1, 0),
        (moment, moment, 1),
        (moment + 1, i64::MAX, 1),
    ] {
        let to = to.min(Ticks::MAX.get());
        let period = GetNewEventsV8::new(FIRST);
        let period = period.timestamp_from_ticks(from).timestamp_to_ticks(to);
        assert_eq!(both(&fake, period).await.events.len(), found, "{from}");
        let counteragents = GetCounteragentEventsV1::new(FIRST);
        let counteragents = counteragents
            .timestamp_from_ticks(from)
            .timestamp_to_ticks(to);
        both(&fake, counteragents).await;
    }
}
