//! `diadoc serve --store`: nothing that was answered with 200 is lost, however the process ends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::serve::Served;
use crate::{BOX, folder, run};

const OTHER: &str = "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946";

/// Sends a request; none where the connection ends before the whole answer is there.
fn call(url: &str, target: &str, body: Option<&Value>) -> Option<(u16, Value)> {
    let address = url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).ok()?;
    let verb = if body.is_some() { "POST" } else { "GET" };
    let body = body.map(Value::to_string).unwrap_or_default();
    let request = format!(
        "{verb} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Authorization: Bearer any\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    let is_whole = length.1.parse() == Ok(body.len());
    is_whole.then(|| (status, serde_json::from_str(body).unwrap_or_default()))
}

fn message(text: &str) -> Value {
    json!({
        "FromBoxId": BOX,
        "ToBoxId": OTHER,
        "DocumentAttachments": [{
            "TypeNamedId": "Nonformalized",
            "NeedRecipientSignature": true,
            "CustomDocumentId": text,
            "SignedContent": { "Content": "0JDQutGC", "SignWithTestSignature": true },
            "Metadata": [{ "Key": "FileName", "Value": "акт.txt" }],
        }],
    })
}

/// Posts until the server is gone; the ids of the messages that it said it has.
fn post_on(url: &str, from: usize, posted: &Mutex<Vec<String>>) {
    for number in 0.. {
        let body = message(&format!("{from}-{number}"));
        let Some((status, answer)) = call(url, "/V3/PostMessage", Some(&body)) else {
            return;
        };
        assert_eq!(status, 200, "{answer}");
        let id = answer["MessageId"].as_str().expect("an id").to_owned();
        posted.lock().unwrap().push(id);
    }
}

#[test]
fn what_was_answered_with_200_is_there_after_a_kill() {
    let folder = folder(&[]);
    let path = folder.path().join("world.redb");
    let store = ["--store", path.to_str().unwrap()];
    let posted = Mutex::new(Vec::new());
    // Moments that have nothing to do with what the server does.
    for (round, milliseconds) in [73, 211, 38, 467, 129].into_iter().enumerate() {
        let served = Served::start(&store);
        let url = &served.url.clone();
        thread::scope(|scope| {
            for client in 0..3 {
                let posted = &posted;
                scope.spawn(move || post_on(url, round * 10 + client, posted));
            }
            thread::sleep(Duration::from_millis(milliseconds));
            served.kill();
        });
    }
    let posted = posted.into_inner().unwrap();
    assert!(!posted.is_empty());
    let served = Served::start(&store);
    for id in &posted {
        let target = format!("/V6/GetMessage?boxId={BOX}&messageId={id}");
        let (status, answer) = call(&served.url, &target, None).expect("an answer");
        assert_eq!((status, answer["MessageId"].as_str()), (200, Some(&**id)));
    }
    // The feeds of both sides have each message once, delivered as well where the kill came in between.
    for box_id in [BOX, OTHER] {
        let found = feed(&served.url, box_id);
        for id in &posted {
            let times = found.iter().filter(|found| *found == id).count();
            assert_eq!(times, 1, "{id} in {box_id}");
        }
    }
}

/// The ids of the messages in the feed of a box, in its order.
fn feed(url: &str, box_id: &str) -> Vec<String> {
    let (mut found, mut key) = (Vec::new(), String::new());
    loop {
        let target = format!("/V8/GetNewEvents?boxId={box_id}&limit=100{key}");
        let (status, page) = call(url, &target, None).expect("an answer");
        assert_eq!(status, 200, "{page}");
        let events = page["Events"].as_array().expect("a list");
        let Some(last) = events.last() else {
            return found;
        };
        let messages = events
            .iter()
            .filter_map(|event| event["Message"]["MessageId"].as_str());
        found.extend(messages.map(str::to_owned));
        let last = last["IndexKey"].as_str().expect("a key");
        key = format!(
            "&afterIndexKey={}",
            last.replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D")
        );
    }
}

#[test]
fn a_file_that_is_no_world_is_left_as_it_is() {
    let folder = folder(&[("notes.txt", "these are notes")]);
    let path = folder.path().join("notes.txt");
    let path = path.to_str().unwrap();
    run(&["serve", "--port", "0", "--store", path]).failed(2, &["notes.txt"]);
    assert_eq!(std::fs::read_to_string(path).unwrap(), "these are notes");
}

#[test]
fn two_processes_cannot_keep_one_world() {
    let folder = folder(&[]);
    let path = folder.path().join("world.redb");
    let path = path.to_str().unwrap();
    let _served = Served::start(&["--store", path]);
    run(&["serve", "--port", "0", "--store", path]).failed(2, &["another process"]);
}

#[test]
fn a_file_that_is_cut() {
    let folder = folder(&[]);
    let path = folder.path().join("world.redb");
    let name = path.to_str().unwrap();
    Served::start(&["--store", name]).kill();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    let ran = run(&["serve", "--port", "0", "--store", name]);
    assert_eq!(ran.code, Some(2), "{ran}");
    ran.says("world.redb: ");
}
