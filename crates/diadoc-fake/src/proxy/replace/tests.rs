//! Properties of bodies with other data.

use diadoc_api::Form;
use diadoc_proto::registry;
use diadoc_schema::{Checks, Deviation, Direction, Example, Report, Schema, Severity, example};
use diadoc_testkit::{seeds, strategies};
use proptest::strategy::{Strategy as _, ValueTree as _};
use prost::Message as _;
use prost_reflect::MessageDescriptor;
use serde_json::{Value, json};

use super::super::pseudonyms::{Known, Pseudonyms};

fn replaced(message: &MessageDescriptor, form: Form, body: &[u8]) -> Vec<u8> {
    let pseudonyms = Pseudonyms::new(Some("a seed"));
    super::body(&pseudonyms, &mut Known::default(), message, form, body).expect("it can be read")
}

fn message(name: &str) -> MessageDescriptor {
    let name = format!("Diadoc.Api.Proto.{name}");
    Schema::diadoc().message(&name).expect("the schema has it")
}

/// Findings but for what contents and texts are.
fn findings(report: &Report) -> Vec<(Deviation, String, Severity)> {
    let findings = report.findings.iter();
    let of_form = findings.filter(|finding| !finding.rule.id().starts_with("content."));
    of_form
        .map(|finding| (finding.deviation, finding.path.clone(), finding.severity))
        .collect()
}

fn holds_for(message: &MessageDescriptor, form: Form, body: &[u8]) {
    let made = replaced(message, form, body);
    for direction in [Direction::Request, Direction::Response] {
        let report = |body: &[u8]| findings(&Checks::new(direction).check(message, form, body));
        assert_eq!(
            report(&made),
            report(body),
            "{} {direction} {form:?}\n{}\n{}",
            message.full_name(),
            String::from_utf8_lossy(body),
            String::from_utf8_lossy(&made)
        );
    }
    let read = registry::find(message.full_name()).expect("a type");
    let reads = |body: &[u8]| match form {
        Form::Json => read.from_json(body).is_ok(),
        Form::Protobuf => read.decode(body).is_ok(),
    };
    assert_eq!(reads(&made), reads(body), "{}", message.full_name());
}

#[test]
fn valid_bodies_stay_valid() {
    for message in Schema::diadoc().messages() {
        for seed in 0..4 {
            let body = example(&message, Example::Random(seed)).to_string();
            holds_for(&message, Form::Json, body.as_bytes());
            let read = registry::find(message.full_name()).expect("a type");
            let read = read
                .from_json(body.as_bytes())
                .expect("an example is valid");
            holds_for(&message, Form::Protobuf, &read.encode_to_vec());
        }
    }
}

#[test]
fn bodies_with_faults_keep_them() {
    let mut runner = seeds::runner("bodies with faults");
    for message in Schema::diadoc().messages() {
        let random = strategies::nearly_valid(message.clone());
        let tree = random.new_tree(&mut runner).expect("a message");
        holds_for(&message, Form::Protobuf, &tree.current().encode_to_vec());
    }
}

#[test]
fn odd_json_stays_odd_and_holds_no_data() {
    let message = message("Events.MessageToPost");
    let body = "\u{feff}{ \"frombOxid\" : \"1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru\",
        \"FromBoxId\": null, \"ToDepartmentId\": 9500000005, \"Unknown\": {\"Name\": \"Ivanov\\u0020\",
        \"Phone\": 79123456789, \"Small\": 12, \"List\": [\"Ivanov\", true, 1e2]},
        \"ООО Ромашка\": 1, \"IsDraft\": \"True\", \"DocumentAttachments\": {\"Comment\": \"Ivanov\"} }";
    let made = replaced(&message, Form::Json, body.as_bytes());
    let made = String::from_utf8(made).expect("text");
    for data in ["1f208d03", "9500000005", "Ivanov", "79123456789", "Ромашка"] {
        assert!(!made.contains(data), "{data} in {made}");
    }
    for kept in [
        "\u{feff}{ \"frombOxid\" : \"",
        "\"Small\": 12",
        "true, 1e2",
        "\"True\"",
        "\"Phone\": ",
    ] {
        assert!(made.contains(kept), "{kept} in {made}");
    }
    // A key that may be data is part of the places of findings.
    let body = body.replace("ООО Ромашка", "Other");
    holds_for(&message, Form::Json, body.as_bytes());
}

#[test]
fn base64_keeps_its_spelling() {
    let message = message("Events.SignedContent");
    for text in ["_-8", "/+8=", "JVBE\\r\\nRi0x", "%%%"] {
        let body = format!("{{\"Content\": \"{text}\"}}");
        holds_for(&message, Form::Json, body.as_bytes());
    }
}

#[test]
fn what_is_unknown_in_protobuf_is_replaced() {
    let message = message("DocumentId");
    let mut body = b"\x0a\x06Ivanov".to_vec();
    body.extend_from_slice(b"\xba\x06\x06Petrov");
    // A number as large as one of a phone, in a field 104.
    body.extend_from_slice(b"\xc0\x06\x95\xd1\xb3\xe0\xa6\x02");
    let made = replaced(&message, Form::Protobuf, &body);
    assert_eq!(made.len(), body.len());
    for data in [&b"Ivanov"[..], b"Petrov", b"\x95\xd1\xb3\xe0\xa6\x02"] {
        assert!(!made.windows(data.len()).any(|part| part == data));
    }
    holds_for(&message, Form::Protobuf, &body);
}

#[test]
fn broken_bodies_are_unreadable() {
    let pseudonyms = Pseudonyms::new(None);
    let message = message("DocumentId");
    let json: [&[u8]; 5] = [b"", b"{", b"{} {}", b"{\"a\": \xFF}", b"{\"a\": 01}"];
    let protobuf: [&[u8]; 3] = [b"\x0a", b"\x0a\x09Ivanov", b"\x0f"];
    let cases = json.iter().map(|body| (Form::Json, *body));
    for (form, body) in cases.chain(protobuf.iter().map(|body| (Form::Protobuf, *body))) {
        let made = super::body(&pseudonyms, &mut Known::default(), &message, form, body);
        assert!(made.is_err(), "{body:02x?}");
    }
}

#[test]
fn nothing_of_an_example_is_left() {
    let message = message("Documents.Document");
    let body = example(&message, Example::Full);
    let made = replaced(&message, Form::Json, body.to_string().as_bytes());
    let made: Value = serde_json::from_slice(&made).expect("JSON");
    for key in [
        "MessageId",
        "FileName",
        "DocumentNumber",
        "Content",
        "Title",
    ] {
        assert!(
            !body[key].is_null() && body[key] != made[key],
            "{key}: {}",
            made[key]
        );
    }
    for key in [
        "DocumentDate",
        "CreationTimestampTicks",
        "TypeNamedId",
        "Version",
    ] {
        assert_eq!(body[key], made[key], "{key}");
    }
    assert_ne!(made, json!({}));
}
