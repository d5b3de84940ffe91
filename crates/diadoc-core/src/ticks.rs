//! Ticks, Diadoc's unit of time, and conversions to and from the types that Rust programs use.

mod convert;
mod text;

use std::convert::Infallible;
use std::fmt;
use std::time::SystemTime;

/// A moment in UTC, as Diadoc counts time: ticks of 100 nanoseconds since 0001-01-01 00:00:00.
///
/// This is the typed value behind every bare tick field (`Document::creation_timestamp_ticks`),
/// tick parameters of queries, and the message `Timestamp`. A value lies in
/// the years 1 to 9999, from [`Ticks::MIN`] to [`Ticks::MAX`], as in .NET's `DateTime.Ticks`.
///
/// Text ([`Display`](std::fmt::Display) and [`FromStr`](std::str::FromStr)) is the form that the
/// vendor's JSON uses for computed keys such as `CreationTimestamp`, always in UTC.
///
/// There is no `Default`: a zero field says "no moment", see [`Ticks::from_field`].
///
/// Vendor page: `proto/Timestamp`.
///
/// ```
/// use std::time::SystemTime;
/// use diadoc_proto::{Ticks, Timestamp};
///
/// let created = Ticks::new(638884242433705569)?;
/// assert_eq!(created.to_string(), "2025-07-18T08:30:43.3705569Z");
/// assert_eq!("2025-07-18T08:30:43.3705569Z".parse(), Ok(created));
///
/// let clock = SystemTime::try_from(created)?;
/// assert_eq!(Timestamp::try_from(clock)?.ticks, 638884242433705569);
/// # Ok::<(), diadoc_proto::TicksError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(i64);

impl Ticks {
    /// Ticks in a second.
    pub const PER_SECOND: i64 = 10_000_000;
    /// The first moment, 0001-01-01T00:00:00.0000000Z: 0 ticks, in a field the mark of "none".
    pub const MIN: Self = Self(0);
    /// The last moment, 9999-12-31T23:59:59.9999999Z: 3155378975999999999 ticks.
    pub const MAX: Self = Self(3_155_378_975_999_999_999);
    /// 1970-01-01T00:00:00.0000000Z: 621355968000000000 ticks.
    pub const UNIX_EPOCH: Self = Self(621_355_968_000_000_000);

    /// Checks a number of ticks.
    ///
    /// # Errors
    /// [`TicksError::OutOfRange`] below [`Ticks::MIN`] and above [`Ticks::MAX`].
    pub const fn new(ticks: i64) -> Result<Self, TicksError> {
        if ticks < Self::MIN.0 || ticks > Self::MAX.0 {
            return Err(TicksError::OutOfRange {
                ticks: ticks as i128,
            });
        }
        Ok(Self(ticks))
    }

    /// Reads a field of ticks, where 0 says "none".
    ///
    /// # Errors
    /// [`TicksError::OutOfRange`], as [`Ticks::new`].
    ///
    /// ```
    /// use diadoc_proto::Ticks;
    ///
    /// assert_eq!(Ticks::from_field(0)?, None);
    /// assert_eq!(Ticks::from_field(621355968000000000)?, Some(Ticks::UNIX_EPOCH));
    /// assert!(Ticks::from_field(-1).is_err());
    /// # Ok::<(), diadoc_proto::TicksError>(())
    /// ```
    pub fn from_field(ticks: i64) -> Result<Option<Self>, TicksError> {
        match ticks {
            0 => Ok(None),
            _ => Self::new(ticks).map(Some),
        }
    }

    /// The number of ticks, to put into a field or a query.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The present moment by the system's clock.
    ///
    /// # Errors
    /// [`TicksError::OutOfRange`] if the clock stands outside the years 1 to 9999.
    ///
    /// # Panics
    /// Where [`SystemTime::now`] does: on targets without a clock, such as
    /// `wasm32-unknown-unknown`.
    pub fn now() -> Result<Self, TicksError> {
        SystemTime::now().try_into()
    }
}

impl TryFrom<i64> for Ticks {
    type Error = TicksError;

    /// The same as [`Ticks::new`].
    fn try_from(ticks: i64) -> Result<Self, TicksError> {
        Self::new(ticks)
    }
}

impl From<Ticks> for i64 {
    fn from(ticks: Ticks) -> Self {
        ticks.0
    }
}

/// Why a value is not a moment in ticks, or a moment cannot be held by another type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TicksError {
    /// The moment lies outside the years 1 to 9999.
    OutOfRange {
        /// Ticks since 0001-01-01 00:00:00 UTC, more than an `i64` for far dates of other types.
        ticks: i128,
    },
    /// The moment lies outside what the other type can hold.
    Unrepresentable {
        /// The moment in UTC.
        ticks: Ticks,
        /// Path of the other type, such as `jiff::Timestamp`.
        target: &'static str,
    },
    /// The offset from UTC is more than 14 hours.
    OffsetOutOfRange {
        /// Offset from UTC in ticks.
        offset_ticks: i64,
    },
    /// The offset from UTC is not in whole minutes.
    OffsetNotInMinutes {
        /// Offset from UTC in ticks.
        offset_ticks: i64,
    },
    /// The text does not have the form `2025-07-18T08:30:43.3705569Z`.
    Syntax {
        /// Bytes before the place, counted from 0.
        offset: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// The text has the right form, but no such date or time of day exists.
    Part {
        /// `year`, `month`, `day`, `hour`, `minute` or `second`.
        part: &'static str,
        /// What the text says.
        value: i64,
        /// The least value.
        min: i64,
        /// The greatest value, for days that of the month.
        max: i64,
    },
}

impl fmt::Display for TicksError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { ticks } => write!(
                f,
                "{ticks} ticks are outside 0..=3155378975999999999, the years 1 to 9999"
            ),
            Self::Unrepresentable { ticks, target } => write!(
                f,
                "{ticks} ({} ticks) is outside the range of {target}",
                ticks.get()
            ),
            Self::OffsetOutOfRange { offset_ticks } => write!(
                f,
                "offset of {offset_ticks} ticks is outside -504000000000..=504000000000, 14 hours"
            ),
            Self::OffsetNotInMinutes { offset_ticks } => write!(
                f,
                "offset of {offset_ticks} ticks is not in whole minutes of 600000000 ticks"
            ),
            Self::Syntax { offset, expected } => write!(
                f,
                "expected {expected} at offset {offset} of the form `2025-07-18T08:30:43.3705569Z`"
            ),
            Self::Part {
                part,
                value,
                min,
                max,
            } => write!(f, "{part} {value} is outside {min}..={max}"),
        }
    }
}

impl std::error::Error for TicksError {}

/// For code that is generic over fallible conversions: some conversions from [`Ticks`] cannot fail.
impl From<Infallible> for TicksError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moments spread over the whole range, with all kinds of fractions.
    pub(super) fn spread() -> impl Iterator<Item = Ticks> {
        let (epoch, max) = (Ticks::UNIX_EPOCH.0, Ticks::MAX.0);
        let edges = [0, 1, epoch - 1, epoch, epoch + 1, max - 1, max];
        let known = [638884242433705569, 638884246398030543];
        let steps = (0..=max).step_by(1_234_567_891_234_567);
        edges.into_iter().chain(known).chain(steps).map(Ticks)
    }

    #[test]
    fn range() {
        assert_eq!(Ticks::new(0), Ok(Ticks::MIN));
        assert_eq!(Ticks::new(1).map(Ticks::get), Ok(1));
        assert_eq!(Ticks::new(Ticks::MAX.get()), Ok(Ticks::MAX));
        for outside in [-1, Ticks::MAX.get() + 1, i64::MIN, i64::MAX] {
            let ticks = outside.into();
            let error = TicksError::OutOfRange { ticks };
            assert_eq!(Ticks::new(outside), Err(error.clone()));
            assert_eq!(Ticks::try_from(outside), Err(error.clone()));
            assert_eq!(Ticks::from_field(outside), Err(error));
        }
    }

    #[test]
    fn field() {
        assert_eq!(Ticks::from_field(0), Ok(None));
        assert_eq!(Ticks::from_field(1), Ok(Some(Ticks(1))));
        assert_eq!(i64::from(Ticks::MAX), 3155378975999999999);
    }

    #[test]
    fn now_is_after_this_was_written() {
        assert!(Ticks::now().unwrap() > Ticks(638884246398030543));
    }

    #[test]
    fn messages() {
        assert_eq!(
            Ticks::new(-5).unwrap_err().to_string(),
            "-5 ticks are outside 0..=3155378975999999999, the years 1 to 9999"
        );
        let (ticks, target) = (Ticks::MAX, "jiff::Timestamp");
        assert_eq!(
            TicksError::Unrepresentable { ticks, target }.to_string(),
            "9999-12-31T23:59:59.9999999Z (3155378975999999999 ticks) is outside the range of \
             jiff::Timestamp"
        );
    }
}
