//! Bodies wrapped in every way, and in several at once, come out as they were.

use std::io::Write as _;

use diadoc_core::{Direction, Form, Limits, base64};
use diadoc_open::{OpenError, OpenedBody, Opener, Step, Trouble};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

const JSON: &str = r#"{"BoxId": "a@diadoc.ru", "Title": "Коробка"}"#;
/// A Box in protobuf: its id and its title.
const PROTOBUF: &[u8] = b"\x0a\x0ba@diadoc.ru\x12\x04Name";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| format!("{byte:02x} ").into_bytes())
        .collect()
}

fn utf_16(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = str::from_utf8(bytes).ok()?;
    Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

fn json_string(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(serde_json::to_vec(str::from_utf8(bytes).ok()?).unwrap())
}

fn http(bytes: &[u8]) -> Vec<u8> {
    let head = b"POST /V3/GetBox HTTP/1.1\r\nContent-Type: application/octet-stream\r\n\r\n";
    [&head[..], bytes].concat()
}

fn har(bytes: &[u8]) -> Vec<u8> {
    let content =
        serde_json::json!({"text": base64::encode_to_string(bytes), "encoding": "base64"});
    let request =
        serde_json::json!({"method": "GET", "url": "https://diadoc-api.kontur.ru/GetBox"});
    let entry = serde_json::json!({
        "request": request, "response": {"status": 200, "content": content}
    });
    serde_json::json!({"log": {"entries": [entry]}})
        .to_string()
        .into_bytes()
}

/// A wrapping and how it is named; none where it does not take such bytes.
type Wrap = (fn(&[u8]) -> Option<Vec<u8>>, &'static str);

const WRAPPINGS: [Wrap; 9] = [
    (|bytes| Some(gzip(bytes)), "gzip"),
    (|bytes| Some(zlib(bytes)), "zlib"),
    (|bytes| Some(zstd(bytes)), "zstd"),
    (
        |bytes| Some(base64::encode_to_string(bytes).into_bytes()),
        "base64",
    ),
    (|bytes| Some(hex(bytes)), "hexadecimal digits"),
    (utf_16, "UTF-16, little-endian"),
    (json_string, "JSON string"),
    (|bytes| Some(http(bytes)), "head of HTTP"),
    (|bytes| Some(har(bytes)), "HAR, response 1"),
];

fn only<'b>(bytes: &'b [u8], opener: &Opener) -> OpenedBody<'b> {
    let mut opened = opener.open(bytes).unwrap();
    assert_eq!(opened.bodies.len(), 1);
    assert!(opened.passed_over.is_empty());
    opened.bodies.remove(0)
}

fn names(body: &OpenedBody<'_>) -> Vec<String> {
    body.steps.iter().map(Step::to_string).collect()
}

#[test]
fn one_wrapping_two_and_three() {
    let mut count = 0;
    for (plain, form) in [(JSON.as_bytes(), Form::Json), (PROTOBUF, Form::Protobuf)] {
        let body = only(plain, &Opener::new());
        assert_eq!(
            (&*body.bytes, body.form, body.steps.len()),
            (plain, form, 0)
        );
        assert_eq!(body.offset, Some(0));
        let mut wrapped = vec![(plain.to_vec(), Vec::new())];
        for _ in 0..3 {
            let mut more = Vec::new();
            for (bytes, steps) in &wrapped {
                for (wrap, name) in WRAPPINGS {
                    // Nobody writes UTF-16 in UTF-16, and one head behind another is one dump.
                    let is_once = name.starts_with("UTF-16") || name == "head of HTTP";
                    if is_once && steps.first() == Some(&name) {
                        continue;
                    }
                    let Some(outer) = wrap(bytes) else { continue };
                    more.push((outer, [&[name][..], steps].concat()));
                }
            }
            for (bytes, steps) in &more {
                let body = only(bytes, &Opener::new());
                assert_eq!(names(&body), *steps);
                assert_eq!((&*body.bytes, body.form), (plain, form), "{steps:?}");
                count += 1;
            }
            wrapped = more;
        }
    }
    assert!(count > 900, "{count}");
}

#[test]
fn where_a_body_stands_in_its_file() {
    let log = format!("12:00 INFO {JSON} in 5 ms\nnothing\n  at {JSON}\n");
    let opened = Opener::new().open(log.as_bytes()).unwrap();
    let found: Vec<_> = opened
        .bodies
        .iter()
        .map(|body| {
            (
                names(body).join(""),
                &log[body.offset.unwrap()..][..body.bytes.len()],
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("JSON in line 1".to_owned(), JSON),
            ("JSON in line 3".to_owned(), JSON)
        ]
    );

    let dump = http(JSON.as_bytes());
    let body = only(&dump, &Opener::new());
    assert_eq!(body.offset, Some(dump.len() - JSON.len()));
    let exchange = body.exchange.unwrap();
    assert_eq!(exchange.verb.as_deref(), Some("POST"));
    assert_eq!(exchange.target.as_deref(), Some("/V3/GetBox"));
    assert_eq!(exchange.direction, Direction::Request);
}

#[test]
fn a_part_that_a_path_names() {
    let inner = serde_json::to_string(JSON).unwrap();
    let envelope = format!(r#"{{"Id": 1, "items": [null, {{"body": {JSON}, "text": {inner}}}]}}"#);
    let at = |path: &str| Opener::new().at(Some(path.parse().unwrap()));
    let opener = at(".items[1].body");
    let body = only(envelope.as_bytes(), &opener);
    assert_eq!(&*body.bytes, JSON.as_bytes());
    assert_eq!(body.offset, envelope.find(JSON));
    let opener = at("/items/1/text");
    let body = only(envelope.as_bytes(), &opener);
    assert_eq!((&*body.bytes, body.offset), (JSON.as_bytes(), None));
    assert_eq!(names(&body), [".items[1].text"]);

    let trouble = |path: &str, bytes: &[u8]| at(path).open(bytes).unwrap_err().to_string();
    assert_eq!(
        trouble(".items[1].Body", envelope.as_bytes()),
        "nothing stands at .items[1].Body: the keys there are `body`, `text`"
    );
    assert_eq!(
        trouble(".items[9]", envelope.as_bytes()),
        "nothing stands at .items[9]"
    );
    assert!(trouble(".a", b"no JSON").starts_with(".a names a part of JSON, and this is none: "));

    // Of each line of a log.
    let log = format!("x {{\"body\": {JSON}}}\ny {{\"body\": {JSON}}}\n");
    let opener = at(".body");
    let opened = opener.open(log.as_bytes()).unwrap();
    let found: Vec<_> = opened
        .bodies
        .iter()
        .map(|body| (names(body).join(", "), &*body.bytes))
        .collect();
    assert_eq!(
        found,
        [
            ("JSON in line 1, .body".to_owned(), JSON.as_bytes()),
            ("JSON in line 2, .body".to_owned(), JSON.as_bytes())
        ]
    );
}

#[test]
fn what_is_no_body_is_passed_over_beside_others() {
    let har = serde_json::json!({"log": {"entries": [
        {"request": {"method": "GET", "url": "/a"},
         "response": {"status": 200, "content": {"text": "<!DOCTYPE html>"}}},
        {"request": {"method": "POST", "url": "/V3/PostMessage", "postData": {"text": JSON}},
         "response": {"status": 200, "content": {"text": JSON}}},
    ]}});
    let har = har.to_string();
    let opened = Opener::new().open(har.as_bytes()).unwrap();
    let found: Vec<_> = opened
        .bodies
        .iter()
        .map(|body| {
            (
                names(body).join(""),
                body.exchange.clone().unwrap().target.unwrap(),
            )
        })
        .collect();
    let target = "/V3/PostMessage".to_owned();
    assert_eq!(
        found,
        [
            ("HAR, request 2".to_owned(), target.clone()),
            ("HAR, response 2".to_owned(), target)
        ]
    );
    let passed: Vec<_> = opened
        .passed_over
        .iter()
        .map(OpenError::to_string)
        .collect();
    assert_eq!(
        passed,
        ["behind HAR, response 1: this is neither JSON nor protobuf: it looks like HTML, a page"]
    );
}

#[test]
fn broken_json_is_json() {
    for text in [
        "{\"BoxId\": ",
        "[{\"BoxId\": 1,]",
        "\"a",
        "{'BoxId': 1}",
        "{BoxId: 1}",
        "{\"a\": {\"b\": 1}, \"c\": }",
        "[{\"a\": 1}, {\"b\": 2},]",
        "{\"a\": 1} {\"b\": 2}",
        "{\"a\": 1}\n{\"b\": }",
        "\u{feff}{\"a\" 1}",
    ] {
        let body = only(text.as_bytes(), &Opener::new());
        assert_eq!(
            (&*body.bytes, body.form, body.steps.len()),
            (text.as_bytes(), Form::Json, 0)
        );
    }
}

/// Of what lines stand in, nothing is copied for each: this would take a hundred gigabytes.
#[test]
fn many_lines_of_what_is_packed() {
    let lines = format!("x {JSON}\n").repeat(50_000);
    let packed = gzip(lines.as_bytes());
    let opener = Opener::new();
    let opened = opener.open(&packed).unwrap();
    assert_eq!(opened.bodies.len(), 50_000);
    assert_eq!(&*opened.bodies[49_999].bytes, JSON.as_bytes());
}

/// Bytes of a certificate are no letters of windows-1251.
#[test]
fn protobuf_with_other_bytes_than_text() {
    let bytes = [&b"\x0a\x0ba@diadoc.ru\x12\x20"[..], &[0xC0; 32]].concat();
    let body = only(&bytes, &Opener::new());
    assert_eq!((&*body.bytes, body.form), (&*bytes, Form::Protobuf));
}

#[test]
fn what_opens_to_nothing_says_what_it_looks_like() {
    let trouble = |bytes: &[u8]| Opener::new().open(bytes).unwrap_err().to_string();
    let neither = "this is neither JSON nor protobuf";
    for (bytes, expected) in [
        (&b""[..], "there is no body in it".to_owned()),
        (b" \r\n", "there is no body in it".to_owned()),
        (
            b"HTTP/1.1 204 No Content\r\n\r\n",
            "behind head of HTTP: there is no body in it".to_owned(),
        ),
        (b"hello", neither.to_owned()),
        (
            b"<html><body>",
            format!("{neither}: it looks like HTML, a page"),
        ),
        (
            b"%PDF-1.7\n%\xff",
            format!("{neither}: it looks like PDF: it goes in the content of a body, in base64"),
        ),
        (
            b"-----BEGIN CERTIFICATE-----",
            format!("{neither}: it looks like PEM, a certificate, signature or key"),
        ),
        (
            b"login=a&password=b",
            format!("{neither}: it looks like a form (application/x-www-form-urlencoded)"),
        ),
        (b"\xff\x00\x01", neither.to_owned()),
    ] {
        assert_eq!(trouble(bytes), expected);
    }
    let cut = gzip(JSON.as_bytes());
    let error = trouble(&cut[..cut.len() - 9]);
    assert!(
        error.starts_with("the gzip cannot be unpacked: "),
        "{error}"
    );
}

#[test]
fn what_is_unpacked_is_bounded() {
    let zeros = vec![b' '; 1 << 20];
    let opener = Opener::new().limits(Limits::new().bytes(1 << 16));
    for bomb in [
        gzip(&zeros),
        zlib(&zeros),
        zstd(&zeros),
        gzip(&gzip(&zeros)),
    ] {
        let error = opener.open(&bomb).unwrap_err();
        assert!(matches!(error.trouble, Trouble::Limit(_)), "{error}");
        assert!(error.to_string().contains("65536 bytes"), "{error}");
    }
    // A letter of windows-1251 is two bytes of UTF-8.
    let cyrillic = [&b"{\"a\": \""[..], &[0xC0; 40_000], b"\"}"].concat();
    assert!(Opener::new().open(&cyrillic).is_ok());
    let error = opener.open(&cyrillic).unwrap_err();
    assert!(matches!(error.trouble, Trouble::Limit(_)), "{error}");
    let mut deep = JSON.as_bytes().to_vec();
    for _ in 0..9 {
        deep = gzip(&deep);
    }
    let error = Opener::new().open(&deep).unwrap_err();
    assert_eq!(error.trouble, Trouble::Nested(8));
}

#[test]
fn a_plain_body_is_known_by_its_ends() {
    let opener = Opener::new();
    for plain in ["{}", " {\"a\": 1}\r\n", "{broken}"] {
        assert!(opener.is_plain(plain.as_bytes()));
    }
    for other in ["", "[]", "\"{}\"", "{\"log\": {}}", "a {}", "{} a"] {
        assert!(!opener.is_plain(other.as_bytes()), "{other}");
    }
    assert!(!opener.at(Some(".a".parse().unwrap())).is_plain(b"{}"));
}
