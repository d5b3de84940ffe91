//! What the schema does not know is kept, where asked for.

use diadoc_proto::certificates::CertificateInfoV2;
use diadoc_proto::preserve::{Error, Preserved};
use diadoc_proto::registry::{self, DynPreserved, MessageType};
use diadoc_proto::{ContentV3, DocumentId, Limits, json};
use prost::Message as _;

use crate::hostile::nested;

mod changing;
pub(crate) mod properties;
mod whole;

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn message_type(name: &str) -> &'static MessageType {
    registry::find(&format!("Diadoc.Api.Proto.{name}")).expect(name)
}

fn from_json(message: &str, body: &str) -> Box<dyn DynPreserved> {
    match message_type(message).from_json_preserved(body.as_bytes()) {
        Ok(preserved) => preserved,
        Err(error) => panic!("{body}: {error}"),
    }
}

#[test]
fn json_keeps_keys_and_names() {
    for (message, body, expected, unknown) in [
        (
            "DocumentId",
            r#"{"EntityId":"e","MessageId":"m"}"#,
            r#"{"MessageId":"m","EntityId":"e"}"#,
            &[][..],
        ),
        // Values as they stood, but for the space around them; a key may stand twice.
        (
            "DocumentId",
            "\u{feff} {\"A\" : [1.50, -0.0,1e400,12345678901234567890123,\t\"\\u0416 \\ud800\"],\n\
             \"MessageId\": \"m\", \"\\u0041\": {\"B\": [], \"C\" :{ } }, \"EntityId\": null, \"Ж\": null}",
            "{\"MessageId\":\"m\",\"EntityId\":\"\",\"A\":[1.50,-0.0,1e400,12345678901234567890123,\
             \"\\u0416 \\ud800\"],\"\\u0041\":{\"B\":[],\"C\":{}},\"Ж\":null}",
            &["A: unknown key", "A: unknown key", "Ж: unknown key"],
        ),
        // In messages and lists, and in objects that hold nothing else.
        (
            "Content_v3",
            r#"{"X":1,"EntityId":{"Y":2}}"#,
            r#"{"EntityId":{"MessageId":"","EntityId":"","Y":2},"X":1}"#,
            &["X: unknown key", "EntityId.Y: unknown key"],
        ),
        (
            "Content_v3",
            r#"{"EntityId":null,"X":1}"#,
            r#"{"X":1}"#,
            &["X: unknown key"],
        ),
        (
            "Content_v3",
            r#"{"X":{}}"#,
            r#"{"X":{}}"#,
            &["X: unknown key"],
        ),
        (
            "Events.BoxCounteragentEventList",
            r#"{"Events":[{"EventId":"a"},{"X":1},{"Counteragent":{"Status":"Late","Z":[]}}],"TotalCountType":"Soon"}"#,
            "{\"Events\":[{\"EventId\":\"a\"},{\"EventId\":\"\",\"X\":1},{\"EventId\":\"\",\
             \"Counteragent\":{\"CounteragentBoxId\":\"\",\"Status\":\"Late\",\"EventTimestampTicks\":0,\
             \"Z\":[]}}],\"TotalCountType\":\"Soon\"}",
            &[
                "TotalCountType: unknown enum name, read as the member for unknown names",
                "Events[1].X: unknown key",
                "Events[2].Counteragent.Z: unknown key",
                "Events[2].Counteragent.Status: unknown enum name, read as the member for unknown names",
            ],
        ),
        // A list of names is kept as a whole; those that are known are written as ever.
        (
            "Events.BoxCounteragentEvent",
            r#"{"EventTypes":["1",1,"CounteragentInvitedMe", "\u0053oon",77]}"#,
            r#"{"EventId":"","EventTypes":["1","IInvitedCounteragent","CounteragentInvitedMe","\u0053oon",77]}"#,
            &[
                "EventTypes[0]: unknown enum name, read as the member for unknown names",
                "EventTypes[3]: unknown enum name, read as the member for unknown names",
            ],
        ),
        // An enum without a member that means unknown.
        (
            "Docflow.SearchDocflowsRequest",
            r#"{"Scope":"SearchScopeLater","Count":5}"#,
            r#"{"QueryString":"","Count":5,"Scope":"SearchScopeLater"}"#,
            &["Scope: unknown enum name, left unset"],
        ),
        // Below a key that is another name of its field.
        (
            "Docflow.TemplateTransformationInfo",
            r#"{"TransformedToDocumentId":{"X":1}}"#,
            r#"{"TransformationId":"","TransformedToLetterId":{"MessageId":"","EntityId":"","X":1}}"#,
            &["TransformedToLetterId.X: unknown key"],
        ),
    ] {
        let preserved = from_json(message, body);
        assert_eq!(texts(&preserved.unknown()), unknown, "{body}");
        let written = preserved.to_json().unwrap();
        assert_eq!((written.body.as_str(), written.lost), (expected, vec![]));
        // To whoever reads it next it is the same.
        let again = from_json(message, &written.body);
        assert_eq!(again.to_json().unwrap().body, written.body);
        assert!(again.message() == preserved.message(), "{body}");
    }
}

#[test]
fn json_over_lines_is_the_same() {
    let preserved = from_json("DocumentId", r#"{"A":[1, {"B": "x y"}]}"#);
    let pretty = preserved.to_json_pretty().unwrap().body;
    assert_eq!(
        pretty,
        "{\n  \"MessageId\": \"\",\n  \"EntityId\": \"\",\n  \"A\": [\n    1,\n    {\n      \"B\": \"x y\"\n    }\n  ]\n}"
    );
}

#[test]
fn what_cannot_be_read_stays_an_error() {
    for (message, body) in [
        ("DocumentId", r#"{"A": 01}"#),
        ("DocumentId", r#"{"MessageId": []}"#),
        ("DocumentId", r#"{"A": 1} 2"#),
        ("DocumentId", ""),
        // A required enum without a member that means unknown.
        ("Events.CustomDataPatch", r#"{"Operation": "Later"}"#),
    ] {
        let message_type = message_type(message);
        let preserved = message_type.from_json_preserved(body.as_bytes());
        let ordinary = message_type.from_json(body.as_bytes());
        assert_eq!(
            preserved.expect_err(body).to_string(),
            ordinary.expect_err(body).to_string()
        );
    }
    let error = Preserved::<DocumentId>::from_json(b"{\"\xff\": 1}").unwrap_err();
    assert_eq!(error.kind(), json::ErrorKind::Utf8);
    let cut = message_type("DocumentId").decode_preserved(b"\x0a\x05a");
    let ordinary = DocumentId::decode(&b"\x0a\x05a"[..]);
    assert_eq!(cut.unwrap_err(), ordinary.unwrap_err());
}

#[test]
fn what_is_kept_is_no_deeper_than_what_is_read() {
    // A message and brackets in it.
    let body = |brackets: usize| {
        let (open, close) = ("[".repeat(brackets), "]".repeat(brackets));
        format!("{{\"EntityId\":{{\"MessageId\":\"\",\"EntityId\":\"\",\"A\":{open}{close}}}}}")
    };
    let most = body(99);
    let preserved = Preserved::<ContentV3>::from_json(most.as_bytes()).unwrap();
    assert_eq!(preserved.to_json().unwrap().body, most);
    for brackets in [100, 100_000] {
        let error = Preserved::<ContentV3>::from_json(body(brackets).as_bytes()).unwrap_err();
        assert_eq!(error.path(), "EntityId.A");
        assert_eq!(error.expected(), "at most 100 levels of nesting");
        // The first of the brackets stands in column 47.
        assert_eq!(error.column(), 47 + 99);
    }
}

/// The fields 99 and 98, as a varint and as a group with a text in it.
const UNKNOWN: [&[u8]; 2] = [b"\x98\x06\x01", b"\x93\x06\x0a\x01x\x94\x06"];

#[test]
fn protobuf_keeps_fields() {
    let [number, group] = UNKNOWN;
    let id = |more: &[u8]| [b"\x0a\x01m\x12\x01e", more].concat();
    let content = |id: &[u8], more: &[u8]| [&nested(3, id), more].concat();
    for (message, bytes, expected, unknown) in [
        ("DocumentId", id(b""), id(b""), &[][..]),
        // After the fields that are known, in their own order.
        (
            "DocumentId",
            [group, b"\x12\x01e", number, b"\x0a\x01m", number].concat(),
            id(&[group, number, number].concat()),
            &[
                "98: unknown field",
                "99: unknown field",
                "99: unknown field",
            ],
        ),
        // In a message, whose length is then another one.
        (
            "Content_v3",
            content(&id(&number.repeat(50)), number),
            content(&id(&number.repeat(50)), number),
            &[
                &["99: unknown field"][..],
                &["EntityId.99: unknown field"; 50],
            ]
            .concat(),
        ),
        // Two messages in a field that is no list are merged.
        (
            "Content_v3",
            content(
                &[number, b"\x0a\x01m"].concat(),
                &content(&[group, b"\x12\x01e"].concat(), b""),
            ),
            content(&id(&[number, group].concat()), b""),
            &["EntityId.99: unknown field", "EntityId.98: unknown field"],
        ),
        // Elements of a list.
        (
            "Events.BoxCounteragentEventList",
            [
                nested(1, b"\x0a\x01a"),
                nested(1, &[number, b"\x0a\x01b"].concat()),
                b"\x18\x01".to_vec(),
            ]
            .concat(),
            [
                nested(1, b"\x0a\x01a"),
                nested(1, &[b"\x0a\x01b", number].concat()),
                b"\x18\x01".to_vec(),
            ]
            .concat(),
            &["Events[1].99: unknown field"],
        ),
        // A number that an enum does not know is no unknown field.
        (
            "Events.BoxCounteragentEventList",
            b"\x18\x4d".to_vec(),
            b"\x18\x4d".to_vec(),
            &[],
        ),
    ] {
        let preserved = message_type(message).decode_preserved(&bytes).unwrap();
        assert_eq!(texts(&preserved.unknown()), unknown);
        let written = preserved.to_protobuf().unwrap();
        assert_eq!(
            (written.body, written.lost),
            (expected, vec![]),
            "{unknown:?}"
        );
    }
}

#[test]
fn the_other_form_is_without_it_and_says_so() {
    let [number, _] = UNKNOWN;
    let preserved = from_json("Content_v3", r#"{"EntityId":{"Y":2},"X":1}"#);
    let written = preserved.to_protobuf().unwrap();
    assert_eq!(written.body, b"\x1a\x04\x0a\x00\x12\x00");
    assert_eq!(
        texts(&written.lost),
        [
            "X: unknown key, lost: protobuf has no place for it",
            "EntityId.Y: unknown key, lost: protobuf has no place for it",
        ]
    );
    let preserved = message_type("Content_v3").decode_preserved(number).unwrap();
    for written in [preserved.to_json(), preserved.to_json_pretty()] {
        let written = written.unwrap();
        assert_eq!(written.body, "{}");
        assert_eq!(
            texts(&written.lost),
            ["99: unknown field, lost: JSON has no place for it"]
        );
    }
}

/// A list of names that is kept takes what its text takes at most, and where the unknown ones stand.
#[test]
fn kept_names_count_to_the_byte() {
    let places = 4 * size_of::<usize>();
    for (list, elements) in [
        (r#"["X"]"#, vec![r#""X""#]),
        (r#"[3, "Xyz"]"#, vec![r#""DssUsage""#, r#""Xyz""#]),
        (
            r#"["DssUsage", 99, "X", -7]"#,
            vec![r#""DssUsage""#, "-2147483648", r#""X""#, "-2147483648"],
        ),
    ] {
        let body = format!(r#"{{"Usages":{list}}}"#);
        let text: usize = elements.iter().map(|element| element.len() + 1).sum();
        let needed = places + "[]".len() + text;
        for (memory, fits) in [(needed, true), (needed - 1, false)] {
            let limits = Limits::new().memory(memory);
            let read = Preserved::<CertificateInfoV2>::from_json_within(body.as_bytes(), &limits);
            assert_eq!(read.is_ok(), fits, "{body} in {memory}: {read:?}");
        }
    }
}

#[test]
fn neither_debug_nor_errors_show_what_is_kept() {
    let body = r#"{"Password": "secret", "EntityId": "e"}"#;
    let preserved = Preserved::<DocumentId>::from_json(body.as_bytes()).unwrap();
    let debug = format!("{preserved:?}");
    assert!(!debug.contains("secret"), "{debug}");
    assert!(debug.contains("Password"), "{debug}");
}

#[test]
fn an_error_is_that_of_its_form() {
    let json = Preserved::<DocumentId>::from_json(b"[]").map(drop);
    let protobuf = Preserved::<DocumentId>::from_protobuf(b"\x08").map(drop);
    let errors: [Error; 2] = [json.unwrap_err().into(), protobuf.unwrap_err().into()];
    assert_eq!(
        errors[0].to_string(),
        "expected an object (DocumentId), found an array, at line 1, column 1"
    );
    assert!(matches!(errors[1], Error::Protobuf(_)));
}
