//! Rules are held before anything is sent.

use diadoc_api::authorization::{AuthenticateConfirmV3, AuthenticateV3};
use diadoc_api::counteragents::{BreakWithCounteragentV2, GetCounteragentsV3};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::generation::GenerateInvoiceXml;
use diadoc_api::{Config, Form, Request, RequestError};
use diadoc_proto::invoicing::{InvoiceCorrectionInfo, InvoiceInfo};
use diadoc_proto::{BoxId, DocumentDate, LoginPassword, SortDirection, Ticks};

use diadoc_testkit::strategies::messages;
use proptest::prelude::*;
use prost::Message as _;

use crate::BOX;

fn documents() -> GetDocumentsV3 {
    GetDocumentsV3::new(BOX, "Any.Inbound")
}

/// The rules and places that a request goes against.
fn faults(request: &impl Request) -> Vec<(String, &'static str)> {
    match request.check() {
        Ok(()) => Vec::new(),
        Err(error) => error
            .violations()
            .iter()
            .map(|violation| (violation.parameter.clone(), violation.rule.id()))
            .collect(),
    }
}

fn one(place: &str, rule: &'static str) -> Vec<(String, &'static str)> {
    vec![(place.to_owned(), rule)]
}

#[test]
fn parameters_of_get_documents() {
    assert_eq!(faults(&documents()), []);
    for count in [0, 1, 100] {
        assert_eq!(faults(&documents().count(count)), []);
    }
    for count in [-1, 101, i32::MAX] {
        assert_eq!(
            faults(&documents().count(count)),
            one("count", "field.range")
        );
    }
    for date in ["1.2.2024", "2024-02-01", "30.02.2024", "01.02.2024 "] {
        assert_eq!(
            faults(&documents().from_document_date(date)),
            one("fromDocumentDate", "field.format"),
            "{date}"
        );
    }
    assert_eq!(faults(&documents().from_document_date("29.02.2024")), []);
    for ticks in [-1, Ticks::MAX.get() + 1] {
        assert_eq!(
            faults(&documents().timestamp_from_ticks(ticks)),
            one("timestampFromTicks", "field.format")
        );
    }
    assert_eq!(
        faults(&GetDocumentsV3::new(BOX, "Any.Incoming")),
        one("filterCategory", "field.format")
    );
    assert_eq!(
        faults(&GetDocumentsV3::new("1f208d03", "Any.Inbound")),
        one("boxId", "field.format")
    );
    assert_eq!(
        faults(&documents().department_id("1f208d032a604f6491b1b7aad54cfaf3")),
        one("departmentId", "field.format")
    );
}

#[test]
fn parameters_that_exclude_each_other() {
    let number = documents().document_number("1");
    assert_eq!(
        faults(&number.clone().timestamp_from_ticks(1)),
        one("documentNumber, timestampFromTicks", "message.excludes")
    );
    assert_eq!(
        faults(&number.clone().timestamp_to_ticks(1)),
        one("documentNumber, timestampToTicks", "message.excludes")
    );
    let ticks = documents().timestamp_to_ticks(1);
    assert_eq!(
        faults(&ticks.to_document_date("01.02.2024")),
        one("timestampToTicks, toDocumentDate", "message.excludes")
    );
    // A number with dates is fine, and so are both ends of one interval.
    let number = number.from_document_date("01.02.2024");
    assert_eq!(faults(&number.to_document_date("02.02.2024")), []);
    let ticks = documents().timestamp_from_ticks(1).timestamp_to_ticks(2);
    assert_eq!(faults(&ticks), []);
    assert_eq!(
        faults(&GetCounteragentsV3::new(BOX).query("a").after_index_key("b")),
        one("query, afterIndexKey", "message.excludes")
    );
}

#[test]
fn what_is_required_is_not_empty() {
    assert_eq!(
        faults(&GetDocumentsV3::new("", "Any.Inbound")),
        one("boxId", "parameter.required")
    );
    assert_eq!(
        faults(&GetDocumentsV3::new(BOX, "")),
        one("filterCategory", "parameter.required")
    );
}

#[test]
fn lengths_count_characters() {
    let request = BreakWithCounteragentV2::new(BOX, BOX);
    assert_eq!(faults(&request.clone().comment("я".repeat(5000))), []);
    assert_eq!(
        faults(&request.comment("я".repeat(5001))),
        one("comment", "field.length")
    );
}

#[test]
fn one_body_of_several() {
    let request = AuthenticateV3::new("password");
    let with_password = request.login_password(LoginPassword::default());
    assert_eq!(faults(&with_password), []);
    assert_eq!(
        faults(&with_password.certificate(vec![1])),
        one("loginPassword, certificate", "message.excludes")
    );
    let request = GenerateInvoiceXml::new();
    let both = "invoice, invoiceCorrection";
    assert_eq!(faults(&request), one(both, "message.one-of"));
    let request = request.invoice(InvoiceInfo::default());
    assert!(!faults(&request).contains(&one(both, "message.one-of")[0]));
    let request = request.invoice_correction(InvoiceCorrectionInfo::default());
    assert!(faults(&request).contains(&one(both, "message.one-of")[0]));
    let confirm = AuthenticateConfirmV3::new("token");
    assert_eq!(faults(&confirm), one("thumbprint, body", "message.one-of"));
    assert_eq!(faults(&confirm.thumbprint("AB").body(vec![1])), []);
}

#[test]
fn patterns() {
    let request = |kind: &str| AuthenticateV3::new(kind);
    for kind in ["password", "certificate", "sid", "trust"] {
        assert_eq!(faults(&request(kind)), []);
    }
    assert_eq!(faults(&request("passwort")), one("type", "field.pattern"));
}

#[test]
fn nothing_is_sent_and_all_is_named() {
    let request = documents().count(101).from_document_date("soon");
    let error = request.to_http(&Config::new(), Form::Protobuf).unwrap_err();
    let RequestError::Rules(check) = &error else {
        panic!("{error}");
    };
    assert_eq!(check.method(), "GetDocumentsV3");
    assert_eq!(check.violations().len(), 2);
    assert_eq!(
        error.to_string(),
        "GetDocumentsV3 was not sent: fromDocumentDate: the string does not have the format of its \
         field, expected a date dd.MM.yyyy (field.format); count: 101 lies outside the range of the \
         field, expected a number from 0 to 100 (field.range)"
    );
    // Unless the caller wants to see what the server says.
    let config = Config::new().unchecked();
    let http = request.to_http(&config, Form::Protobuf).unwrap();
    assert!(http.uri().query().unwrap().ends_with("count=101"));
}

#[test]
fn typed_values_fit() {
    let id: BoxId = "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru"
        .parse()
        .unwrap();
    let filter = diadoc_api::FilterCategory::any(diadoc_api::DocumentClass::Inbound);
    let request = GetDocumentsV3::new(id, filter)
        .from_document_date(DocumentDate::new(2024, 2, 29).unwrap())
        .sort_direction(SortDirection::Descending);
    assert_eq!(
        crate::path_and_query(&request),
        "/V3/GetDocuments?boxId=1f208d03-2a60-4f64-91b1-b7aad54cfaf3&filterCategory=Any.Inbound\
         &fromDocumentDate=29.02.2024&sortDirection=Descending"
    );
    let request = documents().timestamp_from_ticks(Ticks::UNIX_EPOCH);
    assert!(crate::path_and_query(&request).ends_with("timestampFromTicks=621355968000000000"));
}

/// What this crate finds in a body, and what diadoc-schema finds in its bytes: place and rule.
fn findings(
    message: &prost_reflect::MessageDescriptor,
    bytes: &[u8],
    request: &impl Request,
) -> [std::collections::BTreeSet<(String, String)>; 2] {
    let ours = faults(request).into_iter();
    let ours = ours.filter(|(place, _)| place.starts_with("body."));
    let report =
        diadoc_schema::validate_protobuf(message, bytes, diadoc_schema::Direction::Request);
    let theirs = report.findings.iter().map(|finding| {
        (
            format!("body.{}", finding.path),
            finding.rule.id().to_owned(),
        )
    });
    // About which fields are set, both say the same with other places.
    let of_fields = |(_, rule): &(String, String)| rule.starts_with("field.");
    [
        ours.map(|(place, rule)| (place, rule.to_owned()))
            .filter(of_fields)
            .collect(),
        theirs.filter(of_fields).collect(),
    ]
}

proptest! {
    /// The rules of bodies are written twice, as data there and as code here: both find the same.
    #[test]
    fn bodies_are_held_as_the_validator_holds_them(
        message in messages(body("PostMessageV3")),
        documents in messages(body("GetDocumentsV4")),
        template in messages(body("PostTemplate")),
    ) {
        use diadoc_api::documents::GetDocumentsV4;
        use diadoc_api::messages::{PostMessageV3, PostTemplate};
        let bytes = message.encode_to_vec();
        let request = PostMessageV3::new(prost::Message::decode(&*bytes).unwrap());
        let [ours, theirs] = findings(&body("PostMessageV3"), &bytes, &request);
        prop_assert_eq!(ours, theirs);
        let bytes = documents.encode_to_vec();
        let request = GetDocumentsV4::new(BOX, prost::Message::decode(&*bytes).unwrap());
        let [ours, theirs] = findings(&body("GetDocumentsV4"), &bytes, &request);
        prop_assert_eq!(ours, theirs);
        let bytes = template.encode_to_vec();
        let request = PostTemplate::new(prost::Message::decode(&*bytes).unwrap());
        let [ours, theirs] = findings(&body("PostTemplate"), &bytes, &request);
        prop_assert_eq!(ours, theirs);
    }
}

/// The message that is the body of a method.
fn body(method: &str) -> prost_reflect::MessageDescriptor {
    let method = diadoc_schema::Schema::diadoc().method(method).unwrap();
    match &method.bodies[0].kind {
        diadoc_schema::BodyKind::Message(message) => message.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bodies_are_held_too() {
    use diadoc_api::messages::PostMessageV3;
    use diadoc_proto::events::{DocumentAttachment, MessageToPost, MetadataItem};

    let item = |key: &str| MetadataItem {
        key: key.into(),
        value: "x".into(),
    };
    let body = MessageToPost {
        from_box_id: BOX.into(),
        to_box_id: Some("nobody".into()),
        document_attachments: vec![
            DocumentAttachment {
                type_named_id: "Nonformalized".into(),
                comment: Some("я".repeat(5001)),
                ..DocumentAttachment::default()
            },
            DocumentAttachment {
                type_named_id: "Nonformalized".into(),
                metadata: vec![item("FileName"), item("имя")],
                ..DocumentAttachment::default()
            },
        ],
        ..MessageToPost::default()
    };
    let found = faults(&PostMessageV3::new(body));
    for expected in [
        ("body.ToBoxId", "field.format"),
        ("body.DocumentAttachments[0].Comment", "field.length"),
    ] {
        let expected = (expected.0.to_owned(), expected.1);
        assert!(found.contains(&expected), "{found:?}");
    }
    assert_eq!(found.len(), 2, "{found:?}");
}
