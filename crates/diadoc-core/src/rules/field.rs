//! The rules of one field's values.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use regex_lite::Regex;

use super::words::Words;
use super::{Evidence, Format, Ranges, Rule, Violation, elements, outside};
use crate::{Language, fill};

/// A kind of rule on the values of a field, with what it asks for. On a list, all but
/// [`Items`](Self::Items) holds for each element.
///
/// ```
/// use diadoc_core::Language;
/// use diadoc_core::rules::{FieldRule, FieldValue};
///
/// let rule = FieldRule::Length { min: None, max: Some(3) };
/// assert_eq!(rule.phrase(Language::English), "at most 3 characters");
/// let check = |text| rule.check(FieldValue::Text(text), Language::English);
/// assert!(check("abc").is_none());
/// let violation = check("abcd").expect("it is too long");
/// assert_eq!(violation.message, "the string is 4 characters long");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldRule {
    /// How many elements a list has.
    Items {
        /// The least.
        min: Option<u32>,
        /// The most.
        max: Option<u32>,
    },
    /// Format of a string, or of an integer where the format says so. An empty string has any.
    Format(Format),
    /// How many characters a string has, the empty one too: Unicode scalar values.
    Length {
        /// The least.
        min: Option<u32>,
        /// The most.
        max: Option<u32>,
    },
    /// Regular expression that a string matches, the empty one too.
    Pattern(Cow<'static, str>),
    /// Between what an integer lies.
    Range {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
    },
    /// The bits that an integer may have.
    Flags(Cow<'static, [Flag]>),
    /// How many bytes the content of bytes has, or a string in UTF-8.
    Bytes {
        /// The most.
        max: u64,
    },
    /// What an integer may be: numbers that stand for something.
    Values(Cow<'static, [Code]>),
}

/// A number that stands for something, where the vendor has no enum for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What it stands for, as a name.
    pub name: Cow<'static, str>,
    /// The number.
    pub number: i64,
}

/// A bit of a mask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its value, a power of two.
    pub bit: i64,
}

/// What is held against the rules of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldValue<'a> {
    /// A string, or a string in a list.
    Text(&'a str),
    /// An integer, or an integer in a list.
    Integer(i64),
    /// The number of a list's elements.
    Items(usize),
    /// The number of bytes of a bytes field, or of one in a list.
    Bytes(usize),
}

/// The options of a field, by their names in `Diadoc.Rules.FieldRules`.
pub trait FieldOptions {
    /// An integer, or the number of an enum's value.
    fn number(&self, name: &str) -> Option<i64>;

    /// A string.
    fn text(&self, name: &str) -> Option<String>;

    /// The names and numbers of an enum's values. Its name is that in the package of the options,
    /// or the full one.
    fn values(&self, name: &str) -> Vec<(String, i64)>;
}

/// What a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Strings.
    Strings,
    /// Integers.
    Integers,
    /// Integers of 64 bits.
    LongIntegers,
    /// Lists.
    Lists,
    /// Bytes and strings.
    Bytes,
}

impl FieldRule {
    /// The options that [`read`](Self::read) knows, and what each is for; a format says itself.
    pub const OPTIONS: &[(&str, Option<Fit>)] = &[
        ("min_len", Some(Fit::Strings)),
        ("max_len", Some(Fit::Strings)),
        ("pattern", Some(Fit::Strings)),
        ("format", None),
        ("min_items", Some(Fit::Lists)),
        ("max_items", Some(Fit::Lists)),
        ("gte", Some(Fit::Integers)),
        ("lte", Some(Fit::Integers)),
        ("flags", Some(Fit::Integers)),
        ("max_bytes", Some(Fit::Bytes)),
        ("values", Some(Fit::Integers)),
    ];

    /// The rules that options state, in the order of elements, format, length, pattern, range, bits,
    /// bytes, values.
    pub fn read(options: &dyn FieldOptions) -> Vec<Self> {
        let number = |name| options.number(name);
        let count = |name| number(name).and_then(|number| u32::try_from(number).ok());
        let some = |is_stated: bool, rule: Self| is_stated.then_some(rule);
        let (min_items, max_items) = (count("min_items"), count("max_items"));
        let (min_len, max_len) = (count("min_len"), count("max_len"));
        let (gte, lte) = (number("gte"), number("lte"));
        [
            some(
                min_items.or(max_items).is_some(),
                Self::Items {
                    min: min_items,
                    max: max_items,
                },
            ),
            number("format")
                .and_then(Format::from_number)
                .map(Self::Format),
            some(
                min_len.or(max_len).is_some(),
                Self::Length {
                    min: min_len,
                    max: max_len,
                },
            ),
            options
                .text("pattern")
                .map(|pattern| Self::Pattern(pattern.into())),
            some(gte.or(lte).is_some(), Self::Range { min: gte, max: lte }),
            options
                .text("flags")
                .map(|name| options.values(&name))
                .filter(|flags| !flags.is_empty())
                .map(|flags| {
                    let flag = |(name, bit): (String, i64)| Flag {
                        name: name.into(),
                        bit,
                    };
                    Self::Flags(flags.into_iter().map(flag).collect())
                }),
            number("max_bytes")
                .and_then(|number| u64::try_from(number).ok())
                .map(|max| Self::Bytes { max }),
            options
                .text("values")
                .map(|name| options.values(&name))
                .filter(|values| !values.is_empty())
                .map(|values| {
                    let code = |(name, number): (String, i64)| Code {
                        name: name.into(),
                        number,
                    };
                    Self::Values(values.into_iter().map(code).collect())
                }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Strings that may keep to the rule, for samples: of a format one, of a pattern such as
    /// `^(a|b)$` its alternatives.
    pub fn samples(&self) -> Vec<&str> {
        match self {
            Self::Format(format) => vec![format.sample()],
            Self::Pattern(pattern) => {
                let inside = pattern.strip_prefix("^(");
                let inside = inside.and_then(|rest| rest.strip_suffix(")$"));
                inside.map_or_else(Vec::new, |inside| inside.split('|').collect())
            }
            _ => Vec::new(),
        }
    }

    /// Integers that may keep to the rule, for samples: the values that a field knows.
    pub fn integers(&self) -> Vec<i64> {
        match self {
            Self::Values(codes) => codes.iter().map(|code| code.number).collect(),
            _ => Vec::new(),
        }
    }

    /// The rule as an expression of Rust, for generated tables.
    pub fn expression(&self) -> String {
        match self {
            Self::Items { .. } | Self::Length { .. } | Self::Range { .. } | Self::Bytes { .. } => {
                format!("FieldRule::{self:?}")
            }
            Self::Format(format) => format!("FieldRule::Format(Format::{format:?})"),
            Self::Pattern(pattern) => format!("FieldRule::Pattern(Cow::Borrowed({pattern:?}))"),
            Self::Flags(flags) => {
                let flags = flags.iter().map(|Flag { name, bit }| {
                    format!("Flag {{ name: Cow::Borrowed({name:?}), bit: {bit} }}, ")
                });
                let flags: String = flags.collect();
                format!("FieldRule::Flags(Cow::Borrowed(&[{flags}]))")
            }
            Self::Values(codes) => {
                let codes = codes.iter().map(|Code { name, number }| {
                    format!("Code {{ name: Cow::Borrowed({name:?}), number: {number} }}, ")
                });
                let codes: String = codes.collect();
                format!("FieldRule::Values(Cow::Borrowed(&[{codes}]))")
            }
        }
    }

    /// The id that a violation goes by.
    pub fn rule(&self) -> Rule {
        match self {
            Self::Items { .. } => Rule::FieldItems,
            Self::Format(_) => Rule::FieldFormat,
            Self::Length { .. } => Rule::FieldLength,
            Self::Pattern(_) => Rule::FieldPattern,
            Self::Range { .. } => Rule::FieldRange,
            Self::Flags(_) => Rule::FieldFlags,
            Self::Bytes { .. } => Rule::FieldBytes,
            Self::Values(_) => Rule::FieldValue,
        }
    }

    /// What the rule allows, as a phrase: `at most 5000 characters`.
    pub fn phrase(&self, language: Language) -> String {
        let words = Words::of(language);
        match self {
            Self::Items { min, max } => match max.or(*min) {
                Some(1) => words.one_element().say(*min, *max),
                _ => words.elements().say(*min, *max),
            },
            Self::Format(format) => format.phrase(language).to_owned(),
            Self::Length { min, max } => match max.or(*min) {
                Some(1) => words.one_character().say(*min, *max),
                _ => words.characters().say(*min, *max),
            },
            Self::Pattern(pattern) => fill(words.matching, &[pattern]),
            Self::Range { min, max } => words.range().say(*min, *max),
            Self::Flags(flags) => {
                let bits = flags
                    .iter()
                    .map(|flag| format!("{} {}", flag.bit, flag.name));
                fill(words.mask, &[&bits.collect::<Vec<_>>().join(", ")])
            }
            Self::Bytes { max } => fill(words.bytes_at_most, &[max]),
            Self::Values(codes) => {
                let codes = codes
                    .iter()
                    .map(|code| format!("{} {}", code.number, code.name));
                fill(
                    words.one_of_numbers,
                    &[&codes.collect::<Vec<_>>().join(", ")],
                )
            }
        }
    }

    /// What a value has to be that the rule refuses.
    fn expected(&self, language: Language) -> String {
        let words = Words::of(language);
        match self {
            Self::Pattern(pattern) => fill(words.string_matching, &[pattern]),
            Self::Range { min, max } => words.number().say(*min, *max),
            _ => self.phrase(language),
        }
    }

    /// Holds a value against the rule. A rule says nothing of values that it is not made for.
    pub fn check(&self, value: FieldValue<'_>, language: Language) -> Option<Violation> {
        let words = Words::of(language);
        let mut suggestion = None;
        let message = match (self, value) {
            (Self::Items { min, max }, FieldValue::Items(items)) => {
                let count = u32::try_from(items).unwrap_or(u32::MAX);
                outside(count, *min, *max)
                    .then(|| fill(words.list_has, &[&elements(items, language)]))
            }
            (Self::Format(format), FieldValue::Text(text)) => {
                let (message, meant) = format.fault(text, words)?;
                suggestion = meant;
                Some(message)
            }
            (Self::Format(format), FieldValue::Integer(number)) => {
                (!format.fits_integer(number)).then(|| fill(words.no_moment, &[&number]))
            }
            // There are no more characters than bytes.
            (Self::Length { min: None, max }, FieldValue::Text(text))
                if max.is_none_or(|max| text.len() <= max as usize) =>
            {
                None
            }
            (Self::Length { min, max }, FieldValue::Text(text)) => {
                let length = text.chars().count();
                let count = u32::try_from(length).unwrap_or(u32::MAX);
                outside(count, *min, *max).then(|| fill(words.string_length, &[&length]))
            }
            (Self::Pattern(pattern), FieldValue::Text(text)) => {
                (!matches(pattern, text)).then(|| words.no_match.to_owned())
            }
            (Self::Range { min, max }, FieldValue::Integer(number)) => {
                outside(number, *min, *max).then(|| fill(words.out_of_range, &[&number]))
            }
            (Self::Flags(flags), FieldValue::Integer(number)) => {
                let known = flags.iter().fold(0, |bits, flag| bits | flag.bit);
                let unknown = number & !known;
                (unknown != 0).then(|| match unknown {
                    // A negative number has every high bit set; as a number that says nothing.
                    ..0 => words.negative_mask.to_owned(),
                    _ => fill(words.unknown_bits, &[&unknown]),
                })
            }
            (Self::Bytes { max }, FieldValue::Text(text)) => {
                let size = text.len();
                exceeds(size, *max).then(|| fill(words.string_bytes, &[&size]))
            }
            (Self::Bytes { max }, FieldValue::Bytes(size)) => {
                exceeds(size, *max).then(|| fill(words.content_bytes, &[&size]))
            }
            (Self::Values(codes), FieldValue::Integer(number)) => codes
                .iter()
                .all(|code| code.number != number)
                .then(|| fill(words.none_of_numbers, &[&number])),
            _ => None,
        }?;
        Some(Violation {
            suggestion,
            evidence: match self {
                // The vendor may add numbers.
                Self::Values(_) => Evidence::Open,
                _ => Evidence::Likely,
            },
            ..Violation::new(self.rule(), message, self.expected(language))
        })
    }
}

impl Words {
    fn range(&self) -> Ranges {
        Ranges {
            exactly: self.exactly,
            from_to: self.from_to,
            at_least: self.at_least,
            at_most: self.at_most,
            any: self.any,
        }
    }

    fn number(&self) -> Ranges {
        Ranges {
            exactly: self.number_exactly,
            from_to: self.number_from_to,
            at_least: self.number_at_least,
            at_most: self.number_at_most,
            any: self.number_any,
        }
    }

    fn elements(&self) -> Ranges {
        Ranges {
            exactly: self.elements_exactly,
            from_to: self.elements_from_to,
            at_least: self.elements_at_least,
            at_most: self.elements_at_most,
            any: self.elements_any,
        }
    }

    /// Where the end of the range is one.
    fn one_element(&self) -> Ranges {
        Ranges {
            exactly: self.one_element_exactly,
            from_to: self.one_element_from_to,
            at_least: self.one_element_at_least,
            at_most: self.one_element_at_most,
            any: self.elements_any,
        }
    }

    fn characters(&self) -> Ranges {
        Ranges {
            exactly: self.characters_exactly,
            from_to: self.characters_from_to,
            at_least: self.characters_at_least,
            at_most: self.characters_at_most,
            any: self.characters_any,
        }
    }

    /// Where the end of the range is one.
    fn one_character(&self) -> Ranges {
        Ranges {
            exactly: self.one_character_exactly,
            from_to: self.one_character_from_to,
            at_least: self.one_character_at_least,
            at_most: self.one_character_at_most,
            any: self.characters_any,
        }
    }
}

fn exceeds(size: usize, max: u64) -> bool {
    u64::try_from(size).unwrap_or(u64::MAX) > max
}

/// Whether the text matches. A pattern that is none allows everything: the rule is at fault then,
/// and not the body; the generator refuses it.
fn matches(pattern: &str, text: &str) -> bool {
    // Compiling takes far longer than matching, and a schema has few patterns.
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
    }
    const MOST_KEPT: usize = 256;

    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            if compiled.len() >= MOST_KEPT {
                compiled.clear();
            }
            compiled.insert(pattern.to_owned(), Regex::new(pattern).ok());
        }
        match compiled.get(pattern) {
            Some(Some(regex)) => regex.is_match(text),
            _ => true,
        }
    })
}
