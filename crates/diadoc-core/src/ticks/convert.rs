//! Conversions of [`Ticks`] to and from the types for a moment in UTC.
//!
//! Whatever is finer than a tick is cut off towards the past, before 1970 as well as after.

use std::time::{Duration, SystemTime};

use super::{Ticks, TicksError};

const NANOS_PER_TICK: i128 = 100;
const NANOS_PER_SECOND: i128 = 1_000_000_000;

impl Ticks {
    /// Ticks since 1970, negative before.
    fn since_unix_epoch(self) -> i64 {
        self.0 - Self::UNIX_EPOCH.0
    }

    /// Nanoseconds since 1970, negative before.
    #[cfg(any(feature = "time", feature = "jiff"))]
    fn unix_nanos(self) -> i128 {
        i128::from(self.since_unix_epoch()) * NANOS_PER_TICK
    }

    /// From nanoseconds since 1970. Callers stay far from the limits of `i128`: the widest type,
    /// `SystemTime`, needs 94 bits.
    fn from_unix_nanos(nanos: i128) -> Result<Self, TicksError> {
        let ticks = nanos.div_euclid(NANOS_PER_TICK) + i128::from(Self::UNIX_EPOCH.0);
        match i64::try_from(ticks) {
            Ok(ticks) => Self::new(ticks),
            Err(_) => Err(TicksError::OutOfRange { ticks }),
        }
    }
}

/// Fails outside the years 1 to 9999. Cuts off what is finer than a tick, towards the past.
impl TryFrom<SystemTime> for Ticks {
    type Error = TicksError;

    fn try_from(time: SystemTime) -> Result<Self, TicksError> {
        let nanos = |duration: Duration| {
            i128::from(duration.as_secs()) * NANOS_PER_SECOND + i128::from(duration.subsec_nanos())
        };
        Self::from_unix_nanos(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => nanos(after),
            Err(before) => -nanos(before.duration()),
        })
    }
}

/// Fails where the platform's clock does not reach so far: on Windows, before the year 1601.
impl TryFrom<Ticks> for SystemTime {
    type Error = TicksError;

    fn try_from(ticks: Ticks) -> Result<Self, TicksError> {
        let since_epoch = ticks.since_unix_epoch();
        let distance = since_epoch.unsigned_abs();
        let per_second = Ticks::PER_SECOND.unsigned_abs();
        let distance = Duration::from_secs(distance / per_second)
            + Duration::from_nanos(distance % per_second * 100);
        let time = if since_epoch < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        };
        time.ok_or(TicksError::Unrepresentable {
            ticks,
            target: "std::time::SystemTime",
        })
    }
}

/// Fails outside the years 1 to 9999. Cuts off what is finer than a tick, towards the past.
#[cfg(feature = "time")]
impl TryFrom<::time::OffsetDateTime> for Ticks {
    type Error = TicksError;

    fn try_from(time: ::time::OffsetDateTime) -> Result<Self, TicksError> {
        Self::from_unix_nanos(time.unix_timestamp_nanos())
    }
}

/// The moment in UTC.
#[cfg(feature = "time")]
impl From<Ticks> for ::time::OffsetDateTime {
    fn from(ticks: Ticks) -> Self {
        // Never saturates: the type holds at least the years -9999 to 9999.
        Self::UNIX_EPOCH.saturating_add(::time::Duration::nanoseconds_i128(ticks.unix_nanos()))
    }
}

/// Fails outside the years 1 to 9999. Cuts off what is finer than a tick, towards the past.
#[cfg(feature = "time")]
impl TryFrom<::time::UtcDateTime> for Ticks {
    type Error = TicksError;

    fn try_from(time: ::time::UtcDateTime) -> Result<Self, TicksError> {
        Self::from_unix_nanos(time.unix_timestamp_nanos())
    }
}

#[cfg(feature = "time")]
impl From<Ticks> for ::time::UtcDateTime {
    fn from(ticks: Ticks) -> Self {
        // Never saturates: the type holds at least the years -9999 to 9999.
        Self::UNIX_EPOCH.saturating_add(::time::Duration::nanoseconds_i128(ticks.unix_nanos()))
    }
}

/// Fails outside the years 1 to 9999. Cuts off what is finer than a tick, towards the past; a
/// leap second becomes the first second of the next minute.
#[cfg(feature = "chrono")]
impl TryFrom<::chrono::DateTime<::chrono::Utc>> for Ticks {
    type Error = TicksError;

    fn try_from(time: ::chrono::DateTime<::chrono::Utc>) -> Result<Self, TicksError> {
        let seconds = i128::from(time.timestamp());
        let nanos = i128::from(time.timestamp_subsec_nanos());
        Self::from_unix_nanos(seconds * NANOS_PER_SECOND + nanos)
    }
}

#[cfg(feature = "chrono")]
impl From<Ticks> for ::chrono::DateTime<::chrono::Utc> {
    fn from(ticks: Ticks) -> Self {
        // No tick is lost, and the fallback is never taken: the type holds nanoseconds of the
        // years -262143 to 262142.
        let since_epoch = ticks.since_unix_epoch();
        Self::UNIX_EPOCH
            .checked_add_signed(
                ::chrono::TimeDelta::microseconds(since_epoch.div_euclid(10))
                    + ::chrono::TimeDelta::nanoseconds(since_epoch.rem_euclid(10) * 100),
            )
            .unwrap_or(Self::MAX_UTC)
    }
}

/// Fails before the year 1. Cuts off what is finer than a tick, towards the past.
#[cfg(feature = "jiff")]
impl TryFrom<::jiff::Timestamp> for Ticks {
    type Error = TicksError;

    fn try_from(time: ::jiff::Timestamp) -> Result<Self, TicksError> {
        Self::from_unix_nanos(time.as_nanosecond())
    }
}

/// Fails after [`jiff::Timestamp::MAX`], the last 26 hours of the year 9999.
#[cfg(feature = "jiff")]
impl TryFrom<Ticks> for ::jiff::Timestamp {
    type Error = TicksError;

    fn try_from(ticks: Ticks) -> Result<Self, TicksError> {
        Self::from_nanosecond(ticks.unix_nanos()).map_err(|_| TicksError::Unrepresentable {
            ticks,
            target: "jiff::Timestamp",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::super::tests::spread;
    use super::*;

    const KNOWN: Ticks = Ticks(638884242433705569);

    /// There and back for `T`, up to the moment `max`.
    fn round_trips<T>(max: Ticks)
    where
        T: Copy + Debug + PartialEq,
        T: TryFrom<Ticks, Error: Debug>,
        Ticks: TryFrom<T, Error: Debug>,
    {
        for ticks in spread().filter(|ticks| *ticks <= max).chain([max]) {
            let time = T::try_from(ticks).unwrap();
            assert_eq!(Ticks::try_from(time).unwrap(), ticks);
        }
    }

    #[cfg(unix)]
    #[test]
    fn system_time() {
        round_trips::<SystemTime>(Ticks::MAX);

        let known = SystemTime::UNIX_EPOCH + Duration::new(1752827443, 370556900);
        assert_eq!(Ticks::try_from(known), Ok(KNOWN));

        let first = SystemTime::try_from(Ticks::MIN).unwrap();
        let last = SystemTime::try_from(Ticks::MAX).unwrap();
        let nano = Duration::from_nanos(1);
        let out_of_range = |ticks| Err(TicksError::OutOfRange { ticks });
        assert_eq!(Ticks::try_from(first - nano), out_of_range(-1));
        assert_eq!(Ticks::try_from(last + nano * 99), Ok(Ticks::MAX));
        assert_eq!(
            Ticks::try_from(last + nano * 100),
            out_of_range(i128::from(Ticks::MAX.0) + 1)
        );
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(i64::MAX.unsigned_abs());
        assert!(Ticks::try_from(far).is_err());
        let far = SystemTime::UNIX_EPOCH - Duration::from_secs(i64::MAX.unsigned_abs());
        assert!(Ticks::try_from(far).is_err());
    }

    #[test]
    fn cut_off_towards_the_past() {
        let epoch = Ticks::UNIX_EPOCH.0;
        for (nanos, ticks) in [(0, 0), (99, 0), (100, 1), (-1, -1), (-100, -1), (-101, -2)] {
            assert_eq!(Ticks::from_unix_nanos(nanos), Ok(Ticks(epoch + ticks)));
        }
    }

    #[cfg(feature = "time")]
    #[test]
    fn time() {
        use ::time::{OffsetDateTime, UtcDateTime, UtcOffset};

        round_trips::<OffsetDateTime>(Ticks::MAX);
        round_trips::<UtcDateTime>(Ticks::MAX);

        let known = UtcDateTime::from(KNOWN);
        assert_eq!(known.to_string(), "2025-07-18 8:30:43.3705569 +00");
        let moscow = OffsetDateTime::from(KNOWN).to_offset(UtcOffset::from_hms(3, 0, 0).unwrap());
        assert_eq!(Ticks::try_from(moscow), Ok(KNOWN));

        let tick = ::time::Duration::nanoseconds(100);
        let before = UtcDateTime::from(Ticks::MIN) - tick;
        assert!(Ticks::try_from(before).is_err());
        assert!(Ticks::try_from(UtcDateTime::MIN).is_err());
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono() {
        use ::chrono::{DateTime, NaiveDate, TimeDelta, Utc};

        round_trips::<DateTime<Utc>>(Ticks::MAX);

        let known = DateTime::from(KNOWN);
        let expected = NaiveDate::from_ymd_opt(2025, 7, 18)
            .and_then(|day| day.and_hms_nano_opt(8, 30, 43, 370556900));
        assert_eq!(Some(known.naive_utc()), expected);

        let tick = TimeDelta::nanoseconds(100);
        assert!(Ticks::try_from(DateTime::from(Ticks::MIN) - tick).is_err());
        assert!(Ticks::try_from(DateTime::from(Ticks::MAX) + tick).is_err());
        assert!(Ticks::try_from(DateTime::<Utc>::MIN_UTC).is_err());
        assert!(Ticks::try_from(DateTime::<Utc>::MAX_UTC).is_err());

        let leap = NaiveDate::from_ymd_opt(2016, 12, 31)
            .and_then(|day| day.and_hms_nano_opt(23, 59, 59, 1_500_000_000));
        assert_eq!(
            Ticks::try_from(leap.unwrap().and_utc()),
            "2017-01-01T00:00:00.5Z".parse()
        );
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff() {
        use ::jiff::Timestamp;

        let last: Ticks = "9999-12-30T22:00:00.9999999Z".parse().unwrap();
        assert_eq!(Ticks::try_from(Timestamp::MAX), Ok(last));
        round_trips::<Timestamp>(last);

        let known = Timestamp::try_from(KNOWN).unwrap();
        assert_eq!(known.to_string(), "2025-07-18T08:30:43.3705569Z");

        for ticks in [Ticks(last.0 + 1), Ticks::MAX] {
            let error = TicksError::Unrepresentable {
                ticks,
                target: "jiff::Timestamp",
            };
            assert_eq!(Timestamp::try_from(ticks), Err(error));
        }
        assert!(Ticks::try_from(Timestamp::MIN).is_err());
    }
}
