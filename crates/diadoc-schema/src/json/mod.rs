//! Holds a JSON body against a message.

mod enums;
mod scalars;
mod suggest;
mod text;

use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};

use self::suggest::suggest_key;
use self::text::{Broken, Text, Value};
use crate::computed_keys::computed_key;
use diadoc_core::dialect::{number_kind, push_index, push_key};
use diadoc_core::rules::{FieldValue, Violation, elements};

use crate::field_rules;
use crate::{Direction, Finding, Report, Rule, Severity, Span};

/// Holds a JSON body against a message and reports everything that it finds, in the order of the
/// body.
///
/// One pass over the text, without a copy of it. Where a value is of the wrong type, what is inside
/// it is passed over. What a whole object lacks (a required field, a rule about which fields are
/// set) stands at the object's opening bracket, before what is inside it. Where the JSON breaks off
/// there is one finding for that ([`Rule::JsonSyntax`] or [`Rule::JsonDepth`]), after all that was
/// found before.
///
/// A body without errors can be read by diadoc-proto, and where diadoc-proto refuses a body there is
/// an error at the path that it names.
///
/// ```
/// use diadoc_schema::{Direction, Schema, validate_json};
///
/// let message = Schema::diadoc().message("Diadoc.Api.Proto.DocumentId")?;
/// let body = br#"{"MessageId": "9d2fc4b1-62b8-4c0c-b5a4-6a0b33bb4a4b", "EntityID": null}"#;
/// let report = validate_json(&message, body, Direction::Request);
///
/// let found: Vec<_> = report
///     .findings
///     .iter()
///     .map(|finding| (finding.path.as_str(), finding.rule.id()))
///     .collect();
/// assert_eq!(
///     found,
///     [("EntityId", "json.required"), ("EntityID", "json.key-case")]
/// );
/// assert_eq!(report.findings[1].suggestion.as_deref(), Some("EntityId"));
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn validate_json(message: &MessageDescriptor, body: &[u8], direction: Direction) -> Report {
    let mut validator = Validator {
        text: Text::new(body),
        report: Report::new(message.full_name(), direction),
        direction,
        path: String::new(),
        pointer: String::new(),
        has_error: false,
    };
    if let Err(broken) = validator.body(message) {
        validator.broken(broken);
    }
    let mut report = validator.report;
    report.findings.sort_by_key(|finding| finding.span.start);
    count_lines(&mut report.findings, body);
    report
}

/// Gives findings, sorted by their place, line and column.
fn count_lines(findings: &mut [Finding], body: &[u8]) {
    let (mut at, mut line, mut column) = (0, 1, 1);
    for finding in findings {
        for byte in &body[at.min(body.len())..finding.span.start.min(body.len())] {
            match byte {
                b'\n' => (line, column) = (line + 1, 1),
                // Continues a character.
                0x80..=0xBF => {}
                _ => column += 1,
            }
        }
        at = finding.span.start;
        (finding.line, finding.column) = (line, column);
    }
}

struct Validator<'t> {
    text: Text<'t>,
    report: Report,
    direction: Direction,
    /// The value that is being read. Where the JSON breaks off it stays as it is then.
    path: String,
    pointer: String,
    /// Whether a finding so far is an error.
    has_error: bool,
}

/// The lengths of path and pointer to go back to.
struct Outside(usize, usize);

/// What a finding says beside its place.
struct Fault {
    rule: Rule,
    severity: Severity,
    span: Span,
    message: String,
    expected: Option<String>,
    found: Option<String>,
    suggestion: Option<String>,
}

impl Fault {
    fn new(rule: Rule, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            span,
            message: message.into(),
            expected: None,
            found: None,
            suggestion: None,
        }
    }

    fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    fn suggestion(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }
}

impl<'t> Validator<'t> {
    fn body(&mut self, message: &MessageDescriptor) -> Result<(), Broken> {
        let (value, span) = self.text.value()?;
        match value {
            Value::Object => self.object(message, span)?,
            value => self.wrong_type(&object_of(message), value, span)?,
        }
        self.text.end()
    }

    /// What is inside an object, whose opening bracket has been read.
    fn object(&mut self, message: &MessageDescriptor, bracket: Span) -> Result<(), Broken> {
        // The fields that have stood here, and whether with a value.
        let mut seen: Vec<(u32, bool)> = Vec::new();
        let mut first = true;
        while let Some((key, span)) = self.text.key(first)? {
            first = false;
            let field = message
                .get_field_by_json_name(&key)
                .or_else(|| message.get_field_by_name(&key));
            let Some(field) = field else {
                self.unknown_key(message, &key, span);
                self.text.colon()?;
                let outside = self.enter_key(&key);
                let (value, _) = self.text.value()?;
                self.text.skip(&value)?;
                self.leave(outside);
                continue;
            };
            let before = seen
                .iter()
                .position(|(number, _)| *number == field.number());
            if before.is_some() {
                self.duplicate_key(&field, &key, span);
            }
            self.text.colon()?;
            let outside = self.enter_key(&key);
            let set = self.field(&field)?;
            self.leave(outside);
            match before {
                Some(index) => seen[index].1 |= set,
                None => seen.push((field.number(), set)),
            }
        }
        self.whole_object(message, bracket, &seen);
        Ok(())
    }

    /// What can be said of an object once all of it has been read.
    fn whole_object(&mut self, message: &MessageDescriptor, bracket: Span, seen: &[(u32, bool)]) {
        let find = |field: &FieldDescriptor| {
            let number = field.number();
            seen.iter()
                .find(|(seen, _)| *seen == number)
                .map(|(_, set)| *set)
        };
        for field in message.fields() {
            let found = find(&field);
            if field.cardinality() == Cardinality::Required && found.is_none() {
                let fault = Fault::new(
                    Rule::JsonRequired,
                    self.fault_severity(),
                    bracket,
                    format!("the required field `{}` is missing", field.json_name()),
                )
                .expected(expected(&field));
                self.add_inside(field.json_name(), fault);
            }
            if field.is_list() && found.is_none() {
                let outside = self.enter_key(field.json_name());
                self.items(&field, 0, bracket);
                self.leave(outside);
            }
        }
        let is_set = |name: &str| {
            let field = message.get_field_by_name(name);
            field.and_then(|field| find(&field)).unwrap_or(false)
        };
        let violations = field_rules::check_presence(message, &is_set);
        self.violations(violations, bracket, |_| None);
    }

    /// The value of a field; whether it sets the field.
    fn field(&mut self, field: &FieldDescriptor) -> Result<bool, Broken> {
        let (value, span) = self.text.value()?;
        match value {
            Value::Null => {
                if field.cardinality() == Cardinality::Required {
                    let severity = self.fault_severity();
                    self.null(severity, span, "a required field is null", field);
                }
                if field.is_list() {
                    self.items(field, 0, span);
                }
                Ok(false)
            }
            Value::Array if field.is_list() => self.list(field, span),
            value if field.is_list() => {
                self.wrong_type("an array", value, span)?;
                Ok(true)
            }
            value => {
                self.single(field, value, span)?;
                Ok(true)
            }
        }
    }

    /// What is inside an array, whose opening bracket has been read; whether it has elements.
    fn list(&mut self, field: &FieldDescriptor, bracket: Span) -> Result<bool, Broken> {
        let mut items = 0;
        while self.text.element(items == 0)? {
            let outside = self.enter_index(items);
            let (value, span) = self.text.value()?;
            match value {
                Value::Null => {
                    self.null(Severity::Error, span, "an element of a list is null", field);
                }
                value => self.single(field, value, span)?,
            }
            self.leave(outside);
            items += 1;
        }
        self.items(field, items, bracket);
        Ok(items > 0)
    }

    /// The number of a list's elements; a list that is absent or null is an empty one.
    fn items(&mut self, field: &FieldDescriptor, items: usize, span: Span) {
        let violations = field_rules::check(field, FieldValue::Items(items));
        self.violations(violations, span, |_| elements(items));
    }

    /// A value of a field that is no list, or an element of one that is.
    fn single(
        &mut self,
        field: &FieldDescriptor,
        value: Value<'t>,
        span: Span,
    ) -> Result<(), Broken> {
        match (field.kind(), value) {
            (Kind::Message(message), Value::Object) if !field.is_map() => {
                self.object(&message, span)
            }
            // The schema has no maps; what another one puts into them is not looked at.
            (Kind::Message(_), value @ Value::Object) => self.text.skip(&value),
            (Kind::Bool, Value::Bool) => Ok(()),
            (Kind::String, Value::String(text)) => {
                let violations = field_rules::check(field, FieldValue::Text(&text));
                self.violations(violations, span, |of| of.found(&Value::String(text), span));
                Ok(())
            }
            (Kind::Bytes, Value::String(text)) => {
                self.base64(&text, span);
                Ok(())
            }
            (Kind::Enum(kind), Value::String(name)) => {
                self.enum_name(field, &kind, &name, span);
                Ok(())
            }
            (Kind::Enum(kind), Value::Number(number)) => {
                self.enum_number(&kind, number, span);
                Ok(())
            }
            (Kind::Float | Kind::Double, Value::Number(_)) => Ok(()),
            (kind, Value::Number(number)) if scalars::range(&kind).is_some() => {
                self.integer(field, number, span);
                Ok(())
            }
            (kind, Value::String(text)) if scalars::range(&kind).is_some() => {
                self.integer_string(field, &text, span);
                Ok(())
            }
            (_, value) => self.wrong_type(&expected(field), value, span),
        }
    }

    /// Reports a value of the wrong type and passes over what is inside it.
    fn wrong_type(&mut self, expected: &str, value: Value<'_>, span: Span) -> Result<(), Broken> {
        let found = self.found(&value, span);
        let fault = Fault::new(
            Rule::JsonType,
            Severity::Error,
            span,
            format!("the value is not {expected}"),
        );
        self.add(fault.expected(expected).found(found));
        self.text.skip(&value)
    }

    fn null(&mut self, severity: Severity, span: Span, message: &str, field: &FieldDescriptor) {
        let fault = Fault::new(Rule::JsonNull, severity, span, message);
        self.add(fault.expected(expected(field)).found("null"));
    }

    fn unknown_key(&mut self, message: &MessageDescriptor, key: &str, span: Span) {
        let name = message.name();
        let token = self.text.slice(span);
        let quoted = quotable(token);
        let request = self.direction == Direction::Request;
        let weight = |in_response| match request {
            true => Severity::Error,
            false => in_response,
        };
        let fault = if let Some(computed) = computed_key(message, key) {
            let text = format!(
                "`{key}` is not in the schema, though the vendor's JSON has it: {}",
                computed.holds
            );
            Fault::new(Rule::JsonComputedKey, weight(Severity::Info), span, text)
        } else if let Some(suggestion) = suggest_key(message, key, self.report.left_out == 0) {
            let same = suggestion.eq_ignore_ascii_case(key);
            let other_case = same
                || message
                    .fields()
                    .any(|field| field.name().eq_ignore_ascii_case(key));
            let (rule, severity, text) = if other_case {
                (
                    Rule::JsonKeyCase,
                    weight(Severity::Warning),
                    format!(
                        "the key `{quoted}` differs from the schema's in case, and is not read"
                    ),
                )
            } else {
                (
                    Rule::JsonUnknownKey,
                    weight(Severity::Info),
                    unknown_key_text(name, &quoted, request),
                )
            };
            Fault::new(rule, severity, span, text).suggestion(Some(suggestion))
        } else {
            Fault::new(
                Rule::JsonUnknownKey,
                weight(Severity::Info),
                span,
                unknown_key_text(name, &quoted, request),
            )
        };
        self.add_inside(key, fault.found(shorten(token)));
    }

    fn duplicate_key(&mut self, field: &FieldDescriptor, key: &str, span: Span) {
        let name = field.json_name();
        let message = if name == field.name() {
            format!("the key `{name}` stands twice in the object")
        } else {
            format!(
                "the field `{name}`, also called `{}`, stands twice in the object",
                field.name()
            )
        };
        let fault = Fault::new(Rule::JsonDuplicateKey, Severity::Error, span, message)
            .expected("each key once")
            .found(shorten(self.text.slice(span)));
        // Readers name the field, whichever of its names stood there.
        let outside = self.enter_key(key);
        self.path.truncate(outside.0);
        push_key(&mut self.path, name);
        self.add(fault);
        self.leave(outside);
    }

    /// Reports violations of one value. What stands there is only asked for where there are any.
    fn violations<F: Into<Option<String>>>(
        &mut self,
        violations: Vec<Violation>,
        span: Span,
        found: impl FnOnce(&Self) -> F,
    ) {
        if violations.is_empty() {
            return;
        }
        let found = found(self).into();
        for violation in violations {
            let severity = self.fault_severity();
            let mut fault = Fault::new(violation.rule, severity, span, violation.message);
            fault.found.clone_from(&found);
            self.add(fault.expected(violation.expected));
        }
    }

    /// How much a fault weighs that readers bear with: the server refuses requests for it.
    fn fault_severity(&self) -> Severity {
        match self.direction {
            Direction::Request => Severity::Error,
            Direction::Response => Severity::Warning,
        }
    }

    /// What stands at a value: its kind, and a scalar's text, shortened.
    fn found(&self, value: &Value<'_>, span: Span) -> String {
        let kind = match value {
            Value::Null => return "null".to_owned(),
            Value::Object => return "an object".to_owned(),
            Value::Array => return "an array".to_owned(),
            Value::Bool => "a boolean",
            Value::String(_) => "a string",
            Value::Number(number) => number_kind(number),
        };
        format!("{kind}: {}", shorten(self.text.slice(span)))
    }

    /// Reports where the JSON breaks off; even a full report says so.
    fn broken(&mut self, broken: Broken) {
        if broken.whole_body {
            self.path.clear();
            self.pointer.clear();
        }
        let fault = Fault::new(broken.rule, Severity::Error, broken.span, broken.message)
            .expected(broken.expected)
            .found(broken.found);
        let finding = self.finding(fault);
        self.report.findings.push(finding);
    }

    /// Reports something about the value that is being read. A full report takes the first error
    /// only.
    fn add(&mut self, fault: Fault) {
        let first_error = fault.severity == Severity::Error && !self.has_error;
        if self.report.findings.len() < Report::MOST_FINDINGS || first_error {
            self.has_error |= first_error;
            let finding = self.finding(fault);
            self.report.findings.push(finding);
        } else {
            self.report.left_out += 1;
        }
    }

    /// Reports something about a key of the object that is being read.
    fn add_inside(&mut self, key: &str, fault: Fault) {
        let outside = self.enter_key(key);
        self.add(fault);
        self.leave(outside);
    }

    fn finding(&self, fault: Fault) -> Finding {
        Finding {
            rule: fault.rule,
            severity: fault.severity,
            path: self.path.clone(),
            pointer: self.pointer.clone(),
            span: fault.span,
            line: 0,
            column: 0,
            message: fault.message,
            expected: fault.expected,
            found: fault.found,
            suggestion: fault.suggestion,
        }
    }

    fn enter_key(&mut self, key: &str) -> Outside {
        let outside = Outside(self.path.len(), self.pointer.len());
        push_key(&mut self.path, key);
        self.pointer.push('/');
        self.pointer
            .push_str(&key.replace('~', "~0").replace('/', "~1"));
        outside
    }

    fn enter_index(&mut self, index: usize) -> Outside {
        let outside = Outside(self.path.len(), self.pointer.len());
        push_index(&mut self.path, index);
        self.pointer.push_str(&format!("/{index}"));
        outside
    }

    fn leave(&mut self, Outside(path, pointer): Outside) {
        self.path.truncate(path);
        self.pointer.truncate(pointer);
    }
}

fn unknown_key_text(message: &str, key: &str, request: bool) -> String {
    match request {
        true => format!("`{message}` has no key `{key}`; the server drops it in silence"),
        false => format!("`{message}` has no key `{key}` in the schema"),
    }
}

/// What a field holds, or each element of a list.
fn expected(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Message(message) if !field.is_map() => object_of(&message),
        Kind::Message(_) => "an object".to_owned(),
        Kind::Enum(kind) => format!("a name of `{}`", kind.name()),
        Kind::Bool => "a boolean".to_owned(),
        Kind::String => "a string".to_owned(),
        Kind::Bytes => "base64".to_owned(),
        Kind::Float | Kind::Double => "a number".to_owned(),
        kind => scalars::integer_kind(&kind).to_owned(),
    }
}

fn object_of(message: &MessageDescriptor) -> String {
    format!("an object ({})", message.name())
}

/// A string's token as it can stand in a message: shortened, its escapes as they were written.
fn quotable(token: &str) -> String {
    let inside = token.strip_prefix('"').unwrap_or(token);
    shorten(inside.strip_suffix('"').unwrap_or(inside))
}

/// A text, cut where it is long.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
