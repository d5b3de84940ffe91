//! What two schemas are compared by: one structure for descriptors and for OpenAPI.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::path::Path;

use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value};

use super::deviations;
use super::elements::{self, Rpc};
use super::tree::Tree;
use crate::endpoints::{Endpoints, Origin};
use crate::enums::{members, unknown_member};
use crate::{Schema, SchemaError, is_only_in_json};

/// A schema reduced to what [`compare`](crate::compare) looks at: messages with their fields, enums
/// with their values, methods with their parameters, and what the options of all of them say.
///
/// It is made from a [`Schema`], from an OpenAPI document ([`Shape::from_openapi`]), or from the table
/// of what the live server takes ([`Shape::from_deviations`]). Of a schema it holds bodies that lie
/// below Diadoc's package, and all methods. In which file something stands, how it is ordered, and its
/// comments are no part of it.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Whether numbers, labels, defaults and packages are known; an OpenAPI document has none.
    pub(crate) numbered: bool,
    pub(crate) messages: BTreeMap<String, Message>,
    pub(crate) enums: BTreeMap<String, Enum>,
    /// Whether it has options of our own: rules, and how methods travel.
    pub(crate) annotated: bool,
    /// What elements state besides their structure, by their paths.
    pub(crate) elements: BTreeMap<String, Tree>,
    pub(crate) services: BTreeSet<String>,
    pub(crate) methods: BTreeMap<String, Rpc>,
    /// The messages whose fields are parameters.
    pub(crate) requests: BTreeMap<String, Message>,
    /// The enums that say which numbers a field may have, by number.
    pub(crate) codes: BTreeMap<String, BTreeMap<i32, String>>,
    /// The names that parameters may have as their values, by the enum.
    pub(crate) queried: BTreeMap<String, BTreeSet<String>>,
    /// The names that the rules of a message speak of, by the message; those of other messages that
    /// rules speak of stand under no name.
    pub(crate) ruled: BTreeMap<String, BTreeSet<String>>,
    /// The language of the schema: options, and the types in them.
    pub(crate) definitions: BTreeMap<String, Tree>,
    /// The HTTP methods as an OpenAPI document and the code of an SDK tell of them too; none where
    /// nothing is told of them.
    pub(crate) endpoints: Option<Endpoints>,
    /// What the live server takes, by the kind of deviation; none where nothing is said of it.
    pub(crate) deviations: Option<BTreeMap<String, Tree>>,
}

impl Shape {
    /// The contract of the Diadoc API as this crate has it: its schema, and what the live server takes.
    #[allow(clippy::expect_used, reason = "the table comes with this crate")]
    #[cfg(feature = "bundled")]
    pub fn diadoc() -> Self {
        let deviations = deviations::read(crate::verdicts_json().as_bytes());
        Self {
            deviations: Some(deviations.expect("a test reads the table")),
            ..Self::from(Schema::diadoc())
        }
    }

    /// The table of what the live server takes, as [`verdicts_json`](crate::verdicts_json) gives it,
    /// of any version. It is compared with a shape that has such a table too, and with nothing else.
    ///
    /// # Errors
    ///
    /// [`SchemaError::Deviations`]: the bytes are no JSON, or no list of objects that each name
    /// their `deviation`.
    pub fn from_deviations(table: &[u8]) -> Result<Self, SchemaError> {
        Ok(Self {
            deviations: Some(deviations::read(table)?),
            ..Self::default()
        })
    }

    /// Whether it says anything of bodies and methods.
    pub(crate) fn has_schema(&self) -> bool {
        !(self.messages.is_empty() && self.enums.is_empty() && self.deviations.is_some())
    }

    /// Whether rules about several fields speak of a field of the message, or of one called so in
    /// another message.
    pub(crate) fn is_ruled(&self, message: &str, field: &str) -> bool {
        let ruled = [message, ""].map(|name| self.ruled.get(name));
        ruled
            .into_iter()
            .flatten()
            .any(|names| names.contains(field))
    }

    /// Whether that is the name of something that has parts.
    pub(crate) fn has_type(&self, name: &str) -> bool {
        self.messages.contains_key(name)
            || self.enums.contains_key(name)
            || self.methods.contains_key(name)
            || self.requests.contains_key(name)
            || self.definitions.contains_key(name)
            || self.services.contains(name)
            || self.endpoints.as_ref().is_some_and(|all| all.has(name))
    }

    /// Takes the HTTP methods from the C# and Java sources below a folder, as the checkout of a
    /// vendor's SDK has them, and says how many paths they name. Where the schema has methods of its
    /// own, or no source names a path, nothing changes.
    ///
    /// The sources are read as text, not compiled: a path is a literal that looks like one
    /// (`"/V3/GetDocument"`, `"/GetBox?boxId={0}"`), its parameters are the names in literals of the
    /// same function, and of those that it calls. So what code puts together of parts is not seen, nor
    /// are verbs and bodies; [`compare`](crate::compare) holds paths and parameters against others.
    ///
    /// # Errors
    ///
    /// [`SchemaError::Io`] for a folder or file that cannot be read.
    pub fn read_sources(&mut self, folder: &Path) -> Result<usize, SchemaError> {
        if self.endpoints.is_none() {
            self.endpoints = crate::sources::endpoints(folder)?;
        }
        let of_sources = |all: &&Endpoints| all.origin == Origin::Sources;
        Ok(self
            .endpoints
            .as_ref()
            .filter(of_sources)
            .map_or(0, |all| all.methods.len()))
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    pub fields: Vec<Field>,
    pub reserved: Reserved,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub name: String,
    pub json_name: String,
    /// 0 where the shape has no numbers.
    pub number: u32,
    pub label: Label,
    pub kind: Type,
    /// What an absent field reads as; none for lists and messages.
    pub default: Option<DefaultValue>,
    pub oneof: Option<String>,
    /// Whether its number stands in for one, and protobuf does not have it.
    pub only_in_json: bool,
}

/// A default by what it means, so that an enum's renamed value is the same default.
#[derive(Debug, Clone)]
pub(crate) struct DefaultValue {
    pub meaning: String,
    pub shown: String,
    /// Whether it is what a field of the type has without a word.
    pub is_zero: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Optional,
    Required,
    Repeated,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// A kind that is no message and no enum.
    Scalar(Kind),
    Message(String),
    Group(String),
    Enum(String),
    /// A type that the source does not say in terms of a schema; it is not compared.
    Unstated,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Enum {
    pub values: Vec<EnumValue>,
    pub reserved: Reserved,
    /// The member that names from the future are read as.
    pub unknown: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct EnumValue {
    pub name: String,
    /// 0 where the shape has no numbers.
    pub number: i32,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Reserved {
    pub numbers: Vec<RangeInclusive<i64>>,
    pub names: BTreeSet<String>,
}

impl Message {
    pub(crate) fn by_json_name(&self) -> HashMap<&str, &Field> {
        let fields = self.fields.iter();
        fields.map(|field| (&*field.json_name, field)).collect()
    }
}

impl Reserved {
    pub(crate) fn has_number(&self, number: i64) -> bool {
        self.numbers.iter().any(|range| range.contains(&number))
    }

    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

impl From<&Schema> for Shape {
    fn from(schema: &Schema) -> Self {
        let mut shape = Self {
            numbered: true,
            messages: schema
                .messages()
                .map(|item| (item.full_name().to_owned(), message(&item)))
                .collect(),
            enums: schema
                .enums()
                .map(|item| (item.full_name().to_owned(), enumeration(&item)))
                .collect(),
            endpoints: Endpoints::of(schema),
            ..Self::default()
        };
        elements::read(schema, &mut shape);
        shape
    }
}

impl From<Cardinality> for Label {
    fn from(cardinality: Cardinality) -> Self {
        match cardinality {
            Cardinality::Optional => Self::Optional,
            Cardinality::Required => Self::Required,
            Cardinality::Repeated => Self::Repeated,
        }
    }
}

pub(super) fn message(item: &MessageDescriptor) -> Message {
    Message {
        fields: item.fields().map(|item| field(&item)).collect(),
        reserved: Reserved {
            numbers: item
                .reserved_ranges()
                .map(|range| i64::from(range.start)..=i64::from(range.end) - 1)
                .collect(),
            names: item.reserved_names().map(str::to_owned).collect(),
        },
    }
}

fn field(item: &FieldDescriptor) -> Field {
    Field {
        name: item.name().to_owned(),
        json_name: json_name(item),
        number: item.number(),
        label: Label::from(item.cardinality()),
        kind: kind(item),
        default: default(item),
        oneof: item
            .containing_oneof()
            .filter(|oneof| !oneof.is_synthetic())
            .map(|oneof| oneof.name().to_owned()),
        only_in_json: is_only_in_json(item),
    }
}

/// Diadoc's JSON takes the field's name as it stands. Compilers fill a missing `json_name` with a
/// camel-case guess, which is not meant.
fn json_name(item: &FieldDescriptor) -> String {
    if item.json_name() == crate::names::default_json_name(item.name()) {
        item.name().to_owned()
    } else {
        item.json_name().to_owned()
    }
}

fn kind(item: &FieldDescriptor) -> Type {
    match item.kind() {
        Kind::Message(message) if item.is_group() => Type::Group(message.full_name().to_owned()),
        Kind::Message(message) => Type::Message(message.full_name().to_owned()),
        Kind::Enum(item) => Type::Enum(item.full_name().to_owned()),
        scalar => Type::Scalar(scalar),
    }
}

fn default(item: &FieldDescriptor) -> Option<DefaultValue> {
    if item.is_list() || item.is_map() {
        return None;
    }
    let value = item.default_value();
    let is_zero = value == item.kind().default_value();
    let shown = match &value {
        Value::Bool(value) => value.to_string(),
        Value::I32(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::U32(value) => value.to_string(),
        Value::U64(value) => value.to_string(),
        Value::F32(value) => value.to_string(),
        Value::F64(value) => value.to_string(),
        Value::String(value) => format!("{value:?}"),
        Value::Bytes(value) => format!("\"{}\"", value.escape_ascii()),
        Value::EnumNumber(number) => {
            let name = match item.kind() {
                Kind::Enum(item) => item.get_value(*number).map(|value| value.name().to_owned()),
                _ => None,
            };
            return Some(DefaultValue {
                meaning: number.to_string(),
                shown: name.unwrap_or_else(|| number.to_string()),
                is_zero,
            });
        }
        Value::Message(_) | Value::List(_) | Value::Map(_) => return None,
    };
    Some(DefaultValue {
        meaning: shown.clone(),
        shown,
        is_zero,
    })
}

pub(crate) fn enumeration(item: &EnumDescriptor) -> Enum {
    // The descriptors sort values by number; the text's order says which of two names JSON writes.
    Enum {
        values: members(item)
            .map(|(name, number)| EnumValue {
                name: name.to_owned(),
                number,
            })
            .collect(),
        reserved: Reserved {
            numbers: item
                .reserved_ranges()
                .map(|range| i64::from(*range.start())..=i64::from(*range.end()))
                .collect(),
            names: item.reserved_names().map(str::to_owned).collect(),
        },
        unknown: unknown_member(item).map(str::to_owned),
    }
}

pub(crate) fn label_name(label: Label) -> &'static str {
    match label {
        Label::Optional => "optional",
        Label::Required => "required",
        Label::Repeated => "repeated",
    }
}

pub(crate) fn type_name(kind: &Type) -> String {
    match kind {
        Type::Scalar(scalar) => crate::names::type_name(scalar),
        Type::Message(name) | Type::Enum(name) => name.clone(),
        Type::Group(name) => format!("group {name}"),
        Type::Unstated => "unstated type".to_owned(),
    }
}
