//! `diadoc call` against a server that says and does what a test wrote down.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::login::VARIABLES;
use crate::serve::Served;
use crate::{BOX, Ran, diadoc, folder, names_in};

const TAG: &str = "ETag: \"one\"\r\n";
const CHANGED: &str = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

type Step = Box<dyn FnOnce(&mut TcpStream) + Send>;

/// A server that goes through steps, a connection for each, and keeps what it was asked.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(steps: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for step in steps {
                let (mut connection, _) = listener.accept().expect("a connection");
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    connection.read_exact(&mut byte).expect("a request");
                    head.extend(byte);
                }
                let head = String::from_utf8(head).expect("a text").to_lowercase();
                log.lock().expect("a log").push(head);
                step(&mut connection);
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("a log").clone()
    }
}

/// An answer with these headers and that much of its body, which promises to be longer.
fn answer(status: u16, headers: &str, length: usize, body: &[u8]) -> Step {
    let head = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    let bytes = [head.as_bytes(), body].concat();
    // Who has enough goes away.
    Box::new(move |connection| drop(connection.write_all(&bytes)))
}

fn whole(status: u16, headers: &str, body: &[u8]) -> Step {
    answer(status, headers, body.len(), body)
}

fn call(url: &str, arguments: &[&str]) -> Ran {
    run_at(url, "call", arguments)
}

/// Runs a command that calls that address.
fn run_at(url: &str, name: &str, arguments: &[&str]) -> Ran {
    let mut command = diadoc();
    command.arg(name).args(arguments).stdin(Stdio::null());
    for name in VARIABLES {
        command.env_remove(name);
    }
    command.envs([("XDG_CONFIG_HOME", "/nowhere"), ("HOME", "/nowhere")]);
    command.envs([("DIADOC_URL", url), ("DIADOC_TOKEN", "c4n4ry-token")]);
    command.output().expect("the program starts").into()
}

/// Asks for the content of an entity, into a file.
fn fetch(url: &str, file: &Path, more: &[&str]) -> Ran {
    let ids = ["boxId", "messageId", "entityId"].map(|name| format!("{name}={BOX}"));
    let mut arguments = vec!["GetEntityContentV4"];
    ids.iter().for_each(|id| arguments.extend(["-p", id]));
    arguments.extend(["-o", file.to_str().expect("a text")]);
    call(url, &[&arguments, more].concat())
}

/// Bytes of which no two parts are alike.
fn content(length: usize) -> Vec<u8> {
    let numbers = (0..).flat_map(|number: u32| number.to_be_bytes());
    numbers.take(length).collect()
}

/// It lies beside its place while it comes, is never held whole, and may be longer than an answer.
#[test]
fn a_file_is_written_as_it_comes() {
    let folder = folder(&[("file", "old")]);
    let (place, all) = (folder.path().to_owned(), content(3_000_001));
    let expected = all.clone();
    let slowly: Step = Box::new(move |connection| {
        let head = format!("HTTP/1.1 200 X\r\nContent-Length: {}\r\n\r\n", all.len());
        connection.write_all(head.as_bytes()).expect("it reads");
        let (one, two) = all.split_at(2_000_000);
        connection.write_all(one).expect("it reads");
        let start = Instant::now();
        let half = || {
            let files = std::fs::read_dir(&place).expect("a folder");
            let lengths = files.map(|file| file.and_then(|file| file.metadata()));
            let mut lengths = lengths.filter_map(Result::ok).map(|data| data.len());
            lengths.any(|length| length == 2_000_000)
        };
        while !half() && start.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(5));
        }
        // Otherwise the file is cut, and nobody answers any more.
        if half() && std::fs::read(place.join("file")).expect("a file") == b"old" {
            connection.write_all(two).expect("it reads");
        }
    });
    let server = Server::start(vec![slowly]);
    let file = folder.path().join("file");
    fetch(&server.url, &file, &["--max-bytes", "1000"]).ended(0);
    assert!(std::fs::read(&file).expect("a file") == expected);
    assert_eq!(names_in(folder.path()), ["file"]);
}

/// Where a connection breaks, the rest comes over another: alone, where the server knows the content by
/// a tag and gives parts of it, else from the start again.
#[test]
fn a_broken_file_is_brought_to_its_end() {
    let all = content(300_000);
    let (half, most) = (all.len() / 2, all.len() / 4 * 3);
    let part = |from: usize, to: usize, tag: &str| {
        let headers = format!(
            "{tag}Content-Range: bytes {from}-{}/{}\r\n",
            all.len() - 1,
            all.len()
        );
        answer(206, &headers, all.len() - from, &all[from..to])
    };
    let begun = |tag: &str, to: usize| answer(200, tag, all.len(), &all[..to]);
    let again = |tag: &str| whole(200, tag, &all);
    let weak = "ETag: W/\"one\"\r\n";
    let busy = || whole(503, "Retry-After: 0\r\n", b"busy");
    // What the server does, and from where it is asked to go on.
    type Case<'c> = (&'c str, Vec<Step>, Vec<Option<usize>>);
    let cases: Vec<Case<'_>> = vec![
        (
            "a part",
            vec![begun(TAG, half), part(half, all.len(), TAG)],
            vec![Some(half)],
        ),
        (
            "a part without its tag",
            vec![begun(TAG, half), part(half, all.len(), "")],
            vec![Some(half)],
        ),
        (
            "a part, by the moment of the last change",
            vec![begun(CHANGED, half), part(half, all.len(), CHANGED)],
            vec![Some(half)],
        ),
        (
            "parts",
            vec![
                begun(TAG, half),
                part(half, most, TAG),
                part(most, all.len(), TAG),
            ],
            vec![Some(half), Some(most)],
        ),
        (
            "all of it, without a tag",
            vec![begun("", half), again("")],
            vec![None],
        ),
        (
            "all of it, with a weak one",
            vec![begun(weak, half), again(weak)],
            vec![None],
        ),
        (
            "all of it, though a part is asked for",
            vec![begun(TAG, half), again(TAG)],
            vec![Some(half)],
        ),
        ("from nothing", vec![begun(TAG, 0), again(TAG)], vec![None]),
        (
            "a failure in between",
            vec![begun(TAG, half), busy(), part(half, all.len(), TAG)],
            vec![Some(half); 2],
        ),
    ];
    for (case, steps, asked) in cases {
        let folder = folder(&[]);
        let server = Server::start(steps);
        let file = folder.path().join("file");
        let ran = fetch(&server.url, &file, &[]);
        assert_eq!(ran.code, Some(0), "{case}: {ran}");
        assert!(std::fs::read(&file).expect("a file") == all, "{case}");
        let ranges: Vec<_> = server.asked()[1..]
            .iter()
            .map(|head| {
                let from = head.split("range: bytes=").nth(1)?.split('-').next()?;
                let marks = ["if-range: \"one\"", "if-range: sun, 06 nov 1994"];
                assert!(
                    marks.iter().any(|mark| head.contains(mark)),
                    "{case}: {head}"
                );
                from.parse().ok()
            })
            .collect();
        assert_eq!(ranges, asked, "{case}");
    }
}

/// What is not the rest of the same file is no end of it; and nothing is left over.
#[test]
fn what_does_not_come_to_its_end_is_no_file() {
    let all = content(300_000);
    let half = all.len() / 2;
    let mut other = all.clone();
    other[7] ^= 1;
    let begun = |tag: &str| answer(200, tag, all.len(), &all[..half]);
    let range = |from: usize| {
        format!(
            "Content-Range: bytes {from}-{}/{}\r\n",
            all.len() - 1,
            all.len()
        )
    };
    let another = "the file has become another one while it came\n150000 bytes had come";
    let cases: Vec<(Vec<Step>, &str)> = vec![
        (vec![begun(""), whole(200, "", &other)], another),
        (
            vec![begun(TAG), whole(200, "ETag: \"two\"\r\n", &other)],
            another,
        ),
        (vec![begun(""), whole(200, "", &all[..half - 1])], another),
        // From another place than was asked for, or of another content.
        (
            vec![begun(TAG), answer(206, &range(0), all.len(), &all)],
            "status 206",
        ),
        (
            vec![
                begun(TAG),
                answer(
                    206,
                    &format!("ETag: \"two\"\r\n{}", range(half)),
                    half,
                    &all[half..],
                ),
            ],
            "status 206",
        ),
        // Of another length.
        (
            vec![
                begun(TAG),
                answer(
                    206,
                    &format!(
                        "{TAG}Content-Range: bytes {half}-{}/{}\r\n",
                        all.len(),
                        all.len() + 1
                    ),
                    half,
                    &all[half..],
                ),
            ],
            "status 206",
        ),
        // Not asked for at all.
        (vec![whole(206, &range(0), &all)], "status 206"),
        (
            vec![begun(TAG), whole(404, "", b"gone")],
            "not found (status 404): gone\n150000 bytes",
        ),
        (
            vec![begun(TAG), whole(503, "Retry-After: soon\r\n", b"busy")],
            "try again in 300 s",
        ),
    ];
    for (steps, said) in cases {
        let folder = folder(&[("file", "old")]);
        let server = Server::start(steps);
        let file = folder.path().join("file");
        let ran = fetch(&server.url, &file, &[]);
        assert!(
            matches!(ran.code, Some(1 | 2)) && ran.stdout.is_empty(),
            "{ran}"
        );
        ran.says(said);
        assert_eq!(std::fs::read(&file).expect("a file"), b"old");
        assert_eq!(names_in(folder.path()), ["file"]);
    }
}

/// A server that always breaks at the same place is not asked for ever.
#[test]
fn a_file_that_comes_no_further() {
    let folder = folder(&[]);
    let steps = (0..9).map(|_| answer(200, "", 1000, &content(500)));
    let server = Server::start(steps.collect());
    let ran = fetch(&server.url, &folder.path().join("file"), &[]);
    assert_eq!((ran.code, ran.stdout()), (Some(2), ""), "{ran}");
    ran.says("trying again in");
    ran.says("error: GetEntityContentV4: no whole answer came: ");
    ran.says(&format!("Check the address {} and", server.url));
    ran.says("500 bytes had come. Call again.");
    assert_eq!(server.asked().len(), 4);
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn answers_have_a_limit() {
    let json = "Content-Type: application/json\r\n";
    let list = format!(r#"{{"TotalCount": 1{}}}"#, " ".repeat(2000));
    let documents = [
        "GetDocumentsV3",
        "-p",
        &format!("boxId={BOX}"),
        "-p",
        "filterCategory=Any.Inbound",
    ];
    for (most, code) in [("3000", 0), ("1000", 2)] {
        let server = Server::start(vec![whole(200, json, list.as_bytes())]);
        let ran = call(
            &server.url,
            &[&documents[..], &["--max-bytes", most]].concat(),
        );
        assert_eq!(ran.code, Some(code), "{ran}");
        if code == 2 {
            let said = "GetDocumentsV3: the answer has more than 1000 bytes\n\
                        Allow more with --max-bytes BYTES.";
            ran.failed(2, &[said]);
        }
    }
    // Nothing is not taken for a list; and what is sent as a secret comes into no message.
    let server = Server::start(vec![whole(200, "", b"")]);
    let ran = call(&server.url, &documents);
    ran.failed(
        1,
        &["it has no content, and Diadoc.Api.Proto.Documents.DocumentList has"],
    );
    for status in [400, 401, 200] {
        let said = "no `c4n4ry-token` here";
        let server = Server::start(vec![whole(
            status,
            "Content-Type: x/c4n4ry-token\r\n",
            said.as_bytes(),
        )]);
        let ran = call(&server.url, &documents);
        ran.failed(1, &["***"]);
    }
}

/// The same message is posted once, however often the program is run.
#[test]
fn a_message_is_posted_once() {
    let served = Served::start(&[]);
    let other = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946";
    let message = format!(
        r#"{{"FromBoxId": "{BOX}", "ToBoxId": "{other}", "DocumentAttachments": [{{
            "TypeNamedId": "Nonformalized", "Metadata": [{{"Key": "FileName", "Value": "a.txt"}}],
            "SignedContent": {{"Content": "0YI=", "SignWithTestSignature": true}}}}]}}"#
    );
    let folder = folder(&[("message.json", &message)]);
    let body = folder.path().join("message.json");
    let post = |more: &[&str]| {
        let arguments = ["PostMessageV3", "--body", body.to_str().expect("a text")];
        let ran = call(&served.url, &[&arguments, more].concat());
        ran.ended(0);
        ran.json()["MessageId"].clone()
    };
    let first = post(&[]);
    assert_eq!(post(&[]), first);
    assert_eq!(post(&["-p", "operationId="]), first);
    assert_ne!(post(&["-p", "operationId=another"]), first);
}

/// `--wait` is all the time that there is, for the identity server as well.
#[test]
fn waiting_ends_in_time() {
    let silence = || -> Step { Box::new(|connection| drop(connection.read(&mut [0]))) };
    let server = Server::start((0..9).map(|_| silence()).collect());
    let zip = ["boxId", "messageId", "documentId"].map(|name| format!("{name}={BOX}"));
    let mut arguments = vec!["GenerateDocumentZip", "-p", "fullDocflow=true", "--wait=1"];
    zip.iter().for_each(|id| arguments.extend(["-p", id]));
    let start = Instant::now();
    call(&server.url, &arguments).failed(2, &[" within 1s\nCheck the address "]);
    assert!(start.elapsed() < Duration::from_secs(5));

    let home = folder(&[]);
    let mut command = diadoc();
    command.arg("call").args(&arguments).stdin(Stdio::null());
    for name in VARIABLES {
        command.env_remove(name);
    }
    let home = home.path().to_str().expect("a text");
    command.envs([("XDG_CONFIG_HOME", home), ("HOME", home)]);
    command.envs([("XDG_STATE_HOME", home), ("XDG_DATA_HOME", home)]);
    command.envs([
        ("DIADOC_URL", &*server.url),
        ("DIADOC_IDENTITY_URL", &server.url),
        ("DIADOC_OIDC_CLIENT_ID", "id"),
        ("DIADOC_OIDC_CLIENT_SECRET", "secret"),
        ("DIADOC_OIDC_REFRESH_TOKEN", "refresh"),
    ]);
    let start = Instant::now();
    let ran = Ran::from(command.output().expect("the program starts"));
    ran.failed(2, &["no whole answer came from"]);
    assert!(start.elapsed() < Duration::from_secs(5), "{ran}");
}

/// What fails and may pass is tried again where that does nothing twice; who waits is told.
#[test]
fn what_may_pass_is_tried_again() {
    let json = "Content-Type: application/json\r\n";
    let documents = [
        "GetDocumentsV3",
        "-p",
        &format!("boxId={BOX}"),
        "-p",
        "filterCategory=Any.Inbound",
    ];
    let busy = || whole(503, "Retry-After: 0\r\n", b"busy");
    let server = Server::start(vec![busy(), whole(200, json, br#"{"TotalCount": 0}"#)]);
    let ran = call(&server.url, &documents);
    assert_eq!(
        (ran.code, ran.stdout()),
        (Some(0), "{\n  \"TotalCount\": 0\n}\n")
    );
    ran.says("GetDocumentsV3: the server failed (status 503), try again in 0 s: busy");
    ran.says("\ntrying again in 0.");
    // What may do its work twice goes once.
    let server = Server::start(vec![busy(), busy()]);
    let recycle = ["RecycleDraft", "-p", &format!("boxId={BOX}")];
    let draft = ["-p", &format!("draftId={BOX}")];
    call(&server.url, &[&recycle[..], &draft].concat()).failed(1, &["busy"]);
    assert_eq!(server.asked().len(), 1);
}

/// All of a list, whichever way its pages are asked for: each item a line, and the last page asked for once.
#[test]
fn all_pages_of_a_list() {
    let json = |text: &str| whole(200, "Content-Type: application/json\r\n", text.as_bytes());
    let folder = folder(&[
        ("body.json", r#"{"FirstIndex": 2}"#),
        ("packet.json", &format!(r#"{{"PacketId": "{BOX}"}}"#)),
    ]);
    let path = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("a text")
            .to_owned()
    };
    let (search, packet) = (path("body.json"), path("packet.json"));
    let of_box = format!("boxId={BOX}");
    type Case<'c> = (Vec<&'c str>, Vec<&'c str>, &'c str, Vec<&'c str>);
    let cases: Vec<Case<'_>> = vec![
        // By the key of the last item, which takes the place of the number to start from.
        (
            vec!["GetDocumentsV3", "-p", "filterCategory=Any.Inbound"],
            vec![
                r#"{"TotalCount": 9, "Documents": [{"IndexKey": "a"}, {"IndexKey": "b/="}]}"#,
                r#"{"TotalCount": 9, "Documents": [{"IndexKey": "c", "CreationTimestampTicks": 639000000000000001}]}"#,
                r#"{"TotalCount": 9, "Documents": []}"#,
            ],
            "{\"IndexKey\":\"a\"}\n{\"IndexKey\":\"b/=\"}\n{\"IndexKey\":\"c\",\"CreationTimestampTicks\":639000000000000001}\n",
            vec![
                "filtercategory=any.inbound&boxid=",
                "afterindexkey=b%2f%3d",
                "afterindexkey=c",
            ],
        ),
        // By numbers of pages, up to a total.
        (
            vec!["GetCounteragentGroups"],
            vec![
                r#"{"TotalCount": 3, "Groups": [{"CounteragentGroupId": "1"}, {"CounteragentGroupId": "2"}]}"#,
                r#"{"TotalCount": 3, "Groups": [{"CounteragentGroupId": "3"}]}"#,
            ],
            "{\"CounteragentGroupId\":\"1\"}\n{\"CounteragentGroupId\":\"2\"}\n{\"CounteragentGroupId\":\"3\"}\n",
            vec!["", "page=2"],
        ),
        // By how many came, in the body, as long as there are more.
        (
            vec!["SearchDocflowsV5", "--body", &search],
            vec![
                r#"{"Documents": [{}, {}], "HaveMoreDocuments": true}"#,
                r#"{"Documents": [], "HaveMoreDocuments": true}"#,
                r#"{"Documents": [{}], "HaveMoreDocuments": false}"#,
            ],
            "{}\n{}\n{}\n",
            vec!["", "", ""],
        ),
        // By the key that a page gives.
        (
            vec!["GetDocflowsByPacketIdV5", "--body", &packet],
            vec![
                r#"{"Documents": [], "NextPageIndexKey": "AQID"}"#,
                r#"{"Documents": [{}]}"#,
            ],
            "{}\n",
            vec!["", ""],
        ),
    ];
    for (arguments, pages, items, asked) in cases {
        let server = Server::start(pages.into_iter().map(json).collect());
        let more = ["-p", &of_box, "--all", "--unchecked"];
        let ran = call(&server.url, &[&arguments[..], &more].concat());
        assert_eq!((ran.code, ran.stdout()), (Some(0), items), "{ran}");
        let heads = server.asked();
        assert_eq!(heads.len(), asked.len(), "{ran}");
        for (head, part) in heads.iter().zip(asked) {
            assert!(head.contains(part), "{part} is not in {head}");
        }
    }
    let page = r#"{"TotalCount": 9, "Documents": [{"IndexKey": "a"}]}"#;
    let documents = [
        "GetDocumentsV3",
        "-p",
        "filterCategory=Any.Inbound",
        "-p",
        &of_box,
        "--all",
    ];
    // What leads nowhere is no end.
    let server = Server::start(vec![json(page), json(page)]);
    let ran = call(&server.url, &documents);
    assert_eq!(ran.code, Some(1), "{ran}");
    ran.says("the page leads back to one that came already\n2 items had come.");
    // What came is given out, and then why no more comes.
    let server = Server::start(vec![json(r#"{"Documents": [{}]}"#)]);
    let ran = call(&server.url, &documents);
    assert_eq!((ran.code, ran.stdout()), (Some(1), "{}\n"), "{ran}");
    ran.says("the last item of the page has no key to go on from\n1 items had come.");
    for (page, said) in [
        (r#""maintenance""#, "the answer is no page"),
        ("[1, 2]", "the answer is no page"),
        (r#"{"Documents": {}}"#, "the answer is no page"),
    ] {
        let server = Server::start(vec![json(page)]);
        call(&server.url, &documents).failed(1, &[said, "0 items had come."]);
    }
    for key in ["1", r#"{"a": 1}"#, "false", "[]"] {
        let page = format!(r#"{{"Documents": [{{"IndexKey": {key}}}]}}"#);
        let server = Server::start(vec![json(&page)]);
        let ran = call(&server.url, &documents);
        assert_eq!(ran.code, Some(1), "{ran}");
        ran.says("the key to go on from is no text");
    }
    let ran = call(
        &server.url,
        &[&documents[..], &["--wire", "protobuf"]].concat(),
    );
    ran.failed(2, &["pages are gone through as JSON"]);
    let none = ["GetBox", "-p", &of_box, "--all"];
    call(&server.url, &none).failed(2, &["GetBox answers with no list that comes in pages"]);
}

/// A file goes up in parts, and has a name on the shelf then.
#[test]
fn a_file_goes_to_the_shelf() {
    let served = Served::start(&[]);
    let folder = folder(&[("a.zip", &"z".repeat(3_200_000)), ("empty.zip", "")]);
    let path = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("a text")
            .to_owned()
    };
    let upload = |arguments: &[&str]| run_at(&served.url, "upload", arguments);
    let ran = upload(&[&path("a.zip")]);
    ran.ended(0);
    let name = ran.stdout().trim_end().to_owned();
    assert!(name.ends_with(".zip"), "{name}");
    let down = folder.path().join("down.zip");
    let bare = name.strip_prefix("__userId__/").unwrap_or(&name);
    let name = format!("fileName={bare}");
    let file = ["-o", down.to_str().expect("a text")];
    let ran = call(
        &served.url,
        &[&["ShelfDownloadV2", "-p", &name][..], &file].concat(),
    );
    assert_eq!(ran.code, Some(0), "{ran}");
    assert_eq!(std::fs::read(&down).expect("a file").len(), 3_200_000);
    let ran = upload(&[&path("a.zip"), "--extension", ".bin"]);
    assert!(ran.stdout().ends_with(".bin\n"), "{ran}");
    upload(&[&path("empty.zip")]).failed(2, &["empty.zip: "]);
    upload(&[&path("nowhere")]).failed(2, &["nowhere: cannot be read"]);
}

/// A part that says how long the whole is, is held to it where the first answer did not say it.
#[test]
fn a_part_is_not_taken_for_the_end() {
    let all = content(1000);
    let begun = || -> Step {
        let (head, body) = (
            format!("HTTP/1.1 200 X\r\n{TAG}Transfer-Encoding: chunked\r\n\r\n1f4\r\n"),
            all[..500].to_vec(),
        );
        Box::new(move |connection| drop(connection.write_all(&[head.as_bytes(), &body].concat())))
    };
    let part = |range: &str, from: usize, to: usize| {
        let headers = format!("{TAG}Content-Range: bytes {range}\r\n");
        answer(206, &headers, to - from, &all[from..to])
    };
    for (steps, code) in [
        (vec![begun(), part("500-999/1000", 500, 1000)], 0),
        (vec![begun(), part("500-599/1000", 500, 600)], 1),
    ] {
        let folder = folder(&[]);
        let server = Server::start(steps);
        let file = folder.path().join("file");
        let ran = fetch(&server.url, &file, &[]);
        assert_eq!(ran.code, Some(code), "{ran}");
        assert_eq!(file.exists(), code == 0);
    }
}

/// Where the answer could not be written down, nothing is asked for.
#[test]
fn nothing_is_sent_for_a_file_that_cannot_be() {
    let server = Server::start(Vec::new());
    let recycle = [
        "RecycleDraft",
        "-p",
        &format!("boxId={BOX}"),
        "-p",
        &format!("draftId={BOX}"),
    ];
    for output in ["/no/such/place", "/"] {
        let ran = call(&server.url, &[&recycle[..], &["-o", output]].concat());
        ran.failed(2, &["cannot be written", "No file was changed"]);
    }
    // And what may have been done is not to be called again without a look.
    let cut = answer(200, "", 99, b"{");
    let server = Server::start(vec![cut]);
    call(&server.url, &recycle).failed(2, &["see whether it has before you call again"]);
}
