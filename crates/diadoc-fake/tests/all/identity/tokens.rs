//! What the tokens say, whose they are, and who sees them.

use std::time::SystemTime;

use diadoc_core::base64;
use serde_json::Value;

use super::*;

fn of(fake: &Fake, client_id: &str) -> Application {
    Application::new(client_id, "s3cr3t")
        .with_identity(&fake.url())
        .unwrap()
}

#[tokio::test]
async fn a_refresh_token_belongs_to_one_program() {
    for oidc in [Oidc::default(), Oidc::default().without_rotation()] {
        let fake = started(oidc).await;
        let (one, other) = (of(&fake, "one"), of(&fake, "other"));
        // One that was issued before is whose who comes with it first.
        let tokens = ask(&fake, &one.refresh(&"issued-before".into())).await;
        let token = tokens.unwrap().refresh_token.unwrap();
        refused(
            ask(&fake, &other.refresh(&token)).await,
            RefusalKind::InvalidGrant,
        );
        // Which does not use it up.
        ask(&fake, &one.refresh(&token)).await.unwrap();
        let token = signed_in(&fake, &one).await.refresh_token.unwrap();
        refused(
            ask(&fake, &other.refresh(&token)).await,
            RefusalKind::InvalidGrant,
        );
        ask(&fake, &one.refresh(&token)).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_fake_gave_is_no_refresh_token_of_before() {
    let fake = started(Oidc::default()).await;
    let application = application(&fake);
    let tokens = token_of(&fake).await;
    let (code, _) = device(&fake, &application).await;
    for token in [&tokens.access_token, &code.device_code] {
        let refresh = application.refresh(token);
        refused(ask(&fake, &refresh).await, RefusalKind::InvalidGrant);
    }
}

#[tokio::test]
async fn the_id_token_says_when_it_ends() {
    let fake = started(Oidc::default().token_life(MINUTE)).await;
    fake.move_clock(60 * MINUTE);
    let before = now() + 3600;
    let tokens = signed_in(&fake, &application(&fake)).await;
    let after = now() + 3600;
    let id_token = tokens.id_token.unwrap();
    let claims = id_token.expose().split('.').nth(1).unwrap();
    let claims = base64::decode_plain(claims.as_bytes()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], "id");
    let time = |key: &str| claims[key].as_u64().unwrap();
    assert!((before..=after).contains(&time("iat")), "{claims}");
    // Not cut: part of a second counts as one.
    assert!((60..=61).contains(&(time("exp") - time("iat"))), "{claims}");
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_secs()
}

#[tokio::test]
async fn part_of_a_second_counts_as_one() {
    for (life, told) in [(500, 1), (1000, 1), (1001, 2), (60_000, 60)] {
        let life = Duration::from_millis(life);
        let told = Duration::from_secs(told);
        let oidc = Oidc::default()
            .token_life(life)
            .code_life(life)
            .interval(life);
        let fake = started(oidc).await;
        assert_eq!(token_of(&fake).await.expires_in, Some(told));
        let (code, _) = device(&fake, &application(&fake)).await;
        assert_eq!((code.expires_in, code.interval), (told, told));
    }
}

/// The program of a device learns that its code has ended, whoever signs in meanwhile.
#[tokio::test]
async fn an_ended_code_is_told_as_ended() {
    let fake = started(Oidc::default()).await;
    let application = application(&fake);
    let (_, mut late) = device(&fake, &application).await;
    fake.move_clock(5 * MINUTE);
    signed_in(&fake, &application).await;
    let request = late.request();
    let came = Call::of(&request.to_http().unwrap()).send(&fake).await;
    assert_eq!(came.json()["error"], "expired_token");
    assert_eq!(poll(&fake, &mut late).await, Err(OidcError::Expired));
}

async fn signed_in(fake: &Fake, application: &Application) -> Tokens {
    let (_, mut login) = device(fake, application).await;
    match poll(fake, &mut login).await.unwrap() {
        Step::Ready(tokens) => tokens,
        Step::Wait(_) => panic!("the user says yes at once"),
    }
}

#[tokio::test]
async fn no_token_in_debug() {
    let oidc = Oidc::default()
        .application("id", "s3cr3t")
        .refresh_token("issued-before");
    let shown = format!("{oidc:?}");
    let builder = Fake::builder().stateless().oidc(oidc).token("t0ken");
    let shown = format!("{shown} {builder:?}");
    let fake = builder.start().await.unwrap();
    let used = token_of(&fake).await;
    let refresh = application(&fake).refresh(used.refresh_token.as_ref().unwrap());
    let tokens = ask(&fake, &refresh).await.unwrap();
    let (code, _) = device(&fake, &application(&fake)).await;
    fake.accept_token(Some("fr3sh"));
    let shown = format!("{shown} {fake:?} {:?}", *fake);
    assert!(shown.contains("***"), "{shown}");
    for secret in [
        "s3cr3t",
        "issued-before",
        "t0ken",
        "fr3sh",
        used.access_token.expose(),
        used.refresh_token.as_ref().unwrap().expose(),
        tokens.access_token.expose(),
        tokens.refresh_token.as_ref().unwrap().expose(),
        code.device_code.expose(),
    ] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}
