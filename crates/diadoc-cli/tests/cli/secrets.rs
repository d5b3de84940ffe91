//! No secret that the program is given comes out of it. That holds for every run of the tests, see
//! `Ran::from`; here are the runs that have most to hide.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use diadoc_api::query::percent_encoded;
use diadoc_api::{BodyKind, METHODS, Method};
use diadoc_core::base64;
use diadoc_fake::example_call;
use diadoc_schema::{Example, Schema, example};

use crate::login::VARIABLES;
use crate::serve::Served;
use crate::{BOX, CANARY, Ran, diadoc, folder, run, run_with_input, shows_no_secret};

/// Secrets of the environment.
const SETTINGS: [(&str, &str); 2] = [
    ("DIADOC_TOKEN", "c4n4ry token/+="),
    ("DIADOC_CLIENT_ID", "c4n4ry-client"),
];

/// A server that says back whatever it was sent, in every spelling that servers write.
struct Echo {
    url: String,
}

impl Echo {
    fn start(status: u16, media_type: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                answer(connection, status, media_type);
            }
        });
        Self { url }
    }
}

fn answer(mut connection: TcpStream, status: u16, media_type: &str) {
    let mut asked = Vec::new();
    let mut part = [0; 4096];
    let is_whole = |asked: &[u8]| {
        let text = String::from_utf8_lossy(asked).to_lowercase();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = head.split("content-length: ").nth(1);
        let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
        (body.len() >= length.unwrap_or(0)).then_some(())
    };
    while is_whole(&asked).is_none() {
        match connection.read(&mut part) {
            Ok(0) | Err(_) => break,
            Ok(count) => asked.extend(&part[..count]),
        }
    }
    let text = String::from_utf8_lossy(&asked).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut said = format!("no {text} or {}", percent_encoded(&text));
    said += &format!(" or {} or {}", serde_json::json!(text), text.to_lowercase());
    let values = head.lines().filter_map(|line| line.split_once(": "));
    let values = values.map(|(_, value)| value);
    for value in values.chain(Some(body).filter(|body| !body.starts_with('{'))) {
        said += &format!(" or {}", base64::encode_to_string(value.as_bytes()));
        said += &format!(" or {}", base64::encode_url_safe(value.as_bytes()));
    }
    let token = head
        .lines()
        .find(|line| line.to_lowercase().starts_with("authorization"));
    let answer = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: {media_type}\r\n\
         X-Diadoc-ErrorCode: {0}\r\nX-Kontur-Trace-Id: {0}\r\nContent-Length: {1}\r\n\r\n{said}",
        token.unwrap_or_default().replace(": ", "="),
        said.len(),
    );
    let _ = connection.write_all(answer.as_bytes());
}

/// Runs the program with these settings, and no others.
fn with(settings: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = diadoc();
    command.args(arguments).stdin(Stdio::null());
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.envs([("XDG_CONFIG_HOME", "/nowhere"), ("HOME", "/nowhere")]);
    command.envs(settings.iter().copied());
    command.output().expect("the program starts").into()
}

/// The methods that take secrets.
fn methods() -> Vec<&'static Method> {
    let has_secrets = |method: &&&Method| {
        method.parameters.iter().any(|parameter| parameter.secret)
            || method
                .bodies
                .iter()
                .any(|body| body.secret || body.secrets.is_some())
    };
    let methods: Vec<_> = METHODS.iter().filter(has_secrets).copied().collect();
    assert!(methods.len() >= 6, "{methods:?}");
    methods
}

/// The arguments of a call for each body of a method, with a canary for each secret.
fn calls(method: &'static Method, folder: &Path) -> Vec<Vec<String>> {
    let call = example_call(method, Example::Minimal);
    let mut arguments = vec!["call".to_owned(), method.name.to_owned()];
    for parameter in method.parameters {
        let value = match call.value(parameter.name) {
            _ if parameter.secret => format!("{CANARY} {}\"&<ß", parameter.name.to_lowercase()),
            Some(value) => value.to_owned(),
            None => continue,
        };
        arguments.extend(["-p".to_owned(), format!("{}={value}", parameter.name)]);
    }
    let with_body = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, content).expect("a file");
        [
            format!("--body={}", path.display()),
            format!("--body-name={name}"),
        ]
    };
    let mut calls = Vec::new();
    for known in method.bodies {
        let content = match (known.secrets, known.kind) {
            (Some(_), BodyKind::Message(name)) => secret_body(name),
            _ if known.secret => format!("{CANARY}-body"),
            _ => continue,
        };
        let more = with_body(known.name, content.as_bytes());
        calls.push([&arguments[..], &more].concat());
    }
    if calls.is_empty() {
        if let Some(given) = call.given_body() {
            arguments.extend(with_body(&given.name, &given.content));
        }
        calls.push(arguments);
    }
    calls
}

/// A body of a message in JSON with canaries for its secrets.
fn secret_body(name: &str) -> String {
    match name.rsplit('.').next() {
        Some("LoginPassword") => {
            format!(r#"{{"login": "{CANARY}@l", "password": "{CANARY}\"p\u00df/+\\"}}"#)
        }
        Some("EmployeeToCreate") => {
            let message = Schema::diadoc().message(name).expect("the schema has it");
            let mut body = example(&message, Example::Minimal);
            body["Credentials"] = serde_json::json!({"Login": {"Login": format!("{CANARY}@host")}});
            body.to_string()
        }
        _ => panic!("{name} has secrets: write a body of it"),
    }
}

#[test]
fn of_calls() {
    let folder = folder(&[]);
    let servers = [
        (400, "text/plain"),
        (401, "text/plain"),
        (500, "application/json"),
        (200, "x/y"),
        (206, "text/plain"),
    ];
    let servers = servers.map(|(status, media_type)| Echo::start(status, media_type));
    for method in methods() {
        for arguments in calls(method, folder.path()) {
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            let more = |more: &[&'static str]| [&arguments, more].concat();
            for wire in ["--wire=json", "--wire=protobuf"] {
                let ran = with(&SETTINGS, &more(&["--dry-run", wire]));
                assert_eq!(ran.code, Some(0), "{ran}");
                ran.shows("***");
                let ran = with(&SETTINGS, &more(&["--curl", wire]));
                assert_eq!(ran.code, Some(0), "{ran}");
                for server in &servers {
                    let settings = [&SETTINGS[..], &[("DIADOC_URL", &server.url)]].concat();
                    let mut command = diadoc();
                    command
                        .args(more(&["--unchecked", wire]))
                        .stdin(Stdio::null());
                    for name in VARIABLES {
                        command.env_remove(name);
                    }
                    command.env("XDG_CONFIG_HOME", "/nowhere").envs(settings);
                    let ran = command.output().expect("the program starts");
                    // What answers the method prints: a token too, where it is asked for one.
                    match ran.status.success() {
                        true => shows_no_secret(&Ran::with_secrets(ran).stderr),
                        false => Ran::from(ran).says("error: "),
                    }
                }
            }
        }
    }
}

/// What curl is given holds the secrets once the shell has put them in.
#[cfg(unix)]
#[test]
fn of_commands_of_curl() {
    let confirm = [
        "call",
        "CloudSignConfirm",
        "-p",
        "token=c4n4ry-a",
        "-p",
        "confirmationCode=c4n4ry-b",
    ];
    let ran = with(&SETTINGS, &[&confirm[..], &["--curl"]].concat());
    ran.says("the command takes `confirmationCode` from DIADOC_SECRET_CONFIRMATION_CODE");
    ran.shows("--url-query \"confirmationCode=$DIADOC_SECRET_CONFIRMATION_CODE\"");
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{}", ran.stdout());
    let shell = Command::new("sh")
        .args(["-c", &script])
        .envs(SETTINGS)
        .env("DIADOC_SECRET_TOKEN", "a b\"$(c)")
        .env("DIADOC_SECRET_CONFIRMATION_CODE", "271828")
        .output()
        .expect("there is a shell");
    let given = String::from_utf8(shell.stdout).expect("a text");
    assert!(given.contains("\ntoken=a b\"$(c)\n"), "{given}");
    assert!(given.contains("\nconfirmationCode=271828\n"), "{given}");

    let folder = folder(&[("sid", "c4n4ry-sid")]);
    let sid = folder.path().join("sid");
    let login = [
        "call",
        "AuthenticateV3",
        "-p",
        "type=sid",
        "-p",
        "serviceKey=c4n4ry-key",
        "--body-name=sid",
        "--curl",
        "--body",
        sid.to_str().expect("a text"),
    ];
    with(&SETTINGS, &login).shows("-H \"X-Diadoc-Servicekey: $DIADOC_SECRET_SERVICE_KEY\"");
}

#[test]
fn of_bodies_that_are_checked() {
    let password = "c4n4ry-p";
    let bodies = [
        format!(r#"{{"login": "c4n4ry-l", "password": "{password}", "Extra": 1}}"#),
        format!(r#"{{"login": ["c4n4ry-l"], "PASSWORD": {{"a": "{password}"}}}}"#),
        format!(r#"{{"login": true, "password": "{password}"#),
        r#"{"login": c4n4ry-l, "password": 'c4n4ry-p'}"#.to_owned(),
        format!(
            r#"[{{"login": "c4n4ry-l", "password": "{password}", "x": 1}}, {{"password": "{password}"}}]"#
        ),
        format!(r#"{{"Login": "c4n4ry-l", "passwrod": 1, "Passwords": "{password}"}}"#),
        serde_json::json!(format!(
            r#"{{"login": "c4n4ry-l", "password": "{password}"}}"#
        ))
        .to_string(),
        format!("{{\"login\": \"\u{1b}c4n4ry%20l\",\n \"password\":\n \"{password}\u{0}\"}}"),
    ];
    for body in bodies {
        for (message, direction, format) in [
            ("LoginPassword", "request", "text"),
            ("LoginPassword", "response", "text"),
            ("LoginPassword", "request", "json"),
            ("LoginPassword", "request", "sarif"),
            ("EmployeeToCreate", "request", "text"),
            ("DocumentId", "request", "text"),
            ("CloudSignResult", "response", "json"),
        ] {
            let arguments = [
                "check", "-m", message, "-d", direction, "--format", format, "-",
            ];
            let ran = run_with_input(&arguments, body.as_bytes());
            assert_ne!(ran.code, None, "{ran}");
        }
        run_with_input(&["check", "-"], body.as_bytes());
        run_with_input(&["detect", "-"], body.as_bytes());
        let folder = folder(&[("body.json", &body)]);
        let path = folder.path().join("body.json");
        let path = path.to_str().expect("a text");
        for wire in ["--wire=json", "--wire=protobuf"] {
            let login = ["call", "AuthenticateV3", "-p", "type=password", "--dry-run"];
            let body = [wire, "--body-name=loginPassword", "--body", path];
            with(&SETTINGS, &[&login[..], &body].concat());
            with(&SETTINGS, &[&login[..], &body, &["--unchecked"]].concat());
        }
        for to in ["json", "protobuf"] {
            let ran = run(&[
                "convert",
                "-m",
                "LoginPassword",
                "--from",
                "json",
                "--to",
                to,
                path,
                "-o",
                "/dev/null",
            ]);
            assert_ne!(ran.code, None, "{ran}");
        }
    }
}

#[test]
fn of_addresses_and_settings() {
    let documents = ["call", "GetMyOrganizations", "--dry-run"];
    for url in [
        "https://c4n4ry:c4n4ry@host",
        "http://c4n4ry@host:1/x",
        "c4n4ry:c4n4ry@host",
    ] {
        with(&[("DIADOC_URL", url)], &documents);
        let oidc = [
            ("DIADOC_IDENTITY_URL", url),
            ("DIADOC_OIDC_CLIENT_ID", "id"),
            ("DIADOC_OIDC_CLIENT_SECRET", "c4n4ry-secret"),
        ];
        with(&oidc, &["login"]).failed(2, &[]);
        let ran = run(&["serve", "--port", "0", "--upstream", url]);
        ran.failed(2, &["is no address of a server"]);
    }
    // The value is a token without quotes, or stands where another is due.
    for (text, said) in [
        ("token = 1234567\n", "the value is not a string"),
        (
            "url = \"u\"\ntoken = [\"c4n4ry\"]\n",
            "the value is not a string",
        ),
        ("token = c4n4ry\n", "line 1"),
    ] {
        let folder = folder(&[("config.toml", text)]);
        let path = folder.path().join("config.toml");
        let ran = with(
            &[],
            &[
                &documents[..],
                &["--config", path.to_str().expect("a text")],
            ]
            .concat(),
        );
        ran.failed(2, &[said]);
        assert!(!ran.stderr.contains("1234567"), "{ran}");
    }
    // An identity server that repeats what it is asked with.
    for (status, media_type) in [
        (400, "text/plain"),
        (401, "application/json"),
        (500, "text/html"),
    ] {
        let echo = Echo::start(status, media_type);
        let settings = [
            ("DIADOC_URL", &*echo.url),
            ("DIADOC_IDENTITY_URL", &*echo.url),
            ("DIADOC_OIDC_CLIENT_ID", "id"),
            ("DIADOC_OIDC_CLIENT_SECRET", "c4n4ry/secret"),
            ("DIADOC_OIDC_REFRESH_TOKEN", "c4n4ry refresh"),
        ];
        let home = folder(&[]);
        let home = home.path().to_str().expect("a text");
        let settings = [&settings[..], &[("XDG_CONFIG_HOME", home)]].concat();
        assert_ne!(with(&settings, &["login"]).code, Some(0));
        assert_ne!(
            with(&settings, &["call", "GetMyOrganizations"]).code,
            Some(0)
        );
        with(&settings, &["logout"]);
    }
}

/// Sends a request; gives all of the answer.
fn send(url: &str, verb: &str, target: &str, headers: &str, body: &str) -> String {
    let address = url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!(
        "{verb} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it answers");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Logs, pages and recordings of what came in.
#[cfg(unix)]
#[test]
fn of_servers() {
    let recorded = folder(&[]);
    let place = recorded.path().join("captured");
    let fake = Served::start(&["--stateless"]);
    let record = [
        "--upstream",
        &fake.url,
        "--record",
        place.to_str().expect("a text"),
    ];
    let proxy = Served::start(&record);
    let json = "Content-Type: application/json\r\n";
    let secret = "X-Diadoc-ServiceKey: c4n4ry-key\r\nX-Diadoc-ServiceUserId: c4n4ry-id\r\n\
                  Cookie: a=c4n4ry\r\nAuthorization: DiadocAuth ddauth_api_client_id=c4n4ry,\
                  ddauth_token=c4n4ry-token\r\n";
    let headers = format!("{json}{secret}");
    let employee = secret_body("Diadoc.Api.Proto.Employees.EmployeeToCreate");
    let sent = [
        (
            "/V3/Authenticate?type=password",
            &*secret_body("Diadoc.Api.Proto.LoginPassword"),
        ),
        (
            "/V3/Authenticate?type=password",
            r#"{"login": "c4n4ry", "password": ["c4n4ry"], "x": 1}"#,
        ),
        (
            "/V3/Authenticate?type=password",
            r#"{"login": "c4n4ry", "password": "c4n4ry"#,
        ),
        ("/V3/Authenticate?type=sid&token=c4n4ry", "{}"),
        ("/V3/AuthenticateConfirm?token=c4n4ry&thumbprint=a", ""),
        ("/GetExternalServiceAuthInfo?key=c4n4ry", ""),
        ("/CloudSignConfirm?token=c4n4ry&confirmationCode=c4n4ry", ""),
        (
            "/CloudSignConfirm?Token=c4n4ry&confirmationcode=c4n4ry&token=c4n4ry",
            "",
        ),
        (&format!("/CreateEmployee?boxId={BOX}"), &employee),
        (
            &format!("/CreateEmployee?boxId={BOX}"),
            &employee.replace("@host\"", "@host\", \"X\": [\""),
        ),
        (
            "/Nothing?token=c4n4ry&password=c4n4ry",
            r#"{"password": "c4n4ry"}"#,
        ),
    ];
    for served in [&fake, &proxy] {
        for (target, body) in sent {
            send(&served.url, "POST", target, &headers, body);
        }
    }
    for target in (1..=2 * sent.len()).map(|number| format!("/_/requests/{number}")) {
        let page = send(&fake.url, "GET", &target, "", "");
        assert!(page.starts_with("HTTP/1.1 200"), "{target}: {page}");
        shows_no_secret(&page);
    }
    let (_, said) = proxy.end();
    assert!(said.contains("POST /V3/Authenticate"), "{said}");
    for file in fs::read_dir(&place).expect("a folder") {
        let text = fs::read(file.expect("a file").path()).expect("it is read");
        shows_no_secret(&String::from_utf8_lossy(&text));
    }
    let (_, said) = fake.end();
    assert!(said.contains("POST /CloudSignConfirm"), "{said}");
}
