//! Secrets stay out of what is printed.

use diadoc_api::authorization::{AuthenticateConfirmV3, AuthenticateV3};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::{
    BodyKind, Call, Config, Credentials, Form, METHODS, Method, Request, RequestError, Token,
};
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
            assert!(shown.contains("***"), "{shown}");
        }
    }
    // What has nothing of it stays as it is.
    let answer = crate::json(200, r#"{"Documents": 1}"#);
    let plain = request().outcome(answer).unwrap_err();
    let text = plain.to_string();
    assert_eq!(plain.without(&Credentials::bearer(token)).to_string(), text);
}

/// Of a request for a token, what it was sent with is as good as one.
#[test]
fn what_a_token_is_asked_for_with_is_taken_out() {
    let answer = || {
        let said = format!("no {SECRET} by password, key s3cr3t%2Bkey");
        let answer = http::Response::builder().status(400);
        answer.body(said.into()).unwrap()
    };
    let login = AuthenticateV3::new("password").service_key("s3cr3t+key");
    let errors = [
        login.clone().sid(SECRET).outcome(answer()).unwrap_err(),
        login
            .login_password(LoginPassword {
                login: "user".into(),
                password: SECRET.into(),
            })
            .outcome(answer())
            .unwrap_err(),
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
        assert!(shown.contains("no *** by password"), "{shown}");
    }
    assert!(errors[0].to_string().ends_with("key ***"), "{}", errors[0]);
}

/// The text of an error and of all that caused it, and what `Debug` shows.
fn all_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{error} {error:?}");
    let mut next = error.source();
    while let Some(cause) = next {
        text += &format!(" {cause} {cause:?}");
        next = cause.source();
    }
    text
}

/// JSON with a canary in the place of every secret; a key may be that of a message around one, too.
fn plant(json: &str, is_key: &dyn Fn(&str) -> bool, canary: &str) -> String {
    let (mut planted, mut at) = (String::new(), 0);
    for value in diadoc_core::secrets::values_of(json, is_key) {
        planted += &json[at..value.start];
        planted += &match &json[value.clone()] {
            object if object.starts_with('{') => plant(object, is_key, canary),
            _ => format!("\"{canary}\""),
        };
        at = value.end;
    }
    planted + &json[at..]
}

/// The calls of a method with a canary for each secret: one for each form of each of its bodies.
fn planted(method: &'static Method) -> Vec<(Call, Vec<String>)> {
    let mut call = Call::new(method);
    let mut secrets = Vec::new();
    for parameter in method.parameters {
        let value = match parameter.secret {
            true => format!("c4n4ry/{} \"ß+", parameter.name),
            false => "boxId".to_owned(),
        };
        call = call.parameter(parameter.name, &value);
        secrets.extend(parameter.secret.then_some(value));
    }
    let mut calls = Vec::new();
    for body in method.bodies {
        let canary = format!("c4n4ry-{}", body.name);
        if body.secret {
            calls.push((body.name, None, canary.clone().into_bytes(), canary));
            continue;
        }
        let (Some(keys), BodyKind::Message(name)) = (body.secrets, body.kind) else {
            continue;
        };
        let message = diadoc_schema::Schema::diadoc().message(name).unwrap();
        let example = diadoc_schema::example(&message, diadoc_schema::Example::Full);
        let json = example.to_string();
        let planted = plant(&json, &|key| keys.has(key), &canary);
        assert!(planted.contains(&canary), "{planted}");
        let known = diadoc_proto::registry::find(name).unwrap();
        let bytes = known.from_json(planted.as_bytes()).unwrap().encode_to_vec();
        // A body that breaks off, and one with keys in another case.
        let cut = planted[..planted.rfind(&canary).unwrap() + canary.len()].to_owned();
        let other_case = keys.keys.iter().fold(planted.clone(), |json, key| {
            json.replace(
                &format!("\"{key}\""),
                &format!("\"{}\"", key.to_uppercase()),
            )
        });
        let mut contents = vec![
            (Form::Json, planted.into_bytes()),
            (Form::Json, cut.into_bytes()),
            (Form::Json, other_case.into_bytes()),
        ];
        // Of a message with others inside nobody knows where its texts end once it is cut.
        if name.ends_with("LoginPassword") {
            let cut = [&bytes[..], b"\x1a\x7f"].concat();
            contents.push((Form::Protobuf, cut));
        }
        contents.push((Form::Protobuf, bytes));
        for (form, content) in contents {
            calls.push((body.name, Some(form), content, canary.clone()));
        }
    }
    let of_body = |(name, form, content, canary): (&str, _, Vec<u8>, String)| {
        let secrets = [&secrets[..], &[canary]].concat();
        (call.clone().body(name, form, content), secrets)
    };
    match calls.is_empty() {
        true => vec![(call.clone(), secrets)],
        false => calls.into_iter().map(of_body).collect(),
    }
}

/// Over all methods that take secrets: nothing that the library says of a request shows one, whatever the
/// server repeats of it, and however it is spelt.
#[test]
fn no_error_shows_a_secret_of_its_request() {
    let mut count = 0;
    for method in METHODS {
        for (call, secrets) in planted(method) {
            if secrets.is_empty() {
                continue;
            }
            count += 1;
            let said = secrets.iter().map(|secret| {
                let json = serde_json::json!(secret);
                let base64 = diadoc_core::base64::encode_to_string(secret.as_bytes());
                let query = diadoc_api::query::percent_encoded(secret);
                format!("{secret} {json} {base64} {query} {}", query.to_lowercase())
            });
            let said = said.collect::<Vec<_>>().join(" ");
            let mut texts = vec![format!("{call:?} {:?} {:?}", call.parts(), call.secrets())];
            if let Err(error) = call.check() {
                texts.push(all_of(&error));
            }
            let config = Config::new().bearer("c4n4ry");
            for config in [config.clone(), config.unchecked()] {
                match call.to_http(&config, Form::Json) {
                    Ok(http) => texts.push(format!("{:?}", http.headers())),
                    Err(error) => texts.push(all_of(&error)),
                }
            }
            let json = serde_json::json!([said]).to_string();
            for (status, media_type, said) in [
                (200, "x/y; c4n4ry", &said),
                (200, "application/json", &said),
                (200, "application/json", &json),
                (206, "text/plain", &said),
                (400, "text/plain", &said),
                (401, "application/json", &json),
                (409, "text/plain", &said),
                (500, "text/html", &said),
            ] {
                let answer = http::Response::builder().status(status);
                let answer = answer.header("Content-Type", media_type);
                let answer = answer.header("X-Diadoc-ErrorCode", &*secrets[0].replace('ß', ""));
                match call.outcome(answer.body(said.clone().into()).unwrap()) {
                    Ok(outcome) => texts.push(format!("{outcome:?}")),
                    Err(error) => {
                        let shown = all_of(&error);
                        assert!(
                            status == 200 || status == 206 || shown.contains("***"),
                            "{shown}"
                        );
                        texts.push(shown);
                    }
                }
            }
            for text in texts {
                for secret in &secrets {
                    assert!(!text.contains(&**secret), "{}: {text}", method.name);
                    let base64 = diadoc_core::base64::encode_to_string(secret.as_bytes());
                    assert!(!text.contains(&base64), "{}: {text}", method.name);
                    let json = serde_json::json!(secret).to_string();
                    assert!(
                        !text.contains(json.trim_matches('"')),
                        "{}: {text}",
                        method.name
                    );
                }
            }
        }
    }
    assert!(count >= 12, "{count}");
}

/// A header takes no control character, whether the request is checked or not.
#[test]
fn headers_take_no_control_characters() {
    for text in [
        "a\r\nX: y",
        "a\n",
        "\r",
        "a\0",
        "\u{7f}",
        "\u{85}",
        "\u{1b}[2J",
    ] {
        let login = AuthenticateV3::new("trust").service_key(text);
        for config in [Config::new(), Config::new().unchecked()] {
            let error = login.to_http(&config, Form::Json).unwrap_err().to_string();
            let expected = match config.is_checked() {
                true => {
                    "AuthenticateV3 was not sent: serviceKey: the value travels in a header, and holds a \
                     line break or another control character, expected a text without control characters \
                     (parameter.type)"
                }
                false => {
                    "AuthenticateV3: serviceKey: the value cannot be sent: the header \
                     X-Diadoc-ServiceKey holds no line breaks and no other control characters"
                }
            };
            assert_eq!(error, expected);
        }
    }
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
    assert_eq!(
        format!("{login:?}"),
        "AuthenticateV3 { type: \"password\", service_key: None, service_user_id: None, login_password: \
         Some(LoginPassword { login: ***, password: *** }), certificate: None, sid: None }"
    );
    assert!(
        format!("{confirm:?}").starts_with("AuthenticateConfirmV3 { token: ***, thumbprint: None")
    );
    let parts = format!("{:?} {:?}", login.parts(), confirm.parts());
    assert!(!parts.contains(SECRET), "{parts}");
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
