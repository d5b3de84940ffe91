//! The load that the vendor asks to stay below.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// Lets so many requests go at a time, and so many start in a second.
#[derive(Debug)]
pub(super) struct Limits {
    at_a_time: Semaphore,
    /// The time between two starts.
    spacing: Duration,
    /// When the next request may start. Nobody has it while waiting: a call that is not polled, such as
    /// that of a stream beside another branch of `select!`, would hold up all others.
    next: Mutex<Option<Instant>>,
}

impl Limits {
    pub(super) fn new(at_a_time: usize, per_second: u32) -> Self {
        Self {
            at_a_time: Semaphore::new(at_a_time.clamp(1, Semaphore::MAX_PERMITS)),
            spacing: Duration::from_secs(1) / per_second.max(1),
            next: Mutex::new(None),
        }
    }

    /// Waits for a turn, which lasts until what it gives is dropped. Whoever goes away while waiting
    /// takes nothing from those behind.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        let permit = self.at_a_time.acquire().await.ok();
        let mut slot = None;
        while let Some(start) = self.start(slot) {
            sleep_until(start).await;
            slot = Some(start);
        }
        permit
    }

    /// Starts a request, unless it is too early: then the moment to try again. `slot` is the one that it has
    /// waited for; a timer that was late costs those behind nothing.
    fn start(&self, slot: Option<Instant>) -> Option<Instant> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match *next {
            Some(start) if start > now => Some(start),
            start => {
                let started = start.filter(|_| start == slot).unwrap_or(now);
                *next = Some(started + self.spacing);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn starts_are_spaced() {
        let limits = Limits::new(10, 100);
        let start = Instant::now();
        for place in 0..5 {
            drop(limits.turn().await);
            assert_eq!(start.elapsed(), Duration::from_millis(10) * place);
        }
        // What was not used is not made up for.
        tokio::time::advance(Duration::from_secs(1)).await;
        drop(limits.turn().await);
        let after = start.elapsed();
        drop(limits.turn().await);
        assert_eq!(start.elapsed() - after, Duration::from_millis(10));
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_away_takes_no_slot() {
        let limits = Limits::new(300, 10);
        drop(limits.turn().await);
        let start = Instant::now();
        let waiting = (0..200).map(|_| Box::pin(limits.turn()));
        let all = futures_util::future::join_all(waiting);
        let within = Duration::from_millis(250);
        assert!(tokio::time::timeout(within, all).await.is_err());
        // Two of them had their turn, and the third one's time has nearly come.
        drop(limits.turn().await);
        assert_eq!(start.elapsed(), Duration::from_millis(300));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_not_polled_holds_up_nobody() {
        let limits = Limits::new(10, 10);
        drop(limits.turn().await);
        let start = Instant::now();
        let mut idle = Box::pin(limits.turn());
        assert!(futures_util::poll!(idle.as_mut()).is_pending());
        for _ in 0..3 {
            drop(limits.turn().await);
        }
        assert_eq!(start.elapsed(), Duration::from_millis(300));
        assert!(idle.await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_go_at_a_time() {
        let limits = Limits::new(2, 1_000_000);
        let (first, _second) = (limits.turn().await, limits.turn().await);
        let third = limits.turn();
        tokio::pin!(third);
        let waited = tokio::time::timeout(Duration::from_secs(9), &mut third).await;
        assert!(waited.is_err());
        drop(first);
        assert!(third.await.is_some());
    }
}
