//! Holding a request against the vendor's rules before it is sent.

use std::fmt;

use diadoc_proto::{BoxId, DocumentDate, Ticks};

use crate::parts::BodyPart;
use crate::{FilterCategory, Format, Method, Parts, Rules, Value};

/// Why a request was not sent: what in it goes against the rules of its method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError {
    method: &'static str,
    violations: Vec<Violation>,
}

/// A parameter, or a place in the body, that goes against a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Name of the parameter, or path in the body: `body.Comment`. Several, where the rule is about
    /// which of them are given.
    pub parameter: String,
    /// Id of the rule, as diadoc-schema and the program `diadoc` name it: `field.range`.
    pub rule: &'static str,
    /// What the rule allows.
    pub expected: String,
}

impl CheckError {
    /// The method that was to be called.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// All that goes against the rules; at least one.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not sent:", self.method)?;
        for (place, violation) in self.violations.iter().enumerate() {
            let separator = if place == 0 { "" } else { ";" };
            write!(f, "{separator} {violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CheckError {}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: expected {} ({})",
            self.parameter, self.expected, self.rule
        )
    }
}

/// A message whose fields have rules; the bodies of all methods are ones.
pub trait Checked {
    /// Holds its fields against the rules.
    #[doc(hidden)]
    fn check(&self, checker: &mut Checker<'_>);
}

/// Holds values against rules, and remembers where they stand.
#[doc(hidden)]
#[derive(Debug)]
pub struct Checker<'a> {
    at: String,
    violations: &'a mut Vec<Violation>,
}

impl Checker<'_> {
    pub(crate) fn text(&mut self, name: &str, text: Option<&String>, rules: Rules) {
        if let Some(text) = text {
            self.value(name, &Value::Text(text), &rules);
        }
    }

    pub(crate) fn texts(&mut self, name: &str, texts: &[String], rules: Rules) {
        for (place, text) in texts.iter().enumerate() {
            self.value(&format!("{name}[{place}]"), &Value::Text(text), &rules);
        }
    }

    pub(crate) fn integer(&mut self, name: &str, number: Option<i64>, rules: Rules) {
        if let Some(number) = number {
            self.value(name, &Value::Integer(number), &rules);
        }
    }

    pub(crate) fn items(&mut self, name: &str, items: usize, least: u32, most: Option<u32>) {
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        if !within(items, Some(least), most) {
            let least = Some(least).filter(|least| *least > 0);
            let expected = format!("{} elements", range(least, most));
            self.add(name, "field.items", expected);
        }
    }

    /// The message of a field.
    pub(crate) fn message(&mut self, name: &str, message: Option<&impl Checked>) {
        if let Some(message) = message {
            self.inside(&format!(".{name}"), message);
        }
    }

    /// The messages of a list.
    pub(crate) fn messages(&mut self, name: &str, messages: &[impl Checked]) {
        for (place, message) in messages.iter().enumerate() {
            self.inside(&format!(".{name}[{place}]"), message);
        }
    }

    /// Fields of which so many are set as `fits` says.
    pub(crate) fn set(&mut self, quantity: Quantity, fields: &[(&'static str, bool)]) {
        let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        let given: Vec<_> = fields.iter().filter(|(_, given)| *given).collect();
        if quantity.fits(given.len()) {
            return;
        }
        let expected = format!("{} of {}", quantity.text(), enumeration(&names));
        let place = match given.len() {
            0 => names.join(", "),
            _ => given
                .iter()
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(", "),
        };
        self.add(&place, quantity.rule(), expected);
    }

    fn inside(&mut self, step: &str, message: &impl Checked) {
        let length = self.at.len();
        self.at += step;
        message.check(self);
        self.at.truncate(length);
    }

    fn value(&mut self, name: &str, value: &Value<'_>, rules: &Rules) {
        check_value(&join(&self.at, name), rules, value, self.violations);
    }

    fn add(&mut self, name: &str, rule: &'static str, expected: String) {
        let place = join(&self.at, name);
        self.violations.push(Violation::new(&place, rule, expected));
    }
}

fn join(at: &str, name: &str) -> String {
    match at {
        "" => name.to_owned(),
        at => format!("{at}.{name}"),
    }
}

/// How many fields of a set are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    AnyOf,
    OneOf,
    Excludes,
}

impl Quantity {
    fn fits(self, given: usize) -> bool {
        match self {
            Self::AnyOf => given >= 1,
            Self::OneOf => given == 1,
            Self::Excludes => given <= 1,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::AnyOf => "at least one",
            Self::OneOf => "exactly one",
            Self::Excludes => "at most one",
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::AnyOf | Self::OneOf => "message.one-of",
            Self::Excludes => "message.excludes",
        }
    }
}

/// Holds the parts against the rules of the method, and the body against those of its message.
pub(crate) fn check(method: &Method, parts: &Parts<'_>) -> Result<(), CheckError> {
    let mut violations = Vec::new();
    for (name, values) in &parts.parameters {
        let Some(parameter) = method.parameter(name) else {
            continue;
        };
        for value in values {
            if parameter.required && *value == Value::Text("") {
                violations.push(Violation::new(name, "field.required", "a value"));
                continue;
            }
            check_value(name, &parameter.rules, value, &mut violations);
        }
    }
    let given = |name: &str| {
        parts.parameters.iter().any(|(given, _)| *given == name)
            || parts.bodies.iter().any(|(given, _)| *given == name)
    };
    let mut checker = Checker {
        at: String::new(),
        violations: &mut violations,
    };
    for (quantity, sets) in [
        (Quantity::AnyOf, method.any_of),
        (Quantity::OneOf, method.one_of),
        (Quantity::Excludes, method.excludes),
    ] {
        for set in sets {
            let fields: Vec<_> = set.iter().map(|name| (*name, given(name))).collect();
            checker.set(quantity, &fields);
        }
    }
    for (name, body) in &parts.bodies {
        match body {
            BodyPart::Text("") => checker.add(name, "field.required", "a text".to_owned()),
            BodyPart::Message(message) => {
                checker.at.push_str(name);
                message.check(&mut checker);
                checker.at.clear();
            }
            BodyPart::Text(_) | BodyPart::Bytes(_) => {}
        }
    }
    match violations.is_empty() {
        true => Ok(()),
        false => Err(CheckError {
            method: method.name,
            violations,
        }),
    }
}

fn check_value(name: &str, rules: &Rules, value: &Value<'_>, violations: &mut Vec<Violation>) {
    let mut add = |rule, expected: String| violations.push(Violation::new(name, rule, expected));
    match *value {
        Value::Text(text) => {
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            if !within(length, rules.min_len, rules.max_len) {
                let expected = range(rules.min_len, rules.max_len);
                add("field.length", format!("{expected} characters"));
            }
            if let Some(format) = rules.format
                && !text.is_empty()
                && !has_format(format, text)
            {
                add("field.format", format.text().to_owned());
            }
            if let Some(pattern) = rules.pattern
                && !matches(pattern, text)
            {
                add("field.pattern", format!("a text matching `{pattern}`"));
            }
        }
        Value::Integer(number) => {
            if !within(number, rules.gte, rules.lte) {
                add("field.range", range(rules.gte, rules.lte));
            }
            if rules.format == Some(Format::Ticks) && Ticks::new(number).is_err() {
                add("field.format", Format::Ticks.text().to_owned());
            }
        }
        Value::Bool(_) => {}
    }
}

/// Whether a text matches. Patterns are few and short, so they are not kept.
fn matches(pattern: &str, text: &str) -> bool {
    // The patterns come from the schema; a test compiles them all.
    regex_lite::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text))
}

fn has_format(format: Format, text: &str) -> bool {
    match format {
        Format::Guid => is_guid(text),
        Format::BoxId => text.parse::<BoxId>().is_ok(),
        Format::Date => text.parse::<DocumentDate>().is_ok(),
        Format::Inn => {
            matches!(text.len(), 10 | 12) && text.bytes().all(|byte| byte.is_ascii_digit())
        }
        Format::FilterCategory => text.parse::<FilterCategory>().is_ok(),
        // Ticks are integers.
        Format::Ticks => true,
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn within<T: PartialOrd>(value: T, least: Option<T>, most: Option<T>) -> bool {
    least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most)
}

fn range<T: fmt::Display>(least: Option<T>, most: Option<T>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("from {least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => String::new(),
    }
}

fn enumeration(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

impl Violation {
    pub(crate) fn new(parameter: &str, rule: &'static str, expected: impl Into<String>) -> Self {
        Self {
            parameter: parameter.to_owned(),
            rule,
            expected: expected.into(),
        }
    }
}
