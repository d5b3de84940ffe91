//! What the vendor calls obsolete in a request.

use prost_reflect::{
    EnumDescriptor, EnumValueDescriptor, FieldDescriptor, Kind, MessageDescriptor,
};

/// Why a field should not be set, as a sentence; none where nothing about it is obsolete.
pub(crate) fn of_field(field: &FieldDescriptor) -> Option<String> {
    let options = field.field_descriptor_proto().options.as_ref();
    if options.is_some_and(|options| options.deprecated()) {
        let owner = field.parent_message().name();
        let name = field.name();
        return Some(format!("the vendor calls `{name}` of `{owner}` obsolete"));
    }
    match field.kind() {
        Kind::Message(message) => of_message(&message),
        Kind::Enum(item) => of_enum(&item),
        _ => None,
    }
}

/// Why a message should not be sent.
pub(crate) fn of_message(message: &MessageDescriptor) -> Option<String> {
    let options = message.descriptor_proto().options.as_ref();
    let is_deprecated = options.is_some_and(|options| options.deprecated());
    is_deprecated.then(|| format!("the vendor calls the message `{}` obsolete", message.name()))
}

fn of_enum(item: &EnumDescriptor) -> Option<String> {
    let options = item.enum_descriptor_proto().options.as_ref();
    let is_deprecated = options.is_some_and(|options| options.deprecated());
    is_deprecated.then(|| format!("the vendor calls the enum `{}` obsolete", item.name()))
}

/// Why a value of an enum should not be sent.
pub(crate) fn of_value(value: &EnumValueDescriptor) -> Option<String> {
    let options = value.enum_value_descriptor_proto().options.as_ref();
    let is_deprecated = options.is_some_and(|options| options.deprecated());
    is_deprecated.then(|| {
        let item = value.parent_enum().name();
        format!("the vendor calls `{}` of `{item}` obsolete", value.name())
    })
}
