//! Conversions of the messages that hold a moment: [`Timestamp`], and [`DateTimeOffsetDto`], which
//! has the offset of the writer's local time as well.

use std::time::SystemTime;

use crate::{DateTimeOffsetDto, Ticks, TicksError, Timestamp};

#[cfg(any(feature = "time", feature = "chrono", feature = "jiff", test))]
const PER_SECOND: i64 = Ticks::PER_SECOND;

impl From<Ticks> for Timestamp {
    fn from(ticks: Ticks) -> Self {
        Self { ticks: ticks.get() }
    }
}

/// Fails outside the years 1 to 9999. Zero ticks are [`Ticks::MIN`]; where they say "none", read
/// them with [`Ticks::from_field`].
impl TryFrom<&Timestamp> for Ticks {
    type Error = TicksError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, TicksError> {
        Self::new(timestamp.ticks)
    }
}

/// Fails outside the years 1 to 9999. Zero ticks are [`Ticks::MIN`]; where they say "none", read
/// them with [`Ticks::from_field`].
impl TryFrom<Timestamp> for Ticks {
    type Error = TicksError;

    fn try_from(timestamp: Timestamp) -> Result<Self, TicksError> {
        Self::try_from(&timestamp)
    }
}

/// What converts to and from [`Ticks`] does so to and from [`Timestamp`], by way of them.
macro_rules! timestamp {
    ($type:ty) => {
        /// By way of [`Ticks`], and fails as they do.
        impl TryFrom<$type> for Timestamp {
            type Error = TicksError;

            fn try_from(time: $type) -> Result<Self, TicksError> {
                Ticks::try_from(time).map(Self::from)
            }
        }

        /// By way of [`Ticks`], and fails as they do.
        impl TryFrom<&Timestamp> for $type {
            type Error = TicksError;

            fn try_from(timestamp: &Timestamp) -> Result<Self, TicksError> {
                let time = Ticks::try_from(timestamp)?.try_into()?;
                Ok(time)
            }
        }

        /// By way of [`Ticks`], and fails as they do.
        impl TryFrom<Timestamp> for $type {
            type Error = TicksError;

            fn try_from(timestamp: Timestamp) -> Result<Self, TicksError> {
                Self::try_from(&timestamp)
            }
        }
    };
}

timestamp!(SystemTime);
#[cfg(feature = "time")]
timestamp!(::time::OffsetDateTime);
#[cfg(feature = "time")]
timestamp!(::time::UtcDateTime);
#[cfg(feature = "chrono")]
timestamp!(::chrono::DateTime<::chrono::Utc>);
#[cfg(feature = "jiff")]
timestamp!(::jiff::Timestamp);

/// Offsets as .NET's `DateTimeOffset` has them: whole minutes, 14 hours at most to either side.
#[cfg(any(feature = "time", feature = "chrono", feature = "jiff", test))]
impl DateTimeOffsetDto {
    fn from_parts(utc: Ticks, offset_seconds: i32) -> Result<Self, TicksError> {
        let dto = Self {
            utc_ticks: utc.get(),
            offset_ticks: i64::from(offset_seconds) * PER_SECOND,
        };
        dto.parts()?;
        Ok(dto)
    }

    /// The moment, and the offset in seconds.
    fn parts(&self) -> Result<(Ticks, i32), TicksError> {
        const MAX_SECONDS: i64 = 14 * 3600;
        let offset_ticks = self.offset_ticks;
        let utc = Ticks::new(self.utc_ticks)?;
        if offset_ticks % (60 * PER_SECOND) != 0 {
            return Err(TicksError::OffsetNotInMinutes { offset_ticks });
        }
        match i32::try_from(offset_ticks / PER_SECOND) {
            Ok(seconds) if i64::from(seconds).abs() <= MAX_SECONDS => Ok((utc, seconds)),
            _ => Err(TicksError::OffsetOutOfRange { offset_ticks }),
        }
    }
}

/// The moment in UTC; the offset is not looked at. Fails outside the years 1 to 9999.
impl TryFrom<&DateTimeOffsetDto> for Ticks {
    type Error = TicksError;

    fn try_from(dto: &DateTimeOffsetDto) -> Result<Self, TicksError> {
        Self::new(dto.utc_ticks)
    }
}

/// The moment; the offset is not looked at. Fails as the conversion by way of [`Ticks`].
impl TryFrom<&DateTimeOffsetDto> for SystemTime {
    type Error = TicksError;

    fn try_from(dto: &DateTimeOffsetDto) -> Result<Self, TicksError> {
        Ticks::try_from(dto)?.try_into()
    }
}

/// The moment with its offset. Fails outside the years 1 to 9999 in UTC, and for an offset that is
/// not in whole minutes or more than 14 hours. Cuts off what is finer than a tick.
///
/// ```
/// use diadoc_proto::DateTimeOffsetDto;
/// use time::{OffsetDateTime, UtcOffset};
///
/// let moscow = UtcOffset::from_hms(3, 0, 0)?;
/// let start = OffsetDateTime::from_unix_timestamp(1752827443)?.to_offset(moscow);
///
/// let dto = DateTimeOffsetDto::try_from(start)?;
/// assert_eq!((dto.utc_ticks, dto.offset_ticks), (638884242430000000, 108000000000));
/// assert_eq!(OffsetDateTime::try_from(dto)?.offset(), moscow);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "time")]
impl TryFrom<::time::OffsetDateTime> for DateTimeOffsetDto {
    type Error = TicksError;

    fn try_from(time: ::time::OffsetDateTime) -> Result<Self, TicksError> {
        Self::from_parts(time.try_into()?, time.offset().whole_seconds())
    }
}

/// The moment with its offset. Fails outside the years 1 to 9999 in UTC, and for an offset that is
/// not in whole minutes or more than 14 hours; also where local time is in the year 10000, unless
/// `time` is built with its feature `large-dates`.
#[cfg(feature = "time")]
impl TryFrom<&DateTimeOffsetDto> for ::time::OffsetDateTime {
    type Error = TicksError;

    fn try_from(dto: &DateTimeOffsetDto) -> Result<Self, TicksError> {
        let (ticks, seconds) = dto.parts()?;
        ::time::UtcOffset::from_whole_seconds(seconds)
            .ok()
            .and_then(|offset| Self::from(ticks).checked_to_offset(offset))
            .ok_or(TicksError::Unrepresentable {
                ticks,
                target: "time::OffsetDateTime",
            })
    }
}

/// The moment with its offset. Fails outside the years 1 to 9999 in UTC, and for an offset that is
/// not in whole minutes or more than 14 hours. Cuts off what is finer than a tick.
#[cfg(feature = "chrono")]
impl TryFrom<::chrono::DateTime<::chrono::FixedOffset>> for DateTimeOffsetDto {
    type Error = TicksError;

    fn try_from(time: ::chrono::DateTime<::chrono::FixedOffset>) -> Result<Self, TicksError> {
        Self::from_parts(time.to_utc().try_into()?, time.offset().local_minus_utc())
    }
}

/// The moment with its offset. Fails outside the years 1 to 9999 in UTC, and for an offset that is
/// not in whole minutes or more than 14 hours.
#[cfg(feature = "chrono")]
impl TryFrom<&DateTimeOffsetDto> for ::chrono::DateTime<::chrono::FixedOffset> {
    type Error = TicksError;

    fn try_from(dto: &DateTimeOffsetDto) -> Result<Self, TicksError> {
        let (ticks, seconds) = dto.parts()?;
        ::chrono::FixedOffset::east_opt(seconds)
            .map(|offset| ::chrono::DateTime::<::chrono::Utc>::from(ticks).with_timezone(&offset))
            .ok_or(TicksError::Unrepresentable {
                ticks,
                target: "chrono::DateTime<FixedOffset>",
            })
    }
}

/// The moment with the offset that its time zone has then; the zone's name is lost. Fails before
/// the year 1 in UTC, and for an offset that is not in whole minutes or more than 14 hours. Cuts
/// off what is finer than a tick.
#[cfg(feature = "jiff")]
impl TryFrom<&::jiff::ZonedDateTime> for DateTimeOffsetDto {
    type Error = TicksError;

    fn try_from(zoned: &::jiff::ZonedDateTime) -> Result<Self, TicksError> {
        Self::from_parts(zoned.timestamp().try_into()?, zoned.offset().seconds())
    }
}

/// The moment in a time zone of that fixed offset. Fails before the year 1 and after
/// [`jiff::Timestamp::MAX`], and for an offset that is not in whole minutes or more than 14 hours.
#[cfg(feature = "jiff")]
impl TryFrom<&DateTimeOffsetDto> for ::jiff::ZonedDateTime {
    type Error = TicksError;

    fn try_from(dto: &DateTimeOffsetDto) -> Result<Self, TicksError> {
        let (ticks, seconds) = dto.parts()?;
        let offset =
            ::jiff::tz::Offset::from_seconds(seconds).map_err(|_| TicksError::Unrepresentable {
                ticks,
                target: "jiff::ZonedDateTime",
            })?;
        Ok(::jiff::Timestamp::try_from(ticks)?.to_zoned_datetime(offset.to_time_zone()))
    }
}

/// Conversions that read a reference take the value as well.
macro_rules! by_value {
    ($from:ty => $to:ty) => {
        /// The same as the conversion from a reference.
        impl TryFrom<$from> for $to {
            type Error = TicksError;

            fn try_from(value: $from) -> Result<Self, TicksError> {
                Self::try_from(&value)
            }
        }
    };
}

by_value!(DateTimeOffsetDto => Ticks);
by_value!(DateTimeOffsetDto => SystemTime);
#[cfg(feature = "time")]
by_value!(DateTimeOffsetDto => ::time::OffsetDateTime);
#[cfg(feature = "chrono")]
by_value!(DateTimeOffsetDto => ::chrono::DateTime<::chrono::FixedOffset>);
#[cfg(feature = "jiff")]
by_value!(DateTimeOffsetDto => ::jiff::ZonedDateTime);
#[cfg(feature = "jiff")]
by_value!(::jiff::ZonedDateTime => DateTimeOffsetDto);

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: i64 = 638884242433705569;
    const HOUR: i64 = 3600 * PER_SECOND;

    #[test]
    fn timestamp() {
        assert_eq!(Ticks::try_from(Timestamp { ticks: 0 }), Ok(Ticks::MIN));
        for ticks in [-1, Ticks::MAX.get() + 1] {
            let error = TicksError::OutOfRange {
                ticks: ticks.into(),
            };
            assert_eq!(Ticks::try_from(Timestamp { ticks }), Err(error.clone()));
            assert_eq!(SystemTime::try_from(&Timestamp { ticks }), Err(error));
        }
    }

    /// There and back through the message, for each type that converts by way of ticks.
    #[test]
    fn timestamp_round_trips() {
        macro_rules! round_trips {
            ($type:ty, $ticks:ident) => {
                let time = <$type>::try_from($ticks).unwrap();
                let timestamp = Timestamp::try_from(time).unwrap();
                assert_eq!(timestamp, Timestamp::from($ticks));
                assert_eq!(<$type>::try_from(&timestamp).unwrap(), time);
                assert_eq!(<$type>::try_from(timestamp).unwrap(), time);
            };
        }
        for ticks in [0, 1, KNOWN, 3_000_000_000_000_000_000] {
            let ticks = Ticks::new(ticks).unwrap();
            #[cfg(unix)]
            round_trips!(SystemTime, ticks);
            #[cfg(feature = "time")]
            round_trips!(::time::OffsetDateTime, ticks);
            #[cfg(feature = "time")]
            round_trips!(::time::UtcDateTime, ticks);
            #[cfg(feature = "chrono")]
            round_trips!(::chrono::DateTime<::chrono::Utc>, ticks);
            #[cfg(feature = "jiff")]
            round_trips!(::jiff::Timestamp, ticks);
        }
    }

    fn dto(utc_ticks: i64, offset_ticks: i64) -> DateTimeOffsetDto {
        DateTimeOffsetDto {
            utc_ticks,
            offset_ticks,
        }
    }

    /// Offsets of every kind that a .NET program can write.
    #[cfg(any(feature = "time", feature = "chrono", feature = "jiff"))]
    fn offsets() -> impl Iterator<Item = DateTimeOffsetDto> {
        let hours = [-14, -13, -3, 0, 3, 13, 14].map(|hours| hours * HOUR);
        let minutes = [-210, -1, 1, 345, 839].map(|minutes| minutes * HOUR / 60);
        let far = [HOUR * 24 * 365, 3_000_000_000_000_000_000];
        hours.into_iter().chain(minutes).flat_map(move |offset| {
            [KNOWN, far[0], far[1]]
                .into_iter()
                .map(move |utc| dto(utc, offset))
        })
    }

    #[test]
    fn moment() {
        let ticks = Ticks::new(KNOWN).unwrap();
        assert_eq!(Ticks::try_from(dto(KNOWN, 3 * HOUR)), Ok(ticks));
        assert_eq!(
            SystemTime::try_from(dto(KNOWN, 3 * HOUR)),
            SystemTime::try_from(ticks)
        );
        assert!(Ticks::try_from(dto(-1, 0)).is_err());
        assert!(SystemTime::try_from(&dto(i64::MAX, 0)).is_err());
    }

    #[test]
    fn wrong_offsets() {
        for offset_ticks in [HOUR * 14 + HOUR / 60, HOUR * -15, HOUR * 1_000_000] {
            let error = TicksError::OffsetOutOfRange { offset_ticks };
            assert_eq!(dto(KNOWN, offset_ticks).parts(), Err(error));
        }
        for offset_ticks in [1, HOUR - 1, PER_SECOND, i64::MIN, i64::MAX] {
            let error = TicksError::OffsetNotInMinutes { offset_ticks };
            assert_eq!(dto(KNOWN, offset_ticks).parts(), Err(error));
        }
        let utc = Ticks::new(KNOWN).unwrap();
        assert_eq!(
            DateTimeOffsetDto::from_parts(utc, 9017), // Moscow until 1919: +02:30:17
            Err(TicksError::OffsetNotInMinutes {
                offset_ticks: 90_170_000_000
            })
        );
        assert_eq!(
            DateTimeOffsetDto::from_parts(utc, i32::MAX - 7),
            Err(TicksError::OffsetOutOfRange {
                offset_ticks: i64::from(i32::MAX - 7) * PER_SECOND
            })
        );
    }

    #[cfg(feature = "time")]
    #[test]
    fn time() {
        use ::time::OffsetDateTime;

        for dto in offsets() {
            let time = OffsetDateTime::try_from(&dto).unwrap();
            assert_eq!(Ticks::try_from(time), Ticks::try_from(&dto));
            assert_eq!(DateTimeOffsetDto::try_from(time), Ok(dto));
        }
        let known = OffsetDateTime::try_from(dto(KNOWN, 3 * HOUR)).unwrap();
        assert_eq!(known.to_string(), "2025-07-18 11:30:43.3705569 +03:00:00");

        // Local time is in the year 10000, and in the year 0.
        let last = OffsetDateTime::try_from(dto(Ticks::MAX.get(), HOUR));
        let error = TicksError::Unrepresentable {
            ticks: Ticks::MAX,
            target: "time::OffsetDateTime",
        };
        assert_eq!(last, Err(error));
        let first = OffsetDateTime::try_from(dto(0, -HOUR)).unwrap();
        assert_eq!(DateTimeOffsetDto::try_from(first), Ok(dto(0, -HOUR)));
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono() {
        use ::chrono::{DateTime, FixedOffset};

        for dto in offsets() {
            let time = DateTime::<FixedOffset>::try_from(&dto).unwrap();
            assert_eq!(Ticks::try_from(time.to_utc()), Ticks::try_from(&dto));
            assert_eq!(DateTimeOffsetDto::try_from(time), Ok(dto));
        }
        let known = DateTime::<FixedOffset>::try_from(dto(KNOWN, 3 * HOUR)).unwrap();
        assert_eq!(
            known.naive_local().to_string(),
            "2025-07-18 11:30:43.370556900"
        );

        for utc in [0, Ticks::MAX.get()] {
            for offset in [-14 * HOUR, 14 * HOUR] {
                let time = DateTime::<FixedOffset>::try_from(dto(utc, offset)).unwrap();
                assert_eq!(DateTimeOffsetDto::try_from(time), Ok(dto(utc, offset)));
            }
        }
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff() {
        use ::jiff::ZonedDateTime;

        for dto in offsets() {
            let zoned = ZonedDateTime::try_from(&dto).unwrap();
            assert_eq!(Ticks::try_from(zoned.timestamp()), Ticks::try_from(&dto));
            assert_eq!(DateTimeOffsetDto::try_from(zoned), Ok(dto));
        }
        let known = ZonedDateTime::try_from(dto(KNOWN, 3 * HOUR)).unwrap();
        assert_eq!(
            known.to_string(),
            "2025-07-18T11:30:43.3705569+03:00[+03:00]"
        );
        assert!(ZonedDateTime::try_from(dto(Ticks::MAX.get(), 0)).is_err());
    }
}
