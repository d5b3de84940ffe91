//! What is made of single values on the wire.

use std::fmt::Display;

use diadoc_core::fill;
use diadoc_core::rules::FieldValue;
use prost_reflect::{EnumDescriptor, Kind};

use super::wire::{Broken, Cause, MAX_DEPTH, Value, WireReader};
use super::{Seen, Stop, Validator, extend, quote};
use crate::names::type_name;
use crate::plan::{FieldPlan, Shape};
use crate::{Deviation, Finding, Span, contents, deprecated, words};

impl<'b> Validator<'b> {
    /// Reads one value that has the wire type of its field.
    pub(super) fn value(
        &mut self,
        field: &'b FieldPlan,
        seen: &mut Seen<'b>,
        reader: &mut WireReader<'b>,
    ) -> Result<(), Stop> {
        let plans = self.plans;
        let start = reader.position();
        let value = match reader.value(field.wire_type) {
            Ok(value) => value,
            Err(broken) => return Err(self.broken(broken)),
        };
        let span = Span::from(start..reader.position());
        seen.held.given = true;
        match (&field.shape, value) {
            (Shape::Message(place) | Shape::Map(place), Value::Length(range)) => {
                if !field.is_required && self.depth >= MAX_DEPTH {
                    self.broken(Broken {
                        cause: Cause::TooDeep,
                        bytes: range,
                    });
                    return Ok(());
                }
                let mut part = reader.part(range.clone());
                let inner = plans.at(*place);
                self.message(field, inner, seen, |this, level| {
                    extend(&mut level.span, range.start, range.end);
                    this.fields(inner, level, &mut part, None);
                });
            }
            (Shape::Message(place), Value::Group) => {
                if !field.is_required && self.depth >= MAX_DEPTH {
                    return Err(self.broken(Broken {
                        cause: Cause::TooDeep,
                        bytes: start..reader.position(),
                    }));
                }
                let inner = plans.at(*place);
                let broken = self.message(field, inner, seen, |this, level| {
                    this.fields(inner, level, reader, Some(field.number));
                });
                // The end of a group is known by reading it only.
                if broken {
                    return Err(Stop);
                }
            }
            (Shape::String, Value::Length(range)) => {
                match std::str::from_utf8(reader.content(range.clone())) {
                    Ok(text) => {
                        seen.held.given = field.is_list || !text.is_empty();
                        seen.held.text = Some(text.into());
                        if text.is_empty() && field.must_have_content {
                            self.empty(field, range.clone().into());
                        }
                        let words = self.words();
                        let language = self.findings.language();
                        let violations = field.check(FieldValue::Text(text), language);
                        let found = || quote(text.as_bytes(), words);
                        self.findings
                            .add_violations(violations, range.into(), found);
                    }
                    Err(error) => {
                        let at = range.start + error.valid_up_to();
                        let length = error.error_len().unwrap_or(range.end - at);
                        let wrong = at..at + length;
                        let words = self.words();
                        let span = Span::from(wrong.clone());
                        let finding = Finding::new(Deviation::WireUtf8, span, words.not_utf8)
                            .expected("UTF-8")
                            .found(quote(reader.content(wrong), words));
                        self.findings.add(finding);
                    }
                }
            }
            (Shape::Bytes, Value::Length(range)) => {
                seen.held.given = field.is_list || !range.is_empty();
                let span = Span::from(range.clone());
                if range.is_empty() && field.must_have_content {
                    self.empty(field, span);
                }
                let content = reader.content(range);
                let (words, language) = (self.words(), self.findings.language());
                let violations = field.check(FieldValue::Bytes(content.len()), language);
                self.findings
                    .add_violations(violations, span, || quote(content, words));
                if let Some(due) = contents::due(field.content, self.documents) {
                    contents::check(due, content, span, &mut self.findings);
                }
            }
            (Shape::Bool, Value::Varint(raw)) => {
                seen.held.given = field.is_list || raw != 0;
            }
            (Shape::Enum(members), Value::Varint(raw)) => {
                let member = i32::try_from(raw as i64).ok();
                let member = member.and_then(|number| members.numbered(number));
                seen.held.text = member.map(|member| (&*member.name).into());
                self.member(members.descriptor(), raw, span);
            }
            (_, value) => {
                if let Some(number) = self.integer(&field.descriptor().kind(), &value, span) {
                    let violations =
                        field.check(FieldValue::Integer(number), self.findings.language());
                    self.findings
                        .add_violations(violations, span, || number.to_string());
                }
            }
        }
        Ok(())
    }

    fn member(&mut self, members: &EnumDescriptor, raw: u64, span: Span) {
        let Some(number) = self.narrow(raw, span) else {
            return;
        };
        if let Some(value) = members.get_value(number) {
            if let Some(obsolete) = deprecated::of_value(&value) {
                self.findings.tell_deprecated(&obsolete, span);
            }
            return;
        }
        let name = members.name();
        let words = self.words();
        let message = fill(words.no_member, &[&name, &number]);
        let finding = Finding::new(Deviation::WireEnumUnknownNumber, span, message)
            .expected(fill(words.member_of, &[&name]))
            .found(number.to_string());
        self.findings.add(finding);
    }

    /// The integer that a reader gets; none for a kind that is no integer.
    fn integer(&mut self, kind: &Kind, value: &Value, span: Span) -> Option<i64> {
        Some(match (kind, value) {
            (Kind::Int32, &Value::Varint(raw)) => i64::from(self.narrow(raw, span)?),
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
    fn narrow(&mut self, raw: u64, span: Span) -> Option<i32> {
        let number = i32::try_from(raw as i64).ok();
        if number.is_none() {
            self.out_of_range("int32", raw as i64, raw as i32, span);
        }
        number
    }

    fn narrow_unsigned(&mut self, raw: u64, kind: &str, span: Span) -> Option<u32> {
        let number = u32::try_from(raw).ok();
        if number.is_none() {
            self.out_of_range(kind, raw, raw as u32, span);
        }
        number
    }

    fn out_of_range(&mut self, kind: &str, number: impl Display, read: impl Display, span: Span) {
        let message = fill(self.words().low_bits, &[&kind, &read]);
        let finding = Finding::new(Deviation::WireIntegerRange, span, message);
        self.findings
            .add(finding.expected(kind).found(number.to_string()));
    }

    /// A required string, or required bytes, without content.
    fn empty(&mut self, field: &FieldPlan, span: Span) {
        let words = words::Words::of(self.findings.language());
        let message = fill(words.field_empty, &[&field.key]);
        let finding = Finding::new(Deviation::FieldEmpty, span, message);
        self.findings
            .add(finding.expected(type_name(&field.descriptor().kind())));
    }
}

pub(super) fn unzigzag(raw: u64) -> i64 {
    (raw >> 1) as i64 ^ -((raw & 1) as i64)
}
