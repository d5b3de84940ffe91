//! Sending again what failed.

use std::time::Duration;

use super::ClientError;
use crate::ErrorKind;

/// An attempt that is to come, for [`ClientBuilder::on_retry`](super::ClientBuilder::on_retry).
#[derive(Debug)]
#[non_exhaustive]
pub struct NextAttempt<'a> {
    /// The method.
    pub method: &'static str,
    /// Which one it is; the first of a request was 1.
    pub attempt: u32,
    /// After how long it is made.
    pub delay: Duration,
    /// Why the last one failed.
    pub error: &'a ClientError,
}

/// How often a request is sent again, and after which delays.
///
/// What [may be repeated](crate::Request::is_repeatable) is sent again after any failure that may pass:
/// no whole answer, 408, 429, 5xx, or an answer with a delay. What may not is sent again only where it
/// surely was not served: no connection, or 429.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a request is sent at most; 1 for never again.
    pub attempts: u32,
    /// The delay before the second attempt; it doubles before each next one. The real one is
    /// between half of it and all of it, by chance.
    pub delay: Duration,
    /// The longest delay of one's own choosing.
    pub longest_delay: Duration,
    /// The longest delay that the server may ask for; after a longer one the error is returned at
    /// once.
    pub longest_asked: Duration,
}

/// Four attempts, half a second before the second one.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(30),
            longest_asked: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// Every request is sent once.
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How long to wait before the next attempt, or none where the error is final. `attempt` counts
    /// from 1, and `chance` lies between 0 and 1.
    pub(super) fn next(
        &self,
        repeatable: bool,
        attempt: u32,
        error: &ClientError,
        chance: f64,
    ) -> Option<Duration> {
        if attempt >= self.attempts || !may_repeat(repeatable, error) {
            return None;
        }
        let doubled = 2_u32.saturating_pow(attempt - 1);
        let longest = self.delay.saturating_mul(doubled).min(self.longest_delay);
        let own = longest.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
        let asked = match error {
            ClientError::Api(error) => error.retry_after(),
            ClientError::Renewal(error) => error.retry_after(),
            _ => None,
        };
        let asked = asked.unwrap_or_default();
        // Never less than the server asked for.
        (asked <= self.longest_asked).then(|| own.max(asked))
    }
}

fn may_repeat(repeatable: bool, error: &ClientError) -> bool {
    match error {
        ClientError::Api(error) if error.kind() == ErrorKind::TooManyRequests => true,
        ClientError::Api(error) => repeatable && error.may_pass(),
        ClientError::Transport { is_connect, .. } => repeatable || *is_connect,
        ClientError::Timeout { .. } => repeatable,
        // The request itself was not sent, or was refused for its token.
        ClientError::Renewal(error) => error.may_pass(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::RenewError;

    fn timeout() -> ClientError {
        ClientError::Timeout {
            method: "GetDocumentsV3",
            after: Duration::from_secs(1),
        }
    }

    #[test]
    fn delays_double_up_to_the_longest() {
        let policy = RetryPolicy {
            attempts: u32::MAX,
            ..RetryPolicy::default()
        };
        let next = |attempt, chance| policy.next(true, attempt, &timeout(), chance).unwrap();
        let (half, most) = (Duration::from_millis(250), Duration::from_millis(500));
        assert_eq!((next(1, 0.0), next(1, 1.0)), (half, most));
        assert_eq!((next(3, 0.0), next(3, 1.0)), (4 * half, 4 * most));
        for attempt in [8, 40, u32::MAX - 1] {
            assert_eq!(next(attempt, 1.0), policy.longest_delay);
        }
    }

    #[test]
    fn attempts_end() {
        let policy = RetryPolicy::default();
        assert!(policy.next(true, 3, &timeout(), 0.5).is_some());
        assert!(policy.next(true, 4, &timeout(), 0.5).is_none());
        assert!(
            RetryPolicy::never()
                .next(true, 1, &timeout(), 0.5)
                .is_none()
        );
    }

    #[test]
    fn never_sooner_than_the_identity_server_asks() {
        let policy = RetryPolicy::default();
        let next = |seconds| {
            let error = RenewError::passing("busy").with_retry_after(Duration::from_secs(seconds));
            policy.next(true, 1, &ClientError::Renewal(error), 0.5)
        };
        assert_eq!(next(7), Some(Duration::from_secs(7)));
        assert_eq!(next(120), Some(policy.longest_asked));
        assert_eq!(next(121), None, "longer than the policy waits");
    }

    #[test]
    fn a_timeout_may_have_worked() {
        let policy = RetryPolicy::default();
        assert!(policy.next(true, 1, &timeout(), 0.5).is_some());
        assert!(policy.next(false, 1, &timeout(), 0.5).is_none());
    }
}
