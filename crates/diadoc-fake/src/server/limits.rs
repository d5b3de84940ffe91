//! What a fake bears of those who call it: how much, and how long.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// The bytes that the head of a request has at most, by itself.
pub(super) const LONGEST_HEAD: usize = 64 << 10;
/// How many bodies of the greatest length there is room for at a time.
const BODIES: usize = 4;

/// How long a client may take; see [`Builder::timeouts`](super::Builder::timeouts).
///
/// ```
/// use std::time::Duration;
/// use diadoc_fake::{Fake, Timeouts};
///
/// let mut timeouts = Timeouts::default();
/// timeouts.stop = Duration::from_millis(100);
/// let builder = Fake::builder().timeouts(timeouts);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For the head of a request, from the end of the answer before it, so that a connection on which
    /// nothing comes ends then as well: 30 seconds.
    pub head: Duration,
    /// For the next part of a body, and to take the next part of an answer: 30 seconds.
    pub pause: Duration,
    /// For a whole body: 5 minutes. One that takes longer is answered with 408.
    pub body: Duration,
    /// For answers on their way once the fake stops: 2 seconds.
    pub stop: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            pause: Duration::from_secs(30),
            body: Duration::from_secs(300),
            stop: Duration::from_secs(2),
        }
    }
}

/// All bounds of what is served.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The bytes of a body.
    pub body: usize,
    /// How many connections there are at a time.
    pub connections: usize,
    pub timeouts: Timeouts,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // The shelf takes parts of 70 MB.
            body: 100 << 20,
            connections: 1000,
            timeouts: Timeouts::default(),
        }
    }
}

impl Limits {
    /// The bytes of all bodies that are held for requests which are not answered yet.
    pub(super) fn of_all_bodies(&self) -> usize {
        let bytes = self.body.saturating_mul(BODIES);
        bytes.min(Semaphore::MAX_PERMITS)
    }

    /// A permit for each of these bytes.
    pub(crate) fn room(&self) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(self.of_all_bodies()))
    }
}
