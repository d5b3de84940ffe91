//! What changed between two schemas, and what breaks.

mod listing;
mod pairs;
mod rules;
mod shape;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use serde::{Serialize, Serializer};

pub use listing::{list_changes, total_changes};
use pairs::{Pairs, enum_keys, message_keys, one_holds_other};
use rules::Verdict;
pub use shape::Shape;
use shape::same_message;
pub(crate) use shape::{Enum, EnumValue, Field, Label, Message, Scalar, Type, holds_enum, short};

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
/// document, which has no packages and numbers, messages are the same by their short names or
/// because the same field refers to them, and only what both sides state is compared: keys, types,
/// lists, names of enum values; nothing then breaks the wire.
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
    let mut comparison = Comparison {
        old,
        new,
        pairs: Pairs::new(old, new),
        on_wire: old.numbered && new.numbered,
        changes: Vec::new(),
    };
    comparison.messages();
    comparison.enums();
    let mut changes = comparison.changes;
    changes.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
    changes
}

struct Comparison<'a> {
    old: &'a Shape,
    new: &'a Shape,
    pairs: Pairs,
    /// Whether both sides have numbers, labels, defaults and packages.
    on_wire: bool,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn add(
        &mut self,
        path: String,
        kind: ChangeKind,
        was: Option<String>,
        now: Option<String>,
        (breaks, why): Verdict,
    ) -> &mut Change {
        self.changes.push(Change {
            path,
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
            self.add(path.to_owned(), kind, None, None, (Breaks::Nothing, why));
        }
    }

    /// The name of a pair: the one with a package.
    fn path<'n>(&self, old: &'n str, new: &'n str) -> &'n str {
        if self.old.numbered { old } else { new }
    }

    fn messages(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut removed = Vec::new();
        for (name, message) in &old.messages {
            let paired = self.pairs.messages.new_name(name);
            match paired.and_then(|new_name| Some((new_name, new.messages.get(new_name)?))) {
                Some((new_name, other)) => {
                    let path = self.path(name, new_name).to_owned();
                    self.message(&path, message, other);
                }
                None => removed.push(name),
            }
        }
        let added: Vec<_> = new
            .messages
            .keys()
            .filter(|name| !self.pairs.messages.has_new(name))
            .collect();
        let moves = moves(&removed, &added, |a, b| {
            self.on_wire && same_message(old, a, new, b)
        });
        for name in removed {
            let moved = moves.iter().find(|(from, _)| *from == name);
            let verdict = match moved {
                Some(_) => MOVED,
                None => (Breaks::Both, "its bodies are no longer described"),
            };
            let hint = moved.map(|(_, to)| format!("`{to}` has its name and shape: it moved"));
            self.add(
                name.clone(),
                ChangeKind::MessageRemoved,
                None,
                None,
                verdict,
            )
            .hint = hint;
        }
        for name in added {
            let moved = moves.iter().find(|(_, to)| *to == name);
            let verdict = match moved {
                Some(_) => MOVED,
                None => (Breaks::Nothing, "no body of the old schema has it"),
            };
            let hint = moved.map(|(from, _)| format!("`{from}` had its name and shape: it moved"));
            self.add(name.clone(), ChangeKind::MessageAdded, None, None, verdict)
                .hint = hint;
        }
    }

    fn message(&mut self, path: &str, old: &Message, new: &Message) {
        self.deprecation(path, old.deprecated, new.deprecated);
        let (pairs, removed, added) = match_fields(old, new, self.on_wire);
        for (a, b) in pairs {
            let name = if self.old.numbered { &a.name } else { &b.name };
            self.field(&format!("{path}.{name}"), a, b);
        }
        for field in &removed {
            let verdict = if self.on_wire {
                removed_field(field, new)
            } else {
                (
                    Breaks::Json,
                    "readers of the new schema do not know the key",
                )
            };
            let near = near_key(field, &added);
            self.add(
                format!("{path}.{}", field.name),
                ChangeKind::FieldRemoved,
                Some(definition(field)),
                None,
                verdict,
            )
            .hint = near.map(|name| format!("did it become `{name}`?"));
        }
        for field in &added {
            let verdict = match field.label {
                Label::Required if self.on_wire => (
                    Breaks::Both,
                    "bodies of the old schema lack it, and readers of the new one insist on it",
                ),
                _ => (Breaks::Nothing, "readers of the old schema skip it"),
            };
            let near = near_key(field, &removed);
            self.add(
                format!("{path}.{}", field.name),
                ChangeKind::FieldAdded,
                None,
                Some(definition(field)),
                verdict,
            )
            .hint = near.map(|name| format!("was it `{name}`?"));
        }
    }

    fn field(&mut self, path: &str, old: &Field, new: &Field) {
        if self.on_wire {
            self.field_on_wire(path, old, new);
        } else if (old.label == Label::Repeated) != (new.label == Label::Repeated) {
            let list = |field: &Field| match field.label {
                Label::Repeated => "list".to_owned(),
                _ => "single value".to_owned(),
            };
            let verdict = (Breaks::Json, "JSON writes a list in brackets");
            let (was, now) = (Some(list(old)), Some(list(new)));
            self.add(path.to_owned(), ChangeKind::FieldLabel, was, now, verdict);
        }
        // Where both keys follow the name, the new name says it all.
        let follows = old.json_name == old.name && new.json_name == new.name;
        if old.json_name != new.json_name && !(self.on_wire && follows) {
            let verdict = (
                Breaks::Json,
                "readers of one schema do not know the other's key",
            );
            let (was, now) = (Some(old.json_name.clone()), Some(new.json_name.clone()));
            self.add(
                path.to_owned(),
                ChangeKind::FieldJsonName,
                was,
                now,
                verdict,
            );
        }
        if !self.same_type(&old.kind, &new.kind) {
            let verdict = if self.on_wire {
                rules::retyped(self.old, &old.kind, self.new, &new.kind)
            } else {
                rules::retyped_in_json(&old.kind, &new.kind)
            };
            let (was, now) = (Some(type_name(&old.kind)), Some(type_name(&new.kind)));
            self.add(path.to_owned(), ChangeKind::FieldRetyped, was, now, verdict);
        }
    }

    /// What only a schema states of a field.
    fn field_on_wire(&mut self, path: &str, old: &Field, new: &Field) {
        let mut add = |kind, was: String, now: String, verdict| {
            self.add(path.to_owned(), kind, Some(was), Some(now), verdict);
        };
        if old.number != new.number {
            add(
                ChangeKind::FieldRenumbered,
                old.number.to_string(),
                new.number.to_string(),
                (Breaks::Wire, "the wire knows a field by its number alone"),
            );
        }
        if old.name != new.name {
            let verdict = if old.json_name == new.json_name {
                (
                    Breaks::Nothing,
                    "neither the number nor the key in JSON changes",
                )
            } else if old.json_name == old.name && new.json_name == new.name {
                (Breaks::Json, "JSON knows a field by its name")
            } else {
                (
                    Breaks::Nothing,
                    "JSON knows the field by another key, told apart",
                )
            };
            add(
                ChangeKind::FieldRenamed,
                old.name.clone(),
                new.name.clone(),
                verdict,
            );
        }
        if old.label != new.label {
            add(
                ChangeKind::FieldLabel,
                label_name(old.label).to_owned(),
                label_name(new.label).to_owned(),
                rules::relabelled(old, new),
            );
        }
        if let (Some(a), Some(b)) = (&old.default, &new.default)
            && a.meaning != b.meaning
            && old.kind == new.kind
        {
            add(
                ChangeKind::FieldDefault,
                a.shown.clone(),
                b.shown.clone(),
                (
                    Breaks::Both,
                    "the same body without this field reads as another value",
                ),
            );
        }
        if old.oneof != new.oneof {
            let name = |field: &Field| field.oneof.clone().unwrap_or_else(|| "none".to_owned());
            add(
                ChangeKind::FieldOneof,
                name(old),
                name(new),
                (
                    Breaks::Both,
                    "of a oneof's fields readers keep only the last that stands in a body",
                ),
            );
        }
        self.deprecation(path, old.deprecated, new.deprecated);
    }

    fn same_type(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Unstated, _) | (_, Type::Unstated) => true,
            (old, new) if self.on_wire => old == new,
            (Type::Scalar(a), Type::Scalar(b)) => a.same_json(*b),
            // One type of the schema may have several names in the document.
            (Type::Message(a) | Type::Group(a), Type::Message(b) | Type::Group(b)) => {
                self.pairs.messages.new_name(a) == Some(b)
                    || one_holds_other(&message_keys(self.old, a), &message_keys(self.new, b))
            }
            (Type::Enum(a), Type::Enum(b)) => {
                self.pairs.enums.new_name(a) == Some(b)
                    || one_holds_other(&enum_keys(self.old, a), &enum_keys(self.new, b))
            }
            _ => false,
        }
    }

    fn enums(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut removed = Vec::new();
        for (name, item) in &old.enums {
            let paired = self.pairs.enums.new_name(name);
            match paired.and_then(|new_name| Some((new_name, new.enums.get(new_name)?))) {
                Some((new_name, other)) => {
                    let path = self.path(name, new_name).to_owned();
                    self.deprecation(&path, item.deprecated, other.deprecated);
                    if self.on_wire {
                        self.values(&path, item, other);
                    } else {
                        self.value_names(&path, item, other);
                    }
                }
                None => removed.push(name),
            }
        }
        let added: Vec<_> = new
            .enums
            .keys()
            .filter(|name| !self.pairs.enums.has_new(name))
            .collect();
        let moves = moves(&removed, &added, |a, b| {
            self.on_wire && holds_enum(old, a, new, b)
        });
        let verdict = (
            Breaks::Nothing,
            "an enum stands in bodies only through fields, which are told apart",
        );
        for name in removed {
            let moved = moves.iter().find(|(from, _)| *from == name);
            self.add(name.clone(), ChangeKind::EnumRemoved, None, None, verdict)
                .hint = moved.map(|(_, to)| format!("`{to}` has its name and values: it moved"));
        }
        for name in added {
            let moved = moves.iter().find(|(_, to)| *to == name);
            self.add(name.clone(), ChangeKind::EnumAdded, None, None, verdict)
                .hint =
                moved.map(|(from, _)| format!("`{from}` had its name and values: it moved"));
        }
    }

    fn values(&mut self, path: &str, old: &Enum, new: &Enum) {
        let old_by_name = by_name(old);
        let new_by_name = by_name(new);
        let old_names = by_number(old);
        let new_names = by_number(new);
        for value in &old.values {
            let Some(other) = new_by_name.get(&*value.name) else {
                continue;
            };
            let path = format!("{path}.{}", value.name);
            if value.number != other.number {
                self.add(
                    path.clone(),
                    ChangeKind::ValueRenumbered,
                    Some(value.number.to_string()),
                    Some(other.number.to_string()),
                    (Breaks::Wire, "the wire knows a value by its number alone"),
                );
            }
            self.deprecation(&path, value.deprecated, other.deprecated);
        }
        // The names that went from each number, and those that came to it, are renamed in turn.
        let mut renamed = HashSet::new();
        let mut reordered = BTreeMap::new();
        for (number, names) in &old_names {
            let Some(others) = new_names.get(number) else {
                continue;
            };
            let gone = names
                .iter()
                .filter(|name| !new_by_name.contains_key(**name));
            let come = others
                .iter()
                .filter(|name| !old_by_name.contains_key(**name));
            for (was, now) in gone.zip(come) {
                renamed.extend([*was, *now]);
                self.add(
                    format!("{path}.{was}"),
                    ChangeKind::ValueRenamed,
                    Some((*was).to_owned()),
                    Some((*now).to_owned()),
                    (Breaks::Json, "JSON knows a value by its name"),
                );
            }
            // A new first name counts where the old one still stands, or stood as a further one.
            if let ([was, ..], [now, ..]) = (&**names, &**others)
                && was != now
                && (others.contains(was) || names.contains(now))
            {
                reordered.insert(*was, *now);
            }
        }
        for (was, now) in reordered {
            self.add(
                format!("{path}.{was}"),
                ChangeKind::AliasOrder,
                Some(was.to_owned()),
                Some(now.to_owned()),
                (
                    Breaks::Json,
                    "JSON now writes the other name, which older readers may not know",
                ),
            );
        }
        for value in &old.values {
            if new_by_name.contains_key(&*value.name) || renamed.contains(&*value.name) {
                continue;
            }
            let verdict = if new_names.contains_key(&value.number) {
                (
                    Breaks::Json,
                    "the number keeps another name, but JSON with this one is not read",
                )
            } else {
                let wire = !new.reserved.has_number(value.number.into());
                removed_part(wire, !new.reserved.has_name(&value.name))
            };
            self.add(
                format!("{path}.{}", value.name),
                ChangeKind::ValueRemoved,
                Some(value.number.to_string()),
                None,
                verdict,
            );
        }
        for value in &new.values {
            if old_by_name.contains_key(&*value.name) || renamed.contains(&*value.name) {
                continue;
            }
            let why = if old_names.contains_key(&value.number) {
                "a further name of a number that is known"
            } else {
                "readers of the old schema take it for an unknown value"
            };
            self.add(
                format!("{path}.{}", value.name),
                ChangeKind::ValueAdded,
                None,
                Some(value.number.to_string()),
                (Breaks::Nothing, why),
            );
        }
    }

    /// The values of two enums one of which has no numbers. A number's names count as one value.
    fn value_names(&mut self, path: &str, old: &Enum, new: &Enum) {
        let (old_known, new_known) = (by_name(old), by_name(new));
        let old_values = values_by_names(old, self.old.numbered);
        let new_values = values_by_names(new, self.new.numbered);
        for names in &old_values {
            if !names.iter().any(|name| new_known.contains_key(name)) {
                self.add(
                    format!("{path}.{}", names[0]),
                    ChangeKind::ValueRemoved,
                    further_names(names),
                    None,
                    (
                        Breaks::Json,
                        "readers of the new schema do not know the name",
                    ),
                );
            }
        }
        for names in &new_values {
            if !names.iter().any(|name| old_known.contains_key(name)) {
                self.add(
                    format!("{path}.{}", names[0]),
                    ChangeKind::ValueAdded,
                    None,
                    further_names(names),
                    (
                        Breaks::Nothing,
                        "readers of the old schema take it for an unknown value",
                    ),
                );
            }
        }
        // The name that the schema writes first against the one that the document has.
        let written = |values: &[Vec<&str>], known: &HashMap<&str, &EnumValue>| {
            let values = values.iter().filter(|names| !known.contains_key(names[0]));
            let pairs = values.filter_map(|names| {
                let other = names.iter().find(|name| known.contains_key(*name))?;
                Some((names[0].to_owned(), (*other).to_owned()))
            });
            pairs.collect::<Vec<_>>()
        };
        let theirs = written(&new_values, &old_known);
        let theirs = theirs.into_iter().map(|(now, was)| (was, now));
        let ours = written(&old_values, &new_known);
        for (was, now) in theirs.chain(ours) {
            let verdict = (
                Breaks::Json,
                "the two sides write different names of one value",
            );
            self.add(
                format!("{path}.{was}"),
                ChangeKind::AliasOrder,
                Some(was),
                Some(now),
                verdict,
            );
        }
    }
}

const MOVED: Verdict = (Breaks::Nothing, "the name of a message is in neither form");

/// The removed that stand among the added under the same short name, where that is one.
fn moves<'a>(
    removed: &[&'a String],
    added: &[&'a String],
    same: impl Fn(&str, &str) -> bool,
) -> Vec<(&'a String, &'a String)> {
    let mut by_short = HashMap::<_, Vec<_>>::new();
    for name in added {
        by_short.entry(short(name)).or_default().push(*name);
    }
    let moved = removed.iter().filter_map(|from| {
        let mut found = by_short
            .get(short(from))?
            .iter()
            .filter(|to| same(from, to));
        let to = found.next()?;
        found.next().is_none().then_some((*from, *to))
    });
    moved.collect()
}

type Fields<'a> = Vec<&'a Field>;

/// The fields that stand on both sides, those that only the old has, those that only the new has.
fn match_fields<'a>(
    old: &'a Message,
    new: &'a Message,
    on_wire: bool,
) -> (Vec<(&'a Field, &'a Field)>, Fields<'a>, Fields<'a>) {
    let mut pairs = Vec::new();
    let mut left: Fields = old.fields.iter().collect();
    let mut rest: Fields = new.fields.iter().collect();
    let mut pair_by = |key: &dyn Fn(&'a Field) -> String, other: &dyn Fn(&'a Field) -> String| {
        let mut found: HashMap<_, _> = rest.iter().map(|field| (other(field), *field)).collect();
        let mut taken = HashSet::new();
        left.retain(|field| match found.remove(&key(field)) {
            Some(twin) => {
                taken.insert(other(twin));
                pairs.push((*field, twin));
                false
            }
            None => true,
        });
        rest.retain(|field| !taken.contains(&other(field)));
    };
    let (name, json) = (
        |field: &Field| field.name.clone(),
        |field: &Field| field.json_name.clone(),
    );
    if on_wire {
        pair_by(&name, &name);
        let number = |field: &Field| field.number.to_string();
        pair_by(&number, &number);
    } else {
        pair_by(&json, &json);
        // A key of the document may be the field's name where the schema has another key.
        pair_by(&json, &name);
        pair_by(&name, &json);
    }
    (pairs, left, rest)
}

fn removed_field(field: &Field, new: &Message) -> Verdict {
    if field.label == Label::Required {
        return (Breaks::Both, "readers of the old schema insist on it");
    }
    let name = new.reserved.has_name(&field.name) || new.reserved.has_name(&field.json_name);
    removed_part(!new.reserved.has_number(field.number.into()), !name)
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

/// The key of another field of the same type that is written much like this one.
fn near_key<'a>(field: &Field, others: &[&'a Field]) -> Option<&'a str> {
    let same = others.iter().filter(|other| other.kind == field.kind);
    crate::nearest(&field.json_name, same.map(|other| &*other.json_name))
        .first()
        .copied()
}

fn by_name(item: &Enum) -> HashMap<&str, &EnumValue> {
    let values = item.values.iter();
    values.map(|value| (&*value.name, value)).collect()
}

fn by_number(item: &Enum) -> BTreeMap<i32, Vec<&str>> {
    let mut names = BTreeMap::<_, Vec<_>>::new();
    for value in &item.values {
        names.entry(value.number).or_default().push(&*value.name);
    }
    names
}

/// All names of a value that has more than the one in its path.
fn further_names(names: &[&str]) -> Option<String> {
    (names.len() > 1).then(|| names.join(" = "))
}

/// The names of each value; one each where there are no numbers.
fn values_by_names(item: &Enum, numbered: bool) -> Vec<Vec<&str>> {
    if numbered {
        by_number(item).into_values().collect()
    } else {
        item.values.iter().map(|value| vec![&*value.name]).collect()
    }
}

fn label_name(label: Label) -> &'static str {
    match label {
        Label::Optional => "optional",
        Label::Required => "required",
        Label::Repeated => "repeated",
    }
}

fn type_name(kind: &Type) -> String {
    match kind {
        Type::Scalar(scalar) => scalar.name().to_owned(),
        Type::Message(name) | Type::Enum(name) => name.clone(),
        Type::Group(name) => format!("group {name}"),
        Type::Unstated => "unstated type".to_owned(),
    }
}

/// A field as it stands in its schema: `optional string = 7`; without a number, only its type.
fn definition(field: &Field) -> String {
    let kind = type_name(&field.kind);
    match (field.number, field.label) {
        (0, Label::Repeated) => format!("list of {kind}"),
        (0, _) => kind,
        (number, label) => format!("{} {kind} = {number}", label_name(label)),
    }
}
