//! The walk over a set that finds what can be changed in it.

use std::collections::BTreeSet;

use prost_reflect::{DynamicMessage, Kind, ReflectMessage as _, Value};

use super::{
    BYTES, CHANGED, DELETED, ENUM, FAR, GROUP, How, INT32, LANGUAGE, LAST, MESSAGE, Mutation,
    NOTHING, OPTIONAL, REPEATED, REQUIRED, STRING, Step, is, text,
};

#[derive(Default)]
pub(super) struct Walk {
    pub(super) mutations: Vec<Mutation>,
    place: Vec<Step>,
    /// The fields of `descriptor.proto` that the set has.
    pub(super) seen: BTreeSet<String>,
}

impl Walk {
    pub(super) fn files(&mut self, set: &DynamicMessage) {
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
            // Numbers that stand in for one are near the last that there may be.
            Value::I32(number) if *number > LAST - FAR => Value::I32(number - 500),
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
