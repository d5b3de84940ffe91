//! Makes an example keep to the rules about several fields.

use diadoc_core::Language;
use diadoc_core::rules::{Demand, MessageRule, Quantity, Term};
use prost_reflect::{Kind, MessageDescriptor};
use serde_json::{Map, Value};

use super::Maker;
use crate::deprecated;
use crate::field_rules::{message_rules, must_be_set};
use crate::given::{Given, Held};

/// No example needs more changes; a schema whose rules contradict each other is given up here.
const MOST_CHANGES: usize = 400;

/// Another box than that of the samples.
const OTHER_BOX: &str = "1c0ffe254cd0408284de7ccb46d86f83@diadoc.ru";

impl Maker {
    /// Changes a body until no rule of a message in it is broken.
    pub(super) fn repair(&mut self, message: &MessageDescriptor, body: &mut Value) {
        for _ in 0..MOST_CHANGES {
            let given = given(message, body);
            if !self.mend_first(message, body, &given) {
                break;
            }
        }
        if !is_request(message) {
            return;
        }
        // To the rules, the body of a request is what is outermost.
        for field in message.fields() {
            if let (Kind::Message(inner), Some(body)) =
                (field.kind(), body.get_mut(field.json_name()))
            {
                self.repair(&inner, body);
            }
        }
    }

    /// Mends the first rule that is broken; whether one was.
    fn mend_first(
        &mut self,
        message: &MessageDescriptor,
        value: &mut Value,
        body: &Given<'_>,
    ) -> bool {
        let own = given(message, value);
        let Some(object) = value.as_object_mut() else {
            return false;
        };
        for rule in message_rules(message) {
            if rule.check(&own, body, Language::English).is_some()
                && self.mend(&rule, message, object, &own, body)
            {
                return true;
            }
        }
        for field in message.fields() {
            let (Kind::Message(inner), Some(value)) =
                (field.kind(), object.get_mut(field.json_name()))
            else {
                continue;
            };
            let mended = match value {
                Value::Array(elements) => elements
                    .iter_mut()
                    .any(|element| self.mend_first(&inner, element, body)),
                value => self.mend_first(&inner, value, body),
            };
            if mended {
                return true;
            }
        }
        false
    }

    fn mend(
        &mut self,
        rule: &MessageRule,
        message: &MessageDescriptor,
        object: &mut Map<String, Value>,
        own: &Given<'_>,
        body: &Given<'_>,
    ) -> bool {
        let terms: Vec<_> = rule.fields.iter().map(|text| Term::parse(text)).collect();
        let given: Vec<_> = terms.iter().filter(|term| term.holds(own, body)).collect();
        match rule.demand {
            Demand::Given(quantity) if given.is_empty() && quantity != Quantity::NoneOf => {
                // What is sent today, where there is a choice.
                let is_current = |term: &&Term<'_>| {
                    let field = message.get_field_by_name(term.field);
                    field.is_none_or(|field| deprecated::of_field(&field).is_none())
                };
                let term = terms.iter().find(is_current).or(terms.first());
                term.is_some_and(|term| self.give(term, message, object))
            }
            Demand::Given(_) => given.last().is_some_and(|term| take(term, message, object)),
            Demand::Differ => given
                .last()
                .is_some_and(|term| put(term, message, object, OTHER_BOX)),
            Demand::Format(format) => given
                .iter()
                .any(|term| put(term, message, object, format.sample())),
        }
    }

    /// Makes a term hold.
    fn give(
        &mut self,
        term: &Term<'_>,
        message: &MessageDescriptor,
        object: &mut Map<String, Value>,
    ) -> bool {
        let Some(field) = message.get_field_by_name(term.field) else {
            return false;
        };
        let key = field.json_name().to_owned();
        let value = match (field.kind(), term.inside.map(Term::parse)) {
            (Kind::Message(inner), Some(inside)) => {
                let mut element = self.message(&inner, true);
                let Some(wanted) = element.as_object_mut() else {
                    return false;
                };
                match inside.values.and_then(|values| values.split('|').next()) {
                    Some(value) => put(&inside, &inner, wanted, value),
                    None => self.give(&inside, &inner, wanted),
                };
                match object.get_mut(&key) {
                    Some(Value::Array(elements)) => {
                        elements.push(element);
                        return true;
                    }
                    _ if field.is_list() => Value::Array(vec![element]),
                    _ => element,
                }
            }
            (Kind::Bool, _) => Value::Bool(true),
            _ => self.field(&field, true),
        };
        object.insert(key, value);
        true
    }
}

/// Whether it is the request of a method, with its parameters and its body as fields.
fn is_request(message: &MessageDescriptor) -> bool {
    let mut services = message.parent_pool().services();
    services.any(|service| service.methods().any(|method| method.input() == *message))
}

/// Makes a term hold no longer.
fn take(term: &Term<'_>, message: &MessageDescriptor, object: &mut Map<String, Value>) -> bool {
    let Some(field) = message.get_field_by_name(term.field) else {
        return false;
    };
    let key = field.json_name();
    if let (Some(inside), Kind::Message(inner), Some(Value::Array(elements))) = (
        term.inside.map(Term::parse),
        field.kind(),
        object.get_mut(key),
    ) {
        elements.retain(|element| {
            let element = given(&inner, element);
            !inside.holds(&element, &element)
        });
        return true;
    }
    if !must_be_set(&field) {
        return object.remove(key).is_some();
    }
    match field.kind() {
        Kind::Bool => object.insert(key.to_owned(), Value::Bool(false)).is_some(),
        _ => false,
    }
}

fn put(
    term: &Term<'_>,
    message: &MessageDescriptor,
    object: &mut Map<String, Value>,
    value: &str,
) -> bool {
    let Some(field) = message.get_field_by_name(term.field) else {
        return false;
    };
    object.insert(field.json_name().to_owned(), value.into());
    true
}

/// What an example gives of a message.
fn given(message: &MessageDescriptor, value: &Value) -> Given<'static> {
    let mut given = Given::of_descriptor(message);
    for field in message.fields() {
        let Some(value) = value.get(field.json_name()) else {
            continue;
        };
        let held = match (field.kind(), value) {
            (Kind::Message(inner), Value::Array(elements)) => Held {
                given: !elements.is_empty(),
                messages: elements
                    .iter()
                    .map(|element| self::given(&inner, element))
                    .collect(),
                ..Held::default()
            },
            (Kind::Message(inner), value) => Held::message(self::given(&inner, value)),
            (_, Value::Array(elements)) => Held::is(!elements.is_empty()),
            (_, Value::Bool(flag)) => Held::is(*flag),
            (_, Value::String(text)) => Held::text(text.clone().into()),
            (_, value) => Held::is(!value.is_null()),
        };
        given.add(field.number(), held);
    }
    given
}
