//! Step 4: the direct codec of `diadoc_proto::json`, a reader and a writer per message.
//!
//! The code is one short call per field into `src/json/values.rs`; what differs from message to
//! message stands in tables: keys, the names of enums, and a perfect hash over both.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::Label;
use quote::{ToTokens as _, format_ident, quote};

use crate::Error;
use crate::ident::{self, Path};
use crate::schema::{Enum, Kind, Message, Schema, aliases, kind};

/// The reader marks the fields that it has seen in as many bits.
const MOST_FIELDS: usize = 128;

/// The code of each package, by its protobuf name.
pub fn generate(
    schema: &Schema,
    log: &mut Vec<String>,
) -> Result<BTreeMap<String, TokenStream>, Error> {
    let enums = ident::enum_paths(schema);
    let mut packages: BTreeMap<String, TokenStream> = BTreeMap::new();
    let mut code_of = |package: &str, code| {
        let header = || {
            quote!(
                use crate::json::generated as codec;
            )
        };
        let of_package = packages.entry(package.to_owned());
        of_package.or_insert_with(header).extend([code]);
    };
    let used: BTreeSet<&str> = schema
        .messages()
        .iter()
        .flat_map(|m| &m.descriptor.field)
        .filter(|field| kind(field) == Some(Kind::Enum))
        .map(|field| field.type_name().trim_start_matches('.'))
        .collect();
    for item in schema.enums() {
        let members = members(schema, &item)?;
        // Two of the schema's enums are the type of no field, and serde alone reads them.
        let feature = match used.contains(&*item.full_name()) {
            true => None,
            false => Some(quote!(#[cfg(feature = "serde")])),
        };
        code_of(item.package, quote!(#feature #members));
    }
    for message in schema.messages() {
        code_of(message.package, codec(&message, &enums)?);
    }
    log.push(format!(
        "codec: {} messages and {} enums in {} packages",
        schema.messages().len(),
        schema.enums().len(),
        packages.len()
    ));
    Ok(packages)
}

/// The implementation for a message.
fn codec(message: &Message<'_>, enums: &BTreeMap<String, Path>) -> Result<TokenStream, Error> {
    let fields = &message.descriptor.field;
    if fields.len() > MOST_FIELDS {
        return Err(Error::Schema(format!(
            "{}: more than {MOST_FIELDS} fields",
            message.full_name()
        )));
    }
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    for (index, field) in fields.iter().enumerate() {
        let (read, write) = calls(field, enums)?;
        let index = arm(index, fields.len());
        reads.push(quote!(#index => reader.#read));
        writes.push(write);
    }
    // A message without fields uses neither.
    let (field, reader, writer, read) = match fields.is_empty() {
        true => ("_", "_", "_", quote!(Ok(()))),
        false => (
            "field",
            "reader",
            "writer",
            quote!(match field { #(#reads,)* }),
        ),
    };
    let [field, reader, writer] = [field, reader, writer].map(|name| format_ident!("{name}"));
    let (path, keys) = (Path::local(&message.name), keys(message)?);
    Ok(quote! {
        impl codec::Codec for #path {
            fn keys(&self) -> &'static codec::Keys {
                static KEYS: codec::Keys = #keys;
                &KEYS
            }
            fn read_field(&mut self, #field: usize, #reader: &mut codec::Reader<'_>) -> codec::Result<()> {
                #read
            }
            fn write_fields(&self, #writer: &mut codec::Writer) {
                #(writer.#writes;)*
            }
        }
    })
}

/// The calls that read and write a field.
fn calls(
    field: &FieldDescriptorProto,
    enums: &BTreeMap<String, Path>,
) -> Result<(TokenStream, TokenStream), Error> {
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
    // The table of an enum is one more argument.
    let members = match kind {
        Kind::Enum => {
            let name = field.type_name().trim_start_matches('.');
            let path = enums.get(name).ok_or_else(no_rule)?;
            Some(quote!(, #path::MEMBERS))
        }
        _ => None,
    };
    // The number of an enum is copied.
    let by = match (kind, label) {
        (Kind::Enum, Label::Required | Label::Optional) => None,
        _ => Some(quote!(&)),
    };
    let quote = match (kind, label) {
        (_, Label::Repeated) => "",
        (Kind::String | Kind::Bytes, _) => "\"",
        _ => "",
    };
    let key = format!("\"{}\":{quote}", field.json_name());
    let (function, name) = (format_ident!("{function}"), ident::snake(field.name()));
    Ok((
        quote!(#function(&mut self.#name #members)),
        quote!(#function(#key, #by self.#name #members)),
    ))
}

/// The table of a message's keys: JSON names, then the schema's names where they differ (R8).
fn keys(message: &Message<'_>) -> Result<TokenStream, Error> {
    let fields = &message.descriptor.field;
    let mut all: Vec<&str> = fields.iter().map(|field| field.json_name()).collect();
    let mut aliases = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        if field.name() != field.json_name() {
            all.push(field.name());
            aliases.push(index);
        }
    }
    let (name, aliases) = (message.descriptor.name(), bytes(&aliases));
    let names = names_table(&message.full_name(), &all)?;
    Ok(quote!(codec::Keys::new(#name, #names, #aliases)))
}

/// The table of an enum's names.
fn members(schema: &Schema, item: &Enum<'_>) -> Result<TokenStream, Error> {
    let descriptor = item.descriptor;
    let aliases: Vec<&str> = aliases(descriptor).iter().map(|(_, name)| *name).collect();
    let number_of = |name: &str| {
        let member = descriptor.value.iter().find(|value| value.name() == name);
        Literal::i32_unsuffixed(member.map_or(0, |value| value.number()))
    };
    let first_names = descriptor.value.iter().map(|value| value.name());
    let mut all: Vec<&str> = first_names.filter(|name| !aliases.contains(name)).collect();
    all.extend(&aliases);
    let unknown = match schema.unknown_member(item).as_deref().map(number_of) {
        Some(number) => quote!(Some(#number)),
        None => quote!(None),
    };
    let numbers = all.iter().map(|name| number_of(name));
    let (path, name) = (Path::local(&item.name), descriptor.name());
    let (names, count) = (names_table(&item.full_name(), &all)?, number(aliases.len()));
    Ok(quote! {
        impl #path {
            pub(crate) const MEMBERS: &'static codec::Members =
                &codec::Members::new(#name, #unknown, #names, &[#(#numbers),*], #count);
        }
    })
}

/// A perfect hash over names, as the expression that makes it.
fn names_table(place: &str, all: &[&str]) -> Result<TokenStream, Error> {
    let (displacements, slots) = perfect_hash(all)
        .ok_or_else(|| Error::Schema(format!("{place}: no perfect hash over its names")))?;
    let (displacements, slots) = (bytes(&displacements), bytes(&slots));
    Ok(quote!(codec::Names::new(#displacements, #slots, &[#(#all),*])))
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
fn bytes(numbers: &[usize]) -> Literal {
    let escaped = numbers.iter().map(|number| format!("\\x{number:02x}"));
    let literal = format!("b\"{}\"", escaped.collect::<String>());
    literal.parse().expect("a byte string")
}

/// The pattern for an index below the count in a `match`, of which the last arm takes the rest.
pub(crate) fn arm(index: usize, count: usize) -> TokenStream {
    match index + 1 == count {
        true => quote!(_),
        false => number(index),
    }
}

fn number(number: usize) -> TokenStream {
    Literal::usize_unsuffixed(number).into_token_stream()
}
