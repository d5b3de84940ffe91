//! The state of a Diadoc: who there is, what was sent, and what became of it.
//!
//! A [`World`] knows nothing of HTTP. What calls change are its tables; what they read is computed from
//! them: every version of every structure goes through the state of a document (`state`), so that no two
//! views can contradict each other.
//!
//! A letter is a list of patches, the first of which is the message itself, and a patch a list of facts.
//! Nothing is taken back: a document that was deleted has a fact that says so. That is why the state of a
//! document *after any event* can be told later: it is the state after so many patches.

pub(crate) mod access;
pub(crate) mod build;
mod clock;
pub(crate) mod document_types;
pub(crate) mod feed;
mod filing;
mod ids;
mod index;
pub(crate) mod lists;
pub mod model;
mod operator;
pub(crate) mod patching;
pub(crate) mod pieces;
pub(crate) mod posting;
mod publish;
mod reading;
mod refusal;
pub(crate) mod service;
pub(crate) mod signature;
pub(crate) mod state;
mod table;
pub(crate) mod views;
pub(crate) mod workflow;
pub(crate) mod xml;

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use diadoc_core::{BoxId, Ticks};
use uuid::Uuid;

pub use clock::Clock;
pub use refusal::Refusal;
pub use signature::BAD_SIGNATURE;

use ids::Ids;
use index::{Row, RowKey};
use lists::ListKey;
use model::{
    DocflowEvent, DocumentKey, Employee, Event, Letter, Operation, Organization, Relation,
    ShelfFile, Task, User,
};
use table::Table;

/// The department that every organization has.
pub const HEAD_DEPARTMENT: Uuid = Uuid::nil();

/// A Diadoc's state, with its clock.
#[derive(Debug)]
pub struct World {
    pub(crate) tables: Tables,
    clock: Clock,
    ids: Ids,
    /// The user whom a token stands for that is nobody's; with none such a token is refused.
    everybody: Option<Uuid>,
    /// How long the operator takes to check signatures and to deliver.
    operator_delay: Duration,
    /// The moment of the call or task that runs; it stands still as long as that does.
    now: Ticks,
}

/// All that a world holds. The first tables are what it is; the others are computed from them.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub organizations: Table<BoxId, Organization>,
    pub users: Table<Uuid, User>,
    pub employees: Table<(BoxId, Uuid), Employee>,
    /// How the first box stands to the second.
    pub relations: Table<(BoxId, BoxId), Relation>,
    pub letters: Table<Uuid, Letter>,
    pub contents: Table<Uuid, Bytes>,
    /// The feed of each box, numbered from 1.
    pub events: Table<(BoxId, u64), Event>,
    /// Files on the shelves, by user and name.
    pub shelf: Table<(Uuid, String), ShelfFile>,
    /// Calls that succeeded, by their method, box and id of the operation in lower case.
    pub operations: Table<(String, BoxId, String), Operation>,
    /// What is due later, by its moment; the number keeps tasks of one moment apart, in their order.
    pub tasks: Table<(Ticks, u64), Task>,

    pub event_numbers: Table<(BoxId, Uuid), u64>,
    /// The feed of documents of each box, numbered from 1.
    pub docflow_events: Table<(BoxId, u64), DocflowEvent>,
    pub last_docflow_events: Table<(BoxId, DocumentKey), (BoxId, u64)>,
    /// The documents of each box.
    pub documents: Table<RowKey, Row>,
    /// Where each document stands in the list of a box.
    pub places: Table<(BoxId, DocumentKey), ListKey>,
    /// Documents that were ever in a packet of a box.
    pub packets: Table<(BoxId, Uuid), BTreeSet<DocumentKey>>,
    /// The documents that belong to a document.
    pub below: Table<DocumentKey, BTreeSet<DocumentKey>>,
    /// The documents that a document belongs to.
    pub above: Table<DocumentKey, BTreeSet<DocumentKey>>,
}

/// Calls a macro-like closure for every table.
macro_rules! for_each_table {
    ($tables:expr, $table:ident => $body:expr) => {{
        let Tables {
            organizations,
            users,
            employees,
            relations,
            letters,
            contents,
            events,
            shelf,
            operations,
            tasks,
            event_numbers,
            docflow_events,
            last_docflow_events,
            documents,
            places,
            packets,
            below,
            above,
        } = $tables;
        for_each_table!(@ $table => $body; organizations users employees relations letters contents
            events shelf operations tasks event_numbers docflow_events last_docflow_events documents places packets
            below above);
    }};
    (@ $table:ident => $body:expr; $($name:ident)*) => {$({ let $table = $name; $body; })*};
}

impl Tables {
    fn commit(&mut self) {
        for_each_table!(self, table => table.commit());
    }

    fn roll_back(&mut self) {
        for_each_table!(self, table => table.roll_back());
    }
}

impl World {
    /// A world without anybody.
    pub(crate) fn empty(clock: Clock, seed: Option<u64>) -> Self {
        Self {
            tables: Tables::default(),
            now: clock.now(),
            clock,
            everybody: None,
            operator_delay: Duration::ZERO,
            ids: seed.map_or_else(Ids::random, Ids::seeded),
        }
    }

    /// The moment of what is going on.
    pub(crate) fn now(&self) -> Ticks {
        self.now
    }

    pub(crate) fn new_id(&mut self) -> Uuid {
        self.ids.next()
    }

    /// From now on the operator takes so long to check signatures and to deliver; at the beginning it
    /// takes no time, and does its work right after the call is answered.
    pub fn set_operator_delay(&mut self, delay: Duration) {
        self.operator_delay = delay;
    }

    /// Moves the clock ahead, and does what has become due.
    pub fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
        self.catch_up();
    }

    /// Does something that can change the world. Where it is refused, nothing has changed.
    ///
    /// # Errors
    ///
    /// What `work` says.
    pub(crate) fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.catch_up();
        self.tick(self.clock.now());
        let done = work(self);
        match done {
            Ok(_) => {
                self.tables.commit();
                self.catch_up();
            }
            Err(_) => self.tables.roll_back(),
        }
        done
    }

    /// Has something done after a while.
    pub(crate) fn later(&mut self, after: Duration, task: Task) {
        let at = clock::moved(self.now.get(), clock::ticks_of(after));
        let same = self.tables.tasks.range((at, 0)..=(at, u64::MAX));
        let number = same.map(|((_, number), _)| number + 1).next_back();
        self.tables.tasks.insert((at, number.unwrap_or(0)), task);
    }

    /// Does what is due, each thing at its own moment.
    fn catch_up(&mut self) {
        loop {
            let first = self.tables.tasks.iter().next();
            let Some((&key, task)) = first.filter(|((at, _), _)| *at <= self.clock.now()) else {
                return;
            };
            let task = task.clone();
            self.tick(key.0);
            self.tables.tasks.remove(&key);
            self.tables.commit();
            match self.perform(task) {
                Ok(()) => self.tables.commit(),
                // What has become impossible in the meantime is not done.
                Err(_) => self.tables.roll_back(),
            }
        }
    }

    /// Time goes on: no two things happen at the same moment.
    fn tick(&mut self, to: Ticks) {
        self.now = to.max(clock::moved(self.now.get(), 1));
    }
}

impl<V: Clone> Table<(BoxId, u64), V> {
    /// The last number of a box; 0 where there is none.
    fn last_number(&self, box_id: BoxId) -> u64 {
        let last = self.range((box_id, 0)..=(box_id, u64::MAX)).next_back();
        last.map_or(0, |((_, number), _)| *number)
    }
}
