//! Walks a JSON body along the plan of its message.
//!
//! It reports by itself what bodies without fault have: keys that the server computes or the vendor has
//! added, required fields that it added, obsolete ones, what contents are. Of everything else it knows that there may be
//! something to say, and gives up: then [`Validator`](super::Validator) starts anew. What both say is
//! the same, word for word; a property holds them against each other.

use std::borrow::Cow;

use diadoc_core::base64;
use diadoc_core::rules::{FieldValue, elements};

use super::count_lines;
use super::say::{computed, missing, unknown};
use super::scan::Scan;
use super::steps::Step;
use super::suggest::{Meant, meant};
use crate::collector::{Collector, Outside};
use crate::deprecated::Obsolete;
use crate::given::{Given, Held};
use crate::plan::{Bits, FieldPlan, Plan, Plans, Shape, Waiting, bit, places};
use crate::texts::mangled;
use crate::{Checks, ContentKind, Deviation, Report, Rule, Span, Taken, contents};

/// What is to be said of a body; none where that takes the validator.
pub(super) fn walk<'w>(
    plans: &'w Plans,
    plan: &'w Plan,
    body: &'w [u8],
    checks: &'w Checks,
) -> Option<Report> {
    let text = simdutf8::basic::from_utf8(body).ok()?;
    let says = |deviation: Deviation| deviation.taken(checks.direction) != Taken::Nothing;
    let mut walker = Walker {
        plans,
        scan: Scan::new(text),
        findings: Collector::new(&plan.full_name, checks),
        steps: Vec::new(),
        entered: Vec::new(),
        around: Vec::new(),
        held: Held::default(),
        body: plan.name(),
        documents: None,
        waiting: Waiting::default(),
        says_deprecated: says(Deviation::Deprecated),
        says_empty: says(Deviation::FieldEmpty),
        says_boolean: says(Deviation::RequiredBoolean),
    };
    walker.whole(plan)?;
    let mut report = walker.findings.finish();
    count_lines(&mut report.findings, body);
    Some(report)
}

/// What is asked of a value.
#[derive(Debug, Clone, Copy)]
struct Asks {
    /// What it holds.
    value: bool,
    /// What is given of the messages in it.
    messages: bool,
}

/// A key of an object.
enum Key<'w> {
    /// Of a field: its place, and the key and where it stands.
    Field(usize, &'w str, Span),
    /// One that the server computes; its value has been passed over.
    Computed,
    /// One that the schema does not have; so has its.
    Unknown,
}

/// Its methods are `None` where it gives up.
struct Walker<'w> {
    plans: &'w Plans,
    scan: Scan<'w>,
    findings: Collector<'w>,
    steps: Vec<Step<'w>>,
    /// Of the first steps, whither the collector was led, the places before them.
    entered: Vec<Outside>,
    /// The messages that are being read, the outermost first.
    around: Vec<&'w Plan>,
    /// What the value that was read last holds, where its message asks for that: most ask for no more than
    /// whether it is given, which the methods return.
    held: Held<'w>,
    /// The name of the body's message.
    body: &'w str,
    documents: Option<ContentKind>,
    waiting: Waiting<'w>,
    says_deprecated: bool,
    says_empty: bool,
    says_boolean: bool,
}

impl<'w> Walker<'w> {
    fn whole(&mut self, plan: &'w Plan) -> Option<()> {
        if self.scan.space()? != b'{' {
            return None;
        }
        let start = self.scan.at;
        if let Some(obsolete) = &plan.obsolete {
            self.tell_deprecated(obsolete, Span::from(start..start + 1));
            self.findings.is_deprecated = true;
        }
        let body = self.object(plan, true)??;
        let are_kept = self.waiting.are_kept(&body);
        (are_kept && self.scan.is_at_end()).then_some(())
    }

    /// An object, whose bracket comes next; what is given of it, where that is asked for.
    fn object(&mut self, plan: &'w Plan, is_asked: bool) -> Option<Option<Given<'w>>> {
        if plan.is_wide {
            return None;
        }
        let bracket = Span::from(self.scan.at..self.scan.at + 1);
        let mut held = (is_asked || plan.asks_for_values).then(|| Given::new(plan));
        self.around.push(plan);
        let (mut stood, mut given) = (0, 0);
        let (mut computed, mut unknown) = (0, 0);
        let mut last = None;
        let mut more = self.scan.enter(b'}')?;
        while more {
            match self.key(plan, last)? {
                Key::Computed => computed += 1,
                Key::Unknown => unknown += 1,
                Key::Field(place, key, span) => {
                    if stood & bit(place) != 0 {
                        return None;
                    }
                    stood |= bit(place);
                    last = Some(place);
                    self.scan.colon()?;
                    self.steps.push(Step::Key(key));
                    let field = plan.fields.get(place)?;
                    let asks = Asks {
                        value: held.is_some(),
                        messages: plan.looks_into(place),
                    };
                    let is_given = self.field(field, asks, span)?;
                    self.step_out();
                    if is_given {
                        given |= bit(place);
                    }
                    if let Some(held) = &mut held {
                        let value = std::mem::take(&mut self.held);
                        held.add(
                            field.number,
                            Held {
                                given: is_given,
                                ..value
                            },
                        );
                    }
                }
            }
            more = self.scan.another(b'}')?;
        }
        self.around.pop();
        let known = stood.count_ones() + computed;
        // Then it may be another message.
        let is_strange = match self.around.is_empty() {
            true => unknown >= known,
            false => known == 0,
        };
        if unknown > 0 && is_strange {
            return None;
        }
        self.lacks(plan, stood, bracket)?;
        self.waiting.add(plan, given, held.as_ref(), self.body)?;
        Some(held)
    }

    /// A key; the value of one that is of no field is passed over.
    #[inline]
    fn key(&mut self, plan: &'w Plan, last: Option<usize>) -> Option<Key<'w>> {
        let start = self.scan.at;
        let guess = plan.next(last);
        let field = plan.fields.get(guess)?;
        if self.scan.guessed(&field.key) {
            let end = self.scan.at;
            let key = self.scan.slice(start + 1, end - 1);
            return Some(Key::Field(guess, key, Span { start, end }));
        }
        // Of a key with escapes the path would have to be kept.
        let Cow::Borrowed(key) = self.scan.string()? else {
            return None;
        };
        let end = self.scan.at;
        let span = Span { start, end };
        if let Some(place) = plan.key(key.as_bytes()) {
            plan.learn(last, place);
            return Some(Key::Field(place, key, span));
        }
        self.other_key(plan, key, span)
    }

    /// A key that is of no field.
    #[cold]
    fn other_key(&mut self, plan: &'w Plan, key: &'w str, span: Span) -> Option<Key<'w>> {
        let token = self.scan.slice(span.start, span.end);
        let holds = plan.computed_key(key);
        let finding = match holds {
            Some(holds) => computed(key, holds, token, span, &self.findings),
            None => {
                let (_, around) = self.around.split_last()?;
                let around: Vec<_> = around.iter().map(|plan| plan.descriptor()).collect();
                let near = self.findings.has_room(Rule::JsonUnknownKey);
                let meant = meant(plan, &around, key, near);
                if let Meant::OtherCase(_) | Meant::Itself = meant {
                    return None;
                }
                unknown(plan, token, span, meant, &self.findings)
            }
        };
        self.scan.colon()?;
        // What belongs here may be inside of it.
        if holds.is_none() && self.scan.space()? == b'{' {
            return None;
        }
        self.scan.skip()?;
        self.enter();
        self.findings.add_at(key, finding);
        Some(match holds {
            Some(_) => Key::Computed,
            None => Key::Unknown,
        })
    }

    /// The value of a field, whose key stands at `key`.
    #[inline]
    fn field(&mut self, field: &'w FieldPlan, asks: Asks, key: Span) -> Option<bool> {
        let first = self.scan.space()?;
        if first == b'n' {
            self.scan.word("null")?;
            let may_be_null =
                !field.is_required && (!field.is_list || field.keeps(FieldValue::Items(0)));
            return may_be_null.then_some(false);
        }
        if field.is_list != (first == b'[') {
            return None;
        }
        match &field.obsolete {
            Some(obsolete) if self.says_deprecated => {
                let outside = self.findings.is_deprecated;
                let is_empty = field.is_list && self.is_empty_list()?;
                if !is_empty {
                    self.tell_deprecated(obsolete, key);
                    self.findings.is_deprecated = true;
                }
                let value = self.value(field, asks);
                self.findings.is_deprecated = outside;
                value
            }
            _ => self.value(field, asks),
        }
    }

    #[inline]
    fn value(&mut self, field: &'w FieldPlan, asks: Asks) -> Option<bool> {
        match field.is_list {
            true => self.list(field, asks),
            false => self.single(field, asks),
        }
    }

    /// Whether the list that comes next has no elements.
    fn is_empty_list(&self) -> Option<bool> {
        let mut ahead = self.scan.clone();
        ahead.enter(b']').map(|more| !more)
    }

    fn list(&mut self, field: &'w FieldPlan, asks: Asks) -> Option<bool> {
        let mut items = 0;
        let mut messages = Vec::new();
        // Of texts in lists nothing is asked.
        let asks = Asks {
            value: asks.value && asks.messages,
            ..asks
        };
        let start = self.scan.at;
        let mut more = self.scan.enter(b']')?;
        while more {
            self.scan.space()?;
            self.steps.push(Step::Index(items));
            self.single(field, asks)?;
            self.step_out();
            messages.append(&mut self.held.messages);
            items += 1;
            more = self.scan.another(b']')?;
        }
        self.held.text = None;
        self.held.messages = messages;
        if !field.keeps(FieldValue::Items(items)) {
            self.wrong_number(field, items, Span::from(start..start + 1));
        }
        Some(items > 0)
    }

    #[cold]
    fn wrong_number(&mut self, field: &FieldPlan, items: usize, bracket: Span) {
        self.enter();
        let language = self.findings.language();
        let violations = field.check(FieldValue::Items(items), language);
        self.findings
            .add_violations(violations, bracket, || elements(items, language));
    }

    /// A value of a field, or an element of a list; it comes next.
    #[inline]
    fn single(&mut self, field: &'w FieldPlan, asks: Asks) -> Option<bool> {
        let first = self.scan.peek()?;
        match (&field.shape, first) {
            (Shape::Message(place), b'{') => {
                let outside = std::mem::replace(&mut self.documents, field.content);
                if !field.is_required {
                    self.scan.descend()?;
                }
                let given = self.object(self.plans.at(*place), asks.messages)?;
                if !field.is_required {
                    self.scan.ascend();
                }
                self.documents = outside;
                if let (Some(given), true) = (given, asks.value && asks.messages) {
                    self.held.messages.push(given);
                }
                Some(true)
            }
            (Shape::String, b'"') => {
                let text = self.scan.string()?;
                self.may_be_empty(field, &text)?;
                let is_right = field.keeps(FieldValue::Text(&text)) && mangled(&text).is_none();
                is_right.then(|| self.text(text, asks))
            }
            (Shape::Bool, b't') => self.scan.word("true").map(|()| true),
            (Shape::Bool, b'f') => self.scan.word("false").map(|()| false),
            (Shape::Enum(members), b'"') => {
                let name = self.scan.string()?;
                let member = members.named(name.as_bytes())?;
                let is_silent = !(member.is_obsolete && self.says_deprecated);
                (member.is_first && is_silent).then(|| self.text(name, asks))
            }
            (Shape::Integer(_, range), b'-' | b'0'..=b'9') => {
                let number = self.scan.number()?;
                let number: i64 = number.parse().ok()?;
                let is_right =
                    range.contains(&number.into()) && field.keeps(FieldValue::Integer(number));
                is_right.then_some(true)
            }
            (Shape::Float, b'-' | b'0'..=b'9') => self.scan.number().map(|_| true),
            (Shape::Bytes, b'"') => self.bytes(field),
            _ => None,
        }
    }

    /// A text; whether it is given.
    #[inline]
    fn text(&mut self, text: Cow<'w, str>, asks: Asks) -> bool {
        let is_given = !text.is_empty();
        if asks.value {
            self.held.text = Some(text);
        }
        is_given
    }

    fn bytes(&mut self, field: &FieldPlan) -> Option<bool> {
        let start = self.scan.at;
        let text = self.scan.string()?;
        let span = Span::from(start..self.scan.at);
        self.may_be_empty(field, &text)?;
        let content = base64::decode_plain(text.as_bytes())?;
        let is_right = text.len().is_multiple_of(4)
            && !base64::is_url_safe(&text)
            && field.keeps(FieldValue::Bytes(content.len()))
            && (text.len() >= 10 || mangled(&text).is_none());
        if let Some(due) = contents::due(field.content, self.documents) {
            self.enter();
            contents::check(due, &content, span, &mut self.findings);
        }
        is_right.then_some(!text.is_empty())
    }

    #[inline]
    fn may_be_empty(&self, field: &FieldPlan, text: &str) -> Option<()> {
        let is_missing = text.is_empty() && field.must_have_content && self.says_empty;
        (!is_missing).then_some(())
    }

    /// The fields that an object has not had, whose bracket stands there.
    #[inline]
    fn lacks(&mut self, plan: &Plan, stood: Bits, bracket: Span) -> Option<()> {
        if plan.never_empty & !stood != 0 {
            return None;
        }
        for place in places(plan.required & !stood) {
            let field = plan.fields.get(place)?;
            if self.says_boolean || !matches!(field.shape, Shape::Bool) {
                self.enter();
                let finding = missing(self.plans, field, bracket, self.findings.language());
                self.findings.add_at(&field.key, finding);
            }
        }
        Some(())
    }

    fn tell_deprecated(&mut self, obsolete: &Obsolete, span: Span) {
        if self.says_deprecated {
            self.enter();
            self.findings.tell_deprecated(obsolete, span);
        }
    }

    /// Leads the collector to the value that is being read, from where it was led last.
    fn enter(&mut self) {
        for step in &self.steps[self.entered.len()..] {
            self.entered.push(match step {
                Step::Key(key) => self.findings.enter_key(key),
                Step::Index(index) => self.findings.enter_index(*index),
            });
        }
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

#[cfg(test)]
mod tests;
