//! Step 8: the requests of diadoc-api.
//!
//! A plain pass over the services: a module per service with a type per rpc, and a table of all
//! methods as data. What an rpc says is read by diadoc-schema.

mod bodies;
mod docs;
mod flags;
mod paging;
mod requests;
mod table;

use std::collections::BTreeMap;

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use crate::{Error, Schema, modules};

const MADE_BY: &str = "a type per method";

/// The files below `crates/diadoc-api/src/generated/`; none where the schema has no methods.
/// `described` is the set with comments and options.
pub fn generate(
    schema: &Schema,
    described: &[u8],
    log: &mut Vec<String>,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let described = diadoc_schema::Schema::from_descriptor_set(described)
        .map_err(|error| Error::Schema(error.to_string()))?;
    let mut files = BTreeMap::new();
    if described.methods().is_empty() {
        return Ok(files);
    }
    let mut docs = docs::Docs::new(schema, &described);
    let mut module_lines = String::new();
    for service in described.pool().services() {
        let module = service.name().to_snake_case();
        let file = service.parent_file();
        module_lines += &docs.comment(&file, service.path());
        module_lines += &format!("pub mod {module};\n");

        let mut code = String::from(requests::USES);
        let enums: Vec<_> = described
            .pool()
            .all_enums()
            .filter(|item| item.parent_file() == file)
            .collect();
        for item in &enums {
            code += &requests::enumeration(&mut docs, item);
        }
        let methods = described.methods().iter();
        for method in methods.filter(|method| method.service() == &service) {
            code += &requests::request(&described, &mut docs, method)?;
        }
        let code = modules::format(service.full_name(), &code, MADE_BY)?;
        files.insert(format!("{module}.rs"), code);
    }
    let root = format!(
        "{module_lines}mod bodies;\nmod flags;\nmod methods;\n\
         pub use flags::*;\npub use methods::METHODS;\n"
    );
    files.insert(
        "mod.rs".into(),
        modules::format("Diadoc.Api.Methods", &root, MADE_BY)?,
    );
    files.insert("methods.rs".into(), table::generate(&described)?);
    files.insert("bodies.rs".into(), bodies::generate(&described)?);
    files.insert("flags.rs".into(), flags::generate(&mut docs, &described)?);
    log.push(format!(
        "api: {} methods in {} modules, {} names linked",
        described.methods().len(),
        described.pool().services().len(),
        docs.links
    ));
    Ok(files)
}

/// A field's name in Rust, raw where it is a keyword.
pub(crate) fn field_name(field: &FieldDescriptor) -> String {
    let name = field.name().to_snake_case();
    match syn::parse_str::<syn::Ident>(&name) {
        Ok(_) => name,
        Err(_) => format!("r#{name}"),
    }
}

/// The path of a message's type in diadoc-proto.
fn message_path(message: &MessageDescriptor) -> String {
    proto_path(message.package_name(), message.full_name())
}

/// The path of an enum: in diadoc-proto, or in the module itself where methods alone use it.
fn enum_path(item: &EnumDescriptor) -> String {
    match item.package_name() == crate::schema::METHODS_PACKAGE {
        true => item.name().to_upper_camel_case(),
        false => proto_path(item.package_name(), item.full_name()),
    }
}

fn proto_path(package: &str, full_name: &str) -> String {
    let name = full_name.strip_prefix(package).unwrap_or(full_name);
    let path = modules::crate_path(package, name.trim_start_matches('.'));
    path.replacen("crate::", "diadoc_proto::", 1)
}

/// The name of a method's static in the table.
fn static_name(method: &diadoc_schema::Method) -> String {
    method.name().to_shouty_snake_case()
}

/// An error about something that a method names.
fn fault(method: &diadoc_schema::Method, what: impl std::fmt::Display) -> Error {
    Error::Schema(format!("{}: {what}", method.full_name()))
}

/// The type of a scalar or enum parameter, or of a body, as plain Rust.
fn rust_type(method: &diadoc_schema::Method, field: &FieldDescriptor) -> Result<String, Error> {
    Ok(match field.kind() {
        Kind::String => "String".into(),
        Kind::Int32 => "i32".into(),
        Kind::Int64 => "i64".into(),
        Kind::Bool => "bool".into(),
        Kind::Bytes => "bytes::Bytes".into(),
        Kind::Enum(item) => enum_path(&item),
        Kind::Message(message) => message_path(&message),
        other => {
            return Err(fault(
                method,
                format!("{}: no type for {other:?}", field.name()),
            ));
        }
    })
}
