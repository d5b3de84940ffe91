//! Names that may have been meant, among many and for text of any length.

use diadoc_core::{Ticks, fill};
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use super::tokens::Token;
use super::words::Words;
use crate::enums::{first_name, members};
use crate::nearest;
use crate::plan::{FieldPlan, Plan};

/// What a key that is none of the message may mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meant {
    /// A key of the message in another case: the place of its field.
    OtherCase(usize),
    /// A key that the server computes.
    Computed,
    /// The message's own name.
    Itself,
    /// Another spelling of a key, or one near to it.
    Near(String),
    /// The name of a type, and the fields that have it.
    Type(Vec<String>),
    /// A key of the message in this field.
    Inside(String, String),
    /// A key of the message around this one, by that message's name.
    Around(String, String),
    /// Nothing itself, but its value has these keys of the message.
    Unwrapped(Vec<String>),
    /// Nothing that is known.
    Nothing,
}

impl Meant {
    /// A hint in words, and what may have been meant.
    pub(super) fn words(self, words: &Words) -> (Option<String>, Option<String>) {
        let quoted = |names: &[String]| {
            let names = names.iter().map(|name| format!("`{name}`"));
            names.collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Near(name) => (None, Some(name)),
            Self::Type(fields) => {
                let template = match fields.len() {
                    1 => words.type_of_field,
                    _ => words.type_of_fields,
                };
                let hint = fill(template, &[&quoted(&fields)]);
                (Some(hint), fields.into_iter().next())
            }
            Self::Inside(field, key) => {
                (Some(fill(words.move_inside, &[&field, &field, &key])), None)
            }
            Self::Around(message, key) => (Some(fill(words.move_out, &[&message, &key])), None),
            Self::Unwrapped(keys) => (Some(fill(words.unwrapped, &[&quoted(&keys)])), None),
            Self::OtherCase(_) | Self::Computed | Self::Itself | Self::Nothing => (None, None),
        }
    }
}

/// What a key may mean that is none of the message; `around` are the messages around it, the
/// outermost first. Without `near`, names that are merely near are not looked for.
pub(super) fn meant(plan: &Plan, around: &[&MessageDescriptor], key: &str, near: bool) -> Meant {
    let same_case = |name: &str| name.eq_ignore_ascii_case(key);
    let is_it = |field: &FieldPlan| same_case(&field.key) || same_case(&field.name);
    if let Some(place) = plan.fields.iter().position(is_it) {
        return Meant::OtherCase(place);
    }
    let message = plan.descriptor();
    let spelled = spelling(key);
    // What is counted only needs no hint; that it is the message's own name makes another finding of it.
    if !near && spelling(message.name()) != spelled {
        return Meant::Nothing;
    }
    if let Some(name) = key_spelled(message, &spelled) {
        return Meant::Near(name);
    }
    if spelling(message.name()) == spelled {
        return Meant::Itself;
    }
    let of_type: Vec<_> = message
        .fields()
        .filter(|field| type_spelled(field, &spelled))
        .map(|field| field.json_name().to_owned())
        .collect();
    if !of_type.is_empty() {
        return Meant::Type(of_type);
    }
    if !near {
        return Meant::Nothing;
    }
    // A key of a neighbour is likelier than one that is spelled otherwise.
    let inside = message.fields().find_map(|field| match field.kind() {
        Kind::Message(inner) if field.is_list() || !inner.fields().any(|_| true) => None,
        Kind::Message(inner) => {
            let key = key_spelled(&inner, &spelled)?;
            Some(Meant::Inside(field.json_name().to_owned(), key))
        }
        _ => None,
    });
    let around = || {
        let mut around = around.iter().rev();
        around.find_map(|message| {
            let key = key_spelled(message, &spelled)?;
            Some(Meant::Around(message.name().to_owned(), key))
        })
    };
    if let Some(neighbour) = inside.or_else(around) {
        return neighbour;
    }
    let fields: Vec<_> = message.fields().collect();
    let names = fields
        .iter()
        .flat_map(|field| [field.json_name(), field.name()]);
    let near = nearest(key, names);
    let near = near.first().and_then(|name| {
        let mut fields = fields.iter();
        fields.find(|field| field.json_name() == *name || field.name() == *name)
    });
    near.map_or(Meant::Nothing, |field| {
        Meant::Near(field.json_name().to_owned())
    })
}

/// The key of a message that is spelled so, but for what differs between ways of spelling.
fn key_spelled(message: &MessageDescriptor, spelled: &str) -> Option<String> {
    let mut fields = message.fields();
    let field = fields.find(|field| {
        spelling(field.json_name()) == spelled || spelling(field.name()) == spelled
    })?;
    Some(field.json_name().to_owned())
}

/// Whether the type of a field is called so; without a version and the ending of lists too.
fn type_spelled(field: &FieldDescriptor, spelled: &str) -> bool {
    let kind = field.kind();
    let name = match &kind {
        Kind::Message(message) => message.name(),
        Kind::Enum(item) => item.name(),
        _ => return false,
    };
    let name = spelling(name);
    name == spelled || name.len() > 4 && spelled.strip_prefix(&name).is_some_and(|end| end == "s")
}

/// A moment as the body writes it, where a number or a date stands for one.
pub(super) fn timestamp(kind: &Kind, value: &Token<'_>) -> Option<String> {
    let Kind::Message(message) = kind else {
        return None;
    };
    if message.full_name() != "Diadoc.Api.Proto.Timestamp" {
        return None;
    }
    let ticks = match value {
        Token::Number(number) => Ticks::new(number.parse().ok()?).ok()?,
        Token::String(text) => match text.parse::<i64>() {
            Ok(number) => Ticks::new(number).ok()?,
            Err(_) => moment(text)?,
        },
        _ => return None,
    };
    Some(format!("{{\"Ticks\": {}}}", ticks.get()))
}

/// A date and time of ISO 8601 as ticks; one without an offset is taken for UTC.
fn moment(text: &str) -> Option<Ticks> {
    let full = |rest: &str| format!("{text}{rest}").parse::<Ticks>().ok();
    full("")
        .or_else(|| full("Z"))
        .or_else(|| full("T00:00:00Z"))
}

/// The member of an enum that a name may mean, by the name that JSON writes.
pub(super) fn suggest_member(kind: &EnumDescriptor, name: &str, near: bool) -> Option<String> {
    if let Ok(number) = name.parse() {
        return first_name(kind, number).map(str::to_owned);
    }
    let spelling = spelling(name);
    let same = || members(kind).find(|(member, _)| self::spelling(member) == spelling);
    // `Inbound` for `SearchScopeInbound`: many names carry that of their enum. Others are cut.
    let part = || {
        let alone = |is_part: fn(&str, &str) -> bool| {
            let mut parts = members(kind).filter(|(member, _)| {
                spelling.len() > 3 && is_part(&self::spelling(member), &spelling)
            });
            parts.next().filter(|_| parts.next().is_none())
        };
        alone(|member, part| member.ends_with(part))
            .or_else(|| alone(|member, part| member.starts_with(part)))
    };
    let close = || {
        if !near {
            return None;
        }
        let near = nearest(name, members(kind).map(|(member, _)| member));
        let close = *near.first()?;
        members(kind).find(|(member, _)| *member == close)
    };
    let (_, number) = same().or_else(part).or_else(close)?;
    first_name(kind, number).map(str::to_owned)
}

/// A name without what differs between ways of spelling it: `message_id`, `messageId`.
fn spelling(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}
