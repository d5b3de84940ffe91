//! One deadline for a call, and what it takes with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diadoc_api::client::{Client, ClientError, Renewed, RetryPolicy};
use diadoc_api::documents::GetEntityContentV4;
use diadoc_api::messages::PostMessageV3;
use diadoc_api::print_forms::GenerateDocumentZip;
use diadoc_api::signing::CloudSign;
use diadoc_api::{Config, Credentials, Form, PollPolicy};
use diadoc_fake::{Fake, Fault};
use diadoc_proto::CloudSignRequest;
use futures_util::future::join_all;

use super::server::{Reply, Server, answer_with, json};
use super::{EMPTY, builder, documents, failed, late};
use crate::{BOX, GUID, letter};

const DEADLINE: Duration = Duration::from_millis(300);
/// So late an answer to the deadline may be.
const SLACK: Duration = Duration::from_secs(2);

/// That a call fails for its deadline, and in time; what it said of the last attempt.
async fn ends_in_time<T: std::fmt::Debug>(
    call: impl Future<Output = Result<T, ClientError>>,
) -> Option<String> {
    let start = Instant::now();
    let error = call.await.unwrap_err();
    let took = start.elapsed();
    assert!(took < DEADLINE + SLACK, "{took:?}: {error}");
    match error {
        ClientError::Deadline { after, last, .. } => {
            assert_eq!(after, DEADLINE);
            last.map(|last| last.to_string())
        }
        ClientError::Polling(error) => Some(error.to_string()),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_deadline_ends_whatever_a_call_is_at() {
    let hour = Duration::from_secs(3600);
    // An answer that does not come, or not to its end.
    let begun = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec();
    for reply in [Reply::Silence, late(hour, json(EMPTY)), Reply::Begun(begun)] {
        let server = Server::start(vec![reply]).await;
        let client = builder(&server).deadline(DEADLINE).build().unwrap();
        assert_eq!(ends_in_time(client.send(documents())).await, None);
    }
    // Attempts and the delays between them.
    let server = Server::start((0..100).map(|_| late(DEADLINE / 4, failed(503))).collect()).await;
    let mut retry = RetryPolicy::default();
    (retry.attempts, retry.delay) = (100, Duration::from_millis(1));
    let client = builder(&server).retry(retry).deadline(DEADLINE);
    let last = ends_in_time(client.build().unwrap().send(documents())).await;
    assert!(last.unwrap().contains("the server failed (status 503"));

    // A turn: of those at a time, and of those in a second.
    for (at_a_time, per_second) in [(1, 1000), (100, 1)] {
        // Who comes to a turn at the last moment finds the server there.
        let server = Server::start((0..5).map(|_| late(hour, json(EMPTY))).collect()).await;
        let client = builder(&server).at_a_time(at_a_time).per_second(per_second);
        let client = client.deadline(DEADLINE).build().unwrap();
        let calls = join_all((0..5).map(|_| ends_in_time(client.send(documents())))).await;
        assert!(calls.into_iter().all(|last| last.is_none()));
    }

    // New credentials: the first ones, and in the place of refused ones.
    for refused in [false, true] {
        let server = Server::start(vec![failed(401)]).await;
        let config = server.config.clone();
        let config = if refused {
            config
        } else {
            config.without_credentials()
        };
        let client = Client::builder(config)
            .deadline(DEADLINE)
            .renew_with(|_: Option<Credentials>| std::future::pending::<Result<Credentials, _>>());
        let last = ends_in_time(client.build().unwrap().send(documents())).await;
        assert_eq!(last.is_some(), refused, "{last:?}");
    }
}

/// Of `wait`, `send` of what posts, `run` and `download`, each with the deadline that it has.
#[tokio::test]
async fn every_kind_of_call_has_one() {
    let fake = Fake::builder().retry_after(0).start().await.unwrap();
    let at = |fake: &Fake| {
        Config::new()
            .with_address(&fake.url())
            .unwrap()
            .bearer("token")
    };
    let polling = || {
        let mut polling = PollPolicy::within(DEADLINE);
        polling.delay = Duration::from_millis(10);
        polling
    };
    let zip = || GenerateDocumentZip::new(BOX, GUID, GUID, true);
    let sign = || CloudSign::new(CloudSignRequest::default());
    for fault in [
        Fault::NoAnswer,
        Fault::Pending,
        Fault::Slow(Duration::from_secs(5)),
    ] {
        fake.reset();
        fake.fault("*", fault.clone(), u32::MAX).unwrap();
        let waits = Client::builder(at(&fake))
            .polling(polling())
            .build()
            .unwrap();
        ends_in_time(waits.wait(zip())).await;
        ends_in_time(waits.send(PostMessageV3::new(letter()))).await;
        let hurries = Client::builder(at(&fake))
            .deadline(DEADLINE)
            .build()
            .unwrap();
        if fault != Fault::Pending {
            ends_in_time(hurries.outcome(zip())).await;
            ends_in_time(hurries.download(GetEntityContentV4::new(BOX, GUID, GUID))).await;
        }
        ends_in_time(hurries.wait(zip())).await;
    }
    // A task that has begun.
    for fault in [Fault::NoAnswer, Fault::Pending] {
        fake.reset();
        fake.fault("CloudSignResult", fault, u32::MAX).unwrap();
        let waits = Client::builder(at(&fake))
            .polling(polling())
            .build()
            .unwrap();
        ends_in_time(waits.run(sign())).await;
    }
    // The sooner of two counts.
    fake.reset();
    fake.fault("*", Fault::NoAnswer, u32::MAX).unwrap();
    let both = Client::builder(at(&fake)).deadline(Duration::from_secs(60));
    ends_in_time(both.polling(polling()).build().unwrap().wait(zip())).await;
}

/// After the deadline nobody asks again: what is wrong is said at once.
#[tokio::test]
async fn a_delay_beyond_the_deadline_is_not_waited_for() {
    let server = Server::start(vec![answer_with(503, &[("Retry-After", "60")], "busy")]).await;
    let client = builder(&server).deadline(Duration::from_secs(30));
    let start = Instant::now();
    let error = client.build().unwrap().send(documents()).await.unwrap_err();
    assert!(matches!(error, ClientError::Api(_)), "{error}");
    assert!(start.elapsed() < SLACK);
    // Nor for a result that will not be there in time.
    let server = Server::start(vec![answer_with(204, &[("Retry-After", "60")], "")]).await;
    let client = builder(&server).deadline(Duration::from_secs(30));
    let client = client.polling(PollPolicy::within(Duration::from_secs(90)));
    let start = Instant::now();
    let zip = GenerateDocumentZip::new(BOX, GUID, GUID, true);
    let error = client.build().unwrap().wait(zip).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GenerateDocumentZip: no result within 30s; the last attempt: GenerateDocumentZip: \
         the result is not ready yet"
    );
    assert!(start.elapsed() < SLACK);
}

/// A delay that cannot be read is a long one: nobody asks four times in three seconds.
#[tokio::test]
async fn a_delay_that_cannot_be_read_is_kept_too() {
    for delay in ["1.5", "-5", "99999999999999999999", "soon", ""] {
        let busy = answer_with(503, &[("Retry-After", delay)], "");
        let server = Server::start(vec![busy, json(EMPTY)]).await;
        let client = builder(&server).build().unwrap();
        client.send(documents()).await.unwrap_err();
        assert_eq!(server.seen().len(), 1, "{delay}");
    }
    let date = [
        ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT"),
    ];
    let server = Server::start(vec![answer_with(503, &date, ""), json(EMPTY)]).await;
    let start = Instant::now();
    builder(&server)
        .build()
        .unwrap()
        .send(documents())
        .await
        .unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

/// What is given up takes no slot from those that come after it.
#[tokio::test]
async fn cancelled_calls_give_their_slots_back() {
    let server = Server::start((0..9).map(|_| json(EMPTY)).collect()).await;
    let client = builder(&server).at_a_time(300).per_second(10);
    let client = client.build().unwrap();
    client.send(documents()).await.unwrap();
    let calls: Vec<_> = (0..200)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { client.send(documents()).await }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    calls.iter().for_each(tokio::task::JoinHandle::abort);
    let start = Instant::now();
    client.send(documents()).await.unwrap();
    let took = start.elapsed();
    assert!(took < SLACK, "{took:?}");
}

/// Whoever waits for its turn when a token ends, or is refused, is sent with the next one.
#[tokio::test]
async fn queued_calls_have_the_token_of_their_turn() {
    for (life, first) in [(Some(DEADLINE / 3), json(EMPTY)), (None, failed(401))] {
        let refused = life.is_none();
        let mut replies = vec![late(DEADLINE / 2, first)];
        replies.extend((0..200).map(|_| json(EMPTY)));
        let server = Server::start(replies).await;
        let given = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&given);
        let renew = move |_: Option<Credentials>| {
            let number = count.fetch_add(1, Ordering::SeqCst);
            let new = Renewed::from(Credentials::bearer(format!("token-{number}")));
            let life = life.filter(|_| number == 0).unwrap_or(DEADLINE * 100);
            async move { Ok(new.living_for(life)) }
        };
        let client = Client::builder(server.config.clone().without_credentials())
            .form(Form::Json)
            .at_a_time(1)
            .per_second(100_000)
            .renew_with(renew);
        let client = client.build().unwrap();
        let calls = (0..200).map(|_| client.send(documents()));
        for call in join_all(calls).await {
            call.unwrap();
        }
        let seen = server.seen();
        assert_eq!(seen.len(), 200 + usize::from(refused));
        let tokens: Vec<_> = seen
            .iter()
            .map(|seen| seen.header("authorization"))
            .collect();
        assert_eq!(tokens[0], Some("Bearer token-0"));
        assert!(
            tokens[1..]
                .iter()
                .all(|token| *token == Some("Bearer token-1"))
        );
        assert_eq!(given.load(Ordering::SeqCst), 2);
    }
}
