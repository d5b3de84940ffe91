//! The syntax of JSON (RFC 8259), case by case: what the reader takes, and the byte at which it
//! refuses the rest. serde_json must take and refuse the same.
//!
//! Each case stands as a body on its own, as the value of a key that the schema does not know, in a
//! list and in an object there, and where it fits in a field as well.

use std::fmt::Debug;

use diadoc_proto::documents::DocumentList;
use diadoc_proto::json::{self, ErrorKind, JsonMessage};
use diadoc_proto::registry;
use diadoc_proto::{DocumentId, Timestamp};
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::agreement::oracle::disagreement_on_json;
use crate::through_serde;

/// A text, and the byte of it that no value can have there; none where it is a value.
type Case = (&'static str, Option<usize>);

const WORDS: &[Case] = &[
    ("null", None),
    ("true", None),
    ("false", None),
    ("nul", Some(3)),
    ("nulL", Some(3)),
    ("nil", Some(1)),
    ("True", Some(0)),
    ("TRUE", Some(0)),
    ("truth", Some(3)),
    ("falsy", Some(4)),
    ("NaN", Some(0)),
    ("Infinity", Some(0)),
    ("-Infinity", Some(1)),
    ("undefined", Some(0)),
    ("'a'", Some(0)),
    ("a", Some(0)),
    ("@", Some(0)),
    ("é", Some(0)),
];

const NUMBERS: &[Case] = &[
    ("0", None),
    ("-0", None),
    ("7", None),
    ("-7", None),
    ("10", None),
    ("1234567890123456789012345678901234567890", None),
    ("0.5", None),
    ("-0.0", None),
    ("1.25", None),
    ("0e0", None),
    ("0E1", None),
    ("1e5", None),
    ("1E5", None),
    ("1e+5", None),
    ("1e-5", None),
    ("1.5e300", None),
    ("1e400", None),
    ("1e-400", None),
    ("1e00", None),
    ("00", Some(1)),
    ("01", Some(1)),
    ("-01", Some(2)),
    ("012345678", Some(1)),
    ("+1", Some(0)),
    ("-", Some(1)),
    ("--1", Some(1)),
    ("-a", Some(1)),
    (".5", Some(0)),
    ("-.5", Some(1)),
    ("1.", Some(2)),
    ("1.e5", Some(2)),
    ("1.a", Some(2)),
    ("1e", Some(2)),
    ("1e+", Some(3)),
    ("1e-", Some(3)),
    ("1e5.5", Some(3)),
    ("1.5.5", Some(3)),
    ("0x10", Some(1)),
    ("1_000", Some(1)),
    ("１", Some(0)),
];

const STRINGS: &[Case] = &[
    (r#""""#, None),
    (r#""a""#, None),
    (r#""identifiers of 36 bytes, and one more""#, None),
    (r#""Акт № 5""#, None),
    (r#""💼""#, None),
    ("\"\u{7f}\u{80}\u{2028}\u{feff}\u{ffff}\u{10ffff}\"", None),
    (r#""\"\\\/\b\f\n\r\t""#, None),
    (r#""\u0000\u001f\u0022""#, None),
    (r#""\u0410\u043a\u0442""#, None),
    (r#""\u00e9\u00E9""#, None),
    (r#""\ud83d\udcbc""#, None),
    (r#""\uD83D\uDCBC""#, None),
    (r#""\ud800\udc00\udbff\udfff""#, None),
    (r#""\ufffe\uffff""#, None),
    (r#""a"#, Some(2)),
    (r#"""#, Some(1)),
    (r#""\"#, Some(2)),
    (r#""\""#, Some(3)),
    (r#""\a""#, Some(2)),
    (r#""\'""#, Some(2)),
    (r#""\x41""#, Some(2)),
    (r#""\U0041""#, Some(2)),
    (r#""\é""#, Some(2)),
    (r#""\u""#, Some(3)),
    (r#""\u004""#, Some(6)),
    (r#""\u004"#, Some(6)),
    (r#""\u004g""#, Some(6)),
    (r#""\u+041""#, Some(3)),
    (r#""\u{41}""#, Some(3)),
    ("\"\t\"", Some(1)),
    ("\"\n\"", Some(1)),
    ("\"a\0\"", Some(2)),
    ("\"seven b\u{1f}\"", Some(8)),
    ("\"eight by\u{1}\"", Some(9)),
    ("\"line\r\n\"", Some(5)),
];

/// Where the strings are read, and not only skipped, surrogates must stand in pairs.
const SURROGATES: &[Case] = &[
    (r#""\ud83d""#, Some(7)),
    (r#""\ud83d"#, Some(7)),
    (r#""\ud83d ""#, Some(7)),
    (r#""\ud83da""#, Some(7)),
    (r#""\ud83d\n""#, Some(8)),
    (r#""\ud83d\u0041""#, Some(7)),
    (r#""\ud83d\ud83d""#, Some(7)),
    (r#""\udcbc""#, Some(1)),
    (r#""\udcbc\ud83d""#, Some(1)),
];

const STRUCTURES: &[Case] = &[
    ("[]", None),
    ("{}", None),
    ("[ ]", None),
    ("{ }", None),
    ("[1]", None),
    ("[1,2]", None),
    (" [ 1 , 2 ] ", None),
    ("[[],[[]]]", None),
    (r#"{"a":1}"#, None),
    (r#"{ "a" : 1 , "b" : [ { } ] }"#, None),
    (r#"{"":1}"#, None),
    (r#"{"a":1,"a":2}"#, None),
    (r#"{"\u0061":1}"#, None),
    ("\r\n\t [\r\n\t ]", None),
    ("[", Some(1)),
    ("[1", Some(2)),
    ("[1,", Some(3)),
    ("[1 2]", Some(3)),
    ("[1,]", Some(3)),
    ("[,1]", Some(1)),
    ("[1,,2]", Some(3)),
    ("[1;2]", Some(2)),
    ("[1}", Some(2)),
    ("{", Some(1)),
    ("{1:2}", Some(1)),
    ("{a:1}", Some(1)),
    ("{'a':1}", Some(1)),
    ("{null:1}", Some(1)),
    (r#"{"a"}"#, Some(4)),
    (r#"{"a""#, Some(4)),
    (r#"{"a" 1}"#, Some(5)),
    (r#"{"a":}"#, Some(5)),
    (r#"{"a":"#, Some(5)),
    (r#"{"a"::1}"#, Some(5)),
    (r#"{"a":1"#, Some(6)),
    (r#"{"a":1,"#, Some(7)),
    (r#"{"a":1,}"#, Some(7)),
    (r#"{"a":1,,"b":2}"#, Some(7)),
    (r#"{,"a":1}"#, Some(1)),
    (r#"{"a":1 "b":2}"#, Some(7)),
    (r#"{"a":1]"#, Some(6)),
    (r#"{"a":1,2}"#, Some(7)),
    ("}", Some(0)),
    (",", Some(0)),
    (":", Some(0)),
];

/// What is no space, and what is no comment.
const BETWEEN: &[Case] = &[
    ("", Some(0)),
    (" ", Some(1)),
    ("\u{feff}1", Some(0)),
    ("\u{a0}1", Some(0)),
    ("\u{b}1", Some(0)),
    ("\u{c}1", Some(0)),
    ("\u{0}1", Some(0)),
    ("\u{2028}1", Some(0)),
    ("// 1\n1", Some(0)),
    ("/* 1 */1", Some(0)),
    ("# 1\n1", Some(0)),
    ("[1/**/]", Some(2)),
    ("[1\u{a0}]", Some(2)),
];

/// Behind a whole body.
const TRAILING: &[Case] = &[
    ("{}", None),
    ("{} \r\n\t", None),
    ("{}{}", Some(2)),
    ("{} {}", Some(3)),
    ("{}]", Some(2)),
    ("{}}", Some(2)),
    ("{},", Some(2)),
    ("{}a", Some(2)),
    ("{}\0", Some(2)),
    ("{}\u{feff}", Some(2)),
    ("{}// the end", Some(2)),
];

/// Holds a body against the table, against serde_json and against the serde impls.
fn check(body: &str, refused_at: Option<usize>) {
    let read = json::from_str::<DocumentId>(body);
    let syntax = serde_json::from_str::<IgnoredAny>(body).is_ok();
    match (&read, refused_at) {
        (Ok(_), None) => assert!(syntax, "serde_json refuses {body}"),
        (Err(error), Some(at)) => {
            assert_eq!(error.kind(), ErrorKind::Syntax, "{body}: {error}");
            assert_eq!(error.offset(), at, "{body}: {error}");
        }
        (read, refused_at) => panic!("{body}: {read:?}, expected {refused_at:?}"),
    }
    assert!(through_serde::agree_on(body, &read), "{body}: {read:?}");
}

/// Puts each text behind `before` and in front of `after`. A text that is cut must end the body.
fn check_in(cases: &[Case], before: &str, after: &str) {
    for (text, refused_at) in cases {
        let is_cut = *refused_at == Some(text.len());
        let after = if is_cut { "" } else { after };
        let at = refused_at.map(|at| before.len() + at);
        check(&format!("{before}{text}{after}"), at);
    }
}

#[test]
fn of_values_that_are_skipped() {
    for cases in [WORDS, NUMBERS, STRINGS, STRUCTURES, BETWEEN] {
        for (before, after) in [
            (r#"{"Unknown":"#, "}"),
            (r#"{"Unknown":["#, "]}"),
            (r#"{"Unknown":[null, "#, " , 1]}"),
            (r#"{"Unknown":{"a":{"b": "#, "}}, \"EntityId\": \"e\"}"),
        ] {
            check_in(cases, before, after);
        }
    }
}

#[test]
fn of_strings_that_are_read() {
    for cases in [STRINGS, SURROGATES] {
        check_in(cases, r#"{"MessageId":"#, "}");
        check_in(cases, r#"{"EntityId" : "e", "MessageId" : "#, " }");
    }
}

/// Where an integer is read, what is none is another value, and what is no number is no JSON.
#[test]
fn of_numbers_that_are_read() {
    let before = r#"{"Ticks":"#;
    for (text, refused_at) in NUMBERS {
        let is_cut = *refused_at == Some(text.len());
        let body = format!("{before}{text}{}", if is_cut { "" } else { "}" });
        let read = json::from_str::<Timestamp>(&body);
        assert!(through_serde::agree_on(&body, &read), "{body}: {read:?}");
        match (&read, refused_at, text.parse::<i64>()) {
            (Ok(read), None, Ok(number)) => assert_eq!(read.ticks, number, "{body}"),
            (Err(error), None, Err(_)) => {
                assert_eq!(error.kind(), ErrorKind::Value, "{body}: {error}");
                assert_eq!(error.offset(), before.len(), "{body}: {error}");
            }
            (Err(error), Some(at), _) => {
                // A whole number that is no integer is refused for that before what stands behind it.
                let read = &text[..*at];
                let is_other =
                    serde_json::from_str::<f64>(read).is_ok() && read.parse::<i64>().is_err();
                let at = if is_other { 0 } else { *at };
                assert_eq!(error.offset(), before.len() + at, "{body}: {error}");
            }
            (read, ..) => panic!("{body}: {read:?}"),
        }
    }
}

/// Each code of 16 bits at the edges of the surrogates, alone and in front of each other: what the standard
/// library makes of them, or the place where a half stands alone; and a body that ends at any place there.
#[test]
fn of_halves_of_pairs() {
    const EDGES: [u16; 12] = [
        0x0000, 0x0041, 0xd7ff, 0xd800, 0xd801, 0xdbff, 0xdc00, 0xdc01, 0xdfff, 0xe000, 0xe001,
        0xffff,
    ];
    let singles = EDGES.map(|code| vec![code]);
    let pairs = EDGES
        .iter()
        .flat_map(|&first| EDGES.map(|second| vec![first, second]));
    for codes in singles.into_iter().chain(pairs) {
        let escapes: String = codes.iter().map(|code| format!("\\u{code:04x}")).collect();
        let before = r#"{"MessageId":""#;
        let mut whole = Ok(String::new());
        let mut read = 0;
        for decoded in char::decode_utf16(codes.iter().copied()) {
            match (&mut whole, decoded) {
                (Ok(text), Ok(char)) => {
                    text.push(char);
                    read += char.len_utf16();
                }
                (Ok(_), Err(half)) => {
                    // After a first half the reader is where the second should begin.
                    let is_first = half.unpaired_surrogate() < 0xdc00;
                    whole = Err(before.len() + 6 * (read + usize::from(is_first)));
                }
                (Err(_), _) => {}
            }
        }
        let body = format!(r#"{before}{escapes}"}}"#);
        check(&body, whole.as_ref().err().copied());
        if let Ok(text) = &whole {
            let id: DocumentId = json::from_str(&body).expect("a string");
            assert_eq!(id.message_id, *text, "{body}");
        }
        for end in before.len()..=before.len() + escapes.len() + 1 {
            let cut = &body[..end];
            assert!(json::from_str::<DocumentId>(cut).is_err(), "{cut}");
            let document_id = registry::find("Diadoc.Api.Proto.DocumentId").expect("the message");
            assert_eq!(disagreement_on_json(document_id, cut.as_bytes()), None);
            let skipped = cut.replacen("MessageId", "Unknown", 1);
            assert_eq!(disagreement_on_json(document_id, skipped.as_bytes()), None);
        }
    }
}

#[test]
fn of_strings_that_are_read_as_serde_json_does() {
    for (text, refused_at) in STRINGS {
        let body = format!(r#"{{"MessageId":{text}}}"#);
        if refused_at.is_none() {
            let id: DocumentId = json::from_str(&body).expect("a string");
            let expected: String = serde_json::from_str(text).expect("a string");
            assert_eq!(id.message_id, expected);
        }
    }
}

#[test]
fn of_keys() {
    for (text, refused_at) in STRINGS.iter().chain(SURROGATES) {
        let is_cut = *refused_at == Some(text.len());
        let after = if is_cut { "" } else { ":1}" };
        check(&format!("{{{text}{after}"), refused_at.map(|at| 1 + at));
    }
    // An escaped key is the key that it stands for.
    let body = r#"{"\u004dessage\u0049d": "m"}"#;
    let id: DocumentId = json::from_str(body).expect("a body");
    assert_eq!(id.message_id, "m");
    check(r#"{"Message\u0049d": "m", "Message\u0049de": 1}"#, None);
}

#[test]
fn of_bodies() {
    check_in(TRAILING, "", "");
    check_in(TRAILING, " \n", "");
    for (text, at) in [("", 0), (" \n", 2), ("{", 1), ("{\"", 2)] {
        check(text, Some(at));
    }
}

/// Strings where none is due: each is refused where it begins, or where it is no JSON.
fn are_refused_or_broken<M: JsonMessage + DeserializeOwned + PartialEq + Debug>(before: &str) {
    for (text, refused_at) in STRINGS.iter().chain(SURROGATES) {
        let is_cut = *refused_at == Some(text.len());
        let body = format!("{before}{text}{}", if is_cut { "" } else { "}" });
        let read = json::from_str::<M>(&body);
        assert!(through_serde::agree_on(&body, &read), "{body}: {read:?}");
        let error = read.expect_err(&body);
        let expected = match refused_at {
            Some(at) => (ErrorKind::Syntax, before.len() + at),
            None => (ErrorKind::Value, before.len()),
        };
        assert_eq!((error.kind(), error.offset()), expected, "{body}");
    }
}

#[test]
fn of_values_of_another_type() {
    // What is in brackets is not looked at.
    for text in ["[}", "{]", "[1 2]", "{}", "[]"] {
        let body = format!(r#"{{"Ticks":{text}}}"#);
        let read = json::from_str::<Timestamp>(&body);
        assert!(through_serde::agree_on(&body, &read), "{body}: {read:?}");
        let error = read.expect_err(&body);
        let said = (error.kind(), error.offset());
        assert_eq!(said, (ErrorKind::Value, r#"{"Ticks":"#.len()), "{body}");
    }
    // Any other value that is broken is refused for that, before it is of the wrong type.
    are_refused_or_broken::<Timestamp>(r#"{"Ticks":"#);
    are_refused_or_broken::<DocumentList>(r#"{"Documents":"#);
    for (text, refused_at) in WORDS.iter().chain(NUMBERS) {
        if let Some(at) = refused_at {
            let before = r#"{"MessageId":"#;
            let at = before.len() + at;
            let after = if at == before.len() + text.len() {
                ""
            } else {
                "}"
            };
            let body = format!("{before}{text}{after}");
            let read = json::from_str::<DocumentId>(&body);
            assert!(through_serde::agree_on(&body, &read), "{body}: {read:?}");
            assert!(read.is_err(), "{body}");
        }
    }
}
