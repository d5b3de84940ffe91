//! Every part of the schema that an integrator meets has a Russian title.

use std::collections::HashMap;

use diadoc_schema::{Item, Schema, is_only_in_json};
use prost_reflect::MessageDescriptor;

/// As long as fits on a line of a list.
const LONGEST: usize = 90;

/// Messages, of bodies and of parameters, enums and methods, each with the parts that lie in it.
fn owners(schema: &Schema) -> Vec<(Item<'_>, Vec<Item<'_>>)> {
    let fields = |message: &MessageDescriptor| message.fields().map(Item::Field).collect();
    let bodies = schema.messages();
    let requests = schema.methods().iter().map(|method| method.request());
    let messages = bodies.chain(requests).map(|message| {
        let fields = fields(&message);
        (Item::Message(message), fields)
    });
    let enums = schema.enums().map(|item| {
        let values = item.values().map(Item::Value).collect();
        (Item::Enum(item), values)
    });
    let methods = schema.methods().iter();
    let methods = methods.map(|method| (Item::Method(method), Vec::new()));
    messages.chain(enums).chain(methods).collect()
}

#[test]
fn everything_has_a_title_of_one_line_in_russian() {
    let mut wrong = Vec::new();
    let is_cyrillic = |letter: char| ('\u{400}'..'\u{500}').contains(&letter);
    for (owner, parts) in owners(Schema::diadoc()) {
        for item in parts.iter().chain([&owner]) {
            let title = item.title().unwrap_or_default();
            let is_right = title.chars().count() <= LONGEST
                && title.trim() == title
                && !title.ends_with('.')
                && !title.contains('\n')
                && title.contains(is_cyrillic);
            if !is_right {
                wrong.push(format!("{}: {title:?}", item.full_name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// So that whoever reads them knows which is which. Values that share a number are one.
#[test]
fn no_two_parts_of_one_thing_have_the_same_title() {
    let mut twice = Vec::new();
    for (_, parts) in owners(Schema::diadoc()) {
        let mut known = HashMap::<String, String>::new();
        for part in parts {
            if let Item::Value(value) = &part
                && value.parent_enum().get_value(value.number()).as_ref() != Some(value)
            {
                continue;
            }
            let title = part.title().unwrap_or_default();
            if let Some(other) = known.insert(title.clone(), part.full_name()) {
                twice.push(format!("{other} and {}: {title}", part.full_name()));
            }
        }
    }
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn titles_are_found_where_they_stand() {
    let schema = Schema::diadoc();
    for (name, title) in [
        ("MessageToPost", "Отправляемое сообщение"),
        ("MessageToPost.FromBoxId", "Идентификатор ящика отправителя"),
        ("FunctionType.Invoice", "Счет-фактура"),
        ("PostMessageV3", "Отправить сообщение"),
    ] {
        let item = schema.resolve(name).unwrap();
        assert_eq!(item.title().as_deref(), Some(title), "{name}");
    }
    let document = schema.message("Documents.Document").unwrap();
    let only_in_json = document.fields().find(is_only_in_json).unwrap();
    assert!(Item::Field(only_in_json).title().is_some());
}
