//! The rules as the options of `proto/diadoc/rules.proto` give them, and their texts.
//!
//! The generator shares this file for the comments of the Rust types, so it needs prost-reflect
//! and nothing of this crate.

use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, MessageDescriptor, ReflectMessage as _, Value,
};

const PACKAGE: &str = "Diadoc.Rules";
const FIELD: &str = "Diadoc.Rules.field";
const MESSAGE: &str = "Diadoc.Rules.message";

/// What a value of a field has to look like. On a list, all but the number of items holds for each
/// element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldRules {
    /// In characters.
    pub min_len: Option<u32>,
    /// In characters.
    pub max_len: Option<u32>,
    pub pattern: Option<String>,
    pub format: Option<Format>,
    pub min_items: Option<u32>,
    pub max_items: Option<u32>,
    pub gte: Option<i64>,
    pub lte: Option<i64>,
    /// The bits that may be set; empty where the field is no mask.
    pub flags: Vec<Flag>,
}

/// A bit of a mask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    pub name: String,
    pub bit: i64,
}

/// A format of strings, or of integers in the case of ticks. An empty string has any format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Guid,
    BoxId,
    Date,
    Ticks,
    Inn,
    FilterCategory,
}

/// Which fields of a message are set, as sets of field names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MessageRules {
    /// At least one of each.
    pub any_of: Vec<Vec<String>>,
    /// Exactly one of each.
    pub one_of: Vec<Vec<String>>,
    /// At most one of each.
    pub excludes: Vec<Vec<String>>,
}

/// The last tick of the year 9999.
pub(crate) const MAX_TICKS: i64 = 3_155_378_975_999_999_999;

/// The rules of a field; none where the schema has no rules.
pub(crate) fn of_field(field: &FieldDescriptor) -> FieldRules {
    // Most fields have no options, and reading them is not free.
    if field.field_descriptor_proto().options.is_none() {
        return FieldRules::default();
    }
    let pool = field.parent_pool();
    let Some(options) = extension(pool, FIELD, || field.options()) else {
        return FieldRules::default();
    };
    FieldRules {
        min_len: unsigned(&options, "min_len"),
        max_len: unsigned(&options, "max_len"),
        pattern: text(&options, "pattern"),
        format: number(&options, "format").and_then(Format::from_number),
        min_items: unsigned(&options, "min_items"),
        max_items: unsigned(&options, "max_items"),
        gte: number(&options, "gte"),
        lte: number(&options, "lte"),
        flags: text(&options, "flags")
            .map(|name| flags(pool, &name))
            .unwrap_or_default(),
    }
}

/// The rules of a message; none where the schema has no rules.
pub(crate) fn of_message(message: &MessageDescriptor) -> MessageRules {
    if message.descriptor_proto().options.is_none() {
        return MessageRules::default();
    }
    match extension(message.parent_pool(), MESSAGE, || message.options()) {
        Some(options) => MessageRules {
            any_of: field_sets(&options, "any_of"),
            one_of: field_sets(&options, "one_of"),
            excludes: field_sets(&options, "excludes"),
        },
        None => MessageRules::default(),
    }
}

/// The rules of a field, each as a phrase such as `at most 5000 characters`.
pub(crate) fn texts_of_field(field: &FieldDescriptor) -> Vec<String> {
    let rules = of_field(field);
    let mut texts = Vec::new();
    texts.extend(span(rules.min_items, rules.max_items, "element"));
    let each = if field.is_list() { "each " } else { "" };
    texts.extend(rules.of_value().map(|text| format!("{each}{text}")));
    texts
}

/// The rules of a message, each as a phrase such as `` at most one of `Message` and `Patch` ``.
pub(crate) fn texts_of_message(message: &MessageDescriptor) -> Vec<String> {
    let rules = of_message(message);
    [
        ("at least one of ", rules.any_of),
        ("exactly one of ", rules.one_of),
        ("at most one of ", rules.excludes),
    ]
    .into_iter()
    .flat_map(|(quantity, sets)| {
        sets.into_iter()
            .map(move |set| format!("{quantity}{}", enumeration(&set)))
    })
    .collect()
}

impl FieldRules {
    /// What is said of the value itself, or of each element of a list.
    fn of_value(&self) -> impl Iterator<Item = String> {
        let range = match (self.gte, self.lte) {
            (Some(least), Some(most)) => Some(format!("from {least} to {most}")),
            (Some(least), None) => Some(format!("at least {least}")),
            (None, Some(most)) => Some(format!("at most {most}")),
            (None, None) => None,
        };
        [
            self.format.map(|format| format.text().to_owned()),
            span(self.min_len, self.max_len, "character"),
            self.pattern
                .as_ref()
                .map(|pattern| format!("matching `{pattern}`")),
            range,
            (!self.flags.is_empty()).then(|| flags_text(&self.flags)),
        ]
        .into_iter()
        .flatten()
    }
}

impl Format {
    fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::Guid,
            2 => Self::BoxId,
            3 => Self::Date,
            4 => Self::Ticks,
            5 => Self::Inn,
            6 => Self::FilterCategory,
            _ => return None,
        })
    }

    /// What a value of the format is.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Guid => "a GUID with hyphens",
            Self::BoxId => "a box id, as a GUID with hyphens or as 32 hex digits and `@diadoc.ru`",
            Self::Date => "a date dd.MM.yyyy",
            Self::Ticks => "ticks of the years 1 to 9999, or 0 for none",
            Self::Inn => "an INN of 10 or 12 digits",
            Self::FilterCategory => "a filter `<type>.<class><status>` such as `Any.Inbound`",
        }
    }

    /// A regular expression that every string of the format matches, the empty one included; for a
    /// date it does not tell the lengths of the months. None for ticks, which are integers.
    pub(crate) fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Guid => Some(
                "^([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})?$",
            ),
            Self::BoxId => Some(
                "^([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}@diadoc\\.ru)?$",
            ),
            Self::Date => Some("^((0[1-9]|[12][0-9]|3[01])\\.(0[1-9]|1[0-2])\\.[0-9]{4})?$"),
            Self::Inn => Some("^([0-9]{10}|[0-9]{12})?$"),
            Self::FilterCategory => {
                Some("^([0-9A-Za-z_-]+\\.(Inbound|Outbound|Internal|Proxy)([A-Z][0-9A-Za-z]*)?)?$")
            }
            Self::Ticks => None,
        }
    }
}

/// `1 AmendmentRequested, 2 Revised`, as a phrase.
pub(crate) fn flags_text(flags: &[Flag]) -> String {
    let bits: Vec<_> = flags
        .iter()
        .map(|flag| format!("{} {}", flag.bit, flag.name))
        .collect();
    format!("a mask of the bits {}", bits.join(", "))
}

/// How many of something there are: `at most 10 elements`.
pub(crate) fn span(least: Option<u32>, most: Option<u32>, what: &str) -> Option<String> {
    let plural = |count: u32| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    Some(match (least, most) {
        (Some(least), Some(most)) if least == most => format!("exactly {}", plural(most)),
        (Some(least), Some(most)) => format!("from {least} to {}", plural(most)),
        (Some(least), None) => format!("at least {}", plural(least)),
        (None, Some(most)) => format!("at most {}", plural(most)),
        (None, None) => return None,
    })
}

/// `` `A`, `B` and `C` ``.
pub(crate) fn enumeration(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The option of that full name in the options of an element, where the pool defines it and the
/// element has it.
pub(crate) fn extension(
    pool: &DescriptorPool,
    name: &str,
    options: impl FnOnce() -> DynamicMessage,
) -> Option<DynamicMessage> {
    let extension = pool.get_extension_by_name(name)?;
    let options = options();
    // A foreign pool may use the name for something else.
    if extension.containing_message() != options.descriptor() {
        return None;
    }
    if !options.has_extension(&extension) {
        return None;
    }
    options.get_extension(&extension).as_message().cloned()
}

pub(crate) fn field(options: &DynamicMessage, name: &str) -> Option<Value> {
    let field = options.descriptor().get_field_by_name(name)?;
    options
        .has_field(&field)
        .then(|| options.get_field(&field).into_owned())
}

pub(crate) fn number(options: &DynamicMessage, name: &str) -> Option<i64> {
    match field(options, name)? {
        Value::I32(number) => Some(number.into()),
        Value::I64(number) => Some(number),
        Value::EnumNumber(number) => Some(number.into()),
        _ => None,
    }
}

fn unsigned(options: &DynamicMessage, name: &str) -> Option<u32> {
    field(options, name)?.as_u32()
}

pub(crate) fn text(options: &DynamicMessage, name: &str) -> Option<String> {
    field(options, name)?.as_str().map(str::to_owned)
}

fn field_sets(options: &DynamicMessage, name: &str) -> Vec<Vec<String>> {
    let sets = field(options, name);
    let sets = sets.as_ref().and_then(Value::as_list).unwrap_or_default();
    sets.iter()
        .filter_map(Value::as_message)
        .map(|set| texts(set, "fields"))
        .collect()
}

pub(crate) fn texts(options: &DynamicMessage, name: &str) -> Vec<String> {
    let list = field(options, name);
    let list = list.as_ref().and_then(Value::as_list).unwrap_or_default();
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// The bits that the enum of that name beside the rules lists.
fn flags(pool: &DescriptorPool, name: &str) -> Vec<Flag> {
    let bits = pool.get_enum_by_name(&format!("{PACKAGE}.{name}"));
    bits.iter()
        .flat_map(|bits| bits.values())
        .map(|value| Flag {
            name: value.name().to_owned(),
            bit: value.number().into(),
        })
        .collect()
}
