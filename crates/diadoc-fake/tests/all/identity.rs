//! The identity server of the fake, asked by the requests of diadoc-api and by hand.

use std::time::{Duration, Instant};

use diadoc_api::oidc::{Application, DeviceLogin, OidcError, RefusalKind, TokenRequest, Tokens};
use diadoc_api::{Step, Token, http, query};
use diadoc_fake::{Approval, Fake, Fault, Oidc};

use crate::BOX;
use crate::http::{Call, Came};

mod tokens;

const MINUTE: Duration = Duration::from_secs(60);

async fn started(oidc: Oidc) -> Fake {
    Fake::builder()
        .stateless()
        .oidc(oidc)
        .start()
        .await
        .unwrap()
}

fn application(fake: &Fake) -> Application {
    Application::new("id", "s3cr3t")
        .with_identity(&fake.url())
        .unwrap()
}

fn response(came: Came) -> http::Response<bytes::Bytes> {
    let mut response = http::Response::new(came.body.into());
    *response.status_mut() = http::StatusCode::from_u16(came.status).unwrap();
    response
}

async fn ask(fake: &Fake, request: &TokenRequest) -> Result<Tokens, OidcError> {
    let http = request.to_http().unwrap();
    request.outcome(response(Call::of(&http).send(fake).await))
}

#[track_caller]
fn refused(result: Result<Tokens, OidcError>, kind: RefusalKind) {
    let error = result.unwrap_err();
    assert!(error.is_refusal(kind), "{error:?} is no {kind:?}");
}

/// A call of the API with that token: status and text.
async fn call(fake: &Fake, token: &str) -> (u16, String) {
    let target = format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound");
    let call = Call::get(target).with("Authorization", &format!("Bearer {token}"));
    let came = call.with("Accept", "application/json").send(fake).await;
    (came.status, came.text().to_owned())
}

async fn token_of(fake: &Fake) -> Tokens {
    let refresh = application(fake).refresh(&"issued-before".into());
    ask(fake, &refresh).await.unwrap()
}

#[tokio::test]
async fn tokens_live_as_long_as_they_say() {
    let fake = started(Oidc::default().token_life(MINUTE)).await;
    let tokens = token_of(&fake).await;
    assert_eq!(tokens.expires_in, Some(MINUTE));
    let token = tokens.access_token.expose();
    assert_eq!(call(&fake, token).await.0, 200);
    fake.move_clock(MINUTE / 2);
    assert_eq!(call(&fake, token).await.0, 200);
    fake.move_clock(MINUTE / 2);
    let invalid = (401, "Invalid auth token\n".to_owned());
    assert_eq!(call(&fake, token).await, invalid);
    assert_eq!(call(&fake, "unknown").await, invalid);
    // Nor is a refresh token one for the API.
    let refresh = tokens.refresh_token.unwrap();
    assert_eq!(call(&fake, refresh.expose()).await, invalid);
    let fresh = ask(&fake, &application(&fake).refresh(&refresh))
        .await
        .unwrap();
    assert_eq!(call(&fake, fresh.access_token.expose()).await.0, 200);
    // What the identity server has given outlives a reset.
    fake.reset();
    assert_eq!(call(&fake, fresh.access_token.expose()).await.0, 200);
    // A day where nothing is said.
    let fake = started(Oidc::default()).await;
    assert_eq!(token_of(&fake).await.expires_in, Some(1440 * MINUTE));
}

#[tokio::test]
async fn a_token_of_the_test_does_as_well() {
    let fake = Fake::builder()
        .stateless()
        .oidc(Oidc::default())
        .token("mine");
    let fake = fake.start().await.unwrap();
    assert_eq!(call(&fake, "mine").await.0, 200);
    assert_eq!(call(&fake, "other").await.0, 401);
    // Without either, any does, and anybody can sign in.
    let fake = crate::started().await;
    assert_eq!(call(&fake, "other").await.0, 200);
    assert_eq!(
        call(&fake, token_of(&fake).await.access_token.expose())
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let fake = started(Oidc::default()).await;
    let application = application(&fake);
    let mut token = Token::from("issued-before");
    for _ in 0..3 {
        let refresh = application.refresh(&token);
        let tokens = ask(&fake, &refresh).await.unwrap();
        let next = tokens.refresh_token.unwrap();
        assert_ne!(next, token);
        refused(ask(&fake, &refresh).await, RefusalKind::InvalidGrant);
        token = next;
    }
    // Where a test says which was issued, no other is.
    let fake = started(Oidc::default().refresh_token("this")).await;
    let application = self::application(&fake);
    let with = |token: &str| application.refresh(&token.into());
    refused(ask(&fake, &with("other")).await, RefusalKind::InvalidGrant);
    ask(&fake, &with("this")).await.unwrap();
    refused(ask(&fake, &with("this")).await, RefusalKind::InvalidGrant);
    let fake = started(Oidc::default().without_rotation()).await;
    let refresh = self::application(&fake).refresh(&"same".into());
    for _ in 0..2 {
        let tokens = ask(&fake, &refresh).await.unwrap();
        assert_eq!(tokens.refresh_token, Some("same".into()));
    }
}

#[tokio::test]
async fn forms_that_are_refused() {
    let fake = started(Oidc::default().application("id", "s&=c")).await;
    let media_type = "application/x-www-form-urlencoded";
    let who = "client_id=id&client_secret=s%26%3Dc";
    let token = |body: String| async move { ("/connect/token", media_type, body) };
    for (post, error) in [
        (
            token(format!("grant_type=refresh_token&{who}")).await,
            "invalid_request",
        ),
        (
            token(format!("grant_type=refresh_token&refresh_token=&{who}")).await,
            "invalid_request",
        ),
        (
            token(format!(
                "grant_type=refresh_token&refresh_token=a&refresh_token=b&{who}"
            ))
            .await,
            "invalid_request",
        ),
        (
            token(format!("refresh_token=a&{who}")).await,
            "invalid_request",
        ),
        (token("\u{1}".into()).await, "invalid_client"),
        (
            token("grant_type=refresh_token&refresh_token=a".into()).await,
            "invalid_client",
        ),
        (
            token("grant_type=refresh_token&refresh_token=a&client_id=id".into()).await,
            "invalid_client",
        ),
        (
            token("grant_type=refresh_token&refresh_token=a&client_id=id&client_secret=x".into())
                .await,
            "invalid_client",
        ),
        (
            token(format!("grant_type=password&{who}")).await,
            "unsupported_grant_type",
        ),
        (
            token(format!("grant_type=client_credentials&{who}")).await,
            "unsupported_grant_type",
        ),
        (
            token(format!("grant_type=authorization_code&code=x&{who}")).await,
            "invalid_grant",
        ),
        (
            token(format!(
                "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x&{who}"
            ))
            .await,
            "invalid_grant",
        ),
        (
            (
                "/connect/token",
                "application/json",
                format!("grant_type=x&{who}"),
            ),
            "invalid_request",
        ),
        (
            ("/connect/deviceauthorization", media_type, who.to_owned()),
            "invalid_scope",
        ),
        (
            (
                "/connect/deviceauthorization",
                media_type,
                "scope=a".to_owned(),
            ),
            "invalid_client",
        ),
    ] {
        let (path, media_type, body) = post;
        let came = Call::post(path, media_type, body.clone()).send(&fake).await;
        assert_eq!(came.status, 400, "{body}");
        assert_eq!(came.json()["error"], error, "{body}");
        assert_eq!(came.header("cache-control"), Some("no-store"));
    }
    // A space may be a plus, and everything may be escaped.
    let odd = format!("grant%5Ftype=refresh%5Ftoken&refresh_token=a+b&{who}");
    assert_eq!(
        Call::post("/connect/token", media_type, odd)
            .send(&fake)
            .await
            .status,
        200
    );
    for (verb, path) in [("GET", "/connect/token"), ("POST", "/connect/authorize")] {
        let came = Call::new(verb, path.to_owned()).send(&fake).await;
        assert_eq!(came.status, 405, "{path}");
    }
}

#[tokio::test]
async fn a_code_is_good_for_whoever_asked_for_it() {
    let back = "https://example.com/back?a=b";
    let fake = started(Oidc::default().redirect_uri(back)).await;
    let application = application(&fake);
    let sign_in = application.authorization(back, [1; 64]);
    // The address that the browser is sent back to.
    let visit = |url: http::Uri| {
        let fake = &fake;
        async move {
            let target = url.path_and_query().unwrap().to_string();
            let came = Call::get(target).send(fake).await;
            assert_eq!(came.status, 302, "{}", came.text());
            came.header("location")
                .unwrap()
                .parse::<http::Uri>()
                .unwrap()
        }
    };
    let to = visit(sign_in.url().unwrap()).await;
    assert!(to.to_string().starts_with(&format!("{back}&code=")), "{to}");
    let exchange = sign_in.redirected(&to).unwrap();
    let tokens = ask(&fake, &exchange).await.unwrap();
    assert_eq!(call(&fake, tokens.access_token.expose()).await.0, 200);
    assert!(tokens.id_token.is_some(), "its nonce was looked at");
    let refresh = application.refresh(&tokens.refresh_token.unwrap());
    ask(&fake, &refresh).await.unwrap();
    // Only once.
    refused(ask(&fake, &exchange).await, RefusalKind::InvalidGrant);

    // With another verifier, redirect or program, or too late.
    let thief = application.authorization(back, [2; 64]);
    let moved = application.authorization("http://127.0.0.1:1/other", [1; 64]);
    let other = Application::new("other", "x")
        .with_identity(&fake.url())
        .unwrap();
    let other = other.authorization(back, [1; 64]);
    for wrong in [&thief, &moved, &other] {
        let to = visit(sign_in.url().unwrap()).await.to_string();
        let (_, state) = pair(&wrong.url().unwrap(), "state");
        let (_, own) = pair(&sign_in.url().unwrap(), "state");
        let to = to.replace(&own, &state).parse().unwrap();
        let exchange = wrong.redirected(&to).unwrap();
        refused(ask(&fake, &exchange).await, RefusalKind::InvalidGrant);
    }
    let to = visit(sign_in.url().unwrap()).await;
    fake.move_clock(5 * MINUTE);
    let exchange = sign_in.redirected(&to).unwrap();
    refused(ask(&fake, &exchange).await, RefusalKind::InvalidGrant);
    // The user says no.
    fake.approval(Approval::Denied);
    let error = sign_in.redirected(&visit(sign_in.url().unwrap()).await);
    assert!(error.unwrap_err().is_refusal(RefusalKind::AccessDenied));
    // What sends nobody back.
    for query in [
        "",
        "client_id=id",
        "client_id=id&client_id=id&redirect_uri=http://localhost/x",
        // To others than the registered address and the own machine anybody could have a user sent.
        "client_id=id&response_type=code&scope=a&redirect_uri=https://example.com/back",
        "client_id=id&response_type=code&scope=a&redirect_uri=/x",
        "client_id=id&response_type=token&redirect_uri=https://example.com/other",
    ] {
        let came = Call::get(format!("/connect/authorize?{query}"))
            .send(&fake)
            .await;
        assert_eq!(
            (came.status, came.header("location")),
            (400, None),
            "{query}"
        );
    }
    let plain = "client_id=id&redirect_uri=http://localhost/x&response_type=code&scope=a&code_challenge=c\
                 &code_challenge_method=plain";
    for (query, error) in [
        (
            "client_id=id&redirect_uri=http://localhost/x&response_type=token",
            "unsupported_response_type",
        ),
        (
            "client_id=id&redirect_uri=http://localhost/x&response_type=code",
            "invalid_scope",
        ),
        (plain, "invalid_request"),
    ] {
        let came = Call::get(format!("/connect/authorize?{query}&state=s"))
            .send(&fake)
            .await;
        let to = format!("http://localhost/x?error={error}&state=s");
        assert_eq!((came.status, came.header("location")), (302, Some(&*to)));
    }
}

fn pair(uri: &http::Uri, name: &str) -> (String, String) {
    let mut pairs = query::pairs(uri.query().unwrap()).into_iter();
    pairs.find(|(key, _)| key == name).unwrap()
}

#[tokio::test]
async fn a_device_waits_for_its_user() {
    let fake = started(Oidc::default().approval(Approval::After(2))).await;
    let application = application(&fake);
    let (code, mut login) = device(&fake, &application).await;
    assert_eq!((code.expires_in, code.interval), (5 * MINUTE, MINUTE / 60));
    // Under the name that the program knows the server by.
    let page = "http://fake/device";
    assert_eq!(code.verification_uri, page);
    let complete = format!("{page}?user_code={}", code.user_code);
    assert_eq!(code.verification_uri_complete, Some(complete));
    assert_eq!(Call::get("/device").send(&fake).await.status, 200);
    let mut steps = Vec::new();
    let tokens = loop {
        match poll(&fake, &mut login).await.unwrap() {
            Step::Ready(tokens) => break tokens,
            Step::Wait(delay) => {
                steps.push(delay.as_secs());
                // The second request comes too soon.
                if steps.len() > 1 {
                    fake.move_clock(delay);
                }
            }
        }
    };
    assert_eq!(steps, [1, 6, 6]);
    assert_eq!(call(&fake, tokens.access_token.expose()).await.0, 200);
    // Only once.
    let http = login.request().to_http().unwrap();
    let again = login
        .request()
        .outcome(response(Call::of(&http).send(&fake).await));
    refused(again, RefusalKind::InvalidGrant);

    fake.approval(Approval::Denied);
    let (_, mut login) = device(&fake, &application).await;
    let error = poll(&fake, &mut login).await.unwrap_err();
    assert!(error.is_refusal(RefusalKind::AccessDenied));

    fake.approval(Approval::Never);
    let (_, mut login) = device(&fake, &application).await;
    assert!(matches!(poll(&fake, &mut login).await, Ok(Step::Wait(_))));
    fake.move_clock(5 * MINUTE);
    assert_eq!(poll(&fake, &mut login).await, Err(OidcError::Expired));
}

async fn device(
    fake: &Fake,
    application: &Application,
) -> (diadoc_api::oidc::DeviceCode, DeviceLogin) {
    let request = application.device();
    let came = Call::of(&request.to_http().unwrap()).send(fake).await;
    let code = request.outcome(response(came)).unwrap();
    let login = DeviceLogin::new(application, &code, Instant::now());
    (code, login)
}

async fn poll(fake: &Fake, login: &mut DeviceLogin) -> Result<Step<Tokens>, OidcError> {
    let http = login.request().to_http().unwrap();
    let came = Call::of(&http).send(fake).await;
    login.next(response(came), Instant::now())
}

#[tokio::test]
async fn other_libraries_find_their_way() {
    let fake = crate::started().await;
    let came = Call::get("/.well-known/openid-configuration")
        .send(&fake)
        .await;
    let body = came.json();
    let url = "http://fake";
    assert_eq!(body["issuer"], url);
    let keys = Call::get("/.well-known/openid-configuration/jwks");
    assert_eq!(keys.send(&fake).await.json()["keys"], serde_json::json!([]));
    for (key, path) in [
        ("jwks_uri", "/.well-known/openid-configuration/jwks"),
        ("token_endpoint", "/connect/token"),
        ("authorization_endpoint", "/connect/authorize"),
        (
            "device_authorization_endpoint",
            "/connect/deviceauthorization",
        ),
    ] {
        assert_eq!(body[key], format!("{url}{path}"));
    }
}

#[tokio::test]
async fn faults_and_notes() {
    let fake = started(Oidc::default()).await;
    // A fault of every method is none of the identity server.
    fake.fault("*", Fault::Status(500), 1).unwrap();
    fake.fault("/connect/token", Fault::Status(503), 1).unwrap();
    fake.plan("/connect/token=pending*1".parse().unwrap())
        .unwrap();
    let refresh = application(&fake).refresh(&"r3fresh".into());
    assert!(ask(&fake, &refresh).await.unwrap_err().may_pass());
    refused(
        ask(&fake, &refresh).await,
        RefusalKind::AuthorizationPending,
    );
    let tokens = ask(&fake, &refresh).await.unwrap();
    refused(ask(&fake, &refresh).await, RefusalKind::InvalidGrant);
    let received = fake.received();
    let notes: Vec<_> = received
        .iter()
        .map(|one| one.note.as_deref().unwrap())
        .collect();
    let expected = [
        "fault: 503",
        "fault: pending",
        "refresh_token",
        "refresh_token: invalid_grant",
    ];
    assert_eq!(notes, expected);
    let kept = format!("{received:?}");
    let next = tokens.refresh_token.unwrap();
    for secret in [
        "s3cr3t",
        "r3fresh",
        next.expose(),
        tokens.access_token.expose(),
    ] {
        assert!(!kept.contains(secret), "{kept}");
    }
    assert!(fake.fault("/connect/nothing", Fault::Cut, 1).is_err());
}
