//! When a call has to be over.

use std::time::Duration;

use tokio::time::Instant;

use super::ClientError;
use crate::Method;

/// When a call has to be over, if ever.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    /// The moment, and how long it was until then.
    at: Option<(Instant, Duration)>,
}

impl Deadline {
    /// So long from now on; never where that is not said, or beyond any clock.
    pub(super) fn after(after: Option<Duration>) -> Self {
        let at = after.and_then(|after| Some((Instant::now().checked_add(after)?, after)));
        Self { at }
    }

    /// The same, or so long from now on where that is sooner.
    pub(super) fn or_after(self, after: Duration) -> Self {
        let other = Self::after(Some(after));
        match (self.at, other.at) {
            (Some((own, _)), Some((new, _))) if own <= new => self,
            (_, Some(_)) => other,
            (_, None) => self,
        }
    }

    pub(super) fn at(self) -> Option<Instant> {
        self.at.map(|(at, _)| at)
    }

    /// Whether there is time for something more after such a delay.
    pub(super) fn is_within(self, delay: Duration) -> bool {
        let left = |at: Instant| at.saturating_duration_since(Instant::now());
        self.at.is_none_or(|(at, _)| delay < left(at))
    }

    /// What a call comes to that is not over.
    pub(super) fn error(self, method: &Method, last: Option<ClientError>) -> ClientError {
        ClientError::Deadline {
            method: method.name,
            after: self.at.map(|(_, after)| after).unwrap_or_default(),
            last: last.map(Box::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn the_sooner_one_counts() {
        let now = Instant::now();
        let two = Deadline::after(Some(2 * SECOND));
        assert_eq!(two.or_after(SECOND).at(), Some(now + SECOND));
        assert_eq!(two.or_after(3 * SECOND).at(), Some(now + 2 * SECOND));
        assert_eq!(two.or_after(Duration::MAX).at(), Some(now + 2 * SECOND));
        let never = Deadline::after(None);
        assert_eq!(never.or_after(SECOND).at(), Some(now + SECOND));
        for never in [never, Deadline::after(Some(Duration::MAX))] {
            assert_eq!(never.at(), None);
            assert!(never.is_within(Duration::MAX));
        }
        assert!(two.is_within(SECOND) && !two.is_within(2 * SECOND));
        // Of two at the same moment the one that was there: it says how long the whole call had.
        tokio::time::advance(SECOND).await;
        assert_eq!(two.or_after(SECOND).at, two.at);
    }
}
