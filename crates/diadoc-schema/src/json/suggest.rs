//! Names that may have been meant, among many and for text of any length.

use prost_reflect::{EnumDescriptor, MessageDescriptor};

use crate::enums::{first_name, members};
use crate::nearest;

/// The JSON name of the field that a key may mean. Without `near`, only another spelling of the
/// same name counts.
pub(super) fn suggest_key(message: &MessageDescriptor, key: &str, near: bool) -> Option<String> {
    let spelling = spelling(key);
    if let Some(field) = message.fields().find(|field| {
        self::spelling(field.json_name()) == spelling || self::spelling(field.name()) == spelling
    }) {
        return Some(field.json_name().to_owned());
    }
    if !near {
        return None;
    }
    let fields: Vec<_> = message.fields().collect();
    let names = fields
        .iter()
        .flat_map(|field| [field.json_name(), field.name()]);
    let near = nearest(key, names);
    let name = *near.first()?;
    fields
        .iter()
        .find(|field| field.json_name() == name || field.name() == name)
        .map(|field| field.json_name().to_owned())
}

/// The member of an enum that a name may mean, by the name that JSON writes.
pub(super) fn suggest_member(kind: &EnumDescriptor, name: &str, near: bool) -> Option<String> {
    if let Ok(number) = name.parse() {
        return first_name(kind, number).map(str::to_owned);
    }
    let spelling = spelling(name);
    let same = || members(kind).find(|(member, _)| self::spelling(member) == spelling);
    // `Inbound` for `SearchScopeInbound`: many names carry that of their enum.
    let part = || {
        let mut parts = members(kind)
            .filter(|(member, _)| spelling.len() > 3 && member.to_lowercase().ends_with(&spelling));
        parts.next().filter(|_| parts.next().is_none())
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
