//! Rules are held before anything is sent.

use std::collections::BTreeSet;

use diadoc_api::authorization::{AuthenticateConfirmV3, AuthenticateV3};
use diadoc_api::counteragents::{BreakWithCounteragentV2, GetCounteragentsV3};
use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::generation::GenerateInvoiceXml;
use diadoc_api::{Call, Config, Form, METHODS, Request, RequestError};
use diadoc_proto::events::DocumentAttachment;
use diadoc_proto::invoicing::{InvoiceCorrectionInfo, InvoiceInfo};
use diadoc_proto::{BoxId, DocumentDate, LoginPassword, SortDirection, Ticks};

use crate::{BOX, letter};

fn documents() -> GetDocumentsV3 {
    GetDocumentsV3::new(BOX, "Any.Inbound")
}

/// `rule place` of what a request goes against.
fn faults(request: &impl Request) -> Vec<String> {
    let error = request.check().err();
    let violations = error.iter().flat_map(|error| error.violations());
    violations
        .map(|one| format!("{} {}", one.rule.id(), one.parameter))
        .collect()
}

#[track_caller]
fn keeps(request: &impl Request) {
    assert_eq!(faults(request), [""; 0]);
}

#[track_caller]
fn breaks(request: &impl Request, fault: &str) {
    assert_eq!(faults(request), [fault]);
}

/// Of every parameter that travels in a header: what no header can hold.
#[test]
fn no_line_breaks_in_headers() {
    let mut headers = 0;
    for method in METHODS {
        for parameter in method.parameters.iter().filter(|one| one.header.is_some()) {
            headers += 1;
            for text in ["a\r\nX-Other: b", "a\n", "\r", "a\0", "a\u{7f}"] {
                let call = Call::new(method).parameter(parameter.name, text);
                let fault = format!("parameter.type {}", parameter.name);
                assert!(faults(&call).contains(&fault), "{} {text:?}", method.name);
                let shown = call.check().unwrap_err().to_string();
                assert!(shown.contains("travels in a header") && !shown.contains("X-Other"));
            }
            for text in ["a b", "a\tb", "ключ"] {
                let call = Call::new(method).parameter(parameter.name, text);
                let fault = format!("parameter.type {}", parameter.name);
                assert!(!faults(&call).contains(&fault), "{} {text:?}", method.name);
            }
        }
    }
    assert!(headers > 0);
}

#[test]
fn parameters_of_get_documents() {
    keeps(&documents());
    for count in [0, 1, 100] {
        keeps(&documents().count(count));
    }
    for count in [-1, 101, i32::MAX] {
        breaks(&documents().count(count), "field.range count");
    }
    for date in ["1.2.2024", "2024-02-01", "30.02.2024", "01.02.2024 "] {
        breaks(
            &documents().from_document_date(date),
            "field.format fromDocumentDate",
        );
    }
    keeps(&documents().from_document_date("29.02.2024"));
    for ticks in [-1, Ticks::MAX.get() + 1] {
        breaks(
            &documents().timestamp_from_ticks(ticks),
            "field.format timestampFromTicks",
        );
    }
    breaks(
        &GetDocumentsV3::new(BOX, "Any.Incoming"),
        "field.format filterCategory",
    );
    breaks(
        &GetDocumentsV3::new("1f208d03", "Any.Inbound"),
        "field.format boxId",
    );
    breaks(
        &documents().department_id("1f208d032a604f6491b1b7aad54cfaf3"),
        "field.format departmentId",
    );
}

#[test]
fn parameters_that_exclude_each_other() {
    let number = documents().document_number("1");
    breaks(
        &number.clone().timestamp_from_ticks(1),
        "message.excludes documentNumber, timestampFromTicks",
    );
    breaks(
        &number.clone().timestamp_to_ticks(1),
        "message.excludes documentNumber, timestampToTicks",
    );
    let ticks = documents().timestamp_to_ticks(1);
    breaks(
        &ticks.to_document_date("01.02.2024"),
        "message.excludes timestampToTicks, toDocumentDate",
    );
    // A number with dates is fine, and so are both ends of one interval.
    let number = number.from_document_date("01.02.2024");
    keeps(&number.to_document_date("02.02.2024"));
    let ticks = documents().timestamp_from_ticks(1).timestamp_to_ticks(2);
    keeps(&ticks);
    breaks(
        &GetCounteragentsV3::new(BOX).query("a").after_index_key("b"),
        "message.excludes query, afterIndexKey",
    );
}

#[test]
fn what_is_required_is_not_empty() {
    breaks(
        &GetDocumentsV3::new("", "Any.Inbound"),
        "parameter.required boxId",
    );
    breaks(
        &GetDocumentsV3::new(BOX, ""),
        "parameter.required filterCategory",
    );
}

#[test]
fn lengths_count_characters() {
    let request = BreakWithCounteragentV2::new(BOX, BOX);
    keeps(&request.clone().comment("я".repeat(5000)));
    breaks(&request.comment("я".repeat(5001)), "field.length comment");
}

#[test]
fn one_body_of_several() {
    let request = AuthenticateV3::new("password");
    let with_password = request.login_password(LoginPassword {
        login: "user@example.com".into(),
        password: "secret".into(),
    });
    keeps(&with_password);
    breaks(
        &with_password.certificate(vec![1]),
        "message.excludes loginPassword, certificate",
    );
    let request = GenerateInvoiceXml::new();
    let both = "message.one-of invoice, invoiceCorrection".to_owned();
    breaks(&request, &both);
    let request = request.invoice(InvoiceInfo::default());
    assert!(!faults(&request).contains(&both));
    let request = request.invoice_correction(InvoiceCorrectionInfo::default());
    assert!(faults(&request).contains(&both));
    let confirm = AuthenticateConfirmV3::new("token");
    breaks(&confirm, "message.one-of thumbprint, body");
    keeps(&confirm.thumbprint("AB").body(vec![1]));
}

#[test]
fn patterns() {
    let request = |kind: &str| AuthenticateV3::new(kind);
    for kind in ["password", "certificate", "sid", "trust"] {
        keeps(&request(kind));
    }
    breaks(&request("passwort"), "field.pattern type");
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
    let id = BoxId::try_from("1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru").unwrap();
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

#[test]
fn bodies_are_held_too() {
    use diadoc_api::messages::PostMessageV3;

    keeps(&PostMessageV3::new(letter()));
    let mut body = letter();
    body.document_attachments
        .push(DocumentAttachment::default());
    body.to_box_id = Some("nobody".into());
    body.document_attachments[0].comment = Some("я".repeat(5001));
    body.document_attachments[0].metadata[0].key = "имя".into();
    let found = faults(&PostMessageV3::new(body));
    let expected = [
        "field.format body.ToBoxId",
        "field.length body.DocumentAttachments[0].Comment",
        "message.required body.DocumentAttachments[0].Metadata",
        "message.one-of body.DocumentAttachments[1].SignedContent",
        "field.empty body.DocumentAttachments[1].TypeNamedId",
    ];
    let found = BTreeSet::from_iter(found);
    for fault in expected {
        assert!(found.contains(fault), "{fault} is not in {found:#?}");
    }
}

#[test]
fn contents_are_measured() {
    use diadoc_api::messages::PostTemplate;
    use diadoc_api::shelf::ShelfUploadPart;
    use diadoc_proto::events::{TemplateDocumentAttachment, TemplateToPost, UnsignedContent};

    let part = |size| ShelfUploadPart::new("name", 1, vec![0; size]);
    keeps(&part(3 << 20));
    breaks(&part((3 << 20) + 1), "field.bytes body");

    let template = |size| {
        let content = UnsignedContent {
            content: Some(vec![0; size].into()),
            ..UnsignedContent::default()
        };
        PostTemplate::new(TemplateToPost {
            from_box_id: BOX.into(),
            to_box_id: BOX.into(),
            message_from_box_id: BOX.into(),
            message_to_box_id: BOX.into(),
            document_attachments: vec![TemplateDocumentAttachment {
                unsigned_content: content,
                type_named_id: "Nonformalized".into(),
                ..TemplateDocumentAttachment::default()
            }],
            ..TemplateToPost::default()
        })
    };
    keeps(&template(5 << 20));
    breaks(
        &template((5 << 20) + 1),
        "field.bytes body.DocumentAttachments[0].UnsignedContent.Content",
    );
}

#[test]
fn filters_that_may_have_been_meant() {
    for (filter, meant) in [
        ("Any.Inbound", None),
        ("Any.InboundNotReed", Some("Any.InboundNotRead")),
        ("any.inboundFinished", Some("any.InboundFinished")),
        ("XmlTorg12.Outgoing", Some("XmlTorg12.Outbound")),
        ("Deleted", Some("Any.Deleted")),
        ("AnyUnilateralDocumentType.Outbound", Some("Any.Outbound")),
        ("Any.Nothing", None),
        ("Я.Inbound", None),
    ] {
        let error = GetDocumentsV3::new(BOX, filter).check().err();
        let violations = error.iter().flat_map(|error| error.violations());
        let found: Vec<_> = violations
            .map(|one| (one.rule.id(), one.suggestion.as_deref()))
            .collect();
        match filter {
            "Any.Inbound" => assert_eq!(found, []),
            _ => assert_eq!(found, [("field.format", meant)], "{filter}"),
        }
    }
}
