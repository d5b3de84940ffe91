//! Bodies at the bounds of the rules of their messages: valid ones, and ones that break just one rule.
//!
//! They come from the rules that the schema states, read here once more, and are the same each time.
//!
//! ```
//! use diadoc_schema::{Direction, Schema, validate_json};
//! use diadoc_testkit::bounds::Bounds;
//!
//! let message = Schema::diadoc().message("Diadoc.Api.Proto.Docflow.SearchDocflowsRequest")?;
//! for case in Bounds::of(&message).values() {
//!     let report = validate_json(&message, case.content.as_bytes(), Direction::Request);
//!     assert_eq!(report.has_errors(), case.fault.is_some());
//! }
//! # Ok::<(), diadoc_schema::SchemaError>(())
//! ```

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "rules name what their schema has, which is checked where it is made"
)]

mod places;
mod sets;
mod values;
mod wire;

use std::collections::BTreeSet;
use std::fmt;

use diadoc_core::rules::{Evidence, FieldRule, Rule};
use diadoc_schema::{MessageRule, field_rules, message_rules, must_have_content};
use prost_reflect::{Cardinality, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Value, json};

pub use sets::{broken, is_of, spoilt};

use places::{Place, Places};

/// A body, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case<C> {
    /// The body: JSON as text, or protobuf.
    pub content: C,
    /// The one rule that it breaks; none where it is valid.
    pub fault: Option<Fault>,
}

/// A rule that is broken, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The rule.
    pub rule: Rule,
    /// The place, as reports name it: `DocumentAttachments[0].Comment`.
    pub path: String,
    /// Whether the server is known to refuse it, or to drop what is wrong.
    pub is_proven: bool,
}

/// `field.length DocumentAttachments[0].Comment`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.rule, self.path)
    }
}

/// What stands for a key in a body until it is text, so that the key can stand there twice.
const TWIN: &str = "\u{1}twin";

/// The bodies of one message.
#[derive(Debug)]
pub struct Bounds(Places);

impl Bounds {
    /// Of a message and of all those in it: each in one place at least, and by each way that leads to it.
    pub fn of(message: &MessageDescriptor) -> Self {
        Self(Places::of(message, true))
    }

    /// Of a message without those in it.
    pub fn of_itself(message: &MessageDescriptor) -> Self {
        Self(Places::of(message, false))
    }

    /// JSON of which the values, and the fields that are given, are at the bounds of the rules. Whatever
    /// reads Diadoc's JSON reads these bodies. A rule is left out where no body breaks it alone.
    pub fn values(&self) -> Vec<Case<String>> {
        let places = &self.0;
        let mut cases = Vec::new();
        for inner in places.messages() {
            for field in inner.fields() {
                cases.extend(of_field(places, &inner, &field));
            }
            cases.extend(of_sets(places, &inner));
        }
        for place in places.other_ways() {
            let fields: Vec<_> = place.message.fields().collect();
            let mut all = fields
                .iter()
                .flat_map(|field| of_field_at(places, place, field).0);
            cases.extend(all.find(|case| case.fault.is_some()));
        }
        cases
    }

    /// JSON with an unknown key, a key twice, a name that its enum does not have, or without a required
    /// field.
    pub fn keys(&self) -> Vec<Case<String>> {
        let messages = self.0.messages();
        let cases = messages.iter().flat_map(|inner| of_keys(&self.0, inner));
        cases.collect()
    }

    /// Protobuf with an unknown field, without a required one, with one twice that is no list, or with a
    /// number that its enum does not have. The message is one of diadoc-proto.
    pub fn wire(&self) -> Vec<Case<Vec<u8>>> {
        let messages = self.0.messages();
        let cases = messages.iter().flat_map(|inner| wire::of(&self.0, inner));
        cases.collect()
    }
}

fn of_keys(places: &Places, message: &MessageDescriptor) -> Vec<Case<String>> {
    let Some(place) = places.largest(message) else {
        return Vec::new();
    };
    let mut cases = Vec::new();
    let mut add = |rule, path: String, body: Option<String>| {
        let fault = Fault::new(rule, path);
        cases.extend(body.map(|content| Case {
            content,
            fault: Some(fault),
        }));
    };
    let has_known = place
        .object(places)
        .as_object()
        .is_some_and(|object| !object.is_empty());
    // Of an object that has no other key it is said that it is another message.
    if has_known {
        let unknown = places.text(place, |object| {
            object["NotInTheSchema"] = json!({"Inside": [1]});
        });
        add(Rule::JsonUnknownKey, place.at("NotInTheSchema"), unknown);
    }
    let mut is_twice = false;
    for field in message.fields() {
        let key = field.json_name();
        let Some(value) = place.object(places).get(key) else {
            continue;
        };
        if !is_twice {
            is_twice = true;
            let text = places.text(place, |object| object[TWIN] = value.clone());
            let (twin, key_text) = (json!(TWIN).to_string(), json!(key).to_string());
            let text = text.map(|text| text.replace(&twin, &key_text));
            add(Rule::JsonDuplicateKey, place.at(key), text);
        }
        if let (Kind::Enum(_), false) = (field.kind(), field.is_list()) {
            let text = places.text(place, |object| object[key] = json!("FromTheFuture"));
            add(Rule::JsonEnumName, place.at(key), text);
        }
        if is_needed(&field) {
            add(
                Rule::JsonRequired,
                place.at(key),
                places.without(place, key),
            );
        }
    }
    cases
}

/// Whether a request must have the field: an absent boolean is false.
fn is_needed(field: &FieldDescriptor) -> bool {
    field.cardinality() == Cardinality::Required && field.kind() != Kind::Bool
}

impl Fault {
    fn new(rule: Rule, path: String) -> Self {
        Self {
            rule,
            path,
            is_proven: true,
        }
    }
}

/// The cases of a field, in the first place where the rest of the body lets it have all its values, or most
/// of them.
fn of_field(
    places: &Places,
    message: &MessageDescriptor,
    field: &FieldDescriptor,
) -> Vec<Case<String>> {
    let mut most = Vec::new();
    for place in places.of_message(message) {
        let (cases, is_all) = of_field_at(places, place, field);
        if cases.len() > most.len() || is_all {
            most = cases;
        }
        if is_all {
            break;
        }
    }
    most
}

/// The cases of a field in one place, and whether the rest of the body allows all of them.
fn of_field_at(
    places: &Places,
    place: &Place,
    field: &FieldDescriptor,
) -> (Vec<Case<String>>, bool) {
    let rules = field_rules(field);
    let mut is_all = true;
    let (key, is_list) = (field.json_name(), field.is_list());
    let mut cases = Vec::new();
    let mut add = |value: Value, inner: Option<usize>, rule: Option<&FieldRule>| {
        let path = match inner {
            Some(index) => format!("{}[{index}]", place.at(key)),
            None => place.at(key),
        };
        let fault = rule.map(|rule| Fault {
            is_proven: !matches!(rule, FieldRule::Values(_)),
            ..Fault::new(rule.rule(), path)
        });
        let content = places.text(place, |object| object[key] = value);
        is_all &= content.is_some();
        cases.extend(content.map(|content| Case { content, fault }));
    };
    for rule in &rules {
        let others = |other: &&FieldRule| *other != rule;
        let fits_others = |value: &Value| {
            let mut others = rules.iter().filter(others);
            let is_empty = must_have_content(field) && value == "";
            !is_empty && others.all(|other| values::fits(other, value))
        };
        if let FieldRule::Items { min, max } = rule {
            let one = values::element(place.object(places), field);
            let list = |length: u32| -> Value { (0..length).map(|_| one.clone()).collect() };
            for length in min.iter().chain(max) {
                add(list(*length), None, None);
            }
            // A list that lacks its elements may be absent as well.
            for length in min
                .and_then(|min| min.checked_sub(1))
                .into_iter()
                .chain(max.map(|max| max + 1))
            {
                add(list(length), None, Some(rule));
            }
            continue;
        }
        let near = values::near(rule, field);
        for (values, broken) in [(near.valid, None), (near.broken, Some(rule))] {
            for value in values.into_iter().filter(|value| fits_others(value)) {
                match is_list {
                    true => {
                        let first = values::element(place.object(places), field);
                        add(json!([first, value]), Some(1), broken);
                    }
                    false => add(value, None, broken),
                }
            }
        }
    }
    if must_have_content(field) && rules.iter().all(|rule| values::fits(rule, &json!(""))) {
        let content = places.text(place, |object| object[key] = json!(""));
        is_all &= content.is_some();
        cases.extend(content.map(|content| Case {
            content,
            fault: Some(Fault::new(Rule::FieldEmpty, place.at(key))),
        }));
    }
    (cases, is_all)
}

/// The rules about several fields of a message, each broken alone, and kept to where its fields are given
/// in another way.
fn of_sets(places: &Places, message: &MessageDescriptor) -> Vec<Case<String>> {
    let mut cases = Vec::new();
    // Of a rule about the body around a message there may be nothing here.
    let is_of_body = |rule: &MessageRule| {
        let mut terms = rule.terms().filter(|term| term.of_body);
        let is_within = |name: &str| name == places.message.name();
        rule.within.as_deref().is_none_or(is_within)
            && terms.all(|term| places.message.get_field_by_name(term.field).is_some())
    };
    for rule in message_rules(message).into_iter().filter(is_of_body) {
        let mut kept = BTreeSet::new();
        let mut is_broken = false;
        for body in places.bodies() {
            for spoilt in spoilt(&places.message, body, message, &rule) {
                let faults = places.broken(&spoilt);
                match faults.as_slice() {
                    [] if kept.len() < 2 && values::lacks_nothing(&places.message, &spoilt) => {
                        kept.insert(spoilt.to_string());
                    }
                    [fault]
                        if !is_broken
                            && is_of(&places.message, &spoilt, message, &rule)
                            && values::lacks_nothing(&places.message, &spoilt) =>
                    {
                        is_broken = true;
                        let path = fault.split_once(' ').map_or("", |(_, path)| path);
                        let fault = Fault {
                            is_proven: rule.evidence != Evidence::Open,
                            ..Fault::new(rule.rule(), path.to_owned())
                        };
                        cases.push(Case {
                            content: spoilt.to_string(),
                            fault: Some(fault),
                        });
                    }
                    _ => {}
                }
            }
            if is_broken {
                break;
            }
        }
        cases.extend(kept.into_iter().map(|content| Case {
            content,
            fault: None,
        }));
    }
    cases
}
