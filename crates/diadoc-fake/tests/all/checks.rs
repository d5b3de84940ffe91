//! What the fake refuses.

use crate::http::{Call, JSON, PROTOBUF};
use crate::{BOX, started};
use diadoc_fake::Fake;
use diadoc_proto::docflow::GetDocflowEventsRequest;

fn documents(query: &str) -> Call {
    let target = format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound{query}");
    Call::get(target).accept(JSON)
}

#[tokio::test]
async fn paths_and_verbs() {
    let fake = started().await;
    let came = Call::get("/V3/GetDocument5?a=b").send(&fake).await;
    assert_eq!(came.status, 501);
    assert_eq!(
        came.text(),
        "No handler for: http://fake/V3/GetDocument5?a=b\n\n\
         no method has the path /V3/GetDocument5; did you mean /V3/GetDocument?\n"
    );
    assert_eq!(came.header("dont-retry"), Some("True"));
    assert_eq!(came.header("x-kontur-dont-retry"), Some("True"));
    let came = Call::post("/V3/GetDocuments", JSON, "{}").send(&fake).await;
    assert_eq!((came.status, came.header("allow")), (405, Some("GET")));
    assert_eq!(came.text(), "Supported http request methods: GET");
    let received = fake.received();
    assert_eq!(received[0].method, None);
    assert_eq!(
        received[1].reasons,
        ["/V3/GetDocuments takes GET, not POST"]
    );
}

#[tokio::test]
async fn tokens() {
    let fake = Fake::builder()
        .stateless()
        .token("right")
        .start()
        .await
        .unwrap();
    for (header, status) in [
        ("", 401),
        ("Bearer ", 401),
        ("Bearer wrong", 401),
        ("Bearer right", 200),
        ("DiadocAuth ddauth_token=right", 401),
        ("DiadocAuth ddauth_api_client_id=id", 401),
        ("DiadocAuth ddauth_api_client_id=id,ddauth_token=wrong", 401),
        (
            "DiadocAuth ddauth_api_client_id=id, ddauth_token=right",
            200,
        ),
        ("Basic right", 401),
    ] {
        let call = documents("").with("Authorization", header);
        let came = call.send(&fake).await;
        assert_eq!(came.status, status, "{header}: {}", came.text());
        if header.ends_with("wrong") {
            assert_eq!(came.text(), "Invalid auth token\n");
        }
    }
    fake.accept_token(Some("fresh"));
    let call = documents("").with("Authorization", "Bearer fresh");
    let came = call.send(&fake).await;
    assert_eq!(came.status, 200);
    // Whoever asks for a token has none.
    let body = r#"{"login":"l","password":"p"}"#;
    let call = Call::post("/V3/Authenticate?type=password", JSON, body);
    let call = call.with("Authorization", "DiadocAuth ddauth_api_client_id=id");
    let came = call.send(&fake).await;
    assert_eq!((came.status, came.text()), (200, "fake-token"));
}

#[tokio::test]
async fn parameters() {
    let fake = started().await;
    let directions = "expected one of `UnknownSortDirection`, `Ascending` and `Descending`";
    for (query, said) in [
        ("&cuont=5", "GetDocumentsV3 has no parameter `cuont`"),
        ("&cuont=5", "did you mean `count`?"),
        ("&Count=5&count=6", "count: the parameter is given twice"),
        ("&count=500", "500 lies outside the range of the field"),
        ("&count=many", "expected a 32-bit integer (parameter.type)"),
        ("&count=5&count=6", "count: the parameter is given twice"),
        ("&excludeSubdepartments=yes", "expected `true` or `false`"),
        ("&sortDirection=Down", directions),
        ("&fromDocumentDate=2025-07-18", "expected a date dd.MM.yyyy"),
        ("&counteragentBoxId=x", "(field.format)"),
        (
            "&documentNumber=1&timestampFromTicks=638884246403244956",
            "(message.excludes)",
        ),
    ] {
        let came = documents(query).send(&fake).await;
        assert_eq!(came.status, 400, "{query}");
        let unreadable = [
            "(parameter.type)",
            "expected `true`",
            "expected one",
            "a date",
            "(field.format)",
        ];
        let start = match unreadable.iter().any(|what| said.contains(what)) {
            true => {
                let name = query.split(['&', '=']).nth(1).unwrap();
                format!("{name}: Could not find or parse query param\n\n")
            }
            false => "the request of GetDocumentsV3 is refused\n".to_owned(),
        };
        assert!(came.text().starts_with(&start), "{}", came.text());
        came.says("the request of GetDocumentsV3 is refused\n");
        came.says(said);
    }
    let came = Call::get("/V3/GetDocuments?boxId=").send(&fake).await;
    came.says("boxId: the required parameter is empty");
    // A date, a flag and an enum as they should be; an empty value is none.
    let right = "&count=5&excludeSubdepartments=True&sortDirection=Descending&departmentId=\
                 &fromDocumentDate=18.07.2025";
    let came = documents(right).send(&fake).await;
    assert_eq!(came.status, 200, "{}", came.text());
    let received = fake.received();
    let last = received.last().unwrap();
    assert_eq!(last.parameter("sortDirection"), Some("Descending"));
    assert_eq!(last.parameter("afterIndexKey"), None);
}

#[tokio::test]
async fn bodies() {
    let fake = started().await;
    let target = format!("/V4/GetDocflows?boxId={BOX}");
    let wrong = r#"{
  "Requests": [{ "DocumentId": { "MessageID": "m", "EntityId": "e" } }]
}"#;
    let came = Call::post(&target, JSON, wrong).send(&fake).await;
    assert_eq!(came.status, 400);
    came.says("the request of GetDocflowsV4 is refused");
    came.says("at: Requests[0].DocumentId.MessageID, line 2");
    came.says("did you mean: MessageId");
    // The same as protobuf: what lies there is no message.
    for media_type in ["", "application/octet-stream", PROTOBUF] {
        let came = Call::post(&target, media_type, wrong).send(&fake).await;
        assert_eq!(came.status, 400, "{media_type}");
        came.says("of JSON it is application/json");
    }
    // Bodies that are missing.
    let came = Call::post("/V4/GetDocflows", JSON, "").send(&fake).await;
    assert!(came.text().starts_with("Request body cannot be empty\n"));
    came.says("refused[body.empty]");
    let target = format!("/DetectDocumentTitles?boxId={BOX}");
    let call = Call::post(target, "application/octet-stream", "");
    let came = call.send(&fake).await;
    assert!(came.text().starts_with("Request body cannot be empty\n"));
    came.says("the body is missing");
    // Two ways to log in at once cannot be sent; the wrong one for a body can.
    let call = Call::post("/V3/Authenticate?type=password", JSON, "{}");
    let came = call.send(&fake).await;
    assert_eq!(came.status, 400, "{}", came.text());
    let call = Call::post("/V3/Authenticate?type=sid", "text/plain", b"\xff");
    let came = call.send(&fake).await;
    came.says("sid: the body is not of its type, expected a text in UTF-8");
}

/// Messages come as JSON, as protobuf, or as what is read as protobuf; files come as anything.
#[tokio::test]
async fn types_of_content() {
    let fake = started().await;
    let target = format!("/V4/GetDocflows?boxId={BOX}");
    let wrong = [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "text/plain",
        "application/xml",
        "nothing",
    ];
    for media_type in wrong {
        let call = Call::post(&target, media_type, r#"{"Requests": []}"#);
        let came = call.send(&fake).await;
        assert_eq!(came.status, 415, "{media_type}");
        let essence = media_type.split(';').next().unwrap();
        let said = format!(
            "GetDocflowsV4 takes no body of the type {essence}: of JSON the type is \
             application/json, of protobuf application/x-protobuf\n"
        );
        assert_eq!(came.text(), said);
    }
    let refused = fake.received_of("GetDocflowsV4").pop().unwrap();
    assert_eq!(refused.note.as_deref(), Some("refused"));
    let json = format!(
        r#"{{"Requests": [{{"DocumentId": {{"MessageId": "{BOX}", "EntityId": "{BOX}"}}}}]}}"#
    );
    for media_type in [
        JSON,
        "text/json",
        "application/json charset=utf-8",
        "application/a+json",
    ] {
        let came = Call::post(&target, media_type, json.as_str())
            .send(&fake)
            .await;
        assert_eq!(came.status, 200, "{media_type}: {}", came.text());
    }
    for media_type in [
        "",
        PROTOBUF,
        "Application/Octet-Stream",
        "application/protobuf",
    ] {
        let call = Call::post("/GetPartnerEvents", media_type, [0x08, 0x01]);
        let came = call.send(&fake).await;
        assert_ne!(came.status, 415, "{media_type}: {:?}", came.body);
    }
    let target = format!("/DetectDocumentTitles?boxId={BOX}");
    for media_type in ["application/xml", "application/x-www-form-urlencoded", ""] {
        let came = Call::post(&target, media_type, "<a/>").send(&fake).await;
        assert_eq!(came.status, 200, "{media_type}: {}", came.text());
    }
}

/// The first line is the server's, where it is known; what the server only ignores is marked.
#[tokio::test]
async fn whose_words_it_is_refused_in() {
    let fake = started().await;
    let body = |rest: &str| {
        let to = "8c1ffe254cd0408284de7ccb46d86f83@diadoc.ru";
        format!(r#"{{"FromBoxId": "{BOX}", "ToBoxId": "{to}"{rest}}}"#)
    };
    let dropped = "the request of PostMessageV3 is refused here: the server would take it, and ignore \
                   what is marked `dropped`\n";
    let attachment = r#", "DocumentAttachments": [{"TypeNamedId": "Nonformalized",
        "SignedContent": {"Content": "JVBERi0=", "SignWithTestSignature": "true"},
        "Metadata": [{"Key": "FileName", "Value": "act.pdf"}]}]"#;
    for (body, status, start, code) in [
        (
            body(""),
            400,
            "MessageToPost should contain at least one attachment\n\n\
             the request of PostMessageV3 is refused\n",
            Some("Http.BadRequest"),
        ),
        (
            body(r#", "Documents": []"#),
            400,
            "MessageToPost should contain at least one attachment\n\n\
             the request of PostMessageV3 is refused; what is marked `dropped` the server would only \
             ignore\n",
            Some("Http.BadRequest"),
        ),
        (
            body(r#", "DocumentAttachments": {}"#),
            400,
            "Can't deserialize request body into type: MessageToPost\n",
            Some("Http.BadRequest"),
        ),
        (
            body(&format!(r#"{attachment}, "Documents": []"#)),
            400,
            dropped,
            None,
        ),
        (body(attachment), 200, "", None),
    ] {
        let call = Call::post("/V3/PostMessage", JSON, body).accept(JSON);
        let came = call.send(&fake).await;
        assert_eq!(came.status, status, "{}", came.text());
        assert!(came.text().starts_with(start), "{}", came.text());
        assert_eq!(came.header("x-diadoc-errorcode"), code);
    }
}

/// What the server reads, is there to be asked for.
#[tokio::test]
async fn what_is_spelt_otherwise() {
    let fake = started().await;
    let body = format!(
        "\u{feff}{}",
        r#"{ "filter": {"fromtimestamp": {"TICKS": "638884242433705569"}},
             "Populatedocuments": "True", "messageTypes": ["Letter"], "limit": 5 }"#
    );
    let target = format!("/V3/GetDocflowEvents?boxId={BOX}");
    let came = Call::post(target, JSON, body).send(&fake).await;
    assert_eq!(came.status, 200, "{}", came.text());
    let received = fake.received_of("GetDocflowEventsV3");
    let read: GetDocflowEventsRequest = received[0].message().unwrap();
    let ticks = read.filter.from_timestamp.map(|timestamp| timestamp.ticks);
    assert_eq!(ticks, Some(638_884_242_433_705_569));
    assert_eq!((read.populate_documents, read.limit), (Some(true), Some(5)));
    assert_eq!(read.message_types, ["Letter"]);
}

/// Protobuf without a field that is set has no bytes, and is a message all the same.
#[tokio::test]
async fn an_empty_message() {
    let fake = started().await;
    let call = Call::post("/GetPartnerEvents", PROTOBUF, "").accept(PROTOBUF);
    let came = call.send(&fake).await;
    assert_eq!(came.status, 200);
    assert!(!came.body.is_empty());
}

/// The messages look alike in HTTP, so a body is held against the one that it fits.
#[tokio::test]
async fn one_of_two_messages() {
    let fake = started().await;
    let dates = r#""InvoiceDate": "18.07.2025", "InvoiceCorrectionDate": "2025-07-18""#;
    let numbers = r#""InvoiceNumber": "1", "InvoiceCorrectionNumber": "2""#;
    let body = format!("{{{dates}, {numbers}}}");
    let target = "/GenerateInvoiceXml?invoiceType=InvoiceCorrection";
    let came = Call::post(target, JSON, body).send(&fake).await;
    assert_eq!(came.status, 400);
    came.says("the string does not have the format of its field");
    assert!(!came.text().contains("unknown-key"), "{}", came.text());
    let came = Call::post(target, JSON, "{}").send(&fake).await;
    came.says("the required field `Total` is missing");
}
