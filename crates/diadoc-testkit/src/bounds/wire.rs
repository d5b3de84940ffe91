//! Protobuf in which a field is missing, unknown or doubled.

use diadoc_core::rules::Rule;
use diadoc_proto::registry;
use diadoc_schema::is_only_in_json;
use prost_reflect::prost::Message as _;
use prost_reflect::prost::encoding::{WireType, encode_key, encode_varint};
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, ReflectMessage as _, Value};
use serde_json::json;

use super::places::{Place, Places};
use super::{Case, Fault, is_needed};

/// A number that no message has.
const UNKNOWN: u32 = 29_999;

/// The cases of a message, in its largest place.
pub(super) fn of(places: &Places, message: &MessageDescriptor) -> Vec<Case<Vec<u8>>> {
    let place = places.largest(message);
    let Some((place, way)) = place.and_then(|place| Some((place, Way::to(places, place)?))) else {
        return Vec::new();
    };
    let mut cases = Vec::new();
    let mut add = |rule, path: String, content: Vec<u8>| {
        // No bytes are no body.
        if content.is_empty() {
            return;
        }
        cases.push(Case {
            content,
            fault: Some(Fault {
                // Of two values readers take the last, and of an enum's numbers any.
                is_proven: matches!(rule, Rule::WireUnknownField | Rule::WireRequired),
                ..Fault::new(rule, path)
            }),
        });
    };
    let unknown = way.changed(&|message| {
        let mut bytes = message.encode_to_vec();
        encode_key(UNKNOWN, WireType::Varint, &mut bytes);
        encode_varint(1, &mut bytes);
        bytes
    });
    let path = place.at(&UNKNOWN.to_string());
    add(Rule::WireUnknownField, path, unknown);
    for field in message.fields().filter(|field| !is_only_in_json(field)) {
        let key = field.json_name();
        if place.object(places).get(key).is_none() || field.is_list() {
            continue;
        }
        let twice = way.changed(&|message| {
            let mut again = DynamicMessage::new(message.descriptor());
            let value = match field.kind() {
                // The two are merged; this one has nothing to add.
                Kind::Message(inner) => Value::Message(DynamicMessage::new(inner)),
                _ => message.get_field(&field).into_owned(),
            };
            again.set_field(&field, value);
            [message.encode_to_vec(), again.encode_to_vec()].concat()
        });
        add(Rule::WireDuplicateField, place.at(key), twice);
        let unknown = json!("FromTheFuture");
        let is_enum = matches!(field.kind(), Kind::Enum(_));
        if is_enum && places.text(place, |object| object[key] = unknown).is_some() {
            let number = way.changed(&|message| {
                let mut message = message.clone();
                message.set_field(&field, Value::EnumNumber(987_654));
                message.encode_to_vec()
            });
            add(Rule::WireEnumUnknownNumber, place.at(key), number);
        }
        if is_needed(&field) && places.without(place, key).is_some() {
            let without = way.changed(&|message| {
                let mut message = message.clone();
                message.clear_field(&field);
                message.encode_to_vec()
            });
            add(Rule::WireRequired, place.at(key), without);
        }
    }
    cases
}

/// A body as protobuf, and the way to a message in it: fields, and places in lists.
struct Way {
    body: DynamicMessage,
    steps: Vec<(u32, usize)>,
}

impl Way {
    /// None where protobuf does not carry what lies on it.
    fn to(places: &Places, place: &Place) -> Option<Self> {
        let message_type = registry::find(places.message.full_name())?;
        let text = place.body(places).to_string();
        let bytes = message_type
            .from_json(text.as_bytes())
            .ok()?
            .encode_to_vec();
        let body = DynamicMessage::decode(places.message.clone(), &bytes[..]).ok()?;
        let mut steps = Vec::new();
        let mut message = places.message.clone();
        let mut keys = place.pointer().split('/').skip(1);
        while let Some(key) = keys.next() {
            let field = message.get_field_by_json_name(key)?;
            if is_only_in_json(&field) {
                return None;
            }
            let index = match field.is_list() {
                true => keys.next()?.parse().ok()?,
                false => 0,
            };
            steps.push((field.number(), index));
            message = field.kind().as_message()?.clone();
        }
        Some(Self { body, steps })
    }

    /// The body with other bytes in the place of the message.
    fn changed(&self, change: &dyn Fn(&DynamicMessage) -> Vec<u8>) -> Vec<u8> {
        changed(&self.body, &self.steps, change)
    }
}

fn changed(
    message: &DynamicMessage,
    steps: &[(u32, usize)],
    change: &dyn Fn(&DynamicMessage) -> Vec<u8>,
) -> Vec<u8> {
    let Some(((number, index), rest)) = steps.split_first() else {
        return change(message);
    };
    let descriptor = message.descriptor();
    let field = descriptor
        .get_field(*number)
        .expect("a field of the message");
    let value = message.get_field(&field);
    let one = std::slice::from_ref(&*value);
    let values = value.as_list().unwrap_or(one);
    let mut others = message.clone();
    others.clear_field(&field);
    let mut bytes = others.encode_to_vec();
    for (at, value) in values.iter().enumerate() {
        let inner = value.as_message().expect("a message");
        let inner = match at == *index {
            true => changed(inner, rest, change),
            false => inner.encode_to_vec(),
        };
        encode_key(*number, WireType::LengthDelimited, &mut bytes);
        encode_varint(inner.len() as u64, &mut bytes);
        bytes.extend(inner);
    }
    bytes
}
