//! Requests as they come, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, StreamExt as _, stream};

use super::requests::row;
use super::visit::Visit;
use super::words::Words;
use crate::Received;
use crate::server::listen::stopped;

/// A row of the list for each request after the one that `after` names, until the fake stops.
pub(super) async fn stream(visit: Visit) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let words = visit.words;
    let after = visit.query("after").parse().unwrap_or(u64::MAX);
    let script = visit.script().clone();
    // Who subscribes first misses none; what comes twice replaces its row.
    let live = script.subscribe();
    let missed = stream::iter(script.received_since(after));
    // Numbers begin anew with another fake, so a list of the old one has to begin anew, too.
    let begin = Event::default().event("fake").data(visit.fake());
    let live = stream::unfold(live, |mut live| async move {
        let received = live.next().await?;
        Some((received, live))
    });
    let mut stop = script.stop.clone();
    let stopped = async move { stopped(&mut stop).await };
    let rows = missed
        .chain(live)
        .map(move |received| event(words, &received));
    let events = stream::iter([begin]).chain(rows).map(Ok);
    Sse::new(events.take_until(Box::pin(stopped))).keep_alive(KeepAlive::default())
}

fn event(words: &Words, received: &Arc<Received>) -> Event {
    let row = row(words, received, true).into_string();
    // Each line of the data would be one of the event; a row has no need of them.
    Event::default().data(row.replace(['\r', '\n'], " "))
}
