//! The schema shown: described, exported, by example, and as the server would write it.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use diadoc_schema::{
    ComputedKeys, Example, ItemKind, Schema, SchemaError, describe, example, is_only_in_json,
    markdown, render_like_server, unknown_member,
};
use prost_reflect::{Kind, MessageDescriptor};
use serde_json::{Value, json};

use crate::json_schema::{faults, validators};
use crate::{Fixture, good_fixtures, repository};

fn message(short: &str) -> MessageDescriptor {
    crate::message(&format!("Diadoc.Api.Proto.{short}"))
}

fn body(fixture: &Fixture) -> Value {
    serde_json::from_slice(&fixture.body).unwrap()
}

fn page(name: &str) -> String {
    describe(Schema::diadoc(), name).unwrap().to_string()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

// describe

#[test]
fn pages() {
    insta::assert_snapshot!("describe_message", page("Document"));
    insta::assert_snapshot!("describe_enum", page("SearchScope"));
    let field = page("AmendmentRequestDocflowV4.AmendmentFlags");
    insta::assert_snapshot!("describe_field", field);
    insta::assert_snapshot!("describe_value", page("SearchScope.SearchScopeIncoming"));
    let field = describe(Schema::diadoc(), "MessagePatch.DeliveredEventId").unwrap();
    let data = serde_json::to_value(field).unwrap();
    insta::assert_snapshot!("describe_data", pretty(&data));
}

#[test]
fn names() {
    let name = |asked: &str| describe(Schema::diadoc(), asked).unwrap().name;
    let document = "Diadoc.Api.Proto.Documents.Document";
    let spellings = [document, "Documents.Document", "Document", ".Document"];
    for asked in spellings.into_iter().chain([" Document "]) {
        assert_eq!(name(asked), document);
    }
    for asked in ["Documents.Document.IndexKey", "Document.IndexKey"] {
        assert_eq!(name(asked), format!("{document}.IndexKey"));
    }
    // A field's JSON key, an enum value inside its enum and alone.
    let login = "Diadoc.Api.Proto.LoginPassword.Login";
    assert_eq!(name("LoginPassword.login"), login);
    let unknown = "Diadoc.Api.Proto.DocumentType.UnknownDocumentType";
    for asked in ["DocumentType.UnknownDocumentType", "UnknownDocumentType"] {
        assert_eq!(name(asked), unknown);
    }
    // Messages alone.
    for asked in spellings {
        let found = Schema::diadoc().message(asked).unwrap();
        assert_eq!(found.full_name(), document);
    }
    assert!(Schema::diadoc().message("Diadoc.Http.Text").is_ok());
    // A full name is never ambiguous, even where it is the end of nothing else than itself.
    let department = "Diadoc.Api.Proto.Department";
    assert_eq!(name(department), department);
}

#[test]
fn names_that_do_not_fit() {
    let error = |asked: &str| describe(Schema::diadoc(), asked).unwrap_err();
    assert!(matches!(error("Department"), SchemaError::Ambiguous { .. }));
    let asked = "Department|Docment|document|Document.IndexKeys|DocumentType.Invoce|AfterIndexKey|\
                 qwertyuiop||.|Document.";
    let texts: Vec<_> = asked
        .split('|')
        .map(|asked| error(asked).to_string())
        .collect();
    insta::assert_snapshot!(texts.join("\n"));

    let near = |asked: &str| match Schema::diadoc().message(asked) {
        Err(SchemaError::NoMessage { near, .. }) => near,
        other => panic!("{asked}: {other:?}"),
    };
    let list = "Diadoc.Api.Proto.Documents.DocumentList";
    for asked in [
        "documentlist",
        "Docflow.DocumentList",
        "documents.documentlist",
    ] {
        assert_eq!(near(asked), [list]);
    }
    assert_eq!(near("Document.DocumentsList")[0], list);
    assert!(near("Timestmap").contains(&"Diadoc.Api.Proto.Timestamp".to_owned()));
    // A tail starts at a dot, and a method is no message.
    for asked in ["ocumentList", "uments.DocumentList"] {
        assert_eq!(near(asked), [list]);
    }
    for asked in ["xyzzy", "", "T.All", "GetDocumentsV3"] {
        assert_eq!(near(asked), [""; 0], "{asked}");
    }
    let error = Schema::diadoc().message("documentid").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no message is called `documentid`; did you mean `Diadoc.Api.Proto.DocumentId`?"
    );
}

#[test]
fn every_page_is_whole() {
    let schema = Schema::diadoc();
    for name in &types() {
        let described = describe(schema, name).unwrap();
        assert_eq!(&described.name, name);
        assert!(!described.comment.is_empty(), "{name}");
        for line in described.to_string().lines() {
            // Paths and single words are never broken.
            let facts = ["    Rust ", "    file "];
            let whole = facts.iter().any(|fact| line.starts_with(fact))
                || line.split_whitespace().count() == 1;
            assert!(line.chars().count() <= 100 || whole, "{name}: {line}");
            assert_eq!(line, line.trim_end(), "{name}");
        }
        for field in &described.fields {
            assert!(field.summary.len() > 10, "{name}.{}", field.name);
            assert!(!field.summary.ends_with("e.g."), "{name}.{}", field.name);
            let found = schema.pool().get_message_by_name(name).unwrap();
            let found = found.get_field_by_name(&field.name).unwrap();
            let number = (!is_only_in_json(&found)).then(|| found.number());
            assert_eq!(number, field.number);
        }
        for value in &described.values {
            assert!(!value.summary.is_empty(), "{name}.{}", value.name);
            let page = describe(schema, &format!("{name}.{}", value.name)).unwrap();
            assert_eq!(page.kind, ItemKind::Value);
        }
    }
}

/// The full names of all messages and enums.
fn types() -> Vec<String> {
    let schema = Schema::diadoc();
    let messages = schema
        .messages()
        .map(|message| message.full_name().to_owned());
    let enums = schema.enums().map(|item| item.full_name().to_owned());
    messages.chain(enums).collect()
}

/// The set has them after what they need; listings have them by the names of their files.
#[test]
fn types_stand_file_by_file() {
    let schema = Schema::diadoc();
    let file = |file: prost_reflect::FileDescriptor| file.name().to_owned();
    let messages: Vec<_> = schema
        .messages()
        .map(|one| file(one.parent_file()))
        .collect();
    let enums: Vec<_> = schema.enums().map(|one| file(one.parent_file())).collect();
    assert!(messages.is_sorted() && enums.is_sorted());
    let in_set: Vec<_> = schema.pool().files().map(file).collect();
    assert!(!in_set.is_sorted());
}

/// The paths that pages name lie in the generated code of diadoc-proto.
#[test]
fn rust_paths_exist() {
    let code: Vec<(String, String)> = generated_modules(&repository().join("src/generated"));
    let schema = Schema::diadoc();
    for name in types() {
        let page = describe(schema, &name).unwrap();
        let path = page.rust.strip_prefix("diadoc_proto::").unwrap();
        let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
        // A nested type lies in a module of its package's file.
        let holds = |file: &str| {
            module == file || module.starts_with(&format!("{file}::")) || file.is_empty()
        };
        let files = code.iter().filter(|(file, _)| holds(file));
        let (_, text) = files.max_by_key(|(file, _)| file.len()).unwrap();
        let is_enum = page.kind == ItemKind::Enum;
        let keyword = if is_enum { "enum" } else { "struct" };
        let start = text.find(&format!("pub {keyword} {name} {{"));
        let start = start.unwrap_or_else(|| panic!("{}", page.rust));
        // The items of a module that is nested in the file stand further to the right.
        let end = match module.contains("::") {
            true => text.len(),
            false => start + text[start..].find("\n}").unwrap(),
        };
        for field in &page.fields {
            let declared = format!("pub {}: ", field.rust);
            let stands = text[start..end].contains(&declared);
            assert!(stands, "{}.{}", page.rust, field.rust);
        }
        for value in &page.values {
            let value = describe(schema, &format!("{}.{}", page.name, value.name)).unwrap();
            let variant = value.rust.rsplit_once("::").unwrap().1;
            let stands = text[start..].contains(&format!("{variant} = "));
            assert!(stands, "{}", value.rust);
        }
    }
}

fn generated_modules(root: &Path) -> Vec<(String, String)> {
    let mut modules = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.to_string_lossy().ends_with(".serde.rs")
            {
                let relative = path.strip_prefix(root).unwrap().with_extension("");
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                let mut module = parts.join("::");
                if module == "mod" {
                    module.clear();
                }
                modules.push((module, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    modules
}

// Markdown

#[test]
fn markdown_excerpt() {
    let text = markdown(Schema::diadoc());
    let section = |heading: &str| {
        let start = text.find(&format!("\n### {heading}\n")).unwrap() + 1;
        let section = &text[start..];
        &section[..section.find("\n#").unwrap_or(section.len())]
    };
    let start = &text[..text.find("  - [Address]").unwrap()];
    let excerpt = [
        start,
        section("LoginPassword"),
        section("Docflow.SearchScope"),
        section("Docflow.AmendmentRequestDocflowV4"),
    ];
    insta::assert_snapshot!(excerpt.join("\n[...]\n\n"));
}

#[test]
fn markdown_is_whole() {
    let schema = Schema::diadoc();
    let text = markdown(schema);
    assert_eq!(text, markdown(schema));

    // GitHub's anchors, made anew from the headings of the text.
    let mut anchors = HashSet::new();
    for line in text.lines() {
        let Some(heading) = line.strip_prefix('#') else {
            continue;
        };
        let heading = heading.trim_start_matches('#').trim();
        let mut slug = heading.to_lowercase().replace(' ', "-");
        slug.retain(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
        let mut free = (0..).map(|count| match count {
            0 => slug.clone(),
            count => format!("{slug}-{count}"),
        });
        let anchor = free.find(|anchor| !anchors.contains(anchor));
        anchors.insert(anchor.unwrap());
    }
    let mut links = 0;
    for part in text.split("](#").skip(1) {
        let anchor = part.split(')').next().unwrap();
        assert!(anchors.contains(anchor), "{anchor}");
        links += 1;
    }
    let types = types().len();
    assert!(anchors.len() > types && links > 2 * types);

    // Each row of a table has as many cells as its head.
    let mut cells = 0;
    for line in text.lines() {
        let here = line.replace("\\|", "").matches('|').count();
        if line.starts_with("| ") {
            assert!(cells == 0 || cells == here, "{line}");
            cells = here;
        } else {
            cells = 0;
        }
    }
}

// Examples

#[test]
fn examples() {
    let document = message("Events.DocumentAttachment");
    let organization = message("Organization");
    let request = message("Forwarding.GetForwardedDocumentsRequest");
    let minimal = example(&organization, Example::Minimal);
    insta::assert_snapshot!("example_minimal", pretty(&minimal));
    insta::assert_snapshot!("example_full", pretty(&example(&document, Example::Full)));
    let random = example(&request, Example::Random(4));
    insta::assert_snapshot!("example_random", pretty(&random));
}

#[test]
fn every_example_is_valid() {
    let [(_, validator), ..] = validators();
    let random = [1, u64::MAX].map(Example::Random);
    for message in Schema::diadoc().messages() {
        let name = message.full_name();
        for kind in random.into_iter().chain([Example::Minimal, Example::Full]) {
            let body = example(&message, kind);
            let faults = faults(validator, &message, &body);
            assert!(faults.is_empty(), "{name} {kind:?}: {faults:#?}");
            assert_eq!(body, example(&message, kind));
        }
        // Rules of the message may forbid to set all of its fields.
        let described = describe(Schema::diadoc(), name).unwrap();
        let full = example(&message, Example::Full);
        for field in message.fields().filter(|_| described.rules.is_empty()) {
            let own = field.kind().as_message() == Some(&message);
            let is_set = full.get(field.json_name()).is_some();
            assert!(is_set != own, "{}", field.full_name());
        }
    }
    let list = message("Documents.DocumentList");
    let [one, two] = [1, 2].map(|seed| example(&list, Example::Random(seed)));
    assert_ne!(one, two);
}

/// A schema that requires a message inside itself has no valid body, but must not hang either.
#[test]
fn examples_of_endless_messages_end() {
    let text = "message Endless {
        required Endless Again = 1; optional Endless Once = 2; repeated Endless Many = 3;
    }";
    let endless = crate::schema(text, |_| {}).message("Endless").unwrap();
    for kind in [Example::Minimal, Example::Full, Example::Random(3)] {
        assert!(example(&endless, kind).is_object());
    }
}

// As the server writes

/// Rendering adds what the server shows by default, and changes nothing that a page shows.
#[test]
fn rendered_fixtures_show_all_that_they_did() {
    for fixture in good_fixtures() {
        let body = body(&fixture);
        let rendered = render_like_server(&fixture.message, &body, ComputedKeys::With);
        assert_within(&body, &rendered, &fixture.file);
        let again = render_like_server(&fixture.message, &rendered, ComputedKeys::With);
        assert_eq!(again, rendered, "{}", fixture.file);
    }
}

fn assert_within(part: &Value, whole: &Value, path: &str) {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            for (key, value) in part {
                let path = format!("{path}/{key}");
                let found = whole.get(key);
                let found = found.unwrap_or_else(|| panic!("{path} is missing"));
                assert_within(value, found, &path);
            }
        }
        (Value::Array(part), Value::Array(whole)) => {
            assert_eq!(part.len(), whole.len(), "{path}");
            for (place, (part, whole)) in part.iter().zip(whole).enumerate() {
                assert_within(part, whole, &format!("{path}/{place}"));
            }
        }
        _ => assert_eq!(part, whole, "{path}"),
    }
}

/// What rendering adds to the fixtures, apart from fields that are younger than the vendor's pages:
/// responses show all their defaults already.
#[test]
fn responses_show_their_defaults_already() {
    let mut added = BTreeSet::new();
    for fixture in good_fixtures() {
        if fixture.file.ends_with("_response.json") {
            let body = body(&fixture);
            let rendered = render_like_server(&fixture.message, &body, ComputedKeys::With);
            collect_added(&body, &rendered, &fixture.message, &mut added);
        }
    }
    insta::assert_snapshot!(Vec::from_iter(added).join("\n"));
}

fn collect_added(
    before: &Value,
    after: &Value,
    message: &MessageDescriptor,
    added: &mut BTreeSet<String>,
) {
    let after = after.as_object().unwrap();
    for (key, value) in after {
        let Some(given) = before.get(key) else {
            added.insert(format!("{}.{key} = {value}", message.full_name()));
            continue;
        };
        let kind = message
            .get_field_by_json_name(key)
            .map(|field| field.kind());
        let Some(Kind::Message(inner)) = &kind else {
            continue;
        };
        match (given, value) {
            (Value::Array(given), Value::Array(value)) => {
                for (given, value) in given.iter().zip(value) {
                    collect_added(given, value, inner, added);
                }
            }
            _ => collect_added(given, value, inner, added),
        }
    }
}

#[test]
fn rendering() {
    let document = message("Documents.Document");
    let body = example(&document, Example::Minimal);
    let rendered = render_like_server(&document, &body, ComputedKeys::With);
    insta::assert_snapshot!("render_document", pretty(&rendered));
    let without = render_like_server(&document, &body, ComputedKeys::Without);
    let computed = ["MessageIdGuid", "EntityIdGuid", "CreationTimestamp"];
    let mut rest = rendered.as_object().unwrap().clone();
    rest.retain(|key, _| !computed.contains(&key.as_str()));
    assert_eq!(without, Value::Object(rest));

    let render =
        |short: &str, body: Value| render_like_server(&message(short), &body, ComputedKeys::With);
    // Order, unknown keys, null, decimal strings, aliases, numbers, names from the future.
    let packet = "Docflow.GetDocflowsByPacketIdRequest";
    for (name, body, expected) in [
        (
            "Content",
            r#"{"Data":"_-8","Size":"3","Else":1}"#,
            r#"{"Size":3,"Data":"/+8="}"#,
        ),
        ("Content", r#"{"Data":null,"Size":null}"#, r#"{"Size":0}"#),
        ("Content", r#"{"Size":"three"}"#, r#"{"Size":"three"}"#),
        ("Content", r#""lorem""#, r#""lorem""#),
        (
            "LoginPassword",
            r#"{"Login":"l","password":"p"}"#,
            r#"{"login":"l","password":"p"}"#,
        ),
        (packet, "{}", r#"{"Count":100,"InjectEntityContent":false}"#),
    ] {
        let rendered = render(name, serde_json::from_str(body).unwrap());
        assert_eq!(rendered.to_string(), expected, "{name}");
    }
    for (given, expected) in [
        (json!("SearchScopeIncoming"), json!("SearchScopeInbound")),
        (json!(1), json!("SearchScopeInbound")),
        (json!(77), json!(77)),
        (json!("FromTheFuture"), json!("SearchScopeAny")),
        (json!(null), json!("SearchScopeAny")),
    ] {
        let rendered = render("Docflow.SearchDocflowsRequest", json!({ "Scope": given }));
        assert_eq!(rendered["Scope"], expected, "{given}");
    }
    let body = json!({ "OrgId": "o", "Departments": [null, {}] });
    assert_eq!(render("Organization", body)["OrgIdGuid"], "o");
    let body = json!({ "LastEventTimestampTicks": 638_884_242_433_705_569_i64 });
    let rendered = render("Counteragent", body);
    assert_eq!(
        rendered["LastEventTimestamp"],
        "2025-07-18T08:30:43.3705569Z"
    );
}

/// A name from the future, in every field that holds an enum: the member that stands for it, where the
/// enum has one, even where another is the default; else as if the field were not set, or the element not
/// there.
#[test]
fn names_from_the_future_like_the_server() {
    let mut others = 0;
    for message in Schema::diadoc().messages() {
        let absent = render_like_server(&message, &json!({}), ComputedKeys::Without);
        for field in message.fields() {
            let Kind::Enum(item) = field.kind() else {
                continue;
            };
            let key = field.json_name();
            let value = match field.is_list() {
                true => json!(["FromTheFuture"]),
                false => json!("FromTheFuture"),
            };
            let rendered =
                render_like_server(&message, &json!({ key: value }), ComputedKeys::Without);
            let unknown = unknown_member(&item).map(|name| {
                // Of two names the vendor writes the first.
                let number = item.get_value_by_name(name).unwrap().number();
                let values = &item.enum_descriptor_proto().value;
                values
                    .iter()
                    .find(|value| value.number() == number)
                    .unwrap()
                    .name()
            });
            let expected = match (unknown, field.is_list()) {
                (Some(name), true) => json!([name]),
                (Some(name), false) => json!(name),
                (None, _) => absent[key].clone(),
            };
            assert_eq!(rendered[key], expected, "{}", field.full_name());
            others += usize::from(rendered[key] != absent[key]);
        }
    }
    // In these nothing else would do.
    assert!(others > 10, "{others}");
}
