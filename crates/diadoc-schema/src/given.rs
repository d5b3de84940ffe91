//! What of a message is given, as far as its rules ask.

use std::borrow::Cow;

use diadoc_core::rules::{self, Fields, MessageRule};
use prost_reflect::MessageDescriptor;

use crate::Span;
use crate::field_rules::is_secret;
use crate::plan::Plan;

/// What has been read of a message.
#[derive(Debug, Clone)]
pub(crate) struct Given<'t> {
    message: Message<'t>,
    fields: Vec<Field<'t>>,
}

/// What knows the fields of a message.
#[derive(Debug, Clone)]
enum Message<'t> {
    Plan(&'t Plan),
    Descriptor(MessageDescriptor),
}

#[derive(Debug, Clone)]
struct Field<'t> {
    number: u32,
    given: bool,
    text: Option<Cow<'t, str>>,
    messages: Vec<Given<'t>>,
    span: Option<Span>,
    unread: bool,
}

/// What a field holds: whether that counts as given, and what rules may ask of it.
#[derive(Debug, Default)]
pub(crate) struct Held<'t> {
    pub given: bool,
    pub text: Option<Cow<'t, str>>,
    pub messages: Vec<Given<'t>>,
    /// Where its value stands.
    pub span: Option<Span>,
    /// Whether it is of another type, so that nothing can be said of its value.
    pub unread: bool,
}

impl<'t> Held<'t> {
    /// Something of another type.
    pub(crate) fn unread() -> Self {
        Self {
            given: true,
            unread: true,
            ..Self::default()
        }
    }

    /// Something, or nothing.
    pub(crate) fn is(given: bool) -> Self {
        Self {
            given,
            ..Self::default()
        }
    }

    /// A string.
    pub(crate) fn text(text: Cow<'t, str>) -> Self {
        Self {
            given: !text.is_empty(),
            text: Some(text),
            ..Self::default()
        }
    }

    /// A message.
    pub(crate) fn message(message: Given<'t>) -> Self {
        Self {
            given: true,
            messages: vec![message],
            ..Self::default()
        }
    }
}

impl<'t> Given<'t> {
    pub(crate) fn new(plan: &'t Plan) -> Self {
        Self {
            message: Message::Plan(plan),
            fields: Vec::new(),
        }
    }

    /// The same for a message without a plan.
    pub(crate) fn of_descriptor(message: &MessageDescriptor) -> Self {
        Self {
            message: Message::Descriptor(message.clone()),
            fields: Vec::new(),
        }
    }

    /// Whether the field has stood in the body.
    pub(crate) fn has_stood(&self, number: u32) -> bool {
        self.fields.iter().any(|field| field.number == number)
    }

    /// Adds what a field holds; of one that stands twice, to what it held.
    pub(crate) fn add(&mut self, number: u32, held: Held<'t>) {
        let Held {
            given,
            text,
            mut messages,
            span,
            unread,
        } = held;
        match self.fields.iter_mut().find(|field| field.number == number) {
            Some(field) => {
                field.given |= given;
                field.unread |= unread;
                field.text = text.or(field.text.take());
                field.messages.append(&mut messages);
            }
            None => self.fields.push(Field {
                number,
                given,
                text,
                messages,
                span,
                unread,
            }),
        }
    }

    /// Where the value of a field stands, and its text, by its name in the schema.
    pub(crate) fn standing(&self, name: &str) -> (Option<Span>, Option<&str>) {
        match self.find(name) {
            Some(field) => (field.span, field.text.as_deref()),
            None => (None, None),
        }
    }

    /// Whether the field of that name in the schema holds a secret.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        match &self.message {
            Message::Plan(plan) => {
                let mut fields = plan.fields.iter();
                fields.any(|field| field.name == name && field.is_secret)
            }
            Message::Descriptor(message) => message
                .get_field_by_name(name)
                .is_some_and(|field| is_secret(&field)),
        }
    }

    /// Whether a rule asks for a value of this message, or of the body around it, that could not be read.
    pub(crate) fn hides(&self, rule: &MessageRule, body: &Self) -> bool {
        rule.terms().any(|term| {
            let of = if term.of_body { body } else { self };
            of.find(term.field).is_some_and(|field| field.unread)
        })
    }

    fn find(&self, name: &str) -> Option<&Field<'t>> {
        let number = match &self.message {
            Message::Plan(plan) => plan.number_of(name)?,
            Message::Descriptor(message) => message.get_field_by_name(name)?.number(),
        };
        self.fields.iter().find(|field| field.number == number)
    }
}

impl Fields for Given<'_> {
    fn name(&self) -> &str {
        match &self.message {
            Message::Plan(plan) => plan.name(),
            Message::Descriptor(message) => message.name(),
        }
    }

    fn field(&self, name: &str) -> rules::Given<'_> {
        match self.find(name) {
            Some(field) if field.given => match &field.text {
                Some(text) => rules::Given::text(text),
                None => rules::Given::Yes,
            },
            _ => rules::Given::No,
        }
    }

    fn messages(&self, name: &str) -> Vec<Box<dyn Fields + '_>> {
        let messages = self.find(name).map_or(&[][..], |field| &field.messages);
        let messages = messages.iter();
        messages
            .map(|message| Box::new(message) as Box<dyn Fields + '_>)
            .collect()
    }
}

/// The fields whose messages the rules look into.
pub(crate) fn looked_into(rules: &[MessageRule]) -> Vec<String> {
    let terms = rules.iter().flat_map(MessageRule::terms);
    let inside = terms.filter(|term| term.inside.is_some());
    inside.map(|term| term.field.to_owned()).collect()
}
