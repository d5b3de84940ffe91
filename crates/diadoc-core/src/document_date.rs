//! Dates of documents.

use std::fmt;
use std::str::FromStr;

use crate::calendar::days_in_month;

/// A day of the calendar as Diadoc writes it: `dd.MM.yyyy`.
///
/// Fields such as `Document.DocumentDate` and parameters such as `fromDocumentDate` are strings of
/// this form; an empty string stands for no date. The date is the one that the document itself
/// bears, without a time zone.
///
/// ```
/// use diadoc_proto::DocumentDate;
///
/// let date: DocumentDate = "29.02.2024".parse()?;
/// assert_eq!((date.year(), date.month(), date.day()), (2024, 2, 29));
/// assert_eq!(DocumentDate::new(2024, 2, 29)?.to_string(), "29.02.2024");
/// assert_eq!(DocumentDate::from_field("")?, None);
/// assert!(DocumentDate::new(2023, 2, 29).is_err());
/// # Ok::<(), diadoc_proto::DocumentDateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentDate {
    // In this order the derived one is that of the calendar.
    year: u16,
    month: u8,
    day: u8,
}

/// Why a text or three numbers are no date.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentDateError {
    /// The text is not two digits, two digits and four digits with dots between them.
    Form,
    /// There is no such day: the month, the day of the month, or the year 0.
    NoSuchDay {
        /// The year.
        year: u16,
        /// The month.
        month: u8,
        /// The day.
        day: u8,
    },
}

impl fmt::Display for DocumentDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("a date is `dd.MM.yyyy`"),
            Self::NoSuchDay { year, month, day } => {
                write!(f, "the calendar has no day {day}.{month}.{year}")
            }
        }
    }
}

impl std::error::Error for DocumentDateError {}

impl DocumentDate {
    /// A day of the years 1 to 9999, of the Gregorian calendar throughout.
    ///
    /// # Errors
    ///
    /// [`DocumentDateError::NoSuchDay`].
    pub const fn new(year: u16, month: u8, day: u8) -> Result<Self, DocumentDateError> {
        let days = days_in_month(year as i64, month as i64);
        match year >= 1 && year <= 9999 && day >= 1 && day as i64 <= days {
            true => Ok(Self { year, month, day }),
            false => Err(DocumentDateError::NoSuchDay { year, month, day }),
        }
    }

    /// The date of a field; none where the string is empty.
    ///
    /// # Errors
    ///
    /// The string is neither empty nor a date.
    pub fn from_field(text: &str) -> Result<Option<Self>, DocumentDateError> {
        match text {
            "" => Ok(None),
            text => text.parse().map(Some),
        }
    }

    /// The year, from 1 to 9999.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl fmt::Display for DocumentDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        f.pad(&format!("{day:02}.{month:02}.{year:04}"))
    }
}

impl FromStr for DocumentDate {
    type Err = DocumentDateError;

    fn from_str(text: &str) -> Result<Self, DocumentDateError> {
        let &[d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4] = text.as_bytes() else {
            return Err(DocumentDateError::Form);
        };
        let digits = [d1, d2, m1, m2, y1, y2, y3, y4];
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(DocumentDateError::Form);
        }
        let [d1, d2, m1, m2, year @ ..] = digits.map(|digit| digit - b'0');
        let year = year
            .iter()
            .fold(0, |year, digit| year * 10 + u16::from(*digit));
        Self::new(year, m1 * 10 + m2, d1 * 10 + d2)
    }
}

impl From<DocumentDate> for String {
    fn from(date: DocumentDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_written_and_read() {
        let mut days = 0;
        let mut last = None;
        for year in [1, 1900, 2000, 2023, 2024, 9999] {
            for month in 1..=12 {
                for day in 1..=31 {
                    let Ok(date) = DocumentDate::new(year, month, day) else {
                        continue;
                    };
                    days += 1;
                    assert_eq!(date.to_string().parse(), Ok(date));
                    assert_eq!(String::from(date), date.to_string());
                    assert!(last < Some(date));
                    last = Some(date);
                }
            }
        }
        assert_eq!(days, 4 * 365 + 2 * 366);
    }

    /// Around each bound of each number, and at the ends of their types.
    #[test]
    fn numbers_that_are_no_day() {
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for year in [0, 1, 1999, 2024, 9_998, 9_999, 10_000, 10_001, u16::MAX] {
            for month in (0..=14).chain([u8::MAX]) {
                for day in (0..=33).chain([u8::MAX]) {
                    let length = match usize::from(month).checked_sub(1) {
                        Some(1) if year != 2024 => 28,
                        Some(place) => lengths.get(place).copied().unwrap_or(0),
                        None => 0,
                    };
                    let is_day = (1..10_000).contains(&year) && (1..=length).contains(&day);
                    let expected = match is_day {
                        true => Ok((year, month, day)),
                        false => Err(DocumentDateError::NoSuchDay { year, month, day }),
                    };
                    let date = DocumentDate::new(year, month, day);
                    let date = date.map(|date| (date.year(), date.month(), date.day()));
                    assert_eq!(date, expected);
                }
            }
        }
    }

    #[test]
    fn of_a_field() {
        assert_eq!(DocumentDate::from_field(""), Ok(None));
        let date = DocumentDate::new(2024, 2, 29);
        assert_eq!(DocumentDate::from_field("29.02.2024"), date.map(Some));
        let error = DocumentDate::from_field("29.02.2023").unwrap_err();
        assert_eq!(error.to_string(), "the calendar has no day 29.2.2023");
        let error = DocumentDate::from_field(" ").unwrap_err();
        assert_eq!(error.to_string(), "a date is `dd.MM.yyyy`");
    }

    #[test]
    fn what_is_no_date() {
        let forms = "|1.2.2024|01-02-2024|01.02.24|2024.02.01|2024-02-01|01.02.20244|+1.02.2024|\
                     01.02.202٤|٠١.02.2014| 01.02.2024|01.02.2014 ";
        for text in forms.split('|') {
            assert_eq!(text.parse::<DocumentDate>(), Err(DocumentDateError::Form));
        }
        let no_days = "30.02.2024 29.02.2023 29.02.1900 31.04.2024 00.01.2024 01.00.2024 \
                       01.13.2024 01.01.0000";
        for text in no_days.split(' ') {
            let error = text.parse::<DocumentDate>().unwrap_err();
            assert!(
                matches!(error, DocumentDateError::NoSuchDay { .. }),
                "{text}"
            );
        }
    }
}
