//! What two schemas are compared by: one structure for descriptors and for OpenAPI.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::Path;

use prost_reflect::{Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value};

use crate::endpoints::{Endpoints, Origin};
use crate::{Schema, SchemaError};

/// A schema reduced to what [`compare`](crate::compare) looks at: the messages with their fields,
/// the enums with their values.
///
/// It is made from a [`Schema`] or, with [`Shape::from_openapi`], from an OpenAPI document. Of a
/// schema it holds what lies below Diadoc's package; in which file something stands, how it is
/// ordered, its comments and its own options are no part of it.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Whether numbers, labels, defaults and packages are known; an OpenAPI document has none.
    pub(crate) numbered: bool,
    pub(crate) messages: BTreeMap<String, Message>,
    pub(crate) enums: BTreeMap<String, Enum>,
    /// The HTTP methods; none where nothing is told of them.
    pub(crate) endpoints: Option<Endpoints>,
}

impl Shape {
    /// Whether that is the name of a message, an enum or a method.
    pub(crate) fn has_type(&self, name: &str) -> bool {
        self.messages.contains_key(name)
            || self.enums.contains_key(name)
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
    pub deprecated: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub name: String,
    pub json_name: String,
    /// 0 where the shape has no numbers.
    pub number: u32,
    pub label: Label,
    pub packed: bool,
    pub kind: Type,
    /// What an absent field reads as; none for lists and messages.
    pub default: Option<DefaultValue>,
    pub oneof: Option<String>,
    pub deprecated: bool,
}

/// A default by what it means, so that an enum's renamed value is the same default.
#[derive(Debug, Clone)]
pub(crate) struct DefaultValue {
    pub meaning: String,
    pub shown: String,
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
    pub deprecated: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct EnumValue {
    pub name: String,
    /// 0 where the shape has no numbers.
    pub number: i32,
    pub deprecated: bool,
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
        Self {
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
        }
    }
}

fn message(item: &MessageDescriptor) -> Message {
    Message {
        fields: item.fields().map(|item| field(&item)).collect(),
        reserved: Reserved {
            numbers: item
                .reserved_ranges()
                .map(|range| i64::from(range.start)..=i64::from(range.end) - 1)
                .collect(),
            names: item.reserved_names().map(str::to_owned).collect(),
        },
        deprecated: item
            .descriptor_proto()
            .options
            .as_ref()
            .is_some_and(|options| options.deprecated()),
    }
}

fn field(item: &FieldDescriptor) -> Field {
    let proto = item.field_descriptor_proto();
    Field {
        name: item.name().to_owned(),
        json_name: json_name(item),
        number: item.number(),
        label: match item.cardinality() {
            Cardinality::Optional => Label::Optional,
            Cardinality::Required => Label::Required,
            Cardinality::Repeated => Label::Repeated,
        },
        packed: item.is_packed(),
        kind: kind(item),
        default: default(item),
        oneof: item
            .containing_oneof()
            .filter(|oneof| !oneof.is_synthetic())
            .map(|oneof| oneof.name().to_owned()),
        deprecated: proto
            .options
            .as_ref()
            .is_some_and(|options| options.deprecated()),
    }
}

/// Diadoc's JSON takes the field's name as it stands. Compilers fill a missing `json_name` with a
/// camel-case guess, which is not meant.
fn json_name(item: &FieldDescriptor) -> String {
    let guessed = item.name().split('_').enumerate().flat_map(|(i, part)| {
        let mut chars = part.chars();
        let first = chars
            .next()
            .map(|c| if i > 0 { c.to_ascii_uppercase() } else { c });
        first.into_iter().chain(chars)
    });
    if item.json_name().chars().eq(guessed) {
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
    let same = |text: String| DefaultValue {
        meaning: text.clone(),
        shown: text,
    };
    Some(match item.default_value() {
        Value::Bool(value) => same(value.to_string()),
        Value::I32(value) => same(value.to_string()),
        Value::I64(value) => same(value.to_string()),
        Value::U32(value) => same(value.to_string()),
        Value::U64(value) => same(value.to_string()),
        Value::F32(value) => same(value.to_string()),
        Value::F64(value) => same(value.to_string()),
        Value::String(value) => same(format!("{value:?}")),
        Value::Bytes(value) => same(format!("\"{}\"", value.escape_ascii())),
        Value::EnumNumber(number) => DefaultValue {
            meaning: number.to_string(),
            shown: match item.kind() {
                Kind::Enum(item) => item
                    .get_value(number)
                    .map_or_else(|| number.to_string(), |value| value.name().to_owned()),
                _ => number.to_string(),
            },
        },
        Value::Message(_) | Value::List(_) | Value::Map(_) => return None,
    })
}

pub(crate) fn enumeration(item: &EnumDescriptor) -> Enum {
    // The descriptors sort values by number; the text's order says which of two names JSON writes.
    let proto = item.enum_descriptor_proto();
    Enum {
        values: proto
            .value
            .iter()
            .map(|value| EnumValue {
                name: value.name().to_owned(),
                number: value.number(),
                deprecated: value
                    .options
                    .as_ref()
                    .is_some_and(|options| options.deprecated()),
            })
            .collect(),
        reserved: Reserved {
            numbers: item
                .reserved_ranges()
                .map(|range| i64::from(*range.start())..=i64::from(*range.end()))
                .collect(),
            names: item.reserved_names().map(str::to_owned).collect(),
        },
        deprecated: proto
            .options
            .as_ref()
            .is_some_and(|options| options.deprecated()),
    }
}

/// Whether a message of one shape reads and writes exactly as one of another does, names of types
/// aside.
pub(crate) fn same_message(old: &Shape, old_name: &str, new: &Shape, new_name: &str) -> bool {
    let mut seen = HashSet::new();
    let mut todo = vec![(old_name, new_name)];
    // A list of work instead of recursion: a schema may nest as deep as it likes.
    while let Some((old_name, new_name)) = todo.pop() {
        if !seen.insert((old_name, new_name)) {
            continue;
        }
        let (Some(a), Some(b)) = (old.messages.get(old_name), new.messages.get(new_name)) else {
            return false;
        };
        if a.fields.len() != b.fields.len() {
            return false;
        }
        let others = b.by_json_name();
        for field in &a.fields {
            let Some(other) = others.get(&*field.json_name) else {
                return false;
            };
            let default = |field: &Field| field.default.as_ref().map(|d| d.meaning.clone());
            if field.number != other.number
                || field.label != other.label
                || default(field) != default(other)
            {
                return false;
            }
            match (&field.kind, &other.kind) {
                // What changed in a type that stayed is told of that type.
                (a, b) if a == b => {}
                (Type::Message(a), Type::Message(b)) | (Type::Group(a), Type::Group(b)) => {
                    todo.push((a, b));
                }
                (Type::Enum(a), Type::Enum(b)) if holds_enum(old, a, new, b) => {}
                _ => return false,
            }
        }
    }
    true
}

/// Whether every value of the old enum stands in the new one.
pub(crate) fn holds_enum(old: &Shape, old_name: &str, new: &Shape, new_name: &str) -> bool {
    let (Some(a), Some(b)) = (old.enums.get(old_name), new.enums.get(new_name)) else {
        return false;
    };
    let values: HashSet<_> = b.values.iter().map(|v| (&*v.name, v.number)).collect();
    a.values
        .iter()
        .all(|v| values.contains(&(&*v.name, v.number)))
}
