//! Messages, as they are read.

use diadoc_proto::events::Message;
use uuid::Uuid;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::model::{DocumentKey, MessageKind};
use crate::world::views::Shown;
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetMessageV4" => letter_or_draft,
        "GetMessageV5" | "GetMessageV6" => message,
        _ => return None,
    })
}

/// Letters and drafts; templates came with the next version.
fn letter_or_draft(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let id = asked.guid("messageId")?;
    let row = world.tables.letters.get(&id);
    if row.is_some_and(|letter| letter.kind == MessageKind::Template) {
        return Err(Refusal::conflict(format!("Message {id} is a template")));
    }
    message(world, asked)
}

fn message(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let id: Uuid = asked.guid("messageId")?;
    let readable = world.readable(&actor, id)?;
    let document: Option<Uuid> = asked.optional("entityId")?;
    let mut shown = Shown {
        contents: asked.flag("injectEntityContent")?.unwrap_or(false),
        original_signatures: asked.flag("originalSignature")?.unwrap_or(false),
        document,
        hidden: readable.hidden,
    };
    if let Some(entity) = document {
        let key = DocumentKey { letter: id, entity };
        if !world.knows(actor.box_id, key) {
            let text = format!("Document {entity} not found in message {id}");
            return Err(Refusal::not_found(text));
        }
        world.readable_document(&actor, key)?;
        shown.hidden.clear();
    }
    let letter = readable.letter;
    let view: Message = world.message_view(&letter, actor.box_id, letter.patches.len(), &shown);
    Ok(Answer::message(&view))
}
