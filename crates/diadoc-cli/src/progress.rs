//! How far something has come, for people who wait.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often what has no end in sight moves.
const TICK: Duration = Duration::from_millis(200);

/// A bar on standard error, where that is a terminal.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
}

impl Bar {
    /// A bar of so many steps, or something that moves where nobody knows how many there are; a template of
    /// indicatif for each. `shown`: whether somebody wants to see it.
    pub(crate) fn new(length: Option<u64>, bar: &str, spinner: &str, shown: bool) -> Self {
        if !shown || !io::stderr().is_terminal() {
            return Self { bar: None };
        }
        let (drawn, template) = match length {
            Some(length) => (ProgressBar::new(length), bar),
            None => (ProgressBar::no_length(), spinner),
        };
        // The templates are valid; a bar of another look would do as well.
        if let Ok(style) = ProgressStyle::with_template(template) {
            drawn.set_style(style);
        }
        if length.is_none() {
            drawn.enable_steady_tick(TICK);
        }
        Self { bar: Some(drawn) }
    }

    pub(crate) fn add(&self, steps: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(steps);
        }
    }

    /// It has come so far.
    pub(crate) fn set(&self, steps: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(steps);
        }
    }

    /// Writes to standard error with the bar out of the way.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
