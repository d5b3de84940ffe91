//! Documents, and the contents and signatures of entities.

use diadoc_proto::Content;
use diadoc_proto::documents::{Document, DocumentList};

use super::{Asked, Handler};
use crate::server::Answer;
use crate::world::access::Actor;
use crate::world::model::{DocumentKey, MessageKind};
use crate::world::state::DocumentState;
use crate::world::views::MAX_CONTENTS;
use crate::world::{Refusal, World};

pub(super) fn handler(method: &str) -> Option<Handler> {
    Some(match method {
        "GetDocumentV3" => document,
        "GetDocumentsByMessageId" => of_message,
        "GetDocumentsByCustomId" => by_custom_id,
        "GetEntityContentV4" => content,
        "GetSignatureInfo" => signature,
        _ => return None,
    })
}

/// The entity that the parameters `messageId` and `entityId` name.
fn key(asked: &Asked<'_>) -> Result<DocumentKey, Refusal> {
    Ok(DocumentKey {
        letter: asked.guid("messageId")?,
        entity: asked.guid("entityId")?,
    })
}

fn document(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let key = key(asked)?;
    let letter = world.readable_document(&actor, key)?;
    if letter.kind == MessageKind::Template {
        let text = format!("Document {}:{} not found", key.letter, key.entity);
        return Err(Refusal::not_found(text));
    }
    let mut view = view(world, &actor, key)?;
    if asked.flag("injectEntityContent")?.unwrap_or(true)
        && let Some(piece) = letter.piece(key.entity)
        && let Ok(bytes) = world.content(&actor, &letter, piece)
        && bytes.len() <= MAX_CONTENTS
    {
        view.content = Some(
            Content {
                size: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
                data: Some(bytes),
            }
            .into(),
        );
    }
    Ok(Answer::message(&view))
}

/// A document as the box of the employee sees it.
pub(super) fn view(world: &World, actor: &Actor, key: DocumentKey) -> Result<Document, Refusal> {
    let missing =
        || Refusal::not_found(format!("Document {}:{} not found", key.letter, key.entity));
    let letter = world.tables.letters.get(&key.letter).ok_or_else(missing)?;
    let state = DocumentState::of(letter, key.entity, actor.box_id, letter.patches.len());
    Ok(world.document_view(&state.ok_or_else(missing)?))
}

/// All documents of a message that the employee sees.
fn of_message(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let readable = world.readable(&actor, asked.guid("messageId")?)?;
    let letter = readable.letter;
    let documents: Vec<_> = letter
        .documents_of(actor.box_id, letter.patches.len())
        .map(|(piece, _)| piece.id())
        .filter(|document| !readable.hidden.contains(document))
        .filter_map(|document| {
            DocumentState::of(&letter, document, actor.box_id, letter.patches.len())
        })
        .map(|state| world.document_view(&state))
        .collect();
    Ok(whole(documents))
}

/// A list that comes at once.
fn whole(documents: Vec<Document>) -> Answer {
    Answer::message(&DocumentList {
        total_count: i32::try_from(documents.len()).unwrap_or(i32::MAX),
        documents,
        has_more_results: Some(false),
    })
}

/// The first 100 documents with an id of the caller's system, which need not be unique.
fn by_custom_id(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let id = asked.text("customDocumentId").unwrap_or_default();
    let keys = world.with_custom_id(&actor, id);
    let documents: Result<Vec<_>, _> = keys
        .into_iter()
        .take(100)
        .map(|key| view(world, &actor, key))
        .collect();
    Ok(whole(documents?))
}

fn content(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let (letter, piece) = world.readable_entity(&actor, key(asked)?)?;
    let bytes = world.content(&actor, &letter, &piece)?;
    Ok(Answer::bytes(bytes))
}

fn signature(world: &mut World, asked: &Asked<'_>) -> Result<Answer, Refusal> {
    let actor = world.enter(asked.user, asked.box_id("boxId")?)?;
    let key = key(asked)?;
    let (letter, _) = world.readable_entity(&actor, key)?;
    let info = world.signature_view(&letter, actor.box_id, key.entity);
    let missing = || {
        let DocumentKey { letter, entity } = key;
        Refusal::not_found(format!("Signature {entity} not found in message {letter}"))
    };
    Ok(Answer::message(&info.ok_or_else(missing)?))
}
