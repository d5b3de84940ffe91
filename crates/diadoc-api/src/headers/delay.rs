//! How long the server asks to wait.

use std::time::{Duration, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};

/// What a delay counts as that cannot be read: five minutes. Whoever sends one is no server to be
/// asked again at once.
pub const LONG_DELAY: Duration = Duration::from_secs(300);

/// The longest delay: a year. A longer one counts as it, so that it can be added to any clock.
pub const LONGEST_DELAY: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The delay that `Retry-After` asks for, see [`delay`].
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    delay(headers, RETRY_AFTER.as_str())
}

/// The delay that a header asks for: seconds, or an HTTP date (RFC 9110, section 10.2.3); none where
/// there is no such header.
///
/// A date is held against `Date` of the same answer, by the server's own clock; one that has passed is
/// no delay. What is neither, or a date without `Date`, is [`LONG_DELAY`]. Of several values the longest
/// counts.
///
/// ```
/// use std::time::Duration;
/// use diadoc_api::headers::{LONG_DELAY, retry_after};
/// use diadoc_api::http::{HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(retry_after(&headers), None);
/// headers.insert("Retry-After", HeaderValue::from_static("7"));
/// assert_eq!(retry_after(&headers), Some(Duration::from_secs(7)));
/// headers.insert("Retry-After", HeaderValue::from_static("soon"));
/// assert_eq!(retry_after(&headers), Some(LONG_DELAY));
/// ```
pub fn delay(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let values = headers.get_all(name).iter();
    let delays = values.map(|value| read(value, headers).unwrap_or(LONG_DELAY));
    delays.max()
}

fn read(value: &HeaderValue, headers: &HeaderMap) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST_DELAY));
    }
    let date = |text| httpdate::parse_http_date(text).ok();
    let (due, now): (SystemTime, _) = (date(text)?, date(headers.get(DATE)?.to_str().ok()?)?);
    let delay = due.duration_since(now).unwrap_or_default();
    Some(delay.min(LONGEST_DELAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    fn delay_of(date: Option<&'static str>, values: &[&[u8]]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(RETRY_AFTER, HeaderValue::from_bytes(value).unwrap());
        }
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        retry_after(&headers)
    }

    #[test]
    fn seconds_and_dates() {
        for (value, seconds) in [
            ("0", 0),
            (" 7 ", 7),
            ("007", 7),
            // The three forms of RFC 9110, section 5.6.7.
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
            ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
            ("Sun Nov  6 08:50:37 1994", 60),
            // It has passed.
            ("Sun, 06 Nov 1994 08:49:36 GMT", 0),
        ] {
            let expected = Some(Duration::from_secs(seconds));
            assert_eq!(
                delay_of(Some(NOW), &[value.as_bytes()]),
                expected,
                "{value}"
            );
        }
        assert_eq!(delay_of(Some(NOW), &[]), None);
    }

    #[test]
    fn what_cannot_be_read_is_long() {
        for value in [
            "", "1.5", "-5", "+5", "soon", "5 s", "0x5", "١", "5, 6", "1e3",
        ] {
            let delay = delay_of(Some(NOW), &[value.as_bytes()]);
            assert_eq!(delay, Some(LONG_DELAY), "{value}");
        }
        assert_eq!(delay_of(Some(NOW), &[b"\xff"]), Some(LONG_DELAY));
        let date = NOW.as_bytes();
        assert_eq!(delay_of(None, &[date]), Some(LONG_DELAY), "no clock");
        assert_eq!(delay_of(Some("today"), &[date]), Some(LONG_DELAY));
    }

    #[test]
    fn no_delay_is_too_long_for_a_clock() {
        let far = "Fri, 31 Dec 9999 23:59:59 GMT";
        for value in [
            "99999999999999999999",
            "18446744073709551615",
            "31536001",
            far,
        ] {
            let delay = delay_of(Some(NOW), &[value.as_bytes()]);
            assert_eq!(delay, Some(LONGEST_DELAY), "{value}");
        }
    }

    #[test]
    fn of_several_the_longest_counts() {
        let seconds = |values: &[&[u8]]| delay_of(Some(NOW), values).map(|delay| delay.as_secs());
        assert_eq!(seconds(&[b"1", b"9", b"3"]), Some(9));
        assert_eq!(seconds(&[b"1", b"soon"]), Some(LONG_DELAY.as_secs()));
    }
}
