//! What a query holds arrives whole.

use diadoc_api::documents::{GetDocumentHistory, GetDocumentsByCustomId, GetDocumentsV3};
use diadoc_api::events::GetNewEventsV8;
use diadoc_api::{Config, Form, Request, RequestError};
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

#[test]
fn an_address_with_a_path() {
    let at = |address: &str| {
        let config = Config::new().with_address(address.parse().unwrap());
        let request = GetDocumentsByCustomId::new(BOX, "1");
        request.to_http(&config, Form::Json)
    };
    for (address, base) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        (
            "https://proxy.example/diadoc/",
            "https://proxy.example/diadoc",
        ),
        ("https://proxy.example/?a=b", "https://proxy.example"),
    ] {
        let uri = at(address).unwrap().uri().to_string();
        assert!(
            uri.starts_with(&format!("{base}/GetDocumentsByCustomId?")),
            "{uri}"
        );
    }
    for address in ["/diadoc", "diadoc-api.kontur.ru"] {
        let error = at(address).unwrap_err();
        assert!(matches!(error, RequestError::Address { .. }), "{error}");
    }
}

#[test]
fn a_query_that_is_too_long_is_an_error() {
    let request = GetDocumentsByCustomId::new(BOX, "я".repeat(20_000));
    let error = request.to_http(&Config::new(), Form::Json).unwrap_err();
    assert!(matches!(error, RequestError::Uri { .. }), "{error}");
}

proptest! {
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
