//! The HTTP methods as the schema describes them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use diadoc_schema::{
    BodyKind, Direction, Idempotency, Method, Paging, Response, Schema, SchemaError, Stage, Verb,
    describe, rules_of_field, rules_of_message, validate_json,
};

fn methods() -> &'static [Method] {
    Schema::diadoc().methods()
}

fn method(name: &str) -> &'static Method {
    Schema::diadoc().method(name).unwrap()
}

/// All that a method needs on the wire, a block for each: a change of the API shows here.
#[test]
fn all_of_them() {
    let mut text = String::new();
    for method in methods() {
        write_method(&mut text, method).unwrap();
    }
    insta::assert_snapshot!(text);
}

fn write_method(text: &mut String, method: &Method) -> std::fmt::Result {
    write!(text, "{}.{}", method.service().name(), method.name())?;
    write!(text, "\n  {} {}", method.verb, method.path)?;
    for parameter in &method.parameters {
        let field = &parameter.field;
        write!(text, "\n  {} {:?}", field.name(), field.cardinality())?;
        if let Some(header) = &parameter.header {
            write!(text, " in {header}")?;
        }
        let comma = if parameter.comma { ", with commas" } else { "" };
        write!(text, "{comma} {}", kind(&field.kind()))?;
        if let Some(default) = &field.field_descriptor_proto().default_value {
            write!(text, " = {default}")?;
        }
        for rule in rules_of_field(field) {
            write!(text, "; {rule}")?;
        }
    }
    for rule in rules_of_message(&method.request()) {
        write!(text, "\n  rule: {rule}")?;
    }
    for body in &method.bodies {
        let kind = match &body.kind {
            BodyKind::Message(message) => message.full_name().to_owned(),
            other => format!("{other:?}"),
        };
        write!(text, "\n  body {} {kind}", body.field.name())?;
    }
    match &method.response {
        Response::Message(message) => write!(text, "\n  -> {}", message.full_name())?,
        other => write!(text, "\n  -> {other:?}")?,
    }
    for pending in &method.pending {
        let (status, delay) = (pending.status, &pending.delay_header);
        match pending.header_required {
            true => write!(text, "\n  pending: {status} with {delay}")?,
            false => write!(text, "\n  pending: {status}, delay in {delay}")?,
        }
        if let Some(field) = &pending.field {
            write!(text, ", {field} {}", pending.values.join("/"))?;
        }
    }
    let facts = [
        ("poll with", &method.poll_with),
        ("successor", &method.successor),
        ("removal after", &method.removal_after),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            write!(text, "\n  {name}: {fact}")?;
        }
    }
    if let Some(paging) = &method.paging {
        write!(text, "\n  paging:")?;
        let facts = [
            ("cursor", &paging.cursor),
            ("page", &paging.page),
            ("offset", &paging.offset),
            ("size", &paging.size),
            ("item cursor", &paging.item_cursor),
            ("next cursor", &paging.next_cursor),
            ("more", &paging.more),
            ("total", &paging.total),
        ];
        write!(text, " items {}", paging.items)?;
        for (name, fact) in facts {
            if let Some(fact) = fact {
                write!(text, ", {name} {fact}")?;
            }
        }
        for replaced in &paging.replaces {
            write!(text, ", in the place of {replaced}")?;
        }
        if paging.empty_pages {
            write!(text, ", pages may be empty")?;
        }
    }
    if let Some(status) = method.absent {
        write!(text, "\n  absent: {status}")?;
    }
    write!(text, "\n  {:?}", method.idempotency)?;
    if method.deprecated {
        write!(text, ", {}", method.stage)?;
    }
    if method.anonymous {
        write!(text, ", anonymous")?;
    }
    writeln!(text)
}

fn kind(kind: &prost_reflect::Kind) -> String {
    match kind {
        prost_reflect::Kind::Message(message) => message.full_name().to_owned(),
        prost_reflect::Kind::Enum(item) => item.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}

#[test]
fn names_and_places_are_unique() {
    let names: BTreeSet<_> = methods().iter().map(Method::name).collect();
    let places = methods().iter().map(|one| (one.verb.as_str(), &one.path));
    let places: BTreeSet<_> = places.collect();
    assert_eq!(names.len(), methods().len());
    assert_eq!(places.len(), methods().len());
}

#[test]
fn each_is_found_by_name_and_by_place() {
    for method in methods() {
        let short = format!("{}.{}", method.service().name(), method.name());
        for name in [method.name(), &short, method.full_name()] {
            let found = Schema::diadoc().method(name).unwrap();
            assert_eq!(found.full_name(), method.full_name());
        }
        let found = Schema::diadoc().method_at(method.verb, &method.path);
        assert_eq!(found.unwrap().full_name(), method.full_name());
    }
    let other_verb = Schema::diadoc().method_at(Verb::Post, "/V3/GetDocuments");
    assert!(other_verb.is_none());
}

#[test]
fn a_name_of_no_method_comes_with_near_ones() {
    let near = |name: &str| match Schema::diadoc().method(name).unwrap_err() {
        SchemaError::NoMethod { near, .. } => near,
        other => panic!("{other}"),
    };
    assert_eq!(near("GetDocumentsV9"), ["GetDocumentsV3", "GetDocumentsV4"]);
    assert_eq!(near("getdocumentsv9"), ["GetDocumentsV3", "GetDocumentsV4"]);
    assert_eq!(near("Documents.GetSignatureInfos"), ["GetSignatureInfo"]);
    assert!(near("qwertyuiop").is_empty());
    assert!(near("").is_empty());
    let error = Schema::diadoc().method("GetDocumentsV5").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no method is called `GetDocumentsV5`; did you mean `GetDocumentsV3` or `GetDocumentsV4`?"
    );
}

#[test]
fn what_a_method_tells() {
    let documents = method("GetDocumentsV3");
    assert_eq!(documents.verb, Verb::Get);
    assert_eq!(documents.path, "/V3/GetDocuments");
    assert!(documents.bodies.is_empty());
    assert_eq!(documents.idempotency, Idempotency::NoSideEffects);
    let count = documents.parameter("count").unwrap();
    assert_eq!(rules_of_field(&count.field), ["from 0 to 100"]);
    assert!(matches!(&documents.response, Response::Message(m) if m.name() == "DocumentList"));

    let zip = method("GenerateDocumentZip");
    let statuses = zip.pending.iter().map(|p| (p.status, p.header_required));
    assert!(statuses.eq([(200, true), (204, false)]));
    assert!(zip.pending.iter().all(|p| p.delay_header == "Retry-After"));

    let log_in = method("AuthenticateV3");
    assert!(log_in.anonymous);
    assert_eq!(log_in.bodies.len(), 3);
    assert_eq!(log_in.response, Response::Bytes);
    let header = log_in.parameter("serviceKey").unwrap().header.as_deref();
    assert_eq!(header, Some("X-Diadoc-ServiceKey"));

    assert_eq!(method("Delete").response, Response::Nothing);
    let post = method("PostMessageV3");
    assert_eq!(post.idempotency, Idempotency::Idempotent);
    assert!(matches!(&post.bodies[0].kind, BodyKind::Message(m) if m.name() == "MessageToPost"));
}

/// What the options name exists, so that nothing is read by a name that nothing has.
#[test]
fn what_they_name_exists() {
    for method in methods() {
        let name = method.name();
        assert!(method.path.starts_with('/'), "{name}: {}", method.path);
        for other in [&method.successor, &method.poll_with].into_iter().flatten() {
            Schema::diadoc().method(other).unwrap();
        }
        if let Some(poll_with) = &method.poll_with {
            let result = Schema::diadoc().method(poll_with).unwrap();
            assert!(result.parameter("taskId").is_some(), "{name}");
            assert!(!result.pending.is_empty(), "{name}");
            let Response::Message(answer) = &method.response else {
                panic!("{name} answers with no message");
            };
            assert!(answer.get_field_by_name("TaskId").is_some(), "{name}");
        }
        if method.bodies.len() > 1 {
            let names: Vec<_> = method.bodies.iter().map(|body| body.field.name()).collect();
            let one_only = |rule: &String| {
                !rule.starts_with("at least") && names.iter().all(|name| rule.contains(name))
            };
            let rules = rules_of_message(&method.request());
            assert!(rules.iter().any(one_only), "{name}: {rules:?}");
        }
        for pending in &method.pending {
            assert!((200..500).contains(&pending.status), "{name}");
            let Some(field) = &pending.field else {
                assert!(pending.values.is_empty(), "{name}");
                continue;
            };
            let Response::Message(answer) = &method.response else {
                panic!("{name} answers with no message");
            };
            let field = answer.get_field_by_name(field).unwrap();
            assert!(!pending.values.is_empty(), "{name}");
            if let prost_reflect::Kind::Enum(item) = field.kind() {
                for value in &pending.values {
                    assert!(item.get_value_by_name(value).is_some(), "{name}: {value}");
                }
            }
        }
        if let Some(paging) = &method.paging {
            check_paging(method, paging);
        }
        if let Some(day) = &method.removal_after {
            assert_eq!(day.len(), 10, "{name}");
            assert!(method.stage >= Stage::ToBeRemoved, "{name}");
        }
        assert_eq!(method.stage.is_obsolete(), method.deprecated, "{name}");
    }
}

fn check_paging(method: &Method, paging: &Paging) {
    let name = method.name();
    let in_request = |path: &String| {
        let (message, field) = match path.strip_prefix("body.") {
            Some(field) => match &method.bodies[0].kind {
                BodyKind::Message(message) => (message.clone(), field),
                other => panic!("{name}: {other:?}"),
            },
            None => (method.request(), path.as_str()),
        };
        let found = message.get_field_by_name(field);
        found.unwrap_or_else(|| panic!("{name}: {path}"))
    };
    let places = [&paging.cursor, &paging.page, &paging.offset];
    let places: Vec<_> = places.into_iter().flatten().map(in_request).collect();
    assert_eq!(places.len(), 1, "{name}");
    paging.size.as_ref().map(in_request);
    paging.replaces.iter().for_each(|path| {
        in_request(path);
    });

    let Response::Message(answer) = &method.response else {
        panic!("{name} answers with no message");
    };
    let items = answer.get_field_by_name(&paging.items).unwrap();
    assert!(items.is_list(), "{name}");
    for field in [&paging.more, &paging.total].into_iter().flatten() {
        assert!(answer.get_field_by_name(field).is_some(), "{name}: {field}");
    }
    let next = match (&paging.item_cursor, &paging.next_cursor) {
        (Some(field), None) => match items.kind() {
            prost_reflect::Kind::Message(item) => item.get_field_by_name(field),
            other => panic!("{name}: {other:?}"),
        },
        (None, Some(field)) => answer.get_field_by_name(field),
        (None, None) => {
            assert!(paging.cursor.is_none(), "{name}");
            assert!(paging.more.is_some() || !paging.empty_pages, "{name}");
            return;
        }
        both => panic!("{name}: {both:?}"),
    };
    assert_eq!(next.unwrap().kind(), places[0].kind(), "{name}");
}

#[test]
fn pages_show_methods() {
    let page = |name: &str| describe(Schema::diadoc(), name).unwrap().to_string();
    insta::assert_snapshot!("describe_zip", page("GenerateDocumentZip"));
    insta::assert_snapshot!("describe_log_in", page("Authorization.AuthenticateV3"));
    insta::assert_snapshot!("describe_post", page("PostMessagePatchV3"));
    insta::assert_snapshot!("describe_pages", page("SearchDocflowsV4"));
    for method in methods() {
        for line in page(method.full_name()).lines() {
            let single = line.split_whitespace().count() <= 2;
            let short = line.chars().count() <= 100;
            assert!(short || single, "{}: {line}", method.name());
        }
    }
    // A message says which methods use it.
    let list = describe(Schema::diadoc(), "DocumentList").unwrap();
    let user = "Documents.GetDocumentsV3".to_owned();
    assert!(list.methods.contains(&user));
}

#[test]
fn filter_categories() {
    let request = method("GetDocumentsV3").request();
    let is_one = |text: &str| {
        let body = serde_json::json!({
            "boxId": "1f208d03-2a60-4f64-91b1-b7aad54cfaf3",
            "filterCategory": text,
        });
        let body = serde_json::to_vec(&body).unwrap();
        !validate_json(&request, &body, Direction::Request).has_errors()
    };
    let filters = "Any.Inbound|Any.InboundNotRevoked|XmlTorg12.OutboundWithRecipientSignature|\
                   UniversalTransferDocument.InternalFinished|Nonformalized.Proxy|Any.Deleted";
    for text in filters.split('|') {
        assert!(is_one(text), "{text}");
    }
    let others = "Any|Any.|.Inbound|Any.inbound|Any.Incoming|Any.Inboundfinished|\
                  Any.Inbound.Finished|Any. Inbound|Any.Inbound Finished|\
                  AnyInvoiceDocumentType.InternalFinished|Nonformalized.ProxyOfTheFuture";
    for text in others.split('|') {
        assert!(!is_one(text), "{text}");
    }
}
