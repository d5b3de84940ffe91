//! Protobuf bytes held against a message.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use diadoc_core::fill;
use diadoc_core::rules::{FieldValue, elements};

use crate::collector::{Collector, Outside};
use crate::given::{Given, Held};
use crate::names::type_name;
use crate::plan::{FieldPlan, Plan, Plans, Shape};
use crate::{Checks, ContentKind, Deviation, Direction, Finding, Form, Report, Span};

mod values;
mod walk;
mod whole;
pub(crate) mod wire;
mod words;

use wire::{Broken, Cause, Key, Value, WireReader, WireType};
use words::Words;

/// Holds protobuf bytes against a message and reports everything that it finds, in the order of the
/// bytes.
///
/// Paths and pointers are those of the JSON form (`Documents[0].Content`); a field that the schema
/// does not know stands in them with its number (`Documents[0].99`). Spans are byte offsets, line and
/// column are 0. A missing field has the span of the message that lacks it.
///
/// A part that cannot be read any further (`wire.truncated`, `wire.malformed`) is given up, and with
/// it the search for missing fields in it; what follows behind its end is read on. A message that
/// stands twice in a field that is no list counts as one, as for readers, which merge them. Extensions
/// count as unknown fields. Of more than [`Report::MOST_OF_A_RULE`] findings of a rule and effect the
/// rest is left out and counted.
///
/// Whatever has no error here is read by prost and prost-reflect.
///
/// ```
/// use diadoc_schema::{Direction, Rule, Schema, validate_protobuf};
///
/// # fn main() -> Result<(), diadoc_schema::SchemaError> {
/// let message = Schema::diadoc().message("Diadoc.Api.Proto.Documents.DocumentList")?;
/// let report = validate_protobuf(&message, &[0x08, 0x02, 0x12, 0x05, 0x00], Direction::Response);
/// let finding = &report.findings[0];
/// assert_eq!((finding.rule, finding.path.as_str()), (Rule::WireTruncated, "Documents[0]"));
/// assert_eq!((finding.span.start, finding.span.end), (3, 5));
/// # Ok(())
/// # }
/// ```
pub fn validate_protobuf(
    message: &MessageDescriptor,
    bytes: &[u8],
    direction: Direction,
) -> Report {
    Checks::new(direction).check(message, Form::Protobuf, bytes)
}

/// Holds protobuf bytes against a message, with all that [`Checks`] says.
pub(crate) fn check(plans: &Plans, plan: &Plan, bytes: &[u8], checks: &Checks) -> Report {
    walk::walk(plans, plan, bytes, checks).unwrap_or_else(|| explain(plans, plan, bytes, checks))
}

/// The same, for bytes of any kind.
fn explain(plans: &Plans, plan: &Plan, bytes: &[u8], checks: &Checks) -> Report {
    let message = plan.descriptor();
    let mut validator = Validator {
        plans,
        findings: Collector::new(&plan.full_name, checks),
        depth: 0,
        documents: None,
    };
    if whole::stop(&mut validator.findings, message, bytes) {
        return validator.findings.finish();
    }
    let mut level = Level::default();
    extend(&mut level.span, 0, bytes.len());
    if let Some(obsolete) = &plan.obsolete {
        let whole = Span::from(0..bytes.len());
        validator.findings.tell_deprecated(obsolete, whole);
        validator.findings.is_deprecated = true;
    }
    validator.fields(plan, &mut level, &mut WireReader::new(bytes), None);
    let given = validator.finish(plan, level);
    validator.findings.whole_body(&given);
    whole::other_message(&mut validator.findings, plans.schema(), message, bytes);
    validator.findings.finish()
}

struct Validator<'b> {
    plans: &'b Plans,
    findings: Collector<'b>,
    depth: usize,
    /// What the documents of the message that is being read are, where they are no files of any kind.
    documents: Option<ContentKind>,
}

/// What was seen of a message. A message that stands in several parts has one level.
#[derive(Default)]
struct Level<'b> {
    span: Option<Span>,
    seen: BTreeMap<u32, Seen<'b>>,
    unknown: BTreeSet<u32>,
    /// Reading stopped inside, so that nothing can be said about what is missing.
    broken: bool,
}

/// What was seen of a field: how many values, where, and the message in it if it is no list.
#[derive(Default)]
struct Seen<'b> {
    count: usize,
    span: Option<Span>,
    inner: Option<Box<Level<'b>>>,
    held: Held<'b>,
}

/// Adds a part to a span that may have parts before it.
fn extend(span: &mut Option<Span>, start: usize, end: usize) {
    let start = span.map_or(start, |span| span.start);
    *span = Some(Span { start, end });
}

/// The rest of the level cannot be read; it has been reported why.
struct Stop;

impl<'b> Validator<'b> {
    fn words(&self) -> &'static Words {
        Words::of(self.findings.language())
    }

    /// Reads the fields of one message up to the end of the reader or of the group.
    fn fields(
        &mut self,
        plan: &'b Plan,
        level: &mut Level<'b>,
        reader: &mut WireReader<'b>,
        group: Option<u32>,
    ) {
        let first = reader.position();
        while !reader.is_empty() {
            let read = match reader.key() {
                Ok(key) if key.wire_type == WireType::GroupEnd => {
                    if group == Some(key.number) {
                        extend(&mut level.span, first, key.start);
                        return;
                    }
                    Err(self.broken(Broken {
                        cause: Cause::GroupEnd(key.number),
                        bytes: key.start..reader.position(),
                    }))
                }
                Ok(key) => match plan.wire_place(key.number) {
                    Some(place) => self.field(&plan.fields[place], level, key, reader),
                    None => self.unknown_field(plan.descriptor(), level, key, reader),
                },
                Err(broken) => Err(self.broken(broken)),
            };
            if read.is_err() {
                level.broken = true;
                return;
            }
        }
        if group.is_some() {
            self.broken(reader.ends(first, 1));
            level.broken = true;
        }
    }

    fn field(
        &mut self,
        field: &'b FieldPlan,
        level: &mut Level<'b>,
        key: Key,
        reader: &mut WireReader<'b>,
    ) -> Result<(), Stop> {
        let seen = level.seen.entry(field.number).or_default();
        let repeated = field.is_repeated();
        let outside = self.findings.enter_key(&field.key);
        let in_deprecated = self.findings.is_deprecated;
        let in_secret = self.findings.is_secret;
        self.findings.is_secret |= field.is_secret;
        if let Some(obsolete) = &field.obsolete {
            // A list of a hundred elements is one piece of news.
            if seen.count == 0 {
                let span = Span::from(key.start..reader.position());
                self.findings.tell_deprecated(obsolete, span);
            }
            self.findings.is_deprecated = true;
        }
        let list = repeated.then(|| self.findings.enter_index(seen.count));
        let expected = field.wire_type;
        let read = match list {
            _ if key.wire_type == expected => {
                seen.count += 1;
                self.value(field, seen, reader)
            }
            Some(list) if key.wire_type == WireType::Length && is_packable(expected) => {
                self.packed(field, seen, reader, list)
            }
            _ => {
                // An element keeps its index; elsewhere readers have no value to choose from.
                seen.count += usize::from(repeated);
                let skipped = reader.skip(key, self.depth);
                let words = self.words();
                let found = key.wire_type.say(words);
                let kind = type_name(&field.descriptor().kind());
                let message = fill(words.other_type, &[&kind, &found]);
                let span = Span::from(key.start..reader.position());
                let finding = Finding::new(Deviation::WireType, span, message)
                    .expected(expected.say(words))
                    .found(found);
                self.findings.add(finding);
                skipped.map(drop).map_err(|broken| self.broken(broken))
            }
        };
        self.findings.is_deprecated = in_deprecated;
        extend(&mut seen.span, key.start, reader.position());
        if !repeated && seen.count == 2 {
            let words = self.words();
            let message = match field.shape {
                Shape::Message(_) | Shape::Map(_) => words.twice_merged,
                _ => words.twice_last,
            };
            let span = Span::from(key.start..reader.position());
            let finding = Finding::new(Deviation::WireDuplicateField, span, message);
            self.findings.add(finding.expected(words.one_value));
        }
        self.findings.is_secret = in_secret;
        self.findings.leave(outside);
        read
    }

    fn unknown_field(
        &mut self,
        message: &MessageDescriptor,
        level: &mut Level<'b>,
        key: Key,
        reader: &mut WireReader<'b>,
    ) -> Result<(), Stop> {
        let skipped = reader.skip(key, self.depth);
        // A list of a hundred elements is one piece of news.
        if level.unknown.insert(key.number) {
            let words = self.words();
            let template = match self.findings.is_request() {
                true => words.unknown_dropped,
                false => words.unknown,
            };
            let text = fill(template, &[&message.name(), &key.number]);
            let found = match &skipped {
                Ok(Value::Varint(value)) => format!("varint {value}"),
                Ok(Value::Fixed64(value)) => format!("fixed64 {value}"),
                Ok(Value::Fixed32(value)) => format!("fixed32 {value}"),
                Ok(Value::Group) => words.a_group.to_owned(),
                Ok(Value::Length(range)) => quote(reader.content(range.clone()), words),
                Err(_) => key.wire_type.say(words).to_owned(),
            };
            let span = Span::from(key.start..reader.position());
            let finding = Finding::new(Deviation::WireUnknownField, span, text);
            self.findings
                .add_at(&key.number.to_string(), finding.found(found));
        }
        skipped.map(drop).map_err(|broken| self.broken(broken))
    }

    /// Reads the values of a packed list; `list` is its place without an index.
    fn packed(
        &mut self,
        field: &'b FieldPlan,
        seen: &mut Seen<'b>,
        reader: &mut WireReader<'b>,
        list: Outside,
    ) -> Result<(), Stop> {
        let range = match reader.value(WireType::Length) {
            Ok(Value::Length(range)) => range,
            Ok(_) => return Ok(()),
            Err(broken) => return Err(self.broken(broken)),
        };
        let mut elements = reader.part(range);
        while !elements.is_empty() {
            self.findings.leave(list);
            self.findings.enter_index(seen.count);
            seen.count += 1;
            // The list's end is known, so a bad element does not stop the message.
            if self.value(field, seen, &mut elements).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Reads a message below this one; says whether it could not be read to its end.
    fn message(
        &mut self,
        field: &'b FieldPlan,
        plan: &'b Plan,
        seen: &mut Seen<'b>,
        read: impl FnOnce(&mut Self, &mut Level<'b>),
    ) -> bool {
        let mut element = Level::default();
        let repeated = field.is_repeated();
        let level = match repeated {
            true => &mut element,
            // Checked for what it lacks with the message around it, when all of its parts are read.
            false => seen.inner.get_or_insert_default(),
        };
        let outside = std::mem::replace(&mut self.documents, field.content);
        // A required message is a part of its own, and no level.
        let levels = usize::from(!field.is_required);
        self.depth += levels;
        read(self, level);
        self.depth -= levels;
        self.documents = outside;
        let broken = level.broken;
        if repeated {
            let given = self.finish(plan, element);
            seen.held.messages.push(given);
        }
        broken
    }

    /// Reports what a message lacks, now that all of it was seen; what is given of it.
    fn finish(&mut self, plan: &'b Plan, mut level: Level<'b>) -> Given<'b> {
        let mut given = Given::new(plan);
        for (number, seen) in &mut level.seen {
            let Some(place) = plan.wire_place(*number) else {
                continue;
            };
            let field = &plan.fields[place];
            if let (Some(inner), Shape::Message(place)) = (seen.inner.take(), &field.shape) {
                let outside = self.findings.enter_key(&field.key);
                let inner = self.finish(self.plans.at(*place), *inner);
                self.findings.leave(outside);
                seen.held.messages.push(inner);
            }
            let mut held = std::mem::take(&mut seen.held);
            held.span = seen.span;
            if !plan.looks_into(place) {
                held.messages.clear();
            }
            given.add(*number, held);
        }
        if !level.broken {
            let whole = level.span.unwrap_or(Span { start: 0, end: 0 });
            self.whole_message(plan, &level, whole);
            if !plan.rules.is_empty() {
                self.findings
                    .message_rules(&plan.rules, given.clone(), whole);
            }
        }
        given
    }

    /// What can be said of a message that was read to its end.
    fn whole_message(&mut self, plan: &Plan, level: &Level<'_>, whole: Span) {
        for field in plan.fields.iter().filter(|field| field.is_required) {
            let FieldPlan { name, number, .. } = field;
            if !level.seen.contains_key(number) {
                let deviation = match field.shape {
                    Shape::Bool => Deviation::WireRequiredBoolean,
                    _ => Deviation::WireRequired,
                };
                let text = fill(self.words().missing, &[name, number]);
                let finding = Finding::new(deviation, whole, text);
                let finding = finding.expected(type_name(&field.descriptor().kind()));
                self.findings.add_at(&field.key, finding);
            }
        }
        let lists = plan.fields.iter().filter(|field| field.is_list);
        for field in lists.filter(|field| !field.is_only_in_json) {
            let seen = level.seen.get(&field.number);
            let count = seen.map_or(0, |seen| seen.count);
            let span = seen.and_then(|seen| seen.span).unwrap_or(whole);
            let language = self.findings.language();
            let violations = field.check(FieldValue::Items(count), language);
            let outside = self.findings.enter_key(&field.key);
            self.findings
                .add_violations(violations, span, || elements(count, language));
            self.findings.leave(outside);
        }
    }

    /// Reports why reading stops.
    fn broken(&mut self, broken: Broken) -> Stop {
        let Broken { cause, bytes } = broken;
        let message = cause.say(self.words());
        self.findings
            .add(Finding::new(cause.deviation(), bytes.into(), message));
        Stop
    }
}

/// The wire type of one value of the field.
pub(crate) fn wire_type_of(field: &FieldDescriptor) -> WireType {
    match field.kind() {
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => WireType::Fixed64,
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => WireType::Fixed32,
        Kind::Message(_) if field.is_group() => WireType::GroupStart,
        Kind::String | Kind::Bytes | Kind::Message(_) => WireType::Length,
        Kind::Int32
        | Kind::Int64
        | Kind::Uint32
        | Kind::Uint64
        | Kind::Sint32
        | Kind::Sint64
        | Kind::Bool
        | Kind::Enum(_) => WireType::Varint,
    }
}

/// Whether values of the wire type may stand packed in a list.
pub(crate) fn is_packable(wire_type: WireType) -> bool {
    matches!(
        wire_type,
        WireType::Varint | WireType::Fixed32 | WireType::Fixed64
    )
}

/// The start of a string in quotes, or of other bytes in hexadecimal.
fn quote(bytes: &[u8], words: &Words) -> String {
    const MOST: usize = 40;
    let text = std::str::from_utf8(bytes).ok();
    match text.filter(|text| !text.chars().any(char::is_control)) {
        Some(text) if text.chars().nth(MOST).is_none() => format!("\"{text}\""),
        Some(text) => {
            let start: String = text.chars().take(MOST).collect();
            fill(words.quoted_start, &[&start, &bytes.len()])
        }
        None => {
            let mut shown = String::new();
            for byte in bytes.iter().take(MOST / 4) {
                // Writing to a string cannot fail.
                let _ = write!(shown, "{byte:02x} ");
            }
            match bytes.len() > MOST / 4 {
                true => fill(words.bytes_start, &[&shown, &bytes.len()]),
                false => shown.trim_end().to_owned(),
            }
        }
    }
}
