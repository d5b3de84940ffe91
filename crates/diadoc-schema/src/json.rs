//! Holds a JSON body against a message.
//!
//! The reader of JSON here ([`tokens`]), and what is made of its values, owe nothing to the codec of
//! diadoc-proto, on purpose: the validator says what the codec will do with a body, and the two are
//! tested against each other. Code that they shared would share its mistakes. What both take from
//! diadoc-core are facts: what an integer in a string looks like, how deep bodies go.

mod enums;
mod scalars;
mod suggest;
mod tokens;

use diadoc_core::dialect::number_kind;
use diadoc_core::rules::{FieldValue, elements};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};

pub(crate) use self::scalars::range;
use self::suggest::suggest_key;
use self::tokens::{Broken, Token, Tokens};
use crate::collector::Collector;
use crate::computed_keys::computed_key;
use crate::field_rules::{self, content_kind};
use crate::{ContentKind, Direction, Finding, Report, Rule, Severity, Span};

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
        tokens: Tokens::new(body),
        findings: Collector::new(message, direction),
        contents: true,
        documents: None,
    };
    if let Err(broken) = validator.body(message) {
        validator.broken(broken);
    }
    let mut report = validator.findings.finish();
    count_lines(&mut report.findings, body);
    report
}

/// Gives findings, sorted by their place, line and column.
fn count_lines(findings: &mut [Finding], body: &[u8]) {
    // A byte order mark is no column.
    let mark = "\u{feff}".as_bytes();
    let mut at = if body.starts_with(mark) {
        mark.len()
    } else {
        0
    };
    let (mut line, mut column) = (1, 1);
    for finding in findings {
        let start = finding.span.start.clamp(at, body.len().max(at));
        for byte in body.get(at..start).unwrap_or_default() {
            match byte {
                b'\n' => (line, column) = (line + 1, 1),
                // Continues a character.
                0x80..=0xBF => {}
                _ => column += 1,
            }
        }
        at = start;
        (finding.line, finding.column) = (line, column);
    }
}

/// Where the JSON breaks off the place of the findings stays as it is then.
struct Validator<'t> {
    tokens: Tokens<'t>,
    findings: Collector,
    /// Whether the bytes of fields are looked into.
    contents: bool,
    /// What the documents of the message that is being read are, where they are no files of any kind.
    documents: Option<ContentKind>,
}

impl<'t> Validator<'t> {
    fn body(&mut self, message: &MessageDescriptor) -> Result<(), Broken> {
        let mark = self.tokens.position();
        if mark > 0 {
            let span = Span {
                start: 0,
                end: mark,
            };
            let text = "a byte order mark stands before the body; it is skipped";
            self.findings.add(Finding::new(
                Rule::JsonByteOrderMark,
                Severity::Info,
                span,
                text,
            ));
        }
        let (value, span) = self.tokens.value()?;
        match value {
            Token::Object => self.object(message, span)?,
            value => self.wrong_type(&object_of(message), value, span)?,
        }
        self.tokens.end()
    }

    /// What is inside an object, whose opening bracket has been read.
    fn object(&mut self, message: &MessageDescriptor, bracket: Span) -> Result<(), Broken> {
        // The fields that have stood here, and whether with a value.
        let mut seen: Vec<(u32, bool)> = Vec::new();
        let mut first = true;
        while let Some((key, span)) = self.tokens.key(first)? {
            first = false;
            let field = message
                .get_field_by_json_name(&key)
                .or_else(|| message.get_field_by_name(&key));
            let Some(field) = field else {
                self.unknown_key(message, &key, span);
                self.tokens.colon()?;
                let outside = self.findings.enter_key(&key);
                let (value, _) = self.tokens.value()?;
                self.tokens.skip(&value)?;
                self.findings.leave(outside);
                continue;
            };
            let before = seen
                .iter()
                .position(|(number, _)| *number == field.number());
            if before.is_some() {
                self.duplicate_key(&field, &key, span);
            }
            self.tokens.colon()?;
            let outside = self.findings.enter_key(&key);
            let set = self.field(&field)?;
            self.findings.leave(outside);
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
                let severity = self.findings.severity(Severity::Warning);
                let message = format!("the required field `{}` is missing", field.json_name());
                let finding = Finding::new(Rule::JsonRequired, severity, bracket, message);
                self.findings
                    .add_at(field.json_name(), finding.expected(expected(&field)));
            }
            if field.is_list() && found.is_none() {
                let outside = self.findings.enter_key(field.json_name());
                self.items(&field, 0, bracket);
                self.findings.leave(outside);
            }
        }
        let is_set = |name: &str| {
            let field = message.get_field_by_name(name);
            field.and_then(|field| find(&field)).unwrap_or(false)
        };
        let violations = field_rules::check_presence(message, &is_set);
        self.findings.add_violations(violations, bracket, || None);
    }

    /// The value of a field; whether it sets the field.
    fn field(&mut self, field: &FieldDescriptor) -> Result<bool, Broken> {
        let (value, span) = self.tokens.value()?;
        match value {
            Token::Null => {
                if field.cardinality() == Cardinality::Required {
                    let severity = self.findings.severity(Severity::Warning);
                    self.null(severity, span, "a required field is null", field);
                }
                if field.is_list() {
                    self.items(field, 0, span);
                }
                Ok(false)
            }
            Token::Array if field.is_list() => self.list(field, span),
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
        while self.tokens.element(items == 0)? {
            let outside = self.findings.enter_index(items);
            let (value, span) = self.tokens.value()?;
            match value {
                Token::Null => {
                    self.null(Severity::Error, span, "an element of a list is null", field);
                }
                value => self.single(field, value, span)?,
            }
            self.findings.leave(outside);
            items += 1;
        }
        self.items(field, items, bracket);
        Ok(items > 0)
    }

    /// The number of a list's elements; a list that is absent or null is an empty one.
    fn items(&mut self, field: &FieldDescriptor, items: usize, span: Span) {
        let violations = field_rules::check(field, FieldValue::Items(items));
        self.findings
            .add_violations(violations, span, || elements(items));
    }

    /// A value of a field that is no list, or an element of one that is.
    fn single(
        &mut self,
        field: &FieldDescriptor,
        value: Token<'t>,
        span: Span,
    ) -> Result<(), Broken> {
        match (field.kind(), value) {
            (Kind::Message(message), Token::Object) if !field.is_map() => {
                let outside = std::mem::replace(&mut self.documents, content_kind(field));
                let read = self.object(&message, span);
                self.documents = outside;
                read
            }
            // The schema has no maps; what another one puts into them is not looked at.
            (Kind::Message(_), value @ Token::Object) => self.tokens.skip(&value),
            (Kind::Bool, Token::Bool) => Ok(()),
            (Kind::Bool, value @ (Token::String(_) | Token::Number(_))) => {
                self.boolean(&value, span)
            }
            (Kind::String, Token::Number(number)) => {
                self.number_text(field, number, span);
                Ok(())
            }
            (Kind::String, Token::String(text)) => {
                let violations = field_rules::check(field, FieldValue::Text(&text));
                let found = || standing("a string", self.tokens.slice(span));
                self.findings.add_violations(violations, span, found);
                Ok(())
            }
            (Kind::Bytes, Token::String(text)) => {
                self.base64(field, &text, span);
                Ok(())
            }
            (Kind::Enum(kind), Token::String(name)) => {
                self.enum_name(field, &kind, &name, span);
                Ok(())
            }
            (Kind::Enum(kind), Token::Number(number)) => {
                self.enum_number(&kind, number, span);
                Ok(())
            }
            (Kind::Float | Kind::Double, Token::Number(_)) => Ok(()),
            (kind, Token::Number(number)) if scalars::range(&kind).is_some() => {
                self.integer(field, number, span);
                Ok(())
            }
            (kind, Token::String(text)) if scalars::range(&kind).is_some() => {
                self.integer_string(field, &text, span);
                Ok(())
            }
            (_, value) => self.wrong_type(&expected(field), value, span),
        }
    }

    /// Reports a value of the wrong type and passes over what is inside it.
    fn wrong_type(&mut self, expected: &str, value: Token<'_>, span: Span) -> Result<(), Broken> {
        let message = format!("the value is not {expected}");
        let finding = Finding::new(Rule::JsonType, Severity::Error, span, message)
            .expected(expected)
            .found(match &value {
                Token::Null => "null".to_owned(),
                Token::Object => "an object".to_owned(),
                Token::Array => "an array".to_owned(),
                Token::Bool => standing("a boolean", self.tokens.slice(span)),
                Token::String(_) => standing("a string", self.tokens.slice(span)),
                Token::Number(number) => standing(number_kind(number), number),
            });
        self.findings.add(finding);
        self.tokens.skip(&value)
    }

    fn null(&mut self, severity: Severity, span: Span, message: &str, field: &FieldDescriptor) {
        let finding = Finding::new(Rule::JsonNull, severity, span, message);
        self.findings
            .add(finding.expected(expected(field)).found("null"));
    }

    fn unknown_key(&mut self, message: &MessageDescriptor, key: &str, span: Span) {
        let token = self.tokens.slice(span);
        let (name, quoted) = (message.name(), quotable(token));
        let computed = computed_key(message, key);
        let suggestion = match computed {
            Some(_) => None,
            None => suggest_key(message, key, !self.findings.is_full()),
        };
        let other_case = |suggestion: &String| {
            let same = |name: &str| name.eq_ignore_ascii_case(key);
            same(suggestion) || message.fields().any(|field| same(field.name()))
        };
        let (rule, in_response, text) = if let Some(computed) = computed {
            let text = format!(
                "`{key}` is not in the schema, though the vendor's JSON has it: {}",
                computed.holds
            );
            (Rule::JsonComputedKey, Severity::Info, text)
        } else if suggestion.as_ref().is_some_and(other_case) {
            let text =
                format!("the key `{quoted}` differs from the schema's in case, and is not read");
            (Rule::JsonKeyCase, Severity::Warning, text)
        } else {
            let consequence = match self.findings.is_request() {
                true => "; the server drops it in silence",
                false => " in the schema",
            };
            let text = format!("`{name}` has no key `{quoted}`{consequence}");
            (Rule::JsonUnknownKey, Severity::Info, text)
        };
        let finding = Finding::new(rule, self.findings.severity(in_response), span, text)
            .found(shorten(token))
            .suggestion(suggestion);
        self.findings.add_at(key, finding);
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
        let finding = Finding::new(Rule::JsonDuplicateKey, Severity::Error, span, message)
            .expected("each key once")
            .found(shorten(self.tokens.slice(span)));
        // Readers name the field, whichever of its names stood there.
        let outside = self.findings.enter_field(name, key);
        self.findings.add(finding);
        self.findings.leave(outside);
    }

    /// Reports where the JSON breaks off; even a full report says so.
    fn broken(&mut self, broken: Broken) {
        if broken.whole_body {
            self.findings.leave(Collector::BODY);
        }
        let finding = Finding::new(broken.rule, Severity::Error, broken.span, broken.message)
            .expected(broken.expected)
            .found(broken.found);
        self.findings.add_always(finding);
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

/// What stands at a scalar: its kind and its text, shortened.
fn standing(kind: &str, text: &str) -> String {
    format!("{kind}: {}", shorten(text))
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
