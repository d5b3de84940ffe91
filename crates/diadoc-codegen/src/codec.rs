//! Step 4: the direct codec of `diadoc_proto::json`, a reader and a writer per message.
//!
//! The code is one short call per field into `src/json/values.rs`; what differs from message to
//! message stands in tables: keys, the names of enums, and a perfect hash over both.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::Label;

use crate::schema::{Enum, Kind, Message, Schema, aliases, kind, unknown_member};
use crate::{Error, modules};

/// The reader marks the fields that it has seen in as many bits.
const MOST_FIELDS: usize = 128;

/// The code of each package, by its protobuf name.
pub fn generate(schema: &Schema, log: &mut Vec<String>) -> Result<BTreeMap<String, String>, Error> {
    let enums: BTreeMap<String, String> = schema
        .enums()
        .iter()
        .map(|item| {
            let path = modules::crate_path(item.package, &item.name);
            (item.full_name(), path)
        })
        .collect();
    let mut packages: BTreeMap<String, String> = BTreeMap::new();
    let mut code_of = |package: &str, code: &str| {
        let header = "use crate::json::generated as codec;\n";
        let of_package = packages.entry(package.to_owned());
        *of_package.or_insert_with(|| header.to_owned()) += code;
    };
    let used: BTreeSet<&str> = schema
        .messages()
        .iter()
        .flat_map(|m| &m.descriptor.field)
        .filter(|field| kind(field) == Some(Kind::Enum))
        .map(|field| field.type_name().trim_start_matches('.'))
        .collect();
    for item in schema.enums() {
        // Two of the schema's enums are the type of no field.
        if used.contains(&*item.full_name()) {
            code_of(item.package, &members(&item)?);
        }
    }
    for message in schema.messages() {
        code_of(message.package, &codec(&message, &enums)?);
    }
    log.push(format!(
        "codec: {} messages and {} enums in {} packages",
        schema.messages().len(),
        used.len(),
        packages.len()
    ));
    Ok(packages)
}

/// The implementation for a message.
fn codec(message: &Message<'_>, enums: &BTreeMap<String, String>) -> Result<String, Error> {
    let fields = &message.descriptor.field;
    if fields.len() > MOST_FIELDS {
        return Err(Error::Schema(format!(
            "{}: more than {MOST_FIELDS} fields",
            message.full_name()
        )));
    }
    let mut reads = String::new();
    let mut writes = String::new();
    for (index, field) in fields.iter().enumerate() {
        let call = Call::of(field, enums)?;
        let index = match index + 1 == fields.len() {
            true => "_".to_owned(),
            false => index.to_string(),
        };
        reads += &format!("{index} => reader.{},\n", call.read());
        writes += &format!("writer.{};\n", call.write(field.json_name()));
    }
    // A message without fields uses neither.
    let (field, reader, writer, read) = match fields.is_empty() {
        true => ("_", "_", "_", "Ok(())".to_owned()),
        false => (
            "field",
            "reader",
            "writer",
            format!("match field {{\n{reads}}}"),
        ),
    };
    let deprecated =
        |field: &FieldDescriptorProto| field.options.as_ref().is_some_and(|o| o.deprecated());
    let allowed = match fields.iter().any(deprecated) {
        true => "#[allow(deprecated)]\n",
        false => "",
    };
    Ok(format!(
        "{allowed}impl codec::Codec for {path} {{\n\
         fn keys(&self) -> &'static codec::Keys {{\n\
         static KEYS: codec::Keys = {keys};\n&KEYS\n}}\n\
         fn read_field(&mut self, {field}: usize, {reader}: &mut codec::Reader<'_>) -> codec::Result<()> {{\n{read}\n}}\n\
         fn write_fields(&self, {writer}: &mut codec::Writer) {{\n{writes}}}\n}}\n",
        path = modules::rust_path(&message.name),
        keys = keys(message)?,
    ))
}

/// The calls that read and write a field.
struct Call {
    function: String,
    field: String,
    label: Label,
    kind: Kind,
    /// The table of an enum, as one more argument.
    members: String,
}

impl Call {
    fn of(field: &FieldDescriptorProto, enums: &BTreeMap<String, String>) -> Result<Self, Error> {
        let no_rule = || Error::Schema(format!("{}: no JSON rule", field.name()));
        let kind = kind(field).ok_or_else(no_rule)?;
        let label = field.label();
        let function = match (kind, label) {
            (Kind::Message, Label::Required) => "message",
            (Kind::Message, Label::Optional) => "optional_message",
            (Kind::Message, Label::Repeated) => "message_list",
            (Kind::Enum, Label::Required) => "member_of",
            (Kind::Enum, Label::Optional) => "optional_member_of",
            (Kind::Enum, Label::Repeated) => "members_of",
            (_, Label::Required) => "value",
            (_, Label::Optional) => "optional",
            (_, Label::Repeated) => "values",
        };
        let members = match kind {
            Kind::Enum => {
                let name = field.type_name().trim_start_matches('.');
                let path = enums.get(name).ok_or_else(no_rule)?;
                format!(", {path}::MEMBERS")
            }
            _ => String::new(),
        };
        Ok(Self {
            function: function.to_owned(),
            field: rust_field(field.name()),
            label,
            kind,
            members,
        })
    }

    fn read(&self) -> String {
        let Self {
            function,
            field,
            members,
            ..
        } = self;
        format!("{function}(&mut self.{field}{members})")
    }

    fn write(&self, key: &str) -> String {
        let Self {
            function,
            field,
            members,
            ..
        } = self;
        // The number of an enum is copied.
        let by = match (self.kind, self.label) {
            (Kind::Enum, Label::Required | Label::Optional) => "",
            _ => "&",
        };
        let quote = match (self.kind, self.label) {
            (_, Label::Repeated) => "",
            (Kind::String | Kind::Bytes, _) => "\"",
            _ => "",
        };
        let literal = format!("\"{key}\":{quote}");
        format!("{function}({literal:?}, {by}self.{field}{members})")
    }
}

/// The name of a field's member in its struct, as prost-build makes it.
fn rust_field(name: &str) -> String {
    let name = name.to_snake_case();
    match syn::parse_str::<syn::Ident>(&name) {
        Ok(_) => name,
        Err(_) => format!("r#{name}"),
    }
}

/// The table of a message's keys: JSON names, then the schema's names where they differ (R8).
fn keys(message: &Message<'_>) -> Result<String, Error> {
    let fields = &message.descriptor.field;
    let mut all: Vec<&str> = fields.iter().map(|field| field.json_name()).collect();
    let mut aliases = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        if field.name() != field.json_name() {
            all.push(field.name());
            aliases.push(index);
        }
    }
    let names = names_table(&message.full_name(), &all)?;
    Ok(format!(
        "codec::Keys::new({:?}, {names}, {})",
        message.descriptor.name(),
        bytes(&aliases)
    ))
}

/// The table of an enum's names.
fn members(item: &Enum<'_>) -> Result<String, Error> {
    let descriptor = item.descriptor;
    let aliases: Vec<&str> = aliases(descriptor).iter().map(|(_, name)| *name).collect();
    let number = |name: &str| {
        let member = descriptor.value.iter().find(|value| value.name() == name);
        member.map_or(0, |value| value.number())
    };
    let first_names = descriptor.value.iter().map(|value| value.name());
    let mut all: Vec<&str> = first_names.filter(|name| !aliases.contains(name)).collect();
    all.extend(&aliases);
    let numbers: Vec<i32> = all.iter().map(|name| number(name)).collect();
    let unknown = match unknown_member(descriptor) {
        Some(name) => format!("Some({})", number(name)),
        None => "None".into(),
    };
    Ok(format!(
        "impl {path} {{\n\
         pub(crate) const MEMBERS: &'static codec::Members = &codec::Members::new({name:?}, {unknown}, {names}, &{numbers:?}, {count});\n}}\n",
        path = modules::rust_path(&item.name),
        name = descriptor.name(),
        names = names_table(&item.full_name(), &all)?,
        count = aliases.len(),
    ))
}

/// A perfect hash over names, as the expression that makes it.
fn names_table(place: &str, all: &[&str]) -> Result<String, Error> {
    let (displacements, slots) = perfect_hash(all)
        .ok_or_else(|| Error::Schema(format!("{place}: no perfect hash over its names")))?;
    Ok(format!(
        "codec::Names::new({}, {}, &{all:?})",
        bytes(&displacements),
        bytes(&slots)
    ))
}

/// The displacement of each bucket, and the index of the name in each slot.
///
/// Buckets are placed in turn, the largest first, each with the first displacement that leads all
/// of its names to free slots.
fn perfect_hash(all: &[&str]) -> Option<(Vec<usize>, Vec<usize>)> {
    const DISPLACEMENTS: usize = 256;
    let hashes: Vec<u64> = all
        .iter()
        .map(|name| diadoc_core::names::hash(name.as_bytes()))
        .collect();
    // Two names to a bucket are mostly placed; the more buckets, the easier.
    (all.len().div_ceil(2)..=4 * all.len()).find_map(|buckets| {
        let mut of_bucket = vec![Vec::new(); buckets];
        for (index, hash) in hashes.iter().enumerate() {
            of_bucket[diadoc_core::names::bucket(*hash, buckets)].push(index);
        }
        let mut order: Vec<usize> = (0..buckets).collect();
        order.sort_by_key(|bucket| std::cmp::Reverse(of_bucket[*bucket].len()));
        let mut displacements = vec![0; buckets];
        let mut slots = vec![None; all.len()];
        for bucket in order {
            displacements[bucket] = (0..DISPLACEMENTS).find(|displacement| {
                let mut placed = slots.clone();
                let fits = of_bucket[bucket].iter().all(|index| {
                    let slot =
                        diadoc_core::names::slot(hashes[*index], *displacement as u8, all.len());
                    placed[slot].replace(*index).is_none()
                });
                if fits {
                    slots = placed;
                }
                fits
            })?;
        }
        let slots: Option<Vec<usize>> = slots.into_iter().collect();
        Some((displacements, slots?))
    })
}

/// Numbers below 256 as a byte string, which stays on one line.
fn bytes(numbers: &[usize]) -> String {
    let escaped: String = numbers
        .iter()
        .map(|number| format!("\\x{number:02x}"))
        .collect();
    format!("b\"{escaped}\"")
}
