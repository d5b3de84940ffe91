//! The HTTP examples of the vendor's pages: what is sent equals them in verb, path, query, media
//! types, authorization and body.

use std::collections::BTreeMap;

use diadoc_api::docflows::{GetDocflowsByPacketIdV4, GetDocflowsV4, SearchDocflowsV4};
use diadoc_api::documents::{GetDocumentsV3, GetEntityContentV4, GetSignatureInfo};
use diadoc_api::forwarding::GetForwardedDocumentsV2;
use diadoc_api::messages::GetMessageV6;
use diadoc_api::print_forms::GenerateDocumentZip;
use diadoc_api::{Config, Form, Request};
use diadoc_proto::DocumentId;
use diadoc_proto::docflow::{GetDocflowBatchRequest, GetDocflowRequest};
use diadoc_proto::docflow::{GetDocflowsByPacketIdRequest, SearchDocflowsRequest, SearchScope};
use diadoc_proto::forwarding::{ForwardedDocumentId, GetForwardedDocumentsRequest};
use serde_json::Value;

/// What the pages' placeholders stand for here.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("{{boxId}}", "1f208d03-2a60-4f64-91b1-b7aad54cfaf3"),
    ("{{messageId}}", "bcd62464-5b5d-44ff-93b0-ec6981b7cefe"),
    ("{{documentId}}", "ba04162c-e26f-448f-a370-299b4f15b6d1"),
    ("{{entityId}}", "9b4a541e-68e3-4c6f-b5a0-6009f906d554"),
    ("{{access_token}}", "the.access-token"),
];
const BOX: &str = PLACEHOLDERS[0].1;
const MESSAGE: &str = PLACEHOLDERS[1].1;
const DOCUMENT: &str = PLACEHOLDERS[2].1;
const ENTITY: &str = PLACEHOLDERS[3].1;

/// Holds what a request becomes against the example, of which the version, the host and the
/// authorization, the same on all pages, are left out.
fn assert_documented(request: &impl Request, head: &str, body: Option<&str>) {
    let always = "Host: diadoc-api.kontur.ru\nAuthorization: Bearer {{access_token}}";
    let mut head = format!("{head}\n{always}");
    for (placeholder, value) in PLACEHOLDERS {
        head = head.replace(placeholder, value);
    }
    let mut lines = head.lines();
    let (verb, target) = lines.next().unwrap().split_once(' ').unwrap();

    let config = Config::new().bearer("the.access-token");
    let http = request.to_http(&config, Form::Json).unwrap();
    assert_eq!(http.method().as_str(), verb);
    let expected: http::Uri = target.parse().unwrap();
    assert_eq!(http.uri().path(), expected.path());
    // The pages put the parameters in another order than the schema's.
    assert_eq!(pairs(http.uri()), pairs(&expected));

    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        let sent = match name {
            "Host" => http.uri().host().unwrap(),
            _ => http.headers()[name].to_str().unwrap(),
        };
        match name {
            // The pages differ among themselves in the charset, and one way is not well-formed.
            "Accept" | "Content-Type" => assert_eq!(media_type(sent), media_type(value)),
            _ => assert_eq!(sent, value),
        }
    }
    for always in ["Accept", "Content-Type"] {
        assert_eq!(http.headers()[always], "application/json");
    }
    match body {
        Some(body) => {
            let sent: Value = serde_json::from_slice(http.body()).unwrap();
            assert_eq!(sent, serde_json::from_str::<Value>(body).unwrap());
        }
        None => assert!(http.body().is_empty()),
    }
}

fn pairs(uri: &http::Uri) -> BTreeMap<&str, &str> {
    let query = uri.query().unwrap_or_default();
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.collect()
}

fn media_type(value: &str) -> &str {
    value.split([';', ' ']).next().unwrap()
}

#[test]
fn generate_document_zip() {
    assert_documented(
        &GenerateDocumentZip::new(BOX, MESSAGE, DOCUMENT, true),
        "GET /GenerateDocumentZip?boxId={{boxId}}&messageId={{messageId}}&documentId={{documentId}}&fullDocflow=true
Accept: application/json",
        None,
    );
}

#[test]
fn get_forwarded_documents() {
    let body = GetForwardedDocumentsRequest {
        forwarded_document_ids: vec![ForwardedDocumentId {
            from_box_id: Some("09ae254c-5cd0-4082-84de-7ccb46d86f82".into()),
            document_id: Some(Box::new(DocumentId {
                message_id: "53f4b690-62bc-4af7-bbed-442b1ab1e3a4".into(),
                entity_id: "be5f9dd0-ed17-4b2d-b147-5cd7a8d38e3a".into(),
            })),
            forward_event_id: Some("075c7801-d925-4a62-8b8d-e2f75beb8ccf".into()),
        }],
        ..GetForwardedDocumentsRequest::default()
    };
    assert_documented(
        &GetForwardedDocumentsV2::new(BOX, body),
        "POST /V2/GetForwardedDocuments?boxId={{boxId}}
Accept: application/json; charset=utf-8
Content-Type: application/json",
        Some(
            r#"{
    "ForwardedDocumentIds": [{
        "FromBoxId": "09ae254c-5cd0-4082-84de-7ccb46d86f82",
        "DocumentId": {
            "MessageId": "53f4b690-62bc-4af7-bbed-442b1ab1e3a4",
            "EntityId": "be5f9dd0-ed17-4b2d-b147-5cd7a8d38e3a"
        },
        "ForwardEventId": "075c7801-d925-4a62-8b8d-e2f75beb8ccf"
    }]
}"#,
        ),
    );
}

#[test]
fn get_docflows_by_packet_id() {
    let body = GetDocflowsByPacketIdRequest {
        packet_id: "92bccade-bfa0-4310-8051-a0761b5ec0a7".into(),
        ..GetDocflowsByPacketIdRequest::default()
    };
    assert_documented(
        &GetDocflowsByPacketIdV4::new(BOX, body),
        "POST /V4/GetDocflowsByPacketId?boxId={{boxId}}
Content-Type: application/json charset=utf-8
Accept: application/json",
        Some(r#"{ "PacketId": "92bccade-bfa0-4310-8051-a0761b5ec0a7" }"#),
    );
}

#[test]
fn get_documents() {
    assert_documented(
        &GetDocumentsV3::new(BOX, "Any.Outbound"),
        "GET /V3/GetDocuments?filterCategory=Any.Outbound&boxId={{boxId}}
Content-Type: application/json charset=utf-8
Accept: application/json",
        None,
    );
    // In the guide.
    assert_documented(
        &GetDocumentsV3::new(BOX, "Invoice.InboundNotFinished"),
        "GET /V3/GetDocuments?filterCategory=Invoice.InboundNotFinished&boxId={{boxId}}
Accept: application/json
Content-Type: application/json charset=utf-8",
        None,
    );
}

#[test]
fn search_docflows() {
    let body = SearchDocflowsRequest {
        query_string: "Договор 29.05.2025".into(),
        scope: Some(SearchScope::SearchScopeInbound as i32),
        ..SearchDocflowsRequest::default()
    };
    assert_documented(
        &SearchDocflowsV4::new(BOX, body),
        "POST /V4/SearchDocflows?boxId={{boxId}}
Content-Type: application/json; charset=utf-8
Accept: application/json; charset=utf-8",
        Some(r#"{ "QueryString": "Договор 29.05.2025", "Scope": "SearchScopeInbound" }"#),
    );
}

#[test]
fn get_message() {
    assert_documented(
        &GetMessageV6::new(BOX, MESSAGE).entity_id(ENTITY),
        "GET /V6/GetMessage?boxId={{boxId}}&messageId={{messageId}}&entityId={{entityId}}
Accept: application/json; charset=utf-8",
        None,
    );
}

#[test]
fn get_entity_content() {
    assert_documented(
        &GetEntityContentV4::new(BOX, MESSAGE, ENTITY),
        "GET /V4/GetEntityContent?boxId={{boxId}}&messageId={{messageId}}&entityId={{entityId}}
Accept: application/json",
        None,
    );
}

#[test]
fn get_docflows() {
    let body = GetDocflowBatchRequest {
        requests: vec![GetDocflowRequest {
            document_id: DocumentId {
                message_id: "b7a4809e-ff8f-4a6c-86ae-0f514c353afd".into(),
                entity_id: "132c02e7-2d07-43f2-bf23-c9bc52f281e9".into(),
            },
            ..GetDocflowRequest::default()
        }],
    };
    assert_documented(
        &GetDocflowsV4::new(BOX, body),
        "POST /V4/GetDocflows?boxId={{boxId}}
Accept: application/json; charset=utf-8
Content-Type: application/json",
        Some(
            r#"{ "Requests": [{ "DocumentId": {
    "MessageId": "b7a4809e-ff8f-4a6c-86ae-0f514c353afd",
    "EntityId": "132c02e7-2d07-43f2-bf23-c9bc52f281e9"
} }] }"#,
        ),
    );
}

#[test]
fn get_signature_info() {
    assert_documented(
        &GetSignatureInfo::new(BOX, MESSAGE, ENTITY),
        "GET /GetSignatureInfo?boxId={{boxId}}&messageId={{messageId}}&entityId={{entityId}}
Accept: application/json",
        None,
    );
}
