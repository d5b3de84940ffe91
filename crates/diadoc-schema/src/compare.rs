//! What changed between two schemas, and what breaks.

mod endpoints;
mod fields;
mod listing;
mod shape;
mod values;
mod verdicts;

use std::collections::HashMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::names::last_name;
use crate::openapi::{compare_document, table};
pub use listing::{list_changes, total_changes};
pub use shape::Shape;
use shape::same_message;
pub(crate) use shape::{Enum, EnumValue, Field, Label, Message, Type, enumeration, holds_enum};
use verdicts::Verdict;

/// One difference between two schemas.
///
/// It serialises to `{"path", "kind", "was", "now", "breaks", "why", "hint"}` without the parts
/// that it lacks, and prints on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What changed: `Diadoc.Api.Proto.Documents.Document.IndexKey`. A renamed field or value
    /// stands under its old name; what only an OpenAPI document has, under that document's name.
    pub path: String,
    /// How it changed.
    pub kind: ChangeKind,
    /// What stood in the old schema; none for what was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What stands in the new schema; none for what was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    /// In which form bodies of one schema are misread by the other.
    pub breaks: Breaks,
    /// Why, as a phrase.
    pub why: &'static str,
    /// What may lie behind it: a move, another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What a change breaks, after the categories WIRE and WIRE_JSON of `buf breaking`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Breaks {
    /// Bodies of either schema are read by the other.
    Nothing,
    /// JSON bodies.
    Json,
    /// protobuf bodies.
    Wire,
    /// JSON and protobuf bodies.
    Both,
}

impl Breaks {
    /// Whether JSON bodies break.
    pub fn json(self) -> bool {
        matches!(self, Self::Json | Self::Both)
    }

    /// Whether protobuf bodies break.
    pub fn wire(self) -> bool {
        matches!(self, Self::Wire | Self::Both)
    }

    fn new(wire: bool, json: bool) -> Self {
        match (wire, json) {
            (false, false) => Self::Nothing,
            (false, true) => Self::Json,
            (true, false) => Self::Wire,
            (true, true) => Self::Both,
        }
    }
}

impl fmt::Display for Breaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Json => "JSON",
            Self::Wire => "the wire",
            Self::Both => "the wire and JSON",
        })
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident $id:literal,)+) => {
        /// How something changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChangeKind {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ChangeKind {
            /// All kinds.
            pub const ALL: &[ChangeKind] = &[$(ChangeKind::$variant),+];

            /// The stable id: `field-renumbered`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }
        }
    };
}

kinds! {
    /// A message is new.
    MessageAdded "message-added",
    /// A message is gone.
    MessageRemoved "message-removed",
    /// A field is new.
    FieldAdded "field-added",
    /// A field is gone.
    FieldRemoved "field-removed",
    /// A field has another number.
    FieldRenumbered "field-renumbered",
    /// A field's number has another name.
    FieldRenamed "field-renamed",
    /// A field has another key in JSON.
    FieldJsonName "field-json-name",
    /// A field has another type.
    FieldRetyped "field-retyped",
    /// A field has another label: optional, required, repeated.
    FieldLabel "field-label",
    /// An absent field reads as another value.
    FieldDefault "field-default",
    /// A field moved into a oneof, out of one, or into another.
    FieldOneof "field-oneof",
    /// An enum is new.
    EnumAdded "enum-added",
    /// An enum is gone.
    EnumRemoved "enum-removed",
    /// A value of an enum is new, or has a further name.
    ValueAdded "value-added",
    /// A value of an enum is gone, or one of its names.
    ValueRemoved "value-removed",
    /// A value of an enum has another name.
    ValueRenamed "value-renamed",
    /// A value of an enum has another number.
    ValueRenumbered "value-renumbered",
    /// Of a value's several names another one stands first, which is the one that JSON writes.
    AliasOrder "alias-order",
    /// A method is new.
    MethodAdded "method-added",
    /// A method is gone.
    MethodRemoved "method-removed",
    /// A method has another verb or path.
    MethodPath "method-path",
    /// A method's request is another message.
    MethodRequest "method-request",
    /// A method's answer is another message.
    MethodAnswer "method-answer",
    /// A parameter is new.
    ParameterAdded "parameter-added",
    /// A parameter is gone.
    ParameterRemoved "parameter-removed",
    /// A message, field, enum or value is marked as deprecated.
    Deprecated "deprecated",
    /// A message, field, enum or value is no longer marked as deprecated.
    Undeprecated "undeprecated",
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id().replace('-', " "))
    }
}

impl Serialize for ChangeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl Change {
    /// `field retyped, string -> sfixed64`
    fn headline(&self) -> String {
        match (&self.was, &self.now) {
            (Some(was), Some(now)) => format!("{}, {was} -> {now}", self.kind),
            (Some(one), None) | (None, Some(one)) => format!("{}, {one}", self.kind),
            (None, None) => self.kind.to_string(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (headline, Self { breaks, why, .. }) = (self.headline(), self);
        write!(f, "{}: {headline}; breaks {breaks}: {why}", self.path)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// What changed from the old schema to the new one, sorted by path.
///
/// Messages and enums are the same by their full names, whichever file they stand in. A message
/// that moved to another package is one removed and one added, with a hint. Against an OpenAPI
/// document, which has no packages and numbers, they are the same by their short names, or where this
/// crate knows that the vendor's document has another name for one; what has no partner is a change.
/// Only what both sides state is compared: keys, types, lists, names of enum values, and of methods the
/// address, the parameters of the query and the messages; nothing then breaks the wire. Keys that the
/// server is known to compute, and which no schema has, are no change.
///
/// Against the code of an SDK ([`Shape::read_sources`]) methods are the same by their paths, and their
/// parameters of the query are compared by name.
///
/// ```
/// use diadoc_schema::{Breaks, ChangeKind, Schema, Shape, compare};
///
/// let document = br#"{"openapi": "3.0.1", "components": {"schemas": {"Timestamp": {
///     "type": "object", "properties": {"Ticks": {"type": "string"}}}}}}"#;
/// let theirs = Shape::from_openapi(document)?;
/// let ours = Shape::from(Schema::diadoc());
/// let changes = compare(&theirs, &ours);
/// let change = changes.iter().find(|c| c.kind == ChangeKind::FieldRetyped).unwrap();
/// assert_eq!(change.path, "Diadoc.Api.Proto.Timestamp.Ticks");
/// assert_eq!(change.breaks, Breaks::Json);
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn compare(old: &Shape, new: &Shape) -> Vec<Change> {
    match old.numbered == new.numbered {
        true => changes(old, new),
        false => compare_document(old, new, table()),
    }
}

/// What changed between two shapes under the same names.
pub(crate) fn changes(old: &Shape, new: &Shape) -> Vec<Change> {
    let mut comparison = Comparison {
        old,
        new,
        on_wire: old.numbered && new.numbered,
        changes: Vec::new(),
    };
    comparison.messages();
    comparison.enums();
    comparison.endpoints();
    let mut changes = comparison.changes;
    changes.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
    changes
}

struct Comparison<'a> {
    old: &'a Shape,
    new: &'a Shape,
    /// Whether both sides have numbers, labels, defaults and packages.
    on_wire: bool,
    changes: Vec<Change>,
}

/// What is said of messages or enums that only one side has.
struct OneSided {
    removed: (ChangeKind, Verdict),
    added: (ChangeKind, Verdict),
    moved: Verdict,
    /// What they share with their like in another package.
    shared: &'static str,
}

const MESSAGES: OneSided = OneSided {
    removed: (
        ChangeKind::MessageRemoved,
        (Breaks::Both, "its bodies are no longer described"),
    ),
    added: (
        ChangeKind::MessageAdded,
        (Breaks::Nothing, "no body of the old schema has it"),
    ),
    moved: (Breaks::Nothing, "the name of a message is in neither form"),
    shared: "shape",
};

const IN_FIELDS: Verdict = (
    Breaks::Nothing,
    "an enum stands in bodies only through fields, which are told apart",
);
const ENUMS: OneSided = OneSided {
    removed: (ChangeKind::EnumRemoved, IN_FIELDS),
    added: (ChangeKind::EnumAdded, IN_FIELDS),
    moved: IN_FIELDS,
    shared: "values",
};

impl Comparison<'_> {
    fn add(
        &mut self,
        path: &str,
        kind: ChangeKind,
        was: Option<String>,
        now: Option<String>,
        (breaks, why): Verdict,
    ) -> &mut Change {
        self.changes.push(Change {
            path: path.to_owned(),
            kind,
            was,
            now,
            breaks: Breaks::new(breaks.wire() && self.on_wire, breaks.json()),
            why,
            hint: None,
        });
        self.changes.last_mut().expect("it was just pushed")
    }

    fn deprecation(&mut self, path: &str, old: bool, new: bool) {
        let kind = match (old, new) {
            (false, true) => ChangeKind::Deprecated,
            (true, false) => ChangeKind::Undeprecated,
            _ => return,
        };
        if self.on_wire {
            let why = "a mark for the reader of the schema, in neither form";
            self.add(path, kind, None, None, (Breaks::Nothing, why));
        }
    }

    fn messages(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut removed = Vec::new();
        for (name, message) in &old.messages {
            match new.messages.get(name) {
                Some(other) => self.message(name, message, other),
                None => removed.push(&**name),
            }
        }
        let added = new.messages.keys().map(String::as_str);
        let added: Vec<_> = added
            .filter(|name| !old.messages.contains_key(*name))
            .collect();
        let same = |a: &str, b: &str| same_message(old, a, new, b);
        self.one_sided(&MESSAGES, &removed, &added, same);
    }

    fn enums(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut removed = Vec::new();
        for (name, item) in &old.enums {
            match new.enums.get(name) {
                Some(other) => self.enumeration(name, item, other),
                None => removed.push(&**name),
            }
        }
        let added = new.enums.keys().map(String::as_str);
        let added: Vec<_> = added
            .filter(|name| !old.enums.contains_key(*name))
            .collect();
        let same = |a: &str, b: &str| holds_enum(old, a, new, b);
        self.one_sided(&ENUMS, &removed, &added, same);
    }

    /// Tells of what only one side has. `same` says whether two are alike but for their packages.
    fn one_sided(
        &mut self,
        what: &OneSided,
        removed: &[&str],
        added: &[&str],
        same: impl Fn(&str, &str) -> bool,
    ) {
        let shared = what.shared;
        let moves = moves(removed, added, |a, b| self.on_wire && same(a, b));
        for name in removed {
            let moved = moves.iter().find(|(from, _)| from == name);
            let (kind, verdict) = what.removed;
            let verdict = moved.map_or(verdict, |_| what.moved);
            let hint = |(_, to): &_| format!("`{to}` has its name and {shared}: it moved");
            self.add(name, kind, None, None, verdict).hint = moved.map(hint);
        }
        for name in added {
            let moved = moves.iter().find(|(_, to)| to == name);
            let (kind, verdict) = what.added;
            let verdict = moved.map_or(verdict, |_| what.moved);
            let hint = |(from, _): &_| format!("`{from}` had its name and {shared}: it moved");
            self.add(name, kind, None, None, verdict).hint = moved.map(hint);
        }
    }
}

/// The removed that stand among the added under the same short name, where that is one.
fn moves<'a>(
    removed: &[&'a str],
    added: &[&'a str],
    same: impl Fn(&str, &str) -> bool,
) -> Vec<(&'a str, &'a str)> {
    let mut by_short = HashMap::<_, Vec<_>>::new();
    for name in added {
        by_short.entry(last_name(name)).or_default().push(*name);
    }
    let moved = removed.iter().filter_map(|from| {
        let mut found = by_short
            .get(last_name(from))?
            .iter()
            .filter(|to| same(from, to));
        let to = found.next()?;
        found.next().is_none().then_some((*from, *to))
    });
    moved.collect()
}

fn removed_part(number_free: bool, name_free: bool) -> Verdict {
    let why = match (number_free, name_free) {
        (true, true) => "its number and name are not reserved: something else may take them",
        (true, false) => "its number is not reserved: something else may take it",
        (false, true) => "its name is not reserved: something else may take it",
        (false, false) => "its number and name are reserved",
    };
    (Breaks::new(number_free, name_free), why)
}
