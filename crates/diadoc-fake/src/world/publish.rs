//! How what happens to a letter gets into the feeds and lists of its sides.

use diadoc_core::BoxId;
use uuid::Uuid;

use super::model::{Author, DocflowEvent, DocumentKey, Event, Fact, Letter, Patch, Scope};
use super::{Refusal, World};

impl World {
    /// Adds a letter with its first patch, the message itself.
    pub(crate) fn add_letter(&mut self, letter: Letter) {
        let id = letter.id;
        self.tables.letters.insert(id, letter);
        self.published(id);
    }

    /// Adds what happened to a letter, now; the number of its patches then.
    ///
    /// # Errors
    ///
    /// There is no such letter.
    pub(crate) fn add_patch(
        &mut self,
        letter: Uuid,
        author: Author,
        scope: Scope,
        facts: Vec<Fact>,
    ) -> Result<usize, Refusal> {
        let patch = Patch {
            id: self.new_id(),
            at: self.now(),
            author,
            scope,
            facts,
        };
        let row = self.tables.letters.edit(&letter);
        let row = row.ok_or_else(|| Refusal::not_found(format!("Message {letter} not found")))?;
        row.patches.push(patch);
        let count = row.patches.len();
        self.published(letter);
        Ok(count)
    }

    /// Tells every side of a letter of its last patch.
    fn published(&mut self, letter: Uuid) {
        let Some(letter) = self.tables.letters.shared(&letter) else {
            return;
        };
        for box_id in letter.boxes() {
            let event = event_of(&letter, box_id);
            if let Some(event) = event {
                self.publish(&letter, box_id, event);
                self.react(&letter, box_id, &event);
            }
            self.index(&letter, box_id);
        }
    }

    fn publish(&mut self, letter: &Letter, box_id: BoxId, event: Event) {
        let number = self.tables.events.last_number(box_id) + 1;
        self.tables.events.insert((box_id, number), event);
        self.compute_event(letter, box_id, number, event);
    }

    /// What follows from an event of a box: its number by its id, and the feed of documents.
    pub(super) fn compute_event(
        &mut self,
        letter: &Letter,
        box_id: BoxId,
        number: u64,
        event: Event,
    ) {
        self.tables.event_numbers.insert((box_id, event.id), number);
        let Some(patch) = letter.patches.get(event.patches - 1) else {
            return;
        };
        let known: Vec<_> = letter
            .documents_of(box_id, event.patches)
            .map(|(piece, _)| piece.id())
            .collect();
        for entity in known {
            if !event.is_message && !touches(letter, patch, entity) {
                continue;
            }
            let document = DocumentKey {
                letter: letter.id,
                entity,
            };
            let previous = self.tables.last_docflow_events.get(&(box_id, document));
            let previous = previous.and_then(|key| self.tables.docflow_events.get(key));
            let docflow = DocflowEvent {
                event,
                document,
                previous: previous.map(|before| (before.event.id, before.event.patches)),
            };
            let number = self.tables.docflow_events.last_number(box_id) + 1;
            let key = (box_id, number);
            self.tables.docflow_events.insert(key, docflow);
            self.tables
                .last_docflow_events
                .insert((box_id, document), key);
        }
    }
}

/// What a box learns by the last patch of a letter.
fn event_of(letter: &Letter, box_id: BoxId) -> Option<Event> {
    let patches = letter.patches.len();
    let last = letter.patches.last()?;
    let since = letter.seen_since(box_id)?;
    let is_message = since == patches;
    // Who does not know a document yet is not told of a signature that is still to be checked.
    let only_adds = last.facts.iter().all(|fact| matches!(fact, Fact::Added(_)));
    let is_hidden = || only_adds && letter.news_of(box_id, patches).is_empty();
    let is_told = last.scope.reaches(box_id) && !last.is_silent() && !is_hidden();
    (is_message || is_told).then_some(Event {
        id: if is_message { letter.id } else { last.id },
        at: last.at,
        letter: letter.id,
        patches,
        is_message,
    })
}

/// Whether a patch says something of a document.
pub(super) fn touches(letter: &Letter, patch: &Patch, document: Uuid) -> bool {
    let hangs_on = |entity: Uuid| letter.patches.document_of(entity) == Some(document);
    patch.facts.iter().any(|fact| match fact {
        Fact::Added(piece) => hangs_on(piece.id()),
        Fact::Edited { entity, .. } => hangs_on(*entity),
        Fact::Delivered(_) | Fact::Recycled { .. } => true,
        Fact::PatchDelivered(id) => {
            let delivered = letter.patches.place_of(*id);
            delivered.is_some_and(|place| touches(letter, &letter.patches[place], document))
        }
        Fact::Deleted { document: one, .. } | Fact::Restored { document: one, .. } => {
            one.is_none_or(|one| one == document)
        }
        Fact::Read { document: one, .. }
        | Fact::Moved { document: one, .. }
        | Fact::Tagged { document: one, .. }
        | Fact::Routed { document: one, .. }
        | Fact::Packed { document: one, .. } => *one == document,
    })
}
