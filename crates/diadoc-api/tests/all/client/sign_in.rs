//! A client that signs in by itself, against the fake.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use diadoc_api::client::{Client, ClientBuilder, ClientError, RetryPolicy, SignIn};
use diadoc_api::oidc::{Application, OidcError, RefusalKind};
use diadoc_api::{Config, Token};
use diadoc_fake::{Fake, Fault, Oidc, Times};

use super::documents;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);
const FIRST: &str = "f1rst-refresh";
const SECRET: &str = "s3cr3t";

/// The refresh tokens that were handed on.
#[derive(Clone, Default)]
struct Saved(Arc<Mutex<Vec<String>>>);

impl Saved {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

async fn fake(oidc: Oidc) -> Fake {
    let oidc = oidc.application("id", SECRET).refresh_token(FIRST);
    Fake::builder()
        .stateless()
        .oidc(oidc)
        .start()
        .await
        .unwrap()
}

fn sign_in(fake: &Fake, saved: &Saved) -> SignIn {
    let application = Application::new("id", SECRET)
        .with_identity(&fake.url())
        .unwrap();
    let saved = saved.clone();
    let sign_in = SignIn::new(application, FIRST).unwrap();
    sign_in.on_rotation(move |token: Token| {
        let saved = saved.clone();
        async move {
            saved.0.lock().unwrap().push(token.expose().to_owned());
            Ok(())
        }
    })
}

fn builder(fake: &Fake, sign_in: SignIn) -> ClientBuilder {
    let mut retry = RetryPolicy::default();
    retry.delay = Duration::from_millis(1);
    Client::builder(Config::new().with_address(&fake.url()).unwrap())
        .per_second(10_000)
        .at_a_time(20)
        .retry(retry)
        .renew_with(sign_in)
}

async fn many(client: &Client) -> Vec<Result<(), ClientError>> {
    let requests = (0..30).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.send(documents()).await.map(drop) })
    });
    let mut results = Vec::new();
    for request in requests.collect::<Vec<_>>() {
        results.push(request.await.unwrap());
    }
    results
}

/// Notes of the requests to the identity server.
fn grants(fake: &Fake) -> Vec<String> {
    let received = fake.received().into_iter();
    let grants = received.filter(|one| one.path == "/connect/token");
    grants.filter_map(|one| one.note).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refresh_for_all_requests_each_time_that_the_token_ends() {
    let fake = fake(Oidc::default().token_life(DAY)).await;
    let saved = Saved::default();
    let client = builder(&fake, sign_in(&fake, &saved)).build().unwrap();
    for round in 1..=5 {
        for result in many(&client).await {
            result.unwrap();
        }
        assert_eq!(grants(&fake), vec!["refresh_token"; round]);
        let all = saved.all();
        assert_eq!(all.len(), round, "each new one is handed on once");
        assert!(
            all.iter()
                .all(|token| all.iter().filter(|one| *one == token).count() == 1)
        );
        // For the client the token still lives: the API says that it does not.
        fake.move_clock(DAY);
    }
    let refused = fake
        .received()
        .iter()
        .filter(|one| one.status == Some(401))
        .count();
    assert!(
        refused >= 4,
        "the server refused the old token each time: {refused}"
    );
}

/// With a life so short that tokens end while requests come, all of them get through; how often that
/// happens is up to the machine.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_two_seconds() {
    let fake = fake(Oidc::default().token_life(Duration::from_secs(2))).await;
    let saved = Saved::default();
    let client = builder(&fake, sign_in(&fake, &saved)).build().unwrap();
    while saved.all().len() < 4 {
        for result in many(&client).await {
            result.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let grants = grants(&fake);
    assert!(
        grants.iter().all(|grant| grant == "refresh_token"),
        "{grants:?}"
    );
    let mut all = saved.all();
    assert_eq!(all.len(), grants.len());
    all.sort();
    all.dedup();
    assert_eq!(all.len(), grants.len(), "each is another one");
}

#[tokio::test]
async fn where_nothing_rotates_the_old_one_is_used_again() {
    let fake = fake(Oidc::default().without_rotation()).await;
    let saved = Saved::default();
    let client = builder(&fake, sign_in(&fake, &saved)).build().unwrap();
    for _ in 0..3 {
        client.send(documents()).await.unwrap();
        fake.move_clock(DAY);
    }
    assert_eq!(grants(&fake).len(), 3);
    assert!(saved.all().is_empty());
}

#[tokio::test]
async fn a_refusal_of_the_identity_server_is_the_error() {
    let fake = fake(Oidc::default()).await;
    let sign_in = |id: &str, token: &str| {
        let application = Application::new(id, SECRET).with_identity(&fake.url());
        let application = application.unwrap();
        SignIn::new(application, token).unwrap()
    };
    for (id, token, kind, text) in [
        (
            "id",
            "us3d-token",
            RefusalKind::InvalidGrant,
            "invalid_grant",
        ),
        (
            "another",
            FIRST,
            RefusalKind::InvalidClient,
            "invalid_client",
        ),
    ] {
        let sign_in = sign_in(id, token);
        let shown = format!("{sign_in:?}");
        let client = builder(&fake, sign_in).build().unwrap();
        let error = client.send(documents()).await.unwrap_err();
        let ClientError::Renewal(why) = &error else {
            panic!("{error:?}");
        };
        assert!(!why.may_pass());
        assert!(error.to_string().contains(text), "{error}");
        let cause = why
            .cause()
            .downcast_ref::<OidcError>()
            .expect("one of OAuth");
        assert!(cause.is_refusal(kind));
        let shown = format!("{shown} {error} {error:?} {client:?}");
        for secret in [SECRET, token] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    // No request of the API was sent.
    assert!(fake.received_of("GetDocumentsV3").is_empty());
}

#[tokio::test]
async fn an_identity_server_that_fails_is_asked_again() {
    let fake = fake(Oidc::default()).await;
    let client = builder(&fake, sign_in(&fake, &Saved::default()))
        .build()
        .unwrap();
    fake.fault("/connect/token", Fault::Status(503), 2).unwrap();
    client.send(documents()).await.unwrap();
    assert_eq!(grants(&fake), ["fault: 503", "fault: 503", "refresh_token"]);
    // But not forever, and the error says what it was.
    fake.move_clock(DAY);
    fake.fault("/connect/token", Fault::Status(503), Times::Always)
        .unwrap();
    let error = client.send(documents()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("the identity server answered with status 503"),
        "{error}"
    );
    // How long it wants to be left alone, too.
    let fake = self::fake(Oidc::default()).await;
    fake.fault("/connect/token", Fault::StatusAfter(503, 7), Times::Always)
        .unwrap();
    let client = builder(&fake, sign_in(&fake, &Saved::default())).retry(RetryPolicy::never());
    let error = client.build().unwrap().send(documents()).await.unwrap_err();
    assert!(
        matches!(&error, ClientError::Renewal(why) if why.retry_after() == Some(7 * SECOND)),
        "{error:?}"
    );
}

#[tokio::test]
async fn while_the_old_token_lives_nobody_notices_that_the_identity_server_fails() {
    // A refresh is due after half of it; a slow machine has the other half to get this done.
    let life = Duration::from_secs(10);
    let fake = fake(Oidc::default().token_life(life)).await;
    let saved = Saved::default();
    let client = builder(&fake, sign_in(&fake, &saved)).build().unwrap();
    client.send(documents()).await.unwrap();
    fake.fault("/connect/token", Fault::Status(500), 1).unwrap();
    // Until one was due, which failed; the request that it was due for had an answer all the same.
    while grants(&fake).len() < 2 {
        client.send(documents()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(grants(&fake), ["refresh_token", "fault: 500"]);
    client.send(documents()).await.unwrap();
    assert!(!saved.all().is_empty());
}

#[tokio::test]
async fn a_token_that_cannot_be_saved_is_not_lost() {
    let fake = fake(Oidc::default()).await;
    let saved = Saved::default();
    let (tries, is_full) = (Saved::default(), Arc::new(Mutex::new(true)));
    let (keep, note, full) = (saved.clone(), tries.clone(), Arc::clone(&is_full));
    let sign_in = sign_in(&fake, &saved).on_rotation(move |token: Token| {
        note.0.lock().unwrap().push(token.expose().to_owned());
        let is_full = *full.lock().unwrap();
        if !is_full {
            keep.0.lock().unwrap().push(token.expose().to_owned());
        }
        async move {
            match is_full {
                true => Err("the disk is full".into()),
                false => Ok(()),
            }
        }
    });
    let client = builder(&fake, sign_in).build().unwrap();
    for _ in 0..2 {
        let error = client.send(documents()).await.unwrap_err();
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
    assert!(
        fake.received_of("GetDocumentsV3").is_empty(),
        "the access token was not used"
    );
    *is_full.lock().unwrap() = false;
    client.send(documents()).await.unwrap();
    assert_eq!(grants(&fake), ["refresh_token"], "what came was kept");
    assert_eq!(tries.all(), vec![saved.all()[0].clone(); 3]);
}

#[tokio::test]
async fn a_refresh_goes_on_where_its_request_is_dropped() {
    let fake = fake(Oidc::default()).await;
    let saved = Saved::default();
    let client = builder(&fake, sign_in(&fake, &saved)).build().unwrap();
    fake.fault("/connect/token", Fault::Slow(Duration::from_millis(300)), 1)
        .unwrap();
    let request = client.clone();
    let request = tokio::spawn(async move { request.send(documents()).await });
    while grants(&fake).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    client.send(documents()).await.unwrap();
    assert_eq!(grants(&fake), ["refresh_token"]);
    assert_eq!(saved.all().len(), 1);
}

/// What waits long for its turn is sent with the token of that moment.
#[tokio::test]
async fn a_token_that_was_renewed_while_a_request_waited() {
    let fake = fake(Oidc::default().token_life(DAY)).await;
    let sign_in = sign_in(&fake, &Saved::default());
    let client = builder(&fake, sign_in).at_a_time(1).build().unwrap();
    client.send(documents()).await.unwrap();
    fake.move_clock(DAY);
    for result in many(&client).await {
        result.unwrap();
    }
    let received = fake.received();
    let refused = received.iter().filter(|one| one.status == Some(401));
    assert_eq!(refused.count(), 1, "the others waited for the first");
}
