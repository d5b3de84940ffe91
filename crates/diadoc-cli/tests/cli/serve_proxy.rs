//! `diadoc serve --upstream` as a process, in front of a fake as another.

use std::fs;

use tempfile::TempDir;

use crate::serve::Served;
use crate::{BOX, run};

const HEADERS: &str = "Authorization: Bearer any\r\nAccept: application/json\r\n";

fn documents() -> String {
    format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound")
}

#[cfg(unix)]
#[test]
fn a_line_for_each_exchange_and_counts_at_the_end() {
    let fake = Served::start(&["--stateless", "--strict"]);
    let proxy = Served::start(&["--upstream", &fake.url]);
    let (status, body) = proxy.get(&documents(), HEADERS);
    assert_eq!((status, body), fake.get(&documents(), HEADERS));
    assert_eq!(
        proxy
            .get("/V3/GetDocuments?boxId=x&token=c4n4ry", HEADERS)
            .0,
        400
    );
    assert_eq!(proxy.get("/Nothing", HEADERS).0, 501);
    let (code, said) = proxy.end();
    assert_eq!(code, Some(0));
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(
        lines,
        [
            &*format!("passing requests on to {}; Ctrl-C ends it", fake.url),
            "200 GET /V3/GetDocuments  GetDocumentsV3",
            "400 GET /V3/GetDocuments  GetDocumentsV3  the server says Http.BadRequest",
            "  request: boxId: the string does not have the format of its field, expected a box id, \
             as a GUID with hyphens or as 32 hex digits with `@diadoc.ru` or without \
             (field.format), and 2 more",
            "501 GET /Nothing  no method has the path /Nothing",
            "stopping; Ctrl-C again ends it at once",
            "3 requests passed, 1 of no method, 1 against the schema, 2 refused by the server",
        ]
    );
}

/// A recording holds for `diadoc check` and `--fixtures`, also where its end came at once.
#[test]
fn a_recording_after_a_kill() {
    let fake = Served::start(&["--stateless", "--strict"]);
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("captured");
    let path = path.to_str().expect("a name");
    let recording = [
        "--upstream",
        &fake.url,
        "--record",
        path,
        "--seed",
        "a long text",
    ];
    let proxy = Served::start(&recording);
    for _ in 0..3 {
        assert_eq!(proxy.get(&documents(), HEADERS).0, 200);
    }
    // It is killed, not asked.
    drop(proxy);
    let files = fs::read_dir(path).expect("the folder").count();
    assert_eq!(files, 4);
    let ran = run(&["check", path]);
    assert_eq!(ran.code, Some(0), "{ran}");
    let again = Served::start(&["--fixtures", path]);
    let (status, body) = again.get(&documents(), HEADERS);
    assert_eq!(status, 200, "{body}");
    assert_ne!(body, fake.get(&documents(), HEADERS).1);
    let again = [
        "serve",
        "--port",
        "0",
        "--upstream",
        "http://127.0.0.1:1",
        "--record",
        path,
    ];
    run(&again).failed(2, &["has a manifest.json already"]);
}

#[test]
fn what_it_cannot_do() {
    run(&["serve", "--upstream", "diadoc"]).failed(2, &["is no address of a server", "--help"]);
    let ran = run(&["serve", "--record", "captured"]);
    assert_eq!(ran.code, Some(2));
    ran.says("--upstream");
    let ran = run(&[
        "serve",
        "--upstream",
        "http://a",
        "--fault",
        "GetMessageV6=500",
    ]);
    assert_eq!(ran.code, Some(2));
    ran.says("--fault");
}
