//! What values have to look like beyond their types, and the ids that findings go by.
//!
//! The schema states the rules as options; diadoc-schema reads them from descriptors, and
//! diadoc-codegen writes them into the tables of diadoc-api. What a rule means, how it is checked and
//! how it is put into words stands here alone: a kind of rule on a field is a variant of
//! [`FieldRule`], a format a line of [`Format`], a rule about several fields a [`MessageRule`].

mod documents;
mod effect;
mod field;
mod format;
mod message;
mod near;
mod presence;
mod rule;
mod term;
mod words;

use std::fmt;

pub use effect::{Effect, Evidence};
pub use field::{Code, FieldOptions, FieldRule, FieldValue, Fit, Flag};
pub use format::Format;
pub use message::{Demand, Fields, Given, MessageRule, SetOptions, Texts};
pub use near::nearest;
pub use presence::Quantity;
pub use rule::Rule;
pub use term::Term;

use crate::{Language, fill};
use words::Words;

/// A value that goes against a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// What is wrong, as a phrase without the place.
    pub message: String,
    /// What the rule allows.
    pub expected: String,
    /// What may have been meant.
    pub suggestion: Option<String>,
    /// How well it is known that the server refuses it.
    pub evidence: Evidence,
    /// The field that it is about, where it is about one and stands in a message.
    pub place: Option<String>,
    /// What the server answers, where that is known.
    pub answer: Option<String>,
}

impl Violation {
    /// A violation of what the vendor states, without more.
    pub fn new(rule: Rule, message: String, expected: String) -> Self {
        Self {
            rule,
            message,
            expected,
            suggestion: None,
            evidence: Evidence::Likely,
            place: None,
            answer: None,
        }
    }
}

/// That many elements, as what was found: `no elements`, `one element`, `2 elements`.
pub fn elements(count: usize, language: Language) -> String {
    let words = Words::of(language);
    match count {
        0 => words.no_elements.to_owned(),
        1 => words.one_element.to_owned(),
        _ => fill(words.elements, &[&count]),
    }
}

/// Names as a phrase: `` `A`, `B` and `C` ``.
pub fn enumeration(names: &[impl AsRef<str>], language: Language) -> String {
    let names = names.iter().map(|name| format!("`{}`", name.as_ref()));
    listed(&names.collect::<Vec<_>>(), Words::of(language).and)
}

/// Parts as a phrase, the last of them behind a word: `a, b and c`.
fn listed(parts: &[String], last_two: &str) -> String {
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => fill(last_two, &[&others.join(", "), last]),
        None => String::new(),
    }
}

fn outside<T: PartialOrd>(value: T, min: Option<T>, max: Option<T>) -> bool {
    min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max)
}

/// How ranges are put into words: where both ends meet, between two, from one on, up to one, and where there is
/// none.
struct Ranges {
    exactly: &'static str,
    from_to: &'static str,
    at_least: &'static str,
    at_most: &'static str,
    any: &'static str,
}

impl Ranges {
    /// A range in words: `from 1 to 60`, `at least 1`, `at most 60`; `exactly 8` where both ends meet.
    fn say<T: fmt::Display + PartialEq>(&self, min: Option<T>, max: Option<T>) -> String {
        match (min, max) {
            (Some(min), Some(max)) if min == max => fill(self.exactly, &[&min]),
            (Some(min), Some(max)) => fill(self.from_to, &[&min, &max]),
            (Some(min), None) => fill(self.at_least, &[&min]),
            (None, Some(max)) => fill(self.at_most, &[&max]),
            (None, None) => self.any.to_owned(),
        }
    }
}
