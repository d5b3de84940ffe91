//! What a fake like the server refuses and takes with a world behind it.

use diadoc_api::documents::GetDocumentsV3;
use diadoc_api::messages::GetMessageV6;
use diadoc_fake::world::{BAD_SIGNATURE, World};
use diadoc_fake::{Answer, Fake, Mode};
use diadoc_proto::documents::SenderSignatureStatus;
use diadoc_proto::events::MessageToPost;
use diadoc_proto::json;

use super::{FIRST, SECOND, contract, message, send};
use crate::http::{Call, Came, JSON};

async fn like_server() -> Fake {
    let fake = Fake::builder()
        .world(World::without_letters())
        .mode(Mode::LikeServer)
        .start()
        .await;
    fake.expect("a port")
}

/// A call whose body the client would not let out.
async fn post(fake: &Fake, target: &str, body: &str) -> Came {
    let call = Call::post(target, JSON, body).accept(JSON);
    call.send(fake).await
}

async fn post_message(fake: &Fake, message: &MessageToPost) -> Came {
    let body = json::to_string(message).unwrap();
    post(fake, "/V3/PostMessage", &body).await
}

/// The one signature of a message, in the place of the test signature.
fn signed_by(bytes: &[u8]) -> MessageToPost {
    let mut document = contract("17");
    document.signed_content.sign_with_test_signature = None;
    document.signed_content.signature = Some(bytes.to_vec().into());
    message(vec![document])
}

/// The world has a sentence for what the schema forbids in words of this project.
#[tokio::test]
async fn the_words_of_the_world_come_before_those_of_the_validator() {
    let fake = like_server().await;
    let document = r#"{"DocumentId": {"MessageId": "ba04162c-e26f-448f-a370-299b4f15b6d1",
        "EntityId": "ba04162c-e26f-448f-a370-299b4f15b6d1"}}"#;
    let documents = [document; 101].join(",");
    let requests = format!(r#"{{"Requests": [{documents}]}}"#);
    let patch =
        format!(r#"{{"BoxId": "{FIRST}", "MessageId": "ba04162c-e26f-448f-a370-299b4f15b6d1"}}"#);
    let of_no_box = json::to_string(&MessageToPost {
        from_box_id: "Ромашка".to_owned(),
        ..message(vec![contract("1")])
    });
    for (target, body, words) in [
        (
            format!("/V4/GetDocflows?boxId={FIRST}"),
            requests,
            "Requests: at most 100 documents in a call",
        ),
        (
            "/V4/PostMessagePatch".to_owned(),
            patch,
            "MessagePatchToPost should contain at least one entity",
        ),
        (
            "/V3/PostMessage".to_owned(),
            of_no_box.unwrap(),
            "BoxId field is not valid box id: Ромашка",
        ),
    ] {
        let came = post(&fake, &target, &body).await;
        assert_eq!((came.status, came.text()), (400, words), "{target}");
        assert_eq!(came.header("x-diadoc-errorcode"), Some("Http.BadRequest"));
        let received = fake.received().pop().unwrap();
        assert_eq!(received.note.as_deref(), Some("refused"));
        // What the validator found stands beside it.
        assert!(received.reasons.len() > 1, "{:?}", received.reasons);
        assert_eq!(received.reasons.last().unwrap(), words);
    }
    // Without a world there are the findings alone, and with an answer that a test has put in.
    fake.answer("PostMessagePatchV4", Answer::error(409, "never"))
        .unwrap();
    let patch = format!(r#"{{"BoxId": "{FIRST}", "MessageId": "{SECOND}"}}"#);
    let came = post(&fake, "/V4/PostMessagePatch", &patch).await;
    assert_eq!(came.status, 400);
    came.says("the request of PostMessagePatchV4 is refused");
}

/// What the schema forbids and the world would do is refused, and not done.
#[tokio::test]
async fn what_the_world_would_let_pass_is_refused_all_the_same() {
    let fake = like_server().await;
    let mut message = message(vec![contract("1")]);
    message.document_attachments[0].comment = Some("а".repeat(5001));
    let came = post_message(&fake, &message).await;
    assert_eq!(came.status, 400, "{}", came.text());
    came.says("refused[field.length]");
    let list = GetDocumentsV3::new(FIRST, "Any.Outbound");
    assert_eq!(send(&fake, list).await.total_count, 0);
}

#[tokio::test]
async fn any_bytes_are_a_signature() {
    let fake = like_server().await;
    for bytes in [b"signed by the director".as_slice(), b"\0"] {
        let came = post_message(&fake, &signed_by(bytes)).await;
        assert_eq!(came.status, 200, "{}", came.text());
        let received = fake.received().pop().unwrap();
        assert_eq!(received.reasons, [""; 0]);
        let remark = &received.remarks[0];
        let begins = "taken, but the server refuses it: \
                      DocumentAttachments[0].SignedContent.Signature: the bytes are no DER";
        assert!(remark.starts_with(begins), "{remark}");
        assert!(received.report.unwrap().has_errors());
        let posted: diadoc_proto::events::Message = json::from_slice(&came.body).unwrap();
        let delivered = send(&fake, GetMessageV6::new(SECOND, &posted.message_id)).await;
        let info = delivered
            .entities
            .iter()
            .find_map(|one| one.document_info.as_deref());
        let status = info.unwrap().sender_signature_status();
        assert_eq!(
            status,
            SenderSignatureStatus::SenderSignatureCheckedAndValid
        );
    }
    // None is none.
    let came = post_message(&fake, &signed_by(b"")).await;
    assert_eq!(came.status, 400, "{}", came.text());
    // One that is marked proves wrong later.
    let came = post_message(&fake, &signed_by(BAD_SIGNATURE)).await;
    assert_eq!(came.status, 200, "{}", came.text());
    let posted: diadoc_proto::events::Message = json::from_slice(&came.body).unwrap();
    let kept = send(&fake, GetMessageV6::new(FIRST, &posted.message_id)).await;
    let info = kept
        .entities
        .iter()
        .find_map(|one| one.document_info.as_deref());
    let status = info.unwrap().sender_signature_status();
    assert_eq!(
        status,
        SenderSignatureStatus::SenderSignatureCheckedAndInvalid
    );

    // What else is wrong with such a message is told all the same.
    let mut unsent = signed_by(b"signed by the director");
    unsent.to_box_id = None;
    let came = post_message(&fake, &unsent).await;
    assert_eq!(
        (came.status, came.text()),
        (400, "MessageToPost.ToBoxId is required field")
    );
}

#[tokio::test]
async fn a_strict_fake_takes_der_alone() {
    let fake = super::fake().await;
    let came = post_message(&fake, &signed_by(b"signed by the director")).await;
    assert_eq!(came.status, 400);
    came.says("refused[content.not-cms]");
}
