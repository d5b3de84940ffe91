//! A world in a file, so that it outlives the process.
//!
//! The rows of each table stand under the table's name, key and row as MessagePack. What a call changed is
//! written and synced in one transaction before the call is answered: what was answered with 200 is there
//! after a crash, and what was not is there whole or not at all. What is computed from rows is not written,
//! but worked out again when the file is opened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use diadoc_core::Ticks;
use redb::{
    Database, ReadableDatabase as _, ReadableTable as _, TableDefinition, WriteTransaction,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::table::Table;
use super::tables::{Stored, Tables, Visitor};
use super::{Clock, World};

/// What the file says of itself, under its one key.
const ABOUT: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("about");
/// The key of [`About`].
const THE: &[u8] = b"world";
/// Changes whenever rows of older files can no longer be read.
const FORMAT: u32 = 2;

/// An open file.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    /// None after a failure, until the file is opened again.
    database: Option<Database>,
    /// The clock as it was last written.
    clock: Option<Clock>,
}

/// What is stored beside the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct About {
    pub format: u32,
    pub clock: Clock,
    /// The moment of the last change.
    pub now: Ticks,
    /// The user whom every token stands for.
    pub everybody: Option<Uuid>,
}

/// Why a world cannot be kept in a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has the file open.
    #[error("{path}: another process keeps its world there")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is of another version.
    #[error("{path}: the world there has format {found}, this version reads format {FORMAT}")]
    Format {
        /// The file.
        path: PathBuf,
        /// The format that it has.
        found: u32,
    },
    /// A row cannot be read.
    #[error("{path}: a row of the table {table} cannot be read: {source}")]
    Row {
        /// The file.
        path: PathBuf,
        /// The table.
        table: &'static str,
        /// Why.
        source: rmp_serde::decode::Error,
    },
    /// The file is broken: a part of it is missing, or is another.
    #[error("{path}: the file is broken: {why}")]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The database failed: the file is none, the disk is full, or may not be written.
    #[error("{path}: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<redb::Error>,
    },
}

impl StoreError {
    /// Why, without the file's name.
    pub(super) fn cause(&self) -> String {
        match self {
            Self::Database { source, .. } => source.to_string(),
            Self::Row { source, .. } => source.to_string(),
            Self::Broken { why, .. } => why.clone(),
            Self::InUse { .. } => "another process keeps its world there".to_owned(),
            Self::Format { .. } => "its format is another".to_owned(),
        }
    }
}

impl Store {
    /// Opens a file, or makes it; what it held, if it did.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<(About, Tables)>), StoreError> {
        caught(path, || Self::read(path))
    }

    fn read(path: &Path) -> Result<(Self, Option<(About, Tables)>), StoreError> {
        let database = opened(path)?;
        let store = Self {
            path: path.to_owned(),
            database: Some(database),
            clock: None,
        };
        let held = store.load()?;
        Ok((store, held))
    }

    fn load(&self) -> Result<Option<(About, Tables)>, StoreError> {
        let failed = |error: redb::Error| database_error(&self.path, error);
        let Some(database) = &self.database else {
            return Ok(None);
        };
        let read = database
            .begin_read()
            .map_err(|error| failed(error.into()))?;
        let about = match read.open_table(ABOUT) {
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(failed(error.into())),
            Ok(table) => table.get(THE).map_err(|error| failed(error.into()))?,
        };
        let Some(about) = about else {
            return Ok(None);
        };
        let about: About = self.row("about", about.value())?;
        if about.format != FORMAT {
            return Err(StoreError::Format {
                path: self.path.clone(),
                found: about.format,
            });
        }
        let mut tables = Tables::default();
        tables.visit(&mut Loading { store: self, read })?;
        tables.commit();
        Ok(Some((about, tables)))
    }

    /// Writes what has changed since the last commit, and waits until it is on the disk. What has failed
    /// once, such as for want of room, is tried anew with the next call.
    pub(super) fn write(&mut self, tables: &mut Tables, about: About) -> Result<(), StoreError> {
        if !tables.are_changed() && self.clock == Some(about.clock) {
            return Ok(());
        }
        let (path, open) = (&self.path, self.database.take());
        let database = caught(path, || {
            let database = match open {
                Some(database) => database,
                None => opened(path)?,
            };
            written(&database, tables, &about).map_err(|error| database_error(path, error))?;
            Ok(database)
        })?;
        self.database = Some(database);
        self.clock = Some(about.clock);
        Ok(())
    }

    fn row<T: serde::de::DeserializeOwned>(
        &self,
        table: &'static str,
        bytes: &[u8],
    ) -> Result<T, StoreError> {
        rmp_serde::from_slice(bytes).map_err(|source| StoreError::Row {
            path: self.path.clone(),
            table,
            source,
        })
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // It writes once more where it closes; all that was answered is on the disk by then.
        let database = self.database.take();
        let _ = caught(&self.path, || {
            drop(database);
            Ok(())
        });
    }
}

/// Does something with the database. It relies on what it wrote itself: where somebody has cut or changed the
/// file, it panics. What it leaves then is dropped, and the rows that it was to write are only read.
fn caught<T>(path: &Path, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panicked| {
        let why = panicked.downcast_ref::<String>().map(String::as_str);
        let why = why.or_else(|| panicked.downcast_ref::<&str>().copied());
        Err(StoreError::Broken {
            path: path.to_owned(),
            why: why.unwrap_or("it cannot be read").to_owned(),
        })
    })
}

impl About {
    pub(super) fn new(clock: Clock, now: Ticks, everybody: Option<Uuid>) -> Self {
        Self {
            format: FORMAT,
            clock,
            now,
            everybody,
        }
    }
}

impl World {
    /// Keeps the world in a file from now on. Where the file holds one already, it is that world that goes
    /// on; otherwise this one is written there.
    ///
    /// # Errors
    ///
    /// See [`StoreError`].
    pub fn kept_in(mut self, path: &Path) -> Result<Self, StoreError> {
        let (mut store, held) = Store::open(path)?;
        match held {
            Some((about, tables)) => {
                self.tables = tables;
                self.everybody = about.everybody;
                self.now = about.now;
                self.clock = about.clock;
                self.compute();
            }
            None => {
                self.tables.touch_all();
                let about = About::new(self.clock, self.now, self.everybody);
                store.write(&mut self.tables, about)?;
            }
        }
        self.tables.commit();
        self.store = Some(store);
        Ok(self)
    }

    /// Works out again all that is computed from stored rows.
    fn compute(&mut self) {
        let events: Vec<_> = self
            .tables
            .events
            .iter()
            .map(|(key, event)| (*key, *event))
            .collect();
        for ((box_id, number), event) in events {
            if let Some(letter) = self.tables.letters.shared(&event.letter) {
                self.compute_event(&letter, box_id, number, event);
            }
        }
        let letters: Vec<_> = self.tables.letters.iter().map(|(id, _)| *id).collect();
        for letter in letters
            .iter()
            .filter_map(|id| self.tables.letters.shared(id))
            .collect::<Vec<_>>()
        {
            for box_id in letter.boxes() {
                self.index(&letter, box_id);
            }
        }
    }
}

/// Reads all rows.
struct Loading<'s> {
    store: &'s Store,
    read: redb::ReadTransaction,
}

impl Visitor for Loading<'_> {
    type Error = StoreError;

    fn visit<K: Stored + Ord, V: Stored>(
        &mut self,
        name: &'static str,
        table: &mut Table<K, V>,
    ) -> Result<(), StoreError> {
        let failed = |error: redb::Error| database_error(&self.store.path, error);
        let definition: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new(name);
        let rows = match self.read.open_table(definition) {
            // A version that has a new table finds none in an older file.
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(()),
            Err(error) => return Err(failed(error.into())),
            Ok(rows) => rows,
        };
        for row in rows.iter().map_err(|error| failed(error.into()))? {
            let (key, value) = row.map_err(|error| failed(error.into()))?;
            table.insert(
                self.store.row(name, key.value())?,
                self.store.row(name, value.value())?,
            );
        }
        Ok(())
    }
}

/// Writes the rows that have changed.
struct Writing {
    write: WriteTransaction,
}

impl Visitor for Writing {
    type Error = redb::Error;

    fn visit<K: Stored + Ord, V: Stored>(
        &mut self,
        name: &'static str,
        table: &mut Table<K, V>,
    ) -> Result<(), redb::Error> {
        let changed = table.changed();
        if changed.is_empty() {
            return Ok(());
        }
        let definition: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new(name);
        let mut rows = self.write.open_table(definition)?;
        for key in changed {
            match table.get(key) {
                Some(row) => rows.insert(&*packed(key), &*packed(row))?,
                None => rows.remove(&*packed(key))?,
            };
        }
        Ok(())
    }
}

/// Opens a file, or makes it. All of it is verified: what somebody else changed in it is no world.
fn opened(path: &Path) -> Result<Database, StoreError> {
    let mut builder = Database::builder();
    let opened = builder.set_check_integrity_on_open(true).create(path);
    opened.map_err(|error| match error {
        redb::DatabaseError::DatabaseAlreadyOpen => StoreError::InUse {
            path: path.to_owned(),
        },
        other => database_error(path, other.into()),
    })
}

/// Writes what has changed in one transaction.
fn written(database: &Database, tables: &mut Tables, about: &About) -> Result<(), redb::Error> {
    let write = database.begin_write()?;
    let mut writing = Writing { write };
    tables.visit(&mut writing)?;
    writing
        .write
        .open_table(ABOUT)?
        .insert(THE, &*packed(about))?;
    Ok(writing.write.commit()?)
}

/// A key or a row, with the names of its fields, so that later versions can add some.
#[allow(clippy::expect_used, reason = "memory takes plain data")]
fn packed<T: Serialize>(value: &T) -> Vec<u8> {
    rmp_serde::to_vec_named(value).expect("plain data can be written to memory")
}

fn database_error(path: &Path, error: redb::Error) -> StoreError {
    StoreError::Database {
        path: path.to_owned(),
        source: Box::new(error),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::panic::catch_unwind;
    use std::time::Duration;

    use diadoc_proto::events::Entity;
    use diadoc_proto::{DocumentAccessLevel, LockMode};
    use uuid::Uuid;

    use super::StoreError;
    use crate::world::build::{FIRST_BOX, SECOND_BOX};
    use crate::world::model::{
        Author, DocumentDetails, Fact, Letter, MessageKind, Party, Patch, Piece, Scope, Task,
    };
    use crate::world::{HEAD_DEPARTMENT, Refusal, World};

    /// A letter with one document, on its way.
    fn send(world: &mut World) -> Uuid {
        let id = world.new_id();
        let [sender, recipient] = [FIRST_BOX, SECOND_BOX].map(|box_id| Party {
            box_id,
            department: HEAD_DEPARTMENT,
        });
        let document = Piece {
            id: world.new_id(),
            parent: None,
            entity: Entity::default(),
            content: None,
            document: Some(Box::new(DocumentDetails {
                type_named_id: "Nonformalized".to_owned(),
                function: "default".to_owned(),
                packet: Some(id),
                workflow_id: 1,
                ..DocumentDetails::default()
            })),
            signature: None,
            only: None,
        };
        let signing = world.signing_of("signature");
        let signature = world.signature(document.id(), sender, Uuid::nil(), signing);
        let facts = [document, signature].map(|piece| Fact::Added(Box::new(piece)));
        let first = Patch {
            id,
            at: world.now(),
            author: Author::Operator,
            scope: Scope::Everybody,
            facts: facts.into(),
        };
        world.add_letter(Letter {
            id,
            kind: MessageKind::Letter,
            sender,
            recipient: Some(recipient),
            proxy: None,
            is_internal: false,
            is_test: true,
            lock: LockMode::None,
            draft_is_locked: false,
            created_from_draft: None,
            template: None,
            patches: first.into(),
        });
        world.later(Duration::from_secs(60), Task::Deliver { letter: id });
        id
    }

    fn look(world: &World) -> String {
        format!("{:#?}", world.tables)
    }

    /// A file of which a byte was changed is an error, or goes on as the world that it was: nothing is lost in
    /// silence, and nothing panics, neither when it is opened nor when it is written and closed.
    #[test]
    fn a_file_with_another_byte() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("world.redb");
        let mut world = World::default().kept_in(&path).unwrap();
        world.transact(|world| Ok(send(world))).unwrap();
        let held = look(&world);
        drop(world);
        let whole = fs::read(&path).unwrap();
        // The head says what lies where; the rest is sampled where something is written.
        let head = (0..320).step_by(5);
        let written = (320..whole.len()).filter(|at| whole[*at] != 0);
        // The last one is of what is known of free pages, which is asked for where something is written.
        let places = head.chain(written.step_by(701)).chain([53_613]);
        let (mut panicked, mut refused, mut unwritten, mut fine) = (Vec::new(), 0, 0, 0);
        for (at, bits) in places
            .into_iter()
            .zip([0xff, 0x01, 0x80].into_iter().cycle())
        {
            let mut changed = whole.clone();
            changed[at] ^= bits;
            fs::write(&path, &changed).unwrap();
            let went = catch_unwind(|| {
                let mut world = World::default().kept_in(&path)?;
                assert_eq!(look(&world), held, "the byte {at} was {bits:#x} otherwise");
                let sent = world.transact(|world| Ok(send(world)));
                drop(world);
                Ok::<_, StoreError>(sent)
            });
            match went {
                Err(_) => panicked.push(at),
                Ok(Ok(Ok(_))) => fine += 1,
                Ok(Ok(Err(refusal))) => {
                    assert_eq!(refusal.status, 500, "{refusal}");
                    unwritten += 1;
                }
                Ok(Err(error)) => {
                    assert!(error.to_string().contains("world.redb"), "{error}");
                    refused += 1;
                }
            }
        }
        assert_eq!(panicked, Vec::<usize>::new());
        assert!(refused > 10 && fine > 20, "{refused} {unwritten} {fine}");
    }

    #[test]
    fn what_was_done_is_there_after_a_restart_and_what_was_refused_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("world.redb");
        let mut world = World::default().kept_in(&path).unwrap();
        let known = world.tables.events.last_number(SECOND_BOX);
        let letter = world.transact(|world| Ok(send(world))).unwrap();
        world.advance(Duration::from_secs(90));
        let refused = world.transact(|world| {
            send(world);
            let employee = world.tables.employees.range(..).next();
            let key = *employee.unwrap().0;
            world.tables.employees.edit(&key).unwrap().access = DocumentAccessLevel::DepartmentOnly;
            Err::<(), _>(Refusal::conflict("no"))
        });
        refused.unwrap_err();
        world.transact(|world| Ok(send(world))).unwrap();
        let before = look(&world);
        assert!(matches!(
            World::default().kept_in(&path),
            Err(StoreError::InUse { .. })
        ));
        let now = world.now();
        drop(world);

        let mut world = World::default().kept_in(&path).unwrap();
        assert_eq!(look(&world), before);
        assert_eq!(world.now(), now);
        let seen = world.tables.letters.get(&letter).unwrap();
        assert_eq!(seen.seen_since(SECOND_BOX), Some(2), "it was delivered");
        // The second letter is still on its way.
        world.advance(Duration::from_secs(90));
        assert_eq!(world.tables.tasks.len(), 0);
        assert_eq!(world.tables.events.last_number(SECOND_BOX), known + 2);
    }
}
