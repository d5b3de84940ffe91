//! Values near the rules of their field.

use std::cell::RefCell;
use std::collections::HashMap;

use diadoc_core::rules::{FieldRule, Format};
use diadoc_schema::{Example, example, field_rules, must_have_content};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use regex_lite::Regex;
use serde_json::{Value, json};

use super::sets::visit;

/// The last tick of the year 9999.
const MOST_TICKS: i64 = 3_155_378_975_999_999_999;
/// Content of more bytes is not made.
const MOST_BYTES: u64 = 4 << 20;
/// So many values of a pattern are enough.
const MOST_OF_A_PATTERN: usize = 4;

/// Values that keep to a rule and are next to ones that do not, and such ones.
#[derive(Debug, Default)]
pub(super) struct Near {
    pub valid: Vec<Value>,
    pub broken: Vec<Value>,
}

impl Near {
    fn of<V: Into<Value>>(
        valid: impl IntoIterator<Item = V>,
        broken: impl IntoIterator<Item = V>,
    ) -> Self {
        Self {
            valid: valid.into_iter().map(Into::into).collect(),
            broken: broken.into_iter().map(Into::into).collect(),
        }
    }
}

/// Values near a rule of single values.
pub(super) fn near(rule: &FieldRule, field: &FieldDescriptor) -> Near {
    match rule {
        FieldRule::Items { .. } => Near::default(),
        FieldRule::Length { min, max } => {
            let texts = |length: u32| {
                let length = length as usize;
                let texts = ["я", "a", "1"].map(|letter| letter.repeat(length));
                // A number with a point, where a pattern asks for one.
                let number = length.checked_sub(3).map(|more| "1".repeat(more) + "1.1");
                texts.into_iter().chain(number)
            };
            let valid = min.iter().chain(max).flat_map(|length| texts(*length));
            let less = min.and_then(|min| min.checked_sub(1));
            let more = max.map(|max| max + 1);
            let broken = less.into_iter().chain(more).flat_map(texts);
            Near::of(valid, broken)
        }
        FieldRule::Range { min, max } => {
            let broken = [min.map(|min| min - 1), max.map(|max| max + 1)];
            let broken = broken.into_iter().flatten();
            let is_held = |number: &i64| {
                let is_long = matches!(field.kind(), Kind::Int64 | Kind::Sint64 | Kind::Sfixed64);
                is_long || i32::try_from(*number).is_ok()
            };
            Near::of(min.iter().chain(max).copied(), broken.filter(is_held))
        }
        FieldRule::Flags(flags) => {
            let all = flags.iter().fold(0, |all, flag| all | flag.bit);
            let bits = flags.iter().map(|flag| flag.bit);
            let unknown = (0..31).map(|place| 1_i64 << place);
            let unknown = unknown.filter(|bit| all & bit == 0);
            let broken = unknown.take(1).flat_map(|bit| [bit, bit | all]);
            Near::of(bits.chain([0, all]), broken.chain([-1]))
        }
        FieldRule::Values(codes) => {
            let known = || codes.iter().map(|code| code.number);
            let most = known().max().unwrap_or(0);
            Near::of(known(), [most + 1, -1_000])
        }
        FieldRule::Bytes { max } if *max > MOST_BYTES => Near::default(),
        FieldRule::Bytes { max } => {
            let size = usize::try_from(*max).unwrap_or(usize::MAX);
            match field.kind() {
                // So many bytes of UTF-8, in fewer characters.
                Kind::String => {
                    let text = |size: usize| "я".repeat(size / 2) + &"a".repeat(size % 2);
                    Near::of([text(size)], [text(size + 1)])
                }
                _ => Near::of([base64(size)], [base64(size + 1)]),
            }
        }
        FieldRule::Format(format) => of_format(*format),
        FieldRule::Pattern(pattern) => {
            let fits = |text: &&str| matches(pattern, text);
            let inside = pattern
                .trim_start_matches("^(")
                .trim_end_matches(['?', '$', ')']);
            let alternatives = inside.split('|').chain(TEXTS.iter().copied());
            let valid = alternatives.clone().filter(fits).take(MOST_OF_A_PATTERN);
            let broken = alternatives.filter(|text| !fits(text) && !text.contains('^'));
            Near::of(valid, broken.take(MOST_OF_A_PATTERN))
        }
    }
}

/// Texts that some pattern tells from each other.
const TEXTS: &[&str] = &[
    "",
    "1",
    "a",
    "_",
    "_a",
    "__a",
    "A-1",
    "я",
    "Ё_-",
    "12",
    "123",
    "1234",
    "12345",
    "12345678",
    "123456789",
    "1234567890",
    "0",
    "999",
    "1000",
    "0123",
    "1.5",
    "1,5",
    "1.5.5",
    "1.234",
    "1.2345",
    "1.23456",
    "12345678901.1",
    "1.12345678901",
    "1.123456789012",
    ".xml",
    "xml",
    ".",
    "2BM-1",
    "2BE",
    "2",
    "2B",
    "a b",
    "a\n",
    "act_05_01_02",
    "act_05_01_03",
    "Act_05_01_02",
    "sid ",
    "invoice",
    "InvoiceCorrectionRevision",
];

fn of_format(format: Format) -> Near {
    let texts = |valid: &str, broken: &str| Near::of(valid.split('|'), broken.split('|'));
    match format {
        Format::Guid => texts(
            "|bcd62464-5b5d-44ff-93b0-ec6981b7cefe|BCD62464-5B5D-44FF-93B0-EC6981B7CEFE|\
             00000000-0000-0000-0000-000000000000",
            "bcd624645b5d44ff93b0ec6981b7cefe|{bcd62464-5b5d-44ff-93b0-ec6981b7cefe}|\
             bcd62464-5b5d-44ff-93b0-ec6981b7cef|bcd62464-5b5d-44ff-93b0-ec6981b7cefe0|\
             bcd62464-5b5d-44ff-93b0-ec6981b7cefg|bcd6246-45b5d-44ff-93b0-ec6981b7cefe|\
             bcd62464-5b5d-44ff-93b0-ec6981b7cefe ",
        ),
        Format::BoxId => texts(
            "|09ae254c5cd0408284de7ccb46d86f82@diadoc.ru|09ae254c5cd0408284de7ccb46d86f82|\
             09ae254c-5cd0-4082-84de-7ccb46d86f82|09AE254C5CD0408284DE7CCB46D86F82@diadoc.ru",
            "09ae254c5cd0408284de7ccb46d86f82@Diadoc.ru|09ae254c5cd0408284de7ccb46d86f82@diadoc.r|\
             09ae254c5cd0408284de7ccb46d86f8@diadoc.ru|09ae254c5cd0408284de7ccb46d86f820|\
             09ae254c-5cd0-4082-84de-7ccb46d86f82@diadoc.ru|09ae254c5cd0408284de7ccb46d86f82@",
        ),
        Format::Date => texts(
            "|29.02.2024|31.12.9999|01.01.0001",
            "29.02.2023|31.04.2024|01.01.0000|00.01.2024|01.13.2024|2024-02-01|1.2.2024|01.02.20240",
        ),
        Format::Ticks => Near::of([0, 1, MOST_TICKS], [-1, MOST_TICKS + 1]),
        Format::Inn => texts(
            "|9500000005|500100732259",
            "950000000|95000000050|5001007322590|950000000X",
        ),
        Format::Kpp => texts(
            "|950001001|9500AZ001",
            "95000100|9500010010|9500az001|A50001001",
        ),
        Format::FilterCategory => texts(
            "|Any.Inbound|Any.OutboundNotFinished|Nonformalized.InternalNotFinished",
            "Any|Any.|.Inbound|Any.Inbound |Any.Sideways|Any.InboundNever|Any Inbound",
        ),
        Format::DocumentCategory => texts("|Any|Deleted", "any |Inbound|Anything"),
        Format::DocumentStatus => texts("|NotRead|Finished", "Not Read|NotReadYet|Read "),
        _ => Near::default(),
    }
}

/// Whether a value keeps to a rule; a list whether its elements do, and their number.
pub(super) fn fits(rule: &FieldRule, value: &Value) -> bool {
    match (rule, value) {
        (FieldRule::Items { min, max }, Value::Array(elements)) => {
            let count = elements.len();
            min.is_none_or(|min| count >= min as usize)
                && max.is_none_or(|max| count <= max as usize)
        }
        (rule, Value::Array(elements)) => elements.iter().all(|element| fits(rule, element)),
        (FieldRule::Length { min, max }, Value::String(text)) => {
            let length = text.chars().count();
            min.is_none_or(|min| length >= min as usize)
                && max.is_none_or(|max| length <= max as usize)
        }
        (FieldRule::Pattern(pattern), Value::String(text)) => matches(pattern, text),
        (FieldRule::Format(format), Value::String(text)) => format
            .pattern()
            .is_none_or(|pattern| matches(pattern, text)),
        (FieldRule::Range { min, max }, Value::Number(number)) => {
            number.as_i64().is_some_and(|number| {
                min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
            })
        }
        (FieldRule::Values(codes), Value::Number(number)) => codes
            .iter()
            .any(|code| number.as_i64() == Some(code.number)),
        _ => true,
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    thread_local! {
        // Every value of every body is held against some pattern; making one takes longer than that.
        static MADE: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
    }
    MADE.with_borrow_mut(|made| {
        if !made.contains_key(pattern) {
            made.insert(pattern.to_owned(), Regex::new(pattern).ok());
        }
        let pattern = made.get(pattern).and_then(Option::as_ref);
        pattern.is_some_and(|pattern| pattern.is_match(text))
    })
}

/// An element for a list: one that it has, or an example.
pub(super) fn element(object: &Value, field: &FieldDescriptor) -> Value {
    if let Some(element) = object[field.json_name()].get(0) {
        return element.clone();
    }
    if let Kind::Message(inner) = field.kind() {
        return example(&inner, Example::Minimal);
    }
    let full = example(field.parent_message(), Example::Full);
    full[field.json_name()].get(0).cloned().unwrap_or(json!(""))
}

/// Whether the messages of a body have what they require, and values that keep to the rules of their
/// fields.
pub(super) fn lacks_nothing(message: &MessageDescriptor, body: &Value) -> bool {
    let mut lacks_nothing = true;
    visit(message, body, "", &mut |inner, object, _| {
        for field in inner.fields() {
            let rules = field_rules(&field);
            let is_fine = match object.get(field.json_name()) {
                None if field.is_list() => rules.iter().all(|rule| fits(rule, &json!([]))),
                None => field.cardinality() != Cardinality::Required,
                Some(value) if must_have_content(&field) && value == "" => false,
                Some(value) => rules.iter().all(|rule| fits(rule, value)),
            };
            lacks_nothing &= is_fine;
        }
    });
    lacks_nothing
}

/// So many zero bytes.
fn base64(size: usize) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    BASE64_STANDARD.encode(vec![0; size])
}
