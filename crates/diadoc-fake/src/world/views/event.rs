//! Events of the feed of messages and patches.

use diadoc_core::{BoxId, Ticks, base64};
use diadoc_proto::events::BoxEvent;

use super::Shown;
use crate::world::World;
use crate::world::model::Event;

impl World {
    /// An event of a box as the API shows it; none where its letter is gone.
    pub(crate) fn event_view(
        &self,
        viewer: BoxId,
        number: u64,
        event: &Event,
        shown: &Shown,
    ) -> Option<BoxEvent> {
        let letter = self.tables.letters.get(&event.letter)?;
        let (message, patch) = match event.is_message {
            true => {
                let message = self.message_view(letter, viewer, event.patches, shown);
                (Some(message), None)
            }
            false => (None, self.patch_view(letter, viewer, event.patches, shown)),
        };
        Some(BoxEvent {
            event_id: event.id.to_string(),
            message: message.map(Into::into),
            patch: patch.map(Into::into),
            index_key: Some(self.event_key(viewer, number, event)),
        })
    }

    /// The key of an event: base64 of its moment in 8 bytes, the highest first. Where the box learned of
    /// more than one thing at that moment, the others have their number in 4 bytes more.
    pub(crate) fn event_key(&self, viewer: BoxId, number: u64, event: &Event) -> String {
        let before = self.tables.events.range((viewer, 0)..(viewer, number));
        let same = before
            .rev()
            .take_while(|(_, before)| before.at == event.at)
            .count();
        let mut key = event.at.get().to_be_bytes().to_vec();
        if same > 0 {
            key.extend(u32::try_from(same).unwrap_or(u32::MAX).to_be_bytes());
        }
        base64::encode_to_string(&key)
    }

    /// The number of the last event up to that key; none where it is no key.
    pub(crate) fn number_at(&self, viewer: BoxId, key: &str) -> Option<u64> {
        let key = base64::decode(key.as_bytes())?;
        let (moment, rest) = key.split_first_chunk()?;
        let same: u64 = match rest {
            [] => 0,
            rest => u32::from_be_bytes(rest.try_into().ok()?).into(),
        };
        let moment = Ticks::new(i64::from_be_bytes(*moment)).ok()?.get();
        let before = self.first_event_from(viewer, moment) - 1;
        let at = |number| {
            let event = self.tables.events.get(&(viewer, number));
            event.is_some_and(|event| event.at.get() == moment)
        };
        let wanted = before.saturating_add(same).saturating_add(1);
        Some(if at(wanted) { wanted } else { before })
    }

    /// The number of the first event at or after a moment; one more than there are where there is none.
    pub(crate) fn first_event_from(&self, viewer: BoxId, moment: i64) -> u64 {
        let events = &self.tables.events;
        events.first_number(viewer, |event| event.at.get() < moment)
    }
}
