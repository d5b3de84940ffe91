//! Secrets stay out of what is printed.

use diadoc_api::authorization::{AuthenticateConfirmV3, AuthenticateV3};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::{Call, Config, Credentials, Form, Method, Request, RequestError, Token};
use diadoc_proto::LoginPassword;

use crate::BOX;

const SECRET: &str = "s3cr3t-token";

fn request() -> GetDocumentsV3 {
    GetDocumentsV3::new(BOX, "Any.Inbound")
}

#[test]
fn tokens_are_redacted_and_sensitive() {
    for credentials in [
        Credentials::bearer(SECRET),
        Credentials::diadoc_auth("s3cr3t-client", Some(Token::from(SECRET))),
    ] {
        let config = Config::new().with_credentials(credentials);
        let http = request().to_http(&config, Form::Protobuf).unwrap();
        assert!(http.headers()["Authorization"].is_sensitive());
        for printed in [format!("{config:?}"), format!("{http:?}")] {
            assert!(!printed.contains("s3cr3t"), "{printed}");
        }
    }
}

#[test]
fn forms_of_authorization() {
    let header = |credentials: Credentials| {
        let config = Config::new().with_credentials(credentials);
        let http = request().to_http(&config, Form::Protobuf).unwrap();
        http.headers()["Authorization"].to_str().unwrap().to_owned()
    };
    assert_eq!(header(Credentials::bearer("t")), "Bearer t");
    assert_eq!(
        header(Credentials::diadoc_auth("client", Some("t".into()))),
        "DiadocAuth ddauth_api_client_id=client,ddauth_token=t"
    );
    assert_eq!(
        header(Credentials::diadoc_auth("client", None)),
        "DiadocAuth ddauth_api_client_id=client"
    );
    let http = request().to_http(&Config::new(), Form::Protobuf).unwrap();
    assert!(!http.headers().contains_key("Authorization"));
}

#[test]
fn a_token_that_no_header_can_hold_is_not_shown() {
    let config = Config::new().bearer(format!("{SECRET}\nX: y"));
    let error = request().to_http(&config, Form::Protobuf).unwrap_err();
    assert!(matches!(
        error,
        RequestError::Header {
            header: "authorization",
            ..
        }
    ));
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

/// A server, or what stands before it, may repeat what it does not take.
#[test]
fn what_the_server_repeats_is_taken_out() {
    let token = "s3cr3t/to ken+=";
    let [query, form] = ["s3cr3t%2Fto%20ken%2B%3D", "s3cr3t%2Fto+ken%2B%3D"];
    for credentials in [
        Credentials::bearer(token),
        Credentials::diadoc_auth("s3cr3t-client", Some(Token::from(token))),
    ] {
        for status in [400, 401, 429, 503, 200, 206] {
            let mut said = format!("bad `{token}`, {query}, {form}");
            if let Credentials::DiadocAuth { .. } = credentials {
                said += " of s3cr3t-client";
            }
            let answer = http::Response::builder()
                .status(status)
                .header("Content-Type", format!("text/{token}"))
                .header("X-Diadoc-ErrorCode", format!("No.{query}"))
                .header("X-Kontur-Trace-Id", token)
                .body(said.into())
                .unwrap();
            let error = request().outcome(answer).unwrap_err();
            let error = error.without(&credentials);
            let shown = format!("{error} {error:?} {:?} {}", error.cause(), error.text());
            assert!(!shown.contains("s3cr3t"), "{shown}");
            assert!(shown.contains("[redacted]"), "{shown}");
        }
    }
    // What has nothing of it stays as it is.
    let answer = crate::json(200, r#"{"Documents": 1}"#);
    let plain = request().outcome(answer).unwrap_err();
    let text = plain.to_string();
    assert_eq!(plain.without(&Credentials::bearer(token)).to_string(), text);
}

/// Of a request for a token, the texts that it was sent with are as good as one.
#[test]
fn what_a_token_is_asked_for_with_is_taken_out() {
    let answer = || {
        let said = format!("no {SECRET} by password, key s3cr3t%2Bkey");
        let answer = http::Response::builder().status(400);
        answer.body(said.into()).unwrap()
    };
    let login = AuthenticateV3::new("password").service_key("s3cr3t+key");
    let errors = [
        login.sid(SECRET).outcome(answer()).unwrap_err(),
        AuthenticateConfirmV3::new(SECRET)
            .outcome(answer())
            .unwrap_err(),
        Call::new(Method::find("AuthenticateConfirmV3").unwrap())
            .parameter("token", SECRET)
            .outcome(answer())
            .unwrap_err(),
    ];
    for error in &errors {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        assert!(shown.contains("no [redacted] by password"), "{shown}");
    }
    assert!(
        errors[0].to_string().ends_with("key [redacted]"),
        "{}",
        errors[0]
    );
}

/// An empty token is none, wherever it is asked for.
#[test]
fn an_empty_token_is_none() {
    let empty = Credentials::diadoc_auth("client", Some("".into()));
    assert_eq!(empty.token(), None);
    assert_eq!(
        empty.header().unwrap(),
        "DiadocAuth ddauth_api_client_id=client"
    );
    assert_eq!(Credentials::bearer("").token(), None);
}

#[test]
fn requests_that_log_in_show_nothing() {
    let login = AuthenticateV3::new("password").login_password(LoginPassword {
        login: "user".into(),
        password: SECRET.into(),
    });
    let confirm = AuthenticateConfirmV3::new(SECRET).body(SECRET.as_bytes().to_vec());
    for printed in [
        format!("{login:?}"),
        format!("{confirm:?}"),
        format!("{:?} {:?}", login.parts(), confirm.parts()),
    ] {
        assert!(!printed.contains(SECRET), "{printed}");
    }
    let http = login.to_http(&Config::new(), Form::Json).unwrap();
    assert_eq!(
        http.uri().path_and_query().unwrap(),
        "/V3/Authenticate?type=password"
    );
    let body: serde_json::Value = serde_json::from_slice(http.body()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"login": "user", "password": SECRET})
    );
}
