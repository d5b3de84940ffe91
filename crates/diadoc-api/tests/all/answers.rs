//! What answers mean.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use diadoc_api::docflows::{GetDocflowsByPacketIdV4, GetDocflowsV4, SearchDocflowsV4};
use diadoc_api::documents::{Delete, GetDocumentsV3, GetEntityContentV4, GetSignatureInfo};
use diadoc_api::events::GetLastEventV2;
use diadoc_api::forwarding::GetForwardedDocumentsV2;
use diadoc_api::generation::ParseGarAddressV1;
use diadoc_api::headers::LONG_DELAY;
use diadoc_api::messages::{GetMessageV6, PostMessageV3};
use diadoc_api::print_forms::{GenerateDocumentZip, GeneratePrintForm};
use diadoc_api::shelf::ShelfUploadV2;
use diadoc_api::signing::DssSignResult;
use diadoc_api::{ApiError, Call, ErrorKind, METHODS, Outcome, Request, ResponseKind};
use diadoc_proto::documents::DocumentList;
use diadoc_proto::dss::{DssOperationStatus, DssSignResult as DssResult};
use prost::Message as _;

use crate::{BOX, json};

fn fixture(name: &str) -> http::Response<Bytes> {
    let path = format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    json(200, &std::fs::read_to_string(path).unwrap())
}

fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> http::Response<Bytes> {
    let mut builder = http::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body.into()).unwrap()
}

/// A request, and what comes of it with an answer.
trait Sample: Request {
    fn sample() -> Self;

    fn answered(response: http::Response<Bytes>) -> Result<Outcome<Self::Response>, ApiError> {
        Self::sample().outcome(response)
    }
}

macro_rules! samples {
    ($($request:ident($($argument:expr),*);)+) => {
        $(impl Sample for $request {
            fn sample() -> Self {
                Self::new($($argument),*)
            }
        })+
    };
}

samples! {
    Delete(BOX, "");
    DssSignResult(BOX, "");
    GenerateDocumentZip(BOX, "", "", true);
    GeneratePrintForm(BOX, "", "");
    GetDocflowsByPacketIdV4(BOX, Default::default());
    GetDocflowsV4(BOX, Default::default());
    GetDocumentsV3(BOX, "Any.Inbound");
    GetEntityContentV4(BOX, "", "");
    GetForwardedDocumentsV2(BOX, Default::default());
    GetLastEventV2(BOX);
    GetMessageV6(BOX, "");
    GetSignatureInfo(BOX, "", "");
    ParseGarAddressV1("");
    PostMessageV3(Default::default());
    SearchDocflowsV4(BOX, Default::default());
    ShelfUploadV2("");
}

fn ready<R: Sample>(response: http::Response<Bytes>) -> R::Response {
    R::answered(response).unwrap().ready().expect("ready")
}

#[test]
fn documented_answers_come_out_typed() {
    let zip = ready::<GenerateDocumentZip>(fixture("GenerateDocumentZip_response.json"));
    assert!(zip.zip_file_name_on_shelf().contains("Diadoc.Documents"));
    let forwarded =
        ready::<GetForwardedDocumentsV2>(fixture("GetForwardedDocuments_V2_response.json"));
    assert_eq!(forwarded.forwarded_documents.len(), 1);
    let packet =
        ready::<GetDocflowsByPacketIdV4>(fixture("GetDocflowsByPacketId_V4_response.json"));
    assert!(!packet.documents.is_empty());
    let documents = ready::<GetDocumentsV3>(fixture("GetDocuments_V3_response.json"));
    assert_eq!((documents.total_count, documents.documents.len()), (2, 2));
    let found = ready::<SearchDocflowsV4>(fixture("SearchDocflows_V4_response.json"));
    assert_eq!(found.have_more_documents, Some(false));
    let message = ready::<GetMessageV6>(fixture("GetMessage_V6_response.json"));
    assert_eq!(message.message_id, "a6865acc-050a-432f-9a77-548e32a3c7c8");
    let docflows = ready::<GetDocflowsV4>(fixture("GetDocflows_V4_response.json"));
    assert!(!docflows.documents.is_empty());
    // The page cuts a certificate short.
    let cut = fixture("GetSignatureInfo_response.json");
    let error = GetSignatureInfo::answered(cut).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    let why = error.cause().unwrap().to_string();
    assert!(why.contains("DerCertificate: expected base64"), "{why}");
    // The text has it, and nothing has it twice.
    let said = format!("GetSignatureInfo: the answer cannot be read (status 200): {why}");
    assert_eq!(error.to_string(), said);
    assert!(error.source().is_none());
}

#[test]
fn the_content_type_names_the_form() {
    let list = DocumentList {
        total_count: 7,
        ..DocumentList::default()
    };
    let body = list.encode_to_vec();
    for content_type in ["application/x-protobuf", "application/octet-stream"] {
        let answer = answer(200, &[("Content-Type", content_type)], body.clone());
        assert_eq!(ready::<GetDocumentsV3>(answer), list);
    }
    assert_eq!(ready::<GetDocumentsV3>(answer(200, &[], body)), list);
    assert_eq!(
        ready::<GetDocumentsV3>(json(200, r#"{"TotalCount": 7}"#)),
        list
    );

    let page = answer(200, &[("Content-Type", "text/html")], "<html>");
    let error = GetDocumentsV3::answered(page).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.to_string().contains("text/html"), "{error}");
    let broken = GetDocumentsV3::answered(json(200, r#"{"Documents": 1}"#)).unwrap_err();
    assert_eq!(broken.kind(), ErrorKind::Unreadable);
    assert!(broken.to_string().contains("Documents"), "{broken}");
    let cut = answer(200, &[], vec![0x12, 0xff]);
    assert_eq!(
        GetDocumentsV3::answered(cut).unwrap_err().kind(),
        ErrorKind::Unreadable
    );
}

#[test]
fn files_texts_and_nothing() {
    let file = answer(
        200,
        &[
            ("Content-Type", "application/pdf"),
            (
                "Content-Disposition",
                "attachment; filename*=UTF-8''%D0%B0.pdf",
            ),
        ],
        vec![0, 159, 255],
    );
    let content = ready::<GetEntityContentV4>(file);
    assert_eq!(&content.content[..], [0, 159, 255]);
    assert_eq!(content.file_name.as_deref(), Some("а.pdf"));
    assert_eq!(content.content_type.as_deref(), Some("application/pdf"));

    let text = answer(200, &[("Content-Type", "text/plain")], "file-name\r\n");
    assert_eq!(ready::<ShelfUploadV2>(text), "file-name");
    let text = answer(200, &[], vec![0xff]);
    let error = ShelfUploadV2::answered(text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);

    ready::<Delete>(answer(200, &[], ""));
}

#[test]
fn there_may_be_no_last_event() {
    assert_eq!(ready::<GetLastEventV2>(answer(204, &[], "")), None);
    let event = ready::<GetLastEventV2>(json(200, r#"{"EventId": "a"}"#));
    assert_eq!(event.unwrap().event_id, "a");
    // Of this method an empty body says so.
    assert_eq!(ready::<ParseGarAddressV1>(answer(200, &[], "")), None);
    assert!(ready::<ParseGarAddressV1>(json(200, "{}")).is_some());
    // Elsewhere a 204 is no empty message.
    let error = GetDocumentsV3::answered(answer(204, &[], "")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
}

#[test]
fn not_ready_yet() {
    fn delay<R: Sample<Response = T>, T: std::fmt::Debug>(
        response: http::Response<Bytes>,
    ) -> Option<u64> {
        match R::answered(response).unwrap() {
            Outcome::Pending { retry_after } => retry_after.map(|delay| delay.as_secs()),
            Outcome::Ready(result) => panic!("{result:?}"),
        }
    }
    let after = |status, seconds| answer(status, &[("Retry-After", seconds)], "");
    assert_eq!(delay::<GenerateDocumentZip, _>(after(204, "5")), Some(5));
    assert_eq!(delay::<GenerateDocumentZip, _>(after(200, "5")), Some(5));
    assert_eq!(delay::<GenerateDocumentZip, _>(answer(204, &[], "")), None);
    let long = Some(LONG_DELAY.as_secs());
    assert_eq!(delay::<GenerateDocumentZip, _>(after(204, "soon")), long);
    assert_eq!(delay::<GeneratePrintForm, _>(after(204, "1")), Some(1));
    assert_eq!(delay::<PostMessageV3, _>(after(409, "3")), Some(3));
    // Without the header a conflict is an error.
    let error = PostMessageV3::answered(answer(409, &[], "")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    // And of other methods it always is.
    assert!(Delete::answered(after(409, "3")).is_err());
}

/// Of every method: what answers with nothing where something is due is no result, neither typed nor not.
#[test]
fn nothing_is_not_taken_for_something() {
    let later = [("Retry-After", "7")];
    let seven = Some(Duration::from_secs(7));
    for method in METHODS {
        let name = method.name;
        let outcome =
            |status, headers: &[_]| Call::new(method).outcome(answer(status, headers, ""));
        let unreadable = |outcome: Result<Outcome<_>, ApiError>| match outcome {
            Err(error) if error.kind() == ErrorKind::Unreadable => true,
            other => panic!("{name}: {other:?}"),
        };
        // Without a field that tells, success that asks to wait is none.
        let by_field = method.pending.iter().any(|pending| pending.field.is_some());
        for status in [200, 201, 202, 204, 206] {
            let outcome = outcome(status, &later);
            if method.pending.is_empty() || by_field && status == 200 {
                let is_error = |error: &ApiError| error.retry_after() == seven && error.may_pass();
                assert!(
                    status == 200 || outcome.as_ref().is_err_and(is_error),
                    "{name} {status}"
                );
            } else {
                let pending = Outcome::Pending { retry_after: seven };
                assert_eq!(outcome.unwrap(), pending, "{name} {status}");
            }
        }
        let pends = |status| {
            method
                .pending
                .iter()
                .any(|one| one.status == status && !one.header_required)
        };
        for status in [201, 202, 205, 206, 226] {
            assert!(unreadable(outcome(status, &[])));
        }
        let is_nothing = method.absent == Some(204) || method.response == ResponseKind::Nothing;
        match is_nothing {
            _ if pends(204) => {}
            true => assert!(outcome(204, &[]).is_ok(), "{name}"),
            false => assert!(unreadable(outcome(204, &[]))),
        }
        match method.may_be_empty || method.absent == Some(200) {
            true => assert!(outcome(200, &[]).unwrap().ready().is_some(), "{name}"),
            false => assert!(unreadable(outcome(200, &[]))),
        }
    }
    for (error, text) in [
        (
            PostMessageV3::answered(answer(200, &[], "")).unwrap_err(),
            "PostMessageV3: the answer cannot be read (status 200): it has no content, and \
             Diadoc.Api.Proto.Events.Message has required fields",
        ),
        (
            ShelfUploadV2::answered(json(200, "")).unwrap_err(),
            "ShelfUploadV2: the answer cannot be read (status 200): it has no content",
        ),
        (
            GetEntityContentV4::answered(answer(206, &[], "half")).unwrap_err(),
            "GetEntityContentV4: the answer cannot be read (status 206): this status brings no \
             result, though it means success",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
    // A message without required fields has no bytes where nothing is set.
    ready::<GetDocflowsV4>(answer(200, &[], ""));
    assert!(
        ready::<GetEntityContentV4>(answer(200, &[], ""))
            .content
            .is_empty()
    );
}

#[test]
fn a_field_tells_that_it_is_not_ready() {
    let with = |status: DssOperationStatus| {
        let result = DssResult {
            operation_status: Some(status as i32),
            ..DssResult::default()
        };
        let response = answer(200, &[("Retry-After", "9")], result.encode_to_vec());
        DssSignResult::answered(response).unwrap()
    };
    let retry_after = Some(Duration::from_secs(9));
    assert_eq!(
        with(DssOperationStatus::InProgress),
        Outcome::Pending { retry_after }
    );
    assert!(with(DssOperationStatus::Completed).ready().is_some());
}

#[test]
fn each_status_means_something() {
    let cases = [
        (400, ErrorKind::BadRequest, false),
        (401, ErrorKind::Unauthorized, false),
        (402, ErrorKind::SubscriptionEnded, false),
        (403, ErrorKind::Forbidden, false),
        (404, ErrorKind::NotFound, false),
        (405, ErrorKind::WrongVerb, false),
        (408, ErrorKind::Other, true),
        (409, ErrorKind::Conflict, false),
        (410, ErrorKind::Gone, false),
        (415, ErrorKind::UnsupportedMediaType, false),
        (429, ErrorKind::TooManyRequests, true),
        (500, ErrorKind::Server, true),
        (503, ErrorKind::Server, true),
        (302, ErrorKind::Other, false),
    ];
    for (status, kind, may_pass) in cases {
        let error = GetDocumentsV3::answered(answer(status, &[], "")).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.may_pass(), may_pass, "{status}");
        assert_eq!(error.status().as_u16(), status);
        assert_eq!(error.method(), "GetDocumentsV3");
    }
}

#[test]
fn an_error_carries_what_the_server_says() {
    let response = answer(
        429,
        &[
            ("X-Diadoc-ErrorCode", "Limits.TooMany"),
            ("Retry-After", "30"),
            ("X-Kontur-Trace-Id", "0f8fad5bd9cb469fa165"),
        ],
        "  Слишком много запросов\n",
    );
    let error = GetDocumentsV3::answered(response).unwrap_err();
    assert_eq!(error.text(), "Слишком много запросов");
    assert_eq!(error.code(), Some("Limits.TooMany"));
    assert_eq!(error.trace_id(), Some("0f8fad5bd9cb469fa165"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!(
        error.to_string(),
        "GetDocumentsV3: too many requests (status 429, Limits.TooMany), try again in 30 s: \
         Слишком много запросов (trace id 0f8fad5bd9cb469fa165)"
    );
    let traced = [("X-Kontur-Trace-Id", "a1"), ("Content-Type", "text/html")];
    let unreadable = GetDocumentsV3::answered(answer(200, &traced, "")).unwrap_err();
    assert_eq!(unreadable.trace_id(), Some("a1"));
    assert!(
        unreadable.to_string().ends_with(" (trace id a1)"),
        "{unreadable}"
    );
    let long = GetDocumentsV3::answered(answer(400, &[], "я".repeat(10_000))).unwrap_err();
    assert_eq!(long.text().chars().count(), 4000);
}
