//! Ticks as text: `2025-07-18T08:30:43.3705569Z`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::{Ticks, TicksError};
use crate::calendar::{date_from_days, days_from_date, days_in_month};

const PER_SECOND: i64 = Ticks::PER_SECOND;

/// ISO 8601 in UTC with all seven digits of the fraction, as the vendor writes it:
/// `2025-07-18T08:30:43.3705569Z`.
impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, fraction) = (self.0 / PER_SECOND, self.0 % PER_SECOND);
        let (minutes, second) = (seconds / 60, seconds % 60);
        let (hours, minute) = (minutes / 60, minutes % 60);
        let (year, month, day) = date_from_days(hours / 24);
        let hour = hours % 24;
        f.pad(&format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:07}Z"
        ))
    }
}

/// Reads `2025-07-18T08:30:43.3705569Z`: a fraction of one to seven digits or none at all, and `Z`.
///
/// # Errors
/// [`TicksError::Syntax`] for any other form, among them offsets, spaces and lower case;
/// [`TicksError::Part`] for a date or a time of day that does not exist (leap seconds included).
///
/// ```
/// use diadoc_proto::Ticks;
///
/// assert_eq!("1970-01-01T00:00:00Z".parse(), Ok(Ticks::UNIX_EPOCH));
///
/// let error = "2025-02-29T00:00:00Z".parse::<Ticks>().unwrap_err();
/// assert_eq!(error.to_string(), "day 29 is outside 1..=28");
/// ```
impl FromStr for Ticks {
    type Err = TicksError;

    fn from_str(text: &str) -> Result<Self, TicksError> {
        let mut scanner = Scanner {
            text: text.as_bytes(),
            offset: 0,
        };
        let year = scanner.part("year", 4, 1..=9999)?;
        scanner.literal(b'-', "`-`")?;
        let month = scanner.part("month", 2, 1..=12)?;
        scanner.literal(b'-', "`-`")?;
        let day = scanner.part("day", 2, 1..=days_in_month(year, month))?;
        scanner.literal(b'T', "`T`")?;
        let hour = scanner.part("hour", 2, 0..=23)?;
        scanner.literal(b':', "`:`")?;
        let minute = scanner.part("minute", 2, 0..=59)?;
        scanner.literal(b':', "`:`")?;
        let second = scanner.part("second", 2, 0..=59)?;
        let fraction = scanner.fraction()?;
        scanner.literal(b'Z', "`Z`")?;
        if scanner.offset < text.len() {
            return Err(scanner.error("the end"));
        }
        let hours = days_from_date(year, month, day) * 24 + hour;
        let seconds = (hours * 60 + minute) * 60 + second;
        Ticks::new(seconds * PER_SECOND + fraction)
    }
}

struct Scanner<'a> {
    text: &'a [u8],
    offset: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    fn error(&self, expected: &'static str) -> TicksError {
        TicksError::Syntax {
            offset: self.offset,
            expected,
        }
    }

    fn literal(&mut self, byte: u8, expected: &'static str) -> Result<(), TicksError> {
        if self.peek() != Some(byte) {
            return Err(self.error(expected));
        }
        self.offset += 1;
        Ok(())
    }

    fn digit(&mut self) -> Result<i64, TicksError> {
        match self.peek() {
            Some(byte @ b'0'..=b'9') => {
                self.offset += 1;
                Ok(i64::from(byte - b'0'))
            }
            _ => Err(self.error("a digit")),
        }
    }

    fn part(
        &mut self,
        part: &'static str,
        digits: usize,
        range: RangeInclusive<i64>,
    ) -> Result<i64, TicksError> {
        let mut value = 0;
        for _ in 0..digits {
            value = value * 10 + self.digit()?;
        }
        if !range.contains(&value) {
            let (min, max) = range.into_inner();
            return Err(TicksError::Part {
                part,
                value,
                min,
                max,
            });
        }
        Ok(value)
    }

    /// Ticks of a fraction of a second, 0 if there is none.
    fn fraction(&mut self) -> Result<i64, TicksError> {
        if self.peek() != Some(b'.') {
            return Ok(0);
        }
        self.offset += 1;
        let mut unit = PER_SECOND / 10;
        let mut fraction = self.digit()? * unit;
        while unit > 1 && self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            unit /= 10;
            fraction += self.digit()? * unit;
        }
        Ok(fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::spread;
    use super::*;

    fn parse(text: &str) -> Result<i64, TicksError> {
        text.parse().map(Ticks::get)
    }

    #[test]
    fn known_pairs() {
        for (ticks, text) in [
            (0, "0001-01-01T00:00:00.0000000Z"),
            (1, "0001-01-01T00:00:00.0000001Z"),
            (621355968000000000, "1970-01-01T00:00:00.0000000Z"),
            (630822816000000000, "2000-01-01T00:00:00.0000000Z"),
            (638884242433705569, "2025-07-18T08:30:43.3705569Z"),
            (638884246398030543, "2025-07-18T08:37:19.8030543Z"),
            (3155378975999999999, "9999-12-31T23:59:59.9999999Z"),
        ] {
            assert_eq!(Ticks::new(ticks).unwrap().to_string(), text);
            assert_eq!(parse(text), Ok(ticks));
        }
    }

    #[test]
    fn display_and_parse_are_inverse() {
        for ticks in spread() {
            assert_eq!(ticks.to_string().parse(), Ok(ticks));
        }
    }

    /// Counts through the calendar: every day of the range has the date after the day before.
    #[test]
    fn every_day() {
        let (mut year, mut month, mut day) = (1, 1, 1);
        let last = Ticks::MAX.get() / PER_SECOND / 86_400;
        for days in 0..=last {
            assert_eq!(date_from_days(days), (year, month, day));
            assert_eq!(days_from_date(year, month, day), days);
            day += 1;
            if day > days_in_month(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, month, day), (10_000, 1, 1));
    }

    #[test]
    fn fractions() {
        let whole = parse("2025-07-18T08:30:43Z").unwrap();
        for (fraction, ticks) in [
            (".3", 3_000_000),
            (".37", 3_700_000),
            (".0000001", 1),
            (".000", 0),
            (".3705569", 3_705_569),
        ] {
            let text = format!("2025-07-18T08:30:43{fraction}Z");
            assert_eq!(parse(&text), Ok(whole + ticks));
        }
    }

    #[test]
    fn padding() {
        let padded = format!("{:>30}", Ticks::UNIX_EPOCH);
        assert_eq!(padded, "  1970-01-01T00:00:00.0000000Z");
    }

    #[test]
    fn other_forms() {
        for (text, offset, expected) in [
            ("", 0, "a digit"),
            ("-001-01-01T00:00:00Z", 0, "a digit"),
            ("25-07-18T08:30:43Z", 2, "a digit"),
            ("12025-07-18T08:30:43Z", 4, "`-`"),
            ("2025/07/18T08:30:43Z", 4, "`-`"),
            ("2025-07-18", 10, "`T`"),
            ("2025-07-18 08:30:43Z", 10, "`T`"),
            ("2025-07-18t08:30:43Z", 10, "`T`"),
            ("2025-07-18T08:30Z", 16, "`:`"),
            ("2025-07-18T08:30:43", 19, "`Z`"),
            ("2025-07-18T08:30:43+03:00", 19, "`Z`"),
            ("2025-07-18T08:30:43.Z", 20, "a digit"),
            ("2025-07-18T08:30:43.12345678Z", 27, "`Z`"),
            ("2025-07-18T08:30:43.1z", 21, "`Z`"),
            ("2025-07-18T08:30:43Z ", 20, "the end"),
            ("202\u{665}-07-18T08:30:43Z", 3, "a digit"),
        ] {
            let error = TicksError::Syntax { offset, expected };
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn no_such_date() {
        for (text, part, value, min, max) in [
            ("0000-12-31T00:00:00Z", "year", 0, 1, 9999),
            ("2025-13-01T00:00:00Z", "month", 13, 1, 12),
            ("2025-00-01T00:00:00Z", "month", 0, 1, 12),
            ("2025-04-31T00:00:00Z", "day", 31, 1, 30),
            ("2023-02-29T00:00:00Z", "day", 29, 1, 28),
            ("1900-02-29T00:00:00Z", "day", 29, 1, 28),
            ("2024-02-30T00:00:00Z", "day", 30, 1, 29),
            ("2025-07-18T24:00:00Z", "hour", 24, 0, 23),
            ("2025-07-18T08:60:00Z", "minute", 60, 0, 59),
            ("2016-12-31T23:59:60Z", "second", 60, 0, 59),
        ] {
            let (found, (part, value)) = (parse(text), (part, value));
            assert_eq!(
                found,
                Err(TicksError::Part {
                    part,
                    value,
                    min,
                    max
                }),
                "{text}"
            );
        }
        assert!(parse("2000-02-29T00:00:00Z").is_ok());
        assert!(parse("2024-02-29T00:00:00Z").is_ok());
    }
}
