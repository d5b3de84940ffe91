//! The text of a world as a tree that fits its shape, each value with its place.

use diadoc_core::{Language, Ticks};
use diadoc_schema::nearest;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::shape::{Kind, Shape, WORLD};
use crate::manifest::read::{Faults, did_you_mean, kind, listed};

/// A value and the byte at which it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub at: usize,
    value: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    Flag(bool),
    Number(i64),
    List(Vec<Node>),
    Object(Vec<(&'static str, Node)>),
}

impl Node {
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let Content::Object(members) = &self.value else {
            return None;
        };
        let mut members = members.iter();
        members.find(|(name, _)| *name == key).map(|(_, node)| node)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_text)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)?.value {
            Content::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    pub(super) fn number(&self, key: &str) -> Option<i64> {
        match self.get(key)?.value {
            Content::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn list(&self, key: &str) -> &[Node] {
        match self.get(key).map(|node| &node.value) {
            Some(Content::List(items)) => items,
            _ => &[],
        }
    }

    /// The texts of a list of them.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let texts = self.list(key).iter().filter_map(Node::as_text);
        texts.map(str::to_owned).collect()
    }

    /// The byte of a place such as `organizations[1].inn`, or of what is nearest above it.
    pub(super) fn place(&self, place: &str) -> usize {
        let mut node = self;
        let steps = place.split(['.', '[', ']']).filter(|step| !step.is_empty());
        for step in steps {
            let next = match &node.value {
                Content::List(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
                _ => node.get(step),
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node.at
    }
}

/// The tree of a text; none where it is none at all.
pub(super) fn document(text: &str, faults: &mut Faults) -> Option<Node> {
    let options = ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: false,
        allow_trailing_commas: true,
        ..ParseOptions::default()
    };
    match parse_to_ast(text, &CollectOptions::default(), &options) {
        Ok(parsed) => match parsed.value {
            Some(Value::Object(object)) => Some(read_object(&object, &WORLD, faults)),
            Some(other) => {
                let text = format!("a world is an object, not {}", kind(&other));
                faults.add(other.range().start, text);
                None
            }
            None => {
                faults.add(0, "there is nothing in it");
                None
            }
        },
        Err(error) => {
            faults.add(
                error.range().start,
                format!("this is not JSON: {}", error.kind()),
            );
            None
        }
    }
}

fn read_object(object: &Object<'_>, shape: &Shape, faults: &mut Faults) -> Node {
    let mut members: Vec<(&'static str, Node)> = Vec::new();
    for property in &object.properties {
        let (name, at) = (property.name.as_str(), property.range.start);
        let Some(key) = shape.keys.iter().find(|key| key.name == name) else {
            let known: Vec<_> = shape.keys.iter().map(|key| key.name).collect();
            let near = nearest(name, known.iter().copied());
            let advice = match near.is_empty() {
                true => format!("; the keys of {} are {}", shape.name, listed(&known, "and")),
                false => did_you_mean(&near),
            };
            faults.add(at, format!("there is no key `{name}`{advice}"));
            continue;
        };
        if members.iter().any(|(known, _)| *known == name) {
            faults.add(at, format!("the key `{name}` stands twice"));
            continue;
        }
        if let Some(node) = read_value(&property.value, key.name, key.kind, faults) {
            members.push((key.name, node));
        }
    }
    let given = |name: &str| {
        object
            .properties
            .iter()
            .any(|one| one.name.as_str() == name)
    };
    for key in shape.keys.iter().filter(|key| key.is_required) {
        if !given(key.name) {
            let text = format!("`{}` of this {} is missing", key.name, shape.name);
            faults.add(object.range.start, text);
        }
    }
    Node {
        at: object.range.start,
        value: Content::Object(members),
    }
}

fn read_value(value: &Value<'_>, name: &str, wanted: Kind, faults: &mut Faults) -> Option<Node> {
    let at = value.range().start;
    let content = match (wanted, value) {
        (Kind::Flag, Value::BooleanLit(flag)) => Content::Flag(flag.value),
        (Kind::Number(most), Value::NumberLit(number)) => {
            let number: Option<i64> = number.value.parse().ok();
            let number = number.filter(|number| (1..=most).contains(number));
            let Some(number) = number else {
                faults.add(at, format!("`{name}` is an integer from 1 to {most}"));
                return None;
            };
            Content::Number(number)
        }
        (Kind::List(shape), Value::Array(list)) => {
            let items = list.elements.iter().filter_map(|element| match element {
                Value::Object(object) => Some(read_object(object, shape, faults)),
                other => {
                    let text = format!("a {} is an object, not {}", shape.name, kind(other));
                    faults.add(other.range().start, text);
                    None
                }
            });
            Content::List(items.collect())
        }
        (Kind::Texts, Value::Array(list)) => {
            let items = list.elements.iter();
            let items = items.filter_map(|one| read_value(one, name, Kind::Text, faults));
            Content::List(items.collect())
        }
        (Kind::SomeOf(known), Value::Array(list)) => {
            let items = list.elements.iter();
            let items = items.filter_map(|one| read_value(one, name, Kind::OneOf(known), faults));
            Content::List(items.collect())
        }
        (Kind::Text | Kind::Of(_) | Kind::Moment | Kind::OneOf(_), Value::StringLit(text)) => {
            let text = text.value.to_string();
            if let Some(fault) = fault_of(&text, name, wanted) {
                faults.add(at, fault);
                return None;
            }
            Content::Text(text)
        }
        (_, other) => {
            let text = format!("`{name}` is {}, not {}", phrase(wanted), kind(other));
            faults.add(at, text);
            return None;
        }
    };
    Some(Node { at, value: content })
}

/// What is wrong with a text.
fn fault_of(text: &str, name: &str, wanted: Kind) -> Option<String> {
    match wanted {
        Kind::Of(format) if text.is_empty() || !format.fits_text(text) => {
            Some(format!("`{name}` is {}", format.phrase(Language::English)))
        }
        Kind::Moment => {
            let error = text.parse::<Ticks>().err()?;
            Some(format!(
                "`{name}` is a moment such as 2025-07-01T09:30:00Z: {error}"
            ))
        }
        Kind::OneOf(known) if !known.contains(&text) => {
            let near = nearest(text, known.iter().copied());
            let known = listed(known, "or");
            let advice = did_you_mean(&near);
            Some(format!("`{name}` is {known}, not `{text}`{advice}"))
        }
        _ => None,
    }
}

fn phrase(wanted: Kind) -> &'static str {
    match wanted {
        Kind::Flag => "true or false",
        Kind::Number(_) => "an integer",
        Kind::Texts | Kind::SomeOf(_) | Kind::List(_) => "a list",
        Kind::Text | Kind::Of(_) | Kind::Moment | Kind::OneOf(_) => "a string",
    }
}
