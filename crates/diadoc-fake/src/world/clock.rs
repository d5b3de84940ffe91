//! Time that a test can move.

use std::time::Duration;

use diadoc_core::Ticks;
use serde::{Deserialize, Serialize};

/// The clock of a world: the system's clock, moved ahead, or one that stands still until it is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Where it stands still.
    stopped_at: Option<Ticks>,
    /// How many ticks it is ahead.
    ahead: i64,
}

impl Clock {
    /// The system's clock.
    pub const SYSTEM: Self = Self {
        stopped_at: None,
        ahead: 0,
    };

    /// One that shows `at` until it is moved.
    pub fn stopped_at(at: Ticks) -> Self {
        Self {
            stopped_at: Some(at),
            ahead: 0,
        }
    }

    /// What it shows.
    pub fn now(&self) -> Ticks {
        // A system's clock outside the years 1 to 9999 shows the first of them.
        let base = self.stopped_at.or_else(|| Ticks::now().ok());
        let ticks = base.unwrap_or(Ticks::UNIX_EPOCH).get();
        moved(ticks, self.ahead)
    }

    /// Moves it ahead.
    pub fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(ticks_of(by));
    }
}

/// So many ticks, at most as many as there are.
pub(crate) fn ticks_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos() / 100).unwrap_or(i64::MAX)
}

/// A moment so many ticks later, at most the last one.
pub(crate) fn moved(ticks: i64, by: i64) -> Ticks {
    let moved = ticks.saturating_add(by);
    Ticks::new(moved.clamp(Ticks::MIN.get(), Ticks::MAX.get())).unwrap_or(Ticks::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diadoc_core::Ticks;

    use super::Clock;

    #[test]
    fn a_stopped_clock_moves_by_hand_and_no_further_than_time_goes() {
        let mut clock = Clock::stopped_at(Ticks::UNIX_EPOCH);
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now().to_string(), "1970-01-01T00:00:01.0000000Z");
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Ticks::MAX);
    }
}
