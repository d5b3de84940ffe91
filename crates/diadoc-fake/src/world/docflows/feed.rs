//! The feed of the changes of documents.

use bytes::Bytes;
use diadoc_core::{BoxId, Ticks};
use diadoc_proto::DocumentDirection;
use uuid::Uuid;

use crate::world::model::{DocflowEvent, MessageKind};
use crate::world::state::DocumentState;
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
        let rows = self
            .tables
            .docflow_events
            .range((box_id, 0)..=(box_id, u64::MAX));
        let fits = rows
            .map(|((_, number), event)| FeedItem {
                event,
                number: *number,
            })
            .filter(|item| self.fits(box_id, filter, item));
        let mut all: Vec<_> = fits.collect();
        if filter.descending {
            all.reverse();
        }
        let total = all.len();
        all.retain(|item| {
            after.is_none_or(|after| match filter.descending {
                true => item.number < after,
                false => item.number > after,
            })
        });
        all.truncate(limit);
        Ok((total, all))
    }

    fn fits(&self, box_id: BoxId, filter: &FeedFilter, item: &FeedItem<'_>) -> bool {
        let event = item.event;
        let at = event.event.at;
        if filter.from.is_some_and(|from| at < from) || filter.to.is_some_and(|to| at > to) {
            return false;
        }
        let Some(state) = self.state_after(box_id, item) else {
            return false;
        };
        let letter = state.letter;
        let counteragents = [letter.proxy, letter.recipient, Some(letter.sender)];
        let is_with = |other: BoxId| {
            let mut parties = counteragents.into_iter().flatten();
            !letter.is_internal && other != box_id && parties.any(|party| party.box_id == other)
        };
        let direction = crate::world::views::direction(&state);
        (filter.kinds.is_empty() || filter.kinds.contains(&letter.kind))
            && (filter.directions.is_empty() || filter.directions.contains(&direction))
            && (filter.type_named_ids.is_empty()
                || filter.type_named_ids.contains(&state.details.type_named_id))
            && filter.counteragent.is_none_or(is_with)
            && filter
                .department
                .is_none_or(|department| self.was_in(box_id, department, item, &state))
    }

    /// Whether a document was in a department after a change, or before it.
    fn was_in(
        &self,
        box_id: BoxId,
        department: Uuid,
        item: &FeedItem<'_>,
        state: &DocumentState<'_>,
    ) -> bool {
        let before = self.state_before(box_id, item);
        state.flags.department == department
            || before.is_some_and(|before| before.flags.department == department)
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
