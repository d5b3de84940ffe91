//! Which change is on: that of the number in `DIADOC_MUTANT`. With a file in `DIADOC_MUTANT_TRACE`, the number
//! of each change that is asked for is added to it, once.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

static ON: LazyLock<usize> = LazyLock::new(|| {
    let number = std::env::var("DIADOC_MUTANT").ok();
    number.and_then(|number| number.parse().ok()).unwrap_or(usize::MAX)
});

static TRACE: LazyLock<Option<File>> = LazyLock::new(|| {
    let path = std::env::var_os("DIADOC_MUTANT_TRACE")?;
    OpenOptions::new().append(true).create(true).open(path).ok()
});

static ASKED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];

pub(crate) fn is(number: usize) -> bool {
    if let Some(mut file) = TRACE.as_ref()
        && !ASKED[number].swap(true, Ordering::Relaxed)
    {
        let _ = file.write_all(format!("{number}\n").as_bytes());
    }
    number == *ON
}
