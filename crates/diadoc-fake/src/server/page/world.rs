//! What the world of the fake holds: organizations with their boxes, documents, letters.

use std::time::Duration;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use diadoc_core::BoxId;
use maud::{Markup, html};
use uuid::Uuid;

use super::layout::{Column, Place, head, wide};
use super::visit::Visit;
use super::words::Words;
use crate::world::World;
use crate::world::model::{Employee, Letter, Organization};
use crate::world::state::DocumentState;

mod letter;

pub(super) use letter::show as letter;

/// How many documents, events and letters a list shows at most.
const MOST: usize = 100;

/// All organizations, and the last letters.
pub(super) async fn list(visit: Visit) -> Response {
    let words = visit.words;
    let body = look(&visit, |world| {
        let tables = &world.tables;
        let mut letters: Vec<_> = tables.letters.iter().map(|(_, letter)| letter).collect();
        letters.sort_by_key(|letter| std::cmp::Reverse(letter.changed()));
        html! {
            p { (words.world_about) }
            dl {
                dt { (words.world_clock) } dd { (world.clock().now()) }
                dt { (words.letters) } dd { (letters.len()) }
                dt { (words.due_later) } dd { (tables.tasks.len()) }
            }
            h2 { (words.organizations) }
            (organizations(words, world))
            @if !world.skipped().is_empty() {
                h2 { (words.skipped) }
                ul lang="en" {
                    @for note in world.skipped().iter().rev().take(MOST) { li { (note) } }
                }
            }
            h2 { (words.last_letters) }
            (letter::table(words, world, letters.into_iter().take(MOST)))
        }
    });
    let body = body.unwrap_or_else(|| html! { p { (words.no_world) } });
    visit.html(StatusCode::OK, Some(Place::World), words.boxes, &body)
}

/// A box: its organization, its employees, its documents, its events.
pub(super) async fn one(visit: Visit, Path(box_id): Path<String>) -> Response {
    let words = visit.words;
    let found = box_id.parse::<BoxId>().ok().and_then(|box_id| {
        look(&visit, |world| {
            let organization = world.tables.organizations.get(&box_id)?;
            let body = of_box(words, world, organization);
            Some((organization.short_name.clone(), body))
        })
    });
    match found.flatten() {
        Some((name, body)) => visit.html(StatusCode::OK, Some(Place::World), &name, &body),
        None => visit.message(StatusCode::NOT_FOUND, words.no_such_box),
    }
}

/// What `with` makes of the world, once what was due by now is done; none where there is no world.
fn look<T>(visit: &Visit, with: impl FnOnce(&World) -> T) -> Option<T> {
    visit.script().with_world(|world| {
        world.advance(Duration::ZERO);
        with(world)
    })
}

fn organizations(words: &Words, world: &World) -> Markup {
    wide(
        words.organizations,
        &html! {
            table {
                caption { (words.organizations_caption) }
                (head(&[Column::Text(words.organization), Column::Text(words.inn_kpp), Column::Text(words.box_id), Column::Number(words.documents)]))
                tbody {
                    @for (box_id, organization) in world.tables.organizations.iter() {
                        tr {
                            th scope="row" { (box_link(world, *box_id)) }
                            td { (inn_kpp(organization)) }
                            td { code { (box_id) } }
                            td.number { (world.rows_of(*box_id).count()) }
                        }
                    }
                }
            }
        },
    )
}

fn inn_kpp(organization: &Organization) -> String {
    match &organization.kpp {
        Some(kpp) => format!("{} / {kpp}", organization.inn),
        None => organization.inn.clone(),
    }
}

/// A link to a box, with the name of its organization.
fn box_link(world: &World, box_id: BoxId) -> Markup {
    match world.tables.organizations.get(&box_id) {
        Some(organization) => html! {
            a href={ "/_/world/" (box_id.guid()) } { (organization.short_name) }
        },
        None => html! { code { (box_id) } },
    }
}

/// The documents of a box in the order in which they were posted.
fn documents(world: &World, box_id: BoxId) -> impl DoubleEndedIterator<Item = DocumentState<'_>> {
    world.rows_of(box_id).filter_map(move |row| {
        let letter = world.tables.letters.get(&row.document.letter)?;
        let upto = letter.patches.len();
        DocumentState::of(letter, row.document.entity, box_id, upto)
    })
}

fn of_box(words: &Words, world: &World, organization: &Organization) -> Markup {
    let box_id = organization.box_id;
    html! {
        dl {
            dt { (words.full_name) } dd { (organization.full_name) }
            dt { (words.box_id) } dd { code { (box_id) } }
            dt { (words.inn_kpp) } dd { (inn_kpp(organization)) }
            dt { (words.fns_id) } dd { code { (organization.fns_participant_id) } }
            @if !organization.is_subscribed { dt { (words.note) } dd { (words.not_subscribed) } }
        }
        h2 { (words.documents) }
        (document_table(words, world, documents(world, box_id).rev().take(MOST)))
        h2 { (words.events) }
        (events(words, world, box_id))
        h2 { (words.employees) }
        (employees(words, world, box_id))
        h2 { (words.counteragents) }
        (counteragents(words, world, box_id))
    }
}

/// Documents, each as its viewer sees it.
fn document_table<'w>(
    words: &Words,
    world: &World,
    documents: impl Iterator<Item = DocumentState<'w>>,
) -> Markup {
    let mut documents = documents.peekable();
    if documents.peek().is_none() {
        return html! { p.muted { (words.none) } };
    }
    wide(
        words.documents,
        &html! {
            table {
                caption { (words.documents_caption) }
                (head(&[Column::Text(words.document), Column::Text(words.type_name), Column::Text(words.box_of_viewer), Column::Text(words.counteragent), Column::Text(words.status), Column::Text(words.sent_at)]))
                tbody {
                    @for state in documents {
                        tr {
                            th scope="row" { (letter::link(state.letter, letter::title(state.document.piece))) }
                            td { code { (state.details.type_named_id) } }
                            td { (box_link(world, state.viewer)) ", " (letter::direction(words, &state)) }
                            td { @if let Some(other) = state.counteragent() { (box_link(world, other.box_id)) } }
                            td { (letter::status(&state)) }
                            td { (moment(state.created())) }
                        }
                    }
                }
            }
        },
    )
}

/// A moment, to the second.
fn moment(at: diadoc_core::Ticks) -> Markup {
    let text = at.to_string();
    let short = text.get(..19).unwrap_or(&text).replace('T', " ");
    html! { time datetime=(text) { (short) } }
}

fn events(words: &Words, world: &World, box_id: BoxId) -> Markup {
    let events = world.tables.events.range((box_id, 0)..=(box_id, u64::MAX));
    let events: Vec<_> = events.rev().take(MOST).collect();
    if events.is_empty() {
        return html! { p.muted { (words.none) } };
    }
    wide(
        words.events,
        &html! {
            table {
                caption { (words.events_caption) }
                (head(&[Column::Number(words.number), Column::Text(words.event), Column::Text(words.letter), Column::Text(words.at)]))
                tbody {
                    @for ((_, number), event) in events {
                        tr {
                            th.number scope="row" { (number) }
                            td { @if event.is_message { (words.event_message) } @else { (words.event_patch) } }
                            td { (letter::link_of(world, event.letter)) }
                            td { (moment(event.at)) }
                        }
                    }
                }
            }
        },
    )
}

fn employees(words: &Words, world: &World, box_id: BoxId) -> Markup {
    let employees = world
        .tables
        .employees
        .range((box_id, Uuid::nil())..=(box_id, Uuid::max()));
    wide(
        words.employees,
        &html! {
            table {
                caption { (words.employees_caption) }
                (head(&[Column::Text(words.name), Column::Text(words.login), Column::Text(words.rights)]))
                tbody {
                    @for ((_, user), employee) in employees {
                        @if let Some(person) = world.tables.users.get(user) {
                            tr {
                                th scope="row" { (person.last_name) " " (person.first_name) }
                                td { (person.login) }
                                td lang="en" { (rights(words, employee)) }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn rights(words: &Words, employee: &Employee) -> String {
    if employee.is_blocked {
        return words.blocked.to_owned();
    }
    if employee.is_administrator {
        return words.administrator.to_owned();
    }
    let actions: Vec<_> = employee
        .actions
        .iter()
        .map(|action| action.as_str())
        .collect();
    actions.join(", ")
}

fn counteragents(words: &Words, world: &World, box_id: BoxId) -> Markup {
    let relations = world.tables.relations.iter();
    let relations: Vec<_> = relations.filter(|((from, _), _)| *from == box_id).collect();
    if relations.is_empty() {
        return html! { p.muted { (words.none) } };
    }
    html! {
        ul {
            @for ((_, to), relation) in relations {
                li { (box_link(world, *to)) " — " code { (format!("{:?}", relation.state)) } }
            }
        }
    }
}

/// The sides of a letter.
fn sides(world: &World, letter: &Letter) -> Markup {
    html! {
        (box_link(world, letter.sender.box_id))
        @for other in letter.proxy.iter().chain(&letter.recipient) {
            " → " (box_link(world, other.box_id))
        }
    }
}
