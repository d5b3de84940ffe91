//! What validation has to know of a message, worked out once.
//!
//! Options are decoded here, and nowhere while a body is read: the walkers that decide whether there is
//! anything to say, and the validators that say it, take the rules of a field from the same plan.

mod keys;
mod rules;

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU8, Ordering};
#[cfg(feature = "bundled")]
use std::sync::LazyLock;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use diadoc_core::base64;
use diadoc_core::rules::{FieldRule, FieldValue, MessageRule, Violation};
use prost_reflect::{
    Cardinality, DescriptorPool, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value,
};

use crate::computed_keys::computed_keys_of;
use crate::contents::ContentKind;
use crate::field_rules::{content_kind, field_rules, message_rules, must_have_content};
use crate::given::{Given, looked_into};
use crate::json::range;
use crate::only_in_json::is_only_in_json;
use crate::protobuf::wire::WireType;
use crate::protobuf::wire_type_of;
use crate::{Schema, deprecated, enums};

pub(crate) use keys::Keys;
use rules::Test;

/// A bit for each field of a message, by its place in the plan.
pub(crate) type Bits = u128;

/// The plans of a pool, each made when it is first asked for.
#[derive(Debug)]
pub(crate) struct Plans {
    schema: Schema,
    places: HashMap<String, usize>,
    plans: Vec<(MessageDescriptor, OnceLock<Plan>)>,
}

impl Plans {
    /// The plans of a pool. Those of the few pools that were asked for last are kept.
    pub(crate) fn of(pool: &DescriptorPool) -> Arc<Self> {
        const MOST_KEPT: usize = 8;
        static KEPT: Mutex<Vec<Arc<Plans>>> = Mutex::new(Vec::new());

        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.iter().position(|plans| plans.schema.pool() == pool) {
            Some(0) => {}
            Some(place) => kept[..=place].rotate_right(1),
            None => {
                kept.truncate(MOST_KEPT - 1);
                kept.insert(0, Arc::new(Self::new(pool)));
            }
        }
        Arc::clone(&kept[0])
    }

    /// The plans of the schema that comes with this crate.
    #[cfg(feature = "bundled")]
    pub(crate) fn diadoc() -> &'static Arc<Self> {
        static PLANS: LazyLock<Arc<Plans>> = LazyLock::new(|| Plans::of(Schema::diadoc().pool()));
        &PLANS
    }

    fn new(pool: &DescriptorPool) -> Self {
        let messages: Vec<_> = pool.all_messages().collect();
        let names = messages
            .iter()
            .map(|message| message.full_name().to_owned());
        Self {
            schema: Schema::of_pool(pool),
            places: names.zip(0..).collect(),
            plans: messages
                .into_iter()
                .map(|message| (message, OnceLock::new()))
                .collect(),
        }
    }

    /// The pool as a schema, whose lists are made once.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The plan at a place that [`Shape::Message`] names.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> &Plan {
        let (message, plan) = &self.plans[place];
        plan.get_or_init(|| Plan::new(self, message))
    }

    /// The place of a message of the pool.
    pub(crate) fn place(&self, message: &MessageDescriptor) -> usize {
        // Every message of a pool is in the list that the places were made from.
        self.places[message.full_name()]
    }

    /// The place of the message of that full name.
    #[cfg(feature = "bundled")]
    pub(crate) fn find(&self, full_name: &str) -> Option<usize> {
        self.places.get(full_name).copied()
    }
}

/// A message.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) descriptor: MessageDescriptor,
    /// In the order of their numbers.
    pub(crate) fields: Vec<FieldPlan>,
    keys: Keys,
    /// Keys that the server computes, with what they hold.
    computed: (Keys, Vec<String>),
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
    /// Why the message should not be sent.
    pub(crate) obsolete: Option<String>,
    /// Whether the message has more fields than [`Bits`] has bits.
    pub(crate) is_wide: bool,
    /// The field that came after each field the last time, and first of all that which came first.
    next: Vec<AtomicU8>,
}

/// A field.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    pub(crate) descriptor: FieldDescriptor,
    /// Its name in JSON.
    pub(crate) key: Box<str>,
    pub(crate) number: u32,
    pub(crate) shape: Shape,
    pub(crate) is_list: bool,
    pub(crate) is_required: bool,
    /// Whether an empty value counts as none.
    pub(crate) must_have_content: bool,
    pub(crate) rules: Vec<FieldRule>,
    pub(crate) content: Option<ContentKind>,
    /// Why the field should not be set.
    pub(crate) obsolete: Option<String>,
    pub(crate) wire_type: WireType,
    pub(crate) is_only_in_json: bool,
    /// What JSON has for the default of a field that is required; of a message nothing.
    pub(crate) default: Option<Box<str>>,
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

/// The members of an enum.
#[derive(Debug)]
pub(crate) struct Members {
    pub(crate) descriptor: EnumDescriptor,
    names: Keys,
    members: Vec<Member>,
    /// The place of the first member of each number, in the order of the numbers.
    numbers: Vec<(i32, usize)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) number: i32,
    /// Whether it is the name that JSON writes for its number.
    pub(crate) is_first: bool,
    /// Whether its number should not be sent.
    pub(crate) is_obsolete: bool,
}

impl Plan {
    fn new(plans: &Plans, message: &MessageDescriptor) -> Self {
        let fields: Vec<_> = message
            .fields()
            .map(|field| FieldPlan::new(plans, field))
            .collect();
        let place = |number: u32| {
            fields
                .binary_search_by_key(&number, |field| field.number)
                .ok()
        };
        let bits = |is: &dyn Fn(&FieldPlan) -> bool| {
            let places = fields.iter().zip(0..).filter(|(field, _)| is(field));
            places.fold(0, |bits, (_, place)| bits | bit(place))
        };
        let names = fields.iter().flat_map(|field| {
            let field = &field.descriptor;
            [field.json_name(), field.name()]
        });
        let found = names.filter_map(|name| {
            let field = message.get_field_by_json_name(name);
            let field = field.or_else(|| message.get_field_by_name(name))?;
            Some((name, place(field.number())?))
        });
        let (computed, holds): (Vec<_>, Vec<_>) = computed_keys_of(message).into_iter().unzip();
        let rules = message_rules(message);
        let looked_into = looked_into(&rules);
        let tests: Vec<_> = rules
            .iter()
            .map(|rule| {
                Test::new(rule, |name| {
                    place(message.get_field_by_name(name)?.number())
                })
            })
            .collect();
        Self {
            keys: Keys::new(found),
            computed: (
                Keys::new(computed.iter().map(String::as_str).zip(0..)),
                holds,
            ),
            required: bits(&|field| field.is_required),
            never_empty: bits(&|field| field.is_list && !field.keeps(FieldValue::Items(0))),
            counted: bits(&|field| {
                let is_count = |rule: &FieldRule| matches!(rule, FieldRule::Items { .. });
                field.is_list && field.rules.iter().any(is_count)
            }),
            booleans: bits(&|field| matches!(field.shape, Shape::Bool)),
            looked_into: bits(&|field| {
                let name = field.descriptor.name();
                looked_into.iter().any(|asked| asked == name)
            }),
            asks_for_values: !tests.iter().all(Test::is_exact),
            tests,
            rules,
            obsolete: deprecated::of_message(message),
            is_wide: fields.len() > Bits::BITS as usize,
            next: (0..=fields.len()).map(|_| AtomicU8::new(0)).collect(),
            descriptor: message.clone(),
            fields,
        }
    }

    /// The place of the field of that key, its name in JSON or its own.
    #[inline]
    pub(crate) fn key(&self, key: &[u8]) -> Option<usize> {
        self.keys.find(key)
    }

    /// What a key holds that the message does not have, if the server is known to compute it.
    pub(crate) fn computed_key(&self, key: &str) -> Option<&str> {
        let (keys, holds) = &self.computed;
        Some(&holds[keys.find(key.as_bytes())?])
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
                true if rule.check(held, held).is_some() => return None,
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
        self.0
            .iter()
            .all(|(rules, given)| rules.iter().all(|rule| rule.check(given, body).is_none()))
    }
}

impl FieldPlan {
    fn new(plans: &Plans, field: FieldDescriptor) -> Self {
        let shape = match field.kind() {
            Kind::Message(entry) if field.is_map() => Shape::Map(plans.place(&entry)),
            Kind::Message(message) => Shape::Message(plans.place(&message)),
            Kind::Bool => Shape::Bool,
            Kind::String => Shape::String,
            Kind::Bytes => Shape::Bytes,
            Kind::Enum(item) => Shape::Enum(Members::new(item)),
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
            rules: field_rules(&field),
            content: content_kind(&field),
            obsolete: deprecated::of_field(&field),
            wire_type: wire_type_of(&field),
            is_only_in_json: is_only_in_json(&field),
            key: field.json_name().into(),
            number: field.number(),
            descriptor: field,
        }
    }

    /// Whether it stands any number of times: a list, or a map.
    pub(crate) fn is_repeated(&self) -> bool {
        self.is_list || matches!(self.shape, Shape::Map(_))
    }

    /// How a value, or the number of elements, goes against the rules of the field.
    pub(crate) fn check(&self, value: FieldValue<'_>) -> Vec<Violation> {
        let violations = self.rules.iter().filter_map(|rule| rule.check(value));
        violations.collect()
    }

    /// Whether a value, or the number of elements, goes against no rule of the field.
    #[inline]
    pub(crate) fn keeps(&self, value: FieldValue<'_>) -> bool {
        self.rules.iter().all(|rule| rule.check(value).is_none())
    }
}

/// The default of a required field as JSON.
fn default(field: &FieldDescriptor, shape: &Shape) -> Option<Box<str>> {
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

impl Members {
    fn new(item: EnumDescriptor) -> Self {
        let members: Vec<_> = enums::members(&item)
            .map(|(name, number)| Member {
                name: name.to_owned(),
                number,
                is_first: enums::first_name(&item, number) == Some(name),
                is_obsolete: item
                    .get_value(number)
                    .is_some_and(|value| deprecated::of_value(&value).is_some()),
            })
            .collect();
        let mut numbers: Vec<_> = members
            .iter()
            .zip(0..)
            .filter(|(member, _)| member.is_first)
            .map(|(member, place)| (member.number, place))
            .collect();
        numbers.sort_unstable();
        let names = members.iter().map(|member| member.name.as_str()).zip(0..);
        Self {
            names: Keys::new(names),
            numbers,
            members,
            descriptor: item,
        }
    }

    #[inline]
    pub(crate) fn named(&self, name: &[u8]) -> Option<&Member> {
        self.names.find(name).map(|place| &self.members[place])
    }

    /// The first member of that number.
    #[inline]
    pub(crate) fn numbered(&self, number: i32) -> Option<&Member> {
        let place = self
            .numbers
            .binary_search_by_key(&number, |(number, _)| *number);
        place.ok().map(|place| &self.members[self.numbers[place].1])
    }
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
