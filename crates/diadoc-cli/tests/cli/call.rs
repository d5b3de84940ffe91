//! `diadoc call`, against `diadoc serve`.

use std::path::Path;
use std::process::Stdio;

use diadoc_api::{Config, Form, METHODS, Request as _};
use diadoc_fake::example_call;
use diadoc_schema::Example;

use crate::serve::Served;
use crate::{BOX, Ran, diadoc, folder, to_convert};

/// Runs a call with these settings in the environment and no file of settings.
fn call_with(settings: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = diadoc();
    command.arg("call").args(arguments).stdin(Stdio::null());
    for name in ["DIADOC_URL", "DIADOC_TOKEN", "DIADOC_CLIENT_ID"] {
        command.env_remove(name);
    }
    command
        .env("XDG_CONFIG_HOME", "/nowhere")
        .env("HOME", "/nowhere");
    command.envs(settings.iter().copied());
    command.output().expect("the program starts").into()
}

fn call(served: &Served, arguments: &[&str]) -> Ran {
    call_with(
        &[
            ("DIADOC_URL", &served.url),
            ("DIADOC_TOKEN", "secret-token"),
        ],
        arguments,
    )
}

fn documents<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let given = [
        "GetDocumentsV3",
        "-p",
        "boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3",
        "--param",
        "filterCategory=Any.Inbound",
    ];
    given.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn a_message_is_json() {
    let served = Served::start(&[]);
    for wire in ["json", "protobuf"] {
        let ran = call(&served, &documents(&["--wire", wire]));
        ran.ended(0);
        assert_eq!(ran.json()["TotalCount"], 2);
        assert!(ran.stdout().starts_with("{\n  \""), "{ran}");
    }
}

#[test]
fn a_body_in_either_form() {
    let served = Served::start(&[]);
    let json = include_str!("../../../../fixtures/GetDocflows_V4_request.json");
    let folder = folder(&[("request.json", json)]);
    let (json, binary) = (
        folder.path().join("request.json"),
        folder.path().join("request.bin"),
    );
    let (json, binary) = (json.to_str().unwrap(), binary.to_str().unwrap());
    let message = "GetDocflowBatchRequest";
    let convert = to_convert(message, "json", "protobuf");
    crate::run(&[&convert[..], &[json, "-o", binary]].concat()).ended(0);
    for file in [json, binary] {
        for wire in ["json", "protobuf"] {
            let ran = call(
                &served,
                &[
                    "GetDocflowsV4",
                    "-p",
                    &format!("boxId={BOX}"),
                    "--body",
                    file,
                    "--wire",
                    wire,
                ],
            );
            ran.ended(0);
            assert!(ran.stdout().contains("\"Documents\""), "{ran}");
        }
    }
}

#[test]
fn files_and_texts() {
    let served = Served::start(&[]);
    let folder = folder(&[("part", "content of a file")]);
    let file = folder.path().join("part");
    let ran = call(
        &served,
        &["ShelfUploadV2", "--body", file.to_str().unwrap()],
    );
    ran.ended(0);
    let name = ran.stdout().trim_end();
    let output = folder.path().join("out");
    let download = ["ShelfDownloadV2", "-p", &format!("fileName={name}")];
    let ran = call(
        &served,
        &[&download[..], &["-o", output.to_str().unwrap()]].concat(),
    );
    assert_eq!((ran.code, ran.stdout()), (Some(0), ""), "{ran}");
    assert_eq!(ran.stderr, format!("file name: {name}\n"));
    assert_eq!(
        std::fs::read_to_string(output).unwrap(),
        "content of a file"
    );
    assert_eq!(call(&served, &download).stdout(), "content of a file");
}

#[test]
fn nothing_and_no_such_thing() {
    let served = Served::start(&[]);
    let draft = [
        "RecycleDraft",
        "-p",
        &format!("boxId={BOX}"),
        "-p",
        &format!("draftId={BOX}"),
    ];
    let ran = call(&served, &draft);
    ran.ended(0);
    assert_eq!(ran.stdout(), "");
}

#[test]
fn an_error_of_the_server() {
    let served = Served::start(&["--fault", "*=503:30*1"]);
    let ran = call(&served, &documents(&[]));
    ran.failed(
        1,
        &["GetDocumentsV3: the server failed (status 503), try again in 30 s: "],
    );
    // A wrong request that is sent all the same: the server says what is wrong.
    let ran = call(&served, &documents(&["-p", "count=500", "--unchecked"]));
    ran.failed(
        1,
        &[
            "GetDocumentsV3: bad request (status 400): ",
            "(field.range)",
        ],
    );
    let served = Served::start(&["--token", "another"]);
    let ran = call(&served, &documents(&[]));
    ran.failed(1, &["unauthorized (status 401)", "the token is not valid"]);
    assert!(!ran.stderr.contains("secret-token"), "{ran}");
}

#[test]
fn answers_that_are_none() {
    let served = Served::start(&["--fault", "*=cut*1", "--fault", "*=garbage*2"]);
    let ran = call(&served, &documents(&[]));
    ran.failed(
        2,
        &["GetDocumentsV3: no whole answer came from http://127.0.0.1:"],
    );
    for (wire, form) in [("json", "JSON"), ("protobuf", "protobuf of DocumentList")] {
        let ran = call(&served, &documents(&["--wire", wire]));
        let said = format!("GetDocumentsV3: the answer cannot be read: this is no {form}: ");
        ran.failed(1, &[&said]);
    }
    let nobody = [("DIADOC_URL", "http://127.0.0.1:1"), ("DIADOC_TOKEN", "t")];
    call_with(&nobody, &documents(&[])).failed(2, &["Check the address"]);
}

#[test]
fn results_that_are_not_ready() {
    let served = Served::start(&["--retry-after", "1"]);
    let zip: Vec<_> = ["boxId", "messageId", "documentId"]
        .iter()
        .map(|name| format!("{name}={BOX}"))
        .chain(["fullDocflow=true".to_owned()])
        .flat_map(|param| ["-p".to_owned(), param])
        .collect();
    let zip: Vec<_> = ["GenerateDocumentZip"]
        .into_iter()
        .chain(zip.iter().map(|x| &**x))
        .collect();
    let ran = call(&served, &zip);
    assert_eq!((ran.code, ran.stdout()), (Some(1), ""), "{ran}");
    assert_eq!(
        ran.stderr,
        "the result is not ready yet: call again in 1 s, or give --wait\n"
    );
    let ran = call(&served, &zip);
    ran.ended(0);
    let served = Served::start(&["--retry-after", "1"]);
    let ran = call(&served, &[&zip[..], &["--wait"]].concat());
    ran.ended(0);
    assert!(ran.stdout().contains("ZipFileNameOnShelf"), "{ran}");
    let served = Served::start(&["--retry-after", "60"]);
    let ran = call(&served, &[&zip[..], &["--wait=2"]].concat());
    assert_eq!(ran.code, Some(1), "{ran}");
}

#[test]
fn the_outcome_of_a_task() {
    let served = Served::start(&["--fault", "AutoSignReceiptsResult=pending*1"]);
    let sign = ["AutoSignReceipts", "-p", &format!("boxId={BOX}")];
    let ran = call(&served, &sign);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.stdout().contains("TaskId"), "{ran}");
    assert!(
        ran.stderr
            .starts_with("the outcome comes from: diadoc call AutoSignReceiptsResult"),
        "{ran}"
    );
    let ran = call(&served, &[&sign[..], &["--wait"]].concat());
    assert_eq!(
        (ran.code, ran.stdout().contains("TaskId")),
        (Some(0), false),
        "{ran}"
    );
}

#[test]
fn what_is_not_sent() {
    let settings = [("DIADOC_URL", "http://127.0.0.1:1"), ("DIADOC_TOKEN", "t")];
    let refused = |arguments: &[&str], texts: &[&str]| {
        call_with(&settings, arguments).failed(2, texts);
    };
    refused(
        &["GetDocumentsV33"],
        &["no method is called `GetDocumentsV33`", "`GetDocumentsV3`"],
    );
    refused(
        &documents(&["-p", "cuont=1", "-p", "fromDocumentDate=1.1.2025"]),
        &[
            "GetDocumentsV3 was not sent",
            "GetDocumentsV3 has no parameter `cuont`",
            "did you mean `count`?",
            "expected a date dd.MM.yyyy",
            "--unchecked",
        ],
    );
    refused(
        &["GetDocflowsV4", "-p", &format!("boxId={BOX}")],
        &["the body is missing"],
    );
    refused(
        &documents(&["--body", "-"]),
        &["GetDocumentsV3 takes no body"],
    );
    refused(
        &["AuthenticateV3", "-p", "type=sid", "--body", "-"],
        &[
            "takes one of several bodies",
            "\n  loginPassword",
            "\n  certificate",
        ],
    );
    let folder = folder(&[("wrong.json", r#"{"Requests": [{"DocumentID": {}}]}"#)]);
    let wrong = folder.path().join("wrong.json");
    let arguments = [
        "GetDocflowsV4",
        "-p",
        &format!("boxId={BOX}"),
        "--body",
        wrong.to_str().unwrap(),
    ];
    refused(
        &arguments,
        &["Requests[0].DocumentID, line 1", "did you mean: DocumentId"],
    );
    let ran = call_with(&settings, &["GetDocumentsV3", "-p", "boxId"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("a parameter is written as NAME=VALUE"),
        "{ran}"
    );
    call_with(&[], &documents(&[])).failed(2, &["there is no token", "Set DIADOC_TOKEN"]);
    call_with(&[("DIADOC_TOKEN", "a\nb")], &documents(&[])).failed(2, &["no header may"]);
    call_with(&[("DIADOC_URL", "kontur")], &documents(&[]))
        .failed(2, &["kontur: this is no address"]);
}

#[test]
fn the_request_without_sending_it() {
    let settings = [
        ("DIADOC_TOKEN", "secret-token"),
        ("DIADOC_URL", "https://host:8/base/"),
    ];
    let ran = call_with(
        &settings,
        &documents(&["-p", "afterIndexKey=a+b/=", "--dry-run"]),
    );
    ran.ended(0);
    assert_eq!(
        ran.stdout(),
        "GET /base/V3/GetDocuments?boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3\
         &filterCategory=Any.Inbound&afterIndexKey=a%2Bb%2F%3D HTTP/1.1\n\
         host: host:8\n\
         authorization: Bearer [redacted]\n\
         accept: application/json\n\
         content-type: application/json\n"
    );
    let json = "fixtures/GetDocflows_V4_request.json";
    let arguments = [
        "GetDocflowsV4",
        "-p",
        &format!("boxId={BOX}"),
        "--body",
        json,
        "--dry-run",
    ];
    let ran = call_with(&[], &arguments);
    ran.ended(0);
    assert!(
        ran.stdout()
            .contains("authorization: (no token: set DIADOC_TOKEN)\n"),
        "{ran}"
    );
    assert!(ran.stdout().contains("\n\n{"), "{ran}");
    let ran = call_with(
        &settings,
        &[&arguments[..], &["--wire", "protobuf"]].concat(),
    );
    assert!(ran.stdout().contains(" bytes)\n"), "{ran}");
    // What is posted gets an id of its own, so that it can be sent twice.
    let folder = folder(&[(
        "m.json",
        r#"{"FromBoxId": "1f208d03-2a60-4f64-91b1-b7aad54cfaf3"}"#,
    )]);
    let body = folder.path().join("m.json");
    let post = [
        "PostMessageV3",
        "--body",
        body.to_str().unwrap(),
        "--dry-run",
        "--unchecked",
    ];
    let ran = call_with(&settings, &post);
    assert!(
        ran.stdout()
            .starts_with("POST /base/V3/PostMessage?operationId="),
        "{ran}"
    );
}

/// What is printed is what a request becomes, for each method.
#[test]
fn every_request_without_sending_it() {
    let folder = folder(&[]);
    let body = folder.path().join("body");
    for method in METHODS {
        let mut call = example_call(method, Example::Minimal);
        call.set_operation_id(|| BOX.to_owned());
        let mut arguments = vec![method.name.to_owned(), "--dry-run".to_owned()];
        for (name, value) in call.parameters() {
            arguments.extend(["-p".to_owned(), format!("{name}={value}")]);
        }
        if let Some(given) = call.given_body() {
            std::fs::write(&body, &given.content).unwrap();
            let file = body.to_str().unwrap().to_owned();
            let name = given.name.clone();
            arguments.extend(["--body".to_owned(), file, "--body-name".to_owned(), name]);
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let ran = call_with(&[], &arguments);
        ran.ended(0);
        let http = call.to_http(&Config::new(), Form::Json).unwrap();
        let mut expected = format!(
            "{} {} HTTP/1.1\nhost: {}\nauthorization: (no token: set DIADOC_TOKEN)\n",
            http.method(),
            http.uri().path_and_query().unwrap(),
            http.uri().host().unwrap()
        );
        for (name, value) in http.headers() {
            expected += &format!("{name}: {}\n", value.to_str().unwrap());
        }
        if !http.body().is_empty() {
            let content = str::from_utf8(http.body()).unwrap();
            expected += &format!("content-length: {}\n\n{content}\n", content.len());
        }
        assert_eq!(ran.stdout(), expected);
    }
}

/// A shell that runs the command of curl gets what the program itself gets.
#[test]
fn a_command_of_curl() {
    let served = Served::start(&[]);
    if std::process::Command::new("curl")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("there is no curl here");
        return;
    }
    let json = "fixtures/GetDocflows_V4_request.json";
    let docflows = [
        "GetDocflowsV4",
        "-p",
        &format!("boxId={BOX}"),
        "--body",
        json,
    ];
    for arguments in [
        documents(&["--curl"]),
        [&docflows[..], &["--curl"]].concat(),
        [&docflows[..], &["--curl", "--wire", "protobuf"]].concat(),
        vec![
            "RecycleDraft",
            "-p",
            "boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3",
            "-p",
            "draftId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3",
            "--curl",
        ],
    ] {
        let ran = call(&served, &arguments);
        ran.ended(0);
        assert!(ran.stdout().contains("Bearer $DIADOC_TOKEN"), "{ran}");
        assert!(!ran.stdout().contains("secret-token"), "{ran}");
        let program = Path::new(env!("CARGO_BIN_EXE_diadoc")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let shell = std::process::Command::new("sh")
            .args([
                "-c",
                &ran.stdout()
                    .replacen("curl ", "curl -sS -w '%{http_code}' ", 1),
            ])
            .current_dir(crate::repository())
            .env("PATH", path)
            .env("DIADOC_TOKEN", "secret-token")
            .output()
            .unwrap();
        let (said, status) = shell.stdout.split_at(shell.stdout.len().saturating_sub(3));
        assert_eq!(status, b"200", "{ran}\n{}", String::from_utf8_lossy(said));
    }
}

#[test]
fn settings_from_a_file() {
    let served = Served::start(&["--token", "from-file"]);
    let text = format!(
        "url = \"{}\"\ntoken = \"from-file\"\nclient_id = \"id\"\n",
        served.url
    );
    let folder = folder(&[
        ("diadoc/config.toml", &text),
        ("wrong.toml", "url = \"u\"\ntoken = \"secret-token\" x\n"),
        ("unknown.toml", "\ntokne = \"secret-token\"\n"),
    ]);
    let named = folder.path().join("diadoc/config.toml");
    call_with(&[], &documents(&["--config", named.to_str().unwrap()])).ended(0);
    let home = folder.path().to_str().unwrap();
    call_with(&[("XDG_CONFIG_HOME", home)], &documents(&[])).ended(0);
    // The environment goes first.
    let other = [("XDG_CONFIG_HOME", home), ("DIADOC_TOKEN", "other")];
    call_with(&other, &documents(&[])).failed(1, &["unauthorized (status 401)"]);
    let ran = call_with(&[("XDG_CONFIG_HOME", home)], &documents(&["--dry-run"]));
    assert!(
        ran.stdout()
            .contains("DiadocAuth ddauth_api_client_id=[redacted],ddauth_token=[redacted]"),
        "{ran}"
    );
    for (name, fault) in [
        ("wrong.toml", "line 2: "),
        ("unknown.toml", "line 2: unknown field `tokne`"),
    ] {
        let path = folder.path().join(name);
        let ran = call_with(&[], &documents(&["--config", path.to_str().unwrap()]));
        ran.failed(
            2,
            &[
                fault,
                "The file is TOML with the keys url, token and client_id",
            ],
        );
        assert!(!ran.stderr.contains("secret-token"), "{ran}");
    }
    call_with(&[], &documents(&["--config", "nowhere.toml"]))
        .failed(2, &["nowhere.toml: cannot be read"]);
}

#[test]
fn logging_in() {
    let served = Served::start(&[]);
    let settings = [("DIADOC_URL", &*served.url), ("DIADOC_CLIENT_ID", "id")];
    let folder = folder(&[("login.json", r#"{"login": "l", "password": "p"}"#)]);
    let body = folder.path().join("login.json");
    let login = [
        "AuthenticateV3",
        "-p",
        "type=password",
        "--body",
        body.to_str().unwrap(),
        "--body-name",
        "loginPassword",
    ];
    let ran = call_with(&settings, &login);
    assert_eq!((ran.code, ran.stdout()), (Some(0), "fake-token"), "{ran}");
    call_with(&settings[..1], &login).failed(2, &["Set DIADOC_CLIENT_ID"]);
}
