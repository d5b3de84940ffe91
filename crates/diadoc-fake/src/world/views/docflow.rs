//! Documents with the state of their docflow, as GetDocflows and its kin show them.
//!
//! Version 4 has nearly all that there is to tell, and is worked out from the state of the document
//! (`v4`). Versions 3 and 5 put the same parts into other places. Version 2 has structures of its own
//! for each kind of document, made of parts of version 4 as well.

use std::cell::Cell;

use diadoc_core::Ticks;
use diadoc_proto::docflow::{
    DocumentWithDocflow, DocumentWithDocflowV3, DocumentWithDocflowV4, DocumentWithDocflowV5,
    LastEvent,
};
use diadoc_proto::{Content, DocumentId};
use uuid::Uuid;

use super::entity::MAX_CONTENTS;
use crate::world::World;
use crate::world::model::{ContentRef, DocumentKey};
use crate::world::state::DocumentState;

mod history;
mod info;
mod parts;
mod resolution;
mod revocation;
mod service;
mod v2;
mod v2_info;
mod v3;
mod v4;
mod v5;

pub(crate) use history::Embedded;

/// Ticks of 15 October 1582, where GUIDs of version 1 begin to count.
const GUID_EPOCH: i64 = 499_163_040_000_000_000;

/// The contents of one answer: whether they are shown, and how many bytes there is room for.
#[derive(Debug)]
pub(crate) struct Contents {
    room: Cell<usize>,
    injects: Cell<bool>,
}

/// What makes structures of the state of one document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Docflows<'a> {
    world: &'a World,
    state: &'a DocumentState<'a>,
    contents: &'a Contents,
}

/// A version of a document with its docflow.
pub(crate) trait Version: Sized {
    fn of(docflows: Docflows<'_>) -> Self;
}

impl Contents {
    /// For one answer.
    pub(crate) fn new(injects: bool) -> Self {
        Self {
            room: Cell::new(MAX_CONTENTS),
            injects: Cell::new(injects),
        }
    }

    /// From now on contents are shown, or not.
    pub(crate) fn inject(&self, injects: bool) {
        self.injects.set(injects);
    }

    fn injects(&self) -> bool {
        self.injects.get()
    }

    /// A content with its size, and with its bytes where there is room for them.
    fn get(&self, world: &World, content: ContentRef) -> Content {
        let bytes = world.tables.contents.get(&content.id);
        let shown = bytes.filter(|bytes| self.injects() && bytes.len() <= self.room.get());
        if let Some(shown) = shown {
            self.room.set(self.room.get() - shown.len());
        }
        Content {
            size: content.size,
            data: shown.cloned(),
        }
    }
}

impl World {
    /// A document with its docflow, as the state has it.
    pub(crate) fn docflow_view<V: Version>(
        &self,
        state: &DocumentState<'_>,
        contents: &Contents,
    ) -> V {
        V::of(Docflows {
            world: self,
            state,
            contents,
        })
    }

    /// The last event of the letter that the state takes into account: its id in the feed of docflows,
    /// and its moment.
    pub(crate) fn last_docflow_event(&self, state: &DocumentState<'_>) -> (Uuid, Ticks) {
        let mut told = state.letter.patches_of(state.viewer, state.upto);
        let last = told.rfind(|(_, patch)| !patch.is_silent());
        let since = state.letter.seen_since(state.viewer);
        let (id, at) = match last {
            Some((index, patch)) if since != Some(index + 1) => (patch.id, patch.at),
            Some((_, patch)) => (state.letter.id, patch.at),
            None => (state.letter.id, state.created()),
        };
        let number = self.tables.event_numbers.get(&(state.viewer, id));
        (docflow_event_id(at, number.copied().unwrap_or(0)), at)
    }
}

/// The id of an event in the feed of docflows: a GUID of version 1 with the moment of the event. The
/// `number` is that of the event in the feed of its box.
pub(crate) fn docflow_event_id(at: Ticks, number: u64) -> Uuid {
    let since = u64::try_from(at.get() - GUID_EPOCH).unwrap_or(0);
    let (low, mid, high) = (since as u32, (since >> 32) as u16, (since >> 48) as u16);
    let [_, _, node @ ..] = number.to_be_bytes();
    let [a, b, c, d, e, f] = node;
    let version = high & 0x0fff | 0x1000;
    Uuid::from_fields(low, mid, version, &[0x80, 0, a, b, c, d, e, f])
}

/// The moment of an event that has this id; none where it is no such id.
pub(crate) fn moment_of_event(id: Uuid) -> Option<Ticks> {
    let (low, mid, version, [0x80, 0, ..]) = id.as_fields() else {
        return None;
    };
    let high = version & 0x0fff;
    let since = i64::from(low) | i64::from(mid) << 32 | i64::from(high) << 48;
    (version >> 12 == 1)
        .then(|| Ticks::new(since + GUID_EPOCH).ok())
        .flatten()
}

/// As structures name a document.
pub(crate) fn document_id(key: DocumentKey) -> DocumentId {
    DocumentId {
        message_id: key.letter.to_string(),
        entity_id: key.entity.to_string(),
    }
}

impl Docflows<'_> {
    fn last_event(&self) -> LastEvent {
        let (id, at) = self.world.last_docflow_event(self.state);
        LastEvent {
            event_id: id.to_string(),
            timestamp: parts::timestamp(at),
        }
    }
}

impl Version for DocumentWithDocflow {
    fn of(docflows: Docflows<'_>) -> Self {
        let LastEvent {
            event_id,
            timestamp,
        } = docflows.last_event();
        let links = docflows.links();
        Self {
            document_id: Some(Box::new(document_id(docflows.state.key()))),
            last_event_id: Some(event_id),
            last_event_timestamp: Some(Box::new(timestamp)),
            document_info: Some(Box::new(docflows.info_v2())),
            docflow: Some(Box::new(docflows.docflow_v2())),
            initial_document_ids: links.initial_ids,
            subordinate_document_ids: links.subordinate_ids,
            forward_document_events: Vec::new(),
        }
    }
}

impl Version for DocumentWithDocflowV3 {
    fn of(docflows: Docflows<'_>) -> Self {
        Self {
            document_id: document_id(docflows.state.key()),
            last_event: docflows.last_event(),
            document_info: docflows.info_v3(),
            docflow: docflows.docflow_v3(),
        }
    }
}

impl Version for DocumentWithDocflowV4 {
    fn of(docflows: Docflows<'_>) -> Self {
        Self {
            document_id: document_id(docflows.state.key()),
            last_event: docflows.last_event(),
            document_info: docflows.info_v3(),
            docflow: docflows.docflow_v4(),
        }
    }
}

impl Version for DocumentWithDocflowV5 {
    fn of(docflows: Docflows<'_>) -> Self {
        Self {
            document_id: document_id(docflows.state.key()),
            last_event: docflows.last_event(),
            document_info: docflows.info_v5(),
            docflow: docflows.docflow_v5(),
        }
    }
}

#[cfg(test)]
mod tests {
    use diadoc_core::Ticks;
    use uuid::uuid;

    use super::{docflow_event_id, moment_of_event};

    #[test]
    fn ids_of_events_are_those_of_the_vendor() {
        // GetDocflows and SearchDocflows of the vendor's pages.
        let known = [
            (
                uuid!("92d89e14-fdbb-11ef-8000-000189ea7b5d"),
                638_772_135_536_156_180,
                0x0001_89ea_7b5d,
            ),
            (
                uuid!("c453731a-3c84-11f0-8000-0000bd216658"),
                638_841_169_375_638_298,
                0xbd21_6658,
            ),
        ];
        for (id, ticks, number) in known {
            let at = Ticks::new(ticks).unwrap();
            assert_eq!(docflow_event_id(at, number), id);
            assert_eq!(moment_of_event(id), Some(at));
        }
        let random = uuid!("88c3511a-a6de-4d84-b01f-55dc3452d87d");
        assert_eq!(moment_of_event(random), None);
    }
}
