//! Before step 2: what no later step reads, or what cannot be meant, is refused.
//!
//! The later steps ask the schema for what they know and would pass over the rest without a word.
//! So each thing that a `.proto` file can say is either read by one of them or a [`SchemaFault`].

mod json;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use diadoc_core::Language;
use diadoc_core::rules::{Demand, Evidence, FieldRule, Fit, Format, MessageRule, Quantity, Term};
use diadoc_schema::{
    BodyKind, ContentKind, Method, Schema, Stage, Verb, content_kind, enum_of_values, extension,
    field_rules as rules_of_field, message_rules as rules_of, option_texts, titles,
};
use prost_reflect::{
    DynamicMessage, EnumDescriptor, EnumValueDescriptor, ExtensionDescriptor, FieldDescriptor,
    FileDescriptor, Kind, MessageDescriptor, MethodDescriptor, ReflectMessage as _, Value,
};
use prost_types::FileDescriptorProto;

use crate::schema::{METHODS_PACKAGE, OTHER_PACKAGES, ROOT_PACKAGE, is_below_root, kind};
use crate::{Error, ident};

const RULES_PACKAGE: &str = "Diadoc.Rules";
const FIELD_RULES: &str = "Diadoc.Rules.field";
const MESSAGE_RULES: &str = "Diadoc.Rules.message";
const METHOD: &str = "Diadoc.Http.method";
const PARAMETER: &str = "Diadoc.Http.parameter";

// Where the options stand below their elements, of which the paths of places are made.
const IN_FIELD_RULES: [i32; 2] = [8, 51820];
const IN_MESSAGE_RULES: [i32; 2] = [7, 51820];
const IN_METHOD: [i32; 2] = [4, 51821];
const IN_PARAMETER: [i32; 2] = [8, 51821];

/// The options that are read, by the message of descriptor.proto that holds them; maps have one
/// too, and are refused as fields.
const OPTIONS: [(&str, &[&str]); 5] = [
    (
        "MessageOptions",
        &[MESSAGE_RULES, titles::MESSAGE, "map_entry", "deprecated"],
    ),
    (
        "FieldOptions",
        &[
            FIELD_RULES,
            PARAMETER,
            json::FIELD,
            titles::FIELD,
            "deprecated",
        ],
    ),
    (
        "EnumOptions",
        &[json::NAMES, titles::ENUM, "allow_alias", "deprecated"],
    ),
    ("EnumValueOptions", &[titles::VALUE, "deprecated"]),
    (
        "MethodOptions",
        &[METHOD, titles::METHOD, "deprecated", "idempotency_level"],
    ),
];

/// The messages in the packages of the options, and those of their fields that are read.
const READ: [(&str, &str); 11] = [
    (
        "Rules.MessageRules",
        "any_of one_of excludes none_of differ format",
    ),
    (
        "Rules.FieldSet",
        "fields when unless within evidence sources answer format",
    ),
    (
        "Http.Method",
        "get post body pending poll_with paging successor removal_after anonymous absent stage",
    ),
    (
        "Http.Pending",
        "status delay_header header_required field values",
    ),
    (
        "Http.Paging",
        "cursor page size items item_cursor next_cursor more total offset empty_pages replaces",
    ),
    ("Http.Parameter", "comma header"),
    ("Http.Content", "content file_name content_type"),
    ("Http.Text", "text"),
    ("Http.Nothing", ""),
    ("Json.EnumNames", "unknown no_unknown"),
    ("Json.JsonField", "only"),
];

/// The options of a field beside those of [`FieldRule`]: they are no rules by themselves.
const OTHER_OF_FIELDS: [&str; 3] = ["content", "may_be_empty", "secret"];

/// What is wrong with an element of the schema; it prints as `file:line: what`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SchemaFault {
    /// Relative to `proto/`.
    pub file: String,
    /// From 1.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for SchemaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl SchemaFault {
    /// A fault of what is at `path` of a file: on the line of the first thing in it, or of the least
    /// thing around it, that the compiler has a place of.
    fn new(file: &FileDescriptor, path: &[i32], what: String) -> Self {
        let info = file.file_descriptor_proto().source_code_info.as_ref();
        let places = || info.into_iter().flat_map(|info| &info.location);
        let inside = places().filter(|place| place.path.starts_with(path));
        let around = places().filter(|place| path.starts_with(&place.path));
        let place = inside
            .min_by_key(|place| (place.path.len(), place.span.first()))
            .or_else(|| around.max_by_key(|place| place.path.len()));
        let line = place.and_then(|place| usize::try_from(*place.span.first()?).ok());
        Self {
            file: file.name().to_owned(),
            line: line.unwrap_or_default() + 1,
            what,
        }
    }

    /// A fault of an element, or of what is at the path `within` it.
    pub(crate) fn of(element: &impl Element, within: &[i32], what: impl fmt::Display) -> Self {
        let (file, path, name) = element.place();
        Self::new(&file, &[path, within].concat(), format!("{name}: {what}"))
    }
}

/// An element of the schema, with its file, its path in it, and its full name.
pub(crate) trait Element {
    fn place(&self) -> (FileDescriptor, &[i32], &str);
}

macro_rules! elements {
    ($($descriptor:ty),*) => {
        $(impl Element for $descriptor {
            fn place(&self) -> (FileDescriptor, &[i32], &str) {
                (self.parent_file(), self.path(), self.full_name())
            }
        })*
    };
}

elements!(
    EnumDescriptor,
    EnumValueDescriptor,
    ExtensionDescriptor,
    FieldDescriptor,
    MessageDescriptor,
    MethodDescriptor
);

/// All checks, each by itself.
const CHECKS: [fn(&Schema, &mut Vec<SchemaFault>); 21] = [
    packages,
    kinds,
    read_options,
    read_rules,
    field_rules,
    ranges,
    secrets::secrets,
    message_rules,
    json::keys,
    json::unknown_names,
    json::only_in_json,
    rpcs,
    bodies_and_parameters,
    fields_of_requests,
    names_of_methods,
    paths,
    headers,
    statuses,
    stages,
    references,
    pending_values,
];

/// Finds all faults, sorted by file and line; the schema has the places of everything.
///
/// # Errors
///
/// [`Error::Faults`] where there are any.
pub fn check(schema: &Schema) -> Result<(), Error> {
    let mut faults = Vec::new();
    CHECKS.iter().for_each(|check| check(schema, &mut faults));
    faults.sort();
    faults.dedup();
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Error::Faults(faults)),
    }
}

/// The files of `proto/`, without those of protobuf itself.
fn files(schema: &Schema) -> impl Iterator<Item = FileDescriptor> {
    let files = schema.pool().files();
    files.filter(|file| file.package_name() != "google.protobuf")
}

fn messages(schema: &Schema) -> impl Iterator<Item = MessageDescriptor> {
    let messages = schema.pool().all_messages();
    messages.filter(|message| message.package_name() != "google.protobuf")
}

fn fields(schema: &Schema) -> impl Iterator<Item = FieldDescriptor> {
    messages(schema).flat_map(|message| message.fields().collect::<Vec<_>>())
}

/// Each package is the crate's root, one below it, or one that is read in another way.
fn packages(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for file in files(schema) {
        let package = file.package_name();
        if !is_below_root(package) && !OTHER_PACKAGES.contains(&package) {
            let what = format!("package `{package}` is not below `{ROOT_PACKAGE}`");
            faults.push(SchemaFault::new(&file, &[2], what));
        }
    }
}

/// The JSON mapping has a rule for each field.
fn kinds(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let in_bodies = |field: &FieldDescriptor| is_below_root(field.parent_message().package_name());
    for field in fields(schema).filter(in_bodies) {
        let descriptor = field.field_descriptor_proto();
        let what = match kind(descriptor) {
            _ if field.is_map() => "map".to_owned(),
            None => format!("{:?}", descriptor.r#type()),
            Some(_) if descriptor.oneof_index.is_some() => "oneof".to_owned(),
            Some(_) => continue,
        };
        let what = format!("no JSON rule for {what}");
        faults.push(SchemaFault::of(&field, &[], what));
    }
}

/// Each option that an element has is read.
fn read_options(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    // This one knows our own options; it is there where a file declares options.
    let file_type = schema
        .pool()
        .get_message_by_name("google.protobuf.FileDescriptorProto");
    let file_type = file_type.unwrap_or_else(|| FileDescriptorProto::default().descriptor());
    for file in files(schema) {
        let bytes = file.encode_to_vec();
        if let Ok(content) = DynamicMessage::decode(file_type.clone(), &*bytes) {
            unread_options(&content, &[], file.package_name(), &mut |path, what| {
                faults.push(SchemaFault::new(&file, path, what));
            });
        }
    }
}

/// Finds the options that nothing reads, in a descriptor and in all descriptors inside it.
fn unread_options(
    descriptor: &DynamicMessage,
    path: &[i32],
    name: &str,
    unread: &mut impl FnMut(&[i32], String),
) {
    let number = |number: u32| i32::try_from(number).unwrap_or_default();
    for (field, value) in descriptor.fields() {
        let path = [path, &[number(field.number())]].concat();
        if let ("options", Some(options)) = (field.name(), value.as_message()) {
            let holder = options.descriptor();
            let read = OPTIONS.iter().find(|(known, _)| *known == holder.name());
            let own = options.extensions();
            let own = own.map(|(own, _)| (own.full_name().to_owned(), own.number()));
            let standard = options.fields();
            let standard = standard.map(|(one, _)| (one.name().to_owned(), one.number()));
            for (option, tag) in own.chain(standard) {
                if !read.is_some_and(|(_, read)| read.contains(&&*option)) {
                    let what = format!("{name}: nothing reads the option `{option}`");
                    unread(&[&path[..], &[number(tag)]].concat(), what);
                }
            }
        } else if field.name() != "source_code_info" {
            for (place, inner) in (0..).zip(value.as_list().unwrap_or_default()) {
                if let Some(inner) = inner.as_message() {
                    let own = inner.get_field_by_name("name");
                    let own = own.as_deref().and_then(Value::as_str).unwrap_or_default();
                    let path = [&path[..], &[place]].concat();
                    unread_options(inner, &path, &format!("{name}.{own}"), unread);
                }
            }
        }
    }
}

/// Everything in the packages of the options is read: each field of their messages, each format,
/// each enum, and each option.
fn read_rules(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let what = "nothing reads it";
    let of_options =
        |package: &str| [RULES_PACKAGE, "Diadoc.Http", "Diadoc.Json"].contains(&package);
    for message in messages(schema).filter(|message| of_options(message.package_name())) {
        let name = message.full_name().trim_start_matches("Diadoc.");
        let read: Vec<&str> = match READ.iter().find(|(known, _)| *known == name) {
            Some((_, fields)) => fields.split(' ').collect(),
            None if name == "Rules.FieldRules" => {
                let rules = FieldRule::OPTIONS.iter().map(|(rule, _)| *rule);
                rules.chain(OTHER_OF_FIELDS).collect()
            }
            None => {
                faults.push(SchemaFault::of(&message, &[], what));
                continue;
            }
        };
        let fields = message.fields();
        let unread = fields.filter(|field| !read.contains(&field.name()));
        faults.extend(unread.map(|field| SchemaFault::of(&field, &[], what)));
    }
    let enums = schema.pool().all_enums();
    for item in enums.filter(|item| of_options(item.package_name())) {
        let read: Option<fn(i64) -> bool> = match item.name() {
            "Format" => Some(|number| Format::from_number(number).is_some()),
            "ContentKind" => Some(|number| ContentKind::from_number(number).is_some()),
            "Evidence" => Some(|number| Evidence::from_number(number).is_some()),
            "Stage" => Some(|number| Stage::from_number(number).is_some()),
            _ => None,
        };
        if let Some(read) = read {
            let values = item.values().filter(|value| value.number() != 0);
            let unread = values.filter(|value| !read(value.number().into()));
            faults.extend(unread.map(|value| SchemaFault::of(&value, &[], what)));
        } else if !["Flags", "Values"]
            .iter()
            .any(|kind| item.name().ends_with(kind))
        {
            faults.push(SchemaFault::of(&item, &[], what));
        }
    }
    let read = |name: &str| OPTIONS.iter().any(|(_, read)| read.contains(&name));
    let options = schema.pool().all_extensions();
    let unread = options.filter(|option| !read(option.full_name()));
    faults.extend(unread.map(|option| SchemaFault::of(&option, &[], what)));
}

/// Each rule of a field fits the field, and says something.
fn field_rules(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for field in fields(schema) {
        let rules = extension(schema.pool(), FIELD_RULES, || field.options());
        for (rule, value) in rules.iter().flat_map(DynamicMessage::fields) {
            let what = match (misfit(&field, &rule, value), rule.name(), value) {
                (Some(fit), name, _) => Some(format!("`{name}` is a rule of {fit}")),
                (None, "content", _) if !has_content(&field) => {
                    Some("`content` is of bytes, or of a message with a `DOCUMENT`".to_owned())
                }
                (None, "pattern", Value::String(pattern)) => regex_lite::Regex::new(pattern)
                    .err()
                    .map(|error| format!("the pattern does not compile: {error}")),
                (None, option @ ("flags" | "values"), Value::String(name)) => {
                    match enum_of_values(schema.pool(), name) {
                        None => Some(format!("there is no enum `{name}`")),
                        Some(_) if option == "values" => None,
                        Some(bits) => bits
                            .values()
                            .find(|value| value.number().count_ones() != 1)
                            .map(|value| format!("`{}` is not one bit", value.full_name())),
                    }
                }
                _ => None,
            };
            let number = i32::try_from(rule.number()).unwrap_or_default();
            let within = [&IN_FIELD_RULES[..], &[number]].concat();
            faults.extend(what.map(|what| SchemaFault::of(&field, &within, what)));
        }
    }
}

/// Whether the option `content` says something of the field: of its bytes, or of the documents in
/// its message.
fn has_content(field: &FieldDescriptor) -> bool {
    let is_document = |field| content_kind(&field) == Some(ContentKind::Document);
    match field.kind() {
        Kind::Bytes => true,
        Kind::Message(message) => message.fields().any(is_document),
        _ => false,
    }
}

/// What a rule is for, where it is not for the field.
fn misfit(field: &FieldDescriptor, rule: &FieldDescriptor, value: &Value) -> Option<&'static str> {
    let (_, fit) = FieldRule::OPTIONS
        .iter()
        .find(|(known, _)| *known == rule.name())?;
    let format = || Format::from_number(value.as_enum_number()?.into());
    let long = matches!(field.kind(), Kind::Int64 | Kind::Sint64 | Kind::Sfixed64);
    let short = matches!(field.kind(), Kind::Int32 | Kind::Sint32 | Kind::Sfixed32);
    let (fits, name) = match fit.or_else(|| format().map(Format::fit))? {
        Fit::Strings => (field.kind() == Kind::String, "strings"),
        Fit::Integers => (long || short, "integers"),
        Fit::LongIntegers => (long, "64-bit integers"),
        Fit::Lists => (field.is_list(), "lists"),
        Fit::Bytes => (
            matches!(field.kind(), Kind::Bytes | Kind::String),
            "bytes and strings",
        ),
    };
    (!fits).then_some(name)
}

/// Each range has something in it.
fn ranges(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for field in fields(schema) {
        for rule in rules_of_field(&field) {
            let range = match rule {
                FieldRule::Items { min, max } | FieldRule::Length { min, max } => {
                    min.map(i64::from).zip(max.map(i64::from))
                }
                FieldRule::Range { min, max } => min.zip(max),
                _ => None,
            };
            if let Some((min, max)) = range.filter(|(min, max)| min > max) {
                let what = format!("nothing is from {min} to {max}");
                faults.push(SchemaFault::of(&field, &IN_FIELD_RULES, what));
            }
        }
    }
}

/// The fields that a rule of a message names are there, and each is another; the rule says something,
/// and one of a method's request has no conditions.
fn message_rules(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for message in messages(schema) {
        let mut fault = |what: String| {
            faults.push(SchemaFault::of(&message, &IN_MESSAGE_RULES, what));
        };
        let rules = rules_of(&message);
        if let Some(options) = extension(schema.pool(), MESSAGE_RULES, || message.options()) {
            let stated = MessageRule::OPTIONS.iter().map(|option| {
                let sets = options.get_field_by_name(option);
                sets.map_or(0, |sets| sets.as_list().map_or(0, <[Value]>::len))
            });
            if stated.sum::<usize>() != rules.len() {
                fault("a rule `format` without its format".to_owned());
            }
        }
        for rule in rules {
            let conditional = !rule.when.is_empty() || !rule.unless.is_empty();
            let least = match rule.demand {
                Demand::Given(Quantity::AnyOf | Quantity::NoneOf) | Demand::Format(_)
                    if conditional =>
                {
                    1
                }
                _ => 2,
            };
            let what = rule.phrase(Language::English);
            if rule.fields.len() < least {
                fault(format!("`{what}`: fewer than {least} fields"));
            }
            if message.package_name() == METHODS_PACKAGE && !rule.is_plain() {
                fault(format!("`{what}`: a rule with conditions is for bodies"));
            }
            let body = rule.within.as_deref().map(|name| {
                let mut messages = schema.messages();
                messages.find(|message| message.name() == name)
            });
            if let Some(None) = body {
                fault(format!("`{what}`: no message is called so"));
            }
            let body = body.flatten();
            let mut seen = BTreeSet::new();
            for text in rule.fields.iter().chain(&*rule.when).chain(&*rule.unless) {
                let term = Term::parse(text);
                let of = match (term.of_body, &body) {
                    (false, _) => Some(&message),
                    (true, body) => body.as_ref(),
                };
                match of {
                    Some(of) => {
                        if let Some(name) = unknown_field(of, &term) {
                            fault(format!("a rule names `{name}`, which is no field"));
                        }
                    }
                    None => fault(format!("`{text}`: a rule says within what body it holds")),
                }
                if !seen.insert(text.to_lowercase()) {
                    fault(format!("`{what}`: names `{text}` twice"));
                }
            }
        }
    }
}

/// The first name in a term that is no field of its message.
fn unknown_field<'t>(message: &MessageDescriptor, term: &Term<'t>) -> Option<&'t str> {
    let Some(field) = message.get_field_by_name(term.field) else {
        return Some(term.field);
    };
    let inside = Term::parse(term.inside?);
    match field.kind() {
        Kind::Message(inner) => unknown_field(&inner, &inside),
        _ => Some(inside.field),
    }
}

/// Each rpc is one call of HTTP.
fn rpcs(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for service in schema.pool().services() {
        for rpc in service.methods() {
            if rpc.is_client_streaming() || rpc.is_server_streaming() {
                faults.push(SchemaFault::of(&rpc, &[], "a stream"));
            }
            let mut methods = schema.methods().iter();
            if !methods.any(|method| method.descriptor == rpc) {
                let what = format!("no verb and path in the option `{METHOD}`");
                faults.push(SchemaFault::of(&rpc, &[], what));
            }
        }
    }
}

/// Each field of a request is a body or a parameter that can travel, and no other field says how it
/// does.
fn bodies_and_parameters(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let mut parameters = BTreeSet::new();
    for method in schema.methods() {
        let option = extension(schema.pool(), METHOD, || method.descriptor.options());
        let bodies = option.map(|option| option_texts(&option, "body"));
        let bodies = bodies.unwrap_or_default();
        if method.verb == Verb::Get && !bodies.is_empty() {
            faults.push(fault(method, "a GET with a body"));
        }
        for name in &bodies {
            let Some(field) = method.request().get_field_by_name(name) else {
                faults.push(fault(method, no_field("body", name, &method.request())));
                continue;
            };
            let travels = matches!(field.kind(), Kind::Message(_) | Kind::Bytes | Kind::String);
            if field.is_list() || !travels {
                let what = "a body is a message, bytes or a string";
                faults.push(SchemaFault::of(&field, &[], what));
            }
        }
        for parameter in &method.parameters {
            let field = &parameter.field;
            parameters.insert(field.full_name().to_owned());
            if let Kind::Message(_) | Kind::Bytes = field.kind() {
                let what = "messages and bytes travel as bodies alone";
                faults.push(SchemaFault::of(field, &[], what));
            }
            if parameter.comma && !field.is_list() {
                let what = "`comma` is for lists";
                faults.push(SchemaFault::of(field, &IN_PARAMETER, what));
            }
        }
    }
    for field in fields(schema).filter(|field| !parameters.contains(field.full_name())) {
        if extension(schema.pool(), PARAMETER, || field.options()).is_some() {
            let what = "the field is no parameter of a method";
            faults.push(SchemaFault::of(&field, &IN_PARAMETER, what));
        }
    }
}

/// No field of a request is of a oneof, and no two have names that differ in case alone.
fn fields_of_requests(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for method in schema.methods() {
        let mut owners: BTreeMap<String, FieldDescriptor> = BTreeMap::new();
        for field in method.request().fields() {
            // An `optional` of proto3 has an index too.
            if field.field_descriptor_proto().oneof_index.is_some() {
                faults.push(SchemaFault::of(&field, &[], "no request has a oneof"));
            }
            let name = field.name().to_lowercase();
            let owner = owners.entry(name).or_insert(field.clone());
            if *owner != field {
                let owner = owner.name();
                let what = format!("the name differs from `{owner}` in case alone");
                faults.push(SchemaFault::of(&field, &[], what));
            }
        }
    }
}

/// No two methods have one verb and path, or one name.
fn names_of_methods(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let mut owners: BTreeMap<String, &Method> = BTreeMap::new();
    for method in schema.methods() {
        // A name as the table of methods has it.
        let name = ident::shouty(method.name()).to_string();
        for taken in [format!("{} {}", method.verb, method.path), name] {
            let owner = *owners.entry(taken.clone()).or_insert(method);
            if owner.descriptor != method.descriptor {
                let what = format!("`{taken}` is {} already", owner.full_name());
                faults.push(fault(method, what));
            }
        }
    }
}

/// Each path is absolute, and needs no escapes.
fn paths(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    for method in schema.methods() {
        if !method.path.starts_with('/') || !method.path.bytes().all(plain) {
            faults.push(fault(method, format!("`{}` is no path", method.path)));
        }
    }
}

/// Each header has a name that HTTP allows.
fn headers(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let wrong = |name: &str| {
        let wrong = name.is_empty() || !name.bytes().all(token);
        wrong.then(|| format!("`{name}` is no name of a header"))
    };
    for method in schema.methods() {
        for parameter in &method.parameters {
            let what = parameter.header.as_deref().and_then(wrong);
            let at = |what| SchemaFault::of(&parameter.field, &IN_PARAMETER, what);
            faults.extend(what.map(at));
        }
        let delays = method.pending.iter();
        let wrong = delays.filter_map(|pending| wrong(&pending.delay_header));
        faults.extend(wrong.map(|what| fault(method, what)));
    }
}

/// Each status is one of HTTP.
fn statuses(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for method in schema.methods() {
        // From the option itself: what a method has of it fits 16 bits.
        let option = extension(schema.pool(), METHOD, || method.descriptor.options());
        let pending = option
            .as_ref()
            .and_then(|option| option.get_field_by_name("pending"));
        let pending = pending
            .as_deref()
            .and_then(Value::as_list)
            .unwrap_or_default();
        let pending = pending.iter().filter_map(Value::as_message);
        let absent = option
            .iter()
            .filter(|option| option.has_field_by_name("absent"));
        let status = |message: &DynamicMessage, name| message.get_field_by_name(name)?.as_i32();
        let pending = pending.filter_map(|pending| status(pending, "status"));
        let absent = absent.filter_map(|option| status(option, "absent"));
        let wrong = pending
            .chain(absent)
            .filter(|code| !(100..=599).contains(code));
        faults.extend(wrong.map(|code| fault(method, format!("{code} is no status"))));
    }
}

/// What is said of giving a method up is said of an obsolete one, and a day says that it is to be
/// removed.
fn stages(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for method in schema.methods() {
        let option = extension(schema.pool(), METHOD, || method.descriptor.options());
        let states = |name: &str| {
            option
                .as_ref()
                .is_some_and(|option| option.has_field_by_name(name))
        };
        for name in ["stage", "removal_after", "successor"] {
            if states(name) && !method.deprecated {
                let what = format!("`{name}` is of methods that are `deprecated`");
                faults.push(fault(method, what));
            }
        }
        if states("stage") && states("removal_after") && method.stage == Stage::ToBeRemoved {
            let what = "`removal_after` says already that it is to be removed".to_owned();
            faults.push(fault(method, what));
        }
    }
}

/// The fields and methods that the option of a method names are there.
fn references(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for method in schema.methods() {
        for (option, name) in [
            ("poll_with", &method.poll_with),
            ("successor", &method.successor),
        ] {
            if let Some(name) = name
                && schema.method(name).is_err()
            {
                let what = format!("`{option}` names `{name}`, which is no method");
                faults.push(fault(method, what));
            }
        }
        let (request, response) = (method.request(), method.descriptor.output());
        let mut check = |option: &str, message: &MessageDescriptor, name: &str| {
            if message.get_field_by_name(name).is_none() {
                faults.push(fault(method, no_field(option, name, message)));
            }
        };
        for name in method.pending.iter().flat_map(|pending| &pending.field) {
            check("pending", &response, name);
        }
        let Some(paging) = &method.paging else {
            continue;
        };
        check("items", &response, &paging.items);
        for (option, name) in [
            ("next_cursor", &paging.next_cursor),
            ("more", &paging.more),
            ("total", &paging.total),
        ] {
            let name = name.iter();
            name.for_each(|name| check(option, &response, name));
        }
        let items = response.get_field_by_name(&paging.items);
        if let Some(Kind::Message(item)) = items.map(|items| items.kind()) {
            let key = paging.item_cursor.iter();
            key.for_each(|name| check("item_cursor", &item, name));
        }
        let replaces = paging.replaces.iter().map(|path| ("replaces", path));
        for (option, path) in [
            ("cursor", &paging.cursor),
            ("page", &paging.page),
            ("size", &paging.size),
            ("offset", &paging.offset),
        ]
        .into_iter()
        .flat_map(|(option, path)| path.iter().map(move |path| (option, path)))
        .chain(replaces)
        {
            let in_body = path.split_once('.').and_then(|(body, name)| {
                let body = method.bodies.iter().find(|own| own.field.name() == body)?;
                Some((&body.kind, name))
            });
            match in_body {
                Some((BodyKind::Message(body), name)) => check(option, body, name),
                _ => check(option, &request, path),
            }
        }
    }
}

/// The values of an enum that mean that a result is not ready are there.
fn pending_values(schema: &Schema, faults: &mut Vec<SchemaFault>) {
    for method in schema.methods() {
        let response = method.descriptor.output();
        for pending in &method.pending {
            let field = pending.field.as_ref();
            let field = field.and_then(|name| response.get_field_by_name(name));
            let Some(Kind::Enum(item)) = field.map(|field| field.kind()) else {
                continue;
            };
            let known = |name: &&String| item.get_value_by_name(name).is_some();
            for name in pending.values.iter().filter(|name| !known(name)) {
                let item = item.full_name();
                let what = format!("`pending` names `{name}`, which is no value of {item}");
                faults.push(fault(method, what));
            }
        }
    }
}

fn no_field(option: &str, name: &str, message: &MessageDescriptor) -> String {
    let message = message.full_name();
    format!("`{option}` names `{name}`, which is no field of {message}")
}

/// A fault of the option of a method.
fn fault(method: &Method, what: impl fmt::Display) -> SchemaFault {
    SchemaFault::of(&method.descriptor, &IN_METHOD, what)
}
