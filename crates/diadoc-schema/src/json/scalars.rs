//! Integers and bytes.

use std::ops::RangeInclusive;

use diadoc_core::dialect::{boolean_number, boolean_text, is_decimal, number_kind};
use diadoc_core::rules::FieldValue;
use diadoc_core::{base64, fill};
use prost_reflect::Kind;

use super::Validator;
use super::say::{expected, quoted_string, shorten, standing};
use super::tokens::Token;
use super::words::Words;
use crate::given::Held;
use crate::plan::FieldPlan;
use crate::texts::mangled;
use crate::{Deviation, Finding, Span, contents, words};

/// What an integer type can hold; none for other types.
pub(crate) fn range(kind: &Kind) -> Option<RangeInclusive<i128>> {
    Some(match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => i32::MIN.into()..=i32::MAX.into(),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => i64::MIN.into()..=i64::MAX.into(),
        Kind::Uint32 | Kind::Fixed32 => 0..=u32::MAX.into(),
        Kind::Uint64 | Kind::Fixed64 => 0..=u64::MAX.into(),
        _ => return None,
    })
}

pub(super) fn integer_kind(kind: &Kind, words: &Words) -> &'static str {
    match kind {
        Kind::Uint32 | Kind::Fixed32 => words.unsigned_32,
        Kind::Uint64 | Kind::Fixed64 => words.unsigned_64,
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => words.integer_64,
        _ => words.integer_32,
    }
}

/// The number as an integer of that range; none where it lies outside.
fn within(digits: &str, range: &RangeInclusive<i128>) -> Option<i128> {
    // What does not fit 128 bits fits no range either.
    digits.parse().ok().filter(|number| range.contains(number))
}

impl Validator<'_> {
    /// A string or a number where the field holds booleans.
    pub(super) fn boolean<'t>(&mut self, value: &Token<'_>, span: Span) -> Held<'t> {
        let (words, language) = (self.words(), self.findings.language());
        let (read, kind, deviation) = match value {
            Token::String(text) => (boolean_text(text), words.string, Deviation::BooleanAsText),
            Token::Number(number) => {
                let integer = is_decimal(number).then(|| number.parse().ok()).flatten();
                let read = integer.and_then(boolean_number);
                (
                    read,
                    number_kind(number, language),
                    Deviation::BooleanAsNumber,
                )
            }
            _ => return Held::unread(),
        };
        let (deviation, message) = match read {
            Some(_) => (deviation, words.boolean_form.to_owned()),
            None => (Deviation::OtherType, fill(words.not_it, &[&words.boolean])),
        };
        let found = standing(kind, self.tokens.slice(span));
        let finding = Finding::new(deviation, span, message);
        let finding = finding.expected(words.boolean).found(found);
        self.findings
            .add(finding.suggestion(read.map(|flag| flag.to_string())));
        read.map_or_else(Held::unread, Held::is)
    }

    /// A number where the field holds strings.
    pub(super) fn number_text(&mut self, field: &FieldPlan, number: &str, span: Span) {
        let (words, language) = (self.words(), self.findings.language());
        let finding = Finding::new(Deviation::NumberForText, span, words.number_as_text);
        let found = standing(number_kind(number, language), number);
        let finding = finding.expected(words.string).found(found);
        self.findings
            .add(finding.suggestion(Some(format!("\"{}\"", shorten(number)))));
        let violations = field.check(FieldValue::Text(number), language);
        self.findings
            .add_violations(violations, span, || number.to_owned());
    }

    /// A string where the field holds strings.
    pub(super) fn text(&mut self, field: &FieldPlan, text: &str, span: Span) {
        if text.is_empty() && field.must_have_content {
            self.empty(field, span);
        }
        let language = self.findings.language();
        let violations = field.check(FieldValue::Text(text), language);
        let found = || quoted_string(self.tokens.slice(span), language);
        self.findings.add_violations(violations, span, found);
        self.mangled(text, span);
    }

    /// Reports a text that is not what its writer meant: in a wrong encoding, percent-encoded, or a word
    /// of a programming language for no value.
    pub(super) fn mangled(&mut self, text: &str, span: Span) {
        let Some((mangled, meant)) = mangled(text) else {
            return;
        };
        let language = self.findings.language();
        let message = mangled.say(words::Words::of(language));
        let found = quoted_string(self.tokens.slice(span), language);
        let finding = Finding::new(Deviation::TextMangled, span, message).found(found);
        let meant = meant.map(|meant| shorten(&meant));
        self.findings.add(finding.suggestion(meant));
    }

    /// A required string, or required bytes, without content.
    fn empty(&mut self, field: &FieldPlan, span: Span) {
        let words = words::Words::of(self.findings.language());
        let message = fill(words.field_empty, &[&field.key]);
        let finding = Finding::new(Deviation::FieldEmpty, span, message);
        let expected = expected(self.plans, field, self.words());
        self.findings.add(finding.expected(expected).found("\"\""));
    }

    /// A number where the field holds integers.
    pub(super) fn integer(&mut self, field: &FieldPlan, number: &str, span: Span) {
        let kind = field.descriptor().kind();
        if let Some(number) = self.whole_number(&kind, number, span) {
            self.integer_rules(field, number, span);
        }
    }

    /// A number that must be an integer of a type, or of 32 bits for an enum.
    pub(super) fn whole_number(&mut self, kind: &Kind, number: &str, span: Span) -> Option<i128> {
        let (words, language) = (self.words(), self.findings.language());
        let found = || standing(number_kind(number, language), number);
        if number.contains(['.', 'e', 'E']) {
            let wide = matches!(range(kind), Some(range) if *range.end() > u32::MAX.into());
            let message = if wide {
                words.fraction_64
            } else {
                words.fraction
            };
            // 5.0 means 5.
            let suggestion = number
                .split_once('.')
                .filter(|(_, fraction)| fraction.bytes().all(|byte| byte == b'0'))
                .map(|(whole, _)| shorten(whole));
            let finding = Finding::new(Deviation::IntegerFraction, span, message);
            let finding = finding.expected(integer_kind(kind, words)).found(found());
            self.findings.add(finding.suggestion(suggestion));
            return None;
        }
        let range = range(kind).unwrap_or(i32::MIN.into()..=i32::MAX.into());
        let integer = within(number, &range);
        if integer.is_none() {
            self.out_of_range(kind, &range, found(), span);
        }
        integer
    }

    /// A string where the field holds integers.
    pub(super) fn integer_string(&mut self, field: &FieldPlan, text: &str, span: Span) {
        let kind = field.descriptor().kind();
        let words = self.words();
        let expected = integer_kind(&kind, words);
        let found = quoted_string(self.tokens.slice(span), self.findings.language());
        if !is_decimal(text) {
            let message = fill(words.not_it, &[&expected]);
            let finding = Finding::new(Deviation::OtherType, span, message);
            self.findings.add(finding.expected(expected).found(found));
            return;
        }
        let Some(range) = range(&kind) else { return };
        let Some(number) = within(text, &range) else {
            self.out_of_range(&kind, &range, found, span);
            return;
        };
        let finding = Finding::new(Deviation::IntegerAsText, span, words.integer_in_string);
        let finding = finding.expected(expected).found(found);
        self.findings
            .add(finding.suggestion(Some(number.to_string())));
        self.integer_rules(field, number, span);
    }

    fn out_of_range(
        &mut self,
        kind: &Kind,
        range: &RangeInclusive<i128>,
        found: String,
        span: Span,
    ) {
        let (low, high) = (range.start(), range.end());
        let words = self.words();
        let message = fill(words.does_not_fit, &[&integer_kind(kind, words)]);
        let finding = Finding::new(Deviation::IntegerRange, span, message);
        let expected = fill(words.range, &[low, high]);
        self.findings.add(finding.expected(expected).found(found));
    }

    fn integer_rules(&mut self, field: &FieldPlan, number: i128, span: Span) {
        // The rules know nothing beyond 64 signed bits, and the schema has nothing beyond them.
        if let Ok(number) = i64::try_from(number) {
            let violations = field.check(FieldValue::Integer(number), self.findings.language());
            self.findings
                .add_violations(violations, span, || number.to_string());
        }
    }

    /// A string where the field holds bytes.
    pub(super) fn base64(&mut self, field: &FieldPlan, text: &str, span: Span) {
        if text.is_empty() && field.must_have_content {
            self.empty(field, span);
        }
        if text.len() < 10 {
            self.mangled(text, span);
        }
        let (words, language) = (self.words(), self.findings.language());
        let decoded = base64::decode(text.as_bytes());
        if let Some(content) = &decoded {
            let violations = field.check(FieldValue::Bytes(content.len()), language);
            let found = || quoted_string(self.tokens.slice(span), language);
            self.findings.add_violations(violations, span, found);
            if let Some(due) = contents::due(field.content, self.documents) {
                contents::check(due, content, span, &mut self.findings);
            }
        }
        let symbols = || text.bytes().filter(|byte| !byte.is_ascii_whitespace());
        let (deviation, message) = match &decoded {
            None => {
                let reason = match text.trim_start() {
                    text if text.starts_with("-----BEGIN ") => words.pem.to_owned(),
                    text if text.starts_with("data:") => words.data_url.to_owned(),
                    _ if is_cut(text) => fill(words.cut_length, &[&symbols().count()]),
                    _ => base64::reason(text, language),
                };
                (Deviation::Base64, fill(words.no_base64, &[&reason]))
            }
            Some(_) if base64::is_url_safe(text) => {
                (Deviation::Base64UrlSafe, words.url_safe.to_owned())
            }
            Some(_) if !symbols().count().is_multiple_of(4) => {
                (Deviation::Base64Unpadded, words.unpadded.to_owned())
            }
            Some(_) if text.bytes().any(|byte| byte.is_ascii_whitespace()) => {
                (Deviation::Base64WhiteSpace, words.white_space.to_owned())
            }
            Some(_) => return,
        };
        let found = quoted_string(self.tokens.slice(span), language);
        let finding = Finding::new(deviation, span, message);
        self.findings
            .add(finding.expected(words.standard_base64).found(found));
    }
}

/// Whether a text has symbols of base64 alone, and too few of them.
fn is_cut(text: &str) -> bool {
    let symbols = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let (mut count, mut alone) = (0usize, true);
    for symbol in symbols {
        count += 1;
        alone &= symbol.is_ascii_alphanumeric() || b"+/-_".contains(&symbol);
    }
    alone && !count.is_multiple_of(4)
}
