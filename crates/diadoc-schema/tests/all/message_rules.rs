//! The rules about several fields of a message, computed once more over values of JSON: what the
//! validator finds is held against that.

use diadoc_core::rules::{Demand, Quantity};
use diadoc_schema::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use diadoc_schema::{
    Direction, Effect, Evidence, Example, MessageRule, Schema, example, message_rules,
    validate_json,
};
use serde_json::{Value, json};

use crate::SplitMix64;
use crate::properties::seeds;

/// A body and its message.
type Whole<'a> = (&'a MessageDescriptor, &'a Value);

/// `rule path` of each rule that a body breaks, at any depth.
pub(crate) fn broken(message: &MessageDescriptor, body: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    visit(message, body, "", &mut |inner, value, path| {
        for rule in message_rules(inner) {
            broken.extend(breaks(&rule, (inner, value), (message, body), path));
        }
    });
    broken
}

fn visit(
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

fn join(path: &str, key: &str) -> String {
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

/// What the validator finds of such rules.
fn found(message: &MessageDescriptor, body: &Value) -> Vec<String> {
    let report = validate_json(message, body.to_string().as_bytes(), Direction::Request);
    let findings = report.findings.iter();
    let of_messages = findings.filter(|finding| finding.rule.id().starts_with("message."));
    of_messages
        .map(|finding| format!("{} {}", finding.rule, finding.path))
        .collect()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// Each rule of a request that depends on values, broken alone: that finding, and no other of the kind.
#[test]
fn each_rule_broken_alone_is_found_alone() {
    let schema = Schema::diadoc();
    let mut missing = Vec::new();
    let bodies: Vec<_> = schema
        .messages()
        .filter(|message| schema.directions(message).only() == Some(Direction::Request))
        .collect();
    let mut tried = 0;
    for message in schema.messages() {
        let outside = |rule: &MessageRule| {
            let mut bodies = bodies.iter();
            let within = rule.within.as_deref();
            bodies
                .find(|body| within == Some(body.name()))
                .unwrap_or(&message)
                .clone()
        };
        for rule in message_rules(&message) {
            if !matches!(rule.demand, Demand::Given(_) | Demand::Differ) {
                continue;
            }
            let body = outside(&rule);
            let alone = (0..60).flat_map(|seed| {
                let valid = example(&body, Example::Random(seed));
                spoilt(&body, &valid, &message, &rule)
            });
            let mut alone = alone.filter(|spoilt| broken(&body, spoilt).len() == 1);
            let Some(spoilt) = alone.find(|spoilt| is_of(&body, spoilt, &message, &rule)) else {
                missing.push(format!("{}: {}", message.full_name(), rule.phrase()));
                continue;
            };
            tried += 1;
            assert_eq!(found(&body, &spoilt), broken(&body, &spoilt), "{spoilt}");
            let report = validate_json(&body, spoilt.to_string().as_bytes(), Direction::Request);
            let of_messages =
                |finding: &&diadoc_schema::Finding| finding.rule.id().starts_with("message.");
            let finding = report.findings.iter().find(of_messages).unwrap();
            let expected = match rule.evidence {
                Evidence::Open => Effect::Unproven,
                _ => Effect::Refused,
            };
            assert_eq!(finding.effect, expected, "{}", rule.phrase());
        }
    }
    assert_eq!(missing, [""; 0]);
    assert!(tried > 40, "{tried}");
}

/// Whether the one rule that a body breaks is that rule of that message.
fn is_of(
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
fn spoilt(
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

/// Over random bodies from which anything may be missing, the validator finds what is computed here.
#[test]
fn the_validator_agrees_over_spoilt_bodies() {
    let schema = Schema::diadoc();
    let mut broken_ones = 0;
    for message in schema.messages() {
        for seed in seeds().chain(100..102) {
            let mut body = example(&message, Example::Random(seed));
            let before = body.clone();
            let mut random = SplitMix64(seed);
            thin(&mut body, &mut |one_of| random.below(one_of) == 0);
            let expected = sorted(broken(&message, &body));
            broken_ones += expected.len();
            assert_eq!(
                sorted(found(&message, &body)),
                expected,
                "{body} from {before}"
            );
        }
    }
    assert!(broken_ones > 100, "{broken_ones}");
}

/// Leaves out members, and empties strings and booleans.
fn thin(value: &mut Value, chance: &mut dyn FnMut(usize) -> bool) {
    match value {
        Value::Object(object) => {
            object.retain(|_, _| !chance(5));
            object.values_mut().for_each(|value| thin(value, chance));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|value| thin(value, chance)),
        Value::Bool(flag) if chance(3) => *flag = !*flag,
        Value::String(text) if chance(8) => text.clear(),
        _ => {}
    }
}
