//! The schema's rules as a whole.

use prost_reflect::Kind;

use super::options::of_message;
use super::*;
use crate::Schema;

#[test]
fn every_rule_fits_the_field_that_it_stands_on() {
    let mut wrong = Vec::new();
    for message in Schema::diadoc().messages() {
        let rules = of_message(&message);
        for set in [&rules.any_of, &rules.one_of, &rules.excludes] {
            for names in set {
                if names.len() < 2 {
                    wrong.push(format!("{}: a set of one field", message.full_name()));
                }
                for name in names {
                    if message.get_field_by_name(name).is_none() {
                        wrong.push(format!("{}: no field `{name}`", message.full_name()));
                    }
                }
            }
        }
        for field in message.fields() {
            for fault in misplaced(&field) {
                wrong.push(format!("{}: {fault}", field.full_name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn misplaced(field: &FieldDescriptor) -> Vec<&'static str> {
    let rules = of_field(field);
    let string = field.kind() == Kind::String;
    let integer = matches!(
        field.kind(),
        Kind::Int32 | Kind::Int64 | Kind::Sfixed32 | Kind::Sfixed64
    );
    let items = rules.min_items.is_some() || rules.max_items.is_some();
    let length = rules.min_len.is_some() || rules.max_len.is_some();
    let range = rules.gte.is_some() || rules.lte.is_some();
    let stated = options_are_set(field);
    [
        (items && !field.is_list(), "elements of no list"),
        (length && !string, "length of no string"),
        (range && !integer, "range of no integer"),
        (rules.pattern.is_some() && !string, "pattern of no string"),
        (!rules.flags.is_empty() && !integer, "flags of no integer"),
        (
            rules.format.is_some_and(|format| match format {
                Format::Ticks => !integer,
                _ => !string,
            }),
            "format of another type",
        ),
        (
            rules
                .pattern
                .as_ref()
                .is_some_and(|p| Regex::new(p).is_err()),
            "a pattern that is none",
        ),
        (
            rules.flags.iter().any(|flag| flag.bit.count_ones() != 1),
            "a flag that is not one bit",
        ),
        (
            rules.min_len > rules.max_len && rules.max_len.is_some()
                || rules.min_items > rules.max_items && rules.max_items.is_some()
                || rules.gte > rules.lte && rules.lte.is_some(),
            "the least is above the most",
        ),
        (
            stated && rules == Default::default(),
            "an option that is read as no rule, such as flags of an unknown enum",
        ),
    ]
    .into_iter()
    .filter_map(|(wrong, what)| wrong.then_some(what))
    .collect()
}

fn options_are_set(field: &FieldDescriptor) -> bool {
    let pool = field.parent_pool();
    let extension = pool.get_extension_by_name("Diadoc.Rules.field").unwrap();
    field.options().has_extension(&extension)
}
