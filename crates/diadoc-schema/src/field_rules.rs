//! The rules that the schema's options put on fields and messages: read from `Diadoc.Rules`, held
//! against values by diadoc-core.

use diadoc_core::rules::{FieldOptions, FieldRule, FieldValue, Flag, Quantity, Violation};
use prost_reflect::{
    Cardinality, DescriptorPool, DynamicMessage, FieldDescriptor, MessageDescriptor, Value,
};

use crate::contents::ContentKind;
use crate::options::{extension, field, number, option_texts, text};

const PACKAGE: &str = "Diadoc.Rules";
const FIELD: &str = "Diadoc.Rules.field";
const MESSAGE: &str = "Diadoc.Rules.message";

/// The rules that the schema states for the values of a field, in the order of
/// [`FieldRule::read`]. Empty where it states none.
pub fn field_rules(descriptor: &FieldDescriptor) -> Vec<FieldRule> {
    // Most fields have no options, and reading them is not free.
    if descriptor.field_descriptor_proto().options.is_none() {
        return Vec::new();
    }
    let pool = descriptor.parent_pool();
    let Some(options) = extension(pool, FIELD, || descriptor.options()) else {
        return Vec::new();
    };
    FieldRule::read(&Options { options, pool })
}

/// What the schema says the bytes of a field are; of a field that holds a message, what the
/// documents among the message's own fields are. None where it says nothing.
pub fn content_kind(descriptor: &FieldDescriptor) -> Option<ContentKind> {
    descriptor.field_descriptor_proto().options.as_ref()?;
    let pool = descriptor.parent_pool();
    let options = extension(pool, FIELD, || descriptor.options())?;
    number(&options, "content").and_then(ContentKind::from_number)
}

struct Options<'a> {
    options: DynamicMessage,
    pool: &'a DescriptorPool,
}

impl FieldOptions for Options<'_> {
    fn number(&self, name: &str) -> Option<i64> {
        number(&self.options, name)
    }

    fn text(&self, name: &str) -> Option<String> {
        text(&self.options, name)
    }

    fn flags(&self, name: &str) -> Vec<Flag> {
        let bits = self.pool.get_enum_by_name(&format!("{PACKAGE}.{name}"));
        bits.iter()
            .flat_map(|bits| bits.values())
            .map(|value| Flag {
                name: value.name().to_owned().into(),
                bit: value.number().into(),
            })
            .collect()
    }
}

/// The rules that the schema states about which fields of a message are set: how many of which
/// fields, by their names in the schema. A list counts as set when it has an element.
pub fn message_rules(message: &MessageDescriptor) -> Vec<(Quantity, Vec<String>)> {
    if message.descriptor_proto().options.is_none() {
        return Vec::new();
    }
    let Some(options) = extension(message.parent_pool(), MESSAGE, || message.options()) else {
        return Vec::new();
    };
    let sets = Quantity::ALL.into_iter().flat_map(|quantity| {
        let sets = field(&options, quantity.option());
        let sets = sets.as_ref().and_then(Value::as_list).unwrap_or_default();
        let sets = sets.iter().filter_map(Value::as_message);
        sets.map(|set| (quantity, option_texts(set, "fields")))
            .collect::<Vec<_>>()
    });
    sets.collect()
}

/// The rules of [`field_rules`], each as a phrase.
///
/// ```
/// use diadoc_schema::{Schema, rules_of_field};
///
/// let request = Schema::diadoc().message("Diadoc.Api.Proto.Documents.GetDocumentsV4Request")?;
/// let field = request.get_field_by_name("Count").expect("the schema has the field");
/// assert_eq!(rules_of_field(&field), ["from 0 to 100"]);
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn rules_of_field(field: &FieldDescriptor) -> Vec<String> {
    let phrase = |rule: &FieldRule| match rule {
        FieldRule::Items { .. } => rule.phrase(),
        _ if field.is_list() => format!("each {}", rule.phrase()),
        _ => rule.phrase(),
    };
    field_rules(field).iter().map(phrase).collect()
}

/// The rules of [`message_rules`], each as a phrase.
///
/// ```
/// use diadoc_schema::{Schema, rules_of_message};
///
/// let event = Schema::diadoc().message("Diadoc.Api.Proto.Events.BoxEvent")?;
/// assert_eq!(rules_of_message(&event), ["at most one of `Message` and `Patch`"]);
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn rules_of_message(message: &MessageDescriptor) -> Vec<String> {
    let rules = message_rules(message).into_iter();
    rules
        .map(|(quantity, fields)| quantity.phrase(&fields))
        .collect()
}

/// Holds a value of a field, or the number of its elements, against the field's rules.
pub(crate) fn check(field: &FieldDescriptor, value: FieldValue<'_>) -> Vec<Violation> {
    let rules = field_rules(field).into_iter();
    rules.filter_map(|rule| rule.check(value)).collect()
}

/// Holds which fields of a message are set against the message's rules; `is_set` takes a field's
/// name in the schema.
pub(crate) fn check_presence(
    message: &MessageDescriptor,
    is_set: &dyn Fn(&str) -> bool,
) -> Vec<Violation> {
    let rules = message_rules(message).into_iter();
    rules
        .filter_map(|(quantity, fields)| quantity.check(&fields, is_set))
        .collect()
}

/// Whether a body without the field goes against the schema: it is required, or a list that must
/// have elements.
pub(crate) fn must_be_set(field: &FieldDescriptor) -> bool {
    field.cardinality() == Cardinality::Required
        || field.is_list() && !check(field, FieldValue::Items(0)).is_empty()
}
