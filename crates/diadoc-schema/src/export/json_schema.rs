//! JSON Schema, draft 2020-12.
//!
//! It is written so that other validators take it as it is, ajv in its strict mode among them: every
//! keyword is one of the draft, a value that may be of several types is an `anyOf` with a type in each
//! branch (but for `null` beside one other), and `required` stands beside the properties that it names.

use std::collections::BTreeSet;

use diadoc_core::Ticks;
use diadoc_core::rules::{Demand, FieldRule, Format, MessageRule, Quantity, Rule};
use prost_reflect::{
    Cardinality, EnumDescriptor, EnumValueDescriptor, FieldDescriptor, Kind, MessageDescriptor,
};
use serde_json::{Map, Value, json};

use crate::computed_keys::{ComputedKey, computed_keys};
use crate::describe::comment::{self, blocks};
use crate::describe::rules_sentence;
use crate::enums::{first_name, members, unknown_member, values};
use crate::field_rules::{field_rules, message_rules, must_be_set};
use crate::json::range;
use crate::{Schema, rules_of_field, rules_of_message};

/// Which bodies a JSON Schema takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// The requests that the live server takes as they are meant. Known keys only, because it drops
    /// others in silence; required ones present, but for booleans, which read as false. The rules of
    /// fields and messages hold. Spellings that the vendor does not write are taken where the server
    /// reads them: booleans as `"True"` or 1, numbers where strings are due, integers as decimal
    /// strings, enums by number or by another of their names, white space in base64. Base64 that is
    /// URL-safe or lacks its padding the server refuses.
    Request,
    /// The answers that the schema knows: a key or an enum's member that is news, or a required
    /// field that is missing, does not pass, though readers bear with it. Booleans may be missing:
    /// the vendor's documented answers leave out some that are required. The keys that the server
    /// computes beside the schema are known. Rules of fields and messages are not asked, and all
    /// spellings that readers take pass.
    Response,
    /// What a reader of diadoc-proto takes, today and tomorrow: further keys, absent and `null`
    /// fields, enums by a name or number from the future, base64 in all its four spellings.
    Tolerant,
}

/// What a body may have that the vendor does not write.
#[derive(Debug, Clone, Copy)]
enum Deviation {
    UnknownKey,
    ComputedKey,
    RequiredAbsent,
    /// A required boolean is absent, which reads as false; documented answers leave some out.
    RequiredBooleanAbsent,
    BooleanForm,
    StringNumber,
    IntegerString,
    EnumAlias,
    EnumNumber,
    EnumUnknownNumber,
    EnumUnknownName,
    Base64WhiteSpace,
    Base64UrlSafe,
    Base64Unpadded,
    /// A rule of a field or message does not hold.
    RuleBroken,
    /// A string of a choice is empty, which counts as absent.
    EmptyChoice,
}

/// Whether a profile takes a deviation. The tolerant one takes each: so does the reader.
fn takes(profile: Profile, deviation: Deviation) -> bool {
    let (request, response) = match deviation {
        Deviation::UnknownKey => (false, false),
        Deviation::ComputedKey => (false, true),
        Deviation::RequiredAbsent => (false, false),
        Deviation::RequiredBooleanAbsent => (true, true),
        Deviation::BooleanForm => (true, true),
        Deviation::StringNumber => (true, true),
        Deviation::IntegerString => (true, true),
        Deviation::EnumAlias => (true, true),
        Deviation::EnumNumber => (true, true),
        Deviation::EnumUnknownNumber => (true, false),
        Deviation::EnumUnknownName => (false, false),
        Deviation::Base64WhiteSpace => (true, true),
        Deviation::Base64UrlSafe => (false, true),
        Deviation::Base64Unpadded => (false, true),
        Deviation::RuleBroken => (false, true),
        Deviation::EmptyChoice => (true, true),
    };
    match profile {
        Profile::Request => request,
        Profile::Response => response,
        Profile::Tolerant => true,
    }
}

/// Lists the rules that JSON Schema cannot say as the validator does.
macro_rules! differences {
    ($($rule:ident $text:literal,)+) => {
        /// Where a JSON Schema cannot say what [`validate_json`](crate::validate_json) and readers
        /// say: the rule, and what of it is missing or different.
        ///
        $(#[doc = concat!("- [`", stringify!($rule), "`](Rule::", stringify!($rule), "): ", $text)])+
        pub const DIFFERENCES: &[(Rule, &str)] = &[$((Rule::$rule, $text)),+];
    };
}

differences! {
    JsonSyntax "a schema judges what a parser has read, and parsers differ in what they bear with.",
    JsonByteOrderMark "it is gone, or refused, before a schema is asked.",
    JsonDepth "a schema does not count levels.",
    JsonDuplicateKey "parsers keep one of the two.",
    JsonKeyCase "a key in another case is an unknown key.",
    JsonComputedKey "`response` holds its value against a type, the validator does not look at it.",
    JsonIntegerFraction "5.0 and 5e0 are integers.",
    JsonIntegerRange "not asked of integers in strings; in JavaScript, which reads numbers as \
        doubles, the last bounds of 64 bits are off by a few hundred.",
    JsonBase64 "of texts longer than 262144 characters only the symbols are looked at.",
    JsonBase64Form "of texts longer than 262144 characters only the symbols are looked at.",
    FieldLength "not asked of numbers where strings are due.",
    FieldRange "not asked of integers in strings.",
    FieldFormat "a pattern knows neither how long months are nor check digits or lists of names; it \
        is not asked of numbers where strings are due, nor bounds of integers in strings.",
    FieldPattern "not asked of numbers where strings are due.",
    FieldFlags "bounds only: JSON Schema knows no bits; not asked of integers in strings.",
}

/// The end of a string. To Python `$` alone also stands before a line break at the end.
const END: &str = r"$(?!\n)";
/// Booleans and integers in strings, without their end.
const BOOLEAN_TEXT: &str = "^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])";
const INTEGER_TEXT: &str = "^-?[0-9]+";

/// Base64 stands in `$defs` under this name; no message has one without a dot.
const BASE64: &str = "base64";
/// The most symbols whose number is looked at. JavaScript's engines keep a note of each group that
/// they may have to go back to, and give up with an error at some million of them.
const MOST_COUNTED: usize = 262_144;

/// A JSON Schema of messages, with whatever they hold, or of all of Diadoc's where none is given.
///
/// Each message and enum stands under its full name in `$defs`, and what base64 is under `base64`.
/// With just one message the schema is that message's; with more, pick one by `#/$defs/` and its name. Descriptions tell all rules,
/// those too that the profile does not ask. What JSON Schema cannot say stands in [`DIFFERENCES`].
///
/// ```
/// use diadoc_schema::{Profile, Schema, json_schema};
///
/// let schema = Schema::diadoc();
/// let id = schema.message("Diadoc.Api.Proto.DocumentId")?;
/// let json = json_schema(schema, &[id], Profile::Request);
/// assert_eq!(json["$ref"], "#/$defs/Diadoc.Api.Proto.DocumentId");
/// assert_eq!(
///     json["$defs"]["Diadoc.Api.Proto.DocumentId"]["required"],
///     serde_json::json!(["MessageId", "EntityId"]),
/// );
/// # Ok::<(), diadoc_schema::SchemaError>(())
/// ```
pub fn json_schema(schema: &Schema, messages: &[MessageDescriptor], profile: Profile) -> Value {
    let roots: Vec<_> = if messages.is_empty() {
        schema.messages().collect()
    } else {
        messages.to_vec()
    };
    let mut defs = Map::new();
    let mut seen = BTreeSet::new();
    if messages.is_empty() {
        for item in schema.enums() {
            define_enum(&mut defs, &item, profile);
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
                Kind::Enum(item) => define_enum(&mut defs, &item, profile),
                Kind::Bytes => {
                    defs.insert(BASE64.into(), base64(profile));
                }
                _ => {}
            }
        }
        defs.insert(
            message.full_name().to_owned(),
            define_message(&message, profile),
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

// Messages

fn define_message(message: &MessageDescriptor, profile: Profile) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    let mut all_of = Vec::new();
    for field in message.fields() {
        let names = keys(&field);
        for name in &names {
            properties.insert(name.clone(), field_schema(&field, profile));
        }
        if may_be_absent(&field, profile) {
            continue;
        }
        match names.as_slice() {
            [name] => required.push(name.as_str().into()),
            _ => all_of.push(is_set(&field, &[])),
        }
    }
    let closed = !takes(profile, Deviation::UnknownKey);
    if closed && takes(profile, Deviation::ComputedKey) {
        for computed in computed_keys(message) {
            properties.insert(computed.key.into(), computed_key_schema(computed));
        }
    }
    if !takes(profile, Deviation::RuleBroken) {
        all_of.extend(presence_rules(message, profile));
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
    if !all_of.is_empty() {
        definition.insert("allOf".into(), all_of.into());
    }
    if closed {
        definition.insert("additionalProperties".into(), false.into());
    }
    definition.into()
}

/// The keys of a field: readers take its name in the schema as well.
fn keys(field: &FieldDescriptor) -> Vec<String> {
    let mut keys = vec![field.json_name().to_owned()];
    if field.name() != field.json_name() {
        keys.push(field.name().to_owned());
    }
    keys
}

fn may_be_absent(field: &FieldDescriptor, profile: Profile) -> bool {
    let boolean = field.kind() == Kind::Bool;
    takes(profile, Deviation::RequiredAbsent)
        || boolean && takes(profile, Deviation::RequiredBooleanAbsent)
        || !is_demanded(field, profile)
}

/// Whether the field must have a value, and may not be `null`.
fn is_demanded(field: &FieldDescriptor, profile: Profile) -> bool {
    match takes(profile, Deviation::RuleBroken) {
        true => is_required(field),
        // A list that must have elements too.
        false => must_be_set(field),
    }
}

fn is_required(field: &FieldDescriptor) -> bool {
    field.cardinality() == Cardinality::Required
}

/// The rules about which fields are set.
fn presence_rules(message: &MessageDescriptor, profile: Profile) -> Vec<Value> {
    let mut keywords = Vec::new();
    let rules = message_rules(message).into_iter();
    for rule in rules.filter(MessageRule::is_plain) {
        let Demand::Given(quantity) = rule.demand else {
            continue;
        };
        let fields = rule.fields.iter();
        let fields = fields.filter_map(|name| message.get_field_by_name(name));
        let set: Vec<_> = fields
            .map(|field| is_set(&field, &unset_values(&field, profile)))
            .collect();
        match quantity {
            Quantity::NoneOf => keywords.push(json!({ "not": { "anyOf": set } })),
            Quantity::AnyOf => keywords.push(json!({ "anyOf": set })),
            Quantity::OneOf => keywords.push(json!({ "oneOf": set })),
            Quantity::Excludes => {
                for (place, one) in set.iter().enumerate() {
                    let others = set[place + 1..].iter();
                    keywords
                        .extend(others.map(|other| json!({ "not": { "allOf": [one, other] } })));
                }
            }
        }
    }
    keywords
}

/// The values that set no field.
fn unset_values(field: &FieldDescriptor, profile: Profile) -> Vec<Value> {
    let mut unset = vec![Value::Null];
    if field.is_list() {
        unset.push(json!([]));
    } else if field.kind() == Kind::String && takes(profile, Deviation::EmptyChoice) {
        unset.push("".into());
    }
    unset
}

/// That a field stands in the object, under one of its keys and with none of these values.
fn is_set(field: &FieldDescriptor, unset: &[Value]) -> Value {
    let value = match unset {
        [] => true.into(),
        unset => json!({ "not": { "enum": unset } }),
    };
    let mut ways: Vec<_> = keys(field)
        .iter()
        .map(|key| json!({ "type": "object", "properties": { key: value }, "required": [key] }))
        .collect();
    match ways.len() {
        1 => ways.remove(0),
        _ => json!({ "anyOf": ways }),
    }
}

fn computed_key_schema(computed: &ComputedKey) -> Value {
    json!({
        "description": format!("Computed by the server: {}.", computed.holds),
        "type": [computed.json_type, "null"],
    })
}

// Fields

fn field_schema(field: &FieldDescriptor, profile: Profile) -> Value {
    let mut schema = Map::new();
    describe(
        &mut schema,
        &comment::of_field(field),
        &rules_of_field(field),
    );
    let options = field.field_descriptor_proto().options.as_ref();
    if options.is_some_and(|options| options.deprecated()) {
        schema.insert("deprecated".into(), true.into());
    }
    if let Some(default) = default(field) {
        schema.insert("default".into(), default);
    }
    let with_rules = !takes(profile, Deviation::RuleBroken);
    let mut values = value_schemas(field, profile);
    if let Some(value) = values[0].as_object_mut().filter(|_| with_rules) {
        add_value_rules(field, value);
    }
    if field.is_list() {
        let mut list = Map::from_iter([
            ("type".to_owned(), "array".into()),
            ("items".to_owned(), any_of(values)),
        ]);
        if with_rules {
            add_list_rules(field, &mut list);
        }
        values = vec![list.into()];
    }
    if takes(profile, Deviation::RequiredAbsent) || !is_demanded(field, profile) {
        allow_null(&mut values);
    }
    if let Value::Object(value) = any_of(values) {
        schema.extend(value);
    }
    schema.into()
}

/// `null` too: beside the one type, of which ajv makes no complaint and reports stay precise, or as
/// one more branch.
fn allow_null(values: &mut Vec<Value>) {
    match values.as_mut_slice() {
        [value] if value["type"].is_string() => {
            let single = value["type"].take();
            value["type"] = json!([single, "null"]);
        }
        _ => values.push(json!({ "type": "null" })),
    }
}

/// One of these; each has a type of its own.
fn any_of(mut schemas: Vec<Value>) -> Value {
    match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({ "anyOf": schemas }),
    }
}

/// A single value, of a field or of an element of a list: first as the vendor writes it, then in the
/// spellings that the profile takes besides.
fn value_schemas(field: &FieldDescriptor, profile: Profile) -> Vec<Value> {
    let takes = |deviation| takes(profile, deviation);
    let kind = field.kind();
    if let Some(range) = range(&kind) {
        // All integer types lie within these.
        let minimum = i64::try_from(*range.start()).unwrap_or(i64::MIN);
        let maximum = u64::try_from(*range.end()).unwrap_or(u64::MAX);
        let mut values = vec![json!({ "type": "integer", "minimum": minimum, "maximum": maximum })];
        if takes(Deviation::IntegerString) {
            values.push(text(&format!("{INTEGER_TEXT}{END}")));
        }
        return values;
    }
    match kind {
        Kind::Message(message) => vec![json!({ "$ref": reference(message.full_name()) })],
        // A reader has no value for a name from the future here, unless the enum has one for it.
        Kind::Enum(item)
            if takes(Deviation::EnumUnknownName)
                && is_required(field)
                && unknown_member(&item).is_none() =>
        {
            vec![json!({ "enum": names(&item) }), number_of_enum()]
        }
        Kind::Enum(item) => vec![json!({ "$ref": reference(item.full_name()) })],
        Kind::Bool => {
            let mut values = vec![json!({ "type": "boolean" })];
            if takes(Deviation::BooleanForm) {
                values.push(text(&format!("{BOOLEAN_TEXT}{END}")));
                values.push(json!({ "type": "integer", "minimum": 0, "maximum": 1 }));
            }
            values
        }
        Kind::String => {
            let mut values = vec![json!({ "type": "string" })];
            if takes(Deviation::StringNumber) {
                values.push(json!({ "type": "number" }));
            }
            values
        }
        Kind::Bytes => vec![json!({ "$ref": reference(BASE64) })],
        _ => vec![json!({ "type": "number" })],
    }
}

fn text(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

/// Base64 in the spellings of a profile.
fn base64(profile: Profile) -> Value {
    let takes = |deviation| takes(profile, deviation);
    let (space, spaces) = match takes(Deviation::Base64WhiteSpace) {
        true => (r" \t\n\f\r", r"[ \t\n\f\r]*"),
        false => ("", ""),
    };
    let optional = match takes(Deviation::Base64Unpadded) {
        true => "?",
        false => "",
    };
    // Padding where there is any is as it must be, and the symbol before it has no bits beyond the
    // last byte.
    let counted = |symbols: &str| {
        let symbol = format!("[{symbols}]{spaces}");
        let two = format!("{symbol}[AQgw]{spaces}(?:={spaces}={spaces}){optional}");
        let three = format!("(?:{symbol}){{2}}[AEIMQUYcgkosw048]{spaces}(?:={spaces}){optional}");
        format!("{spaces}(?:(?:{symbol}){{4}})*(?:{two}|{three})?")
    };
    let uncounted = |symbols: &str| format!("[{space}{symbols}]*(?:={spaces}){{0,2}}");
    let mut alphabets = vec!["A-Za-z0-9+/"];
    if takes(Deviation::Base64UrlSafe) {
        alphabets.push("A-Za-z0-9_-");
    }
    // Where white space may stand at the end, `$` is the end to Python too; and engines that look
    // ahead are too slow for contents.
    let pattern = |of: &dyn Fn(&str) -> String| {
        let alphabets: Vec<_> = alphabets.iter().map(|symbols| of(symbols)).collect();
        format!("^(?:{})$", alphabets.join("|"))
    };
    json!({
        "title": "Base64",
        "type": "string",
        "contentEncoding": "base64",
        "if": { "type": "string", "maxLength": MOST_COUNTED },
        "then": text(&pattern(&counted)),
        "else": text(&pattern(&uncounted)),
    })
}

// Enums

fn define_enum(defs: &mut Map<String, Value>, item: &EnumDescriptor, profile: Profile) {
    if defs.contains_key(item.full_name()) {
        return;
    }
    let mut definition = Map::new();
    definition.insert("title".into(), item.name().into());
    let members = first_values(item).map(|value| {
        let summary = comment::summary(&comment::of_value(&value));
        format!("- `{}`: {summary}", value.name())
    });
    let mut paragraphs = blocks(&comment::of_enum(item));
    paragraphs.push(members.collect::<Vec<_>>().join("\n"));
    definition.insert("description".into(), paragraphs.join("\n\n").into());
    if let Value::Object(value) = any_of(member_schemas(item, profile)) {
        definition.extend(value);
    }
    defs.insert(item.full_name().to_owned(), definition.into());
}

fn member_schemas(item: &EnumDescriptor, profile: Profile) -> Vec<Value> {
    let takes = |deviation| takes(profile, deviation);
    let mut known = match takes(Deviation::EnumAlias) {
        true => names(item),
        false => first_values(item)
            .map(|value| value.name().into())
            .collect(),
    };
    if takes(Deviation::EnumUnknownName) {
        return vec![
            json!({ "type": "string", "examples": known }),
            number_of_enum(),
        ];
    }
    match (
        takes(Deviation::EnumNumber),
        takes(Deviation::EnumUnknownNumber),
    ) {
        (false, _) => vec![json!({ "enum": known })],
        (true, false) => {
            known.extend(first_values(item).map(|value| value.number().into()));
            vec![json!({ "enum": known })]
        }
        (true, true) => vec![json!({ "enum": known }), number_of_enum()],
    }
}

fn number_of_enum() -> Value {
    json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX })
}

fn names(item: &EnumDescriptor) -> Vec<Value> {
    members(item).map(|(name, _)| name.into()).collect()
}

/// The values under the name that JSON writes.
fn first_values(item: &EnumDescriptor) -> impl Iterator<Item = EnumValueDescriptor> {
    values(item).filter(|value| first_name(item, value.number()) == Some(value.name()))
}

// Words and rules

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
                insert(schema, "minimum", Some(Ticks::MIN.get()));
                insert(schema, "maximum", Some(Ticks::MAX.get()));
            }
            FieldRule::Format(format) => insert(schema, "pattern", format.pattern().map(ended)),
            FieldRule::Length { min, max } => {
                insert(schema, "minLength", min);
                insert(schema, "maxLength", max);
            }
            FieldRule::Pattern(pattern) => match schema.remove("pattern") {
                Some(format) => {
                    let both = [ended(&pattern).into(), format];
                    let both = both.map(|pattern| json!({ "type": "string", "pattern": pattern }));
                    schema.insert("allOf".into(), json!(both));
                }
                None => insert(schema, "pattern", Some(ended(&pattern))),
            },
            FieldRule::Range { min, max } => {
                insert(schema, "minimum", min);
                insert(schema, "maximum", max);
            }
            FieldRule::Flags(flags) => {
                let all = flags.iter().fold(0, |bits, flag| bits | flag.bit);
                insert(schema, "minimum", Some(0));
                insert(schema, "maximum", Some(all));
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

/// A pattern whose end is the same to everyone, see [`END`].
fn ended(pattern: &str) -> String {
    match pattern.strip_suffix('$') {
        Some(most) if !most.ends_with('\\') => format!("{most}{END}"),
        _ => pattern.to_owned(),
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
