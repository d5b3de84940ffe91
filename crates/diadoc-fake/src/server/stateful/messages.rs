//! Messages, drafts and templates: how they are posted, sent, deleted and moved.

use diadoc_core::BoxId;
use diadoc_proto::documents::DocumentsMoveOperation;
use diadoc_proto::events::{
    DraftToSend, MessageToPost, MessageToPostPrototype, TemplatePatchToPost, TemplateToPost,
    TemplateTransformationToPost,
};
use uuid::Uuid;

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::model::{Action, DocumentKey};
use crate::world::posting::{box_of, guid_of};
use crate::world::views::Shown;
use crate::world::{HEAD_DEPARTMENT, Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "CanPostMessage" => can_post_message,
        "PostMessageV3" => post_message,
        "SendDraft" => send_draft,
        "RecycleDraft" => recycle_draft,
        "PostTemplate" => post_template,
        "PostTemplatePatch" => post_template_patch,
        "TransformTemplateToMessage" => transform_template,
        "GetTemplate" => template,
        "Delete" => delete,
        "Restore" => restore,
        "MoveDocuments" => move_documents,
        _ => return None,
    })
}

fn can_post_message(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let prototype: MessageToPostPrototype = asked.message()?;
    let result = world.validate_message(asked.user, &prototype)?;
    Ok(Answer::message(&result))
}

fn post_message(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let message: MessageToPost = asked.message()?;
    let box_id = box_of(&message.from_box_id)?;
    let rights: &[_] = match message.is_draft() || message.delay_send() {
        true => &[Action::CreateDocuments],
        false => &[Action::CreateDocuments, Action::SignDocuments],
    };
    let done = once(world, asked, box_id, ("PostMessage", rights), |world| {
        world.post_message(asked.user, &message)
    })?;
    shown(world, box_id, done)
}

fn send_draft(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let draft: DraftToSend = asked.message()?;
    let box_id = box_of(&draft.box_id)?;
    let rights = &[Action::CreateDocuments, Action::SignDocuments];
    let done = once(world, asked, box_id, ("SendDraft", rights), |world| {
        world.send_draft(asked.user, &draft)
    })?;
    shown(world, box_id, done)
}

fn recycle_draft(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let (box_id, draft) = (asked.box_id("boxId")?, asked.guid("draftId")?);
    world.recycle_draft(asked.user, box_id, draft)?;
    Ok(Answer::nothing())
}

fn post_template(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let template: TemplateToPost = asked.message()?;
    let box_id = box_of(&template.from_box_id)?;
    let call = ("PostTemplate", CREATES);
    let done = once(world, asked, box_id, call, |world| {
        world.post_template(asked.user, &template)
    })?;
    let row = world.known_letter(box_id, done.letter)?;
    let view = world.template_view(&row, box_id, done.patches, &done.shown);
    Ok(Answer::message(&view))
}

fn transform_template(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let order: TemplateTransformationToPost = asked.message()?;
    let box_id = box_of(&order.box_id)?;
    let call = ("TransformTemplateToMessage", CREATES);
    let done = once(world, asked, box_id, call, |world| {
        world.transform_template(asked.user, &order)
    })?;
    shown(world, box_id, done)
}

fn template(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let id = asked.guid("templateId")?;
    let row = world.template(actor.box_id, id)?;
    let readable = world.readable(&actor, id)?;
    let shown = Shown {
        contents: true,
        document: asked.optional("entityId")?,
        hidden: readable.hidden,
        ..Shown::default()
    };
    let view = world.template_view(&row, actor.box_id, row.patches.len(), &shown);
    Ok(Answer::message(&view))
}

fn post_template_patch(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let (box_id, template) = (asked.box_id("boxId")?, asked.guid("templateId")?);
    let patch: TemplatePatchToPost = asked.message()?;
    let call = ("PostTemplatePatch", CREATES);
    let done = once(world, asked, box_id, call, |world| {
        world.patch_template(asked.user, box_id, template, &patch)?;
        Ok(template)
    })?;
    let row = world.known_letter(box_id, done.letter)?;
    let view = world.patch_view(&row, box_id, done.patches, &done.shown);
    let view = view.ok_or_else(|| Refusal::not_found(format!("Template {template} not found")))?;
    Ok(Answer::message(&view))
}

fn delete(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let (box_id, letter) = (asked.box_id("boxId")?, asked.guid("messageId")?);
    world.delete(asked.user, box_id, letter, asked.optional("documentId")?)?;
    Ok(Answer::nothing())
}

fn restore(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let (box_id, letter) = (asked.box_id("boxId")?, asked.guid("messageId")?);
    world.restore(asked.user, box_id, letter, asked.optional("documentId")?)?;
    Ok(Answer::nothing())
}

fn move_documents(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let order: DocumentsMoveOperation = asked.message()?;
    let at = "DocumentsMoveOperation";
    let department = guid_of(
        order.to_department_id.as_deref(),
        &format!("{at}.ToDepartmentId"),
    )?;
    let mut documents = Vec::with_capacity(order.document_ids.len());
    for (index, id) in order.document_ids.iter().enumerate() {
        let at = format!("{at}.DocumentIds[{index}]");
        let letter = guid_of(Some(&id.message_id), &format!("{at}.MessageId"))?;
        let entity = guid_of(Some(&id.entity_id), &format!("{at}.EntityId"))?;
        documents.push(DocumentKey {
            letter: letter.unwrap_or_default(),
            entity: entity.unwrap_or_default(),
        });
    }
    let department = department.unwrap_or(HEAD_DEPARTMENT);
    world.move_documents(asked.user, box_of(&order.box_id)?, department, &documents)?;
    Ok(Answer::nothing())
}

/// What a call has done: the letter that it made or changed, how many patches that had then, and what
/// the caller may see of it.
struct Done {
    letter: Uuid,
    patches: usize,
    shown: Shown,
}

const CREATES: &[Action] = &[Action::CreateDocuments];

/// Does what a call asks for, but where it was done before: who repeats it needs the rights that it
/// takes, and has to see the letter.
fn once(
    world: &mut World,
    asked: &Asked<'_>,
    box_id: BoxId,
    (method, rights): (&'static str, &[Action]),
    work: impl FnOnce(&mut World) -> Result<Uuid, Refusal>,
) -> Result<Done, Refusal> {
    let actor = world.enter(asked.user, box_id)?;
    let key = asked.operation(method)?;
    if let Some(done) = world.done_before(box_id, key.as_ref()) {
        rights.iter().try_for_each(|right| actor.needs(*right))?;
        let hidden = world.readable(&actor, done.letter)?.hidden;
        return Ok(Done {
            letter: done.letter,
            patches: done.patches,
            shown: Shown {
                hidden,
                ..Shown::default()
            },
        });
    }
    let letter = work(world)?;
    world.remember(box_id, key, letter);
    Ok(Done {
        letter,
        patches: world.known_letter(box_id, letter)?.patches.len(),
        shown: Shown::default(),
    })
}

/// The message as its sender sees it; of a repeated call with what has become of it.
fn shown(world: &World, box_id: BoxId, done: Done) -> Result<Answer, Refusal> {
    let row = world.known_letter(box_id, done.letter)?;
    let upto = done.patches.max(row.patches.len());
    let view = world.message_view(&row, box_id, upto, &done.shown);
    Ok(Answer::message(&view))
}
