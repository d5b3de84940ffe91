//! A message, enum, field, enum value or method as a page of a manual.

pub(crate) mod comment;
mod method;
mod page;
mod rust;
mod words;

use prost_reflect::{Cardinality, EnumValueDescriptor, FieldDescriptor, Kind};
use serde::Serialize;

use crate::enums::{first_name, values};
use crate::names::type_name;
use crate::only_in_json::is_only_in_json;
use crate::{Item, ItemKind, Schema, SchemaError, rules_of_field, rules_of_message};

pub use method::{MethodDescription, ParameterDescription};
pub(crate) use words::{ENGLISH, Words};

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
    /// What it is called in Russian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
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
    /// The number on the wire; none for a field that only JSON has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
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
    /// What it is called in Russian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
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
    /// What it is called in Russian.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The first sentence of the comment.
    pub summary: String,
    /// The whole comment.
    pub comment: String,
}

/// Describes what has that name, as [`Schema::resolve`] finds it.
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
/// Those of [`Schema::resolve`].
pub fn describe(schema: &Schema, name: &str) -> Result<Description, SchemaError> {
    Ok(describe_item(schema, &schema.resolve(name)?))
}

/// Describes a part of a schema.
pub fn describe_item(schema: &Schema, item: &Item<'_>) -> Description {
    let file = item.file();
    let mut page = Description {
        kind: item.kind(),
        name: item.full_name(),
        package: file.package_name().to_owned(),
        file: file.name().to_owned(),
        rust: String::new(),
        title: item.title(),
        comment: String::new(),
        deprecated: false,
        rules: Vec::new(),
        fields: Vec::new(),
        values: Vec::new(),
        used_by: Vec::new(),
        methods: Vec::new(),
        method: None,
    };
    match item {
        Item::Message(message) => {
            let options = message.descriptor_proto().options.as_ref();
            page.rust = rust::message(message);
            page.comment = comment::of_message(message);
            page.deprecated = options.is_some_and(|options| options.deprecated());
            page.rules = rules_of_message(message);
            page.fields = message.fields().map(|it| describe_field(&it)).collect();
            page.fields.sort_by_key(|field| field.deprecated);
        }
        Item::Enum(item) => {
            let options = item.enum_descriptor_proto().options.as_ref();
            page.rust = rust::enumeration(item);
            page.comment = comment::of_enum(item);
            page.deprecated = options.is_some_and(|options| options.deprecated());
            page.values = values(item).map(|it| describe_value(&it)).collect();
            page.values.sort_by_key(|value| value.deprecated);
        }
        Item::Field(field) => {
            let described = describe_field(field);
            let owner = rust::message(field.parent_message());
            page.rust = format!("{owner}.{}", described.rust);
            page.comment.clone_from(&described.comment);
            page.deprecated = described.deprecated;
            page.rules.clone_from(&described.rules);
            page.fields = vec![described];
        }
        Item::Value(value) => {
            let described = describe_value(value);
            let owner = rust::enumeration(value.parent_enum());
            let variant = described.alias_of.as_ref().unwrap_or(&described.name);
            page.rust = format!("{owner}::{}", rust::variant(variant));
            page.comment.clone_from(&described.comment);
            page.deprecated = described.deprecated;
            page.values = vec![described];
        }
        Item::Method(method) => {
            page.rust = rust::method(&method.descriptor);
            page.comment = method.comment();
            page.deprecated = method.deprecated;
            page.rules = rules_of_message(&method.request());
            page.method = Some(method::describe(method));
        }
    }
    if let Item::Message(_) | Item::Enum(_) = item {
        page.used_by = used_by(schema, &page.name);
        page.methods = method::that_use(schema, &page.name);
    }
    page
}

fn describe_field(field: &FieldDescriptor) -> FieldDescription {
    let declared = field.field_descriptor_proto();
    let options = declared.options.as_ref();
    let comment = comment::of_field(field);
    FieldDescription {
        number: (!is_only_in_json(field)).then(|| field.number()),
        label: label(field),
        type_name: type_name(&field.kind()),
        name: field.name().to_owned(),
        json_name: field.json_name().to_owned(),
        rust: rust::field(field),
        default: declared.default_value.clone(),
        deprecated: options.is_some_and(|options| options.deprecated()),
        title: Item::Field(field.clone()).title(),
        summary: comment::summary(&comment),
        comment,
        rules: rules_of_field(field),
    }
}

fn describe_value(value: &EnumValueDescriptor) -> ValueDescription {
    let declared = value.enum_value_descriptor_proto();
    let options = declared.options.as_ref();
    let comment = comment::of_value(value);
    let first = first_name(value.parent_enum(), value.number());
    ValueDescription {
        number: declared.number(),
        name: declared.name().to_owned(),
        alias_of: first
            .filter(|first| *first != declared.name())
            .map(str::to_owned),
        deprecated: options.is_some_and(|options| options.deprecated()),
        title: Item::Value(value.clone()).title(),
        summary: comment::summary(&comment),
        comment,
    }
}

/// Phrases as one sentence; none where there is no phrase.
pub(crate) fn rules_sentence(rules: &[String], words: &Words) -> Option<String> {
    let sentence = match rules {
        [] => return None,
        [_] => words.rule,
        _ => words.several_rules,
    };
    Some(sentence.replace("{}", &rules.join("; ")))
}

pub(crate) fn label(field: &FieldDescriptor) -> &'static str {
    match field.cardinality() {
        Cardinality::Required => ENGLISH.required,
        Cardinality::Optional => ENGLISH.optional,
        Cardinality::Repeated => ENGLISH.repeated,
    }
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
