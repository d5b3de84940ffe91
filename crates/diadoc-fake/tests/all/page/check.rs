//! Bodies that are pasted.

use diadoc_core::base64;
use diadoc_proto::documents::DocumentList;
use prost::Message as _;

use super::{page, submit};
use crate::started;

#[tokio::test]
async fn what_is_wrong_with_a_body() {
    let fake = started().await;
    let body = r#"{"FromBoxId": "x", "ToBoxIdd": 1}"#;
    let fields = [("name", "PostMessageV3"), ("body", body)];
    let came = submit(&fake, "/_/check", &fields).await;
    assert_eq!(came.status, 200);
    came.says("errors: ");
    came.says("[json.unknown-key]");
    came.says("did you mean");
    came.says("MessageToPost should contain at least one attachment");
    // What was typed is there still.
    came.says("{&quot;FromBoxId&quot;: &quot;x&quot;");
    came.says("value=\"PostMessageV3\"");

    let example = page(&fake, "/_/check?name=DocumentList").await;
    example.says("&quot;TotalCount&quot;");
    let body = r#"{"TotalCount": 0, "HasMoreResults": false}"#;
    let fields = [
        ("name", "DocumentList"),
        ("direction", "response"),
        ("body", body),
    ];
    submit(&fake, "/_/check", &fields)
        .await
        .says("Nothing is wrong");
}

#[tokio::test]
async fn a_body_that_nobody_names() {
    let fake = started().await;
    let body = "\u{feff}{\"TotalCount\": 0, \"HasMoreResults\": false, \"Documents\": []}";
    let came = submit(&fake, "/_/check", &[("body", body)]).await;
    came.says("By the body it may be:");
    came.says("href=\"/_/reference/Diadoc.Api.Proto.Documents.DocumentList\"");

    let list = DocumentList {
        total_count: 3,
        ..DocumentList::default()
    };
    let body = base64::encode_to_string(&list.encode_to_vec());
    let fields = [
        ("form", "protobuf"),
        ("name", "DocumentList"),
        ("body", &body),
    ];
    let came = submit(&fake, "/_/check", &fields).await;
    came.says("(protobuf)");
    assert_eq!(came.status, 200);
}

#[tokio::test]
async fn what_cannot_be_checked() {
    let fake = started().await;
    for (fields, why) in [
        (
            [("name", "PostMessageV3"), ("form", "json"), ("body", "")],
            "Paste a body.",
        ),
        (
            [("name", "GetNothing"), ("form", "json"), ("body", "{}")],
            "no message is called",
        ),
        (
            [
                ("name", "PostMessageV3"),
                ("form", "protobuf"),
                ("body", "?"),
            ],
            "This is no base64",
        ),
        (
            [("name", ""), ("form", "json"), ("body", "[]")],
            "No message fits this body",
        ),
        (
            [("name", "RecycleDraft"), ("form", "json"), ("body", "{}")],
            "no message that way",
        ),
    ] {
        let came = submit(&fake, "/_/check", &fields).await;
        assert_eq!(came.status, 400);
        came.says("role=\"alert\"");
        came.says(why);
    }
}
