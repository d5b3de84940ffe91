//! `diadoc serve` as a process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

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

    /// Asks it to end, as Ctrl-C does.
    fn interrupt(&self) {
        let id = self.child.id().to_string();
        let interrupt = Command::new("kill").args(["-INT", &id]).status();
        assert!(interrupt.expect("there is kill").success());
    }

    /// Asks it to end; exit code and what it said.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        self.interrupt();
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
    let page = format!("what comes in shows {}/_/ in a browser", served.url);
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
        assert_eq!(said.lines().nth(2), Some(line));
    }
    run(&["serve", "--strict", "--like-server"]).failed(2, &["cannot be used with"]);
}

/// Half a request does not hold the end, and who asks twice waits for nothing.
#[cfg(unix)]
#[test]
fn asked_to_end_twice() {
    for (times, longest) in [
        (1, Duration::from_secs(10)),
        (2, Duration::from_millis(1500)),
    ] {
        let served = Served::start(&[]);
        let address = served.url.strip_prefix("http://").expect("an address");
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.write_all(b"GET /V2/GetLast").expect("it is sent");
        std::thread::sleep(Duration::from_millis(200));
        let start = Instant::now();
        if times == 2 {
            served.interrupt();
            std::thread::sleep(Duration::from_millis(200));
        }
        let (code, _) = served.end();
        assert_eq!(code, Some(0));
        assert!(start.elapsed() < longest, "{:?}", start.elapsed());
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
    let fault = ["serve", "--port", "0", "--fault", "GetMessage=500"];
    run(&fault).failed(2, &["no method is called `GetMessage`", "GetMessageV6"]);
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
