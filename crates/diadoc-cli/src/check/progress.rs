//! How far checking has come, for people who wait.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};

use super::source::Source;
use super::words::words;
use crate::input::Input;

/// A bar on standard error, where that is a terminal and the results go elsewhere: on a terminal
/// they show themselves how far it is.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn over(sources: &[Source]) -> Self {
        if !io::stderr().is_terminal() || io::stdout().is_terminal() {
            return Self { bar: None };
        }
        let known = sources.iter().all(|source| *source.input != Input::Stdin);
        let (bar, template) = match known {
            true => {
                let size = sources.iter().map(|source| source.input.size()).sum();
                (ProgressBar::new(size), words().bar)
            }
            false => (ProgressBar::no_length(), words().spinner),
        };
        // The templates above are valid; a bar of another look would do as well.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar: Some(bar) }
    }

    /// A body of `size` bytes has been checked.
    pub(super) fn add(&self, size: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(size);
        }
    }

    /// Writes to standard error with the bar out of the way.
    pub(super) fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
