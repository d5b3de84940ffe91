//! What goes wrong, as the client tells it.

use std::time::Duration;

use diadoc_api::client::{ClientError, RetryPolicy};
use diadoc_api::documents::{GetDocumentsV3, GetEntityContentV4};
use diadoc_api::events::GetLastEventV2;
use diadoc_api::{Credentials, ErrorKind, Form};
use diadoc_fake::{Answer, Fake, Fault, Times};

use super::{BOTH, BOX, GUID, builder, client_of, started};

fn documents() -> GetDocumentsV3 {
    GetDocumentsV3::new(BOX, "Any.Inbound")
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    let fake = started().await;
    let client = builder(&fake).retry(RetryPolicy::never()).build().unwrap();
    for (status, kind) in [
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Unauthorized),
        (402, ErrorKind::SubscriptionEnded),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (405, ErrorKind::WrongVerb),
        (409, ErrorKind::Conflict),
        (410, ErrorKind::Gone),
        (415, ErrorKind::UnsupportedMediaType),
        (429, ErrorKind::TooManyRequests),
        (500, ErrorKind::Server),
        (503, ErrorKind::Server),
        (418, ErrorKind::Other),
    ] {
        fake.fault("GetDocumentsV3", Fault::Status(status), 1)
            .unwrap();
        let error = client.send(documents()).await.unwrap_err();
        let ClientError::Api(error) = error else {
            panic!("{error}")
        };
        assert_eq!((error.kind(), error.status().as_u16()), (kind, status));
        assert!(!error.text().is_empty());
        assert_eq!(error.retry_after(), None);
    }
    fake.fault("*", Fault::StatusAfter(503, 7), 1).unwrap();
    let error = client.send(documents()).await.unwrap_err();
    let ClientError::Api(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn what_the_client_sends_is_never_refused_for_its_form() {
    let fake = started().await;
    // What goes against the rules is told by the server where the client does not look.
    let config = diadoc_api::Config::new()
        .with_address(&fake.url())
        .unwrap()
        .bearer("token")
        .unchecked();
    let client = diadoc_api::client::Client::new(config).unwrap();
    let error = client.send(documents().count(500)).await.unwrap_err();
    let ClientError::Api(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    let outside = "500 lies outside the range of the field";
    assert!(error.text().contains(outside), "{error}");
}

#[tokio::test]
async fn a_failure_that_passes_is_not_seen() {
    for wire in BOTH {
        let fake = started().await;
        fake.fault("GetDocumentsV3", Fault::TooManyRequests, 1)
            .unwrap();
        fake.fault("GetDocumentsV3", Fault::Status(500), 1).unwrap();
        fake.fault("GetDocumentsV3", Fault::Cut, 1).unwrap();
        let list = client_of(&fake, wire).send(documents()).await.unwrap();
        assert_eq!(list.documents.len(), 2);
        assert_eq!(fake.received_of("GetDocumentsV3").len(), 4);
    }
}

#[tokio::test]
async fn a_body_that_is_cut() {
    let fake = started().await;
    fake.fault("*", Fault::Cut, Times::Always).unwrap();
    let client = client_of(&fake, Form::Json);
    let error = client.send(documents()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport { .. }), "{error:?}");
    // While it is streamed it is brought to its end, and an error where it always breaks.
    fake.reset();
    fake.answer("GetEntityContentV4", Answer::bytes(vec![7; 1 << 20]))
        .unwrap();
    fake.fault("*", Fault::Cut, 1).unwrap();
    use futures_util::TryStreamExt as _;
    let content = GetEntityContentV4::new(BOX, GUID, GUID);
    let download = client.download(content.clone()).await.unwrap();
    assert_eq!(download.size, Some(1 << 20));
    let pieces: Vec<_> = download.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), vec![7; 1 << 20]);
    assert_eq!(fake.received_of("GetEntityContentV4").len(), 2);
    fake.fault("*", Fault::Cut, Times::Always).unwrap();
    let download = client.download(content).await.unwrap();
    let pieces: Result<Vec<_>, _> = download.try_collect().await;
    let Err(ClientError::Broken { why, .. }) = pieces else {
        panic!("{pieces:?}")
    };
    assert!(matches!(*why, ClientError::Transport { .. }), "{why}");
}

#[tokio::test]
async fn a_body_that_is_none() {
    for wire in BOTH {
        let fake = started().await;
        fake.fault("*", Fault::Garbage, 1).unwrap();
        let error = client_of(&fake, wire).send(documents()).await.unwrap_err();
        let ClientError::Api(error) = error else {
            panic!("{error}")
        };
        assert_eq!(error.kind(), ErrorKind::Unreadable);
    }
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let fake = started().await;
    fake.fault("*", Fault::NoAnswer, Times::Always).unwrap();
    let client = builder(&fake)
        .timeout(Duration::from_millis(100))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.send(documents()).await.unwrap_err();
    assert!(matches!(error, ClientError::Timeout { .. }), "{error:?}");
    // And one that has gone.
    let client = client_of(&fake, Form::Protobuf);
    fake.stop().await.unwrap();
    let error = client.send(documents()).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport { .. }), "{error:?}");
}

#[tokio::test]
async fn a_token_that_is_renewed() {
    let fake = Fake::builder()
        .stateless()
        .token("fresh")
        .start()
        .await
        .unwrap();
    let client = builder(&fake)
        .renew_with(|_refused: Option<Credentials>| async { Ok(Credentials::bearer("fresh")) })
        .build()
        .unwrap();
    assert_eq!(client.send(documents()).await.unwrap().documents.len(), 2);
    client.send(documents()).await.unwrap();
    let statuses: Vec<_> = fake.received().iter().map(|one| one.status).collect();
    assert_eq!(statuses, [Some(401), Some(200), Some(200)]);
    // Where the new one is refused as well, that is the end.
    fake.accept_token(Some("another"));
    let error = client.send(documents()).await.unwrap_err();
    let ClientError::Api(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(!format!("{error} {error:?} {client:?}").contains("fresh"));
    // The older header carries the same token.
    fake.accept_token(Some("older"));
    let config = diadoc_api::Config::new()
        .with_address(&fake.url())
        .unwrap()
        .with_credentials(Credentials::diadoc_auth("id", Some("older".into())));
    let older = diadoc_api::client::Client::new(config).unwrap();
    older.send(documents()).await.unwrap();
}

#[tokio::test]
async fn nothing_is_no_failure() {
    for wire in BOTH {
        let fake = started().await;
        let client = client_of(&fake, wire);
        assert!(
            client
                .send(GetLastEventV2::new(BOX))
                .await
                .unwrap()
                .is_some()
        );
        fake.answer("GetLastEventV2", Answer::nothing().status(204))
            .unwrap();
        assert!(
            client
                .send(GetLastEventV2::new(BOX))
                .await
                .unwrap()
                .is_none()
        );
    }
}
