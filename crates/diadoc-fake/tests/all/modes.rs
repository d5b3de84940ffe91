//! What is read as the live server reads it, and what a strict fake refuses beside that.

use diadoc_api::METHODS;
use diadoc_api::Stage;
use diadoc_fake::{Answer, Fake, Mode};

use crate::http::{Call, Came, JSON};
use crate::{BOX, started};

const TO: &str = "8c1ffe254cd0408284de7ccb46d86f83@diadoc.ru";
const ATTACHMENT: &str = r#", "DocumentAttachments": [{"TypeNamedId": "Nonformalized",
    "SignedContent": {"Content": "JVBERi0=", "SignWithTestSignature": "true"},
    "Metadata": [{"Key": "FileName", "Value": "act.pdf"}]}]"#;

async fn like_server() -> Fake {
    let fake = Fake::builder()
        .stateless()
        .mode(Mode::LikeServer)
        .start()
        .await;
    fake.expect("a port")
}

fn post(rest: &str) -> Call {
    let body = format!(r#"{{"FromBoxId": "{BOX}", "ToBoxId": "{TO}"{rest}}}"#);
    Call::post("/V3/PostMessage", JSON, body).accept(JSON)
}

fn documents(rest: &str) -> Call {
    let target = format!("/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound{rest}");
    Call::get(target).accept(JSON)
}

/// Sends to a strict fake and to one like the server.
async fn both(call: impl Fn() -> Call) -> [(Fake, Came); 2] {
    let (strict, like_server) = (started().await, like_server().await);
    let (first, second) = (call().send(&strict).await, call().send(&like_server).await);
    [(strict, first), (like_server, second)]
}

#[tokio::test]
async fn what_the_server_drops() {
    let unknown = "dropped: cuont: GetDocumentsV3 has no parameter `cuont`, did you mean `count`? \
                   (parameter.unknown)";
    let [(_, refused), (fake, came)] = both(|| documents("&cuont=5")).await;
    assert_eq!((refused.status, came.status), (400, 200), "{}", came.text());
    assert_eq!(fake.received()[0].remarks, [unknown]);
    assert!(fake.received()[0].reasons.is_empty());

    let rest = format!(r#"{ATTACHMENT}, "Documents": []"#);
    let [(strict, refused), (fake, came)] = both(|| post(&rest)).await;
    assert_eq!((refused.status, came.status), (400, 200), "{}", came.text());
    let dropped = &fake.received()[0].remarks[0];
    assert!(dropped.starts_with("dropped: Documents: "), "{dropped}");
    let reasons = &strict.received()[0].reasons;
    assert_eq!(format!("dropped: {}", reasons[0]), *dropped);
}

/// In the server's words and no others, where they are known; why, says the fake beside.
#[tokio::test]
async fn what_the_server_refuses() {
    let fake = like_server().await;
    for (rest, words) in [
        ("", "MessageToPost should contain at least one attachment"),
        (
            r#", "DocumentAttachments": {}"#,
            "Can't deserialize request body into type: MessageToPost",
        ),
    ] {
        let came = post(rest).send(&fake).await;
        assert_eq!((came.status, came.text()), (400, words));
        assert_eq!(came.header("x-diadoc-errorcode"), Some("Http.BadRequest"));
        let received = fake.received().pop().unwrap();
        assert!(received.report.is_some() && !received.reasons.is_empty());
    }
    let came = Call::post("/V4/GetDocflows", JSON, "").send(&fake).await;
    assert_eq!(
        (came.status, came.text()),
        (400, "Request body cannot be empty")
    );
    let came = documents("&count=many").send(&fake).await;
    let words = "count: Could not find or parse query param";
    assert_eq!((came.status, came.text()), (400, words));
    let reasons = fake.received().pop().unwrap().reasons;
    assert!(reasons[0].starts_with("count: the value is not of the parameter's type"));
    // What the server says to this, nobody knows.
    let came = documents("&count=500").send(&fake).await;
    assert_eq!(came.status, 400);
    came.says("error: count: ");
    came.says("(field.range)");
    let came = Call::get("/V3/GetDocuments?filterCategory=Any.Inbound")
        .send(&fake)
        .await;
    assert_eq!(came.text(), "boxId: Could not find or parse query param");
}

#[tokio::test]
async fn the_case_of_names() {
    let target = format!("/v3/getDOCUMENTS?BoxId={BOX}&filtercategory=Any.Inbound&COUNT=5");
    let call = || Call::get(&target).with("Authorization", "bearer token");
    for (fake, came) in both(call).await {
        assert_eq!(came.status, 200, "{:?}", came.body);
        let received = &fake.received()[0];
        assert_eq!(received.method, Some("GetDocumentsV3"));
        assert_eq!(received.parameter("count"), Some("5"));
        let expected = [
            "the path is read as /V3/GetDocuments",
            "the parameter `BoxId` is read as `boxId`",
            "the parameter `filtercategory` is read as `filterCategory`",
            "the parameter `COUNT` is read as `count`",
        ];
        assert_eq!(received.remarks, expected);
    }
    let scheme = "diadocauth ddauth_api_client_id=id,ddauth_token=token";
    for (_, came) in both(|| documents("").with("Authorization", scheme)).await {
        assert_eq!(came.status, 200);
    }
}

#[tokio::test]
async fn flags() {
    for (value, status) in [
        ("1", 200),
        ("0", 200),
        ("true", 200),
        ("True", 200),
        ("FALSE", 200),
        ("yes", 400),
        ("2", 400),
    ] {
        let rest = format!("&excludeSubdepartments={value}");
        for (_, came) in both(|| documents(&rest)).await {
            assert_eq!(came.status, status, "{value}");
        }
    }
    let fake = started().await;
    documents("&excludeSubdepartments=1").send(&fake).await;
    let remark =
        "`excludeSubdepartments=1` is read as a flag, which is documented for isLastPart alone";
    assert_eq!(fake.received()[0].remarks, [remark]);
}

/// The last part of a file is told by `1`, as the vendor's page has it.
#[tokio::test]
async fn the_last_part() {
    let fake = started().await;
    for (index, last) in [(0, "0"), (2, "1")] {
        let target = format!("/ShelfUpload?nameOnShelf=a&partIndex={index}&isLastPart={last}");
        let call = Call::post(target, "application/octet-stream", "part");
        let came = call.send(&fake).await;
        assert_eq!(came.status, 200);
        assert_eq!(came.text(), if last == "1" { "[1]" } else { "[]" });
    }
}

#[tokio::test]
async fn a_byte_order_mark() {
    let body = format!("\u{feff}{{\"FromBoxId\": \"{BOX}\", \"ToBoxId\": \"{TO}\"{ATTACHMENT}}}");
    for (fake, came) in both(|| Call::post("/V3/PostMessage", JSON, body.as_str())).await {
        assert_eq!(came.status, 200, "{:?}", came.body);
        let message: diadoc_proto::events::MessageToPost = fake.received()[0].message().unwrap();
        assert_eq!(message.document_attachments.len(), 1);
    }
}

#[tokio::test]
async fn retired_paths() {
    let removed = "/AutoSignReceipts is retired: the vendor's pages no longer have it, its removal \
                   was set for after 2026-02-02\n";
    let prevalidate = "/PrevalidatePowerOfAttorney is retired: the vendor's pages no longer have it; \
                       use POST /V2/PrevalidatePowerOfAttorney (PrevalidatePowerOfAttorneyV2)\n";
    for (target, status, text) in [
        (
            "/V3/GetMessage",
            501,
            "/V3/GetMessage is retired: the vendor has not had it since 2024-07-13; use GET \
             /V6/GetMessage (GetMessageV6)\n",
        ),
        ("/AutoSignReceipts", 410, removed),
        ("/PrevalidatePowerOfAttorney", 410, prevalidate),
        (
            "/V1/GetMessage",
            501,
            "no method has the path /V1/GetMessage; did you mean /V6/GetMessage?\n",
        ),
    ] {
        let call = || Call::post(target, JSON, "{}").with("Authorization", "");
        for (fake, came) in both(call).await {
            let body = match status {
                501 => format!("No handler for: http://fake{target}\n\n{text}"),
                _ => text.to_owned(),
            };
            assert_eq!((came.status, came.text()), (status, &body[..]));
            let received = &fake.received()[0];
            assert_eq!(received.reasons, [text.trim_end()]);
            assert_eq!(received.note.as_deref(), Some("refused"));
        }
    }
    // What a test puts in is answered all the same.
    let fake = started().await;
    let gone = METHODS.iter().filter(|method| method.stage == Stage::Gone);
    for method in gone {
        fake.answer_next(method.name, Answer::by(|_| Answer::error(403, "no")))
            .unwrap();
        let call = || Call::new(method.verb.as_str(), method.path.to_owned());
        assert_ne!(call().send(&fake).await.status, 410, "{}", method.name);
    }
}

#[tokio::test]
async fn methods_that_are_given_up() {
    let target = format!("/V4/GetMessage?boxId={BOX}&messageId={BOX}");
    for (fake, came) in both(|| Call::get(&target)).await {
        assert_eq!(came.status, 200);
        let remark = "GetMessageV4: the vendor lists it for removal; use GET /V6/GetMessage \
                      (GetMessageV6)";
        assert_eq!(fake.received()[0].remarks, [remark]);
    }
}
