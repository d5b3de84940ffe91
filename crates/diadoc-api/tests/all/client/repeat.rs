//! What is sent twice is done once, and what may not be sent twice is not.

use std::time::Duration;

use diadoc_api::client::{Client, ClientBuilder, ClientError, RetryPolicy};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::messages::{GetMessageV6, PostMessagePatchV4, PostMessageV3};
use diadoc_api::signing::CloudSign;
use diadoc_api::{Config, Form, PollPolicy, Request};
use diadoc_fake::world::World;
use diadoc_fake::{Fake, Fault};
use diadoc_proto::CloudSignRequest;
use diadoc_proto::documents::Document;
use diadoc_proto::events::{DocumentSignature, Entity, MessagePatchToPostV2, MessageToPost};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::{BOX as FROM, letter};

/// The other box of the fake's world.
pub(super) const TO: &str = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946";

/// So long a hasty client waits for an answer.
pub(super) const HASTE: Duration = Duration::from_millis(250);

/// The faults of the fake, each in the shape that a short call meets.
pub(super) fn faults() -> Vec<Fault> {
    vec![
        Fault::Slow(2 * HASTE),
        Fault::NoAnswer,
        Fault::Pending,
        Fault::TooManyRequests,
        Fault::Storm(100),
        Fault::Status(500),
        Fault::Status(502),
        Fault::Status(408),
        Fault::StatusAfter(503, 0),
        Fault::StatusAfter(409, 0),
        Fault::Cut,
        Fault::Lost,
        Fault::Garbage,
    ]
}

pub(super) async fn fake() -> Fake {
    let fake = Fake::builder()
        .world(World::without_letters())
        .retry_after(0);
    fake.start().await.unwrap()
}

fn builder(fake: &Fake, form: Form) -> ClientBuilder {
    let config = Config::new().with_address(&fake.url()).unwrap();
    let builder = Client::builder(config.bearer("token")).form(form);
    builder.per_second(10_000)
}

/// A client that gives up soon where nothing comes. Elsewhere it has time, lest it gives up for a machine
/// that is busy.
pub(super) fn hasty(fake: &Fake, form: Form, attempts: u32, fault: &Fault) -> Client {
    let timeout = match fault {
        Fault::Slow(_) | Fault::NoAnswer => HASTE,
        _ => Duration::from_secs(30),
    };
    let mut retry = RetryPolicy::default();
    retry.attempts = attempts;
    retry.delay = Duration::from_millis(1);
    let mut polling = PollPolicy::within(Duration::from_secs(5));
    polling.delay = Duration::from_millis(1);
    let builder = builder(fake, form).retry(retry).polling(polling);
    builder.timeout(timeout).build().unwrap()
}

/// A client that has time.
pub(super) fn calm(fake: &Fake, form: Form) -> Client {
    builder(fake, form).build().unwrap()
}

/// Goes through cases, some at a time, lest the machine is slower than the clients have time.
async fn all<C>(cases: impl IntoIterator<Item = C>, one: impl AsyncFn(C)) {
    let one = &one;
    let cases = cases.into_iter().map(async |case| one(case).await);
    stream::iter(cases)
        .buffer_unordered(8)
        .collect::<()>()
        .await;
}

/// What the server has done: the documents that lie in the box that sends, and the entities in each message.
pub(super) async fn done(fake: &Fake) -> Vec<(Document, Vec<Entity>)> {
    let client = calm(fake, Form::Protobuf);
    let sent = client.pages(GetDocumentsV3::new(FROM, "Any.Outbound"));
    let sent: Vec<_> = sent.try_collect().await.unwrap();
    let mut done = Vec::new();
    for document in sent {
        let message = GetMessageV6::new(FROM, &document.message_id);
        let message = client.send(message).await.unwrap();
        done.push((document, message.entities));
    }
    done
}

/// Sends the same value until it has a result; how often it failed before.
async fn until_it_works<R: Request + Clone>(client: &Client, request: R) -> (usize, R::Response) {
    for failures in 0..20 {
        if let Ok(response) = client.send(request.clone()).await {
            return (failures, response);
        }
    }
    panic!("it never works");
}

/// A message between the two boxes of the fake.
pub(super) fn message() -> MessageToPost {
    MessageToPost {
        from_box_id: FROM.to_owned(),
        to_box_id: Some(TO.to_owned()),
        ..letter()
    }
}

/// The same value, sent again after every kind of failure: with one attempt a call, so that each is seen,
/// and with several; in either form; with an id and without, and with an empty one, which is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_posted_once() {
    let mut cases = Vec::new();
    for attempts in [1, 4] {
        for (form, id) in [
            (Form::Json, None),
            (Form::Protobuf, None),
            (Form::Json, Some("")),
            (Form::Protobuf, Some("mine")),
        ] {
            cases.extend(
                faults()
                    .into_iter()
                    .map(|fault| (attempts, form, id, fault)),
            );
        }
    }
    all(cases, async |(attempts, form, id, fault)| {
        let fake = fake().await;
        let client = hasty(&fake, form, attempts, &fault);
        fake.fault("PostMessageV3", fault.clone(), 3).unwrap();
        let mut post = PostMessageV3::new(message());
        post.operation_id = id.map(str::to_owned);
        let case = format!("{fault} {form:?} {id:?} {attempts}");
        let (failures, first) = until_it_works(&client, post.clone()).await;
        let again = calm(&fake, form).send(post).await.unwrap();
        assert_eq!(again.message_id, first.message_id, "{case}");
        assert_eq!(done(&fake).await.len(), 1, "{case}");
        // `send` waits while an earlier call runs.
        let runs = matches!(fault, Fault::Pending | Fault::StatusAfter(409, _));
        assert!(failures == 0 || !runs, "{case}");
    })
    .await;
}

/// The same of patches: one signature each.
#[tokio::test(flavor = "multi_thread")]
async fn a_patch_is_posted_once() {
    all(faults(), async |fault: Fault| {
        let fake = fake().await;
        let (client, calm) = (hasty(&fake, Form::Json, 2, &fault), calm(&fake, Form::Json));
        let mut letter = message();
        letter.document_attachments[0].need_recipient_signature = Some(true);
        calm.send(PostMessageV3::new(letter)).await.unwrap();
        let (document, entities) = done(&fake).await.remove(0);
        let before = entities.len();
        let patch = MessagePatchToPostV2 {
            box_id: TO.to_owned(),
            message_id: document.message_id.clone(),
            signatures: vec![DocumentSignature {
                parent_entity_id: document.entity_id,
                sign_with_test_signature: Some(true),
                ..DocumentSignature::default()
            }],
            ..MessagePatchToPostV2::default()
        };
        fake.fault("PostMessagePatchV4", fault.clone(), 3).unwrap();
        let patch = PostMessagePatchV4::new(patch);
        let (_, first) = until_it_works(&client, patch.clone()).await;
        let again = calm.send(patch).await.unwrap();
        assert_eq!(again.patch_id, first.patch_id, "{fault}");
        let (_, entities) = done(&fake).await.remove(0);
        assert_eq!(entities.len(), before + 1, "{fault}");
    })
    .await;
}

/// A refusal speaks of the last attempt: what became of an earlier one, the error says too.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_none_of_what_was_sent_before() {
    let lost = [Fault::Lost, Fault::Cut, Fault::Garbage, Fault::Pending];
    let refusals = [
        Fault::TooManyRequests,
        Fault::Status(400),
        Fault::Status(401),
        Fault::Status(409),
    ];
    let cases = lost
        .iter()
        .flat_map(|lost| refusals.iter().map(move |refusal| (lost, refusal)));
    all(cases, async |(lost, refusal)| {
        let fake = fake().await;
        let client = hasty(&fake, Form::Json, 2, lost);
        let case = format!("{lost}, then {refusal}");
        // Alone, it is what it is.
        fake.fault("PostMessageV3", refusal.clone(), 2).unwrap();
        let post = PostMessageV3::new(message());
        let error = client.send(post.clone()).await.unwrap_err();
        assert!(matches!(error, ClientError::Api(_)), "{case}: {error}");
        assert_eq!(
            error.may_be_done(),
            *refusal == Fault::Status(409),
            "{case}"
        );
        fake.reset();
        fake.fault("PostMessageV3", lost.clone(), 1).unwrap();
        fake.fault("PostMessageV3", refusal.clone(), 3).unwrap();
        let error = client.send(post.clone()).await.unwrap_err();
        if *lost == Fault::Garbage {
            // It came to an end at once.
            assert!(error.may_be_done(), "{case}: {error}");
            return;
        }
        let ClientError::Uncertain { last, earlier } = &error else {
            panic!("{case}: {error}");
        };
        assert!(matches!(**last, ClientError::Api(_)), "{case}: {error}");
        assert!(
            error.may_be_done() && earlier.may_be_done(),
            "{case}: {error}"
        );
        let said = error.to_string();
        assert!(
            said.contains("; an earlier attempt may have done its work: "),
            "{said}"
        );
        // What only reads has nothing done.
        fake.reset();
        fake.fault("GetDocumentsV3", lost.clone(), 1).unwrap();
        fake.fault("GetDocumentsV3", refusal.clone(), 3).unwrap();
        let read = client.send(GetDocumentsV3::new(FROM, "Any.Outbound")).await;
        assert!(
            !matches!(read, Err(ClientError::Uncertain { .. })),
            "{case}"
        );
    })
    .await;
}

/// What may do its work twice reaches the server a second time only after an answer that says that it did
/// nothing: a method that takes no id, and one whose duplicates nobody looks for.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_repeated_is_not() {
    let undetected = || {
        let post = PostMessageV3::new(message()).operation_id("mine");
        post.disable_duplicates_detection(true)
    };
    all(faults(), async |fault: Fault| {
        let fake = fake().await;
        let client = hasty(&fake, Form::Json, 4, &fault);
        let spares = matches!(fault, Fault::TooManyRequests | Fault::Storm(_));
        // Of a post it means that an earlier one is still running.
        let runs = matches!(fault, Fault::Pending | Fault::StatusAfter(409, _));
        for method in ["PostMessageV3", "CloudSign"] {
            fake.fault(method, fault.clone(), 1).unwrap();
        }
        let _ = client.send(undetected()).await;
        let _ = client
            .send(CloudSign::new(CloudSignRequest::default()))
            .await;
        let sent = |method| fake.received_of(method).len();
        let expected = if spares || runs { 2 } else { 1 };
        let sent = (sent("PostMessageV3"), sent("CloudSign"));
        let expected = (expected, if spares { 2 } else { 1 });
        match fault {
            // Where the machine is busy, it may not have come that far.
            Fault::Slow(_) | Fault::NoAnswer => {
                assert!(
                    sent.0 <= expected.0 && sent.1 <= expected.1,
                    "{fault}: {sent:?}"
                );
            }
            _ => assert_eq!(sent, expected, "{fault}"),
        }
        assert!(done(&fake).await.len() <= 1, "{fault}");
    })
    .await;
}
