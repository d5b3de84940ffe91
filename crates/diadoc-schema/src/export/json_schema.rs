//! JSON Schema, draft 2020-12.
//!
//! It is written so that other validators take it as it is, ajv in its strict mode among them: every
//! keyword is one of the draft, a value that may be of several types is an `anyOf` with a type in each
//! branch (but for `null` beside one other), and `required` stands beside the properties that it names.

use std::collections::BTreeSet;

use diadoc_core::rules::{
    Demand, Evidence, FieldRule, Format, MessageRule, Quantity, Rule, Term, Texts,
};
use diadoc_core::{Direction, Language, Ticks};
use prost_reflect::{
    Cardinality, EnumDescriptor, EnumValueDescriptor, FieldDescriptor, Kind, MessageDescriptor,
};
use serde_json::{Map, Value, json};

use crate::computed_keys::{ComputedKey, computed_keys};
use crate::describe::comment::{self, blocks};
use crate::describe::{ENGLISH, rules_sentence};
use crate::enums::{first_name, members, unknown_member, values};
use crate::field_rules::{field_rules, message_rules, must_be_set, must_have_content};
use crate::json::range;
use crate::{Deviation, Effect, Item, Schema, Taken, rules_of_field, rules_of_message};

/// Which bodies a JSON Schema takes. What the server and readers do about each [`Deviation`] from the
/// schema decides it, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// The requests that the live server takes as they are meant. Known keys only, because it drops
    /// others in silence; required ones present and not empty, but for booleans, which read as false.
    /// The rules of fields and messages hold, where it is known that the server asks for them.
    /// Spellings that the vendor does not write are taken where the server reads them: booleans as
    /// `"True"` or 1, numbers where strings are due, integers as decimal strings, enums by number or
    /// by another of their names, white space in base64. Base64 that is URL-safe or lacks its padding
    /// the server refuses.
    Request,
    /// The answers that the schema knows: drift does not pass, such as a key or an enum's member that
    /// is news, a required field that is missing, or a rule that does not hold, though readers bear
    /// with it. Booleans may be missing: the vendor's documented answers leave out some that are
    /// required. The keys that the server computes beside the schema are known, and all spellings
    /// that readers take pass.
    Response,
    /// What a reader of diadoc-proto takes, today and tomorrow: further keys, absent and `null`
    /// fields, enums by a name or number from the future, base64 in all its four spellings.
    Tolerant,
    /// Bodies in the vendor's own spelling, of both directions, with further keys: for what makes code
    /// of a schema, and is best served by one type for each value. What the server computes is
    /// `readOnly`. No `null`, no pattern for base64, and integers have the `format` of OpenAPI.
    Written,
}

/// Whether a profile takes a deviation. The tolerant one takes each: so does the reader.
fn takes(profile: Profile, deviation: Deviation) -> bool {
    match profile {
        Profile::Request => match deviation.taken(Direction::Request) {
            Taken::Nothing => true,
            Taken::As(effect, _) => !effect.is_fault(),
        },
        // Absent booleans are drift, too, but that of the vendor's own documented answers.
        Profile::Response if deviation == Deviation::RequiredBoolean => true,
        // Drift does not pass: it is what tests of captured answers are to notice.
        Profile::Response => match deviation.taken(Direction::Response) {
            Taken::Nothing => true,
            Taken::As(effect, _) => effect == Effect::Accepted,
        },
        Profile::Tolerant => true,
        Profile::Written => matches!(
            deviation,
            Deviation::UnknownKey
                | Deviation::ComputedKey
                | Deviation::RequiredBoolean
                // Answers have such fields, of which nothing is known but that they are there.
                | Deviation::FieldEmpty
        ),
    }
}

/// Whether a profile refuses what goes against a rule of the schema.
fn asks(profile: Profile, rule: Rule, evidence: Evidence) -> bool {
    // What is only guessed of the server is no reason to refuse a request.
    let is_guessed = matches!(profile, Profile::Request | Profile::Written);
    let is_open = is_guessed && evidence == Evidence::Open;
    !is_open && Deviation::of_rule(rule).is_some_and(|deviation| !takes(profile, deviation))
}

/// The rules of a field that a profile asks.
fn asked_rules(field: &FieldDescriptor, profile: Profile) -> impl Iterator<Item = FieldRule> {
    let rules = field_rules(field).into_iter();
    rules.filter(move |rule| asks(profile, rule.rule(), Evidence::Likely))
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
    BodyEmpty "a schema judges what a parser has read.",
    BodyForm "a schema judges what a parser has read.",
    BodyEncoding "a schema judges what a parser has read.",
    JsonSyntax "a schema judges what a parser has read, and parsers differ in what they bear with.",
    JsonByteOrderMark "it is gone, or refused, before a schema is asked.",
    JsonDepth "a schema does not count levels.",
    JsonDuplicateKey "parsers keep one of the two.",
    JsonKeyCase "`request` refuses a key in another case, which the server reads.",
    JsonComputedKey "`response` holds its value against a type, the validator does not look at it.",
    JsonType "`request` refuses a single value where a list is due, and bytes as a list of numbers, \
        of which nobody knows what the server does; 1.0 and 0.0 are booleans, as 1 and 0 are.",
    JsonIntegerFraction "5.0 and 5e0 are integers; `request` refuses other fractions, of which \
        nobody knows what the server does.",
    JsonIntegerRange "not asked of integers in strings; in JavaScript, which reads numbers as \
        doubles, the last bounds of 64 bits are off by a few hundred.",
    JsonEnumCase "`request` refuses the name in another case, of which nobody knows what the server \
        does.",
    JsonBase64 "of texts longer than 262144 characters only the symbols are looked at.",
    JsonBase64Form "of texts longer than 262144 characters only the symbols are looked at.",
    FieldLength "not asked of numbers where strings are due.",
    FieldRange "not asked of integers in strings.",
    FieldFormat "a pattern knows neither how long months are nor check digits or lists of names; it \
        is not asked of INN, KPP and box ids as numbers, nor bounds of integers in strings, nor what \
        holds inside one message only.",
    FieldPattern "not asked of numbers where strings are due.",
    FieldFlags "bounds only: JSON Schema knows no bits; not asked of integers in strings.",
    FieldBytes "of base64 two bytes more may pass, and with white space in it any number; of strings \
        characters are counted.",
    FieldValue "not asked of integers in strings.",
    MessageOneOf "not asked where it depends on the outermost message of the body.",
    MessageForbidden "not asked where it depends on the outermost message of the body.",
    MessageDiffer "JSON Schema compares no values.",
    ContentNotCms "a schema does not look into base64.",
    ContentXmlEncoding "a schema does not look into base64.",
    ContentXmlInText "a schema does not look into base64.",
    TextMangled "`response` takes it: JSON Schema knows no encodings.",
}

/// The end of a string. To Python `$` alone also stands before a line break at the end.
const END: &str = r"$(?!\n)";
/// Booleans and integers in strings, without their end.
const BOOLEAN_TEXT: &str = "^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])";
const TRUE_TEXT: &str = "^[Tt][Rr][Uu][Ee]";
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
                Kind::Bytes if profile != Profile::Written => {
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
        let names = keys(&field, profile);
        for name in &names {
            properties.insert(name.clone(), field_schema(&field, profile));
        }
        if may_be_absent(&field, profile) {
            continue;
        }
        match names.as_slice() {
            [name] => required.push(name.as_str().into()),
            _ => all_of.push(has(&field, profile, &true.into())),
        }
    }
    let closed = !takes(profile, Deviation::UnknownKey);
    let names_computed = closed || profile == Profile::Written;
    if names_computed && takes(profile, Deviation::ComputedKey) {
        for computed in computed_keys(message) {
            properties.insert(computed.key.into(), computed_key_schema(computed, profile));
        }
    }
    let rules = message_rules(message).into_iter();
    let asked = rules.filter(|rule| asks(profile, rule.rule(), rule.evidence));
    all_of.extend(asked.filter_map(|rule| rule_schema(message, &rule, profile)));
    let mut definition = Map::new();
    definition.insert("title".into(), message.name().into());
    describe(
        &mut definition,
        &Item::Message(message.clone()),
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
fn keys(field: &FieldDescriptor, profile: Profile) -> Vec<String> {
    let mut keys = vec![field.json_name().to_owned()];
    if field.name() != field.json_name() && profile != Profile::Written {
        keys.push(field.name().to_owned());
    }
    keys
}

fn may_be_absent(field: &FieldDescriptor, profile: Profile) -> bool {
    let absent = match field.kind() {
        Kind::Bool => Deviation::RequiredBoolean,
        _ => Deviation::Required,
    };
    !is_demanded(field, profile, absent)
}

/// Whether a field may not be absent, or `null`, which is a deviation where the field is required.
fn is_demanded(field: &FieldDescriptor, profile: Profile, deviation: Deviation) -> bool {
    match is_required(field) {
        true => !takes(profile, deviation),
        // A list that must have elements.
        false => must_be_set(field) && !takes(profile, Deviation::FieldItems),
    }
}

fn is_required(field: &FieldDescriptor) -> bool {
    field.cardinality() == Cardinality::Required
}

// Rules of messages

/// What a rule asks of a message; none where JSON Schema cannot say it.
fn rule_schema(message: &MessageDescriptor, rule: &MessageRule, profile: Profile) -> Option<Value> {
    if rule.within.is_some() {
        return None;
    }
    let terms = |texts: &Texts| {
        let terms = texts.iter().map(|text| term(message, text, profile));
        terms.collect::<Option<Vec<_>>>()
    };
    let demand = match rule.demand {
        Demand::Given(quantity) => quantity_schema(quantity, terms(&rule.fields)?),
        Demand::Format(format) => {
            let right = right_values(format, profile)?;
            let fields = rule.fields.iter();
            let fields = fields.map(|text| has_one_of(message, text, &right, profile));
            all_of(fields.collect::<Option<Vec<_>>>()?)
        }
        Demand::Differ => return None,
    };
    let mut conditions = terms(&rule.when)?;
    if !rule.unless.is_empty() {
        conditions.push(json!({ "not": { "anyOf": terms(&rule.unless)? } }));
    }
    Some(match conditions.is_empty() {
        true => demand,
        false => json!({ "if": all_of(conditions), "then": demand }),
    })
}

fn quantity_schema(quantity: Quantity, set: Vec<Value>) -> Value {
    match quantity {
        Quantity::AnyOf => json!({ "anyOf": set }),
        Quantity::OneOf => json!({ "oneOf": set }),
        Quantity::NoneOf => json!({ "not": { "anyOf": set } }),
        Quantity::Excludes => {
            let pairs = set.iter().enumerate().flat_map(|(place, one)| {
                let others = set[place + 1..].iter();
                others.map(move |other| json!({ "not": { "allOf": [one, other] } }))
            });
            json!({ "allOf": pairs.collect::<Vec<_>>() })
        }
    }
}

/// That a term holds for a message; none where it asks about the message around.
fn term(message: &MessageDescriptor, text: &str, profile: Profile) -> Option<Value> {
    let term = Term::parse(text);
    let field = message
        .get_field_by_name(term.field)
        .filter(|_| !term.of_body)?;
    let value = match (term.inside, term.values) {
        (Some(inside), _) => {
            let Kind::Message(inner) = field.kind() else {
                return None;
            };
            let inside = self::term(&inner, inside, profile)?;
            match field.is_list() {
                true => json!({ "type": "array", "contains": inside }),
                false => inside,
            }
        }
        (None, Some(values)) => self::text(&one_of_values(values)),
        (None, None) => given(&field, profile),
    };
    Some(has(&field, profile, &value))
}

/// The values of a field that count as given.
fn given(field: &FieldDescriptor, profile: Profile) -> Value {
    if field.is_list() {
        return json!({ "type": "array", "minItems": 1 });
    }
    match field.kind() {
        Kind::Bool if profile == Profile::Written => json!({ "const": true }),
        Kind::Bool => json!({ "anyOf": [
            { "enum": [true, 1] },
            text(&format!("{TRUE_TEXT}{END}")),
        ] }),
        Kind::String | Kind::Bytes => json!({ "not": { "enum": [null, ""] } }),
        _ => json!({ "not": { "type": "null" } }),
    }
}

/// A pattern of the values that stand between bars, in any case.
fn one_of_values(values: &str) -> String {
    let values = values
        .split('|')
        .map(|value| match value.strip_prefix('*') {
            Some(end) => in_any_case(end),
            None => format!("^{}", in_any_case(value)),
        });
    format!("(?:{}){END}", values.collect::<Vec<_>>().join("|"))
}

/// A pattern of a text, whatever the case of its ASCII letters: JSON Schema has no flag for that.
fn in_any_case(text: &str) -> String {
    let symbols = text.chars().map(|symbol| match symbol {
        'A'..='Z' | 'a'..='z' => {
            let (upper, lower) = (symbol.to_ascii_uppercase(), symbol.to_ascii_lowercase());
            format!("[{upper}{lower}]")
        }
        '\\' | '^' | '$' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '/' => {
            format!("\\{symbol}")
        }
        _ => symbol.into(),
    });
    symbols.collect()
}

/// The values that have a format.
fn right_values(format: Format, profile: Profile) -> Option<Vec<Value>> {
    let mut right = vec![
        text(&ended(format.pattern()?, profile)),
        json!({ "type": "null" }),
    ];
    if may_be_number(format) {
        right.push(json!({ "type": "number" }));
    }
    Some(right)
}

/// Whether the text of a number may have the format.
fn may_be_number(format: Format) -> bool {
    !matches!(
        format,
        Format::Guid
            | Format::Date
            | Format::FilterCategory
            | Format::DocumentCategory
            | Format::DocumentStatus
    )
}

/// That a field, where it stands, has one of these values.
fn has_one_of(
    message: &MessageDescriptor,
    text: &str,
    values: &[Value],
    profile: Profile,
) -> Option<Value> {
    let term = Term::parse(text);
    let field = message
        .get_field_by_name(term.field)
        .filter(|_| term.is_plain())?;
    let other = json!({ "not": { "anyOf": values } });
    Some(json!({ "not": has(&field, profile, &other) }))
}

/// That a field stands in the object, under one of its keys and with such a value.
fn has(field: &FieldDescriptor, profile: Profile, value: &Value) -> Value {
    let mut ways: Vec<_> = keys(field, profile)
        .iter()
        .map(|key| json!({ "type": "object", "properties": { key: value }, "required": [key] }))
        .collect();
    match ways.len() {
        1 => ways.remove(0),
        _ => json!({ "anyOf": ways }),
    }
}

fn computed_key_schema(computed: &ComputedKey, profile: Profile) -> Value {
    let holds = computed.holds.say(Language::English);
    let description = format!("Computed by the server: {holds}.");
    match profile {
        Profile::Written => {
            let mut schema = json!({
                "description": description,
                "type": computed.json_type,
                "readOnly": true,
            });
            if computed.json_type == "integer" {
                schema["format"] = "int64".into();
            }
            schema
        }
        _ => json!({ "description": description, "type": [computed.json_type, "null"] }),
    }
}

// Fields

pub(super) fn field_schema(field: &FieldDescriptor, profile: Profile) -> Value {
    let mut schema = Map::new();
    describe(
        &mut schema,
        &Item::Field(field.clone()),
        &rules_of_field(field),
    );
    let options = field.field_descriptor_proto().options.as_ref();
    if options.is_some_and(|options| options.deprecated()) {
        schema.insert("deprecated".into(), true.into());
    }
    if let Some(default) = default(field) {
        schema.insert("default".into(), default);
    }
    let mut values = value_schemas(field, profile);
    if let Some(value) = values[0].as_object_mut() {
        add_value_rules(field, value, profile);
    }
    if field.is_list() {
        let mut list = Map::from_iter([
            ("type".to_owned(), "array".into()),
            ("items".to_owned(), any_of(values)),
        ]);
        add_list_rules(field, &mut list, profile);
        values = vec![list.into()];
    }
    if profile != Profile::Written && !is_demanded(field, profile, Deviation::RequiredNull) {
        allow_null(&mut values);
    }
    if let Value::Object(value) = any_of(values) {
        schema.extend(value);
    }
    schema.into()
}

/// `null` too: beside the one type, of which ajv makes no complaint and reports stay precise, or as
/// one more branch, as beside a reference, which takes none.
fn allow_null(values: &mut Vec<Value>) {
    match values.as_mut_slice() {
        [value] if value["type"].is_string() && value.get("$ref").is_none() => {
            let single = value["type"].take();
            value["type"] = json!([single, "null"]);
        }
        _ => values.push(json!({ "type": "null" })),
    }
}

/// All of these.
fn all_of(mut schemas: Vec<Value>) -> Value {
    match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({ "allOf": schemas }),
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
        if profile == Profile::Written {
            let mut value = json!({ "type": "integer", "format": integer_format(&range) });
            if minimum == 0 {
                value["minimum"] = 0.into();
            }
            return vec![value];
        }
        let mut values = vec![json!({ "type": "integer", "minimum": minimum, "maximum": maximum })];
        if takes(Deviation::IntegerAsText) {
            values.push(text(&format!("{INTEGER_TEXT}{END}")));
        }
        return values;
    }
    match kind {
        Kind::Message(message) => vec![json!({ "$ref": reference(message.full_name()) })],
        // A reader has no value for a name from the future here, unless the enum has one for it.
        Kind::Enum(item)
            if takes(Deviation::EnumName)
                && is_required(field)
                && unknown_member(&item).is_none() =>
        {
            vec![json!({ "enum": names(&item) }), number_of_enum()]
        }
        Kind::Enum(item) => vec![json!({ "$ref": reference(item.full_name()) })],
        Kind::Bool => {
            let mut values = vec![json!({ "type": "boolean" })];
            if takes(Deviation::BooleanAsText) {
                values.push(text(&format!("{BOOLEAN_TEXT}{END}")));
            }
            if takes(Deviation::BooleanAsNumber) {
                values.push(json!({ "type": "integer", "minimum": 0, "maximum": 1 }));
            }
            values
        }
        Kind::String => {
            let mut values = vec![json!({ "type": "string" })];
            let is_no_number = asked_rules(field, profile)
                .any(|rule| matches!(rule, FieldRule::Format(format) if !may_be_number(format)));
            if takes(Deviation::NumberForText) && !is_no_number {
                values.push(json!({ "type": "number" }));
            }
            values
        }
        Kind::Bytes if profile == Profile::Written => {
            vec![json!({ "type": "string", "contentEncoding": "base64" })]
        }
        Kind::Bytes => vec![json!({ "$ref": reference(BASE64) })],
        _ if profile == Profile::Written => vec![json!({ "type": "number", "format": "double" })],
        _ => vec![json!({ "type": "number" })],
    }
}

/// The format of OpenAPI whose values hold those of an integer's type.
fn integer_format(range: &std::ops::RangeInclusive<i128>) -> &'static str {
    match i32::try_from(*range.start()).is_ok() && i32::try_from(*range.end()).is_ok() {
        true => "int32",
        false => "int64",
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
        match Item::Value(value.clone()).title() {
            Some(title) => format!("- `{}` ({title}): {summary}", value.name()),
            None => format!("- `{}`: {summary}", value.name()),
        }
    });
    let mut paragraphs = about(&Item::Enum(item.clone()));
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
    if takes(Deviation::EnumName) {
        return vec![
            json!({ "type": "string", "examples": known }),
            number_of_enum(),
        ];
    }
    match (
        takes(Deviation::EnumAsNumber),
        takes(Deviation::EnumUnknownNumber),
    ) {
        (false, _) if profile == Profile::Written => {
            vec![json!({ "type": "string", "enum": known })]
        }
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

fn describe(schema: &mut Map<String, Value>, item: &Item<'_>, rules: &[String]) {
    let mut paragraphs = about(item);
    paragraphs.extend(rules_sentence(rules, ENGLISH));
    if !paragraphs.is_empty() {
        schema.insert("description".into(), paragraphs.join("\n\n").into());
    }
}

/// What it is called in Russian, and its comment, as paragraphs.
fn about(item: &Item<'_>) -> Vec<String> {
    let comment = blocks(&comment::of_item(item));
    item.title().into_iter().chain(comment).collect()
}

/// What the rules say of a value, or of the elements of a list, as keywords.
fn add_value_rules(field: &FieldDescriptor, schema: &mut Map<String, Value>, profile: Profile) {
    if must_have_content(field) && !takes(profile, Deviation::FieldEmpty) {
        // A reference says nothing of a type to ajv.
        insert(schema, "type", Some("string"));
        insert(schema, "minLength", Some(1));
    }
    for rule in asked_rules(field, profile) {
        match rule {
            // Of the list itself, see `add_list_rules`.
            FieldRule::Items { .. } => {}
            FieldRule::Format(Format::Ticks) => {
                insert(schema, "minimum", Some(Ticks::MIN.get()));
                insert(schema, "maximum", Some(Ticks::MAX.get()));
            }
            FieldRule::Format(format) => insert(
                schema,
                "pattern",
                format.pattern().map(|pattern| ended(pattern, profile)),
            ),
            FieldRule::Length { min, max } => {
                let least = schema.get("minLength").and_then(Value::as_u64);
                insert(schema, "minLength", min.map(u64::from).max(least));
                insert(schema, "maxLength", max);
            }
            FieldRule::Pattern(pattern) => match schema.remove("pattern") {
                Some(format) => {
                    let both = [ended(&pattern, profile).into(), format];
                    let both = both.map(|pattern| json!({ "type": "string", "pattern": pattern }));
                    schema.insert("allOf".into(), json!(both));
                }
                None => insert(schema, "pattern", Some(ended(&pattern, profile))),
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
            // White space makes base64 longer, and not its content.
            FieldRule::Bytes { max } if field.kind() == Kind::Bytes => {
                let most = max.div_ceil(3) * 4;
                if profile == Profile::Written {
                    insert(schema, "maxLength", Some(most));
                    continue;
                }
                let dense = json!({ "type": "string", "pattern": r"^[^ \t\n\f\r]*$" });
                insert(schema, "if", Some(dense));
                let short = json!({ "type": "string", "maxLength": most });
                insert(schema, "then", Some(short));
            }
            // A character has a byte at least.
            FieldRule::Bytes { max } => insert(schema, "maxLength", Some(max)),
            FieldRule::Values(codes) => {
                let numbers: Vec<_> = codes.iter().map(|code| code.number).collect();
                insert(schema, "enum", Some(numbers));
            }
        }
    }
}

/// A pattern whose end is the same to everyone, see [`END`]; to what makes code it is the end that it
/// knows.
fn ended(pattern: &str, profile: Profile) -> String {
    match pattern.strip_suffix('$') {
        Some(most) if !most.ends_with('\\') && profile != Profile::Written => {
            format!("{most}{END}")
        }
        _ => pattern.to_owned(),
    }
}

/// What the rules say of the number of elements.
fn add_list_rules(field: &FieldDescriptor, schema: &mut Map<String, Value>, profile: Profile) {
    for rule in asked_rules(field, profile) {
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
