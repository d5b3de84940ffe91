//! What a query holds arrives whole.

use diadoc_api::documents::{GetDocumentHistory, GetDocumentsByCustomId, GetDocumentsV3};
use diadoc_api::events::GetNewEventsV8;
use diadoc_api::{Call, Config, ConfigError, Form, METHODS, ParameterKind, Request, RequestError};
use diadoc_proto::documents::MessageType;
use proptest::prelude::*;

use crate::{BOX, GUID, path_and_query};

#[test]
fn index_keys_keep_their_characters() {
    let request = GetDocumentsV3::new(BOX, "Any.Inbound").after_index_key("a+b/c==");
    assert!(path_and_query(&request).ends_with("&afterIndexKey=a%2Bb%2Fc%3D%3D"));
}

#[test]
fn ids_of_boxes_become_guids() {
    let address = "1F208D032A604F6491B1B7AAD54CFAF3@diadoc.ru";
    let digits = "1f208d032a604f6491b1b7aad54cfaf3";
    let request = GetDocumentsV3::new(address, "Any.Inbound").counteragent_box_id(digits);
    assert_eq!(
        path_and_query(&request),
        format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound&counteragentBoxId={BOX}")
    );
}

#[test]
fn lists_with_commas_and_names_of_enums() {
    let request = GetNewEventsV8::new(BOX)
        .message_type([MessageType::Letter, MessageType::Draft])
        .type_named_id(["Invoice", "a,b"]);
    let lists = "messageType=Letter%2CDraft&typeNamedId=Invoice%2Ca%2Cb";
    let expected = format!("/V8/GetNewEvents?boxId={BOX}&{lists}");
    assert_eq!(path_and_query(&request), expected);
    let request = GetDocumentHistory::new(BOX, GUID, GUID).embed([]);
    assert!(!path_and_query(&request).contains("embed"));
}

/// Of every method: an empty text is no value, in the query, in a header and in a list, and does not travel.
#[test]
fn what_is_empty_does_not_travel() {
    for method in METHODS {
        for parameter in method.parameters {
            let call = Call::new(method).parameter(parameter.name, "");
            let http = call
                .to_http(&Config::new().unchecked(), Form::Json)
                .unwrap();
            assert_eq!(
                http.uri().query(),
                None,
                "{} {}",
                method.name,
                parameter.name
            );
            if let Some(header) = parameter.header {
                assert!(!http.headers().contains_key(header), "{header}");
            }
            let listed = parameter.list && parameter.kind == ParameterKind::Text;
            if listed {
                let call = call
                    .parameter(parameter.name, "one")
                    .parameter(parameter.name, "");
                let http = call
                    .to_http(&Config::new().unchecked(), Form::Json)
                    .unwrap();
                let query = format!("{}=one", parameter.name);
                assert_eq!(http.uri().query(), Some(&*query), "{}", method.name);
            }
        }
    }
}

#[test]
fn an_address_with_a_path() {
    let at = |address: &str| {
        let config = Config::new().with_address(address).unwrap();
        let request = GetDocumentsByCustomId::new(BOX, "1");
        request.to_http(&config, Form::Json)
    };
    for (address, base) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        (
            "https://proxy.example/diadoc/",
            "https://proxy.example/diadoc",
        ),
        ("HTTPS://proxy.example:443", "https://proxy.example:443"),
        ("http://[::1]:8070/", "http://[::1]:8070"),
    ] {
        let uri = at(address).unwrap().uri().to_string();
        assert!(
            uri.starts_with(&format!("{base}/GetDocumentsByCustomId?")),
            "{uri}"
        );
    }
}

/// What is no address is told when it is set, without the address: a password may stand in it.
#[test]
fn what_is_no_address() {
    for (address, said) in [
        ("", "does not begin with https://"),
        ("/diadoc", "does not begin with https://"),
        ("diadoc-api.kontur.ru", "does not begin with https://"),
        ("localhost:8070", "does not begin with https://"),
        ("example.com/x", "does not begin with https://"),
        ("ftp://example.com", "does not begin with https://"),
        ("https://", "no address: empty"),
        ("https:///x", "no address: invalid"),
        ("https://a b", "no address: invalid"),
        ("https://:8070", "has no host"),
        ("https://host:99999", "is no port"),
        ("https://host:0", "is no port"),
        ("https://[::1]:", "is no port"),
        ("https://user:s3cr3t@host", "a user or a password"),
        ("https://host?s3cr3t=b", "a query or a fragment"),
        ("https://host/#s3cr3t", "a query or a fragment"),
    ] {
        let error = Config::new().with_address(address).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(said), "{address}: {shown}");
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }
}

#[test]
fn the_name_of_a_program() {
    let request = GetDocumentsByCustomId::new(BOX, "1");
    let http = request.to_http(&Config::new(), Form::Json).unwrap();
    assert!(!http.headers().contains_key("X-Solution-Info"));
    let config = Config::new().with_solution_info("Our bridge/1.2").unwrap();
    let http = request.to_http(&config, Form::Json).unwrap();
    assert_eq!(http.headers()["X-Solution-Info"], "Our bridge/1.2");
    for name in ["", " a", "a ", "a\nb", "a\tb", "Мост"] {
        let error = config.clone().with_solution_info(name).unwrap_err();
        assert!(
            matches!(error, ConfigError::SolutionInfo),
            "{name}: {error}"
        );
    }
}

#[test]
fn a_query_that_is_too_long_is_an_error() {
    let request = GetDocumentsByCustomId::new(BOX, "я".repeat(20_000));
    let error = request.to_http(&Config::new(), Form::Json).unwrap_err();
    assert!(matches!(error, RequestError::Uri { .. }), "{error}");
}

proptest! {
    #![proptest_config(diadoc_testkit::seeds::config(module_path!()))]

    /// Two independent readers: that of HTML forms, and plain percent-decoding.
    #[test]
    fn any_text_arrives_whole(text in any::<String>().prop_filter("required", |t| !t.is_empty())) {
        let request = GetDocumentsByCustomId::new(BOX, text.as_str());
        let sent = path_and_query(&request);
        let query = sent.split_once('?').unwrap().1;
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        prop_assert_eq!(&pairs[1], &("customDocumentId".to_owned(), text.clone()));
        let raw = query.rsplit_once('=').unwrap().1;
        let plain = percent_encoding::percent_decode_str(raw).decode_utf8().unwrap();
        prop_assert_eq!(plain, text);
        prop_assert!(raw.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
    }
}
