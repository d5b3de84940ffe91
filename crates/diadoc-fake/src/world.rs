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
pub(crate) mod actions;
pub(crate) mod archive;
pub(crate) mod build;
mod builder;
pub(crate) mod certificate;
mod clock;
pub(crate) mod commands;
pub(crate) mod docflows;
pub(crate) mod document_types;
pub(crate) mod feed;
mod file;
mod filing;
pub(crate) mod generation;
mod guid;
mod ids;
mod index;
pub(crate) mod lists;
pub mod model;
mod operator;
pub(crate) mod patching;
pub(crate) mod pdf;
pub(crate) mod pieces;
pub(crate) mod posting;
mod publish;
mod reading;
mod refusal;
pub mod script;
pub(crate) mod service;
pub(crate) mod shelf;
pub(crate) mod signature;
pub(crate) mod state;
#[cfg(feature = "store")]
mod store;
mod table;
mod tables;
pub(crate) mod views;
pub(crate) mod workflow;
pub(crate) mod xml;

use std::time::Duration;

use diadoc_core::Ticks;
use uuid::Uuid;

pub use build::{FIRST_BOX, SECOND_BOX};
pub use builder::{
    DepartmentBuilder, EmployeeBuilder, LetterBuilder, LetterState, OrganizationBuilder,
    UserBuilder, WorldBuilder, WorldError, WorldFault,
};
pub use clock::Clock;
pub use file::{WorldFileError, json_schema};
pub use refusal::Refusal;
pub use signature::BAD_SIGNATURE;
#[cfg(feature = "store")]
pub use store::StoreError;

use ids::Ids;
use model::Task;
#[cfg(feature = "store")]
use store::{About, Store};
use tables::Tables;

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
    /// How long an archive takes.
    archive_delay: Duration,
    /// What counteragents do by themselves.
    playing: script::Playing,
    /// The moment of the call or task that runs; it stands still as long as that does.
    now: Ticks,
    /// Where it is kept; none for a world in memory alone.
    #[cfg(feature = "store")]
    store: Option<Store>,
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
            archive_delay: Duration::from_secs(1),
            playing: script::Playing::default(),
            ids: seed.map_or_else(Ids::random, Ids::seeded),
            #[cfg(feature = "store")]
            store: None,
        }
    }

    /// The moment of what is going on.
    pub(crate) fn now(&self) -> Ticks {
        self.now
    }

    pub(crate) fn new_id(&mut self) -> Uuid {
        self.ids.next()
    }

    /// Its clock.
    pub fn clock(&self) -> Clock {
        self.clock
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
        // Where it cannot be written, the next call that changes something says so.
        let _ = self.settle();
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
        self.begin();
        let done = work(self).and_then(|done| self.settle().map(|()| done));
        match done {
            Ok(_) => self.catch_up(),
            Err(_) => self.tables.roll_back(),
        }
        done
    }

    /// Finds out what something is refused with. Nothing has changed afterwards, even where it is not.
    ///
    /// # Errors
    ///
    /// What `work` says.
    pub(crate) fn rehearse<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.begin();
        let done = work(self);
        self.tables.roll_back();
        done
    }

    /// Does what is due before a call, at whose moment the world stands then.
    fn begin(&mut self) {
        self.catch_up();
        self.tick(self.clock.now());
    }

    /// Makes what has changed last.
    ///
    /// # Errors
    ///
    /// 500 where it cannot be written to the store.
    fn settle(&mut self) -> Result<(), Refusal> {
        #[cfg(feature = "store")]
        if let Some(store) = &mut self.store {
            let about = About::new(self.clock, self.now, self.everybody);
            let written = store.write(&mut self.tables, about);
            written.map_err(|error| {
                let text = format!(
                    "the world cannot be written, so nothing was done: {}",
                    error.cause()
                );
                Refusal::failed(text)
            })?;
        }
        self.tables.commit();
        Ok(())
    }

    /// Has something done after a while.
    pub(crate) fn later(&mut self, after: Duration, task: Task) {
        // What happens at once is a tick apart: a clock that stands still is behind by as many.
        let from = self.now.min(self.clock.now());
        let at = clock::moved(from.get(), clock::ticks_of(after));
        let same = self.tables.tasks.range((at, 0)..=(at, u64::MAX));
        let number = same.map(|((_, number), _)| number + 1).next_back();
        self.tables.tasks.insert((at, number.unwrap_or(0)), task);
    }

    /// Does what is due, each thing at its own moment.
    fn catch_up(&mut self) {
        loop {
            let first = self.tables.tasks.iter().next();
            let Some((&key, task)) =
                first.filter(|((at, _), _)| *at <= self.clock.now().max(self.now))
            else {
                return;
            };
            let task = task.clone();
            self.tick(key.0);
            self.tables.tasks.remove(&key);
            if let Err(why) = self.perform(task.clone()) {
                // What has become impossible in the meantime is not done.
                self.tables.roll_back();
                self.tables.tasks.remove(&key);
                self.give_up(task, &why);
            }
            if self.settle().is_err() {
                // The store is full or broken: the task stays, and the next call says so.
                self.tables.roll_back();
                return;
            }
        }
    }

    /// Time goes on: no two things happen at the same moment.
    fn tick(&mut self, to: Ticks) {
        self.now = to.max(clock::moved(self.now.get(), 1));
    }
}
