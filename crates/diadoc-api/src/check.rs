//! Holding a request against the vendor's rules before it is sent.

use std::fmt;

use bytes::Bytes;
use diadoc_core::Language;
use diadoc_core::dialect::{push_index, push_key};
use diadoc_core::rules::{
    self, Evidence, FieldRule, FieldValue, Fields, Given, MessageRule, Quantity, Rule,
};

use crate::parts::BodyPart;
use crate::{Body, BodyKind, Method, Parameter, Parts, Value};

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
    /// The rule; its id is that by which diadoc-schema and the program `diadoc` name it.
    pub rule: Rule,
    /// What is wrong, as a phrase.
    pub message: String,
    /// What the rule allows.
    pub expected: String,
    /// What may have been meant.
    pub suggestion: Option<String>,
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
        let Self {
            parameter,
            rule,
            message,
            expected,
            suggestion,
        } = self;
        write!(f, "{parameter}: {message}, ")?;
        match suggestion {
            Some(suggestion) => write!(f, "did you mean `{suggestion}`?")?,
            None => write!(f, "expected {expected}")?,
        }
        write!(f, " ({rule})")
    }
}

/// A message whose fields have rules; the bodies of all methods are ones.
pub trait Checked {
    /// Holds its fields against the rules.
    #[doc(hidden)]
    fn check(&self, checker: &mut Checker<'_>);

    /// Its name without the package, where rules ask for it.
    #[doc(hidden)]
    fn message_name(&self) -> &'static str {
        ""
    }

    /// What is given of a field that rules ask for.
    #[doc(hidden)]
    fn given(&self, field: &str) -> Given<'_> {
        let _ = field;
        Given::No
    }

    /// The messages in a field that rules look into.
    #[doc(hidden)]
    fn messages_in(&self, field: &str) -> Vec<&dyn Checked> {
        let _ = field;
        Vec::new()
    }
}

/// A message as rules ask of it.
struct Asked<'a>(&'a dyn Checked);

impl Fields for Asked<'_> {
    fn name(&self) -> &str {
        self.0.message_name()
    }

    fn field(&self, name: &str) -> Given<'_> {
        self.0.given(name)
    }

    fn messages(&self, name: &str) -> Vec<Box<dyn Fields + '_>> {
        let messages = self.0.messages_in(name).into_iter();
        messages
            .map(|message| Box::new(Asked(message)) as Box<dyn Fields + '_>)
            .collect()
    }
}

/// Holds values against rules, and remembers where they stand.
#[doc(hidden)]
pub struct Checker<'a> {
    at: String,
    violations: &'a mut Vec<Violation>,
    /// The message that is the body.
    body: Option<&'a dyn Checked>,
}

impl fmt::Debug for Checker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checker")
            .field("at", &self.at)
            .field("violations", &self.violations)
            .finish_non_exhaustive()
    }
}

impl<'a> Checker<'a> {
    pub(crate) fn text(&mut self, name: &str, text: Option<&String>, rules: &[FieldRule]) {
        if let Some(text) = text {
            self.value(name, FieldValue::Text(text), rules);
        }
    }

    pub(crate) fn texts(&mut self, name: &str, texts: &[String], rules: &[FieldRule]) {
        self.inside(name, |checker| {
            for (index, text) in texts.iter().enumerate() {
                checker.element(index, |checker| {
                    checker.value("", FieldValue::Text(text), rules);
                });
            }
        });
    }

    pub(crate) fn integer(&mut self, name: &str, number: Option<i64>, rules: &[FieldRule]) {
        if let Some(number) = number {
            self.value(name, FieldValue::Integer(number), rules);
        }
    }

    pub(crate) fn bytes(&mut self, name: &str, bytes: Option<&Bytes>, rules: &[FieldRule]) {
        if let Some(bytes) = bytes {
            self.value(name, FieldValue::Bytes(bytes.len()), rules);
        }
    }

    pub(crate) fn items(&mut self, name: &str, items: usize, rules: &[FieldRule]) {
        self.value(name, FieldValue::Items(items), rules);
    }

    /// A required string, or required bytes.
    pub(crate) fn content(&mut self, name: &str, is_empty: bool) {
        if is_empty {
            let message = "the required field is empty".to_owned();
            let violation = rules::Violation::new(Rule::FieldEmpty, message, "a value".to_owned());
            self.add(name, violation);
        }
    }

    /// The rules about several fields of a message.
    pub(crate) fn message_rules(&mut self, message: &dyn Checked, rules: &[MessageRule]) {
        let body = Asked(self.body.unwrap_or(message));
        for rule in rules {
            if let Some(violation) = rule.check(&Asked(message), &body, Language::English) {
                let place = violation.place.clone().unwrap_or_default();
                self.add(&place, violation);
            }
        }
    }

    /// The message of a field.
    pub(crate) fn message(&mut self, name: &str, message: Option<&impl Checked>) {
        if let Some(message) = message {
            self.inside(name, |checker| message.check(checker));
        }
    }

    /// The messages of a list.
    pub(crate) fn messages(&mut self, name: &str, messages: &[impl Checked]) {
        self.inside(name, |checker| {
            for (index, message) in messages.iter().enumerate() {
                checker.element(index, |checker| message.check(checker));
            }
        });
    }

    /// Fields, and whether each is set, of which so many are.
    pub(crate) fn set(&mut self, quantity: Quantity, fields: &[(&str, bool)]) {
        let names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        let is_set = |name: &str| fields.contains(&(name, true));
        if let Some(violation) = quantity.check(&names, is_set, Language::English) {
            let set: Vec<_> = names.iter().copied().filter(|name| is_set(name)).collect();
            let place = if set.is_empty() { names } else { set };
            self.add(&place.join(", "), violation);
        }
    }

    fn inside(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        push_key(&mut self.at, name);
        check(self);
        self.at.truncate(length);
    }

    fn element(&mut self, index: usize, check: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        push_index(&mut self.at, index);
        check(self);
        self.at.truncate(length);
    }

    fn value(&mut self, name: &str, value: FieldValue<'_>, rules: &[FieldRule]) {
        for violation in rules
            .iter()
            .filter_map(|rule| rule.check(value, Language::English))
        {
            self.add(name, violation);
        }
    }

    /// The values of a parameter.
    fn parameter(&mut self, parameter: &Parameter, values: &[Value<'_>]) {
        let Parameter { name, rules, .. } = parameter;
        self.value(name, FieldValue::Items(values.len()), rules);
        if values.len() > 1 && !parameter.list {
            self.add(
                name,
                rules::Violation::new(
                    Rule::ParameterDuplicate,
                    "the parameter is given twice".to_owned(),
                    "each parameter once".to_owned(),
                ),
            );
        }
        for value in values {
            match *value {
                Value::Text("") if parameter.required => {
                    self.missing(name, "the required parameter is empty");
                }
                value if !value.is_given() => {}
                Value::Text(text) if parameter.header.is_some() && !fits_header(text) => {
                    self.add(
                        name,
                        rules::Violation::new(
                            Rule::ParameterType,
                            "the value travels in a header, and holds a line break or another control \
                             character"
                                .to_owned(),
                            "a text without control characters".to_owned(),
                        ),
                    );
                }
                Value::Text(text) if !parameter.kind.fits(text) => {
                    self.add(
                        name,
                        rules::Violation::new(
                            Rule::ParameterType,
                            "the value is not of the parameter's type".to_owned(),
                            parameter.kind.phrase(),
                        ),
                    );
                }
                Value::Text(text) => self.value(name, FieldValue::Text(text), rules),
                Value::Integer(number) => self.value(name, FieldValue::Integer(number), rules),
                Value::Bool(_) => {}
            }
        }
    }

    /// A parameter or a body that the method does not have.
    fn unknown(
        &mut self,
        method: &Method,
        what: &str,
        name: &str,
        names: impl Iterator<Item = &'static str>,
    ) {
        let names: Vec<_> = names.collect();
        self.violations.push(Violation {
            parameter: name.to_owned(),
            rule: Rule::ParameterUnknown,
            message: format!("{} has no {what} `{name}`", method.name),
            expected: match names.is_empty() {
                true => "none".to_owned(),
                false => format!("a {what} of the method"),
            },
            suggestion: rules::nearest(name, names)
                .first()
                .map(|&name| name.to_owned()),
        });
    }

    fn body(&mut self, known: &Body, name: &str, body: &BodyPart<'a>) {
        let expected = match (known.kind, body) {
            (_, BodyPart::Text("")) => return self.missing(name, "the body is empty"),
            (BodyKind::Message(_), BodyPart::Message(message)) => {
                self.body = Some(message.checked());
                return self.inside(name, |checker| message.check(checker));
            }
            (BodyKind::Message(_), BodyPart::Encoded(..)) => return,
            (BodyKind::Bytes, BodyPart::Bytes(bytes)) => {
                return self.value(name, FieldValue::Bytes(bytes.len()), known.rules);
            }
            (BodyKind::Text, BodyPart::Text(text)) => {
                return self.value(name, FieldValue::Text(text), known.rules);
            }
            (BodyKind::Message(_), _) => "a message as protobuf or JSON",
            (BodyKind::Bytes, _) => "bytes",
            (BodyKind::Text, _) => "a text in UTF-8",
        };
        let violation = rules::Violation::new(
            Rule::ParameterType,
            "the body is not of its type".to_owned(),
            expected.to_owned(),
        );
        self.add(name, violation);
    }

    fn missing(&mut self, name: &str, message: &str) {
        let violation = rules::Violation::new(
            Rule::ParameterRequired,
            message.to_owned(),
            "a value".to_owned(),
        );
        self.add(name, violation);
    }

    /// `name` is empty for the place itself. What the server is not known to refuse is let through.
    fn add(&mut self, name: &str, violation: rules::Violation) {
        if violation.evidence == Evidence::Open {
            return;
        }
        let mut place = self.at.clone();
        if !name.is_empty() {
            push_key(&mut place, name);
        }
        self.violations.push(Violation {
            parameter: place,
            rule: violation.rule,
            message: violation.message,
            expected: violation.expected,
            suggestion: violation.suggestion,
        });
    }
}

/// Whether a header can hold a text: it has no line break in it and no other control character but tabs.
pub(crate) fn fits_header(text: &str) -> bool {
    !text
        .chars()
        .any(|letter| letter.is_control() && letter != '\t')
}

/// Holds the parts against the rules of the method, and the body against those of its message.
pub(crate) fn check(method: &Method, parts: &Parts<'_>) -> Result<(), CheckError> {
    let mut violations = Vec::new();
    let mut checker = Checker {
        at: String::new(),
        violations: &mut violations,
        body: None,
    };
    for (name, values) in &parts.parameters {
        match method.parameter(name) {
            Some(parameter) => checker.parameter(parameter, values),
            None => {
                let names = method.parameters.iter().map(|parameter| parameter.name);
                checker.unknown(method, "parameter", name, names);
            }
        }
    }
    for (name, body) in &parts.bodies {
        match method.bodies.iter().find(|body| body.name == *name) {
            Some(known) => checker.body(known, name, body),
            None => {
                let names = method.bodies.iter().map(|body| body.name);
                checker.unknown(method, "body", name, names);
            }
        }
    }
    let values = |name: &str| parts.parameters.iter().find(|(given, _)| *given == name);
    let given =
        |name: &str| values(name).is_some() || parts.bodies.iter().any(|(given, _)| *given == name);
    for parameter in method.parameters {
        if parameter.required && !given(parameter.name) {
            checker.missing(parameter.name, "the required parameter is missing");
        }
    }
    for body in method.bodies {
        if body.required && !given(body.name) {
            checker.missing(body.name, "the body is missing");
        }
    }
    // A required parameter that is empty is named above.
    let is_set = |name: &str| {
        parts.values(name).next().is_some() || parts.bodies.iter().any(|(given, _)| *given == name)
    };
    for (quantity, set) in method.sets {
        let fields: Vec<_> = set.iter().map(|name| (*name, is_set(name))).collect();
        checker.set(*quantity, &fields);
    }
    match violations.is_empty() {
        true => Ok(()),
        false => Err(CheckError {
            method: method.name,
            violations,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::Checker;

    #[test]
    fn a_checker_shows_where_it_is() {
        let checker = Checker {
            at: "body.Comment".to_owned(),
            violations: &mut Vec::new(),
            body: None,
        };
        let shown = "Checker { at: \"body.Comment\", violations: [], .. }";
        assert_eq!(format!("{checker:?}"), shown);
    }
}
