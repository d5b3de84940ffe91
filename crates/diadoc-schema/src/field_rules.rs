//! The rules that the schema's options put on fields and messages.

use std::cell::RefCell;
use std::collections::HashMap;

use prost_reflect::{Cardinality, FieldDescriptor, MessageDescriptor};
use regex::Regex;

use crate::Rule;

pub(crate) mod options;

pub(crate) use options::{Format, of_field};
use options::{MAX_TICKS, enumeration, flags_text, of_message, span};

/// The rules that the schema states for the values of a field, each as a phrase; in the order of
/// elements, format, length, pattern, range, bits. Empty where it states none.
///
/// ```
/// use diadoc_schema::{Schema, rules_of_field};
///
/// let request = Schema::diadoc().message("Diadoc.Api.Proto.Documents.GetDocumentsV4Request")?;
/// let field = request.get_field_by_name("Count").expect("the schema has the field");
/// assert_eq!(rules_of_field(&field), ["from 0 to 100"]);
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn rules_of_field(field: &FieldDescriptor) -> Vec<String> {
    options::texts_of_field(field)
}

/// The rules that the schema states about which fields of a message are set, each as a phrase.
/// Empty where it states none.
///
/// ```
/// use diadoc_schema::{Schema, rules_of_message};
///
/// let event = Schema::diadoc().message("Diadoc.Api.Proto.Events.BoxEvent")?;
/// assert_eq!(rules_of_message(&event), ["at most one of `Message` and `Patch`"]);
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn rules_of_message(message: &MessageDescriptor) -> Vec<String> {
    options::texts_of_message(message)
}

/// A value that goes against a rule of its field or message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub rule: Rule,
    /// What is wrong, without the place.
    pub message: String,
    /// What the rule allows.
    pub expected: String,
}

/// Holds a string, or a string in a list, against the length, format and pattern of its field.
pub(crate) fn check_text(field: &FieldDescriptor, text: &str) -> Vec<Violation> {
    let rules = of_field(field);
    let mut violations = Vec::new();
    if let Some(expected) = span(rules.min_len, rules.max_len, "character") {
        let length = text.chars().count();
        if outside(length, rules.min_len, rules.max_len) {
            violations.push(Violation {
                rule: Rule::FieldLength,
                message: format!("the string is {length} characters long"),
                expected,
            });
        }
    }
    if let Some(format) = rules.format
        && !has_format(format, text)
    {
        violations.push(Violation {
            rule: Rule::FieldFormat,
            message: "the string does not have the format of its field".into(),
            expected: format.text().into(),
        });
    }
    if let Some(pattern) = rules.pattern
        && !matches(&pattern, text)
    {
        violations.push(Violation {
            rule: Rule::FieldPattern,
            message: "the string does not match the pattern of its field".into(),
            expected: format!("a string matching `{pattern}`"),
        });
    }
    violations
}

/// Holds an integer, or an integer in a list, against the range, format (ticks) and flags of its
/// field.
pub(crate) fn check_integer(field: &FieldDescriptor, number: i64) -> Vec<Violation> {
    let rules = of_field(field);
    let mut violations = Vec::new();
    if rules.gte.is_some_and(|least| number < least) || rules.lte.is_some_and(|most| number > most)
    {
        violations.push(Violation {
            rule: Rule::FieldRange,
            message: format!("{number} lies outside the range of the field"),
            expected: match (rules.gte, rules.lte) {
                (Some(least), Some(most)) => format!("a number from {least} to {most}"),
                (Some(least), None) => format!("a number of at least {least}"),
                (_, most) => format!("a number of at most {}", most.unwrap_or(i64::MAX)),
            },
        });
    }
    if rules.format == Some(Format::Ticks) && !(0..=MAX_TICKS).contains(&number) {
        violations.push(Violation {
            rule: Rule::FieldFormat,
            message: format!("{number} ticks are no moment"),
            expected: Format::Ticks.text().into(),
        });
    }
    if !rules.flags.is_empty() {
        let known = rules.flags.iter().fold(0, |bits, flag| bits | flag.bit);
        let unknown = number & !known;
        if unknown != 0 {
            violations.push(Violation {
                rule: Rule::FieldFlags,
                // A negative number has every high bit set; as a number that says nothing.
                message: if unknown < 0 {
                    "a mask is not negative".into()
                } else {
                    format!("the mask has the unknown bits {unknown}")
                },
                expected: flags_text(&rules.flags),
            });
        }
    }
    violations
}

/// Holds the number of elements of a list against its field.
pub(crate) fn check_items(field: &FieldDescriptor, items: usize) -> Vec<Violation> {
    let rules = of_field(field);
    match span(rules.min_items, rules.max_items, "element") {
        Some(expected) if outside(items, rules.min_items, rules.max_items) => vec![Violation {
            rule: Rule::FieldItems,
            message: format!("the list has {}", elements(items)),
            expected,
        }],
        _ => Vec::new(),
    }
}

/// Holds which fields of a message are set against the message's rules; `is_set` takes a field's
/// name in the schema.
pub(crate) fn check_presence(
    message: &MessageDescriptor,
    is_set: &dyn Fn(&str) -> bool,
) -> Vec<Violation> {
    let rules = of_message(message);
    let mut violations = Vec::new();
    let mut check = |sets: Vec<Vec<String>>, rule, quantity: &str, fits: fn(usize) -> bool| {
        for set in sets {
            let found: Vec<_> = set.iter().filter(|name| is_set(name)).cloned().collect();
            if fits(found.len()) {
                continue;
            }
            let all = enumeration(&set);
            violations.push(Violation {
                rule,
                message: match found.len() {
                    0 => format!("none of {all} is set"),
                    _ => format!("{} are set together", enumeration(&found)),
                },
                expected: format!("{quantity} of {all}"),
            });
        }
    };
    check(rules.any_of, Rule::MessageOneOf, "at least one", |n| n >= 1);
    check(rules.one_of, Rule::MessageOneOf, "exactly one", |n| n == 1);
    check(rules.excludes, Rule::MessageExcludes, "at most one", |n| {
        n <= 1
    });
    violations
}

/// Whether a body without the field goes against the schema: it is required, or a list that must
/// have elements.
pub(crate) fn must_be_set(field: &FieldDescriptor) -> bool {
    field.cardinality() == Cardinality::Required
        || field.is_list() && !check_items(field, 0).is_empty()
}

/// That many elements, as what was found.
pub(crate) fn elements(count: usize) -> String {
    match count {
        0 => "no elements".to_owned(),
        1 => "one element".to_owned(),
        _ => format!("{count} elements"),
    }
}

fn outside(count: usize, least: Option<u32>, most: Option<u32>) -> bool {
    least.is_some_and(|least| count < least as usize)
        || most.is_some_and(|most| count > most as usize)
}

fn has_format(format: Format, text: &str) -> bool {
    text.is_empty()
        || match format {
            Format::Date => is_date(text),
            _ => format
                .pattern()
                .is_none_or(|pattern| matches(pattern, text)),
        }
}

/// Whether the text is a day of the calendar as `dd.MM.yyyy`.
fn is_date(text: &str) -> bool {
    if !Format::Date
        .pattern()
        .is_some_and(|pattern| matches(pattern, text))
    {
        return false;
    }
    let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let (Some(day), Some(month), Some(year)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    year >= 1 && day <= days
}

/// Whether the text matches. A pattern that is none allows everything: the rule is at fault then,
/// and not the body.
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

#[cfg(test)]
mod tests;
