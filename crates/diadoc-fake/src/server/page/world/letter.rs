//! A letter: what happened to it, and what is in it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use diadoc_proto::Severity;
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use super::{box_link, document_table, look, moment, sides};
use crate::server::page::layout::{Column, Place, head, wide};
use crate::server::page::visit::Visit;
use crate::server::page::words::Words;
use crate::world::World;
use crate::world::model::{Author, Fact, Letter, MessageKind, Patch, Piece, Scope};
use crate::world::state::{Direction, DocumentState};
use crate::world::views::Status;

/// The letter of that id.
pub(in super::super) async fn show(visit: Visit, Path(id): Path<String>) -> Response {
    let words = visit.words;
    let found = id.parse::<Uuid>().ok().and_then(|id| {
        look(&visit, |world| {
            let letter = world.tables.letters.get(&id)?;
            Some((name(letter), body(words, world, letter)))
        })
    });
    match found.flatten() {
        Some((title, body)) => visit.html(StatusCode::OK, Some(Place::World), &title, &body),
        None => visit.message(StatusCode::NOT_FOUND, words.no_such_letter),
    }
}

/// Letters, each with its sides.
pub(super) fn table<'w>(
    words: &Words,
    world: &World,
    letters: impl Iterator<Item = &'w Letter>,
) -> Markup {
    let mut letters = letters.peekable();
    if letters.peek().is_none() {
        return html! { p { (words.no_letters) } };
    }
    wide(
        words.last_letters,
        &html! {
            table {
                caption { (words.letters_caption) }
                (head(&[Column::Text(words.letter), Column::Text(words.kind), Column::Text(words.sides), Column::Number(words.documents), Column::Text(words.changed_at)]))
                tbody {
                    @for letter in letters {
                        tr {
                            th scope="row" { (link(letter, name(letter))) }
                            td { (kind(words, letter.kind)) }
                            td { (sides(world, letter)) }
                            td.number { (letter.documents().count()) }
                            td { (moment(letter.changed())) }
                        }
                    }
                }
            }
        },
    )
}

pub(super) fn link(letter: &Letter, text: String) -> Markup {
    html! { a href={ "/_/world/letters/" (letter.id) } { (text) } }
}

/// A link to the letter of that id.
pub(super) fn link_of(world: &World, id: Uuid) -> Markup {
    match world.tables.letters.get(&id) {
        Some(letter) => link(letter, name(letter)),
        None => html! { code { (id) } },
    }
}

/// What a letter is called: as its first document, or by its id.
fn name(letter: &Letter) -> String {
    match letter.documents().next() {
        Some((piece, _)) => title(piece),
        None => letter.id.to_string(),
    }
}

/// What an entity is called: as its file, or by its id.
pub(super) fn title(piece: &Piece) -> String {
    let file_name = piece.entity.file_name.as_deref();
    let file_name = file_name.filter(|name| !name.is_empty());
    file_name.map_or_else(|| piece.id().to_string(), str::to_owned)
}

fn kind(words: &Words, kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Letter => words.letter,
        MessageKind::Draft => words.draft,
        MessageKind::Template => words.template,
    }
}

pub(super) fn direction(words: &Words, state: &DocumentState<'_>) -> &'static str {
    match state.direction() {
        Direction::Inbound => words.inbound,
        Direction::Outbound => words.outbound,
        Direction::Internal => words.internal,
    }
}

/// Where a document stands for its viewer, in the words of the server.
pub(super) fn status(state: &DocumentState<'_>) -> Markup {
    let Status {
        primary, secondary, ..
    } = Status::of(state);
    html! {
        div lang="ru" {
            span class={ "status " (class(primary.severity)) } { (primary.text) }
            @if let Some(part) = secondary {
                br; span class={ "status " (class(part.severity)) } { (part.text) }
            }
        }
    }
}

/// The class that a part of a status is coloured by.
fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Success => "ok",
        Severity::Warning => "warn",
        Severity::Error => "bad",
        _ => "muted",
    }
}

fn body(words: &Words, world: &World, letter: &Letter) -> Markup {
    let upto = letter.patches.len();
    let states = letter.boxes().flat_map(|box_id| {
        let documents = letter.documents();
        documents.filter_map(move |(piece, _)| DocumentState::of(letter, piece.id(), box_id, upto))
    });
    html! {
        dl {
            dt { (words.kind) } dd { (kind(words, letter.kind)) }
            dt { (words.sides) } dd { (sides(world, letter)) }
            dt { "MessageId" } dd { code { (letter.id) } }
            dt { (words.at) } dd { (moment(letter.created())) }
        }
        h2 { (words.documents) }
        (document_table(words, world, states))
        h2 { (words.history) }
        (history(words, world, letter))
        h2 { (words.entities) }
        (entities(words, world, letter))
    }
}

fn history(words: &Words, world: &World, letter: &Letter) -> Markup {
    wide(
        words.history,
        &html! {
            table {
                caption { (words.history_caption) }
                (head(&[Column::Number(words.number), Column::Text(words.at), Column::Text(words.author), Column::Text(words.known_to), Column::Text(words.what_happened)]))
                tbody {
                    @for (place, patch) in letter.patches.iter().enumerate() {
                        tr {
                            th.number scope="row" { (place + 1) }
                            td { (moment(patch.at)) }
                            td { (author(words, world, patch)) }
                            td {
                                @match patch.scope {
                                    Scope::Everybody => (words.everybody),
                                    Scope::OnceDelivered(_) => (words.once_delivered),
                                    Scope::Only(box_id) => (box_link(world, box_id)),
                                }
                            }
                            td { ul.plain lang="en" { @for fact in &patch.facts { li { (shown(fact)) } } } }
                        }
                    }
                }
            }
        },
    )
}

fn author(words: &Words, world: &World, patch: &Patch) -> Markup {
    match patch.author {
        Author::Operator => html! { (words.operator) },
        Author::User { box_id, user } => html! {
            (box_link(world, box_id))
            @if let Some(user) = world.tables.users.get(&user) { ", " (user.login) }
        },
    }
}

/// A fact by its name, with what belongs to it.
fn shown(fact: &Fact) -> Markup {
    if let Fact::Added(piece) = fact {
        return html! { "Added " code { (type_of(piece)) } " " a href={ "#" (piece.id()) } { (title(piece)) } };
    }
    match serde_json::to_value(fact) {
        Ok(Value::Object(members)) => html! {
            @for (name, value) in &members { (name) " " code { (compact(value)) } }
        },
        Ok(Value::String(name)) => html! { (name) },
        _ => html! {},
    }
}

/// A value without the marks of JSON where that can be read as well.
fn compact(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            let members: Vec<_> = members
                .map(|(name, value)| format!("{name}: {}", compact(value)))
                .collect();
            members.join(", ")
        }
        other => other.to_string(),
    }
}

fn type_of(piece: &Piece) -> &'static str {
    match piece.signature {
        Some(_) => piece.entity.entity_type().as_str_name(),
        None => piece.entity.attachment_type().as_str_name(),
    }
}

fn entities(words: &Words, world: &World, letter: &Letter) -> Markup {
    wide(
        words.entities,
        &html! {
            table {
                caption { (words.entities_caption) }
                (head(&[Column::Text(words.entity), Column::Text(words.type_name), Column::Text("EntityId"), Column::Text(words.belongs_to), Column::Number(words.size), Column::Text(words.signer)]))
                tbody {
                    @for piece in letter.pieces() {
                        tr id=(piece.id()) {
                            th scope="row" { (title(piece)) }
                            td lang="en" { code { (type_of(piece)) } }
                            td { code { (piece.id()) } }
                            td {
                                @if let Some(parent) = piece.parent().and_then(|id| letter.piece(id)) {
                                    a href={ "#" (parent.id()) } { (title(parent)) }
                                }
                            }
                            td.number { @if let Some(content) = piece.content { (content.size) } }
                            td {
                                @if let Some(signature) = &piece.signature {
                                    (box_link(world, signature.signer.box_id))
                                    @if !signature.is_valid { " " span.bad { (words.bad_signature) } }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
}
