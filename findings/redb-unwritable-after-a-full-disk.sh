#!/usr/bin/env bash
# redb 4.6.0 takes no more writes after one that found no room, also when there is room again.
#
# A transaction that cannot grow its file fails, and what was committed before is intact and can be read: so
# far as one expects of a database that survives crashes. But from then on every `begin_write` fails until the
# database is closed and opened anew, however small the write and however much room there is by then. A
# service that keeps its database open for weeks has to open it again by itself after a moment of a full
# disk, or it takes nothing more until somebody restarts it.
#
# Seen: a storage that once refuses to grow; with room again, `begin_write` gives «Previous I/O error
# occurred. Please close and re-open the database.», while an old row is still read; opened anew, it is
# written.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
redb = "=4.6.0"
TOML
cat > src/main.rs <<'RUST'
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use redb::{Database, ReadableDatabase, StorageBackend, TableDefinition};

const ROWS: TableDefinition<u64, Vec<u8>> = TableDefinition::new("rows");

/// A file on a disk that can be full.
#[derive(Debug)]
struct Disk {
    file: File,
    is_full: Arc<AtomicBool>,
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, std::io::Error> {
        self.file.metadata().map(|about| about.len())
    }
    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), std::io::Error> {
        self.file.read_exact_at(out, offset)
    }
    fn set_len(&self, len: u64) -> Result<(), std::io::Error> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err(std::io::Error::other("no room"));
        }
        self.file.set_len(len)
    }
    fn sync_data(&self) -> Result<(), std::io::Error> {
        self.file.sync_data()
    }
    fn write(&self, offset: u64, data: &[u8]) -> Result<(), std::io::Error> {
        self.file.write_all_at(data, offset)
    }
}

fn open(is_full: &Arc<AtomicBool>) -> Database {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let disk = Disk {
        file: options.open("rows.redb").unwrap(),
        is_full: is_full.clone(),
    };
    Database::builder().create_with_backend(disk).unwrap()
}

fn write(database: &Database, key: u64, size: usize) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(ROWS)?.insert(key, vec![0; size])?;
    Ok(transaction.commit()?)
}

fn read(database: &Database) -> Result<usize, redb::Error> {
    let transaction = database.begin_read()?;
    let row = transaction.open_table(ROWS)?.get(1)?;
    Ok(row.map_or(0, |row| row.value().len()))
}

fn main() {
    let is_full = Arc::new(AtomicBool::new(false));
    let database = open(&is_full);
    write(&database, 1, 10).unwrap();
    is_full.store(true, Ordering::SeqCst);
    println!("full: {}", write(&database, 2, 50_000_000).unwrap_err());
    is_full.store(false, Ordering::SeqCst);
    println!("room again, write: {}", write(&database, 3, 10).unwrap_err());
    println!("room again, read: {:?}", read(&database).map_err(|error| error.to_string()));
    drop(database);
    println!("opened anew, write: {:?}", write(&open(&is_full), 3, 10).map_err(|error| error.to_string()));
}
RUST
cargo run --quiet 2>&1 | tee said
grep -q '^room again, write: Previous I/O error' said
grep -q '^room again, read: Ok(10)$' said
grep -q '^opened anew, write: Ok(())$' said
