//! A search for documents.

use diadoc_core::BoxId;

use super::{Filter, ListKey};
use crate::world::World;
use crate::world::access::Actor;
use crate::world::index::Row;
use crate::world::state::DocumentState;
use crate::world::workflow::Workflow;

/// Documents are counted up to so many.
const COUNTED: usize = 1000;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub page: Vec<ListKey>,
    /// How many documents of the whole list there are, up to 1000.
    pub total: usize,
    /// There are more than that.
    pub is_cut: bool,
}

impl World {
    /// The documents of a box that an employee sees and that a filter means.
    pub(crate) fn search(&self, actor: &Actor, filter: &Filter) -> Found {
        let mut found = Found {
            page: Vec::new(),
            total: 0,
            is_cut: false,
        };
        let all = self.rows(actor.box_id, filter);
        for (key, row) in all {
            let is_on_page = found.page.len() < filter.count && filter.is_behind_cursor(key);
            if found.is_cut && !is_on_page {
                // Nothing more is wanted of rows before the cursor but to be passed.
                if found.page.len() >= filter.count {
                    break;
                }
                continue;
            }
            if !self.is_meant(actor, filter, row) {
                continue;
            }
            match found.total < COUNTED {
                true => found.total += 1,
                false => found.is_cut = true,
            }
            if is_on_page {
                debug_assert!(self.is_current(actor.box_id, key, row), "{key:?}: {row:?}");
                found.page.push(key);
            }
        }
        found
    }

    /// The rows of a box in the order of a filter, within its moments.
    fn rows(
        &self,
        box_id: BoxId,
        filter: &Filter,
    ) -> Box<dyn Iterator<Item = (ListKey, &Row)> + '_> {
        let rows = self.rows_between(box_id, filter.span());
        match filter.is_descending {
            true => Box::new(rows.rev()),
            false => Box::new(rows),
        }
    }

    /// Whether a row says what the state of its document is.
    pub(crate) fn is_current(&self, box_id: BoxId, key: ListKey, row: &Row) -> bool {
        let letter = self.tables.letters.get(&key.document.letter);
        let state = letter.and_then(|letter| {
            let upto = letter.patches.len();
            DocumentState::of(letter, key.document.entity, box_id, upto)
        });
        state.is_some_and(|state| Row::of(&state) == *row && ListKey::of(&state) == key)
    }

    fn is_meant(&self, actor: &Actor, filter: &Filter, row: &Row) -> bool {
        if !filter.fits(row, actor) {
            return false;
        }
        let letter = self.tables.letters.get(&row.document.letter);
        letter.is_some_and(|letter| {
            let piece = letter.piece(row.document.entity);
            piece.is_some_and(|piece| {
                piece.document.as_deref().is_some_and(|details| {
                    let file_name = piece.entity.file_name.as_deref();
                    filter.fits_details(details, file_name, Workflow::of(details, letter))
                })
            })
        })
    }
}

impl Filter {
    fn is_behind_cursor(&self, key: ListKey) -> bool {
        self.after.is_none_or(|after| match self.is_descending {
            true => key < after,
            false => key > after,
        })
    }
}
