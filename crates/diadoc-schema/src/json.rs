//! Holds a JSON body against a message.
//!
//! The reader of JSON here ([`tokens`]), and what is made of its values, owe nothing to the codec of
//! diadoc-proto, on purpose: the validator says what the codec will do with a body, and the two are
//! tested against each other. Code that they shared would share its mistakes. What both take from
//! diadoc-core are facts: what an integer in a string looks like, how deep bodies go.

pub(crate) mod carried;
mod enums;
pub(crate) mod rewritten;
mod say;
mod scalars;
mod scan;
mod steps;
mod suggest;
mod tokens;
mod walk;
mod whole;
mod words;

use std::sync::Arc;

use diadoc_core::rules::{FieldValue, elements};
use diadoc_core::secrets::values_of;
use diadoc_core::{fill, utf8};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::given::{Given, Held};

pub(crate) use self::say::shorten;
use self::say::{Due, due, expected, list_of, missing, object_of, quoted_string};
pub(crate) use self::scalars::range;
use self::suggest::Meant;
use self::tokens::{Broken, Token, Tokens};
use crate::collector::Collector;
use crate::plan::{FieldPlan, Plan, Plans, Shape};
use crate::{Checks, ContentKind, Deviation, Direction, Finding, Form, Report, Span};

/// Holds a JSON body against a message and reports everything that it finds, in the order of the
/// body.
///
/// One pass over the text, without a copy of it. Where a value is of the wrong type, what is inside
/// it is passed over. What a whole object lacks (a required field, a rule about which fields are
/// set) stands at the object's opening bracket, before what is inside it. Where the JSON breaks off
/// there is one finding for that ([`Rule::JsonSyntax`](crate::Rule::JsonSyntax) or
/// [`Rule::JsonDepth`](crate::Rule::JsonDepth)), after all that was found before.
///
/// A response without errors can be read by diadoc-proto, and where diadoc-proto refuses one there is
/// an error at the path that it names. In a request the server decides: where nobody has seen what it does
/// with something that diadoc-proto refuses, that is a finding, and no error.
///
/// ```
/// use diadoc_schema::{Direction, Schema, validate_json};
///
/// let message = Schema::diadoc().message("Diadoc.Api.Proto.DocumentId")?;
/// let body = br#"{"MessageId": "9d2fc4b1-62b8-4c0c-b5a4-6a0b33bb4a4b", "EntityID": "a", "New": 1}"#;
/// let report = validate_json(&message, body, Direction::Request);
///
/// let found: Vec<_> = report
///     .findings
///     .iter()
///     .map(|finding| (finding.path.as_str(), finding.rule.id()))
///     .collect();
/// assert_eq!(
///     found,
///     [
///         ("EntityID", "json.key-case"),
///         ("EntityId", "field.format"),
///         ("New", "json.unknown-key"),
///     ]
/// );
/// assert_eq!(report.findings[0].suggestion.as_deref(), Some("EntityId"));
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn validate_json(message: &MessageDescriptor, body: &[u8], direction: Direction) -> Report {
    Checks::new(direction).check(message, Form::Json, body)
}

/// Holds a JSON body against a message, with all that [`Checks`] says.
pub(crate) fn check(plans: &Plans, plan: &Plan, body: &[u8], checks: &Checks) -> Report {
    let walked = walk::walk(plans, plan, body, checks);
    let mut report = walked.unwrap_or_else(|| explain(plans, plan, body, checks));
    if !report.findings.is_empty() {
        report.secret_keys = with_misspelt(plan.secret_keys(plans), &report.findings);
    }
    report
}

/// The keys of secrets, and those that were meant for one of them.
fn with_misspelt(keys: Arc<[String]>, findings: &[Finding]) -> Arc<[String]> {
    let misspelt = findings.iter().filter_map(|finding| {
        let meant = finding.suggestion.as_deref()?;
        let is_secret = finding.deviation == Deviation::UnknownKey && is_one_of(&keys, meant);
        let key = finding.pointer.rsplit('/').next().filter(|_| is_secret)?;
        Some(key.replace("~1", "/").replace("~0", "~"))
    });
    let misspelt: Vec<_> = misspelt.collect();
    match misspelt.is_empty() {
        true => keys,
        false => keys.iter().cloned().chain(misspelt).collect(),
    }
}

fn is_one_of(keys: &[String], key: &str) -> bool {
    keys.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// The same, for a body of any kind.
fn explain(plans: &Plans, plan: &Plan, body: &[u8], checks: &Checks) -> Report {
    let message = plan.descriptor();
    let mut validator = Validator {
        plans,
        tokens: Tokens::new(body, checks.language),
        findings: Collector::new(&plan.full_name, checks),
        around: Vec::new(),
        known: Known::default(),
        documents: None,
        secret_keys: plan.secret_keys(plans),
    };
    if !whole::stop(&mut validator.findings, body)
        && let Err(broken) = validator.body(plan)
    {
        validator.recovered();
        validator.broken_off(broken);
    }
    whole::other_message(
        &mut validator.findings,
        plans.schema(),
        message,
        body,
        &validator.known,
    );
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
        let mut before = body.get(at..start).unwrap_or_default();
        if let Some(last) = memchr::memrchr(b'\n', before) {
            line += memchr::memchr_iter(b'\n', before).count();
            column = 1;
            before = &before[last + 1..];
        }
        column += characters(before);
        at = start;
        (finding.line, finding.column) = (line, column);
    }
}

/// How many characters begin in bytes, which need not be UTF-8.
fn characters(bytes: &[u8]) -> usize {
    match utf8::text(bytes) {
        Some(text) => text.chars().count(),
        // Bytes that continue a character begin none.
        None => bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count(),
    }
}

/// How many keys of an unknown object are looked at.
const MOST_LOOKED_AHEAD: usize = 16;

/// Where the JSON breaks off the place of the findings stays as it is then.
struct Validator<'t> {
    plans: &'t Plans,
    tokens: Tokens<'t>,
    findings: Collector<'t>,
    /// The messages around the one that is being read, the outermost first.
    around: Vec<&'t MessageDescriptor>,
    known: Known,
    /// What the documents of the message that is being read are, where they are no files of any kind.
    documents: Option<ContentKind>,
    /// The keys of secrets, with those that are misspelt.
    secret_keys: Arc<[String]>,
}

/// How many keys of the outermost object the message knows.
#[derive(Debug, Default)]
struct Known {
    known: usize,
    unknown: usize,
}

impl<'t> Validator<'t> {
    fn body(&mut self, plan: &'t Plan) -> Result<(), Broken> {
        let message = plan.descriptor();
        let mark = self.tokens.position();
        if mark > 0 {
            let span = Span::from(0..mark);
            let text = self.words().byte_order_mark;
            let finding = Finding::new(Deviation::ByteOrderMark, span, text);
            self.findings.add(finding);
        }
        let (value, span) = self.value()?;
        if let Some(obsolete) = &plan.obsolete {
            self.findings.tell_deprecated(obsolete, span);
            self.findings.is_deprecated = true;
        }
        let given = match value {
            Token::Object => self.object(plan, span)?,
            Token::String(text) if whole::is_object(&text) => {
                self.in_string(message, span);
                Given::new(plan)
            }
            Token::Array => self.in_list(plan, span)?,
            value => {
                let due = Due::Object(object_of(message, self.words()));
                self.wrong_type(due, value, span, None)?;
                Given::new(plan)
            }
        };
        self.findings.whole_body(&given);
        let end = self.tokens.end();
        self.recovered();
        end
    }

    /// The body is a list; if it holds an object, that is looked into.
    fn in_list(&mut self, plan: &'t Plan, bracket: Span) -> Result<Given<'t>, Broken> {
        let message = plan.descriptor();
        let mut given = Given::new(plan);
        let mut index = 0;
        let words = self.words();
        let mut ahead = self.tokens.clone();
        let holds_object = matches!(ahead.element(true), Ok(true))
            && matches!(ahead.value(), Ok((Token::Object, _)));
        let template = match holds_object {
            true => words.list_around_it,
            false => words.list_not_it,
        };
        let expected = object_of(message, words);
        let text = fill(template, &[&expected]);
        let finding = Finding::new(Deviation::OtherType, bracket, text);
        self.findings
            .add(finding.expected(expected).found(words.array));
        while self.element(index == 0)? {
            let outside = self.findings.enter_index(index);
            let (value, span) = self.value()?;
            match value {
                Token::Object if index == 0 => given = self.object(plan, span)?,
                value => self.skip(&value)?,
            }
            self.findings.leave(outside);
            index += 1;
        }
        Ok(given)
    }

    /// The body is a string that holds JSON.
    fn in_string(&mut self, message: &MessageDescriptor, span: Span) {
        let words = self.words();
        let finding = Finding::new(Deviation::InString, span, words.body_in_string);
        let found = quoted_string(self.tokens.slice(span), self.findings.language());
        let finding = finding.expected(object_of(message, words)).found(found);
        self.findings.add(finding);
    }

    fn value(&mut self) -> Result<(Token<'t>, Span), Broken> {
        let value = self.tokens.value();
        self.recovered();
        value
    }

    fn skip(&mut self, value: &Token<'_>) -> Result<(), Broken> {
        let skipped = self.tokens.skip(value);
        self.recovered();
        skipped
    }

    /// Reports what the reader of tokens has gone on after.
    fn recovered(&mut self) {
        for broken in self.tokens.recovered() {
            let text = self.tokens.slice(broken.span);
            let has_secret = !values_of(text, |key| self.is_secret_key(key)).is_empty();
            self.broken(broken, has_secret);
        }
    }

    fn is_secret_key(&self, key: &str) -> bool {
        Report::is_secret_key(&self.secret_keys, key)
    }

    /// What is inside an object, whose opening bracket has been read.
    fn object(&mut self, plan: &'t Plan, bracket: Span) -> Result<Given<'t>, Broken> {
        let message = plan.descriptor();
        let mut given = Given::new(plan);
        let (mut known, mut unknown) = (0, 0);
        let mut wrapped = None;
        let mut first = true;
        loop {
            let key = self.tokens.key(first);
            self.recovered();
            let Some((key, span)) = key? else { break };
            first = false;
            let place = plan.key(key.as_bytes());
            let place = match place {
                Some(place) => place,
                None => match self.unknown_key(plan, &key, span) {
                    // The server reads it all the same.
                    Meant::OtherCase(place) if self.findings.is_request() => place,
                    Meant::OtherCase(_) => {
                        known += 1;
                        self.pass_over(&key)?;
                        continue;
                    }
                    Meant::Computed => {
                        known += 1;
                        self.pass_over(&key)?;
                        continue;
                    }
                    Meant::Itself if self.opens_object() => {
                        known += 1;
                        self.wrapped(message, &key, span);
                        self.tokens.colon()?;
                        let outside = self.findings.enter_key(&key);
                        let (_, span) = self.value()?;
                        self.tokens.descend(span.start)?;
                        wrapped = Some(self.object(plan, span)?);
                        self.tokens.ascend();
                        self.findings.leave(outside);
                        continue;
                    }
                    meant => {
                        unknown += 1;
                        let meant = match meant {
                            Meant::Nothing
                            | Meant::Near(_)
                            | Meant::Inside(..)
                            | Meant::Around(..) => self.unwrapped(message, meant),
                            meant => meant,
                        };
                        self.say_unknown(plan, &key, span, meant);
                        self.pass_over(&key)?;
                        continue;
                    }
                },
            };
            known += 1;
            let field = &plan.fields[place];
            let number = field.number;
            if given.has_stood(number) {
                self.duplicate_key(field.descriptor(), &key, span);
            }
            self.tokens.colon()?;
            let outside = self.findings.enter_key(&key);
            let in_deprecated = self.findings.is_deprecated;
            let in_secret = self.findings.is_secret;
            self.findings.is_secret |= field.is_secret;
            if let Some(obsolete) = &field.obsolete
                && self.findings.is_request()
                && self.opens_value()
            {
                self.findings.tell_deprecated(obsolete, span);
                self.findings.is_deprecated = true;
            }
            self.around.push(message);
            let held = self.field(field);
            self.around.pop();
            let mut held = held?;
            self.findings.is_deprecated = in_deprecated;
            self.findings.is_secret = in_secret;
            self.findings.leave(outside);
            if !plan.looks_into(place) {
                held.messages.clear();
            }
            given.add(number, held);
        }
        if self.around.is_empty() {
            self.known = Known { known, unknown };
        }
        // In a request each of the keys is a fault already.
        let is_inner_request = self.findings.is_request() && !self.around.is_empty();
        if known == 0 && unknown > 0 && !is_inner_request {
            self.foreign(message, bracket, unknown);
        }
        if let Some(wrapped) = wrapped {
            return Ok(wrapped);
        }
        self.whole_object(plan, bracket, &given);
        if !plan.rules.is_empty() {
            self.findings
                .message_rules(&plan.rules, given.clone(), bracket);
        }
        Ok(given)
    }

    /// Passes over the value of a key that has been read.
    fn pass_over(&mut self, key: &str) -> Result<(), Broken> {
        self.tokens.colon()?;
        let outside = self.findings.enter_key(key);
        let in_secret = self.findings.is_secret;
        self.findings.is_secret |= self.is_secret_key(key);
        let skipped = self.tokens.skip_next();
        self.recovered();
        skipped?;
        self.findings.is_secret = in_secret;
        self.findings.leave(outside);
        Ok(())
    }

    /// What a key may mean whose value is an object, or a list of one, with keys of this message.
    fn unwrapped(&self, message: &MessageDescriptor, meant: Meant) -> Meant {
        let mut ahead = self.tokens.clone();
        let mut keys = Vec::new();
        if ahead.colon().is_ok() && matches!(ahead.value(), Ok((Token::Object, _))) {
            while let Ok(Some((key, _))) = ahead.key(keys.is_empty()) {
                keys.push(key.into_owned());
                let passed = ahead.colon().and_then(|()| ahead.skip_next());
                if passed.is_err() || keys.len() > MOST_LOOKED_AHEAD {
                    break;
                }
            }
        }
        keys.retain(|key| message.get_field_by_json_name(key).is_some());
        match keys.is_empty() {
            true => meant,
            false => Meant::Unwrapped(keys),
        }
    }

    /// Whether the value behind the key and the colon that have been read is one: null and a list
    /// without elements are not.
    fn opens_value(&self) -> bool {
        let mut ahead = self.tokens.clone();
        match ahead.value() {
            Ok((Token::Null, _)) => false,
            Ok((Token::Array, _)) => matches!(ahead.element(true), Ok(true)),
            _ => true,
        }
    }

    /// Whether the value behind the key that has been read is an object.
    fn opens_object(&self) -> bool {
        let mut ahead = self.tokens.clone();
        ahead.colon().is_ok() && matches!(ahead.value(), Ok((Token::Object, _)))
    }

    /// What can be said of an object once all of it has been read.
    fn whole_object(&mut self, plan: &Plan, bracket: Span, given: &Given<'_>) {
        for field in &plan.fields {
            let name = &*field.key;
            if given.has_stood(field.number) {
                continue;
            }
            if field.is_required {
                let missing = missing(self.plans, field, bracket, self.findings.language());
                self.findings.add_at(name, missing);
            }
            if field.is_list {
                let outside = self.findings.enter_key(name);
                self.items(field, 0, bracket);
                self.findings.leave(outside);
            }
        }
    }

    /// The value of a field.
    fn field(&mut self, field: &'t FieldPlan) -> Result<Held<'t>, Broken> {
        let (value, span) = self.value()?;
        let held = self.value_of(field, value, span)?;
        Ok(Held {
            span: Some(span),
            ..held
        })
    }

    fn value_of(
        &mut self,
        field: &'t FieldPlan,
        value: Token<'t>,
        span: Span,
    ) -> Result<Held<'t>, Broken> {
        match value {
            Token::Null => {
                if field.is_required {
                    let text = self.words().required_null;
                    self.null(Deviation::RequiredNull, span, text, field);
                }
                if field.is_list {
                    self.items(field, 0, span);
                }
                Ok(Held::is(false))
            }
            Token::Array if field.is_list => self.list(field, span),
            value if field.is_list => self.one_for_list(field, value, span),
            Token::Array => self.list_for_one(field, span),
            value => self.single(field, value, span),
        }
    }

    /// What is inside an array, whose opening bracket has been read.
    fn list(&mut self, field: &'t FieldPlan, bracket: Span) -> Result<Held<'t>, Broken> {
        let mut items = 0;
        let mut held = Held::default();
        while self.element(items == 0)? {
            let outside = self.findings.enter_index(items);
            let (value, span) = self.value()?;
            match value {
                Token::Null => {
                    let text = self.words().element_null;
                    self.null(Deviation::NullElement, span, text, field);
                }
                value => {
                    let mut one = self.single(field, value, span)?;
                    held.messages.append(&mut one.messages);
                }
            }
            self.findings.leave(outside);
            items += 1;
        }
        self.items(field, items, bracket);
        held.given = items > 0;
        Ok(held)
    }

    fn element(&mut self, first: bool) -> Result<bool, Broken> {
        let element = self.tokens.element(first);
        self.recovered();
        element
    }

    /// A single value where a list is due; it is looked into as if it stood in one.
    fn one_for_list(
        &mut self,
        field: &'t FieldPlan,
        value: Token<'t>,
        span: Span,
    ) -> Result<Held<'t>, Broken> {
        let words = self.words();
        let descriptor = field.descriptor();
        let is_message = matches!(field.shape, Shape::Message(_) | Shape::Map(_));
        let deviation = match (&value, is_message) {
            (Token::Object, true) => Deviation::OtherType,
            (Token::Object, false) | (_, true) => {
                let due = Due::Other(list_of(descriptor, words));
                self.wrong_type(due, value, span, None)?;
                return Ok(Held::unread());
            }
            _ => Deviation::OneForList,
        };
        let what = self.standing(&value, span);
        if let (Token::Object, Some(pairs)) = (&value, self.pairs(descriptor)) {
            let finding = Finding::new(deviation, span, words.pairs_in_object)
                .expected(list_of(descriptor, words))
                .found(what);
            self.findings.add(finding.suggestion(Some(pairs)));
            self.skip(&value)?;
            return Ok(Held::unread());
        }
        let finding = Finding::new(deviation, span, words.one_for_list);
        let finding = finding.expected(list_of(descriptor, words)).found(what);
        self.findings.add(finding);
        self.single(field, value, span)
    }

    /// The list that an object of keys and values stands for, whose opening bracket has been read: where
    /// the field holds messages of a `Key` and a `Value`, and the object has neither.
    fn pairs(&self, field: &FieldDescriptor) -> Option<String> {
        let Kind::Message(message) = field.kind() else {
            return None;
        };
        let is_pair = ["Key", "Value"].iter().all(|name| {
            let field = message.get_field_by_name(name);
            field.is_some_and(|field| field.kind() == Kind::String)
        });
        let mut ahead = self.tokens.clone();
        let (key, _) = ahead.key(true).ok()??;
        if !is_pair || message.get_field_by_json_name(&key).is_some() {
            return None;
        }
        ahead.colon().ok()?;
        let (_, span) = ahead.value().ok()?;
        let value = shorten(ahead.slice(span));
        Some(format!(
            "[{{\"Key\": \"{}\", \"Value\": {value}}}, …]",
            shorten(&key)
        ))
    }

    /// A list where a single value is due; objects in it are looked into all the same.
    fn list_for_one(&mut self, field: &'t FieldPlan, bracket: Span) -> Result<Held<'t>, Broken> {
        let words = self.words();
        let expected = expected(self.plans, field, words);
        let (deviation, text) = match field.shape {
            Shape::Bytes => (Deviation::BytesAsList, words.bytes_as_list.to_owned()),
            _ => (Deviation::OtherType, fill(words.list_not_it, &[&expected])),
        };
        let finding = Finding::new(deviation, bracket, text);
        let finding = finding.expected(expected).found(words.array);
        self.findings.add(finding);
        let mut index = 0;
        while self.element(index == 0)? {
            let outside = self.findings.enter_index(index);
            let (value, span) = self.value()?;
            match (&field.shape, &value) {
                (Shape::Message(place), Token::Object) => {
                    self.tokens.descend(span.start)?;
                    self.object(self.plans.at(*place), span)?;
                    self.tokens.ascend();
                }
                _ => self.skip(&value)?,
            }
            self.findings.leave(outside);
            index += 1;
        }
        Ok(Held::unread())
    }

    /// The number of a list's elements; a list that is absent or null is an empty one.
    fn items(&mut self, field: &FieldPlan, items: usize, span: Span) {
        let language = self.findings.language();
        let violations = field.check(FieldValue::Items(items), language);
        self.findings
            .add_violations(violations, span, || elements(items, language));
    }

    /// A value of a field that is no list, or an element of one that is.
    fn single(
        &mut self,
        field: &'t FieldPlan,
        value: Token<'t>,
        span: Span,
    ) -> Result<Held<'t>, Broken> {
        Ok(match (&field.shape, value) {
            (Shape::Message(place), Token::Object) => {
                // A required message is a part of its own, and no level.
                if !field.is_required {
                    self.tokens.descend(span.start)?;
                }
                let outside = std::mem::replace(&mut self.documents, field.content);
                let read = self.object(self.plans.at(*place), span);
                self.documents = outside;
                let given = read?;
                if !field.is_required {
                    self.tokens.ascend();
                }
                Held::message(given)
            }
            // The schema has no maps; what another one puts into them is not looked at.
            (Shape::Map(_), value @ Token::Object) => {
                self.skip(&value)?;
                Held::is(true)
            }
            (Shape::Bool, Token::Bool(flag)) => Held::is(flag),
            (Shape::Bool, value @ (Token::String(_) | Token::Number(_))) => {
                self.boolean(&value, span)
            }
            (Shape::String, Token::Number(number)) => {
                self.number_text(field, number, span);
                Held::text(number.into())
            }
            (Shape::String, Token::String(text)) => {
                self.text(field, &text, span);
                Held::text(text)
            }
            (Shape::Bytes, Token::String(text)) => {
                self.base64(field, &text, span);
                Held::is(!text.is_empty())
            }
            (Shape::Enum(members), Token::String(name)) => {
                self.enum_name(field.descriptor(), members, &name, span);
                Held::text(name)
            }
            (Shape::Enum(members), Token::Number(number)) => {
                let text = self.enum_number(members.descriptor(), number, span);
                Held::text(text.into())
            }
            (Shape::Float, Token::Number(_)) => Held::is(true),
            (Shape::Integer(..), Token::Number(number)) => {
                self.integer(field, number, span);
                Held::is(true)
            }
            (Shape::Integer(..), Token::String(text)) => {
                self.integer_string(field, &text, span);
                Held::is(true)
            }
            (_, value) => {
                let due = due(self.plans, field, self.words());
                let meant = suggest::timestamp(&field.descriptor().kind(), &value);
                self.wrong_type(due, value, span, meant)?;
                Held::unread()
            }
        })
    }
}
