//! Each kind of rule on a field of the schema that has it, and the schema's rules as a whole.

use prost_reflect::{DescriptorPool, Kind};
use serde_json::Value;

use super::options::{MessageRules, of_message};
use super::*;
use crate::Schema;

fn message(name: &str) -> MessageDescriptor {
    Schema::diadoc()
        .message(&format!("Diadoc.Api.Proto.{name}"))
        .unwrap()
}

fn field(path: &str) -> FieldDescriptor {
    let (owner, name) = path.rsplit_once('.').unwrap();
    message(owner).get_field_by_name(name).unwrap()
}

/// Each violation in a line: rule, message, expected.
fn lines(violations: Vec<Violation>) -> Vec<String> {
    violations
        .into_iter()
        .map(|v| format!("{}: {} ({})", v.rule, v.message, v.expected))
        .collect()
}

fn text(path: &str, text: &str) -> Vec<String> {
    lines(check_text(&field(path), text))
}

fn integer(path: &str, number: i64) -> Vec<String> {
    lines(check_integer(&field(path), number))
}

fn items(path: &str, items: usize) -> Vec<String> {
    lines(check_items(&field(path), items))
}

fn presence(name: &str, set: &[&str]) -> Vec<String> {
    lines(check_presence(&message(name), &|field| {
        set.contains(&field)
    }))
}

const NONE: [&str; 0] = [];

#[test]
fn lengths_are_counted_in_characters() {
    let comment = "Events.DocumentAttachment.Comment";
    assert_eq!(text(comment, &"ы".repeat(5000)), NONE);
    assert_eq!(
        text(comment, &"ы".repeat(5001)),
        ["field.length: the string is 5001 characters long (at most 5000 characters)"]
    );
    assert_eq!(
        text("CustomDataItem.Key", ""),
        ["field.length: the string is 0 characters long (from 1 to 60 characters)"]
    );
    // `Comment` elsewhere has no rule.
    assert_eq!(text("Events.MetadataItem.Value", &"ы".repeat(5001)), NONE);
}

#[test]
fn patterns() {
    assert_eq!(text("CustomDataItem.Key", "Номер_договора-1ё"), NONE);
    assert_eq!(
        text("CustomDataItem.Key", "Номер договора"),
        [
            "field.pattern: the string does not match the pattern of its field \
             (a string matching `^[0-9A-Za-zА-Яа-яЁё_-]*$`)"
        ]
    );
    let label = "Events.DocumentSignature.Labels";
    assert_eq!(text(label, "_impersonal"), NONE);
    assert_eq!(
        text(label, "метка, и очень длинная").len(),
        2,
        "length and pattern"
    );
}

#[test]
fn guids() {
    let id = "Events.Message.MessageId";
    for good in [
        "",
        "a6865acc-050a-432f-9a77-548e32a3c7c8",
        "A6865ACC-050A-432F-9A77-548E32A3C7C8",
        "00000000-0000-0000-0000-000000000000",
    ] {
        assert_eq!(text(id, good), NONE, "{good}");
    }
    for bad in [
        "a6865acc050a432f9a77548e32a3c7c8",
        "{a6865acc-050a-432f-9a77-548e32a3c7c8}",
        "a6865acc-050a-432f-9a77-548e32a3c7c8 ",
        "a6865acc-050a-432f-9a77-548e32a3c7c8\n",
        "g6865acc-050a-432f-9a77-548e32a3c7c8",
        "id",
    ] {
        assert_eq!(
            text(id, bad),
            [
                "field.format: the string does not have the format of its field \
                 (a GUID with hyphens)"
            ],
            "{bad:?}"
        );
    }
    // With an empty message id it is a custom id.
    assert_eq!(text("DocumentId.EntityId", "my-id"), NONE);
}

#[test]
fn box_ids_in_both_spellings() {
    for good in [
        "",
        "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru",
        "1f208d03-2a60-4f64-91b1-b7aad54cfaf3",
    ] {
        assert_eq!(text("Events.MessageToPost.FromBoxId", good), NONE, "{good}");
    }
    for bad in [
        "1f208d032a604f6491b1b7aad54cfaf3",
        "1f208d032a604f6491b1b7aad54cfaf3@diadocXru",
        "1f208d03-2a60-4f64-91b1-b7aad54cfaf3@diadoc.ru",
    ] {
        let found = text("Events.MessageToPost.FromBoxId", bad);
        assert_eq!(found.len(), 1, "{bad}");
        assert!(found[0].starts_with("field.format"), "{found:?}");
    }
}

#[test]
fn dates_are_days_of_the_calendar() {
    let date = "Documents.Document.DocumentDate";
    for good in ["", "01.02.2014", "29.02.2024", "29.02.2000", "31.12.9999"] {
        assert_eq!(text(date, good), NONE, "{good}");
    }
    for bad in [
        "2014-02-01",
        "1.2.2014",
        "07.02.25",
        "29.02.2023",
        "29.02.1900",
        "31.04.2024",
        "00.01.2024",
        "01.13.2024",
        "01.01.0000",
        "01.02.2014 ",
        "٠١.02.2014",
    ] {
        assert_eq!(
            text(date, bad),
            ["field.format: the string does not have the format of its field (a date dd.MM.yyyy)"],
            "{bad}"
        );
    }
}

#[test]
fn tax_numbers() {
    let inn = "Invoicing.Organizations.ExtendedOrganizationInfo.Inn";
    for good in ["", "7710140679", "123456789012"] {
        assert_eq!(text(inn, good), NONE, "{good}");
    }
    for bad in ["77101406790", "771014067", "77101406AB"] {
        assert_eq!(text(inn, bad).len(), 1, "{bad}");
    }
}

#[test]
fn ticks_lie_in_the_years_1_to_9999() {
    let ticks = "Timestamp.Ticks";
    for good in [0, 638_772_135_536_156_180, MAX_TICKS] {
        assert_eq!(integer(ticks, good), NONE, "{good}");
    }
    assert_eq!(
        integer(ticks, MAX_TICKS + 1),
        ["field.format: 3155378976000000000 ticks are no moment \
             (ticks of the years 1 to 9999, or 0 for none)"]
    );
    assert_eq!(integer(ticks, -1).len(), 1);
    // An offset is no moment.
    assert_eq!(integer("DateTimeOffsetDto.OffsetTicks", -1), NONE);
}

#[test]
fn ranges() {
    let limit = "Docflow.GetDocflowEventsRequest.Limit";
    for good in [1, 500] {
        assert_eq!(integer(limit, good), NONE);
    }
    for bad in [0, 501, i64::MIN, i64::MAX] {
        assert_eq!(
            integer(limit, bad),
            [format!(
                "field.range: {bad} lies outside the range of the field (a number from 1 to 500)"
            )]
        );
    }
    assert_eq!(
        integer("Docflow.SearchDocflowsRequest.Count", 101),
        ["field.range: 101 lies outside the range of the field (a number of at most 100)"]
    );
    assert_eq!(
        integer("Content.Size", -2),
        ["field.range: -2 lies outside the range of the field (a number of at least -1)"]
    );
}

#[test]
fn masks() {
    let mask = "Documents.AmendmentRequestMetadata.AmendmentFlags";
    for good in 0..16 {
        assert_eq!(integer(mask, good), NONE);
    }
    let expected = "(a mask of the bits 1 AmendmentRequested, 2 Revised, 4 Corrected, 8 PoaAmendmentRequested)";
    assert_eq!(
        integer(mask, 0b11_0001),
        [format!(
            "field.flags: the mask has the unknown bits 48 {expected}"
        )]
    );
    assert_eq!(
        integer(mask, -1),
        [format!("field.flags: a mask is not negative {expected}")]
    );
    let chain = "CertificateChainElement.CertificateChainStatusFlags";
    assert_eq!(integer(chain, 1 | 65536 | 134_217_728), NONE);
    assert_eq!(integer(chain, 1 << 30).len(), 1);
}

#[test]
fn numbers_of_elements() {
    let names = "Documents.GetDocumentsV4Request.FileNames";
    assert_eq!(items(names, 10), NONE);
    assert_eq!(
        items(names, 11),
        ["field.items: the list has 11 elements (at most 10 elements)"]
    );
    assert_eq!(items("Organization.Boxes", 1), NONE);
    assert_eq!(
        items("Organization.Boxes", 0),
        ["field.items: the list has no elements (exactly 1 element)"]
    );
}

#[test]
fn sets_of_fields() {
    let participant = "Invoicing.DocflowParticipant";
    assert_eq!(presence(participant, &["BoxId"]), NONE);
    assert_eq!(presence(participant, &["BoxId", "Inn"]), NONE);
    assert_eq!(
        presence(participant, &["Kpp"]),
        ["message.one-of: none of `BoxId` and `Inn` is set (at least one of `BoxId` and `Inn`)"]
    );

    let register = "PowersOfAttorney.PowerOfAttorneyToRegister";
    assert_eq!(presence(register, &["Content"]), NONE);
    assert_eq!(
        presence(register, &[]),
        ["message.one-of: none of `FullId` and `Content` is set \
             (exactly one of `FullId` and `Content`)"]
    );
    assert_eq!(
        presence(register, &["Content", "FullId"]),
        ["message.one-of: `FullId` and `Content` are set together \
             (exactly one of `FullId` and `Content`)"]
    );

    let request = "Documents.GetDocumentsV4Request";
    assert_eq!(presence(request, &["FromTimestamp", "ToTimestamp"]), NONE);
    assert_eq!(
        presence(request, &["ToTimestamp", "DocumentNumbers"]),
        [
            "message.excludes: `DocumentNumbers` and `ToTimestamp` are set together \
             (at most one of `DocumentNumbers` and `ToTimestamp`)"
        ]
    );
    assert_eq!(presence("Content_v3", &[]), NONE);
}

#[test]
fn a_schema_without_the_options_has_no_rules() {
    let pool = DescriptorPool::global();
    let options = pool
        .get_message_by_name("google.protobuf.FieldOptions")
        .unwrap();
    assert_eq!(of_message(&options), MessageRules::default());
    for field in options.fields() {
        assert_eq!(of_field(&field), Default::default());
        assert_eq!(check_text(&field, "x"), []);
    }
}

/// A pool of those files, of which the last imports the others.
#[cfg(feature = "compile")]
fn compile(files: &[(&str, &str)]) -> DescriptorPool {
    use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

    struct Sources(Vec<(String, String)>);

    impl FileResolver for Sources {
        fn open_file(&self, name: &str) -> Result<File, protox::Error> {
            match self.0.iter().find(|(file, _)| file == name) {
                Some((_, text)) => File::from_source(name, text),
                None => Err(protox::Error::file_not_found(name)),
            }
        }
    }

    let sources = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let mut resolver = ChainFileResolver::new();
    resolver.add(GoogleFileResolver::new());
    resolver.add(Sources(sources.collect()));
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    let (last, _) = files.last().unwrap();
    compiler.include_imports(true).open_file(last).unwrap();
    DescriptorPool::decode(&*compiler.encode_file_descriptor_set()).unwrap()
}

/// In JSON and on the wire: `[]` and a packed list without content set nothing.
#[cfg(feature = "compile")]
#[test]
fn a_list_is_set_when_it_has_an_element() {
    use crate::{Direction, validate_json, validate_protobuf};

    let rules = include_str!("../../../../proto/diadoc/rules.proto");
    let pool = compile(&[
        ("rules.proto", rules),
        (
            "test.proto",
            "syntax = \"proto2\"; package Diadoc.Test; import \"rules.proto\";
             message M {
               option (Rules.message).one_of = {fields: [\"Numbers\", \"Text\"]};
               repeated int32 Numbers = 1 [packed = true];
               optional string Text = 2;
             }",
        ),
    ]);
    let message = pool.get_message_by_name("Diadoc.Test.M").unwrap();
    let cases: [(&str, &[u8], usize); 5] = [
        (r#"{}"#, b"", 1),
        (r#"{"Numbers": []}"#, b"\x0a\x00", 1),
        (r#"{"Numbers": [], "Text": ""}"#, b"\x0a\x00\x12\x00", 0),
        (r#"{"Numbers": [7]}"#, b"\x0a\x01\x07", 0),
        (
            r#"{"Numbers": [7], "Text": ""}"#,
            b"\x0a\x01\x07\x12\x00",
            1,
        ),
    ];
    for (json, bytes, expected) in cases {
        let in_json = validate_json(&message, json.as_bytes(), Direction::Request);
        let on_wire = validate_protobuf(&message, bytes, Direction::Request);
        for report in [in_json, on_wire] {
            let rules: Vec<_> = report.findings.iter().map(|found| found.rule).collect();
            assert_eq!(rules, vec![Rule::MessageOneOf; expected], "{json}");
        }
    }
}

/// Schemas that use our names for something else are read without harm.
#[cfg(feature = "compile")]
#[test]
fn foreign_options_of_our_names_are_no_rules() {
    let pool = |rules: &str, option: &str| {
        compile(&[(
            "test.proto",
            &format!(
                "syntax = \"proto2\"; package Diadoc.Rules;
                 import \"google/protobuf/descriptor.proto\";
                 {rules}
                 message M {{ repeated string S = 1 [{option}]; }}"
            ),
        )])
    };
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
        let pool = pool(rules, option);
        let field = pool.get_message_by_name("Diadoc.Rules.M").unwrap();
        let field = field.get_field_by_name("S").unwrap();
        assert_eq!(rules_of_field(&field), expected, "{rules}");
        assert_eq!(check_text(&field, "x"), []);
        assert_eq!(check_items(&field, 5), []);
        assert_eq!(check_integer(&field, 5), []);
    }
}

#[test]
fn every_rule_fits_the_field_that_it_stands_on() {
    let mut wrong = Vec::new();
    for message in Schema::diadoc().messages() {
        let rules = of_message(&message);
        for set in [&rules.any_of, &rules.one_of, &rules.excludes] {
            for names in set {
                if names.len() < 2 {
                    wrong.push(format!("{}: a set of one field", message.full_name()));
                }
                for name in names {
                    if message.get_field_by_name(name).is_none() {
                        wrong.push(format!("{}: no field `{name}`", message.full_name()));
                    }
                }
            }
        }
        for field in message.fields() {
            for fault in misplaced(&field) {
                wrong.push(format!("{}: {fault}", field.full_name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn misplaced(field: &FieldDescriptor) -> Vec<&'static str> {
    let rules = of_field(field);
    let string = field.kind() == Kind::String;
    let integer = matches!(
        field.kind(),
        Kind::Int32 | Kind::Int64 | Kind::Sfixed32 | Kind::Sfixed64
    );
    let items = rules.min_items.is_some() || rules.max_items.is_some();
    let length = rules.min_len.is_some() || rules.max_len.is_some();
    let range = rules.gte.is_some() || rules.lte.is_some();
    let stated = options_are_set(field);
    [
        (items && !field.is_list(), "elements of no list"),
        (length && !string, "length of no string"),
        (range && !integer, "range of no integer"),
        (rules.pattern.is_some() && !string, "pattern of no string"),
        (!rules.flags.is_empty() && !integer, "flags of no integer"),
        (
            rules.format.is_some_and(|format| match format {
                Format::Ticks => !integer,
                _ => !string,
            }),
            "format of another type",
        ),
        (
            rules
                .pattern
                .as_ref()
                .is_some_and(|p| Regex::new(p).is_err()),
            "a pattern that is none",
        ),
        (
            rules.flags.iter().any(|flag| flag.bit.count_ones() != 1),
            "a flag that is not one bit",
        ),
        (
            rules.min_len > rules.max_len && rules.max_len.is_some()
                || rules.min_items > rules.max_items && rules.max_items.is_some()
                || rules.gte > rules.lte && rules.lte.is_some(),
            "the least is above the most",
        ),
        (
            stated && rules == Default::default(),
            "an option that is read as no rule, such as flags of an unknown enum",
        ),
    ]
    .into_iter()
    .filter_map(|(wrong, what)| wrong.then_some(what))
    .collect()
}

fn options_are_set(field: &FieldDescriptor) -> bool {
    let pool = field.parent_pool();
    let extension = pool.get_extension_by_name("Diadoc.Rules.field").unwrap();
    field.options().has_extension(&extension)
}

/// The documented bodies keep all rules; those that a page shows with a fault are left out.
#[test]
fn the_documented_bodies_keep_the_rules() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let manifest = std::fs::read(format!("{folder}/manifest.json")).unwrap();
    let manifest: Vec<Value> = serde_json::from_slice(&manifest).unwrap();
    let mut checked = 0;
    for entry in manifest.iter().filter(|e| e.get("fault").is_none()) {
        let file = entry["file"].as_str().unwrap();
        let body = std::fs::read(format!("{folder}/{file}")).unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let message = Schema::diadoc()
            .message(entry["message"].as_str().unwrap())
            .unwrap();
        let mut found = Vec::new();
        walk(&message, &body, &mut found);
        assert_eq!(found, NONE, "{file}");
        checked += 1;
    }
    assert_eq!(checked, 11);
}

/// All violations in a JSON body, without paths.
fn walk(message: &MessageDescriptor, body: &Value, found: &mut Vec<String>) {
    let object = body.as_object().unwrap();
    let value_of = |field: &FieldDescriptor| object.get(field.json_name());
    found.extend(lines(check_presence(message, &|name| {
        let field = message.get_field_by_name(name).unwrap();
        value_of(&field).is_some_and(|value| match value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty(),
            _ => true,
        })
    })));
    for field in message.fields() {
        let (Some(value), kind) = (value_of(&field), field.kind()) else {
            continue;
        };
        let values = match value {
            Value::Null => continue,
            Value::Array(items) => {
                found.extend(lines(check_items(&field, items.len())));
                items.as_slice()
            }
            value => std::slice::from_ref(value),
        };
        for value in values {
            match (kind.as_message(), value) {
                (Some(message), value) => walk(message, value, found),
                (None, Value::String(text)) => found.extend(lines(check_text(&field, text))),
                (None, Value::Number(number)) => {
                    found.extend(lines(check_integer(&field, number.as_i64().unwrap())));
                }
                _ => {}
            }
        }
    }
}
