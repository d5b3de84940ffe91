//! The changes that no test can notice, each with the reason: `equivalent.toml`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Change;

/// The list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    #[serde(default)]
    equivalent: Vec<Equivalent>,
}

/// Changes of one file that make no difference, for one reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Equivalent {
    file: PathBuf,
    /// What is changed, as it is listed behind the place.
    changes: Vec<String>,
    /// The line, where only some of these changes are meant.
    line: Option<String>,
    #[serde(rename = "reason")]
    _reason: String,
}

impl Known {
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        Ok(toml::from_str(&fs::read_to_string(path)?)?)
    }

    /// Whether a change stands in the list.
    pub(crate) fn has(&self, change: &Change) -> bool {
        self.equivalent.iter().any(|entry| {
            let mut changes = entry.changes.iter();
            entry.is_at(change) && changes.any(|what| *what == change.what)
        })
    }

    /// The entries for these files that none of these changes is meant by, a line each.
    pub(crate) fn stale(&self, files: &[PathBuf], changes: &[Change]) -> Vec<String> {
        let mut stale = Vec::new();
        for entry in &self.equivalent {
            if !files.contains(&entry.file) {
                continue;
            }
            for what in &entry.changes {
                if !changes
                    .iter()
                    .any(|change| entry.is_at(change) && change.what == *what)
                {
                    stale.push(format!("{}: {what}", entry.file.display()));
                }
            }
        }
        stale
    }

    /// The files that the list names.
    #[cfg(test)]
    fn files(&self) -> impl Iterator<Item = &Path> {
        self.equivalent.iter().map(|entry| entry.file.as_path())
    }
}

impl Equivalent {
    fn is_at(&self, change: &Change) -> bool {
        self.file == change.file && self.line.as_ref().is_none_or(|line| *line == change.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::areas::AREAS;

    /// The list as it stands, against the code as it stands.
    #[test]
    fn every_entry_means_a_change() {
        let root = crate::root();
        let known = Known::read(&root.join(crate::KNOWN)).expect("the list");
        let mut files = Vec::new();
        for area in &AREAS {
            files.extend(area.files(&root).expect("files"));
        }
        for file in known.files() {
            assert!(files.contains(&file.to_owned()), "{}", file.display());
        }
        let sources = crate::sources(&root, &files).expect("they parse");
        let changes = crate::changes(&sources);
        assert_eq!(known.stale(&files, &changes), [""; 0]);
    }
}
