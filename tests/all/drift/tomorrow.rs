//! Tomorrow's schema: today's, with what a vendor adds to one.

use diadoc_schema::{DESCRIPTOR_SET, Schema, is_only_in_json};
use diadoc_testkit::descriptor_pool;
use prost_reflect::prost::Message as _;
use prost_reflect::{Cardinality, DynamicMessage, MessageDescriptor, ReflectMessage as _, Value};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto,
};

/// Every type that a new field may have.
const TYPES: [Type; 18] = [
    Type::Double,
    Type::Float,
    Type::Int64,
    Type::Uint64,
    Type::Int32,
    Type::Fixed64,
    Type::Fixed32,
    Type::Bool,
    Type::String,
    Type::Group,
    Type::Message,
    Type::Bytes,
    Type::Uint32,
    Type::Enum,
    Type::Sfixed32,
    Type::Sfixed64,
    Type::Sint32,
    Type::Sint64,
];

/// Each message has new fields, one of them required, and a field that has become a list; each enum has a
/// new member, and each file a new message and a new enum.
pub(super) fn schema() -> Schema {
    let set = descriptor_pool().get_message_by_name("google.protobuf.FileDescriptorSet");
    let set = set.expect("the schema imports descriptor.proto");
    let mut set = DynamicMessage::decode(set, DESCRIPTOR_SET).expect("a descriptor set");
    let mut grown = Growth::default();
    for file in list(&mut set, "file") {
        let package = text(file, "package");
        if !package.starts_with("Diadoc.Api.Proto") {
            continue;
        }
        grown.file += 1;
        grown.package = package;
        grown.file(file);
    }
    Schema::from_descriptor_set(&set.encode_to_vec()).expect("a schema")
}

/// How many files and messages have grown.
#[derive(Default)]
struct Growth {
    package: String,
    file: usize,
    message: usize,
}

impl Growth {
    fn file(&mut self, file: &mut DynamicMessage) {
        for item in list(file, "enum_type") {
            grow_enum(item);
        }
        for message in list(file, "message_type") {
            let name = format!("{}.{}", self.package, text(message, "name"));
            self.message(message, &name);
        }
        add(file, "message_type", &self.new_message());
        add(file, "enum_type", &self.new_enum());
    }

    fn message(&mut self, message: &mut DynamicMessage, name: &str) {
        for item in list(message, "enum_type") {
            grow_enum(item);
        }
        for inner in list(message, "nested_type") {
            let name = format!("{name}.{}", text(inner, "name"));
            self.message(inner, &name);
        }
        self.message += 1;
        let today = descriptor_pool().get_message_by_name(name);
        let today = today.unwrap_or_else(|| panic!("{name} is a message"));
        self.turn_into_a_list(message, &today);
        // In turn each type and label, so that each stands in many messages.
        let of = |step: usize| TYPES[(self.message * step) % TYPES.len()];
        let required = match of(1) {
            Type::Group | Type::Message => Type::String,
            scalar => scalar,
        };
        let on_the_wire = today.fields().filter(|field| !is_only_in_json(field));
        let next = 1 + on_the_wire.map(|field| field.number()).max().unwrap_or(0);
        let fields = [
            (Label::Required, required),
            (Label::Optional, of(1)),
            (Label::Optional, of(5)),
            (Label::Repeated, of(7)),
            (Label::Repeated, of(11)),
        ];
        for (number, (label, kind)) in (next..).zip(fields) {
            let field = format!("Tomorrow{number}");
            if kind == Type::Group {
                let group = DescriptorProto {
                    name: Some(field.clone()),
                    field: vec![new_field("Inside", 1, Label::Optional, Type::String)],
                    ..DescriptorProto::default()
                };
                add(message, "nested_type", &group);
            }
            let type_name = match kind {
                Type::Group => Some(format!(".{name}.{field}")),
                Type::Message => Some(self.full_name("Message")),
                Type::Enum => Some(self.full_name("Enum")),
                _ => None,
            };
            // Protobuf wants the name of a group in small letters, JSON takes any.
            let proto_name = match kind {
                Type::Group => field.to_lowercase(),
                _ => field,
            };
            let new = FieldDescriptorProto {
                type_name,
                ..new_field(&proto_name, number, label, kind)
            };
            add(message, "field", &new);
        }
    }

    /// Makes a list of one of the optional fields.
    fn turn_into_a_list(&self, message: &mut DynamicMessage, today: &MessageDescriptor) {
        let may_be = today.fields().filter(|field| {
            field.cardinality() == Cardinality::Optional && !is_only_in_json(field)
        });
        let may_be: Vec<_> = may_be.map(|field| field.number()).collect();
        let Some(number) = may_be.get(self.message % may_be.len().max(1)) else {
            return;
        };
        for field in list(message, "field") {
            if integer(field, "number") == *number as i32 {
                field.set_field_by_name("label", Value::EnumNumber(Label::Repeated.into()));
                field.clear_field_by_name("default_value");
            }
        }
    }

    fn full_name(&self, what: &str) -> String {
        format!(".{}.Tomorrow{what}{}", self.package, self.file)
    }

    fn new_message(&self) -> DescriptorProto {
        let inside = FieldDescriptorProto {
            type_name: Some(self.full_name("Message")),
            ..new_field("Inside", 3, Label::Optional, Type::Message)
        };
        DescriptorProto {
            name: Some(format!("TomorrowMessage{}", self.file)),
            field: vec![
                new_field("Id", 1, Label::Required, Type::String),
                new_field("Ticks", 2, Label::Optional, Type::Sfixed64),
                inside,
            ],
            ..DescriptorProto::default()
        }
    }

    fn new_enum(&self) -> EnumDescriptorProto {
        let name = format!("TomorrowEnum{}", self.file);
        EnumDescriptorProto {
            value: vec![
                member(&format!("{name}First"), 0),
                member(&format!("{name}Second"), 1),
            ],
            name: Some(name),
            ..EnumDescriptorProto::default()
        }
    }
}

/// Gives an enum a new member.
fn grow_enum(item: &mut DynamicMessage) {
    let name = format!("{}FromTomorrow", text(item, "name"));
    let numbers = list(item, "value").map(|value| integer(value, "number"));
    let number = 1 + numbers.max().unwrap_or(0);
    add(item, "value", &member(&name, number));
}

fn new_field(name: &str, number: u32, label: Label, kind: Type) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        json_name: Some(name.to_owned()),
        number: Some(number as i32),
        label: Some(label.into()),
        r#type: Some(kind.into()),
        ..FieldDescriptorProto::default()
    }
}

fn member(name: &str, number: i32) -> EnumValueDescriptorProto {
    EnumValueDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        options: None,
    }
}

/// The elements of a list of messages.
fn list<'m>(
    message: &'m mut DynamicMessage,
    field: &str,
) -> impl Iterator<Item = &'m mut DynamicMessage> {
    let value = message.get_field_by_name_mut(field).expect(field);
    let list = value.as_list_mut().expect("a list").iter_mut();
    list.map(|item| item.as_message_mut().expect("a message"))
}

/// Adds an element to a list of messages.
fn add(message: &mut DynamicMessage, field: &str, new: &impl prost_reflect::prost::Message) {
    let descriptor = message.descriptor().get_field_by_name(field).expect(field);
    let kind = descriptor.kind();
    let item = kind.as_message().expect("a message").clone();
    let item = DynamicMessage::decode(item, &new.encode_to_vec()[..]).expect("a message");
    let value = message.get_field_by_name_mut(field).expect(field);
    value
        .as_list_mut()
        .expect("a list")
        .push(Value::Message(item));
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field).expect(field);
    value.as_str().expect("a text").to_owned()
}

fn integer(message: &DynamicMessage, field: &str) -> i32 {
    let value = message.get_field_by_name(field).expect(field);
    value.as_i32().expect("an integer")
}
