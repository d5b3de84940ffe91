//! What became of each change, kept in a file, so that a run that was cut goes on.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use crate::Change;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The compiler does not take it.
    NotCompiled,
    /// A test fails.
    Noticed,
    /// A test does not end.
    TimedOut,
    /// Every test that comes there passes.
    Unnoticed,
    /// No test comes there.
    NotReached,
}

impl Outcome {
    const ALL: [Self; 5] = [
        Self::NotCompiled,
        Self::Noticed,
        Self::TimedOut,
        Self::Unnoticed,
        Self::NotReached,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::NotCompiled => "does not compile",
            Self::Noticed => "noticed",
            Self::TimedOut => "timed out",
            Self::Unnoticed => "unnoticed",
            Self::NotReached => "not reached by any test",
        }
    }

    /// Whether the tests let the change pass.
    pub(crate) fn is_survived(self) -> bool {
        matches!(self, Self::Unnoticed | Self::NotReached)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The outcomes so far, and the file that they are added to.
#[derive(Debug)]
pub(crate) struct Outcomes {
    /// By name, with the line that was changed.
    of: HashMap<(String, String), Outcome>,
    file: File,
}

impl Outcomes {
    /// Reads the outcomes for the state of the checkout that `digest` stands for; those of another state are
    /// forgotten, unless they are to be taken `anyway`.
    pub(crate) fn open(path: &Path, digest: u64, anyway: bool) -> Result<Self, Box<dyn Error>> {
        let head = format!("{digest:016x}");
        let text = fs::read_to_string(path).unwrap_or_default();
        let mut lines = text.lines();
        let mut of = HashMap::new();
        if lines.next() == Some(&head) || anyway {
            for line in lines {
                let mut parts = line.splitn(4, '\t');
                if let (Some(word), Some(name), Some(text)) =
                    (parts.next(), parts.next(), parts.next())
                    && let Some(outcome) = Outcome::ALL.iter().find(|one| one.as_str() == word)
                {
                    of.insert((name.to_owned(), text.to_owned()), *outcome);
                }
            }
        }
        let mut kept = head + "\n";
        for ((name, text), outcome) in &of {
            kept += &format!("{outcome}\t{name}\t{text}\n");
        }
        fs::write(path, kept)?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self { of, file })
    }

    pub(crate) fn get(&self, change: &Change) -> Option<Outcome> {
        self.of.get(&key(change)).copied()
    }

    /// Adds an outcome, with the test that it is owed to.
    pub(crate) fn add(
        &mut self,
        change: &Change,
        outcome: Outcome,
        by: &str,
    ) -> std::io::Result<()> {
        let (name, text) = key(change);
        writeln!(self.file, "{outcome}\t{name}\t{text}\t{by}")?;
        self.of.insert((name, text), outcome);
        Ok(())
    }
}

fn key(change: &Change) -> (String, String) {
    (change.to_string(), change.text.clone())
}
