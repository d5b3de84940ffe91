//! The requests of diadoc-api, and the client.
#![allow(deprecated)]

mod answers;
mod bodies;
mod call;
mod checks;
mod client;
mod documented;
mod filter_category;
#[rustfmt::skip]
mod generated;
mod oidc;
mod paging;
mod query;
mod secrets;
mod table;
mod tasks;

use bytes::Bytes;
use diadoc_api::{Config, Form, Request};
use diadoc_proto::events::{DocumentAttachment, MessageToPost, MetadataItem, SignedContent};

const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
const GUID: &str = "ba04162c-e26f-448f-a370-299b4f15b6d1";

/// A message that lacks nothing.
fn letter() -> MessageToPost {
    MessageToPost {
        from_box_id: BOX.into(),
        to_box_id: Some("8c1ffe25-4cd0-4082-84de-7ccb46d86f83".into()),
        document_attachments: vec![DocumentAttachment {
            signed_content: SignedContent {
                content: Some("content".into()),
                sign_with_test_signature: Some(true),
                ..SignedContent::default()
            },
            type_named_id: "Nonformalized".into(),
            metadata: vec![MetadataItem {
                key: "FileName".into(),
                value: "act.pdf".into(),
            }],
            ..DocumentAttachment::default()
        }],
        ..MessageToPost::default()
    }
}

/// The path and query of a request.
fn path_and_query(request: &impl Request) -> String {
    let http = request.to_http(&Config::new(), Form::Json).unwrap();
    http.uri().path_and_query().unwrap().to_string()
}

/// A JSON answer.
fn json(status: u16, body: &str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("Content-Type", "application/json; charset=utf-8")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}
