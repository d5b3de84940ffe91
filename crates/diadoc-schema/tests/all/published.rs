//! What the vendor has published, as `proto/published.toml` lists it, held against the schema.

mod methods;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use diadoc_core::FilterCategory;
use diadoc_core::rules::FieldRule;
use diadoc_schema::prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use diadoc_schema::{Schema, field_rules};
use serde::Deserialize;

use crate::repository;

const ROOT: &str = "Diadoc.Api.Proto.";

/// From here on numbers stand for none: the field is in JSON alone.
const NO_NUMBER: u32 = 536_870_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    baseline: Baseline,
    methods: MethodBaseline,
    source: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    at: String,
    date: String,
    elements: usize,
    digest: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodBaseline {
    at: String,
    date: String,
    elements: usize,
    digest: String,
    #[serde(default)]
    removal: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    at: String,
    date: String,
    #[serde(default)]
    message: Vec<Parts>,
    #[serde(default, rename = "enum")]
    enumeration: Vec<Parts>,
    #[serde(default)]
    field: Vec<Part>,
    #[serde(default)]
    value: Vec<Part>,
    #[serde(default)]
    method: Vec<PublishedMethod>,
    #[serde(default)]
    removal: Vec<Name>,
    #[serde(default)]
    gone: Vec<Name>,
    #[serde(default)]
    obsolete: Vec<Name>,
    #[serde(default)]
    limit: Vec<Limit>,
    #[serde(default)]
    class: Vec<Name>,
    #[serde(default)]
    text: Vec<Name>,
}

/// A message with its fields, or an enum with its values.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    name: String,
    has: Vec<String>,
    #[serde(default)]
    status: Status,
    note: Option<String>,
}

/// A field or a value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    of: String,
    is: String,
    was: Option<String>,
    #[serde(default)]
    status: Status,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedMethod {
    name: String,
    is: String,
    #[serde(default)]
    query: Vec<String>,
    sends: Option<String>,
    answers: Option<String>,
    #[serde(default)]
    status: Status,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
    after: Option<String>,
    #[expect(dead_code, reason = "for whoever reads the list")]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    of: String,
    megabytes: u64,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
enum Status {
    #[default]
    Held,
    #[serde(rename = "json only")]
    JsonOnly,
    Computed,
    #[serde(rename = "left out")]
    LeftOut,
}

fn list() -> List {
    let text = std::fs::read_to_string(repository().join("proto/published.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// The elements of a schema: each path with its declaration. Fields stand below their messages, values
/// below their enums.
fn elements(schema: &Schema) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for message in schema.messages() {
        let name = below_root(message.full_name());
        for field in message.fields() {
            all.insert(format!("{name}.{}", field.name()), declaration(&field));
        }
        all.insert(name, "message".to_owned());
    }
    for item in schema.enums() {
        let name = below_root(item.full_name());
        for (value, declaration) in values(&item) {
            all.insert(format!("{name}.{value}"), declaration);
        }
        all.insert(name, "enum".to_owned());
    }
    all
}

fn below_root(name: &str) -> String {
    name.strip_prefix(ROOT).unwrap_or(name).to_owned()
}

/// `optional string RouteId = 1 [json_name = "ChainId"]`
fn declaration(field: &FieldDescriptor) -> String {
    let proto = field.field_descriptor_proto();
    let label = format!("{:?}", field.cardinality()).to_lowercase();
    let kind = match field.kind() {
        Kind::Message(message) => below_root(message.full_name()),
        Kind::Enum(item) => below_root(item.full_name()),
        other => format!("{other:?}"),
    };
    let mut text = format!("{label} {kind} {}", field.name());
    if field.number() < NO_NUMBER {
        write!(text, " = {}", field.number()).unwrap();
    }
    let default = proto.default_value.as_deref();
    let default = default.map(|value| format!("default = {value}"));
    let key = field.json_name();
    // Compilers fill in a guess where nothing is stated.
    let stated = key != field.name() && key != camel_case(field.name());
    let key = stated.then(|| format!("json_name = \"{key}\""));
    let options: Vec<_> = default.into_iter().chain(key).collect();
    if !options.is_empty() {
        write!(text, " [{}]", options.join(", ")).unwrap();
    }
    text
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        text += &(first.to_uppercase() + rest);
    }
    text
}

fn values(item: &EnumDescriptor) -> Vec<(String, String)> {
    let values = item.enum_descriptor_proto().value.iter();
    values
        .map(|value| {
            let (name, number) = (value.name(), value.number());
            (name.to_owned(), format!("{name} = {number}"))
        })
        .collect()
}

/// The name in a declaration: `optional string Id = 1`, `Wax = 2`, `Wax`.
fn name_in(declaration: &str) -> &str {
    let end = declaration.find(" = ").unwrap_or(declaration.len());
    declaration[..end].rsplit(' ').next().unwrap()
}

/// What is wrong with the list, in the words of whoever has to mend it.
struct Held {
    /// What the schema has that no row told of yet.
    rest: BTreeMap<String, String>,
    faults: Vec<String>,
}

impl Held {
    /// Takes what a row tells of out of the rest.
    fn part(&mut self, of: &str, is: &str, was: Option<&str>, status: Status) {
        let path = format!("{of}.{}", name_in(is));
        match (status, self.rest.remove(&path)) {
            (Status::Held, Some(there)) if there == is => {}
            (Status::JsonOnly, Some(there)) if there == is && !is.contains('=') => {}
            (Status::LeftOut | Status::Computed, None) => {}
            (_, there) => self.faults.push(format!(
                "{path} is {status:?} by the list, as `{is}`, and in the schema {there:?}"
            )),
        }
        if let Some(was) = was {
            self.rest.insert(path, was.to_owned());
        }
    }

    fn whole(&mut self, what: &str, row: &Parts) {
        let there = self.rest.remove(&row.name);
        match (row.status, there.as_deref()) {
            (Status::Held, Some(kind)) if kind == what => {}
            (Status::LeftOut, None) => {}
            _ => self.faults.push(format!(
                "{what} {} is {:?} by the list, and in the schema {there:?}",
                row.name, row.status
            )),
        }
        for part in &row.has {
            self.part(&row.name, part, None, row.status);
        }
        let prefix = format!("{}.", row.name);
        let is_part = |path: &str| {
            path.strip_prefix(&prefix)
                .is_some_and(|end| !end.contains('.'))
        };
        let more = self.rest.keys().filter(|path| is_part(path));
        let more: Vec<_> = more
            .map(|path| format!("{path} is not in the list"))
            .collect();
        self.faults.extend(more);
    }
}

/// Of the parts that a list calls held, those are that stand in the schema as it says.
fn held(list: &List, schema: &Schema) -> Held {
    let mut held = Held {
        rest: elements(schema),
        faults: Vec::new(),
    };
    // Enums may lie inside of messages: these first, so that they are not taken for parts of them.
    for source in &list.source {
        source
            .enumeration
            .iter()
            .for_each(|row| held.whole("enum", row));
    }
    for source in &list.source {
        source
            .message
            .iter()
            .for_each(|row| held.whole("message", row));
        for row in source.field.iter().chain(&source.value) {
            held.part(&row.of, &row.is, row.was.as_deref(), row.status);
        }
    }
    held
}

/// How many elements there are, and the digest of their declarations: 64-bit FNV-1a.
fn digest(elements: &BTreeMap<String, String>) -> (usize, String) {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (path, declaration) in elements {
        for byte in format!("{path}: {declaration}\n").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    (elements.len(), format!("{hash:016x}"))
}

#[test]
fn what_is_published_is_held_as_listed() {
    let held = held(&list(), Schema::diadoc());
    assert_eq!(held.faults, Vec::<String>::new());
}

#[test]
fn what_is_not_listed_is_of_the_baseline() {
    let list = list();
    let rest = held(&list, Schema::diadoc()).rest;
    assert_eq!(
        digest(&rest),
        (list.baseline.elements, list.baseline.digest),
        "something of the schema is neither of the SDK nor in proto/published.toml, or is gone; \
         `diadoc diff builtin SDK` tells what"
    );
}

#[test]
fn what_the_list_gets_wrong_is_told() {
    let list = made_up(
        r#"
        [[source.message]]
        name = "DocumentId"
        has = ["required string MessageId = 7"]
        [[source.message]]
        name = "NeverPublished"
        has = []
        [[source.field]]
        of = "Timestamp"
        is = "required sfixed64 Ticks = 1"
        status = "left out"
        [[source.value]]
        of = "SortDirection"
        is = "Sideways = 9"
        [[source.value]]
        of = "SortDirection"
        is = "Sideways = 9"
        status = "left out"
    "#,
    );
    let held = held(&list, Schema::diadoc());
    let faults = [
        "DocumentId.MessageId is Held by the list, as `required string MessageId = 7`, and in the \
         schema Some(\"required string MessageId = 1\")",
        "DocumentId.EntityId is not in the list",
        "message NeverPublished is Held by the list, and in the schema None",
        "Timestamp.Ticks is LeftOut by the list, as `required sfixed64 Ticks = 1`, and in the schema \
         Some(\"required sfixed64 Ticks = 1\")",
        "SortDirection.Sideways is Held by the list, as `Sideways = 9`, and in the schema None",
    ];
    assert_eq!(held.faults, faults);
}

/// A list with these rows alone.
fn made_up(rows: &str) -> List {
    let head = r#"
        [baseline]
        at = "https://example.org"
        date = "2026-01-01"
        elements = 0
        digest = ""
        [methods]
        at = "https://example.org"
        date = "2026-01-01"
        elements = 0
        digest = ""
        removal = {}
        [[source]]
        at = "https://example.org"
        date = "2026-01-01"
    "#;
    toml::from_str(&format!("{head}{rows}")).unwrap()
}

#[test]
fn each_row_says_where_and_when_and_why_not() {
    let list = list();
    let is_address =
        |at: &str| at.starts_with("https://") || at.starts_with("the OpenAPI document");
    for (at, date) in [
        (&list.baseline.at, &list.baseline.date),
        (&list.methods.at, &list.methods.date),
    ] {
        assert!(is_address(at) && is_date(date), "{at}: {date}");
    }
    for source in &list.source {
        let Source { at, date, .. } = source;
        assert!(is_address(at) || at == "answers of the live server", "{at}");
        assert!(is_date(date), "{at}: {date}");
        let parts = source.message.iter().chain(&source.enumeration);
        let parts = parts.map(|row| (&row.name, row.status, &row.note));
        let single = source.field.iter().chain(&source.value);
        let single = single.map(|row| (&row.is, row.status, &row.note));
        let methods = source
            .method
            .iter()
            .map(|row| (&row.name, row.status, &row.note));
        for (name, status, note) in parts.chain(single).chain(methods) {
            let needs_reason = matches!(status, Status::LeftOut | Status::Computed);
            assert!(
                note.is_some() || !needs_reason,
                "{name}: why is it {status:?}?"
            );
        }
    }
}

/// A year, a month or a day, or that it was after one.
fn is_date(text: &str) -> bool {
    let text = text.strip_prefix("after ").unwrap_or(text);
    let mut parts = text.split('-');
    let is_number = |part: &str, digits| part.len() == digits && part.parse::<u16>().is_ok();
    parts.next().is_some_and(|year| is_number(year, 4)) && parts.all(|part| is_number(part, 2))
}

#[test]
fn what_is_obsolete_is_marked() {
    let schema = Schema::diadoc();
    for row in list().source.iter().flat_map(|source| &source.obsolete) {
        let name = format!("{ROOT}{}", row.name);
        let message = schema.pool().get_message_by_name(&name);
        let item = schema.pool().get_enum_by_name(&name);
        let is_marked = match (message, item) {
            (Some(message), _) => is_message_marked(&message),
            (_, Some(item)) => {
                let options = item.enum_descriptor_proto().options.as_ref();
                options.is_some_and(|options| options.deprecated())
            }
            _ => panic!("{name} is not in the schema"),
        };
        assert!(is_marked, "{name}");
    }
}

fn is_message_marked(message: &MessageDescriptor) -> bool {
    let options = message.descriptor_proto().options.as_ref();
    options.is_some_and(|options| options.deprecated())
}

/// The vendor's megabytes are 1024 × 1024 bytes.
#[test]
fn limits_are_as_published() {
    for row in list().source.iter().flat_map(|source| &source.limit) {
        let (request, field) = row.of.split_once('.').unwrap();
        let mut requests = Schema::diadoc().methods().iter().map(|one| one.request());
        let request = requests.find(|one| one.name() == request).unwrap();
        let rules = field_rules(&request.get_field_by_name(field).unwrap());
        let most = rules.iter().find_map(|rule| match rule {
            FieldRule::Bytes { max, .. } => Some(*max),
            _ => None,
        });
        assert_eq!(most, Some(row.megabytes << 20), "{}", row.of);
    }
}

#[test]
fn classes_of_documents_are_known() {
    let is_known = |name: &str| {
        let filter: FilterCategory = format!("Any.{name}").parse().unwrap();
        filter.class().is_known() && filter.class().as_str() == name
    };
    for row in list().source.iter().flat_map(|source| &source.class) {
        assert!(is_known(&row.name), "{}", row.name);
    }
    assert!(!is_known("Sideways"));
}

#[test]
fn what_no_schema_says_stands_in_our_code() {
    let mut code = String::new();
    for folder in ["crates", "proto/diadoc"] {
        read_code(&repository().join(folder), &mut code);
    }
    for row in list().source.iter().flat_map(|source| &source.text) {
        assert!(code.contains(&row.name), "{}", row.name);
    }
}

/// All `.rs` below a `src`, and all `.proto`.
fn read_code(folder: &std::path::Path, code: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_source = path.components().any(|part| part.as_os_str() == "src");
        let end = path.extension().and_then(|end| end.to_str());
        match end {
            _ if path.is_dir() => read_code(&path, code),
            Some("proto") => *code += &std::fs::read_to_string(&path).unwrap(),
            Some("rs") if is_source => *code += &std::fs::read_to_string(&path).unwrap(),
            _ => {}
        }
    }
}

/// Holds the baseline against the SDK itself:
/// `DIADOC_SDK=… cargo test -p diadoc-schema --all-features --test all -- --ignored published`.
#[cfg(feature = "compile")]
#[test]
#[ignore = "needs a checkout of the vendor's SDK in DIADOC_SDK"]
fn the_baseline_is_that_of_the_sdk() {
    let Some(folder) = std::env::var_os("DIADOC_SDK") else {
        return;
    };
    let sdk = elements(&Schema::from_proto_folder(folder.as_ref()).unwrap());
    let list = list();
    let rest = held(&list, Schema::diadoc()).rest;
    let differ = sdk.iter().filter(|(path, is)| rest.get(*path) != Some(is));
    let differ: Vec<_> = differ.collect();
    let more = rest.iter().filter(|(path, _)| !sdk.contains_key(*path));
    let more: Vec<_> = more.collect();
    assert!(
        differ.is_empty() && more.is_empty(),
        "SDK: {differ:#?}\nours: {more:#?}"
    );
    assert_eq!(digest(&sdk), (list.baseline.elements, list.baseline.digest));
}
