//! The rules about several fields of a message, computed once more over values of JSON, apart from those
//! who keep them.

use std::rc::Rc;

use diadoc_core::rules::{Demand, MessageRule, Quantity};
use diadoc_schema::{Example, example, message_rules};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Value, json};

/// A body and its message.
type Whole<'a> = (&'a MessageDescriptor, &'a Value);

/// `rule path` of each rule that a body breaks, at any depth.
pub fn broken(message: &MessageDescriptor, body: &Value) -> Vec<String> {
    broken_of(message, body, &|inner| message_rules(inner).into())
}

/// The same, where the rules of a message are at hand.
pub(super) fn broken_of(
    message: &MessageDescriptor,
    body: &Value,
    rules: &dyn Fn(&MessageDescriptor) -> Rc<[MessageRule]>,
) -> Vec<String> {
    let mut broken = Vec::new();
    visit(message, body, "", &mut |inner, value, path| {
        for rule in rules(inner).iter() {
            broken.extend(breaks(rule, (inner, value), (message, body), path));
        }
    });
    broken
}

pub(super) fn visit(
    message: &MessageDescriptor,
    value: &Value,
    path: &str,
    see: &mut dyn FnMut(&MessageDescriptor, &Value, &str),
) {
    let Some(object) = value.as_object() else {
        return;
    };
    see(message, value, path);
    for (key, value) in object {
        let Some(field) = message.get_field_by_json_name(key) else {
            continue;
        };
        let Kind::Message(inner) = field.kind() else {
            continue;
        };
        let path = join(path, key);
        match value {
            Value::Array(elements) if field.is_list() => {
                for (index, element) in elements.iter().enumerate() {
                    visit(&inner, element, &format!("{path}[{index}]"), see);
                }
            }
            value => visit(&inner, value, &path, see),
        }
    }
}

pub(super) fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// The finding of a rule that a message in a body breaks.
fn breaks(rule: &MessageRule, own: Whole<'_>, body: Whole<'_>, path: &str) -> Option<String> {
    let holds = |term: &str| holds(term, own, body);
    let is_within = |name: &str| name == body.0.name();
    if !rule.within.as_deref().is_none_or(is_within) {
        return None;
    }
    // Nobody knows what was meant by a value of another type.
    let is_unread = |term: &str| match term.strip_prefix('/') {
        Some(term) => is_of_another_type(field_of(body, term)),
        None => is_of_another_type(field_of(own, term)),
    };
    let mut terms = rule
        .fields
        .iter()
        .chain(rule.when.iter())
        .chain(rule.unless.iter());
    if terms.any(|term| is_unread(term)) {
        return None;
    }
    let applies =
        rule.when.iter().all(|term| holds(term)) && !rule.unless.iter().any(|term| holds(term));
    if !applies {
        return None;
    }
    let given: Vec<&str> = rule
        .fields
        .iter()
        .map(AsRef::as_ref)
        .filter(|term| holds(term))
        .collect();
    let at = |term: &str| {
        let name = term.split(['[', '=']).next().unwrap();
        join(path, own.0.get_field_by_name(name).unwrap().json_name())
    };
    let text = |term: &str| field_of(own, term).1.and_then(Value::as_str);
    let place = match (rule.demand, given.as_slice()) {
        (Demand::Given(Quantity::AnyOf), []) if rule.fields.len() == 1 => at(&rule.fields[0]),
        (Demand::Given(Quantity::AnyOf | Quantity::OneOf), []) => path.to_owned(),
        (Demand::Given(Quantity::OneOf | Quantity::Excludes), [_, _, ..]) => path.to_owned(),
        (Demand::Given(Quantity::NoneOf), [one]) => at(one),
        (Demand::Given(Quantity::NoneOf), [_, _, ..]) => path.to_owned(),
        (Demand::Differ, [one, other]) if text(one).is_some() && text(one) == text(other) => {
            at(other)
        }
        (Demand::Format(format), [one])
            if text(one).is_some_and(|text| !format.fits_text(text)) =>
        {
            at(one)
        }
        _ => return None,
    };
    Some(format!("{} {place}", rule.rule()))
}

/// The field that a term is about, and its value.
fn field_of<'v>((message, value): Whole<'v>, term: &str) -> (FieldDescriptor, Option<&'v Value>) {
    let name = term.split(['[', '=']).next().unwrap();
    let field = message.get_field_by_name(name).unwrap();
    let value = value.get(field.json_name());
    (field, value)
}

fn is_of_another_type((field, value): (FieldDescriptor, Option<&Value>)) -> bool {
    let fits = |value: &Value| match field.kind() {
        _ if field.is_list() => value.is_array(),
        Kind::Message(_) => value.is_object(),
        Kind::Bool => value.is_boolean(),
        Kind::String | Kind::Bytes | Kind::Enum(_) => value.is_string(),
        _ => value.is_number() || value.is_string(),
    };
    value.is_some_and(|value| !value.is_null() && !fits(value))
}

fn holds(term: &str, own: Whole<'_>, body: Whole<'_>) -> bool {
    let (of, term) = match term.strip_prefix('/') {
        Some(term) => (body, term),
        None => (own, term),
    };
    let (field, value) = field_of(of, term);
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return false;
    };
    if let Some((_, inside)) = term.split_once('[') {
        let inside = inside.strip_suffix(']').unwrap();
        let inner = field.kind();
        let inner = inner.as_message().unwrap();
        let one = std::slice::from_ref(value);
        let values = value.as_array().map_or(one, Vec::as_slice);
        return values
            .iter()
            .any(|value| holds(inside, (inner, value), body));
    }
    if let Some((_, wanted)) = term.split_once('=') {
        let Some(text) = value.as_str().map(str::to_lowercase) else {
            return false;
        };
        let fits = |wanted: &str| match wanted.strip_prefix('*') {
            Some(end) => text.ends_with(&end.to_lowercase()),
            None => text == wanted.to_lowercase(),
        };
        return wanted.split('|').any(fits);
    }
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        _ => true,
    }
}

/// Whether the one rule that a body breaks is that rule of that message.
pub fn is_of(
    body: &MessageDescriptor,
    value: &Value,
    message: &MessageDescriptor,
    rule: &MessageRule,
) -> bool {
    let mut is = false;
    visit(body, value, "", &mut |inner, value_of, path| {
        if inner == message {
            is |= breaks(rule, (inner, value_of), (body, value), path).is_some();
        }
    });
    is
}

/// Bodies in which the fields of a rule are given or left out in other ways, in each message that has
/// it, and the conditions are made to hold.
pub fn spoilt(
    body: &MessageDescriptor,
    valid: &Value,
    message: &MessageDescriptor,
    rule: &MessageRule,
) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect(body, valid, String::new(), message, &mut pointers);
    let mut all = Vec::new();
    for pointer in pointers {
        let mut base = valid.clone();
        for (terms, hold) in [(&rule.when, true), (&rule.unless, false)] {
            for term in terms.iter() {
                let (message, pointer) = match term.strip_prefix('/') {
                    Some(_) => (body, ""),
                    None => (message, pointer.as_str()),
                };
                set(message, base.pointer_mut(pointer).unwrap(), term, hold);
            }
        }
        let fields = &rule.fields;
        let choices: Vec<Vec<bool>> = match rule.demand {
            Demand::Given(Quantity::AnyOf) => vec![vec![false; fields.len()]],
            Demand::Given(Quantity::NoneOf) => (0..fields.len())
                .map(|given| (0..fields.len()).map(|field| field == given).collect())
                .collect(),
            _ => {
                let two = (0..fields.len()).map(|field| field < 2).collect();
                vec![vec![false; fields.len()], two]
            }
        };
        for choice in choices {
            let mut changed = base.clone();
            let object = changed.pointer_mut(&pointer).unwrap();
            for (term, give) in fields.iter().zip(choice) {
                set(message, object, term, give);
            }
            all.push(changed);
        }
    }
    all
}

fn collect(
    of: &MessageDescriptor,
    value: &Value,
    pointer: String,
    wanted: &MessageDescriptor,
    pointers: &mut Vec<String>,
) {
    let Some(object) = value.as_object() else {
        return;
    };
    if of == wanted {
        pointers.push(pointer.clone());
    }
    for (key, value) in object {
        let Some(field) = of.get_field_by_json_name(key) else {
            continue;
        };
        let Kind::Message(inner) = field.kind() else {
            continue;
        };
        match value {
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let pointer = format!("{pointer}/{key}/{index}");
                    collect(&inner, element, pointer, wanted, pointers);
                }
            }
            value => collect(&inner, value, format!("{pointer}/{key}"), wanted, pointers),
        }
    }
}

/// Makes a term hold in an object, or not.
fn set(message: &MessageDescriptor, object: &mut Value, term: &str, hold: bool) {
    let term = term.strip_prefix('/').unwrap_or(term);
    let name = term.split(['[', '=']).next().unwrap();
    let field = message.get_field_by_name(name).unwrap();
    let key = field.json_name();
    let object = object.as_object_mut().unwrap();
    if !hold {
        // A condition may ask for the messages that are looked into.
        match (field.kind(), term.split_once('['), object.get_mut(key)) {
            (Kind::Message(inner), Some((_, inside)), Some(value)) if !inside.contains('=') => {
                let inside = inside.strip_suffix(']').unwrap();
                match value {
                    Value::Array(elements) => elements
                        .iter_mut()
                        .for_each(|element| set(&inner, element, inside, false)),
                    value => set(&inner, value, inside, false),
                }
            }
            // A boolean that is required has to stand there: false is none.
            _ if field.kind() == Kind::Bool && field.cardinality() == Cardinality::Required => {
                object.insert(key.to_owned(), json!(false));
            }
            _ => drop(object.remove(key)),
        }
        return;
    }
    let one = match (field.kind(), term.split_once('[')) {
        (Kind::Message(inner), inside) => {
            let mut element = example(&inner, Example::Minimal);
            if let Some((_, inside)) = inside {
                set(
                    &inner,
                    &mut element,
                    inside.strip_suffix(']').unwrap(),
                    true,
                );
            }
            element
        }
        (Kind::Bool, _) => json!(true),
        (Kind::Bytes, _) => json!("MIIB"),
        (Kind::String, _) => match term.split_once('=') {
            Some((_, values)) => json!(values.split('|').next().unwrap().replace('*', "Contract")),
            None if name.ends_with("BoxId") => json!("5b1f0c7a-2d3e-4f60-9182-73645a6b7c8d"),
            None => json!("bcd62464-5b5d-44ff-93b0-ec6981b7cefe"),
        },
        _ => json!(1),
    };
    let value = match field.is_list() {
        true => json!([one]),
        false => one,
    };
    object.insert(key.to_owned(), value);
}
