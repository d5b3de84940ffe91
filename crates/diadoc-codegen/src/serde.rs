//! Step 3: pbjson-build writes the serde impls, and counted steps adapt them to Diadoc's JSON.
//!
//! pbjson speaks proto3's JSON; Diadoc's server speaks another dialect. And pbjson writes a visitor
//! for each message, 5 MB of code that every dependent would compile. So the impls keep their heads,
//! and each body becomes a call of the one reader or writer in `src/serde/`, which follow the rules of
//! the dialect. What these ask of a message, its fields by index, stands beside the impls.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use prost_build::Module;
use quote::{ToTokens as _, quote};
use syn::{ImplItem, Item, parse_quote};

use crate::ident::{self, Path};
use crate::schema::{Kind, Message, Schema, kind};
use crate::{Error, codec, modules};

/// The code of each package, by its protobuf name.
pub fn generate(
    schema: &Schema,
    log: &mut Vec<String>,
) -> Result<BTreeMap<String, TokenStream>, Error> {
    let mut builder = pbjson_build::Builder::new();
    for file in &schema.files.file {
        builder.register_file_descriptor(file.clone());
    }
    let generated = builder
        .retain_enum_prefix()
        .ignore_unknown_fields()
        .generate(&["."], |_| Ok(Vec::new()))
        .map_err(|source| Error::Generator {
            generator: "pbjson-build",
            source,
        })?;
    let generated: BTreeMap<String, String> = generated
        .into_iter()
        .map(|(name, code)| {
            (
                name.to_string(),
                String::from_utf8_lossy(&code).into_owned(),
            )
        })
        .collect();
    // pbjson names packages in snake case; the schema's own names tell them apart as well.
    let mut packages = BTreeMap::new();
    for package in schema.packages().into_keys() {
        let module = Module::from_protobuf_package_name(package);
        let snake = module.parts().collect::<Vec<_>>().join(".");
        if let Some(code) = generated.get(&snake) {
            packages.insert(package.to_owned(), code.clone());
        }
    }
    log.push(format!(
        "serde: serde impls in {} packages from pbjson-build",
        packages.len()
    ));

    let enums = ident::enum_paths(schema);
    let mut bodies = Bodies::new(schema);
    let mut adapted = BTreeMap::new();
    for (package, code) in packages {
        let mut file = modules::parse(&package, &code)?;
        for item in &mut file.items {
            bodies.replace(&package, item);
        }
        let mut code = file.into_token_stream();
        for message in schema.messages() {
            if message.package == package {
                code.extend(slots(&message, &enums)?);
            }
        }
        adapted.insert(package, code);
    }
    bodies.count(schema, log)?;
    Ok(adapted)
}

/// What stands in the place of pbjson's code.
struct Bodies {
    /// The messages and enums by package and path, as pbjson writes it.
    types: BTreeMap<(String, String), Type>,
    /// How many of each have been replaced.
    found: BTreeMap<(Type, Way), usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Type {
    Message,
    Enum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Write,
    Read,
}

impl Bodies {
    fn new(schema: &Schema) -> Self {
        let key = |package: &str, name: &str| {
            let path = Path::local(name).into_token_stream().to_string();
            (package.to_owned(), path)
        };
        let messages = schema.messages().into_iter();
        let messages = messages.map(|item| (key(item.package, &item.name), Type::Message));
        let enums = schema.enums().into_iter();
        let enums = enums.map(|item| (key(item.package, &item.name), Type::Enum));
        Self {
            types: messages.chain(enums).collect(),
            found: BTreeMap::new(),
        }
    }

    /// Replaces the body of the one function of an impl of serde's traits.
    fn replace(&mut self, package: &str, item: &mut Item) {
        let Item::Impl(item) = item else {
            return;
        };
        let path = item.self_ty.to_token_stream().to_string();
        let of_type = self.types.get(&(package.to_owned(), path)).copied();
        let name = item
            .trait_
            .as_ref()
            .and_then(|(_, path, _)| path.segments.last());
        let way = match name.map(|segment| segment.ident.to_string()).as_deref() {
            Some("Serialize") => Way::Write,
            Some("Deserialize") => Way::Read,
            _ => return,
        };
        let (Some(of_type), [ImplItem::Fn(function)]) = (of_type, &mut *item.items) else {
            return;
        };
        function.block = match (of_type, way) {
            (Type::Message, Way::Write) => parse_quote!({ crate::serde::write(self, serializer) }),
            (Type::Message, Way::Read) => parse_quote!({ crate::serde::read(deserializer) }),
            (Type::Enum, Way::Write) => {
                parse_quote!({ crate::serde::write_enum(*self as i32, Self::MEMBERS, serializer) })
            }
            (Type::Enum, Way::Read) => {
                parse_quote!({ crate::serde::read_enum(deserializer, Self::MEMBERS) })
            }
        };
        *self.found.entry((of_type, way)).or_default() += 1;
    }

    /// Holds what was replaced against the schema.
    fn count(&self, schema: &Schema, log: &mut Vec<String>) -> Result<(), Error> {
        let (messages, enums) = (schema.messages().len(), schema.enums().len());
        for (of_type, way, step, why, expected) in [
            (
                Type::Message,
                Way::Write,
                "write-messages",
                "W1 to W5: pbjson writes 64-bit integers as strings and refuses unknown numbers of enums",
                messages,
            ),
            (
                Type::Message,
                Way::Read,
                "read-messages",
                "R1 to R10: pbjson refuses null, missing required fields and unknown names of enums",
                messages,
            ),
            (
                Type::Enum,
                Way::Write,
                "write-enums",
                "W3: an enum is written by its first name",
                enums,
            ),
            (
                Type::Enum,
                Way::Read,
                "read-enums",
                "R4: all names of a member are read, and an unknown name becomes the member for unknown names",
                enums,
            ),
        ] {
            let found = self.found.get(&(of_type, way)).copied().unwrap_or(0);
            if found != expected {
                return Err(Error::Step {
                    step,
                    why,
                    expected,
                    found,
                });
            }
            log.push(format!("serde: step `{step}`, {found} places"));
        }
        Ok(())
    }
}

/// Where the fields of a message are.
fn slots(message: &Message<'_>, enums: &BTreeMap<String, Path>) -> Result<TokenStream, Error> {
    let fields = &message.descriptor.field;
    let (mut slots, mut values) = (Vec::new(), Vec::new());
    for (index, field) in fields.iter().enumerate() {
        let name = ident::snake(field.name());
        let index = codec::arm(index, fields.len());
        let members = match kind(field) {
            Some(Kind::Enum) => {
                let path = enums.get(field.type_name().trim_start_matches('.'));
                let no_enum = || Error::Schema(format!("{}: no such enum", field.type_name()));
                Some(path.ok_or_else(no_enum)?)
            }
            _ => None,
        };
        let (slot, value) = match members {
            Some(path) => (
                quote!(member(&mut self.#name, #path::MEMBERS)),
                quote!(members(&self.#name, #path::MEMBERS)),
            ),
            None => (quote!(slot(&mut self.#name)), quote!(value(&self.#name))),
        };
        slots.push(quote!(#index => crate::serde::#slot));
        values.push(quote!(#index => crate::serde::#value));
    }
    // Nobody asks for a field of a message without any.
    let (field, slots, values) = match fields.is_empty() {
        true => (
            quote!(_),
            quote!(crate::serde::Slot::Nothing),
            quote!(crate::serde::Value::Absent),
        ),
        false => (
            quote!(field),
            quote!(match field { #(#slots,)* }),
            quote!(match field { #(#values,)* }),
        ),
    };
    let path = Path::local(&message.name);
    let module = Module::from_protobuf_package_name(message.package);
    let parts: Vec<&str> = module.parts().collect();
    let name = format!("{}.{}", parts.join("."), message.name);
    Ok(quote! {
        #[allow(deprecated)]
        impl crate::serde::Slots for #path {
            fn name(&self) -> &'static str {
                #name
            }
            fn slot(&mut self, #field: usize) -> crate::serde::Slot<'_> {
                #slots
            }
            fn value(&self, #field: usize) -> crate::serde::Value<'_> {
                #values
            }
        }
    })
}
