//! A feed is followed without end, whatever happens on the way, and goes on where it ended.

use std::fs;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use diadoc_api::client::Client;
use diadoc_api::docflows::GetDocflowEventsV5;
use diadoc_api::events::GetNewEventsV8;
use diadoc_api::messages::PostMessageV3;
use diadoc_api::{Feed as _, Form};
use diadoc_fake::Fake;
use diadoc_proto::SortDirection;
use diadoc_proto::docflow::GetDocflowEventsRequest;
use diadoc_proto::events::BoxEvent;
use futures_util::{FutureExt as _, StreamExt as _};

use super::repeat::{calm, fake, faults, hasty, message};
use crate::BOX as FROM;

#[path = "../../../examples/errors.rs"]
#[allow(dead_code, reason = "`main` reads the environment")]
mod errors;
#[path = "../../../examples/events.rs"]
#[allow(dead_code, reason = "`main` reads the environment")]
mod example;

const DELAY: Duration = Duration::from_millis(20);

/// Posts a message; its id.
async fn post(client: &Client, number: usize) -> String {
    let post = PostMessageV3::new(message()).operation_id(number.to_string());
    client.send(post).await.unwrap().message_id
}

/// How many events the feed of the box has.
async fn all(client: &Client) -> Vec<String> {
    let pages = client.pages(GetNewEventsV8::new(FROM));
    let ids = pages.map(|event| event.unwrap().event_id);
    ids.collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_as_they_happen() {
    let fake = fake().await;
    let client = calm(&fake, Form::Protobuf);
    let first = post(&client, 0).await;
    let mut feed = pin!(client.follow(GetNewEventsV8::new(FROM), DELAY));
    let mut seen = Vec::new();
    let mut key = String::new();
    for number in 1..4 {
        let batch = feed.next().await.unwrap().unwrap();
        assert!(!batch.items.is_empty());
        seen.extend(batch.items.into_iter().map(|event| event.event_id));
        key = batch.key;
        // Nothing comes while nothing happens.
        assert!(feed.next().now_or_never().is_none());
        post(&client, number).await;
    }
    let batch = feed.next().await.unwrap().unwrap();
    let last: Vec<_> = batch
        .items
        .into_iter()
        .map(|event| event.event_id)
        .collect();
    seen.extend(last.iter().cloned());
    assert_eq!(seen, all(&client).await);
    assert!(!first.is_empty());
    // Another program goes on behind the key that this one kept.
    let mut feed = pin!(client.follow(GetNewEventsV8::new(FROM).after(key), DELAY));
    let batch = feed.next().await.unwrap().unwrap();
    let again: Vec<_> = batch
        .items
        .into_iter()
        .map(|event| event.event_id)
        .collect();
    assert_eq!(again, last);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_ends_nothing() {
    for fault in faults() {
        let fake = fake().await;
        let quiet = calm(&fake, Form::Protobuf);
        post(&quiet, 0).await;
        let client = hasty(&fake, Form::Json, 1, &fault);
        let there = all(&quiet).await;
        fake.fault("GetNewEventsV8", fault.clone(), 2).unwrap();
        let mut feed = pin!(client.follow(GetNewEventsV8::new(FROM), DELAY));
        let (mut seen, mut failures) = (Vec::new(), 0);
        while seen.len() < there.len() {
            match feed.next().await.unwrap() {
                Ok(batch) => seen.extend(batch.items.into_iter().map(|event| event.event_id)),
                Err(error) => {
                    assert!(!errors::what_to_do(&error).is_empty());
                    failures += 1;
                }
            }
            assert!(failures < 200, "{fault}");
        }
        assert!(failures > 0, "{fault}");
        assert_eq!(seen, there, "{fault}");
    }
}

#[tokio::test]
async fn feeds_of_documents_have_keys_of_bytes() {
    let fake = fake().await;
    let client = calm(&fake, Form::Json);
    post(&client, 0).await;
    let first = GetDocflowEventsV5::new(FROM, GetDocflowEventsRequest::default());
    let mut feed = pin!(client.follow(first.clone(), DELAY));
    let batch = feed.next().await.unwrap().unwrap();
    assert!(!batch.key.is_empty());
    post(&client, 1).await;
    let mut later = pin!(client.follow(first.after(batch.key), DELAY));
    let later = later.next().await.unwrap().unwrap();
    assert!(later.items.iter().all(|event| !batch.items.contains(event)));
}

#[tokio::test]
async fn the_newest_first_is_no_feed() {
    let fake = fake().await;
    let client = calm(&fake, Form::Json);
    let newest = GetNewEventsV8::new(FROM).order_by(SortDirection::Descending);
    let mut feed = pin!(client.follow(newest, DELAY));
    let error = feed.next().await.unwrap().unwrap_err();
    assert!(
        error.to_string().contains("the newest items come first"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_loses_no_event() {
    let fake: Fake = fake().await;
    let client = calm(&fake, Form::Protobuf);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("last-event.txt");
    let _ = fs::remove_file(&file);
    let mut seen = Vec::new();
    // Each time it runs until nothing comes any more.
    for number in 0..3 {
        post(&client, number).await;
        let handle = |event: &BoxEvent| seen.push(event.event_id.clone());
        let run = example::follow(&client, FROM, &file, DELAY, handle);
        let ended = tokio::time::timeout(Duration::from_secs(2), run).await;
        assert!(ended.is_err(), "it goes on for ever");
    }
    assert_eq!(seen, all(&client).await);
}
