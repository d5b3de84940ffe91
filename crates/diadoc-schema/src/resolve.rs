//! Names as people write them, and what has them. Every look-up by name goes through here.

mod methods;
mod paths;

use std::fmt;

use prost_reflect::{
    EnumDescriptor, EnumValueDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor,
};
use serde::Serialize;

use crate::deprecated;
use crate::describe::Words;
use crate::enums::values;
use diadoc_core::Language;
use diadoc_core::rules::nearest;

use crate::names::{is_tail, last_name, nearest_last_names, short_name, version};
use crate::{Direction, Method, Schema, SchemaError};
use methods::Written;

/// A part of a schema that has a name; [`Schema::resolve`] finds it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Item<'s> {
    /// A message.
    Message(MessageDescriptor),
    /// An enum.
    Enum(EnumDescriptor),
    /// A field of a message.
    Field(FieldDescriptor),
    /// A value of an enum.
    Value(EnumValueDescriptor),
    /// An HTTP method.
    Method(&'s Method),
}

/// What a part of a schema is.
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

/// A name that may have been meant, and what has it. It prints as `Documents.Document (message)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Near {
    /// The name, without the package that all names begin with; [`Schema::resolve`] knows it.
    pub name: String,
    /// What has it.
    pub kind: ItemKind,
}

impl Schema {
    /// What has that name: a message, an enum, a field (`Document.IndexKey`, by its name in the
    /// schema or its key in JSON, or by a path that leads to it, `MessageToPost.DocumentAttachments[0].Comment`,
    /// such as reports print), an HTTP method (`GetDocumentsV3`, as [`method`](Self::method) takes it) or
    /// an enum value (`DocumentType.Invoice`, or `Invoice` alone).
    ///
    /// A name is full, or the end of one after a dot: `Diadoc.Api.Proto.Documents.Document`,
    /// `Documents.Document`, `Document`. Space around it and a dot before it do not count. Messages
    /// and enums come before fields, fields before methods, methods before values.
    ///
    /// ```
    /// use diadoc_schema::{Item, Schema};
    ///
    /// let found = Schema::diadoc().resolve("DocumentList")?;
    /// assert_eq!(found.full_name(), "Diadoc.Api.Proto.Documents.DocumentList");
    /// assert!(matches!(found, Item::Message(_)));
    /// # Ok::<(), diadoc_schema::SchemaError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SchemaError::NoName`] with near names where nothing has that name, and
    /// [`SchemaError::Ambiguous`] with the full names where it is the end of several.
    pub fn resolve(&self, name: &str) -> Result<Item<'_>, SchemaError> {
        let name = trimmed(name);
        for of_kind in KINDS {
            if let Some(item) = only(name, of_kind(self, name))? {
                return Ok(item);
            }
        }
        Err(self.no_name(name))
    }

    /// All that has that name, as [`resolve`](Self::resolve) takes it, and in its order: `Invoice` is a value of
    /// several enums, `Revoke` a message and a method. One thing alone where the name is a full one. Never
    /// nothing. Where nothing else has the name, the fields that are called so.
    ///
    /// # Errors
    ///
    /// [`SchemaError::NoName`] with near names where nothing has that name.
    pub fn resolve_all(&self, name: &str) -> Result<Vec<Item<'_>>, SchemaError> {
        let name = trimmed(name);
        let kinds = KINDS.iter().map(|of_kind| of_kind(self, name));
        let mut found: Vec<_> = kinds.flatten().collect();
        if found.is_empty() {
            found = paths::fields_called(self, name);
        }
        if let Some(exact) = found.iter().position(|item| item.full_name() == name) {
            return Ok(vec![found.swap_remove(exact)]);
        }
        match found.is_empty() {
            true => Err(self.no_name(name)),
            false => Ok(found),
        }
    }

    fn no_name(&self, name: &str) -> SchemaError {
        SchemaError::NoName {
            name: name.to_owned(),
            near: near(self, name),
        }
    }

    /// The message of that name, as [`resolve`](Self::resolve) takes it. A full name may also be
    /// that of a message outside Diadoc's package.
    ///
    /// # Errors
    ///
    /// [`SchemaError::NoMessage`] with near names where there is none, and
    /// [`SchemaError::Ambiguous`] where several messages have it.
    pub fn message(&self, name: &str) -> Result<MessageDescriptor, SchemaError> {
        let name = trimmed(name);
        if let Some(message) = self.pool().get_message_by_name(name) {
            return Ok(message);
        }
        match only(name, messages_called(self, name))? {
            Some(Item::Message(message)) => Ok(message),
            _ => {
                let messages: Vec<_> = self.messages().collect();
                let near = nearest_last_names(name, messages.iter().map(|one| one.full_name()));
                Err(SchemaError::NoMessage {
                    name: name.to_owned(),
                    near: near.into_iter().map(str::to_owned).collect(),
                })
            }
        }
    }

    /// The message of that name, as [`message`](Self::message) takes it, or, where the name is that of an
    /// HTTP method, the message that the method sends or answers with.
    ///
    /// ```
    /// use diadoc_schema::{Direction, Schema};
    ///
    /// let (schema, post) = (Schema::diadoc(), "POST /V3/PostMessage");
    /// let name = |direction| schema.message_for(post, direction).map(|it| it.name().to_owned());
    /// assert_eq!(name(Direction::Request)?, "MessageToPost");
    /// assert_eq!(name(Direction::Response)?, "Message");
    /// # Ok::<(), diadoc_schema::SchemaError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`message`](Self::message); [`SchemaError::NoBody`] where the method has no message that
    /// way, and [`SchemaError::Ambiguous`] where its body is one of several, or the name that of several
    /// methods.
    pub fn message_for(
        &self,
        name: &str,
        direction: Direction,
    ) -> Result<MessageDescriptor, SchemaError> {
        let no_message = match self.message(name) {
            Err(error @ SchemaError::NoMessage { .. }) => error,
            found => return found,
        };
        let name = trimmed(name);
        let Some(Item::Method(method)) = only(name, methods_called(self, name))? else {
            return Err(no_message);
        };
        method.message(direction)
    }

    /// The HTTP method of that name, as [`resolve`](Self::resolve) takes it: `GetDocumentsV3`, or
    /// with its service or package before it; by its path, `/V3/GetDocuments`, with the verb before it or
    /// without; by the vendor's title, `GetDocuments (V3)`; or without a version, which is the newest that
    /// the vendor has not given up.
    ///
    /// ```
    /// use diadoc_schema::{Schema, Verb};
    ///
    /// let method = Schema::diadoc().method("GetDocumentsV3")?;
    /// assert_eq!((method.verb, method.path.as_str()), (Verb::Get, "/V3/GetDocuments"));
    /// # Ok::<(), diadoc_schema::SchemaError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SchemaError::NoMethod`] with near names where there is none, and
    /// [`SchemaError::Ambiguous`] where several services have one of that name.
    pub fn method(&self, name: &str) -> Result<&Method, SchemaError> {
        let name = trimmed(name);
        match only(name, methods_called(self, name))? {
            Some(Item::Method(method)) => Ok(method),
            _ => Err(SchemaError::NoMethod {
                name: name.to_owned(),
                near: near_methods(self, name)
                    .iter()
                    .map(|method| method.name().to_owned())
                    .collect(),
            }),
        }
    }
}

impl Item<'_> {
    /// What it is.
    pub fn kind(&self) -> ItemKind {
        match self {
            Self::Message(_) => ItemKind::Message,
            Self::Enum(_) => ItemKind::Enum,
            Self::Field(_) => ItemKind::Field,
            Self::Value(_) => ItemKind::Value,
            Self::Method(_) => ItemKind::Method,
        }
    }

    /// Its full name; that of a value starts with the enum's.
    pub fn full_name(&self) -> String {
        match self {
            Self::Message(message) => message.full_name().to_owned(),
            Self::Enum(item) => item.full_name().to_owned(),
            Self::Field(field) => field.full_name().to_owned(),
            // In protobuf a value lies beside its enum; people look for it inside.
            Self::Value(value) => format!("{}.{}", value.parent_enum().full_name(), value.name()),
            Self::Method(method) => method.full_name().to_owned(),
        }
    }

    /// The last part of its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Message(message) => message.name(),
            Self::Enum(item) => item.name(),
            Self::Field(field) => field.name(),
            Self::Value(value) => value.name(),
            Self::Method(method) => method.name(),
        }
    }

    /// Whether the vendor calls it obsolete, or what it is of.
    pub fn is_obsolete(&self) -> bool {
        match self {
            Self::Message(message) => deprecated::of_message(message).is_some(),
            Self::Enum(item) => deprecated::of_enum(item).is_some(),
            Self::Field(field) => {
                let own = deprecated::of_field(field);
                own.is_some() || deprecated::of_message(field.parent_message()).is_some()
            }
            Self::Value(value) => {
                let own = deprecated::of_value(value);
                own.is_some() || deprecated::of_enum(value.parent_enum()).is_some()
            }
            Self::Method(method) => method.deprecated,
        }
    }

    /// The `.proto` file that declares it.
    pub(crate) fn file(&self) -> FileDescriptor {
        match self {
            Self::Message(message) => message.parent_file(),
            Self::Enum(item) => item.parent_file(),
            Self::Field(field) => field.parent_file(),
            Self::Value(value) => value.parent_file(),
            Self::Method(method) => method.descriptor.parent_file(),
        }
    }
}

impl ItemKind {
    /// What it is, in that language: `enum value`.
    pub fn phrase(self, language: Language) -> &'static str {
        let words = Words::of(language);
        match self {
            Self::Message => words.message_kind,
            Self::Enum => words.enum_kind,
            Self::Field => words.field_kind,
            Self::Value => words.value_kind,
            Self::Method => words.method_kind,
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.phrase(Language::English))
    }
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.kind)
    }
}

/// Those who know the names of a kind, in the order in which they are asked.
const KINDS: [for<'s> fn(&'s Schema, &str) -> Vec<Item<'s>>; 4] =
    [types_called, paths::find, methods_called, values_called];

fn trimmed(name: &str) -> &str {
    name.trim().trim_start_matches('.')
}

/// The one that a name means among those that it is the end of.
fn only<'s>(name: &str, mut found: Vec<Item<'s>>) -> Result<Option<Item<'s>>, SchemaError> {
    // A full name is what it says, even where it is the end of another as well.
    let exact = found.iter().position(|item| item.full_name() == name);
    match (exact, found.len()) {
        (Some(exact), _) => Ok(Some(found.swap_remove(exact))),
        (None, 0 | 1) => Ok(found.pop()),
        (None, _) => Err(SchemaError::Ambiguous {
            name: name.to_owned(),
            candidates: found.iter().map(Item::full_name).collect(),
        }),
    }
}

fn messages_called<'s>(schema: &'s Schema, name: &str) -> Vec<Item<'s>> {
    let messages = schema.messages();
    messages
        .filter(|message| is_tail(message.full_name(), name))
        .map(Item::Message)
        .collect()
}

fn types_called<'s>(schema: &'s Schema, name: &str) -> Vec<Item<'s>> {
    let mut found = messages_called(schema, name);
    let enums = schema.enums();
    let enums = enums.filter(|item| is_tail(item.full_name(), name));
    found.extend(enums.map(Item::Enum));
    found
}

fn methods_called<'s>(schema: &'s Schema, name: &str) -> Vec<Item<'s>> {
    let methods = schema.methods().iter();
    let called = methods.filter(|method| is_tail(method.full_name(), name));
    let called: Vec<_> = called.map(Item::Method).collect();
    match called.is_empty() {
        true => Written::read(name).find(schema),
        false => called,
    }
}

fn values_called<'s>(schema: &'s Schema, name: &str) -> Vec<Item<'s>> {
    let (owner, value) = name.rsplit_once('.').unwrap_or(("", name));
    let enums = schema.enums();
    enums
        .filter(|item| owner.is_empty() || is_tail(item.full_name(), owner))
        .filter_map(|item| item.get_value_by_name(value))
        .map(Item::Value)
        .collect()
}

/// Names that may have been meant: the nearest member of the type before the dot, or the fields of
/// just that name, when their message is missing; else the nearest type, method and value.
fn near(schema: &Schema, name: &str) -> Vec<Near> {
    let mut near: Vec<Item<'_>> = match name.rsplit_once('.') {
        Some((owner, member)) => types_called(schema, owner)
            .iter()
            .flat_map(|owner| nearest_of(member, members_of(owner)).into_iter().take(1))
            .collect(),
        None => paths::fields_called(schema, name),
    };
    if near.is_empty() {
        let types = schema.messages().map(Item::Message);
        let types = types.chain(schema.enums().map(Item::Enum));
        near = nearest_of(name, types.collect());
        near.extend(near_methods(schema, name).into_iter().map(Item::Method));
        let all_values = schema.enums().flat_map(|item| {
            let values: Vec<_> = values(&item).map(Item::Value).collect();
            values
        });
        near.extend(nearest_of(name, all_values.collect()));
    }
    near.iter()
        .map(|item| Near {
            name: match item {
                Item::Method(method) => method.name().to_owned(),
                item => short_name(&item.full_name()).to_owned(),
            },
            kind: item.kind(),
        })
        .collect()
}

/// The fields of a message or the values of an enum.
fn members_of<'s>(owner: &Item<'_>) -> Vec<Item<'s>> {
    match owner {
        Item::Message(message) => message.fields().map(Item::Field).collect(),
        Item::Enum(item) => values(item).map(Item::Value).collect(),
        Item::Field(_) | Item::Value(_) | Item::Method(_) => Vec::new(),
    }
}

/// Those items whose last name is the nearest to that of `name`.
fn nearest_of<'s>(name: &str, mut items: Vec<Item<'s>>) -> Vec<Item<'s>> {
    let near = nearest(last_name(name), items.iter().map(Item::name));
    let nearest = near.first().map(|nearest| (*nearest).to_owned());
    items.retain(|item| nearest.as_deref() == Some(item.name()));
    items
}

/// Methods that may have been meant: other versions of the same one, else the nearest, of each the newest.
fn near_methods<'s>(schema: &'s Schema, name: &str) -> Vec<&'s Method> {
    let written = match name.contains('/') {
        true => methods::Written::read(name),
        false => methods::Written::read(last_name(name)),
    };
    let stem = |method: &Method| version(method.name()).0.to_lowercase();
    let stems: Vec<_> = schema.methods().iter().map(stem).collect();
    let of = |wanted: &str| {
        let all = schema.methods().iter().zip(&stems);
        let of_stem = all.filter(move |(_, stem)| *stem == wanted);
        of_stem.map(|(method, _)| method).collect::<Vec<_>>()
    };
    let versions = of(written.name());
    if !versions.is_empty() {
        return versions;
    }
    let mut near = nearest(written.name(), stems.iter().map(String::as_str));
    near.dedup();
    let newest = |stem: &str| methods::newest(of(stem).into_iter());
    near.into_iter().filter_map(newest).collect()
}
