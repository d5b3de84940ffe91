//! Changes of a descriptor set in one place each, found by walking the set: every element, and every
//! leaf of every option.

mod walk;

use std::collections::BTreeSet;

use diadoc_schema::{Schema, SchemaError};
use prost::Message as _;
use prost_reflect::{DynamicMessage, ReflectMessage as _, Value};

use walk::Walk;

/// A `google.protobuf.FileDescriptorSet`, options of our own included.
#[derive(Debug, Clone)]
pub(crate) struct Set(DynamicMessage);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Field(String),
    Extension(String),
    Index(usize),
}

/// What is done in a place.
#[derive(Debug, Clone)]
enum How {
    Delete,
    Set(Value),
}

/// A change in one place.
#[derive(Debug, Clone)]
pub(crate) struct Mutation {
    /// The path of the element that it is about, as changes have it.
    pub element: String,
    /// The field of `descriptor.proto`, or the option: `FieldDescriptorProto.number`.
    pub what: String,
    place: Vec<Step>,
    how: How,
    /// References to what goes away, which have to lead elsewhere.
    gone: Option<String>,
    /// Whether a message in a list of an option goes away.
    whole: bool,
}

/// What is deleted or changed of the elements themselves. Options are, all of them.
const DELETED: &[&str] = &[
    "FileDescriptorProto.message_type",
    "FileDescriptorProto.enum_type",
    "FileDescriptorProto.service",
    "FileDescriptorProto.extension",
    "DescriptorProto.field",
    "DescriptorProto.nested_type",
    "DescriptorProto.enum_type",
    "DescriptorProto.extension_range",
    "DescriptorProto.reserved_range",
    "DescriptorProto.reserved_name",
    "EnumDescriptorProto.value",
    "EnumDescriptorProto.reserved_range",
    "EnumDescriptorProto.reserved_name",
    "FieldDescriptorProto.default_value",
    "FieldDescriptorProto.oneof_index",
    "ServiceDescriptorProto.method",
];
const CHANGED: &[&str] = &[
    "FieldDescriptorProto.name",
    "FieldDescriptorProto.number",
    "FieldDescriptorProto.label",
    "FieldDescriptorProto.type",
    "FieldDescriptorProto.type_name",
    "FieldDescriptorProto.json_name",
    "FieldDescriptorProto.default_value",
    "EnumValueDescriptorProto.name",
    "EnumValueDescriptorProto.number",
    "ServiceDescriptorProto.name",
    "MethodDescriptorProto.name",
    "MethodDescriptorProto.input_type",
    "MethodDescriptorProto.output_type",
];
/// What a set has besides, and why it is left as it is.
const LEFT: &[(&str, &str)] = &[
    ("FileDescriptorProto.name", "files are no elements"),
    (
        "FileDescriptorProto.package",
        "a part of the names of elements, which are deleted",
    ),
    ("FileDescriptorProto.dependency", "files are no elements"),
    (
        "FileDescriptorProto.syntax",
        "has a case of its own, since proto3 has no required fields",
    ),
    ("DescriptorProto.name", "a message is deleted"),
    ("DescriptorProto.oneof_decl", "its fields leave it"),
    ("OneofDescriptorProto.name", "its fields leave it"),
    ("EnumDescriptorProto.name", "an enum is deleted"),
    (
        "FieldDescriptorProto.extendee",
        "the options would not decode",
    ),
    ("ExtensionRange.start", "a range is deleted"),
    ("ExtensionRange.end", "a range is deleted"),
    ("ReservedRange.start", "a range is deleted"),
    ("ReservedRange.end", "a range is deleted"),
    ("EnumReservedRange.start", "a range is deleted"),
    ("EnumReservedRange.end", "a range is deleted"),
];

/// Packages whose types stand in options: with other types or labels the options would not decode.
const LANGUAGE: [&str; 3] = ["Diadoc.Rules.", "Diadoc.Http.", "Diadoc.Json."];

/// Where references lead whose end goes away.
const NOTHING: &str = ".Diadoc.Http.Nothing";

impl Set {
    /// The set of a schema, without the places in its sources.
    pub(crate) fn of(schema: &Schema) -> Self {
        let pool = schema.pool();
        let set = pool.get_message_by_name("google.protobuf.FileDescriptorSet");
        let bytes = pool.encode_to_vec();
        let mut set = DynamicMessage::decode(set.expect("the set has descriptor.proto"), &*bytes)
            .expect("a pool is a set");
        if let Some(Value::List(files)) = set.get_field_by_name_mut("file") {
            for file in files {
                if let Value::Message(file) = file {
                    file.clear_field_by_name("source_code_info");
                    import_language(file);
                }
            }
        }
        Self(set)
    }

    /// The schema, where the set is one.
    pub(crate) fn schema(&self) -> Result<Schema, SchemaError> {
        Schema::from_descriptor_set(&self.0.encode_to_vec())
    }

    /// All changes in one place, in the order of the set.
    pub(crate) fn mutations(&self) -> Vec<Mutation> {
        let mut walk = Walk::default();
        walk.files(&self.0);
        let known = |what: &String| {
            let what = what.as_str();
            DELETED.contains(&what)
                || CHANGED.contains(&what)
                || LEFT.iter().any(|(left, _)| *left == what)
        };
        let forgotten: Vec<_> = walk.seen.iter().filter(|what| !known(what)).collect();
        assert!(forgotten.is_empty(), "nobody changes {forgotten:?}");
        walk.mutations
    }

    /// The set with all of these changes.
    pub(crate) fn with<'a>(&self, mutations: impl IntoIterator<Item = &'a Mutation>) -> Self {
        let mut mutations: Vec<_> = mutations.into_iter().collect();
        // What is behind in a list goes first, so that the places before it stay.
        mutations.sort_by(|a, b| b.place.cmp(&a.place));
        let mut set = Value::Message(self.0.clone());
        let mut gone = BTreeSet::new();
        for mutation in mutations {
            gone.extend(mutation.gone.clone());
            apply(&mut set, &mutation.place, &mutation.how);
        }
        let Value::Message(mut set) = set else {
            unreachable!("it is a message")
        };
        if !gone.is_empty() {
            lead_elsewhere(&mut set, &gone);
        }
        Self(set)
    }
}

/// Lets a file refer to the types that changes lead to.
fn import_language(file: &mut DynamicMessage) {
    let name = text(file, "name");
    let files = ["diadoc/rules.proto", "diadoc/http.proto"];
    let language = name == "diadoc/json.proto" || files.contains(&name.as_str());
    if name.starts_with("google/") || language {
        return;
    }
    let imports = file.get_field_by_name("dependency");
    let mut imports = imports.map_or_else(Vec::new, |imports| match &*imports {
        Value::List(list) => list.clone(),
        _ => Vec::new(),
    });
    for import in files {
        let import = Value::String(import.to_owned());
        if !imports.contains(&import) {
            imports.push(import);
        }
    }
    file.set_field_by_name("dependency", Value::List(imports));
}

fn apply(value: &mut Value, place: &[Step], how: &How) {
    let Some((step, rest)) = place.split_first() else {
        return;
    };
    if !rest.is_empty() {
        let inner = match (value, step) {
            (Value::Message(message), Step::Field(name)) => message.get_field_by_name_mut(name),
            (Value::Message(message), Step::Extension(name)) => {
                let extension = message.descriptor().get_extension_by_full_name(name);
                extension.map(|extension| message.get_extension_mut(&extension))
            }
            (Value::List(list), Step::Index(index)) => list.get_mut(*index),
            (value, step) => panic!("{step:?} in {value:?}"),
        };
        if let Some(inner) = inner {
            apply(inner, rest, how);
        }
        return;
    }
    match (value, step, how) {
        (Value::Message(message), Step::Field(name), How::Delete) => {
            message.clear_field_by_name(name);
        }
        (Value::Message(message), Step::Field(name), How::Set(value)) => {
            message.set_field_by_name(name, value.clone());
        }
        (Value::Message(message), Step::Extension(name), how) => {
            let extension = message.descriptor().get_extension_by_full_name(name);
            let extension = extension.expect("it was found there");
            match how {
                How::Delete => message.clear_extension(&extension),
                How::Set(value) => message.set_extension(&extension, value.clone()),
            }
        }
        (Value::List(list), Step::Index(index), How::Delete) => {
            list.remove(*index);
        }
        (Value::List(list), Step::Index(index), How::Set(value)) => list[*index] = value.clone(),
        (value, step, _) => panic!("{step:?} in {value:?}"),
    }
}

/// Fields of types that are gone hold bytes or numbers, and methods that had them nothing. Defaults that name a
/// value that is gone go too.
fn lead_elsewhere(message: &mut DynamicMessage, gone: &BTreeSet<String>) {
    let is_gone = |name: &str| {
        let name = name.trim_start_matches('.');
        let inside = |gone: &String| {
            name.strip_prefix(gone.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        };
        gone.contains(name) || gone.iter().any(inside)
    };
    let text = |message: &DynamicMessage, field: &str| {
        let value = message.get_field_by_name(field)?;
        value.as_str().map(str::to_owned)
    };
    match message.descriptor().name() {
        "FieldDescriptorProto" => {
            let name = text(message, "type_name").unwrap_or_default();
            let default = text(message, "default_value").unwrap_or_default();
            let value = format!("{}.{default}", name.trim_start_matches('.'));
            if is_gone(&name) || gone.contains(&value) {
                message.clear_field_by_name("default_value");
            }
            if is_gone(&name) {
                // What decodes where options have such a field.
                let other = match is(message, "type", ENUM) {
                    true => INT32,
                    false => BYTES,
                };
                message.clear_field_by_name("type_name");
                message.set_field_by_name("type", Value::EnumNumber(other));
            }
        }
        "MethodDescriptorProto" => {
            for field in ["input_type", "output_type"] {
                if text(message, field).is_some_and(|name| is_gone(&name)) {
                    message.set_field_by_name(field, Value::String(NOTHING.to_owned()));
                }
            }
        }
        _ => {
            for (_, value) in message.fields_mut() {
                match value {
                    Value::Message(inner) => lead_elsewhere(inner, gone),
                    Value::List(list) => {
                        for value in list {
                            if let Value::Message(inner) = value {
                                lead_elsewhere(inner, gone);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

const INT32: i32 = 5;
const STRING: i32 = 9;
const GROUP: i32 = 10;
const MESSAGE: i32 = 11;
const BYTES: i32 = 12;
const ENUM: i32 = 14;
const OPTIONAL: i32 = 1;
const REQUIRED: i32 = 2;
const REPEATED: i32 = 3;

/// Added to numbers to get others.
const FAR: i32 = 30_000;

/// The last number that a field may have.
const LAST: i32 = (1 << 29) - 1;

impl Mutation {
    /// Whether it deletes.
    pub(crate) fn deletes(&self) -> bool {
        matches!(self.how, How::Delete)
    }

    /// Whether it deletes a message in a list of an option.
    pub(crate) fn deletes_whole(&self) -> bool {
        self.whole
    }

    /// Whether it is of an option.
    pub(crate) fn is_option(&self) -> bool {
        self.place.contains(&Step::Field("options".to_owned()))
    }
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field);
    value
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn is(message: &DynamicMessage, field: &str, number: i32) -> bool {
    let value = message.get_field_by_name(field);
    value.is_some_and(|value| value.as_enum_number() == Some(number))
}
