//! What an element states, as a tree: its options of any kind, walked by reflection, so that none is
//! passed over because nobody has thought of it.

use std::collections::BTreeMap;

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

/// A value of an option.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    Leaf(String),
    List(Vec<Node>),
    Tree(Tree),
}

pub(crate) type Tree = BTreeMap<String, Node>;

/// A leaf, or an element of a list, that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The names from the root on, without places in lists: `Diadoc.Rules.message.any_of.fields`.
    pub name: String,
    pub was: Option<String>,
    pub now: Option<String>,
}

/// All that the options of an element say. An option of our own stands under its full name; a field
/// that the pool does not know under its number. An option of protobuf itself that is written out as
/// what it is anyhow says nothing: `deprecated = false`.
pub(crate) fn options(options: &DynamicMessage) -> Tree {
    let of_protobuf = options.descriptor().package_name() == "google.protobuf";
    let fields = options
        .fields()
        .filter(|(field, value)| !(of_protobuf && **value == field.default_value()))
        .map(|(field, value)| (field.name().to_owned(), node(&field.kind(), value)));
    let extensions = options
        .extensions()
        .map(|(field, value)| (field.full_name().to_owned(), node(&field.kind(), value)));
    let mut tree: Tree = fields.chain(extensions).collect();
    for unknown in options.unknown_fields() {
        let mut bytes = Vec::new();
        unknown.encode(&mut bytes);
        let text = Node::Leaf(bytes.escape_ascii().to_string());
        let name = format!("#{}", unknown.number());
        match tree.entry(name).or_insert_with(|| Node::List(Vec::new())) {
            Node::List(list) => list.push(text),
            Node::Leaf(_) | Node::Tree(_) => {}
        }
    }
    tree
}

fn node(kind: &Kind, value: &Value) -> Node {
    Node::Leaf(match value {
        Value::List(list) => {
            return Node::List(list.iter().map(|value| node(kind, value)).collect());
        }
        Value::Message(message) => return Node::Tree(options(message)),
        Value::Map(map) => {
            let entries = map.iter();
            let entries = entries.map(|(key, value)| (format!("{key:?}"), node(kind, value)));
            return Node::Tree(entries.collect());
        }
        Value::EnumNumber(number) => match kind {
            Kind::Enum(item) => crate::enums::first_name(item, *number)
                .map_or_else(|| number.to_string(), str::to_owned),
            _ => number.to_string(),
        },
        Value::Bool(value) => value.to_string(),
        Value::I32(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::U32(value) => value.to_string(),
        Value::U64(value) => value.to_string(),
        Value::F32(value) => value.to_string(),
        Value::F64(value) => value.to_string(),
        Value::String(value) => format!("{value:?}"),
        Value::Bytes(value) => format!("\"{}\"", value.escape_ascii()),
    })
}

impl Node {
    fn text(&self) -> String {
        match self {
            Self::Leaf(text) => text.clone(),
            Self::List(list) => {
                let items: Vec<_> = list.iter().map(Self::text).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Tree(tree) => {
                let items: Vec<_> = tree
                    .iter()
                    .map(|(name, node)| format!("{name}: {}", node.text()))
                    .collect();
                format!("{{{}}}", items.join(", "))
            }
        }
    }
}

/// The texts of all leaves.
pub(super) fn leaves(node: &Node) -> Vec<&str> {
    match node {
        Node::Leaf(text) => vec![text],
        Node::List(list) => list.iter().flat_map(leaves).collect(),
        Node::Tree(tree) => tree.values().flat_map(leaves).collect(),
    }
}

/// Where two trees differ, leaf by leaf and, in lists, element by element.
pub(crate) fn differences(old: &Tree, new: &Tree) -> Vec<Difference> {
    let mut found = Vec::new();
    trees("", old, new, &mut found);
    found
}

fn trees(name: &str, old: &Tree, new: &Tree, found: &mut Vec<Difference>) {
    let inner = |key: &str| match name {
        "" => key.to_owned(),
        name => format!("{name}.{key}"),
    };
    for (key, was) in old {
        nodes(&inner(key), Some(was), new.get(key), found);
    }
    for (key, now) in new {
        if !old.contains_key(key) {
            nodes(&inner(key), None, Some(now), found);
        }
    }
}

fn nodes(name: &str, was: Option<&Node>, now: Option<&Node>, found: &mut Vec<Difference>) {
    let nothing = Tree::new();
    match (was, now) {
        (was, now) if was == now => {}
        (Some(Node::Tree(was)), Some(Node::Tree(now))) => trees(name, was, now, found),
        // A message that says nothing is a statement of its own.
        (Some(Node::Tree(was)), None) if !was.is_empty() => trees(name, was, &nothing, found),
        (None, Some(Node::Tree(now))) if !now.is_empty() => trees(name, &nothing, now, found),
        (Some(Node::List(was)), Some(Node::List(now))) => lists(name, was, now, found),
        (Some(Node::List(was)), None) => lists(name, was, &[], found),
        (None, Some(Node::List(now))) => lists(name, &[], now, found),
        (was, now) => found.push(Difference {
            name: name.to_owned(),
            was: was.map(Node::text),
            now: now.map(Node::text),
        }),
    }
}

/// Elements that stand in both lists are the same; of the others, messages are held against each
/// other in their order.
fn lists(name: &str, was: &[Node], now: &[Node], found: &mut Vec<Difference>) {
    let mut added: Vec<_> = now.iter().collect();
    let mut removed = Vec::new();
    for node in was {
        match added.iter().position(|other| *other == node) {
            Some(place) => {
                added.remove(place);
            }
            None => removed.push(node),
        }
    }
    if removed.is_empty() && added.is_empty() {
        let list = |nodes: &[Node]| Some(Node::List(nodes.to_vec()).text());
        found.push(Difference {
            name: name.to_owned(),
            was: list(was),
            now: list(now),
        });
        return;
    }
    let mut added = added.into_iter();
    for node in removed {
        match node {
            Node::Tree(was) => match added.next() {
                Some(Node::Tree(now)) => trees(name, was, now, found),
                other => {
                    one(name, Some(node), None, found);
                    other
                        .into_iter()
                        .for_each(|now| one(name, None, Some(now), found));
                }
            },
            _ => one(name, Some(node), None, found),
        }
    }
    added.for_each(|node| one(name, None, Some(node), found));
}

/// An element that only one list has.
fn one(name: &str, was: Option<&Node>, now: Option<&Node>, found: &mut Vec<Difference>) {
    found.push(Difference {
        name: name.to_owned(),
        was: was.map(Node::text),
        now: now.map(Node::text),
    });
}
