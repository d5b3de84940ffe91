//! What the vendor calls obsolete in a request.

use std::borrow::Cow;

use diadoc_core::{Language, fill};
use prost_reflect::{
    EnumDescriptor, EnumValueDescriptor, FieldDescriptor, Kind, MessageDescriptor,
};

use crate::words::Words;

/// What is obsolete, by its names in the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obsolete {
    /// A field of a message, or a value of an enum.
    Member {
        name: Cow<'static, str>,
        owner: Cow<'static, str>,
    },
    Message(Cow<'static, str>),
    Enum(Cow<'static, str>),
}

impl Obsolete {
    /// Why it should not stand in a request, as a phrase.
    pub(crate) fn say(&self, language: Language) -> String {
        let words = Words::of(language);
        match self {
            Self::Member { name, owner } => fill(words.obsolete_member, &[name, owner]),
            Self::Message(name) => fill(words.obsolete_message, &[name]),
            Self::Enum(name) => fill(words.obsolete_enum, &[name]),
        }
    }

    /// It as an expression of Rust, for generated tables.
    pub(crate) fn expression(&self) -> String {
        match self {
            Self::Member { name, owner } => format!(
                "Obsolete::Member {{ name: Cow::Borrowed({name:?}), owner: Cow::Borrowed({owner:?}) }}"
            ),
            Self::Message(name) => format!("Obsolete::Message(Cow::Borrowed({name:?}))"),
            Self::Enum(name) => format!("Obsolete::Enum(Cow::Borrowed({name:?}))"),
        }
    }
}

/// What about a field is obsolete, so that it should not be set.
pub(crate) fn of_field(field: &FieldDescriptor) -> Option<Obsolete> {
    let options = field.field_descriptor_proto().options.as_ref();
    if options.is_some_and(|options| options.deprecated()) {
        return Some(Obsolete::Member {
            name: field.name().to_owned().into(),
            owner: field.parent_message().name().to_owned().into(),
        });
    }
    match field.kind() {
        Kind::Message(message) => of_message(&message),
        Kind::Enum(item) => of_enum(&item),
        _ => None,
    }
}

/// The message, where it should not be sent.
pub(crate) fn of_message(message: &MessageDescriptor) -> Option<Obsolete> {
    let options = message.descriptor_proto().options.as_ref();
    let is_deprecated = options.is_some_and(|options| options.deprecated());
    is_deprecated.then(|| Obsolete::Message(message.name().to_owned().into()))
}

pub(crate) fn of_enum(item: &EnumDescriptor) -> Option<Obsolete> {
    let options = item.enum_descriptor_proto().options.as_ref();
    let is_deprecated = options.is_some_and(|options| options.deprecated());
    is_deprecated.then(|| Obsolete::Enum(item.name().to_owned().into()))
}

/// A value of an enum, where it should not be sent.
pub(crate) fn of_value(value: &EnumValueDescriptor) -> Option<Obsolete> {
    let options = value.enum_value_descriptor_proto().options.as_ref();
    let is_deprecated = options.is_some_and(|options| options.deprecated());
    is_deprecated.then(|| Obsolete::Member {
        name: value.name().to_owned().into(),
        owner: value.parent_enum().name().to_owned().into(),
    })
}
