//! What the world holds, as the page shows it.

use std::time::Duration;

use diadoc_fake::Fake;
use diadoc_fake::world::World;
use diadoc_fake::world::script::{Act, CounteragentScript, Rule, When};
use diadoc_proto::events::AttachmentType;

use super::page;
use crate::world::{FIRST, SECOND, document, post};
use crate::{BOX, started};

#[tokio::test]
async fn organizations_and_their_boxes() {
    let fake = Fake::builder().start().await.unwrap();
    let list = page(&fake, "/_/world").await;
    list.says("ООО «Ромашка»");
    list.says("ООО «Василёк»");
    list.says("The last messages");
    let link = format!("href=\"/_/world/{BOX}\"");
    list.says(&link);
    let one = page(&fake, &format!("/_/world/{BOX}")).await;
    one.says("<h1>ООО «Ромашка»</h1>");
    one.says("7705000010 / 770501001");
    one.says("ivanova@example.ru");
    one.says("Counteragents");
    for path in [
        "/_/world/x",
        "/_/world/7a3e9d52-41c8-4b0f-9d6e-2c85b1f0a947",
    ] {
        assert_eq!(page(&fake, path).await.status, 404);
    }
    let letter = page(&fake, &format!("/_/world/letters/{BOX}")).await;
    assert_eq!(letter.status, 404);
}

#[tokio::test]
async fn a_message_and_what_becomes_of_it() {
    let fake = Fake::builder().start().await.unwrap();
    let name = "<script>alert(1).pdf";
    let attachment = document("Nonformalized", &[("FileName", name)]);
    let posted = post(&fake, vec![attachment]).await;
    let id = posted.message_id;
    page(&fake, "/_/world")
        .await
        .says(&format!("/_/world/letters/{id}"));
    for side in [FIRST, SECOND] {
        let one = page(&fake, &format!("/_/world/{side}")).await;
        one.says(&format!("/_/world/letters/{id}"));
        one.says("new message");
        one.does_not_say("<script>alert");
    }
    let letter = page(&fake, &format!("/_/world/letters/{id}")).await;
    letter.says("&lt;script&gt;alert(");
    letter.does_not_say("<script>alert");
    letter.says(AttachmentType::Nonformalized.as_str_name());
    letter.says("the operator");
    letter.says("Delivered");
    letter.says("Nonformalized");
    for entity in &posted.entities {
        letter.says(&format!("<tr id=\"{}\"", entity.entity_id));
    }
}

#[tokio::test]
async fn what_a_script_could_not_do() {
    let mut world = World::default();
    let rule = Rule {
        box_id: SECOND.parse().unwrap(),
        when: When::default(),
        // Nobody has proposed one.
        then: Act::AcceptRevocation,
        after: Duration::ZERO,
        times: None,
    };
    let script = CounteragentScript { rules: vec![rule] };
    world.set_counteragents(script).unwrap();
    let fake = Fake::builder().world(world).start().await.unwrap();
    let heading = "What the script could not do";
    page(&fake, "/_/world").await.does_not_say(heading);
    let posted = post(
        &fake,
        vec![document("Nonformalized", &[("FileName", "a.pdf")])],
    )
    .await;
    let list = page(&fake, "/_/world").await;
    list.says(heading);
    list.says(&format!(
        "rule 1 was not followed for {}:",
        posted.message_id
    ));
}

#[tokio::test]
async fn a_fake_that_remembers_nothing() {
    let fake = started().await;
    page(&fake, "/_/world")
        .await
        .says("This server remembers nothing");
    assert_eq!(page(&fake, &format!("/_/world/{BOX}")).await.status, 404);
}
