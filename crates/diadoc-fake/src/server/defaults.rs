//! What a method answers with where a test says nothing.

use bytes::Bytes;
use diadoc_schema::{Example, Method, Response, example};
use prost::Message as _;
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, Value};

use super::answer::{Items, List};
use super::pages::Pages;
use super::reply::{Body, Prepared, Reply, Shell, prepare};
use super::{Answer, Received, Script, forms, script, serve};

/// An archive with one small file.
pub(super) const ARCHIVE: &[u8] = include_bytes!("archive.zip");

/// What signing in the old way gives.
pub(super) const TOKEN: &str = "fake-token";

const PDF: &str = "%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
";

const XML: &str = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\r\n<Sample/>\r\n";

pub(super) fn answer(script: &Script, method: &'static Method) -> Prepared {
    if let Some(own) = own(method) {
        return own;
    }
    let documented = script.options().documented.get(method.name());
    match &method.response {
        Response::Message(message) => {
            let protobuf = documented
                .cloned()
                .unwrap_or_else(|| ready_example(method, message));
            message_or_pages(method, message, &protobuf)
        }
        Response::Bytes => prepared(method, file(method)),
        Response::Text => prepared(method, Answer::text("sample")),
        _ => prepared(method, Answer::nothing()),
    }
}

/// Methods that the fake does something for.
fn own(method: &'static Method) -> Option<Prepared> {
    Some(match method.name() {
        "AuthenticateV3" | "AuthenticateConfirmV2" | "AuthenticateConfirmV3" => {
            prepared(method, Answer::text(TOKEN))
        }
        "GenerateDocumentZip" => Prepared::Own(archive),
        "ShelfUpload" => Prepared::Own(super::shelf::upload),
        "ShelfUploadV2" => Prepared::Own(super::shelf::upload_whole),
        "ShelfUploadPartInit" => Prepared::Own(super::shelf::upload_first),
        "ShelfUploadPart" => Prepared::Own(super::shelf::upload_part),
        "ShelfDownload" | "ShelfDownloadV2" => Prepared::Own(super::shelf::download),
        _ => return None,
    })
}

/// The archive of a document is not ready at the first time that it is asked for.
fn archive(script: &Script, received: &Received) -> Answer {
    let Some(Ok(method)) = received.method.map(script::find) else {
        return Answer::nothing();
    };
    let Response::Message(message) = &method.response else {
        return Answer::nothing();
    };
    let asked_before = script.with_shelf(|shelf| shelf.asked_before(&received.query));
    if !asked_before {
        return serve::pending_answer(method, script.options().retry_after);
    }
    let documented = script.options().documented.get(method.name());
    let protobuf = documented
        .cloned()
        .unwrap_or_else(|| ready_example(method, message));
    Answer::json(forms::to_json(message, &protobuf))
}

fn message_or_pages(
    method: &'static Method,
    message: &MessageDescriptor,
    protobuf: &Bytes,
) -> Prepared {
    if let Some(paging) = &method.paging {
        let items = forms::to_json(message, protobuf);
        let items = message
            .get_field_by_name(&paging.items)
            .and_then(|field| items.get(field.json_name())?.as_array().cloned());
        let list = List {
            items: Items::Json(items.unwrap_or_default()),
            empty_pages: Vec::new(),
        };
        if let Ok(pages) = Pages::new(method, &list, Some(protobuf)) {
            return Prepared::Pages(pages, Shell::ok());
        }
    }
    Prepared::Reply(Reply {
        shell: Shell::ok(),
        body: Body::Message(message.clone(), protobuf.clone()),
    })
}

/// An example that says that it is the result, and all of it.
fn ready_example(method: &Method, message: &MessageDescriptor) -> Bytes {
    let protobuf = example_of(message);
    let Ok(mut body) = DynamicMessage::decode(message.clone(), protobuf.clone()) else {
        return protobuf;
    };
    for name in ["HasMoreResults", "HaveMoreDocuments"] {
        if let Some(field) = message.get_field_by_name(name) {
            body.set_field(&field, Value::Bool(false));
        }
    }
    for pending in &method.pending {
        let field = pending
            .field
            .as_ref()
            .and_then(|name| message.get_field_by_name(name));
        let Some((field, Kind::Enum(item))) = field.map(|field| (field.clone(), field.kind()))
        else {
            continue;
        };
        let is_ready = |name: &str| {
            !pending.values.iter().any(|value| value == name) && !name.starts_with("Unknown")
        };
        let ready = item.values().find(|value| is_ready(value.name()));
        if let Some(ready) = ready {
            body.set_field(&field, Value::EnumNumber(ready.number()));
        }
    }
    body.encode_to_vec().into()
}

/// A valid message with every field.
pub(super) fn example_of(message: &MessageDescriptor) -> Bytes {
    let body = example(message, Example::Full).to_string();
    forms::from_json(message, body.as_bytes()).unwrap_or_default()
}

/// A file of the kind that the method makes.
fn file(method: &Method) -> Answer {
    let name = method.name();
    if name.contains("PrintForm") {
        Answer::bytes(PDF)
            .content_type("application/pdf")
            .file_name("sample.pdf")
    } else if name.contains("Protocol") {
        Answer::bytes(ARCHIVE)
            .content_type("application/zip")
            .file_name("protocol.zip")
    } else if name.contains("Xml") || name == "GetContent" {
        Answer::bytes(XML)
            .content_type("application/xml")
            .file_name("sample.xml")
    } else {
        Answer::bytes("sample").file_name("sample.bin")
    }
}

fn prepared(method: &'static Method, answer: Answer) -> Prepared {
    prepare(method, answer).unwrap_or(Prepared::Reply(Reply {
        shell: Shell::ok(),
        body: Body::Nothing,
    }))
}
