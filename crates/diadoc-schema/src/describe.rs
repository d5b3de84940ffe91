//! A message, enum, field, enum value or method as a page of a manual.

pub(crate) mod comment;
mod method;
mod page;
mod rust;

use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde::Serialize;

use crate::enums::first_name;
use crate::methods::is_tail;
use crate::schema::ROOT_PACKAGE;
use crate::{Method, Schema, SchemaError, field_rules, nearest};

pub use method::{MethodDescription, ParameterDescription};

/// What a [`Description`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ItemKind {
    /// A message.
    Message,
    /// An enum.
    Enum,
    /// A field of a message.
    Field,
    /// A value of an enum.
    Value,
    /// An HTTP method.
    Method,
}

/// What the schema says about one of its names; made by [`describe`].
///
/// `Display` writes it as a manual page for a terminal, `Serialize` as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Description {
    /// What it is.
    pub kind: ItemKind,
    /// The full name; that of a value starts with the enum's.
    pub name: String,
    /// The package.
    pub package: String,
    /// The `.proto` file.
    pub file: String,
    /// The path of the Rust type or variant in diadoc-proto; for a field that of its message's type
    /// with the name of the field: `diadoc_proto::documents::Document.index_key`. For a method the
    /// path of its request in diadoc-api.
    pub rust: String,
    /// The whole comment, its paragraphs parted by blank lines.
    pub comment: String,
    /// Whether the schema marks it as deprecated.
    pub deprecated: bool,
    /// What a message must hold to as a whole, or a field's values, as phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The fields of a message in the order of their numbers; for a field itself just that one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldDescription>,
    /// The values of an enum as the schema lists them; for a value itself just that one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueDescription>,
    /// The full names of the fields that have this message or enum as their type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    /// The HTTP methods that send this message or enum or answer with it: `Documents.Delete`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    /// How an HTTP method travels; only for a method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<MethodDescription>,
}

/// A field in a [`Description`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldDescription {
    /// The number on the wire.
    pub number: u32,
    /// `required`, `optional` or `repeated`.
    pub label: &'static str,
    /// `string`, `sfixed64` and so on, or the full name of a message or enum.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The name in the schema.
    pub name: String,
    /// The key in JSON.
    pub json_name: String,
    /// The name of the Rust field.
    pub rust: String,
    /// The default that the schema declares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether the schema marks it as deprecated.
    pub deprecated: bool,
    /// The first sentence of the comment.
    pub summary: String,
    /// The whole comment.
    pub comment: String,
    /// What the values must hold to, as phrases: `from 0 to 100`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
}

/// An enum value in a [`Description`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ValueDescription {
    /// The number on the wire.
    pub number: i32,
    /// The name; JSON writes it unless `alias_of` names another.
    pub name: String,
    /// The first name of the same number, which JSON writes instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias_of: Option<String>,
    /// Whether the schema marks it as deprecated.
    pub deprecated: bool,
    /// The first sentence of the comment.
    pub summary: String,
    /// The whole comment.
    pub comment: String,
}

/// Describes what has that name: a message, an enum, a field (`Document.IndexKey`, by its name in
/// the schema or its key in JSON), an HTTP method (`GetDocumentsV3`) or an enum value
/// (`DocumentType.Invoice`, or `Invoice` alone).
///
/// A name is full, or the end of one after a dot: `Diadoc.Api.Proto.Documents.Document`,
/// `Documents.Document`, `Document`. Messages and enums come before fields, fields before methods,
/// methods before values.
///
/// ```
/// use diadoc_schema::{Schema, describe};
///
/// let page = describe(Schema::diadoc(), "Document.IndexKey")?;
/// assert_eq!(page.name, "Diadoc.Api.Proto.Documents.Document.IndexKey");
/// assert_eq!(page.rust, "diadoc_proto::documents::Document.index_key");
/// println!("{page}");
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
///
/// # Errors
///
/// [`SchemaError::NoName`] with near names where nothing has that name, and
/// [`SchemaError::Ambiguous`] with the full names where it is the end of several.
pub fn describe(schema: &Schema, name: &str) -> Result<Description, SchemaError> {
    let name = name.trim().trim_start_matches('.');
    for found in [types, fields, methods, values] {
        let mut found = found(schema, name);
        // A full name is what it says, even where it is the end of another as well.
        if let Some(exact) = found.iter().position(|item| item.full_name() == name) {
            found = vec![found.swap_remove(exact)];
        }
        match found.as_slice() {
            [] => {}
            [item] => return Ok(item.description(schema)),
            items => {
                return Err(SchemaError::Ambiguous {
                    name: name.to_owned(),
                    candidates: items.iter().map(Item::full_name).collect(),
                });
            }
        }
    }
    Err(SchemaError::NoName {
        name: name.to_owned(),
        near: near(schema, name),
    })
}

enum Item {
    Message(MessageDescriptor),
    Enum(EnumDescriptor),
    Field(FieldDescriptor),
    Method(Box<Method>),
    /// An enum and the place of the value in its declaration.
    Value(EnumDescriptor, usize),
}

fn types(schema: &Schema, name: &str) -> Vec<Item> {
    let messages = schema
        .messages()
        .filter(|message| is_tail(message.full_name(), name))
        .map(Item::Message);
    let enums = schema
        .enums()
        .filter(|item| is_tail(item.full_name(), name))
        .map(Item::Enum);
    messages.chain(enums).collect()
}

fn fields(schema: &Schema, name: &str) -> Vec<Item> {
    let Some((owner, field)) = name.rsplit_once('.') else {
        return Vec::new();
    };
    schema
        .messages()
        .filter(|message| is_tail(message.full_name(), owner))
        .filter_map(|message| {
            message
                .get_field_by_name(field)
                .or_else(|| message.get_field_by_json_name(field))
        })
        .map(Item::Field)
        .collect()
}

fn methods(schema: &Schema, name: &str) -> Vec<Item> {
    schema
        .methods()
        .iter()
        .filter(|method| is_tail(method.full_name(), name))
        .map(|method| Item::Method(Box::new(method.clone())))
        .collect()
}

fn values(schema: &Schema, name: &str) -> Vec<Item> {
    let (owner, value) = name.rsplit_once('.').unwrap_or(("", name));
    schema
        .enums()
        .filter(|item| owner.is_empty() || is_tail(item.full_name(), owner))
        .filter_map(|item| {
            let place = item
                .enum_descriptor_proto()
                .value
                .iter()
                .position(|declared| declared.name() == value)?;
            Some(Item::Value(item, place))
        })
        .collect()
}

/// Names that may have been meant: the nearest type; the nearest member of the type before the
/// dot; the nearest method; the nearest value; or the fields of just that name, when their message
/// is missing.
fn near(schema: &Schema, name: &str) -> Vec<String> {
    let short = |full_name: &str| short_name(full_name).to_owned();
    let last = |full_name: &str| full_name.rsplit('.').next().unwrap_or_default().to_owned();
    let mut near = Vec::new();
    if let Some((owner, member)) = name.rsplit_once('.') {
        for item in types(schema, owner) {
            let (full_name, members): (_, Vec<String>) = match &item {
                Item::Message(message) => (
                    short(message.full_name()),
                    message
                        .fields()
                        .map(|field| field.name().to_owned())
                        .collect(),
                ),
                Item::Enum(item) => (
                    short(item.full_name()),
                    item.values().map(|value| value.name().to_owned()).collect(),
                ),
                Item::Field(_) | Item::Method(_) | Item::Value(..) => continue,
            };
            if let Some(member) = nearest(member, members.iter().map(String::as_str)).first() {
                near.push(format!("{full_name}.{member}"));
            }
        }
    } else {
        near.extend(schema.messages().filter_map(|message| {
            let field = message.get_field_by_name(name)?;
            Some(format!("{}.{}", short(message.full_name()), field.name()))
        }));
    }
    let types: Vec<String> = schema
        .messages()
        .map(|message| message.full_name().to_owned())
        .chain(schema.enums().map(|item| item.full_name().to_owned()))
        .collect();
    let wanted = last(name);
    let tails: Vec<String> = types.iter().map(|full_name| last(full_name)).collect();
    if near.is_empty() {
        if let Some(tail) = nearest(&wanted, tails.iter().map(String::as_str)).first() {
            near.extend(
                types
                    .iter()
                    .filter(|full_name| last(full_name) == *tail)
                    .map(|n| short(n)),
            );
        }
        near.extend(schema.near_methods(name));
        let values: Vec<(String, String)> = schema
            .enums()
            .flat_map(|item| {
                let owner = short(item.full_name());
                let values = item.values().map(|value| {
                    let full_name = format!("{owner}.{}", value.name());
                    (value.name().to_owned(), full_name)
                });
                values.collect::<Vec<_>>()
            })
            .collect();
        if let Some(found) =
            nearest(&wanted, values.iter().map(|(value, _)| value.as_str())).first()
        {
            let same = values.iter().filter(|(value, _)| value == found);
            near.extend(same.map(|(_, full_name)| full_name.clone()));
        }
    }
    near.dedup();
    near
}

impl Item {
    fn full_name(&self) -> String {
        match self {
            Self::Message(message) => message.full_name().to_owned(),
            Self::Enum(item) => item.full_name().to_owned(),
            Self::Field(field) => field.full_name().to_owned(),
            Self::Method(method) => method.full_name().to_owned(),
            // In protobuf a value lies beside its enum; people look for it inside.
            Self::Value(item, place) => {
                let value = &item.enum_descriptor_proto().value[*place];
                format!("{}.{}", item.full_name(), value.name())
            }
        }
    }

    fn description(&self, schema: &Schema) -> Description {
        match self {
            Self::Message(message) => describe_message(schema, message),
            Self::Enum(item) => describe_enum(schema, item),
            Self::Field(field) => {
                let parent = field.parent_message();
                let described = describe_field(field);
                Description {
                    kind: ItemKind::Field,
                    name: self.full_name(),
                    package: parent.package_name().to_owned(),
                    file: parent.parent_file().name().to_owned(),
                    rust: format!("{}.{}", rust::message(parent), described.rust),
                    comment: described.comment.clone(),
                    deprecated: described.deprecated,
                    rules: described.rules.clone(),
                    fields: vec![described],
                    values: Vec::new(),
                    used_by: Vec::new(),
                    methods: Vec::new(),
                    method: None,
                }
            }
            Self::Method(method) => method::describe(method),
            Self::Value(item, place) => {
                let described = describe_value(item, *place);
                let variant = described.alias_of.as_ref().unwrap_or(&described.name);
                Description {
                    kind: ItemKind::Value,
                    name: self.full_name(),
                    package: item.package_name().to_owned(),
                    file: item.parent_file().name().to_owned(),
                    rust: format!("{}::{}", rust::enumeration(item), rust::variant(variant)),
                    comment: described.comment.clone(),
                    deprecated: described.deprecated,
                    rules: Vec::new(),
                    fields: Vec::new(),
                    values: vec![described],
                    used_by: Vec::new(),
                    methods: Vec::new(),
                    method: None,
                }
            }
        }
    }
}

pub(crate) fn describe_message(schema: &Schema, message: &MessageDescriptor) -> Description {
    let options = message.descriptor_proto().options.as_ref();
    Description {
        kind: ItemKind::Message,
        name: message.full_name().to_owned(),
        package: message.package_name().to_owned(),
        file: message.parent_file().name().to_owned(),
        rust: rust::message(message),
        comment: comment::of_message(message),
        deprecated: options.is_some_and(|options| options.deprecated()),
        rules: message_rule_texts(message),
        fields: message
            .fields()
            .map(|field| describe_field(&field))
            .collect(),
        values: Vec::new(),
        used_by: used_by(schema, message.full_name()),
        methods: method::that_use(schema, message.full_name()),
        method: None,
    }
}

pub(crate) fn describe_enum(schema: &Schema, item: &EnumDescriptor) -> Description {
    let declared = item.enum_descriptor_proto();
    let options = declared.options.as_ref();
    Description {
        kind: ItemKind::Enum,
        name: item.full_name().to_owned(),
        package: item.package_name().to_owned(),
        file: item.parent_file().name().to_owned(),
        rust: rust::enumeration(item),
        comment: comment::of_enum(item),
        deprecated: options.is_some_and(|options| options.deprecated()),
        rules: Vec::new(),
        fields: Vec::new(),
        values: (0..declared.value.len())
            .map(|place| describe_value(item, place))
            .collect(),
        used_by: used_by(schema, item.full_name()),
        methods: method::that_use(schema, item.full_name()),
        method: None,
    }
}

fn describe_field(field: &FieldDescriptor) -> FieldDescription {
    let declared = field.field_descriptor_proto();
    let options = declared.options.as_ref();
    let comment = comment::of_field(field);
    FieldDescription {
        number: field.number(),
        label: label(field),
        type_name: type_name(field),
        name: field.name().to_owned(),
        json_name: field.json_name().to_owned(),
        rust: rust::field(field),
        default: declared.default_value.clone(),
        deprecated: options.is_some_and(|options| options.deprecated()),
        summary: comment::summary(&comment),
        comment,
        rules: rule_texts(field),
    }
}

fn describe_value(item: &EnumDescriptor, place: usize) -> ValueDescription {
    let declared = &item.enum_descriptor_proto().value[place];
    let options = declared.options.as_ref();
    let comment = comment::of_value(item, place);
    let first = first_name(item, declared.number());
    ValueDescription {
        number: declared.number(),
        name: declared.name().to_owned(),
        alias_of: first
            .filter(|first| *first != declared.name())
            .map(str::to_owned),
        deprecated: options.is_some_and(|options| options.deprecated()),
        summary: comment::summary(&comment),
        comment,
    }
}

/// What the rules of a field say, as phrases.
pub(crate) fn rule_texts(field: &FieldDescriptor) -> Vec<String> {
    field_rules::rules_of_field(field)
}

/// What the rules of a message say about which fields are set, as phrases.
pub(crate) fn message_rule_texts(message: &MessageDescriptor) -> Vec<String> {
    field_rules::rules_of_message(message)
}

/// Phrases as one sentence; none where there is no phrase.
pub(crate) fn rules_sentence(rules: &[String]) -> Option<String> {
    match rules {
        [] => None,
        [rule] => Some(format!("Rule: {rule}.")),
        rules => Some(format!("Rules: {}.", rules.join("; "))),
    }
}

pub(crate) fn label(field: &FieldDescriptor) -> &'static str {
    match field.cardinality() {
        Cardinality::Required => "required",
        Cardinality::Optional => "optional",
        Cardinality::Repeated => "repeated",
    }
}

/// The full name of a message or enum, or protobuf's name of the scalar.
pub(crate) fn type_name(field: &FieldDescriptor) -> String {
    match field.kind() {
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(item) => item.full_name().to_owned(),
        scalar => format!("{scalar:?}").to_lowercase(),
    }
}

/// A name without the package that all of Diadoc's names begin with.
pub(crate) fn short_name(full_name: &str) -> &str {
    full_name
        .strip_prefix(ROOT_PACKAGE)
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(full_name)
}

fn used_by(schema: &Schema, type_full_name: &str) -> Vec<String> {
    let mut names = Vec::new();
    for message in schema.messages() {
        for field in message.fields() {
            let same = match field.kind() {
                Kind::Message(item) => item.full_name() == type_full_name,
                Kind::Enum(item) => item.full_name() == type_full_name,
                _ => false,
            };
            if same {
                names.push(field.full_name().to_owned());
            }
        }
    }
    names
}
