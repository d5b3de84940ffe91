//! The copy of the checkout.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every file that git has or would take, with its content.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Reads the checkout at `root`.
pub(crate) fn read(root: &Path) -> Result<Files, Box<dyn Error>> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()?;
    if !listed.status.success() {
        return Err("git does not list the files".into());
    }
    let mut files = Files::new();
    for path in String::from_utf8(listed.stdout)?.split_terminator('\0') {
        // What is deleted and not yet committed is listed, too.
        if fs::exists(root.join(path))? {
            files.insert(path.into(), fs::read(root.join(path))?);
        }
    }
    Ok(files)
}

/// A number that stands for this state of all files.
pub(crate) fn digest(files: &Files) -> u64 {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    hasher.finish()
}

/// Makes a folder the same as `files`. What is so already is not touched, so that cargo builds no more of it.
pub(crate) fn write(files: &Files, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let wanted: HashSet<PathBuf> = files.keys().map(|path| folder.join(path)).collect();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !wanted.contains(&path) {
                fs::remove_file(path)?;
            }
        }
    }
    for (path, content) in files {
        let path = folder.join(path);
        if !fs::read(&path).is_ok_and(|there| there == *content) {
            fs::create_dir_all(path.parent().ok_or("a file stands in a folder")?)?;
            fs::write(path, content)?;
        }
    }
    Ok(())
}
