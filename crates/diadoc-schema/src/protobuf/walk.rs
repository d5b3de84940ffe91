//! Walks protobuf bytes along the plan of their message.
//!
//! It decides whether there is nothing to say of them. Of anything that is not certainly right it says
//! that there may be, and then [`Validator`](super::Validator) starts anew. What contents are, it reports.

use diadoc_core::rules::{FieldValue, elements};
use diadoc_core::utf8;
use prost_reflect::Kind;

use super::values::unzigzag;
use super::wire::{Key, MAX_DEPTH, Value, WireReader, WireType};
use super::{extend, is_packable, whole};
use crate::collector::{Collector, Outside};
use crate::given::{Given, Held};
use crate::plan::{Bits, FieldPlan, Plan, Plans, Shape, Waiting, bit, places};
use crate::{Checks, ContentKind, Deviation, Report, Span, Taken, contents};

/// What is to be said of bytes; none where that takes the validator.
pub(super) fn walk<'w>(
    plans: &'w Plans,
    plan: &'w Plan,
    bytes: &'w [u8],
    checks: &'w Checks,
) -> Option<Report> {
    let says = |deviation: Deviation| deviation.taken(checks.direction) != Taken::Nothing;
    let mut walker = Walker {
        plans,
        findings: Collector::new(&plan.full_name, checks),
        steps: Vec::new(),
        entered: Vec::new(),
        counts: Vec::new(),
        body: plan.name(),
        depth: 0,
        documents: None,
        waiting: Waiting::default(),
        says_deprecated: says(Deviation::Deprecated),
        says_empty: says(Deviation::FieldEmpty),
        says_boolean: says(Deviation::WireRequiredBoolean),
    };
    walker.whole(plan, bytes)?;
    Some(walker.findings.finish())
}

/// Its methods are `None` where it gives up.
struct Walker<'w> {
    plans: &'w Plans,
    findings: Collector<'w>,
    /// The fields, and the elements of lists, that lead from the body to the message that is being read.
    steps: Vec<(&'w FieldPlan, usize)>,
    /// Of the first steps, whither the collector was led, the places before them.
    entered: Vec<Outside>,
    /// How many elements the lists of the messages that are being read have so far.
    counts: Vec<usize>,
    /// The name of the body's message.
    body: &'w str,
    depth: usize,
    documents: Option<ContentKind>,
    waiting: Waiting<'w>,
    says_deprecated: bool,
    says_empty: bool,
    says_boolean: bool,
}

/// What has been read of a message.
struct Level<'w> {
    stood: Bits,
    given: Bits,
    /// Where the counts of its fields begin.
    counts: usize,
    /// What is given of its fields by number, where that is asked for.
    held: Option<Vec<(u32, Held<'w>)>>,
}

impl<'w> Walker<'w> {
    fn whole(&mut self, plan: &'w Plan, bytes: &'w [u8]) -> Option<()> {
        let is_obsolete = self.says_deprecated && plan.obsolete.is_some();
        if is_obsolete || whole::may_be_json(bytes) || bytes.is_empty() && plan.required != 0 {
            return None;
        }
        let body = self.message(plan, WireReader::new(bytes), true)??;
        self.waiting.are_kept(&body).then_some(())
    }

    /// The fields of a message up to the end of the reader; what is given of it, where that is asked
    /// for.
    fn message(
        &mut self,
        plan: &'w Plan,
        mut reader: WireReader<'w>,
        is_asked: bool,
    ) -> Option<Option<Given<'w>>> {
        if plan.is_wide || self.depth > MAX_DEPTH {
            return None;
        }
        let mut level = Level {
            stood: 0,
            given: 0,
            counts: self.counts.len(),
            held: (is_asked || plan.asks_for_values).then(Vec::new),
        };
        self.counts.resize(level.counts + plan.fields.len(), 0);
        let whole = reader.clone();
        while !reader.is_empty() {
            let key = reader.key().ok()?;
            let place = plan.wire_place(key.number)?;
            self.field(plan, place, key, &mut level, &mut reader)?;
        }
        self.lacks(plan, &level, &whole)?;
        self.counts.truncate(level.counts);
        let held = level.held.map(|held| {
            let mut given = Given::new(plan);
            held.into_iter()
                .for_each(|(number, held)| given.add(number, held));
            given
        });
        self.waiting
            .add(plan, level.given, held.as_ref(), self.body)?;
        Some(held)
    }

    #[inline]
    fn field(
        &mut self,
        plan: &'w Plan,
        place: usize,
        key: Key,
        level: &mut Level<'w>,
        reader: &mut WireReader<'w>,
    ) -> Option<()> {
        let field = plan.fields.get(place)?;
        let is_twice = !field.is_list && level.stood & bit(place) != 0;
        if is_twice || self.says_deprecated && field.obsolete.is_some() {
            return None;
        }
        level.stood |= bit(place);
        let is_asked = plan.looks_into(place);
        if key.wire_type == field.wire_type {
            return self.value(field, place, is_asked, level, reader);
        }
        let is_packed =
            field.is_list && key.wire_type == WireType::Length && is_packable(field.wire_type);
        let Value::Length(range) = reader.value(WireType::Length).ok().filter(|_| is_packed)?
        else {
            return None;
        };
        let mut elements = reader.part(range);
        while !elements.is_empty() {
            self.value(field, place, is_asked, level, &mut elements)?;
        }
        Some(())
    }

    /// A value of a field, or an element of a list.
    #[inline]
    fn value(
        &mut self,
        field: &'w FieldPlan,
        place: usize,
        is_asked: bool,
        level: &mut Level<'w>,
        reader: &mut WireReader<'w>,
    ) -> Option<()> {
        let count = self.counts.get_mut(level.counts + place)?;
        let index = *count;
        *count += 1;
        let mut held = self.read(field, index, is_asked, reader)?;
        // A list with an element is given.
        held.given |= field.is_list;
        if held.given {
            level.given |= bit(place);
        }
        if let Some(all) = &mut level.held {
            let number = field.number;
            // Of a list that asks for texts the last counts, as in the validator.
            match all.iter_mut().find(|(known, _)| *known == number) {
                Some((_, known)) => {
                    known.text = held.text.or(known.text.take());
                    known.messages.append(&mut held.messages);
                }
                None => all.push((number, held)),
            }
        }
        Some(())
    }

    #[inline]
    fn read(
        &mut self,
        field: &'w FieldPlan,
        index: usize,
        is_asked: bool,
        reader: &mut WireReader<'w>,
    ) -> Option<Held<'w>> {
        let value = reader.value(field.wire_type).ok()?;
        match (&field.shape, value) {
            (Shape::Message(place), Value::Length(range)) => {
                let part = reader.part(range);
                let outside = std::mem::replace(&mut self.documents, field.content);
                self.steps.push((field, index));
                let levels = usize::from(!field.is_required);
                self.depth += levels;
                let given = self.message(self.plans.at(*place), part, is_asked)?;
                self.depth -= levels;
                self.step_out();
                self.documents = outside;
                Some(match given {
                    Some(given) if is_asked => Held::message(given),
                    _ => Held::is(true),
                })
            }
            (Shape::String, Value::Length(range)) => {
                let text = utf8::text(reader.content(range))?;
                self.may_be_empty(field, text.is_empty())?;
                field
                    .keeps(FieldValue::Text(text))
                    .then(|| Held::text(text.into()))
            }
            (Shape::Bytes, Value::Length(range)) => {
                let span = Span::from(range.clone());
                let content = reader.content(range);
                self.may_be_empty(field, content.is_empty())?;
                if let Some(due) = contents::due(field.content, self.documents) {
                    self.enter();
                    let outside = self.enter_field(field, index);
                    contents::check(due, content, span, &mut self.findings);
                    self.findings.leave(outside);
                }
                field
                    .keeps(FieldValue::Bytes(content.len()))
                    .then(|| Held::is(!content.is_empty()))
            }
            (Shape::Bool, Value::Varint(raw)) => Some(Held::is(raw != 0)),
            (Shape::Enum(members), Value::Varint(raw)) => {
                let member = members.numbered(i32::try_from(raw as i64).ok()?)?;
                let is_silent = !(member.is_obsolete && self.says_deprecated);
                is_silent.then(|| Held::text((&*member.name).into()))
            }
            (Shape::Float, _) => Some(Held::is(true)),
            (Shape::Integer(kind, _), value) => {
                let number = integer(kind, &value)?;
                field
                    .keeps(FieldValue::Integer(number))
                    .then(|| Held::is(true))
            }
            _ => None,
        }
    }

    #[inline]
    fn may_be_empty(&self, field: &FieldPlan, is_empty: bool) -> Option<()> {
        let is_missing = is_empty && field.must_have_content && self.says_empty;
        (!is_missing).then_some(())
    }

    /// The fields that a message has not had, and the number of elements of its lists.
    #[inline]
    fn lacks(&mut self, plan: &Plan, level: &Level<'_>, whole: &WireReader<'w>) -> Option<()> {
        let lacking = plan.required & !level.stood;
        let is_silent = lacking == 0 || !self.says_boolean && lacking & !plan.booleans == 0;
        if !is_silent {
            return None;
        }
        for place in places(plan.counted) {
            let field = plan.fields.get(place)?;
            let count = *self.counts.get(level.counts + place)?;
            if !field.is_only_in_json && !field.keeps(FieldValue::Items(count)) {
                self.wrong_number(field, count, whole)?;
            }
        }
        Some(())
    }

    #[cold]
    fn wrong_number(
        &mut self,
        field: &FieldPlan,
        count: usize,
        whole: &WireReader<'w>,
    ) -> Option<()> {
        let span = stretch(whole.clone(), field.number)?;
        self.enter();
        let outside = self.findings.enter_key(&field.key);
        let language = self.findings.language();
        let violations = field.check(FieldValue::Items(count), language);
        self.findings
            .add_violations(violations, span, || elements(count, language));
        self.findings.leave(outside);
        Some(())
    }

    /// Leads the collector to the message that is being read, from where it was led last.
    fn enter(&mut self) {
        for place in self.entered.len()..self.steps.len() {
            let (field, index) = self.steps[place];
            let outside = self.enter_field(field, index);
            self.entered.push(outside);
        }
    }

    fn enter_field(&mut self, field: &FieldPlan, index: usize) -> Outside {
        let outside = self.findings.enter_key(&field.key);
        if field.is_list {
            self.findings.enter_index(index);
        }
        outside
    }

    fn step_out(&mut self) {
        self.steps.pop();
        if self.entered.len() > self.steps.len()
            && let Some(outside) = self.entered.pop()
        {
            self.findings.leave(outside);
        }
    }
}

/// Where the elements of a field stand in a message that has been read, from the first to the last; none
/// where there is none.
fn stretch(mut reader: WireReader<'_>, number: u32) -> Option<Span> {
    let mut span = None;
    while !reader.is_empty() {
        let key = reader.key().ok()?;
        reader.skip(key, 0).ok()?;
        if key.number == number {
            extend(&mut span, key.start, reader.position());
        }
    }
    span
}

/// The integer that a reader gets, where it keeps all bits of it.
fn integer(kind: &Kind, value: &Value) -> Option<i64> {
    Some(match (kind, value) {
        (Kind::Int32, &Value::Varint(raw)) => i32::try_from(raw as i64).ok()?.into(),
        (Kind::Uint32, &Value::Varint(raw)) => u32::try_from(raw).ok()?.into(),
        (Kind::Sint32, &Value::Varint(raw)) => unzigzag(u32::try_from(raw).ok()?.into()),
        (Kind::Sint64, &Value::Varint(raw)) => unzigzag(raw),
        (Kind::Int64, &Value::Varint(raw)) => raw as i64,
        (Kind::Sfixed64, &Value::Fixed64(raw)) => raw as i64,
        (Kind::Sfixed32, &Value::Fixed32(raw)) => i64::from(raw as i32),
        (Kind::Fixed32, &Value::Fixed32(raw)) => raw.into(),
        // Unsigned 64 bits, of which the schema has none.
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
