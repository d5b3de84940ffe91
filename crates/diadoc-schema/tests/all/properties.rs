//! Properties over every message type: an example is valid, and one fault in it is found as just
//! that fault.
//!
//! Seeds are fixed; the environment variable `DIADOC_SEEDS` sets how many are tried.

use diadoc_schema::{
    Direction, Example, Report, Rule, Schema, example, is_only_in_json, rules_of_field,
    validate_json, validate_protobuf,
};
use diadoc_testkit::bounds::broken;
use prost_reflect::prost::Message as _;
use prost_reflect::{
    Cardinality, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage as _,
    Value as Reflected,
};
use serde_json::{Value, json};

use crate::{SplitMix64, lines_of};

const SEEDS: u64 = 3;
const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];

pub(crate) fn seeds() -> std::ops::Range<u64> {
    let set = std::env::var("DIADOC_SEEDS").ok();
    0..set.map_or(SEEDS, |seeds| seeds.parse().expect("a number"))
}

/// `rule path` of each finding, sorted.
/// What is obsolete is valid, too.
fn brief(report: &Report) -> Vec<String> {
    let mut lines = lines_of(report, |f| format!("{} {}", f.rule, f.path));
    lines.retain(|line| !line.starts_with(Rule::SchemaDeprecated.id()));
    lines.sort();
    lines
}

#[test]
fn examples_are_valid() {
    for message in Schema::diadoc().messages() {
        let kinds = seeds().map(Example::Random);
        for kind in kinds.chain([Example::Minimal]) {
            let body = example(&message, kind);
            let mut decoded = DynamicMessage::deserialize(message.clone(), &body)
                .unwrap_or_else(|error| panic!("{}: {error}: {body}", message.full_name()));
            keep_what_protobuf_has(&mut decoded);
            let bytes = decoded.encode_to_vec();
            for direction in DIRECTIONS {
                let json = validate_json(&message, body.to_string().as_bytes(), direction);
                assert_eq!(brief(&json), [""; 0], "{} {kind:?}", message.full_name());
                // An example of which nothing is required may have no bytes.
                if !bytes.is_empty() {
                    let protobuf = validate_protobuf(&message, &bytes, direction);
                    assert_eq!(
                        brief(&protobuf),
                        [""; 0],
                        "{} {kind:?}",
                        message.full_name()
                    );
                }
            }
        }
    }
}

/// Takes out the fields that only JSON has.
fn keep_what_protobuf_has(message: &mut DynamicMessage) {
    let fields: Vec<_> = message.descriptor().fields().collect();
    for field in fields {
        if is_only_in_json(&field) {
            message.clear_field(&field);
        } else if message.has_field(&field) {
            match message.get_field_mut(&field) {
                Reflected::Message(inner) => keep_what_protobuf_has(inner),
                Reflected::List(list) => {
                    let inner = list.iter_mut().filter_map(Reflected::as_message_mut);
                    inner.for_each(keep_what_protobuf_has);
                }
                _ => {}
            }
        }
    }
}

/// A way to spoil a body in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    KeyRenamed,
    TypeChanged,
    RequiredRemoved,
    RequiredNull,
    EnumMisspelt,
    NumberOverflowed,
    KeyDuplicated,
    Base64Broken,
    NullInList,
}

const DAMAGES: [Damage; 9] = [
    Damage::KeyRenamed,
    Damage::TypeChanged,
    Damage::RequiredRemoved,
    Damage::RequiredNull,
    Damage::EnumMisspelt,
    Damage::NumberOverflowed,
    Damage::KeyDuplicated,
    Damage::Base64Broken,
    Damage::NullInList,
];

/// Stands for a key in a body until it is written as text.
const TWIN: &str = "\u{1}twin";

#[test]
fn one_fault_is_found_as_that_fault() {
    let mut tried = [0; DAMAGES.len()];
    for message in Schema::diadoc().messages() {
        for seed in seeds() {
            let body = example(&message, Example::Random(seed));
            let mut places = Vec::new();
            list_places(&message, &body, "", "", &mut places);
            let mut random = SplitMix64(seed);
            for (damage, tried) in DAMAGES.into_iter().zip(&mut tried) {
                let fits: Vec<_> = places.iter().filter(|place| place.fits(damage)).collect();
                let Some(place) = fits.get(random.below(fits.len())) else {
                    continue;
                };
                for direction in DIRECTIONS {
                    let (text, expected) = place.spoil(damage, &message, &body, direction);
                    let report = validate_json(&message, text.as_bytes(), direction);
                    assert_eq!(
                        brief(&report),
                        expected,
                        "{damage:?} in {direction} {} of the seed {seed}: {text}",
                        message.full_name()
                    );
                }
                *tried += 1;
            }
        }
    }
    let least = DAMAGES.iter().zip(tried).min_by_key(|(_, tried)| *tried);
    assert!(least.is_some_and(|(_, tried)| tried > 50), "{tried:?}");
}

/// A value of a field: all of it, or an element of a list.
pub(crate) struct Place {
    pub(crate) field: FieldDescriptor,
    /// The path and the pointer of the object around it.
    pub(crate) around: (String, String),
    pub(crate) index: Option<usize>,
}

pub(crate) fn list_places(
    message: &MessageDescriptor,
    body: &Value,
    path: &str,
    pointer: &str,
    places: &mut Vec<Place>,
) {
    for (key, value) in body.as_object().expect("an example is an object") {
        let field = message.get_field_by_json_name(key).expect("a known key");
        let mut inside = |index: Option<usize>, value: &Value| {
            let place = Place {
                field: field.clone(),
                around: (path.to_owned(), pointer.to_owned()),
                index,
            };
            if let Kind::Message(inner) = field.kind()
                && value.is_object()
            {
                list_places(&inner, value, &place.path(), &place.pointer(), places);
            }
            places.push(place);
        };
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            inside(Some(index), item);
        }
        inside(None, value);
    }
}

impl Place {
    fn key_path(&self, key: &str) -> String {
        match self.around.0.as_str() {
            "" => key.to_owned(),
            around => format!("{around}.{key}"),
        }
    }

    fn path(&self) -> String {
        let index = self.index.map(|index| format!("[{index}]"));
        self.key_path(self.field.json_name()) + &index.unwrap_or_default()
    }

    pub(crate) fn pointer(&self) -> String {
        let index = self.index.map(|index| format!("/{index}"));
        let key = self.field.json_name();
        format!("{}/{key}{}", self.around.1, index.unwrap_or_default())
    }

    fn fits(&self, damage: Damage) -> bool {
        let whole = self.index.is_none();
        let single = whole != self.field.is_list();
        let required = self.field.cardinality() == Cardinality::Required;
        match damage {
            Damage::KeyRenamed | Damage::KeyDuplicated => whole,
            Damage::TypeChanged => true,
            Damage::RequiredRemoved | Damage::RequiredNull => required,
            Damage::EnumMisspelt => single && matches!(self.field.kind(), Kind::Enum(_)),
            Damage::NumberOverflowed => single && limit(&self.field.kind()).is_some(),
            Damage::Base64Broken => single && self.field.kind() == Kind::Bytes,
            Damage::NullInList => !whole,
        }
    }

    /// The body with the fault, as text, and what must be found in it.
    fn spoil(
        &self,
        damage: Damage,
        root: &MessageDescriptor,
        body: &Value,
        direction: Direction,
    ) -> (String, Vec<String>) {
        let mut body = body.clone();
        let key = self.field.json_name();
        let mut found = Vec::new();
        let mut find = |rule: Rule, path: &str| found.push(format!("{rule} {path}"));

        let value = body.pointer_mut(&self.pointer()).expect("the place");
        match damage {
            Damage::TypeChanged => {
                *value = self.other_type();
                find(Rule::JsonType, &self.path());
            }
            Damage::RequiredNull => {
                *value = Value::Null;
                find(Rule::JsonNull, &self.path());
            }
            Damage::NullInList => {
                *value = Value::Null;
                find(Rule::JsonNull, &self.path());
            }
            Damage::EnumMisspelt => {
                let name = value.as_str().expect("a name");
                *value = format!("{name}Нет").into();
                find(Rule::JsonEnumName, &self.path());
            }
            Damage::NumberOverflowed => {
                *value = limit(&self.field.kind()).into();
                find(Rule::JsonIntegerRange, &self.path());
            }
            Damage::Base64Broken => {
                *value = "lores ipsum".into();
                find(Rule::JsonBase64, &self.path());
            }
            Damage::KeyRenamed | Damage::RequiredRemoved | Damage::KeyDuplicated => {}
        }

        let around = body.pointer_mut(&self.around.1);
        let object = around.and_then(Value::as_object_mut).expect("an object");
        match damage {
            Damage::KeyDuplicated => {
                object.insert(TWIN.to_owned(), object[key].clone());
                find(Rule::JsonDuplicateKey, &self.path());
            }
            Damage::KeyRenamed => {
                let renamed = format!("{key}Иное");
                let value = object.remove(key).expect("the key");
                object.insert(renamed.clone(), value);
                find(Rule::JsonUnknownKey, &self.key_path(&renamed));
            }
            Damage::RequiredRemoved => {
                object.remove(key);
            }
            _ => {}
        }
        if matches!(damage, Damage::KeyRenamed | Damage::RequiredRemoved) {
            // Of a request, an absent boolean is false.
            let is_false = self.field.kind() == Kind::Bool && direction == Direction::Request;
            if self.field.cardinality() == Cardinality::Required && !is_false {
                find(Rule::JsonRequired, &self.path());
            }
            if needs_elements(&self.field) {
                find(Rule::FieldItems, &self.path());
            }
        }
        // An object of which no key is known is another message.
        let message = self.field.parent_message();
        let is_known = |key: &String| message.get_field_by_json_name(key).is_some();
        let is_foreign = !object.is_empty() && !object.keys().any(is_known);
        if is_foreign && (direction == Direction::Response || self.around.0.is_empty()) {
            find(Rule::BodyForeign, &self.around.0);
        }
        // Knocked on: what the messages say of their fields together.
        let twin = object.remove(TWIN);
        found.extend(broken(root, &body));
        if let (Some(twin), Some(around)) = (twin, body.pointer_mut(&self.around.1)) {
            around[TWIN] = twin;
        }
        found.sort();
        let twin = Value::from(TWIN).to_string();
        let text = body.to_string();
        (text.replace(&twin, &Value::from(key).to_string()), found)
    }

    /// A value of a type that is none of the field's.
    fn other_type(&self) -> Value {
        match (self.field.is_list(), self.index, self.field.kind()) {
            // What is inside of what stands in for a list is checked as well.
            (true, None, Kind::Message(_)) => "a".into(),
            (true, None, _) => json!({"a": [1]}),
            (_, _, Kind::Bool) => "yes".into(),
            (_, _, Kind::Message(_)) => json!([]),
            _ => true.into(),
        }
    }
}

/// One more than an integer type holds.
fn limit(kind: &Kind) -> Option<u64> {
    match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Some(1 << 31),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Some(1 << 63),
        _ => None,
    }
}

/// Whether a list must have elements, by the words of its rule.
fn needs_elements(field: &FieldDescriptor) -> bool {
    rules_of_field(field).iter().any(|rule| {
        rule.contains(" element") && !rule.starts_with("at most") && !rule.starts_with("from 0 ")
    })
}
