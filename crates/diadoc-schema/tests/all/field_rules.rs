//! The rules that the schema states: what goes against them, and as texts.

use std::collections::BTreeMap;

use diadoc_schema::{
    Direction, Report, Rule, Schema, rules_of_field, rules_of_message, validate_json,
    validate_protobuf,
};
use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::{good_fixtures, lines_of};

fn message(name: &str) -> MessageDescriptor {
    crate::message(&format!("Diadoc.Api.Proto.{name}"))
}

fn field(path: &str) -> FieldDescriptor {
    let (owner, name) = path.rsplit_once('.').unwrap();
    message(owner).get_field_by_name(name).unwrap()
}

/// `rule: message (expected)` of each finding about the message itself and its own fields.
fn broken(message: &MessageDescriptor, body: Map<String, Value>) -> Vec<String> {
    let body = Value::from(body).to_string();
    let mut report = validate_json(message, body.as_bytes(), Direction::Request);
    report
        .findings
        .retain(|f| !f.path.contains('.') && f.rule != Rule::SchemaDeprecated);
    lines_of(&report, |f| {
        let expected = f.expected.as_deref().unwrap();
        format!("{}: {} ({expected})", f.rule, f.message)
    })
}

/// The findings about the values of a field that its message holds alone.
fn broken_values(path: &str, value: &Value) -> Vec<String> {
    let field = field(path);
    let body = [(field.json_name().to_owned(), value.clone())];
    let mut found = broken(field.parent_message(), body.into_iter().collect());
    found.retain(|line| line.starts_with("field."));
    // Whether it may be empty, is another question.
    found.retain(|line| !line.starts_with("field.empty"));
    // Lists that the body lacks are those of other fields.
    found.retain(|line| field.is_list() || !line.starts_with("field.items"));
    found
}

const MAX_TICKS: i64 = 3_155_378_975_999_999_999;
const AMENDMENT_FLAGS: &str = "Documents.AmendmentRequestMetadata.AmendmentFlags";
const CHAIN_FLAGS: &str = "CertificateChainElement.CertificateChainStatusFlags";
const INN: &str = "Invoicing.Organizations.ExtendedOrganizationInfo.Inn";

/// The strings between the bars.
fn strings(text: &str) -> Value {
    text.split('|').collect()
}

#[test]
fn values_that_keep_the_rules_of_their_field() {
    let guids = "|a6865acc-050a-432f-9a77-548e32a3c7c8|A6865ACC-050A-432F-9A77-548E32A3C7C8|\
                 00000000-0000-0000-0000-000000000000";
    let box_ids = "|1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru|\
                   1f208d03-2a60-4f64-91b1-b7aad54cfaf3|1f208d032a604f6491b1b7aad54cfaf3";
    let dates = "|01.02.2014|29.02.2024|29.02.2000|31.12.9999";
    for (path, values) in [
        // Counted in characters.
        (
            "Events.DocumentAttachment.Comment",
            json!(["ы".repeat(5000)]),
        ),
        // `Comment` elsewhere has no rule.
        ("Events.MetadataItem.Value", json!(["ы".repeat(5001)])),
        ("CustomDataItem.Key", json!(["Номер_договора-1ё"])),
        ("Events.DocumentSignature.Labels", json!([["_impersonal"]])),
        ("Events.Message.MessageId", strings(guids)),
        // With an empty message id it is a custom id.
        ("DocumentId.EntityId", json!(["my-id"])),
        ("Events.MessageToPost.FromBoxId", strings(box_ids)),
        ("Documents.Document.DocumentDate", strings(dates)),
        (INN, strings("|7710140679|123456789012")),
        (
            "Timestamp.Ticks",
            json!([0, 638_772_135_536_156_180_i64, MAX_TICKS]),
        ),
        // An offset is no moment.
        ("DateTimeOffsetDto.OffsetTicks", json!([-1])),
        ("Docflow.GetDocflowEventsRequest.Limit", json!([1, 500])),
        ("Docflow.SearchDocflowsRequest.Count", json!([100])),
        ("Content.Size", json!([-1])),
        (AMENDMENT_FLAGS, (0..16).collect()),
        (CHAIN_FLAGS, json!([1 | 65536 | 134_217_728])),
        (
            "Documents.GetDocumentsV4Request.FileNames",
            json!([vec!["n"; 10]]),
        ),
        ("Organization.Boxes", json!([[{}]])),
    ] {
        for value in values.as_array().unwrap() {
            assert_eq!(broken_values(path, value), [""; 0], "{path} {value}");
        }
    }
}

#[test]
fn values_that_go_against_the_rules_of_their_field() {
    let guids = "a6865acc050a432f9a77548e32a3c7c8|{a6865acc-050a-432f-9a77-548e32a3c7c8}|\
                 a6865acc-050a-432f-9a77-548e32a3c7c8 |a6865acc-050a-432f-9a77-548e32a3c7c8\n|\
                 g6865acc-050a-432f-9a77-548e32a3c7c8|id";
    let box_ids = "1f208d032a604f6491b1b7aad54cfaf|1f208d032a604f6491b1b7aad54cfaf3@diadocXru|\
                   1f208d03-2a60-4f64-91b1-b7aad54cfaf3@diadoc.ru";
    let dates = "2014-02-01|1.2.2014|07.02.25|29.02.2023|29.02.1900|31.04.2024|00.01.2024|\
                 01.13.2024|01.01.0000|01.02.2014 |٠١.02.2014";
    let mut text = String::new();
    for (path, values) in [
        (
            "Events.DocumentAttachment.Comment",
            json!(["ы".repeat(5001)]),
        ),
        ("CustomDataItem.Key", json!(["", "Номер договора"])),
        (
            "Events.DocumentSignature.Labels",
            json!([["метка, и очень длинная"]]),
        ),
        ("Events.Message.MessageId", strings(guids)),
        ("Events.MessageToPost.FromBoxId", strings(box_ids)),
        ("Documents.Document.DocumentDate", strings(dates)),
        (INN, strings("77101406790|771014067|77101406AB")),
        ("Timestamp.Ticks", json!([MAX_TICKS + 1, -1])),
        (
            "Docflow.GetDocflowEventsRequest.Limit",
            json!([0, 501, i32::MIN, i32::MAX]),
        ),
        ("Docflow.SearchDocflowsRequest.Count", json!([101])),
        ("Content.Size", json!([-2])),
        (AMENDMENT_FLAGS, json!([0b11_0001, -1])),
        (CHAIN_FLAGS, json!([1 << 30])),
        (
            "Documents.GetDocumentsV4Request.FileNames",
            json!([vec!["n"; 11]]),
        ),
        ("Organization.Boxes", json!([[]])),
    ] {
        text += &format!("{path}\n");
        for value in values.as_array().unwrap() {
            let broken = broken_values(path, value).join("\n    ");
            let value: String = value.to_string().chars().take(50).collect();
            text += &format!("  {value}\n    {broken}\n");
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn sets_of_fields() {
    let register = "PowersOfAttorney.PowerOfAttorneyToRegister";
    #[rustfmt::skip]
    let cases = [
        ("Invoicing.DocflowParticipant", "BoxId", ""),
        ("Invoicing.DocflowParticipant", "BoxId Inn", ""),
        ("Invoicing.DocflowParticipant", "Kpp",
         "one-of: none of `BoxId` and `Inn` is set (at least one of `BoxId` and `Inn`)"),
        (register, "Content", ""),
        (register, "",
         "one-of: none of `FullId` and `Content` is set (exactly one of `FullId` and `Content`)"),
        (register, "Content FullId",
         "one-of: `FullId` and `Content` are set together (exactly one of `FullId` and `Content`)"),
        ("Documents.GetDocumentsV4Request", "FromTimestamp ToTimestamp", ""),
        ("Documents.GetDocumentsV4Request", "ToTimestamp DocumentNumbers",
         "excludes: `DocumentNumbers` and `ToTimestamp` are set together \
          (at most one of `DocumentNumbers` and `ToTimestamp`)"),
        ("Content_v3", "", ""),
    ];
    for (name, set, expected) in cases {
        // What stands there may be wrong, but it stands there.
        let message = message(name);
        let value = |name| match message.get_field_by_name(name).expect(name) {
            field if field.is_list() => json!(["0"]),
            field if matches!(field.kind(), Kind::Message(_)) => json!({}),
            _ => json!("0"),
        };
        let set = set.split_whitespace();
        let body = set.map(|name| (name.to_owned(), value(name))).collect();
        let mut found = broken(&message, body);
        found.retain(|line| line.starts_with("message."));
        let found = found.join("\n");
        assert_eq!(found.trim_start_matches("message."), expected, "{name}");
    }
}

/// The documented bodies keep all rules; those that a page shows with a fault are left out.
#[test]
fn the_documented_bodies_keep_the_rules() {
    for fixture in good_fixtures() {
        let report = validate_json(&fixture.message, &fixture.body, fixture.direction);
        let rules = report.findings.iter().map(|finding| finding.rule.id());
        let mut broken = rules.filter(|id| id.starts_with("field.") || id.starts_with("message."));
        assert_eq!(broken.next(), None, "{}", fixture.file);
    }
}

/// In JSON and on the wire: `[]`, a packed list without content, and an empty text set nothing.
#[cfg(feature = "compile")]
#[test]
fn a_list_is_set_when_it_has_an_element() {
    let rules = std::fs::read_to_string(crate::repository().join("proto/diadoc/rules.proto"));
    let files = [
        ("rules.proto", &*rules.unwrap()),
        (
            "test.proto",
            "syntax = \"proto2\"; package Diadoc.Test; import \"rules.proto\";
             message M {
               option (Rules.message).one_of = {fields: [\"Numbers\", \"Text\"]};
               repeated int32 Numbers = 1 [packed = true];
               optional string Text = 2;
             }",
        ),
    ];
    let schema = Schema::from_proto_folder(&crate::folder("set_lists", &files)).unwrap();
    let message = schema.message("Diadoc.Test.M").unwrap();
    let both_set = b"\x0a\x01\x07\x12\x01a";
    let cases: [(&str, &[u8], usize); 5] = [
        (r#"{"Numbers": []}"#, b"\x0a\x00", 1),
        (r#"{"Numbers": [], "Text": ""}"#, b"\x0a\x00\x12\x00", 1),
        (r#"{"Numbers": [7]}"#, b"\x0a\x01\x07", 0),
        (
            r#"{"Numbers": [7], "Text": ""}"#,
            b"\x0a\x01\x07\x12\x00",
            0,
        ),
        (r#"{"Numbers": [7], "Text": "a"}"#, both_set, 1),
    ];
    let rules = |report: Report| lines_of(&report, |finding| finding.rule.to_string());
    for (json, bytes, expected) in cases {
        let expected = vec!["message.one-of"; expected];
        let in_json = validate_json(&message, json.as_bytes(), Direction::Request);
        assert_eq!(rules(in_json), expected, "{json}");
        let on_wire = validate_protobuf(&message, bytes, Direction::Request);
        assert_eq!(rules(on_wire), expected, "{bytes:?}");
    }
}

/// Schemas that use our names for something else are read without harm.
#[cfg(feature = "compile")]
#[test]
fn foreign_options_of_our_names_are_no_rules() {
    for (rules, option, expected) in [
        (
            "extend google.protobuf.FieldOptions { optional string field = 51820; }",
            "(field) = \"x\"",
            vec![],
        ),
        (
            "extend google.protobuf.FileOptions { optional string field = 51820; }
             extend google.protobuf.FieldOptions { optional string other = 51821; }",
            "(other) = \"x\"",
            vec![],
        ),
        (
            "message F { optional string max_items = 1; optional int32 pattern = 2; \
             optional uint32 max_len = 3; optional string flags = 4; }
             extend google.protobuf.FieldOptions { optional F field = 51820; }",
            "(field) = {max_items: \"x\" pattern: 1 max_len: 2 flags: \"None\"}",
            vec!["each at most 2 characters"],
        ),
        (
            "message F { optional string pattern = 1; }
             extend google.protobuf.FieldOptions { optional F field = 51820; }",
            "(field).pattern = \"(\"",
            vec!["each matching `(`"],
        ),
    ] {
        let file = format!(
            "syntax = \"proto2\"; package Diadoc.Rules;
             import \"google/protobuf/descriptor.proto\";
             {rules}
             message M {{ repeated string S = 1 [{option}]; }}"
        );
        let folder = crate::folder("foreign_options", &[("test.proto", &file)]);
        let schema = Schema::from_proto_folder(&folder).unwrap();
        let message = schema.message("Diadoc.Rules.M").unwrap();
        let field = message.get_field_by_name("S").unwrap();
        assert_eq!(rules_of_field(&field), expected, "{rules}");
        let body = br#"{"S": ["x", "x", "x", "x", "x"]}"#;
        let report = validate_json(&message, body, Direction::Request);
        assert_eq!(report.findings, [], "{rules}");
    }
}

#[test]
fn a_phrase_for_each_rule() {
    let phrases = |path| format!("{path}: {}\n", rules_of_field(&field(path)).join("; "));
    let fields = [
        "CustomDataItem.Value",
        "CustomDataItem.Key",
        "Events.Message.MessageId",
        "Events.Message.FromBoxId",
        "Documents.Document.DocumentDate",
        "Timestamp.Ticks",
        "Docflow.GetDocflowEventsRequest.Limit",
        "Content.Size",
        "Organization.Boxes",
        "Documents.GetDocumentsV4Request.FromDepartmentIds",
        AMENDMENT_FLAGS,
        "Events.MetadataItem.Value",
        "Events.Message.Entities",
    ];
    insta::assert_snapshot!(fields.map(phrases).concat());
}

#[test]
fn a_phrase_for_each_set_of_fields() {
    let phrases = |name| format!("{name}: {}\n", rules_of_message(&message(name)).join("; "));
    let messages = [
        "Invoicing.DocflowParticipant",
        "Events.ResolutionRequestAttachment",
        "Content_v3",
        "Events.Message",
    ];
    insta::assert_snapshot!(messages.map(phrases).concat());
}

#[test]
fn how_many_rules_there_are() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for message in Schema::diadoc().messages() {
        let fields = message.fields().flat_map(|field| rules_of_field(&field));
        for text in fields.chain(rules_of_message(&message)) {
            let text = text.strip_prefix("each ").unwrap_or(&text);
            // What differs between rules of one kind: names in backticks, bits and numbers.
            let kind = text.split('`').next().unwrap_or_default();
            let kind = kind.split(" bits ").next().unwrap_or_default();
            let kind = kind.split(" numbers ").next().unwrap_or_default();
            let words = kind
                .split_whitespace()
                .map(|word| match word.parse::<i64>() {
                    Ok(_) => "#",
                    Err(_) => word,
                });
            let kind = words.collect::<Vec<_>>().join(" ");
            *counts.entry(kind).or_default() += 1;
        }
    }
    let counts: Vec<_> = counts
        .iter()
        .map(|(kind, count)| format!("{count:>3} {kind}"))
        .collect();
    insta::assert_snapshot!(counts.join("\n"), @r"
      8 
    202 a GUID with hyphens
      1 a GUID with hyphens where
     17 a KPP of # characters
     77 a box id, as a GUID with hyphens or as # hex digits with
     66 a date dd.MM.yyyy
      1 a date dd.MM.yyyy where
     13 a mask of the
      5 a secret, shown as
      1 a status of documents such as
     28 an INN of # or # digits
      2 at least #
      7 at least # element
     11 at least one of
      2 at most #
      3 at most # bytes
    159 at most # characters
      3 at most # element
     72 at most # elements
     12 at most one of
      3 different values of
      1 exactly # element
      7 exactly one of
      3 from # to #
      3 from # to # characters
     40 matching
      4 no
      3 none of
      1 one of
      7 one of the
     31 ticks of the years # to 9999, or # for none
    ");
}

#[test]
fn a_schema_without_the_options_has_no_rules() {
    for message in DescriptorPool::global().all_messages() {
        assert!(rules_of_message(&message).is_empty());
        let mut rules = message.fields().flat_map(|field| rules_of_field(&field));
        assert_eq!(rules.next(), None);
    }
}
