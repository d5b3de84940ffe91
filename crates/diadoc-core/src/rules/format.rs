//! Formats of values.

use super::words::Words;
use super::{Fit, documents};
use crate::filter_category::DocumentStatus;
use crate::{BoxId, DocumentDate, Inn, Kpp, Language, Ticks};

/// What is asked for where the answer is not shown.
const ENGLISH: &Words = Words::of(Language::English);

/// Lists the formats: the number that `Diadoc.Rules.Format` gives it, what a value is, in Russian as well, a
/// sample, a regular expression that every string of the format matches, and how a string is checked.
macro_rules! formats {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal, $phrase:literal, $russian:literal, $sample:literal, $pattern:expr, $check:expr;)+) => {
        /// A format of strings, or of integers in the case of ticks. An empty string has any format.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Format {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Format {
            /// All formats.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The format of a number in the schema's options.
            pub fn from_number(number: i64) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// What a value of the format is: `a GUID with hyphens`.
            pub fn phrase(self, language: Language) -> &'static str {
                match language {
                    Language::English => match self { $(Self::$name => $phrase,)+ },
                    Language::Russian => match self { $(Self::$name => $russian,)+ },
                }
            }

            /// A string of the format; of ticks, as of all integers, none.
            pub fn sample(self) -> &'static str {
                match self { $(Self::$name => $sample,)+ }
            }

            /// A regular expression that every string of the format matches, the empty one included;
            /// for a date it does not tell the lengths of the months. None for ticks, which are
            /// integers.
            pub fn pattern(self) -> Option<&'static str> {
                match self { $(Self::$name => $pattern,)+ }
            }

            /// Whether a string has the format.
            pub fn fits_text(self, text: &str) -> bool {
                text.is_empty() || match self { $(Self::$name => ($check)(text),)+ }
            }
        }
    };
}

formats! {
    /// GUID with hyphens, in either case.
    Guid = 1, "a GUID with hyphens",
        "GUID с дефисами",
        "bcd62464-5b5d-44ff-93b0-ec6981b7cefe",
        Some("^([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})?$"),
        |text: &str| text.contains('-') && text.parse::<BoxId>().is_ok();
    /// Id of a box, see [`BoxId`].
    BoxId = 2, "a box id, as a GUID with hyphens or as 32 hex digits with `@diadoc.ru` or without",
        "идентификатор ящика: GUID с дефисами или 32 шестнадцатеричные цифры с `@diadoc.ru` или без",
        "09ae254c5cd0408284de7ccb46d86f82@diadoc.ru",
        Some("^([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}(@diadoc\\.ru)?)?$"),
        |text: &str| text.parse::<BoxId>().is_ok();
    /// Date, see [`DocumentDate`].
    Date = 3, "a date dd.MM.yyyy",
        "дата dd.MM.yyyy",
        "18.07.2025",
        Some("^((0[1-9]|[12][0-9]|3[01])\\.(0[1-9]|1[0-2])\\.([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9]))?$"),
        |text: &str| text.parse::<DocumentDate>().is_ok();
    /// Moment as an integer, see [`Ticks`].
    Ticks = 4, "ticks of the years 1 to 9999, or 0 for none",
        "тики для годов с 1 по 9999 или 0, если момента нет",
        "",
        None,
        |_| true;
    /// Taxpayer number (ИНН), see [`Inn`].
    Inn = 5, "an INN of 10 or 12 digits",
        "ИНН из 10 или 12 цифр",
        "9500000005",
        Some("^([0-9]{10}|[0-9]{12})?$"),
        Inn::is_valid;
    /// Filter of documents, see [`FilterCategory`](crate::FilterCategory): one with a status and a
    /// type that the server takes.
    FilterCategory = 6, "a filter `<type>.<class><status>` such as `Any.Inbound`",
        "фильтр `<тип>.<класс><статус>`, например `Any.Inbound`",
        "Any.Inbound",
        Some(DocumentStatus::FILTER_PATTERN),
        |text: &str| documents::filter_fault(text, ENGLISH).is_none();
    /// Code of the reason for registration (КПП), see [`Kpp`].
    Kpp = 7, "a KPP of 9 characters",
        "КПП из 9 символов",
        "950001001",
        Some("^([0-9]{4}[0-9A-Z]{2}[0-9]{3})?$"),
        Kpp::is_valid;
    /// Category of documents, as GetDocuments (V4) has it in a field of its own.
    DocumentCategory = 8, "one of `Any`, `Incoming`, `Outgoing`, `Internal`, `Proxy` and `Deleted`",
        "одно из `Any`, `Incoming`, `Outgoing`, `Internal`, `Proxy` и `Deleted`",
        "Incoming",
        Some("^(Any|Incoming|Outgoing|Internal|Proxy|Deleted)?$"),
        |text: &str| documents::category_fault(text, ENGLISH).is_none();
    /// Status of documents, see [`DocumentStatus`].
    DocumentStatus = 9, "a status of documents such as `NotRead`",
        "статус документов, например `NotRead`",
        "NotRead",
        Some(DocumentStatus::PATTERN),
        |text: &str| documents::status_fault(text, ENGLISH).is_none();
}

impl Format {
    /// What the format is for.
    pub fn fit(self) -> Fit {
        match self {
            Self::Ticks => Fit::LongIntegers,
            _ => Fit::Strings,
        }
    }

    /// What is wrong with a string that does not have the format, as a phrase, and what may have
    /// been meant.
    pub(super) fn fault(self, text: &str, words: &Words) -> Option<(String, Option<String>)> {
        if self.fits_text(text) {
            return None;
        }
        let known = match self {
            Self::FilterCategory => documents::filter_fault(text, words),
            Self::DocumentCategory => documents::category_fault(text, words),
            Self::DocumentStatus => documents::status_fault(text, words),
            _ => None,
        };
        known.or_else(|| {
            let message = words.other_format.to_owned();
            Some((message, None))
        })
    }

    /// Whether an integer has the format; every integer has the formats of strings.
    pub fn fits_integer(self, number: i64) -> bool {
        self != Self::Ticks || Ticks::new(number).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use regex_lite::Regex;

    use super::*;

    /// Strings that differ in one place from one of the format, and some that do in length.
    fn neighbours(text: &str) -> Vec<String> {
        let mut all = vec![text.to_owned(), text.repeat(2), text.to_uppercase()];
        let places = text.char_indices().map(|(at, char)| (at, char.len_utf8()));
        for (at, length) in places.chain([(text.len(), 0)]) {
            let (before, after) = (&text[..at], &text[at + length..]);
            let here = &text[at..at + length];
            for piece in "0 1 2 3 9 a F g Z я - . @ + ٣ _"
                .split(' ')
                .chain([" ", "\n"])
            {
                all.push(format!("{before}{piece}{after}"));
                all.push(format!("{before}{piece}{here}{after}"));
            }
            all.push(format!("{before}{after}"));
        }
        all
    }

    /// What JSON Schemas say with the pattern, the check says.
    #[test]
    fn a_string_fits_where_it_matches_the_pattern() {
        let more = [
            (Format::BoxId, "09ae254c-5cd0-4082-84de-7ccb46d86f82"),
            (Format::BoxId, "09ae254c5cd0408284de7ccb46d86f82"),
            (Format::Inn, "500100732259"),
            (Format::Kpp, "9500AZ001"),
            (Format::Date, "31.12.9999"),
            (Format::Date, "01.01.0001"),
            (Format::FilterCategory, "any.OutboundFinished"),
            (Format::DocumentCategory, "Deleted"),
        ];
        let samples = Format::ALL.iter().map(|format| (*format, format.sample()));
        for (format, sample) in samples.chain(more) {
            let Some(pattern) = format.pattern() else {
                continue;
            };
            let pattern = Regex::new(pattern).unwrap();
            assert!(format.fits_text(sample), "{format:?} {sample}");
            let mut fits = 0;
            for text in neighbours(sample) {
                fits += usize::from(format.fits_text(&text));
                let matches = pattern.is_match(&text);
                // It does not tell the lengths of the months.
                let is_last = ["29", "30", "31"].iter().any(|day| text.starts_with(day));
                match format == Format::Date && is_last {
                    true => assert!(matches || !format.fits_text(&text), "{text:?}"),
                    false => assert_eq!(format.fits_text(&text), matches, "{format:?} {text:?}"),
                }
            }
            assert!(
                fits > 0 && fits < neighbours(sample).len() / 2,
                "{format:?} {fits}"
            );
        }
    }

    #[test]
    fn numbers_of_the_tax_service_are_as_long_as_they_are() {
        for (format, digits, lengths) in [
            (Format::Inn, "500100732259001", &[0, 10, 12][..]),
            (Format::Kpp, "950001001950001", &[0, 9]),
        ] {
            let pattern = Regex::new(format.pattern().unwrap()).unwrap();
            for length in 0..=digits.len() {
                let text = &digits[..length];
                assert_eq!(format.fits_text(text), lengths.contains(&length), "{text}");
                assert_eq!(pattern.is_match(text), lengths.contains(&length), "{text}");
            }
        }
    }
}
