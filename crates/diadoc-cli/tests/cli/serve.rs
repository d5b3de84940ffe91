//! `diadoc serve` as a process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::thread::{self, JoinHandle};

use crate::{BOX, folder, run, shows_no_secret, spawn};

/// A fake that runs until the end of the test.
pub(crate) struct Served {
    child: Child,
    /// What it says; read as it comes, since a full pipe would hold it up.
    said: Option<JoinHandle<String>>,
    pub url: String,
}

impl Served {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = spawn(&[&["serve", "--port", "0"], arguments].concat());
        let mut url = String::new();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        BufReader::new(stdout).read_line(&mut url).expect("a line");
        let mut stderr = child.stderr.take().expect("standard error is a pipe");
        let said = thread::spawn(move || {
            let mut said = Vec::new();
            // What a killed process had said is enough.
            let _ = stderr.read_to_end(&mut said);
            String::from_utf8_lossy(&said).into_owned()
        });
        Self {
            child,
            said: Some(said),
            url: url.trim_end().to_owned(),
        }
    }

    /// Status and body of an answer.
    pub(crate) fn get(&self, target: &str, headers: &str) -> (u16, String) {
        self.send("GET", target, headers, "")
    }

    fn send(&self, verb: &str, target: &str, headers: &str, body: &str) -> (u16, String) {
        let address = self.url.strip_prefix("http://").expect("an address");
        let mut stream = TcpStream::connect(address).expect("it listens");
        let length = body.len();
        let request = format!(
            "{verb} {target} HTTP/1.1\r\nHost: fake\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("a text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).expect("a status");
        (status.parse().expect("a number"), body.to_owned())
    }

    /// Sends it a signal, such as `-INT`, as Ctrl-C does.
    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("there is kill").success());
    }

    /// Asks it to end; exit code and what it said.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        self.signal("-INT");
        let status = self.child.wait().expect("it ends");
        let said = self.said.take().expect("it is read once");
        let said = said.join().expect("a text");
        shows_no_secret(&said);
        (status.code(), said)
    }
}

impl Served {
    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(said) = self.said.take().and_then(|said| said.join().ok())
            && !thread::panicking()
        {
            shows_no_secret(&said);
        }
    }
}

const HEADERS: &str = "Authorization: Bearer any\r\nAccept: application/json\r\n";

#[cfg(unix)]
#[test]
fn a_line_for_each_request() {
    let served = Served::start(&["--stateless", "--fault", "GetDocumentsV3=429*1"]);
    let target = format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound");
    assert_eq!(served.get(&target, HEADERS).0, 429);
    let (status, body) = served.get(&target, HEADERS);
    assert_eq!(status, 200);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["TotalCount"], 2);
    let wrong = "/V3/GetDocuments?boxId=x&token=c4n4ry";
    assert_eq!(served.get(wrong, HEADERS).0, 400);
    assert_eq!(served.get("/Nothing", HEADERS).0, 501);
    assert_eq!(served.get(&target, "").0, 401);
    let url = served.url.clone();
    let page = format!("what comes in shows {url}/_/ in a browser");
    let (code, said) = served.end();
    assert_eq!(code, Some(0));
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(
        lines,
        [
            &*format!(
                "serving {} methods; Ctrl-C ends it",
                diadoc_api::METHODS.len()
            ),
            &*format!("DIADOC_URL={url} DIADOC_TOKEN=any diadoc call GetMyOrganizations calls it"),
            &*page,
            "429 GET /V3/GetDocuments  GetDocumentsV3  fault: 429",
            "200 GET /V3/GetDocuments  GetDocumentsV3",
            "400 GET /V3/GetDocuments  GetDocumentsV3  refused: boxId: the string does not \
             have the format of its field, expected a box id, as a GUID with hyphens or as 32 hex \
             digits with `@diadoc.ru` or without (field.format), and 2 more",
            "501 GET /Nothing  refused: no method has the path /Nothing",
            "401 GET /V3/GetDocuments  GetDocumentsV3  refused: there is no header Authorization",
            "stopping; Ctrl-C again ends it at once",
        ]
    );
}

/// What the server would ignore is told, or refused where it is asked for.
#[cfg(unix)]
#[test]
fn modes() {
    let target = format!("/v2/GetLastEvent?boxId={BOX}&boxid2=x&trace=x");
    for (mode, status, line) in [
        (
            &[][..],
            200,
            "200 GET /v2/GetLastEvent  GetLastEventV2  (the path is read as /V2/GetLastEvent, and 2 \
             more)",
        ),
        (
            &["--strict"],
            400,
            "400 GET /v2/GetLastEvent  GetLastEventV2  refused: boxid2: GetLastEventV2 has no parameter \
             `boxid2`, did you mean `boxId`? (parameter.unknown), and 1 more  (the path is read as \
             /V2/GetLastEvent)",
        ),
    ] {
        let served = Served::start(mode);
        assert_eq!(served.get(&target, HEADERS).0, status);
        let (_, said) = served.end();
        assert_eq!(said.lines().nth(3), Some(line));
    }
    run(&["serve", "--strict", "--like-server"]).failed(2, &["cannot be used with"]);
}

/// Who holds half a request, or nothing but a connection, does not hold the end; who asks twice waits for
/// nothing.
#[cfg(unix)]
#[test]
fn asked_to_end_while_a_client_holds_on() {
    let half_a_body = "POST /V3/PostMessage HTTP/1.1\r\nHost: fake\r\nContent-Length: 9\r\n\r\n{";
    let proxied = Served::start(&[]);
    let upstream = ["--upstream", &proxied.url];
    for (arguments, signals) in [
        (&[][..], &["-INT"][..]),
        (&[], &["-TERM"]),
        (&[], &["-INT", "-INT"]),
        (&[], &["-TERM", "-INT"]),
        (&upstream, &["-TERM"]),
        (&upstream, &["-INT", "-TERM"]),
    ] {
        let mut served = Served::start(arguments);
        let address = served.url.strip_prefix("http://").expect("an address");
        let held = ["", "GET /V2/GetLast", half_a_body].map(|text| {
            let mut stream = TcpStream::connect(address).expect("it listens");
            stream.write_all(text.as_bytes()).expect("it is sent");
            stream
        });
        // It has taken them.
        assert_eq!(served.get("/Nothing", HEADERS).0, 501);
        for signal in signals {
            served.signal(signal);
        }
        let status = served.child.wait().expect("it ends");
        assert_eq!(status.code(), Some(0), "{arguments:?} {signals:?}");
        drop(held);
    }
}

/// A connection on which nothing comes ends by itself, and one that brings half a body with a word.
#[cfg(unix)]
#[test]
fn clients_that_wait_too_long() {
    let served = Served::start(&["--timeout", "1"]);
    let address = served.url.strip_prefix("http://").expect("an address");
    let body = "POST /V3/PostMessage HTTP/1.1\r\nHost: fake\r\nContent-Length: 9\r\n\r\n{";
    let request = "GET /Nothing HTTP/1.1\r\nHost: fake\r\n\r\n";
    for (text, status) in [("", ""), ("GET /", ""), (body, "408"), (request, "501")] {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.write_all(text.as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it ends");
        assert_eq!(answer.split(' ').nth(1).unwrap_or_default(), status);
    }
    run(&["serve", "--timeout", "0"]).failed(2, &["--timeout"]);
}

#[cfg(unix)]
#[test]
fn bodies_that_are_too_long() {
    let served = Served::start(&["--max-body", "10"]);
    let (status, answer) = served.send("POST", "/Nothing", HEADERS, "0123456789");
    assert_eq!(status, 501, "{answer}");
    let (status, answer) = served.send("POST", "/Nothing", HEADERS, "0123456789a");
    assert_eq!(status, 413, "{answer}");
    assert!(
        answer.contains("longer than 10 bytes") && answer.contains("--max-body"),
        "{answer}"
    );
}

/// A script may come from somebody else: no file outside of its folder is sent to a counteragent.
#[cfg(unix)]
#[test]
fn a_script_that_names_a_file_elsewhere() {
    use std::os::unix::fs::symlink;

    let script = |title: &str| {
        serde_json::json!([{
            "box": "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946", "then": "sign", "title": title,
        }])
    };
    let folder = folder(&[("secret.xml", "s3cr3t"), ("s/below/a.xml", "<a/>")]);
    let path = folder.path();
    symlink("../secret.xml", path.join("s/link.xml")).unwrap();
    symlink("below/a.xml", path.join("s/inside.xml")).unwrap();
    let file = path.join("s/script.json");
    let absolute = path.join("secret.xml");
    for (title, why) in [
        ("../secret.xml", "leads out of the folder"),
        ("below/../../secret.xml", "leads out of the folder"),
        ("../gone.xml", "leads out of the folder"),
        (absolute.to_str().unwrap(), "leads out of the folder"),
        ("link.xml", "is a link that leads out of the folder"),
        ("below", "is no file"),
        ("gone.xml", "gone.xml"),
    ] {
        std::fs::write(&file, script(title).to_string()).unwrap();
        let ran = run(&["serve", "--port", "0", "--script", file.to_str().unwrap()]);
        ran.failed(2, &["script.json:1:", why]);
    }
    for title in ["below/a.xml", "below/../inside.xml", "./inside.xml"] {
        std::fs::write(&file, script(title).to_string()).unwrap();
        Served::start(&["--script", file.to_str().unwrap()]).end();
    }
}

/// Users who sign in are sent to their own machine, or where the options say.
#[cfg(unix)]
#[test]
fn sign_ins_lead_back_to_known_addresses() {
    let served = Served::start(&["--redirect-uri", "https://example.com/back"]);
    let query = "client_id=id&response_type=code&scope=a&redirect_uri=";
    for (address, expected) in [
        ("http://127.0.0.1:9/back", 302),
        ("https://example.com/back", 302),
        ("https://example.com/other", 400),
        ("http://127.0.0.1:9@example.com/", 400),
    ] {
        let (status, answer) = served.get(&format!("/connect/authorize?{query}{address}"), "");
        assert_eq!(status, expected, "{address}: {answer}");
    }
}

#[test]
fn bodies_of_a_folder() {
    let manifest = r#"[{"file": "a.json", "message": "DocumentList", "direction": "response",
                        "method": "GetDocumentsByCustomId"}]"#;
    let a = r#"{"TotalCount": 7, "HasMoreResults": false}"#;
    let folder = folder(&[("manifest.json", manifest), ("a.json", a)]);
    let path = folder.path().to_str().unwrap();
    let served = Served::start(&["--fixtures", path, "--token", "t", "--latency", "1"]);
    let target = format!("/GetDocumentsByCustomId?boxId={BOX}&customDocumentId=1");
    assert_eq!(served.get(&target, HEADERS).0, 401);
    let headers = HEADERS.replace("any", "t");
    let (status, body) = served.get(&target, &headers);
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("\"TotalCount\":7"), "{body}");
}

/// What cannot be done at its time is told as it happens.
#[cfg(unix)]
#[test]
fn a_script_that_cannot_be_followed() {
    let other = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946";
    let script = |box_id: &str| format!(r#"[{{"box": "{box_id}", "then": "accept-revocation"}}]"#);
    let strange = "00000000-0000-0000-0000-000000000001";
    let folder = folder(&[("a.json", &*script(other)), ("b.json", &*script(strange))]);
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let told = format!("b.json: rule 1: the world has no box {strange}");
    run(&["serve", "--script", &path("b.json")]).failed(2, &[&told]);

    let served = Served::start(&["--script", &path("a.json")]);
    let body = format!(
        r#"{{"FromBoxId": "{BOX}", "ToBoxId": "{other}", "DocumentAttachments": [{{
            "TypeNamedId": "Nonformalized", "Metadata": [{{"Key": "FileName", "Value": "a.pdf"}}],
            "SignedContent": {{"Content": "JVBERi0=", "SignWithTestSignature": true}}}}]}}"#
    );
    let headers = format!("{HEADERS}Content-Type: application/json\r\n");
    let (status, answer) = served.send("POST", "/V3/PostMessage", &headers, &body);
    assert_eq!(status, 200, "{answer}");
    let (_, said) = served.end();
    let mut lines = said.lines();
    let note = lines.find(|line| line.starts_with("skipped: "));
    let note = note.unwrap_or_else(|| panic!("{said}"));
    assert!(note.contains(": rule 1 was not followed for "), "{note}");
}

#[test]
fn what_it_cannot_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    run(&["serve", "--port", &port]).failed(2, &["cannot be served", "--port"]);
    let fault = ["serve", "--port", "0", "--fault", "GetMesageV6=500"];
    run(&fault).failed(2, &["no method is called `GetMesageV6`", "GetMessageV6"]);
    let ran = run(&["serve", "--fault", "GetMessageV6=sloth"]);
    assert_eq!(ran.code, Some(2));
    ran.says("`sloth` is no fault: a status from 400 to 599");
    run(&["serve", "--fixtures", "nowhere"]).failed(2, &["nowhere/manifest.json"]);
}

/// A path longer than any is near to none, and its length costs nothing.
#[test]
fn a_long_path_is_near_to_none() {
    let served = Served::start(&[]);
    let long = "s".repeat(30_000);
    for path in [
        format!("/V3/GetDocument{long}"),
        format!("/{long}/GetDocument{long}"),
    ] {
        let (status, body) = served.get(&path, "");
        assert_eq!(status, 501);
        assert!(body.contains("no method has the path"));
        assert!(!body.contains("did you mean"));
    }
    served.end();
}
