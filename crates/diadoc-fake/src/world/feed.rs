//! Reading the feed of messages and patches.

use std::collections::BTreeSet;
use std::ops::Range;

use diadoc_core::BoxId;
use uuid::Uuid;

use super::access::Actor;
use super::model::{DocumentDetails, DocumentKey, Event, Letter, MessageKind, Piece};
use super::publish::touches;
use super::state::{Direction, Flags};
use super::{Refusal, World, reading};

/// Events are counted up to so many.
const COUNTED: usize = 100_000;

/// What is asked of the feed. What a list is empty of, is not asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct FeedFilter {
    /// In this department.
    pub department: Option<Uuid>,
    pub kinds: Vec<MessageKind>,
    /// `TypeNamedId`s.
    pub types: Vec<String>,
    pub directions: Vec<Direction>,
    pub counteragent: Option<BoxId>,
    /// Ticks, both among what is meant.
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub is_descending: bool,
    pub limit: usize,
    /// The number of the event to go on from.
    pub after: Option<u64>,
}

impl FeedFilter {
    /// Whether it asks for more than moments, or the employee does not see every letter.
    fn asks_of_letters(&self, actor: &Actor) -> bool {
        !actor.sees_all()
            || self.department.is_some()
            || !self.kinds.is_empty()
            || !self.types.is_empty()
            || !self.directions.is_empty()
            || self.counteragent.is_some()
    }
}

/// A page of the feed.
#[derive(Debug)]
pub(crate) struct Page {
    /// Events with their numbers.
    pub events: Vec<(u64, Event)>,
    /// How many there are from the cursor on.
    pub total: usize,
    /// There are more than that.
    pub is_cut: bool,
}

impl World {
    /// The events of a box that an employee sees and that a filter means.
    pub(crate) fn feed(&self, actor: &Actor, filter: &FeedFilter) -> Page {
        if !filter.asks_of_letters(actor) {
            return self.plain_feed(actor.box_id, filter);
        }
        let mut page = Page {
            events: Vec::new(),
            total: 0,
            is_cut: false,
        };
        let numbers = self.behind_cursor(actor.box_id, filter);
        for (number, event) in self.events_in(actor.box_id, numbers, filter.is_descending) {
            if !self.is_meant_by_feed(actor, filter, event) {
                continue;
            }
            if page.total == COUNTED {
                page.is_cut = true;
                break;
            }
            page.total += 1;
            if page.events.len() < filter.limit {
                page.events.push((number, *event));
            }
        }
        page
    }

    /// The events of a box of which nothing is asked but when they were: what is not on the page is counted
    /// by its number.
    fn plain_feed(&self, box_id: BoxId, filter: &FeedFilter) -> Page {
        let numbers = self.behind_cursor(box_id, filter);
        let total = numbers.end.saturating_sub(numbers.start);
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let events = self.events_in(box_id, numbers, filter.is_descending);
        Page {
            events: events
                .take(filter.limit)
                .map(|(number, event)| (number, *event))
                .collect(),
            total: total.min(COUNTED),
            is_cut: total > COUNTED,
        }
    }

    /// The newest event of the box that the employee sees.
    pub(crate) fn last_event(&self, actor: &Actor, filter: &FeedFilter) -> Option<(u64, Event)> {
        let filter = FeedFilter {
            is_descending: true,
            ..filter.clone()
        };
        let numbers = self.behind_cursor(actor.box_id, &filter);
        let mut events = self.events_in(actor.box_id, numbers, filter.is_descending);
        let newest = events.find(|(_, event)| self.is_meant_by_feed(actor, &filter, event));
        newest.map(|(number, event)| (number, *event))
    }

    /// An event by its id, with its number.
    ///
    /// # Errors
    ///
    /// 404: the box has no such event.
    pub(crate) fn event(&self, box_id: BoxId, id: Uuid) -> Result<(u64, Event), Refusal> {
        let number = self.tables.event_numbers.get(&(box_id, id)).copied();
        let event = number.and_then(|number| {
            let event = self.tables.events.get(&(box_id, number))?;
            Some((number, *event))
        });
        event.ok_or_else(|| Refusal::not_found("Could not determine message id for event"))
    }

    /// The numbers of the events within the moments of a filter and behind its cursor.
    fn behind_cursor(&self, box_id: BoxId, filter: &FeedFilter) -> Range<u64> {
        let from = filter.from.unwrap_or(i64::MIN);
        let first = self.first_event_from(box_id, from);
        let end = match filter.to {
            Some(to) => self.first_event_from(box_id, to.saturating_add(1)),
            None => self.tables.events.last_number(box_id) + 1,
        };
        match (filter.after, filter.is_descending) {
            (None, _) => first..end,
            (Some(after), false) => first.max(after.saturating_add(1))..end,
            (Some(after), true) => first..end.min(after),
        }
    }

    fn events_in(
        &self,
        box_id: BoxId,
        numbers: Range<u64>,
        is_descending: bool,
    ) -> Box<dyn Iterator<Item = (u64, &Event)> + '_> {
        let Range { start, end } = numbers;
        // A range of a map must not end before it begins.
        let keys = (box_id, start)..(box_id, end.max(start));
        let events = self.tables.events.range(keys);
        let events = events.map(|((_, number), event)| (*number, event));
        match is_descending {
            true => Box::new(events.rev()),
            false => Box::new(events),
        }
    }

    fn is_meant_by_feed(&self, actor: &Actor, filter: &FeedFilter, event: &Event) -> bool {
        let Some(letter) = self.tables.letters.get(&event.letter) else {
            return false;
        };
        // Drafts belong to no department.
        let is_open = letter.kind != MessageKind::Draft || actor.sees_all();
        let is_of_kind = filter.kinds.is_empty() || filter.kinds.contains(&letter.kind);
        let direction = Direction::of(letter, actor.box_id);
        let counteragent = direction.counteragent(letter).map(|party| party.box_id);
        is_open
            && is_of_kind
            && (filter.directions.is_empty() || filter.directions.contains(&direction))
            && (filter.counteragent.is_none() || filter.counteragent == counteragent)
            && tells_of_one(letter, actor, event, filter)
    }

    /// What of an event an employee is shown: without the documents of departments that are closed.
    pub(crate) fn hidden_in(&self, actor: &Actor, event: &Event) -> BTreeSet<Uuid> {
        let letter = self.tables.letters.get(&event.letter);
        letter
            .map(|letter| reading::hidden(letter, actor, event.patches))
            .unwrap_or_default()
    }

    /// The documents of a box with an id of the caller's system, as far as an employee sees them.
    pub(crate) fn with_custom_id(&self, actor: &Actor, id: &str) -> Vec<DocumentKey> {
        let has_id = |key: &DocumentKey| {
            let letter = self.tables.letters.get(&key.letter)?;
            let details = letter.piece(key.entity)?.document.as_deref()?;
            details.custom_document_id.as_deref()
        };
        self.rows_of(actor.box_id)
            .filter(|row| !row.is_deleted && actor.sees(row.department))
            .map(|row| row.document)
            .filter(|key| has_id(key) == Some(id))
            .collect()
    }
}

/// Whether an event tells of a document that the employee may see and that is meant.
fn tells_of_one(letter: &Letter, actor: &Actor, event: &Event, filter: &FeedFilter) -> bool {
    let asks_of_department = filter.department.is_some() || !actor.sees_all();
    if !asks_of_department && filter.types.is_empty() {
        return true;
    }
    let Event { patches, .. } = *event;
    let patch = letter.patches.get(patches - 1);
    let is_open = |piece: &Piece, details: &DocumentDetails| {
        let flags = Flags::of(letter, piece.id(), details, actor.box_id, patches);
        let department = flags.department;
        actor.sees(department) && filter.department.is_none_or(|one| one == department)
    };
    let mut documents = letter.documents_of(actor.box_id, patches);
    documents.any(|(piece, details)| {
        let is_told =
            event.is_message || patch.is_some_and(|patch| touches(letter, patch, piece.id()));
        let is_of_type = filter.types.is_empty() || filter.types.contains(&details.type_named_id);
        is_told && is_of_type && (!asks_of_department || is_open(piece, details))
    })
}
