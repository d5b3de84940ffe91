//! Valid bodies, and where in them the messages lie.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use diadoc_schema::{Example, MessageRule, example, message_rules};
use prost_reflect::MessageDescriptor;
use serde_json::Value;

use super::sets::{broken_of, join, visit};

/// How many random examples are looked into.
const SEEDS: u64 = 24;

/// Valid bodies of a message.
#[derive(Debug)]
pub(super) struct Places {
    pub message: MessageDescriptor,
    bodies: Vec<Value>,
    /// The places of each message, by its name.
    places: BTreeMap<String, Vec<Place>>,
    /// One place of each field with a message, but for those that lead to the first place of theirs.
    others: Vec<Place>,
    /// The rules of each message, by its name; reading them takes long.
    rules: RefCell<HashMap<String, Rc<[MessageRule]>>>,
}

/// A message in a body.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub message: MessageDescriptor,
    /// Which body.
    body: usize,
    /// As reports name it, and as JSON does.
    path: String,
    pointer: String,
}

impl Places {
    pub(super) fn of(message: &MessageDescriptor, with_inner: bool) -> Self {
        // The small ones first: most rules can be broken there, and in less time.
        let kinds = (0..SEEDS).map(Example::Random);
        let kinds = [Example::Minimal].into_iter().chain(kinds);
        let kinds = kinds.chain([Example::Full]);
        let bodies: Vec<_> = kinds.map(|kind| example(message, kind)).collect();
        let mut places = BTreeMap::<String, Vec<Place>>::new();
        let mut ways = BTreeSet::new();
        let mut others = Vec::new();
        for (body, value) in bodies.iter().enumerate() {
            visit(message, value, "", &mut |inner, _, path| {
                if !path.is_empty() && !with_inner {
                    return;
                }
                let place = Place {
                    message: inner.clone(),
                    body,
                    path: path.to_owned(),
                    pointer: pointer(path),
                };
                let known = places.entry(inner.full_name().to_owned()).or_default();
                // The same place in several bodies is tried in several; other places are other ways.
                let way = last_key(path).to_owned();
                let is_new = ways.insert((inner.full_name().to_owned(), way));
                if is_new && !known.is_empty() {
                    others.push(place.clone());
                }
                if known.iter().all(|known| known.body != body) {
                    known.push(place);
                }
            });
        }
        Self {
            message: message.clone(),
            bodies,
            places,
            others,
            rules: RefCell::default(),
        }
    }

    /// `rule path` of the rules about several fields that a body breaks.
    pub(super) fn broken(&self, body: &Value) -> Vec<String> {
        broken_of(&self.message, body, &|inner| {
            let mut rules = self.rules.borrow_mut();
            let known = rules.entry(inner.full_name().to_owned());
            Rc::clone(known.or_insert_with(|| message_rules(inner).into()))
        })
    }

    /// The bodies.
    pub(super) fn bodies(&self) -> &[Value] {
        &self.bodies
    }

    /// The messages that have a place.
    pub(super) fn messages(&self) -> Vec<MessageDescriptor> {
        let first = self.places.values().filter_map(|places| places.first());
        first.map(|place| place.message.clone()).collect()
    }

    /// The places of a message, one in each body that has it.
    pub(super) fn of_message(&self, message: &MessageDescriptor) -> &[Place] {
        let places = self.places.get(message.full_name());
        places.map_or(&[], Vec::as_slice)
    }

    /// The place of a message with the most fields.
    pub(super) fn largest(&self, message: &MessageDescriptor) -> Option<&Place> {
        let fields = |place: &&Place| {
            place
                .object(self)
                .as_object()
                .map_or(0, serde_json::Map::len)
        };
        self.of_message(message).iter().max_by_key(fields)
    }

    pub(super) fn other_ways(&self) -> &[Place] {
        &self.others
    }

    /// The body without a field of the message in that place.
    pub(super) fn without(&self, place: &Place, key: &str) -> Option<String> {
        self.text(place, |object| {
            if let Some(object) = object.as_object_mut() {
                object.remove(key);
            }
        })
    }

    /// The body with a change in that place, as text; none where the rules about several fields do not
    /// allow it.
    pub(super) fn text(&self, place: &Place, change: impl FnOnce(&mut Value)) -> Option<String> {
        let mut body = self.bodies[place.body].clone();
        change(body.pointer_mut(&place.pointer)?);
        self.broken(&body).is_empty().then(|| body.to_string())
    }
}

impl Place {
    /// The message as it stands there.
    pub(super) fn object<'p>(&self, places: &'p Places) -> &'p Value {
        places.bodies[self.body]
            .pointer(&self.pointer)
            .unwrap_or(&Value::Null)
    }

    /// The path of a field in it.
    pub(super) fn at(&self, key: &str) -> String {
        join(&self.path, key)
    }

    pub(super) fn body<'p>(&self, places: &'p Places) -> &'p Value {
        &places.bodies[self.body]
    }

    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }
}

/// `/A/0/B` of `A[0].B`.
fn pointer(path: &str) -> String {
    let path = path.replace('[', "/").replace(']', "");
    match path.is_empty() {
        true => path,
        false => format!("/{}", path.replace('.', "/")),
    }
}

fn last_key(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
