//! The rules that the schema's options put on fields and messages: read from `Diadoc.Rules`, held
//! against values by diadoc-core.

use std::collections::HashSet;

use diadoc_core::Language;
use diadoc_core::rules::{FieldOptions, FieldRule, FieldValue, MessageRule, SetOptions, Violation};
use diadoc_core::secrets::HIDDEN;
use prost_reflect::{
    Cardinality, DescriptorPool, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind,
    MessageDescriptor, Value,
};

use crate::contents::ContentKind;
use crate::options::{extension, field, flag, number, option_texts, text};

/// The language of phrases that are data, and of what is found where nobody is told of it.
const ENGLISH: Language = Language::English;

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

/// Whether the values of a field are secrets, which nothing shows: the schema marks it with the option
/// `(Rules.field).secret`.
///
/// ```
/// use diadoc_schema::{Schema, is_secret};
///
/// let message = Schema::diadoc().message("Diadoc.Api.Proto.LoginPassword")?;
/// assert!(message.fields().all(|field| is_secret(&field)));
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn is_secret(descriptor: &FieldDescriptor) -> bool {
    // Most fields have no options, and reading them is not free.
    if descriptor.field_descriptor_proto().options.is_none() {
        return false;
    }
    let options = extension(descriptor.parent_pool(), FIELD, || descriptor.options());
    options.is_some_and(|options| flag(&options, "secret"))
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

    fn values(&self, name: &str) -> Vec<(String, i64)> {
        let values = enum_of_values(self.pool, name);
        values
            .iter()
            .flat_map(|values| values.values())
            .map(|value| (value.name().to_owned(), value.number().into()))
            .collect()
    }
}

/// The enum that an option of a field names: one beside the options, or one by its full name.
pub fn enum_of_values(pool: &DescriptorPool, name: &str) -> Option<EnumDescriptor> {
    pool.get_enum_by_name(&format!("{PACKAGE}.{name}"))
        .or_else(|| pool.get_enum_by_name(name))
}

/// The rules that the schema states about several fields of a message, in the order of
/// [`MessageRule::OPTIONS`].
pub fn message_rules(message: &MessageDescriptor) -> Vec<MessageRule> {
    if message.descriptor_proto().options.is_none() {
        return Vec::new();
    }
    let Some(options) = extension(message.parent_pool(), MESSAGE, || message.options()) else {
        return Vec::new();
    };
    let rules = MessageRule::OPTIONS.into_iter().flat_map(|option| {
        let sets = field(&options, option);
        let sets = sets.as_ref().and_then(Value::as_list).unwrap_or_default();
        let sets = sets.iter().filter_map(Value::as_message);
        sets.filter_map(|set| MessageRule::read(option, &Set(set)))
            .collect::<Vec<_>>()
    });
    rules.collect()
}

struct Set<'a>(&'a DynamicMessage);

impl SetOptions for Set<'_> {
    fn number(&self, name: &str) -> Option<i64> {
        number(self.0, name)
    }

    fn text(&self, name: &str) -> Option<String> {
        text(self.0, name)
    }

    fn texts(&self, name: &str) -> Vec<String> {
        option_texts(self.0, name)
    }
}

/// Whether an empty value of a required field counts as absent: of a string or bytes, unless the
/// schema says that it may be empty.
pub fn must_have_content(descriptor: &FieldDescriptor) -> bool {
    if descriptor.cardinality() != Cardinality::Required
        || !matches!(descriptor.kind(), Kind::String | Kind::Bytes)
    {
        return false;
    }
    if descriptor.field_descriptor_proto().options.is_none() {
        return true;
    }
    let options = extension(descriptor.parent_pool(), FIELD, || descriptor.options());
    let may_be_empty = options.and_then(|options| field(&options, "may_be_empty"));
    may_be_empty.is_none_or(|value| value.as_bool() != Some(true))
}

/// The keys under which JSON has secrets in a message and all that lies in it, and the names of their
/// fields, each once.
pub fn secret_keys(message: &MessageDescriptor) -> Vec<String> {
    fn look(message: &MessageDescriptor, seen: &mut HashSet<String>, keys: &mut Vec<String>) {
        if !seen.insert(message.full_name().to_owned()) {
            return;
        }
        for field in message.fields() {
            if is_secret(&field) {
                keys.extend([field.json_name().to_owned(), field.name().to_owned()]);
            } else if let Kind::Message(inner) = field.kind() {
                look(&inner, seen, keys);
            }
        }
    }
    let mut keys = Vec::new();
    look(message, &mut HashSet::new(), &mut keys);
    keys.sort();
    keys.dedup();
    keys
}

/// The rules of [`field_rules`], each as a phrase of English, and that a value is a secret.
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
        FieldRule::Items { .. } => rule.phrase(ENGLISH),
        _ if field.is_list() => format!("each {}", rule.phrase(ENGLISH)),
        _ => rule.phrase(ENGLISH),
    };
    let secret = is_secret(field).then(|| format!("a secret, shown as `{HIDDEN}`"));
    let rules = field_rules(field);
    rules.iter().map(phrase).chain(secret).collect()
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
    rules.map(|rule| rule.phrase(ENGLISH)).collect()
}

/// Holds a value of a field, or the number of its elements, against the field's rules.
pub(crate) fn check(field: &FieldDescriptor, value: FieldValue<'_>) -> Vec<Violation> {
    let rules = field_rules(field).into_iter();
    rules
        .filter_map(|rule| rule.check(value, ENGLISH))
        .collect()
}

/// Whether a body without the field goes against the schema: it is required, or a list that must
/// have elements.
pub(crate) fn must_be_set(field: &FieldDescriptor) -> bool {
    field.cardinality() == Cardinality::Required
        || field.is_list() && !check(field, FieldValue::Items(0)).is_empty()
}
