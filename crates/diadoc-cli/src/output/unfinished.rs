//! Files that are written beside their place. They go when the program ends before they are there, on
//! SIGINT and SIGTERM too.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// A temporary file, until it is moved to its place.
#[derive(Debug)]
pub(crate) struct Unfinished {
    file: NamedTempFile,
    _known: Known,
}

/// The path of a file that is to go when a signal ends the program.
#[derive(Debug)]
struct Known(PathBuf);

/// Of all files that are not finished. Whoever makes one holds it, so that no signal comes between a file
/// and its path.
static PATHS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn paths() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PATHS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Unfinished {
    pub(super) fn in_folder(
        folder: &Path,
        builder: &mut tempfile::Builder<'_, '_>,
    ) -> io::Result<Self> {
        #[cfg(unix)]
        signals::watch()?;
        let mut paths = paths();
        let file = builder.prefix(".diadoc-").tempfile_in(folder)?;
        paths.insert(file.path().to_owned());
        Ok(Self {
            _known: Known(file.path().to_owned()),
            file,
        })
    }

    pub(super) fn as_file(&self) -> &File {
        self.file.as_file()
    }

    /// Moves it to its place, over what stands there.
    pub(super) fn persist(self, target: &Path) -> io::Result<()> {
        let persisted = self.file.persist(target);
        persisted.map_err(|error| error.error).map(drop)
    }

    /// Moves it to its place, where nothing may stand.
    pub(super) fn persist_noclobber(self, target: &Path) -> io::Result<()> {
        let persisted = self.file.persist_noclobber(target);
        persisted.map_err(|error| error.error).map(drop)
    }
}

impl Write for Unfinished {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        paths().remove(&self.0);
    }
}

#[cfg(unix)]
mod signals {
    use std::sync::OnceLock;
    use std::{process, thread};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    use super::{fs, io, paths};

    /// Starts to wait for signals, once. The program then ends by the signal, as it would without.
    pub(super) fn watch() -> io::Result<()> {
        static STARTED: OnceLock<Result<(), io::ErrorKind>> = OnceLock::new();
        let started = STARTED.get_or_init(|| start().map_err(|error| error.kind()));
        started.map_err(io::Error::from)
    }

    fn start() -> io::Result<()> {
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
        let wait = move || {
            let Some(signal) = signals.forever().next() else {
                return;
            };
            // Held to the end, so that no further file is made.
            let paths = paths();
            for path in paths.iter() {
                // One that has just gone to its place is no longer there.
                let _ = fs::remove_file(path);
            }
            let _ = emulate_default_handler(signal);
            process::exit(128 + signal);
        };
        thread::Builder::new().spawn(wait).map(drop)
    }
}
