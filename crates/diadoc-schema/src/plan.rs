//! What validation has to know of a message, worked out once.
//!
//! Options are decoded here, and nowhere while a body is read: the walkers that decide whether there is
//! anything to say, and the validators that say it, take the rules of a field from the same plan.

mod keys;
mod members;
mod plans;
mod rules;
pub(crate) mod table;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use diadoc_core::rules::{FieldRule, FieldValue, MessageRule, Violation};
use diadoc_core::{Language, base64};
use prost_reflect::{Cardinality, DescriptorPool, FieldDescriptor, Kind, MessageDescriptor, Value};

#[cfg(feature = "bundled")]
use crate::Schema;
use crate::computed_keys::{KeyHolds, computed_keys_of};
use crate::contents::ContentKind;
use crate::deprecated::{self, Obsolete};
use crate::field_rules::{content_kind, field_rules, is_secret, message_rules, must_have_content};
use crate::given::{Given, looked_into};
use crate::json::range;
use crate::only_in_json::is_only_in_json;
use crate::protobuf::wire::WireType;
use crate::protobuf::wire_type_of;

pub(crate) use keys::Keys;
pub(crate) use members::Members;
pub(crate) use plans::Plans;
use rules::Test;

/// A key that the server computes, and what it holds.
type Computed = (Cow<'static, str>, KeyHolds);

/// The language of what is found where nobody is told of it.
const UNSAID: Language = Language::English;

/// A bit for each field of a message, by its place in the plan.
pub(crate) type Bits = u128;

/// The last part of a full name.
fn last_name(full_name: &str) -> &str {
    full_name.rsplit('.').next().unwrap_or(full_name)
}

/// A message.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) full_name: Cow<'static, str>,
    descriptor: OnceLock<MessageDescriptor>,
    /// In the order of their numbers.
    pub(crate) fields: Vec<FieldPlan>,
    keys: Keys,
    /// Keys that the server computes, with what they hold.
    computed: (Keys, Vec<Computed>),
    /// The fields that are required.
    pub(crate) required: Bits,
    /// The lists that may not be empty.
    pub(crate) never_empty: Bits,
    /// The lists that have a rule about the number of their elements.
    pub(crate) counted: Bits,
    /// The booleans.
    pub(crate) booleans: Bits,
    pub(crate) rules: Vec<MessageRule>,
    tests: Vec<Test>,
    /// The fields whose messages the rules look into.
    pub(crate) looked_into: Bits,
    /// Whether bits do not tell of all the rules whether they are kept.
    pub(crate) asks_for_values: bool,
    /// That the message should not be sent.
    pub(crate) obsolete: Option<Obsolete>,
    /// Whether the message has more fields than [`Bits`] has bits.
    pub(crate) is_wide: bool,
    /// The field that came after each field the last time, and first of all that which came first.
    next: Vec<AtomicU8>,
    secret_keys: OnceLock<Arc<[String]>>,
}

/// A field.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    /// The full name of the message that has it.
    owner: Cow<'static, str>,
    descriptor: OnceLock<FieldDescriptor>,
    /// Its name in the schema.
    pub(crate) name: Cow<'static, str>,
    /// Its name in JSON.
    pub(crate) key: Cow<'static, str>,
    pub(crate) number: u32,
    pub(crate) shape: Shape,
    pub(crate) is_list: bool,
    pub(crate) is_required: bool,
    /// Whether an empty value counts as none.
    pub(crate) must_have_content: bool,
    pub(crate) rules: Cow<'static, [FieldRule]>,
    pub(crate) content: Option<ContentKind>,
    /// What is obsolete, so that the field should not be set.
    pub(crate) obsolete: Option<Obsolete>,
    pub(crate) wire_type: WireType,
    pub(crate) is_only_in_json: bool,
    /// Whether its values are not shown.
    pub(crate) is_secret: bool,
    /// What JSON has for the default of a field that is required; of a message nothing.
    pub(crate) default: Option<Cow<'static, str>>,
}

/// What a field holds.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A message, by the place of its plan.
    Message(usize),
    /// Entries of a map, which Diadoc's schema has none of.
    Map(usize),
    Bool,
    String,
    Bytes,
    Enum(Members),
    Integer(Kind, RangeInclusive<i128>),
    Float,
}

/// What a plan is made of.
struct Parts {
    full_name: Cow<'static, str>,
    descriptor: OnceLock<MessageDescriptor>,
    /// In the order of their numbers.
    fields: Vec<FieldPlan>,
    computed: Vec<Computed>,
    rules: Vec<MessageRule>,
    obsolete: Option<Obsolete>,
}

impl Plan {
    fn of_descriptor(plans: &Plans, message: &MessageDescriptor) -> Self {
        let computed = computed_keys_of(message).into_iter();
        Self::new(Parts {
            full_name: Cow::Owned(message.full_name().to_owned()),
            descriptor: OnceLock::from(message.clone()),
            fields: message
                .fields()
                .map(|field| FieldPlan::of_descriptor(plans, field))
                .collect(),
            computed: computed.map(|(key, holds)| (key.into(), holds)).collect(),
            rules: message_rules(message),
            obsolete: deprecated::of_message(message),
        })
    }

    fn new(parts: Parts) -> Self {
        let Parts {
            full_name,
            descriptor,
            fields,
            computed,
            rules,
            obsolete,
        } = parts;
        let named = |name: &str| fields.iter().position(|field| field.name == name);
        let keyed = |name: &str| fields.iter().position(|field| field.key == name);
        let bits = |is: &dyn Fn(&FieldPlan) -> bool| {
            let places = fields.iter().zip(0..).filter(|(field, _)| is(field));
            places.fold(0, |bits, (_, place)| bits | bit(place))
        };
        let names = fields.iter().flat_map(|field| [&*field.key, &*field.name]);
        // Where two fields share a name, it is the key of its field.
        let found = names.filter_map(|name| Some((name, keyed(name).or_else(|| named(name))?)));
        let looked_into = looked_into(&rules);
        let tests: Vec<_> = rules.iter().map(|rule| Test::new(rule, named)).collect();
        let keys = computed.iter().map(|(key, _)| &**key);
        Self {
            keys: Keys::new(found),
            computed: (Keys::new(keys.zip(0..)), computed),
            required: bits(&|field| field.is_required),
            never_empty: bits(&|field| field.is_list && !field.keeps(FieldValue::Items(0))),
            counted: bits(&|field| {
                let is_count = |rule: &FieldRule| matches!(rule, FieldRule::Items { .. });
                field.is_list && field.rules.iter().any(is_count)
            }),
            booleans: bits(&|field| matches!(field.shape, Shape::Bool)),
            looked_into: bits(&|field| looked_into.iter().any(|asked| *asked == field.name)),
            asks_for_values: !tests.iter().all(Test::is_exact),
            tests,
            rules,
            obsolete,
            is_wide: fields.len() > Bits::BITS as usize,
            next: (0..=fields.len()).map(|_| AtomicU8::new(0)).collect(),
            secret_keys: OnceLock::new(),
            full_name,
            descriptor,
            fields,
        }
    }

    /// The descriptor of the message.
    pub(crate) fn descriptor(&self) -> &MessageDescriptor {
        self.descriptor
            .get_or_init(|| bundled(|schema| schema.get_message_by_name(&self.full_name)))
    }

    /// The name of the message, without its package.
    pub(crate) fn name(&self) -> &str {
        last_name(&self.full_name)
    }

    /// What is worked out of the fields and rules.
    #[cfg(test)]
    fn worked_out(&self) -> String {
        let bits = [
            self.required,
            self.never_empty,
            self.counted,
            self.booleans,
            self.looked_into,
        ];
        let members = self.fields.iter().filter_map(|field| match &field.shape {
            Shape::Enum(members) => Some((&members.names, &members.members, &members.numbers)),
            _ => None,
        });
        let members: Vec<_> = members.collect();
        let (keys, computed) = (&self.keys, &self.computed);
        let flags = (self.asks_for_values, self.is_wide);
        format!(
            "{bits:?} {members:?} {keys:?} {computed:?} {flags:?} {:?}",
            self.tests
        )
    }

    /// The keys of secrets in the message and in all that lies in it, and the names of their fields.
    pub(crate) fn secret_keys(&self, plans: &Plans) -> Arc<[String]> {
        Arc::clone(self.secret_keys.get_or_init(|| {
            let (mut seen, mut waiting) = (HashSet::new(), vec![self]);
            let mut keys = Vec::new();
            while let Some(plan) = waiting.pop() {
                if !seen.insert(&*plan.full_name) {
                    continue;
                }
                for field in &plan.fields {
                    match field.shape {
                        _ if field.is_secret => {
                            keys.extend([field.key.to_string(), field.name.to_string()]);
                        }
                        Shape::Message(place) | Shape::Map(place) => waiting.push(plans.at(place)),
                        _ => {}
                    }
                }
            }
            keys.sort();
            keys.dedup();
            keys.into()
        }))
    }

    /// The number of the field of that name in the schema.
    pub(crate) fn number_of(&self, name: &str) -> Option<u32> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        Some(field.number)
    }

    /// The place of the field of that key, its name in JSON or its own.
    #[inline]
    pub(crate) fn key(&self, key: &[u8]) -> Option<usize> {
        self.keys.find(key)
    }

    /// What a key holds that the message does not have, if the server is known to compute it.
    pub(crate) fn computed_key(&self, key: &str) -> Option<&KeyHolds> {
        let (keys, all) = &self.computed;
        let (_, holds) = all.get(keys.find(key.as_bytes())?)?;
        Some(holds)
    }

    /// The place of the field that the wire has under a number.
    #[inline]
    pub(crate) fn wire_place(&self, number: u32) -> Option<usize> {
        // Most messages count their fields from 1, without gaps.
        let guess = (number as usize).wrapping_sub(1);
        let is_it = |field: &FieldPlan| field.number == number;
        let place = match self.fields.get(guess) {
            Some(field) if is_it(field) => guess,
            _ => self
                .fields
                .binary_search_by_key(&number, |field| field.number)
                .ok()?,
        };
        (!self.fields[place].is_only_in_json).then_some(place)
    }

    /// The field that followed the one at this place last, of none the first; a guess.
    #[inline]
    pub(crate) fn next(&self, after: Option<usize>) -> usize {
        let next = self.next.get(after.map_or(0, |place| place + 1));
        next.map_or(0, |next| next.load(Ordering::Relaxed).into())
    }

    /// Remembers which field followed.
    pub(crate) fn learn(&self, after: Option<usize>, next: usize) {
        let slot = self.next.get(after.map_or(0, |place| place + 1));
        if let (Some(slot), Ok(next)) = (slot, u8::try_from(next)) {
            slot.store(next, Ordering::Relaxed);
        }
    }

    /// Whether a rule looks into the messages of the field at that place.
    pub(crate) fn looks_into(&self, place: usize) -> bool {
        self.looked_into & bit(place) != 0 || self.is_wide
    }

    /// Holds what is given of a message against its rules, in a body of the message of that name: those
    /// that still ask about the body. None where one is broken. The values may be left out where the
    /// plan does not ask for them.
    fn asking(
        &self,
        given: Bits,
        held: Option<&Given<'_>>,
        body: &str,
    ) -> Option<Vec<&MessageRule>> {
        let mut asking = Vec::new();
        for (rule, test) in self.rules.iter().zip(&self.tests) {
            let is_elsewhere = rule.within.as_deref().is_some_and(|name| name != body);
            if is_elsewhere || !test.may_be_broken(given) {
                continue;
            }
            // Where nobody asks for values, bits have told that the rule is broken.
            let held = held?;
            match rule.is_local() {
                true if rule.check(held, held, UNSAID).is_some() => return None,
                true => {}
                false => asking.push(rule),
            }
        }
        Some(asking)
    }
}

/// Messages with rules that ask about the body around them, until that is read.
#[derive(Debug, Default)]
pub(crate) struct Waiting<'p>(Vec<(Vec<&'p MessageRule>, Given<'p>)>);

impl<'p> Waiting<'p> {
    /// Holds a message against the rules about its fields, as [`Plan::asking`] does; those that ask about
    /// the body wait. None where one is broken.
    #[inline]
    pub(crate) fn add(
        &mut self,
        plan: &'p Plan,
        given: Bits,
        held: Option<&Given<'p>>,
        body: &str,
    ) -> Option<()> {
        let asking = plan.asking(given, held, body)?;
        if let (Some(held), false) = (held, asking.is_empty()) {
            self.0.push((asking, held.clone()));
        }
        Some(())
    }

    /// Whether the body keeps all rules that waited for it.
    pub(crate) fn are_kept(&self, body: &Given<'_>) -> bool {
        self.0.iter().all(|(rules, given)| {
            rules
                .iter()
                .all(|rule| rule.check(given, body, UNSAID).is_none())
        })
    }
}

/// What the schema that comes with this crate has: plans without descriptors are made from its tables.
#[allow(
    clippy::expect_used,
    reason = "tables and descriptors are of one schema"
)]
fn bundled<T>(find: impl FnOnce(&DescriptorPool) -> Option<T>) -> T {
    #[cfg(feature = "bundled")]
    let found = find(Schema::diadoc().pool());
    #[cfg(not(feature = "bundled"))]
    let found = find(&DescriptorPool::new());
    found.expect("the tables are made from this schema")
}

impl FieldPlan {
    fn of_descriptor(plans: &Plans, field: FieldDescriptor) -> Self {
        let shape = match field.kind() {
            Kind::Message(entry) if field.is_map() => Shape::Map(plans.place(&entry)),
            Kind::Message(message) => Shape::Message(plans.place(&message)),
            Kind::Bool => Shape::Bool,
            Kind::String => Shape::String,
            Kind::Bytes => Shape::Bytes,
            Kind::Enum(item) => Shape::Enum(Members::of_descriptor(item)),
            kind => match range(&kind) {
                Some(range) => Shape::Integer(kind, range),
                None => Shape::Float,
            },
        };
        Self {
            default: default(&field, &shape),
            shape,
            is_list: field.is_list(),
            is_required: field.cardinality() == Cardinality::Required,
            must_have_content: must_have_content(&field),
            rules: field_rules(&field).into(),
            content: content_kind(&field),
            obsolete: deprecated::of_field(&field),
            wire_type: wire_type_of(&field),
            is_only_in_json: is_only_in_json(&field),
            is_secret: is_secret(&field),
            owner: Cow::Owned(field.parent_message().full_name().to_owned()),
            name: Cow::Owned(field.name().to_owned()),
            key: Cow::Owned(field.json_name().to_owned()),
            number: field.number(),
            descriptor: OnceLock::from(field),
        }
    }

    /// The descriptor of the field.
    pub(crate) fn descriptor(&self) -> &FieldDescriptor {
        self.descriptor.get_or_init(|| {
            bundled(|schema| {
                let message = schema.get_message_by_name(&self.owner)?;
                message.get_field(self.number)
            })
        })
    }

    /// Whether it stands any number of times: a list, or a map.
    pub(crate) fn is_repeated(&self) -> bool {
        self.is_list || matches!(self.shape, Shape::Map(_))
    }

    /// How a value, or the number of elements, goes against the rules of the field.
    pub(crate) fn check(&self, value: FieldValue<'_>, language: Language) -> Vec<Violation> {
        let rules = self.rules.iter();
        rules
            .filter_map(|rule| rule.check(value, language))
            .collect()
    }

    /// Whether a value, or the number of elements, goes against no rule of the field.
    #[inline]
    pub(crate) fn keeps(&self, value: FieldValue<'_>) -> bool {
        let mut rules = self.rules.iter();
        rules.all(|rule| rule.check(value, UNSAID).is_none())
    }
}

/// The default of a required field as JSON.
fn default(field: &FieldDescriptor, shape: &Shape) -> Option<Cow<'static, str>> {
    if field.cardinality() != Cardinality::Required {
        return None;
    }
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let default = match (field.default_value(), shape) {
        (Value::Bool(value), _) => value.to_string(),
        (Value::I32(value), _) => value.to_string(),
        (Value::I64(value), _) => value.to_string(),
        (Value::String(value), _) => text(&value),
        (Value::Bytes(value), _) => {
            let mut encoded = String::new();
            base64::encode(&value, &mut encoded);
            text(&encoded)
        }
        (Value::EnumNumber(number), Shape::Enum(members)) => match members.numbered(number) {
            Some(member) => text(&member.name),
            None => number.to_string(),
        },
        _ => return None,
    };
    Some(default.into())
}

/// The bit of a place; none of one that is too far behind.
#[inline]
pub(crate) fn bit(place: usize) -> Bits {
    u32::try_from(place)
        .ok()
        .and_then(|place| (1 as Bits).checked_shl(place))
        .unwrap_or_default()
}

/// The places of bits.
pub(crate) fn places(mut bits: Bits) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros();
        let some = bits != 0;
        bits &= bits.wrapping_sub(1);
        some.then_some(place as usize)
    })
}
