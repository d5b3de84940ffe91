//! Waiting for results that are not ready yet.

use std::time::{Duration, Instant};

use crate::{Outcome, Request};

/// How long to wait for a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PollPolicy {
    /// The delay where the server gives none, and the shortest where it gives less.
    pub delay: Duration,
    /// How long to wait for the result in all.
    pub deadline: Duration,
}

/// Waits for a result: hand in each outcome, and do as it says.
///
/// It waits what the server asked for, never less. The clock is handed in.
///
/// ```
/// use std::time::{Duration, Instant};
/// use diadoc_api::{Outcome, PollPolicy, Polling, Step};
///
/// let start = Instant::now();
/// let mut polling = Polling::new(PollPolicy::default(), start);
/// let pending = Outcome::Pending { retry_after: Some(Duration::from_secs(7)) };
/// assert_eq!(polling.next::<()>(pending, start)?, Step::Wait(Duration::from_secs(7)));
/// assert_eq!(polling.next(Outcome::Ready("zip"), start)?, Step::Ready("zip"));
/// # Ok::<(), diadoc_api::PollingError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Polling {
    policy: PollPolicy,
    start: Instant,
    asked: u32,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<T> {
    /// Take the result.
    Ready(T),
    /// Wait for so long, then send the same request again.
    Wait(Duration),
}

/// The result was not ready in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the result was not ready after {asked} requests within {} s; the next one is due after the \
     deadline",
    deadline.as_secs()
)]
#[non_exhaustive]
pub struct PollingError {
    /// How many answers said that it is not ready.
    pub asked: u32,
    /// How long to wait in all.
    pub deadline: Duration,
}

/// A request that starts a task, whose outcome another method tells.
pub trait StartsTask: Request {
    /// The request for the outcome.
    type Result: Request;

    /// The request for the outcome of the task that the answer `started` names; none where it names
    /// none.
    fn result(&self, started: &Self::Response) -> Option<Self::Result>;
}

impl PollPolicy {
    /// Waits for the result for that long in all.
    pub fn within(deadline: Duration) -> Self {
        Self {
            deadline,
            ..Self::default()
        }
    }
}

/// A second between requests where the server says nothing, and five minutes in all.
impl Default for PollPolicy {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(1),
            deadline: Duration::from_secs(300),
        }
    }
}

impl Polling {
    /// Waits from now on.
    pub fn new(policy: PollPolicy, now: Instant) -> Self {
        Self {
            policy,
            start: now,
            asked: 0,
        }
    }

    /// What to do after an outcome that came now.
    ///
    /// # Errors
    ///
    /// [`PollingError`] where the next request would be due after the deadline.
    pub fn next<T>(&mut self, outcome: Outcome<T>, now: Instant) -> Result<Step<T>, PollingError> {
        let retry_after = match outcome {
            Outcome::Ready(result) => return Ok(Step::Ready(result)),
            Outcome::Pending { retry_after } => retry_after.unwrap_or_default(),
        };
        self.asked += 1;
        let delay = retry_after.max(self.policy.delay);
        let waited = now.saturating_duration_since(self.start);
        match waited.checked_add(delay) {
            Some(due) if due <= self.policy.deadline => Ok(Step::Wait(delay)),
            _ => Err(PollingError {
                asked: self.asked,
                deadline: self.policy.deadline,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pending(seconds: u64) -> Outcome<()> {
        let retry_after = Some(Duration::from_secs(seconds)).filter(|delay| !delay.is_zero());
        Outcome::Pending { retry_after }
    }

    #[test]
    fn waits_what_the_server_asked_never_less() {
        let start = Instant::now();
        let mut polling = Polling::new(PollPolicy::within(60 * SECOND), start);
        assert_eq!(polling.next(pending(5), start), Ok(Step::Wait(5 * SECOND)));
        // Without a delay, and with one of 0 s, the own one.
        assert_eq!(polling.next(pending(0), start), Ok(Step::Wait(SECOND)));
        let zero = Outcome::<()>::Pending {
            retry_after: Some(Duration::ZERO),
        };
        assert_eq!(polling.next(zero, start), Ok(Step::Wait(SECOND)));
        assert_eq!(polling.next(Outcome::Ready(1), start), Ok(Step::Ready(1)));
    }

    #[test]
    fn the_deadline_ends_it() {
        let start = Instant::now();
        let mut polling = Polling::new(PollPolicy::within(60 * SECOND), start);
        let step = polling.next(pending(10), start + 50 * SECOND);
        assert_eq!(step, Ok(Step::Wait(10 * SECOND)));
        let error = polling.next(pending(10), start + 51 * SECOND).unwrap_err();
        assert_eq!((error.asked, error.deadline), (2, 60 * SECOND));
        assert!(polling.next(pending(u64::MAX), start).is_err());
        // A clock that goes back is no reason to wait forever.
        let step = polling.next(pending(1), start - SECOND);
        assert_eq!(step, Ok(Step::Wait(SECOND)));
    }
}
