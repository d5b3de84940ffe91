//! What the schema says of its JSON.

use std::collections::BTreeMap;

use diadoc_core::dialect::FIRST_ONLY_IN_JSON;
use diadoc_schema::{Schema, extension, unknown_member};
use prost_reflect::{Cardinality, DynamicMessage, FieldDescriptor};

use super::{SchemaFault, fields, messages};
use crate::schema::is_below_root;

/// The option of a field.
pub(super) const FIELD: &str = "Diadoc.Json.field";
/// The option of an enum.
pub(super) const NAMES: &str = "Diadoc.Json.names";

const IN_FIELD: [i32; 2] = [8, 51822];
const IN_NAMES: [i32; 2] = [3, 51822];

/// No two fields of a message have keys that differ in case alone, and none has a key that the compiler
/// made up: of `Foo_Bar` it makes `FooBar`, where Diadoc's key is the name of the field.
pub(super) fn keys(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for message in messages(schema).filter(|message| is_below_root(message.package_name())) {
        let mut owners: BTreeMap<String, FieldDescriptor> = BTreeMap::new();
        for field in message.fields() {
            let json_name = field.field_descriptor_proto().json_name.as_deref();
            if field.name().contains('_')
                && json_name.is_some_and(|key| key == guessed_key(field.name()))
            {
                let what =
                    "the key of a name with `_` has to be given as `json_name`, the name itself";
                faults.push(SchemaFault::of(&field, &[], what));
            }
            for key in [field.name(), json_name.unwrap_or(field.name())] {
                let owner = owners.entry(key.to_lowercase()).or_insert(field.clone());
                if *owner != field {
                    let owner = owner.name();
                    let what = format!("`{key}` differs from a key of `{owner}` in case at most");
                    faults.push(SchemaFault::of(&field, &[], what));
                }
            }
        }
    }
}

/// The key that compilers of protobuf make of a name.
fn guessed_key(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |key, word| {
        let mut letters = word.chars();
        let capital = letters.next().map(|letter| letter.to_ascii_uppercase());
        key + &capital.into_iter().chain(letters).collect::<String>()
    })
}

/// Each enum states what becomes of a name that it does not have: a member of its own, or none.
pub(super) fn unknown_names(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let enums = schema.pool().all_enums();
    for item in enums.filter(|item| is_below_root(item.package_name())) {
        let names = extension(schema.pool(), NAMES, || item.options());
        let states = |option| {
            let names = names.as_ref();
            names.is_some_and(|names| names.has_field_by_name(option))
        };
        let says_no = says(names.as_ref(), "no_unknown");
        let what = match (states("unknown"), states("no_unknown")) {
            (true, false) if unknown_member(&item).is_some() => continue,
            (true, false) => "`unknown` names no member",
            (false, true) if says_no => continue,
            (false, true) => "`no_unknown` is true or absent",
            (true, true) => "`unknown` and `no_unknown`, of which one excludes the other",
            (false, false) => "neither `unknown` nor `no_unknown` in the option `Json.names`",
        };
        faults.push(SchemaFault::of(&item, &IN_NAMES, what));
    }
}

/// A field that only JSON has is marked, has a number that none has on the wire, and may be absent.
pub(super) fn only_in_json(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for field in fields(schema) {
        let option = extension(schema.pool(), FIELD, || field.options());
        let marked = says(option.as_ref(), "only");
        let kept = field.number() >= FIRST_ONLY_IN_JSON;
        let fault = match &option {
            Some(_) if !is_below_root(field.parent_message().package_name()) => {
                "`Json.field` is for the messages of the API".to_owned()
            }
            Some(_) if !marked => "`only` is true or absent".to_owned(),
            Some(_) if !kept => {
                format!("a field that only JSON has takes a number from {FIRST_ONLY_IN_JSON}")
            }
            Some(_) if field.cardinality() == Cardinality::Required => {
                "a field that only JSON has is not required".to_owned()
            }
            None if kept => {
                format!("numbers from {FIRST_ONLY_IN_JSON} are those of fields that only JSON has")
            }
            _ => continue,
        };
        faults.push(SchemaFault::of(&field, &IN_FIELD, fault));
    }
}

fn says(option: Option<&DynamicMessage>, field: &str) -> bool {
    let value = option.and_then(|option| option.get_field_by_name(field));
    value.is_some_and(|value| value.as_bool() == Some(true))
}
