//! The rules of the schema as texts, which descriptions and exports show.

use std::collections::BTreeMap;

use diadoc_schema::{Schema, rules_of_field, rules_of_message};
use prost_reflect::DescriptorPool;

fn of(path: &str) -> Vec<String> {
    let (message, field) = path.rsplit_once('.').unwrap();
    let message = Schema::diadoc()
        .message(&format!("Diadoc.Api.Proto.{message}"))
        .unwrap();
    rules_of_field(&message.get_field_by_name(field).unwrap())
}

#[test]
fn a_phrase_for_each_rule() {
    for (field, expected) in [
        ("CustomDataItem.Value", &["at most 200 characters"][..]),
        (
            "CustomDataItem.Key",
            &[
                "from 1 to 60 characters",
                "matching `^[0-9A-Za-zА-Яа-яЁё_-]*$`",
            ],
        ),
        ("Events.Message.MessageId", &["a GUID with hyphens"]),
        (
            "Events.Message.FromBoxId",
            &["a box id, as a GUID with hyphens or as 32 hex digits and `@diadoc.ru`"],
        ),
        ("Documents.Document.DocumentDate", &["a date dd.MM.yyyy"]),
        (
            "Timestamp.Ticks",
            &["ticks of the years 1 to 9999, or 0 for none"],
        ),
        ("Docflow.GetDocflowEventsRequest.Limit", &["from 1 to 500"]),
        ("Content.Size", &["at least -1"]),
        ("Organization.Boxes", &["exactly 1 element"]),
        (
            "Documents.GetDocumentsV4Request.FromDepartmentIds",
            &["at most 10 elements", "each a GUID with hyphens"],
        ),
        (
            "Documents.AmendmentRequestMetadata.AmendmentFlags",
            &[
                "a mask of the bits 1 AmendmentRequested, 2 Revised, 4 Corrected, 8 PoaAmendmentRequested",
            ],
        ),
        ("Events.MetadataItem.Value", &[]),
        ("Events.Message.Entities", &[]),
    ] {
        assert_eq!(of(field), expected, "{field}");
    }
}

#[test]
fn a_phrase_for_each_set_of_fields() {
    for (message, expected) in [
        (
            "Invoicing.DocflowParticipant",
            &["at least one of `BoxId` and `Inn`"][..],
        ),
        (
            "Events.ResolutionRequestAttachment",
            &["exactly one of `TargetUserId` and `TargetDepartmentId`"],
        ),
        (
            "Content_v3",
            &["at most one of `Content`, `NameOnShelf`, `EntityId` and `PatchedContentId`"],
        ),
        ("Events.Message", &[]),
    ] {
        let message = format!("Diadoc.Api.Proto.{message}");
        let message = Schema::diadoc().message(&message).unwrap();
        assert_eq!(rules_of_message(&message), expected);
    }
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
    202 a GUID with hyphens
     77 a box id, as a GUID with hyphens or as # hex digits and
     65 a date dd.MM.yyyy
     13 a mask of the
      1 an INN of # or # digits
      2 at least #
      7 at least # element
      4 at least one of
      2 at most #
    155 at most # characters
      3 at most # element
     52 at most # elements
     15 at most one of
      1 exactly # element
      3 exactly one of
      3 from # to #
      3 from # to # characters
     29 matching
     31 ticks of the years # to 9999, or # for none
    ");
}

#[test]
fn a_schema_without_the_options_has_no_rules() {
    for message in DescriptorPool::global().all_messages() {
        assert!(rules_of_message(&message).is_empty());
        assert!(
            message
                .fields()
                .all(|field| rules_of_field(&field).is_empty())
        );
    }
}
