//! Protobuf bytes held against a message.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use diadoc_core::rules::{FieldValue, Violation, elements};

use crate::field_rules;
use crate::{Direction, Finding, Report, Rule, Severity, Span};

pub(crate) mod wire;

use wire::{Fault, FaultKind, MAX_DEPTH, Reader, Value, WireType};

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
/// count as unknown fields. Of more than [`Report::MOST_FINDINGS`] findings the rest is left out and
/// counted, but never the first error.
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
    let mut validator = Validator {
        report: Report::new(message.full_name(), direction),
        has_error: false,
        path: Vec::new(),
        depth: 0,
    };
    let mut level = Level::default();
    level.extend(0..bytes.len());
    validator.fields(message, &mut level, &mut Reader::new(bytes), None);
    validator.finish(message, &level);

    let mut report = validator.report;
    // What a message lacks is known at its end; it belongs to its start.
    report
        .findings
        .sort_by_key(|finding| (finding.span.start, Reverse(finding.span.end)));
    report
}

struct Validator {
    report: Report,
    has_error: bool,
    path: Vec<Step>,
    depth: usize,
}

/// A field on the way from the body to a value, with an index where it is a list.
struct Step {
    field: FieldDescriptor,
    index: Option<usize>,
}

/// What was seen of a message. A message that stands in several parts has one level.
#[derive(Default)]
struct Level {
    span: Option<Range<usize>>,
    seen: BTreeMap<u32, Seen>,
    unknown: BTreeSet<u32>,
    /// Reading stopped inside, so that nothing can be said about what is missing.
    broken: bool,
}

impl Level {
    fn extend(&mut self, part: Range<usize>) {
        extend(&mut self.span, part);
    }
}

/// What was seen of a field: how many values, where, and the message in it if it is no list.
#[derive(Default)]
struct Seen {
    count: usize,
    span: Option<Range<usize>>,
    inner: Option<Box<Level>>,
}

fn extend(span: &mut Option<Range<usize>>, part: Range<usize>) {
    *span = Some(match span.take() {
        Some(range) => range.start..part.end,
        None => part,
    });
}

/// The rest of the level cannot be read; it has been reported why.
struct Stop;

impl Validator {
    /// Reads the fields of one message up to the end of the reader or of the group.
    fn fields(
        &mut self,
        message: &MessageDescriptor,
        level: &mut Level,
        reader: &mut Reader<'_>,
        group: Option<u32>,
    ) {
        let first = reader.position();
        while !reader.is_empty() {
            let start = reader.position();
            let read = match reader.key() {
                Ok((number, WireType::GroupEnd)) => {
                    if group == Some(number) {
                        level.extend(first..start);
                        return;
                    }
                    Err(self.fault(Fault {
                        kind: FaultKind::GroupEnd(number),
                        bytes: start..reader.position(),
                    }))
                }
                Ok((number, wire_type)) => match message.get_field(number) {
                    Some(field) => self.field(&field, level, wire_type, start, reader),
                    None => self.unknown_field(message, level, number, wire_type, start, reader),
                },
                Err(fault) => Err(self.fault(fault)),
            };
            if read.is_err() {
                level.broken = true;
                return;
            }
        }
        if group.is_some() {
            let _ = self.fault(reader.ends(first, 1));
            level.broken = true;
        }
    }

    fn field(
        &mut self,
        field: &FieldDescriptor,
        level: &mut Level,
        wire_type: WireType,
        start: usize,
        reader: &mut Reader<'_>,
    ) -> Result<(), Stop> {
        let seen = level.seen.entry(field.number()).or_default();
        let repeated = field.cardinality() == Cardinality::Repeated;
        self.path.push(Step {
            field: field.clone(),
            index: repeated.then_some(seen.count),
        });
        let expected = wire_type_of(field);
        let read = if wire_type == expected {
            seen.count += 1;
            self.value(field, seen, reader)
        } else if repeated && wire_type == WireType::Length && is_packable(expected) {
            self.packed(field, seen, reader)
        } else {
            // An element keeps its index; elsewhere readers have no value to choose from.
            seen.count += usize::from(repeated);
            let skipped = reader.skip(field.number(), wire_type, self.depth);
            self.find(
                Rule::WireType,
                Severity::Error,
                start..reader.position(),
                format!("the field is {}, not {wire_type}", kind_name(&field.kind())),
                Some(expected.to_string()),
                Some(wire_type.to_string()),
            );
            skipped.map(drop).map_err(|fault| self.fault(fault))
        };
        extend(&mut seen.span, start..reader.position());
        if !repeated && seen.count == 2 {
            self.find(
                Rule::WireDuplicateField,
                Severity::Warning,
                start..reader.position(),
                match field.kind() {
                    Kind::Message(_) => "the field stands twice; readers merge the messages",
                    _ => "the field stands twice; readers take the last",
                }
                .to_owned(),
                Some("one value".to_owned()),
                None,
            );
        }
        self.path.pop();
        read
    }

    fn unknown_field(
        &mut self,
        message: &MessageDescriptor,
        level: &mut Level,
        number: u32,
        wire_type: WireType,
        start: usize,
        reader: &mut Reader<'_>,
    ) -> Result<(), Stop> {
        let skipped = reader.skip(number, wire_type, self.depth);
        // A list of a hundred elements is one piece of news.
        if level.unknown.insert(number) {
            let severity = match self.report.direction {
                Direction::Request => Severity::Error,
                Direction::Response => Severity::Info,
            };
            let text = format!("`{}` has no field {number}", message.name());
            let found = skipped.as_ref().map_or_else(
                |_| wire_type.to_string(),
                |value| match value {
                    Value::Varint(value) => format!("varint {value}"),
                    Value::Fixed64(value) => format!("fixed64 {value}"),
                    Value::Fixed32(value) => format!("fixed32 {value}"),
                    Value::Group => "a group".to_owned(),
                    Value::Length(range) => quote(reader.content(range.clone())),
                },
            );
            let name = number.to_string();
            self.find_at(
                Some(&name),
                Rule::WireUnknownField,
                severity,
                start..reader.position(),
                text,
                None,
                Some(found),
            );
        }
        skipped.map(drop).map_err(|fault| self.fault(fault))
    }

    /// Reads the values of a packed list.
    fn packed(
        &mut self,
        field: &FieldDescriptor,
        seen: &mut Seen,
        reader: &mut Reader<'_>,
    ) -> Result<(), Stop> {
        let range = match reader.value(WireType::Length) {
            Ok(Value::Length(range)) => range,
            Ok(_) => return Ok(()),
            Err(fault) => return Err(self.fault(fault)),
        };
        let mut elements = reader.part(range);
        while !elements.is_empty() {
            if let Some(step) = self.path.last_mut() {
                step.index = Some(seen.count);
            }
            seen.count += 1;
            // The list's end is known, so a bad element does not stop the message.
            if self.value(field, seen, &mut elements).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Reads one value that has the wire type of its field.
    fn value(
        &mut self,
        field: &FieldDescriptor,
        seen: &mut Seen,
        reader: &mut Reader<'_>,
    ) -> Result<(), Stop> {
        let start = reader.position();
        let value = match reader.value(wire_type_of(field)) {
            Ok(value) => value,
            Err(fault) => return Err(self.fault(fault)),
        };
        let span = start..reader.position();
        match (field.kind(), value) {
            (Kind::Message(inner), Value::Length(range)) => {
                if self.depth >= MAX_DEPTH {
                    let _ = self.fault(Fault {
                        kind: FaultKind::TooDeep,
                        bytes: range,
                    });
                    return Ok(());
                }
                let mut part = reader.part(range.clone());
                self.message(field, &inner, seen, Some(range), |this, level| {
                    this.fields(&inner, level, &mut part, None);
                });
            }
            (Kind::Message(inner), Value::Group) => {
                if self.depth >= MAX_DEPTH {
                    return Err(self.fault(Fault {
                        kind: FaultKind::TooDeep,
                        bytes: span,
                    }));
                }
                let broken = self.message(field, &inner, seen, None, |this, level| {
                    this.fields(&inner, level, reader, Some(field.number()));
                });
                // The end of a group is known by reading it only.
                if broken {
                    return Err(Stop);
                }
            }
            (Kind::String, Value::Length(range)) => {
                match std::str::from_utf8(reader.content(range.clone())) {
                    Ok(text) => {
                        let violations = field_rules::check(field, FieldValue::Text(text));
                        self.violations(violations, range, || quote(text.as_bytes()));
                    }
                    Err(error) => {
                        let at = range.start + error.valid_up_to();
                        let length = error.error_len().unwrap_or(range.end - at);
                        self.find(
                            Rule::WireUtf8,
                            Severity::Error,
                            at..at + length,
                            "the string is not UTF-8".to_owned(),
                            Some("UTF-8".to_owned()),
                            Some(quote(reader.content(at..at + length))),
                        );
                    }
                }
            }
            (Kind::Enum(members), Value::Varint(raw)) => self.member(&members, raw, span),
            (kind, value) => {
                if let Some(number) = self.integer(&kind, &value, &span) {
                    let violations = field_rules::check(field, FieldValue::Integer(number));
                    self.violations(violations, span, || number.to_string());
                }
            }
        }
        Ok(())
    }

    /// Reads a message below this one; says whether it could not be read to its end.
    fn message(
        &mut self,
        field: &FieldDescriptor,
        message: &MessageDescriptor,
        seen: &mut Seen,
        range: Option<Range<usize>>,
        read: impl FnOnce(&mut Self, &mut Level),
    ) -> bool {
        let mut element = Level::default();
        let repeated = field.cardinality() == Cardinality::Repeated;
        let level = match repeated {
            true => &mut element,
            // Checked for what it lacks with the message around it, when all of its parts are read.
            false => seen.inner.get_or_insert_default(),
        };
        if let Some(range) = range {
            level.extend(range);
        }
        self.depth += 1;
        read(self, level);
        self.depth -= 1;
        let broken = level.broken;
        if repeated {
            self.finish(message, &element);
        }
        broken
    }

    fn member(&mut self, members: &EnumDescriptor, raw: u64, span: Range<usize>) {
        let Some(number) = self.narrow(raw, span.clone()) else {
            return;
        };
        if members.get_value(number).is_none() {
            self.find(
                Rule::WireEnumUnknownNumber,
                Severity::Warning,
                span,
                format!("`{}` has no member {number}", members.name()),
                Some(format!("a member of `{}`", members.name())),
                Some(number.to_string()),
            );
        }
    }

    /// The integer that a reader gets; none for a kind that is no integer.
    fn integer(&mut self, kind: &Kind, value: &Value, span: &Range<usize>) -> Option<i64> {
        Some(match (kind, value) {
            (Kind::Int32, &Value::Varint(raw)) => i64::from(self.narrow(raw, span.clone())?),
            (Kind::Uint32, &Value::Varint(raw)) => {
                i64::from(self.narrow_unsigned(raw, "uint32", span)?)
            }
            (Kind::Sint32, &Value::Varint(raw)) => {
                unzigzag(self.narrow_unsigned(raw, "sint32", span)?.into())
            }
            (Kind::Sint64, &Value::Varint(raw)) => unzigzag(raw),
            (Kind::Int64, &Value::Varint(raw)) => raw as i64,
            (Kind::Sfixed64, &Value::Fixed64(raw)) => raw as i64,
            (Kind::Uint64, &Value::Varint(raw)) | (Kind::Fixed64, &Value::Fixed64(raw)) => {
                i64::try_from(raw).unwrap_or(i64::MAX)
            }
            (Kind::Sfixed32, &Value::Fixed32(raw)) => i64::from(raw as i32),
            (Kind::Fixed32, &Value::Fixed32(raw)) => i64::from(raw),
            _ => return None,
        })
    }

    /// A varint as int32; reported where readers would drop bits of it.
    fn narrow(&mut self, raw: u64, span: Range<usize>) -> Option<i32> {
        let number = i32::try_from(raw as i64).ok();
        if number.is_none() {
            self.out_of_range("int32", raw as i64, i64::from(raw as i32), span);
        }
        number
    }

    fn narrow_unsigned(&mut self, raw: u64, kind: &str, span: &Range<usize>) -> Option<u32> {
        let number = u32::try_from(raw).ok();
        if number.is_none() {
            self.out_of_range(kind, raw, raw as u32, span.clone());
        }
        number
    }

    fn out_of_range<T: ToString, R: ToString>(
        &mut self,
        kind: &str,
        number: T,
        read: R,
        span: Range<usize>,
    ) {
        self.find(
            Rule::WireIntegerRange,
            Severity::Warning,
            span,
            format!(
                "the varint does not fit {kind}; readers keep its low 32 bits, {}",
                read.to_string()
            ),
            Some(kind.to_owned()),
            Some(number.to_string()),
        );
    }

    /// Reports what a message lacks, now that all of it was seen.
    fn finish(&mut self, message: &MessageDescriptor, level: &Level) {
        let whole = level.span.clone().unwrap_or_default();
        if !level.broken {
            for field in message.fields() {
                let missing = field.cardinality() == Cardinality::Required
                    && !level.seen.contains_key(&field.number());
                if missing {
                    let severity = self.by_direction();
                    self.find_at(
                        Some(field.json_name()),
                        Rule::WireRequired,
                        severity,
                        whole.clone(),
                        format!(
                            "the required field `{}` ({}) is missing",
                            field.name(),
                            field.number()
                        ),
                        Some(kind_name(&field.kind())),
                        None,
                    );
                }
            }
            let is_set = |name: &str| {
                let field = message.get_field_by_name(name);
                field.is_some_and(|field| match level.seen.get(&field.number()) {
                    Some(seen) => seen.count > 0 || !field.is_list(),
                    None => false,
                })
            };
            let violations = field_rules::check_presence(message, &is_set);
            self.report_violations(violations, &whole, None);
            for field in message.fields().filter(FieldDescriptor::is_list) {
                let seen = level.seen.get(&field.number());
                let count = seen.map_or(0, |seen| seen.count);
                let span = seen.and_then(|seen| seen.span.clone());
                let span = span.unwrap_or_else(|| whole.clone());
                let violations = field_rules::check(&field, FieldValue::Items(count));
                self.path.push(Step { field, index: None });
                self.violations(violations, span, || elements(count));
                self.path.pop();
            }
        }
        for (number, seen) in &level.seen {
            let Some(field) = message.get_field(*number) else {
                continue;
            };
            self.path.push(Step {
                field: field.clone(),
                index: None,
            });
            if let (Some(inner), Kind::Message(message)) = (&seen.inner, field.kind()) {
                self.finish(&message, inner);
            }
            self.path.pop();
        }
    }

    fn violations(
        &mut self,
        violations: Vec<Violation>,
        span: Range<usize>,
        found: impl Fn() -> String,
    ) {
        // The quote is made for those few values that go against a rule.
        if !violations.is_empty() {
            self.report_violations(violations, &span, Some(found()));
        }
    }

    fn report_violations(
        &mut self,
        violations: Vec<Violation>,
        span: &Range<usize>,
        found: Option<String>,
    ) {
        let severity = self.by_direction();
        for violation in violations {
            self.find(
                violation.rule,
                severity,
                span.clone(),
                violation.message,
                Some(violation.expected),
                found.clone(),
            );
        }
    }

    /// How much a fault weighs that readers get over and the server does not.
    fn by_direction(&self) -> Severity {
        match self.report.direction {
            Direction::Request => Severity::Error,
            Direction::Response => Severity::Warning,
        }
    }

    fn fault(&mut self, fault: Fault) -> Stop {
        self.find(
            fault.kind.rule(),
            Severity::Error,
            fault.bytes,
            fault.kind.to_string(),
            None,
            None,
        );
        Stop
    }

    fn find(
        &mut self,
        rule: Rule,
        severity: Severity,
        bytes: Range<usize>,
        message: String,
        expected: Option<String>,
        found: Option<String>,
    ) {
        self.find_at(None, rule, severity, bytes, message, expected, found);
    }

    /// Adds a finding at the current place, or at a field of the message there.
    #[expect(clippy::too_many_arguments, reason = "the parts of a finding")]
    fn find_at(
        &mut self,
        name: Option<&str>,
        rule: Rule,
        severity: Severity,
        bytes: Range<usize>,
        message: String,
        expected: Option<String>,
        found: Option<String>,
    ) {
        let first_error = severity == Severity::Error && !self.has_error;
        if self.report.findings.len() >= Report::MOST_FINDINGS && !first_error {
            self.report.left_out += 1;
            return;
        }
        self.has_error |= first_error;
        let (path, pointer) = self.place(name);
        self.report.findings.push(Finding {
            rule,
            severity,
            path,
            pointer,
            span: Span {
                start: bytes.start,
                end: bytes.end,
            },
            line: 0,
            column: 0,
            message,
            expected,
            found,
            suggestion: None,
        });
    }

    /// The current place, or a field of it, as a path and as a pointer.
    fn place(&self, name: Option<&str>) -> (String, String) {
        let steps = self
            .path
            .iter()
            .map(|step| (step.field.json_name(), step.index))
            .chain(name.map(|name| (name, None)));
        let (mut path, mut pointer) = (String::new(), String::new());
        for (name, index) in steps {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
            if let Some(index) = index {
                // Writing to a string cannot fail.
                let _ = write!(path, "[{index}]");
                let _ = write!(pointer, "/{index}");
            }
        }
        (path, pointer)
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

fn unzigzag(raw: u64) -> i64 {
    (raw >> 1) as i64 ^ -((raw & 1) as i64)
}

/// The kind as it stands in the schema.
fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(members) => members.full_name().to_owned(),
        Kind::Double => "double".to_owned(),
        Kind::Float => "float".to_owned(),
        Kind::Int32 => "int32".to_owned(),
        Kind::Int64 => "int64".to_owned(),
        Kind::Uint32 => "uint32".to_owned(),
        Kind::Uint64 => "uint64".to_owned(),
        Kind::Sint32 => "sint32".to_owned(),
        Kind::Sint64 => "sint64".to_owned(),
        Kind::Fixed32 => "fixed32".to_owned(),
        Kind::Fixed64 => "fixed64".to_owned(),
        Kind::Sfixed32 => "sfixed32".to_owned(),
        Kind::Sfixed64 => "sfixed64".to_owned(),
        Kind::Bool => "bool".to_owned(),
        Kind::String => "string".to_owned(),
        Kind::Bytes => "bytes".to_owned(),
    }
}

/// The start of a string in quotes, or of other bytes in hexadecimal.
fn quote(bytes: &[u8]) -> String {
    const MOST: usize = 40;
    let text = std::str::from_utf8(bytes).ok();
    match text.filter(|text| !text.chars().any(char::is_control)) {
        Some(text) if text.chars().nth(MOST).is_none() => format!("\"{text}\""),
        Some(text) => {
            let start: String = text.chars().take(MOST).collect();
            format!("\"{start}…\" ({} bytes)", bytes.len())
        }
        None => {
            let mut shown = String::new();
            for byte in bytes.iter().take(MOST / 4) {
                // Writing to a string cannot fail.
                let _ = write!(shown, "{byte:02x} ");
            }
            match bytes.len() > MOST / 4 {
                true => format!("{shown}… ({} bytes)", bytes.len()),
                false => shown.trim_end().to_owned(),
            }
        }
    }
}
