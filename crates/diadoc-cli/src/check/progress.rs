//! How far checking has come, for people who wait.

use std::io::{self, IsTerminal as _};

use super::source::Source;
use crate::input::Input;
use crate::progress::Bar;
use crate::words::words;

/// A bar, where the results go elsewhere: on a terminal they show themselves how far it is.
pub(super) fn over(sources: &[Source]) -> Bar {
    let known = sources.iter().all(|source| *source.input != Input::Stdin);
    let sizes = sources.iter().map(|source| source.input.size());
    let size = known.then(|| sizes.sum());
    let words = words();
    Bar::new(size, words.bar, words.spinner, !io::stdout().is_terminal())
}
