//! Patches of messages.

#[expect(deprecated, reason = "the server still has it")]
use diadoc_proto::events::MessagePatchToPost;
use diadoc_proto::events::MessagePatchToPostV2;
use uuid::Uuid;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::patching::Order;
use crate::world::posting::box_of;
use crate::world::views::Shown;
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "PostMessagePatchV3" => patch_v3,
        "PostMessagePatchV4" => patch_v4,
        _ => return None,
    })
}

#[expect(deprecated, reason = "the server still has it")]
fn patch_v3(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body: MessagePatchToPost = asked.message()?;
    let (box_id, letter) = (body.box_id.clone(), body.message_id.clone());
    patch(world, asked, &box_id, &letter, body.into())
}

fn patch_v4(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let body: MessagePatchToPostV2 = asked.message()?;
    let (box_id, letter) = (body.box_id.clone(), body.message_id.clone());
    patch(world, asked, &box_id, &letter, body.into())
}

/// Adds a patch to a letter, once: a repeat gets what the first call got.
fn patch(
    world: &mut World,
    asked: &Asked<'_>,
    box_id: &str,
    letter: &str,
    order: Order,
) -> Result<Answer, Refusal> {
    let box_id = box_of(box_id)?;
    let letter = Uuid::parse_str(letter).unwrap_or_default();
    let actor = world.enter(asked.user, box_id)?;
    let key = asked.operation("PostMessagePatch")?;
    let (letter, number) = match world.done_before(box_id, key.as_ref()) {
        Some(done) => {
            world.may_repeat(&actor, (done.letter, done.patches), &order)?;
            (done.letter, done.patches)
        }
        None => {
            let number = world.patch_letter(&actor, letter, order)?;
            world.remember(box_id, key, letter);
            (letter, number)
        }
    };
    let row = world.tables.letters.get(&letter);
    let view = row.and_then(|row| world.patch_view(row, box_id, number, &Shown::default()));
    let view = view.ok_or_else(|| Refusal::not_found(format!("Message {letter} not found")))?;
    Ok(Answer::message(&view))
}
