//! The tables of a world.

use std::collections::BTreeSet;

use bytes::Bytes;
use diadoc_core::{BoxId, Ticks};
use uuid::Uuid;

use super::index::{Row, RowKey};
use super::lists::ListKey;
use super::model::{
    DocflowEvent, DocumentKey, Employee, Event, Invitation, Letter, Operation, Organization,
    Relation, RelationEvent, ShelfFile, Task, User,
};
use super::table::Table;

/// What visits the tables that are stored.
#[cfg(feature = "store")]
pub(super) trait Visitor {
    type Error;

    /// Sees a table, by the name that it has in a store.
    fn visit<K: Stored + Ord, V: Stored>(
        &mut self,
        name: &'static str,
        table: &mut Table<K, V>,
    ) -> Result<(), Self::Error>;
}

/// What a store can hold.
#[cfg(feature = "store")]
pub(super) trait Stored: Clone + serde::Serialize + serde::de::DeserializeOwned {}

#[cfg(feature = "store")]
impl<T: Clone + serde::Serialize + serde::de::DeserializeOwned> Stored for T {}

/// Declares the tables: first those that are stored, then those that are computed from them.
macro_rules! tables {
    (
        stored { $($(#[doc = $doc:literal])* $name:ident: $key:ty => $value:ty,)* }
        computed { $($(#[doc = $computed_doc:literal])* $computed:ident: $computed_key:ty => $computed_value:ty,)* }
    ) => {
        /// All that a world holds.
        #[derive(Debug, Default)]
        pub(crate) struct Tables {
            $($(#[doc = $doc])* pub $name: Table<$key, $value>,)*
            $($(#[doc = $computed_doc])* pub $computed: Table<$computed_key, $computed_value>,)*
        }

        impl Tables {
            pub(super) fn commit(&mut self) {
                $(self.$name.commit();)*
                $(self.$computed.commit();)*
            }

            pub(super) fn roll_back(&mut self) {
                $(self.$name.roll_back();)*
                $(self.$computed.roll_back();)*
            }

            /// Whether a row that is stored has changed.
            #[cfg(feature = "store")]
            pub(super) fn are_changed(&self) -> bool {
                $(self.$name.is_changed())||*
            }

            #[cfg(feature = "store")]
            /// Makes every row that is stored count as changed.
            pub(super) fn touch_all(&mut self) {
                $(self.$name.touch_all();)*
            }

            #[cfg(feature = "store")]
            /// Shows all tables that are stored.
            pub(super) fn visit<V: Visitor>(&mut self, visitor: &mut V) -> Result<(), V::Error> {
                $(visitor.visit(stringify!($name), &mut self.$name)?;)*
                Ok(())
            }
        }
    };
}

tables! {
    stored {
        organizations: BoxId => Organization,
        users: Uuid => User,
        employees: (BoxId, Uuid) => Employee,
        /// How the first box stands to the second.
        relations: (BoxId, BoxId) => Relation,
        /// When users stopped being employees.
        dismissed: (BoxId, Uuid) => Ticks,
        /// What changed in the relations of each box, numbered from 1.
        relation_events: (BoxId, u64) => RelationEvent,
        /// Invitations by the ids of their tasks.
        invitations: Uuid => Invitation,
        /// Strings that organizations keep, by their keys.
        storage: (BoxId, String) => String,
        letters: Uuid => Letter,
        contents: Uuid => Bytes,
        /// The feed of each box, numbered from 1.
        events: (BoxId, u64) => Event,
        /// Files on the shelves, by user and name.
        shelf: (Uuid, String) => ShelfFile,
        /// Calls that succeeded, by their method, box and id of the operation in lower case.
        operations: (String, BoxId, String) => Operation,
        /// What is due later, by its moment; the number keeps tasks of one moment apart, in their order.
        tasks: (Ticks, u64) => Task,
    }
    computed {
        event_numbers: (BoxId, Uuid) => u64,
        /// The feed of documents of each box, numbered from 1.
        docflow_events: (BoxId, u64) => DocflowEvent,
        last_docflow_events: (BoxId, DocumentKey) => (BoxId, u64),
        /// The documents of each box.
        documents: RowKey => Row,
        /// Where each document stands in the list of a box.
        places: (BoxId, DocumentKey) => ListKey,
        /// Documents that were ever in a packet of a box.
        packets: (BoxId, Uuid) => BTreeSet<DocumentKey>,
        /// The documents that belong to a document.
        below: DocumentKey => BTreeSet<DocumentKey>,
        /// The documents that a document belongs to.
        above: DocumentKey => BTreeSet<DocumentKey>,
    }
}

impl<V: Clone> Table<(BoxId, u64), V> {
    /// The last number of a box; 0 where there is none.
    pub(super) fn last_number(&self, box_id: BoxId) -> u64 {
        let last = self.range((box_id, 0)..=(box_id, u64::MAX)).next_back();
        last.map_or(0, |((_, number), _)| *number)
    }

    /// The number of the first row of a box that is not `before`; one more than there are where there is
    /// none. Rows are numbered from 1 without gaps, those `before` first.
    pub(super) fn first_number(&self, box_id: BoxId, before: impl Fn(&V) -> bool) -> u64 {
        let (mut low, mut high) = (1, self.last_number(box_id) + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(&(box_id, middle)).is_some_and(&before) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }
}
