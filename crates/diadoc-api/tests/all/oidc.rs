//! Signing in, without I/O.

use std::time::{Duration, Instant};

use bytes::Bytes;
use diadoc_api::oidc::{
    Application, DeviceLogin, OidcError, RefusalKind, TokenRequest, code_challenge,
};
use diadoc_api::{Config, Step, Token, query};
use http::{Method, Response, Uri};
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);
/// What no text may show.
const SECRETS: [&str; 4] = ["cl1ent/s3cret", "r3fresh+old", "d3vice&code", "c0de=x"];

fn application() -> Application {
    Application::new("client id", SECRETS[0])
}

fn refresh() -> TokenRequest {
    application().refresh(&Token::from(SECRETS[1]))
}

fn answer(status: u16, body: &str) -> Response<Bytes> {
    crate::json(status, body)
}

fn form(request: &http::Request<Bytes>) -> Vec<(String, String)> {
    query::pairs(str::from_utf8(request.body()).unwrap())
}

fn owned<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn the_vendors_addresses() {
    assert_eq!(Config::new().address(), Config::ADDRESS);
    assert_eq!(
        Config::staging().address(),
        "https://diadoc-api-staging.kontur.ru"
    );
    assert_eq!(application().identity(), Config::IDENTITY_ADDRESS);
    assert!(application().scope().ends_with(" Diadoc.PublicAPI"));
    let test = application().with_scope(Application::STAGING_SCOPE);
    assert!(test.scope().ends_with(" Diadoc.PublicAPI.Staging"));
}

#[test]
fn a_refresh_is_the_form_that_the_vendor_wants() {
    let http = refresh().to_http().unwrap();
    assert_eq!(http.method(), Method::POST);
    assert_eq!(http.uri(), "https://identity.kontur.ru/connect/token");
    let form_type = "application/x-www-form-urlencoded";
    assert_eq!(http.headers()["Content-Type"], form_type);
    assert_eq!(http.headers()["Accept"], "application/json");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", SECRETS[1]),
        ("client_id", "client id"),
        ("client_secret", SECRETS[0]),
    ];
    assert_eq!(form(&http), owned(fields));
    // Below a path, as behind a proxy; an address that is none is no panic.
    let proxy = application()
        .with_identity("https://proxy:8/kontur/")
        .unwrap();
    let http = proxy.refresh(&"t".into()).to_http().unwrap();
    assert_eq!(http.uri(), "https://proxy:8/kontur/connect/token");
    for address in ["identity.kontur.ru", "/connect", "https://user:pass@host"] {
        assert!(application().with_identity(address).is_err(), "{address}");
    }
    let long = "x".repeat(70_000);
    let sign_in = application().authorization(long, [0; 64]);
    assert_eq!(sign_in.url().unwrap_err(), OidcError::Uri);
}

#[test]
fn tokens_as_servers_write_them() {
    let outcome = |body: &str| refresh().outcome(answer(200, body)).unwrap();
    let all = outcome(
        r#"{"access_token": "a", "token_type": "bearer", "expires_in": 86400, "new": [1],
            "refresh_token": "next", "id_token": "x.y.z", "scope": "Diadoc.PublicAPI"}"#,
    );
    assert_eq!(all.access_token.expose(), "a");
    assert_eq!(all.expires_in, Some(86_400 * SECOND));
    assert_eq!(all.refresh_token, Some("next".into()));
    assert_eq!(all.id_token, Some("x.y.z".into()));
    assert_eq!(all.scope.as_deref(), Some("Diadoc.PublicAPI"));
    // What is missing or null; the old refresh token stays.
    for body in [
        r#"{"access_token": "a", "token_type": "Bearer"}"#,
        r#"{"access_token": "a", "token_type": "Bearer", "expires_in": null, "scope": null,
            "refresh_token": null, "id_token": ""}"#,
    ] {
        let few = outcome(body);
        assert_eq!(
            (few.expires_in, few.id_token, few.scope),
            (None, None, None)
        );
        assert_eq!(few.refresh_token, Some(SECRETS[1].into()));
    }
    for (life, after) in [(86_400, 86_340), (120, 60), (60, 30), (1, 0), (0, 0)] {
        let body =
            format!(r#"{{"access_token": "a", "token_type": "Bearer", "expires_in": {life}}}"#);
        let millis = if life == 1 { 500 } else { 0 };
        let after = after * SECOND + Duration::from_millis(millis);
        assert_eq!(outcome(&body).refresh_after(), Some(after));
    }
    let as_text = outcome(r#"{"access_token": "a", "token_type": "Bearer", "expires_in": "60"}"#);
    assert_eq!(as_text.expires_in, Some(60 * SECOND));
}

#[test]
fn answers_that_hold_no_token() {
    for (body, why) in [
        ("<html>", "it is no JSON object"),
        ("[]", "it is no JSON object"),
        ("{}", "`token_type` is not Bearer"),
        (
            r#"{"token_type": "mac", "access_token": "a"}"#,
            "`token_type` is not Bearer",
        ),
        (r#"{"token_type": "Bearer"}"#, "there is no `access_token`"),
        (
            r#"{"token_type": "Bearer", "access_token": ""}"#,
            "there is no `access_token`",
        ),
        (
            r#"{"token_type": "Bearer", "access_token": 1}"#,
            "`access_token` is no text",
        ),
        (
            r#"{"token_type": "Bearer", "access_token": "a\nb"}"#,
            "`access_token` holds what no header may",
        ),
        (
            r#"{"token_type": "Bearer", "access_token": "a", "expires_in": -1}"#,
            "`expires_in` is no number of seconds",
        ),
        (
            r#"{"token_type": "Bearer", "access_token": "a", "refresh_token": 7}"#,
            "`refresh_token` is no text",
        ),
    ] {
        let error = refresh().outcome(answer(200, body)).unwrap_err();
        assert_eq!(error, OidcError::Unreadable(why), "{body}");
        assert!(!error.may_pass());
    }
}

#[test]
fn refusals_have_a_kind() {
    use RefusalKind as Kind;
    for (error, kind, passes) in [
        ("invalid_request", Kind::InvalidRequest, false),
        ("invalid_client", Kind::InvalidClient, false),
        ("invalid_grant", Kind::InvalidGrant, false),
        ("unauthorized_client", Kind::UnauthorizedClient, false),
        ("unsupported_grant_type", Kind::UnsupportedGrantType, false),
        ("invalid_scope", Kind::InvalidScope, false),
        ("access_denied", Kind::AccessDenied, false),
        ("authorization_pending", Kind::AuthorizationPending, false),
        ("slow_down", Kind::SlowDown, false),
        ("expired_token", Kind::ExpiredToken, false),
        ("server_error", Kind::ServerError, true),
        (
            "temporarily_unavailable",
            Kind::TemporarilyUnavailable,
            true,
        ),
        ("license_expired", Kind::Other, false),
    ] {
        let body = format!(r#"{{"error": "{error}", "error_description": "why"}}"#);
        let refused = refresh().outcome(answer(400, &body)).unwrap_err();
        assert_eq!(refused.may_pass(), passes, "{error}");
        assert_eq!(
            refused.to_string(),
            format!("the identity server refused: {error} (status 400): why")
        );
        let OidcError::Refused(refusal) = refused else {
            panic!("{refused}");
        };
        assert_eq!((refusal.kind, &*refusal.error), (kind, error));
    }
    // What has not the form of OAuth.
    for (status, passes) in [
        (500, true),
        (503, true),
        (429, true),
        (408, true),
        (404, false),
    ] {
        for body in ["", "<html>", r#"{"error": 1}"#, r#"{"Message": "x"}"#] {
            let error = refresh().outcome(answer(status, body)).unwrap_err();
            assert!(matches!(error, OidcError::Status { .. }), "{error:?}");
            assert_eq!(error.may_pass(), passes, "{status}");
        }
    }
    for body in ["", r#"{"error": "temporarily_unavailable"}"#] {
        let mut busy = answer(503, body);
        let error = refresh().outcome(busy.clone()).unwrap_err();
        assert_eq!(error.retry_after(), None);
        busy.headers_mut().insert("Retry-After", 7.into());
        let error = refresh().outcome(busy).unwrap_err();
        assert_eq!(error.retry_after(), Some(7 * SECOND), "{error:?}");
    }
}

/// Nothing that is printed shows a secret, not even where the server repeats it.
#[test]
fn secrets_are_not_shown() {
    let sign_in = application().authorization("https://example.com/back", [7; 64]);
    let (_, state) = in_query(&sign_in.url().unwrap(), "state");
    let back = format!("/back?code=c0de%3Dx&state={state}")
        .parse()
        .unwrap();
    let exchange = sign_in.redirected(&back).unwrap();
    let code = device_code();
    let login = DeviceLogin::new(&application(), &code, Instant::now());
    let (verifier, _) = {
        let http = exchange.to_http().unwrap();
        let mut fields = form(&http).into_iter();
        let verifier = fields.find(|(name, _)| name == "code_verifier").unwrap();
        (verifier.1, http)
    };
    let mut printed = format!(
        "{:?} {:?} {sign_in:?} {exchange:?} {code:?} {login:?} {:?} ",
        application(),
        refresh(),
        application().device(),
    );
    let spelt = |secret: &str| {
        let plus = secret.replace('+', "%2B");
        [secret.to_owned(), query::percent_encoded(secret), plus].join(" ")
    };
    let all = SECRETS.map(spelt).join(" ") + &verifier;
    for (request, status) in [(&refresh(), 400), (&exchange, 400), (login.request(), 500)] {
        for body in [
            serde_json::json!({ "error": all, "error_description": all }).to_string(),
            all.clone(),
        ] {
            let error = request.outcome(answer(status, &body)).unwrap_err();
            // A request can only take out what it has itself.
            let own: Vec<_> = form(&request.to_http().unwrap());
            for (name, secret) in own.iter().filter(|(name, _)| is_secret(name)) {
                let shown = format!("{error} {error:?}");
                for spelling in [secret.clone(), query::percent_encoded(secret)] {
                    assert!(!shown.contains(&spelling), "{name}: {shown}");
                }
            }
        }
        let body = format!(
            r#"{{"access_token": "{verifier}", "token_type": "Bearer",
            "refresh_token": "{verifier}", "id_token": "{verifier}"}}"#
        );
        printed += &format!("{:?} ", request.outcome(answer(200, &body)));
    }
    for secret in SECRETS.into_iter().chain([&*verifier]) {
        assert!(!printed.contains(secret), "{secret}: {printed}");
    }
}

fn is_secret(field: &str) -> bool {
    [
        "client_secret",
        "refresh_token",
        "code",
        "code_verifier",
        "device_code",
    ]
    .contains(&field)
}

fn in_query(uri: &Uri, name: &str) -> (String, String) {
    let mut pairs = query::pairs(uri.query().unwrap_or_default()).into_iter();
    pairs.find(|(key, _)| key == name).unwrap()
}

#[test]
fn the_challenge_of_the_standard() {
    // RFC 7636, appendix B.
    let challenge = code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn a_code_and_its_exchange() {
    let random = std::array::from_fn(|at| u8::try_from(at).unwrap());
    let sign_in = application().authorization("https://example.com/back?a=b", random);
    let url = sign_in.url().unwrap();
    let value = |name: &str| in_query(&url, name).1;
    assert_eq!(url.host(), Some("identity.kontur.ru"));
    assert_eq!(url.path(), "/connect/authorize");
    assert_eq!(value("response_type"), "code");
    assert_eq!(value("client_id"), "client id");
    assert_eq!(value("redirect_uri"), "https://example.com/back?a=b");
    assert_eq!(value("scope"), Application::SCOPE);
    assert_eq!(value("code_challenge_method"), "S256");
    assert!(!url.to_string().contains("s3cret"));
    // The same bytes give the same sign-in, other bytes other texts.
    let again = application().authorization("https://example.com/back?a=b", random);
    assert_eq!(again.url().unwrap(), url);
    for at in [0, 31, 32, 47, 48, 63] {
        let mut other = random;
        other[at] ^= 1;
        let other = application().authorization("https://example.com/back?a=b", other);
        assert_ne!(other.url().unwrap(), url, "{at}");
    }

    let back = format!("/back?a=b&code=c0de%3Dx&state={}", value("state"));
    let exchange = sign_in.redirected(&back.parse().unwrap()).unwrap();
    let fields = form(&exchange.to_http().unwrap());
    let field = |name: &str| &fields.iter().find(|(key, _)| key == name).unwrap().1;
    assert_eq!(field("grant_type"), "authorization_code");
    assert_eq!(field("code"), "c0de=x");
    assert_eq!(field("redirect_uri"), "https://example.com/back?a=b");
    let verifier = field("code_verifier");
    assert_eq!(
        verifier.len(),
        43,
        "the shortest that RFC 7636 allows has 256 bits"
    );
    assert_eq!(code_challenge(verifier), value("code_challenge"));

    let tokens = |id_token: &str| {
        let body = serde_json::json!({ "access_token": "a", "token_type": "Bearer",
                                       "id_token": id_token });
        exchange.outcome(answer(200, &body.to_string()))
    };
    let id_token = |claims: &str| {
        let claims = diadoc_core::base64::encode_url_safe(claims.as_bytes());
        format!("eyJhbGciOiJSUzI1NiJ9.{claims}.c2lnbmF0dXJl")
    };
    let right = id_token(&format!(r#"{{"nonce": "{}"}}"#, value("nonce")));
    let found = tokens(&right).unwrap();
    // There is no old refresh token to keep.
    assert_eq!(
        (found.id_token, found.refresh_token),
        (Some(right.as_str().into()), None)
    );
    assert!(
        tokens("").is_ok(),
        "without the scope `openid` there is none"
    );
    for wrong in [r#"{"nonce": "another"}"#, r#"{"nonce": 1}"#, "{}"] {
        assert_eq!(tokens(&id_token(wrong)), Err(OidcError::Nonce), "{wrong}");
    }
    for none in ["x", "x.y", "x.e30", &id_token("[]")] {
        let error = tokens(none).unwrap_err();
        match none {
            "x.e30" => assert_eq!(error, OidcError::Nonce),
            _ => assert!(matches!(error, OidcError::Unreadable(_)), "{none}"),
        }
    }
}

#[test]
fn redirects_that_bring_no_code() {
    let sign_in = application().authorization("https://example.com/back", [1; 64]);
    let (_, state) = in_query(&sign_in.url().unwrap(), "state");
    let back = |query: &str| {
        let query = query.replace("STATE", &state);
        sign_in.redirected(&format!("https://example.com/back{query}").parse().unwrap())
    };
    assert!(back("?code=c&state=STATE").is_ok());
    for forged in [
        "",
        "?",
        "?code=c",
        "?code=c&state=",
        "?code=c&state=STATEx",
        "?error=x",
    ] {
        assert_eq!(back(forged).unwrap_err(), OidcError::State, "{forged}");
    }
    for empty in ["?state=STATE", "?state=STATE&code="] {
        assert_eq!(back(empty).unwrap_err(), OidcError::NoCode, "{empty}");
    }
    let refused = back("?error=access_denied&error_description=not%20today&state=STATE");
    let refused = refused.unwrap_err();
    assert!(refused.is_refusal(RefusalKind::AccessDenied));
    let said = "the identity server refused: access_denied: not today";
    assert_eq!(refused.to_string(), said);
}

const DEVICE: &str = r#"{"device_code": "d3vice&code", "user_code": "BDWPHQPK", "interval": 3,
    "verification_uri": "https://identity.kontur.ru/device", "expires_in": 300,
    "verification_uri_complete": "https://identity.kontur.ru/device?user-code=BDWPHQPK"}"#;

fn device_code() -> diadoc_api::oidc::DeviceCode {
    application().device().outcome(answer(200, DEVICE)).unwrap()
}

#[test]
fn a_code_for_a_device() {
    let http = application().device().to_http().unwrap();
    assert_eq!(
        http.uri(),
        "https://identity.kontur.ru/connect/deviceauthorization"
    );
    let fields = [
        ("scope", Application::SCOPE),
        ("client_id", "client id"),
        ("client_secret", SECRETS[0]),
    ];
    assert_eq!(form(&http), owned(fields));
    let code = device_code();
    assert_eq!((code.expires_in, code.interval), (300 * SECOND, 3 * SECOND));
    assert_eq!(code.user_code, "BDWPHQPK");
    assert!(
        code.verification_uri_complete
            .unwrap()
            .ends_with("?user-code=BDWPHQPK")
    );
    // Five seconds where nothing is said, and one at least.
    for (interval, expected) in [(r#""interval": 3,"#, ""), (r#""interval": 0,"#, "0")] {
        let body = match expected {
            "" => DEVICE.replace(interval, ""),
            _ => DEVICE.replace(r#""interval": 3,"#, interval),
        };
        let code = application().device().outcome(answer(200, &body)).unwrap();
        let seconds = if expected.is_empty() { 5 } else { 1 };
        assert_eq!(code.interval, seconds * SECOND);
    }
    // Nobody waits longer for the first answer than the code is good for.
    for (interval, is_read) in [(300, true), (301, false), (u64::MAX, false)] {
        let body = DEVICE.replace(r#""interval": 3"#, &format!(r#""interval": {interval}"#));
        let code = application().device().outcome(answer(200, &body));
        match is_read {
            true => assert_eq!(code.unwrap().interval, 300 * SECOND),
            false => assert_eq!(
                code.unwrap_err(),
                OidcError::Unreadable("`interval` is longer than `expires_in`")
            ),
        }
    }
    for key in [
        "device_code",
        "user_code",
        "verification_uri\"",
        "expires_in",
    ] {
        let body = DEVICE.replace(key, if key.ends_with('"') { "x\"" } else { "x" });
        let error = application()
            .device()
            .outcome(answer(200, &body))
            .unwrap_err();
        assert!(matches!(error, OidcError::Unreadable(_)), "{key}");
    }
    let refused = answer(400, r#"{"error": "unauthorized_client"}"#);
    let error = application().device().outcome(refused).unwrap_err();
    assert!(error.is_refusal(RefusalKind::UnauthorizedClient));
}

#[test]
fn waiting_for_the_user() {
    let start = Instant::now();
    let mut login = DeviceLogin::new(&application(), &device_code(), start);
    let fields = form(&login.request().to_http().unwrap());
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    assert_eq!(
        fields[..2],
        owned([("grant_type", grant), ("device_code", SECRETS[2])])
    );

    let error = |name: &str| answer(400, &format!(r#"{{"error": "{name}"}}"#));
    let pending = || error("authorization_pending");
    assert_eq!(login.interval(), 3 * SECOND);
    let at = |seconds: u32| start + seconds * SECOND;
    assert_eq!(login.next(pending(), at(3)), Ok(Step::Wait(3 * SECOND)));
    // Slower for good.
    assert_eq!(
        login.next(error("slow_down"), at(6)),
        Ok(Step::Wait(8 * SECOND))
    );
    assert_eq!(login.next(pending(), at(14)), Ok(Step::Wait(8 * SECOND)));
    // A server that fails is asked less often, and so is one that does not answer.
    assert_eq!(
        login.next(answer(503, ""), at(22)),
        Ok(Step::Wait(16 * SECOND))
    );
    assert_eq!(login.no_answer(at(38)), Ok(32 * SECOND));
    let given = r#"{"access_token": "a", "token_type": "Bearer", "refresh_token": "r"}"#;
    let Ok(Step::Ready(tokens)) = login.clone().next(answer(200, given), at(70)) else {
        panic!("there are tokens");
    };
    assert_eq!(tokens.refresh_token, Some("r".into()));
    // The code ends while somebody waits, or by the server's clock.
    assert_eq!(login.next(pending(), at(268)), Ok(Step::Wait(32 * SECOND)));
    assert_eq!(login.next(pending(), at(269)), Err(OidcError::Expired));
    assert_eq!(
        login.next(error("expired_token"), at(70)),
        Err(OidcError::Expired)
    );
    let denied = login.next(error("access_denied"), at(70)).unwrap_err();
    assert!(denied.is_refusal(RefusalKind::AccessDenied));
    assert!(login.next(error("invalid_client"), at(70)).is_err());
    // Intervals beyond any clock.
    for _ in 0..200 {
        let _ = login.no_answer(at(1));
        let _ = login.next(error("slow_down"), at(1));
    }
    assert_eq!(login.no_answer(at(1)), Err(OidcError::Expired));
}

/// A value that a key of an answer may have, right or wrong.
fn value() -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![
        Just(serde_json::Value::Null),
        any::<f64>().prop_map(serde_json::Value::from),
        any::<u64>().prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        Just("Bearer".into()),
        Just(SECRETS[0].into()),
        "[a-z.0-9]{0,8}".prop_map(serde_json::Value::from),
        Just(serde_json::json!([{}])),
    ]
}

const KEYS: [&str; 11] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "id_token",
    "scope",
    "error",
    "error_description",
    "device_code",
    "user_code",
    "interval",
];

proptest! {
    #![proptest_config(diadoc_testkit::seeds::config(module_path!()))]

    /// Whatever is answered, there is a result, and an error shows no secret.
    #[test]
    fn any_answer_has_an_outcome(
        status in 200_u16..600,
        values in proptest::collection::vec(proptest::option::of(value()), KEYS.len()),
        cut in proptest::option::of(0_usize..200),
    ) {
        let pairs = KEYS.iter().zip(values);
        let pairs = pairs.filter_map(|(key, value)| Some(((*key).to_owned(), value?)));
        let mut body = serde_json::Value::Object(pairs.collect()).to_string();
        body.truncate(cut.unwrap_or(body.len()));
        let start = Instant::now();
        let mut login = DeviceLogin::new(&application(), &device_code(), start);
        let shown = format!(
            "{:?} {:?} {:?}",
            refresh().outcome(answer(status, &body)).map(drop),
            application().device().outcome(answer(status, &body)).map(drop),
            login.next(answer(status, &body), start).map(drop),
        );
        prop_assert!(!shown.contains(SECRETS[0]), "{shown}");
    }
}
