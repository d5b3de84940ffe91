//! JSON Schema, draft 2020-12.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use diadoc_core::Ticks;
use diadoc_core::rules::{Demand, FieldRule, Format, MessageRule, Quantity, Texts};
use prost_reflect::{
    Cardinality, EnumDescriptor, EnumValueDescriptor, FieldDescriptor, Kind, MessageDescriptor,
};
use serde_json::{Map, Value, json};

use crate::describe::comment::{self, blocks};
use crate::describe::rules_sentence;
use crate::enums::{first_name, members, unknown_member, values};
use crate::field_rules::{field_rules, message_rules, must_be_set};
use crate::{Schema, rules_of_field, rules_of_message};

/// How much a JSON Schema lets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// What the vendor writes: the keys of the schema only, required ones present, no `null`,
    /// integers as numbers, enums by the names that JSON writes, padded standard base64.
    Strict,
    /// What a reader of diadoc-proto takes: further keys, absent and `null` fields, integers also
    /// as decimal strings, enums also by number or by a name from the future, booleans also as
    /// `"True"` and 1, numbers where strings are due, base64 in all its four spellings and with
    /// white space.
    Tolerant,
}

// Padding is left as it must be: two letters with `==`, three with `=`.
const BASE64: &str = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$";
/// What a reader takes for a boolean in a string, and for the content of bytes.
const BOOLEAN_TEXT: &str = "^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$";
static BASE64_ANY: LazyLock<String> = LazyLock::new(|| {
    let space = r"[ \t\n\f\r]*";
    let of = |symbol: &str| {
        let symbol = format!("(?:{symbol}{space})");
        let rest = format!("{symbol}{{2}}(?:={space}={space})?|{symbol}{{3}}(?:={space})?");
        format!("(?:{symbol}{{4}})*(?:{rest})?")
    };
    let (plain, url) = (of("[A-Za-z0-9+/]"), of("[A-Za-z0-9_-]"));
    format!("^{space}(?:{plain}|{url})$")
});

/// A JSON Schema of messages, with whatever they hold, or of all of Diadoc's where none is given.
///
/// Each message and enum stands under its full name in `$defs`. With just one message the schema
/// is that message's; with more, pick one by `#/$defs/` and its name. In the strict flavour the
/// rules of fields become keywords where JSON Schema has them, and so do the rules about which
/// fields are set; the tolerant flavour has neither, as a reader looks at neither. The descriptions
/// tell all of them.
///
/// ```
/// use diadoc_schema::{Flavour, Schema, json_schema};
///
/// let schema = Schema::diadoc();
/// let id = schema.message("Diadoc.Api.Proto.DocumentId")?;
/// let json = json_schema(schema, &[id], Flavour::Strict);
/// assert_eq!(json["$ref"], "#/$defs/Diadoc.Api.Proto.DocumentId");
/// assert_eq!(
///     json["$defs"]["Diadoc.Api.Proto.DocumentId"]["required"],
///     serde_json::json!(["MessageId", "EntityId"]),
/// );
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn json_schema(schema: &Schema, messages: &[MessageDescriptor], flavour: Flavour) -> Value {
    let roots: Vec<_> = if messages.is_empty() {
        schema.messages().collect()
    } else {
        messages.to_vec()
    };
    let mut defs = Map::new();
    let mut seen = BTreeSet::new();
    if messages.is_empty() {
        for item in schema.enums() {
            define_enum(&mut defs, &item, flavour);
        }
    }
    let mut waiting = roots;
    while let Some(message) = waiting.pop() {
        if !seen.insert(message.full_name().to_owned()) {
            continue;
        }
        for field in message.fields() {
            match field.kind() {
                Kind::Message(inner) => waiting.push(inner),
                Kind::Enum(item) => define_enum(&mut defs, &item, flavour),
                _ => {}
            }
        }
        defs.insert(
            message.full_name().to_owned(),
            define_message(&message, flavour),
        );
    }
    defs.sort_keys();

    let mut root = Map::new();
    root.insert(
        "$schema".into(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    if let [message] = messages {
        root.insert("$ref".into(), reference(message.full_name()).into());
    }
    root.insert("$defs".into(), defs.into());
    root.into()
}

fn reference(full_name: &str) -> String {
    format!("#/$defs/{full_name}")
}

fn define_message(message: &MessageDescriptor, flavour: Flavour) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for field in message.fields() {
        properties.insert(field.json_name().to_owned(), field_schema(&field, flavour));
        match flavour {
            Flavour::Strict if must_be_set(&field) => required.push(field.json_name().into()),
            // The reader takes the name in the schema as well.
            Flavour::Tolerant if field.json_name() != field.name() => {
                properties.insert(field.name().to_owned(), field_schema(&field, flavour));
            }
            Flavour::Strict | Flavour::Tolerant => {}
        }
    }
    let mut definition = Map::new();
    definition.insert("title".into(), message.name().into());
    describe(
        &mut definition,
        &comment::of_message(message),
        &rules_of_message(message),
    );
    let options = message.descriptor_proto().options.as_ref();
    if options.is_some_and(|options| options.deprecated()) {
        definition.insert("deprecated".into(), true.into());
    }
    definition.insert("type".into(), "object".into());
    definition.insert("properties".into(), properties.into());
    if !required.is_empty() {
        definition.insert("required".into(), required.into());
    }
    if flavour == Flavour::Strict {
        let rules = presence_rules(message);
        if !rules.is_empty() {
            definition.insert("allOf".into(), rules.into());
        }
        definition.insert("additionalProperties".into(), false.into());
    }
    definition.into()
}

/// The rules about which fields are set.
fn presence_rules(message: &MessageDescriptor) -> Vec<Value> {
    let fields = |names: &Texts| -> Vec<FieldDescriptor> {
        let fields = names.iter().map(|name| message.get_field_by_name(name));
        fields.flatten().collect()
    };
    let each = |names: &Texts| -> Vec<Value> {
        let fields = fields(names);
        fields.iter().map(|field| all_set(&[field])).collect()
    };
    let mut keywords = Vec::new();
    for rule in message_rules(message)
        .into_iter()
        .filter(MessageRule::is_plain)
    {
        let Demand::Given(quantity) = rule.demand else {
            continue;
        };
        let set = rule.fields;
        match quantity {
            Quantity::NoneOf => {
                let given = each(&set).into_iter();
                keywords.extend(given.map(|given| json!({ "not": given })));
            }
            Quantity::AnyOf => keywords.push(json!({ "anyOf": each(&set) })),
            Quantity::OneOf => keywords.push(json!({ "oneOf": each(&set) })),
            Quantity::Excludes => {
                let fields = fields(&set);
                for (place, one) in fields.iter().enumerate() {
                    let pairs = fields[place + 1..].iter();
                    keywords.extend(pairs.map(|other| json!({ "not": all_set(&[one, other]) })));
                }
            }
        }
    }
    keywords
}

/// That all of the fields are set. A list is when it has an element; `null` the strict flavour
/// refuses anyway.
fn all_set(fields: &[&FieldDescriptor]) -> Value {
    let names: Vec<_> = fields.iter().map(|field| field.json_name()).collect();
    let lists = fields.iter().filter(|field| field.is_list());
    let lists: Map<String, Value> = lists
        .map(|field| (field.json_name().to_owned(), json!({ "minItems": 1 })))
        .collect();
    match lists.is_empty() {
        true => json!({ "required": names }),
        false => json!({ "required": names, "properties": lists }),
    }
}

fn field_schema(field: &FieldDescriptor, flavour: Flavour) -> Value {
    let mut value = value_schema(field, flavour);
    let strict = flavour == Flavour::Strict;
    if let Some(value) = value.as_object_mut().filter(|_| strict) {
        add_value_rules(field, value);
    }
    let mut schema = Map::new();
    describe(
        &mut schema,
        &comment::of_field(field),
        &rules_of_field(field),
    );
    let declared = field.field_descriptor_proto();
    if declared
        .options
        .as_ref()
        .is_some_and(|options| options.deprecated())
    {
        schema.insert("deprecated".into(), true.into());
    }
    if let Some(default) = default(field) {
        schema.insert("default".into(), default);
    }
    if field.is_list() {
        value = json!({ "type": "array", "items": value });
        if let Some(list) = value.as_object_mut().filter(|_| strict) {
            add_list_rules(field, list);
        }
    }
    if flavour == Flavour::Tolerant {
        value = nullable(value);
    }
    if let Value::Object(value) = value {
        schema.extend(value);
    }
    schema.into()
}

/// A single value: of a field, or of an element of a list.
fn value_schema(field: &FieldDescriptor, flavour: Flavour) -> Value {
    let tolerant = flavour == Flavour::Tolerant;
    match field.kind() {
        Kind::Message(message) => json!({ "$ref": reference(message.full_name()) }),
        // A reader has no value for a name from the future here, unless the enum has one for it.
        Kind::Enum(item) if tolerant && is_required(field) && unknown_member(&item).is_none() => {
            json!({ "anyOf": [
                { "enum": names(&item) },
                integer(i32::MIN.into(), i32::MAX.into()),
            ] })
        }
        Kind::Enum(item) => json!({ "$ref": reference(item.full_name()) }),
        Kind::Bool if tolerant => json!({
            "type": ["boolean", "string", "integer"],
            "pattern": BOOLEAN_TEXT,
            "minimum": 0,
            "maximum": 1,
        }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::String if tolerant => json!({ "type": ["string", "number"] }),
        Kind::String => json!({ "type": "string" }),
        Kind::Bytes => json!({
            "type": "string",
            "contentEncoding": "base64",
            "pattern": if tolerant { &BASE64_ANY } else { BASE64 },
        }),
        Kind::Float | Kind::Double => json!({ "type": "number" }),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            integer_or_text(integer(i32::MIN.into(), i32::MAX.into()), tolerant)
        }
        Kind::Uint32 | Kind::Fixed32 => integer_or_text(integer(0, u32::MAX.into()), tolerant),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            integer_or_text(integer(i64::MIN, i64::MAX), tolerant)
        }
        Kind::Uint64 | Kind::Fixed64 => integer_or_text(
            json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX }),
            tolerant,
        ),
    }
}

fn is_required(field: &FieldDescriptor) -> bool {
    field.cardinality() == Cardinality::Required
}

fn integer(minimum: i64, maximum: i64) -> Value {
    json!({ "type": "integer", "minimum": minimum, "maximum": maximum })
}

/// The bounds are about numbers only, so that one object serves both.
fn integer_or_text(mut integer: Value, tolerant: bool) -> Value {
    if tolerant {
        integer["type"] = json!(["integer", "string"]);
        integer["pattern"] = json!("^-?[0-9]+$");
    }
    integer
}

fn nullable(value: Value) -> Value {
    match value {
        Value::Object(mut object) if object.contains_key("type") => {
            let mut types = match object["type"].take() {
                Value::Array(types) => types,
                one => vec![one],
            };
            types.push("null".into());
            object["type"] = types.into();
            object.into()
        }
        other => json!({ "anyOf": [other, { "type": "null" }] }),
    }
}

fn define_enum(defs: &mut Map<String, Value>, item: &EnumDescriptor, flavour: Flavour) {
    if defs.contains_key(item.full_name()) {
        return;
    }
    let mut definition = Map::new();
    definition.insert("title".into(), item.name().into());
    describe(&mut definition, &comment::of_enum(item), &[]);
    match flavour {
        Flavour::Strict => {
            definition.insert("enum".into(), first_names(item).into());
            // No keyword of JSON Schema; editors show it beside the names.
            definition.insert("enumDescriptions".into(), summaries(item).into());
        }
        Flavour::Tolerant => {
            definition.insert("type".into(), json!(["string", "integer"]));
            definition.insert("minimum".into(), i32::MIN.into());
            definition.insert("maximum".into(), i32::MAX.into());
            definition.insert("examples".into(), names(item).into());
        }
    }
    defs.insert(item.full_name().to_owned(), definition.into());
}

fn names(item: &EnumDescriptor) -> Vec<Value> {
    members(item).map(|(name, _)| name.into()).collect()
}

/// The values under the name that JSON writes.
fn first_values(item: &EnumDescriptor) -> impl Iterator<Item = EnumValueDescriptor> {
    values(item).filter(|value| first_name(item, value.number()) == Some(value.name()))
}

fn first_names(item: &EnumDescriptor) -> Vec<Value> {
    first_values(item)
        .map(|value| value.name().into())
        .collect()
}

fn summaries(item: &EnumDescriptor) -> Vec<Value> {
    first_values(item)
        .map(|value| comment::summary(&comment::of_value(&value)).into())
        .collect()
}

fn default(field: &FieldDescriptor) -> Option<Value> {
    use prost_reflect::Value as Default;
    field.field_descriptor_proto().default_value.as_ref()?;
    Some(match (field.kind(), field.default_value()) {
        (Kind::Enum(item), Default::EnumNumber(number)) => first_name(&item, number)?.into(),
        (_, Default::Bool(flag)) => flag.into(),
        (_, Default::I32(number)) => number.into(),
        (_, Default::I64(number)) => number.into(),
        (_, Default::U32(number)) => number.into(),
        (_, Default::U64(number)) => number.into(),
        (_, Default::String(text)) => text.into(),
        _ => return None,
    })
}

fn describe(schema: &mut Map<String, Value>, comment: &str, rules: &[String]) {
    let mut paragraphs = blocks(comment);
    paragraphs.extend(rules_sentence(rules));
    if !paragraphs.is_empty() {
        schema.insert("description".into(), paragraphs.join("\n\n").into());
    }
}

/// What the rules say of a value, or of the elements of a list, as keywords.
fn add_value_rules(field: &FieldDescriptor, schema: &mut Map<String, Value>) {
    for rule in field_rules(field) {
        match rule {
            // Of the list itself, see `add_list_rules`.
            FieldRule::Items { .. } => {}
            FieldRule::Format(Format::Ticks) => {
                schema.entry("minimum").or_insert(Ticks::MIN.get().into());
                schema.entry("maximum").or_insert(Ticks::MAX.get().into());
            }
            FieldRule::Format(format) => insert(schema, "pattern", format.pattern()),
            FieldRule::Length { min, max } => {
                insert(schema, "minLength", min);
                insert(schema, "maxLength", max);
            }
            FieldRule::Pattern(pattern) => match schema.remove("pattern") {
                Some(format) => {
                    let both = json!([{ "pattern": pattern }, { "pattern": format }]);
                    schema.insert("allOf".into(), both);
                }
                None => insert(schema, "pattern", Some(pattern.into_owned())),
            },
            FieldRule::Range { min, max } => {
                insert(schema, "minimum", min);
                insert(schema, "maximum", max);
            }
            FieldRule::Flags(flags) => {
                // JSON Schema knows no bits; the description names them.
                let all = flags.iter().fold(0, |bits, flag| bits | flag.bit);
                schema.entry("minimum").or_insert(0.into());
                schema.entry("maximum").or_insert(all.into());
            }
            FieldRule::Bytes { max } => {
                // Of base64, or of a string, whose characters have a byte at least.
                let is_bytes = field.kind() == Kind::Bytes;
                let most = if is_bytes { max.div_ceil(3) * 4 } else { max };
                insert(schema, "maxLength", Some(most));
            }
            FieldRule::Values(codes) => {
                let numbers: Vec<_> = codes.iter().map(|code| code.number).collect();
                insert(schema, "enum", Some(numbers));
            }
        }
    }
}

/// What the rules say of the number of elements.
fn add_list_rules(field: &FieldDescriptor, schema: &mut Map<String, Value>) {
    for rule in field_rules(field) {
        if let FieldRule::Items { min, max } = rule {
            insert(schema, "minItems", min);
            insert(schema, "maxItems", max);
        }
    }
}

fn insert(schema: &mut Map<String, Value>, keyword: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        schema.insert(keyword.into(), value.into());
    }
}
