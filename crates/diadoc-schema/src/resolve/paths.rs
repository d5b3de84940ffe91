//! Paths into messages, as reports print them.

use std::collections::HashSet;

use diadoc_core::Limits;
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::names::is_tail;
use crate::{Item, Schema};

/// The fields that a path leads to: `MessageToPost.DocumentAttachments[0].Comment` from the message that its
/// first steps name, `DocumentAttachments[0].Comment` or `/DocumentAttachments/0/Comment` from any message that
/// has the way. A single step without a message is none.
pub(super) fn find<'s>(schema: &'s Schema, path: &str) -> Vec<Item<'s>> {
    let steps = steps(path);
    if steps.len() < 2 || steps.len() > Limits::DEPTH {
        return Vec::new();
    }
    let mut found = Vec::new();
    for at in 1..steps.len() {
        let (owner, way) = (steps[..at].join("."), &steps[at..]);
        let owners = schema.messages();
        let owners = owners.filter(|message| is_tail(message.full_name(), &owner));
        found.extend(owners.filter_map(|owner| walk(&owner, way)));
    }
    if found.is_empty() {
        let owners = schema.messages();
        found.extend(owners.filter_map(|owner| walk(&owner, &steps)));
    }
    // Ways from several messages may lead to one field.
    let mut known = HashSet::new();
    found.retain(|field| known.insert(field.full_name().to_owned()));
    found.into_iter().map(Item::Field).collect()
}

/// The fields of that name, or of that key in JSON, in all messages.
pub(super) fn fields_called<'s>(schema: &'s Schema, name: &str) -> Vec<Item<'s>> {
    let messages = schema.messages();
    let fields = messages.filter_map(|message| walk(&message, &[name]));
    fields.map(Item::Field).collect()
}

/// The names in a path, without the indices.
fn steps(path: &str) -> Vec<&str> {
    match path.strip_prefix('/') {
        Some(pointer) => {
            let is_name = |step: &&str| step.parse::<usize>().is_err();
            pointer.split('/').filter(is_name).collect()
        }
        None => path.split('.').map(without_index).collect(),
    }
}

/// A step without the index of an element, which is a number, `*` or nothing; as it is where it ends otherwise.
fn without_index(step: &str) -> &str {
    let Some((name, rest)) = step.split_once('[') else {
        return step;
    };
    match rest.strip_suffix(']') {
        Some("*" | "") => name,
        Some(index) if index.parse::<usize>().is_ok() => name,
        _ => step,
    }
}

fn walk(message: &MessageDescriptor, way: &[&str]) -> Option<FieldDescriptor> {
    let (first, rest) = way.split_first()?;
    let field = message
        .get_field_by_name(first)
        .or_else(|| message.get_field_by_json_name(first))?;
    match (rest, field.kind()) {
        ([], _) => Some(field),
        (rest, Kind::Message(inner)) => walk(&inner, rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::{Item, Schema};

    #[test]
    fn a_path_leads_to_its_field() {
        for (path, found) in [
            ("MessageToPost.FromBoxId", "MessageToPost.FromBoxId"),
            (
                "MessageToPost.DocumentAttachments[0].SignedContent.Content",
                "SignedContent.Content",
            ),
            (
                "Events.MessageToPost.DocumentAttachments[*].Comment",
                "DocumentAttachment.Comment",
            ),
            (
                "DocumentAttachments[0].SignedContent.Content",
                "SignedContent.Content",
            ),
            (
                "/DocumentAttachments/12/SignedContent/Content",
                "SignedContent.Content",
            ),
        ] {
            let fields = find(Schema::diadoc(), path);
            let names: Vec<_> = fields.iter().map(Item::full_name).collect();
            assert_eq!(
                names,
                [format!("Diadoc.Api.Proto.Events.{found}")],
                "{path}"
            );
        }
    }

    #[test]
    fn another_path_leads_nowhere() {
        for path in [
            "",
            ".",
            "/",
            "FromBoxId",
            "MessageToPost.FromBoxId.X",
            "[0].x",
            "a[.b",
            "Nope.Nope",
        ] {
            assert!(find(Schema::diadoc(), path).is_empty(), "{path}");
        }
    }
}
