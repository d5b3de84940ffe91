//! Changes of a descriptor set in one place each, found by walking the set: every element, and every
//! leaf of every option.

use std::collections::BTreeSet;

use diadoc_schema::{Schema, SchemaError};
use prost::Message as _;
use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

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
const LANGUAGE: [&str; 2] = ["Diadoc.Rules.", "Diadoc.Http."];

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
        let mut walk = Walk {
            mutations: Vec::new(),
            place: Vec::new(),
            seen: BTreeSet::new(),
        };
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
    if name.starts_with("google/") || files.contains(&name.as_str()) {
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

struct Walk {
    mutations: Vec<Mutation>,
    place: Vec<Step>,
    seen: BTreeSet<String>,
}

impl Walk {
    fn files(&mut self, set: &DynamicMessage) {
        self.list(set, "file", |walk, file| {
            let package = text(file, "package");
            if package != "google.protobuf" {
                walk.element(file, &package);
            }
        });
    }

    /// Goes into each message of a list.
    fn list(
        &mut self,
        message: &DynamicMessage,
        field: &str,
        mut each: impl FnMut(&mut Self, &DynamicMessage),
    ) {
        let Some(value) = message.get_field_by_name(field) else {
            return;
        };
        let list = value.as_list().unwrap_or_default();
        for (index, value) in list.iter().enumerate() {
            let Value::Message(inner) = value else {
                continue;
            };
            self.place
                .extend([Step::Field(field.to_owned()), Step::Index(index)]);
            each(self, inner);
            self.place.truncate(self.place.len() - 2);
        }
    }

    /// An element with that path.
    fn element(&mut self, element: &DynamicMessage, path: &str) {
        let kind = element.descriptor().name().to_owned();
        for (field, value) in element.fields() {
            let name = field.name();
            if name == "options" {
                if kind != "FileDescriptorProto" {
                    self.place.push(Step::Field("options".to_owned()));
                    self.options(value, path, "");
                    self.place.pop();
                }
                continue;
            }
            let what = format!("{kind}.{name}");
            self.seen.insert(what.clone());
            if let Value::List(list) = value {
                for (index, item) in list.iter().enumerate() {
                    self.place
                        .extend([Step::Field(name.to_owned()), Step::Index(index)]);
                    self.item(element, &what, item, path);
                    self.place.truncate(self.place.len() - 2);
                }
            } else {
                self.place.push(Step::Field(name.to_owned()));
                self.scalar(element, &what, value, path);
                self.place.pop();
            }
        }
        // What the set leaves out, and may have.
        if kind == "MethodDescriptorProto" {
            for name in ["client_streaming", "server_streaming"] {
                self.place.push(Step::Field(name.to_owned()));
                self.push(path, &format!("{kind}.{name}"), How::Set(Value::Bool(true)));
                self.place.pop();
            }
        }
        if kind == "FieldDescriptorProto"
            && !element.has_field_by_name("default_value")
            && !is(element, "label", REPEATED)
            && (is(element, "type", STRING) || is(element, "type", INT32))
        {
            self.place.push(Step::Field("default_value".to_owned()));
            let default = How::Set(Value::String("7".to_owned()));
            self.push(path, "FieldDescriptorProto.default_value", default);
            self.place.pop();
        }
    }

    /// An element of a list: it can be deleted, and has parts.
    fn item(&mut self, parent: &DynamicMessage, what: &str, item: &Value, path: &str) {
        let Value::Message(message) = item else {
            if DELETED.contains(&what) {
                self.push(path, what, How::Delete);
            }
            return;
        };
        let name = text(message, "name");
        let inner = match (name.as_str(), path) {
            // Ranges have no names.
            ("", path) => path.to_owned(),
            (name, "") => name.to_owned(),
            (name, path) => format!("{path}.{name}"),
        };
        // An enum without values is none.
        let last = what == "EnumDescriptorProto.value"
            && parent
                .get_field_by_name("value")
                .is_some_and(|v| v.as_list().map_or(0, <[_]>::len) < 2);
        if DELETED.contains(&what) && !last && inner != NOTHING[1..] {
            self.push(&inner, what, How::Delete);
            let last = self.mutations.last_mut().expect("it was just pushed");
            last.gone = Some(inner.clone());
        }
        self.element(message, &inner);
    }

    fn scalar(&mut self, element: &DynamicMessage, what: &str, value: &Value, path: &str) {
        if DELETED.contains(&what) {
            self.push(path, what, How::Delete);
        }
        if !CHANGED.contains(&what) {
            return;
        }
        let extension = element.has_field_by_name("extendee");
        let language = extension || LANGUAGE.iter().any(|package| path.starts_with(package));
        let set = |value| Some(How::Set(value));
        let other = |value: &Value, add: &str| match value {
            Value::String(text) => Value::String(format!("{text}{add}")),
            Value::I32(number) => Value::I32(number + FAR),
            value => value.clone(),
        };
        let in_oneof = element.has_field_by_name("oneof_index");
        let how = match what {
            "FieldDescriptorProto.label" if language => None,
            "FieldDescriptorProto.type" | "FieldDescriptorProto.type_name" if language => None,
            "FieldDescriptorProto.label"
                if in_oneof || element.has_field_by_name("default_value") =>
            {
                None
            }
            "FieldDescriptorProto.label" => set(Value::EnumNumber(match value {
                Value::EnumNumber(REQUIRED | REPEATED) => OPTIONAL,
                _ => REPEATED,
            })),
            "FieldDescriptorProto.type" => match value {
                Value::EnumNumber(STRING) => set(Value::EnumNumber(BYTES)),
                // Their types have names, which are changed.
                Value::EnumNumber(MESSAGE | GROUP | ENUM) => None,
                _ if element.has_field_by_name("default_value") => None,
                _ => set(Value::EnumNumber(STRING)),
            },
            "FieldDescriptorProto.type_name" => {
                let message = is(element, "type", MESSAGE);
                let other = match (message, value.as_str()) {
                    _ if element.has_field_by_name("default_value")
                        || is(element, "type", GROUP) =>
                    {
                        None
                    }
                    (true, Some(NOTHING)) => None,
                    (true, _) => Some(NOTHING),
                    (false, Some(".Diadoc.Rules.Format")) => None,
                    (false, _) => Some(".Diadoc.Rules.Format"),
                };
                other.and_then(|name| set(Value::String(name.to_owned())))
            }
            "FieldDescriptorProto.default_value" => match value.as_str() {
                // Another name of the enum is a value that is deleted or renamed.
                _ if is(element, "type", ENUM) => None,
                Some("true") => set(Value::String("false".to_owned())),
                Some("false") => set(Value::String("true".to_owned())),
                _ => set(other(value, "1")),
            },
            "MethodDescriptorProto.input_type" | "MethodDescriptorProto.output_type" => {
                match value.as_str() {
                    Some(NOTHING) => set(Value::String(".Diadoc.Http.Text".to_owned())),
                    _ => set(Value::String(NOTHING.to_owned())),
                }
            }
            _ => set(other(value, "Else")),
        };
        if let Some(how) = how {
            self.push(path, what, how);
            if what == "EnumValueDescriptorProto.name" {
                // A default may name it.
                let last = self.mutations.last_mut().expect("it was just pushed");
                last.gone = Some(path.to_owned());
            }
        }
    }

    /// The leaves of options, each deleted and changed.
    fn options(&mut self, value: &Value, path: &str, option: &str) {
        match value {
            Value::Message(message) => {
                let inner = |name: &str| match option {
                    "" => name.to_owned(),
                    option => format!("{option}.{name}"),
                };
                for (field, value) in message.fields() {
                    self.place.push(Step::Field(field.name().to_owned()));
                    self.option(value, &field.kind(), path, &inner(field.name()));
                    self.place.pop();
                }
                for (extension, value) in message.extensions() {
                    let name = extension.full_name();
                    self.place.push(Step::Extension(name.to_owned()));
                    self.option(value, &extension.kind(), path, &inner(name));
                    self.place.pop();
                }
            }
            other => panic!("options are messages: {other:?}"),
        }
    }

    fn option(&mut self, value: &Value, kind: &Kind, path: &str, option: &str) {
        match value {
            Value::Message(_) => self.options(value, path, option),
            Value::List(list) => {
                for (index, item) in list.iter().enumerate() {
                    self.place.push(Step::Index(index));
                    self.push(path, option, How::Delete);
                    match item {
                        Value::Message(_) => {
                            let last = self.mutations.last_mut().expect("it was just pushed");
                            last.whole = true;
                            self.options(item, path, option);
                        }
                        leaf => self.leaf(leaf, kind, path, option),
                    }
                    self.place.pop();
                }
            }
            // An enum with two names of one number is none without it.
            _ if option == "allow_alias" => {}
            leaf => {
                self.push(path, option, How::Delete);
                self.leaf(leaf, kind, path, option);
            }
        }
    }

    fn leaf(&mut self, value: &Value, kind: &Kind, path: &str, option: &str) {
        let other = match (value, kind) {
            (Value::Bool(value), _) => Value::Bool(!value),
            (Value::String(text), _) => Value::String(format!("{text}x")),
            (Value::I32(number), _) => Value::I32(number.wrapping_add(1)),
            (Value::I64(number), _) => Value::I64(number.wrapping_add(1)),
            (Value::U32(number), _) => Value::U32(number.wrapping_add(1)),
            (Value::U64(number), _) => Value::U64(number.wrapping_add(1)),
            (Value::EnumNumber(number), Kind::Enum(item)) => {
                let next = item.values().map(|value| value.number());
                let next = next.filter(|other| other != number).max();
                Value::EnumNumber(next.expect("another value"))
            }
            (other, _) => panic!("no option is of this kind: {other:?}"),
        };
        self.push(path, option, How::Set(other));
    }

    fn push(&mut self, element: &str, what: &str, how: How) {
        self.mutations.push(Mutation {
            element: element.to_owned(),
            what: what.to_owned(),
            place: self.place.clone(),
            how,
            gone: None,
            whole: false,
        });
    }
}

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
