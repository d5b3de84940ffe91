//! What the elements of a schema state besides their structure, and the elements that are no part of
//! a body: methods, their requests, and the language in which the schema says all that.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{
    DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, FileDescriptor, Kind,
    MessageDescriptor, MethodDescriptor, Syntax,
};

use super::shape::{self, Field, Label, Reserved, Shape, Type, type_name};
use super::tree::{self, Node, Tree};
use crate::Schema;
use crate::field_rules::enum_of_values;

/// A method as it travels.
#[derive(Debug, Clone)]
pub(crate) struct Rpc {
    /// The full names of its messages.
    pub request: String,
    pub answer: String,
    /// Verb and path; none for an rpc that says nothing of HTTP.
    pub address: Option<String>,
    /// The fields of the request that are the body.
    pub bodies: Vec<String>,
}

/// Below this, descriptors describe themselves.
const OF_PROTOBUF: &str = "google.protobuf.";

pub(super) fn read(schema: &Schema, shape: &mut Shape) {
    let pool = schema.pool();
    let mut extensions = pool.all_extensions();
    shape.annotated = extensions.any(|extension| is_ours(extension.full_name()));
    for service in pool.services() {
        shape.services.insert(service.full_name().to_owned());
        add(
            shape,
            service.full_name(),
            tree::options(&service.options()),
        );
        for method in service.methods() {
            let stated = method_states(&method);
            shape
                .methods
                .insert(method.full_name().to_owned(), rpc(&method, &stated));
            add(shape, method.full_name(), stated);
        }
    }
    let requests: BTreeSet<_> = shape
        .methods
        .values()
        .map(|rpc| rpc.request.clone())
        .collect();
    for message in pool.all_messages() {
        let name = message.full_name();
        if shape.messages.contains_key(name) {
            message_states(shape, &message);
        } else if requests.contains(name) {
            shape
                .requests
                .insert(name.to_owned(), shape::message(&message));
            message_states(shape, &message);
        } else if shape.annotated && !name.starts_with(OF_PROTOBUF) {
            shape
                .definitions
                .insert(name.to_owned(), message_definition(&message));
        }
    }
    for item in pool.all_enums() {
        let name = item.full_name();
        if shape.enums.contains_key(name) {
            enum_states(shape, &item);
        } else if shape.annotated && !name.starts_with(OF_PROTOBUF) {
            shape
                .definitions
                .insert(name.to_owned(), enum_definition(&item));
        }
    }
    for extension in pool.all_extensions() {
        let name = extension.full_name();
        if shape.annotated && !name.starts_with(OF_PROTOBUF) {
            let definition = extension_definition(&extension);
            shape.definitions.insert(name.to_owned(), definition);
        }
    }
    codes(schema, shape);
    queried(schema, shape);
    ruled(shape);
}

/// Whether that is an option of our own, or something that it states. A vendor may have options too,
/// below the package of bodies.
pub(super) fn is_ours(option: &str) -> bool {
    let packages = [
        "Diadoc.Http.",
        "Diadoc.Json.",
        "Diadoc.Rules.",
        "Diadoc.Title.",
    ];
    packages.iter().any(|package| option.starts_with(package))
}

/// Elements that state nothing take no room.
fn add(shape: &mut Shape, path: &str, stated: Tree) {
    if !stated.is_empty() {
        shape.elements.insert(path.to_owned(), stated);
    }
}

fn leaf(text: impl Into<String>) -> Node {
    Node::Leaf(text.into())
}

fn syntax(file: &FileDescriptor) -> (String, Node) {
    let name = match file.syntax() {
        Syntax::Proto2 => "proto2",
        Syntax::Proto3 => "proto3",
    };
    ("syntax".to_owned(), leaf(name))
}

fn message_states(shape: &mut Shape, message: &MessageDescriptor) {
    let path = message.full_name();
    for field in message.fields() {
        add(
            shape,
            &format!("{path}.{}", field.name()),
            field_states(&field),
        );
    }
    for oneof in message.oneofs() {
        add(
            shape,
            &format!("{path}.{}", oneof.name()),
            tree::options(&oneof.options()),
        );
    }
    add(shape, path, states_of_message(message));
}

fn states_of_message(message: &MessageDescriptor) -> Tree {
    let mut stated = tree::options(&message.options());
    stated.extend([syntax(&message.parent_file())]);
    let ranges = message.extension_ranges();
    let ranges: Vec<_> = ranges
        .map(|range| leaf(shown(i64::from(range.start), i64::from(range.end) - 1)))
        .collect();
    if !ranges.is_empty() {
        stated.insert("extension_range".to_owned(), Node::List(ranges));
    }
    stated
}

fn field_states(field: &FieldDescriptor) -> Tree {
    let mut stated = options_of_field(field.options(), field.is_packed());
    if !field.is_list() && !field.is_map() && !field.supports_presence() {
        stated.insert("presence".to_owned(), leaf("implicit"));
    }
    stated
}

/// `packed` counts as it is resolved.
fn options_of_field(options: DynamicMessage, packed: bool) -> Tree {
    let mut stated = tree::options(&options);
    stated.remove("packed");
    if packed {
        stated.insert("packed".to_owned(), leaf("true"));
    }
    stated
}

fn enum_states(shape: &mut Shape, item: &EnumDescriptor) {
    let path = item.full_name();
    for value in item.values() {
        let stated = tree::options(&value.options());
        add(shape, &format!("{path}.{}", value.name()), stated);
    }
    let mut stated = tree::options(&item.options());
    stated.extend([syntax(&item.parent_file())]);
    add(shape, path, stated);
}

fn method_states(method: &MethodDescriptor) -> Tree {
    let mut stated = tree::options(&method.options());
    for (name, streams) in [
        ("client_streaming", method.is_client_streaming()),
        ("server_streaming", method.is_server_streaming()),
    ] {
        if streams {
            stated.insert(name.to_owned(), leaf("true"));
        }
    }
    stated
}

fn rpc(method: &MethodDescriptor, stated: &Tree) -> Rpc {
    let http = match stated.get("Diadoc.Http.method") {
        Some(Node::Tree(http)) => Some(http),
        _ => None,
    };
    let address = |verb: &str| match http?.get(verb)? {
        Node::Leaf(path) => Some(format!("{verb} {path}")),
        _ => None,
    };
    let bodies = match http.and_then(|http| http.get("body")) {
        Some(Node::List(names)) => names.as_slice(),
        _ => &[],
    };
    Rpc {
        request: method.input().full_name().to_owned(),
        answer: method.output().full_name().to_owned(),
        address: address("get").or_else(|| address("post")),
        bodies: bodies.iter().filter_map(text).collect(),
    }
}

/// A string as it stands in quotes.
fn text(node: &Node) -> Option<String> {
    match node {
        Node::Leaf(text) => Some(text.trim_matches('"').to_owned()),
        _ => None,
    }
}

/// The enums that options name as the numbers or bits of a field.
fn codes(schema: &Schema, shape: &mut Shape) {
    let mut codes = BTreeMap::new();
    for stated in shape.elements.values() {
        let Some(Node::Tree(rules)) = stated.get("Diadoc.Rules.field") else {
            continue;
        };
        let names = ["flags", "values"].into_iter();
        for name in names.filter_map(|option| text(rules.get(option)?)) {
            let Some(item) = enum_of_values(schema.pool(), &name) else {
                continue;
            };
            let numbers = item.values();
            let numbers = numbers.map(|value| (value.number(), value.name().to_owned()));
            codes.insert(item.full_name().to_owned(), numbers.collect());
        }
    }
    shape.codes = codes;
}

/// The enums that parameters have.
fn queried(schema: &Schema, shape: &mut Shape) {
    let mut queried = BTreeMap::new();
    for rpc in shape.methods.values() {
        let fields = shape
            .requests
            .get(&rpc.request)
            .map(|request| &request.fields);
        let sent = fields.into_iter().flatten();
        for field in sent.filter(|field| !rpc.bodies.contains(&field.name)) {
            let Type::Enum(name) = &field.kind else {
                continue;
            };
            if let Some(item) = schema.pool().get_enum_by_name(name) {
                let names = item.values().map(|value| value.name().to_owned());
                queried.insert(name.clone(), names.collect());
            }
        }
    }
    shape.queried = queried;
}

/// The names in the rules about several fields.
fn ruled(shape: &mut Shape) {
    let mut ruled = BTreeMap::<String, BTreeSet<String>>::new();
    for (path, stated) in &shape.elements {
        let Some(rules) = stated.get("Diadoc.Rules.message") else {
            continue;
        };
        for term in tree::leaves(rules) {
            let names = term.split(|c: char| !c.is_alphanumeric() && c != '_');
            let names: Vec<_> = names.map(str::to_owned).collect();
            // A term that goes into other messages, or starts from the outermost.
            if term.contains(['[', '/']) {
                ruled
                    .entry(String::new())
                    .or_default()
                    .extend(names.clone());
            }
            ruled.entry(path.clone()).or_default().extend(names);
        }
    }
    shape.ruled = ruled;
}

fn message_definition(message: &MessageDescriptor) -> Tree {
    let shape::Message { fields, reserved } = shape::message(message);
    let mut definition = states_of_message(message);
    let described = message.fields().zip(&fields);
    let described = described.map(|(item, field)| {
        let mut stated = field_states(&item);
        stated.extend(field_definition(field));
        (field.name.clone(), Node::Tree(stated))
    });
    definition.insert("field".to_owned(), Node::Tree(described.collect()));
    definition.extend(reserved_definition(&reserved));
    definition
}

fn field_definition(field: &Field) -> Tree {
    let mut definition = Tree::new();
    let mut add = |name: &str, text: String| definition.insert(name.to_owned(), leaf(text));
    add("number", field.number.to_string());
    add("label", shape::label_name(field.label).to_owned());
    add("type", type_name(&field.kind));
    add("json_name", field.json_name.clone());
    if let Some(default) = field.default.as_ref().filter(|default| !default.is_zero) {
        add("default", default.shown.clone());
    }
    if let Some(oneof) = &field.oneof {
        add("oneof", oneof.clone());
    }
    definition
}

fn enum_definition(item: &EnumDescriptor) -> Tree {
    let mut definition = tree::options(&item.options());
    definition.extend([syntax(&item.parent_file())]);
    let values = item.values().map(|value| {
        let mut stated = tree::options(&value.options());
        stated.insert("number".to_owned(), leaf(value.number().to_string()));
        (value.name().to_owned(), Node::Tree(stated))
    });
    definition.insert("value".to_owned(), Node::Tree(values.collect()));
    definition.extend(reserved_definition(&shape::enumeration(item).reserved));
    definition
}

fn reserved_definition(reserved: &Reserved) -> Tree {
    let numbers = reserved.numbers.iter();
    let numbers = numbers.map(|range| leaf(shown(*range.start(), *range.end())));
    let all: Vec<_> = numbers.chain(reserved.names.iter().map(leaf)).collect();
    match all.is_empty() {
        true => Tree::new(),
        false => Tree::from([("reserved".to_owned(), Node::List(all))]),
    }
}

fn extension_definition(extension: &ExtensionDescriptor) -> Tree {
    let mut definition = options_of_field(extension.options(), extension.is_packed());
    let kind = match extension.kind() {
        Kind::Message(message) if extension.is_group() => {
            Type::Group(message.full_name().to_owned())
        }
        Kind::Message(message) => Type::Message(message.full_name().to_owned()),
        Kind::Enum(item) => Type::Enum(item.full_name().to_owned()),
        scalar => Type::Scalar(scalar),
    };
    let default = extension.field_descriptor_proto().default_value.clone();
    definition.extend(field_definition(&Field {
        name: extension.name().to_owned(),
        json_name: extension.field_descriptor_proto().json_name().to_owned(),
        number: extension.number(),
        label: Label::from(extension.cardinality()),
        kind,
        default: default.map(|shown| shape::DefaultValue {
            meaning: shown.clone(),
            shown,
            is_zero: false,
        }),
        oneof: None,
        only_in_json: false,
    }));
    let extended = extension.containing_message();
    definition.insert("extendee".to_owned(), leaf(extended.full_name()));
    definition
}

/// Numbers as a schema writes them: `4 to 7`.
pub(super) fn shown(start: i64, end: i64) -> String {
    match start == end {
        true => start.to_string(),
        false => format!("{start} to {end}"),
    }
}
