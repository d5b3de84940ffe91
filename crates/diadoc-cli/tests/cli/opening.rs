//! Bodies as they lie around: what each command makes of them.

use std::fs;

use diadoc_core::base64;
use serde_json::{Value, json};

use crate::{folder, repository, run, run_with_input};

/// A documented body and its message.
fn answer() -> Vec<u8> {
    fs::read(repository().join("fixtures/GetDocuments_V3_response.json")).unwrap()
}

fn post() -> Value {
    json!({"FromBoxId": "1f208d03-2a60-4f64-91b1-b7aad54cfaf3", "ToBoxId": "7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a946"})
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| format!("{byte:02x}").into_bytes())
        .collect()
}

fn utf_16(bytes: &[u8]) -> Vec<u8> {
    let text = format!("\u{feff}{}", String::from_utf8(bytes.to_vec()).unwrap());
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn check_detect_and_convert_open_what_a_body_is_wrapped_in() {
    let body = answer();
    let plain = run_with_input(
        &["convert", "-m", "DocumentList", "--to", "protobuf"],
        &body,
    );
    let protobuf = plain.stdout;
    let string = serde_json::to_vec(str::from_utf8(&body).unwrap()).unwrap();
    let http = [b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", &*body].concat();
    let log = [
        b"12:00 INFO <- ".to_vec(),
        serde_json::to_vec(&serde_json::from_slice::<Value>(&body).unwrap()).unwrap(),
        b" in 5 ms\n".to_vec(),
    ]
    .concat();
    for (wrapped, opened) in [
        (body.clone(), None),
        (protobuf.clone(), None),
        (base64::encode_to_string(&body).into_bytes(), Some("base64")),
        (
            base64::encode_to_string(&protobuf).into_bytes(),
            Some("base64"),
        ),
        (hex(&protobuf), Some("hexadecimal digits")),
        (utf_16(&body), Some("UTF-16, little-endian")),
        (string, Some("JSON string")),
        (http, Some("head of HTTP")),
        (log, Some("JSON in line 1")),
        (
            hex(base64::encode_to_string(&body).as_bytes()),
            Some("hexadecimal digits, base64"),
        ),
    ] {
        let checked = run_with_input(&["check", "-m", "DocumentList", "-"], &wrapped);
        checked.ended(0);
        let detected = run_with_input(&["detect"], &wrapped);
        assert_eq!(detected.code, Some(0), "{detected}");
        let first = detected.stdout().lines().next();
        assert!(
            first.is_some_and(|line| line.ends_with("%  Diadoc.Api.Proto.Documents.DocumentList")),
            "{detected}"
        );
        let converted = run_with_input(
            &["convert", "-m", "DocumentList", "--to", "protobuf"],
            &wrapped,
        );
        assert_eq!(converted.code, Some(0), "{converted}");
        assert_eq!(converted.stdout, protobuf);
        match opened {
            None => {
                assert!(!checked.stdout().contains("opened"), "{checked}");
                assert!(!detected.stderr.contains("opened"), "{detected}");
            }
            Some(steps) => {
                let line = format!("opened: {steps}\n");
                checked.shows(&format!("    {line}"));
                assert!(detected.stderr.contains(&line), "{detected}");
                assert!(converted.stderr.contains(&line), "{converted}");
            }
        }
    }
}

#[test]
fn what_is_taken_as_it_is_is_not_opened() {
    let wrapped = base64::encode_to_string(post().to_string().as_bytes());
    for (form, said) in [("json", "json.syntax"), ("protobuf", "refused")] {
        let ran = run_with_input(
            &[
                "check",
                "-m",
                "MessageToPost",
                "-d",
                "request",
                "--from",
                form,
                "-",
            ],
            wrapped.as_bytes(),
        );
        ran.ended(1);
        ran.shows(said);
        assert!(!ran.stdout().contains("opened"), "{ran}");
    }
}

#[test]
fn places_are_those_of_the_file_where_the_body_stands_in_it() {
    let log = "nothing\n12:00 POST {\"FromBoxId\": 1}\n";
    let ran = run_with_input(
        &["check", "-m", "MessageToPost", "-d", "request", "-"],
        log.as_bytes(),
    );
    ran.shows("standard input, line 2");
    ran.shows("line 2, column 26");
    let ran = run_with_input(
        &[
            "check",
            "-m",
            "MessageToPost",
            "-d",
            "request",
            "--format",
            "json",
            "-",
        ],
        log.as_bytes(),
    );
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let body = &report["bodies"][0];
    assert_eq!(
        (&body["opened"], &body["line"]),
        (&json!(["JSON in line 2"]), &json!(2))
    );
    let finding = &body["report"]["findings"];
    let finding = finding
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["rule"] == "json.string-number")
        .unwrap();
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&json!(2), &json!(26))
    );
    let span = &finding["span"];
    assert_eq!(&log[span["start"].as_u64().unwrap() as usize..][..1], "1");
}

#[test]
fn the_entries_of_a_har_file_are_known_by_their_requests() {
    let answer: Value = serde_json::from_slice(&answer()).unwrap();
    let entry = |verb: &str, url: &str, sent: Option<Value>, status: u16, came: String| {
        let body =
            sent.map(|sent| json!({"mimeType": "application/json", "text": sent.to_string()}));
        json!({"request": {"method": verb, "url": url, "postData": body},
               "response": {"status": status, "content": {"text": came}}})
    };
    let host = "https://diadoc-api.kontur.ru";
    let har = json!({"log": {"entries": [
        entry("GET", &format!("{host}/V3/GetDocuments?boxId=c4n4ry"), None, 200, answer.to_string()),
        entry("POST", &format!("{host}/V3/PostMessage"), Some(post()), 409, "no such box".to_owned()),
        entry("GET", "https://example.com/logo", None, 200, "{\"logo\": 1}".to_owned()),
    ]}});
    let folder = folder(&[("seen.har", &har.to_string())]);
    let path = folder.path().join("seen.har");
    let ran = run(&["check", path.to_str().unwrap()]);
    ran.shows("DocumentList");
    ran.shows("opened: HAR, response 1");
    ran.shows("MessageToPost");
    ran.shows("opened: HAR, request 2");
    ran.shows("2 bodies");
    let said = &ran.stderr;
    assert!(
        said.contains("passed over: behind HAR, response 2: this is neither JSON nor protobuf"),
        "{ran}"
    );
    assert!(
        said.contains("passed over: HAR, response 3: GET https://example.com/logo"),
        "{ran}"
    );

    let ran = run(&["detect", path.to_str().unwrap()]);
    ran.failed(2, &["there are 3 bodies in it", "--at"]);
    let at = ".log.entries[0].response.content.text";
    run(&["detect", path.to_str().unwrap(), "--at", at]).shows("DocumentList");
    run(&["detect", path.to_str().unwrap(), "--at", ".log.entri"])
        .failed(2, &["nothing stands at .log.entri", "Correct the path"]);
    run(&["detect", path.to_str().unwrap(), "--at", "a..b"]).failed(2, &["`.items[0].text`"]);
}

#[test]
fn lines_without_the_name_of_lines() {
    let lines = format!("{}\n{}\n", post(), post());
    let ran = run_with_input(
        &["check", "-m", "MessageToPost", "-d", "request", "-"],
        lines.as_bytes(),
    );
    ran.shows("standard input, line 1");
    ran.shows("standard input, line 2");
    ran.shows("2 bodies");
}

#[test]
fn what_is_no_body_says_what_it_looks_like() {
    for (bytes, looks) in [
        (&b"%PDF-1.7"[..], "PDF"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"login=a&token=c4n4ry", "a form"),
    ] {
        let ran = run_with_input(
            &["check", "-m", "MessageToPost", "-d", "request", "-"],
            bytes,
        );
        ran.ended(1);
        ran.shows(&format!("nothing opens it: it looks like {looks}"));
        ran.shows("refused[json.syntax]");
        let ran = run_with_input(&["detect"], bytes);
        ran.failed(1, &["this is neither JSON nor protobuf", looks]);
    }
}

#[test]
fn the_body_of_a_call_is_opened_too() {
    let wrapped = base64::encode_to_string(post().to_string().as_bytes());
    let folder = folder(&[("body.txt", &wrapped)]);
    let path = folder.path().join("body.txt");
    let path = path.to_str().unwrap();
    let call = ["call", "PostMessageV3", "--unchecked", "--body", path];
    let ran = run(&[&call[..], &["--dry-run"]].concat());
    assert_eq!(ran.code, Some(0), "{ran}");
    ran.shows("\"FromBoxId\"");
    assert!(ran.stderr.contains("opened: base64"), "{ran}");
    let ran = run(&[&call[..], &["--curl"]].concat());
    ran.shows(&format!(
        "diadoc convert -m Diadoc.Api.Proto.Events.MessageToPost --to json {path} |"
    ));
}
