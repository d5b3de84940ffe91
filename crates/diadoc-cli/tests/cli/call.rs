//! `diadoc call`, against `diadoc serve`.

use std::path::Path;
use std::process::{Command, Stdio};

use diadoc_api::query::percent_encoded;
use diadoc_api::{Config, Form, METHODS, Request as _, without_values_of};
use diadoc_fake::example_call;
use diadoc_schema::Example;

use crate::login::VARIABLES;
use crate::serve::Served;
use crate::{BOX, Ran, diadoc, folder, to_convert};

/// Runs a call with these settings in the environment and no file of settings; the arguments stand
/// with spaces between.
fn call_with(settings: &[(&str, &str)], arguments: &str) -> Ran {
    let arguments: Vec<_> = arguments.split_whitespace().collect();
    call_of(settings, &arguments)
}

fn call_of(settings: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = diadoc();
    command.arg("call").args(arguments).stdin(Stdio::null());
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.envs([("XDG_CONFIG_HOME", "/nowhere"), ("HOME", "/nowhere")]);
    command.envs(settings.iter().copied());
    command.output().expect("the program starts").into()
}

fn call(served: &Served, arguments: &str) -> Ran {
    let settings = [
        ("DIADOC_URL", &*served.url),
        ("DIADOC_TOKEN", "c4n4ry-token"),
    ];
    call_with(&settings, arguments)
}

fn documents(more: &str) -> String {
    format!("GetDocumentsV3 -p boxId={BOX} --param filterCategory=Any.Inbound {more}")
}

/// A file of a folder.
fn file(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_message_is_json() {
    let served = Served::start(&["--stateless"]);
    for wire in ["json", "protobuf"] {
        let ran = call(&served, &documents(&format!("--wire {wire}")));
        ran.ended(0);
        assert_eq!(ran.json()["TotalCount"], 2);
        assert!(ran.stdout().starts_with("{\n  \""), "{ran}");
    }
}

#[test]
fn a_body_in_either_form() {
    let served = Served::start(&["--stateless"]);
    let json = include_str!("../../../../fixtures/GetDocflows_V4_request.json");
    let folder = folder(&[("request.json", json)]);
    let (json, binary) = (
        &*file(&folder, "request.json"),
        &*file(&folder, "request.bin"),
    );
    let message = "GetDocflowBatchRequest";
    let convert = to_convert(message, "json", "protobuf");
    crate::run(&[&convert[..], &[json, "-o", binary]].concat()).ended(0);
    for body in [json, binary] {
        for wire in ["json", "protobuf"] {
            let docflows = format!("GetDocflowsV4 -p boxId={BOX} --body {body} --wire {wire}");
            let ran = call(&served, &docflows);
            ran.ended(0);
            ran.shows("\"Documents\"");
        }
    }
}

#[test]
fn files_and_texts() {
    let served = Served::start(&["--stateless"]);
    let folder = folder(&[("part", "content of a file")]);
    let upload = format!("ShelfUploadV2 --body {}", file(&folder, "part"));
    let ran = call(&served, &upload);
    ran.ended(0);
    let name = ran.stdout().trim_end();
    let output = file(&folder, "out");
    let download = format!("ShelfDownloadV2 -p fileName={name}");
    let ran = call(&served, &format!("{download} -o {output}"));
    assert_eq!((ran.code, ran.stdout()), (Some(0), ""), "{ran}");
    assert_eq!(ran.stderr, format!("file name: {name}\n"));
    let content = std::fs::read_to_string(output).unwrap();
    assert_eq!(content, "content of a file");
    assert_eq!(call(&served, &download).stdout(), "content of a file");
}

#[test]
fn nothing_and_no_such_thing() {
    let served = Served::start(&["--stateless"]);
    let ran = call(
        &served,
        &format!("RecycleDraft -p boxId={BOX} -p draftId={BOX}"),
    );
    ran.ended(0);
    assert_eq!(ran.stdout(), "");
}

#[test]
fn an_error_of_the_server() {
    let served = Served::start(&["--stateless", "--fault", "*=503:30*1"]);
    let failed = "GetDocumentsV3: the server failed (status 503), try again in 30 s: ";
    // The id is what the vendor's support asks for.
    call(&served, &documents("--retries=0")).failed(1, &[failed, " (trace id "]);
    // A wrong request that is sent all the same: the server says what is wrong.
    let ran = call(&served, &documents("-p count=500 --unchecked"));
    let bad = "GetDocumentsV3: bad request (status 400): ";
    ran.failed(1, &[bad, "(field.range)"]);
    let served = Served::start(&["--stateless", "--token", "another"]);
    let ran = call(&served, &documents(""));
    ran.failed(1, &["unauthorized (status 401)", "Invalid auth token"]);
}

#[test]
fn a_method_that_the_vendor_gives_up() {
    let warned = |arguments: &str| {
        let settings = [("DIADOC_URL", "http://127.0.0.1:1"), ("DIADOC_TOKEN", "t")];
        let ran = call_with(&settings, &format!("{arguments} --curl"));
        assert_eq!(ran.code, Some(0), "{ran}");
        assert!(ran.stdout().starts_with("curl "), "{ran}");
        ran.stderr.clone()
    };
    let events = format!("-p boxId={BOX} -p eventId={BOX}");
    let listed = "warning: GetEventV2: the vendor lists it for removal; use GetEventV3\n";
    assert_eq!(warned(&format!("GetEventV2 {events}")), listed);
    assert_eq!(warned(&format!("GetEventV3 {events}")), "");
    let gone = "warning: AutoSignReceipts: the vendor's pages no longer have it";
    let said = warned(&format!("AutoSignReceipts -p boxId={BOX}"));
    assert!(said.starts_with(gone), "{said}");
}

#[test]
fn answers_that_are_none() {
    let served = Served::start(&[
        "--stateless",
        "--fault",
        "*=cut*1",
        "--fault",
        "*=garbage*2",
    ]);
    let cut = "GetDocumentsV3: no whole answer came: ";
    let place = format!("Check the address {} and the connection", served.url);
    call(&served, &documents("--retries=0")).failed(2, &[cut, &place]);
    for (wire, form) in [("json", "JSON"), ("protobuf", "protobuf of DocumentList")] {
        let ran = call(&served, &documents(&format!("--wire {wire}")));
        let said = format!("GetDocumentsV3: the answer cannot be read: this is no {form}: ");
        ran.failed(1, &[&said]);
    }
    let nobody = [("DIADOC_URL", "http://127.0.0.1:1"), ("DIADOC_TOKEN", "t")];
    call_with(&nobody, &documents("--retries=0")).failed(2, &["Check the address"]);
}

#[test]
fn results_that_are_not_ready() {
    let served = Served::start(&["--stateless", "--retry-after", "1"]);
    let zip = format!(
        "GenerateDocumentZip -p fullDocflow=true -p boxId={BOX} -p messageId={BOX} \
         -p documentId={BOX}"
    );
    let ran = call(&served, &zip);
    assert_eq!((ran.code, ran.stdout()), (Some(1), ""), "{ran}");
    let again = "error: the result is not ready yet: call again in 1 s, or give --wait\n";
    assert_eq!(ran.stderr, again);
    let ran = call(&served, &zip);
    ran.ended(0);
    let served = Served::start(&["--stateless", "--retry-after", "1"]);
    let ran = call(&served, &format!("{zip} --wait"));
    ran.ended(0);
    ran.shows("ZipFileNameOnShelf");
    let served = Served::start(&["--stateless", "--retry-after", "60"]);
    let ran = call(&served, &format!("{zip} --wait=2"));
    assert_eq!(ran.code, Some(1), "{ran}");
}

#[test]
fn the_outcome_of_a_task() {
    let served = Served::start(&[
        "--stateless",
        "--fault",
        "GetGeneratedPrintFormResult=pending*1",
    ]);
    let print =
        format!("GeneratePrintFormPng -p boxId={BOX} -p messageId={BOX} -p documentId={BOX}");
    let ran = call(&served, &print);
    assert_eq!(ran.code, Some(0), "{ran}");
    ran.shows("TaskId");
    let outcome = "the outcome comes from: diadoc call GetGeneratedPrintFormResult";
    assert!(ran.stderr.contains(outcome), "{ran}");
    let ran = call(&served, &format!("{print} --wait"));
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(!ran.stdout().contains("TaskId"), "{ran}");
}

#[test]
fn what_is_not_sent() {
    let settings = [("DIADOC_URL", "http://127.0.0.1:1"), ("DIADOC_TOKEN", "t")];
    let refused = |arguments: &str, texts: &[&str]| {
        call_with(&settings, arguments).failed(2, texts);
    };
    let no_method = "no method is called `GetDocumentsV33`";
    refused("GetDocumentsV33", &[no_method, "`GetDocumentsV3`"]);
    let wrong = documents("-p cuont=1 -p fromDocumentDate=1.1.2025");
    let no_parameter = "GetDocumentsV3 has no parameter `cuont`";
    refused(&wrong, &["GetDocumentsV3 was not sent", no_parameter]);
    refused(
        &wrong,
        &[
            "did you mean `count`?",
            "expected a date dd.MM.yyyy",
            "--unchecked",
        ],
    );
    let docflows = format!("GetDocflowsV4 -p boxId={BOX}");
    refused(&docflows, &["the body is missing"]);
    refused(&documents("--body -"), &["GetDocumentsV3 takes no body"]);
    let one = [
        "takes one of several bodies",
        "\n  loginPassword",
        "\n  certificate",
    ];
    refused("AuthenticateV3 -p type=sid --body -", &one);
    let folder = folder(&[("wrong.json", r#"{"Requests": [{"DocumentID": {}}]}"#)]);
    let wrong = format!("{docflows} --body {}", file(&folder, "wrong.json"));
    refused(
        &wrong,
        &["Requests[0].DocumentID, line 1", "did you mean: DocumentId"],
    );
    let ran = call_with(&settings, "GetDocumentsV3 -p boxId");
    assert_eq!(ran.code, Some(2));
    ran.says("a parameter is written as NAME=VALUE");
    call_with(&[], &documents("")).failed(
        2,
        &["there is no token", "`diadoc login`, set DIADOC_TOKEN"],
    );
    call_with(&[("DIADOC_TOKEN", "a\nb")], &documents("")).failed(2, &["no header may"]);
    for (url, said) in [
        (
            "kontur",
            "the address does not begin with https:// or http://",
        ),
        (
            "localhost:8070",
            "the address does not begin with https:// or http://",
        ),
        (
            "https://user:c4n4ry-token@host",
            "the address has a user or a password in it",
        ),
    ] {
        let ran = call_with(&[("DIADOC_URL", url)], &documents(""));
        ran.failed(2, &[said, "in DIADOC_URL or in the file"]);
    }
    let no_name = [("DIADOC_SOLUTION_INFO", "Мост")];
    call_with(&no_name, &documents("--dry-run"))
        .failed(2, &["visible ASCII", "DIADOC_SOLUTION_INFO"]);
}

#[test]
fn the_request_without_sending_it() {
    let url = ("DIADOC_URL", "https://host:8/base/");
    let settings = [("DIADOC_TOKEN", "c4n4ry-token"), url];
    let ran = call_with(&settings, &documents("-p afterIndexKey=a+b/= --dry-run"));
    ran.ended(0);
    assert_eq!(
        ran.stdout(),
        "GET /base/V3/GetDocuments?boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3\
         &filterCategory=Any.Inbound&afterIndexKey=a%2Bb%2F%3D HTTP/1.1\n\
         host: host:8\n\
         authorization: Bearer ***\n\
         accept: application/json\n\
         content-type: application/json\n"
    );
    let json = "fixtures/GetDocflows_V4_request.json";
    let docflows = format!("GetDocflowsV4 -p boxId={BOX} --body {json} --dry-run");
    let ran = call_with(&[], &docflows);
    ran.ended(0);
    ran.shows("authorization: (no token: set DIADOC_TOKEN)\n");
    ran.shows("\n\n{");
    let ran = call_with(&settings, &format!("{docflows} --wire protobuf"));
    ran.shows(" bytes)\n");
    // Nothing is added to what is posted: the server takes the same body for the same operation.
    let folder = folder(&[("m.json", &format!(r#"{{"FromBoxId": "{BOX}"}}"#))]);
    let body = file(&folder, "m.json");
    let post = format!("PostMessageV3 --body {body} --dry-run --unchecked");
    let ran = call_with(&settings, &post);
    let start = "POST /base/V3/PostMessage HTTP/1.1\n";
    assert!(ran.stdout().starts_with(start), "{ran}");
}

/// What is printed is what a request becomes, for each method.
#[test]
fn every_request_without_sending_it() {
    let folder = folder(&[]);
    let body = file(&folder, "body");
    for method in METHODS {
        let call = example_call(method, Example::Minimal);
        let mut arguments = vec![method.name.to_owned(), "--dry-run".to_owned()];
        for (name, value) in call.parameters() {
            arguments.extend(["-p".to_owned(), format!("{name}={value}")]);
        }
        if let Some(given) = call.given_body() {
            std::fs::write(&body, &given.content).unwrap();
            let name = format!("--body-name={}", given.name);
            arguments.extend([format!("--body={body}"), name]);
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let ran = call_of(&[], &arguments);
        let news = method.news();
        let warned = news.map(|news| format!("warning: {}: {news}\n", method.name));
        assert_eq!(ran.stderr, warned.unwrap_or_default(), "{ran}");
        assert_eq!(ran.code, Some(0), "{ran}");
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
            let length = http.body().len();
            let given = call.given_body().map(|body| body.name.as_str());
            let mut known = method.bodies.iter();
            let secrets = known.find(|body| Some(body.name) == given);
            let secrets = secrets.and_then(|body| body.secrets);
            let is_secret = |key: &str| secrets.is_some_and(|secrets| secrets.has(key));
            let content = match str::from_utf8(http.body()) {
                Ok(content) => without_values_of(content, is_secret),
                Err(_) => format!("({length} bytes)"),
            };
            expected += &format!("content-length: {length}\n\n{content}\n");
        }
        for secret in method.parameters.iter().filter(|one| one.secret) {
            let (name, value) = (secret.name, call.value(secret.name).unwrap_or_default());
            let header = secret.header.unwrap_or_default().to_lowercase();
            for (plain, shown) in [
                (
                    format!("{name}={}", percent_encoded(value)),
                    format!("{name}=***"),
                ),
                (format!("{header}: {value}\n"), format!("{header}: ***\n")),
            ] {
                expected = expected.replace(&plain, &shown);
            }
        }
        assert_eq!(ran.stdout(), expected);
    }
}

/// A shell that runs the command of curl gets what the program itself gets.
#[test]
fn a_command_of_curl() {
    let served = Served::start(&["--stateless"]);
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("there is no curl here");
        return;
    }
    let json = "fixtures/GetDocflows_V4_request.json";
    let docflows = format!("GetDocflowsV4 -p boxId={BOX} --body {json} --curl");
    for arguments in [
        documents("--curl"),
        docflows.clone(),
        format!("{docflows} --wire protobuf"),
        format!("RecycleDraft -p boxId={BOX} -p draftId={BOX} --curl"),
    ] {
        let ran = call(&served, &arguments);
        ran.ended(0);
        ran.shows("Bearer $DIADOC_TOKEN");
        let program = Path::new(env!("CARGO_BIN_EXE_diadoc")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let options = "curl -sS -w '%{http_code}' ";
        let shell = Command::new("sh")
            .args(["-c", &ran.stdout().replacen("curl ", options, 1)])
            .current_dir(crate::repository())
            .env("PATH", path)
            .env("DIADOC_TOKEN", "c4n4ry-token")
            .output()
            .unwrap();
        let (said, status) = shell.stdout.split_at(shell.stdout.len().saturating_sub(3));
        assert_eq!(status, b"200", "{ran}\n{}", String::from_utf8_lossy(said));
    }
}

#[test]
fn settings_from_a_file() {
    let served = Served::start(&["--stateless", "--token", "from-file"]);
    let text = format!(
        "url = \"{}\"\ntoken = \"from-file\"\nclient_id = \"id\"\nsolution_info = \"Our bridge\"\n",
        served.url
    );
    let folder = folder(&[
        ("diadoc/config.toml", &text),
        ("wrong.toml", "url = \"u\"\ntoken = \"c4n4ry-token\" x\n"),
        ("unknown.toml", "\ntokne = \"c4n4ry-token\"\n"),
    ]);
    let from = |path: &str| call_with(&[], &documents(&format!("--config {path}")));
    from(&file(&folder, "diadoc/config.toml")).ended(0);
    let home = folder.path().to_str().unwrap();
    call_with(&[("XDG_CONFIG_HOME", home)], &documents("")).ended(0);
    // The environment goes first.
    let other = [("XDG_CONFIG_HOME", home), ("DIADOC_TOKEN", "other")];
    call_with(&other, &documents("")).failed(1, &["unauthorized (status 401)"]);
    let ran = call_with(&[("XDG_CONFIG_HOME", home)], &documents("--dry-run"));
    ran.shows("DiadocAuth ddauth_api_client_id=***,ddauth_token=***");
    ran.shows("\nx-solution-info: Our bridge\n");
    for (name, fault) in [
        ("wrong.toml", "line 2: "),
        ("unknown.toml", "line 2: unknown field `tokne`"),
    ] {
        let ran = from(&file(&folder, name));
        let keys = "The file is TOML with the keys url, token, client_id, solution_info, ";
        ran.failed(2, &[fault, keys]);
    }
    from("nowhere.toml").failed(2, &["nowhere.toml: cannot be read"]);
}

#[test]
fn logging_in() {
    let served = Served::start(&["--stateless"]);
    let settings = [("DIADOC_URL", &*served.url), ("DIADOC_CLIENT_ID", "id")];
    let folder = folder(&[("login.json", r#"{"login": "l", "password": "p"}"#)]);
    let body = file(&folder, "login.json");
    let login = format!("AuthenticateV3 -p type=password --body {body} --body-name loginPassword");
    let ran = call_with(&settings, &login);
    assert_eq!((ran.code, ran.stdout()), (Some(0), "fake-token"), "{ran}");
    let ran = call_with(&settings[..1], &login);
    assert_eq!((ran.code, ran.stdout()), (Some(2), ""), "{ran}");
    ran.says("\nerror: there is no token\nSet DIADOC_CLIENT_ID");
}
