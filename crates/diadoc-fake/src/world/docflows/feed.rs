//! The feed of the changes of documents.

use std::ops::Range;

use bytes::Bytes;
use diadoc_core::{BoxId, Ticks};
use diadoc_proto::DocumentDirection;
use uuid::Uuid;

use crate::world::model::{DocflowEvent, MessageKind};
use crate::world::state::{Direction, DocumentState};
use crate::world::views::direction_of;
use crate::world::views::docflow::docflow_event_id;
use crate::world::{Refusal, World};

/// Which changes are wanted; what is none or empty restricts nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct FeedFilter {
    /// The first and the last moment.
    pub from: Option<Ticks>,
    pub to: Option<Ticks>,
    pub kinds: Vec<MessageKind>,
    pub directions: Vec<DocumentDirection>,
    /// Where the document was after the change, or before it.
    pub department: Option<Uuid>,
    pub type_named_ids: Vec<String>,
    pub counteragent: Option<BoxId>,
    /// The newest first.
    pub descending: bool,
    /// Only those after this key.
    pub after: Option<Bytes>,
}

impl FeedFilter {
    /// Whether it asks for more than moments.
    fn asks_of_documents(&self) -> bool {
        !self.kinds.is_empty()
            || !self.directions.is_empty()
            || self.department.is_some()
            || !self.type_named_ids.is_empty()
            || self.counteragent.is_some()
    }
}

/// A change of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FeedItem<'w> {
    pub event: &'w DocflowEvent,
    /// Its number in the feed.
    number: u64,
}

impl World {
    /// How many changes fit, and the first `limit` of them after the key of the filter.
    ///
    /// # Errors
    ///
    /// 400 for a key that is none.
    pub(crate) fn docflow_feed(
        &self,
        box_id: BoxId,
        filter: &FeedFilter,
        limit: usize,
    ) -> Result<(usize, Vec<FeedItem<'_>>), Refusal> {
        let after = filter.after.as_ref().map(number_of).transpose()?;
        let all = self.numbers(box_id, filter);
        let rest = match (after, filter.descending) {
            (None, _) => all.clone(),
            (Some(after), false) => all.start.max(after.saturating_add(1))..all.end,
            (Some(after), true) => all.start..all.end.min(after),
        };
        let fits =
            |item: &FeedItem<'_>| !filter.asks_of_documents() || self.fits(box_id, filter, item);
        let total = match filter.asks_of_documents() {
            // They are numbered without gaps.
            false => usize::try_from(all.end.saturating_sub(all.start)).unwrap_or(usize::MAX),
            true => self.items(box_id, all).filter(fits).count(),
        };
        let items = self.items(box_id, rest).filter(fits);
        let page = match filter.descending {
            true => items.rev().take(limit).collect(),
            false => items.take(limit).collect(),
        };
        Ok((total, page))
    }

    /// The numbers of the changes between the moments of a filter.
    fn numbers(&self, box_id: BoxId, filter: &FeedFilter) -> Range<u64> {
        let events = &self.tables.docflow_events;
        let at = |row: &DocflowEvent| row.event.at;
        let first = filter
            .from
            .map_or(1, |from| events.first_number(box_id, |row| at(row) < from));
        let end = events.first_number(box_id, |row| filter.to.is_none_or(|to| at(row) <= to));
        first..end
    }

    fn items(
        &self,
        box_id: BoxId,
        numbers: Range<u64>,
    ) -> impl DoubleEndedIterator<Item = FeedItem<'_>> {
        let Range { start, end } = numbers;
        // A range of a map must not end before it begins.
        let keys = (box_id, start)..(box_id, end.max(start));
        let rows = self.tables.docflow_events.range(keys);
        rows.map(|((_, number), event)| FeedItem {
            event,
            number: *number,
        })
    }

    fn fits(&self, box_id: BoxId, filter: &FeedFilter, item: &FeedItem<'_>) -> bool {
        let key = item.event.document;
        let Some(letter) = self.tables.letters.get(&key.letter) else {
            return false;
        };
        let counteragents = [letter.proxy, letter.recipient, Some(letter.sender)];
        let is_with = |other: BoxId| {
            let mut parties = counteragents.into_iter().flatten();
            !letter.is_internal && other != box_id && parties.any(|party| party.box_id == other)
        };
        let direction = direction_of(Direction::of(letter, box_id));
        let is_of_type = |wanted: &[String]| {
            let piece = letter.piece(key.entity);
            let details = piece.and_then(|piece| piece.document.as_deref());
            details.is_some_and(|details| wanted.contains(&details.type_named_id))
        };
        (filter.kinds.is_empty() || filter.kinds.contains(&letter.kind))
            && (filter.directions.is_empty() || filter.directions.contains(&direction))
            && (filter.type_named_ids.is_empty() || is_of_type(&filter.type_named_ids))
            && filter.counteragent.is_none_or(is_with)
            && filter
                .department
                .is_none_or(|department| self.was_in(box_id, department, item))
    }

    /// Whether a document was in a department after a change, or before it.
    fn was_in(&self, box_id: BoxId, department: Uuid, item: &FeedItem<'_>) -> bool {
        let is_in = |state: Option<DocumentState<'_>>| {
            state.is_some_and(|state| state.flags.department == department)
        };
        is_in(self.state_after(box_id, item)) || is_in(self.state_before(box_id, item))
    }

    /// The document after a change.
    pub(crate) fn state_after(
        &self,
        box_id: BoxId,
        item: &FeedItem<'_>,
    ) -> Option<DocumentState<'_>> {
        self.state_at(box_id, item, item.event.event.patches)
    }

    /// The document after the change before.
    pub(crate) fn state_before(
        &self,
        box_id: BoxId,
        item: &FeedItem<'_>,
    ) -> Option<DocumentState<'_>> {
        let (_, patches) = item.event.previous?;
        self.state_at(box_id, item, patches)
    }

    fn state_at(
        &self,
        box_id: BoxId,
        item: &FeedItem<'_>,
        patches: usize,
    ) -> Option<DocumentState<'_>> {
        let key = item.event.document;
        let letter = self.tables.letters.get(&key.letter)?;
        DocumentState::of(letter, key.entity, box_id, patches)
    }

    /// The id of a change, and of the one before on the same document.
    pub(crate) fn ids_of_change(&self, box_id: BoxId, item: &FeedItem<'_>) -> (Uuid, Option<Uuid>) {
        let id_of = |event: Uuid, at: Ticks| {
            let number = self.tables.event_numbers.get(&(box_id, event));
            docflow_event_id(at, number.copied().unwrap_or(0))
        };
        let event = item.event.event;
        let previous = item.event.previous.and_then(|(id, patches)| {
            let letter = self.tables.letters.get(&event.letter)?;
            Some(id_of(id, letter.patches.get(patches.checked_sub(1)?)?.at))
        });
        (id_of(event.id, event.at), previous)
    }
}

impl FeedItem<'_> {
    /// Its key for paging: its moment, and its number in the feed, each in 8 bytes, the highest first.
    pub(crate) fn key(&self) -> Bytes {
        let mut key = self.event.event.at.get().to_be_bytes().to_vec();
        key.extend(self.number.to_be_bytes());
        key.into()
    }
}

/// The number in a key.
fn number_of(key: &Bytes) -> Result<u64, Refusal> {
    let read = || {
        let (moment, rest) = key.split_first_chunk()?;
        Ticks::new(i64::from_be_bytes(*moment)).ok()?;
        Some(u64::from_be_bytes(rest.try_into().ok()?))
    };
    read().ok_or_else(|| Refusal::bad_request("cursor must have valid value"))
}
