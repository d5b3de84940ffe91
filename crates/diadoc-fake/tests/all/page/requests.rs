//! What came in, as the page shows it.

use diadoc_fake::{Answer, Fake, Fault};
use diadoc_proto::events::MessageToPost;
use diadoc_schema::{Example, Schema, example};
use prost::Message as _;

use super::{HOSTILE, page};
use crate::http::{Call, JSON, PROTOBUF};
use crate::{BOX, started};

const ESCAPED: &str = "&lt;script&gt;alert(";

fn documents() -> Call {
    Call::get(format!(
        "/V3/GetDocuments?boxId={BOX}&filterCategory=Any.Inbound"
    ))
    .accept(JSON)
}

#[tokio::test]
async fn a_row_for_each_request() {
    let fake = started().await;
    page(&fake, "/_/").await.says("There were no requests yet.");
    documents().send(&fake).await;
    fake.fault("*", Fault::TooManyRequests, 1).unwrap();
    documents().send(&fake).await;
    Call::get("/V3/GetDocuments?boxId=x").send(&fake).await;
    for path in ["/_/", "/_/requests"] {
        let came = page(&fake, path).await;
        let rows: Vec<_> = came.text().split("<tr id=\"r").skip(1).collect();
        assert_eq!(rows.len(), 3);
        assert!(
            rows[0].starts_with('3') && rows[0].contains(">400<"),
            "{}",
            rows[0]
        );
        assert!(rows[0].contains("errors: 2"), "{}", rows[0]);
        assert!(rows[1].contains("planned fault") && rows[1].contains("fault: 429"));
        assert!(rows[2].contains("href=\"/_/requests/1\"") && rows[2].contains("fine"));
        assert!(rows[2].contains("href=\"/_/reference/GetDocumentsV3\""));
    }
    let came = page(&fake, "/_/requests/4").await;
    assert_eq!(came.status, 404);
    for path in [
        "/_/requests/0",
        "/_/requests/x",
        "/_/requests/18446744073709551615",
    ] {
        assert_eq!(page(&fake, path).await.status, 404);
    }
}

/// What is no longer kept is counted.
#[tokio::test]
async fn requests_that_are_forgotten() {
    let fake = Fake::builder().stateless().keep(2, 1 << 20);
    let fake = fake.start().await.unwrap();
    for forgotten in [0, 0, 1, 2] {
        documents().send(&fake).await;
        let came = page(&fake, "/_/requests").await;
        let told = "Earlier requests that are no longer kept: ";
        match forgotten {
            0 => came.does_not_say(told),
            count => came.says(&format!("{told}{count}")),
        }
    }
}

#[tokio::test]
async fn a_request_and_its_answer() {
    let fake = started().await;
    documents().send(&fake).await;
    let came = page(&fake, "/_/requests/1").await;
    came.says("Request no. 1");
    came.says("<code>filterCategory</code>");
    came.says("<code>Any.Inbound</code>");
    came.says("Nothing is wrong");
    came.says("&quot;TotalCount&quot;: 2");
    came.says("application/json; charset=utf-8");

    let message = MessageToPost {
        from_box_id: "no box".to_owned(),
        ..MessageToPost::default()
    };
    Call::post("/V3/PostMessage", PROTOBUF, message.encode_to_vec())
        .send(&fake)
        .await;
    let came = page(&fake, "/_/requests/2").await;
    came.says("protobuf, shown as JSON");
    came.says("&quot;FromBoxId&quot;: &quot;no box&quot;");
    came.says("refused[message.one-of]");
    came.says("MessageToPost should contain at least one attachment");

    // A file is shown as digits, and a large answer in part.
    let file = Answer::bytes(vec![7_u8; 1 << 20]);
    fake.answer("GetEntityContentV4", file).unwrap();
    let target = format!("/V4/GetEntityContent?boxId={BOX}&messageId={BOX}&entityId={BOX}");
    Call::get(target).send(&fake).await;
    let came = page(&fake, "/_/requests/3").await;
    came.says("1048576 bytes");
    came.says("00000000  07 07 07");
    came.says("Not all of it is shown.");
}

#[tokio::test]
async fn what_came_is_text_and_no_part_of_the_page() {
    let fake = started().await;
    let path = "/V3/PostMessage?%3Cscript%3Ealert('1')%3C/script%3E=%3Cscript%3Ealert(2)";
    Call::post(
        path,
        JSON,
        format!("{{\"{}\": 1}}", HOSTILE.replace('"', "\\\"")),
    )
    .with("X-Test", HOSTILE)
    .send(&fake)
    .await;
    Call::post("/V3/PostMessage", "text/html", HOSTILE)
        .send(&fake)
        .await;
    for path in ["/_/", "/_/requests", "/_/requests/1", "/_/requests/2"] {
        page(&fake, path).await.does_not_say("<script>");
    }
    for path in ["/_/requests/1", "/_/requests/2"] {
        page(&fake, path).await.says(ESCAPED);
    }
    let search = page(&fake, "/_/reference?q=%22%3E%3Cscript%3Ealert(1)").await;
    search.does_not_say("<script>");
    search.says("value=\"&quot;&gt;&lt;script&gt;alert(1)\"");
    let name = page(&fake, "/_/reference/%3Cscript%3Ealert(1)").await;
    assert_eq!(name.status, 404);
    name.does_not_say("<script>");
    let checked = super::submit(&fake, "/_/check", &[("body", HOSTILE), ("name", HOSTILE)]).await;
    checked.does_not_say("<script>");
    checked.says(ESCAPED);
}

#[tokio::test]
async fn no_secret_is_shown() {
    let fake = started().await;
    let hush = "hush-hush";
    documents()
        .with("Authorization", &format!("Bearer {hush}"))
        .with("Cookie", &format!("auth={hush}"))
        .with("X-Api-Key", hush)
        .send(&fake)
        .await;
    let form = format!("grant_type=refresh_token&refresh_token={hush}&client_id=a&client_secret=b");
    let came = Call::post("/connect/token", super::FORM, form)
        .send(&fake)
        .await;
    let given = came.json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let target = format!("/connect/authorize?client_id=a&code_challenge=c&code={hush}");
    Call::get(target).send(&fake).await;
    fake.answer("AuthenticateConfirmV3", Answer::text(hush))
        .unwrap();
    let target = format!("/V3/AuthenticateConfirm?token={hush}&thumbprint=a");
    Call::post(target, PROTOBUF, hush).send(&fake).await;
    let body = format!("{{\"Password\": \"{hush}\"}}");
    Call::post("/V3/PostMessage", JSON, body).send(&fake).await;
    for body in [
        format!("{{\"login\": \"a\", \"password\": \"{hush}\""),
        format!("{{\"login\": 1, \"password\": [\"{hush}\"]}}"),
        format!("\"{hush}\""),
    ] {
        Call::post("/V3/Authenticate?type=password", JSON, body)
            .with("Authorization", "DiadocAuth ddauth_api_client_id=any")
            .send(&fake)
            .await;
    }
    let target = format!("/Nothing?boxId=a&TOKEN={hush}&ddauth_x={hush}&password={hush}");
    let referer = format!("http://a.example/?access_token={hush}");
    let call = Call::get(target).with("Referer", &referer);
    assert_eq!(call.send(&fake).await.status, 501);
    assert_eq!(fake.received().len(), 9);
    for number in 1..=9 {
        let came = page(&fake, &format!("/_/requests/{number}")).await;
        assert_eq!(came.status, 200);
        came.does_not_say(hush);
        came.does_not_say(&given);
    }
    let list = page(&fake, "/_/requests").await;
    list.does_not_say(hush);
    let echoed = page(&fake, "/_/requests/9").await;
    echoed.says("No handler for: http://fake/Nothing?boxId=a&amp;TOKEN=***");
}

/// An answer that is too large to be kept whole is no value in which secrets are found by their keys.
#[tokio::test]
async fn no_secret_of_an_answer_that_is_cut_is_shown() {
    let fake = started().await;
    let hush = "hush-hush";
    let user = Schema::diadoc().message("Diadoc.Api.Proto.UserV2").unwrap();
    let mut user = example(&user, Example::Full);
    user["Login"] = hush.into();
    user["FullName"]["LastName"] = "я".repeat(200_000).into();
    fake.answer("GetMyUserV2", Answer::json(user)).unwrap();
    for form in [JSON, PROTOBUF] {
        let came = Call::get("/V2/GetMyUser").accept(form).send(&fake).await;
        assert!(
            came.body
                .windows(hush.len())
                .any(|part| part == hush.as_bytes())
        );
    }
    let json = page(&fake, "/_/requests/1").await;
    json.does_not_say(hush);
    json.says("***");
    let protobuf = page(&fake, "/_/requests/2").await;
    protobuf.does_not_say(hush);
    protobuf.does_not_say("68 75 73 68");
}
