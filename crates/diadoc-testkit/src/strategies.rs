//! Random messages of any type, as proptest strategies driven by the schema.
//!
//! [`messages`] chooses values to hurt: extreme integers, any Unicode in strings, enum numbers that
//! the schema does not know, fields set to their default, absent and present. Required fields are
//! always set. [`nearly_valid`] begins with a valid message, for what holds messages against rules.
//! A failing message shrinks by losing fields and list elements.

use diadoc_proto::registry;
use diadoc_schema::{Example, example, is_only_in_json};
use proptest::prelude::RngExt as _;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{TestRng, TestRunner};
use prost_reflect::{
    Cardinality, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _,
    Value,
};

/// Random messages of one type.
#[derive(Debug, Clone)]
pub struct Messages {
    descriptor: MessageDescriptor,
    /// Whether enum fields may hold numbers that the schema does not know.
    unknown_enum_numbers: bool,
    /// How many messages may lie inside each other where the schema lets them end.
    depth: usize,
    /// How many fields are set at most before only required ones are.
    fields: usize,
}

/// Random messages of the type that `descriptor` describes.
pub fn messages(descriptor: MessageDescriptor) -> Messages {
    Messages {
        descriptor,
        unknown_enum_numbers: true,
        depth: 5,
        fields: 150,
    }
}

impl Messages {
    /// Without enum numbers that the schema does not know.
    pub fn known_enum_numbers(mut self) -> Self {
        self.unknown_enum_numbers = false;
        self
    }
}

impl Strategy for Messages {
    type Tree = MessageTree;
    type Value = DynamicMessage;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut generator = Generator {
            rng: runner.rng(),
            unknown_enum_numbers: self.unknown_enum_numbers,
            fields_left: self.fields,
        };
        let message = generator.message(&self.descriptor, self.depth);
        Ok(MessageTree::of(message))
    }
}

/// Messages of one type that lack little to be valid.
#[derive(Debug, Clone)]
pub struct NearlyValid {
    descriptor: MessageDescriptor,
}

/// Valid examples of the type that `descriptor` describes, with up to four changes each: a field is
/// lost, emptied or set, or a list gets another element. The type is one of diadoc-proto.
pub fn nearly_valid(descriptor: MessageDescriptor) -> NearlyValid {
    NearlyValid { descriptor }
}

impl Strategy for NearlyValid {
    type Tree = MessageTree;
    type Value = DynamicMessage;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut generator = Generator {
            rng: runner.rng(),
            unknown_enum_numbers: false,
            fields_left: 20,
        };
        let kind = match generator.rng.random_range(0..4) {
            0 => Example::Minimal,
            _ => Example::Random(generator.rng.random()),
        };
        let name = self.descriptor.full_name();
        let message_type = registry::find(name).ok_or("the type is none of diadoc-proto")?;
        let body = example(&self.descriptor, kind).to_string();
        let valid = message_type.from_json(body.as_bytes());
        let valid = valid.map_err(|error| error.to_string())?.encode_to_vec();
        let mut message = DynamicMessage::decode(self.descriptor.clone(), &valid[..])
            .map_err(|error| error.to_string())?;
        for _ in 0..generator.rng.random_range(0..=4) {
            generator.change(&mut message);
        }
        Ok(MessageTree::of(message))
    }
}

struct Generator<'a> {
    rng: &'a mut TestRng,
    unknown_enum_numbers: bool,
    fields_left: usize,
}

impl Generator<'_> {
    fn message(&mut self, descriptor: &MessageDescriptor, depth: usize) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        for field in on_the_wire(descriptor) {
            let may_be_set = self.fields_left > 0
                && (depth > 0 || !matches!(field.kind(), Kind::Message(_)))
                && self.rng.random_bool(0.5);
            let value = match field.cardinality() {
                Cardinality::Required => self.value(&field, depth),
                Cardinality::Optional if may_be_set => self.value(&field, depth),
                Cardinality::Repeated if may_be_set => {
                    let length = self.rng.random_range(1..=3);
                    Value::List((0..length).map(|_| self.value(&field, depth)).collect())
                }
                _ => continue,
            };
            message.set_field(&field, value);
        }
        message
    }

    fn value(&mut self, field: &FieldDescriptor, depth: usize) -> Value {
        self.fields_left = self.fields_left.saturating_sub(1);
        match field.kind() {
            Kind::Message(message) => {
                Value::Message(self.message(&message, depth.saturating_sub(1)))
            }
            Kind::Enum(item) => {
                let known: Vec<_> = item.values().map(|value| value.number()).collect();
                if self.unknown_enum_numbers && self.rng.random_bool(0.1) {
                    Value::EnumNumber(self.int32())
                } else {
                    Value::EnumNumber(known[self.rng.random_range(0..known.len())])
                }
            }
            Kind::Bool => Value::Bool(self.rng.random()),
            Kind::String => Value::String(self.string()),
            Kind::Bytes => {
                let length = self.rng.random_range(0..20);
                let bytes: Vec<u8> = (0..length).map(|_| self.rng.random()).collect();
                Value::Bytes(bytes.into())
            }
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(self.int32()),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(self.int64()),
            // Diadoc's schema has none of these, others may.
            Kind::Uint32 | Kind::Fixed32 => Value::U32(self.int32().cast_unsigned()),
            Kind::Uint64 | Kind::Fixed64 => Value::U64(self.int64().cast_unsigned()),
            Kind::Float => Value::F32(self.rng.random()),
            Kind::Double => Value::F64(f64::from(self.int32()) * 1e300),
        }
    }

    /// Changes one field of the message, or of one in it.
    fn change(&mut self, message: &mut DynamicMessage) {
        let mut places = vec![Vec::new()];
        list_messages(message, &mut Vec::new(), &mut places);
        let place = self.rng.random_range(0..places.len());
        let Some(message) = message_at(message, &places[place]) else {
            return;
        };
        let fields: Vec<_> = on_the_wire(&message.descriptor()).collect();
        if fields.is_empty() {
            return;
        }
        let field = &fields[self.rng.random_range(0..fields.len())];
        match self.rng.random_range(0..3) {
            0 => message.clear_field(field),
            1 if field.is_list() => message.set_field(field, Value::List(Vec::new())),
            1 => message.set_field(field, Value::default_value(&field.kind())),
            _ => {
                let value = match field.kind() {
                    Kind::String if self.rng.random() => {
                        Value::String(WORDS[self.rng.random_range(0..WORDS.len())].to_owned())
                    }
                    _ => self.value(field, 1),
                };
                match message.get_field_mut(field) {
                    Value::List(list) => list.push(value),
                    one => *one = value,
                }
            }
        }
    }

    fn int32(&mut self) -> i32 {
        match self.rng.random_range(0..6) {
            0 => i32::MIN,
            1 => i32::MAX,
            2 => self.rng.random_range(-2..=2),
            _ => self.rng.random(),
        }
    }

    fn int64(&mut self) -> i64 {
        match self.rng.random_range(0..8) {
            0 => i64::MIN,
            1 => i64::MAX,
            // The first integers that a double cannot hold.
            2 => (1 << 53) + self.rng.random_range(-2..=2),
            3 => self.rng.random_range(-2..=2),
            _ => self.rng.random(),
        }
    }

    fn string(&mut self) -> String {
        let length = self.rng.random_range(0..12);
        (0..length).map(|_| self.char()).collect()
    }

    fn char(&mut self) -> char {
        // What JSON escapes, what ends lines elsewhere, the edges of the surrogates and the planes.
        const TRAPS: &[char] = &[
            '"',
            '\\',
            '/',
            '\0',
            '\u{8}',
            '\n',
            '\r',
            '\t',
            '\u{1f}',
            '\u{7f}',
            '\u{85}',
            '\u{2028}',
            '\u{d7ff}',
            '\u{e000}',
            '\u{feff}',
            '\u{fffd}',
            '\u{ffff}',
            '\u{10000}',
            '\u{10ffff}',
            '💼',
        ];
        match self.rng.random_range(0..4) {
            0 => TRAPS[self.rng.random_range(0..TRAPS.len())],
            1 => self.rng.random_range('А'..='я'),
            2 => self.rng.random_range(' '..='~'),
            _ => self.rng.random(),
        }
    }
}

/// Texts that rules ask for.
const WORDS: [&str; 8] = [
    "Nonformalized",
    "UniversalTransferDocument",
    "FileName",
    "DocumentDate",
    "DocumentNumber",
    "2025-07-18",
    "18.07.2025",
    "1f208d032a604f6491b1b7aad54cfaf3@diadoc.ru",
];

/// The fields that protobuf has.
fn on_the_wire(message: &MessageDescriptor) -> impl Iterator<Item = FieldDescriptor> {
    message.fields().filter(|field| !is_only_in_json(field))
}

/// The places of all messages inside a message.
fn list_messages(message: &DynamicMessage, at: &mut Vec<Step>, places: &mut Vec<Vec<Step>>) {
    let mut visit = |step: Step, value: &Value| {
        if let Value::Message(inner) = value {
            at.push(step);
            places.push(at.clone());
            list_messages(inner, at, places);
            at.pop();
        }
    };
    for (field, value) in message.fields() {
        let step = |index| Step {
            field: field.number(),
            index,
        };
        match value {
            Value::List(list) => {
                for (i, item) in list.iter().enumerate() {
                    visit(step(Some(i)), item);
                }
            }
            value => visit(step(None), value),
        }
    }
}

/// The message at a place.
fn message_at<'m>(
    message: &'m mut DynamicMessage,
    place: &[Step],
) -> Option<&'m mut DynamicMessage> {
    let Some((step, rest)) = place.split_first() else {
        return Some(message);
    };
    let value = match (message.get_field_by_number_mut(step.field)?, step.index) {
        (Value::List(list), Some(index)) => list.get_mut(index)?,
        (value, _) => value,
    };
    match value {
        Value::Message(inner) => message_at(inner, rest),
        _ => None,
    }
}

/// A random message that shrinks by losing what it can.
#[derive(Debug)]
pub struct MessageTree {
    current: DynamicMessage,
    before: Option<DynamicMessage>,
    removals: std::vec::IntoIter<Vec<Step>>,
}

impl MessageTree {
    fn of(message: DynamicMessage) -> Self {
        let mut removals = Vec::new();
        list_removals(&message, &mut Vec::new(), &mut removals);
        Self {
            current: message,
            before: None,
            removals: removals.into_iter(),
        }
    }
}

/// From a message to a field of it, or to an element of a list field.
#[derive(Debug, Clone)]
struct Step {
    field: u32,
    index: Option<usize>,
}

impl ValueTree for MessageTree {
    type Value = DynamicMessage;

    fn current(&self) -> DynamicMessage {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        for path in self.removals.by_ref() {
            let mut smaller = self.current.clone();
            if remove(&mut smaller, &path) {
                self.before = Some(std::mem::replace(&mut self.current, smaller));
                return true;
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        match self.before.take() {
            Some(before) => {
                self.current = before;
                true
            }
            None => false,
        }
    }
}

/// All that can be removed and leave a valid message: outer before inner, later before earlier.
fn list_removals(message: &DynamicMessage, at: &mut Vec<Step>, removals: &mut Vec<Vec<Step>>) {
    let mut visit = |step: Step, removable: bool, value: &Value| {
        at.push(step);
        if removable {
            removals.push(at.clone());
        }
        if let Value::Message(inner) = value {
            list_removals(inner, at, removals);
        }
        at.pop();
    };
    for (field, value) in message.fields() {
        let step = |index| Step {
            field: field.number(),
            index,
        };
        match value {
            Value::List(list) => {
                for (i, item) in list.iter().enumerate().rev() {
                    visit(step(Some(i)), true, item);
                }
            }
            value => visit(
                step(None),
                field.cardinality() == Cardinality::Optional,
                value,
            ),
        }
    }
}

/// Removes what `path` leads to; false where it is gone already.
fn remove(message: &mut DynamicMessage, path: &[Step]) -> bool {
    let Some((step, rest)) = path.split_first() else {
        return false;
    };
    let Some(field) = message.descriptor().get_field(step.field) else {
        return false;
    };
    if !message.has_field(&field) {
        return false;
    }
    let value = message.get_field_mut(&field);
    match (value, step.index, rest) {
        (Value::List(list), Some(i), []) if i < list.len() => {
            list.remove(i);
            true
        }
        (Value::List(list), Some(i), rest) => match list.get_mut(i) {
            Some(Value::Message(inner)) => remove(inner, rest),
            _ => false,
        },
        (_, None, []) => {
            message.clear_field(&field);
            true
        }
        (Value::Message(inner), None, rest) => remove(inner, rest),
        _ => false,
    }
}
